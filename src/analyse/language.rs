//! The language of a text: a hashed linear model over the letters of its words, which short texts have, too; whatlang for
//! other scripts and for languages that the model does not know; and what the source says, where these leave it open.

mod codes;
mod letters;

use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use whatlang::{Detector, Script};

pub(super) use letters::{COLUMNS, LANGUAGES, Letters, features};

use super::hash::Hash;
use super::linear::Sums;
use super::speech;
use super::symbols::Symbols;
use super::tokens::{self, Text, Token};
use crate::mention::Language;

/// How many words are looked at: a language shows itself early.
const WORDS: usize = 60;
/// Of so many characters the script is looked at.
const FIRST: usize = 400;
/// Letters that whatlang needs for a guess worth hearing.
const ENOUGH_LETTERS: usize = 24;
/// The probability from which a language is told.
const ENOUGH: f32 = 0.5;
/// What the source's word adds to the score of its language.
const HINT: f32 = 1.5;
/// By how much the score of a language exceeds the average one, for each word, where a text is in it: 19 of 20 texts in the
/// model's languages reach 3 to 4.6, texts in Finnish, Turkish, Catalan or Lithuanian 0.7 to 2.2. Below, whatlang is asked.
const AT_HOME: f32 = 2.8;
/// How many words are remembered; then all are forgotten.
const CAPACITY: usize = 1 << 15;

/// What can be said of the language of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guess {
    /// It is this one, which is among those allowed.
    Known(Language),
    /// It is one that is not allowed.
    Foreign,
    /// Cannot tell; this one is likelier than others.
    Open(Language),
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
    letters: Letters,
    /// Empty: all.
    allowed: Vec<Language>,
    detector: Detector,
}

impl Languages {
    /// `allowed` are the languages that may be the answer; empty means every one.
    pub(super) fn new(letters: Letters, allowed: &[Language]) -> Self {
        let detector =
            if allowed.is_empty() { Detector::new() } else { codes::detector(&[allowed, &LANGUAGES].concat()) };
        Self { letters, allowed: allowed.to_vec(), detector }
    }

    fn guess(&self, language: Language) -> Guess {
        let allowed = self.allowed.is_empty() || self.allowed.contains(&language);
        if allowed { Guess::Known(language) } else { Guess::Foreign }
    }
}

/// All that the binary knows of languages, for those who have no model at hand.
static EVERY: LazyLock<Languages> = LazyLock::new(|| Languages::new(speech::letters(), &[]));

/// The language of a text, as its words alone tell; `None`: cannot tell.
pub fn language_of(text: &str) -> Option<Language> {
    let text = tokens::tokenize(text, &Symbols::default());
    detect(&text, None, &EVERY, &mut Spellings::default()).language()
}

/// The words that were met lately, by their spelling.
pub(super) type Spellings = FxHashMap<Hash, Sums<COLUMNS>>;

/// Tells the language, or that it cannot be told.
pub(super) fn detect(text: &Text<'_>, hint: Option<Language>, languages: &Languages, met: &mut Spellings) -> Guess {
    let words = || text.tokens.iter().filter(|token| token.is_word() && is_lettered(text, token)).take(WORDS);
    let mut sums = [0; COLUMNS];
    let mut count = 0_u8;
    for token in words() {
        let word = spelled(text, token, languages, met);
        sums.iter_mut().zip(word).for_each(|(sum, of_word)| *sum += of_word);
        count += 1;
    }
    if count == 0 {
        return hint.map_or(Guess::Open(Language::ENGLISH), |hint| languages.guess(hint));
    }
    if is_of_other_script(text) {
        let told = by_trigrams(text, words(), &languages.detector).or(hint);
        return told.map_or(Guess::Foreign, |language| languages.guess(language));
    }
    let best = languages.letters.best(&sums, hint.map(|hint| (hint, HINT)));
    if best.lead < AT_HOME * f32::from(count)
        && let Some(language) = by_trigrams(text, words(), &languages.detector)
        && (!LANGUAGES.contains(&language) || best.probability < ENOUGH)
    {
        return languages.guess(language);
    }
    match hint {
        _ if best.probability >= ENOUGH => languages.guess(best.language),
        Some(hint) => languages.guess(hint),
        None => Guess::Open(languages.letters.best_common(&sums)),
    }
}

/// Whether most letters are of a script that the model of letters does not know.
fn is_of_other_script(text: &Text<'_>) -> bool {
    if text.source.is_ascii() {
        return false;
    }
    let letters = text.source.chars().take(FIRST).filter(|c| c.is_alphabetic());
    let (latin, other) = letters.fold((0, 0), |(latin, other), c| {
        if matches!(c, '\0'..='\u{24f}' | '\u{1e00}'..='\u{1eff}') { (latin + 1, other) } else { (latin, other + 1) }
    });
    other > latin
}

/// Whether a word has a letter: figures are of no language.
fn is_lettered(text: &Text<'_>, token: &Token) -> bool {
    text.source[token.span.clone()].bytes().any(|byte| byte.is_ascii_alphabetic() || !byte.is_ascii())
}

fn spelled(text: &Text<'_>, token: &Token, languages: &Languages, met: &mut Spellings) -> Sums<COLUMNS> {
    if met.len() >= CAPACITY {
        met.clear();
    }
    *met.entry(token.spelling).or_insert_with(|| languages.letters.sums(&text.source[token.span.clone()]))
}

/// What whatlang makes of the words. In scripts other than ours the script alone says most, in few letters.
fn by_trigrams<'a>(text: &Text<'_>, words: impl Iterator<Item = &'a Token>, detector: &Detector) -> Option<Language> {
    let words: Vec<&str> = words.map(|token| &text.source[token.span.clone()]).collect();
    let words = words.join(" ");
    let info = detector.detect(&words)?;
    let enough = info.script() != Script::Latin
        || info.is_reliable() && words.chars().filter(|c| c.is_alphabetic()).nth(ENOUGH_LETTERS - 1).is_some();
    codes::language(info.lang()).filter(|_| enough)
}
