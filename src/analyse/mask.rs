//! The brand's own names, taken out of a text before anything looks at it: an airline called "United" is not happy.

use rustc_hash::FxHashMap;

use super::hash::{self, Hash};
use super::tokens::{Text, fold};

/// What a masked name is hashed as, whatever the brand.
const BRAND: Hash = hash::of(b"\0brand");

/// Names, handles and aliases of brands.
#[derive(Clone, Debug, Default)]
pub struct Mask {
    /// The words after the first, by the first.
    names: FxHashMap<Hash, Vec<Vec<Hash>>>,
}

impl Mask {
    /// Of names as people write them. Signs (`@`, `#`), case and the `*` of query terms do not matter.
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut mask = Self::default();
        for name in names {
            let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
            let mut words = words.map(|word| hash::of(fold(word).as_bytes()));
            if let Some(first) = words.next() {
                mask.names.entry(first).or_default().push(words.collect());
            }
        }
        mask.names.values_mut().for_each(|names| names.sort_by_key(|rest| std::cmp::Reverse(rest.len())));
        mask
    }

    /// Masks the names in a text: each becomes one token.
    pub(super) fn apply(&self, text: &mut Text<'_>) {
        if self.names.is_empty() {
            return;
        }
        let mut at = 0;
        while at < text.tokens.len() {
            if let Some(length) = self.name_at(text, at) {
                let end = text.tokens[at + length - 1].span.end;
                text.tokens[at].mask(BRAND, end);
                // Taken out all at once at the end: a text may consist of nothing but names.
                text.tokens[at + 1..at + length].iter_mut().for_each(|token| token.span.end = token.span.start);
                at += length - 1;
            }
            at += 1;
        }
        text.tokens.retain(|token| !token.span.is_empty());
    }

    /// How many tokens the longest name has that begins at a token.
    fn name_at(&self, text: &Text<'_>, at: usize) -> Option<usize> {
        let names = self.names.get(&text.tokens[at].hash).filter(|_| text.tokens[at].is_word())?;
        let follows = |rest: &&Vec<Hash>| {
            let tokens = text.tokens.get(at + 1..).unwrap_or_default();
            tokens.len() >= rest.len() && rest.iter().zip(tokens).all(|(word, token)| *word == token.hash)
        };
        names.iter().find(follows).map(|rest| 1 + rest.len())
    }
}
