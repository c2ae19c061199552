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
//! | `ledger` | what was said by whom, usually, lately and today |
//! | `baseline` | how far is today from the usual, segment by segment |
//! | `wobble` | how far a day strays when nothing has happened |
//! | `evidence` | how much speaks for a shift, and since when |
//! | `mood` | whether the brand or one of its segments has shifted |
//! | `condition` | what becomes of a shift that was found |
//! | `rhythm`, `volume` | how much is usual at this hour of the week; whether it is far more, or nothing |
//! | `burst` | who, or what text, is heard over and over |
//! | `mix` | whether others speak, rather than otherwise |
//! | `rehearsal` | what would have been found before anybody listened |
//! | `replay` | what several promises make of one history |
//!
//! Constants without a source are engineering choices, checked on simulated streams of 3 to 1,000 mentions a day over 120 days:
//! quiet ones, falls and rises, bursts, copies, outages, holidays and new sources (`cargo bench --bench promise`).

mod baseline;
mod burst;
mod condition;
mod evidence;
mod finding;
mod hygiene;
mod ledger;
mod mix;
mod mood;
pub mod rehearsal;
pub mod replay;
mod report;
mod rhythm;
mod rule;
mod volume;
mod wobble;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::mention::{Label, Timestamp};
use burst::Bursts;
use condition::{Condition, Meaning};
pub use finding::{Blend, Development, Direction, Extent, Finding, FindingKind, Report, Stage};
pub use hygiene::{Exclusion, Hygiene, LeftOut};
use ledger::Ledger;
use mix::mix;
use mood::{Mood, Shift};
pub use replay::Replay;
use report::{of_burst, of_mix, of_shift, of_volume};
pub use rule::{Rule, RuleError};
use volume::Volume;

/// Days from the first mention on before a day counts as evidence; until then every day is baseline only.
const BURN_IN_DAYS: i64 = 7;

/// Days from the first mention on before a finding may be made.
const WARM_UP_DAYS: i64 = 30;

/// Hours after a finding in which no other is made and nothing is added up: people have just been told.
const REFRACTORY_HOURS: i64 = 72;

/// Days after a shift in which nothing is told of another blend, and days after such a finding.
const BLEND_AFTER_FINDING_DAYS: i64 = 11;
const BLEND_MUTED_DAYS: i64 = 28;

/// After more than a year without a word all is forgotten.
const FORGOTTEN_HOURS: i64 = 400 * HOURS_PER_DAY;

/// What is older on arrival tells nothing of how much is said now.
const YOUNG_SECONDS: i64 = 6 * 3600;

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
    /// What all mentions with this text share.
    pub text: u64,
    /// What it is about, as far as recognised.
    pub topics: Vec<String>,
    /// The mood.
    pub label: Label,
    /// Another mention with this text arrived before.
    pub copy: bool,
    /// It came with the first import or a backfill.
    pub backfill: bool,
}

impl Observation {
    /// The source that the segment names.
    pub fn source(&self) -> &str {
        source_of(&self.segment)
    }
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
    /// By segment.
    ledger: Ledger,
    /// By topic: a mention's first one.
    topics: Ledger,
    mood: Mood,
    volume: Volume,
    bursts: Bursts,
    /// The shift that lasts.
    condition: Option<Condition>,
    last_finding_hour: Option<i64>,
    /// The last hour in which anything counted.
    last_heard_hour: Option<i64>,
    /// Until this day nothing is told of another blend.
    blend_known_until: Option<i64>,
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
    /// An observation whose hour was judged before counts into the hour that is open. Returns the reports in order of time.
    pub fn run(&mut self, rule: Rule, observations: &[Observation], now: Timestamp) -> Vec<Report> {
        let mut reports = Vec::new();
        for observation in observations {
            // What does not count tells the time all the same: the hours before it are over, restart or no restart.
            let hour = observation.arrived_at.hour();
            self.judge_until(hour, rule, &mut reports);
            let hour = self.clock.map_or(hour, |clock| clock.open_hour.max(hour));
            self.observe(observation, hour, &mut reports);
        }
        self.judge_until(now.hour(), rule, &mut reports);
        reports
    }

