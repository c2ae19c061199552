//! Working off the outbox.

use std::time::Instant;

use super::{Service, WaysOut};
use crate::mention::Timestamp;
use crate::notify::{Attempt, Attempts, Delivery, Fate, Letter, MAIL, fate};
use crate::store::{Entry, StoreError};

/// What became of the letters that were due.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Taken by the server.
    pub sent: usize,
    /// To be tried again.
    pub postponed: usize,
    /// Not deliverable, or of unknown fate.
    pub given_up: usize,
    /// Why the postponed and the given up ones did not go, with what can be done about it.
    pub errors: Vec<String>,
}

impl Service {
    /// Tries every letter that is due, one after the other; one that does not go does not hold up the others. A service
    /// that was opened without delivery leaves them where they are.
    ///
    /// # Errors
    /// When the database refuses. What became of a letter meanwhile, on a full disk for example, is written down next time,
    /// before another one is sent: it does not go out once more.
    pub async fn deliver_once(&self, now: Timestamp) -> Result<Delivered, StoreError> {
        let mut delivered = Delivered::default();
        let Some(ways_out) = &self.ways_out else { return Ok(delivered) };
        let mut unsettled = ways_out.unsettled.lock().await;
        if let Some((entry, attempt)) = &*unsettled {
            let fate = self.settle(entry, attempt, now).await?;
            delivered.count(attempt.delivery.clone(), fate);
            *unsettled = None;
        }
        // What was found is stored and will be told: only the telling waits, but for what cannot wait.
        let quiet = self.config.alert.quiet_hours.is_some_and(|quiet| quiet.contains(now, self.config.alert.time_zone));
        let next =
            async || if quiet { self.store.next_urgent_letter(now).await } else { self.store.next_letter(now).await };
        while let Some(entry) = next().await? {
            let attempt = ways_out.attempt(&entry.letter, now).await;
            match self.settle(&entry, &attempt, now).await {
                Ok(fate) => delivered.count(attempt.delivery, fate),
                Err(error) => {
                    *unsettled = Some((entry, attempt));
                    return Err(error);
                }
            }
        }
        Ok(delivered)
    }

    /// After a crash: a letter that was being sent may have arrived.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn settle_interrupted(&self, now: Timestamp) -> Result<(), StoreError> {
        for entry in self.store.interrupted_letters().await? {
            let error = "the service stopped while it was being sent".to_owned();
            self.settle(&entry, &Delivery::Unknown { error }.into(), now).await?;
        }
        Ok(())
    }

    async fn settle(&self, entry: &Entry, attempt: &Attempt, now: Timestamp) -> Result<Fate, StoreError> {
        let delivery = &attempt.delivery;
        let unknown = entry.attempts.unknown + u32::from(matches!(delivery, Delivery::Unknown { .. }));
        let fate = fate(delivery, Attempts { unknown, ..entry.attempts }, now, fastrand::f64());
        let pause = attempt.pause.map_or(0, |pause| i64::try_from(pause.as_secs()).unwrap_or(i64::MAX));
        let fate = fate.not_before(now.plus_seconds(pause));
        self.store.settle(entry, attempt, fate, now).await?;
        Ok(fate)
    }
}

impl WaysOut {
    async fn attempt(&self, letter: &Letter, now: Timestamp) -> Attempt {
        let start = Instant::now();
        let attempt = match letter.channel.as_str() {
            MAIL => self.mailer.deliver(letter).await,
            _ => self.poster.deliver(letter, now).await,
        };
        Attempt { took: Some(start.elapsed()), ..attempt }
    }
}

impl Delivered {
    fn count(&mut self, delivery: Delivery, fate: Fate) {
        match fate {
            Fate::Sent => self.sent += 1,
            Fate::Waiting { .. } => self.postponed += 1,
            Fate::Failed | Fate::Unknown => self.given_up += 1,
        }
        match delivery {
            Delivery::Sent => {}
            Delivery::Later { error, hint: Some(hint) } => self.errors.push(format!("{error}; {hint}")),
            Delivery::Later { error, .. } | Delivery::Refused { error } | Delivery::Unknown { error } => {
                self.errors.push(error);
            }
        }
    }
}
