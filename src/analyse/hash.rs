//! The hashes by which words and pairs of words are known to the tables: FNV-1a, mixed at the end, alike on every machine.

/// Of a word, a part of one, or a pair.
pub(super) type Hash = u64;

/// Where FNV-1a begins.
pub(super) const START: Hash = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

/// Takes one more byte in; [`finished`] spreads the result over all bits.
pub(super) const fn push(hash: Hash, byte: u8) -> Hash {
    (hash ^ byte as u64).wrapping_mul(PRIME)
}

/// The end of a row of [`push`]: every bit depends on every byte (the finaliser of MurmurHash3).
pub(super) const fn finished(hash: Hash) -> Hash {
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

/// Of some bytes.
pub(super) const fn of(bytes: &[u8]) -> Hash {
    let (mut hash, mut at) = (START, 0);
    while at < bytes.len() {
        hash = push(hash, bytes[at]);
        at += 1;
    }
    finished(hash)
}

/// Of two in their order.
pub(super) const fn pair(one: Hash, other: Hash) -> Hash {
    finished(one.rotate_left(21) ^ other.wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_a_pair_matters() {
        assert_ne!(pair(of(b"nicht"), of(b"gut")), pair(of(b"gut"), of(b"nicht")));
    }

    /// The trained tables are useless under any other hash.
    #[test]
    fn hashes_stay_what_they_are() {
        assert_eq!(of(b"Stimmung"), 4_016_314_653_604_014_294);
        assert_eq!(pair(1, 2), 10_293_181_150_921_142_365);
    }
}
