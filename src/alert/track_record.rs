//! What came of the findings that people were told of, as they say, and what that makes of the promise. Pure.

use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF as _, Gamma};

use crate::detect::Rule;
use crate::mention::Timestamp;

const DAY: i64 = 86_400;

/// So many days are looked back upon, as far as there is history.
const SPANS: [i64; 2] = [90, 365];

/// What the 95 % interval leaves out on either side.
const TAIL: f64 = 0.025;

/// What people say of a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Somebody knows.
    Seen,
    /// Nothing had happened.
    FalseAlarm,
    /// It was this.
    Incident {
        /// What they call it.
        name: String,
        /// When they knew of it, if they say so.
        at: Option<Timestamp>,
    },
}

/// A finding that people were told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// When it was made.
    pub at: Timestamp,
    /// What they say of it; `None`: nothing yet.
    pub verdict: Option<Verdict>,
}

/// What came of the findings of some days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrackRecord {
    /// How many days up to now, from 1 to 365.
    pub days: i64,
    /// How many findings people were told of; the sum of the next four.
    pub told: usize,
    /// Those that were none.
    pub false_alarms: usize,
    /// Those that were something with a name.
    pub incidents: usize,
    /// Those of which somebody knows, and says no more.
    pub seen: usize,
    /// Those of which nobody has said anything.
    pub unjudged: usize,
    /// The false alarms against the promise.
    pub promise: Promise,
    /// How many hours before people knew of an incident it was found, in the median; negative if after. `None` where no
    /// incident has a time.
    pub lead_hours: Option<f64>,
}

/// A number of false alarms against the promise: at most one in so many days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Promise {
    /// At most one false alarm was promised in so many days.
    pub days: f64,
    /// How many there are in so many days, at the rate of those that were counted.
    pub rate: f64,
    /// Lower end of the exact 95 % interval of that rate, if false alarms come by chance (Garwood, *Fiducial limits for
    /// the Poisson distribution*, 1936).
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

impl Promise {
    fn of(false_alarms: usize, in_days: f64, rule: Rule) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "a number of findings")]
        let count = false_alarms as f64;
        let spans = rule.days / in_days;
        let low = if false_alarms == 0 { 0.0 } else { quantile(count, TAIL) };
        Self { days: rule.days, rate: count * spans, low: low * spans, high: quantile(count + 1.0, 1.0 - TAIL) * spans }
    }

    /// Whether so many false alarms may be chance with the promise kept: not where the whole interval lies above it.
    pub fn may_be_kept(&self) -> bool {
        self.low <= 1.0
    }
}

/// Of the gamma distribution with this shape (at least 1) and scale 1.
fn quantile(shape: f64, probability: f64) -> f64 {
    Gamma::new(shape, 1.0).map_or(f64::NAN, |gamma| gamma.inverse_cdf(probability))
}

/// What came of the findings that people were told of in the last 90 days and in the last 365; of all days since `since`,
/// when listening began, where these are fewer. Empty where it has yet to begin.
pub fn track_record(told: &[Judged], rule: Rule, since: Timestamp, now: Timestamp) -> Vec<TrackRecord> {
    let history = (now.seconds().saturating_sub(since.seconds()) + DAY - 1).div_euclid(DAY);
    let mut spans = SPANS.map(|days| days.min(history)).to_vec();
    spans.dedup();
    spans.into_iter().filter(|days| *days > 0).map(|days| of_days(days, told, rule, now)).collect()
}

fn of_days(days: i64, told: &[Judged], rule: Rule, now: Timestamp) -> TrackRecord {
    let from = now.plus_seconds(-days * DAY);
    let told: Vec<&Judged> = told.iter().filter(|one| from < one.at && one.at <= now).collect();
    let count = |is: fn(&Option<Verdict>) -> bool| told.iter().filter(|one| is(&one.verdict)).count();
    let false_alarms = count(|verdict| *verdict == Some(Verdict::FalseAlarm));
    #[expect(clippy::cast_precision_loss, reason = "at most 365")]
    let promise = Promise::of(false_alarms, days as f64, rule);
    TrackRecord {
        days,
        told: told.len(),
        false_alarms,
        incidents: count(|verdict| matches!(verdict, Some(Verdict::Incident { .. }))),
        seen: count(|verdict| *verdict == Some(Verdict::Seen)),
        unjudged: count(Option::is_none),
        promise,
        lead_hours: median(told.iter().filter_map(|one| lead_hours(one)).collect()),
    }
}