    fn observe(&mut self, observation: &Observation, hour: i64, reports: &mut Vec<Report>) {
        let exclusion = self.hygiene.exclude(observation);
        if matches!(exclusion, Some(Exclusion::Backfill | Exclusion::Stale)) {
            return;
        }
        self.volume.hear(&observation.segment, hour);
        if let Some(burst) = self.bursts.observe(observation, hour, self.volume.a_day())
            && self.clock.is_some_and(|clock| clock.age() >= BURN_IN_DAYS)
        {
            reports.push(Report::Found(of_burst(burst, observation, hour)));
        }
        if exclusion.is_none() {
            self.clock.get_or_insert(Clock::starting_at(hour));
            self.last_heard_hour = Some(hour);
            self.ledger.observe(&observation.segment, observation.label);
            self.topics.observe(observation.topics.first().map_or("", String::as_str), observation.label);
            if is_young(observation) {
                self.volume.observe(&observation.segment, hour);
            }
        }
    }

    /// Judges every open hour before `hour`.
    fn judge_until(&mut self, hour: i64, rule: Rule, reports: &mut Vec<Report>) {
        while let Some(clock) = self.clock.filter(|clock| clock.open_hour < hour) {
            if self.last_heard_hour.is_none_or(|last| clock.open_hour - last > FORGOTTEN_HOURS) {
                // So long without a word: what was usual then says nothing of today.
                *self = Self { hygiene: std::mem::take(&mut self.hygiene), ..Self::default() };
                return;
            }
            // Silence is no evidence of a mood.
            if !self.ledger.today.is_empty() {
                self.judge(clock, rule, reports);
            }
            let unusual = self.volume.close_hour(clock.open_hour, rule);
            reports.extend(unusual.into_iter().map(|it| Report::Found(of_volume(it, clock.open_hour))));
            let next = clock.open_hour + 1;
            if next.rem_euclid(HOURS_PER_DAY) == 0 {
                self.close_day(clock, reports);
            }
            self.clock = Some(Clock { open_hour: next, ..clock });
        }
    }

    /// Judges the mood of the open hour.
    fn judge(&mut self, clock: Clock, rule: Rule, reports: &mut Vec<Report>) {
        if clock.age() < WARM_UP_DAYS || !self.is_quiet_at(clock.open_hour) {
            return;
        }
        let Some(shift) = self.mood.strongest(clock.day(), &self.ledger, rule) else { return };
        if shift.evidence <= rule.mood_threshold() || shift.size.abs() - shift.deviation < rule.minimum {
            return;
        }
        let blend = mix(&self.topics).filter(|mix| mix.is_news() && mix.prevails());
        match blend.filter(|mix| mix.effect * shift.direction.sign() > 0.0) {
            Some(mix) => reports.push(Report::Found(of_mix(mix, Blend::Topics, clock.open_hour))),
            None => self.found(shift, clock, rule, reports),
        }
        self.start_over(clock);
    }

    /// A shift: of a mood that was as usual, or of one that is on its way already.
    fn found(&mut self, shift: Shift, clock: Clock, rule: Rule, reports: &mut Vec<Report>) {
        if let Some(mut condition) = self.condition.take() {
            let meaning = condition.meaning(shift.direction, shift.size, shift.onset.most_likely, &self.ledger.today);
            match meaning {
                Meaning::Same(stage) => {
                    reports.extend(stage.map(|stage| Self::developed(&condition, stage, clock)));
                    self.condition = Some(condition);
                    return;
                }
                Meaning::Another if condition.is_over() => {}
                // What goes further from where it is now takes that for the usual.
                Meaning::Another => {
                    let anew = condition.direction == shift.direction;
                    let stage = if anew { Stage::Settled } else { Stage::Reversed };
                    reports.push(Self::developed(&condition, stage, clock));
                }
            }
        }
        let mut usual = baseline::normals(&self.ledger.usual);
        if let Some(place) = &shift.place {
            usual.retain(|segment, _| segment == place);
        }
        self.condition = Some(Condition::new(shift.direction, clock.open_hour, usual, shift.size));
        reports.push(Report::Found(of_shift(shift, clock.open_hour, rule)));
    }

