//! JSON as it stands in pages: with comments, line breaks within strings, commas too many, wrapped in marks of HTML.

use serde_json::Value;

use crate::text;

/// What is meant; `None` where there is no telling, and for `null`.
pub(super) fn json(written: &str) -> Option<Value> {
    let repaired = || serde_json::from_str(&repaired(written)).ok();
    let unescaped = || serde_json::from_str(&self::repaired(&text::unescape(written))).ok();
    let value: Value = serde_json::from_str(written).ok().or_else(repaired).or_else(unescaped)?;
    (!value.is_null()).then_some(value)
}

/// Marks that have no place outside strings.
const MARKS: [&str; 5] = ["<!--", "-->", "<![CDATA[", "]]>", ";"];

fn repaired(written: &str) -> String {
    let mut json = String::with_capacity(written.len());
    let mut rest = written;
    let mut has_comma = false;
    while let Some(c) = rest.chars().next() {
        if let Some(behind) = behind_noise(rest) {
            rest = behind;
            continue;
        }
        rest = &rest[c.len_utf8()..];
        match c {
            ',' => has_comma = true,
            c if c.is_whitespace() => json.push(' '),
            c => {
                if std::mem::take(&mut has_comma) && !matches!(c, '}' | ']') {
                    json.push(',');
                }
                json.push(c);
                if c == '"' {
                    rest = string(&mut json, rest);
                }
            }
        }
    }
    json
}

/// What follows a comment or a mark that stands here.
fn behind_noise(rest: &str) -> Option<&str> {
    if let Some(comment) = rest.strip_prefix("//") {
        return Some(comment.find('\n').map_or("", |end| &comment[end..]));
    }
    if let Some(comment) = rest.strip_prefix("/*") {
        return Some(comment.split_once("*/").map_or("", |(_, behind)| behind));
    }
    MARKS.iter().find_map(|mark| rest.strip_prefix(mark))
}

/// Copies a string up to its closing quote, and gives what follows. Control characters and escapes that JSON does not
/// know are mended.
fn string<'a>(json: &mut String, rest: &'a str) -> &'a str {
    let mut characters = rest.chars();
    while let Some(c) = characters.next() {
        match c {
            '"' => {
                json.push('"');
                break;
            }
            '\\' => {
                let is_known = |c: &char| matches!(c, '"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' | 'u');
                if let Some(escaped) = characters.clone().next().filter(is_known) {
                    json.extend(['\\', escaped]);
                    characters.next();
                }
            }
            '\n' => json.push_str("\\n"),
            c if c.is_control() => json.push(' '),
            c => json.push(c),
        }
    }
    characters.as_str()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_people_write_is_understood() {
        for (written, meant) in [
            ("{\"a\": \"line 1\n\tline 2\"}", json!({"a": "line 1\n line 2"})),
            ("{\"a\": 1, // one, two\n //\"b\": 2\n}", json!({"a": 1})),
            (
                "/* by hand */ {\"a\": [1, 2, ], \"u\": \"https://example.org/*x*/\",}",
                json!({"a": [1, 2], "u": "https://example.org/*x*/"}),
            ),
            ("<!--\n{\"a\": \"<!-- kept -->\"}\n-->", json!({"a": "<!-- kept -->"})),
            ("//<![CDATA[\n{\"a\": 1};\n//]]>", json!({"a": 1})),
            ("{\"a\": \"it\\'s \\\"so\\\"\"}", json!({"a": "it's \"so\""})),
            ("{&quot;a&quot;: &quot;b&quot;}", json!({"a": "b"})),
        ] {
            assert_eq!(json(written), Some(meant), "{written}");
        }
    }

    #[test]
    fn what_cannot_be_understood_is_nothing() {
        for written in ["", "null", " null ", "<!-- null -->", "{", "{\"a\": }", "/*", "//", "\"", "\"\\"] {
            assert_eq!(json(written), None, "{written}");
        }
    }

    proptest! {
        #[test]
        fn what_is_json_already_stays_what_it_is(text in r#"(\PC|[\n"\\/*,;<>&-]){0,30}"#, number in any::<i64>()) {
            let value = json!({"t": text, "list": [number, null, {"k": [text]}]});
            prop_assert_eq!(serde_json::from_str::<Value>(&repaired(&value.to_string())).ok(), Some(value));
        }

        #[test]
        fn nothing_makes_it_panic(text in r#"(\PC|[\n"\\/*,;{}\[\]<>&:-]|\\u|<!--){0,40}"#) {
            json(&text);
        }
    }
}
