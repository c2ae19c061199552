//! What people do with cases: each step in one transaction, so that of two who reach for a case one has it.

use sqlx::SqliteConnection;

use super::{COLUMNS, Case, CaseRow, What, record, told};
use crate::account::Actor;
use crate::mention::Timestamp;
use crate::outreach::{Dismissal, Happening, State};
use crate::store::{Store, StoreError};

/// What somebody does with a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Takes it on.
    Claim,
    /// Gives it back.
    Release,
    /// Gives it to somebody else, by the name of their account; or takes it over.
    HandOver(String),
    /// Puts it off until then.
    Snooze(Timestamp),
    /// Notes something.
    Note(String),
    /// Writes down what was promised, and by when.
    Promise(String, Timestamp),
    /// Has kept the promise.
    Keep,
    /// Has answered.
    Answer,
    /// Says that it is settled; when somebody is to ask whether it stayed so.
    Solve(Timestamp),
    /// Has asked; what came of it.
    FollowUp(String),
    /// Says that there is nothing to do.
    Dismiss(Dismissal),
    /// Says that it was closed too early; when the person is to have an answer.
    Reopen(Option<Timestamp>),
}

/// Why nothing was done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such case.
    #[error("there is no such case")]
    NoCase,
    /// Somebody else has it.
    #[error("{0} has this case")]
    Taken(String),
    /// Where it stands, this cannot be done.
    #[error("a case that is {} cannot go there", .0.name())]
    State(State),
    /// Two cases of different brands, or a case and itself, do not become one.
    #[error("these cases do not belong together")]
    Apart,
    /// An answer is on its way already, or is no longer where it was.
    #[error("an answer is on its way already")]
    Pending,
    /// Nobody is a second pair of eyes for what they wrote themselves.
    #[error("somebody else has to read it")]
    Own,
}

impl Change {
    /// What happens to the state by it.
    const fn happening(&self) -> Option<Happening> {
        Some(match self {
            Self::Claim | Self::HandOver(_) => Happening::Claimed,
            Self::Release => Happening::Released,
            Self::Answer => Happening::Answered,
            Self::Solve(_) => Happening::Solved,
            Self::FollowUp(_) => Happening::FollowedUp,
            Self::Dismiss(_) => Happening::Dismissed,
            Self::Reopen(_) => Happening::Reopened,
            Self::Snooze(_) | Self::Note(_) | Self::Promise(..) | Self::Keep => return None,
        })
    }

    /// Whether somebody else's case is none of ours to do this with.
    const fn needs_owner(&self) -> bool {
        !matches!(self, Self::HandOver(_) | Self::Note(_) | Self::Reopen(_))
    }

    fn told(&self) -> (What, String) {
        match self {
            Self::HandOver(to) => (What::HandedOver, to.clone()),
            Self::Snooze(until) => (What::Snoozed, until.seconds().to_string()),
            Self::Note(note) => (What::Noted, note.clone()),
            Self::Promise(promise, _) => (What::Promised, promise.clone()),
            Self::Keep => (What::Kept, String::new()),
            Self::FollowUp(outcome) => (What::FollowedUp, outcome.clone()),
            Self::Dismiss(reason) => (What::Dismissed, reason.name().to_owned()),
            Self::Claim | Self::Release | Self::Answer | Self::Solve(_) | Self::Reopen(_) => {
                (self.happening().map_or(What::Noted, told), String::new())
            }
        }
    }

    /// The case as it is afterwards.
    fn done_to(&self, mut case: Case, state: State, actor: &Actor, now: Timestamp) -> Case {
        case.state = state;
        match self {
            Self::Claim => case.owner = Some(actor.who.clone()),
            Self::Release => case.owner = None,
            Self::HandOver(to) => case.owner = Some(to.clone()),
            Self::Snooze(until) => case.snoozed_until = Some(*until),
            Self::Note(_) => {}
            Self::FollowUp(_) => case.follow_up_at = None,
            Self::Promise(promise, by) => case.promise = Some((promise.clone(), *by)),
            Self::Keep => case.promise = None,
            Self::Answer => {
                case.answered_at = case.answered_at.or(Some(now));
                case.owner.get_or_insert_with(|| actor.who.clone());
            }
            Self::Solve(follow_up_at) => {
                (case.solved_at, case.follow_up_at) = (Some(now), Some(*follow_up_at));
                case.promise = None;
            }
            Self::Dismiss(reason) => case.dismissal = Some(*reason),
            Self::Reopen(due_at) => {
                (case.dismissal, case.solved_at, case.follow_up_at, case.owner) = (None, None, None, None);
                (case.waits_since, case.due_at) = (Some(now), *due_at);
            }
        }
        if !state.is_ours() {
            (case.waits_since, case.due_at, case.snoozed_until) = (None, None, None);
        }
        case
    }
}

