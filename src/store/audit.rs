//! Who did what.

use sqlx::SqliteConnection;

use super::{Store, StoreError};
use crate::account::Act;
use crate::mention::Timestamp;

/// One line of the audit log, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAct {
    /// Grows with each.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// Who, as they were called then.
    pub who: String,
    /// What was done; mostly the name of an [`Action`](crate::account::Action).
    pub action: String,
    /// To what.
    pub subject: String,
    /// What else there is to say.
    pub detail: String,
}

impl Store {
    /// Writes down who did what.
    pub async fn audit(&self, act: &Act, now: Timestamp) -> Result<(), StoreError> {
        let mut connection = self.writer.acquire().await?;
        record(&mut connection, act, now).await
    }

    /// At most `limit` lines, the newest first: all, or those before one.
    pub async fn acts(&self, before: Option<i64>, limit: u32) -> Result<Vec<StoredAct>, StoreError> {
        let rows: Vec<(i64, i64, String, String, String, String)> = sqlx::query_as(
            "SELECT id, at, who, action, subject, detail FROM audit WHERE id < ?1 ORDER BY id DESC LIMIT ?2",
        )
        .bind(before.unwrap_or(i64::MAX))
        .bind(limit)
        .fetch_all(&self.reader)
        .await?;
        let act = |(id, at, who, action, subject, detail)| StoredAct {
            id,
            at: Timestamp::from_seconds(at),
            who,
            action,
            subject,
            detail,
        };
        Ok(rows.into_iter().map(act).collect())
    }
}

/// For a transaction that does it.
pub(super) async fn record(connection: &mut SqliteConnection, act: &Act, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO audit (at, account_id, who, action, subject, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
        .bind(now.seconds())
        .bind(act.actor.account)
        .bind(&act.actor.who)
        .bind(act.action.name())
        .bind(&act.subject)
        .bind(&act.detail)
        .execute(connection)
        .await?;
    Ok(())
}
