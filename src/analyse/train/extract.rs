//! Texts as the numbers that a model learns from: the same that it will see when it reads.

use super::corpus::Sample;
use super::solver::Row;
use crate::analyse::features;
use crate::analyse::lexicon::{self, Lexicon};
use crate::analyse::speech::Speech;
use crate::analyse::symbols::Symbols;
use crate::analyse::tokens::{Kind, Text, tokenize};
use crate::analyse::{capped, evidence, reading, signals};
use crate::mention::Label;

/// A text as numbers, with what a careful reader sees in it.
#[derive(Clone, Debug)]
pub(super) struct Example {
    pub(super) domain: String,
    pub(super) label: Option<Label>,
    pub(super) holds: u32,
    pub(super) known: u32,
    pub(super) weight: f32,
    pub(super) mood: Row,
    pub(super) aspects: Row,
}

impl Example {
    /// Whether it is of the project's own corpus.
    pub(super) fn is_own(&self) -> bool {
        self.weight >= 1.0
    }
}

/// All samples of a language.
pub(super) fn examples(samples: &[Sample], speech: &Speech) -> Vec<Example> {
    let symbols = Symbols::parse(lexicon::SYMBOLS);
    let own = samples.iter().filter(|sample| sample.language == speech.language);
    own.map(|sample| example(sample, &speech.lexicon, &symbols)).collect()
}

fn example(sample: &Sample, lexicon: &Lexicon, symbols: &Symbols) -> Example {
    let text = tokenize(capped(&sample.text), symbols);
    let (mut mood, mut aspects) = rows(&text, lexicon);
    if sample.weight < 1.0 {
        // A prior of its own for each set of others: how many of its texts are sad says nothing about those that the model will read.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small count")]
        let times = (1.0 / mood.share).ceil() as usize;
        for row in [&mut mood, &mut aspects] {
            row.features.extend(std::iter::repeat_n(crate::analyse::hash::of(sample.domain.as_bytes()), times));
        }
    }
    Example {
        domain: sample.domain.clone(),
        label: sample.label,
        holds: sample.holds,
        known: sample.known,
        weight: sample.weight,
        mood,
        aspects,
    }
}

fn rows(text: &Text<'_>, lexicon: &Lexicon) -> (Row, Row) {
    let hint = |token: &crate::analyse::tokens::Token| match token.kind {
        Kind::Word => lexicon.hint(text.key(token)),
        _ => lexicon::Hint::default(),
    };
    let hints: Vec<_> = text.tokens.iter().map(hint).collect();
    let terms = reading::read(text, lexicon, &hints);
    let clues = evidence::clues(text, &terms);
    let (signals, _) = signals::of(text, &terms, &clues);
    let mut features = features::of_text(text);
    let share = features::share(text);
    let mood = Row { features: features.clone(), share, signals };
    for token in text.tokens.iter().filter(|token| token.is_word()) {
        features.extend(features::of_themes(lexicon.themes(text.key(token))));
    }
    (mood, Row { features, share, signals })
}
