//! In what order cases are taken on, and how many of them fit into the time that somebody has.
//!
//! A case is worth what an answer now is likely to save: how upset the person is, how likely they come back if they are
//! answered, how many read what they wrote, and how much of that is lost by waiting longer. That, by the minutes that a good
//! answer takes, is the order in which most people are won back (a fractional knapsack: Dantzig, *Discrete-variable extremum
//! problems*, 1957). What was promised, and what is due, comes before that.

use std::cmp::Ordering;

use serde::Serialize;

use super::Severity;
use crate::mention::Timestamp;

/// After so many hours half of somebody's patience is gone.
const HALF_GONE_HOURS: f64 = 48.0;

/// Who was to be answered by now counts half as much as before after so many more hours: the time limit was to spare them the
/// wait, and cannot any more. If what is late stayed on top, a team with more to do than it can would keep nobody's limit.
const LATE_HOURS: f64 = 24.0;

/// What is due comes nearer by half in so many hours.
const NEAR_HOURS: f64 = 4.0;

/// Minutes that reading a case and answering it take at least, and for each hundred characters that were said.
const MINUTES_AT_LEAST: f64 = 4.0;
const MINUTES_EACH_HUNDRED: f64 = 0.5;
const MINUTES_AT_MOST: f64 = 20.0;

/// What the order is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// The number of the case.
    pub id: i64,
    /// As its rule says.
    pub severity: Severity,
    /// The most upset score of what the person said, from −1 to 1; 0 where none can be told.
    pub score: f64,
    /// How likely somebody comes back when answered, as far as the source's own past tells, from 0 to 1.
    pub usual_return: f64,
    /// Something is named that one can do something about: a topic.
    pub is_concrete: bool,
    /// The person asks for an answer.
    pub asks: bool,
    /// The person says that they leave or have left.
    pub leaves: bool,
    /// The person has said something friendly before.
    pub was_content: bool,
    /// Mentions that carry the text, this one included.
    pub copies: u64,
    /// Characters that the person has said.
    pub length: usize,
    /// Since when the person waits for us.
    pub waits_since: Timestamp,
    /// When somebody is to have answered, at the latest.
    pub due_at: Option<Timestamp>,
    /// What was promised, by when.
    pub promised_at: Option<Timestamp>,
}

/// A case in its place.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ranked {
    /// The number of the case.
    pub id: i64,
    /// What it is ordered by.
    pub value: f64,
    /// How that came about.
    pub factors: Factors,
    /// So many minutes it is likely to take.
    pub minutes: u32,
}

/// What the value of a case is multiplied from.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Factors {
    /// How upset somebody is, and so how much there is to win back, from 0.375 to 1.
    pub upset: f64,
    /// How likely they come back if they are answered now, from 0 to 1.
    pub recoverable: f64,
    /// How many read it, from 1 (they alone) to 2.
    pub reach: f64,
    /// What is left of their patience, from 0 to 1.
    pub patience: f64,
    /// What is due or promised, from 1 (nothing yet) to 4 (a broken promise) or 8 (what cannot wait, and waits).
    pub due: f64,
}

/// What fits into a time, in its order, and what does not.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Plan {
    /// These fit.
    pub fits: Vec<Ranked>,
    /// These do not, the next one first.
    pub rest: Vec<Ranked>,
}

impl Facts {
    fn placed(&self, now: Timestamp) -> (Ranked, Timestamp) {
        (self.rank(now), self.waits_since)
    }

    fn rank(&self, now: Timestamp) -> Ranked {
        let factors = Factors {
            upset: self.upset(),
            recoverable: self.recoverable(),
            reach: 1.0 + (self.copies.max(1) as f64).log10().min(1.0),
            patience: self.patience(now),
            due: self.due(now),
        };
        let minutes = MINUTES_AT_LEAST + MINUTES_EACH_HUNDRED * self.length as f64 / 100.0;
        let minutes = minutes.clamp(MINUTES_AT_LEAST, MINUTES_AT_MOST).round();
        let Factors { upset, recoverable, reach, patience, due } = factors;
        Ranked {
            id: self.id,
            value: upset * recoverable * reach * patience * due / minutes,
            factors,
            minutes: minutes as u32,
        }
    }

