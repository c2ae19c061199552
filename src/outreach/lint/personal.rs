//! Data of a customer where everybody reads them: numbers of orders and contracts, mail and street addresses, telephone numbers,
//! accounts, dates of birth. The company's own hotline and address are none.

use std::ops::Range;
use std::sync::LazyLock;

use super::pattern::Patterns;
use super::words::{Sentence, Word};

mod contact;
mod figure;
mod plate;

static PATTERNS: LazyLock<Patterns> =
    LazyLock::new(|| Patterns::parse(&[include_str!("persons.txt"), include_str!("personal.txt")]).unwrap_or_default());

/// Where they stand.
pub(super) fn data(text: &str, sentences: &[Sentence]) -> Vec<Range<usize>> {
    let in_sentence = |sentence: &Sentence| -> Vec<Range<usize>> {
        let figures = figure::figures(text, sentence).into_iter().filter(|figure| figure.is_personal(sentence));
        let mails = contact::mails(sentence).into_iter();
        let numbers = figures.map(|figure| figure.place(sentence)).chain(plate::plates(text, sentence));
        mails.chain(numbers).chain(contact::streets(sentence)).collect()
    };
    sentences.iter().flat_map(in_sentence).collect()
}

/// Whether one of the words before this one, so many at most, fits a part.
fn follows(part: &str, sentence: &Sentence, at: usize, most: usize) -> bool {
    let before = at.saturating_sub(most)..at;
    PATTERNS.find(part, sentence).iter().any(|one| before.contains(&(one.words.end - 1)))
}

fn digits(word: &Word) -> usize {
    word.folded.bytes().filter(u8::is_ascii_digit).count()
}
