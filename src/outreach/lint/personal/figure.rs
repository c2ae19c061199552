//! Figures: telephone numbers, accounts, dates of birth, and the numbers under which a customer is filed.

use std::ops::Range;

use super::{PATTERNS, digits, follows};
use crate::outreach::lint::pattern::Match;
use crate::outreach::lint::words::Sentence;

/// Digits of telephone numbers.
const TELEPHONE: std::ops::RangeInclusive<usize> = 7..=15;

/// Letters and digits of the shortest IBAN.
const IBAN: usize = 15;

/// How near a word for what is filed stands before a plain number, and before one that looks like nothing else.
const NEAR: usize = 3;
const FAR: usize = 8;

/// Words that belong together: "0176 5550 2291".
#[derive(Debug)]
pub(super) struct Figure {
    words: Range<usize>,
    /// As written, without spaces.
    written: String,
    /// A plus or a currency stands before it, or the currency behind.
    after_plus: bool,
    is_amount: bool,
}

/// The figures of a sentence.
pub(super) fn figures(text: &str, sentence: &Sentence) -> Vec<Figure> {
    let mut figures: Vec<Figure> = Vec::new();
    for (at, word) in sentence.words.iter().enumerate() {
        let written = &text[word.place.clone()];
        if !looks_like_figure(written) {
            continue;
        }
        if let Some(last) = figures.last_mut().filter(|last| last.words.end == at)
            && written.starts_with(|c: char| c.is_ascii_digit())
            && continues(last, &text[sentence.words[at - 1].place.end..word.place.start])
        {
            last.words.end = at + 1;
            last.written.push_str(written);
            continue;
        }
        let (before, after) = (&text[..word.place.start], text[word.place.end..].trim_start());
        figures.push(Figure {
            words: at..at + 1,
            written: written.to_owned(),
            after_plus: before.ends_with('+'),
            is_amount: before.trim_end().ends_with(['€', '£', '$']) || after.starts_with(['€', '%', '£', '$']),
        });
    }
    figures
}

/// Digits, with at most a few capitals.
fn looks_like_figure(written: &str) -> bool {
    let letters = written.chars().filter(|c| c.is_alphabetic());
    written.contains(|c: char| c.is_ascii_digit())
        && !written.contains('@')
        && letters.clone().count() <= 5
        && letters.clone().all(char::is_uppercase)
}

/// Whether more digits behind this gap belong to the figure.
fn continues(figure: &Figure, gap: &str) -> bool {
    let begins = figure.after_plus
        || figure.written.starts_with('0')
        || figure.written.starts_with(|c: char| c.is_alphabetic())
        || figure.written.len() > 2;
    begins && matches!(gap, " " | "/" | " / " | "-" | " - " | " – " | ") ")
}

impl Figure {
    pub(super) fn place(&self, sentence: &Sentence) -> Range<usize> {
        sentence.span(&self.words)
    }

    /// Whether it finds a person.
    pub(super) fn is_personal(&self, sentence: &Sentence) -> bool {
        if self.is_iban() || self.is_birthday(sentence) {
            return true;
        }
        if self.is_telephone() { self.is_their_telephone(sentence) } else { self.is_file(sentence) }
    }

    fn is_iban(&self) -> bool {
        let mut chars = self.written.chars();
        let country = chars.by_ref().take(2).all(|c| c.is_ascii_uppercase());
        country
            && chars.take(2).all(|c| c.is_ascii_digit())
            && self.written.chars().filter(char::is_ascii_alphanumeric).count() >= IBAN
    }

    fn is_birthday(&self, sentence: &Sentence) -> bool {
        digits(&sentence.words[self.words.start]) > 0 && follows("born", sentence, self.words.start, NEAR)
    }

    fn is_telephone(&self) -> bool {
        let count = self.written.bytes().filter(u8::is_ascii_digit).count();
        (self.after_plus || self.written.starts_with('0') || self.is_american())
            && TELEPHONE.contains(&count)
            && self.written.chars().all(|c| c.is_ascii_digit() || c == '-')
    }

    /// "555-0142", "800-555-0142".
    fn is_american(&self) -> bool {
        let groups: Vec<usize> = self.written.split('-').map(str::len).collect();
        matches!(groups[..], [3, 4] | [3, 3, 4])
    }

    /// Whether it is a customer's, or a parcel's that only looks like one; without a word to say so, it is the company's.
    fn is_their_telephone(&self, sentence: &Sentence) -> bool {
        let theirs = self.nearest("their telephone", sentence);
        theirs.is_some_and(|theirs| self.nearest("our telephone", sentence).is_none_or(|ours| theirs <= ours))
            || follows("parcel", sentence, self.words.start, 2)
    }

    /// So many words away a pattern of the part fits, if it does not far from here.
    fn nearest(&self, part: &str, sentence: &Sentence) -> Option<usize> {
        let gap = |one: &Match| self.gap(&one.words);
        PATTERNS.find(part, sentence).iter().map(gap).min().filter(|gap| *gap <= FAR)
    }

    /// So many words lie between it and others; none if they overlap.
    fn gap(&self, words: &Range<usize>) -> usize {
        self.words.start.saturating_sub(words.end).max(words.start.saturating_sub(self.words.end))
    }

    /// Whether it is the number of an order, a contract, a customer.
    fn is_file(&self, sentence: &Sentence) -> bool {
        let count = self.written.bytes().filter(u8::is_ascii_digit).count();
        let is_plain = self.written.bytes().all(|byte| byte.is_ascii_digit());
        let has_letter = self.written.contains(|c: char| c.is_alphabetic());
        let is_year = is_plain && count == 4 && (self.written.starts_with("19") || self.written.starts_with("20"));
        let is_other = self.is_amount
            || is_year
            || self.written.contains(['.', ',', ':'])
            || self.written.starts_with("0x")
            || count < if has_letter { 1 } else { 4 }
            || self.written.len() < 5 && !is_plain;
        if is_other || follows("thing", sentence, self.words.start, 2) || self.has_unit(sentence) {
            return false;
        }
        if has_letter && count < 3 {
            return self.written.len() > 5 && follows("file", sentence, self.words.start, 2);
        }
        let is_odd = !is_plain && count >= 4 || count >= 6;
        let is_short_telephone = || self.nearest("our telephone", sentence).is_some_and(|gap| gap <= NEAR);
        follows("file", sentence, self.words.start, if is_odd { FAR } else { NEAR })
            || !is_plain && count >= 6 && !is_short_telephone()
    }

    fn has_unit(&self, sentence: &Sentence) -> bool {
        PATTERNS.find("unit", sentence).iter().any(|one| one.words.start == self.words.end)
    }
}
