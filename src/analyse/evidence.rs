//! The rules: how words change one another's weight. Each rule is one function over the clues that the ones before left.

mod rules;

use std::ops::Range;

use super::lexicon::Meaning;
use super::reading::{Sense, Term};
use super::tokens::{Mark, Text};

/// How many terms after a negation are sought for what it takes back, and how many before it.
const AHEAD: usize = 5;
/// See [`AHEAD`].
const BEHIND: usize = 6;
/// How close before a negation blame must stand to be what is negated ("nervt mich nicht").
const BLAME_BEHIND: usize = 3;
/// The most that intensifiers make of a word.
const STRONGEST: f64 = 2.0;
/// What an intensifier under a negation does: "not very good" is milder than "not good".
const SOFTENED: f64 = 0.8;
/// What capitals and stretched letters do.
const EMPHASIS: f64 = 1.25;
/// What the second, third, … of a row of symbols counts, relative to the one before.
const REPEATED_SYMBOL: f64 = 0.4;

/// A word, phrase or symbol that speaks for a mood, with all that bears on it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Clue {
    /// Its term.
    pub(super) term: usize,
    /// The tokens that make it up, modifiers included.
    pub(super) tokens: Range<usize>,
    /// The stem of a separable verb, which stands apart.
    pub(super) stem: Option<usize>,
    /// In units of the lexicon's valence.
    pub(super) weight: f64,
}

/// All clues of a text, in order, after all rules.
pub(super) fn clues(text: &Text<'_>, terms: &[Term]) -> Vec<Clue> {
    let mut clues = weighed(text, terms);
    let sentences = sentences(terms);
    rules::contrast(terms, &sentences, &mut clues);
    rules::irony(terms, &sentences, &mut clues);
    rules::questions_and_exclamations(terms, &sentences, &mut clues);
    rules::voice(text, terms, &mut clues);
    clues
}

/// The clues as negations, intensifiers, capitals and repetition leave them.
fn weighed(text: &Text<'_>, terms: &[Term]) -> Vec<Clue> {
    let negations = negations(terms);
    let modifying = modifying(terms);
    let shouting = is_shouting(text);
    let mut clues = Vec::new();
    let mut modifier = Modifier::default();
    let mut symbol_share = 1.0;
    for (at, term) in terms.iter().enumerate() {
        match term.sense {
            Sense::Symbol(valence) => {
                push(&mut clues, clue(at, term, valence * symbol_share));
                symbol_share *= REPEATED_SYMBOL;
                continue;
            }
            Sense::Grade(valence) => push(&mut clues, clue(at, term, valence)),
            Sense::Word(Meaning::Intensity { factor, .. }) if modifying[at] => modifier.add(at, factor),
            Sense::Word(Meaning::Valence { plain, negated }) => {
                let value = if negations[at].is_some() { negated } else { plain };
                let factor = modifier.factor(negations[at]) * emphasis(text, term, shouting);
                let from = [negations[at], modifier.since].into_iter().flatten().fold(at, usize::min);
                let to = negations[at].map_or(at, |negation| at.max(negation));
                let tokens = *terms[from].tokens.start()..terms[to].tokens.end() + 1;
                push(&mut clues, Clue { tokens, ..clue(at, term, value * factor) });
                modifier = Modifier::default();
            }
            Sense::Word(Meaning::Intensity { alone, .. }) => {
                push(&mut clues, clue(at, term, alone * emphasis(text, term, shouting)));
            }
            Sense::Word(Meaning::Nothing | Meaning::Person | Meaning::Report) => modifier.pass(),
            Sense::Word(_) => {}
            Sense::Mark(_) => modifier = Modifier::default(),
        }
        symbol_share = 1.0;
    }
    clues
}

fn clue(at: usize, term: &Term, weight: f64) -> Clue {
    Clue { term: at, tokens: *term.tokens.start()..term.tokens.end() + 1, stem: term.stem, weight }
}

fn push(clues: &mut Vec<Clue>, clue: Clue) {
    if clue.weight != 0.0 {
        clues.push(clue);
    }
}

/// The intensifiers on their way to the word they belong to.
#[derive(Default)]
struct Modifier {
    since: Option<usize>,
    strength: Option<f64>,
    passed: usize,
}

impl Modifier {
    fn add(&mut self, at: usize, factor: f64) {
        self.since = self.since.or(Some(at));
        self.strength = Some((self.strength.unwrap_or(1.0) * factor).min(STRONGEST));
    }

