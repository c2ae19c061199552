//! Letters on their way: queued with the finding they tell of, marked before and after each attempt.

use sqlx::{FromRow, SqliteConnection};

use super::{Store, StoreError};
use crate::alert::{Mail, Picture};
use crate::mention::Timestamp;
use crate::notify::{Attempt, Attempts, Delivery, Fate, Letter, MailingList};

/// A letter that is being sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What to deliver.
    pub letter: Letter,
    /// What was tried so far, this attempt included.
    pub attempts: Attempts,
}

#[derive(FromRow)]
struct Row {
    id: String,
    channel: String,
    recipient: String,
    subject: String,
    text: String,
    html: String,
    reply_to: Option<String>,
    list: Option<String>,
    unsubscribe: Option<String>,
    picture: Option<Vec<u8>>,
    picture_text: Option<String>,
    written_at: i64,
    attempts: u32,
    unknown: u32,
    first_attempt_at: i64,
}

impl From<Row> for Entry {
    fn from(row: Row) -> Self {
        let alternative = row.picture_text.unwrap_or_default();
        let picture = row.picture.map(|png| Picture { png, alternative });
        Self {
            letter: Letter {
                id: row.id,
                channel: row.channel,
                to: row.recipient,
                mail: Mail { subject: row.subject, text: row.text, html: row.html, picture },
                reply_to_thread: row.reply_to,
                list: row.list.map(|name| MailingList { name, unsubscribe: row.unsubscribe }),
                written_at: Timestamp::from_seconds(row.written_at),
            },
            attempts: Attempts {
                count: row.attempts,
                unknown: row.unknown,
                since: Timestamp::from_seconds(row.first_attempt_at),
            },
        }
    }
}

impl Store {
    /// Takes the letter that has been due the longest, and counts the attempt before it is made; `None` if none is due.
    ///
    /// If this program dies before [`Store::settle`], the letter is found by [`Store::interrupted_letters`].
    pub async fn next_letter(&self, now: Timestamp) -> Result<Option<Entry>, StoreError> {
        self.take_letter(now, false).await
    }

    /// The same of those letters only that tell of urgent mentions.
    pub async fn next_urgent_letter(&self, now: Timestamp) -> Result<Option<Entry>, StoreError> {
        self.take_letter(now, true).await
    }

    async fn take_letter(&self, now: Timestamp, urgent_only: bool) -> Result<Option<Entry>, StoreError> {
        let row: Option<Row> = sqlx::query_as(
            "UPDATE outbox SET state = 'sending', attempts = attempts + 1,
                 first_attempt_at = coalesce(first_attempt_at, ?1)
             WHERE id = (SELECT id FROM outbox WHERE state = 'queued' AND due_at <= ?1
                 AND (?2 = 0 OR EXISTS (SELECT 1 FROM urgent_reader WHERE letter_id = outbox.id))
                 ORDER BY due_at, id LIMIT 1)
             RETURNING id, channel, recipient, subject, text, html, picture, picture_text, reply_to, list, unsubscribe,
                 written_at, attempts, unknown, first_attempt_at",
        )
        .bind(now.seconds())
        .bind(urgent_only)
        .fetch_optional(&self.writer)
        .await?;
        Ok(row.map(Entry::from))
    }

