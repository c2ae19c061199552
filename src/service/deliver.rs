//! Working off the outbox.

use std::time::Duration;

use super::Service;
use crate::mention::Timestamp;
use crate::notify::{self, Delivery};
use crate::store::{Entry, Outcome, StoreError};

/// A letter that may have arrived is tried once more after this long.
const REPEAT_AFTER: Duration = Duration::from_mins(15);

/// What became of the letters that were due.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Taken by the server.
    pub sent: usize,
    /// To be tried again.
    pub postponed: usize,
    /// Not deliverable, or of unknown fate for the second time.
    pub given_up: usize,
    /// Why the postponed and the given up ones did not go.
    pub errors: Vec<String>,
}

impl Service {
    /// Tries every letter that is due, one after the other; one that does not go does not hold up the others.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn deliver_once(&self, now: Timestamp) -> Result<Delivered, StoreError> {
        let mut delivered = Delivered::default();
        while let Some(entry) = self.store.next_letter(now).await? {
            let delivery = self.mailer.deliver(&entry.letter).await;
            let outcome = outcome(&entry, delivery, fastrand::f64(), now);
            self.store.settle(&entry.letter.id, &outcome, now).await?;
            delivered.count(outcome);
        }
        Ok(delivered)
    }

    /// After a crash: a letter that was being sent may have arrived.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn settle_interrupted(&self, now: Timestamp) -> Result<(), StoreError> {
        for entry in self.store.interrupted_letters().await? {
            let outcome = unknown(&entry, "the service was stopped while it was being sent".to_owned(), now);
            self.store.settle(&entry.letter.id, &outcome, now).await?;
        }
        Ok(())
    }
}

impl Delivered {
    fn count(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Sent => self.sent += 1,
            Outcome::Queued { error, .. } | Outcome::Repeated { error, .. } => {
                self.postponed += 1;
                self.errors.push(error);
            }
            Outcome::Unknown { error } | Outcome::Failed { error } => {
                self.given_up += 1;
                self.errors.push(error);
            }
        }
    }
}

fn outcome(entry: &Entry, delivery: Delivery, jitter: f64, now: Timestamp) -> Outcome {
    match delivery {
        Delivery::Sent => Outcome::Sent,
        Delivery::Refused { error, .. } => Outcome::Failed { error },
        Delivery::Unknown { error, .. } => unknown(entry, error, now),
        Delivery::Later { error, .. } => {
            let due_at = after(notify::retry_after(entry.attempts, jitter), now);
            if notify::gives_up(entry.letter.written_at, now) {
                Outcome::Failed { error }
            } else {
                Outcome::Queued { due_at, error }
            }
        }
    }
}

/// At least once, and never three times.
fn unknown(entry: &Entry, error: String, now: Timestamp) -> Outcome {
    if entry.unknown_fates == 0 {
        Outcome::Repeated { due_at: after(REPEAT_AFTER, now), error }
    } else {
        Outcome::Unknown { error }
    }
}

fn after(pause: Duration, now: Timestamp) -> Timestamp {
    now.plus_seconds(i64::try_from(pause.as_secs()).unwrap_or(i64::MAX))
}
