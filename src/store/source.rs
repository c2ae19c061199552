//! What is known of each source: where it was left off, when it is due, and when it could not be heard.

use std::collections::HashMap;

use sqlx::FromRow;

use super::{Store, StoreError};
use crate::collect::Cursor;
use crate::http::Validators;
use crate::mention::{SourceId, Timestamp};
use crate::tongue::Said;

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
    /// What to do about that.
    pub hint: Option<Said>,
    /// Requests that it would still answer, as of the last round, if it says so.
    pub quota_left: Option<u64>,
    /// When what it has shown is looked up again; `None`: it never was.
    pub recheck_at: Option<Timestamp>,
    /// Since when it is not asked, because somebody wants it so; `None`: it is asked.
    pub paused_at: Option<Timestamp>,
}

/// How much of a source was heard, live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// Which source.
    pub source: String,
    /// Mentions in the last seven days.
    pub lately: u64,
    /// Mentions in the 28 days before them.
    pub before: u64,
    /// When the newest of these arrived.
    pub last_at: Option<Timestamp>,
    /// The first round that went through, or the end of the last pause.
    pub since: Timestamp,
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
    pub error: Said,
}

#[derive(FromRow)]
struct Row {
    name: String,
    etag: Option<String>,
    last_modified: Option<String>,
    moved_to: Option<String>,
    moved_times: u32,
    position: Option<String>,
    due_at: Option<i64>,
    first_success_at: Option<i64>,
    last_success_at: Option<i64>,
    failures: u32,
    hint: Option<String>,
    hint_de: Option<String>,
    quota_left: Option<i64>,
    recheck_at: Option<i64>,
    paused_at: Option<i64>,
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
            hint: row.hint.map(|english| told(english, row.hint_de)),
            quota_left: row.quota_left.map(i64::cast_unsigned),
            recheck_at: row.recheck_at.map(Timestamp::from_seconds),
            paused_at: row.paused_at.map(Timestamp::from_seconds),
        }
    }
}

#[derive(FromRow)]
struct OutageRow {
    name: String,
    began_at: i64,
    ended_at: Option<i64>,
    error: String,
    error_de: Option<String>,
}

impl From<OutageRow> for Outage {
    fn from(row: OutageRow) -> Self {
        Self {
            source: row.name,
            began_at: Timestamp::from_seconds(row.began_at),
            ended_at: row.ended_at.map(Timestamp::from_seconds),
            error: told(row.error, row.error_de),
        }
    }
}

