//! How readers of a list leave it: by one click (RFC 8058) or by mail (RFC 2369). Pure.
//!
//! The link holds the address and a seal of it, so that nobody unsubscribes others, and no list of links has to be
//! kept.

use super::Address;
use crate::seal::{from_digits, is_sealed, seal, to_digits};

/// A list that a letter is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailingList {
    /// Lower-case letters and hyphens.
    pub name: String,
    /// The page where one click is enough; an address of the web. `None` where the world does not reach the service.
    pub unsubscribe: Option<String>,
}

/// What these links are for, as their seals have it.
const PURPOSE: &str = "unsubscribe";

/// What the link ends with: address and seal in hexadecimal digits, a hyphen between them.
pub fn token(secret: &[u8], mailbox: &str) -> String {
    format!("{}-{}", to_digits(mailbox.as_bytes()), seal(secret, PURPOSE, mailbox))
}

/// The address in a link, if the seal is ours.
pub fn mailbox(secret: &[u8], token: &str) -> Option<String> {
    let (mailbox, seal) = token.split_once('-')?;
    let mailbox = String::from_utf8(from_digits(mailbox)?).ok()?;
    is_sealed(secret, PURPOSE, &mailbox, seal).then_some(mailbox)
}

/// A `mailto:` that says who wants to leave.
pub fn by_mail(from: &Address, mailbox: &str) -> String {
    let subject = format!("unsubscribe {mailbox}");
    format!("mailto:{}?subject={}", percent(from.mailbox().email.as_ref()), percent(&subject))
}

/// Everything but what RFC 6068 lets stand as it is.
fn percent(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~@".contains(&byte);
    let write = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(write).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_link_is_short_and_names_its_reader_to_us_only() {
        let token = token(b"secret", "e@example.org");
        assert!(token.starts_with("65406578616d706c652e6f7267-"), "{token}");
        assert_eq!(token.len(), 26 + 1 + 32);
        assert_eq!(mailbox(b"secret", &token).as_deref(), Some("e@example.org"));
    }

    #[test]
    fn a_seal_of_another_secret_or_another_address_or_a_part_of_it_is_none() {
        let own = token(b"secret", "erika@example.org");
        assert_eq!(mailbox(b"another", &own), None);
        let (_, seal) = own.split_once('-').unwrap();
        let others = token(b"secret", "otto@example.org");
        let (other, _) = others.split_once('-').unwrap();
        assert_eq!(mailbox(b"secret", &format!("{other}-{seal}")), None);
        for broken in [&own[..own.len() - 2], "", "-", "é-é", "zz-00", &format!("{own}00")] {
            assert_eq!(mailbox(b"secret", broken), None, "{broken}");
        }
    }

    #[test]
    fn a_mail_says_who_leaves() {
        let from = crate::notify::address("Stimmung <stimmung+a&b@example.org>").unwrap();
        let link = by_mail(&from, "erika@example.org");
        assert_eq!(link, "mailto:stimmung%2Ba%26b@example.org?subject=unsubscribe%20erika@example.org");
    }

    proptest! {
        #[test]
        fn whatever_is_sealed_is_read_back(secret: Vec<u8>, address: String) {
            prop_assert_eq!(mailbox(&secret, &token(&secret, &address)), Some(address));
        }

        #[test]
        fn whatever_is_not_sealed_is_not_read(text: String) {
            prop_assert_eq!(mailbox(b"secret", &text), None);
        }
    }
}
