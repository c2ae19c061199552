//! The language of a text: by its function words and letters first, which short texts have too; then by whatlang's trigrams,
//! which need length; then by what the source says. Where these leave it open, it stays unknown.

mod codes;

use std::collections::HashMap;

use whatlang::{Detector, Script};

use super::lexicon::Lexicon;
use super::tokens::{Text, fold};
use crate::mention::Language;

/// Function words by language, put together for this project.
pub(super) const FUNCTION_WORDS: &str = include_str!("lexicon/function_words.tsv");

/// How many characters are looked at: a language shows itself early.
const PREFIX: usize = 400;
/// How many words of it.
const WORDS: usize = 60;
/// Latin letters that whatlang needs for a guess worth hearing.
const ENOUGH_LETTERS: usize = 16;
/// The score, in function words of one language only, from which function words alone decide.
const CLEAR: f64 = 2.0;
/// How many times the runner-up's score the leader needs then.
const CLEAR_LEAD: f64 = 2.0;
/// The score that is needed at all, and the lead.
const ENOUGH: f64 = 0.9;
/// See [`ENOUGH`].
const LEAD: f64 = 0.4;
/// What the source's word is worth.
const HINT: f64 = 1.0;
/// What whatlang's guess is worth at full confidence, and at none.
const TRIGRAMS: f64 = 1.5;
/// See [`TRIGRAMS`].
const UNSURE_TRIGRAMS: f64 = 0.4;
/// What a word that only one of the two lexica lists is worth, and all of them at most.
const LISTED: f64 = 0.4;
/// See [`LISTED`].
const ALL_LISTED: f64 = 1.6;

/// What can be said of the language of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guess {
    /// It is this one, which is among those allowed.
    Known(Language),
    /// It is one that is not allowed.
    Foreign,
    /// Cannot tell.
    Open,
}

impl Guess {
    /// The language, if it is known.
    pub(super) fn language(self) -> Option<Language> {
        if let Self::Known(language) = self { Some(language) } else { None }
    }
}

/// What is known of languages.
#[derive(Debug)]
pub(super) struct Languages {
    /// The languages with function words; a set of them is kept as bits in this order.
    listed: Vec<Language>,
    words: HashMap<Box<str>, u32>,
    letters: HashMap<char, u32>,
    /// Empty: all.
    allowed: Vec<Language>,
    detector: Detector,
}

impl Languages {
    /// `allowed` are the languages that may be the answer; empty means every one.
    pub(super) fn new(allowed: &[Language]) -> Self {
        let mut languages = Self {
            listed: Vec::new(),
            words: HashMap::new(),
            letters: HashMap::new(),
            allowed: allowed.to_vec(),
            detector: Detector::new(),
        };
        for (language, kind, entries) in lines() {
            let bit = languages.bit(language);
            match kind {
                "letters" => entries.chars().filter(|c| !c.is_whitespace()).for_each(|letter| {
                    *languages.letters.entry(letter).or_default() |= bit;
                }),
                _ => entries.split_whitespace().for_each(|word| {
                    *languages.words.entry(fold(word).into()).or_default() |= bit;
                }),
            }
        }
        if !allowed.is_empty() {
            languages.detector = codes::detector(&[allowed, &languages.listed].concat());
        }
        languages
    }

    fn bit(&mut self, language: Language) -> u32 {
        let position = self.listed.iter().position(|&listed| listed == language).unwrap_or_else(|| {
            self.listed.push(language);
            self.listed.len() - 1
        });
        1 << position
    }

    fn guess(&self, language: Language) -> Guess {
        let allowed = self.allowed.is_empty() || self.allowed.contains(&language);
        if allowed { Guess::Known(language) } else { Guess::Foreign }
    }
}

/// The lines of the function words: language, kind, entries.
pub(super) fn lines() -> impl Iterator<Item = (Language, &'static str, &'static str)> {
    FUNCTION_WORDS.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let (language, rest) = line.split_once('\t')?;
        let (kind, entries) = rest.split_once('\t')?;
        Some((Language::parse(language)?, kind, entries))
    })
}

/// Scores by language; few languages ever score.
#[derive(Default)]
struct Scores(Vec<(Language, f64)>);

