//! One term of a query.

use std::ops::Range;

use super::misspelling::Misspelling;
use super::normal::{Normal, is_word};
use crate::tongue::{Said, said};

/// What stands for a term: letters to look for, or a word that may be misspelt.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Pattern {
    Term(Term),
    Misspelling(Misspelling),
}

impl Pattern {
    /// Whether it is sought in texts whose umlauts are written out.
    pub(super) fn umlauts(&self) -> bool {
        match self {
            Self::Term(term) => term.umlauts,
            Self::Misspelling(misspelling) => misspelling.umlauts,
        }
    }
}

/// A word or a phrase to look for, in folded form.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Term {
    /// What must stand there literally, up to the first `*`.
    pub(super) head: String,
    /// What must follow after the rest of a word, for each `*`. An empty one is a `*` at the very end.
    tail: Vec<String>,
    /// Whether it is sought in texts whose umlauts are written out.
    pub(super) umlauts: bool,
    /// Whether a word may begin before it.
    begins_anywhere: bool,
    /// Whether its last word may begin a compound.
    compounds: bool,
}

/// A shorter beginning of a word would find half of the dictionary.
const LETTERS_BEFORE_STAR: usize = 2;

/// And so would a shorter end, or a shorter part of a compound.
pub(super) const LETTERS_OF_PART: usize = 3;

/// Within a longer run of letters, ends of words are not looked for: it is no word, and would be gone through once for each
/// place in it.
const LONGEST_WORD: usize = 100;

/// Why a term cannot be looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TermError {
    /// There is nothing in it.
    Empty,
    /// A `*` behind too little.
    Star,
    /// A `*` with letters behind it.
    InnerStar,
    /// A `*` before too little.
    ShortEnd,
}

impl TermError {
    /// What a sentence about the term goes on with.
    pub(super) const fn problem(self) -> Said<&'static str> {
        match self {
            Self::Empty => said("hat weder Buchstaben noch Ziffern", "has no letter or digit"),
            Self::Star => said("hat ein * an der falschen Stelle", "has a `*` in the wrong place"),
            Self::InnerStar => said("hat ein * mitten im Wort", "has a `*` within a word"),
            Self::ShortEnd => said("sagt zu wenig über das Ende von Wörtern", "says too little of how words end"),
        }
    }

    /// What to write.
    pub(super) const fn hint(self) -> Said<&'static str> {
        match self {
            Self::Empty => said(
                "Löschen Sie ihn oder schreiben Sie, wonach gesucht werden soll",
                "delete it, or write what to look for",
            ),
            Self::Star => said(
                "Es steht am Ende eines Wortes, hinter mindestens zwei Buchstaben",
                "it stands at the end of a word, behind two letters or more",
            ),
            Self::InnerStar => said("Es steht am Ende eines Wortes", "it stands at the end of a word"),
            Self::ShortEnd => {
                said("Ein * steht vor mindestens drei Buchstaben", "a `*` stands before three letters or more")
            }
        }
    }
}

impl Term {
    /// Reads a term, or says what is wrong with it.
    pub(super) fn parse(text: &str, umlauts: bool) -> Result<Self, TermError> {
        let folded = Normal::new(text, umlauts).text;
        let mut parts = folded.trim().split('*').map(str::to_owned);
        let head = parts.next().unwrap_or_default();
        let tail: Vec<String> = parts.collect();
        if !folded.contains(is_word) {
            return Err(TermError::Empty);
        }
        let before_stars = std::iter::once(&head).chain(&tail).take(tail.len());
        if before_stars.into_iter().any(|part| letters_at_end(part) < LETTERS_BEFORE_STAR) {
            return Err(TermError::Star);
        }
        if tail.iter().any(|part| part.starts_with(is_word)) {
            return Err(TermError::InnerStar);
        }
        Ok(Self { head, tail, umlauts, begins_anywhere: false, compounds: false })
    }

    /// The same at the end of a longer word, too; `None` where too little of it would have to stand there.
    pub(super) fn at_the_end_of_words(self) -> Option<Self> {
        let letters = self.head.chars().take_while(|c| is_word(*c)).count();
        (letters >= LETTERS_OF_PART).then_some(Self { begins_anywhere: true, ..self })
    }

    /// The same with compounds that its last word begins; `None` where that is too short, or ends with a `*`.
    pub(super) fn with_compounds(self) -> Option<Self> {
        let last = self.tail.last().unwrap_or(&self.head);
        (letters_at_end(last) >= LETTERS_OF_PART).then_some(Self { compounds: true, ..self })
    }

    /// The words that it begins with, and whether the last of them may only be the beginning of one; the first is left out
    /// where a longer word may end with it.
    pub(super) fn first_words(&self) -> (Vec<String>, bool) {
        let words = self.head.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let words: Vec<String> = words.skip(usize::from(self.begins_anywhere)).map(str::to_owned).collect();
        (words, !self.tail.is_empty() || self.compounds)
    }

    /// Where the term stands, if it does with its head at this place of the text.
    pub(super) fn place_at(&self, text: &str, head: Range<usize>) -> Option<Range<usize>> {
        let start = match self.begins_anywhere {
            true => start_of_word(text, head.start)?,
            false => head.start,
        };
        if start == head.start && self.head.starts_with(is_word) && text[..start].ends_with(is_word) {
            return None;
        }
        let mut end = head.end;
        for part in &self.tail {
            end = end_of_word(text, end);
            end += text[end..].starts_with(part.as_str()).then_some(part.len())?;
        }
        let cuts_word = text[..end].ends_with(is_word) && text[end..].starts_with(is_word);
        if cuts_word && self.compounds {
            let rest = &text[end..end_of_word(text, end)];
            return ends_compound(rest).then_some(start..end + rest.len());
        }
        (!cuts_word).then_some(start..end)
    }

    /// Whether the term stands anywhere in a text.
    pub(super) fn occurs_in(&self, normal: &Normal) -> bool {
        let mut places = normal.text.match_indices(&self.head);
        places.any(|(at, head)| self.place_at(&normal.text, at..at + head.len()).is_some())
    }
}

/// Where the word begins that a place is in; `None` if it is too long for one.
fn start_of_word(text: &str, at: usize) -> Option<usize> {
    let before = text[..at].char_indices().rev().take_while(|(_, c)| is_word(*c)).take(LONGEST_WORD + 1);
    let (letters, start) = before.fold((0, at), |(letters, _), (start, _)| (letters + 1, start));
    (letters <= LONGEST_WORD).then_some(start)
}

fn end_of_word(text: &str, at: usize) -> usize {
    text[at..].find(|c| !is_word(c)).map_or(text.len(), |length| at + length)
}

fn letters_at_end(part: &str) -> usize {
    part.chars().rev().take_while(|c| is_word(*c)).count()
}

/// What follows a German noun when it is declined.
const DECLENSIONS: [&str; 5] = ["s", "es", "n", "en", "e"];

/// What makes another word of the same stem, and no compound.
const DERIVATIONS: [&str; 12] =
    ["ung", "ungen", "ing", "isch", "ische", "ischen", "ischer", "isches", "lich", "liche", "lichen", "ieren"];

/// Whether what follows a word makes a form or a compound of it: an ending, or a part of its own, often behind an -s- or
/// -n-.
fn ends_compound(rest: &str) -> bool {
    let is_part = rest.chars().count() >= LETTERS_OF_PART
        && rest.chars().all(char::is_alphabetic)
        && rest.contains(['a', 'e', 'i', 'o', 'u', 'y', 'ä', 'ö', 'ü'])
        && !DERIVATIONS.contains(&rest);
    is_part || DECLENSIONS.contains(&rest)
}
