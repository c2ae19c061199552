//! What was written to people: copied by somebody to where the review stands, or published there, after a second pair of eyes
//! where that is wanted.

use serde::Serialize;
use sqlx::{FromRow, SqliteConnection};

use super::change::{make, read};
use super::{Case, Change, Refusal, What, record};
use crate::account::Actor;
use crate::mention::{Language, Timestamp};
use crate::store::{Store, StoreError};
use crate::tongue::Said;

/// An answer, as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// Its number.
    pub id: i64,
    /// To which case.
    pub case: i64,
    /// Which mention it answers.
    pub mention_id: i64,
    /// The words.
    pub text: String,
    /// Who wrote it.
    pub written_by: String,
    /// When.
    pub written_at: Timestamp,
    /// How far it has come.
    pub state: AnswerState,
    /// The second pair of eyes.
    pub approved_by: Option<String>,
    /// When the source took it.
    pub sent_at: Option<Timestamp>,
    /// When it showed up in the source; `None`: it has not yet.
    pub seen_at: Option<Timestamp>,
    /// Why the source does not have it yet.
    pub error: Option<Said>,
}

/// How far an answer has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerState {
    /// Given back to whoever wrote it.
    Draft,
    /// Waits for a second pair of eyes.
    Checking,
    /// Taken to the source by hand.
    Copied,
    /// Is being published, or will be tried again.
    Sending,
    /// The source took it.
    Sent,
    /// The source did not take it, and will not by itself.
    Failed,
    /// It stands there.
    Seen,
}

impl AnswerState {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Draft, Self::Checking, Self::Copied, Self::Sending, Self::Sent, Self::Failed, Self::Seen];

    /// As the database has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Checking => "checking",
            Self::Copied => "copied",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Seen => "seen",
        }
    }

    /// Whether it is on its way, so that nobody writes another one.
    pub const fn is_on_its_way(self) -> bool {
        matches!(self, Self::Checking | Self::Sending)
    }
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

/// What becomes of an answer that waits for a second pair of eyes, or that the source did not take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// Somebody else has read it: it is published.
    Approve,
    /// It goes back to whoever wrote it.
    Return,
    /// It is tried once more.
    Retry,
}

#[derive(FromRow)]
struct Row {
    id: i64,
    case_id: i64,
    mention_id: i64,
    text: String,
    written_by: String,
    written_at: i64,
    state: String,
    approved_by: Option<String>,
    sent_at: Option<i64>,
    seen_at: Option<i64>,
    error: Option<String>,
    error_german: Option<String>,
}

const COLUMNS: &str =
    "id, case_id, mention_id, text, written_by, written_at, state, approved_by, sent_at, seen_at, error,
    error_german";

impl From<Row> for Answer {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            case: row.case_id,
            mention_id: row.mention_id,
            text: row.text,
            written_by: row.written_by,
            written_at: Timestamp::from_seconds(row.written_at),
            // The table allows no other names.
            state: AnswerState::ALL.into_iter().find(|state| state.name() == row.state).unwrap_or(AnswerState::Copied),
            approved_by: row.approved_by,
            sent_at: row.sent_at.map(Timestamp::from_seconds),
            seen_at: row.seen_at.map(Timestamp::from_seconds),
            error: row.error.zip(row.error_german).map(|(english, german)| Said { german, english }),
        }
    }
}

