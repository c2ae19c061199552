//! One term of a query.

use std::ops::Range;

use super::normal::{Normal, is_word};

/// A word or a phrase to look for, in folded form.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Term {
    /// What must stand there literally, up to the first `*`.
    pub(super) head: String,
    /// What must follow after the rest of a word, for each `*`. An empty one is a `*` at the very end.
    tail: Vec<String>,
    /// Whether it is sought in texts whose umlauts are written out.
    pub(super) umlauts: bool,
}

/// A shorter beginning of a word would find half of the dictionary.
const LETTERS_BEFORE_STAR: usize = 2;

impl Term {
    /// Reads a term, or says what is wrong with it (`… has no letter or digit: …`).
    pub(super) fn parse(text: &str, umlauts: bool) -> Result<Self, &'static str> {
        let folded = Normal::new(text, umlauts).text;
        let mut parts = folded.trim().split('*').map(str::to_owned);
        let head = parts.next().unwrap_or_default();
        let tail: Vec<String> = parts.collect();
        if !folded.contains(is_word) {
            return Err("has no letter or digit: delete it, or write what to look for");
        }
        let before_stars = std::iter::once(&head).chain(&tail).take(tail.len());
        if before_stars.into_iter().any(|part| letters_at_end(part) < LETTERS_BEFORE_STAR) {
            return Err("has a `*` in the wrong place: it stands at the end of a word, behind two letters or more");
        }
        if tail.iter().any(|part| part.starts_with(is_word)) {
            return Err("has a `*` within a word: it stands at the end of a word");
        }
        Ok(Self { head, tail, umlauts })
    }

    /// Where the term ends, if it stands in the text with its head at this place.
    pub(super) fn end_at(&self, text: &str, head: Range<usize>) -> Option<usize> {
        if self.head.starts_with(is_word) && text[..head.start].ends_with(is_word) {
            return None;
        }
        let mut end = head.end;
        for part in &self.tail {
            end = end_of_word(text, end);
            end += text[end..].starts_with(part.as_str()).then_some(part.len())?;
        }
        let cuts_word = text[..end].ends_with(is_word) && text[end..].starts_with(is_word);
        (!cuts_word).then_some(end)
    }

    /// Whether the term stands anywhere in a text.
    pub(super) fn occurs_in(&self, normal: &Normal) -> bool {
        let mut places = normal.text.match_indices(&self.head);
        places.any(|(at, head)| self.end_at(&normal.text, at..at + head.len()).is_some())
    }
}

fn end_of_word(text: &str, at: usize) -> usize {
    text[at..].find(|c| !is_word(c)).map_or(text.len(), |length| at + length)
}

fn letters_at_end(part: &str) -> usize {
    part.chars().rev().take_while(|c| is_word(*c)).count()
}
