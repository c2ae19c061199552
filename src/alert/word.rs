//! The words that gained most since the onset.

mod stopwords;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::Excerpt;
use crate::detect::Direction;
use stopwords::is_stopword;

/// Mentions since the onset that a word must occur in.
const LEAST_MENTIONS: u64 = 3;

/// How many words are named.
const MOST_WORDS: usize = 8;

/// How sure the gain must be, in standard deviations.
const LEAST_Z: f64 = 2.0;

/// Words' worth of the whole vocabulary that each period starts from. The more, the less rare words leap ahead by chance.
const PRIOR_WORDS: f64 = 500.0;

/// Letters, digits and joints of a word: shorter ones say little, longer ones are no words.
const LENGTHS: std::ops::RangeInclusive<usize> = 3..=40;

/// A word that is said more often since the onset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Word {
    /// As most people write it.
    pub text: String,
    /// Mentions with it before the onset.
    pub before: u64,
    /// Mentions with it since.
    pub since: u64,
    /// How sure the gain is, in standard deviations.
    pub z: f64,
}

/// What is known of a word, by its folded form.
#[derive(Default)]
struct Usage {
    before: u64,
    since: u64,
    /// Sum of the signs of the mentions since that contain it.
    net: i64,
    spellings: BTreeMap<String, u64>,
}

/// The words whose share of all words gained most, and whose mentions are at least as far in the finding's direction as the
/// average one; where the mood did not move, all words.
///
/// Ranked by the log-odds ratio with an informative Dirichlet prior (Monroe, Colaresi and Quinn, *Fightin' words: lexical
/// feature selection and evaluation for identifying the content of political conflict*, 2008). A mention counts each of its
/// words once, so that nobody's repetition outvotes others.
pub(super) fn gained(brand: &str, direction: Option<Direction>, before: &[Excerpt], since: &[Excerpt]) -> Vec<Word> {
    let usages = usages(brand, before, since);
    let words_before: u64 = usages.values().map(|usage| usage.before).sum();
    let words_since: u64 = usages.values().map(|usage| usage.since).sum();
    let net: i64 = since.iter().map(|excerpt| i64::from(excerpt.label.sign())).sum();
    let average = net as f64 / since.len().max(1) as f64;
    let sign = direction.map_or(0.0, Direction::sign);
    let moves_along = |usage: &Usage| sign * (usage.net as f64 / usage.since as f64 - average) >= 0.0;
    let mut words: Vec<Word> = usages
        .into_values()
        .filter(|usage| usage.since >= LEAST_MENTIONS && moves_along(usage))
        .map(|usage| Word {
            z: z(&usage, words_before as f64, words_since as f64),
            before: usage.before,
            since: usage.since,
            text: usual_spelling(usage.spellings),
        })
        .filter(|word| word.z >= LEAST_Z)
        .collect();
    words.sort_by(|a, b| b.z.total_cmp(&a.z));
    words.truncate(MOST_WORDS);
    words
}

fn usages(brand: &str, before: &[Excerpt], since: &[Excerpt]) -> BTreeMap<String, Usage> {
    let brand: BTreeSet<String> = spellings(brand).into_keys().collect();
    let mut usages: BTreeMap<String, Usage> = BTreeMap::new();
    for (excerpt, is_since) in before.iter().map(|seen| (seen, false)).chain(since.iter().map(|seen| (seen, true))) {
        for (folded, spelling) in spellings(&excerpt.text) {
            if is_stopword(&folded) || brand.contains(&folded) {
                continue;
            }
            let usage = usages.entry(folded).or_default();
            *usage.spellings.entry(spelling).or_default() += 1;
            if is_since {
                usage.since += 1;
                usage.net += i64::from(excerpt.label.sign());
            } else {
                usage.before += 1;
            }
        }
    }
    usages
}

/// The log-odds ratio in units of its standard deviation. The prior gives every word its share in both periods together.
fn z(usage: &Usage, words_before: f64, words_since: f64) -> f64 {
    let (before, since) = (usage.before as f64, usage.since as f64);
    let prior = PRIOR_WORDS * (before + since) / (words_before + words_since);
    let log_odds = |said: f64, words: f64| ((said + prior) / (words + PRIOR_WORDS - said - prior)).ln();
    let variance = 1.0 / (since + prior) + 1.0 / (before + prior);
    (log_odds(since, words_since) - log_odds(before, words_before)) / variance.sqrt()
}

/// The most frequent one; of equally frequent ones the first in the alphabet.
fn usual_spelling(spellings: BTreeMap<String, u64>) -> String {
    let most = spellings.values().max().copied();
    spellings.into_iter().find(|(_, count)| Some(*count) == most).map(|(spelling, _)| spelling).unwrap_or_default()
}

/// The distinct words of a text, folded, with one spelling of each. Compounds, hyphenated ones too, stay whole.
pub(super) fn spellings(text: &str) -> BTreeMap<String, String> {
    let text: String = text.nfc().collect();
    text.split_whitespace()
        .filter(|chunk| !chunk.contains("://") && !chunk.starts_with("www."))
        .flat_map(|chunk| chunk.split(|c: char| !c.is_alphanumeric() && !is_joint(c)))
        .map(|word| word.trim_matches(is_joint))
        .filter(|word| LENGTHS.contains(&word.chars().count()) && word.contains(char::is_alphabetic))
        .map(|word| (fold(word), word.to_owned()))
        .collect()
}

const fn is_joint(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑' | '\'' | '’')
}

/// Equal for spellings of one word: case, umlauts, apostrophes and kinds of hyphen do not matter.
pub(super) fn fold(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    for c in word.chars().flat_map(char::to_lowercase) {
        match c {
            'ä' => folded.push_str("ae"),
            'ö' => folded.push_str("oe"),
            'ü' => folded.push_str("ue"),
            'ß' => folded.push_str("ss"),
            '‐' | '‑' => folded.push('-'),
            '\'' | '’' => {}
            _ => folded.push(c),
        }
    }
    folded
}
