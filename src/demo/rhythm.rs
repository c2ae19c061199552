//! When people write: a Poisson process with a profile of hours and weekdays, and days that are busier than others.

use chrono::{Datelike, Timelike};
use chrono_tz::{Europe, Tz};
use fastrand::Rng;

use super::climate;
use super::timeline::{Timeline, local};
use super::world::Source;
use crate::mention::Timestamp;

const HOUR: i64 = 3600;

/// The people of a source: how much they write, and when.
struct Profile {
    /// Posts on an average day before the update.
    per_day: f64,
    /// Weights of the hours from midnight.
    hours: [f64; 24],
    /// Weights of Monday to Friday, Saturday, Sunday; about 1 on average.
    week: [f64; 3],
}

/// On the way to work, at lunch, in the evening.
const APP: [f64; 24] = [2., 1., 1., 1., 1., 3., 7., 9., 7., 4., 4., 4., 5., 5., 4., 4., 6., 8., 8., 8., 8., 8., 6., 4.];
const FORUM: [f64; 24] =
    [1., 1., 0., 0., 0., 1., 2., 5., 7., 7., 7., 6., 6., 5., 5., 5., 6., 7., 8., 9., 9., 8., 5., 2.];
const SOCIAL: [f64; 24] =
    [2., 1., 1., 1., 1., 4., 9., 12., 9., 5., 4., 4., 6., 6., 4., 5., 8., 12., 10., 7., 7., 7., 6., 4.];
const NEWSROOM: [f64; 24] =
    [0., 0., 0., 0., 2., 6., 8., 7., 7., 8., 8., 8., 6., 6., 7., 8., 7., 6., 4., 2., 1., 1., 0., 0.];
const ARMCHAIR: [f64; 24] =
    [2., 1., 0., 0., 0., 0., 1., 2., 4., 6., 7., 6., 5., 5., 5., 5., 5., 5., 6., 9., 11., 11., 8., 5.];

fn profile(source: Source) -> Profile {
    let (per_day, hours, week) = match source {
        Source::AppStoreDe => (18.5, APP, [1.05, 0.9, 0.85]),
        Source::AppStoreGb => (7.5, APP, [1.0, 1.0, 1.0]),
        Source::Forum => (11.0, FORUM, [1.15, 0.65, 0.6]),
        Source::Social => (17.0, SOCIAL, [1.1, 0.75, 0.75]),
        Source::Press => (3.5, NEWSROOM, [1.2, 0.75, 0.25]),
        Source::Blog => (4.5, ARMCHAIR, [0.85, 1.25, 1.5]),
    };
    Profile { per_day, hours, week }
}

/// Where most of a source's people live.
pub(super) fn zone(source: Source) -> Tz {
    match source {
        Source::AppStoreGb | Source::Blog => Europe::London,
        _ => Europe::Berlin,
    }
}

/// The moments at which something is written in a source, in order. `busy` says how busy each day of the world is.
pub(super) fn moments(timeline: &Timeline, source: Source, busy: &[f64], rng: &mut Rng) -> Vec<Timestamp> {
    let profile = profile(source);
    let mut moments = Vec::new();
    let hours = (timeline.ends.seconds() - timeline.begins.seconds()) / HOUR;
    for hour in 0..hours {
        let start = timeline.begins.plus_seconds(hour * HOUR);
        let day = usize::try_from(hour / 24).ok().and_then(|day| busy.get(day)).copied().unwrap_or(1.0);
        let mean = profile.at(start, zone(source)) * day * climate::surge(timeline, source, start);
        let mut within: Vec<i64> = (0..poisson(mean, rng)).map(|_| rng.i64(0..HOUR)).collect();
        within.sort_unstable();
        moments.extend(within.into_iter().map(|second| start.plus_seconds(second)));
    }
    moments
}

impl Profile {
    /// Posts to expect in the hour that begins then.
    fn at(&self, hour: Timestamp, zone: Tz) -> f64 {
        let clock = local(hour, zone);
        let weekend = clock.weekday().num_days_from_monday().saturating_sub(4) as usize;
        let share = self.hours[clock.hour() as usize] / self.hours.iter().sum::<f64>();
        self.per_day * share * self.week[weekend]
    }
}

/// A value for each day that wanders around 0 with that standard deviation: today resembles yesterday
/// (an autoregressive process of order 1, coefficient 0.6).
pub(super) fn weather(days: usize, deviation: f64, rng: &mut Rng) -> Vec<f64> {
    const MEMORY: f64 = 0.6;
    let mut today = 0.0;
    std::iter::repeat_with(|| {
        today = MEMORY * today + deviation * (1.0 - MEMORY * MEMORY).sqrt() * gaussian(rng);
        today
    })
    .take(days)
    .collect()
}

/// About standard normal: the sum of twelve uniform numbers.
fn gaussian(rng: &mut Rng) -> f64 {
    (0..12).map(|_| rng.f64()).sum::<f64>() - 6.0
}

/// Knuth's method (The Art of Computer Programming 2, 3.4.1): fit for the small means of an hour.
fn poisson(mean: f64, rng: &mut Rng) -> usize {
    let limit = (-mean).exp();
    let mut product = rng.f64();
    let mut count = 0;
    while product > limit {
        product *= rng.f64();
        count += 1;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nights_are_quiet_and_newsrooms_rest_on_sundays() {
        let monday = Timestamp::parse_rfc3339("2026-03-02T00:00:00+01:00").unwrap();
        let expected = |source, day: i64, hour: i64| {
            profile(source).at(monday.plus_seconds((day * 24 + hour) * HOUR), zone(source))
        };
        assert!(expected(Source::AppStoreDe, 0, 3) * 5.0 < expected(Source::AppStoreDe, 0, 7));
        assert!(expected(Source::Press, 6, 9) * 3.0 < expected(Source::Press, 0, 9));
        assert!(expected(Source::Blog, 6, 20) > expected(Source::Blog, 0, 20));
    }

    #[test]
    fn a_week_brings_about_what_its_days_promise() {
        for source in Source::ALL {
            let week = profile(source).week;
            let mean = (5.0 * week[0] + week[1] + week[2]) / 7.0;
            assert!((0.93..1.07).contains(&mean), "{source:?} {mean}");
        }
    }

    #[test]
    fn counts_are_poisson_in_mean_and_variance() {
        let mut rng = Rng::with_seed(3);
        let counts: Vec<f64> = (0..20_000).map(|_| poisson(2.5, &mut rng) as f64).collect();
        let mean = counts.iter().sum::<f64>() / 20_000.0;
        let variance = counts.iter().map(|count| (count - mean).powi(2)).sum::<f64>() / 20_000.0;
        assert!((2.4..2.6).contains(&mean) && (2.35..2.65).contains(&variance), "{mean} {variance}");
    }
}
