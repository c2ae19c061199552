//! How far a day strays when nothing has happened: the brand's own mood wobbles from day to day, and each day takes some of
//! the day before with it (an autoregressive process of first order).

use serde::{Deserialize, Serialize};

use super::baseline::Residual;
use super::evidence::Block;

/// How much of a day's wobble is left on the next day: the coefficient of the AR(1) process.
const CORRELATION: f64 = 0.6;

/// The wobble's standard deviation, in net mood, that a brand starts from.
const PRIOR_DEVIATION: f64 = 0.05;
const PRIOR_VARIANCE: f64 = PRIOR_DEVIATION * PRIOR_DEVIATION;

/// How much weight the prior has: days' worth at the start, and added again on every day, so that it never fades.
const PRIOR_DAYS: f64 = 8.0;
const PRIOR_PER_DAY: f64 = 0.16;

/// The share of what was learned about the wobble that stays from day to day.
const MEMORY: f64 = 0.98;

/// The least variance of the wobble: a deviation of 0.02.
const LEAST_VARIANCE: f64 = 4e-4;

/// Deviations beyond which a day teaches no more about the wobble than a day at the limit: it may be the shift (Huber 1964).
const LIMIT_DEVIATIONS: f64 = 3.0;

/// How much the variance of a long sum of correlated days exceeds that of independent ones. The theory says
/// (1 + φ) / (1 − φ) = 4 for full days; part of a day's noise is not carried over, hence less.
const LONG_RUN_INFLATION: f64 = 3.0;

/// What is known of the wobble.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Wobble {
    /// Weighted sum of the squared residuals, less what chance alone makes of them.
    squares: f64,
    /// Sum of the weights, in days.
    days: f64,
    /// The residual of the day before; `None` if it had none.
    pub(super) yesterday: Option<Residual>,
}

impl Default for Wobble {
    fn default() -> Self {
        Self { squares: PRIOR_VARIANCE * PRIOR_DAYS, days: PRIOR_DAYS, yesterday: None }
    }
}

impl Wobble {
    fn variance(&self) -> f64 {
        (self.squares / self.days).max(0.0)
    }

    /// Weighs a day's residual against chance and wobble, both for a shift that is on and for one that begins on this day.
    ///
    /// A day within a run of days is weighed with the long-run variance. For the first day of a shift, yesterday was still
    /// usual: what yesterday strayed is carried over by a Kalman step, which leaves less to chance.
    pub(super) fn weigh(&self, day: i64, residual: Residual) -> Block {
        let wobble = self.variance();
        let (yesterday, gain) = match self.yesterday {
            Some(before) if before.variance > 0.0 => (before.mean, wobble / (wobble + before.variance)),
            _ => (0.0, 0.0),
        };
        Block {
            day,
            residual: residual.mean,
            variance: residual.variance + LONG_RUN_INFLATION * wobble,
            carried_over: CORRELATION * gain * yesterday,
            first_variance: residual.variance + wobble * (1.0 - CORRELATION * CORRELATION * gain),
        }
    }

    /// Learns from a day that is over. Days with many mentions, where chance is small beside the wobble, teach the most.
    pub(super) fn learn(&mut self, residual: Residual) {
        let weight = (PRIOR_VARIANCE / (residual.variance + PRIOR_VARIANCE)).powi(2);
        let limit = LIMIT_DEVIATIONS * (residual.variance + (self.squares / self.days).max(1e-6)).sqrt();
        let strayed = residual.mean.clamp(-limit, limit);
        let square = weight * (strayed * strayed - residual.variance);
        self.squares = (self.squares * MEMORY + square + PRIOR_PER_DAY * PRIOR_VARIANCE).max(0.0);
        self.days = self.days * MEMORY + weight + PRIOR_PER_DAY;
        self.squares = self.squares.max(LEAST_VARIANCE * self.days);
    }
}
