//! What came of the findings that people were told of.

use super::Service;
use crate::alert::{self, Judged, TrackRecord};
use crate::mention::Timestamp;
use crate::store::{Listed, StoreError};

impl Service {
    /// The track record up to `now`; of one brand, if it is named, against its share of the promise.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn track_record(&self, brand: Option<&str>, now: Timestamp) -> Result<Vec<TrackRecord>, StoreError> {
        let Some(since) = self.store.listening_since(brand).await? else { return Ok(Vec::new()) };
        let told: Vec<Judged> = self.store.findings(brand).await?.iter().filter_map(Listed::judged).collect();
        let rule = if brand.is_some() { self.config.rule_of_each() } else { self.config.alert.rule };
        Ok(alert::track_record(&told, rule, since, now))
    }
}
