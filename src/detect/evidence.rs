//! How much speaks for a shift, and since when.
//!
//! The sum over all possible starts of the likelihood ratio "shift since that day" against "no shift" is the rule of Shiryaev
//! (*On optimum methods in quickest detection problems*, 1963) and Roberts (*A comparison of some control chart procedures*,
//! 1966). It is an e-detector in the sense of Shin, Ramdas and Rinaldo (*E-detectors: a nonparametric framework for sequential
//! change detection*, 2022): without a shift, the average time until it exceeds x is at least x days, whatever the past was.
//! How large the shift is nobody knows beforehand, so that the sums for several sizes are averaged.

use serde::{Deserialize, Serialize};

use super::Direction;

/// Both ways are looked at, and pay for it: with twice the threshold.
pub(super) const DIRECTIONS: f64 = 2.0;

/// The sizes of shift, in net mood, that are looked for.
const SIZES: [f64; 4] = [0.08, 0.15, 0.30, 0.55];

/// Bounds of the sums (natural logarithms): below, a shift after years of calm is still found soon; above, they stay finite.
const LEAST: f64 = -50.0;
const MOST: f64 = 60.0;

/// Days that are kept for telling the onset.
const KEPT_DAYS: usize = 28;

/// How much less likely (natural logarithm) than the best an onset may be to lie within the range.
const ONSET_MARGIN: f64 = 2.0;

/// A day's residual and what to measure it by.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Block {
    /// Days since the epoch.
    pub(super) day: i64,
    /// The distance of the net mood from the usual one.
    pub(super) residual: f64,
    /// Its variance within a run of days.
    pub(super) variance: f64,
    /// What yesterday's wobble lets expect of it, if yesterday was as usual.
    pub(super) carried_over: f64,
    /// Its variance then.
    pub(super) first_variance: f64,
}

impl Block {
    /// Log-likelihood ratio of a shift by `size` that began before this day.
    fn ongoing(&self, size: f64) -> f64 {
        size * self.residual / self.variance - size * size / (2.0 * self.variance)
    }

    /// Log-likelihood ratio of a shift by `size` that began on this day.
    fn beginning(&self, size: f64) -> f64 {
        size * (self.residual - self.carried_over) / self.first_variance - size * size / (2.0 * self.first_variance)
    }
}

/// Logarithms of the Shiryaev–Roberts sums, one for each size.
type Sums = [f64; SIZES.len()];

/// The days of which evidence consists, added up.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Evidence {
    /// For shifts up; `None` before the first day.
    up: Option<Sums>,
    /// For shifts down.
    down: Option<Sums>,
    /// The last days, oldest first.
    recent: Vec<Block>,
}

/// When a change began, in days since the epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Onset {
    pub(super) most_likely: i64,
    pub(super) earliest: i64,
    pub(super) latest: i64,
}

impl Evidence {
    /// Adds a day that is over.
    pub(super) fn add(&mut self, block: Block) {
        let within_bounds = |sums: Sums| Some(sums.map(|sum| sum.clamp(LEAST, MOST)));
        self.up = within_bounds(self.with(Direction::Up, &block));
        self.down = within_bounds(self.with(Direction::Down, &block));
        self.recent.push(block);
        let surplus = self.recent.len().saturating_sub(KEPT_DAYS);
        self.recent.drain(..surplus);
    }

    /// The direction for which more speaks, and the logarithm of its e-value, with the unfinished day added on trial.
    pub(super) fn strongest_with(&self, today: &Block) -> (Direction, f64) {
        let up = log_mean(&self.with(Direction::Up, today));
        let down = log_mean(&self.with(Direction::Down, today));
        if down > up { (Direction::Down, down) } else { (Direction::Up, up) }
    }

    /// One step of Shiryaev and Roberts: a shift began on this day, or before.
    fn with(&self, direction: Direction, block: &Block) -> Sums {
        let before = match direction {
            Direction::Up => self.up,
            Direction::Down => self.down,
        };
        std::array::from_fn(|index| {
            let size = direction.sign() * SIZES[index];
            let beginning = block.beginning(size);
            before.map_or(beginning, |sums| log_add(sums[index] + block.ongoing(size), beginning))
        })
    }

    /// The start that explains the kept days best (the largest likelihood ratio), and the range of those nearly as good.
    pub(super) fn onset(&self, direction: Direction, today: &Block) -> Onset {
        let mut later = [0.0; SIZES.len()];
        let mut starts = Vec::with_capacity(self.recent.len() + 1);
        for block in std::iter::once(today).chain(self.recent.iter().rev()) {
            let sizes = SIZES.map(|size| direction.sign() * size);
            let since: Sums = std::array::from_fn(|index| later[index] + block.beginning(sizes[index]));
            starts.push((block.day, log_mean(&since)));
            later = std::array::from_fn(|index| later[index] + block.ongoing(sizes[index]));
        }
        let best = |a: (i64, f64), b: (i64, f64)| if b.1 > a.1 { b } else { a };
        let (most_likely, likelihood) = starts.iter().copied().fold((today.day, f64::NEG_INFINITY), best);
        let likely = || starts.iter().filter(|start| start.1 >= likelihood - ONSET_MARGIN).map(|start| start.0);
        Onset {
            most_likely,
            earliest: likely().min().unwrap_or(most_likely),
            latest: likely().max().unwrap_or(most_likely),
        }
    }
}

/// ln(eᵃ + eᵇ)
fn log_add(a: f64, b: f64) -> f64 {
    a.max(b) + (-(a - b).abs()).exp().ln_1p()
}

/// The logarithm of the mean of what these are logarithms of.
fn log_mean(logarithms: &Sums) -> f64 {
    let largest = logarithms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = logarithms.iter().map(|logarithm| (logarithm - largest).exp()).sum();
    largest + (sum / logarithms.len() as f64).ln()
}
