//! Taking in reviews from elsewhere: they are history, never live evidence.

use super::Service;
use crate::mention::{Mention, SourceId, Timestamp};
use crate::store::{Saved, StoreError};

impl Service {
    /// Saves mentions of a source that is not asked but told; nothing twice. With a `brand`, all of them are about it;
    /// without, only those that match a brand are kept.
    ///
    /// # Errors
    /// When the database refuses; then nothing of these mentions is kept.
    pub async fn import(
        &self,
        source: &SourceId,
        brand: Option<&str>,
        mentions: Vec<Mention>,
        now: Timestamp,
    ) -> Result<Saved, StoreError> {
        self.store.register([source], []).await?;
        let matched = self.about_a_brand(source, brand, None, mentions, now);
        let changed = self.store.changed(source, matched).await?;
        self.save(source, brand, changed, None, now).await
    }
}
