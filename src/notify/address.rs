//! Mail addresses: read once into a type that cannot be wrong, and masked wherever people read about them. Pure.

use std::fmt;

use lettre::message::Mailbox;
use url::Host;

/// Marks every place where something was left out of an address.
const MASK: &str = "…";

/// A mailbox: `erika@example.org`, with or without the name of its owner.
///
/// Its domain is ASCII (`müller.example` is kept as `xn--mller-kva.example`), because few servers take anything else.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(Mailbox);

/// Why a text is no address. Does not repeat the text: it may be personal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// A line break or another control character: an attempt to add headers, or an accident.
    #[error("contains a control character")]
    Control,
    /// More than one address, or a name that needs quotes.
    #[error(
        "must be one address: write each in an entry of its own, and put quotes around a name with `,`, `;`, `@`, `<` or `>`"
    )]
    Several,
    /// Not `somebody@somewhere`.
    #[error("is no mail address like `name@example.org` or `Name <name@example.org>`")]
    Malformed,
    /// `"a b"@example.org`, `ü@example.org`: legal, but refused by most servers.
    #[error("has quotes or letters other than a–z before the `@`, which most mail servers refuse")]
    Unusual,
}

/// Reads `erika@example.org`, `Erika Mustermann <erika@example.org>` or `"Mustermann, Erika" <erika@example.org>`.
///
/// ```
/// use stimmung::notify::address;
/// assert_eq!(address("Erika <erika@müller.example>").unwrap().to_string(), "Erika <erika@xn--mller-kva.example>");
/// assert!(address("erika@example.org, otto@example.org").is_err());
/// ```
pub fn address(text: &str) -> Result<Address, AddressError> {
    let text = text.trim();
    if text.chars().any(char::is_control) {
        return Err(AddressError::Control);
    }
    let (name, address) = match text.strip_suffix('>') {
        Some(rest) => rest.rsplit_once('<').ok_or(AddressError::Malformed)?,
        None => ("", text),
    };
    let name = unquoted(name.trim())?;
    let (local, domain) = address.rsplit_once('@').ok_or(AddressError::Malformed)?;
    if address.contains([',', ';', '<', '>']) || local.contains(['@', ' ']) && !local.starts_with('"') {
        return Err(AddressError::Several);
    }
    if !local.is_ascii() || local.contains('"') {
        return Err(AddressError::Unusual);
    }
    let address = lettre::Address::new(local, ascii_domain(domain)?).map_err(|_| AddressError::Malformed)?;
    Ok(Address(Mailbox::new((!name.is_empty()).then_some(name), address)))
}

/// The name without the quotes and backslashes that RFC 5322 wraps around special characters.
fn unquoted(name: &str) -> Result<String, AddressError> {
    let inner = name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let Some(inner) = inner else {
        let special = name.contains(['"', ',', ';', '@', '<', '>']);
        return if special { Err(AddressError::Several) } else { Ok(name.to_owned()) };
    };
    let mut plain = String::with_capacity(inner.len());
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => return Err(AddressError::Several),
            '\\' => plain.extend(characters.next()),
            _ => plain.push(character),
        }
    }
    Ok(plain)
}

fn ascii_domain(domain: &str) -> Result<String, AddressError> {
    if domain.is_ascii() {
        return Ok(domain.to_owned());
    }
    match Host::parse(domain) {
        Ok(Host::Domain(ascii)) => Ok(ascii),
        _ => Err(AddressError::Malformed),
    }
}

impl Address {
    /// The part after the `@`.
    pub fn domain(&self) -> &str {
        self.0.email.domain()
    }

    /// As lettre wants it.
    pub(super) fn mailbox(&self) -> &Mailbox {
        &self.0
    }
}

/// The form that [`address`] reads back.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Addresses never reach a log in full, not even through `{:?}`.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&masked(self.0.email.as_ref()))
    }
}

/// An address as it may appear in a log: first letter and domain. Takes anything.
///
/// ```
/// use stimmung::notify::masked;
/// assert_eq!(masked("Erika Mustermann <erika@example.org>"), "e…@example.org");
/// assert_eq!(masked("no address"), "…");
/// ```
pub fn masked(address: &str) -> String {
    let address = address.trim().trim_end_matches('>');
    let address = address.rsplit_once('<').map_or(address, |(_name, address)| address);
    match address.rsplit_once('@') {
        Some((local, domain)) => {
            let visible = |c: &char| !c.is_control();
            let first: String = local.chars().filter(visible).take(1).collect();
            format!("{first}{MASK}@{}", domain.chars().filter(visible).collect::<String>())
        }
        None => MASK.to_owned(),
    }
}

