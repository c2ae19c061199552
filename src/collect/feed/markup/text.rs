//! The text between tags: references, CDATA sections, comments.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;

/// With its semicolon; more digits mean no character.
const LONGEST_REFERENCE: usize = 12;

/// Whether a character can begin the name of an element.
pub(super) fn is_name_start(c: char) -> bool {
    c.is_alphabetic() || c == '_' || c == ':'
}

/// The text that `raw` stands for: CDATA sections opened, comments dropped, XML's own five entities and numeric references resolved.
///
/// HTML's entities stay (`&auml;`): what knows HTML reads the text next, and in an address `&copy=2` is no copyright sign.
pub(in super::super) fn plain(raw: &str) -> Cow<'_, str> {
    if !raw.contains(['<', '&']) {
        return Cow::Borrowed(raw);
    }
    let mut text = String::with_capacity(raw.len());
    for piece in pieces(raw) {
        match piece {
            Piece::Verbatim(verbatim) => text.push_str(verbatim),
            Piece::Text(escaped) => push_resolved(&mut text, escaped),
        }
    }
    Cow::Owned(text)
}

/// The markup that `raw` consists of, with the content of CDATA sections in place and without comments.
pub(in super::super) fn inner(raw: &str) -> Cow<'_, str> {
    if !raw.contains("<!") {
        return Cow::Borrowed(raw);
    }
    pieces(raw).map(|(Piece::Verbatim(piece) | Piece::Text(piece))| piece).collect()
}

/// What a text is made of, comments left out.
enum Piece<'a> {
    /// The inside of a CDATA section.
    Verbatim(&'a str),
    /// Anything between, with references.
    Text(&'a str),
}

fn pieces(raw: &str) -> impl Iterator<Item = Piece<'_>> {
    let (mut rest, mut comments_end) = (raw, true);
    std::iter::from_fn(move || {
        loop {
            if let Some(section) = rest.strip_prefix("<![CDATA[") {
                let (inside, after) = section.split_once("]]>").unwrap_or((section, ""));
                rest = after;
                return Some(Piece::Verbatim(inside));
            } else if let (true, Some(comment)) = (comments_end, rest.strip_prefix("<!--")) {
                // Where one comment has no end, no later one has: that is not searched again.
                (comments_end, rest) = comment.split_once("-->").map_or((false, rest), |(_, after)| (true, after));
            } else if rest.is_empty() {
                return None;
            } else {
                let first = rest.chars().next().map_or(1, char::len_utf8);
                let end = rest[first..].find("<!").map_or(rest.len(), |at| first + at);
                let (text, after) = rest.split_at(end);
                rest = after;
                return Some(Piece::Text(text));
            }
        }
    })
}

fn push_resolved(text: &mut String, escaped: &str) {
    let mut rest = escaped;
    while let Some((before, after)) = rest.split_once('&') {
        text.push_str(before);
        let (character, left) = reference(after).unwrap_or(('&', after));
        text.push(character);
        rest = left;
    }
    text.push_str(rest);
}

/// The character that a reference stands for, and what follows it. The text begins behind the `&`.
fn reference(text: &str) -> Option<(char, &str)> {
    let end = text.bytes().take(LONGEST_REFERENCE).position(|byte| byte == b';')?;
    let (name, after) = (&text[..end], &text[end + 1..]);
    let character = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => return numeric(code(name)?, after),
    };
    Some((character, after))
}

/// The number in `#8364` or `#x20AC`.
fn code(name: &str) -> Option<u32> {
    let digits = name.strip_prefix('#')?;
    match digits.strip_prefix(['x', 'X']) {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok(),
        None => digits.parse().ok(),
    }
}

/// Forgives two habits: codes of windows-1252 (`&#150;`), and a character beyond U+FFFF written as its two surrogates.
fn numeric(code: u32, after: &str) -> Option<(char, &str)> {
    let single = match u8::try_from(code) {
        Ok(byte @ 0x80..=0x9F) => WINDOWS_1252.decode_without_bom_handling(&[byte]).0.chars().next(),
        _ => char::from_u32(code),
    };
    let pair = || match (code, after.strip_prefix("&").and_then(low_surrogate)) {
        (0xD800..=0xDBFF, Some((low, after))) => {
            char::from_u32(0x1_0000 + ((code - 0xD800) << 10) + (low - 0xDC00)).map(|character| (character, after))
        }
        _ => None,
    };
    Some(single.map(|character| (character, after)).or_else(pair).unwrap_or((char::REPLACEMENT_CHARACTER, after)))
}

fn low_surrogate(text: &str) -> Option<(u32, &str)> {
    let end = text.bytes().take(LONGEST_REFERENCE).position(|byte| byte == b';')?;
    let code = code(&text[..end]).filter(|code| (0xDC00..=0xDFFF).contains(code))?;
    Some((code, &text[end + 1..]))
}
