//! What things are called on the pages, in both languages.

use super::Frame;
use crate::alert::Verdict;
use crate::detect::{Finding, FindingKind, Stage};
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

/// What kind of finding it is.
pub(super) fn kind(frame: &Frame, kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::MoodDown => frame.say("Stimmung schlechter", "mood down"),
        FindingKind::MoodUp => frame.say("Stimmung besser", "mood up"),
        FindingKind::Volume => frame.say("mehr Erwähnungen", "more mentions"),
        FindingKind::Burst => frame.say("ein Ursprung", "one origin"),
        FindingKind::Mix => frame.say("andere Zusammensetzung", "another blend"),
        FindingKind::Gap => frame.say("Stille", "silence"),
    }
}

/// What people say of a finding, by the verdict's name; `open`: nothing yet.
pub(super) fn verdict<'a>(frame: &Frame, name: &'a str) -> &'a str {
    match name {
        "open" => frame.say("nicht eingestuft", "not judged"),
        "seen" => frame.say("gesehen", "seen"),
        "false_alarm" => frame.say("Fehlalarm", "false alarm"),
        "incident" => frame.say("Vorfall", "incident"),
        other => other,
    }
}

/// What a shift has come to.
pub(super) fn development(frame: &Frame, stage: Stage) -> &'static str {
    match stage {
        Stage::Growing => frame.say("größer geworden", "has grown"),
        Stage::Easing => frame.say("mindestens zur Hälfte vorbei", "at least half of it is gone"),
        Stage::Over => frame.say("vorbei", "over"),
        Stage::Settled => frame.say("gilt nun als üblich", "is the usual now"),
        Stage::Reversed => frame.say("ins Gegenteil gekehrt", "has turned the other way"),
    }
}

/// Where a letter stands, by the state's name.
pub(super) fn letter_state<'a>(frame: &Frame, state: &'a str) -> &'a str {
    match state {
        "queued" => frame.say("wartet", "waiting"),
        "sending" => frame.say("wird zugestellt", "being delivered"),
        "sent" => frame.say("zugestellt", "delivered"),
        "unknown" => frame.say("Ausgang unbekannt", "fate unknown"),
        "failed" => frame.say("nicht zugestellt", "not delivered"),
        other => other,
    }
}

/// Where a finding stands: what people say of it, else what it has come to.
pub(super) fn stage(frame: &Frame, listed: &Listed) -> &'static str {
    match (&listed.verdict, &listed.stage) {
        (Some(Verdict::FalseAlarm), _) => frame.say("Fehlalarm", "false alarm"),
        (Some(Verdict::Incident { .. }), _) => frame.say("Vorfall", "incident"),
        (Some(Verdict::Seen), None) => frame.say("gesehen", "seen"),
        (None, None) => frame.say("neu", "new"),
        _ => development_of(frame, listed),
    }
}

/// What a finding has come to.
pub(super) fn development_of(frame: &Frame, listed: &Listed) -> &'static str {
    match listed.stage.as_deref() {
        Some("growing") => frame.say("dauert an", "going on"),
        Some("easing") => frame.say("lässt nach", "easing"),
        Some("over") => frame.say("vorbei", "over"),
        Some("settled") => frame.say("neuer Normalzustand", "the new usual"),
        Some("reversed") => frame.say("umgekehrt", "reversed"),
        _ if FindingKind::parse(&listed.kind).and_then(FindingKind::direction).is_none() => "–",
        _ => frame.say("unverändert", "unchanged"),
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

/// A reason for a mood or for urgency: words as they stand in the text, or a rule by its name.
pub(super) fn reason(frame: &Frame, words: &str) -> String {
    let known = match words {
        "(prior)" => frame.say("wie meistens", "as in most texts"),
        "(praise)" => frame.say("Lob insgesamt", "praise altogether"),
        "(blame)" => frame.say("Tadel insgesamt", "blame altogether"),
        "(balance)" => frame.say("Lob gegen Tadel", "praise against blame"),
        "(praise and blame)" => frame.say("Lob und Tadel zugleich", "praise and blame at once"),
        "(nothing said)" => frame.say("nichts Wertendes", "nothing that judges"),
        "(question)" => frame.say("eine Frage", "a question"),
        "(report)" => frame.say("ein Bericht", "a report"),
        "(person)" => frame.say("spricht von sich", "speaks of themselves"),
        "(link)" => frame.say("ein Link", "a link"),
        "(anger)" => frame.say("Ärger", "anger"),
        "(worry)" => frame.say("Sorge", "worry"),
        "(leave)" => frame.say("will gehen", "wants to leave"),
        "(capitals)" => frame.say("Großbuchstaben", "capitals"),
        "…" => frame.say("alles Übrige", "everything else"),
        other => match (other.strip_prefix('(').and_then(|it| it.strip_suffix(')')), other.strip_prefix("rating ")) {
            (Some(topic), _) => return frame.format().topic(topic),
            (_, Some(rating)) => return format!("{} {rating}", frame.say("Bewertung", "rating")),
            _ => return other.to_owned(),
        },
    };
    known.to_owned()
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

/// How so many sources do.
pub(super) fn source_states(frame: &Frame, state: crate::service::State, count: usize) -> &'static str {
    match state {
        crate::service::State::Failing if count != 1 => frame.say("antworten nicht", "failing"),
        state => source_state(frame, state),
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
