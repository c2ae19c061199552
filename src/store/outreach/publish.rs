//! Answers on their way out: taken one by one, counted before each attempt, and settled after it.

use sqlx::SqliteConnection;

use super::change::{make, read};
use super::{AnswerState, Change};
use crate::account::Actor;
use crate::mention::{SourceId, Timestamp};
use crate::store::{Store, StoreError};
use crate::tongue::Said;

/// An answer that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// Its number.
    pub id: i64,
    /// Where it goes.
    pub source: SourceId,
    /// What it answers, as the source calls it.
    pub native_id: String,
    /// The words.
    pub text: String,
    /// Attempts so far, this one included.
    pub attempts: u32,
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The source has it.
    Sent,
    /// It is tried again then.
    Later(Said, Timestamp),
    /// It is not tried again.
    Failed(Said),
}

impl Store {
    /// Takes the answer that has been due the longest, and counts the attempt before it is made; `None` if none is due.
    ///
    /// What somebody has answered meanwhile in the source itself is not answered once more.
    pub(crate) async fn next_answer(&self, now: Timestamp) -> Result<Option<Outgoing>, StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query(
            "UPDATE answer SET state = 'failed', due_at = NULL, error = ?2, error_german = ?3
             WHERE due_at <= ?1 AND EXISTS (SELECT 1 FROM mention AS m WHERE m.id = mention_id
                 AND m.reply_text IS NOT NULL AND m.reply_text <> answer.text AND m.reply_at >= written_at)",
        )
        .bind(now.seconds())
        .bind("somebody has answered in the source meanwhile")
        .bind("In der Quelle hat inzwischen schon jemand geantwortet")
        .execute(&mut *transaction)
        .await?;
        let row: Option<(i64, String, String, String, u32)> = sqlx::query_as(
            "UPDATE answer SET due_at = NULL, attempts = attempts + 1
             WHERE id = (SELECT id FROM answer WHERE due_at <= ?1 ORDER BY due_at, id LIMIT 1)
             RETURNING id, (SELECT source.name FROM mention JOIN source ON source.id = source_id WHERE mention.id = mention_id),
                 (SELECT native_id FROM mention WHERE mention.id = mention_id), text, attempts",
        )
        .bind(now.seconds())
        .fetch_optional(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(row.and_then(|(id, source, native_id, text, attempts)| {
            Some(Outgoing { id, source: SourceId::parse(&source)?, native_id, text, attempts })
        }))
    }

    /// Writes down how an attempt ended; what the source has is answered.
    pub(crate) async fn settle_answer(&self, id: i64, outcome: &Outcome, now: Timestamp) -> Result<(), StoreError> {
        let (state, error, due_at) = match outcome {
            Outcome::Sent => (AnswerState::Sent, None, None),
            Outcome::Later(why, at) => (AnswerState::Sending, Some(why), Some(*at)),
            Outcome::Failed(why) => (AnswerState::Failed, Some(why), None),
        };
        let mut transaction = self.begin().await?;
        let settled: Option<(i64, String)> = sqlx::query_as(
            "UPDATE answer SET state = ?2, error = ?3, error_german = ?4, due_at = ?5,
                 sent_at = CASE WHEN ?2 = 'sent' THEN ?6 END
             WHERE id = ?1 AND state = 'sending' RETURNING case_id, written_by",
        )
        .bind(id)
        .bind(state.name())
        .bind(error.map(|why| &why.english))
        .bind(error.map(|why| &why.german))
        .bind(due_at.map(Timestamp::seconds))
        .bind(now.seconds())
        .fetch_optional(&mut *transaction)
        .await?;
        if let Some((case, who)) = settled.filter(|_| *outcome == Outcome::Sent) {
            answered(&mut transaction, case, who, now).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// After a crash, or when it could not be written down what became of it: what was being sent is sent once more, for it
    /// stands there once however often it arrives.
    pub(crate) async fn resume_answers(&self, now: Timestamp) -> Result<(), StoreError> {
        sqlx::query("UPDATE answer SET due_at = ?1 WHERE state = 'sending' AND due_at IS NULL")
            .bind(now.seconds())
            .execute(&self.writer)
            .await?;
        Ok(())
    }
}

/// The source has an answer: so the person has one, whoever has the case by now.
async fn answered(connection: &mut SqliteConnection, case: i64, who: String, now: Timestamp) -> Result<(), StoreError> {
    let Some(before) = read(connection, case).await? else { return Ok(()) };
    let actor = Actor { account: None, who: before.owner.unwrap_or(who) };
    // Where it was closed meanwhile, it stays so.
    let _ = make(connection, case, &Change::Answer, &actor, now).await?;
    Ok(())
}