impl Store {
    /// The answers to a case, the first first.
    pub async fn answers(&self, case: i64) -> Result<Vec<Answer>, StoreError> {
        let query = format!("SELECT {COLUMNS} FROM answer WHERE case_id = ?1 ORDER BY id");
        let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(query)).bind(case).fetch_all(&self.reader).await?;
        Ok(rows.into_iter().map(Answer::from).collect())
    }

    /// Keeps an answer that somebody takes to the source by hand, and with it that the case is answered: both or neither, so
    /// that of two who answer at once one does.
    pub async fn answer_case(
        &self,
        answer: &NewAnswer<'_>,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Result<Case, Refusal>, StoreError> {
        let mut transaction = self.begin().await?;
        if is_on_its_way(&mut transaction, answer.case).await? {
            return Ok(Err(Refusal::Pending));
        }
        let changed = make(&mut transaction, answer.case, &Change::Answer, actor, now).await?;
        if changed.is_ok() {
            keep(&mut transaction, answer, AnswerState::Copied, actor, now).await?;
        }
        transaction.commit().await?;
        Ok(changed)
    }

    /// Keeps an answer that is to be published: at once, or once somebody else has `checked` it. The case is answered when the
    /// source has it.
    pub async fn publish_answer(
        &self,
        answer: &NewAnswer<'_>,
        checked: bool,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Result<Case, Refusal>, StoreError> {
        let mut transaction = self.begin().await?;
        if is_on_its_way(&mut transaction, answer.case).await? {
            return Ok(Err(Refusal::Pending));
        }
        let claimed = claim(&mut transaction, answer.case, actor, now).await?;
        if claimed.is_ok() {
            let (state, what) = if checked {
                (AnswerState::Checking, What::Submitted)
            } else {
                (AnswerState::Sending, What::Published)
            };
            keep(&mut transaction, answer, state, actor, now).await?;
            record(&mut transaction, answer.case, Some(actor), what, "", now).await?;
        }
        transaction.commit().await?;
        Ok(claimed)
    }

    /// Approves an answer, gives it back, or tries it once more.
    pub async fn judge_answer(
        &self,
        case: i64,
        answer: i64,
        judgement: Judgement,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Result<(), Refusal>, StoreError> {
        let (from, to, what) = match judgement {
            Judgement::Approve => ("checking", "sending", What::Approved),
            Judgement::Return => ("checking", "draft", What::Returned),
            Judgement::Retry => ("failed", "sending", What::Published),
        };
        let mut transaction = self.begin().await?;
        let written: Option<(String, String)> =
            sqlx::query_as("SELECT state, written_by FROM answer WHERE id = ?1 AND case_id = ?2")
                .bind(answer)
                .bind(case)
                .fetch_optional(&mut *transaction)
                .await?;
        let Some((state, written_by)) = written else { return Ok(Err(Refusal::NoCase)) };
        if state != from || (judgement == Judgement::Retry && is_on_its_way(&mut transaction, case).await?) {
            return Ok(Err(Refusal::Pending));
        }
        if judgement == Judgement::Approve && written_by == actor.who {
            return Ok(Err(Refusal::Own));
        }
        sqlx::query(
            "UPDATE answer SET state = ?2, due_at = CASE WHEN ?2 = 'sending' THEN ?3 END, attempts = 0, error = NULL,
                 error_german = NULL, approved_by = CASE WHEN ?4 = 'checking' AND ?2 = 'sending' THEN ?5 ELSE approved_by END
             WHERE id = ?1",
        )
        .bind(answer)
        .bind(to)
        .bind(now.seconds())
        .bind(from)
        .bind(&actor.who)
        .execute(&mut *transaction)
        .await?;
        record(&mut transaction, case, Some(actor), what, "", now).await?;
        transaction.commit().await?;
        Ok(Ok(()))
    }

    /// How many answers wait for a second pair of eyes, other than those of whoever asks, and the case of the oldest; `None`:
    /// there are none.
    pub async fn answers_to_check(&self, actor: &Actor) -> Result<Option<(i64, i64)>, StoreError> {
        let cases: Vec<i64> =
            sqlx::query_scalar("SELECT case_id FROM answer WHERE state = 'checking' AND written_by <> ?1 ORDER BY id")
                .bind(&actor.who)
                .fetch_all(&self.reader)
                .await?;
        Ok(cases.first().map(|first| (cases.len() as i64, *first)))
    }
}

/// Whoever answers has the case.
async fn claim(
    connection: &mut SqliteConnection,
    case: i64,
    actor: &Actor,
    now: Timestamp,
) -> Result<Result<Case, Refusal>, StoreError> {
    match read(connection, case).await? {
        Some(case) if case.state.is_open() && case.owner.as_ref() == Some(&actor.who) => Ok(Ok(case)),
        _ => make(connection, case, &Change::Claim, actor, now).await,
    }
}

async fn is_on_its_way(connection: &mut SqliteConnection, case: i64) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM answer WHERE case_id = ?1 AND state IN ('checking', 'sending'))",
    )
    .bind(case)
    .fetch_one(connection)
    .await?)
}

/// Keeps it; what is to be sent is due at once. What was given back before is replaced by it.
async fn keep(
    connection: &mut SqliteConnection,
    answer: &NewAnswer<'_>,
    state: AnswerState,
    actor: &Actor,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM answer WHERE case_id = ?1 AND state IN ('draft', 'failed')")
        .bind(answer.case)
        .execute(&mut *connection)
        .await?;
    sqlx::query(
        "INSERT INTO answer (case_id, mention_id, text, language, template, written_by, written_at, state, due_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, CASE WHEN ?8 = 'sending' THEN ?7 END)",
    )
    .bind(answer.case)
    .bind(answer.mention)
    .bind(answer.text)
    .bind(answer.language.code())
    .bind(answer.template)
    .bind(&actor.who)
    .bind(now.seconds())
    .bind(state.name())
    .execute(connection)
    .await?;
    Ok(())
}
