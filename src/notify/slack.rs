//! Slack: blocks for an incoming webhook. Pure.
//!
//! `mrkdwn` is read as markup, `plain_text` is not; in both, `&`, `<` and `>` are control characters. So a stranger's words
//! are plain text, and escaped.

use serde_json::{Value, json};

use crate::alert::{Message, Voice};

/// Characters that Slack takes in a header, …
const LONGEST_HEADER: usize = 150;
/// … and in a text.
const LONGEST_TEXT: usize = 3000;

/// The blocks, and the text for notifications and old clients.
pub(super) fn body(message: &Message) -> Value {
    let header = plain(&message.headline, LONGEST_HEADER);
    let mut blocks = vec![json!({ "type": "header", "text": header })];
    blocks.extend(message.paragraphs.iter().map(|paragraph| section(paragraph)));
    if !message.figures.is_empty() {
        let field = |(name, value): &(String, String)| plain(&format!("{name}: {value}"), LONGEST_TEXT);
        blocks.push(json!({ "type": "section", "fields": message.figures.iter().map(field).collect::<Vec<_>>() }));
    }
    if !message.words.is_empty() {
        blocks.push(section(&format!("{}: {}", message.words_label, message.words.join(", "))));
    }
    for voice in &message.voices {
        blocks.push(json!({ "type": "divider" }));
        blocks.push(section(&voice.text));
        blocks.push(context(&origin(voice, message.original_label)));
    }
    blocks.push(context(&[plain(&message.footer, LONGEST_TEXT)]));
    json!({ "text": escaped(&message.subject, LONGEST_TEXT), "blocks": blocks })
}

fn section(text: &str) -> Value {
    json!({ "type": "section", "text": plain(text, LONGEST_TEXT) })
}

fn context(elements: &[Value]) -> Value {
    json!({ "type": "context", "elements": elements })
}

fn origin(voice: &Voice, original: &str) -> Vec<Value> {
    let mut elements = vec![plain(&voice.origin, LONGEST_TEXT)];
    // A line in the address would end it; what else is special in a link, addresses of the web never hold.
    let url = voice.url.as_deref().map(|url| escaped(&url.replace('|', "%7C"), usize::MAX));
    let link = url.map(|url| format!("<{url}|{}>", escaped(original, LONGEST_TEXT)));
    let fits = |link: &String| link.chars().count() <= LONGEST_TEXT;
    elements.extend(link.filter(fits).map(|link| json!({ "type": "mrkdwn", "text": link, "verbatim": true })));
    elements
}

fn plain(text: &str, longest: usize) -> Value {
    json!({ "type": "plain_text", "text": escaped(text, longest), "emoji": false })
}

/// As Slack wants text, cut before the first character that would make it longer than Slack takes.
fn escaped(text: &str, longest: usize) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut length = 0;
    for character in text.chars() {
        let mut buffer = [0; 4];
        let written: &str = match character {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            other => other.encode_utf8(&mut buffer),
        };
        length += written.chars().count();
        if length > longest {
            break;
        }
        escaped += written;
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_slack_reads_as_control_is_escaped() {
        assert_eq!(escaped("<!channel> & <http://a|b>", 300), "&lt;!channel&gt; &amp; &lt;http://a|b&gt;");
    }

    #[test]
    fn a_text_is_cut_between_characters_and_never_within_an_escape() {
        assert_eq!(escaped("ä<<", 5), "ä&lt;");
        assert_eq!(escaped("ä<<", 8), "ä&lt;");
        assert_eq!(escaped("ä<<", 9), "ä&lt;&lt;");
    }

    #[test]
    fn a_line_in_an_address_does_not_end_it() {
        let url = Some("https://a.example/?a|b&c".to_owned());
        let voice = Voice { text: String::new(), origin: String::new(), url };
        assert_eq!(origin(&voice, "x")[1]["text"], "<https://a.example/?a%7Cb&amp;c|x>");
    }
}
