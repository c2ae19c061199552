//! What days amount to: the net mood, what chance leaves open of it, how much was said.

use super::{Day, Series, number};

/// The quantile of the normal distribution that leaves 2.5 % on either side.
const Z_95: f64 = 1.959_963_984_540_054;

/// The net mood (share positive − share negative, −1…1) of one day or of several.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Net {
    pub(super) value: f64,
    /// Lower end of the 95 % band.
    pub(super) low: f64,
    /// Upper end.
    pub(super) high: f64,
}

impl Net {
    /// `None` without mentions.
    ///
    /// The band is the adjusted Wald interval for a difference of two shares of the same mentions (Bonett and Price, *Adjusted
    /// Wald confidence interval for a difference of binomial proportions based on paired data*, 2012): a normal approximation
    /// after one more mention on each side. It holds for few mentions, and is not empty where all of them agree.
    pub(super) fn of(days: &[Day]) -> Option<Self> {
        let sum = |count: fn(&Day) -> u64| days.iter().map(|day| count(day) as f64).sum::<f64>();
        let (negative, positive) = (sum(|day| day.negative), sum(|day| day.positive));
        let all = negative + positive + sum(|day| day.neutral);
        if all == 0.0 {
            return None;
        }
        let value = (positive - negative) / all;
        let (worse, better) = ((negative + 1.0) / (all + 2.0), (positive + 1.0) / (all + 2.0));
        let centre = better - worse;
        let reach = Z_95 * ((worse + better - centre * centre) / (all + 2.0)).max(0.0).sqrt();
        Some(Self { value, low: (centre - reach).clamp(-1.0, value), high: (centre + reach).clamp(value, 1.0) })
    }
}

/// All mentions of a day.
pub(super) fn volume(day: &Day) -> f64 {
    day.negative as f64 + day.neutral as f64 + day.positive as f64
}

/// Mentions a day on average, days without any included; `None` if there is no day.
fn per_day(days: &[Day], from: i64, before: i64) -> Option<f64> {
    let span = before.saturating_sub(from) as f64;
    (span > 0.0).then(|| days.iter().map(volume).sum::<f64>() / span)
}

/// A series, told apart by its onset.
#[derive(Clone, Copy, Debug)]
pub(super) struct Levels {
    /// The net mood before the onset.
    pub(super) net_before: Option<Net>,
    /// The net mood since.
    pub(super) net_since: Option<Net>,
    /// Mentions a day before the onset.
    pub(super) volume_before: Option<f64>,
    /// The day since the onset with the most mentions.
    pub(super) peak: Option<Day>,
}

impl Levels {
    pub(super) fn of(series: Series) -> Self {
        let onset = number(series.onset);
        let (before, since) = series.days.split_at(series.days.partition_point(|day| day.number() < onset));
        Self {
            net_before: Net::of(before),
            net_since: Net::of(since),
            volume_before: before.first().and_then(|first| per_day(before, first.number(), onset)),
            peak: since.iter().copied().reduce(|most, day| if volume(&day) > volume(&most) { day } else { most }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mention::Timestamp;

    fn day(negative: u64, neutral: u64, positive: u64) -> Day {
        Day { start: Timestamp::from_seconds(0), negative, neutral, positive }
    }

    #[test]
    fn the_band_is_that_of_bonett_and_price() {
        // (11 − 31)/102 and 1.96·√((42/102 − (20/102)²)/102), by hand.
        let net = Net::of(&[day(30, 60, 10)]).unwrap();
        assert!((net.value + 0.2).abs() < 1e-12);
        assert!((net.low + 0.314_69).abs() < 1e-4 && (net.high + 0.077_47).abs() < 1e-4, "{net:?}");
    }

    #[test]
    fn where_all_agree_chance_still_leaves_something_open() {
        let net = Net::of(&[day(0, 0, 3)]).unwrap();
        assert!((net.value, net.high) == (1.0, 1.0) && net.low < 0.5, "{net:?}");
        let silent = Net::of(&[day(0, 4, 0)]).unwrap();
        assert!(silent.low < -0.2 && silent.high > 0.2, "{silent:?}");
    }

    #[test]
    fn a_day_without_mentions_has_no_mood() {
        assert_eq!(Net::of(&[day(0, 0, 0)]), None);
        assert_eq!(Net::of(&[]), None);
    }
}
