//! Telling texts that say the same apart from texts that say something else.

use super::fold::fold;

/// Two hashes of a text: equal for the same words, close for nearly the same words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    /// Equal if and (but for chance) only if the folded words are equal.
    pub exact: u64,
    /// A SimHash (Charikar 2002) over word shingles: few bits differ where few words differ.
    pub near: u64,
}

/// Fewer words than this are anybody's: two people who both write "Super App!" are two voices.
pub const WORDS_AT_LEAST: usize = 10;

/// The most bits in which the `near` hashes of two texts differ that count as one.
pub const NEAR_BITS: u32 = 7;

/// How many keys [`bands`] makes of a hash: one more than bits may differ.
pub const BANDS: usize = NEAR_BITS as usize + 1;

/// The fingerprint, or `None` where a text is too short to be told from another person's same words.
pub fn fingerprint(text: &str) -> Option<Fingerprint> {
    let folded = fold(text);
    let words: Vec<u64> = folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(hash).collect();
    (words.len() >= WORDS_AT_LEAST)
        .then(|| Fingerprint { exact: words.iter().copied().fold(0, join), near: simhash(&words) })
}

/// Whether two texts count as one.
pub fn near(a: Fingerprint, b: Fingerprint) -> bool {
    a.exact == b.exact || (a.near ^ b.near).count_ones() <= NEAR_BITS
}

/// Keys for an indexed search: two hashes that differ in at most [`NEAR_BITS`] bits have at least one key in common.
pub fn bands(near: u64) -> [u16; BANDS] {
    let bytes = near.to_be_bytes();
    std::array::from_fn(|band| u16::from_be_bytes([band as u8, bytes[band]]))
}

fn simhash(words: &[u64]) -> u64 {
    let mut sums = [0_i32; 64];
    for pair in words.windows(2) {
        let hash = join(pair[0], pair[1]);
        for (bit, sum) in sums.iter_mut().enumerate() {
            *sum += if hash >> bit & 1 == 1 { 1 } else { -1 };
        }
    }
    sums.iter().enumerate().fold(0, |hash, (bit, sum)| hash | u64::from(*sum > 0) << bit)
}

fn hash(word: &str) -> u64 {
    let fnv = word
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    mix(fnv)
}

fn join(left: u64, right: u64) -> u64 {
    mix(left.rotate_left(23) ^ right)
}

fn mix(mut hash: u64) -> u64 {
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ hash >> 33
}
