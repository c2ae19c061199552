//! Time limits of the service team that are nearly over: told by mail before they are.

use super::{Service, letter};
use crate::config::Recipient;
use crate::mention::Timestamp;
use crate::notify::{Letter, MAIL};
use crate::outreach::warning;
use crate::store::StoreError;

/// What comes nearer after a letter is gathered for the next one.
const PAUSE_SECONDS: i64 = 15 * 60;

impl Service {
    /// Writes to everybody who wants to know which cases are due soon and not answered, each once for each time limit; only while
    /// the team works. Answers the letters.
    ///
    /// # Errors
    /// When the database refuses; what was kept until then stays.
    pub async fn warn_of_due_once(&self, now: Timestamp) -> Result<Vec<Letter>, StoreError> {
        let outreach = &self.config.outreach;
        let mut letters = Vec::new();
        if outreach.hours.as_ref().is_some_and(|hours| !hours.is_open(now)) {
            return Ok(letters);
        }
        let until = outreach.warn_until(now);
        for reader in &outreach.warn {
            letters.extend(self.warn(reader, until, now).await?);
        }
        Ok(letters)
    }

    async fn warn(&self, reader: &Recipient, until: Timestamp, now: Timestamp) -> Result<Option<Letter>, StoreError> {
        let (cases, written_at) = self.store.due_cases(&reader.address, until, now).await?;
        if cases.is_empty() || written_at.is_some_and(|at| now < at.plus_seconds(PAUSE_SECONDS)) {
            return Ok(None);
        }
        let limits: Vec<(i64, i64)> = cases.iter().map(|case| (case.id, case.due_at.seconds())).collect();
        let site = self.config.public_url.as_deref();
        let letter = Letter {
            id: letter::id("due", &format!("{}\n{limits:?}", reader.address)),
            channel: MAIL.to_owned(),
            to: reader.address.clone(),
            mail: warning::mail(&cases, reader.language, self.config.alert.time_zone, site),
            reply_to_thread: None,
            list: None,
            written_at: now,
        };
        Ok(self.store.queue_warning(&letter, &cases).await?.then_some(letter))
    }
}
