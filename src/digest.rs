//! What a day, a week or a month says to people: how it was, what was out of the ordinary, in whose words. Pure.
//!
//! [`tell`] makes a [`Digest`] of what the database knows, in no language yet; [`mail`] writes it down for a reader.
//! Most days are like most others, and then that is what it says; what has happened to nobody is not told at all
//! ([`Digest::is_empty`]).

mod calendar;
mod letter;
mod usual;
mod wording;

#[cfg(test)]
mod tests;

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

pub use crate::alert::Excerpt;
use crate::alert::{Mail, Period, Quote, TrackRecord, quote};
use crate::detect::{Finding, Stage};
use crate::mention::{Language, Timestamp};
pub use calendar::{Length, Window, due, last, next};
pub use usual::{Level, Movement};

/// How many days before a period are compared with it: four weeks have four of each weekday.
pub const COMPARED_DAYS: usize = 28;

/// How many days are shown one by one, the last of the period included; of a month, weeks.
const SHOWN_DAYS: usize = 7;
const SHOWN_WEEKS: usize = 5;

/// Topics that are listed.
const MOST_TOPICS: usize = 5;

/// Topics of which less is said are no topic of the day.
const FEWEST_MENTIONS: u64 = 2;

/// Quotes of those who are upset.
const UPSET_QUOTES: usize = 2;

/// What was said on one day, as often as it counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Negative, neutral, positive.
    pub moods: [u64; 3],
    /// Whose mood cannot be told.
    pub untold: u64,
    /// Whose text had arrived before, and which are in none of the others.
    pub copies: u64,
}

impl Tally {
    /// All but the copies.
    pub fn mentions(self) -> u64 {
        self.moods.iter().sum::<u64>() + self.untold
    }
}

/// What was said about a topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topic {
    /// As the analysis calls it.
    pub name: String,
    /// How many mentions speak of it.
    pub mentions: u64,
    /// How many of them are negative.
    pub negative: u64,
}

/// What people say of a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judgement {
    /// Somebody knows.
    Seen,
    /// Nothing had happened.
    FalseAlarm,
    /// It was this.
    Incident(String),
}

/// A finding that was made in the period, or an earlier one of which there is news.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// What happened.
    pub finding: Finding,
    /// Whether it was made in the period.
    pub is_new: bool,
    /// What has become of it, and when; `None`: it is as found.
    pub stage: Option<(Stage, Timestamp)>,
    /// What people say of it.
    pub judgement: Option<Judgement>,
}

/// A source that could not be heard for a part of the period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blind {
    /// Its id.
    pub source: String,
    /// For how many seconds of the period.
    pub seconds: i64,
    /// Whether it still could not be heard when the period was over.
    pub lasts: bool,
}

/// Everything that the database knows of a brand and a period.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Whom it is about.
    pub brand: String,
    /// One for each day: those that the period is compared with (see [`Window::compared_days`]), then its own.
    pub days: Vec<Tally>,
    /// When the first mention of all arrived.
    pub heard_since: Option<Timestamp>,
    /// Mentions of the period whose stars and text say opposite things.
    pub contradictions: u64,
    /// What they speak of.
    pub topics: Vec<Topic>,
    /// Some of those who are most upset, the most upset first.
    pub upset: Vec<Excerpt>,
    /// Some of those who are most content.
    pub content: Vec<Excerpt>,
    /// Findings of the period, and earlier ones with news.
    pub findings: Vec<Found>,
    /// Sources that speak about the brand and could not be heard.
    pub blind: Vec<Blind>,
}

/// How a day, a week or a month was, in no language yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Digest {
    /// Which day, week or month.
    pub window: Window,
    /// In the order of the configuration.
    pub brands: Vec<Section>,
    /// What could not be heard, the longest first.
    pub blind: Vec<Blind>,
    /// Of weeks and months.
    pub promise: Option<TrackRecord>,
}

/// How it was for one brand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// Whom it is about.
    pub brand: String,
    /// How many mentions there were, each text once.
    pub mentions: u64,
    /// How many more carried a text that had arrived before.
    pub copies: u64,
    /// How many there are in such a period, as a mean of the four before (for a day: the four same weekdays).
    pub usual: Option<f64>,
    /// What to make of that.
    pub level: Level,
    /// Whether a source could not be heard for a part of the time, so that there may have been more.
    pub was_blind: bool,
    /// The moods of the period.
    pub now: Period,
    /// The moods of the 28 days before; of the month before.
    pub before: Period,
    /// What to make of that.
    pub movement: Movement,
    /// Seven days one by one, the last of the period being the last; of a month, five spans of seven days, by their first
    /// ones.
    pub days: Vec<(NaiveDate, Tally)>,
    /// The newest last.
    pub findings: Vec<Found>,
    /// What was talked about most.
    pub topics: Vec<Topic>,
    /// Mentions whose stars and text say opposite things.
    pub contradictions: u64,
    /// The most upset.
    pub upset: Vec<Quote>,
    /// Somebody who is not.
    pub content: Option<Quote>,
}

/// Makes a digest. A source that could not be heard is told of once, however many brands it speaks about.
pub fn tell(window: Window, zone: Tz, facts: Vec<Facts>, promise: Option<TrackRecord>) -> Digest {
    let mut blind: Vec<Blind> = Vec::new();
    for one in facts.iter().flat_map(|facts| &facts.blind) {
        if !blind.contains(one) {
            blind.push(one.clone());
        }
    }
    blind.sort_by(|a, b| b.seconds.cmp(&a.seconds).then_with(|| a.source.cmp(&b.source)));
    let brands = facts.into_iter().map(|facts| section(window, zone, facts)).collect();
    Digest { window, brands, blind, promise }
}

