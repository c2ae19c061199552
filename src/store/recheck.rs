//! What is to be looked up again at its source, and what came of that.

use sqlx::SqliteConnection;

use super::save::{json, remove};
use super::{Store, StoreError};
use crate::collect::{Recheck, RecheckLimits};
use crate::mention::{SourceId, Timestamp};

/// In seconds.
const DAY: i64 = 24 * 3600;

impl Store {
    /// Native ids of a source's mentions that are to be looked up: those first that were neither confirmed nor asked
    /// for for the longest, and none for which that was less than a day ago, or that are known to be gone.
    pub async fn to_recheck(
        &self,
        source: &SourceId,
        limits: RecheckLimits,
        now: Timestamp,
    ) -> Result<Vec<String>, StoreError> {
        let ids = sqlx::query_scalar(
            "SELECT native_id FROM mention
             WHERE source_id = (SELECT id FROM source WHERE name = ?1) AND removed_at IS NULL AND first_seen_at >= ?2
                 AND max(confirmed_at, coalesce(asked_at, 0)) <= ?3
             ORDER BY max(confirmed_at, coalesce(asked_at, 0)), id LIMIT ?4",
        )
        .bind(source.as_str())
        .bind(now.plus_seconds(-i64::from(limits.days) * DAY).seconds())
        .bind(now.plus_seconds(-DAY).seconds())
        .bind(limits.most)
        .fetch_all(&self.reader)
        .await?;
        Ok(ids)
    }

    /// A source has shown these now. What was taken for gone is back.
    pub async fn confirm(&self, source: &SourceId, ids: &[&str], now: Timestamp) -> Result<(), StoreError> {
        let mut connection = self.writer.acquire().await?;
        confirm(&mut connection, source, &json(&ids), now).await
    }

    /// Keeps what became of mentions that were looked up, and when the next ones are; how many left the figures.
    pub async fn record_recheck(
        &self,
        source: &SourceId,
        recheck: &Recheck,
        next_at: Timestamp,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query(
            "UPDATE mention SET asked_at = ?3 WHERE source_id = (SELECT id FROM source WHERE name = ?1)
                 AND native_id IN (SELECT value FROM json_each(?2))",
        )
        .bind(source.as_str())
        .bind(json(&recheck.asked))
        .bind(now.seconds())
        .execute(&mut *transaction)
        .await?;
        confirm(&mut transaction, source, &json(&recheck.there), now).await?;
        let removed = remove(&mut transaction, source, &recheck.removed, now).await?;
        sqlx::query("UPDATE source SET recheck_at = ?2 WHERE name = ?1")
            .bind(source.as_str())
            .bind(next_at.seconds())
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(removed)
    }
}

async fn confirm(
    connection: &mut SqliteConnection,
    source: &SourceId,
    ids: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE mention SET confirmed_at = max(confirmed_at, ?3), removed_at = NULL
         WHERE source_id = (SELECT id FROM source WHERE name = ?1) AND native_id IN (SELECT value FROM json_each(?2))",
    )
    .bind(source.as_str())
    .bind(ids)
    .bind(now.seconds())
    .execute(connection)
    .await?;
    Ok(())
}
