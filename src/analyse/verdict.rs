//! From what was added up to a mood: probabilities, the label, and the reasons as people read them.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::evidence::Clue;
use super::hash::{self, Hash};
use super::signals::{BALANCE, BLAME, Evidence, NAMES, PRAISE};
use super::tokens::Text;
use super::{Mood, Reason};
use crate::mention::{Label, Rating};

/// The log-odds of positive against negative that the best and, negated, the worst rating speak for.
const RATING: f64 = 5.0;
/// Four of five stars are more than half as good as five.
const RATING_CURVE: f64 = 0.6;
/// What a text's log-odds count beside a decided rating: the rating decides.
const TEXT_BESIDE_RATING: f64 = 0.3;
/// The most that a text can say against a decided rating.
const MOST_BESIDE_RATING: f64 = 2.0;
/// By how much a rating at the end of its scale lowers the logit of neutral: who gives one star means it.
const DECIDED: f64 = 2.0;
/// The probability from which a text is sure.
const SURE: f64 = 0.8;
/// How many reasons are named; the others are summed up as one.
const REASONS: usize = 12;
/// The name of the sum of the reasons that are not named.
const OTHERS: &str = "…";
/// The longest wording of a reason, in characters.
const LONGEST_WORDING: usize = 80;

/// The logits of a text, and where those of positive and negative come from.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Tally {
    /// Negative, neutral, positive.
    pub(super) logits: [f64; 3],
    /// What each token adds to the log-odds of positive against negative.
    pub(super) tokens: Vec<f64>,
    /// What each signal adds to them.
    pub(super) signals: [f64; super::signals::SIGNALS],
}

impl Tally {
    /// The log-odds of positive against negative, as the sum of what makes them.
    fn odds(&self) -> f64 {
        self.tokens.iter().chain(&self.signals).sum()
    }
}

/// What a rating does to a text's logits.
struct Stars {
    pull: f64,
    decided: f64,
}

impl Stars {
    fn of(rating: Rating) -> Self {
        let lean = 2.0 * rating.fraction() - 1.0;
        let lean = if lean.is_finite() { lean } else { 0.0 };
        Self { pull: RATING * lean.abs().powf(RATING_CURVE).copysign(lean), decided: (2.0 * lean.abs()).min(1.0) }
    }
}

/// The mood of a text by its logits and its rating.
pub(super) fn mood(
    text: &Text<'_>,
    clues: &[Clue],
    evidence: &Evidence,
    tally: &Tally,
    rating: Option<Rating>,
) -> Mood {
    let [negative, neutral, positive] = tally.logits;
    let mut odds = tally.odds();
    let mut scale = 1.0;
    let mut middle = neutral - f64::midpoint(positive, negative);
    let stars = rating.map(Stars::of);
    if let Some(stars) = &stars {
        let held = MOST_BESIDE_RATING * (TEXT_BESIDE_RATING * odds / MOST_BESIDE_RATING).tanh();
        let beside = if odds == 0.0 { 0.0 } else { held / odds };
        scale = 1.0 + stars.decided * (beside - 1.0);
        odds = odds * scale + stars.pull;
        middle -= stars.decided * DECIDED;
    }
    let probabilities = softmax([-odds / 2.0, middle, odds / 2.0]);
    let mut reasons = reasons(text, clues, evidence, tally, scale);
    if let (Some(rating), Some(stars)) = (rating, stars) {
        let words = format!("rating {}/{}", rating.value, rating.best);
        reasons.add(hash::of(b"\0rating"), stars.pull, || words.into());
    }
    let score = probabilities[2] - probabilities[0];
    let why = reasons.named(factor(score, odds, probabilities));
    Mood { label: most_probable(probabilities), score, probabilities, why }
}

/// Whether a text is sure of the opposite of its decided rating.
pub(super) fn contradicts(tally: &Tally, rating: Rating) -> bool {
    let [negative, _, positive] = softmax(tally.logits);
    let fraction = rating.fraction();
    fraction >= 0.75 && negative >= SURE || fraction <= 0.25 && positive >= SURE
}

/// What turns shares of the log-odds into shares of the score: the logarithmic mean of the two probabilities.
fn factor(score: f64, odds: f64, [negative, _, positive]: [f64; 3]) -> f64 {
    if odds.abs() < 1e-9 { f64::midpoint(negative, positive) } else { score / odds }
}

