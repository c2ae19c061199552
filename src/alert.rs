//! What a finding says to people: what moved, since when, by how much, where, in whose words. Pure.
//!
//! [`explain`] gathers numbers, words and quotes, in no language yet; [`mail`] writes them down for a reader. Neither claims a
//! cause: the numbers tell where the change sits, not what made it.

mod contribution;
mod format;
mod letter;
mod period;
mod quote;
mod word;
mod wording;

#[cfg(test)]
mod tests;

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::detect::{Direction, Finding, LeftOut, Rule};
use crate::mention::{Label, Language, Timestamp};
pub use contribution::Contribution;
pub use period::{Period, Share};
pub use quote::Quote;
pub use word::Word;

/// How many quotes speak for the change.
const SUPPORTING_QUOTES: usize = 3;

/// What an explanation needs to know of a mention.
#[derive(Clone, Debug, PartialEq)]
pub struct Excerpt {
    /// Arrival, as the detector counted it.
    pub arrived_at: Timestamp,
    /// The source's id.
    pub source: String,
    /// As analysed.
    pub language: Option<Language>,
    /// The mood.
    pub label: Label,
    /// −1…1.
    pub score: f64,
    /// Title and text.
    pub text: String,
    /// Where to read it.
    pub url: Option<String>,
}

/// A finding, explained: everything that mails and pages say of it, in numbers and quotes, in no language yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    /// Whom it is about.
    pub brand: String,
    /// What happened.
    pub finding: Finding,
    /// The promise that the finding kept.
    pub rule: Rule,
    /// The mentions before the onset.
    pub before: Period,
    /// The mentions since the onset.
    pub since: Period,
    /// What each source contributed to the change of the net mood, the largest first; empty if a period is.
    pub sources: Vec<Contribution>,
    /// The same by language, named by its code; `und` where it is not known.
    pub languages: Vec<Contribution>,
    /// The words that gained most, the surest first; at most eight.
    pub words: Vec<Word>,
    /// What people say who moved the mood: at most three.
    pub supporting: Vec<Quote>,
    /// What somebody says who sees it the other way.
    pub opposing: Option<Quote>,
    /// What did not count since the onset.
    pub left_out: LeftOut,
}

impl Alert {
    /// Takes out the quotes from these addresses; whether there were any.
    pub fn forget(&mut self, is_erased: impl Fn(&str) -> bool) -> bool {
        let stays = |quote: &Quote| !quote.url.as_deref().is_some_and(&is_erased);
        let before = self.supporting.len() + usize::from(self.opposing.is_some());
        self.supporting.retain(stays);
        self.opposing.take_if(|quote| !stays(quote));
        self.supporting.len() + usize::from(self.opposing.is_some()) < before
    }

    /// How far the net mood moved, −2…2: share positive − share negative, since minus before. `None` if a period is empty.
    pub fn net_change(&self) -> Option<f64> {
        Some(self.since.net()? - self.before.net()?)
    }
}

/// A message in the recipient's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// One line.
    pub subject: String,
    /// The plain-text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
}

/// Explains a finding by the mentions that the detector counted before and since its onset.
///
/// `rule` is the promise in the user's words, not the share of it that one of several brands has to keep. `left_out` says
/// what [`Hygiene`](crate::detect::Hygiene) kept out since the onset.
pub fn explain(
    brand: &str,
    finding: &Finding,
    rule: Rule,
    before: &[Excerpt],
    since: &[Excerpt],
    left_out: LeftOut,
) -> Alert {
    let direction = finding.kind.direction();
    let (for_it, against_it) = match direction {
        Direction::Down => (Label::Negative, Label::Positive),
        Direction::Up => (Label::Positive, Label::Negative),
    };
    let words = word::gained(brand, direction, before, since);
    let quotes = |label, count| quote::representative(since.iter().filter(|seen| seen.label == label), &words, count);
    Alert {
        brand: brand.to_owned(),
        finding: finding.clone(),
        rule,
        before: Period::of(before),
        since: Period::of(since),
        sources: contribution::by(before, since, |excerpt| excerpt.source.clone()),
        languages: contribution::by(before, since, language_code),
        supporting: quotes(for_it, SUPPORTING_QUOTES),
        opposing: quotes(against_it, 1).pop(),
        words,
        left_out,
    }
}

fn language_code(excerpt: &Excerpt) -> String {
    excerpt.language.map_or_else(|| "und".to_owned(), |language| language.to_string())
}

/// Writes the mail, with times as they are in `time_zone`. Languages other than German and English get English.
pub fn mail(alert: &Alert, language: Language, time_zone: Tz) -> Mail {
    letter::write(alert, language, time_zone)
}
