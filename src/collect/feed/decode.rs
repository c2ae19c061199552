//! From bytes to text: what they are counts more than what they are said to be.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How far into a document its own statement of encoding is looked for.
const DECLARATION: usize = 1024;

/// How much of a document is enough to guess from; guessing is slow.
const SAMPLE: usize = 1_000_000;

/// The document as text, without byte order mark. Never fails: what cannot be read becomes U+FFFD.
///
/// In this order: a byte order mark or the zero bytes of UTF-16 and UTF-32; valid UTF-8 (or UTF-8 with a few broken bytes)
/// whatever the labels say; the label of `content_type`; that of the XML declaration; a guess.
pub(in crate::collect) fn decode<'a>(bytes: &'a [u8], content_type: Option<&str>) -> Cow<'a, str> {
    if let Some(text) = wide(bytes) {
        return text;
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let labels = [content_type.and_then(charset), declared(bytes)].map(|label| label.and_then(eight_bit));
    match std::str::from_utf8(bytes) {
        // ISO-2022-JP writes everything with ASCII bytes, and so is always valid UTF-8.
        Ok(text) if !labels.contains(&Some(ISO_2022_JP)) => return encoded_once(text),
        Err(_) if is_nearly_utf8(bytes) => return String::from_utf8_lossy(bytes),
        _ => {}
    }
    let stated = labels.into_iter().flatten();
    stated
        .filter(|encoding| *encoding != UTF_8)
        .find_map(|encoding| encoding.decode_without_bom_handling_and_without_replacement(bytes))
        .unwrap_or_else(|| guess(bytes).decode_without_bom_handling(bytes).0)
}

/// Reads UTF-16 and UTF-32, by their marks or by the zeros around the first `<`, `{` or space.
fn wide(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let ascii = |byte: u8| matches!(byte, b'<' | b'{' | b' ' | b'\n' | b'\r' | b'\t');
    match *bytes.first_chunk::<4>()? {
        [0xFF, 0xFE, 0, 0] => Some(utf_32(&bytes[4..], u32::from_le_bytes)),
        [0, 0, 0xFE, 0xFF] => Some(utf_32(&bytes[4..], u32::from_be_bytes)),
        [first, 0, 0, 0] if ascii(first) => Some(utf_32(bytes, u32::from_le_bytes)),
        [0, 0, 0, first] if ascii(first) => Some(utf_32(bytes, u32::from_be_bytes)),
        [0xFF, 0xFE, ..] => Some(UTF_16LE.decode_without_bom_handling(&bytes[2..]).0),
        [0xFE, 0xFF, ..] => Some(UTF_16BE.decode_without_bom_handling(&bytes[2..]).0),
        [first, 0, _, 0] if ascii(first) => Some(UTF_16LE.decode_without_bom_handling(bytes).0),
        [0, first, 0, _] if ascii(first) => Some(UTF_16BE.decode_without_bom_handling(bytes).0),
        _ => None,
    }
}

fn utf_32(bytes: &[u8], value: fn([u8; 4]) -> u32) -> Cow<'_, str> {
    let (units, _) = bytes.as_chunks::<4>();
    units.iter().map(|unit| char::from_u32(value(*unit)).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// `charset=…` of a `Content-Type`.
fn charset(content_type: &str) -> Option<&[u8]> {
    let (_, label) = content_type.split(';').skip(1).filter_map(|part| part.split_once('=')).find(is_charset)?;
    Some(label.trim().trim_matches(['"', '\'']).as_bytes())
}

fn is_charset((name, _): &(&str, &str)) -> bool {
    name.trim().eq_ignore_ascii_case("charset")
}

/// `encoding="…"` of an XML declaration.
fn declared(bytes: &[u8]) -> Option<&[u8]> {
    let head = &bytes[..bytes.len().min(DECLARATION)];
    let end = head.windows(2).position(|pair| pair == b"?>")?;
    let name = head[..end].windows(8).position(|word| word == b"encoding")?;
    let mut quoted = head[name..end].split(|byte| matches!(byte, b'"' | b'\''));
    quoted.nth(1)
}

/// The encoding of a label, unless it is UTF-16: had the bytes been that, they would have been recognised.
fn eight_bit(label: &[u8]) -> Option<&'static Encoding> {
    Encoding::for_label_no_replacement(label)
        .filter(|encoding| encoding.is_ascii_compatible() || *encoding == ISO_2022_JP)
}

