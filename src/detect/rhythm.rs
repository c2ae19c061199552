//! How much is usually said at which hour of the week.

use serde::{Deserialize, Serialize};
use statrs::function::beta::beta_reg;

use super::{HOURS_PER_DAY, weekday};

/// Days after which a day weighs half as much: in the level, and in the shape of day and week.
const LEVEL_HALF_LIFE: f64 = 14.0;
const SHAPE_HALF_LIFE: f64 = 42.0;

/// What is taken for usual before anything is known: so many mentions on even hours and weekdays.
const PRIOR_MENTIONS: f64 = 30.0;

/// The squared coefficient of variation of a day's level that a series starts from, and how many days it is worth.
const PRIOR_DISPERSION: f64 = 0.08;
const PRIOR_DISPERSION_DAYS: f64 = 10.0;

/// Bounds of it.
const DISPERSION: std::ops::RangeInclusive<f64> = 0.03..=1.0;

/// A day teaches no more than so many times what was expected: it may be the event itself.
const MOST_TAUGHT: f64 = 2.0;

/// A series of counts: its level, its shape over day and week, and how much it strays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Rhythm {
    /// Fading mentions by hour of the day (UTC).
    hours: [f32; 24],
    /// Fading mentions and days by weekday, Monday first.
    weekdays: [(f32, f32); 7],
    /// Fading sum of mentions, each weekday brought to the mean one, and of days.
    level: (f64, f64),
    /// Fading sum of squared strays and of their weights.
    strays: (f64, f64),
    /// The hours of today so far.
    today: [u32; 24],
}

impl Rhythm {
    pub(super) fn observe(&mut self, hour: i64) {
        let place = hour.rem_euclid(HOURS_PER_DAY) as usize;
        self.today[place] = self.today[place].saturating_add(1);
    }

    /// How many mentions are usual on a day.
    pub(super) fn a_day(&self) -> f64 {
        if self.level.1 > 0.0 { self.level.0 / self.level.1 } else { 0.0 }
    }

    /// How many mentions the level is known from, one at least.
    pub(super) fn known_mentions(&self) -> f64 {
        self.level.0.max(1.0)
    }

    /// How many are usual in this hour (since the epoch).
    pub(super) fn expected(&self, hour: i64) -> f64 {
        let day = hour.div_euclid(HOURS_PER_DAY);
        let sum = self.hours.iter().copied().map(f64::from).sum::<f64>() + PRIOR_MENTIONS;
        let here = f64::from(self.hours[hour.rem_euclid(HOURS_PER_DAY) as usize]);
        let share = (here + PRIOR_MENTIONS / 24.0) / sum;
        self.a_day() * self.weekday_factor(day) * share
    }

    fn weekday_factor(&self, day: i64) -> f64 {
        let mean = self.a_day();
        let (mentions, days) = self.weekdays[weekday(day)];
        let (mentions, days) = (f64::from(mentions), f64::from(days));
        (mentions + PRIOR_MENTIONS) / (days * mean + PRIOR_MENTIONS)
    }

    /// The squared coefficient of variation of a day's level, beyond what counting alone makes of it.
    pub(super) fn dispersion(&self) -> f64 {
        let (squares, weight) = self.strays;
        let known = (squares + PRIOR_DISPERSION * PRIOR_DISPERSION_DAYS) / (weight + PRIOR_DISPERSION_DAYS);
        known.clamp(*DISPERSION.start(), *DISPERSION.end())
    }

    /// Ends a day (since the epoch) and learns from it, unless there was no listening.
    pub(super) fn close_day(&mut self, day: i64, listened: bool) {
        let today = std::mem::take(&mut self.today);
        if !listened {
            return;
        }
        let count: f64 = today.iter().copied().map(f64::from).sum();
        let expected = self.a_day() * self.weekday_factor(day);
        let known = self.level.1 >= 7.0;
        if known && expected > 0.0 {
            let stray = ((count - expected).powi(2) - expected) / (expected * expected);
            let weight = 1.0 / (1.0 + 4.0 / expected);
            let memory = 0.5_f64.powf(1.0 / SHAPE_HALF_LIFE);
            self.strays.0 = (self.strays.0 * memory + weight * stray.min(1.0)).max(0.0);
            self.strays.1 = self.strays.1 * memory + weight;
        }
        let taught = if known && count > MOST_TAUGHT * expected { MOST_TAUGHT * expected / count } else { 1.0 };
        let (level, shape) = (0.5_f64.powf(1.0 / LEVEL_HALF_LIFE), 0.5_f64.powf(1.0 / SHAPE_HALF_LIFE));
        let factor = self.weekday_factor(day);
        self.level = (self.level.0 * level + taught * count / factor, self.level.1 * level + 1.0);
        // Seven digits are enough for a shape.
        let (shape, taught) = (shape as f32, taught as f32);
        for (hour, count) in self.hours.iter_mut().zip(today) {
            *hour = *hour * shape + taught * count as f32;
        }
        for (mentions, days) in &mut self.weekdays {
            *mentions *= shape;
            *days *= shape;
        }
        let (mentions, days) = &mut self.weekdays[weekday(day)];
        *mentions += taught * count as f32;
        *days += 1.0;
    }
}

/// The probability of at least `count` mentions where `expected` are usual, by the negative binomial distribution: a Poisson
/// count whose level strays by a gamma distribution with this squared coefficient of variation.
pub(super) fn probability_of_at_least(count: f64, expected: f64, dispersion: f64) -> f64 {
    if count <= 0.0 || expected <= 0.0 {
        return 1.0;
    }
    let size = 1.0 / dispersion;
    beta_reg(count, size, expected / (expected + size))
}

/// The probability of none where `expected` are usual.
pub(super) fn probability_of_silence(expected: f64, dispersion: f64) -> f64 {
    (1.0 + dispersion * expected).powf(-1.0 / dispersion)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_of_the_negative_binomial_are_those_of_its_sum() {
        // Size 4 and mean 3: P(X ≥ 8) summed term by term.
        let (size, mean) = (4.0_f64, 3.0_f64);
        let p = size / (size + mean);
        let mut term = p.powf(size);
        let mut below = 0.0;
        for k in 0..8 {
            below += term;
            term *= (size + f64::from(k)) / f64::from(k + 1) * (1.0 - p);
        }
        assert!((probability_of_at_least(8.0, mean, 0.25) - (1.0 - below)).abs() < 1e-12);
        assert!((probability_of_silence(mean, 0.25) - p.powf(size)).abs() < 1e-12);
        assert!((probability_of_at_least(0.0, mean, 0.25) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn what_is_usual_follows_hour_and_weekday() {
        let mut rhythm = Rhythm::default();
        for day in 0..56 {
            let count = if weekday(day) >= 5 { 4 } else { 24 };
            (0..count).for_each(|_| rhythm.observe(day * HOURS_PER_DAY + 12));
            rhythm.close_day(day, true);
        }
        let (noon, night) = (rhythm.expected(56 * 24 + 12), rhythm.expected(56 * 24 + 3));
        assert!(noon > 20.0 * night, "{noon} at noon, {night} at night");
        let of_day = |day: i64| (0..24).map(|hour| rhythm.expected(day * 24 + hour)).sum::<f64>();
        let monday = (56..63).find(|day| weekday(*day) == 0).unwrap();
        assert!(of_day(monday) > 3.0 * of_day(monday + 5), "{} {}", of_day(monday), of_day(monday + 5));
    }
}