    /// Writes down how an attempt that began at `now` ended, and what becomes of the letter.
    pub async fn settle(&self, entry: &Entry, attempt: &Attempt, fate: Fate, now: Timestamp) -> Result<(), StoreError> {
        let (state, due_at) = match fate {
            Fate::Sent => ("sent", None),
            Fate::Waiting { until } => ("queued", Some(until)),
            Fate::Failed => ("failed", None),
            Fate::Unknown => ("unknown", None),
        };
        let mut transaction = self.begin().await?;
        let settled = sqlx::query(
            "UPDATE outbox SET state = ?2, due_at = coalesce(?3, due_at), error = ?4, unknown = unknown + ?5,
                 sent_at = CASE WHEN ?2 = 'sent' THEN ?6 END
             WHERE id = ?1",
        )
        .bind(&entry.letter.id)
        .bind(state)
        .bind(due_at.map(Timestamp::seconds))
        .bind(attempt.delivery.error())
        .bind(matches!(attempt.delivery, Delivery::Unknown { .. }))
        .bind(now.seconds())
        .execute(&mut *transaction)
        .await?;
        // Whoever it quoted was erased meanwhile, or its brand is gone: nothing is left to be told.
        if settled.rows_affected() == 0 {
            return Ok(());
        }
        forget(&mut transaction, &entry.letter.id).await?;
        super::delivery::insert(&mut transaction, entry, attempt, due_at, now).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The letters that were being sent when this program last died; none but the one that calls this may be sending.
    pub async fn interrupted_letters(&self) -> Result<Vec<Entry>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT id, channel, recipient, subject, text, html, picture, picture_text, reply_to, list, unsubscribe,
                 written_at, attempts, unknown, first_attempt_at
             FROM outbox WHERE state = 'sending' ORDER BY id",
        )
        .fetch_all(&self.reader)
        .await?;
        Ok(rows.into_iter().map(Entry::from).collect())
    }

    /// When the next letter is due, if one is queued.
    pub async fn next_letter_due(&self) -> Result<Option<Timestamp>, StoreError> {
        let due: Option<i64> =
            sqlx::query_scalar("SELECT min(due_at) FROM outbox WHERE state = 'queued'").fetch_one(&self.reader).await?;
        Ok(due.map(Timestamp::from_seconds))
    }

    /// How many letters are in each state, by its name.
    pub async fn letters_by_state(&self) -> Result<Vec<(String, i64)>, StoreError> {
        Ok(sqlx::query_as("SELECT state, count(*) FROM outbox GROUP BY state ORDER BY state")
            .fetch_all(&self.reader)
            .await?)
    }
}

/// Forgets whom a discreet letter went to and what it said, once it is settled; one that would be tried again about what was
/// erased meanwhile is given up.
async fn forget(connection: &mut SqliteConnection, id: &str) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE outbox SET recipient = '', subject = '', text = '', html = '',
             state = CASE state WHEN 'queued' THEN 'failed' ELSE state END
         WHERE id = ?1 AND is_discreet AND (state <> 'queued' OR NOT EXISTS (SELECT 1 FROM survey WHERE letter_id = ?1))",
    )
    .bind(id)
    .execute(connection)
    .await?;
    Ok(())
}

/// Queues a letter of which nothing is left once it is settled but when, and how that went.
pub(super) async fn insert_discreet(connection: &mut SqliteConnection, letter: &Letter) -> Result<(), StoreError> {
    insert(connection, None, letter).await?;
    sqlx::query("UPDATE outbox SET is_discreet = 1 WHERE id = ?1").bind(&letter.id).execute(connection).await?;
    Ok(())
}

/// Queues a letter; queueing it again changes nothing.
pub(super) async fn insert(
    connection: &mut SqliteConnection,
    finding_id: Option<i64>,
    letter: &Letter,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO outbox (id, finding_id, channel, recipient, subject, text, html, written_at, state, due_at, reply_to,
             picture, picture_text, list, unsubscribe)
         VALUES (?1, ?2, ?11, ?3, ?4, ?5, ?6, ?7, 'queued', ?7, ?8, ?9, ?10, ?12, ?13) ON CONFLICT DO NOTHING",
    )
    .bind(&letter.id)
    .bind(finding_id)
    .bind(&letter.to)
    .bind(&letter.mail.subject)
    .bind(&letter.mail.text)
    .bind(&letter.mail.html)
    .bind(letter.written_at.seconds())
    .bind(&letter.reply_to_thread)
    .bind(letter.mail.picture.as_ref().map(|picture| &picture.png))
    .bind(letter.mail.picture.as_ref().map(|picture| &picture.alternative))
    .bind(&letter.channel)
    .bind(letter.list.as_ref().map(|list| &list.name))
    .bind(letter.list.as_ref().and_then(|list| list.unsubscribe.as_ref()))
    .execute(connection)
    .await?;
    Ok(())
}