fn section(window: Window, zone: Tz, facts: Facts) -> Section {
    let (before, own) = facts.days.split_at(facts.days.len().min(window.compared_days()));
    let mentions = own.iter().map(|day| day.mentions()).sum();
    let earlier = earlier(window, zone, before, facts.heard_since);
    let before = &before[before.len().saturating_sub(window.mood_days())..];
    let moods: Vec<[u64; 3]> = before.iter().map(|day| day.moods).collect();
    let now = sum(own);
    let quotes = |excerpts: &[Excerpt], count| quote::representative(excerpts.iter(), &[], count);
    Section {
        mentions,
        copies: own.iter().map(|day| day.copies).sum(),
        usual: usual::mean(&earlier),
        level: usual::level(mentions, &earlier),
        was_blind: !facts.blind.is_empty(),
        now: Period::counted(now),
        before: Period::counted(sum(before)),
        movement: usual::movement(now, &moods),
        days: shown(window, &facts.days),
        topics: topics(facts.topics),
        upset: quotes(&facts.upset, UPSET_QUOTES),
        content: quotes(&facts.content, 1).pop(),
        findings: facts.findings,
        contradictions: facts.contradictions,
        brand: facts.brand,
    }
}

/// How many mentions there were in the four periods to compare with, as far as they lie after the first mention of all.
fn earlier(window: Window, zone: Tz, before: &[Tally], heard_since: Option<Timestamp>) -> Vec<u64> {
    let is_heard = |start: &Timestamp| heard_since.is_some_and(|since| since <= *start);
    let mut counts = Vec::new();
    let (mut days, mut starts) = (before, &window.midnights(zone)[..]);
    for length in compared_lengths(window) {
        let (period, later) = days.split_at(length.min(days.len()));
        if starts.first().is_some_and(is_heard) && !period.is_empty() {
            // The days end on the day before, so the first of each seven has the weekday of the period.
            let told = if window.length == Length::Day { &period[..1] } else { period };
            counts.push(told.iter().map(|day| day.mentions()).sum());
        }
        (days, starts) = (later, &starts[length.min(starts.len())..]);
    }
    counts
}

/// How many days the four periods have that lie before, the oldest first.
fn compared_lengths(window: Window) -> Vec<usize> {
    match window.length {
        Length::Day | Length::Week => vec![7; COMPARED_DAYS / 7],
        Length::Month => {
            let months = std::iter::successors(Some(window), |later| Some(later.earlier()));
            let mut lengths: Vec<usize> = months.take(4).map(Window::mood_days).collect();
            lengths.reverse();
            lengths
        }
    }
}

fn sum(days: &[Tally]) -> [u64; 3] {
    days.iter().fold([0; 3], |sum, day| std::array::from_fn(|mood| sum[mood] + day.moods[mood]))
}

fn all_of(days: &[Tally]) -> Tally {
    Tally {
        moods: sum(days),
        untold: days.iter().map(|day| day.untold).sum(),
        copies: days.iter().map(|day| day.copies).sum(),
    }
}

/// Days, or spans of seven, each by its first day.
fn shown(window: Window, days: &[Tally]) -> Vec<(NaiveDate, Tally)> {
    let (length, most) = if window.length == Length::Month { (7, SHOWN_WEEKS) } else { (1, SHOWN_DAYS) };
    let newest = days.rchunks_exact(length).take(most).zip(1_u64..);
    let mut shown: Vec<_> =
        newest.map(|(span, back)| (window.last() - Days::new(length as u64 * back - 1), all_of(span))).collect();
    shown.reverse();
    shown
}

fn topics(mut topics: Vec<Topic>) -> Vec<Topic> {
    topics.retain(|topic| topic.mentions >= FEWEST_MENTIONS);
    topics.sort_by(|a, b| (b.mentions, b.negative).cmp(&(a.mentions, a.negative)).then_with(|| a.name.cmp(&b.name)));
    topics.truncate(MOST_TOPICS);
    topics
}

impl Section {
    /// Whether there is nothing to say of the brand.
    pub fn is_empty(&self) -> bool {
        self.mentions == 0 && self.copies == 0 && self.findings.is_empty()
    }

    /// Whether something was out of the ordinary.
    pub fn is_striking(&self) -> bool {
        let is_much_or_little = matches!(self.level, Level::More | Level::Less);
        is_much_or_little || matches!(self.movement, Movement::Better | Movement::Worse) || !self.findings.is_empty()
    }
}

impl Digest {
    /// Whether there is nothing to tell: no mention, no finding, and nothing that could not be heard.
    pub fn is_empty(&self) -> bool {
        self.brands.iter().all(Section::is_empty) && self.blind.is_empty()
    }

    /// Whether nothing was out of the ordinary. Without knowing what is usual, or where not everything could be heard,
    /// that cannot be told.
    pub fn is_quiet(&self) -> bool {
        let is_known = |section: &Section| section.level != Level::Unknown && !section.is_striking();
        self.brands.iter().all(is_known) && self.blind.is_empty()
    }
}

/// Where a digest leads.
#[derive(Clone, Copy, Debug, Default)]
pub struct Links<'a> {
    /// The address with which its reader ends it.
    pub unsubscribe: Option<&'a str>,
    /// Where the pages are, without a slash at the end.
    pub site: Option<&'a str>,
}

/// Writes the mail, with times as they are in `time_zone`. Languages other than German and English get English.
pub fn mail(digest: &Digest, language: Language, time_zone: Tz, links: Links<'_>) -> Mail {
    letter::write(digest, language, time_zone, links)
}
