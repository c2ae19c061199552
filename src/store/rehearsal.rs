//! What would have been told before anybody listened: once for each brand.

use super::{Store, StoreError};
use crate::detect::rehearsal::Rehearsal;
use crate::mention::Timestamp;
use crate::notify::Letter;

impl Store {
    /// Whether a brand's past is still to be lived through, and reaches back at least to then.
    pub async fn awaits_rehearsal(&self, brand: &str, at_least_since: Timestamp) -> Result<bool, StoreError> {
        let awaits = sqlx::query_scalar(
            "SELECT EXISTS (
                 SELECT 1 FROM brand
                 JOIN mention_brand AS about ON about.brand_id = brand.id
                 JOIN mention AS m ON m.id = about.mention_id
                 WHERE brand.name = ?1 AND coalesce(m.published_at, m.first_seen_at) <= ?2
                     AND NOT EXISTS (SELECT 1 FROM rehearsal WHERE brand_id = brand.id)
             )",
        )
        .bind(brand)
        .bind(at_least_since.seconds())
        .fetch_one(&self.reader)
        .await?;
        Ok(awaits)
    }

    /// Keeps it with the letters about it. False, and nothing is kept, if it was told before.
    pub async fn save_rehearsal(
        &self,
        brand: &str,
        rehearsal: &Rehearsal,
        letters: &[Letter],
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let report =
            serde_json::to_string(rehearsal).map_err(|source| StoreError::Content { what: "rehearsal", source })?;
        let mut transaction = self.begin().await?;
        let saved = sqlx::query(
            "INSERT INTO rehearsal (brand_id, at, report) SELECT id, ?2, ?3 FROM brand WHERE name = ?1
             ON CONFLICT DO NOTHING",
        )
        .bind(brand)
        .bind(now.seconds())
        .bind(report)
        .execute(&mut *transaction)
        .await?;
        if saved.rows_affected() == 0 {
            return Ok(false);
        }
        for letter in letters {
            super::outbox::insert(&mut transaction, None, letter).await?;
        }
        transaction.commit().await?;
        Ok(true)
    }
}
