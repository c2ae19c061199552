//! Invented people: who would come back, and how soon one would have to answer them.
//!
//! How likely somebody is to come back are odds, moved by what they feel, whether something concrete troubles them, whether they
//! were content before, whether they ask or leave, and where they write; each by a weight that is drawn for the run, from a range
//! that reaches below nothing where nobody can say which way it goes. To that comes what cannot be seen at all. The program
//! sees feelings blurred, and takes one in seven of the other signs for its opposite. What is left after a wait falls by half in
//! a time that is drawn for the run and differs between people, down to a rest that stays. No range is a measurement.

use std::collections::BTreeMap;
use std::f64::consts::TAU;

use fastrand::Rng;
use serde::Serialize;

use super::Case;

/// One in so many signs is not what it seems.
const MISREAD: u32 = 7;

/// What is assumed of people, beside what is drawn for each run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Assumptions {
    /// Hours after which somebody is half as likely to come back: drawn between these, evenly on a scale of ratios;
    /// `None`: waiting changes nothing.
    pub half_life_hours: Option<(f64, f64)>,
    /// What can be seen of who comes back, and of how long an answer takes.
    pub visible: Visible,
}

/// What can be seen of who comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Visible {
    /// A part of it, and longer texts take longer.
    Some,
    /// Nothing: whoever comes back does so for reasons of their own, and answers take as long as they take.
    Nothing,
    /// The signs that are usually good are bad ones, and the other way round.
    Contrary,
    /// There is nothing to see: all are alike, and so are their answers.
    Alike,
}

impl Default for Assumptions {
    fn default() -> Self {
        Self { half_life_hours: Some((12.0, 240.0)), visible: Visible::Some }
    }
}

/// Somebody who is upset.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Person {
    /// How likely they come back if they are answered at once.
    likely: f64,
    /// They do if this, from 0 to 1, is less than how likely it is: the same luck under every order.
    luck: f64,
    half_life_hours: f64,
    rest: f64,
    /// So long an answer takes.
    pub(super) minutes: f64,
}

impl Person {
    /// Whether they come back when they are answered after so many hours.
    pub(super) fn comes_back(&self, hours: f64) -> bool {
        let left = self.rest + (1.0 - self.rest) * 0.5_f64.powf(hours.max(0.0) / self.half_life_hours);
        self.luck < self.likely * left
    }
}

/// What makes people come back, in one run.
pub(super) struct Truth {
    visible: Visible,
    /// All odds, as their logarithm; those that follow move it.
    usual: f64,
    feeling: f64,
    concrete: f64,
    content: f64,
    asks: f64,
    leaves: f64,
    sources: f64,
    unseen: f64,
    half_life_hours: f64,
    rest: f64,
    minutes: f64,
    minutes_each_hundred: f64,
}

impl Truth {
    pub(super) fn draw(assumptions: Assumptions, random: &mut Rng) -> Self {
        let visible = assumptions.visible;
        let mut between = |low: f64, high: f64| low + (high - low) * random.f64();
        let half_life_hours =
            assumptions.half_life_hours.map_or(f64::INFINITY, |(low, high)| between(low.ln(), high.ln()).exp());
        let truth = Self {
            visible,
            usual: between(-2.5, -0.8),
            feeling: between(-1.5, 1.0),
            concrete: between(0.0, 1.0),
            content: between(0.0, 1.2),
            asks: between(-0.3, 0.8),
            leaves: between(-1.2, 0.2),
            sources: between(0.0, 0.8),
            unseen: between(0.3, 1.2),
            half_life_hours,
            rest: between(0.0, 0.3),
            minutes: between(3.0, 9.0),
            minutes_each_hundred: between(0.0, 1.2),
        };
        match visible {
            Visible::Some => truth,
            Visible::Contrary => truth.moved(-1.0),
            Visible::Nothing => Self { minutes_each_hundred: 0.0, ..truth.moved(0.0) },
            Visible::Alike => Self { minutes_each_hundred: 0.0, unseen: 0.0, ..truth.moved(0.0) },
        }
    }

    /// With all that can be seen weighing so many times as much.
    fn moved(self, by: f64) -> Self {
        Self {
            feeling: self.feeling * by,
            concrete: self.concrete * by,
            content: self.content * by,
            asks: self.asks * by,
            leaves: self.leaves * by,
            sources: self.sources * by,
            minutes_each_hundred: self.minutes_each_hundred * by.max(0.0),
            ..self
        }
    }

    /// Those who stand behind these cases, in their order.
    pub(super) fn people(&self, cases: &[Case], random: &mut Rng) -> Vec<Person> {
        let mut sources: BTreeMap<&str, f64> = BTreeMap::new();
        let mut people = Vec::with_capacity(cases.len());
        for case in cases {
            let source = *sources.entry(&case.source).or_insert_with(|| self.sources * normal(random));
            people.push(self.person(case, source, random));
        }
        people
    }

    fn person(&self, case: &Case, source: f64, random: &mut Rng) -> Person {
        let facts = &case.known[0].facts;
        let feeling = (-facts.score + 0.25 * normal(random)).clamp(0.0, 1.0);
        let mut odds = self.usual + self.feeling * (feeling - 0.5) + source + self.unseen * normal(random);
        let signs = [
            (facts.is_concrete, self.concrete),
            (facts.was_content, self.content),
            (facts.asks, self.asks),
            (facts.leaves, self.leaves),
        ];
        for (seems, weight) in signs {
            let is_misread = random.u32(..MISREAD) == 0;
            odds += if seems == is_misread { 0.0 } else { weight };
        }
        let alike = self.visible == Visible::Alike;
        let mut blur = |by: f64| if alike { 1.0 } else { (by * normal(random)).exp() };
        let minutes = self.minutes + self.minutes_each_hundred * facts.length as f64 / 100.0;
        Person {
            minutes: (minutes * blur(0.4)).clamp(1.0, 60.0),
            half_life_hours: self.half_life_hours * blur(0.3),
            rest: self.rest,
            likely: 1.0 / (1.0 + (-odds).exp()),
            luck: random.f64(),
        }
    }
}

/// From the standard normal distribution (Box and Muller, 1958).
pub(super) fn normal(random: &mut Rng) -> f64 {
    (-2.0 * (1.0 - random.f64()).ln()).sqrt() * (TAU * random.f64()).cos()
}
