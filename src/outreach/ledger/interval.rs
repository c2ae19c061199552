//! Intervals of sums of rare events, and of their differences.

use serde::Serialize;
use statrs::distribution::{ContinuousCDF as _, Gamma};

/// What the 95 % interval leaves out on either side.
const TAIL: f64 = 0.025;

/// A number of people, of 100, with what chance leaves open.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// As it is.
    pub value: f64,
    /// Lower end of the 95 % interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Estimate {
    /// How many more these are than the others, which know nothing of one another (MOVER: Zou & Donner, *Construction
    /// of confidence limits about effect measures*, Statistics in Medicine 27, 2008): unlike a normal interval, it
    /// keeps the lopsidedness of each.
    pub(super) fn minus(self, other: Self) -> Self {
        let value = self.value - other.value;
        Self {
            value,
            low: value - (self.value - self.low).hypot(other.high - other.value),
            high: value + (self.high - self.value).hypot(other.value - other.low),
        }
    }
}

/// A sum of events, of which each has a weight: a cumulative hazard (Aalen, *Nonparametric inference for a family of
/// counting processes*, Annals of Statistics 6, 1978).
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Hazard {
    sum: f64,
    squares: f64,
    /// What one more event would weigh.
    next: f64,
}

impl Hazard {
    /// Of the weights of the events that there were, and what one more would weigh, which is above zero.
    pub(super) fn new(weights: impl Iterator<Item = f64>, next: f64) -> Self {
        weights.fold(Self { next, ..Self::default() }, |hazard, weight| Self {
            sum: hazard.sum + weight,
            squares: hazard.squares + weight * weight,
            next,
        })
    }

    /// Of 100 people, how many it happens to.
    ///
    /// The interval is the gamma interval of Fay & Feuer (*Confidence intervals for directly standardized rates*,
    /// Statistics in Medicine 16, 1997), which is exact where all weights are alike and holds without any event. One
    /// more event weighs what it would in the mean (Tiwari, Clegg & Zou, *Efficient interval estimation for
    /// age-adjusted cancer rates*, Statistical Methods in Medical Research 15, 2006).
    pub(super) fn of_100(self) -> Estimate {
        let people = |hazard: f64| -100.0 * (-hazard).exp_m1();
        let low = if self.sum > 0.0 { quantile(self.sum, self.squares, TAIL) } else { 0.0 };
        let high = quantile(self.sum + self.next, self.squares + self.next * self.next, 1.0 - TAIL);
        Estimate { value: people(self.sum), low: people(low), high: people(high) }
    }
}

/// Of the gamma distribution with this mean and variance.
fn quantile(mean: f64, variance: f64, probability: f64) -> f64 {
    Gamma::new(mean * mean / variance, mean / variance).map_or(f64::NAN, |gamma| gamma.inverse_cdf(probability))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As a hazard, not as people.
    fn limits(hazard: Hazard) -> [f64; 3] {
        let Estimate { value, low, high } = hazard.of_100();
        [value, low, high].map(|people| -(-people / 100.0).ln_1p())
    }

    fn is_near(limits: [f64; 3], known: [f64; 3], by: f64) -> bool {
        limits.into_iter().zip(known).all(|(limit, known)| (limit - known).abs() < by)
    }

    /// The limits of Garwood's table for 0, 2 and 4 events.
    #[test]
    fn where_all_weigh_the_same_the_interval_is_the_exact_one() {
        for (count, low, high) in [(0, 0.0, 3.689), (2, 0.242, 7.225), (4, 1.090, 10.242)] {
            let hazard = Hazard::new(std::iter::repeat_n(0.01, count), 0.01);
            let known = [count as f64, low, high].map(|limit| limit / 100.0);
            assert!(is_near(limits(hazard), known, 6e-6), "{:?}", limits(hazard));
        }
    }

    /// Down's syndrome among later children in Michigan, 1950–1964, by age of the mother (Fleiss, 1981), with the
    /// interval that the R package epitools gives: there, one more event weighs as much as any can.
    #[test]
    fn rates_of_strata_have_the_interval_of_fay_and_feuer() {
        let strata = [
            (0, 327.0, 319_933.0),
            (8, 30_666.0, 931_318.0),
            (63, 123_419.0, 786_511.0),
            (112, 149_919.0, 488_235.0),
            (262, 104_088.0, 237_863.0),
            (295, 34_392.0, 61_313.0),
        ];
        let all: f64 = strata.iter().map(|(_, _, standard)| standard).sum();
        let weights = strata.map(|(count, births, standard)| (count, standard / all / births));
        let events = weights.iter().flat_map(|(count, weight)| std::iter::repeat_n(*weight, *count));
        let most = weights.iter().map(|(_, weight)| *weight).fold(0.0, f64::max);
        let limits = limits(Hazard::new(events, most));
        assert!(is_near(limits, [75.5e-5, 67.7e-5, 188.0e-5], 0.5e-5), "{limits:?}");
    }

    /// Newcombe (*Interval estimation for the difference between independent proportions*, 1998), table II, method 10:
    /// 56 of 70 against 48 of 80.
    #[test]
    fn a_difference_has_the_interval_of_the_literature() {
        let wilson = |right, of| {
            let interval = crate::analyse::card::wilson(right, of);
            Estimate { value: right as f64 / of as f64, low: interval.low, high: interval.high }
        };
        let Estimate { value, low, high } = wilson(56, 70).minus(wilson(48, 80));
        assert!(is_near([value, low, high], [0.2, 0.0524, 0.3339], 1e-4), "{low} {high}");
    }
}
