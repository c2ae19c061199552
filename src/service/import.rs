//! Taking in reviews from elsewhere: they are history, never live evidence.

use super::Service;
use crate::collect::Cursor;
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

    /// Saves mentions that somebody hands over as they come in: they are heard live, as those of a source that is asked, but for
    /// the first ones.
    ///
    /// # Errors
    /// When the database refuses; then nothing of these mentions is kept.
    pub async fn push(
        &self,
        source: &SourceId,
        brand: Option<&str>,
        mentions: Vec<Mention>,
        now: Timestamp,
    ) -> Result<Saved, StoreError> {
        self.store.register([source], []).await?;
        let matched = self.about_a_brand(source, brand, None, mentions, now);
        let changed = self.store.changed(source, matched).await?;
        self.save(source, brand, changed, Some((&Cursor::default(), now).into()), now).await
    }
}