fn lead_hours(one: &Judged) -> Option<f64> {
    let Some(Verdict::Incident { at: Some(known_at), .. }) = one.verdict else { return None };
    #[expect(clippy::cast_precision_loss, reason = "a number of seconds")]
    let seconds = known_at.seconds().saturating_sub(one.at.seconds()) as f64;
    Some(seconds / 3600.0)
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let upper = values.get(values.len() / 2)?;
    let lower = values.get((values.len() - 1) / 2)?;
    Some(f64::midpoint(*lower, *upper))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

    fn judged(days_ago: i64, verdict: Option<Verdict>) -> Judged {
        Judged { at: NOW.plus_seconds(-days_ago * DAY), verdict }
    }

    fn incident(days_ago: i64, known_after_hours: Option<i64>) -> Judged {
        let at = known_after_hours.map(|hours| NOW.plus_seconds(-days_ago * DAY + hours * 3600));
        judged(days_ago, Some(Verdict::Incident { name: "Login".to_owned(), at }))
    }

    fn false_alarms(count: i64) -> Vec<Judged> {
        (0..count).map(|days_ago| judged(days_ago, Some(Verdict::FalseAlarm))).collect()
    }

    fn record(told: &[Judged], days: i64) -> Vec<TrackRecord> {
        track_record(told, Rule::default(), NOW.plus_seconds(-days * DAY), NOW)
    }

    #[test]
    fn findings_are_counted_by_what_people_say_of_them() {
        let told = [
            judged(1, Some(Verdict::FalseAlarm)),
            judged(2, Some(Verdict::Seen)),
            judged(3, None),
            incident(4, Some(5)),
            incident(5, None),
            judged(90, Some(Verdict::FalseAlarm)),
            judged(200, None),
            judged(-1, Some(Verdict::FalseAlarm)),
        ];
        let [quarter, year] = &record(&told, 1000)[..] else { panic!("two spans") };
        let counts = |it: &TrackRecord| (it.days, it.told, it.false_alarms, it.incidents, it.seen, it.unjudged);
        assert_eq!(counts(quarter), (90, 5, 1, 2, 1, 1));
        assert_eq!(counts(year), (365, 7, 2, 2, 1, 2));
    }

    #[test]
    fn no_more_days_count_than_there_are() {
        let days = |history| record(&[], history).iter().map(|it| it.days).collect::<Vec<_>>();
        assert_eq!(
            [0, 1, 90, 120, 365, 4000].map(days),
            [vec![], vec![1], vec![90], vec![90, 120], vec![90, 365], vec![90, 365]]
        );
    }

    /// The limits of Garwood's table for 0, 2 and 4 events.
    #[test]
    fn the_interval_is_the_exact_one() {
        for (count, low, high) in [(0, 0.0, 3.689), (2, 0.242, 7.225), (4, 1.090, 10.242)] {
            let promise = &record(&false_alarms(count), 90)[0].promise;
            assert!((promise.low - low).abs() < 6e-4 && (promise.high - high).abs() < 6e-4, "{promise:?}");
        }
    }

    #[test]
    fn a_promise_is_broken_only_where_chance_does_not_explain_so_many() {
        let kept = |count, days| record(&false_alarms(count), days).last().unwrap().promise.may_be_kept();
        assert!(kept(0, 1) && kept(3, 90) && !kept(4, 90));
        assert!(kept(4, 120) && kept(8, 365) && !kept(9, 365));
    }

    #[test]
    fn of_leads_the_median_is_told_and_none_without_a_time() {
        let lead = |told: &[Judged]| record(told, 90)[0].lead_hours;
        assert_eq!(lead(&[incident(1, None), judged(2, None)]), None);
        assert_eq!(lead(&[incident(1, Some(5))]), Some(5.0));
        assert_eq!(
            lead(&[incident(1, Some(5)), incident(2, Some(-30)), incident(3, Some(7)), incident(4, None)]),
            Some(5.0)
        );
        assert_eq!(lead(&[incident(1, Some(5)), incident(2, Some(8))]), Some(6.5));
    }

    proptest! {
        #[test]
        fn the_rate_lies_within_its_interval(count in 0..300_i64, days in 1..500_i64) {
            for it in record(&false_alarms(count), days) {
                let Promise { rate, low, high, .. } = it.promise;
                prop_assert!(low <= rate && rate < high && high.is_finite(), "{it:?}");
                prop_assert_eq!(it.told, it.false_alarms + it.incidents + it.seen + it.unjudged);
            }
        }
    }
}
