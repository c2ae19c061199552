//! Letters on their way: queued with the finding they tell of, marked before and after each attempt.

use sqlx::{FromRow, SqliteConnection};

use super::{Store, StoreError};
use crate::alert::Mail;
use crate::mention::Timestamp;
use crate::notify::Letter;

/// A letter that is due.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What to deliver.
    pub letter: Letter,
    /// How often it was tried before.
    pub attempts: u32,
    /// How often nobody knows what became of it: the connection, or this program, broke off after the text was sent.
    pub unknown_fates: u32,
}

/// What became of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server took it.
    Sent,
    /// It is tried again at this time.
    Queued {
        /// When.
        due_at: Timestamp,
        /// Why not now.
        error: String,
    },
    /// It may have arrived, and is tried once more, recognisable by its Message-ID.
    Repeated {
        /// When.
        due_at: Timestamp,
        /// What broke.
        error: String,
    },
    /// It may have arrived, and is not tried again.
    Unknown {
        /// What broke.
        error: String,
    },
    /// It cannot be delivered.
    Failed {
        /// Why.
        error: String,
    },
}

#[derive(FromRow)]
struct Row {
    id: String,
    recipient: String,
    subject: String,
    text: String,
    html: String,
    written_at: i64,
    attempts: u32,
    unknown_fates: u32,
}

impl From<Row> for Entry {
    fn from(row: Row) -> Self {
        Self {
            letter: Letter {
                id: row.id,
                to: row.recipient,
                mail: Mail { subject: row.subject, text: row.text, html: row.html },
                reply_to_thread: None,
                written_at: Timestamp::from_seconds(row.written_at),
            },
            attempts: row.attempts,
            unknown_fates: row.unknown_fates,
        }
    }
}

impl Store {
    /// Takes the letter that has been due the longest and marks it as being sent; `None` if none is due.
    ///
    /// If this program dies before [`Store::settle`], the mark stays, and [`Store::reopen`] knows that its fate is unknown.
    pub async fn next_letter(&self, now: Timestamp) -> Result<Option<Entry>, StoreError> {
        let row: Option<Row> = sqlx::query_as(
            "UPDATE outbox SET state = 'sending'
             WHERE id = (SELECT id FROM outbox WHERE state = 'queued' AND due_at <= ?1 ORDER BY due_at, id LIMIT 1)
             RETURNING id, recipient, subject, text, html, written_at, attempts, unknown_fates",
        )
        .bind(now.seconds())
        .fetch_optional(&self.writer)
        .await?;
        Ok(row.map(Entry::from))
    }

    /// Writes down what became of an attempt.
    pub async fn settle(&self, id: &str, outcome: &Outcome, now: Timestamp) -> Result<(), StoreError> {
        let (state, due_at, error, unknown) = match outcome {
            Outcome::Sent => ("sent", None, None, false),
            Outcome::Queued { due_at, error } => ("queued", Some(*due_at), Some(error), false),
            Outcome::Repeated { due_at, error } => ("queued", Some(*due_at), Some(error), true),
            Outcome::Unknown { error } => ("unknown", None, Some(error), true),
            Outcome::Failed { error } => ("failed", None, Some(error), false),
        };
        sqlx::query(
            "UPDATE outbox SET state = ?2, due_at = coalesce(?3, due_at), error = ?4, attempts = attempts + 1,
                 unknown_fates = unknown_fates + ?5, sent_at = CASE WHEN ?2 = 'sent' THEN ?6 END
             WHERE id = ?1",
        )
        .bind(id)
        .bind(state)
        .bind(due_at.map(Timestamp::seconds))
        .bind(error)
        .bind(unknown)
        .bind(now.seconds())
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// The letters that were being sent when this program last died; none but the one that calls this may be sending.
    pub async fn interrupted_letters(&self) -> Result<Vec<Entry>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT id, recipient, subject, text, html, written_at, attempts, unknown_fates
             FROM outbox WHERE state = 'sending' ORDER BY id",
        )
        .fetch_all(&self.reader)
        .await?;
        Ok(rows.into_iter().map(Entry::from).collect())
    }

    /// When the next letter is due, if one is queued.
    pub async fn next_letter_due(&self) -> Result<Option<Timestamp>, StoreError> {
        let due: Option<i64> = sqlx::query_scalar("SELECT min(due_at) FROM outbox WHERE state = 'queued'")
            .fetch_one(&self.reader)
            .await?;
        Ok(due.map(Timestamp::from_seconds))
    }

    /// How many letters are in each state, by its name.
    pub async fn letters_by_state(&self) -> Result<Vec<(String, i64)>, StoreError> {
        Ok(sqlx::query_as("SELECT state, count(*) FROM outbox GROUP BY state ORDER BY state")
            .fetch_all(&self.reader)
            .await?)
    }
}

/// Queues a letter; queueing it again changes nothing.
pub(super) async fn insert(
    connection: &mut SqliteConnection,
    finding_id: i64,
    letter: &Letter,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO outbox (id, finding_id, channel, recipient, subject, text, html, written_at, state, due_at)
         VALUES (?1, ?2, 'mail', ?3, ?4, ?5, ?6, ?7, 'queued', ?7) ON CONFLICT DO NOTHING",
    )
    .bind(&letter.id)
    .bind(finding_id)
    .bind(&letter.to)
    .bind(&letter.mail.subject)
    .bind(&letter.mail.text)
    .bind(&letter.mail.html)
    .bind(letter.written_at.seconds())
    .execute(connection)
    .await?;
    Ok(())
}
