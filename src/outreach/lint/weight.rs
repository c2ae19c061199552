//! What all words of a reply together say for a rule and against it.
//!
//! Blame, empty regret, requests for stars and what is told of somebody have more turns of phrase than anybody can list. So
//! each word, each pair of neighbours, the beginning of each long word, each kind of word or turn of phrase (`kinds/`) and each
//! pair of kinds in one sentence has a weight, learned from labelled replies (`learn.rs`).

use std::collections::BTreeSet;
use std::ops::Bound::{Excluded, Unbounded};
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::pattern::Patterns;
use super::words::{Sentence, Word};

/// A feature that every reply has.
pub(super) const ALWAYS: &str = "[always]";

/// The kind of a sentence in which the patterns of a rule fit.
pub(super) const TOLD: &str = "told";

/// The weight of each feature, in log-odds.
#[derive(Debug, Default)]
pub(super) struct Weights(FxHashMap<&'static str, f32>);

/// The kinds of words and turns of phrase in a sentence, as a rule sees them.
pub(super) type Kinds<'a> = &'a dyn Fn(&Sentence) -> BTreeSet<String>;

impl Weights {
    /// Reads a weight and a feature a line; what cannot be read weighs nothing.
    pub(super) fn parse(file: &'static str) -> Self {
        let line = |line: &'static str| line.split_once('\t').and_then(|(weight, it)| Some((it, weight.parse().ok()?)));
        Self(file.lines().filter_map(line).collect())
    }

    /// The log-odds that the rule should speak on all of it and on its heaviest sentence, summed; and where that stands.
    pub(super) fn weigh(&self, sentences: &[Sentence], kinds: Kinds<'_>) -> Option<(f32, Range<usize>)> {
        let (most, place) = self.heaviest(sentences, kinds)?;
        Some((self.of(sentences, kinds) + most, place))
    }

    /// The log-odds that the rule should speak.
    pub(super) fn of(&self, sentences: &[Sentence], kinds: Kinds<'_>) -> f32 {
        features(sentences, kinds).iter().filter_map(|feature| self.0.get(feature.as_str())).sum()
    }

    /// The sentence that says most for the rule, and the log-odds that it does so by itself.
    pub(super) fn heaviest(&self, sentences: &[Sentence], kinds: Kinds<'_>) -> Option<(f32, Range<usize>)> {
        let weighed = sentences.iter().map(|one| (self.of(std::slice::from_ref(one), kinds), one.place.clone()));
        weighed.max_by(|(one, _), (other, _)| one.total_cmp(other))
    }
}

/// The parts of which a pattern fits somewhere in the sentence, and that the rule's own patterns do, if they stand in it.
pub(super) fn kinds(patterns: &Patterns, sentence: &Sentence, told: &[Range<usize>]) -> BTreeSet<String> {
    let is_told = told.iter().any(|place| sentence.place.contains(&place.start));
    let parts = patterns.parts().filter(|part| patterns.fit(part, sentence));
    parts.chain(is_told.then_some(TOLD)).map(str::to_owned).collect()
}

/// So many letters of a long word tell what it is about, whatever its ending.
const BEGINNING: usize = 6;

fn beginning(word: &str) -> String {
    match word.char_indices().nth(BEGINNING) {
        Some((end, _)) => format!("{}*", &word[..end]),
        None => word.to_owned(),
    }
}

/// What is weighed in a reply, each once.
pub(super) fn features(sentences: &[Sentence], kinds: Kinds<'_>) -> BTreeSet<String> {
    let mut features = BTreeSet::from([ALWAYS.to_owned()]);
    for sentence in sentences {
        let written = |word: &Word| match word.folded.as_str() {
            figure if figure.starts_with(|c: char| c.is_ascii_digit()) => "#".to_owned(),
            folded => folded.to_owned(),
        };
        for form in [|word: String| word, |word: String| beginning(&word)] {
            let mut before = "^".to_owned();
            for word in sentence.words.iter().map(written).map(form) {
                features.insert(format!("{before} {word}"));
                features.insert(word.clone());
                before = word;
            }
            features.insert(format!("{before} $"));
        }
        let mut kinds = kinds(sentence);
        if sentence.is_question {
            kinds.insert("question".to_owned());
        }
        features.extend(kinds.iter().map(|kind| format!("[{kind}]")));
        let behind = |one: &String| kinds.range::<str, _>((Excluded(one.as_str()), Unbounded));
        features.extend(kinds.iter().flat_map(|one| behind(one).map(move |other| format!("[{one} {other}]"))));
    }
    features
}
