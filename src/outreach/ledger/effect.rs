//! What answers do, against what happens by itself.

use std::collections::BTreeMap;

use serde::Serialize;

use super::interval::{Estimate, Hazard};
use super::risk::{RiskSet, Span, spans};
use super::{Course, WINDOW};

/// With fewer people answered, chance has the only say.
const FEWEST_ANSWERED: usize = 30;

/// So many of them have to be followed at every moment of the window.
const FEWEST_FOLLOWED: usize = 10;

/// A moment can be compared where at least so many of the same source and stars are unanswered at that age: one of
/// fewer who comes back would count as far too many.
const FEWEST_UNANSWERED: usize = 10;

/// And where each of them stands for at most so many who were answered: the chance of a few is no measure of many.
const MOST_EACH: usize = 5;

/// Into so many pieces the ages are cut at most, to see what a control weighs at them.
const PIECES: usize = 64;

/// What answers do.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// So much.
    Known(Comparison),
    /// Too few were answered and then seen again.
    TooFew {
        /// How many.
        people: usize,
    },
    /// Too few were followed for 30 days after the answer.
    TooSoon,
    /// Too few of those who were not answered are like those who were.
    NoControl,
}

/// Of 100 answered people, how many come back within 30 days, and how many would have by themselves.
///
/// As if nobody deleted their review or made it worse within that time: whoever does counts up to then.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// How many answered people could be compared.
    pub people: usize,
    /// So many come back after an answer.
    pub answered: Estimate,
    /// So many of them would have come back by themselves.
    pub by_themselves: Estimate,
    /// So many come back because of the answer: nothing is shown where its interval covers zero.
    pub difference: Estimate,
    /// The share of the time after answers that is left out, from 0 to 1: too few who were not answered were like those
    /// who were.
    pub left_out: f64,
}

/// People who are alike: source and stars.
type Stratum<'a> = (&'a str, u8);

/// Those who are not answered (yet), by their age.
#[derive(Debug)]
pub(super) struct Controls<'a>(BTreeMap<Stratum<'a>, Control>);

#[derive(Debug)]
struct Control {
    risk: RiskSet,
    /// The ages at which there are enough of them.
    enough: Vec<Span>,
    /// The ages of these at which one came back.
    events: Vec<i64>,
}

/// Somebody who was answered, while there is a control.
pub(super) struct Followed<'a> {
    stratum: Stratum<'a>,
    /// The age at which they were answered, in seconds.
    answered: i64,
    /// Since the answer.
    pub(super) span: Span,
    /// At the end of the span.
    came_back: bool,
}

impl<'a> Controls<'a> {
    pub(super) fn new(courses: &'a [Course]) -> Self {
        let mut strata: BTreeMap<Stratum<'a>, Vec<&'a Course>> = BTreeMap::new();
        for course in courses {
            strata.entry(course.stratum()).or_default().push(course);
        }
        Self(strata.into_iter().map(|(stratum, courses)| (stratum, Control::new(&courses))).collect())
    }

