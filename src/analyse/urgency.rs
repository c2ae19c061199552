//! How soon somebody should look at a text, from 0 (whenever) to 1 (now), and why.

use super::aspects::{Emotion, Intent, Topic};
use super::tokens::Text;
use super::{Analysis, Reason, Urgency};

/// Words such as "Anwalt", "fire", "today".
const WORD: f64 = 0.35;
/// Who is furious.
const ANGER: f64 = 0.15;
/// Who is afraid.
const WORRY: f64 = 0.2;
/// Who threatens to leave.
const LEAVE: f64 = 0.3;
/// What concerns health, data or a breakdown.
const GRAVE: [(Topic, f64); 3] = [(Topic::Safety, 0.3), (Topic::Privacy, 0.2), (Topic::Outage, 0.15)];
/// Shouting.
const CAPITALS: f64 = 0.1;
/// How much of it is left where the mood is not negative: a report about a fire is no cry for help.
const CALM: f64 = 0.2;

/// Weighs what is known of a text; `urgent` are the words of it that speak of urgency.
///
/// Each reason makes a share of what is left to 1 urgent, so that no number of them exceeds it; then the probability that the mood
/// is negative bounds the whole.
pub(super) fn weigh(text: &Text<'_>, urgent: &[usize], analysis: &Analysis) -> Urgency {
    let mut reasons: Vec<(String, f64)> = Vec::new();
    for &token in urgent.iter().take(4) {
        reasons.push((text.source[text.tokens[token].span.clone()].to_owned(), WORD));
    }
    let has = |emotion| analysis.emotions.contains(&emotion);
    let themes = [
        (has(Emotion::Anger), "(anger)", ANGER),
        (has(Emotion::Worry), "(worry)", WORRY),
        (analysis.intents.contains(&Intent::Leave), "(leave)", LEAVE),
        (shouts(text), "(capitals)", CAPITALS),
    ];
    reasons.extend(themes.into_iter().filter(|(holds, ..)| *holds).map(|(_, name, share)| (name.to_owned(), share)));
    let grave = GRAVE.iter().filter(|(topic, _)| analysis.topics.iter().any(|name| name == topic.name()));
    reasons.extend(grave.map(|(topic, share)| (format!("({})", topic.name()), *share)));
    let negative = analysis.mood.as_ref().map_or(0.0, |mood| mood.probabilities[0]);
    shared_out(reasons, CALM + (1.0 - CALM) * negative)
}

fn shouts(text: &Text<'_>) -> bool {
    let words = text.tokens.iter().filter(|token| token.is_word()).count();
    let loud = text.tokens.iter().filter(|token| token.loud).count();
    loud > 3 && 2 * loud > words
}

/// The urgency, and each reason's part of it.
fn shared_out(reasons: Vec<(String, f64)>, bound: f64) -> Urgency {
    let mut left = 1.0;
    let mut why = Vec::with_capacity(reasons.len());
    for (words, share) in reasons {
        why.push(Reason { words, weight: bound * left * share });
        left *= 1.0 - share;
    }
    why.sort_by(|one, other| other.weight.total_cmp(&one.weight));
    Urgency { value: bound * (1.0 - left), why }
}