/// What decided: clues with what their words add otherwise, single words, and what is no word. In log-odds, summing to them.
fn reasons<'a>(text: &Text<'a>, clues: &[Clue], evidence: &Evidence, tally: &Tally, scale: f64) -> Reasons<'a> {
    let mut reasons = Reasons::default();
    let mut owner: Vec<Option<usize>> = vec![None; text.tokens.len()];
    for clue in clues {
        let weight = scale * weight(clue, evidence, &tally.signals);
        let place = reasons.add(key(text, clue), weight, || wording(text, clue));
        owner[clue.tokens.clone()].fill(Some(place));
        if let Some(stem) = clue.stem {
            owner[stem] = Some(place);
        }
    }
    for ((token, owner), share) in text.tokens.iter().zip(owner).zip(&tally.tokens) {
        match owner {
            Some(place) => reasons.all[place].weight += scale * share,
            None if *share == 0.0 => {}
            None => drop(reasons.add(token.hash, scale * share, || text.source[token.span.clone()].into())),
        }
    }
    for (signal, share) in tally.signals.iter().enumerate() {
        if *share != 0.0 && !matches!(signal, PRAISE | BLAME | BALANCE) {
            reasons.add(hash::of(NAMES[signal].as_bytes()), scale * share, || NAMES[signal].into());
        }
    }
    reasons
}

/// What tells a clue from others with other words.
fn key(text: &Text<'_>, clue: &Clue) -> Hash {
    let tokens = clue.stem.into_iter().chain(clue.tokens.clone());
    tokens.map(|token| text.tokens[token].hash).reduce(hash::pair).unwrap_or_default()
}

/// A clue's share of the sums of clues, by what each of these adds to the log-odds.
fn weight(clue: &Clue, evidence: &Evidence, signals: &Signals64) -> f64 {
    let side = if clue.weight > 0.0 { (PRAISE, evidence.praise) } else { (BLAME, evidence.blame) };
    let part = |(signal, weighed): (usize, super::signals::Weighed)| {
        if weighed.sum == 0.0 { 0.0 } else { signals[signal] * weighed.scale / weighed.sum }
    };
    clue.weight.abs() * part(side) + clue.weight * part((BALANCE, evidence.balance))
}

type Signals64 = [f64; super::signals::SIGNALS];

/// A reason on its way: only the weightiest ones are ever written out.
struct Candidate<'a> {
    words: Cow<'a, str>,
    weight: f64,
}

/// Reasons with equal ones added up.
#[derive(Default)]
struct Reasons<'a> {
    all: Vec<Candidate<'a>>,
    places: FxHashMap<Hash, usize>,
}

impl<'a> Reasons<'a> {
    fn add(&mut self, key: Hash, weight: f64, words: impl FnOnce() -> Cow<'a, str>) -> usize {
        let place = *self.places.entry(key).or_insert(self.all.len());
        match self.all.get_mut(place) {
            Some(reason) => reason.weight += weight,
            None => self.all.push(Candidate { words: words(), weight }),
        }
        place
    }

    /// The weightiest first, each weight times `factor`; those that are too many as one.
    fn named(mut self, factor: f64) -> Vec<Reason> {
        self.all.sort_by(|one, other| other.weight.abs().total_cmp(&one.weight.abs()));
        let kept = if self.all.len() > REASONS { REASONS - 1 } else { self.all.len() };
        let rest = self.all.split_off(kept);
        let written = |it: Candidate<'_>| Reason { words: cut(&it.words), weight: factor * it.weight };
        let mut reasons: Vec<Reason> = self.all.into_iter().map(written).collect();
        if !rest.is_empty() {
            let weight = factor * rest.iter().map(|reason| reason.weight).sum::<f64>();
            reasons.push(Reason { words: OTHERS.to_owned(), weight });
        }
        reasons
    }
}

fn cut(words: &str) -> String {
    words.chars().take(LONGEST_WORDING).collect()
}

/// "stürzt … ab", "überhaupt nicht gut".
fn wording<'a>(text: &Text<'a>, clue: &Clue) -> Cow<'a, str> {
    let source = text.source;
    let slice = |tokens: &std::ops::Range<usize>| match &text.tokens[tokens.clone()] {
        [first, .., last] => &source[first.span.start..last.span.end],
        [only] => &source[only.span.clone()],
        [] => "",
    };
    let words = slice(&clue.tokens);
    let words = match clue.stem {
        Some(stem) if stem + 1 < clue.tokens.start => format!("{} … {words}", slice(&(stem..stem + 1))),
        Some(stem) if stem < clue.tokens.start => format!("{} {words}", slice(&(stem..stem + 1))),
        _ if !words.contains(char::is_whitespace) => return words.into(),
        _ => words.to_owned(),
    };
    words.split_whitespace().collect::<Vec<_>>().join(" ").into()
}

/// Probabilities of logits.
pub(super) fn softmax(logits: [f64; 3]) -> [f64; 3] {
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
