//! Seals: how a link that comes back is known to be one of ours, so that no list of links has to be kept. Pure.

use hmac::{Hmac, KeyInit as _, Mac};
use sha2::Sha256;

/// Bytes of a seal: 128 bits are beyond guessing, and keep the link short.
const SEAL: usize = 16;

/// The seal of what a link says, in hexadecimal digits. The word for what the link is for stands before it, so that no seal of
/// one kind of link opens another.
pub fn seal(secret: &[u8], purpose: &str, said: &str) -> String {
    let seal = mac(secret, purpose, said).map(|mac| mac.finalize().into_bytes());
    seal.map_or_else(String::new, |seal| to_digits(&seal[..SEAL]))
}

/// Whether that is the seal of what the link says; compared in constant time.
pub fn is_sealed(secret: &[u8], purpose: &str, said: &str, seal: &str) -> bool {
    // A shorter seal would be easier to guess.
    let whole = from_digits(seal).filter(|seal| seal.len() == SEAL);
    let mac = mac(secret, purpose, said);
    mac.zip(whole).is_some_and(|(mac, seal)| mac.verify_truncated_left(&seal).is_ok())
}

fn mac(secret: &[u8], purpose: &str, said: &str) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
    mac.update(purpose.as_bytes());
    mac.update(b"\n");
    mac.update(said.as_bytes());
    Some(mac)
}

/// Bytes as hexadecimal digits.
pub(crate) fn to_digits(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The inverse of [`to_digits`], which takes capital letters, too.
pub(crate) fn from_digits(digits: &str) -> Option<Vec<u8>> {
    let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let is_hexadecimal = digits.len().is_multiple_of(2) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hexadecimal { digits.as_bytes().chunks(2).map(pair).collect() } else { None }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_seal_holds_for_its_purpose_only() {
        let own = seal(b"secret", "survey", "7");
        assert!(is_sealed(b"secret", "survey", "7", &own));
        assert!(!is_sealed(b"secret", "unsubscribe", "7", &own) && !is_sealed(b"another", "survey", "7", &own));
    }

    proptest! {
        #[test]
        fn whatever_is_sealed_is_known_again_and_nothing_else(secret: Vec<u8>, said: String, other: String) {
            let own = seal(&secret, "survey", &said);
            prop_assert!(is_sealed(&secret, "survey", &said, &own));
            prop_assert_eq!(is_sealed(&secret, "survey", &other, &own), other == said);
        }

        #[test]
        fn a_part_of_a_seal_is_none(keep in 0_usize..32) {
            let own = seal(b"secret", "survey", "7");
            prop_assert!(!is_sealed(b"secret", "survey", "7", &own[..keep]));
        }
    }
}
