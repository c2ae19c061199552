//! Evidence that the mood about a brand has shifted, weighed so that false alarms stay as rare as promised. Pure; the state
//! is small and serialisable.

use serde::{Deserialize, Serialize};

use crate::mention::{Label, Timestamp};

/// The promise: at most one false alarm in so many days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    /// More than zero.
    pub days: f64,
}

/// What the detector sees of a mention on its arrival.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// When it arrived.
    pub arrived_at: Timestamp,
    /// When it was published, as far as known.
    pub published_at: Option<Timestamp>,
    /// `source:language`.
    pub segment: String,
    /// What the author is told apart by; `None` if the source names none.
    pub author: Option<u64>,
    /// The mood.
    pub label: Label,
    /// Another mention with this text arrived before.
    pub copy: bool,
    /// It came with the first import or a backfill.
    pub backfill: bool,
}

/// Which way the mood went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// Worse than the brand's own usual.
    MoodDown,
    /// Better than the brand's own usual.
    MoodUp,
}

/// What the detector says happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What.
    pub kind: FindingKind,
    /// The end of the hour in which the evidence sufficed.
    pub at: Timestamp,
    /// When the change most likely began.
    pub onset: Timestamp,
    /// Natural logarithm of the e-value.
    pub evidence: f64,
    /// A brand whose mood does not change shows this much evidence once in so many days.
    pub rarity_days: f64,
    /// How far the net mood (share positive − share negative) is from the usual one, today.
    pub residual: f64,
}

/// The state for one brand.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Detector {}

impl Detector {
    /// Takes in what arrived, in the order of arrival, and judges every hour that is over at `now`.
    pub fn run(&mut self, rule: Rule, observations: &[Observation], now: Timestamp) -> Vec<Finding> {
        let _ = (rule, observations, now);
        todo!()
    }
}
