//! A mail as it is read: from MIME to plain text. Pure.

use mail_parser::{Message, MessageParser, PartType};
use sha2::{Digest, Sha256};

use crate::mention::Timestamp;
use crate::text;

/// What a rule and a mention need of a mail.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Letter {
    /// The Message-ID; without one, a fingerprint of the mail.
    pub(super) id: String,
    /// The shown name of who sent it; may be empty.
    pub(super) sender: String,
    pub(super) address: String,
    pub(super) subject: String,
    pub(super) sent_at: Option<Timestamp>,
    /// Plain text in the order in which it should be tried: what was sent as such, then what was HTML.
    pub(super) texts: Vec<String>,
}

/// `None` where there are no words in it.
pub(super) fn read(mail: &[u8]) -> Option<Letter> {
    let message = MessageParser::default().parse(mail)?;
    let texts = texts(&message);
    if texts.is_empty() {
        return None;
    }
    let from = message.from().and_then(|from| from.first());
    let sender = from.and_then(|from| from.name()).map(text::plain).unwrap_or_default();
    let address = from.and_then(|from| from.address()).unwrap_or_default().to_owned();
    let id = message.message_id().filter(|id| !id.trim().is_empty()).map(str::to_owned);
    Some(Letter {
        id: id.unwrap_or_else(|| fingerprint(mail)),
        sender,
        address,
        subject: message.subject().map(text::plain).unwrap_or_default(),
        sent_at: message.date().map(|date| Timestamp::from_seconds(date.to_timestamp())),
        texts,
    })
}

fn texts(message: &Message<'_>) -> Vec<String> {
    let words = message.text_bodies().chain(message.html_bodies()).filter_map(|part| match &part.body {
        PartType::Text(words) | PartType::Html(words) => Some(text::plain(words)),
        _ => None,
    });
    let mut texts: Vec<String> = Vec::new();
    for words in words.filter(|words| !words.is_empty()) {
        if !texts.contains(&words) {
            texts.push(words);
        }
    }
    texts
}

fn fingerprint(mail: &[u8]) -> String {
    let digest = Sha256::digest(mail);
    digest.iter().take(16).fold("mail-".to_owned(), |id, byte| format!("{id}{byte:02x}"))
}