    /// The time after an answer that can be compared; nothing, or several pieces.
    pub(super) fn comparable(&self, course: &'a Course) -> impl Iterator<Item = Followed<'a>> {
        let stratum = course.stratum();
        let enough = self.0.get(&stratum).map_or(&[][..], |control| &control.enough);
        course.followed().into_iter().flat_map(move |(answered, span)| {
            let pieces = enough.iter().filter_map(move |ages| ages.plus(-answered).and(span));
            pieces.map(move |piece| Followed {
                stratum,
                answered,
                span: piece,
                came_back: course.came_back_by(piece.to),
            })
        })
    }

    /// What it does that these were answered.
    pub(super) fn effect(&self, courses: &[&'a Course]) -> Effect {
        let all: Vec<Span> = courses.iter().filter_map(|course| course.followed()).map(|(_, span)| span).collect();
        if all.len() < FEWEST_ANSWERED {
            return Effect::TooFew { people: all.len() };
        }
        if !is_followed(&RiskSet::new(all.iter().copied())) {
            return Effect::TooSoon;
        }
        let pieces: Vec<Vec<Followed<'a>>> = courses.iter().map(|course| self.comparable(course).collect()).collect();
        let people = pieces.iter().filter(|pieces| !pieces.is_empty()).count();
        let followed: Vec<Followed<'a>> = pieces.into_iter().flatten().collect();
        let risk = RiskSet::new(followed.iter().map(|one| one.span));
        if people < FEWEST_ANSWERED || !is_followed(&risk) {
            return Effect::NoControl;
        }
        let events = followed.iter().filter(|one| one.came_back).map(|one| 1.0 / count(risk.at(one.span.to)));
        let seconds: i64 = followed.iter().map(|one| one.span.seconds()).sum();
        let answered = Hazard::new(events, ratio(WINDOW, seconds)).of_100();
        let by_themselves = self.expected(&followed, &risk).of_100();
        Effect::Known(Comparison {
            people,
            answered,
            by_themselves,
            difference: answered.minus(by_themselves),
            left_out: 1.0 - ratio(seconds, all.iter().map(|span| span.seconds()).sum()),
        })
    }

    /// What would have happened to them by itself: at each moment, each has the hazard of those who are like them and
    /// as old, as the expected survival of Ederer & Heise (*Instructions to IBM 650 programmers in processing survival
    /// computations*, National Cancer Institute, 1959) has it, with hazards from the controls.
    ///
    /// What one more event among the controls would weigh is the mean over the time of those who were answered.
    fn expected(&self, followed: &[Followed<'a>], risk: &RiskSet) -> Hazard {
        let mut strata: BTreeMap<Stratum<'a>, Vec<&Followed<'a>>> = BTreeMap::new();
        for one in followed {
            strata.entry(one.stratum).or_default().push(one);
        }
        let (mut weights, mut next) = (Vec::new(), 0.0);
        for (stratum, followed) in strata {
            let Some(control) = self.0.get(&stratum) else { continue };
            let weight = |age: i64| control.weight(age, &followed, risk);
            weights.extend(control.events.iter().map(|age| weight(*age)).filter(|weight| *weight > 0.0));
            let ages = RiskSet::new(followed.iter().map(|one| one.span.plus(one.answered))).changes();
            let ages: Vec<i64> = ages.iter().step_by(ages.len().div_ceil(PIECES)).chain(ages.last()).copied().collect();
            for piece in ages.windows(2).filter_map(|ends| Span::new(ends[0], ends[1])) {
                let middle = i64::midpoint(piece.from, piece.to) + 1;
                let weight = weight(middle);
                next += weight * weight * count(control.risk.at(middle)) * ratio(piece.seconds(), WINDOW);
            }
        }
        Hazard::new(weights.into_iter(), next)
    }
}

impl Control {
    fn new(courses: &[&Course]) -> Self {
        let unanswered = || courses.iter().filter_map(|course| Some((course, course.unanswered()?)));
        let risk = RiskSet::new(unanswered().map(|(_, ages)| ages));
        let answered = courses.iter().filter_map(|course| course.followed());
        let answered = RiskSet::new(answered.map(|(age, since)| since.plus(age)));
        let mut changes = [risk.changes(), answered.changes()].concat();
        changes.sort_unstable();
        changes.dedup();
        let is_enough = |age| risk.at(age) >= FEWEST_UNANSWERED && answered.at(age) <= MOST_EACH * risk.at(age);
        let events = unanswered().filter(|(course, _)| course.came_back() && course.answered().is_none());
        let events = events.map(|(_, ages)| ages.to).filter(|age| is_enough(*age)).collect();
        Self { enough: spans(&changes, is_enough), events, risk }
    }

    /// What it adds to the hazard of these that one control comes back at this age: their share of all at risk, by the
    /// number of controls.
    fn weight(&self, age: i64, followed: &[&Followed<'_>], risk: &RiskSet) -> f64 {
        let since = followed.iter().map(|one| (one, age - one.answered)).filter(|(one, since)| one.span.has(*since));
        let share: f64 = since.map(|(_, since)| 1.0 / count(risk.at(since))).sum();
        if share > 0.0 { share / count(self.risk.at(age)) } else { 0.0 }
    }
}

fn is_followed(risk: &RiskSet) -> bool {
    risk.spans(FEWEST_FOLLOWED).iter().any(|span| span.from <= 0 && span.to >= WINDOW)
}

#[expect(clippy::cast_precision_loss, reason = "a number of people")]
fn count(people: usize) -> f64 {
    people as f64
}

#[expect(clippy::cast_precision_loss, reason = "numbers of seconds")]
fn ratio(seconds: i64, of: i64) -> f64 {
    seconds as f64 / of as f64
}
