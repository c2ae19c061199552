//! Far more is said than usual, or nothing where never nothing is said.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use super::rhythm::{Rhythm, probability_of_at_least, probability_of_silence};
use super::{Extent, HOURS_PER_DAY, Rule, source_of};

/// How far back is looked, in hours.
const WINDOWS: [i64; 2] = [6, 24];

/// How many looks of these windows in a day are as good as independent ones.
const LOOKS_A_DAY: f64 = 8.0;

/// Less than so many times the usual is no news, however improbable.
const LEAST_FACTOR: f64 = 2.0;

/// Nor are fewer than so many.
const LEAST_MENTIONS: f64 = 8.0;

/// So many mentions come at once: who answers counts as half of one.
const MENTIONS_AT_ONCE: f64 = 1.5;

/// After a finding nothing is told of more volume for so long, nor after a gap: what was missed comes at once.
const MUTED_HOURS: i64 = 72;

/// Days before there is an opinion on what is usual.
const LEARNING_DAYS: i64 = 14;

/// The level of a single source strays more than that of all; silence is judged by no less.
const LEAST_SILENCE_DISPERSION: f64 = 0.25;

/// Others' activity is known this much in advance, in mentions, and never thought to be below this share of the usual.
const ACTIVITY_PRIOR: f64 = 2.0;
const LEAST_ACTIVITY: f64 = 0.1;

/// What all sources together are called here.
const ALL: &str = "";

/// How much is said in all and by each source, and for how long each has been silent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Volume {
    sources: BTreeMap<String, Source>,
    muted_until: Option<i64>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Source {
    rhythm: Rhythm,
    first_day: Option<i64>,
    /// Mentions of the last 24 hours, oldest first; the last one is of the open hour.
    lately: VecDeque<u32>,
    /// Mentions to be expected since the last one.
    missed: f64,
    /// The hour of the last one.
    last_hour: Option<i64>,
    /// It is silent, and that was told.
    gap: bool,
}

impl Source {
    fn count(&self, hours: i64) -> u64 {
        let hours = usize::try_from(hours).unwrap_or(0);
        self.lately.iter().rev().take(hours).copied().map(u64::from).sum()
    }

    fn expected(&self, hour: i64, hours: i64) -> f64 {
        (hour - hours + 1..=hour).map(|hour| self.rhythm.expected(hour)).sum()
    }

    fn knows(&self, hour: i64) -> bool {
        self.first_day.is_some_and(|first| hour.div_euclid(HOURS_PER_DAY) - first >= LEARNING_DAYS)
    }
}

/// More than usual, or nothing.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Unusual {
    pub(super) extent: Extent,
    /// The first hour of it.
    pub(super) since: i64,
    /// Natural logarithm of one over the p-value.
    pub(super) evidence: f64,
    pub(super) rarity_days: f64,
    /// The source that is silent; `None`: all.
    pub(super) place: Option<String>,
}

impl Volume {
    /// Takes in one mention that was published just now. `hour` is open.
    pub(super) fn observe(&mut self, segment: &str, hour: i64) {
        for name in [ALL, source_of(segment)] {
            let source = match self.sources.get_mut(name) {
                Some(source) => source,
                None => self.sources.entry(name.to_owned()).or_default(),
            };
            source.rhythm.observe(hour);
            source.first_day.get_or_insert(hour.div_euclid(HOURS_PER_DAY));
            match source.lately.back_mut() {
                Some(count) => *count = count.saturating_add(1),
                None => source.lately.push_back(1),
            }
        }
    }

    /// A mention of any age is a sign of life.
    pub(super) fn hear(&mut self, segment: &str, hour: i64) {
        for name in [ALL, source_of(segment)] {
            let Some(source) = self.sources.get_mut(name) else { continue };
            source.last_hour = Some(hour);
            source.missed = 0.0;
            if std::mem::take(&mut source.gap) {
                self.muted_until = Some(hour + MUTED_HOURS);
            }
        }
    }

    /// Ends an hour. What is unusual by then; the hour after it is open.
    pub(super) fn close_hour(&mut self, hour: i64, rule: Rule) -> Vec<Unusual> {
        let mut unusual = Vec::new();
        unusual.extend(self.spike(hour, rule));
        unusual.extend(self.silences(hour, rule));
        for source in self.sources.values_mut() {
            source.lately.push_back(0);
            let surplus = source.lately.len().saturating_sub(HOURS_PER_DAY as usize);
            source.lately.drain(..surplus);
        }
        unusual
    }

