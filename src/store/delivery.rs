//! The log of deliveries: one row for each attempt, written when it is settled.

use serde::Serialize;
use sqlx::{FromRow, SqliteConnection};

use super::{Entry, Store, StoreError};
use crate::mention::Timestamp;
use crate::notify::{Attempt, MAIL, masked};

/// How long an attempt stays in the log.
const KEPT_SECONDS: i64 = 90 * 86_400;

/// An attempt to deliver a letter, as the log has it. Nothing in it says what the letter says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Tried {
    /// When it began; where the program died meanwhile, when that was noticed.
    pub began_at: Timestamp,
    /// [`MAIL`], or the name of a channel.
    pub channel: String,
    /// The masked mail address; `None` where the channel says it all.
    pub recipient: Option<String>,
    /// The kind of the finding that the letter tells of, by its name; `None`: it is a digest, or of urgent mentions.
    pub kind: Option<String>,
    /// The letter continues an earlier one.
    pub is_sequel: bool,
    /// Which attempt to deliver this letter it was, from 1.
    pub attempt: u32,
    /// How it ended: the name of a [`Delivery`](crate::notify::Delivery).
    pub outcome: String,
    /// The code of the answer, of SMTP or HTTP, where there was one.
    pub code: Option<u16>,
    /// How long it took, where that is known.
    pub milliseconds: Option<i64>,
    /// What happened, if it did not go.
    pub error: Option<String>,
    /// When it was to be tried again.
    pub next_at: Option<Timestamp>,
}

#[derive(FromRow)]
struct Row {
    began_at: i64,
    channel: String,
    recipient: String,
    kind: Option<String>,
    is_sequel: bool,
    attempt: u32,
    outcome: String,
    code: Option<u16>,
    milliseconds: Option<i64>,
    error: Option<String>,
    next_at: Option<i64>,
}

impl From<Row> for Tried {
    fn from(row: Row) -> Self {
        Self {
            began_at: Timestamp::from_seconds(row.began_at),
            recipient: (row.channel == MAIL).then(|| masked(&row.recipient)),
            channel: row.channel,
            kind: row.kind,
            is_sequel: row.is_sequel,
            attempt: row.attempt,
            outcome: row.outcome,
            code: row.code,
            milliseconds: row.milliseconds,
            error: row.error,
            next_at: row.next_at.map(Timestamp::from_seconds),
        }
    }
}

impl Store {
    /// The last attempts to deliver letters, at most so many, the oldest of them first; or of those that did not go.
    pub async fn deliveries(&self, most: u32, only_failed: bool) -> Result<Vec<Tried>, StoreError> {
        let mut rows: Vec<Row> = sqlx::query_as(
            "SELECT began_at, channel, recipient, finding.kind, reply_to IS NOT NULL AS is_sequel, attempt, outcome,
                 code, milliseconds, delivery.error, next_at
             FROM delivery JOIN outbox ON outbox.id = outbox_id LEFT JOIN finding ON finding.id = finding_id
             WHERE NOT ?2 OR outcome <> 'sent'
             ORDER BY began_at DESC, attempt DESC, outbox_id DESC LIMIT ?1",
        )
        .bind(most)
        .bind(only_failed)
        .fetch_all(&self.reader)
        .await?;
        rows.reverse();
        Ok(rows.into_iter().map(Tried::from).collect())
    }
}

/// Writes an attempt down, and forgets what is too old.
pub(super) async fn insert(
    connection: &mut SqliteConnection,
    entry: &Entry,
    attempt: &Attempt,
    next_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), StoreError> {
    // Two programs on one database may both settle an attempt; the later word counts, as it does for the letter.
    sqlx::query(
        "INSERT OR REPLACE INTO delivery (outbox_id, attempt, began_at, milliseconds, outcome, code, error, next_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )
    .bind(&entry.letter.id)
    .bind(entry.attempts.count)
    .bind(now.seconds())
    .bind(attempt.took.map(|took| i64::try_from(took.as_millis()).unwrap_or(i64::MAX)))
    .bind(attempt.delivery.name())
    .bind(attempt.code)
    .bind(attempt.delivery.error())
    .bind(next_at.map(Timestamp::seconds))
    .execute(&mut *connection)
    .await?;
    sqlx::query("DELETE FROM delivery WHERE began_at < ?1")
        .bind(now.plus_seconds(-KEPT_SECONDS).seconds())
        .execute(connection)
        .await?;
    Ok(())
}
