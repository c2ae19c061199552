//! What we think of a text: its language and its mood, and why. Pure.

use serde::Serialize;

use crate::mention::{Label, Language, Mention};

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
    /// The words that decided it, the weightiest first.
    pub why: Vec<Reason>,
}

/// One reason for a mood.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reason {
    /// As they stand in the text.
    pub words: String,
    /// Its share of the evidence: negative pulls down, positive up.
    pub weight: f64,
}

/// The knowledge that [`analyse`] works with; built once, then shared.
#[derive(Debug)]
pub struct Model {}

impl Model {
    /// Names the model and everything that changes its answers; stored with each analysis.
    pub const VERSION: &'static str = "lexicon-1";

    /// The model in the binary. `languages` are those that may be detected; empty means every one.
    pub fn embedded(languages: &[Language]) -> Self {
        let _ = languages;
        todo!()
    }
}

/// Tells language and mood of a mention, from its words and, where there is one, its rating.
pub fn analyse(mention: &Mention, model: &Model) -> Analysis {
    let _ = (mention, model);
    todo!()
}
