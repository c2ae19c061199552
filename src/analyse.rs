//! What we think of a text: its language and its mood, and why. Pure.
//!
//! A text is taken apart (`tokens`), its language told (`language`), each word and phrase looked up (`reading` with
//! `lexicon` and `words`), weighed by rules against the others (`evidence`), and all of it with the rating becomes a mood
//! (`verdict`).

mod evidence;
mod language;
mod lexicon;
mod reading;
#[cfg(test)]
mod tests;
mod tokens;
mod verdict;
mod words;

use serde::Serialize;

use crate::mention::{Label, Language, Mention};
use language::{Guess, Languages};
use lexicon::Lexicon;
use tokens::{Symbols, Text};
use words::Morphology;

/// Texts are read up to this many characters; reviews of that length exist, and what they feel they have said by then.
const LONGEST_TEXT: usize = 32_000;

/// What one version of the model thinks of one text.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Analysis {
    /// `None`: cannot tell.
    pub language: Option<Language>,
    /// `None`: cannot tell, for want of words or of a language the model speaks.
    pub mood: Option<Mood>,
}

/// A mood as probabilities, and what decided it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mood {
    /// The most probable one.
    pub label: Label,
    /// P(positive) − P(negative), from −1 to 1.
    pub score: f64,
    /// Of negative, neutral and positive; they sum to 1.
    pub probabilities: [f64; 3],
    /// The words that decided it, the weightiest first. At most a dozen and the rating (`rating 1/5`); where there are more,
    /// `…` stands for the sum of the others. The weights sum to the evidence, which is proportional to the log-odds of
    /// positive against negative.
    pub why: Vec<Reason>,
}

/// One reason for a mood.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reason {
    /// As they stand in the text.
    pub words: String,
    /// Its share of the evidence: negative pulls down, positive up. A plainly good or bad word in a short text has ±2.
    pub weight: f64,
}

/// The knowledge that [`analyse`] works with; built once, then shared.
#[derive(Debug)]
pub struct Model {
    languages: Languages,
    german: Lexicon,
    english: Lexicon,
    symbols: Symbols,
}

impl Model {
    /// Names the model and everything that changes its answers; stored with each analysis.
    pub const VERSION: &'static str = "lexicon-1";

    /// The model in the binary. `languages` are those that may be detected; empty means every one.
    pub fn embedded(languages: &[Language]) -> Self {
        Self {
            languages: Languages::new(languages),
            german: Lexicon::parse(lexicon::GERMAN, Morphology::German),
            english: Lexicon::parse(lexicon::ENGLISH, Morphology::English),
            symbols: Symbols::parse(lexicon::SYMBOLS),
        }
    }

    /// The lexica to read a language with; both where it is not known, none where it is one that the model does not speak.
    fn lexica(&self, guess: Guess) -> Vec<&Lexicon> {
        match guess {
            Guess::Known(Language::GERMAN) => vec![&self.german],
            Guess::Known(Language::ENGLISH) => vec![&self.english],
            Guess::Known(_) | Guess::Foreign => Vec::new(),
            Guess::Open => vec![&self.german, &self.english],
        }
    }
}

/// Tells language and mood of a mention, from its words and, where there is one, its rating.
pub fn analyse(mention: &Mention, model: &Model) -> Analysis {
    let source = mention.full_text();
    let text = tokens::tokenize(capped(&source), &model.symbols);
    let lexica = [(Language::GERMAN, &model.german), (Language::ENGLISH, &model.english)];
    let guess = language::detect(&text, mention.language_hint, &model.languages, lexica);
    let lexica = model.lexica(guess);
    let can_tell = mention.rating.is_some() || !lexica.is_empty() && says_something(&text);
    let mood = can_tell.then(|| {
        let terms = reading::read(&text, &lexica);
        verdict::mood(&text, &evidence::clues(&text, &terms), mention.rating)
    });
    Analysis { language: guess.language(), mood }
}

/// Without surrounding whitespace and what is too much.
fn capped(text: &str) -> &str {
    let text = text.trim();
    text.char_indices().nth(LONGEST_TEXT).map_or(text, |(end, _)| &text[..end])
}

/// Whether there is a word or a symbol at all.
fn says_something(text: &Text<'_>) -> bool {
    text.tokens.iter().any(|token| !token.is_mark())
}
