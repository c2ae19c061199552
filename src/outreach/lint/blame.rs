//! What says or hints that the customer is at fault, wrong, lying or stupid.
//!
//! Blame is told by the tone of a reply as much as by a turn of phrase, so all of its words are weighed (`weight.rs`).

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use super::pattern::Patterns;
use super::weight::{self, Weights};
use super::words::Sentence;

static PATTERNS: LazyLock<Patterns> =
    LazyLock::new(|| Patterns::parse(&[include_str!("blame.txt")]).unwrap_or_default());

static KINDS: LazyLock<Patterns> = LazyLock::new(|| {
    let files = [include_str!("kinds/persons.txt"), include_str!("kinds/words.txt"), include_str!("kinds/turns.txt")];
    Patterns::parse(&files).unwrap_or_default()
});

static WEIGHTS: LazyLock<Weights> = LazyLock::new(|| Weights::parse(include_str!("weights/blame.tsv")));

/// From these log-odds on it is a blame.
const ENOUGH: f32 = 0.0;

/// With fewer words there is nothing to weigh.
const FEWEST_WORDS: usize = 3;

/// What blames the customer: what does so by itself, or else the sentence that weighs most, if the reply does.
pub(super) fn blamed(sentences: &[Sentence]) -> Vec<Range<usize>> {
    let blames = |sentence: &Sentence| -> Vec<Range<usize>> {
        PATTERNS.find("blame", sentence).iter().map(|one| sentence.span(&one.words)).collect()
    };
    let told: Vec<Range<usize>> = sentences.iter().filter(|one| !one.is_question).flat_map(blames).collect();
    let words: usize = sentences.iter().map(|sentence| sentence.words.len()).sum();
    if !told.is_empty() || words < FEWEST_WORDS {
        return told;
    }
    WEIGHTS.weigh(sentences, &kinds).filter(|(odds, _)| *odds >= ENOUGH).map(|(_, place)| place).into_iter().collect()
}

/// What is weighed in a sentence beside its words.
pub(super) fn kinds(sentence: &Sentence) -> BTreeSet<String> {
    weight::kinds(&KINDS, sentence, &[])
}
