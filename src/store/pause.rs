//! Sources that people told to rest. A pause is no outage, and no calm either.

use sqlx::SqliteConnection;

use super::{Store, StoreError};
use crate::mention::{SourceId, Timestamp};

/// A time in which a source was not heard: it could not be, or somebody paused it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unheard {
    /// Which source.
    pub source: String,
    /// Since when.
    pub began_at: Timestamp,
    /// `None` while it lasts.
    pub ended_at: Option<Timestamp>,
}

impl Store {
    /// The source is not asked from now on. If it was failing, that outage is over.
    pub async fn pause_source(&self, source: &SourceId, now: Timestamp) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query(
            "UPDATE source SET paused_at = ?2, failures = 0, hint = NULL, hint_de = NULL
             WHERE name = ?1 AND paused_at IS NULL",
        )
        .bind(source.as_str())
        .bind(now.seconds())
        .execute(&mut *transaction)
        .await?;
        end_outage(&mut transaction, source, now).await?;
        Ok(transaction.commit().await?)
    }

    /// The source is asked again, from now on.
    pub async fn resume_source(&self, source: &SourceId, now: Timestamp) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        end_pause(&mut transaction, source, now).await?;
        Ok(transaction.commit().await?)
    }

    /// Nobody wants to listen there any more: neither an outage nor a pause of it lasts.
    pub async fn retire_source(&self, source: &SourceId, now: Timestamp) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query("UPDATE source SET failures = 0, hint = NULL, hint_de = NULL, due_at = NULL WHERE name = ?1")
            .bind(source.as_str())
            .execute(&mut *transaction)
            .await?;
        end_pause(&mut transaction, source, now).await?;
        end_outage(&mut transaction, source, now).await?;
        Ok(transaction.commit().await?)
    }

    /// Which sources are paused.
    pub async fn paused(&self) -> Result<Vec<String>, StoreError> {
        let paused = sqlx::query_scalar("SELECT name FROM source WHERE paused_at IS NOT NULL ORDER BY name");
        Ok(paused.fetch_all(&self.reader).await?)
    }

    /// Outages and pauses that touch the time from `since` on, in the order in which they began.
    pub async fn unheard(&self, since: Timestamp) -> Result<Vec<Unheard>, StoreError> {
        let rows: Vec<(String, i64, Option<i64>)> = sqlx::query_as(
            "SELECT name, began_at, ended_at FROM (
                 SELECT source_id, began_at, ended_at FROM outage
                 UNION ALL SELECT source_id, began_at, ended_at FROM source_pause
                 UNION ALL SELECT id, paused_at, NULL FROM source WHERE paused_at IS NOT NULL)
             JOIN source ON source.id = source_id
             WHERE ended_at IS NULL OR ended_at >= ?1 ORDER BY began_at, name",
        )
        .bind(since.seconds())
        .fetch_all(&self.reader)
        .await?;
        let unheard = |(source, began_at, ended_at): (String, i64, Option<i64>)| Unheard {
            source,
            began_at: Timestamp::from_seconds(began_at),
            ended_at: ended_at.map(Timestamp::from_seconds),
        };
        Ok(rows.into_iter().map(unheard).collect())
    }
}

async fn end_pause(connection: &mut SqliteConnection, source: &SourceId, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO source_pause (source_id, began_at, ended_at)
         SELECT id, paused_at, ?2 FROM source WHERE name = ?1 AND paused_at IS NOT NULL
         ON CONFLICT DO UPDATE SET ended_at = excluded.ended_at",
    )
    .bind(source.as_str())
    .bind(now.seconds())
    .execute(&mut *connection)
    .await?;
    sqlx::query("UPDATE source SET paused_at = NULL WHERE name = ?1").bind(source.as_str()).execute(connection).await?;
    Ok(())
}

async fn end_outage(connection: &mut SqliteConnection, source: &SourceId, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE outage SET ended_at = ?2
         WHERE ended_at IS NULL AND source_id = (SELECT id FROM source WHERE name = ?1)",
    )
    .bind(source.as_str())
    .bind(now.seconds())
    .execute(connection)
    .await?;
    Ok(())
}