/// Whether far more of the bytes beyond ASCII are UTF-8 than are not: a cut or a foreign snippet inside, not another encoding.
fn is_nearly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().bytes().filter(|byte| *byte >= 0xC0).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > 3 * bad
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&bytes[..bytes.len().min(SAMPLE)], true);
    detector.guess(None, Utf8Detection::Deny)
}

/// Undoes `Köln` → `KÃ¶ln`: UTF-8 that somebody took for windows-1252 and encoded again.
///
/// Only where the whole document reads that way, and more than once, so that no text about the phenomenon is touched.
fn encoded_once(text: &str) -> Cow<'_, str> {
    let could_be = |c: char| c.is_ascii() || ('\u{80}'..='\u{2122}').contains(&c);
    if text.is_ascii() || !text.chars().all(could_be) {
        return Cow::Borrowed(text);
    }
    let (bytes, _, unmappable) = WINDOWS_1252.encode(text);
    match String::from_utf8(bytes.into_owned()) {
        Ok(once) if !unmappable && once.chars().filter(|c| !c.is_ascii()).count() >= 2 => Cow::Owned(once),
        _ => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GERMAN: &str = "<?xml version=\"1.0\"?><rss><title>Größe, Öl & Maß – „Köln“</title></rss>";

    fn wide_bytes(text: &str, unit: impl Fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(unit).collect()
    }

    #[test]
    fn valid_utf_8_wins_over_every_label() {
        let text = GERMAN.replace("?>", " encoding=\"iso-8859-1\"?>");
        assert_eq!(decode(text.as_bytes(), Some("text/xml; charset=windows-1252")), text);
    }

    #[test]
    fn utf_16_and_32_are_read_with_and_without_a_mark() {
        for mark in ["\u{FEFF}", ""] {
            let text = format!("{mark}{GERMAN}");
            assert_eq!(decode(&wide_bytes(&text, u16::to_le_bytes), None), GERMAN);
            assert_eq!(decode(&wide_bytes(&text, u16::to_be_bytes), None), GERMAN);
            let four = |bytes: fn(u32) -> [u8; 4]| text.chars().flat_map(|c| bytes(c.into())).collect::<Vec<u8>>();
            assert_eq!(decode(&four(u32::to_le_bytes), None), GERMAN);
            assert_eq!(decode(&four(u32::to_be_bytes), None), GERMAN);
        }
    }

    #[test]
    fn a_label_is_believed_where_the_bytes_allow_it() {
        let cyrillic = encoding_rs::WINDOWS_1251.encode("<rss>Отзыв</rss>").0;
        assert_eq!(decode(&cyrillic, Some("text/xml; Charset=\"windows-1251\"")), "<rss>Отзыв</rss>");
        let declared = "<?xml version='1.0' encoding='koi8-r'?><rss>Отзыв</rss>";
        assert_eq!(decode(&encoding_rs::KOI8_R.encode(declared).0, None), declared);
        let japanese = "<?xml version='1.0' encoding='iso-2022-jp'?><rss>東京</rss>";
        assert_eq!(decode(&ISO_2022_JP.encode(japanese).0, None), japanese);
    }

    #[test]
    fn latin_without_a_label_or_with_a_wrong_one_is_recognised() {
        let bytes = WINDOWS_1252.encode(GERMAN).0;
        for label in
            [None, Some("text/xml; charset=utf-8"), Some("text/xml; charset=utf-16"), Some("text/xml; charset=x")]
        {
            assert_eq!(decode(&bytes, label), GERMAN, "{label:?}");
        }
    }

    #[test]
    fn one_broken_byte_does_not_turn_utf_8_into_something_else() {
        let mut bytes = "<rss>Größe, Öl, Maß, Köln</rss>".as_bytes().to_vec();
        bytes.push(0xE4);
        assert_eq!(decode(&bytes, Some("text/xml; charset=iso-8859-1")), "<rss>Größe, Öl, Maß, Köln</rss>\u{FFFD}");
    }

    #[test]
    fn what_was_encoded_twice_is_read_once() {
        let twice = WINDOWS_1252.decode_without_bom_handling(GERMAN.as_bytes()).0.into_owned();
        assert_eq!(decode(twice.as_bytes(), None), GERMAN);
        let about = "<rss>Aus ö wird Ã¶</rss>";
        assert_eq!(decode(about.as_bytes(), None), about);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), label in "\\PC{0,40}") {
            decode(&bytes, Some(&label));
        }

        #[test]
        fn utf_8_stays_as_it_is(text in "[a-zäöüßé<>& ]{0,80}") {
            let text = format!("<x>{text}");
            prop_assert_eq!(decode(text.as_bytes(), None), text.as_str());
        }
    }
}
