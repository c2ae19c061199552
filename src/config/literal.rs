//! Places within strings of TOML: what was read is shorter than what was written.

/// Where in a string literal, quotation marks included, a byte of its value stands.
pub(super) fn within_literal(literal: &str, place: usize) -> usize {
    let (mark, escapes) = match literal.as_bytes() {
        [b'\'', b'\'', b'\'', ..] => (3, false),
        [b'"', b'"', b'"', ..] => (3, true),
        [b'"', ..] => (1, true),
        _ => (1, false),
    };
    // The break of a line right behind three marks is not part of the value.
    let begin = match literal.get(mark..) {
        Some(rest) if mark == 3 && rest.starts_with("\r\n") => mark + 2,
        Some(rest) if mark == 3 && rest.starts_with('\n') => mark + 1,
        _ => mark,
    };
    if !escapes {
        return begin + place;
    }
    let (mut at, mut read) = (begin, 0);
    while read < place {
        let Some((written, value)) = literal.get(at..).and_then(piece) else { break };
        at += written;
        read += value;
    }
    at
}

/// How long the first character of a rest is as written, and as read.
fn piece(rest: &str) -> Option<(usize, usize)> {
    let mut chars = rest.chars();
    let first = chars.next()?;
    if first != '\\' {
        return Some((first.len_utf8(), first.len_utf8()));
    }
    let digits = match chars.next()? {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        // At the end of a line: the white space up to the next word is not part of the value.
        c if c.is_whitespace() => return Some((rest.len() - rest[1..].trim_start().len(), 0)),
        _ => return Some((2, 1)),
    };
    let code = u32::from_str_radix(rest.get(2..2 + digits)?, 16).ok()?;
    Some((2 + digits, char::from_u32(code)?.len_utf8()))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::within_literal;

    #[derive(Deserialize)]
    struct Line {
        query: String,
    }

    #[test]
    fn a_word_is_found_in_every_kind_of_string() {
        let literals = [
            "'ä WORD'",
            r#""ä \"b\" WORD""#,
            r#""\u00e4\t\x41 \U0001F600 WORD""#,
            "'''\nä\n WORD'''",
            "\"\"\"\r\nä \\\n   b \\\" WORD\"\"\"",
        ];
        for literal in literals {
            let value = toml::from_str::<Line>(&format!("query = {literal}")).unwrap().query;
            let at = within_literal(literal, value.find("WORD").unwrap());
            assert_eq!(literal.get(at..at + 4), Some("WORD"), "{literal}");
        }
    }
}
