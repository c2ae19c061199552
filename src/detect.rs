//! Evidence that the mood about a brand has shifted, weighed so that false alarms stay as rare as promised. Pure; the state
//! is small and serialisable.
//!
//! What counts is the *net mood*: the share of positive mentions minus the share of negative ones. Each day is compared with
//! what every segment (source and language) is used to, so that a change in who speaks is not taken for a change in what is
//! said. The residual of a day is worth more the more people spoke, and less the more the mood of this brand wobbles from
//! day to day anyway. Days add up by the Shiryaev–Roberts rule, which asks at every moment how much better "it shifted at
//! some day" explains them than "it did not"; once an hour the unfinished day is added on trial, and when the sum exceeds
//! what chance yields once in the promised time, that is a [`Finding`].
//!
//! | module | what it answers |
//! |---|---|
//! | `hygiene` | which mentions are one person's voice, said now |
//! | `baseline` | how far is today from the usual, segment by segment |
//! | `wobble` | how far a day strays when nothing has happened |
//! | `evidence` | how much speaks for a shift, and since when |
//!
//! Constants without a source are engineering choices, checked on simulated streams of 3 to 300 mentions a day over 120 days:
//! quiet ones, falls and rises, bursts, copies, outages, holidays and new sources.

mod baseline;
mod evidence;
mod hygiene;
mod rule;
mod wobble;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::mention::{Label, Timestamp};
use baseline::Baseline;
use evidence::{Block, Evidence};
pub use hygiene::{Exclusion, Hygiene, LeftOut};
pub use rule::{Rule, RuleError};
use wobble::Wobble;

/// Days from the first mention on before a day counts as evidence; until then every day is baseline only.
const BURN_IN_DAYS: i64 = 7;

/// Days from the first mention on before a finding may be made.
const WARM_UP_DAYS: i64 = 30;

/// Hours after a finding in which no other is made and nothing is added up: people have just been told.
const REFRACTORY_HOURS: i64 = 72;

const HOURS_PER_DAY: i64 = 24;
const SECONDS_PER_HOUR: i64 = 3600;
const SECONDS_PER_DAY: i64 = HOURS_PER_DAY * SECONDS_PER_HOUR;

/// The rarest that a finding calls itself, in days. Beyond a few thousand years the number means nothing, and e to the power
/// of the evidence may exceed what a float and JSON can hold.
const RAREST_DAYS: f64 = 1e9;

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

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// Worse than the brand's own usual.
    MoodDown,
    /// Better than the brand's own usual.
    MoodUp,
}

impl FindingKind {
    /// As it is stored and printed: `mood_down`, `mood_up`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::MoodDown => "mood_down",
            Self::MoodUp => "mood_up",
        }
    }

    /// Which way the mood went.
    pub const fn direction(self) -> Direction {
        match self {
            Self::MoodDown => Direction::Down,
            Self::MoodUp => Direction::Up,
        }
    }
}

/// Which way the mood went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To the better.
    Up,
    /// To the worse.
    Down,
}

impl Direction {
    /// 1 or −1.
    pub const fn sign(self) -> f64 {
        match self {
            Self::Up => 1.0,
            Self::Down => -1.0,
        }
    }

    const fn finding(self) -> FindingKind {
        match self {
            Self::Up => FindingKind::MoodUp,
            Self::Down => FindingKind::MoodDown,
        }
    }
}

/// What the detector says happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What.
    pub kind: FindingKind,
    /// The end of the hour in which the evidence sufficed.
    pub at: Timestamp,
    /// The start of the day (UTC) on which the change most likely began.
    pub onset: Timestamp,
    /// The start of the earliest day that explains the evidence nearly as well: at most e² times less likely.
    pub onset_earliest: Timestamp,
    /// The start of the latest such day.
    pub onset_latest: Timestamp,
    /// Natural logarithm of the e-value.
    pub evidence: f64,
    /// A brand whose mood does not change shows this much evidence once in so many days (at most 10⁹).
    pub rarity_days: f64,
    /// How far the net mood (share positive − share negative, −1…1) is from the usual one, today.
    pub residual: f64,
}

/// The state for one brand, all that the detector remembers: a few kilobytes of JSON, and one number for each author of the
/// day.
///
/// Cut the stream of observations wherever you like, store the state, read it back and go on: the findings are the same.
/// For that, floats must survive JSON exactly (`serde_json` with `float_roundtrip`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Detector {
    hygiene: Hygiene,
    clock: Option<Clock>,
    baseline: Baseline,
    wobble: Wobble,
    evidence: Evidence,
    last_finding_hour: Option<i64>,
}

