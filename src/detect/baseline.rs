//! How far today is from the usual, segment by segment.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use crate::mention::Label;

/// Days after which a mention weighs half as much in what is usual: seasons may change, weeks may not.
const HALF_LIFE_DAYS: f64 = 60.0;

/// Days that are kept out of what is usual, so that a shift which is being weighed does not already move its own yardstick.
const LAG_DAYS: i64 = 4;

/// What remains of the old usual after a finding (a factor), and how many days before the finding join the new one.
const KEPT_AFTER_FINDING: f64 = 0.05;
const DAYS_KEPT_AFTER_FINDING: i64 = 2;

/// Mentions' worth of the brand's own mean that every segment starts from: the strength of the shrinkage (an empirical Bayes
/// estimate with the brand as the prior; James and Stein 1961, Efron and Morris 1975).
const SHRINKAGE_MENTIONS: f64 = 8.0;

/// Mentions below which a segment learns but does not speak. A source that has just appeared may be as angry as it likes: it
/// is no change in anybody's mood (Simpson 1951).
const SPEAKING_MENTIONS: f64 = 4.0;

/// The brand's own prior, in mentions: net mood zero, half of them with an opinion.
const PRIOR_MENTIONS: f64 = 5.0;
const PRIOR_OPINIONATED: f64 = 2.5;

/// The least variance of one mention's sign (−1, 0, 1), however unanimous a segment has been.
const LEAST_VARIANCE: f64 = 0.15;

/// How much larger the variance of a mean is than independent mentions would have it: replies echo what they reply to
/// (the design effect of cluster sampling; Kish 1965).
const DESIGN_EFFECT: f64 = 1.3;

/// The weight, in mentions, below which a segment is forgotten. It is some ten years after its last mention.
const FORGOTTEN_MENTIONS: f64 = 1e-9;

/// What a number of mentions amount to. With the signs −1, 0 and 1, three sums hold mean and variance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Tally {
    /// How many; fractions once they have faded.
    mentions: f64,
    /// Sum of the signs: positive ones minus negative ones.
    net: f64,
    /// Sum of the squared signs: those that are not neutral.
    opinionated: f64,
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.mentions += other.mentions;
        self.net += other.net;
        self.opinionated += other.opinionated;
    }

    fn fade(&mut self, factor: f64) {
        self.mentions *= factor;
        self.net *= factor;
        self.opinionated *= factor;
    }
}

type Segments = BTreeMap<String, Tally>;

fn add_all(segments: &mut Segments, more: Segments) {
    for (segment, tally) in more {
        segments.entry(segment).or_default().add(&tally);
    }
}

/// Mean and variance of one mention's sign.
#[derive(Clone, Copy, Debug)]
struct Normal {
    mean: f64,
    variance: f64,
}

/// How far a day's net mood is from the usual one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Residual {
    /// The distance, −2…2; each segment is compared with itself and weighs as much as it spoke.
    pub(super) mean: f64,
    /// The variance that the number of mentions, today's and the usual's, leaves to chance.
    pub(super) variance: f64,
}

/// What every segment of a brand is used to, and what it says today.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Baseline {
    /// The past, fading.
    usual: Segments,
    /// The last days (since the epoch) that are not part of it yet, oldest first.
    pending: VecDeque<(i64, Segments)>,
    /// The day that is not over.
    today: Segments,
    /// Until this day there is no lag: a finding was just made and the usual is learned anew.
    no_lag_until: Option<i64>,
}

impl Baseline {
    /// Takes in one mention of today.
    pub(super) fn observe(&mut self, segment: &str, label: Label) {
        let sign = f64::from(label.sign());
        let one = Tally { mentions: 1.0, net: sign, opinionated: sign.abs() };
        match self.today.get_mut(segment) {
            Some(tally) => tally.add(&one),
            None => _ = self.today.insert(segment.to_owned(), one),
        }
    }

    /// Nobody has spoken today.
    pub(super) fn today_is_silent(&self) -> bool {
        self.today.is_empty()
    }

    /// Nothing was heard, or all of it was forgotten.
    pub(super) fn is_empty(&self) -> bool {
        self.today.is_empty() && self.pending.is_empty() && self.usual.is_empty()
    }

    /// Today's net mood minus the usual one of the segments that spoke; `None` if none of them is known well enough.
    pub(super) fn residual(&self) -> Option<Residual> {
        let brand = self.brand();
        let (mut mentions, mut distance, mut variance) = (0.0, 0.0, 0.0);
        for (segment, today) in &self.today {
            let Some(usual) = self.usual.get(segment).filter(|usual| usual.mentions >= SPEAKING_MENTIONS) else {
                continue;
            };
            let normal = shrunk(usual, brand);
            let certainty = usual.mentions + SHRINKAGE_MENTIONS;
            mentions += today.mentions;
            distance += today.net - today.mentions * normal.mean;
            variance +=
                today.mentions * normal.variance + today.mentions * today.mentions * normal.variance / certainty;
        }
        (mentions > 0.0)
            .then(|| Residual { mean: distance / mentions, variance: DESIGN_EFFECT * variance / mentions / mentions })
    }

    /// What is usual for the brand as a whole.
    fn brand(&self) -> Normal {
        let mut sum = Tally::default();
        self.usual.values().for_each(|tally| sum.add(tally));
        let mentions = sum.mentions + PRIOR_MENTIONS;
        let mean = sum.net / mentions;
        let square = (sum.opinionated + PRIOR_OPINIONATED) / mentions;
        Normal { mean, variance: (square - mean * mean).max(LEAST_VARIANCE) }
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
        while let Some((_, segments)) = self.pending.pop_front_if(|(waiting, _)| *waiting <= day - lag) {
            add_all(&mut self.usual, segments);
        }
    }

    /// Learns anew from the last days what is usual; `day` is today.
    pub(super) fn forget(&mut self, day: i64) {
        self.usual.values_mut().for_each(|tally| tally.fade(KEPT_AFTER_FINDING));
        for (waiting, segments) in std::mem::take(&mut self.pending) {
            if waiting >= day - DAYS_KEPT_AFTER_FINDING {
                add_all(&mut self.usual, segments);
            }
        }
        self.today.clear();
        self.no_lag_until = Some(day + LAG_DAYS);
    }
}

/// What is usual for a segment: its own past, pulled towards the brand's mean while there is little of it.
fn shrunk(usual: &Tally, brand: Normal) -> Normal {
    let mentions = usual.mentions + SHRINKAGE_MENTIONS;
    let mean = (usual.net + SHRINKAGE_MENTIONS * brand.mean) / mentions;
    let brand_square = brand.variance + brand.mean * brand.mean;
    let square = (usual.opinionated + SHRINKAGE_MENTIONS * brand_square) / mentions;
    Normal { mean, variance: (square - mean * mean).max(LEAST_VARIANCE) }
}
