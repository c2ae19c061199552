//! How much speaks for a shift, and since when.
//!
//! The sum over all possible starts of the likelihood ratio "shift since that day" against "no shift" is the rule of Shiryaev
//! (*On optimum methods in quickest detection problems*, 1963) and Roberts (*A comparison of some control chart procedures*,
//! 1966). It is an e-detector in the sense of Shin, Ramdas and Rinaldo (*E-detectors: a nonparametric framework for sequential
//! change detection*, 2022): without a shift, the average time until it exceeds x is at least x days, whatever the past was.
//! How large the shift is nobody knows beforehand, so that the sums for several sizes are averaged.

use serde::{Deserialize, Serialize};

use super::Direction;

/// The sizes of shift, in net mood, that are looked for.
const SIZES: [f64; 4] = [0.08, 0.15, 0.30, 0.55];

/// Bounds of the sums (natural logarithms): below, a shift after years of calm is still found soon; above, they stay finite.
const LEAST: f64 = -50.0;
const MOST: f64 = 60.0;

/// Days that are kept for telling the onset.
const KEPT_DAYS: usize = 21;

/// How much less likely (natural logarithm) than the best an onset may be to lie within the range.
const ONSET_MARGIN: f64 = 2.0;

/// A day's residual and what to measure it by.
#[derive(Clone, Copy, Debug, PartialEq)]
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
    recent: Vec<Kept>,
}

/// A block as it is kept for telling the onset: day, residual, variance, what is carried over, variance of a first day. Seven
/// digits are enough for that, and small.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Kept(i64, f32, f32, f32, f32);

impl From<Block> for Kept {
    #[expect(clippy::cast_possible_truncation, reason = "seven digits are enough")]
    fn from(block: Block) -> Self {
        let Block { day, residual, variance, carried_over, first_variance } = block;
        Self(day, residual as f32, variance as f32, carried_over as f32, first_variance as f32)
    }
}

impl From<Kept> for Block {
    fn from(Kept(day, residual, variance, carried_over, first_variance): Kept) -> Self {
        let [residual, variance, carried_over, first_variance] =
            [residual, variance, carried_over, first_variance].map(f64::from);
        Self { day, residual, variance, carried_over, first_variance }
    }
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
        self.recent.push(block.into());
        let surplus = self.recent.len().saturating_sub(KEPT_DAYS);
        self.recent.drain(..surplus);
    }

    /// The logarithm of the e-value for a shift this way, with the unfinished day added on trial; `None` without any evidence.
    pub(super) fn sum_with(&self, direction: Direction, today: Option<&Block>) -> Option<f64> {
        let sums = match today {
            Some(today) => self.with(direction, today),
            None => self.so_far(direction)?,
        };
        Some(log_mean(&sums))
    }

    const fn so_far(&self, direction: Direction) -> Option<Sums> {
        match direction {
            Direction::Up => self.up,
            Direction::Down => self.down,
        }
    }

    /// One step of Shiryaev and Roberts: a shift began on this day, or before.
    fn with(&self, direction: Direction, block: &Block) -> Sums {
        let before = self.so_far(direction);
        std::array::from_fn(|index| {
            let size = direction.sign() * SIZES[index];
            let beginning = block.beginning(size);
            before.map_or(beginning, |sums| log_add(sums[index] + block.ongoing(size), beginning))
        })
    }

    /// The start that explains the kept days best (the largest likelihood ratio), and the range of those nearly as good.
    pub(super) fn onset(&self, direction: Direction, today: Option<&Block>, day: i64) -> Onset {
        let mut later = [0.0; SIZES.len()];
        let mut starts = Vec::with_capacity(self.recent.len() + 1);
        for block in today.copied().into_iter().chain(self.recent.iter().rev().map(|kept| Block::from(*kept))) {
            let sizes = SIZES.map(|size| direction.sign() * size);
            let since: Sums = std::array::from_fn(|index| later[index] + block.beginning(sizes[index]));
            starts.push((block.day, log_mean(&since)));
            later = std::array::from_fn(|index| later[index] + block.ongoing(sizes[index]));
        }
        let best = |a: (i64, f64), b: (i64, f64)| if b.1 > a.1 { b } else { a };
        let (most_likely, likelihood) = starts.iter().copied().fold((day, f64::NEG_INFINITY), best);
        let likely = || starts.iter().filter(|start| start.1 >= likelihood - ONSET_MARGIN).map(|start| start.0);
        Onset {
            most_likely,
            earliest: likely().min().unwrap_or(most_likely),
            latest: likely().max().unwrap_or(most_likely),
        }
    }

    /// The mean residual since this day, each day as surely as it is known, and its standard deviation.
    pub(super) fn size_since(&self, day: i64, today: Option<&Block>) -> (f64, f64) {
        let since = self.recent.iter().map(|kept| Block::from(*kept)).filter(|block| block.day >= day);
        let (sum, weights) = since.chain(today.copied()).fold((0.0, 0.0), |(sum, weights), block| {
            (sum + block.residual / block.variance, weights + 1.0 / block.variance)
        });
        if weights > 0.0 { (sum / weights, weights.sqrt().recip()) } else { (0.0, 0.0) }
    }
}

/// ln(eᵃ + eᵇ)
pub(super) fn log_add(a: f64, b: f64) -> f64 {
    a.max(b) + (-(a - b).abs()).exp().ln_1p()
}

/// The logarithm of the mean of what these are logarithms of.
fn log_mean(logarithms: &Sums) -> f64 {
    let largest = logarithms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = logarithms.iter().map(|logarithm| (logarithm - largest).exp()).sum();
    largest + (sum / logarithms.len() as f64).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rule's own definition: over all days on which the shift may have begun, the product of what each day since is worth.
    #[test]
    fn the_sum_is_that_of_all_starts() {
        let blocks: Vec<Block> = (0..6)
            .map(|day| Block {
                day,
                residual: [0.02, -0.1, -0.2, 0.05, -0.3, -0.15][day as usize],
                variance: 0.01,
                carried_over: 0.005 * day as f64,
                first_variance: 0.008,
            })
            .collect();
        let (last, before) = blocks.split_last().unwrap();
        let mut evidence = Evidence::default();
        before.iter().for_each(|block| evidence.add(*block));
        let of_size = |size: f64| -> f64 {
            let from = |start: usize| {
                blocks[start + 1..]
                    .iter()
                    .fold(blocks[start].beginning(size), |sum, block| sum + block.ongoing(size))
                    .exp()
            };
            (0..blocks.len()).map(from).sum()
        };
        let expected = SIZES.iter().map(|size| of_size(-size)).sum::<f64>() / SIZES.len() as f64;
        let seen = evidence.sum_with(Direction::Down, Some(last)).unwrap();
        assert!((seen - expected.ln()).abs() < 1e-9, "{seen} {}", expected.ln());
        assert_eq!(Evidence::default().sum_with(Direction::Down, None), None);
    }
}
