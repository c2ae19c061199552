//! People won back: what becomes of reviews that are answered, against those that change by themselves. Pure.
//!
//! Some people change their review without a word from anybody, most of them soon; and who has changed it already is
//! not answered any more. Who compares answered reviews with the rest takes both for a success, or for a failure, of
//! the answers (immortal time: Suissa, *Immortal time bias in pharmacoepidemiology*, American Journal of Epidemiology
//! 167, 2008).
//!
//! So it is time that is compared, and not people. Each review is a control from the moment it is watched until it is
//! answered, if it ever is, and counts as answered from then on, for 30 days. At each moment after an answer, somebody
//! is compared with those of the same source and the same stars who are unanswered at the very same age: what bins of
//! age would do, were they ever finer, without any that are empty or in which the one half is not like the other.
//!
//! In 1,000 runs of each of 60 invented worlds, where the most upset are answered first or those who come back most
//! easily, the interval has the truth in it in 94 of 100 or more. Where answers do nothing, it covers zero in 95 of 100
//! or more, and at most 3 of 100 say that they do some good.
//!
//! Two things it cannot know. Answers that go to people who are likelier to come back for another reason than source,
//! stars and age (their tone, say) make the effect greater than it is. And all reviews have to be looked at equally
//! often: what changes is known when it is seen.

mod effect;
mod interval;
mod risk;
#[cfg(test)]
mod simulation;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::Serialize;

pub use effect::{Comparison, Effect};
pub use interval::Estimate;

use crate::analyse::card::wilson;
use crate::mention::Timestamp;
use effect::Controls;
use risk::Span;

const DAY: i64 = 86_400;

/// So long after an answer, whoever comes back may have done so because of it.
const WINDOW: i64 = 30 * DAY;

/// What became of a review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It has so many more stars.
    Better(u8),
    /// It has fewer stars.
    Worse,
    /// It was deleted, by whomever: nobody is won back by that.
    Gone,
}

/// A review on its way, up to the first thing that became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// The source's id.
    pub source: String,
    /// At the beginning, from 1 to 3.
    pub stars: u8,
    /// When it was written.
    pub said_at: Timestamp,
    /// Since when a change of it would have been seen: what had changed before is no part of this, so neither is the
    /// time.
    pub seen_from: Timestamp,
    /// When it was first answered.
    pub answered_at: Option<Timestamp>,
    /// What the answer was begun from.
    pub template: Option<String>,
    /// What became of it, and when that was seen.
    pub outcome: Option<(Timestamp, Outcome)>,
    /// When it was last looked at, if nothing became of it.
    pub seen_until: Timestamp,
}

/// How soon somebody was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Wait {
    /// Within an hour.
    Hour,
    /// Within a day.
    Day,
    /// Within three days.
    ThreeDays,
    /// Within a week.
    Week,
    /// Later.
    Longer,
}

impl Course {
    /// When it was answered, if nothing had become of it by then.
    pub fn answered(&self) -> Option<Timestamp> {
        self.answered_at.filter(|at| self.outcome.is_none_or(|(outcome_at, _)| *at < outcome_at))
    }

    /// How soon it was answered, if it was.
    pub fn wait(&self) -> Option<Wait> {
        let seconds = self.answered()?.seconds() - self.said_at.seconds();
        let waits = [(3600, Wait::Hour), (DAY, Wait::Day), (3 * DAY, Wait::ThreeDays), (7 * DAY, Wait::Week)];
        Some(waits.into_iter().find(|(most, _)| seconds <= *most).map_or(Wait::Longer, |(_, wait)| wait))
    }

    fn stratum(&self) -> (&str, u8) {
        (&self.source, self.stars)
    }

    fn end(&self) -> Timestamp {
        self.outcome.map_or(self.seen_until, |(at, _)| at)
    }

    fn age(&self, at: Timestamp) -> i64 {
        at.seconds() - self.said_at.seconds()
    }

    fn came_back(&self) -> bool {
        matches!(self.outcome, Some((_, Outcome::Better(_))))
    }

    /// The ages at which it was watched and not answered.
    fn unanswered(&self) -> Option<Span> {
        let to = self.answered().map_or(self.end(), |at| at.min(self.end()));
        Span::new(self.age(self.seen_from).max(0), self.age(to))
    }

