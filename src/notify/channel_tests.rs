//! What each channel is sent, to the letter.

use serde_json::Value;
use url::Url;

use super::*;
use crate::alert::{self, Alert, Excerpt, Heard, UrgentMention};
use crate::detect::{Development, Finding, FindingKind, Rule, Stage};
use crate::mention::{Author, Label, Language};
use crate::secret::SecretPlace;
use crate::urgent::Cause;

const DAY: i64 = 86_400;

/// Somebody tries each kind of markup.
const NASTY: &str =
    "Login kaputt <!channel> & **nichts** geht, siehe [hier](https://böse.example) <b>Update</b> am Montag!";

fn heard(day: i64, count: i64, upset: i64) -> Vec<Excerpt> {
    let say = |number: i64| {
        let is_upset = number % 10 < upset;
        Excerpt {
            arrived_at: NOON.plus_seconds((day * 24 + number) * 3600),
            source: "forum".to_owned(),
            language: Some(Language::GERMAN),
            topics: Vec::new(),
            label: if is_upset { Label::Negative } else { Label::Positive },
            score: if is_upset { -0.8 } else { 0.8 },
            text: if is_upset {
                NASTY.to_owned()
            } else {
                "Pünktlich, sauber & freundlich: gerne wieder <3".to_owned()
            },
            url: Some("https://forum.example/?a=1&b=<x>|y".to_owned()),
        }
    };
    (0..count).map(say).collect()
}

const NOON: Timestamp = Timestamp::from_seconds(1_790_000_000 / DAY * DAY + DAY / 2);

fn fall() -> Alert {
    let onset = Timestamp::from_seconds(NOON.seconds() - DAY / 2);
    let finding = Finding {
        kind: FindingKind::MoodDown,
        at: NOON.plus_seconds(2 * DAY),
        onset,
        onset_earliest: onset.plus_seconds(-DAY),
        onset_latest: onset,
        evidence: 9.5,
        rarity_days: 400.0,
        residual: -0.5,
        place: None,
        extent: None,
    };
    let heard = Heard { before: heard(-20, 300, 2), since: heard(0, 40, 7), ..Heard::default() };
    alert::explain("Hell & Bahn", &finding, Rule::default(), &heard)
}

fn over() -> Development {
    let found_at = NOON.plus_seconds(2 * DAY);
    let (kind, at) = (FindingKind::MoodDown, found_at.plus_seconds(9 * DAY));
    Development { kind, found_at, at, stage: Stage::Over, residual: -0.02 }
}

fn channel(kind: ChannelKind, language: Language) -> Channel {
    Channel { name: "team".to_owned(), language, allow_private_network: false, kind }
}

fn webhook() -> ChannelKind {
    ChannelKind::Webhook { url: Url::parse("https://hook.example/").unwrap(), secret: SecretPlace::default() }
}

/// The body, laid out for reading; `text` is a mail's, which has tests of its own.
fn sent(channel: &Channel, told: Told) -> String {
    let mail = channel.write(told, chrono_tz::Tz::Europe__Berlin);
    assert_eq!(mail.html, "");
    let mut body: Value = serde_json::from_str(&mail.text).unwrap();
    if let ChannelKind::Webhook { .. } = channel.kind {
        assert!(body["text"].as_str().unwrap().contains("Hell & Bahn"));
        body["text"] = "…".into();
    }
    serde_json::to_string_pretty(&body).unwrap()
}

#[test]
fn teams_gets_a_card_in_which_no_stranger_writes_markup() {
    let teams = channel(ChannelKind::Teams(SecretPlace::default()), Language::GERMAN);
    insta::assert_snapshot!(sent(&teams, Told::Found(&fall())));
}

#[test]
fn slack_gets_blocks_in_which_no_stranger_writes_markup() {
    let slack = channel(ChannelKind::Slack(SecretPlace::default()), Language::ENGLISH);
    insta::assert_snapshot!(sent(&slack, Told::Found(&fall())));
}

#[test]
fn a_program_gets_everything() {
    insta::assert_snapshot!(sent(&channel(webhook(), Language::GERMAN), Told::Found(&fall())));
}

#[test]
fn the_end_is_told_in_a_short_message() {
    let (fall, over) = (fall(), over());
    let told = Told::Over(&fall, &over);
    let teams = channel(ChannelKind::Teams(SecretPlace::default()), Language::GERMAN);
    let slack = channel(ChannelKind::Slack(SecretPlace::default()), Language::ENGLISH);
    let bodies = [&teams, &slack, &channel(webhook(), Language::ENGLISH)].map(|channel| sent(channel, told));
    insta::assert_snapshot!(bodies.join("\n\n"));
}

fn urgent() -> [UrgentMention; 1] {
    [UrgentMention {
        brand: "Hell & Bahn".to_owned(),
        cause: Cause::Safety,
        words: vec!["Login kaputt".to_owned()],
        weight: 0.9,
        source: "forum".to_owned(),
        at: NOON,
        author: Some(Author { key: "u1".to_owned(), name: "<!here> *Jana*".to_owned() }),
        text: NASTY.to_owned(),
        url: Some("https://forum.example/?a=1&b=<x>|y".to_owned()),
        label: Some(Label::Negative),
        urgency: 0.7,
    }]
}

#[test]
fn what_cannot_wait_is_told_on_every_channel() {
    let urgent = urgent();
    let teams = channel(ChannelKind::Teams(SecretPlace::default()), Language::GERMAN);
    let slack = channel(ChannelKind::Slack(SecretPlace::default()), Language::ENGLISH);
    let bodies =
        [&teams, &slack, &channel(webhook(), Language::ENGLISH)].map(|channel| sent(channel, Told::Urgent(&urgent)));
    insta::assert_snapshot!(bodies.join("\n\n"));
}

#[test]
fn a_sample_says_so_to_programs() {
    let body: Value =
        serde_json::from_str(&sent(&channel(webhook(), Language::GERMAN), Told::Sample(&fall()))).unwrap();
    assert_eq!((&body["event"], &body["sample"]), (&"finding".into(), &true.into()));
}
