//! When a source is next due: every so often, or by a cron line on the wall clock of a time zone. Pure.

use std::time::Duration;

use crate::mention::Timestamp;

/// `every = "15m"`, or `cron = "*/15 6-22 * * *"` with `time_zone = "Europe/Berlin"`.
#[derive(Clone, Debug)]
pub enum Schedule {
    /// This long after the last start.
    Every(Duration),
    /// At the wall-clock times that a cron line names.
    Cron(Box<Cron>),
}

/// A five-field cron line and the time zone in which it is read.
#[derive(Clone, Debug)]
pub struct Cron {}

impl Schedule {
    /// The first moment after `now`.
    pub fn next_after(&self, now: Timestamp) -> Timestamp {
        let _ = now;
        todo!()
    }
}