/// A server's reply as it may appear in a log: one line of at most 300 characters in which every address, and the name
/// of the recipient's mailbox, are masked.
pub(super) fn masked_reply(reply: &str, to: &Address) -> String {
    const BETWEEN_WORDS: &[char] = &[' ', '<', '>', '(', ')', '[', ']', '"', '\'', ',', ';', ':'];
    let recipient = to.0.email.user();
    let mask = |word: &str| match word {
        _ if word.contains('@') => masked(word),
        _ if word.eq_ignore_ascii_case(recipient) => MASK.to_owned(),
        _ => word.to_owned(),
    };
    let line: String = reply.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let words = line.trim().split_inclusive(BETWEEN_WORDS).map(|piece| {
        let word = piece.trim_end_matches(BETWEEN_WORDS);
        mask(word) + &piece[word.len()..]
    });
    words.collect::<String>().chars().take(300).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_and_named_addresses_are_read() {
        let read = |text: &str| address(text).unwrap().to_string();
        assert_eq!(read(" erika@example.org "), "erika@example.org");
        assert_eq!(read("<erika@example.org>"), "erika@example.org");
        assert_eq!(read("Erika Mustermann <erika@example.org>"), "Erika Mustermann <erika@example.org>");
        assert_eq!(read("\"Mustermann, \\\"E\\\"\" <e+a@b.example>"), "\"Mustermann, \\\"E\\\"\" <e+a@b.example>");
        assert_eq!(read("Jürgen Groß <info@groß.example>"), "Jürgen Groß <info@xn--gro-7ka.example>");
        assert_eq!(read("stimmung@localhost"), "stimmung@localhost");
    }

    #[test]
    fn what_is_no_single_address_is_refused_with_the_reason() {
        use AddressError::{Control, Malformed, Several, Unusual};
        for (text, error) in [
            ("", Malformed),
            ("marketing", Malformed),
            ("@example.org", Malformed),
            ("a@", Malformed),
            ("a@b..example", Malformed),
            ("a@b@example.org", Several),
            ("a@example.org, b@example.org", Several),
            ("a@example.org b@example.org", Several),
            ("a@example.org, B <b@example.org>", Several),
            ("A <a@example.org> B <b@example.org>", Several),
            ("a@example.org>", Malformed),
            ("a@example.org\r\nBcc: b@example.org", Control),
            ("A\nBcc: b@example.org <a@example.org>", Control),
            ("müller@example.org", Unusual),
            ("\"a b\"@example.org", Unusual),
        ] {
            assert_eq!(address(text), Err(error), "{text:?}");
        }
    }

    #[test]
    fn an_address_is_not_printed_in_full() {
        assert_eq!(format!("{:?}", address("Erika <erika@example.org>").unwrap()), "e…@example.org");
    }

    #[test]
    fn a_reply_names_no_recipient() {
        let to = address("erika.mustermann@example.org").unwrap();
        for (reply, shown) in [
            ("5.1.1 <Erika.Mustermann@example.org>: no such user", "5.1.1 <E…@example.org>: no such user"),
            ("mailbox erika.mustermann unknown", "mailbox … unknown"),
            ("to=erika.mustermann@example.org\r\nsee \"x@y\"", "t…@example.org  see \"x…@y\""),
            ("", ""),
        ] {
            assert_eq!(masked_reply(reply, &to), shown);
        }
        assert_eq!(masked_reply(&"ä".repeat(400), &to).chars().count(), 300);
    }

    proptest! {
        #[test]
        fn reading_never_panics_and_what_was_read_is_read_again(text in "\\PC{0,40}") {
            if let Ok(read) = address(&text) {
                prop_assert_eq!(address(&read.to_string()), Ok(read));
            }
        }

        #[test]
        fn named_addresses_survive_being_written(name in "[ -~äöüß€]{0,20}", local in "[a-z]{1,8}") {
            let name = name.trim();
            let escaped = name.replace('\\', "\\\\").replace('"', "\\\"");
            let read = address(&format!("\"{escaped}\" <{local}@example.org>")).unwrap();
            prop_assert_eq!(read.0.name.as_deref().unwrap_or(""), name);
            prop_assert_eq!(address(&read.to_string()), Ok(read));
        }

        #[test]
        fn masks_show_one_letter_of_the_mailbox(local in "[b-z]{2,20}") {
            let to = address(&format!("{local}@a.aa")).unwrap();
            let reply = masked_reply(&format!("550 <{local}@a.aa> ({local}) {local}"), &to);
            prop_assert!(!reply.contains(&local));
            let address = format!("{local}@a.aa");
            prop_assert!(!masked(&address).contains(&local));
        }
    }
}
