//! What all words of a reply together say for a rule and against it.
//!
//! Blame and empty regret have more turns of phrase than anybody can list. So each word, each pair of neighbours, each kind
//! of word (`kinds.txt`) and each pair of kinds in one sentence has a weight, learned from labelled replies (`learn.rs`).

use std::collections::BTreeSet;
use std::ops::Bound::{Excluded, Unbounded};
use std::ops::Range;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::pattern::Patterns;
use super::words::Sentence;

static KINDS: LazyLock<Patterns> = LazyLock::new(|| Patterns::parse(&[include_str!("kinds.txt")]).unwrap_or_default());

/// A feature that every reply has.
pub(super) const ALWAYS: &str = "[always]";

/// The weight of each feature, in log-odds.
#[derive(Debug, Default)]
pub(super) struct Weights(FxHashMap<&'static str, f32>);

impl Weights {
    /// Reads a weight and a feature a line; what cannot be read weighs nothing.
    pub(super) fn parse(file: &'static str) -> Self {
        let line = |line: &'static str| line.split_once('\t').and_then(|(weight, it)| Some((it, weight.parse().ok()?)));
        Self(file.lines().filter_map(line).collect())
    }

    /// The log-odds that the rule should speak.
    pub(super) fn of(&self, sentences: &[Sentence]) -> f32 {
        features(sentences).iter().filter_map(|feature| self.0.get(feature.as_str())).sum()
    }

    /// The sentence that says most for the rule.
    pub(super) fn heaviest(&self, sentences: &[Sentence]) -> Option<Range<usize>> {
        let weight = |sentence: &&Sentence| self.of(std::slice::from_ref(*sentence));
        let heaviest = sentences.iter().max_by(|one, other| weight(one).total_cmp(&weight(other)));
        heaviest.map(|sentence| sentence.place.clone())
    }
}

/// What is weighed in a reply, each once.
pub(super) fn features(sentences: &[Sentence]) -> BTreeSet<String> {
    let mut features = BTreeSet::from([ALWAYS.to_owned()]);
    for sentence in sentences {
        let mut before = "^";
        let mut kinds = BTreeSet::new();
        for word in &sentence.words {
            let written = if word.folded.starts_with(|c: char| c.is_ascii_digit()) { "#" } else { &word.folded };
            features.insert(written.to_owned());
            features.insert(format!("{before} {written}"));
            kinds.extend(KINDS.parts_with(word));
            before = written;
        }
        features.insert(format!("{before} $"));
        if sentence.is_question {
            kinds.insert("question");
        }
        features.extend(kinds.iter().map(|kind| format!("[{kind}]")));
        let pairs = kinds
            .iter()
            .flat_map(|one| kinds.range::<str, _>((Excluded(*one), Unbounded)).map(move |other| (one, other)));
        features.extend(pairs.map(|(one, other)| format!("[{one} {other}]")));
    }
    features
}
