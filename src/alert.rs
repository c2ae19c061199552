//! What a finding says to people: what moved, since when, by how much, where, in whose words. Pure.
//!
//! [`explain`] gathers numbers, words and quotes, in no language yet; [`mail`] writes them down for a reader. Neither claims a
//! cause: the numbers tell where the change sits, not what made it.

mod contribution;
pub(crate) mod day;
pub(crate) mod format;
mod heard;
pub(crate) mod letter;
pub mod message;
mod note;
mod period;
pub(crate) mod quote;
mod recovery;
mod rehearsal;
mod split;
mod track_record;
mod turn;
mod urgent;
mod word;
pub(crate) mod wording;

#[cfg(test)]
mod tests;

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

pub use crate::chart::Day;
use crate::detect::rehearsal::Rehearsal;
use crate::detect::{Development, Direction, Finding, FindingKind, LeftOut, Rule};
use crate::mention::{Label, Language, Timestamp};
pub use contribution::Contribution;
pub use heard::Heard;
pub use message::{Message, Voice};
pub use period::{Period, Share};
pub use quote::Quote;
pub use split::Split;
pub use track_record::{Judged, Promise, TrackRecord, Verdict, track_record};
pub use urgent::UrgentMention;
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
    /// What it is about, as far as recognised.
    pub topics: Vec<String>,
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
    /// What each source contributed to the change of the net mood: first the one that the finding names, then those whose own
    /// mood has moved most surely that way; empty if a period is.
    pub sources: Vec<Contribution>,
    /// The same by language, named by its code; `und` where it is not known.
    pub languages: Vec<Contribution>,
    /// The same by topic, by a mention's first one, and first the one that what is new is most surely about; nameless where none
    /// was recognised.
    #[serde(default)]
    pub topics: Vec<Contribution>,
    /// The change as a whole, in parts that sum to it; `None` if a period is empty.
    #[serde(default)]
    pub split: Option<Split>,
    /// Without these it would not have been found; empty where it would have been without any single one.
    #[serde(default)]
    pub hinges_on: Vec<Hinge>,
    /// Mentions a day before the onset; 0 if not known.
    #[serde(default)]
    pub per_day: f64,
    /// The words that gained most, the surest first; at most eight.
    pub words: Vec<Word>,
    /// What people say who moved the mood: at most three.
    pub supporting: Vec<Quote>,
    /// What somebody says who sees it the other way.
    pub opposing: Option<Quote>,
    /// What did not count since the onset.
    pub left_out: LeftOut,
    /// What was heard day by day, from four weeks before the onset up to the finding.
    #[serde(default)]
    pub days: Vec<Day>,
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

/// What a finding would not have been made without.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hinge {
    /// The mentions of this source.
    Source(String),
    /// The mentions about this topic.
    Topic(String),
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
    /// The picture that the HTML part shows as [`PICTURE`].
    #[serde(default)]
    pub picture: Option<Picture>,
}

/// Where the HTML part of a mail refers to its picture. Quotation marks are part of it: nothing that a stranger wrote has any
/// in there, so whoever gives the picture another address bends no quote.
pub const PICTURE: &str = "src=\"cid:chart\"";

/// A picture inside a mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// The file.
    pub png: Vec<u8>,
    /// What it shows, in a sentence.
    pub alternative: String,
}

/// Explains a finding by the mentions that the detector counted before and since its onset.
///
/// `rule` is the promise in the user's words, not the share of it that one of several brands has to keep.
pub fn explain(brand: &str, finding: &Finding, rule: Rule, heard: &Heard) -> Alert {
    let (before, since) = (&heard.before[..], &heard.since[..]);
    // Of silence there is nothing to show: who spoke elsewhere meanwhile has nothing to do with it.
    let is_silence = finding.kind == FindingKind::Gap;
    let per_day = Period::of(before).per_day();
    let (before, since) = if is_silence { (&[][..], &[][..]) } else { (before, since) };
    let direction = finding.kind.direction();
    // Where the mood did not move, whoever says it may be quoted.
    let (for_it, against_it) = match direction {
        Some(Direction::Down) => (Some(Label::Negative), Some(Label::Positive)),
        Some(Direction::Up) => (Some(Label::Positive), Some(Label::Negative)),
        None => (None, None),
    };
    let mut sources = contribution::by(direction, before, since, |excerpt| excerpt.source.clone());
    let place = finding.place.as_deref().unwrap_or_default();
    let is_place = |part: &Contribution| place.strip_prefix(part.name.as_str()).is_some_and(|it| it.starts_with(':'));
    let turns = turn::turns(finding, heard);
    let way = |part: &Contribution| turns.sources.get(part.name.as_str()).copied().unwrap_or_default();
    sources.sort_by(|a, b| is_place(b).cmp(&is_place(a)).then(way(b).total_cmp(&way(a))));
    let mut topics =
        contribution::by(direction, before, since, |excerpt| excerpt.topics.first().cloned().unwrap_or_default());
    if direction.is_some() {
        let about = |part: &Contribution| turns.topics.get(part.name.as_str()).copied().unwrap_or(f64::NEG_INFINITY);
        topics.sort_by(|a, b| about(b).total_cmp(&about(a)));
    }
    let words = word::gained(brand, direction, before, since);
    let quotes = |label: Option<Label>, count| {
        let said = since.iter().filter(|seen| label.is_none_or(|label| seen.label == label));
        quote::representative(said, &words, count)
    };
    Alert {
        brand: brand.to_owned(),
        finding: finding.clone(),
        rule,
        before: Period::of(before),
        since: Period::of(since),
        sources,
        languages: contribution::by(direction, before, since, language_code),
        topics,
        split: split::split(before, since),
        hinges_on: Vec::new(),
        per_day,
        supporting: quotes(for_it, SUPPORTING_QUOTES),
        opposing: against_it.and_then(|_| quotes(against_it, 1).pop()),
        words,
        left_out: heard.left_out,
        days: day::by_day(finding, before.iter().chain(since)),
    }
}

fn language_code(excerpt: &Excerpt) -> String {
    excerpt.language.map_or_else(|| "und".to_owned(), |language| language.to_string())
}

/// Writes the mail, with times as they are in `time_zone`. Languages other than German and English get English.
pub fn mail(alert: &Alert, language: Language, time_zone: Tz) -> Mail {
    letter::write(alert, language, time_zone)
}

/// Writes that a shift is over: the mood is back to where it was before.
pub fn recovery(alert: &Alert, over: &Development, language: Language, time_zone: Tz) -> Mail {
    recovery::write(alert, over, language, time_zone)
}

/// Writes what would have been told of a brand before anybody listened.
pub fn rehearsal(brand: &str, rehearsal: &Rehearsal, language: Language, time_zone: Tz) -> Mail {
    rehearsal::write(brand, rehearsal, language, time_zone)
}

/// Writes of single mentions that cannot wait.
pub fn urgent(mentions: &[UrgentMention], language: Language, time_zone: Tz) -> Mail {
    urgent::write(mentions, language, time_zone)
}
