//! What a language's knowledge says of single words, remembered: most words of a text were met before.

use rustc_hash::FxHashMap;

use super::aspects::COLUMNS;
use super::features;
use super::hash::Hash;
use super::lexicon::Hint;
use super::linear::Sums;
use super::speech::Speech;
use super::tokens::{Text, Token};

/// How many words are remembered; then all are forgotten. Some three megabytes.
const CAPACITY: usize = 1 << 14;

/// What is known of a word by itself.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub(super) hint: Hint,
    /// What it speaks of, as outputs by their bits.
    pub(super) themes: u32,
    /// What its features add to the mood.
    pub(super) mood: Sums<3>,
    /// What its features add to the correction of the mood.
    pub(super) correction: Sums<3>,
    /// What its features add to emotions, intents and topics.
    pub(super) aspects: Sums<COLUMNS>,
}

impl Word {
    fn read(key: &str, hash: Hash, speech: &Speech) -> Self {
        let (mut mood, mut correction, mut aspects) = ([0; 3], [0; 3], [0; COLUMNS]);
        let lexicon = &speech.lexicon;
        features::of_token(key, hash, |feature| {
            speech.weights.mood.table.add(feature, &mut mood);
            if let Some(learned) = &speech.correction {
                learned.table.add(feature, &mut correction);
            }
            speech.weights.aspects.table.add(feature, &mut aspects);
        });
        let themes = lexicon.themes(key);
        for theme in features::of_themes(themes) {
            speech.weights.aspects.table.add(theme, &mut aspects);
        }
        Self { hint: lexicon.hint(key), themes, correction, mood, aspects }
    }
}

/// The words of one language that were met lately.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    words: FxHashMap<Hash, Word>,
}

impl Vocabulary {
    /// What is known of a token of a text: a mark or a symbol is its own only feature.
    pub(super) fn word(&mut self, text: &Text<'_>, token: &Token, speech: &Speech) -> &Word {
        if self.words.len() >= CAPACITY {
            self.words.clear();
        }
        self.words.entry(token.hash).or_insert_with(|| Word::read(text.key(token), token.hash, speech))
    }
}
