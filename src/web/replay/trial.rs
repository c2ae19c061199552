//! A history lived through under several promises, for the page and for programs.

use chrono::{Days, NaiveDate};

use crate::detect::replay::shifts_in_90_days;
use crate::detect::{Finding, Report, Rule};
use crate::mention::Timestamp;
use crate::schedule::midnight;
use crate::service::Past;
use crate::store::StoreError;
use crate::web::Site;

/// The promises to compare with the one that is configured, in days.
pub(super) const PROMISES: [f64; 3] = [30.0, 90.0, 365.0];

/// No more promises than so many are compared at once.
pub(in crate::web) const MOST_PROMISES: usize = 6;

/// No more mentions than so many are lived through at once.
const MOST_MENTIONS: usize = 500_000;

/// The days that are looked back upon, unless somebody says otherwise.
const USUAL_DAYS: u64 = 365;

/// The days that teach what is usual lie before the period, as far as there are any.
const TAUGHT_SECONDS: i64 = 30 * 86_400;

/// What is lived through.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::web) struct Question {
    pub(in crate::web) brand: String,
    /// The first and the last day.
    pub(in crate::web) days: (NaiveDate, NaiveDate),
    /// The promises; the configured one comes first.
    pub(in crate::web) rules: Vec<Rule>,
    /// As if everything had arrived when it was published.
    pub(in crate::web) as_published: bool,
}

/// What came of it.
pub(in crate::web) struct Answer {
    pub(in crate::web) mentions: usize,
    /// Of the first and of the last arrival; `None`: there was none.
    pub(in crate::web) span: Option<(Timestamp, Timestamp)>,
    /// There was more.
    pub(in crate::web) is_cut: bool,
    /// As the promises stand in the question.
    pub(in crate::web) trials: Vec<Trial>,
}

/// What one promise would have told.
pub(in crate::web) struct Trial {
    pub(in crate::web) rule: Rule,
    pub(in crate::web) findings: Vec<Finding>,
    /// How many shifts of the mood that makes in 90 days; `None` where the history is too short.
    pub(in crate::web) shifts: Option<f64>,
}

/// The days that are asked for, or else a year up to today; none of them lies ahead.
pub(in crate::web) fn days(from: Option<NaiveDate>, to: Option<NaiveDate>, today: NaiveDate) -> (NaiveDate, NaiveDate) {
    let to = to.unwrap_or(today).clamp(NaiveDate::default(), today);
    (from.unwrap_or(today - Days::new(USUAL_DAYS)).clamp(NaiveDate::default(), to), to)
}

/// The configured promise, then those that were chosen; the usual ones where nobody chose.
pub(in crate::web) fn compared(configured: Rule, chosen: &[Rule]) -> Vec<Rule> {
    let days = if chosen.is_empty() { PROMISES.to_vec() } else { chosen.iter().map(|rule| rule.days).collect() };
    let mut rules = vec![configured];
    for days in days {
        if !rules.iter().any(|rule| rule.days == days) {
            rules.push(Rule { days, ..configured });
        }
    }
    rules
}

impl Question {
    /// Lives through it: takes a second for each some 100,000 mentions.
    pub(in crate::web) async fn answer(&self, site: &Site) -> Result<Answer, StoreError> {
        let (config, (from, to)) = (&site.service.config, self.days);
        let (zone, own) = (config.alert.time_zone, config.own_brands().count());
        let past = Past {
            as_published: self.as_published,
            from: midnight(from, zone),
            to: midnight(to + Days::new(1), zone),
            most: MOST_MENTIONS,
        };
        let shared: Vec<Rule> = self.rules.iter().map(|rule| rule.shared_among(own)).collect();
        let mut replay = site.service.replay(&self.brand, &shared, past).await?;
        let (span, mentions) = (replay.span(), replay.mentions());
        let trials = self.rules.iter().zip(replay.reports());
        let trials = trials.map(|(rule, reports)| trial(*rule, reports, span, past.from)).collect();
        Ok(Answer { mentions, span, is_cut: mentions >= MOST_MENTIONS, trials })
    }
}

fn trial(rule: Rule, mut reports: Vec<Report>, span: Option<(Timestamp, Timestamp)>, from: Timestamp) -> Trial {
    // Findings before the period only taught what is usual.
    reports.retain(|report| matches!(report, Report::Found(finding) if finding.at >= from));
    let learned = |(first, last): (Timestamp, Timestamp)| (first.max(from.plus_seconds(-TAUGHT_SECONDS)), last);
    let shifts = span.and_then(|span| shifts_in_90_days(&reports, learned(span)));
    Trial { rule, shifts, findings: reports.into_iter().filter_map(Report::finding).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_configured_promise_comes_first_and_none_twice() {
        let days = |chosen: &[Rule]| compared(Rule::default(), chosen).iter().map(|rule| rule.days).collect::<Vec<_>>();
        assert_eq!(days(&[]), [90.0, 30.0, 365.0]);
        let rule = |days| Rule { days, ..Rule::default() };
        assert_eq!(days(&[rule(7.0), rule(90.0), rule(7.0)]), [90.0, 7.0]);
    }

    #[test]
    fn no_day_lies_ahead_or_before_anybody_could_listen() {
        let day = |year| NaiveDate::from_ymd_opt(year, 5, 1).unwrap();
        assert_eq!(days(None, None, day(2026)), (day(2025), day(2026)));
        assert_eq!(days(Some(day(2030)), Some(day(2031)), day(2026)), (day(2026), day(2026)));
        let first = NaiveDate::default();
        assert_eq!(days(Some(day(2020)), Some(day(1900)), day(2026)), (first, first));
    }
}
