//! From evidence to a mood: a fixed softmax over the sum of the clues and the rating, and the reasons as people read them.

use std::collections::HashMap;

use super::evidence::Clue;
use super::tokens::Text;
use super::{Mood, Reason};
use crate::mention::{Label, Rating};

/// How fast evidence, in units of the lexicon's valence, becomes certainty: log-odds of positive against negative are
/// twice this times the evidence.
pub(super) const SHARPNESS: f64 = 0.8;
/// The logit of neutral: evidence of more than `NEUTRAL / SHARPNESS` is needed to call a text anything else.
const NEUTRAL: f64 = 0.68;
/// By how much a rating at the end of its scale lowers the logit of neutral: who gives one star means it.
const DECIDED: f64 = 0.6;
/// The evidence of the best and, negated, the worst rating.
const RATING: f64 = 4.0;
/// Four of five stars are more than half as good as five.
const RATING_CURVE: f64 = 0.6;
/// What a text's evidence counts beside a decided rating.
const TEXT_BESIDE_RATING: f64 = 0.5;
/// In a text of this many words a clue counts 1/√2 of what it does in a text of one word.
const LONG: f64 = 30.0;
/// The evidence that a text approaches however long it goes on.
const MOST: f64 = 3.5;
/// How many reasons are named; the others are summed up as one.
const REASONS: usize = 12;
/// The name of the sum of the reasons that are not named.
const OTHERS: &str = "…";
/// The longest wording of a reason, in characters.
const LONGEST_WORDING: usize = 80;

/// Weighs the clues of a text and its rating.
pub(super) fn mood(text: &Text<'_>, clues: &[Clue], rating: Option<Rating>) -> Mood {
    let decided = rating.map_or(0.0, |rating| (2.0 * lean(rating).abs()).min(1.0));
    let scale = text_scale(text, clues) * (1.0 - (1.0 - TEXT_BESIDE_RATING) * decided);
    let mut why = reasons(text, clues, scale);
    if let Some(rating) = rating {
        let weight = RATING * lean(rating).abs().powf(RATING_CURVE).copysign(lean(rating));
        why.insert(0, Reason { words: format!("rating {}/{}", rating.value, rating.best), weight });
        why.sort_by(weightiest_first);
    }
    let evidence: f64 = why.iter().map(|reason| reason.weight).sum();
    let probabilities = softmax([-SHARPNESS * evidence, NEUTRAL - DECIDED * decided, SHARPNESS * evidence]);
    Mood { label: most_probable(probabilities), score: probabilities[2] - probabilities[0], probabilities, why }
}

/// From −1 for the worst rating to 1 for the best.
fn lean(rating: Rating) -> f64 {
    let lean = 2.0 * rating.fraction() - 1.0;
    if lean.is_finite() { lean } else { 0.0 }
}

/// What all clues of a text are multiplied by, so that long texts are not certain merely for being long.
fn text_scale(text: &Text<'_>, clues: &[Clue]) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "texts have at most 32,000 characters")]
    let words = text.words().count() as f64;
    let dilution = 1.0 / (1.0 + words / LONG).sqrt();
    let sum = dilution * clues.iter().map(|clue| clue.weight).sum::<f64>();
    if sum == 0.0 { dilution } else { dilution * MOST * (sum / MOST).tanh() / sum }
}

/// The clues as they stand in the text, equal ones added up, the weightiest first.
fn reasons(text: &Text<'_>, clues: &[Clue], scale: f64) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = Vec::new();
    let mut known = HashMap::new();
    for clue in clues {
        let words = wording(text, clue);
        let position = *known.entry(words.to_lowercase()).or_insert(reasons.len());
        match reasons.get_mut(position) {
            Some(reason) => reason.weight += clue.weight * scale,
            None => reasons.push(Reason { words, weight: clue.weight * scale }),
        }
    }
    reasons.sort_by(weightiest_first);
    if reasons.len() > REASONS {
        let weight = reasons.split_off(REASONS - 1).iter().map(|reason| reason.weight).sum();
        reasons.push(Reason { words: OTHERS.to_owned(), weight });
    }
    reasons
}

fn weightiest_first(one: &Reason, other: &Reason) -> std::cmp::Ordering {
    other.weight.abs().total_cmp(&one.weight.abs())
}

/// "stürzt … ab", "überhaupt nicht gut".
fn wording(text: &Text<'_>, clue: &Clue) -> String {
    let slice = |tokens: &std::ops::Range<usize>| match &text.tokens[tokens.clone()] {
        [first, .., last] => &text.source[first.span.start..last.span.end],
        [only] => &text.source[only.span.clone()],
        [] => "",
    };
    let words = slice(&clue.tokens).split_whitespace().collect::<Vec<_>>().join(" ");
    let words = match clue.stem {
        Some(stem) if stem + 1 < clue.tokens.start => format!("{} … {words}", slice(&(stem..stem + 1))),
        Some(stem) if stem < clue.tokens.start => format!("{} {words}", slice(&(stem..stem + 1))),
        _ => words,
    };
    words.chars().take(LONGEST_WORDING).collect()
}

fn softmax(logits: [f64; 3]) -> [f64; 3] {
    let greatest = logits.into_iter().fold(f64::NEG_INFINITY, f64::max);
    let powers = logits.map(|logit| (logit - greatest).exp());
    let sum: f64 = powers.iter().sum();
    powers.map(|power| power / sum)
}

fn most_probable(probabilities: [f64; 3]) -> Label {
    let [negative, neutral, positive] = probabilities;
    if neutral >= negative && neutral >= positive {
        Label::Neutral
    } else if negative > positive {
        Label::Negative
    } else {
        Label::Positive
    }
}