    /// The age at which it was answered, and the time after that in which it was watched, at most [`WINDOW`].
    fn followed(&self) -> Option<(i64, Span)> {
        let answered = self.age(self.answered()?);
        let from = (self.age(self.seen_from) - answered).max(0);
        Span::new(from, (self.age(self.end()) - answered).min(WINDOW)).map(|span| (answered, span))
    }

    /// Whether somebody came back just so long after the answer.
    fn came_back_by(&self, after: i64) -> bool {
        self.came_back() && self.answered().is_some_and(|at| self.age(self.end()) - self.age(at) == after)
    }
}

/// What became of people who were answered.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Account {
    /// How many were, before anything had become of their review.
    pub answered: usize,
    /// How many of them gave more stars, whenever.
    pub better: usize,
    /// How many stars more, together.
    pub stars_gained: u64,
    /// How many gave fewer.
    pub worse: usize,
    /// How many reviews were deleted.
    pub gone: usize,
    /// What the answers have done.
    pub effect: Effect,
}

impl Account {
    fn new(answered: &[&Course], effect: Effect) -> Self {
        let mut account = Self { answered: answered.len(), better: 0, stars_gained: 0, worse: 0, gone: 0, effect };
        for (_, outcome) in answered.iter().filter_map(|course| course.outcome) {
            match outcome {
                Outcome::Better(stars) => {
                    account.better += 1;
                    account.stars_gained += u64::from(stars);
                }
                Outcome::Worse => account.worse += 1,
                Outcome::Gone => account.gone += 1,
            }
        }
        account
    }

    /// So many of the answered, such as [`Account::better`], as people of 100 (Wilson); `None` where nobody was.
    pub fn of_100(&self, people: usize) -> Option<Estimate> {
        let interval = wilson(people, self.answered);
        #[expect(clippy::cast_precision_loss, reason = "numbers of people")]
        let value = 100.0 * people as f64 / self.answered as f64;
        let estimate = Estimate { value, low: 100.0 * interval.low, high: 100.0 * interval.high };
        (self.answered > 0).then_some(estimate)
    }
}

/// What became of everybody who was answered, and of groups of them, all against the same controls.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Accounts {
    /// Everybody.
    pub all: Account,
    /// By the source's id.
    pub sources: BTreeMap<String, Account>,
    /// By what the answer was begun from.
    pub templates: BTreeMap<String, Account>,
    /// By how soon they were answered.
    pub waits: BTreeMap<Wait, Account>,
}

impl Accounts {
    /// Of all reviews that might have been answered, whether they were or not.
    pub fn of(courses: &[Course]) -> Self {
        let ledger = Ledger::new(courses);
        Self {
            all: ledger.all(),
            sources: ledger.by(|course: &Course| Some(course.source.clone())),
            templates: ledger.by(|course: &Course| course.template.clone()),
            waits: ledger.by(Course::wait),
        }
    }
}

/// All courses, with the controls among them.
#[derive(Debug)]
pub struct Ledger<'a> {
    answered: Vec<&'a Course>,
    controls: Controls<'a>,
}

impl<'a> Ledger<'a> {
    /// Of all reviews that might have been answered, whether they were or not.
    pub fn new(courses: &'a [Course]) -> Self {
        let answered = courses.iter().filter(|course| course.answered().is_some()).collect();
        Self { answered, controls: Controls::new(courses) }
    }

    /// Everybody who was answered.
    pub fn all(&self) -> Account {
        Account::new(&self.answered, self.controls.effect(&self.answered))
    }

    /// Those who were answered, by source, template, [`Course::wait`] or whatever else; all against the same controls.
    /// Courses without a key are in none.
    pub fn by<Key: Ord>(&self, key: impl Fn(&'a Course) -> Option<Key>) -> BTreeMap<Key, Account> {
        let mut groups: BTreeMap<Key, Vec<&'a Course>> = BTreeMap::new();
        for course in &self.answered {
            if let Some(key) = key(course) {
                groups.entry(key).or_default().push(course);
            }
        }
        let account = |answered: Vec<&'a Course>| Account::new(&answered, self.controls.effect(&answered));
        groups.into_iter().map(|(key, answered)| (key, account(answered))).collect()
    }
}