    /// One word may stand between: "so ein schlechter Service".
    fn pass(&mut self) {
        self.passed += 1;
        if self.passed > 1 {
            *self = Self::default();
        }
    }

    fn factor(&self, negation: Option<usize>) -> f64 {
        match (self.strength, self.since, negation) {
            (Some(strength), Some(since), Some(negation)) if strength > 1.0 && since > negation => SOFTENED,
            (Some(strength), ..) => strength,
            _ => 1.0,
        }
    }
}

/// For each term, the negation that takes it back.
fn negations(terms: &[Term]) -> Vec<Option<usize>> {
    let mut negations = vec![None; terms.len()];
    for (at, term) in terms.iter().enumerate() {
        let Sense::Word(Meaning::Negation { ahead }) = term.sense else { continue };
        let target = negated_ahead(terms, at).or_else(|| if ahead { None } else { negated_behind(terms, at) });
        if let Some(target) = target {
            negations[target] = negations[target].or(Some(at));
        }
    }
    negations
}

fn negated_ahead(terms: &[Term], at: usize) -> Option<usize> {
    let end = terms.len().min(at + 1 + AHEAD);
    (at + 1..end).take_while(|&other| !ends_scope(&terms[other])).find(|&other| valence(&terms[other]).is_some())
}

fn negated_behind(terms: &[Term], at: usize) -> Option<usize> {
    let start = at.saturating_sub(BEHIND);
    let mut before = (start..at).rev().take_while(|&other| !ends_scope(&terms[other]));
    let found = before.find(|&other| valence(&terms[other]).is_some())?;
    (valence(&terms[found])? >= 0.0 || at - found <= BLAME_BEHIND).then_some(found)
}

/// The valence of what a negation can take back; it passes by what means the same with it ("seit Tagen nicht").
fn valence(term: &Term) -> Option<f64> {
    match term.sense {
        Sense::Word(Meaning::Valence { plain, negated }) if plain != negated => Some(plain),
        _ => None,
    }
}

/// A negation does not reach across marks, symbols, conjunctions and turns of the argument.
fn ends_scope(term: &Term) -> bool {
    matches!(
        term.sense,
        Sense::Mark(_)
            | Sense::Symbol(_)
            | Sense::Grade(_)
            | Sense::Word(Meaning::But | Meaning::Although | Meaning::And)
    )
}

/// For each term, whether it is an intensifier directly before what it can intensify.
fn modifying(terms: &[Term]) -> Vec<bool> {
    let mut modifying = vec![false; terms.len()];
    for at in (0..terms.len().saturating_sub(1)).rev() {
        let Sense::Word(Meaning::Intensity { alone, .. }) = terms[at].sense else { continue };
        modifying[at] = match terms[at + 1].sense {
            // Before what is neither good nor bad, "top" stands for itself: "top Service".
            Sense::Word(Meaning::Valence { plain, .. }) => plain != 0.0 || alone == 0.0,
            Sense::Word(Meaning::Intensity { alone: next, .. }) => modifying[at + 1] || next != 0.0,
            // "so ein schlechter …".
            Sense::Word(Meaning::Nothing) => alone == 0.0,
            _ => false,
        };
    }
    modifying
}

fn emphasis(text: &Text<'_>, term: &Term, shouting: bool) -> f64 {
    let tokens = &text.tokens[term.tokens.clone()];
    let loud = !shouting && tokens.iter().any(|token| token.loud);
    let stretched = tokens.iter().any(|token| text.squeezed(token).is_some());
    if loud || stretched { EMPHASIS } else { 1.0 }
}

/// Whether so much is in capitals that none of it stands out.
fn is_shouting(text: &Text<'_>) -> bool {
    2 * text.tokens.iter().filter(|token| token.loud).count() > text.words().count()
}

/// The terms sentence by sentence, each with the marks that end it and the symbols that follow them.
fn sentences(terms: &[Term]) -> Vec<Range<usize>> {
    let ends = |term: &Term| matches!(term.sense, Sense::Mark(mark) if mark != Mark::Pause);
    let mut sentences = Vec::new();
    let (mut start, mut ended) = (0, false);
    for (at, term) in terms.iter().enumerate() {
        if ended && !ends(term) && !matches!(term.sense, Sense::Symbol(_) | Sense::Grade(_)) {
            sentences.push(start..at);
            (start, ended) = (at, false);
        }
        ended |= ends(term);
    }
    sentences.push(start..terms.len());
    sentences
}
