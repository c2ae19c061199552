//! A program of the operator's own: everything that is known of a finding as JSON, signed. Pure.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::Told;
use crate::alert::{Message, Period, Quote, UrgentMention};
use crate::detect::rehearsal::Rehearsal;

/// What is told, for programs and for people.
pub(super) fn body(told: Told, message: &Message) -> Value {
    let (event, alert) = match told {
        Told::Found(alert) | Told::Sample(alert) => ("finding", alert),
        Told::Over(alert, _) => ("recovery", alert),
        Told::Rehearsed(brand, rehearsal) => return rehearsed(brand, rehearsal, message),
        Told::Urgent(mentions) => return urgent(mentions, message),
    };
    let finding = &alert.finding;
    let quote = |quote: &Quote| json!({ "text": quote.text, "source": quote.source, "at": quote.at, "url": quote.url });
    let quotes: Vec<Value> = alert.supporting.iter().chain(&alert.opposing).map(quote).collect();
    let mut body = json!({
        "event": event,
        "sample": matches!(told, Told::Sample(_)),
        "brand": alert.brand,
        "kind": finding.kind,
        "at": finding.at,
        "onset": finding.onset,
        "onset_earliest": finding.onset_earliest,
        "onset_latest": finding.onset_latest,
        "evidence": finding.evidence,
        "rarity_days": finding.rarity_days,
        "residual": finding.residual,
        "place": finding.place,
        "extent": finding.extent,
        "shares": { "before": shares(&alert.before), "since": shares(&alert.since) },
        "split": alert.split,
        "words": alert.words.iter().map(|word| json!({ "text": word.text, "before": word.before, "since": word.since })).collect::<Vec<_>>(),
        "quotes": quotes,
        "language": message.language,
        "subject": message.subject,
        "text": message.text,
    });
    if let Told::Over(_, over) = told {
        body["over"] = json!({ "at": over.at, "residual": over.residual });
    }
    body
}

fn rehearsed(brand: &str, rehearsal: &Rehearsal, message: &Message) -> Value {
    json!({
        "event": "rehearsal",
        "brand": brand,
        "rehearsal": rehearsal,
        "language": message.language,
        "subject": message.subject,
        "text": message.text,
    })
}

/// All of them, the most urgent first.
fn urgent(mentions: &[UrgentMention], message: &Message) -> Value {
    let mention = |one: &UrgentMention| {
        json!({
            "brand": one.brand,
            "cause": one.cause,
            "words": one.words,
            "weight": one.weight,
            "source": one.source,
            "at": one.at,
            "author": one.author.as_ref().map(|author| &author.name),
            "text": one.text,
            "url": one.url,
            "mood": one.label,
            "urgency": one.urgency,
        })
    };
    json!({
        "event": "urgent",
        "sample": false,
        "mentions": mentions.iter().map(mention).collect::<Vec<_>>(),
        "language": message.language,
        "subject": message.subject,
        "text": message.text,
    })
}

/// `null` where there were no mentions.
fn shares(period: &Period) -> Value {
    let Some([negative, neutral, positive]) = period.shares else { return Value::Null };
    json!({
        "mentions": period.mentions,
        "negative": negative.fraction,
        "neutral": neutral.fraction,
        "positive": positive.fraction,
    })
}

/// `v1=` and the HMAC-SHA256 of time and body, in hexadecimal digits.
pub(super) fn signature(secret: &[u8], timestamp: i64, body: &str) -> String {
    // A key of any length is one for HMAC.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return String::new() };
    mac.update(format!("{timestamp}.{body}").as_bytes());
    let digits: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("v1={digits}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed with `printf '1790000000.{"event":"finding"}' | openssl dgst -sha256 -hmac geheim`.
    #[test]
    fn the_signature_is_the_one_that_others_compute() {
        assert_eq!(
            signature(b"geheim", 1_790_000_000, "{\"event\":\"finding\"}"),
            "v1=02ae46dc9e9e38eda220a9a5f42ca70a034f9e7e827b725fb528b1e2251f444d"
        );
    }
}