    /// By its rule mostly: with five stars, who gave one would give four more, who gave two three, and who is a little upset two.
    fn upset(&self) -> f64 {
        let by_rule = match self.severity {
            Severity::Low => 0.5,
            Severity::Normal => 0.75,
            Severity::High | Severity::Urgent => 1.0,
        };
        0.75 * by_rule + 0.25 * (-self.score).clamp(0.0, 1.0)
    }

    /// The source's own rate, moved by what the person says: odds, each cause by itself.
    fn recoverable(&self) -> f64 {
        let usual = self.usual_return.clamp(0.01, 0.95);
        let mut odds = usual / (1.0 - usual);
        for (holds, factor) in [(self.is_concrete, 1.5), (self.asks, 1.4), (self.leaves, 0.6), (self.was_content, 1.8)]
        {
            odds *= if holds { factor } else { 1.0 };
        }
        odds / (1.0 + odds)
    }

    /// Falls by half in hours with some people and in weeks with others, and nobody knows with whom: over all, it falls fast at
    /// first and slowly after that.
    fn patience(&self, now: Timestamp) -> f64 {
        let hours = (now.seconds() - self.waits_since.seconds()).max(0) as f64 / 3600.0;
        1.0 / (1.0 + hours / HALF_GONE_HOURS)
    }

    /// The nearer it is due the more it counts, and a promise more than a target. What was promised, and what cannot wait, stays
    /// where it is until somebody does it; what is merely late falls back.
    fn due(&self, now: Timestamp) -> f64 {
        let is_urgent = self.severity == Severity::Urgent;
        let near = |at: Option<Timestamp>, most: f64, stays: bool| {
            at.map_or(1.0, |at| {
                let hours = (at.seconds() - now.seconds()) as f64 / 3600.0;
                let halvings = match hours >= 0.0 {
                    true => hours / NEAR_HOURS,
                    false if stays => 0.0,
                    false => -hours / LATE_HOURS,
                };
                1.0 + (most - 1.0) * 0.5_f64.powf(halvings)
            })
        };
        // What cannot wait is not weighed against who is likely to come back.
        near(self.due_at, if is_urgent { 8.0 } else { 2.0 }, is_urgent).max(near(self.promised_at, 4.0, true))
    }
}

/// All of them, what matters most first; what is alike in the order in which people wait.
pub fn rank(cases: &[Facts], now: Timestamp) -> Vec<Ranked> {
    let mut ranked: Vec<(Ranked, Timestamp)> = cases.iter().map(|case| case.placed(now)).collect();
    ranked.sort_by(before);
    ranked.into_iter().map(|(ranked, _)| ranked).collect()
}

/// The first of [`rank`].
pub fn first<'a>(cases: impl Iterator<Item = &'a Facts>, now: Timestamp) -> Option<Ranked> {
    cases.map(|case| case.placed(now)).min_by(before).map(|(ranked, _)| ranked)
}

fn before((a, since_a): &(Ranked, Timestamp), (b, since_b): &(Ranked, Timestamp)) -> Ordering {
    b.value.total_cmp(&a.value).then(since_a.cmp(since_b)).then(a.id.cmp(&b.id))
}

