//! What single characters mean in a text that people wrote.

use super::entity::windows_1252;

/// What becomes of a character on its way to plain text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Shown, as the given character.
    Shown(char),
    /// Parts words.
    Space,
    /// Parts lines.
    LineBreak,
    /// Joins emoji to one picture (👩‍💻); elsewhere invisible.
    Joiner,
    /// Never seen by a reader: control, zero-width and bidirectional control characters.
    Invisible,
}

/// The role of a character. The C1 range is read as windows-1252, because where it occurs an encoding was mistaken.
pub(super) fn role(c: char) -> Role {
    match c {
        '!'..='~' => Role::Shown(c),
        ' ' | '\t' => Role::Space,
        '\n' | '\x0b' | '\x0c' | '\r' | '\u{2028}' | '\u{2029}' => Role::LineBreak,
        '\u{80}'..='\u{9f}' => windows_1252(c.into()).map_or(Role::Invisible, Role::Shown),
        '\u{200d}' => Role::Joiner,
        _ if is_invisible(c) => Role::Invisible,
        _ if c.is_whitespace() => Role::Space,
        _ => Role::Shown(c),
    }
}

fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' // soft hyphen
            | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Whether a joiner beside this character may belong to an emoji.
pub(super) fn is_pictorial(c: char) -> bool {
    c >= '\u{2190}' && !c.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_of_every_width_part_words() {
        for c in [' ', '\t', '\u{a0}', '\u{2003}', '\u{202f}', '\u{3000}'] {
            assert_eq!(role(c), Role::Space, "{c:?}");
        }
    }

    #[test]
    fn what_no_reader_sees_is_dropped() {
        for c in ['\0', '\x1b', '\x7f', '\u{ad}', '\u{200b}', '\u{202e}', '\u{2066}', '\u{feff}', '\u{81}'] {
            assert_eq!(role(c), Role::Invisible, "{c:?}");
        }
    }

    #[test]
    fn a_mistaken_encoding_is_mended() {
        assert_eq!(role('\u{96}'), Role::Shown('–'));
    }
}