/// In both languages; what is only there in English is told in it to everybody.
fn told(english: String, german: Option<String>) -> Said {
    Said { german: german.unwrap_or_else(|| english.clone()), english }
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

    /// The state of each source that was ever known, by its name.
    pub async fn sources(&self) -> Result<HashMap<String, SourceState>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as("SELECT * FROM source").fetch_all(&self.reader).await?;
        Ok(rows.into_iter().map(|mut row| (std::mem::take(&mut row.name), SourceState::from(row))).collect())
    }

    /// A round brought nothing because of an error: the outage begins or goes on.
    ///
    /// The cursor stays as it was, so that the next round asks for the same again. Where somebody has paused the source
    /// meanwhile, there is no outage.
    pub async fn record_failure(
        &self,
        source: &SourceId,
        (error, hint): (Said<&str>, Option<Said<&str>>),
        due_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        let failed = sqlx::query(
            "UPDATE source SET failures = failures + 1, due_at = ?2, hint = ?3, hint_de = ?4
             WHERE name = ?1 AND paused_at IS NULL",
        )
        .bind(source.as_str())
        .bind(due_at.seconds())
        .bind(hint.map(|hint| hint.english))
        .bind(hint.map(|hint| hint.german))
        .execute(&mut *transaction)
        .await?;
        if failed.rows_affected() == 0 {
            return Ok(());
        }
        let known = sqlx::query(
            "UPDATE outage SET error = ?2, error_de = ?3
             WHERE ended_at IS NULL AND source_id = (SELECT id FROM source WHERE name = ?1)",
        )
        .bind(source.as_str())
        .bind(error.english)
        .bind(error.german)
        .execute(&mut *transaction)
        .await?;
        if known.rows_affected() == 0 {
            sqlx::query(
                "INSERT INTO outage (source_id, began_at, error, error_de)
                 SELECT id, ?2, ?3, ?4 FROM source WHERE name = ?1
                 ON CONFLICT DO UPDATE SET ended_at = NULL, error = excluded.error, error_de = excluded.error_de",
            )
            .bind(source.as_str())
            .bind(now.seconds())
            .bind(error.english)
            .bind(error.german)
            .execute(&mut *transaction)
            .await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Keeps what the source says is left of its limit.
    pub async fn record_quota(&self, source: &SourceId, left: u64) -> Result<(), StoreError> {
        sqlx::query("UPDATE source SET quota_left = ?2 WHERE name = ?1")
            .bind(source.as_str())
            .bind(left.cast_signed())
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Keeps until when hosts asked to be left alone, as [`crate::http::Fetcher::pauses`] names them, and forgets what is
    /// over.
    pub async fn record_pauses(&self, pauses: &[(String, Timestamp)], now: Timestamp) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        for (host, until) in pauses {
            sqlx::query(
                "INSERT INTO host_pause (host, until) VALUES (?1, ?2)
                 ON CONFLICT DO UPDATE SET until = max(until, excluded.until)",
            )
            .bind(host)
            .bind(until.seconds())
            .execute(&mut *transaction)
            .await?;
        }
        sqlx::query("DELETE FROM host_pause WHERE until <= ?1").bind(now.seconds()).execute(&mut *transaction).await?;
        Ok(transaction.commit().await?)
    }

    /// Hosts that asked to be left alone, and until when.
    pub async fn pauses(&self) -> Result<Vec<(String, Timestamp)>, StoreError> {
        let rows: Vec<(String, i64)> =
            sqlx::query_as("SELECT host, until FROM host_pause ORDER BY host").fetch_all(&self.reader).await?;
        Ok(rows.into_iter().map(|(host, until)| (host, Timestamp::from_seconds(until))).collect())
    }

    /// How much of each source was heard, live, in the days before now: its name, the mentions in the last 7 days, those in
    /// the 28 before them, and when the newest arrived.
    pub async fn heard(&self, now: Timestamp) -> Result<Vec<Heard>, StoreError> {
        let rows: Vec<(String, i64, i64, Option<i64>, i64)> = sqlx::query_as(
            "SELECT source.name, coalesce(m.lately, 0), coalesce(m.before, 0), m.last,
                 max(coalesce(source.first_success_at, ?1),
                     coalesce((SELECT max(ended_at) FROM source_pause WHERE source_id = source.id), 0))
             FROM source LEFT JOIN (
                 SELECT source_id, count(*) FILTER (WHERE first_seen_at > ?1 - 7 * 86400) AS lately,
                     count(*) FILTER (WHERE first_seen_at <= ?1 - 7 * 86400) AS before, max(first_seen_at) AS last
                 FROM mention INDEXED BY mention_by_arrival
                 WHERE first_seen_at > ?1 - 35 * 86400 AND backfill = 0 GROUP BY source_id
             ) AS m ON m.source_id = source.id
             ORDER BY source.name",
        )
        .bind(now.seconds())
        .fetch_all(&self.reader)
        .await?;
        let heard = |(source, lately, before, last, since): (String, i64, i64, Option<i64>, i64)| Heard {
            source,
            lately: lately.cast_unsigned(),
            before: before.cast_unsigned(),
            last_at: last.map(Timestamp::from_seconds),
            since: Timestamp::from_seconds(since),
        };
        Ok(rows.into_iter().map(heard).collect())
    }

    /// Every outage that touches the time from `since` on, in the order in which they began.
    pub async fn outages(&self, since: Timestamp) -> Result<Vec<Outage>, StoreError> {
        let rows: Vec<OutageRow> = sqlx::query_as(
            "SELECT name, began_at, ended_at, error, error_de FROM outage JOIN source ON source.id = source_id
             WHERE ended_at IS NULL OR ended_at >= ?1 ORDER BY began_at, name",
        )
        .bind(since.seconds())
        .fetch_all(&self.reader)
        .await?;
        Ok(rows.into_iter().map(Outage::from).collect())
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
             last_success_at = ?8, failures = 0, hint = NULL, hint_de = NULL
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
