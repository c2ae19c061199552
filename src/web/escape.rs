//! How strings become part of a page.

use std::fmt;

use askama::filters::{Escaper, Html};

/// Escapes what is markup, and leaves out what would reach beyond its place without being any: characters that turn the
/// direction of writing, and control characters, which HTML does not know.
///
/// `<bdi>` and `dir="auto"` let a text find its own direction. They do not hold one that closes an isolate which it never
/// opened (U+2069): browsers then take `<bdi>` for closed, and the override behind it turns the line around. Marks such
/// as U+200F nest nothing, and stay; texts in Arabic and Hebrew may need them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Harmless;

impl Escaper for Harmless {
    fn write_escaped_str<W: fmt::Write>(&self, mut dest: W, string: &str) -> fmt::Result {
        for piece in string.split_inclusive(is_special) {
            let special = piece.chars().next_back().filter(|last| is_special(*last));
            let shown = &piece[..piece.len() - special.map_or(0, char::len_utf8)];
            Html.write_escaped_str(&mut dest, shown)?;
            if special.is_some_and(parts_lines) {
                dest.write_char('\n')?;
            }
        }
        Ok(())
    }
}

fn is_special(c: char) -> bool {
    turns_writing(c) || parts_lines(c) || (c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
}

/// Embeddings, overrides and isolates.
pub(super) fn turns_writing(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Ends a paragraph, and with it what holds its direction.
fn parts_lines(c: char) -> bool {
    matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(text: &str) -> String {
        let mut page = String::new();
        Harmless.write_escaped_str(&mut page, text).unwrap();
        page
    }

    #[test]
    fn markup_is_escaped_and_what_turns_the_writing_is_left_out() {
        assert_eq!(written("\"><b>\u{2069}\u{202e}a\0b\u{2066}"), "&#34;&#62;&#60;b&#62;ab");
        assert_eq!(written("eins\u{2029}zwei\u{85}drei"), "eins\nzwei\ndrei");
    }

    #[test]
    fn what_people_write_stays_as_it_is() {
        for text in ["", "Grüße\n\t– 👩\u{200d}💻", "שלום\u{200f}!", "e\u{301}\u{323}"] {
            assert_eq!(written(text), text);
        }
    }

    proptest! {
        #[test]
        fn nothing_else_changes(text in "\\PC{0,20}[\u{2066}-\u{2069}\u{202a}-\u{202e}]?\\PC{0,20}") {
            let mut expected = String::new();
            let plain: String = text.chars().filter(|c| !is_special(*c)).collect();
            Html.write_escaped_str(&mut expected, &plain).unwrap();
            prop_assert_eq!(written(&text).replace('\n', ""), expected);
        }
    }
}
