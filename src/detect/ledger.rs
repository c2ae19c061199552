//! What was said, part by part (segments or topics) and day by day: the usual, what waits to become it, and today.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use crate::mention::Label;

/// Days after which a mention weighs half as much in what is usual: seasons may change, weeks may not.
const HALF_LIFE_DAYS: f64 = 60.0;

/// Days that are kept out of what is usual, so that a shift which is being weighed does not already move its own yardstick.
pub(super) const LAG_DAYS: i64 = 4;

/// What remains of the old usual after a finding (a factor), and how many days before the finding join the new one.
const KEPT_AFTER_FINDING: f64 = 0.05;
const DAYS_KEPT_AFTER_FINDING: i64 = 2;

/// The weight, in mentions, below which a part is forgotten. It is some ten years after its last mention.
const FORGOTTEN_MENTIONS: f64 = 1e-9;

/// What a number of mentions amount to. With the signs −1, 0 and 1, three sums hold mean and variance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Tally {
    /// How many; fractions once they have faded.
    pub(super) mentions: f64,
    /// Sum of the signs: positive ones minus negative ones.
    pub(super) net: f64,
    /// Sum of the squared signs: those that are not neutral.
    pub(super) opinionated: f64,
}

impl Tally {
    pub(super) fn one(label: Label) -> Self {
        let sign = f64::from(label.sign());
        Self { mentions: 1.0, net: sign, opinionated: sign.abs() }
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.mentions += other.mentions;
        self.net += other.net;
        self.opinionated += other.opinionated;
    }

    /// The mean sign; `None` without mentions.
    pub(super) fn mean(&self) -> Option<f64> {
        (self.mentions > 0.0).then(|| self.net / self.mentions)
    }

    fn fade(&mut self, factor: f64) {
        self.mentions *= factor;
        self.net *= factor;
        self.opinionated *= factor;
    }
}

/// Tallies by segment or topic.
pub(super) type Parts = BTreeMap<String, Tally>;

fn add_all(parts: &mut Parts, more: &Parts) {
    for (part, tally) in more {
        match parts.get_mut(part) {
            Some(known) => known.add(tally),
            None => _ = parts.insert(part.clone(), *tally),
        }
    }
}

/// All parts together.
pub(super) fn sum(parts: &Parts) -> Tally {
    let mut sum = Tally::default();
    parts.values().for_each(|tally| sum.add(tally));
    sum
}

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Ledger {
    /// The past, fading.
    pub(super) usual: Parts,
    /// The last days (since the epoch) that are not part of it yet, oldest first.
    pending: VecDeque<(i64, Parts)>,
    /// The day that is not over.
    pub(super) today: Parts,
    /// Until this day there is no lag: a finding was just made and the usual is learned anew.
    no_lag_until: Option<i64>,
}

impl Ledger {
    /// Takes in one mention of today.
    pub(super) fn observe(&mut self, part: &str, label: Label) {
        let one = Tally::one(label);
        match self.today.get_mut(part) {
            Some(tally) => tally.add(&one),
            None => _ = self.today.insert(part.to_owned(), one),
        }
    }

    /// Today and the days that are not part of the usual yet: the last four to five days.
    pub(super) fn lately(&self) -> Parts {
        let mut parts = self.today.clone();
        self.pending.iter().for_each(|(_, day)| add_all(&mut parts, day));
        parts
    }

    /// Ends `day`, the `age`-th since the first mention: the usual fades by a day and takes in what has waited long enough.
    pub(super) fn close_day(&mut self, day: i64, age: i64) {
        let today = std::mem::take(&mut self.today);
        if !today.is_empty() {
            self.pending.push_back((day, today));
        }
        let fading = 0.5_f64.powf(1.0 / HALF_LIFE_DAYS);
        self.usual.values_mut().for_each(|tally| tally.fade(fading));
        self.usual.retain(|_, tally| tally.mentions >= FORGOTTEN_MENTIONS);
        let learning = age <= LAG_DAYS || self.no_lag_until.is_some_and(|last| day <= last);
        let lag = if learning { 0 } else { LAG_DAYS };
        while let Some((_, parts)) = self.pending.pop_front_if(|(waiting, _)| *waiting <= day - lag) {
            add_all(&mut self.usual, &parts);
        }
    }

    /// Learns anew from the last days what is usual; `day` is today.
    pub(super) fn forget(&mut self, day: i64) {
        self.usual.values_mut().for_each(|tally| tally.fade(KEPT_AFTER_FINDING));
        for (waiting, parts) in std::mem::take(&mut self.pending) {
            if waiting >= day - DAYS_KEPT_AFTER_FINDING {
                add_all(&mut self.usual, &parts);
            }
        }
        self.today.clear();
        self.no_lag_until = Some(day + LAG_DAYS);
    }

    /// How many days' worth of mentions the usual holds at the `age`-th day.
    pub(super) fn usual_days(age: i64) -> f64 {
        let fading = 0.5_f64.powf(1.0 / HALF_LIFE_DAYS);
        #[expect(clippy::cast_precision_loss, reason = "a number of days")]
        let age = (age - LAG_DAYS).max(1) as f64;
        (1.0 - fading.powf(age)) / (1.0 - fading)
    }
}
