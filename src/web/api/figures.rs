//! What was counted, as the overview and the months tell it.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::findings::Finding;
use crate::alert::Period;
use crate::web::chart::Column;
use crate::web::figures::{self, Sum};
use crate::web::summary::{Summary, Voice};

/// How much was said, and how.
#[derive(Serialize, ToSchema)]
pub(super) struct Total {
    /// All that was said, copies included.
    mentions: u64,
    /// How many texts are negative.
    negative: u64,
    /// Neutral.
    neutral: u64,
    /// Positive.
    positive: u64,
    /// Texts whose mood nobody can tell.
    untold: u64,
    /// Copies of texts that were met before.
    copies: u64,
    /// The net mood.
    net: Option<Net>,
}

/// The net mood: the positive share less the negative one.
#[derive(Serialize, ToSchema)]
pub(super) struct Net {
    /// −1 to 1.
    value: f64,
    /// The lower end of its 95% interval.
    low: f64,
    /// The upper end.
    high: f64,
}

impl Net {
    /// `None` where no mood is known.
    fn of(period: &Period) -> Option<Self> {
        let (low, high) = period.net_range()?;
        Some(Self { value: period.net()?, low, high })
    }
}

impl From<Sum> for Total {
    fn from(sum: Sum) -> Self {
        let [negative, neutral, positive] = sum.moods;
        let (mentions, net) = (sum.reach(), Net::of(&sum.period()));
        Self { mentions, negative, neutral, positive, untold: sum.untold, copies: sum.copies, net }
    }
}

/// How far the net mood moved.
#[derive(Serialize, ToSchema)]
pub(super) struct Shift {
    /// −2 to 2.
    by: f64,
    /// Whether that is more than chance.
    is_sure: bool,
}

impl Shift {
    /// `None` where one of the moods is not known.
    pub(super) fn between(now: Sum, before: Sum) -> Option<Self> {
        figures::change(now, before).map(|(by, is_sure)| Self { by, is_sure })
    }
}

/// A topic, a source or a language.
#[derive(Serialize, ToSchema)]
pub(super) struct Part {
    /// The topic's name, the source's id or the language's code; empty: not known.
    value: String,
    /// In the days that are asked for.
    now: Total,
    /// In those before that they are compared with.
    before: Total,
    /// By how much it moved the net mood of all.
    moved: f64,
}

impl From<figures::Part> for Part {
    fn from(part: figures::Part) -> Self {
        Self { value: part.name, now: part.now.into(), before: part.before.into(), moved: part.moved }
    }
}

/// A day, or a week where there are many.
#[derive(Serialize, ToSchema)]
pub(super) struct Days {
    /// The first of them.
    first: NaiveDate,
    /// The last of them.
    last: NaiveDate,
    /// All that was said, copies included.
    mentions: u64,
    /// How many texts tell a mood.
    told: u64,
    /// The net mood.
    net: Option<Net>,
    /// The share of what is usually heard that could not be heard, 0 to 1.
    unheard: f64,
}

impl From<&Column> for Days {
    fn from(column: &Column) -> Self {
        Self {
            first: column.first,
            last: column.last,
            mentions: column.mentions,
            told: column.period.mentions,
            net: Net::of(&column.period),
            unheard: column.blind,
        }
    }
}

/// How much of what is said is said about a brand.
#[derive(Serialize, ToSchema)]
pub(super) struct VoiceShare {
    /// Its name.
    brand: String,
    /// Whether it is one's own, and no competitor.
    is_own: bool,
    /// How much was said about it, and how.
    total: Total,
    /// Its share, 0 to 1.
    share: f64,
    /// The lower end of its 95% interval.
    low: f64,
    /// The upper end.
    high: f64,
}

impl From<&Voice> for VoiceShare {
    fn from(voice: &Voice) -> Self {
        Self {
            brand: voice.brand.clone(),
            is_own: voice.is_own,
            total: voice.sum.into(),
            share: voice.share.fraction,
            low: voice.share.low,
            high: voice.share.high,
        }
    }
}

/// What is told of a brand over some days.
#[derive(Serialize, ToSchema)]
pub(super) struct Figures {
    /// The first day.
    from: NaiveDate,
    /// The last day.
    to: NaiveDate,
    /// What was said.
    now: Total,
    /// In the days before that they are compared with.
    before: Total,
    /// How far the net mood moved against them.
    shift: Option<Shift>,
    /// In the order of time; also those in which nothing was said.
    days: Vec<Days>,
    /// The topic most spoken of first, with what moved the mood.
    topics: Vec<Part>,
    /// Likewise.
    sources: Vec<Part>,
    /// Likewise.
    languages: Vec<Part>,
    /// The share of voice; empty without competitors.
    voices: Vec<VoiceShare>,
    /// The newest first.
    findings: Vec<Finding>,
}

impl From<Summary> for Figures {
    fn from(summary: Summary) -> Self {
        let parts = |parts: Vec<figures::Part>| parts.into_iter().map(Part::from).collect();
        Self {
            from: summary.span.start,
            to: summary.span.end.pred_opt().unwrap_or(summary.span.start),
            now: summary.now.into(),
            before: summary.before.into(),
            shift: Shift::between(summary.now, summary.before),
            days: summary.columns().iter().map(Days::from).collect(),
            voices: summary.voices.iter().map(VoiceShare::from).collect(),
            topics: parts(summary.topics),
            sources: parts(summary.sources),
            languages: parts(summary.languages),
            findings: summary.findings.into_iter().map(|(listed, _)| listed.into()).collect(),
        }
    }
}
