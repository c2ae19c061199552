//! What of a text is hashed: words, the parts of words, and pairs of neighbours.

use super::hash::{self, Hash};
use super::tokens::Text;

/// The lengths of the parts of words, in bytes of the key with a mark at each end.
const PARTS: std::ops::RangeInclusive<usize> = 3..=5;
/// Of longer words only the beginning is taken apart.
const LONGEST: usize = 40;

/// The features of a token: itself and, of a word, its parts. What is no word has no key; marks have no features, because how
/// people end their sentences is a habit and no mood.
pub(super) fn of_token(key: &str, token: Hash, mut feature: impl FnMut(Hash)) {
    feature(token);
    if key.is_empty() {
        return;
    }
    let mut marked = [0; LONGEST + 2];
    let length = key.len().min(LONGEST);
    marked[0] = b'^';
    marked[1..=length].copy_from_slice(&key.as_bytes()[..length]);
    marked[length + 1] = b'$';
    let marked = &marked[..length + 2];
    for size in PARTS {
        marked.windows(size).for_each(|part| feature(hash::of(part)));
    }
}

/// How many times a theme counts: it was listed by hand for just this.
const THEME: usize = 4;

/// The features of what a lexicon says a word speaks of: a set of outputs as bits.
pub(super) fn of_themes(themes: u32) -> impl Iterator<Item = Hash> {
    let named = (0..u32::BITS).filter(move |bit| themes & (1 << bit) != 0);
    named.flat_map(|bit| std::iter::repeat_n(hash::pair(hash::of(b"theme"), u64::from(bit)), THEME))
}

/// The features of neighbours: each token with the next one, where no mark stands between; with the position of the first.
pub(super) fn pairs(text: &Text<'_>) -> impl Iterator<Item = (usize, Hash)> {
    let pairs = text.tokens.windows(2).enumerate().filter(|(_, pair)| !pair[0].is_mark() && !pair[1].is_mark());
    pairs.map(|(at, pair)| (at, hash::pair(pair[0].hash, pair[1].hash)))
}

/// Fewer tokens than this count as if there were more: in a short text the rules are surer than what was learned.
const SHORT: f32 = 8.0;
/// Beyond this many tokens what was hashed counts as it would in a text of so many.
const LONG: f32 = 40.0;

/// All features of a text, for those who learn.
pub(super) fn of_text(text: &Text<'_>) -> Vec<Hash> {
    let mut features = Vec::new();
    for token in text.tokens.iter().filter(|token| !token.is_mark()) {
        of_token(text.key(token), token.hash, |feature| features.push(feature));
    }
    features.extend(pairs(text).map(|(_, pair)| pair));
    features
}

/// What each hashed feature of a text counts: less in a long one, lest length be certainty.
pub(super) fn share(text: &Text<'_>) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "texts have at most 32,000 characters")]
    let tokens = text.tokens.len() as f32;
    1.0 / ((tokens + SHORT) * (1.0 + tokens / LONG)).sqrt()
}
