//! What a brand's own reviews teach: a small correction on top of the model, for each language, learned from the operator's
//! corrections and from reviews with stars, and used only where it is right more often on texts that it did not learn from.

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::features;
use super::hash;
use super::linear::Linear;
use super::signals::SIGNALS;
use super::train::solver::{self, Learned, Row, Settings};
use super::verdict::softmax;
use super::{Mask, Model, Reader, capped, language, tokens};
use crate::mention::{Label, Language, Mention};

/// Two to this power buckets.
const BITS: u32 = 14;
/// How often every lesson is visited.
const EPOCHS: usize = 12;
const RATE: f32 = 0.05;
/// The penalties that are tried, the smallest correction first.
const PENALTIES: [f32; 4] = [0.05, 0.02, 0.008, 0.003];
/// Fewer lessons than this in a language teach nothing.
const FEWEST: usize = 100;
/// Into how many parts the lessons are divided to see whether they help.
const FOLDS: usize = 5;
/// How much the macro-F1 must gain for a correction to be used.
const WORTH: f64 = 0.005;

/// A text whose mood is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Lesson {
    /// Its language, text and title; its rating is not looked at.
    pub mention: Mention,
    /// Its mood.
    pub label: Label,
    /// Whether a person said so; else it follows from the stars.
    pub by_hand: bool,
}

/// What a person's word counts, and what stars do.
const BY_HAND: f32 = 1.0;
/// See [`BY_HAND`].
const BY_STARS: f32 = 0.5;

/// A correction for some languages.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Adaptation {
    pub(super) languages: Vec<(Language, Linear<3>)>,
}

/// What cross-validation says about a correction for one language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gain {
    /// The language.
    pub language: Language,
    /// How many lessons there were.
    pub lessons: usize,
    /// Macro-F1 of the model as it was, from 0 to 1.
    pub before: f64,
    /// Macro-F1 on lessons that the correction did not learn from.
    pub after: f64,
    /// Whether the correction is used.
    pub used: bool,
}

impl Adaptation {
    /// The part that goes into a model's version; empty where there is no correction.
    pub fn version(&self) -> String {
        if self.languages.is_empty() {
            return String::new();
        }
        let bytes = postcard::to_stdvec(self).unwrap_or_default();
        Sha256::digest(bytes)[..4].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// As it is stored.
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_stdvec(self).unwrap_or_default()
    }

    /// The inverse of [`Adaptation::to_bytes`]; `None` for what is none.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }
}

/// A lesson as numbers.
struct Exercise {
    language: Language,
    /// The logits of the model without a correction.
    given: [f32; 3],
    row: Row,
    label: Label,
    weight: f32,
}

/// Learns a correction from lessons about a brand; `model` must have none yet.
pub fn adapt(model: &Model, brand: &Mask, lessons: &[Lesson]) -> (Adaptation, Vec<Gain>) {
    let mut reader = model.reader();
    let exercises: Vec<_> = lessons.iter().filter_map(|lesson| exercise(lesson, brand, &mut reader)).collect();
    let mut adaptation = Adaptation::default();
    let mut gains = Vec::new();
    for speech in &model.speeches {
        let own: Vec<&Exercise> = exercises.iter().filter(|it| it.language == speech.language).collect();
        if own.len() < FEWEST {
            continue;
        }
        let (penalty, gain) = cross_validated(speech.language, &own);
        if gain.used {
            adaptation.languages.push((speech.language, learn(&own, penalty).finished(1.0)));
        }
        gains.push(gain);
    }
    (adaptation, gains)
}

