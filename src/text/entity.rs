//! Character references: `&auml;`, `&#228;`, `&#xE4;`, and what the web makes of broken ones.

use std::borrow::Cow;

use web_atoms::{C1_REPLACEMENTS, NAMED_ENTITIES};

/// A reference that was understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reference {
    /// The character it stands for.
    pub(super) first: char,
    /// Some names stand for a letter and a mark on it.
    pub(super) second: Option<char>,
    /// Bytes from the `&` to the end of the reference.
    pub(super) length: usize,
}

/// Resolves every character reference, also one that was escaped twice (`&amp;uuml;`).
pub fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece {
            Piece::Literal(literal) => out.push_str(literal),
            Piece::Character(reference) => out.extend(std::iter::once(reference.first).chain(reference.second)),
        }
    }
    Cow::Owned(out)
}

/// A stretch of text between two references, or a reference.
pub(super) enum Piece<'a> {
    Literal(&'a str),
    Character(Reference),
}

/// Cuts a text at its character references. An `&` that begins none stays a literal.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some(reference) = twice_escaped(rest) {
            rest = &rest[reference.length..];
            return Some(Piece::Character(reference));
        }
        let first = usize::from(rest.starts_with('&'));
        let end = rest[first..].find('&').map_or(rest.len(), |at| at + first);
        let (literal, after) = rest.split_at(end);
        rest = after;
        Some(Piece::Literal(literal))
    })
}

/// Like [`reference`], and where that gives an `&` which begins another whole reference, that one.
fn twice_escaped(text: &str) -> Option<Reference> {
    let outer = reference(text)?;
    let inner = (outer.first == '&').then(|| behind_ampersand(&text[outer.length..])).flatten();
    let whole = inner.filter(|inner| text.as_bytes().get(outer.length + inner.length - 1) == Some(&b';'));
    Some(whole.map_or(outer, |inner| Reference { length: outer.length + inner.length, ..inner }))
}

/// Reads the character reference that the text begins with.
pub(super) fn reference(text: &str) -> Option<Reference> {
    let found = behind_ampersand(text.strip_prefix('&')?)?;
    Some(Reference { length: found.length + 1, ..found })
}

fn behind_ampersand(text: &str) -> Option<Reference> {
    match text.strip_prefix('#') {
        Some(number) => {
            let (code, digits) = numeric(number)?;
            let high = Reference { first: character(code), second: None, length: digits + 1 };
            Some(surrogate_pair(code, &text[high.length..]).map_or(high, |(first, length)| Reference {
                first,
                length: high.length + length,
                ..high
            }))
        }
        None => named(text),
    }
}

/// A name ends at its semicolon. The few old ones that may go without end where letters and digits end, and not at a
/// `=`: in `?id=1&copy=2` nobody meant ©.
fn named(text: &str) -> Option<Reference> {
    const LONGEST: usize = 32;
    let end = text.bytes().take(LONGEST).take_while(u8::is_ascii_alphanumeric).count();
    let length = match text.as_bytes().get(end) {
        Some(b';') => end + 1,
        Some(b'=') => return None,
        _ => end,
    };
    let &(first, second) = NAMED_ENTITIES.get(&text[..length])?;
    let first = char::from_u32(first).filter(|&c| c != '\0')?;
    Some(Reference { first, second: char::from_u32(second).filter(|&c| c != '\0'), length })
}

/// The number and how many bytes it takes, semicolon included.
fn numeric(text: &str) -> Option<(u32, usize)> {
    let (digits, radix, prefix) = match text.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16, 1),
        None => (text, 10, 0),
    };
    let count = digits.bytes().take_while(|b| char::from(*b).is_digit(radix)).count();
    let code = (digits[..count].chars())
        .filter_map(|c| c.to_digit(radix))
        .fold(0_u32, |code, digit| code.saturating_mul(radix).saturating_add(digit));
    let semicolon = usize::from(digits.as_bytes().get(count) == Some(&b';'));
    (count > 0).then_some((code, prefix + count + semicolon))
}

/// The web reads 128 to 159 as windows-1252; what is no character becomes U+FFFD.
fn character(code: u32) -> char {
    match code {
        0 => char::REPLACEMENT_CHARACTER,
        0x80..=0x9F => windows_1252(code).unwrap_or(char::REPLACEMENT_CHARACTER),
        _ => char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

/// What windows-1252 has at a code of the C1 range, which in Unicode holds control characters that nobody uses.
pub(super) fn windows_1252(code: u32) -> Option<char> {
    let index = usize::try_from(code.checked_sub(0x80)?).ok()?;
    C1_REPLACEMENTS.get(index).copied().flatten()
}

/// Some writers escape emoji as the two halves that UTF-16 makes of them: `&#55357;&#56832;`.
fn surrogate_pair(high: u32, after: &str) -> Option<(char, usize)> {
    if !(0xD800..0xDC00).contains(&high) {
        return None;
    }
    let (low, length) = numeric(after.strip_prefix("&#")?)?;
    let low = low.checked_sub(0xDC00).filter(|&low| low < 0x400)?;
    Some((char::from_u32(0x10000 + ((high - 0xD800) << 10) + low)?, length + 2))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_and_numbers_become_characters() {
        let text = "&Uuml;ber 5 &euro; &lt;3 &#8211; &#x1F600; &ThickSpace;";
        assert_eq!(unescape(text), "Über 5 € <3 – 😀 \u{205f}\u{200a}");
    }

    #[test]
    fn old_names_may_lack_the_semicolon_but_addresses_are_left_alone() {
        assert_eq!(unescape("M&uuml ller &amp Co &nbsp"), "Mü ller & Co \u{a0}");
        assert_eq!(unescape("?a=1&copy=2&region=de&x"), "?a=1&copy=2&region=de&x");
    }

    #[test]
    fn numbers_of_the_c1_range_are_windows_1252() {
        assert_eq!(unescape("1990&#150;2000 &#x80; &#129;"), "1990–2000 € \u{fffd}");
    }

    #[test]
    fn halves_of_utf_16_are_joined() {
        assert_eq!(unescape("&#55357;&#56832;!"), "😀!");
        assert_eq!(unescape("&#55357;x&#56832;"), "\u{fffd}x\u{fffd}");
    }

    #[test]
    fn what_was_escaped_twice_is_resolved() {
        assert_eq!(unescape("M&amp;uuml;ller &amp;amp; Sohn &amp;#39;s"), "Müller & Sohn 's");
        assert_eq!(unescape("AT&amp;T &amp;copy 1"), "AT&T &copy 1");
    }

    #[test]
    fn what_is_no_reference_stays() {
        for text in ["&", "&&", "&;", "&#;", "&#x;", "Q&A", "a & b", "&unknown;", "&#"] {
            assert_eq!(unescape(text), text);
        }
        assert_eq!(unescape("&#99999999999999999999;&#0;&#xD800;"), "\u{fffd}\u{fffd}\u{fffd}");
    }

    proptest! {
        #[test]
        fn never_panics(text in "(&|#|x|amp;|uuml|;|[0-9]{0,3}|ä|55357;|56832;){0,20}") {
            let _ = unescape(&text);
        }
    }
}