impl Store {
    /// Does it, and writes down who did.
    pub async fn change_case(
        &self,
        id: i64,
        change: &Change,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Result<Case, Refusal>, StoreError> {
        let mut transaction = self.begin().await?;
        let changed = make(&mut transaction, id, change, actor, now).await?;
        transaction.commit().await?;
        Ok(changed)
    }

    /// Makes a case a part of another one about the same brand: its mentions, its history, its answers and its
    /// surveys go there.
    pub async fn merge_cases(
        &self,
        from: i64,
        into: i64,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Result<Case, Refusal>, StoreError> {
        let mut transaction = self.begin().await?;
        let (Some(part), Some(mut whole)) = (read(&mut transaction, from).await?, read(&mut transaction, into).await?)
        else {
            return Ok(Err(Refusal::NoCase));
        };
        if from == into || part.brand != whole.brand {
            return Ok(Err(Refusal::Apart));
        }
        for moved in [
            "UPDATE case_mention SET case_id = ?2, why = 'by_hand' WHERE case_id = ?1",
            "UPDATE case_event SET case_id = ?2 WHERE case_id = ?1",
            "UPDATE answer SET case_id = ?2 WHERE case_id = ?1",
            "UPDATE hand_off SET case_id = ?2 WHERE case_id = ?1",
            "UPDATE survey SET case_id = ?2 WHERE case_id = ?1",
            "DELETE FROM outreach_case WHERE id = ?1 AND ?2 = ?2",
        ] {
            sqlx::query(moved).bind(from).bind(into).execute(&mut *transaction).await?;
        }
        whole.severity = whole.severity.max(part.severity);
        whole.first_word_at = whole.first_word_at.min(part.first_word_at);
        whole.answered_at = [whole.answered_at, part.answered_at].into_iter().flatten().min();
        if part.state.is_ours() && !whole.state.is_ours() {
            // The person of that part still waits.
            (whole.state, whole.dismissal, whole.solved_at, whole.follow_up_at) = (State::Waiting, None, None, None);
        }
        if whole.state.is_ours() {
            whole.waits_since = [whole.waits_since, part.waits_since].into_iter().flatten().min();
            whole.due_at = [whole.due_at, part.due_at].into_iter().flatten().min();
        }
        write(&mut transaction, &whole).await?;
        record(&mut transaction, into, Some(actor), What::Merged, &from.to_string(), now).await?;
        transaction.commit().await?;
        Ok(Ok(whole))
    }

    /// Makes a mention of a case a case of its own; its number.
    pub async fn split_case(
        &self,
        id: i64,
        mention: i64,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Result<i64, Refusal>, StoreError> {
        let mut transaction = self.begin().await?;
        let Some(case) = read(&mut transaction, id).await? else { return Ok(Err(Refusal::NoCase)) };
        let (others, author, said_at): (i64, Option<i64>, Option<i64>) = sqlx::query_as(
            "SELECT (SELECT count(*) FROM case_mention WHERE case_id = ?1 AND mention_id <> ?2), m.author_id, m.said_at
             FROM case_mention JOIN mention AS m ON m.id = mention_id WHERE case_id = ?1 AND mention_id = ?2",
        )
        .bind(id)
        .bind(mention)
        .fetch_optional(&mut *transaction)
        .await?
        .unwrap_or_default();
        let Some(said_at) = said_at.filter(|_| others > 0) else { return Ok(Err(Refusal::Apart)) };
        let own: i64 = sqlx::query_scalar(
            "INSERT INTO outreach_case (brand_id, author_id, severity, rule, state, opened_at, first_word_at, waits_since, due_at)
             SELECT brand_id, ?2, severity, rule, 'new', ?3, ?4, ?4, due_at FROM outreach_case WHERE id = ?1 RETURNING id",
        )
        .bind(id)
        .bind(author)
        .bind(now.seconds())
        .bind(said_at)
        .fetch_one(&mut *transaction)
        .await?;
        sqlx::query("UPDATE case_mention SET case_id = ?2, why = 'by_hand' WHERE mention_id = ?1")
            .bind(mention)
            .bind(own)
            .execute(&mut *transaction)
            .await?;
        record(&mut transaction, own, Some(actor), What::Split, &case.id.to_string(), now).await?;
        record(&mut transaction, id, Some(actor), What::Split, &own.to_string(), now).await?;
        transaction.commit().await?;
        Ok(Ok(own))
    }

    /// Cases to which an answer stands in the source since the person last spoke become answered; which those are.
    pub(crate) async fn recognise_replies(&self, now: Timestamp) -> Result<Vec<i64>, StoreError> {
        let mut transaction = self.begin().await?;
        // Without a time, a reply is as old as the day on which we first see it.
        let replied: Vec<(i64, i64)> = sqlx::query_as(
            "SELECT c.id, max(coalesce(m.reply_at, ?1)) FROM outreach_case AS c
                 JOIN case_mention ON case_id = c.id JOIN mention AS m ON m.id = mention_id
             WHERE c.state IN ('new', 'claimed', 'waiting') AND m.reply_text IS NOT NULL
                 AND coalesce(m.reply_at, ?1) >= coalesce(c.waits_since, 0)
                 AND (m.reply_at IS NOT NULL OR NOT EXISTS (
                     SELECT 1 FROM case_event WHERE case_id = c.id AND what = 'reply_seen'))
             GROUP BY c.id",
        )
        .bind(now.seconds())
        .fetch_all(&mut *transaction)
        .await?;
        for (id, reply_at) in &replied {
            let Some(mut case) = read(&mut transaction, *id).await? else { continue };
            let at = Timestamp::from_seconds(*reply_at).min(now);
            case.answered_at = Some(case.answered_at.map_or(at, |before| before.min(at)));
            case.state = State::Answered;
            (case.waits_since, case.due_at, case.snoozed_until) = (None, None, None);
            write(&mut transaction, &case).await?;
            record(&mut transaction, *id, None, What::ReplySeen, "", now).await?;
        }
        // Some sources tell only the day; what stood there long before is another answer. What may not have arrived has, if it
        // stands there word for word.
        sqlx::query(
            "UPDATE answer SET state = 'seen', seen_at = ?1, due_at = NULL, error = NULL, error_german = NULL
             WHERE (state IN ('copied', 'sent') OR (state IN ('sending', 'failed')
                     AND text = (SELECT reply_text FROM mention WHERE mention.id = answer.mention_id)))
                 AND (SELECT reply_text IS NOT NULL AND coalesce(reply_at, ?1) > answer.written_at - 86400 FROM mention
                      WHERE mention.id = answer.mention_id)",
        )
        .bind(now.seconds())
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(replied.into_iter().map(|(id, _)| id).collect())
    }
}

/// Makes a change, unless it is refused; then nothing is written.
pub(super) async fn make(
    connection: &mut SqliteConnection,
    id: i64,
    change: &Change,
    actor: &Actor,
    now: Timestamp,
) -> Result<Result<Case, Refusal>, StoreError> {
    let Some(case) = read(connection, id).await? else { return Ok(Err(Refusal::NoCase)) };
    if let Some(owner) = case.owner.as_ref().filter(|owner| change.needs_owner() && **owner != actor.who) {
        return Ok(Err(Refusal::Taken(owner.clone())));
    }
    let state = match change.happening() {
        Some(happening) => match case.state.after(happening) {
            Some(state) => state,
            None => return Ok(Err(Refusal::State(case.state))),
        },
        None => case.state,
    };
    Ok(Ok(done(connection, case, state, change, actor, now).await?))
}

/// Makes a change, whoever has the case.
pub(in crate::store) async fn done(
    connection: &mut SqliteConnection,
    case: Case,
    state: State,
    change: &Change,
    actor: &Actor,
    now: Timestamp,
) -> Result<Case, StoreError> {
    let case = change.done_to(case, state, actor, now);
    write(connection, &case).await?;
    let (what, detail) = change.told();
    record(connection, case.id, Some(actor), what, &detail, now).await?;
    Ok(case)
}

pub(in crate::store) async fn read(connection: &mut SqliteConnection, id: i64) -> Result<Option<Case>, StoreError> {
    let query = format!("SELECT {COLUMNS} FROM outreach_case AS c WHERE c.id = ?1");
    let row: Option<CaseRow> = sqlx::query_as(sqlx::AssertSqlSafe(query)).bind(id).fetch_optional(connection).await?;
    Ok(row.map(Case::from))
}

async fn write(connection: &mut SqliteConnection, case: &Case) -> Result<(), StoreError> {
    let seconds = |at: Option<Timestamp>| at.map(Timestamp::seconds);
    sqlx::query(
        "UPDATE outreach_case SET severity = ?2, state = ?3, dismissal = ?4, owner = ?5, first_word_at = ?6, waits_since = ?7,
             due_at = ?8, snoozed_until = ?9, promise = ?10, promised_at = ?11, answered_at = ?12, solved_at = ?13,
             follow_up_at = ?14
         WHERE id = ?1",
    )
    .bind(case.id)
    .bind(case.severity.name())
    .bind(case.state.name())
    .bind(case.dismissal.map(Dismissal::name))
    .bind(&case.owner)
    .bind(case.first_word_at.seconds())
    .bind(seconds(case.waits_since))
    .bind(seconds(case.due_at))
    .bind(seconds(case.snoozed_until))
    .bind(case.promise.as_ref().map(|(promise, _)| promise))
    .bind(case.promise.as_ref().map(|(_, by)| by.seconds()))
    .bind(seconds(case.answered_at))
    .bind(seconds(case.solved_at))
    .bind(seconds(case.follow_up_at))
    .execute(connection)
    .await?;
    Ok(())
}
