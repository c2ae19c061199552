//! Cases of the service team: how they begin, what happens to them, and what is known of the person.

use serde::Serialize;
use sqlx::{FromRow, SqliteConnection};

use super::{Store, StoreError};
use crate::account::Actor;
use crate::mention::Timestamp;
use crate::outreach::{Dismissal, Severity, State};

pub use answer::{Answer, AnswerState, Judgement, NewAnswer};
pub use change::{Change, Refusal};
pub use entry::{Arrived, Opened};
pub use figures::{Reason, Wait};
pub use person::Handle;
pub use publish::{Outcome, Outgoing};
pub use queue::{Filter, Listed};
pub use standing::{Standing, UsualReturns};
pub use survey::{Comment, Mailed, Survey};
pub use what::What;

use what::told;

mod answer;
pub(in crate::store) mod change;
mod entry;
mod figures;
mod past;
mod person;
mod publish;
mod queue;
mod recent;
mod standing;
mod survey;
#[cfg(test)]
mod tests;
mod warning;
mod what;

/// A case.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Case {
    /// Its number.
    pub id: i64,
    /// Whom it is about.
    pub brand: String,
    /// Who is upset, by number; `None`: the source does not say.
    pub author_id: Option<i64>,
    /// How much it matters.
    pub severity: Severity,
    /// The name of the rule by which it is a case.
    pub rule: String,
    /// Where it stands.
    pub state: State,
    /// Why there was nothing to do.
    pub dismissal: Option<Dismissal>,
    /// Who has it.
    pub owner: Option<String>,
    /// When it became a case.
    pub opened_at: Timestamp,
    /// When the person said the first of it.
    pub first_word_at: Timestamp,
    /// Since when they wait for us; `None`: it is not our turn.
    pub waits_since: Option<Timestamp>,
    /// When they are to have an answer at the latest.
    pub due_at: Option<Timestamp>,
    /// Until when nobody wants to be bothered with it.
    pub snoozed_until: Option<Timestamp>,
    /// What was promised and is not kept yet, and by when.
    pub promise: Option<(String, Timestamp)>,
    /// When they were first answered.
    pub answered_at: Option<Timestamp>,
    /// When it was settled.
    pub solved_at: Option<Timestamp>,
    /// When somebody is to ask whether it stayed so.
    pub follow_up_at: Option<Timestamp>,
}

/// Something that happened to a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// Who did it; `None`: the program saw it.
    pub who: Option<String>,
    /// What it was.
    pub what: What,
    /// A note, a promise, a reason; mostly nothing.
    pub detail: String,
}

#[derive(FromRow)]
struct CaseRow {
    id: i64,
    brand: String,
    author_id: Option<i64>,
    severity: String,
    rule: String,
    state: String,
    dismissal: Option<String>,
    owner: Option<String>,
    opened_at: i64,
    first_word_at: i64,
    waits_since: Option<i64>,
    due_at: Option<i64>,
    snoozed_until: Option<i64>,
    promise: Option<String>,
    promised_at: Option<i64>,
    answered_at: Option<i64>,
    solved_at: Option<i64>,
    follow_up_at: Option<i64>,
}

/// The columns of a case `c`.
const COLUMNS: &str = "c.id, (SELECT name FROM brand WHERE id = c.brand_id) AS brand, c.author_id, c.severity, c.rule, c.state,
    c.dismissal, c.owner, c.opened_at, c.first_word_at, c.waits_since, c.due_at, c.snoozed_until, c.promise, c.promised_at,
    c.answered_at, c.solved_at, c.follow_up_at";

impl From<CaseRow> for Case {
    fn from(row: CaseRow) -> Self {
        let at = |seconds: Option<i64>| seconds.map(Timestamp::from_seconds);
        Self {
            id: row.id,
            brand: row.brand,
            author_id: row.author_id,
            // The table allows no other names.
            severity: Severity::parse(&row.severity).unwrap_or(Severity::Normal),
            rule: row.rule,
            state: State::parse(&row.state).unwrap_or(State::New),
            dismissal: row.dismissal.as_deref().and_then(Dismissal::parse),
            owner: row.owner,
            opened_at: Timestamp::from_seconds(row.opened_at),
            first_word_at: Timestamp::from_seconds(row.first_word_at),
            waits_since: at(row.waits_since),
            due_at: at(row.due_at),
            snoozed_until: at(row.snoozed_until),
            promise: row.promise.zip(at(row.promised_at)),
            answered_at: at(row.answered_at),
            solved_at: at(row.solved_at),
            follow_up_at: at(row.follow_up_at),
        }
    }
}

impl Store {
    /// A case, if there is one of this number.
    pub async fn case(&self, id: i64) -> Result<Option<Case>, StoreError> {
        let query = format!("SELECT {COLUMNS} FROM outreach_case AS c WHERE c.id = ?1");
        let row: Option<CaseRow> =
            sqlx::query_as(sqlx::AssertSqlSafe(query)).bind(id).fetch_optional(&self.reader).await?;
        Ok(row.map(Case::from))
    }

    /// What happened to a case, the first first.
    pub async fn case_events(&self, id: i64) -> Result<Vec<Event>, StoreError> {
        let rows: Vec<(i64, Option<String>, String, String)> =
            sqlx::query_as("SELECT at, who, what, detail FROM case_event WHERE case_id = ?1 ORDER BY id")
                .bind(id)
                .fetch_all(&self.reader)
                .await?;
        let event = |(at, who, what, detail): (i64, _, String, _)| {
            Some(Event { at: Timestamp::from_seconds(at), who, what: What::parse(&what)?, detail })
        };
        Ok(rows.into_iter().filter_map(event).collect())
    }

    /// The mentions of a case, the first said first.
    pub async fn case_mentions(&self, id: i64) -> Result<Vec<i64>, StoreError> {
        Ok(sqlx::query_scalar(
            "SELECT m.id FROM case_mention JOIN mention AS m ON m.id = mention_id WHERE case_id = ?1
             ORDER BY m.said_at, m.id",
        )
        .bind(id)
        .fetch_all(&self.reader)
        .await?)
    }

    /// The case that a mention belongs to.
    pub async fn case_of(&self, mention: i64) -> Result<Option<i64>, StoreError> {
        Ok(sqlx::query_scalar("SELECT case_id FROM case_mention WHERE mention_id = ?1")
            .bind(mention)
            .fetch_optional(&self.reader)
            .await?)
    }
}

/// Writes down what happened to a case.
pub(in crate::store) async fn record(
    connection: &mut SqliteConnection,
    case: i64,
    who: Option<&Actor>,
    what: What,
    detail: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO case_event (case_id, at, who, what, detail) VALUES (?1, ?2, ?3, ?4, ?5)")
        .bind(case)
        .bind(now.seconds())
        .bind(who.map(|actor| actor.who.as_str()))
        .bind(what.name())
        .bind(detail)
        .execute(connection)
        .await?;
    Ok(())
}
