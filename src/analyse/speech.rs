//! What the model knows of one language: its lexicon and what was learned from texts.

use serde::{Deserialize, Serialize};

use super::Read;
use super::aspects::COLUMNS;
use super::language::Letters;
use super::lexicon::Lexicon;
use super::linear::{Linear, Sums};
use super::signals::{PRIOR, SIGNALS};
use super::verdict::Tally;
use super::words::Morphology;
use crate::mention::Language;

/// What was learned for one language.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Weights {
    /// Negative, neutral, positive.
    pub(super) mood: Linear<3>,
    /// See [`super::aspects`].
    pub(super) aspects: Linear<COLUMNS>,
    /// The output from which on an aspect is named.
    pub(super) thresholds: Vec<f32>,
}

/// One language.
#[derive(Debug)]
pub(super) struct Speech {
    pub(super) language: Language,
    pub(super) lexicon: Lexicon,
    pub(super) weights: Weights,
    /// What the brand's own reviews taught.
    pub(super) correction: Option<Linear<3>>,
}

/// The languages with a mood: code, lexicon, its morphology, what was learned.
const SPOKEN: [(&str, &str, Morphology, &[u8]); 8] = [
    ("de", include_str!("lexicon/de.tsv"), Morphology::German, include_bytes!("../../model/weights/de.bin")),
    ("en", include_str!("lexicon/en.tsv"), Morphology::English, include_bytes!("../../model/weights/en.bin")),
    ("fr", include_str!("lexicon/fr.tsv"), Morphology::None, include_bytes!("../../model/weights/fr.bin")),
    ("es", include_str!("lexicon/es.tsv"), Morphology::None, include_bytes!("../../model/weights/es.bin")),
    ("it", include_str!("lexicon/it.tsv"), Morphology::None, include_bytes!("../../model/weights/it.bin")),
    ("pt", include_str!("lexicon/pt.tsv"), Morphology::None, include_bytes!("../../model/weights/pt.bin")),
    ("nl", include_str!("lexicon/nl.tsv"), Morphology::None, include_bytes!("../../model/weights/nl.bin")),
    ("pl", include_str!("lexicon/pl.tsv"), Morphology::None, include_bytes!("../../model/weights/pl.bin")),
];

/// All languages with a mood. Weights that cannot be read (before the first training) are none.
pub(super) fn spoken() -> Vec<Speech> {
    let speech = |(code, words, morphology, weights): (&str, &str, Morphology, &[u8])| Speech {
        language: Language::parse(code).unwrap_or(Language::ENGLISH),
        lexicon: Lexicon::parse(words, morphology),
        weights: postcard::from_bytes(weights).unwrap_or_default(),
        correction: None,
    };
    SPOKEN.into_iter().map(speech).collect()
}

/// The lexicon of each language with a mood, as it was written.
pub(super) fn lexica() -> impl Iterator<Item = (Language, &'static str)> {
    SPOKEN.into_iter().filter_map(|(code, words, ..)| Some((Language::parse(code)?, words)))
}

/// What was learned of the letters of languages.
pub(super) fn letters() -> Letters {
    postcard::from_bytes(include_bytes!("../../model/weights/language.bin")).unwrap_or_default()
}

impl Speech {
    /// The logits of the moods, and who adds what to the log-odds of positive against negative.
    pub(super) fn tally(&self, read: &Read, share: f32) -> Tally {
        let mut logits = self.weights.mood.outputs(&read.mood, share, &read.signals).map(f64::from);
        let mut tally = Tally {
            tokens: read.pulls.iter().map(|sums| pull(&self.weights.mood, sums, share)).collect(),
            signals: std::array::from_fn(|at| signal(&self.weights.mood, at, read.signals[at])),
            ..Tally::default()
        };
        if let Some(correction) = &self.correction {
            let mut prior = [0.0; SIGNALS];
            prior[PRIOR] = 1.0;
            let more = correction.outputs(&read.correction, share, &prior);
            logits.iter_mut().zip(more).for_each(|(logit, more)| *logit += f64::from(more));
            let corrections = read.corrections.iter().map(|sums| pull(correction, sums, share));
            tally.tokens.iter_mut().zip(corrections).for_each(|(token, more)| *token += more);
            tally.signals[PRIOR] += signal(correction, PRIOR, 1.0);
        }
        Tally { logits, ..tally }
    }

    /// By how much each aspect is beyond its threshold.
    pub(super) fn aspects(&self, read: &Read, share: f32) -> [f32; COLUMNS] {
        let outputs = self.weights.aspects.outputs(&read.aspects, share, &read.signals);
        let thresholds = &self.weights.thresholds;
        std::array::from_fn(|at| thresholds.get(at).map_or(f32::NEG_INFINITY, |threshold| outputs[at] - threshold))
    }
}

/// What sums of a token, taken twice, add to the log-odds of positive against negative.
fn pull(linear: &Linear<3>, [negative, _, positive]: &Sums<3>, share: f32) -> f64 {
    let table = &linear.table;
    f64::from(share) * f64::from(table.worth(2, *positive) - table.worth(0, *negative)) / 2.0
}

/// What a signal adds to them.
fn signal(linear: &Linear<3>, at: usize, value: f32) -> f64 {
    linear.signals.get(at).map_or(0.0, |weights| f64::from(value) * f64::from(weights[2] - weights[0]))
}
