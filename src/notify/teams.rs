//! Microsoft Teams: an Adaptive Card for a workflow that begins with a webhook. Pure.
//!
//! Text blocks of a card are Markdown; runs of text are not. So whatever could hold a stranger's words is a run.

use serde_json::{Value, json};

use crate::alert::{Message, Voice};

/// The message around the card, as the workflow "post to a channel when a webhook request is received" wants it.
pub(super) fn body(message: &Message) -> Value {
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": card(message),
        }],
    })
}

fn card(message: &Message) -> Value {
    let mut body = vec![line(&[run(&message.headline, json!({ "size": "Large", "weight": "Bolder" }))])];
    body.extend(message.paragraphs.iter().map(|paragraph| line(&[run(paragraph, json!({}))])));
    if !message.figures.is_empty() {
        let fact = |(name, value): &(String, String)| json!({ "title": name, "value": value });
        body.push(json!({ "type": "FactSet", "facts": message.figures.iter().map(fact).collect::<Vec<_>>() }));
    }
    if !message.words.is_empty() {
        body.push(title(message.words_label));
        body.push(line(&[run(&message.words.join(", "), json!({}))]));
    }
    if !message.voices.is_empty() {
        body.push(title(message.voices_label));
        body.extend(message.voices.iter().map(|voice| quote(voice, message.original_label)));
    }
    body.push(line(&[run(&message.footer, json!({ "size": "Small", "isSubtle": true }))]));
    json!({
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.5",
        "lang": message.language,
        "fallbackText": message.subject,
        "msteams": { "width": "Full" },
        "body": body,
    })
}

fn title(label: &str) -> Value {
    line(&[run(label, json!({ "weight": "Bolder" }))])
}

fn quote(voice: &Voice, original: &str) -> Value {
    let mut runs = vec![
        run(&format!("{} ", voice.text), json!({ "italic": true })),
        run(&voice.origin, json!({ "isSubtle": true })),
    ];
    if let Some(url) = &voice.url {
        runs.push(run(" · ", json!({ "isSubtle": true })));
        runs.push(run(original, json!({ "selectAction": { "type": "Action.OpenUrl", "url": url } })));
    }
    line(&runs)
}

fn line(runs: &[Value]) -> Value {
    json!({ "type": "RichTextBlock", "inlines": runs })
}

/// A run of text with its looks.
fn run(text: &str, looks: Value) -> Value {
    let mut run = json!({ "type": "TextRun", "text": text });
    if let (Value::Object(run), Value::Object(looks)) = (&mut run, looks) {
        run.extend(looks);
    }
    run
}