    fn developed(condition: &Condition, stage: Stage, clock: Clock) -> Report {
        Report::Developed(Development {
            kind: condition.kind(),
            found_at: end_of(condition.found_hour),
            at: end_of(clock.open_hour),
            stage,
            residual: condition.residual,
        })
    }

    /// Adds the day that is over to the evidence and to what is usual.
    fn close_day(&mut self, clock: Clock, reports: &mut Vec<Report>) {
        let (day, age) = (clock.day(), clock.age());
        self.follow(clock, reports);
        self.reblend(clock, reports);
        let counts = age >= BURN_IN_DAYS && self.is_quiet_at(clock.open_hour);
        self.mood.close_day(day, age, &self.ledger, counts);
        self.volume.close_day(day);
        self.bursts.close_day(day);
        self.ledger.close_day(day, age);
        self.topics.close_day(day, age);
    }

    /// What has become of the shift that lasts.
    fn follow(&mut self, clock: Clock, reports: &mut Vec<Report>) {
        let Some(mut condition) = self.condition.take() else { return };
        // What is left of the day on which it was found is not a day.
        if clock.open_hour - condition.found_hour < HOURS_PER_DAY {
            self.condition = Some(condition);
            return;
        }
        let stage = condition.close_day(&self.ledger.today);
        if let Some(stage) = stage {
            reports.push(Self::developed(&condition, stage, clock));
        }
        self.condition = Some(condition).filter(|condition| !condition.is_done());
    }

    /// Whether others speak than usual.
    fn reblend(&mut self, clock: Clock, reports: &mut Vec<Report>) {
        let day = clock.day();
        if clock.age() < WARM_UP_DAYS
            || self.blend_known_until.is_some_and(|until| day <= until)
            || !self.is_quiet_at(clock.open_hour - BLEND_AFTER_FINDING_DAYS * HOURS_PER_DAY)
        {
            return;
        }
        if let Some(mix) = mix(&self.ledger).filter(|mix| mix.is_news() && mix.prevails()) {
            self.blend_known_until = Some(day + BLEND_MUTED_DAYS);
            reports.push(Report::Found(of_mix(mix, Blend::Segments, clock.open_hour)));
        }
    }

    fn is_quiet_at(&self, hour: i64) -> bool {
        self.last_finding_hour.is_none_or(|last| hour - last >= REFRACTORY_HOURS)
    }

    /// After a finding the new mood is to become the usual one within days, not months.
    fn start_over(&mut self, clock: Clock) {
        self.last_finding_hour = Some(clock.open_hour);
        self.mood.start_over();
        self.ledger.forget(clock.day());
        self.topics.forget(clock.day());
    }
}

/// How many days it takes, in the median, to find a lasting rise of the share of negatives by 13 points, at so many mentions a day
/// and the promise of 90 days; `None` below one mention a day. Fitted to what `cargo bench --bench promise` measures: 24 days at
/// three a day, 7 at thirty, 2 at three hundred.
pub fn days_until_found(per_day: f64) -> Option<f64> {
    (per_day >= 1.0).then(|| 44.0 * per_day.powf(-0.53))
}

/// Published not long before it arrived: what was missed for a while and comes at once tells nothing of the volume now.
fn is_young(observation: &Observation) -> bool {
    observation.published_at.is_none_or(|published| published >= observation.arrived_at.plus_seconds(-YOUNG_SECONDS))
}

/// The part of a segment that names its source.
fn source_of(segment: &str) -> &str {
    segment.rsplit_once(':').map_or(segment, |(source, _)| source)
}

/// Monday is 0. The first day of the epoch was a Thursday.
const fn weekday(day: i64) -> usize {
    (day + 3).rem_euclid(7) as usize
}

const fn end_of(hour: i64) -> Timestamp {
    Timestamp::from_seconds((hour + 1).saturating_mul(SECONDS_PER_HOUR))
}

const fn start_of(day: i64) -> Timestamp {
    Timestamp::from_seconds(day.saturating_mul(SECONDS_PER_DAY))
}
