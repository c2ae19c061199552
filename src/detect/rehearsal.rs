//! What a promise would have reported over a history that nobody was alerted of: the very same detector, on what was said before
//! anybody listened. Pure.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Detector, Finding, Observation, Report, Rule, SECONDS_PER_DAY, SECONDS_PER_HOUR, WARM_UP_DAYS};
use crate::mention::Timestamp;

/// A history shorter than this tells too little: half of it only teaches what is usual.
pub const LEAST_DAYS: i64 = 60;

/// What was said longer ago tells nothing of today.
pub const MOST_DAYS: i64 = 365;

/// Other promises that people might prefer, in days.
const ALTERNATIVES: [f64; 2] = [30.0, 365.0];

/// A history, lived through as if it had arrived when it was published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rehearsal {
    /// The first mention that counts.
    pub from: Timestamp,
    /// The last one.
    pub to: Timestamp,
    /// How many there were.
    pub mentions: u64,
    /// The sources that reach back so far; the others do not count.
    pub sources: Vec<String>,
    /// What each promise would have reported, the configured one first.
    pub trials: Vec<Trial>,
}

/// What one promise would have reported.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// In the user's words: not the share of it that one of several brands has to keep.
    pub rule: Rule,
    /// In order of time.
    pub findings: Vec<Finding>,
}

impl Rehearsal {
    /// Days from the first to the last mention.
    pub fn days(&self) -> f64 {
        days_between(self.from, self.to)
    }

    /// Mentions a day.
    pub fn per_day(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a number of mentions")]
        let mentions = self.mentions as f64;
        mentions / self.days().max(1.0)
    }
}

/// Days that teach what is usual; nothing about the mood is found in them.
pub const fn warm_up_days() -> i64 {
    WARM_UP_DAYS
}

/// Lives through a brand's history under the promise that it shares with the other `brands` of the account, and under others.
///
/// The history begins where every source that reaches back at least [`LEAST_DAYS`] is there: a feed that holds
/// last week only would look like a rush of mentions. `None` if no source reaches back so far.
pub fn rehearse(rule: Rule, brands: usize, history: &[Observation]) -> Option<Rehearsal> {
    let observations = as_published(history);
    let to = observations.last()?.arrived_at;
    let mut begins: BTreeMap<&str, Timestamp> = BTreeMap::new();
    for seen in observations.iter().filter(|seen| days_between(seen.arrived_at, to) <= days(MOST_DAYS)) {
        begins.entry(seen.source()).or_insert(seen.arrived_at);
    }
    begins.retain(|_, first| days_between(*first, to) >= days(LEAST_DAYS));
    let from = *begins.values().max()?;
    let sources: BTreeSet<String> = begins.into_keys().map(str::to_owned).collect();
    let counts = |seen: &Observation| seen.arrived_at >= from && sources.contains(seen.source());
    let observations: Vec<Observation> = observations.iter().filter(|seen| counts(seen)).cloned().collect();
    let mut rules = vec![rule];
    rules.extend(ALTERNATIVES.map(|days| Rule { days, ..rule }).into_iter().filter(|other| other.days != rule.days));
    let trial = |rule: Rule| Trial { rule, findings: live_through(rule.shared_among(brands), &observations) };
    Some(Rehearsal {
        from,
        to: observations.last()?.arrived_at,
        mentions: observations.len() as u64,
        sources: sources.into_iter().collect(),
        trials: rules.into_iter().map(trial).collect(),
    })
}

/// The same, in the order of publication and as if each had arrived then, live.
pub fn as_published(history: &[Observation]) -> Vec<Observation> {
    let mut observations = history.to_vec();
    for seen in &mut observations {
        seen.arrived_at = seen.published_at.unwrap_or(seen.arrived_at);
        seen.backfill = false;
    }
    observations.sort_by_key(|seen| seen.arrived_at);
    observations
}

fn live_through(rule: Rule, observations: &[Observation]) -> Vec<Finding> {
    let Some(last) = observations.last() else { return Vec::new() };
    let end = Timestamp::from_seconds((last.arrived_at.hour() + 1) * SECONDS_PER_HOUR);
    Detector::default().run(rule, observations, end).into_iter().filter_map(Report::finding).collect()
}