impl Scores {
    fn add(&mut self, language: Language, score: f64) {
        match self.0.iter_mut().find(|(known, _)| *known == language) {
            Some((_, sum)) => *sum += score,
            None => self.0.push((language, score)),
        }
    }

    /// The leader, its score and the runner-up's.
    fn leader(&self) -> Option<(Language, f64, f64)> {
        let (language, best) = *self.0.iter().max_by(|one, other| one.1.total_cmp(&other.1))?;
        let second = self.0.iter().filter(|(other, _)| *other != language).map(|(_, score)| *score).fold(0.0, f64::max);
        Some((language, best, second))
    }
}

/// Tells the language, or that it cannot be told. `lexica` are those of German and English.
pub(super) fn detect(
    text: &Text<'_>,
    hint: Option<Language>,
    languages: &Languages,
    lexica: [(Language, &Lexicon); 2],
) -> Guess {
    let mut scores = function_words(text, languages);
    if let Some((language, best, second)) = scores.leader()
        && best >= CLEAR
        && best >= CLEAR_LEAD * second
    {
        return languages.guess(language);
    }
    listed_words(text, lexica, &mut scores);
    trigrams(text, languages, &mut scores);
    hint.into_iter().for_each(|hint| scores.add(hint, HINT));
    match scores.leader() {
        Some((language, best, second)) if best >= ENOUGH && best - second >= LEAD => languages.guess(language),
        _ => hint.map_or(Guess::Open, |hint| languages.guess(hint)),
    }
}

/// Function words and telling letters; what several languages share counts in part for each.
fn function_words(text: &Text<'_>, languages: &Languages) -> Scores {
    let mut sums = vec![0.0; languages.listed.len()];
    let mut count = |set: u32, weight: f64| {
        let share = weight / f64::from(set.count_ones().max(1));
        sums.iter_mut()
            .enumerate()
            .filter(|(position, _)| set & (1 << position) != 0)
            .for_each(|(_, sum)| *sum += share);
    };
    for word in text.words().take(WORDS) {
        if let Some(&set) = languages.words.get(word) {
            count(set, 1.0);
        }
    }
    let letters = text.source.chars().take(PREFIX).filter(|letter| !letter.is_ascii());
    for set in letters.filter_map(|letter| languages.letters.get(&letter)) {
        count(*set, 0.8);
    }
    let scores = languages.listed.iter().copied().zip(sums);
    Scores(scores.filter(|&(_, sum)| sum > 0.0).collect())
}

/// Words that only one of the lexica knows: "schlechter Service" has no function word, and yet is German.
fn listed_words(text: &Text<'_>, lexica: [(Language, &Lexicon); 2], scores: &mut Scores) {
    let [(german, first), (english, second)] = lexica;
    let mut sums = [0.0; 2];
    for word in text.words().take(WORDS).filter(|word| word.len() > 2) {
        match (first.form(word).is_some(), second.form(word).is_some()) {
            (true, false) => sums[0] += LISTED,
            (false, true) => sums[1] += LISTED,
            _ => {}
        }
    }
    for (language, sum) in [german, english].into_iter().zip(sums) {
        if sum > 0.0 {
            scores.add(language, sum.min(ALL_LISTED));
        }
    }
}

/// What whatlang makes of the words. In scripts other than ours the script alone says most, in few letters.
fn trigrams(text: &Text<'_>, languages: &Languages, scores: &mut Scores) {
    let words = text.tokens.iter().filter(|token| token.is_word()).take(WORDS);
    let words: Vec<&str> = words.map(|token| &text.source[token.span.clone()]).collect();
    let prefix = words.join(" ");
    let Some(info) = languages.detector.detect(&prefix) else { return };
    let latin = info.script() == Script::Latin;
    if latin && prefix.chars().filter(|c| c.is_alphabetic()).nth(ENOUGH_LETTERS - 1).is_none() {
        return;
    }
    let confidence = if latin { info.confidence() } else { 1.0 };
    if let Some(language) = codes::language(info.lang()) {
        scores.add(language, UNSURE_TRIGRAMS + (TRIGRAMS - UNSURE_TRIGRAMS) * confidence);
    }
}
