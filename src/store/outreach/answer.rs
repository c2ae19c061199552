//! What was written to people.

use serde::Serialize;
use sqlx::{FromRow, SqliteConnection};

use crate::account::Actor;
use crate::mention::{Language, Timestamp};
use crate::store::{Store, StoreError};

/// An answer, as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// Its number.
    pub id: i64,
    /// Which mention it answers.
    pub mention_id: i64,
    /// The words.
    pub text: String,
    /// Who wrote it.
    pub written_by: String,
    /// When.
    pub written_at: Timestamp,
    /// When it showed up in the source; `None`: it has not yet.
    pub seen_at: Option<Timestamp>,
}

/// An answer on its way in.
#[derive(Clone, Copy, Debug)]
pub struct NewAnswer<'a> {
    /// To which case.
    pub case: i64,
    /// Which mention it answers.
    pub mention: i64,
    /// The words.
    pub text: &'a str,
    /// Their language.
    pub language: Language,
    /// Name and version of the template that it began with.
    pub template: Option<&'a str>,
}

#[derive(FromRow)]
struct Row {
    id: i64,
    mention_id: i64,
    text: String,
    written_by: String,
    written_at: i64,
    seen_at: Option<i64>,
}

impl From<Row> for Answer {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            mention_id: row.mention_id,
            text: row.text,
            written_by: row.written_by,
            written_at: Timestamp::from_seconds(row.written_at),
            seen_at: row.seen_at.map(Timestamp::from_seconds),
        }
    }
}

impl Store {
    /// The answers to a case, the first first.
    pub async fn answers(&self, case: i64) -> Result<Vec<Answer>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT id, mention_id, text, written_by, written_at, seen_at FROM answer WHERE case_id = ?1 ORDER BY id",
        )
        .bind(case)
        .fetch_all(&self.reader)
        .await?;
        Ok(rows.into_iter().map(Answer::from).collect())
    }
}

/// Keeps an answer that somebody takes to the source by hand.
pub(super) async fn keep(
    connection: &mut SqliteConnection,
    answer: &NewAnswer<'_>,
    actor: &Actor,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO answer (case_id, mention_id, text, language, template, written_by, written_at, state)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'copied')",
    )
    .bind(answer.case)
    .bind(answer.mention)
    .bind(answer.text)
    .bind(answer.language.code())
    .bind(answer.template)
    .bind(&actor.who)
    .bind(now.seconds())
    .execute(connection)
    .await?;
    Ok(())
}
