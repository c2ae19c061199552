//! A team works through cases as they arrive, in one order or another.

use super::{Case, Hours, Known, Order, Outcome, Person, Time};
use crate::mention::Timestamp;
use crate::outreach::queue;

/// When a team works, and how much.
pub(super) struct Team {
    /// Each hour, and the minutes in it that are there for answers.
    hours: Vec<(Timestamp, f64)>,
    /// Minutes on a day.
    pub(super) minutes_a_day: f64,
    /// How much of the time that all answers take that is.
    pub(super) share: f64,
}

/// Where a run stands.
struct Desk<'a> {
    cases: &'a [Case],
    people: &'a [Person],
    chance: &'a [u64],
    /// What is known of each case now; `None`: it has not arrived, or was taken on.
    known: Vec<Option<&'a Known>>,
    /// Everything that will become known, and of which case, the last first.
    to_come: Vec<(&'a Known, usize)>,
    /// Those that can be taken on.
    waiting: Vec<usize>,
    taken: Vec<bool>,
}

impl Team {
    pub(super) fn new(cases: &[Case], people: &[Person], hours: &Hours, time: Time) -> Self {
        let all = || cases.iter().flat_map(|case| &case.known).map(|known| known.from);
        let begins = all().min().unwrap_or(Timestamp::from_seconds(0));
        let ends = all().max().unwrap_or(begins);
        let shares = hours.shares(begins, ends);
        let work: f64 = people.iter().map(|person| person.minutes).sum();
        let days = shares.iter().map(|(_, share)| share).sum::<f64>().max(f64::MIN_POSITIVE);
        let minutes_a_day = match time {
            Time::MinutesADay(minutes) => minutes,
            Time::Share(share) => share * work / days,
        };
        Self {
            hours: shares.into_iter().map(|(at, share)| (at, share * minutes_a_day)).collect(),
            minutes_a_day,
            share: minutes_a_day * days / work.max(f64::MIN_POSITIVE),
        }
    }

    /// What an order comes to. What was begun is finished before anything else, in the next hours if need be; who is answered
    /// waits until the answer is finished. Time in which nobody waits is lost.
    pub(super) fn work(&self, order: Order, cases: &[Case], people: &[Person], chance: &[u64]) -> Outcome {
        let mut desk = Desk::new(cases, people, chance);
        let mut outcome = Outcome::default();
        let mut begun: Option<(usize, f64)> = None;
        for (hour, minutes) in &self.hours {
            let mut spent = 0.0;
            while spent < *minutes {
                let now = hour.plus_seconds((spent / minutes * 3600.0) as i64);
                desk.arrive(now);
                let Some((case, left)) = begun.take().or_else(|| desk.take(order, now)) else { break };
                let worked = left.min(minutes - spent);
                spent += worked;
                outcome.minutes += worked;
                if left > worked {
                    begun = Some((case, left - worked));
                    continue;
                }
                outcome.answered += 1;
                let done = hour.plus_seconds((spent / minutes * 3600.0) as i64);
                outcome.won += usize::from(desk.comes_back(case, done));
            }
        }
        outcome
    }
}

impl<'a> Desk<'a> {
    fn new(cases: &'a [Case], people: &'a [Person], chance: &'a [u64]) -> Self {
        let known = |(place, case): (usize, &'a Case)| case.known.iter().map(move |known| (known, place));
        let mut to_come: Vec<(&Known, usize)> = cases.iter().enumerate().flat_map(known).collect();
        to_come.sort_by_key(|(known, _)| std::cmp::Reverse(known.from));
        let (known, taken) = (vec![None; cases.len()], vec![false; cases.len()]);
        Self { cases, people, chance, known, to_come, waiting: Vec::new(), taken }
    }

    fn arrive(&mut self, now: Timestamp) {
        while let Some((known, case)) = self.to_come.pop_if(|(known, _)| known.from <= now) {
            if self.taken[case] {
                continue;
            }
            if self.known[case].replace(known).is_none() {
                self.waiting.push(case);
            }
        }
    }

    /// Takes on the first case of an order, with the minutes that it takes.
    fn take(&mut self, order: Order, now: Timestamp) -> Option<(usize, f64)> {
        let waiting = 0..self.waiting.len();
        let place = match order {
            Order::Queue => {
                let first = queue::first(self.waiting.iter().map(|case| &self.now_known(*case).facts), now)?;
                self.waiting.iter().position(|case| self.now_known(*case).facts.id == first.id)?
            }
            Order::Oldest => waiting.min_by_key(|place| self.since(*place))?,
            Order::WorstStars => waiting.min_by_key(|place| (self.stars(*place), self.since(*place)))?,
            Order::Newest => waiting.max_by_key(|place| self.since(*place))?,
            Order::Random => waiting.min_by_key(|place| self.chance[self.waiting[*place]])?,
            Order::Foreknown => {
                let key = |place: &usize| {
                    let case = self.waiting[*place];
                    (!self.comes_back(case, now), (self.people[case].minutes * 1000.0) as u64)
                };
                waiting.min_by_key(key)?
            }
        };
        let case = self.waiting.swap_remove(place);
        self.taken[case] = true;
        Some((case, self.people[case].minutes))
    }

    fn comes_back(&self, case: usize, answered_at: Timestamp) -> bool {
        let since = self.cases[case].known[0].facts.waits_since;
        self.people[case].comes_back((answered_at.seconds() - since.seconds()) as f64 / 3600.0)
    }

    /// Of what waits.
    fn now_known(&self, case: usize) -> &'a Known {
        self.known[case].unwrap_or(&self.cases[case].known[0])
    }

    fn since(&self, place: usize) -> (Timestamp, usize) {
        let case = self.waiting[place];
        (self.now_known(case).facts.waits_since, case)
    }

    /// In hundredths.
    fn stars(&self, place: usize) -> i64 {
        let known = self.now_known(self.waiting[place]);
        known.stars.map_or((300.0 + 200.0 * known.facts.score) as i64, |stars| 100 * i64::from(stars))
    }
}
