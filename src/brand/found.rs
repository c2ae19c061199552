//! What was found in one text.

use std::cell::OnceCell;
use std::fmt;
use std::ops::Range;

use super::normal::is_word;

/// A term of a query among those of all queries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sought {
    /// Its position; `None`: it cannot be read, and is never found.
    pub(super) term: Option<usize>,
    /// As the brand writes it.
    pub(super) written: String,
}

impl fmt::Display for Sought {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

/// The places of all terms in a text.
#[derive(Debug)]
pub(super) struct Found<'t> {
    text: &'t str,
    /// Terms with their places in the text, ascending, each once.
    hits: Vec<(usize, Range<usize>)>,
    /// Where words begin, once somebody asks.
    words: OnceCell<Vec<usize>>,
}

impl<'t> Found<'t> {
    pub(super) fn new(text: &'t str, mut hits: Vec<(usize, Range<usize>)>) -> Self {
        hits.sort_unstable_by_key(|(term, place)| (*term, place.start, place.end));
        hits.dedup();
        Self { text, hits, words: OnceCell::new() }
    }

    /// Where a term stands.
    pub(super) fn places(&self, sought: &Sought) -> &[(usize, Range<usize>)] {
        let Some(term) = sought.term else { return &[] };
        let from = self.hits.partition_point(|(other, _)| *other < term);
        let rest = &self.hits[from..];
        &rest[..rest.partition_point(|(other, _)| *other == term)]
    }

    pub(super) fn has(&self, sought: &Sought) -> bool {
        !self.places(sought).is_empty()
    }

    /// The fewest words between one of the left and one of the right, in either order; `None` where no two stand apart.
    pub(super) fn words_between(&self, left: &[Sought], right: &[Sought]) -> Option<usize> {
        let (left, right) = (self.ascending(left), self.ascending(right));
        self.to_the_next(&left, &right).into_iter().chain(self.to_the_next(&right, &left)).min()
    }

    fn ascending(&self, terms: &[Sought]) -> Vec<Range<usize>> {
        let places = terms.iter().flat_map(|term| self.places(term));
        let mut places: Vec<Range<usize>> = places.map(|(_, place)| place.clone()).collect();
        places.sort_unstable_by_key(|place| place.start);
        places
    }

    fn to_the_next(&self, first: &[Range<usize>], second: &[Range<usize>]) -> Option<usize> {
        let words = |one: &Range<usize>| {
            let next = second.get(second.partition_point(|other| other.start < one.end))?;
            Some(self.words_before(next.start) - self.words_before(one.end))
        };
        first.iter().filter_map(words).min()
    }

    /// How many words begin before a place.
    fn words_before(&self, at: usize) -> usize {
        self.words.get_or_init(|| beginnings(self.text)).partition_point(|start| *start < at)
    }
}

/// Where the words of a text begin.
fn beginnings(text: &str) -> Vec<usize> {
    let mut within = false;
    let begins = |(at, c): (usize, char)| {
        let before = std::mem::replace(&mut within, is_word(c));
        (within && !before).then_some(at)
    };
    text.char_indices().filter_map(begins).collect()
}
