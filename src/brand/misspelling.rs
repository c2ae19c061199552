//! Words with at most one slip: a letter more, less or another one, or two neighbours the wrong way round.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::normal::is_word;

/// A word as it is meant, in folded form.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Misspelling {
    word: String,
    /// Whether it is sought in texts whose umlauts are written out.
    pub(super) umlauts: bool,
}

/// In a shorter word one letter makes another word of it.
pub(super) const LEAST_LETTERS: usize = 5;

impl Misspelling {
    /// `None` unless it is one word of letters, long enough.
    pub(super) fn new(word: String, umlauts: bool) -> Option<Self> {
        let fits = word.chars().count() >= LEAST_LETTERS && word.chars().all(char::is_alphabetic);
        fits.then_some(Self { word, umlauts })
    }
}

/// The misspellings among all terms, by their first letters.
#[derive(Debug, Default)]
pub(super) struct Misspellings {
    /// With how many letters they have, and the positions of the terms.
    by_letter: FxHashMap<char, Vec<(Misspelling, usize, usize)>>,
}

impl Misspellings {
    pub(super) fn new<'a>(terms: impl Iterator<Item = (&'a Misspelling, usize)>) -> Self {
        let mut by_letter: FxHashMap<char, Vec<_>> = FxHashMap::default();
        for (misspelling, position) in terms {
            let letter = misspelling.word.chars().next().unwrap_or_default();
            let letters = misspelling.word.chars().count();
            by_letter.entry(letter).or_default().push((misspelling.clone(), letters, position));
        }
        Self { by_letter }
    }

    /// Each word of a folded text that is meant, with the term and the place.
    pub(super) fn find(&self, text: &str, counts: impl Fn(bool) -> bool, mut take: impl FnMut(usize, Range<usize>)) {
        if self.by_letter.is_empty() {
            return;
        }
        for (at, word) in words(text) {
            let meant = word.chars().next().and_then(|letter| self.by_letter.get(&letter));
            let letters = word.chars().count();
            for (misspelling, meant, position) in meant.into_iter().flatten() {
                if meant.abs_diff(letters) <= 1
                    && counts(misspelling.umlauts)
                    && within_one_slip(&misspelling.word, word)
                {
                    take(*position, at..at + word.len());
                }
            }
        }
    }
}

fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let pieces = text.split(|c| !is_word(c)).filter(|word| !word.is_empty());
    pieces.map(|word| (word.as_ptr().addr() - text.as_ptr().addr(), word))
}

/// Whether two words differ by at most one slip.
fn within_one_slip(one: &str, other: &str) -> bool {
    let same = one.chars().zip(other.chars()).take_while(|(a, b)| a == b);
    let begin: usize = same.map(|(c, _)| c.len_utf8()).sum();
    let (one, other) = (&one[begin..], &other[begin..]);
    match (split_first(one), split_first(other)) {
        (None, None) => true,
        (Some((_, rest)), None) | (None, Some((_, rest))) => rest.is_empty(),
        (Some((a, after_one)), Some((b, after_other))) => {
            after_one == after_other || after_one == other || one == after_other || {
                let swapped = |(c, rest): (char, &str), (d, other)| (a, c, rest) == (d, b, other);
                split_first(after_one).zip(split_first(after_other)).is_some_and(|(one, other)| swapped(one, other))
            }
        }
    }
}

fn split_first(text: &str) -> Option<(char, &str)> {
    let mut chars = text.chars();
    Some((chars.next()?, chars.as_str()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_slip_is_a_letter_more_or_less_or_another_or_two_swapped() {
        for word in ["lufthansa", "lufthanza", "lufthans", "lufthannsa", "luftahnsa", "lüfthansa"] {
            assert!(within_one_slip("lufthansa", word), "{word}");
        }
        for word in ["lufthaza", "luftansaa", "luftnahsa", "hansa", "lufthansas2"] {
            assert!(!within_one_slip("lufthansa", word), "{word}");
        }
    }

    /// The textbook's table.
    fn distance(one: &[char], other: &[char]) -> usize {
        let mut table = vec![vec![0; other.len() + 1]; one.len() + 1];
        for i in 0..=one.len() {
            for j in 0..=other.len() {
                table[i][j] = if i == 0 || j == 0 {
                    i + j
                } else {
                    let change = table[i - 1][j - 1] + usize::from(one[i - 1] != other[j - 1]);
                    let least = change.min(table[i - 1][j] + 1).min(table[i][j - 1] + 1);
                    let swapped = i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1];
                    if swapped { least.min(table[i - 2][j - 2] + 1) } else { least }
                };
            }
        }
        table[one.len()][other.len()]
    }

    proptest! {
        #[test]
        fn one_slip_is_a_distance_of_one(one in "[abü]{0,6}", other in "[abü]{0,6}") {
            let letters = |word: &str| word.chars().collect::<Vec<_>>();
            prop_assert_eq!(within_one_slip(&one, &other), distance(&letters(&one), &letters(&other)) <= 1);
        }
    }
}