#[expect(clippy::cast_precision_loss, reason = "numbers of seconds")]
fn days_between(from: Timestamp, to: Timestamp) -> f64 {
    to.seconds().saturating_sub(from.seconds()) as f64 / SECONDS_PER_DAY as f64
}

#[expect(clippy::cast_precision_loss, reason = "a year")]
const fn days(count: i64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::FindingKind;
    use crate::mention::Label;

    const NOW: i64 = 1_790_000_000;

    /// What came with a first import: `per_day` mentions on each of so many days before now, of which the newest
    /// `upset_days` are negative.
    fn history(source: &str, days: i64, per_day: i64, upset_days: i64) -> Vec<Observation> {
        let mention = |number: i64| {
            let published = NOW - number * SECONDS_PER_DAY / per_day;
            let is_upset = number < upset_days * per_day || number % 3 == 0;
            Observation {
                arrived_at: Timestamp::from_seconds(NOW),
                published_at: Some(Timestamp::from_seconds(published)),
                segment: format!("{source}:de"),
                author: Some(number.cast_unsigned()),
                text: number.cast_unsigned(),
                topics: Vec::new(),
                label: if is_upset { Label::Negative } else { Label::Positive },
                copy: false,
                backfill: true,
            }
        };
        (0..days * per_day).map(mention).collect()
    }

    fn shifts(rehearsal: &Rehearsal) -> Vec<usize> {
        let count = |trial: &Trial| trial.findings.iter().filter(|it| it.kind == FindingKind::MoodDown).count();
        rehearsal.trials.iter().map(count).collect()
    }

    #[test]
    fn a_first_import_is_lived_through_as_if_it_had_arrived_when_it_was_published() {
        let rehearsal = rehearse(Rule::default(), 1, &history("forum", 120, 10, 10)).unwrap();
        assert_eq!(rehearsal.mentions, 1200);
        assert!((rehearsal.days() - 120.0).abs() < 1.0 && (rehearsal.per_day() - 10.0).abs() < 0.1);
        assert_eq!(rehearsal.trials.iter().map(|trial| trial.rule.days).collect::<Vec<_>>(), [90.0, 30.0, 365.0]);
        assert_eq!(shifts(&rehearsal), [1, 1, 1]);
    }

    #[test]
    fn a_calm_history_is_told_as_calm() {
        let rehearsal = rehearse(Rule::default(), 1, &history("forum", 120, 10, 0)).unwrap();
        assert_eq!(shifts(&rehearsal), [0, 0, 0]);
    }

    #[test]
    fn sources_that_hold_the_last_days_only_do_not_count() {
        let mut both = history("forum", 90, 5, 0);
        both.extend(history("feed", 5, 200, 0));
        let rehearsal = rehearse(Rule::default(), 1, &both).unwrap();
        assert_eq!((rehearsal.sources, rehearsal.mentions), (vec!["forum".to_owned()], 450));
        assert!(rehearsal.trials.iter().all(|trial| trial.findings.is_empty()), "no rush of mentions");
    }

    #[test]
    fn it_begins_where_all_of_its_sources_are_there() {
        let mut both = history("forum", 300, 5, 0);
        both.extend(history("shop", 100, 5, 0));
        let rehearsal = rehearse(Rule::default(), 1, &both).unwrap();
        assert_eq!(rehearsal.sources, ["forum", "shop"]);
        assert!((rehearsal.days() - 100.0).abs() < 1.0);
    }

    #[test]
    fn two_months_are_needed_and_more_than_a_year_is_too_much() {
        assert_eq!(rehearse(Rule::default(), 1, &history("forum", 59, 10, 0)), None);
        assert_eq!(rehearse(Rule::default(), 1, &[]), None);
        let rehearsal = rehearse(Rule::default(), 1, &history("forum", 800, 1, 0)).unwrap();
        assert!(rehearsal.days() <= 365.0);
    }
}
