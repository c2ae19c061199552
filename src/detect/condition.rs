//! What becomes of a shift that was found: it grows, it eases, it is over, or it becomes the usual.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::baseline::{Normal, Residual, residual_from};
use super::ledger::Parts;
use super::{Direction, FindingKind, HOURS_PER_DAY, Stage};

/// What is left, after a day, of what a day says about where the mood is now.
const MEMORY: f64 = 0.6;

/// Growing: larger by so much (a factor) than it was known to be.
const GROWTH: f64 = 1.3;

/// Larger by so much it is another shift, on top; or larger by [`GROWTH`], if it began so many days after the first was found:
/// by then the usual has followed the mood, so that something has happened anew.
const ANOTHER: f64 = 2.0;
const ANEW_DAYS: i64 = 7;

/// Easing: no more than so much of the largest is left; over: no more than so much.
const EASED: f64 = 0.5;
const GONE: f64 = 0.3;

/// How sure each step must be, in standard deviations.
const SURE: f64 = 1.5;

/// Days after which a mood that stays has become the usual one.
const SETTLED_DAYS: i64 = 28;

/// A shift under observation, measured by what was usual before it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Condition {
    pub(super) direction: Direction,
    /// The hour in which it was found.
    pub(super) found_hour: i64,
    /// What was usual for each segment before.
    usual: BTreeMap<String, Normal>,
    /// How large it was when it was found, above zero.
    told: f64,
    /// The largest it was known to be since.
    peak: f64,
    stage: Option<Stage>,
    /// How far the net mood is from what was usual before, −2…2, as of the last look.
    pub(super) residual: f64,
    /// Fading sums: residuals by their certainty, and certainties.
    sum: f64,
    weight: f64,
    days: i64,
}

/// What another finding means while a condition lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// It is the same, come to this.
    Same(Option<Stage>),
    /// It is another shift.
    Another,
}

impl Condition {
    pub(super) fn new(direction: Direction, found_hour: i64, usual: BTreeMap<String, Normal>, size: f64) -> Self {
        let told = size.abs().max(0.02);
        Self {
            direction,
            found_hour,
            usual,
            told,
            peak: told,
            stage: None,
            residual: size,
            sum: 0.0,
            weight: 0.0,
            days: 0,
        }
    }

    pub(super) fn kind(&self) -> FindingKind {
        self.direction.finding()
    }

    /// Ends a day; what the condition has come to, if that is news.
    pub(super) fn close_day(&mut self, today: &Parts) -> Option<Stage> {
        if let Some(Residual { mean, variance }) = residual_from(today, &self.usual) {
            self.sum += mean / variance;
            self.weight += 1.0 / variance;
        }
        let stage = if self.is_over() { None } else { self.judge() };
        self.sum *= MEMORY;
        self.weight *= MEMORY;
        self.days += 1;
        self.come_to(stage.or_else(|| (self.is_done() && !self.is_over()).then_some(Stage::Settled)))
    }

    /// What it has come to, if that is news.
    fn come_to(&mut self, stage: Option<Stage>) -> Option<Stage> {
        let news = stage.filter(|stage| Some(*stage) != self.stage);
        self.stage = news.or(self.stage);
        news
    }

    /// The mood is back to where it was before.
    pub(super) fn is_over(&self) -> bool {
        self.stage == Some(Stage::Over)
    }

    /// Long enough ago to be forgotten. Until then a mood that comes back to where it was is no news.
    pub(super) const fn is_done(&self) -> bool {
        self.days >= SETTLED_DAYS
    }

    fn judge(&mut self) -> Option<Stage> {
        if self.weight <= 0.0 {
            return None;
        }
        self.residual = self.sum / self.weight;
        let (size, deviation) = (self.residual * self.direction.sign(), self.weight.sqrt().recip());
        if size - SURE * deviation > self.peak * GROWTH {
            self.peak = size;
            Some(Stage::Growing)
        } else if size + SURE * deviation < self.peak * EASED || (size < self.peak * GONE && self.days > 7) {
            Some(if size < self.peak * GONE { Stage::Over } else { Stage::Easing })
        } else {
            None
        }
    }

    /// What a finding of this size, with an onset on that day, means while the condition lasts.
    ///
    /// The finding is measured by what had become usual since; what it amounts to is measured by what was usual before. The
    /// usual follows the mood over days: until then it is still short of it, and a finding in the same direction holds a part
    /// of the same shift once more. So it amounts to no more than these days, `today` included, do.
    pub(super) fn meaning(&mut self, direction: Direction, size: f64, onset_day: i64, today: &Parts) -> Meaning {
        let lately = if self.weight > 0.0 { self.sum / self.weight } else { self.peak * self.direction.sign() };
        let mut total = (lately + size) * self.direction.sign();
        if direction == self.direction
            && let Some(Residual { mean, variance }) = residual_from(today, &self.usual)
        {
            let these_days = (self.sum + mean / variance) / (self.weight + variance.recip());
            total = total.min(these_days * self.direction.sign());
        }
        self.residual = total * self.direction.sign();
        let stage = if direction == self.direction {
            let anew = onset_day >= self.found_hour.div_euclid(HOURS_PER_DAY) + ANEW_DAYS;
            let known = if anew { self.told * GROWTH } else { self.peak * ANOTHER };
            if total > known || self.is_over() {
                return Meaning::Another;
            }
            (total > self.peak * GROWTH).then_some(Stage::Growing)
        } else if total < -self.peak * EASED {
            return Meaning::Another; // it went beyond what was usual before
        } else {
            Some(if total < self.peak * GONE { Stage::Over } else { Stage::Easing })
        };
        self.peak = self.peak.max(total);
        Meaning::Same(self.come_to(stage))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fall() -> Condition {
        Condition::new(Direction::Down, 0, BTreeMap::new(), -0.3)
    }

    #[test]
    fn a_finding_while_a_fall_lasts_is_the_same_shift_or_another_by_what_it_amounts_to() {
        let meaning = |direction, size| fall().meaning(direction, size, 0, &Parts::default());
        assert_eq!(meaning(Direction::Down, -0.05), Meaning::Same(None), "hardly more");
        assert_eq!(meaning(Direction::Down, -0.15), Meaning::Same(Some(Stage::Growing)));
        assert_eq!(meaning(Direction::Down, -0.35), Meaning::Another, "more than twice as far");
        assert_eq!(
            fall().meaning(Direction::Down, -0.15, 7, &Parts::default()),
            Meaning::Another,
            "a week later, anew"
        );
        assert_eq!(meaning(Direction::Up, 0.15), Meaning::Same(Some(Stage::Easing)), "half of it is left");
        assert_eq!(meaning(Direction::Up, 0.28), Meaning::Same(Some(Stage::Over)));
        assert_eq!(meaning(Direction::Up, 0.5), Meaning::Another, "beyond where it was before");
    }

    #[test]
    fn what_is_over_is_told_once_and_a_relapse_is_another_fall() {
        let mut fall = fall();
        assert_eq!(fall.meaning(Direction::Up, 0.3, 0, &Parts::default()), Meaning::Same(Some(Stage::Over)));
        assert_eq!(fall.meaning(Direction::Up, 0.3, 0, &Parts::default()), Meaning::Same(None));
        assert_eq!(fall.meaning(Direction::Down, -0.2, 0, &Parts::default()), Meaning::Another);
    }
}
