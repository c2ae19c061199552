//! Single mentions that cannot wait: found as they arrive, told at once, and not too often.

use super::{Service, letter};
use crate::config::Target;
use crate::mention::Timestamp;
use crate::notify::{Letter, Told};
use crate::store::{Arrival, Reader, StoreError, Waiting};
use crate::urgent::Said;

/// What a look came to.
#[derive(Debug, Default)]
pub struct Alarm {
    /// Mentions that were found and will be told.
    pub found: usize,
    /// Letters that were queued.
    pub letters: Vec<Letter>,
}

impl Service {
    /// Looks at what has arrived since the last time, and writes to each who is to know and was not written to of late;
    /// what they are not told now is gathered for their next letter.
    ///
    /// # Errors
    /// When the database refuses; what was kept until then is told the next time.
    pub async fn urgent_once(&self, now: Timestamp) -> Result<Alarm, StoreError> {
        let mut alarm = Alarm::default();
        if self.config.urgent.to.is_empty() {
            return Ok(alarm);
        }
        for (place, brand) in self.config.brands.iter().enumerate() {
            if brand.competitor_of.is_none() {
                alarm.found += self.find_urgent(place, now).await?;
            }
        }
        for target in &self.config.urgent.to {
            alarm.letters.extend(self.tell_urgent(target, now).await?);
        }
        Ok(alarm)
    }

    async fn find_urgent(&self, brand: usize, now: Timestamp) -> Result<usize, StoreError> {
        let name = &self.config.brands[brand].name;
        let readers: Vec<Reader> = self.config.urgent.to.iter().map(letter::reader).collect();
        let mut told = 0;
        loop {
            let look = self.store.urgent_look(name, now).await?;
            if look.is_empty() {
                return Ok(told);
            }
            let judge = |arrival: &'_ Arrival| {
                let Arrival { text, mood, urgency, author, .. } = arrival;
                let said = Said { text, mood: *mood, urgency: *urgency, author: author.as_ref() };
                self.urgency.judge(brand, &said)
            };
            let found: Vec<_> = look.arrivals.iter().filter_map(|one| Some((one, judge(one)?))).collect();
            // Where another program has looked meanwhile, the next turn goes on behind it.
            told += self.store.save_urgent(name, &look, &found, &readers, now).await?.unwrap_or_default();
        }
    }

    async fn tell_urgent(&self, target: &Target, now: Timestamp) -> Result<Option<Letter>, StoreError> {
        let (waiting, written_at) = self.store.urgent_waiting(&letter::reader(target)).await?;
        let pause = i64::try_from(self.config.urgent.at_most_every.as_secs()).unwrap_or(i64::MAX);
        if waiting.is_empty() || written_at.is_some_and(|at| now < at.plus_seconds(pause)) {
            return Ok(None);
        }
        let id = letter_id(target, &waiting);
        let (ids, mentions): (Vec<i64>, Vec<_>) = waiting.into_iter().map(|one| (one.id, one.mention)).unzip();
        let Some(letter) = letter::letter(&self.config, target, Told::Urgent(&mentions), id, now) else {
            return Ok(None);
        };
        Ok(self.store.queue_urgent(&letter, &ids).await?.then_some(letter))
    }
}

/// The same mentions told to the same person have the same id.
fn letter_id(target: &Target, waiting: &[Waiting]) -> String {
    let mut ids: Vec<i64> = waiting.iter().map(|one| one.id).collect();
    ids.sort_unstable();
    letter::id("urgent", &format!("{}\n{ids:?}", target.recipient()))
}
