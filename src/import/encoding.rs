//! Bytes of a file to text, whatever its program wrote.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How many bytes are looked at for what is not text.
const SAMPLE: usize = 4096;

/// One byte in so many may be zero in a text.
const FEW: usize = 20;

/// How many well-formed characters beyond ASCII make up for one broken one before a file stops being UTF-8.
const WELL_FORMED: usize = 8;

/// Beginnings of files that people take for tables, and what they are.
const SIGNATURES: [(&[u8], &str); 5] = [
    (b"PK\x03\x04", "an Excel workbook or another zip archive"),
    (b"\xD0\xCF\x11\xE0", "an old Excel workbook"),
    (b"%PDF", "a PDF"),
    (b"\x1F\x8B", "compressed with gzip"),
    (b"SQLite format 3", "a database"),
];

/// The text and its encoding, or what the file is instead.
///
/// A byte order mark decides; else zero bytes on every second place mean UTF-16; valid UTF-8 is UTF-8, also with a few
/// broken characters; everything else is windows-1252, in which no bytes are invalid.
pub(super) fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, &'static Encoding), &'static str> {
    if let Some((_, what)) = SIGNATURES.into_iter().find(|(signature, _)| bytes.starts_with(signature)) {
        return Err(what);
    }
    let (encoding, mark) = match Encoding::for_bom(bytes) {
        Some(found) => found,
        None => (guess(bytes), 0),
    };
    let (text, _) = encoding.decode_without_bom_handling(&bytes[mark..]);
    let start = text.trim_start().get(..5).unwrap_or_default().to_ascii_lowercase();
    let zeros = text.bytes().take(SAMPLE).filter(|byte| *byte == 0).count();
    match start.as_str() {
        "<!doc" | "<html" => Err("a web page"),
        "<?xml" => Err("XML"),
        _ if zeros * FEW > text.len().min(SAMPLE) => Err("not text"),
        _ => Ok((text, encoding)),
    }
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let zeros = |offset: usize| sample.iter().skip(offset).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if odd * 3 > sample.len() && even * 10 < odd {
        UTF_16LE
    } else if even * 3 > sample.len() && odd * 10 < even {
        UTF_16BE
    } else if is_nearly_utf8(bytes) {
        UTF_8
    } else {
        WINDOWS_1252
    }
}

fn is_nearly_utf8(bytes: &[u8]) -> bool {
    let (mut broken, mut well_formed) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        broken += usize::from(!chunk.invalid().is_empty());
        well_formed += chunk.valid().chars().filter(|character| !character.is_ascii()).count();
    }
    well_formed >= broken * WELL_FORMED
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name_and_text(bytes: &[u8]) -> (&'static str, String) {
        let (text, encoding) = decode(bytes).unwrap();
        (encoding.name(), text.into_owned())
    }

    fn utf16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(to_bytes).collect()
    }

    #[test]
    fn a_byte_order_mark_decides_and_is_no_part_of_the_text() {
        assert_eq!(name_and_text("\u{feff}Müll".as_bytes()), ("UTF-8", "Müll".to_owned()));
        assert_eq!(name_and_text(&utf16("\u{feff}Müll", u16::to_le_bytes)), ("UTF-16LE", "Müll".to_owned()));
        assert_eq!(name_and_text(&utf16("\u{feff}Müll", u16::to_be_bytes)), ("UTF-16BE", "Müll".to_owned()));
    }

    #[test]
    fn utf_16_is_known_by_its_zeros() {
        assert_eq!(name_and_text(&utf16("Text;Größe", u16::to_le_bytes)), ("UTF-16LE", "Text;Größe".to_owned()));
        assert_eq!(name_and_text(&utf16("Text;Größe", u16::to_be_bytes)), ("UTF-16BE", "Text;Größe".to_owned()));
    }

    #[test]
    fn valid_utf_8_wins_and_the_rest_is_windows_1252() {
        assert_eq!(name_and_text("Größe".as_bytes()), ("UTF-8", "Größe".to_owned()));
        assert_eq!(name_and_text(b"Gr\xF6\xDFe \x80"), ("windows-1252", "Größe €".to_owned()));
    }

    #[test]
    fn one_broken_character_does_not_garble_a_whole_file() {
        let bytes = [b"\xFF".as_slice(), "äöüßäöüß".as_bytes()].concat();
        assert_eq!(name_and_text(&bytes), ("UTF-8", "\u{fffd}äöüßäöüß".to_owned()));
    }

    #[test]
    fn what_is_no_text_is_called_by_its_name() {
        assert_eq!(decode(b"PK\x03\x04...").unwrap_err(), "an Excel workbook or another zip archive");
        assert_eq!(decode(b" <!DOCTYPE html>").unwrap_err(), "a web page");
        assert_eq!(decode(b"ab\0\0\0cd").unwrap_err(), "not text");
    }

    #[test]
    fn nothing_is_text() {
        assert_eq!(name_and_text(b""), ("UTF-8", String::new()));
    }
}
