//! An invented finding for everybody who could be told of a real one, to see that it would reach them.

use super::letter::{id, letter};
use crate::alert::{self, Alert, Excerpt, Heard};
use crate::config::{Config, Target};
use crate::detect::{Finding, FindingKind};
use crate::mention::{Label, Language, Timestamp};
use crate::notify::{Delivery, MAIL, Mailer, Poster, Told};

const DAY: i64 = 86_400;

/// The invented mood turned so many days ago.
const TURNED: i64 = 3;

/// Whose name says that none of it is true, wherever it stands.
const GERMAN_BRAND: &str = "Beispielbahn (Probe)";
const ENGLISH_BRAND: &str = "Example Railway (Sample)";

/// What is said of it: negative, neutral, positive.
const GERMAN: [&str; 3] = [
    "Probe, dieser Satz ist erfunden: Seit dem Update ist der Login kaputt, und der Support schweigt.",
    "Probe, dieser Satz ist erfunden: Der neue Fahrplan gilt ab Sonntag.",
    "Probe, dieser Satz ist erfunden: Pünktlich, sauber und freundlich, gerne wieder.",
];
const ENGLISH: [&str; 3] = [
    "Sample, this sentence is invented: the login has been broken since the update, and support is silent.",
    "Sample, this sentence is invented: the new timetable begins on Sunday.",
    "Sample, this sentence is invented: punctual, clean and friendly, I would come again.",
];

/// Sends the sample to each at once, past the outbox of the database; says how each attempt ended.
pub async fn sample(config: &Config, mailer: &Mailer, poster: &Poster, now: Timestamp) -> Vec<(Target, Delivery)> {
    let mut results = Vec::new();
    for target in config.all_targets() {
        let alert = invented(config, language(config, &target), now);
        // A channel that a route names exists: the configuration is valid.
        let Some(letter) =
            letter(config, &target, Told::Sample(&alert), id("sample", &format!("{now}\n{}", target.recipient())), now)
        else {
            continue;
        };
        let attempt = match letter.channel.as_str() {
            MAIL => mailer.deliver(&letter).await,
            _ => poster.deliver(&letter, now).await,
        };
        results.push((target, attempt.delivery));
    }
    results
}

fn language(config: &Config, target: &Target) -> Language {
    match target {
        Target::Mail(recipient) => recipient.language,
        Target::Channel(name) => config.channel(name).map_or(config.alert.language, |channel| channel.language),
    }
}

/// A fall of the mood, three days ago.
fn invented(config: &Config, language: Language, now: Timestamp) -> Alert {
    let is_german = language == Language::GERMAN;
    let (brand, texts) = if is_german { (GERMAN_BRAND, GERMAN) } else { (ENGLISH_BRAND, ENGLISH) };
    let onset = Timestamp::from_seconds((now.seconds().div_euclid(DAY) - TURNED) * DAY);
    let finding = Finding {
        kind: FindingKind::MoodDown,
        at: Timestamp::from_seconds(now.hour() * 3600),
        onset,
        onset_earliest: onset.plus_seconds(-DAY),
        onset_latest: onset,
        evidence: 9.3,
        rarity_days: 400.0,
        residual: -0.5,
        place: None,
        extent: None,
    };
    let language = if is_german { Language::GERMAN } else { Language::ENGLISH };
    let say = |count: i64, from: Timestamp, negative: i64| -> Vec<Excerpt> {
        (0..count).map(|number| excerpt(number, from, negative, texts, language)).collect()
    };
    let before = say(28 * 4, onset.plus_seconds(-28 * DAY), 2);
    let since = say(TURNED * 4, onset, 7);
    alert::explain(brand, &finding, config.alert.rule, &Heard { before, since, ..Heard::default() })
}

/// One mention every six hours, of which so many in ten are negative.
fn excerpt(number: i64, from: Timestamp, negative: i64, texts: [&str; 3], language: Language) -> Excerpt {
    let dice = number * 7 % 10;
    let label = match dice {
        dice if dice < negative => Label::Negative,
        dice if dice < negative + 2 => Label::Neutral,
        _ => Label::Positive,
    };
    let text = match label {
        Label::Negative => texts[0],
        Label::Neutral => texts[1],
        Label::Positive => texts[2],
    };
    Excerpt {
        arrived_at: from.plus_seconds(number * DAY / 4),
        source: "forum".to_owned(),
        language: Some(language),
        topics: Vec::new(),
        label,
        score: f64::from(label.sign()) * 0.8,
        text: text.to_owned(),
        url: None,
    }
}
