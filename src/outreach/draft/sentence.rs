//! From a template to the sentences of a draft, and from those to a text that fits.

use std::cmp::Reverse;

use sha2::{Digest as _, Sha256};
use unicode_segmentation::UnicodeSegmentation as _;

use super::manner::Manner;
use super::occasion::Occasion;
use super::template::{Line, Template};
use super::wording::{Fills, Slot, Wording};

/// So many wordings are tried for one that the person has not read before.
const MOST_TRIED: usize = 100;

/// A sentence of fewer words may come again.
const FEW_WORDS: usize = 4;

/// What a sentence is for, what goes first where there is little room coming first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    Extra,
    Caution,
    Feeling,
    Signature,
    Quote,
    Reason,
    Promise,
    Waiting,
    /// The apology, and what else a template says.
    Body,
    /// The salutation and the question.
    Essential,
}

/// A sentence of a draft, or a few that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sentence {
    pub(super) text: String,
    pub(super) rank: Rank,
    paragraph: usize,
    greets: bool,
}

/// Chooses the wordings for one occasion.
pub(super) struct Writer<'a> {
    occasion: &'a Occasion<'a>,
    manner: Manner,
    /// What the person has read before, compared without case, digits and marks.
    read: Vec<String>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(occasion: &'a Occasion<'a>, manner: Manner) -> Self {
        Self { occasion, manner, read: occasion.earlier.iter().map(|reply| bare(reply)).collect() }
    }

    /// All that can be said from a template on this occasion.
    pub(super) fn sentences(&self, template: &Template, fills: &Fills) -> Vec<Sentence> {
        let apologises = template.holds(Slot::Apology);
        let mut waiting = self.occasion.waited_long.then(|| self.manner.waiting());
        let mut feeling = if apologises { self.occasion.feeling(self.manner) } else { None };
        let mut sentences = Vec::new();
        for (at, line) in template.lines.iter().enumerate() {
            let holds = |slot| line.wording.holds(slot);
            let mut push = |text: Option<String>, rank| {
                let sentence =
                    |text| Sentence { text, rank, paragraph: line.paragraph, greets: holds(Slot::Salutation) };
                sentences.extend(text.map(sentence));
            };
            if !apologises && !holds(Slot::Salutation) {
                push(self.beside("waiting", waiting.take()), Rank::Waiting);
            }
            // Behind what the person says, before what we say to it.
            if ![Slot::Salutation, Slot::Quote, Slot::Reason].into_iter().any(holds) {
                push(self.beside("feeling", feeling.take()), Rank::Feeling);
            }
            push(self.line(at, line, fills), rank(line, fills));
            if holds(Slot::Apology) {
                push(self.beside("waiting", waiting.take()), Rank::Waiting);
            }
            if apologises && holds(Slot::Question) {
                push(self.beside("caution", self.occasion.caution(self.manner)), Rank::Caution);
            }
        }
        sentences
    }

    fn line(&self, at: usize, line: &Line, fills: &Fills) -> Option<String> {
        let first = self.first(&at.to_string(), &line.wording, fills)?;
        // People greet one another in the same words each time.
        let comes_again = [Slot::Salutation, Slot::Signature].into_iter().any(|slot| line.wording.holds(slot));
        let usual = || line.wording.say(first, fills);
        if comes_again {
            return Some(usual());
        }
        let new = self.new_wording(first, &line.wording, fills);
        // Rather once more in the same words than no question, or no date.
        let is_needed = [Slot::Question, Slot::Promise].into_iter().any(|slot| line.wording.holds(slot));
        if is_needed { new.or_else(|| Some(usual())) } else { new }
    }

    /// What is said whatever the template says.
    fn beside(&self, key: &str, wording: Option<Wording>) -> Option<String> {
        let (wording, fills) = (wording?, Fills::default());
        self.new_wording(self.first(key, &wording, &fills)?, &wording, &fills)
    }

    /// The way in which this person is told it; others are told it in other ways. `None`: there is no way.
    fn first(&self, key: &str, wording: &Wording, fills: &Fills) -> Option<usize> {
        let occasion = self.occasion;
        let digest = Sha256::digest([occasion.review, occasion.author.unwrap_or_default(), key].join("\0"));
        let number = digest.iter().take(4).fold(0, |number, byte| number << 8 | usize::from(*byte));
        number.checked_rem(wording.ways(fills))
    }

    /// The first wording, counted from there, that the person has not read before.
    fn new_wording(&self, first: usize, wording: &Wording, fills: &Fills) -> Option<String> {
        let ways = wording.ways(fills);
        let all = (0..ways.min(MOST_TRIED)).map(|step| wording.say((first % ways + step) % ways, fills));
        all.into_iter().find(|text| !self.was_read(text))
    }

    fn was_read(&self, text: &str) -> bool {
        let mut long = text.unicode_sentences().map(bare).filter(|sentence| sentence.split(' ').count() >= FEW_WORDS);
        long.any(|sentence| self.read.iter().any(|reply| reply.contains(&sentence)))
    }
}

fn rank(line: &Line, fills: &Fills) -> Rank {
    let holds = |slot| line.wording.holds(slot);
    if holds(Slot::Salutation) || holds(Slot::Question) {
        Rank::Essential
    } else if line.is_extra {
        Rank::Extra
    } else if holds(Slot::Apology) {
        Rank::Body
    } else if holds(Slot::Promise) {
        Rank::Promise
    } else if holds(Slot::Quote) && fills.has(Slot::Quote) {
        Rank::Quote
    } else if holds(Slot::Quote) || holds(Slot::Reason) {
        Rank::Reason
    } else if holds(Slot::Signature) {
        Rank::Signature
    } else {
        Rank::Body
    }
}

/// What is left when sentences below a rank go until the rest fits.
///
/// # Errors
/// With its length, where it does not fit.
pub(super) fn fit(
    mut sentences: Vec<Sentence>,
    manner: Manner,
    limit: usize,
    keep: Rank,
) -> Result<Vec<Sentence>, usize> {
    loop {
        let length = joined(&sentences, manner).chars().count();
        if length <= limit {
            return Ok(sentences);
        }
        let less = sentences.iter().enumerate().filter(|(_, sentence)| sentence.rank < keep);
        let (least, _) = less.min_by_key(|(at, sentence)| (sentence.rank, Reverse(*at))).ok_or(length)?;
        sentences.remove(least);
    }
}

/// The sentences as one text, an empty line between paragraphs.
pub(super) fn joined(sentences: &[Sentence], manner: Manner) -> String {
    let mut text = String::new();
    let mut before: Option<&Sentence> = None;
    for sentence in sentences {
        if let Some(before) = before {
            text.push_str(if before.paragraph == sentence.paragraph { " " } else { "\n\n" });
        }
        if before.is_some_and(|before| before.greets && manner.goes_on_after(&before.text)) {
            text.push_str(&sentence.text);
        } else {
            text.push_str(&capitalised(&sentence.text));
        }
        before = Some(sentence);
    }
    text
}

/// With a capital at the beginning, unless something else than a letter stands there.
pub(super) fn capitalised(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

/// Letters alone, in lower case, a blank between words.
fn bare(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}
