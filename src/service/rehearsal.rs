//! A new brand's past, lived through once: so that people know how often they will be written to.

use super::adapt::DAY;
use super::{Service, letter, on_a_thread};
use crate::config::Target;
use crate::detect::rehearsal::{LEAST_DAYS, MOST_DAYS, Rehearsal, rehearse};
use crate::mention::Timestamp;
use crate::notify::{Letter, Told};
use crate::store::StoreError;

impl Service {
    /// Lives through the past of each brand whose history is long enough and was not lived through yet, and queues a letter to
    /// those who would be told of its shifts. Says which brands these were.
    ///
    /// # Errors
    /// When the database refuses; then nothing of that brand is kept.
    pub async fn rehearse_once(&self, now: Timestamp) -> Result<Vec<(String, Rehearsal)>, StoreError> {
        let mut rehearsed = Vec::new();
        for brand in self.config.own_brands() {
            let name = &brand.name;
            if !self.store.awaits_rehearsal(name, now.plus_seconds(-LEAST_DAYS * DAY)).await? {
                continue;
            }
            let Some(rehearsal) = self.rehearsed(name, now).await? else { continue };
            let write = |target: &Target| self.rehearsal_letter(name, &rehearsal, target, now);
            let letters: Vec<Letter> = self.config.audience(name).iter().filter_map(write).collect();
            if self.store.save_rehearsal(name, &rehearsal, &letters, now).await? {
                rehearsed.push((name.clone(), rehearsal));
            }
        }
        Ok(rehearsed)
    }

    async fn rehearsed(&self, brand: &str, now: Timestamp) -> Result<Option<Rehearsal>, StoreError> {
        let history = self.store.history(brand, now.plus_seconds(-MOST_DAYS * DAY), usize::MAX).await?;
        let (rule, brands) = (self.config.alert.rule, self.config.own_brands().count());
        Ok(on_a_thread(move || rehearse(rule, brands, &history)).await.flatten())
    }

    fn rehearsal_letter(&self, brand: &str, rehearsal: &Rehearsal, target: &Target, now: Timestamp) -> Option<Letter> {
        let id = letter::id("rehearsal", &format!("{brand}\n{}", target.recipient()));
        letter::letter(&self.config, target, Told::Rehearsed(brand, rehearsal), id, now)
    }
}
