//! The rules that look beyond a clause: contrast, irony, punctuation and who speaks.

use std::ops::Range;

use super::Clue;
use crate::analyse::lexicon::Meaning;
use crate::analyse::reading::{Sense, Term};
use crate::analyse::tokens::{Mark, Text};

/// What stands before "but" in its sentence, and after it.
const BEFORE_BUT: f64 = 0.6;
/// See [`BEFORE_BUT`].
const AFTER_BUT: f64 = 1.2;
/// The sentence before one that begins with "but".
const SENTENCE_BEFORE_BUT: f64 = 0.8;
/// What is conceded ("although …", "zwar …").
const CONCEDED: f64 = 0.5;
/// How far a concession reaches where no comma ends it, in terms.
const CONCESSION: usize = 3;
/// Praise in a question, and blame.
const PRAISE_ASKED: f64 = 0.4;
/// See [`PRAISE_ASKED`].
const BLAME_ASKED: f64 = 0.75;
/// What each of up to three exclamation marks adds.
const EXCLAMATION: f64 = 0.1;
/// What ironic praise turns into.
const IRONY: f64 = -0.5;
/// How much blame must follow praise to make it ironic.
const BLAME_FOR_IRONY: f64 = -1.5;
/// How much other praise may stand beside ironic praise.
const OTHER_PRAISE: f64 = 0.5;
/// Words of a notice or news item, in which nobody speaks for himself.
const REPORTED: f64 = 0.45;
/// Words beside a link, in which nobody speaks for himself.
const LINKED: f64 = 0.7;

/// "But" and its like weigh what follows more and what came before less; "although" takes from the rest of its clause.
pub(super) fn contrast(terms: &[Term], sentences: &[Range<usize>], clues: &mut [Clue]) {
    let is = |at: &usize, meaning| terms[*at].sense == Sense::Word(meaning);
    let mut last = 0..0;
    for sentence in sentences {
        for at in sentence.clone().filter(|at| is(at, Meaning::Although)) {
            scale(clues, &(at..concession_end(terms, at, sentence.end)), CONCEDED);
        }
        match sentence.clone().rfind(|at| is(at, Meaning::But)) {
            Some(at) if at == sentence.start => scale(clues, &last, SENTENCE_BEFORE_BUT),
            Some(at) if !within(clues, &(sentence.start..at)).is_empty() => {
                scale(clues, &(sentence.start..at), BEFORE_BUT);
                scale(clues, &(at..sentence.end), AFTER_BUT);
            }
            _ => {}
        }
        last = sentence.clone();
    }
}

/// Where a concession ends: at the comma, else after a few words.
fn concession_end(terms: &[Term], at: usize, sentence_end: usize) -> usize {
    let near = sentence_end.min(at + 4 * CONCESSION);
    let pause = (at..near).find(|&other| terms[other].sense == Sense::Mark(Mark::Pause));
    pause.unwrap_or(sentence_end.min(at + 1 + CONCESSION))
}

/// Praise that opens a sentence, stands for itself and is followed by nothing but blame is meant the other way round:
/// "Super, schon wieder 40 Minuten Verspätung." So is praise beside a symbol that rolls its eyes.
/// A grade is meant as it stands.
pub(super) fn irony(terms: &[Term], sentences: &[Range<usize>], clues: &mut [Clue]) {
    for (number, sentence) in sentences.iter().enumerate() {
        let end = sentences.get(number + 1).map_or(sentence.end, |next| next.end);
        let (blame, praise) = sums(within(clues, &(sentence.start..end)));
        let own = within(clues, sentence);
        if only_symbols_blame(terms, own) {
            own.iter_mut().filter(|clue| clue.weight > 0.0).for_each(|clue| clue.weight *= IRONY);
        } else if let Some(opener) = own.first_mut()
            && opener.weight > 0.0
            && !matches!(terms[opener.term].sense, Sense::Grade(_))
            && stands_for_itself(terms, opener.term, sentence)
            && blame <= BLAME_FOR_IRONY
            && praise <= opener.weight + OTHER_PRAISE
        {
            opener.weight *= IRONY;
        }
    }
}

/// Whether all words praise and a symbol contradicts them.
fn only_symbols_blame(terms: &[Term], clues: &[Clue]) -> bool {
    let mut blame = clues.iter().filter(|clue| clue.weight < 0.0).peekable();
    blame.peek().is_some() && blame.all(|clue| matches!(terms[clue.term].sense, Sense::Symbol(_)))
}

/// Whether a term opens its sentence, perhaps after one other word, and a mark follows it.
fn stands_for_itself(terms: &[Term], at: usize, sentence: &Range<usize>) -> bool {
    at <= sentence.start + 1 && terms.get(at + 1).is_none_or(|next| matches!(next.sense, Sense::Mark(_)))
}

/// The sums of blame and of praise.
fn sums(clues: &[Clue]) -> (f64, f64) {
    clues.iter().fold((0.0, 0.0), |(blame, praise), clue| (blame + clue.weight.min(0.0), praise + clue.weight.max(0.0)))
}

/// Questions ask and exclamations insist.
pub(super) fn questions_and_exclamations(terms: &[Term], sentences: &[Range<usize>], clues: &mut [Clue]) {
    for sentence in sentences {
        let (mut question, mut exclamations) = (false, 0_u8);
        for term in &terms[sentence.clone()] {
            match term.sense {
                Sense::Mark(Mark::Question) => question = true,
                Sense::Mark(Mark::Exclamation(count)) => exclamations = exclamations.saturating_add(count),
                _ => {}
            }
        }
        let insistence = 1.0 + EXCLAMATION * f64::from(exclamations.min(3));
        for clue in within(clues, sentence) {
            let asked = if clue.weight > 0.0 { PRAISE_ASKED } else { BLAME_ASKED };
            clue.weight *= if question { asked } else { insistence };
        }
    }
}

/// News and notices tell of mishaps without being upset; somebody who says "I" is.
pub(super) fn voice(text: &Text<'_>, terms: &[Term], clues: &mut [Clue]) {
    let count = |meaning| terms.iter().filter(|term| term.sense == Sense::Word(meaning)).count();
    let (persons, reports) = (count(Meaning::Person), count(Meaning::Report));
    let all = 0..terms.len();
    if reports > persons {
        scale(clues, &all, REPORTED);
    } else if persons == 0 && text.has_address {
        scale(clues, &all, LINKED);
    }
}

fn scale(clues: &mut [Clue], terms: &Range<usize>, by: f64) {
    within(clues, terms).iter_mut().for_each(|clue| clue.weight *= by);
}

/// The clues, which stand in order, of a range of terms.
fn within<'a>(clues: &'a mut [Clue], terms: &Range<usize>) -> &'a mut [Clue] {
    let start = clues.partition_point(|clue| clue.term < terms.start);
    let end = clues.partition_point(|clue| clue.term < terms.end);
    &mut clues[start..end.max(start)]
}