/// What somebody with so many minutes takes on, in the order of [`rank`]. A case that takes longer than what is left is passed
/// over for the next one that does not.
pub fn plan(ranked: Vec<Ranked>, minutes: u32) -> Plan {
    let mut plan = Plan::default();
    let mut left = minutes;
    for case in ranked {
        if case.minutes <= left {
            left -= case.minutes;
            plan.fits.push(case);
        } else {
            plan.rest.push(case);
        }
    }
    plan
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

    fn case(id: i64) -> Facts {
        Facts {
            id,
            severity: Severity::Normal,
            score: -0.6,
            usual_return: 0.2,
            is_concrete: true,
            asks: false,
            leaves: false,
            was_content: false,
            copies: 1,
            length: 200,
            waits_since: NOW.plus_seconds(-3600),
            due_at: None,
            promised_at: None,
        }
    }

    fn order(cases: &[Facts]) -> Vec<i64> {
        rank(cases, NOW).into_iter().map(|ranked| ranked.id).collect()
    }

    #[test]
    fn what_matters_more_comes_first() {
        let worse = Facts { severity: Severity::High, ..case(2) };
        let kind_before = Facts { was_content: true, ..case(3) };
        let seen_by_many = Facts { copies: 10, ..case(4) };
        let long = Facts { length: 1500, ..case(5) };
        assert_eq!(order(&[case(1), worse.clone()]), [2, 1]);
        assert_eq!(order(&[case(1), kind_before]), [3, 1]);
        assert_eq!(order(&[case(1), seen_by_many]), [4, 1]);
        assert_eq!(order(&[long, case(1)]), [1, 5], "in the same time more people are answered");
        assert_eq!(order(&[case(2), case(1)]), [1, 2], "what is alike keeps its order");
    }

    #[test]
    fn a_promise_comes_before_what_is_due_and_that_before_the_rest() {
        let due = Facts { due_at: Some(NOW.plus_seconds(-60)), ..case(2) };
        let promised = Facts { promised_at: Some(NOW.plus_seconds(-60)), ..case(3) };
        assert_eq!(order(&[case(1), due, promised]), [3, 2, 1]);
    }

    #[test]
    fn what_cannot_wait_comes_before_what_is_likelier_to_be_won_back() {
        let hopeful = Facts { was_content: true, due_at: Some(NOW), ..case(1) };
        let burning = Facts {
            severity: Severity::Urgent,
            due_at: Some(NOW.plus_seconds(-3600)),
            waits_since: NOW.plus_seconds(-30 * 3600),
            ..case(2)
        };
        assert_eq!(order(&[hopeful, burning]), [2, 1]);
    }

    #[test]
    fn what_is_late_falls_back_and_what_was_promised_does_not() {
        let ago = |hours: i64| Some(NOW.plus_seconds(-3600 * hours));
        let due = |case: Facts| rank(&[case], NOW)[0].factors.due;
        assert_eq!(due(Facts { due_at: ago(0), ..case(1) }), 2.0);
        assert_eq!(due(Facts { due_at: ago(24), ..case(1) }), 1.5);
        assert_eq!(due(Facts { due_at: ago(72), promised_at: ago(72), ..case(1) }), 4.0);
        assert_eq!(due(Facts { due_at: ago(72), severity: Severity::Urgent, ..case(1) }), 8.0);
        let waits = |hours: i64| Facts { waits_since: NOW.plus_seconds(-3600 * hours), ..case(hours) };
        assert_eq!(rank(&[waits(48)], NOW)[0].factors.patience, 0.5);
        assert_eq!(order(&[waits(200), waits(2), waits(20)]), [2, 20, 200]);
    }

    #[test]
    fn what_somebody_has_time_for_is_told_from_the_rest() {
        let cases: Vec<Facts> = (1..=9).map(case).collect();
        let plan = plan(rank(&cases, NOW), 17);
        assert_eq!(plan.fits.iter().map(|case| case.minutes).sum::<u32>(), 15);
        assert_eq!((plan.fits.len(), plan.rest.len()), (3, 6));
    }

    proptest! {
        #[test]
        fn no_plan_takes_longer_than_there_is_time_and_no_case_is_lost(
            lengths in prop::collection::vec(0..4000_usize, 0..30), minutes in 0..120_u32,
        ) {
            let cases: Vec<Facts> =
                lengths.iter().zip(1..).map(|(length, id)| Facts { length: *length, ..case(id) }).collect();
            let ranked = rank(&cases, NOW);
            prop_assert_eq!(first(cases.iter(), NOW), ranked.first().cloned());
            let plan = plan(ranked, minutes);
            prop_assert!(plan.fits.iter().map(|case| case.minutes).sum::<u32>() <= minutes);
            let mut all: Vec<i64> = plan.fits.iter().chain(&plan.rest).map(|case| case.id).collect();
            all.sort_unstable();
            prop_assert_eq!(all, (1..=cases.len() as i64).collect::<Vec<_>>());
        }
    }
}