fn exercise(lesson: &Lesson, brand: &Mask, reader: &mut Reader<'_>) -> Option<Exercise> {
    let source = lesson.mention.full_text();
    let mut text = tokens::tokenize(capped(&source), &reader.model.symbols);
    brand.apply(&mut text);
    let guess = language::detect(&text, lesson.mention.language_hint, &reader.model.languages, &mut reader.spellings);
    let speech = reader.model.speech(guess, &text).filter(|_| super::says_something(&text))?;
    let read = reader.read(&text, speech);
    let speech = &reader.model.speeches[speech];
    let share = features::share(&text);
    let mut features = features::of_text(&text);
    if !lesson.by_hand {
        // A prior of their own for texts with stars: how many of them are furious says nothing about texts without.
        features.extend(std::iter::repeat_n(hash::of(b"\0stars"), 8));
    }
    let mut signals = [0.0; SIGNALS];
    signals[super::signals::PRIOR] = 1.0;
    Some(Exercise {
        language: speech.language,
        given: speech.weights.mood.outputs(&read.mood, share, &read.signals),
        row: Row { features, share, signals },
        label: lesson.label,
        weight: if lesson.by_hand { BY_HAND } else { BY_STARS },
    })
}

/// The penalty under which the correction is best on lessons that it did not learn from, and what it gains.
fn cross_validated(language: Language, exercises: &[&Exercise]) -> (f32, Gain) {
    let labels = || exercises.iter().map(|exercise| exercise.label);
    let before = macro_f1(labels().zip(exercises.iter().map(|exercise| said(exercise.given))));
    let after = |penalty: f32| macro_f1(labels().zip(held_out(exercises, penalty)));
    let tried = PENALTIES.map(|penalty| (penalty, after(penalty)));
    let best = tried.into_iter().reduce(|best, next| if next.1 > best.1 { next } else { best });
    let (penalty, after) = best.unwrap_or((PENALTIES[0], before));
    (penalty, Gain { language, lessons: exercises.len(), before, after, used: after >= before + WORTH })
}

/// For each lesson what a correction says that learned from the other parts.
fn held_out(exercises: &[&Exercise], penalty: f32) -> Vec<Label> {
    let mut labels = vec![Label::Neutral; exercises.len()];
    for part in 0..FOLDS {
        let rest: Vec<&Exercise> =
            exercises.iter().enumerate().filter(|(at, _)| at % FOLDS != part).map(|(_, it)| *it).collect();
        let learned = learn(&rest, penalty);
        for (at, exercise) in exercises.iter().enumerate().filter(|(at, _)| at % FOLDS == part) {
            labels[at] = said(corrected(exercise, learned.outputs(&exercise.row)));
        }
    }
    labels
}

fn learn(exercises: &[&Exercise], penalty: f32) -> Learned<3> {
    let rows: Vec<&Row> = exercises.iter().map(|exercise| &exercise.row).collect();
    let settings = Settings { bits: BITS, epochs: EPOCHS, rate: RATE, penalty };
    solver::learn(&rows, Learned::new(BITS), settings, |at, outputs| {
        let exercise = exercises[at];
        let p = softmax(corrected(exercise, outputs).map(f64::from));
        #[expect(clippy::cast_possible_truncation, reason = "probabilities")]
        std::array::from_fn(|class| {
            exercise.weight * (p[class] as f32 - f32::from(u8::from(class == exercise.label as usize)))
        })
    })
}

fn corrected(exercise: &Exercise, outputs: [f32; 3]) -> [f32; 3] {
    std::array::from_fn(|class| exercise.given[class] + outputs[class])
}

fn said(logits: [f32; 3]) -> Label {
    let best = (0..3).max_by(|&a, &b| logits[a].total_cmp(&logits[b])).unwrap_or(1);
    Label::ALL[best]
}

/// The mean of the F1 of the classes that occur.
pub fn macro_f1(pairs: impl Iterator<Item = (Label, Label)>) -> f64 {
    let pairs: Vec<_> = pairs.collect();
    let scores = Label::ALL.iter().filter(|class| pairs.iter().any(|(is, _)| is == *class));
    let scores: Vec<f64> = scores
        .map(|class| super::train::Score::of(pairs.iter().map(|(is, said)| (is == class, said == class))).f1())
        .collect();
    #[expect(clippy::cast_precision_loss, reason = "three classes")]
    let count = scores.len().max(1) as f64;
    scores.iter().sum::<f64>() / count
}
