//! What becomes of a shift that was found: it grows, it eases, it is over, or it becomes the usual.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::baseline::{Normal, Residual, residual_from};
use super::ledger::Parts;
use super::{Direction, FindingKind, Stage};

/// What is left, after a day, of what a day says about where the mood is now.
const MEMORY: f64 = 0.6;

/// Growing: larger by so much (a factor) than it was known to be.
const GROWTH: f64 = 1.3;

/// Larger by so much it is another shift, on top.
const ANOTHER: f64 = 2.0;

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
    /// The largest it was known to be, above zero.
    peak: f64,
    stage: Option<Stage>,
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
        let peak = size.abs().max(0.02);
        Self { direction, found_hour, usual, peak, stage: None, sum: 0.0, weight: 0.0, days: 0 }
    }

    pub(super) fn kind(&self) -> FindingKind {
        self.direction.finding()
    }

    /// How far the net mood is from what was usual before, −2…2, and how sure that is.
    pub(super) fn now(&self, today: &Parts) -> Option<Residual> {
        let (sum, weight) = self.with(today);
        (weight > 0.0).then(|| Residual { mean: sum / weight, variance: 1.0 / weight })
    }

    fn with(&self, today: &Parts) -> (f64, f64) {
        match residual_from(today, &self.usual) {
            Some(today) => (self.sum + today.mean / today.variance, self.weight + 1.0 / today.variance),
            None => (self.sum, self.weight),
        }
    }

    /// Ends a day; what the condition has come to, if that is news.
    pub(super) fn close_day(&mut self, today: &Parts) -> Option<Stage> {
        let stage = self.stage_with(today).filter(|_| self.stage != Some(Stage::Over));
        (self.sum, self.weight) = self.with(today);
        self.sum *= MEMORY;
        self.weight *= MEMORY;
        self.days += 1;
        let stays = self.stage != Some(Stage::Over) && self.is_done();
        let stage = stage.or_else(|| stays.then_some(Stage::Settled));
        let news = stage.filter(|stage| Some(*stage) != self.stage);
        self.stage = news.or(self.stage);
        news
    }

    /// Long enough ago to be forgotten. Until then a mood that comes back to where it was is no news.
    pub(super) const fn is_done(&self) -> bool {
        self.days >= SETTLED_DAYS
    }

    fn stage_with(&mut self, today: &Parts) -> Option<Stage> {
        let (size, deviation) = self.size(today)?;
        if size - SURE * deviation > self.peak * GROWTH {
            self.peak = size;
            Some(Stage::Growing)
        } else if size + SURE * deviation < self.peak * EASED || (size < self.peak * GONE && self.days > 7) {
            Some(if size < self.peak * GONE { Stage::Over } else { Stage::Easing })
        } else {
            None
        }
    }

    /// How far it still goes in its direction, and the standard deviation of that.
    fn size(&self, today: &Parts) -> Option<(f64, f64)> {
        let now = self.now(today)?;
        Some((now.mean * self.direction.sign(), now.variance.sqrt()))
    }

    /// What a finding of this size means while the condition lasts.
    ///
    /// The finding is measured by what had become usual since; what it amounts to is measured by what was usual before.
    pub(super) fn meaning(&mut self, direction: Direction, size: f64) -> Meaning {
        let lately = if self.weight > 0.0 { self.sum / self.weight } else { self.peak * self.direction.sign() };
        let total = (lately + size) * self.direction.sign();
        let stage = if direction == self.direction {
            if total > self.peak * ANOTHER || self.stage == Some(Stage::Over) {
                return Meaning::Another;
            }
            (total > self.peak * GROWTH).then_some(Stage::Growing)
        } else if total < -self.peak * EASED {
            return Meaning::Another; // it went beyond what was usual before
        } else {
            Some(if total < self.peak * GONE { Stage::Over } else { Stage::Easing })
        };
        self.peak = self.peak.max(total);
        let news = stage.filter(|stage| Some(*stage) != self.stage);
        self.stage = news.or(self.stage);
        Meaning::Same(news)
    }
}
