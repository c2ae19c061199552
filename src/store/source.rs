//! What is known of each source: where it was left off, when it is due, and when it could not be heard.

use sqlx::FromRow;

use super::{Store, StoreError};
use crate::collect::Cursor;
use crate::http::Validators;
use crate::mention::{SourceId, Timestamp};

/// The state of a source between two rounds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceState {
    /// Where it was left off.
    pub cursor: Cursor,
    /// When it is to be asked next; `None` if it never was.
    pub due_at: Option<Timestamp>,
    /// `None` until the first import went through.
    pub first_success_at: Option<Timestamp>,
    /// The last round that went through.
    pub last_success_at: Option<Timestamp>,
    /// Rounds that failed since then.
    pub failures: u32,
}

/// A time in which a source could not be heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outage {
    /// Which source.
    pub source: String,
    /// The first round that failed.
    pub began_at: Timestamp,
    /// The first round that went through again; `None` while it lasts.
    pub ended_at: Option<Timestamp>,
    /// The newest reason.
    pub error: String,
}

#[derive(FromRow)]
struct Row {
    etag: Option<String>,
    last_modified: Option<String>,
    moved_to: Option<String>,
    moved_times: u32,
    position: Option<String>,
    due_at: Option<i64>,
    first_success_at: Option<i64>,
    last_success_at: Option<i64>,
    failures: u32,
}

impl From<Row> for SourceState {
    fn from(row: Row) -> Self {
        Self {
            cursor: Cursor {
                validators: Validators { etag: row.etag, last_modified: row.last_modified },
                moved: row.moved_to.map(|to| (to, row.moved_times)),
                position: row.position,
            },
            due_at: row.due_at.map(Timestamp::from_seconds),
            first_success_at: row.first_success_at.map(Timestamp::from_seconds),
            last_success_at: row.last_success_at.map(Timestamp::from_seconds),
            failures: row.failures,
        }
    }
}

impl Store {
    /// Makes the sources and brands of the configuration known. Those that left it keep their rows and their mentions.
    pub async fn register(
        &self,
        sources: impl IntoIterator<Item = &SourceId>,
        brands: impl IntoIterator<Item = &str>,
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        for source in sources {
            sqlx::query("INSERT INTO source (name) VALUES (?1) ON CONFLICT DO NOTHING")
                .bind(source.as_str())
                .execute(&mut *transaction)
                .await?;
        }
        for brand in brands {
            sqlx::query("INSERT INTO brand (name) VALUES (?1) ON CONFLICT DO NOTHING")
                .bind(brand)
                .execute(&mut *transaction)
                .await?;
        }
        Ok(transaction.commit().await?)
    }

    /// The state of a source; the default one if it is unknown.
    pub async fn source(&self, source: &SourceId) -> Result<SourceState, StoreError> {
        let row: Option<Row> = sqlx::query_as("SELECT * FROM source WHERE name = ?1")
            .bind(source.as_str())
            .fetch_optional(&self.reader)
            .await?;
        Ok(row.map(SourceState::from).unwrap_or_default())
    }

    /// A round brought nothing because of an error: the outage begins or goes on.
    ///
    /// The cursor stays as it was, so that the next round asks for the same again.
    pub async fn record_failure(
        &self,
        source: &SourceId,
        error: &str,
        due_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query("UPDATE source SET failures = failures + 1, due_at = ?2 WHERE name = ?1")
            .bind(source.as_str())
            .bind(due_at.seconds())
            .execute(&mut *transaction)
            .await?;
        let known = sqlx::query(
            "UPDATE outage SET error = ?2
             WHERE ended_at IS NULL AND source_id = (SELECT id FROM source WHERE name = ?1)",
        )
        .bind(source.as_str())
        .bind(error)
        .execute(&mut *transaction)
        .await?;
        if known.rows_affected() == 0 {
            sqlx::query(
                "INSERT INTO outage (source_id, began_at, error) SELECT id, ?3, ?2 FROM source WHERE name = ?1
                 ON CONFLICT DO UPDATE SET ended_at = NULL, error = excluded.error",
            )
            .bind(source.as_str())
            .bind(error)
            .bind(now.seconds())
            .execute(&mut *transaction)
            .await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Every outage that touches the time from `since` on, in the order in which they began.
    pub async fn outages(&self, since: Timestamp) -> Result<Vec<Outage>, StoreError> {
        let rows: Vec<(String, i64, Option<i64>, String)> = sqlx::query_as(
            "SELECT name, began_at, ended_at, error FROM outage JOIN source ON source.id = source_id
             WHERE ended_at IS NULL OR ended_at >= ?1 ORDER BY began_at, name",
        )
        .bind(since.seconds())
        .fetch_all(&self.reader)
        .await?;
        let outage = |(source, began_at, ended_at, error): (_, _, Option<_>, _)| Outage {
            source,
            began_at: Timestamp::from_seconds(began_at),
            ended_at: ended_at.map(Timestamp::from_seconds),
            error,
        };
        Ok(rows.into_iter().map(outage).collect())
    }
}

/// Writes down that a round went through: the cursor, the next date, and the end of an outage if there was one.
pub(super) async fn record_success(
    connection: &mut sqlx::SqliteConnection,
    source_id: i64,
    cursor: &Cursor,
    due_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (moved_to, moved_times) = cursor.moved.clone().unzip();
    sqlx::query(
        "UPDATE source SET etag = ?2, last_modified = ?3, moved_to = ?4, moved_times = ?5, position = ?6,
             due_at = coalesce(?7, due_at), first_success_at = coalesce(first_success_at, ?8),
             last_success_at = ?8, failures = 0
         WHERE id = ?1",
    )
    .bind(source_id)
    .bind(&cursor.validators.etag)
    .bind(&cursor.validators.last_modified)
    .bind(moved_to)
    .bind(moved_times.unwrap_or(0))
    .bind(&cursor.position)
    .bind(due_at.map(Timestamp::seconds))
    .bind(now.seconds())
    .execute(&mut *connection)
    .await?;
    sqlx::query("UPDATE outage SET ended_at = ?2 WHERE source_id = ?1 AND ended_at IS NULL")
        .bind(source_id)
        .bind(now.seconds())
        .execute(connection)
        .await?;
    Ok(())
}
