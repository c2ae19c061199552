//! What says or hints that the customer is at fault, wrong, lying or stupid.
//!
//! Courtesy has a grammar, and so has its absence: what somebody should have done (`Hätten Sie … gelesen`), where it was
//! written (`clearly stated`), what anybody knows (`Wer …, braucht sich nicht zu wundern`), that it cannot be, that nobody
//! else complained. The turns of phrase stand in `blame.de.txt` and `blame.en.txt`.

use std::ops::Range;
use std::sync::LazyLock;

use super::pattern::Patterns;
use super::words::Sentence;
use super::{apart, regret};

const FILES: [&str; 3] = [include_str!("persons.txt"), include_str!("blame.de.txt"), include_str!("blame.en.txt")];

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| Patterns::parse(&FILES).unwrap_or_default());

/// What a sentence with a fault adds, for at most so many of them.
const FAULT: (usize, usize) = (3, 2);

/// Hints add one each, for at most so many; what is said for the customer takes one away in each sentence.
const MOST_HINTS: usize = 4;
const MOST_OURS: usize = 3;

/// What is added where nothing is said for the customer, and where that is no more than what they can do themselves.
const COLD: usize = 2;
const COOL: usize = 1;

/// From here on it is a blame, with a fault and with hints alone.
const ENOUGH: usize = 2;
const ENOUGH_HINTS: usize = 3;

/// What blames the customer: in each sentence that does, from the first to the last word that shows it.
pub(super) fn blamed(text: &str, sentences: &[Sentence]) -> Vec<Range<usize>> {
    let (mut faults, mut hints, mut ours) = (Vec::new(), Vec::new(), 0);
    for sentence in sentences {
        if PATTERNS.fit("innocent", sentence) {
            ours += 1;
            continue;
        }
        let places = |part| -> Vec<Range<usize>> {
            PATTERNS.find(part, sentence).iter().map(|one| sentence.span(&one.words)).collect()
        };
        ours += usize::from(PATTERNS.fit("ours", sentence));
        faults.extend(hull(&places("fault")));
        // Two lines that fit the same words are one hint.
        hints.extend(apart(places("hint")));
    }
    let cold = match (ours, sentences.iter().any(|sentence| regret::helps(text, sentence))) {
        (0, false) => COLD,
        (0, true) => COOL,
        _ => 0,
    };
    let blame = FAULT.0 * faults.len().min(FAULT.1) + hints.len().min(MOST_HINTS) + cold;
    let ours = ours.min(MOST_OURS);
    match faults.is_empty() {
        false if blame >= ENOUGH + ours => faults,
        true if blame >= ENOUGH_HINTS + ours => hints,
        _ => Vec::new(),
    }
}

fn hull(places: &[Range<usize>]) -> Option<Range<usize>> {
    let start = places.iter().map(|place| place.start).min()?;
    let end = places.iter().map(|place| place.end).max()?;
    Some(start..end)
}