    fn spike(&mut self, hour: i64, rule: Rule) -> Option<Unusual> {
        let all = self.sources.get(ALL).filter(|all| all.knows(hour))?;
        if self.muted_until.is_some_and(|until| hour < until) {
            return None;
        }
        let looks = rule.days_for_volume() * LOOKS_A_DAY;
        // What the level of the last weeks leaves open is as good as a level that strays.
        let dispersion = all.rhythm.dispersion() + 1.0 / all.rhythm.known_mentions();
        let spike = WINDOWS.into_iter().find_map(|hours| {
            let (mentions, expected) = self.known(hour, hours);
            #[expect(clippy::cast_precision_loss, reason = "a number of mentions")]
            let count = mentions as f64;
            if count < LEAST_FACTOR * expected || count < LEAST_MENTIONS {
                return None;
            }
            let (count, usual) = (count / MENTIONS_AT_ONCE, expected / MENTIONS_AT_ONCE);
            let probability = probability_of_at_least(count, usual, dispersion);
            (probability * looks < 1.0).then(|| Unusual {
                extent: Extent::Volume { hours, mentions, expected },
                since: hour - hours + 1,
                evidence: -probability.max(f64::MIN_POSITIVE).ln(),
                rarity_days: 1.0 / (probability.max(f64::MIN_POSITIVE) * LOOKS_A_DAY),
                place: None,
            })
        })?;
        self.muted_until = Some(hour + MUTED_HOURS);
        Some(spike)
    }

    /// What was said in the hours up to this one by sources whose usual is known, and how much that usually is. A source that
    /// is new is no spike.
    fn known(&self, hour: i64, hours: i64) -> (u64, f64) {
        let (mut count, mut known, mut sum) = (0, 0.0, 0.0);
        for (_, source) in self.sources.iter().filter(|(name, _)| *name != ALL) {
            sum += source.rhythm.known_mentions();
            if source.knows(hour) {
                count += source.count(hours);
                known += source.rhythm.known_mentions();
            }
        }
        let expected = self.sources.get(ALL).map_or(0.0, |all| all.expected(hour, hours));
        (count, if sum > 0.0 { expected * known / sum } else { 0.0 })
    }

    fn silences(&mut self, hour: i64, rule: Rule) -> Vec<Unusual> {
        let activities: Vec<f64> =
            self.sources.iter().map(|(name, source)| self.activity(name, source, hour)).collect();
        #[expect(clippy::cast_precision_loss, reason = "a number of sources")]
        let looks = rule.days_for_silence() * self.sources.len() as f64;
        let mut silences = Vec::new();
        for ((name, source), activity) in self.sources.iter_mut().zip(activities) {
            if source.last_hour != Some(hour) {
                source.missed += source.rhythm.expected(hour) * activity;
            }
            if source.gap || !source.knows(hour) {
                continue;
            }
            let dispersion = source.rhythm.dispersion().max(LEAST_SILENCE_DISPERSION);
            let probability = probability_of_silence(source.missed, dispersion);
            if probability * looks < 1.0 {
                source.gap = true;
                silences.push(Unusual {
                    extent: Extent::Silence { expected: source.missed },
                    since: source.last_hour.map_or(hour, |last| last + 1),
                    evidence: -probability.ln(),
                    rarity_days: 1.0 / probability,
                    place: (name != ALL).then(|| name.clone()),
                });
            }
        }
        // Where all are silent, each of them is: that is one thing to say.
        if let Some(all) = silences.iter().position(|silence| silence.place.is_none()) {
            let all = silences.swap_remove(all);
            return vec![all];
        }
        silences
    }

    /// How much the others say, as a share of what is usual for them: on a holiday one need not speak either.
    fn activity(&self, name: &str, source: &Source, hour: i64) -> f64 {
        let Some(all) = self.sources.get(ALL).filter(|_| name != ALL) else { return 1.0 };
        #[expect(clippy::cast_precision_loss, reason = "a number of mentions")]
        let heard = all.count(HOURS_PER_DAY).saturating_sub(source.count(HOURS_PER_DAY)) as f64;
        let usual = (all.expected(hour, HOURS_PER_DAY) - source.expected(hour, HOURS_PER_DAY)).max(0.0);
        ((heard + ACTIVITY_PRIOR) / (usual + ACTIVITY_PRIOR)).clamp(LEAST_ACTIVITY, 1.0)
    }

    /// Ends a day. Days on which nobody listened teach nothing.
    pub(super) fn close_day(&mut self, day: i64) {
        let all_silent = self.sources.get(ALL).is_some_and(|all| all.gap);
        for source in self.sources.values_mut() {
            let listened = !source.gap && !all_silent;
            source.rhythm.close_day(day, listened);
        }
    }

    /// How many mentions are usual on a day, in all.
    pub(super) fn a_day(&self) -> f64 {
        self.sources.get(ALL).map_or(0.0, |all| all.rhythm.a_day())
    }
}