/// Where the detector stands in time. It starts with the first mention that counts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Clock {
    /// The day of the first mention that counted, in days since the epoch.
    first_day: i64,
    /// The hour that is not judged yet, in hours since the epoch.
    open_hour: i64,
}

impl Clock {
    const fn starting_at(hour: i64) -> Self {
        Self { first_day: hour.div_euclid(HOURS_PER_DAY), open_hour: hour }
    }

    const fn day(self) -> i64 {
        self.open_hour.div_euclid(HOURS_PER_DAY)
    }

    /// Days since the first mention.
    const fn age(self) -> i64 {
        self.day() - self.first_day
    }
}

impl Detector {
    /// Takes in what arrived, in the order of arrival, and judges every hour that is over at `now`.
    ///
    /// An observation whose hour was judged before counts into the hour that is open. Returns the findings in order of time.
    pub fn run(&mut self, rule: Rule, observations: &[Observation], now: Timestamp) -> Vec<Finding> {
        let mut findings = Vec::new();
        for observation in observations {
            // What does not count tells the time all the same: the hours before it are over, restart or no restart.
            let hour = observation.arrived_at.hour();
            self.judge_until(hour, rule, &mut findings);
            if self.hygiene.exclude(observation).is_none() {
                self.clock.get_or_insert(Clock::starting_at(hour));
                self.baseline.observe(&observation.segment, observation.label);
            }
        }
        self.judge_until(now.hour(), rule, &mut findings);
        findings
    }

    /// Judges every open hour before `hour`. Hours of a day on which nobody has spoken yet are passed over: silence is no
    /// evidence.
    fn judge_until(&mut self, hour: i64, rule: Rule, findings: &mut Vec<Finding>) {
        while let Some(clock) = self.clock.filter(|clock| clock.open_hour < hour) {
            let midnight = (clock.day() + 1) * HOURS_PER_DAY;
            let next = if self.baseline.today_is_silent() {
                if self.baseline.is_empty() { hour } else { midnight.min(hour) }
            } else {
                findings.extend(self.judge(clock, rule));
                clock.open_hour + 1
            };
            if next >= midnight {
                self.close_day(clock);
            }
            self.clock = Some(Clock { open_hour: next, ..clock });
        }
    }

    /// Judges the open hour.
    fn judge(&mut self, clock: Clock, rule: Rule) -> Option<Finding> {
        if clock.age() < WARM_UP_DAYS || !self.is_quiet_at(clock.open_hour) {
            return None;
        }
        let today = self.today(clock.day())?;
        let (direction, evidence) = self.evidence.strongest_with(&today);
        if evidence <= rule.threshold() {
            return None;
        }
        let onset = self.evidence.onset(direction, &today);
        self.start_over(clock);
        Some(Finding {
            kind: direction.finding(),
            at: Timestamp::from_seconds((clock.open_hour + 1).saturating_mul(SECONDS_PER_HOUR)),
            onset: start_of(onset.most_likely),
            onset_earliest: start_of(onset.earliest),
            onset_latest: start_of(onset.latest),
            evidence,
            rarity_days: (evidence.exp() / evidence::DIRECTIONS).min(RAREST_DAYS),
            residual: today.residual,
        })
    }

    /// The unfinished day as a piece of evidence; `None` while nobody has spoken whose usual mood is known.
    fn today(&self, day: i64) -> Option<Block> {
        Some(self.wobble.weigh(day, self.baseline.residual()?))
    }

    /// Adds the day that is over to the evidence and to what is usual.
    fn close_day(&mut self, clock: Clock) {
        let residual = self.baseline.residual();
        let last_hour = clock.day() * HOURS_PER_DAY + HOURS_PER_DAY - 1;
        if let Some(residual) = residual
            && clock.age() >= BURN_IN_DAYS
            && self.is_quiet_at(last_hour)
        {
            self.evidence.add(self.wobble.weigh(clock.day(), residual));
            self.wobble.learn(residual);
        }
        self.wobble.yesterday = residual;
        self.baseline.close_day(clock.day(), clock.age());
    }

    fn is_quiet_at(&self, hour: i64) -> bool {
        self.last_finding_hour.is_none_or(|last| hour - last >= REFRACTORY_HOURS)
    }

    /// After a finding the new mood is to become the usual one within days, not months.
    fn start_over(&mut self, clock: Clock) {
        self.last_finding_hour = Some(clock.open_hour);
        self.evidence = Evidence::default();
        self.wobble.yesterday = None;
        self.baseline.forget(clock.day());
    }
}

const fn start_of(day: i64) -> Timestamp {
    Timestamp::from_seconds(day.saturating_mul(SECONDS_PER_DAY))
}
