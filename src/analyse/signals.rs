//! A text as a few numbers: what the rules make of its words, and its form.

use super::evidence::Clue;
use super::lexicon::Meaning;
use super::reading::{Sense, Term};
use super::tokens::{Mark, Text};

/// How many there are.
pub(super) const SIGNALS: usize = 11;
/// Each signal about as large as one.
pub(super) type Signals = [f32; SIGNALS];

/// Always one.
pub(super) const PRIOR: usize = 0;
/// The sum of all praise, of all blame (as a positive number), and of both; see [`Weighed`].
pub(super) const PRAISE: usize = 1;
pub(super) const BLAME: usize = 2;
pub(super) const BALANCE: usize = 3;
/// How much is said by emoji, emoticons and grades, of whatever mood.
pub(super) const SYMBOLS: usize = 10;

/// The names of the signals, as reasons show them.
///
/// What a corpus has as often as its writers pleased (handles, capitals, figures, length) is none: nothing true could be
/// learned from it.
pub(super) const NAMES: [&str; SIGNALS] = [
    "(prior)",
    "(praise)",
    "(blame)",
    "(balance)",
    "(praise and blame)",
    "(nothing said)",
    "(question)",
    "(report)",
    "(person)",
    "(link)",
    "(symbols)",
];

/// In a text of this many words a clue counts 1/√2 of what it does in a text of one word.
const LONG: f64 = 30.0;
/// The evidence that a text approaches however long it goes on.
const MOST: f64 = 3.5;

/// A sum of clues, held below [`MOST`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Weighed {
    /// What it comes to.
    pub(super) sum: f64,
    /// What each clue's weight is multiplied by in it.
    pub(super) scale: f64,
}

impl Weighed {
    fn of(sum: f64, dilution: f64) -> Self {
        let diluted = sum * dilution;
        let held = MOST * (diluted / MOST).tanh();
        Self { sum: held, scale: if sum == 0.0 { 0.0 } else { held / sum } }
    }
}

/// The sums of praise, of blame and of both.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Evidence {
    pub(super) praise: Weighed,
    pub(super) blame: Weighed,
    pub(super) balance: Weighed,
}

/// All signals of a text, and the sums of clues among them.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "small numbers")]
pub(super) fn of(text: &Text<'_>, terms: &[Term], clues: &[Clue]) -> (Signals, Evidence) {
    let words = text.tokens.iter().filter(|token| token.is_word()).count() as f64;
    let evidence = evidence(words, clues);
    let tally = Tally::of(terms);
    let signals = [
        1.0,
        evidence.praise.sum as f32,
        evidence.blame.sum as f32,
        evidence.balance.sum as f32,
        evidence.praise.sum.min(evidence.blame.sum) as f32,
        flag(clues.is_empty()),
        flag(tally.questions > 0),
        flag(tally.reports > tally.persons),
        flag(tally.persons > 0),
        flag(text.has_address),
        symbols(terms, clues),
    ];
    (signals, evidence)
}

fn evidence(words: f64, clues: &[Clue]) -> Evidence {
    let (blame, praise) = clues
        .iter()
        .fold((0.0, 0.0), |(blame, praise), clue| (blame - clue.weight.min(0.0), praise + clue.weight.max(0.0)));
    let dilution = 1.0 / (1.0 + words / LONG).sqrt();
    Evidence {
        praise: Weighed::of(praise, dilution),
        blame: Weighed::of(blame, dilution),
        balance: Weighed::of(praise - blame, dilution),
    }
}

/// How much symbols say, up to one.
#[expect(clippy::cast_possible_truncation, reason = "small numbers")]
fn symbols(terms: &[Term], clues: &[Clue]) -> f32 {
    let symbols = clues.iter().filter(|clue| matches!(terms[clue.term].sense, Sense::Symbol(_) | Sense::Grade(_)));
    (symbols.map(|clue| clue.weight.abs()).sum::<f64>() / MOST).min(1.0) as f32
}

/// What is counted over the terms.
#[derive(Default)]
struct Tally {
    questions: usize,
    persons: usize,
    reports: usize,
}

impl Tally {
    fn of(terms: &[Term]) -> Self {
        let mut tally = Self::default();
        for term in terms {
            match term.sense {
                Sense::Mark(Mark::Question) => tally.questions += 1,
                Sense::Word(Meaning::Person) => tally.persons += 1,
                Sense::Word(Meaning::Report) => tally.reports += 1,
                _ => {}
            }
        }
        tally
    }
}

fn flag(holds: bool) -> f32 {
    f32::from(u8::from(holds))
}
