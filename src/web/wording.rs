//! What things are called on the pages, in both languages.

use super::Frame;
use crate::alert::Verdict;
use crate::detect::Finding;
use crate::mention::{Label, Language};
use crate::store::Listed;

/// A mood.
pub(super) fn mood(frame: &Frame, label: Label) -> &'static str {
    match label {
        Label::Negative => frame.say("negativ", "negative"),
        Label::Neutral => frame.say("neutral", "neutral"),
        Label::Positive => frame.say("positiv", "positive"),
    }
}

/// What stands beside a mood's name, so that colours are not all there is.
pub(super) const fn sign(label: Label) -> &'static str {
    match label {
        Label::Negative => "−",
        Label::Neutral => "○",
        Label::Positive => "+",
    }
}

/// What a finding says, in a sentence.
pub(super) fn finding(frame: &Frame, brand: &str, finding: &Finding) -> String {
    frame.format().headline(brand, finding)
}

/// Where a finding stands: what people say of it, else what it has come to.
pub(super) fn stage(frame: &Frame, listed: &Listed) -> &'static str {
    match (&listed.verdict, listed.stage.as_deref()) {
        (Some(Verdict::FalseAlarm), _) => frame.say("Fehlalarm", "false alarm"),
        (Some(Verdict::Incident { .. }), _) => frame.say("Vorfall", "incident"),
        (_, Some("growing")) => frame.say("dauert an", "going on"),
        (_, Some("easing")) => frame.say("lässt nach", "easing"),
        (_, Some("over")) => frame.say("vorbei", "over"),
        (_, Some("settled")) => frame.say("neuer Normalzustand", "the new usual"),
        (_, Some("reversed")) => frame.say("umgekehrt", "reversed"),
        (Some(Verdict::Seen), _) => frame.say("gesehen", "seen"),
        _ => frame.say("neu", "new"),
    }
}

/// A source, a language or a topic, by what it was counted by.
pub(super) fn part(frame: &Frame, kind: &str, name: &str) -> String {
    match kind {
        "topic" => capitalized(&frame.format().topic(name)),
        "language" => language(frame, Language::parse(name)),
        _ => name.to_owned(),
    }
}

/// A language by its name.
pub(super) fn language(frame: &Frame, language: Option<Language>) -> String {
    let Some(language) = language else { return frame.say("nicht erkannt", "not recognised").to_owned() };
    let name = match language.code() {
        "de" => frame.say("Deutsch", "German"),
        "en" => frame.say("Englisch", "English"),
        "fr" => frame.say("Französisch", "French"),
        "es" => frame.say("Spanisch", "Spanish"),
        "it" => frame.say("Italienisch", "Italian"),
        "pt" => frame.say("Portugiesisch", "Portuguese"),
        "nl" => frame.say("Niederländisch", "Dutch"),
        "pl" => frame.say("Polnisch", "Polish"),
        "tr" => frame.say("Türkisch", "Turkish"),
        "da" => frame.say("Dänisch", "Danish"),
        "sv" => frame.say("Schwedisch", "Swedish"),
        "cs" => frame.say("Tschechisch", "Czech"),
        code => return code.to_owned(),
    };
    name.to_owned()
}

/// An emotion by its name.
pub(super) fn emotion<'a>(frame: &Frame, name: &'a str) -> &'a str {
    match name {
        "anger" => frame.say("Ärger", "anger"),
        "disappointment" => frame.say("Enttäuschung", "disappointment"),
        "worry" => frame.say("Sorge", "worry"),
        "sadness" => frame.say("Traurigkeit", "sadness"),
        "disgust" => frame.say("Ekel", "disgust"),
        "joy" => frame.say("Freude", "joy"),
        "gratitude" => frame.say("Dankbarkeit", "gratitude"),
        "surprise" => frame.say("Überraschung", "surprise"),
        other => other,
    }
}

/// An intent by its name.
pub(super) fn intent<'a>(frame: &Frame, name: &'a str) -> &'a str {
    match name {
        "complaint" => frame.say("Beschwerde", "complaint"),
        "question" => frame.say("Frage", "question"),
        "praise" => frame.say("Lob", "praise"),
        "suggestion" => frame.say("Vorschlag", "suggestion"),
        "leave" => frame.say("will gehen", "wants to leave"),
        "buy" => frame.say("will kaufen", "wants to buy"),
        other => other,
    }
}

/// Why a mention cannot wait, by the cause's name.
pub(super) fn cause<'a>(frame: &Frame, name: &'a str) -> &'a str {
    match name {
        "safety" => frame.say("Sicherheit", "safety"),
        "privacy" => frame.say("Datenschutz", "privacy"),
        "legal" => frame.say("Recht", "legal"),
        "press" => frame.say("Presse", "press"),
        "leave" => frame.say("Großkunde will gehen", "large account wants to leave"),
        "own" => frame.say("eigener Begriff", "term of your own"),
        other => other,
    }
}

/// How a source does, by the state's name.
pub(super) fn source_state(frame: &Frame, state: crate::service::State) -> &'static str {
    use crate::service::State;
    match state {
        State::New => frame.say("noch nie gefragt", "never asked yet"),
        State::Speaking => frame.say("spricht", "speaking"),
        State::Quiet => frame.say("ruhig", "quiet"),
        State::Silent => frame.say("verstummt", "silent"),
        State::Failing => frame.say("antwortet nicht", "failing"),
        State::Paused => frame.say("pausiert", "paused"),
    }
}

/// What stands beside that, so that colours are not all there is.
pub(super) const fn source_sign(state: crate::service::State) -> &'static str {
    use crate::service::State;
    match state {
        State::New => "…",
        State::Speaking => "✓",
        State::Quiet => "○",
        State::Silent => "?",
        State::Failing => "✕",
        State::Paused => "‖",
    }
}

/// With a capital letter at the beginning, as a heading has it.
pub(super) fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The beginning of a text on one line, cut between words.
pub(super) fn excerpt(text: &str, characters: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((end, _)) = line.char_indices().nth(characters) else { return line };
    let cut = line[..end].rfind(' ').unwrap_or(end);
    format!("{} …", line[..cut].trim_end_matches([',', ';', ':', '.', ' ']))
}
