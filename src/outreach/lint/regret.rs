//! Regret that stays alone: "leider", and nothing that helps.

use std::ops::Range;
use std::sync::LazyLock;

use super::pattern::{Match, Patterns};
use super::words::{Sentence, Word};

static PATTERNS: LazyLock<Patterns> =
    LazyLock::new(|| Patterns::parse(&[include_str!("persons.txt"), include_str!("regret.txt")]).unwrap_or_default());

/// Words that deny what stands in their clause.
const DENIALS: [&str; 7] = ["nicht", "nie", "niemals", "not", "never", "no", "unable"];

/// Where regret is told, if nothing in the whole reply helps.
pub(super) fn alone(text: &str, sentences: &[Sentence]) -> Vec<Range<usize>> {
    if sentences.iter().any(|sentence| helps(text, sentence)) {
        return Vec::new();
    }
    let regrets = |sentence: &Sentence| -> Vec<Range<usize>> {
        PATTERNS.find("regret", sentence).iter().map(|one| sentence.span(&one.words)).collect()
    };
    sentences.iter().flat_map(regrets).collect()
}

/// Whether a sentence says something that helps. What neither regrets nor is hollow, and speaks of something specific, does.
pub(super) fn helps(text: &str, sentence: &Sentence) -> bool {
    let hollow = PATTERNS.find("hollow", sentence);
    let is_felt = ["feeling", "regret"].iter().any(|part| PATTERNS.fit(part, sentence));
    let is_matter_of_fact = hollow.is_empty() && !is_felt && !sentence.words.iter().any(denies);
    let is_meant = |one: &Match| {
        let overlaps = |other: &Match| other.words.start < one.words.end && one.words.start < other.words.end;
        !hollow.iter().any(overlaps) && !sentence.clause(&one.words).iter().any(denies)
    };
    names_a_place(text, sentence)
        || sentence.is_question
        || PATTERNS.fit("even so", sentence)
        || PATTERNS.find("help", sentence).iter().any(is_meant)
        || is_matter_of_fact && PATTERNS.fit("specific", sentence)
}

fn denies(word: &Word) -> bool {
    DENIALS.contains(&word.folded.as_str()) || word.folded.starts_with("kein")
}

/// Where to turn: a mail address, a telephone number, a way through a menu.
fn names_a_place(text: &str, sentence: &Sentence) -> bool {
    let said = &text[sentence.place.clone()];
    let figures = said.bytes().filter(u8::is_ascii_digit).count();
    said.contains('@') || said.contains(" > ") || said.contains("://") || figures >= 7
}
