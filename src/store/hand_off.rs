//! Cases that other systems know of: what they were told, and what they told.

use serde::Serialize;
use sqlx::{FromRow, SqliteConnection};

use super::outreach::{self, Change, What};
use super::{Store, StoreError};
use crate::account::Actor;
use crate::hand_off::{Remote, Standing};
use crate::mention::Timestamp;
use crate::outreach::{Severity, State};
use crate::tongue::Said;

/// A case in another system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HandOff {
    /// Its number here.
    pub id: i64,
    /// Which case it is.
    pub case: i64,
    /// Which desk has it, by its name in `sources.toml`.
    pub desk: String,
    /// As the other system finds it.
    pub key: String,
    /// Who passed it on; `None`: it went there by itself.
    pub made_by: Option<String>,
    /// When.
    pub made_at: Timestamp,
    /// As it is asked for there; empty until it is there.
    pub remote_id: String,
    /// As people call it there.
    pub number: Option<String>,
    /// Where people find it.
    pub url: Option<String>,
    /// How it stands there; `None`: it is not there yet.
    pub standing: Option<Standing>,
    /// When it is told and asked next; `None`: not any more.
    pub due_at: Option<Timestamp>,
    /// Attempts that failed, in a row.
    pub attempts: u32,
    /// Why the last one did.
    pub error: Option<Said>,
}

/// Something that another system is to be told of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// `mention-7`, `answer-3`, `event-12`.
    pub key: String,
    /// When it happened.
    pub at: Timestamp,
    /// Who did it; `None`: the person.
    pub who: Option<String>,
    /// What it is; `None`: the person's own words.
    pub what: Option<What>,
    /// The words.
    pub text: String,
}

#[derive(FromRow)]
struct Row {
    id: i64,
    case_id: i64,
    desk: String,
    key: String,
    made_by: Option<String>,
    made_at: i64,
    remote_id: String,
    number: Option<String>,
    url: Option<String>,
    standing: Option<String>,
    due_at: Option<i64>,
    attempts: u32,
    error: Option<String>,
    error_german: Option<String>,
}

#[derive(FromRow)]
struct NewsRow {
    key: String,
    at: i64,
    who: Option<String>,
    what: Option<String>,
    text: String,
}

impl From<NewsRow> for News {
    fn from(row: NewsRow) -> Self {
        Self {
            key: row.key,
            at: Timestamp::from_seconds(row.at),
            who: row.who,
            what: row.what.as_deref().and_then(What::parse),
            text: row.text,
        }
    }
}

const COLUMNS: &str =
    "id, case_id, desk, key, made_by, made_at, remote_id, number, url, standing, due_at, attempts, error,
    error_german";

impl From<Row> for HandOff {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            case: row.case_id,
            desk: row.desk,
            key: row.key,
            made_by: row.made_by,
            made_at: Timestamp::from_seconds(row.made_at),
            remote_id: row.remote_id,
            number: row.number,
            url: row.url,
            standing: Standing::ALL.into_iter().find(|standing| row.standing.as_deref() == Some(standing.name())),
            due_at: row.due_at.map(Timestamp::from_seconds),
            attempts: row.attempts,
            error: row.error.zip(row.error_german).map(|(english, german)| Said { german, english }),
        }
    }
}

impl Store {
    /// Passes a case on to a desk; `false`: it is there, or on its way, already. `actor` is `None` where it goes by itself.
    pub async fn pass_on(
        &self,
        case: i64,
        desk: &str,
        key: &str,
        actor: Option<&Actor>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let made = sqlx::query(
            "INSERT INTO hand_off (case_id, desk, key, made_by, made_at, due_at) SELECT ?1, ?2, ?3, ?4, ?5, ?5
             WHERE NOT EXISTS (SELECT 1 FROM hand_off WHERE case_id = ?1 AND desk = ?2) ON CONFLICT DO NOTHING",
        )
        .bind(case)
        .bind(desk)
        .bind(key)
        .bind(actor.map(|actor| &actor.who))
        .bind(now.seconds())
        .execute(&mut *transaction)
        .await?
        .rows_affected();
        if made > 0 {
            outreach::record(&mut transaction, case, actor, What::PassedOn, desk, now).await?;
        }
        transaction.commit().await?;
        Ok(made > 0)
    }

    /// The cases that go to a desk by themselves: as severe as that, opened since then, our turn, and not there yet.
    pub(crate) async fn to_pass_on(
        &self,
        desk: &str,
        from: Severity,
        since: Timestamp,
    ) -> Result<Vec<i64>, StoreError> {
        let severe: Vec<&str> = Severity::ALL.iter().filter(|one| **one >= from).map(|one| one.name()).collect();
        Ok(sqlx::query_scalar(
            "SELECT id FROM outreach_case AS c WHERE state IN ('new', 'claimed', 'waiting') AND opened_at >= ?3
                 AND severity IN (SELECT value FROM json_each(?2))
                 AND NOT EXISTS (SELECT 1 FROM hand_off WHERE case_id = c.id AND desk = ?1) ORDER BY id",
        )
        .bind(desk)
        .bind(super::save::json(&severe))
        .bind(since.seconds())
        .fetch_all(&self.reader)
        .await?)
    }

    /// Where a case was passed on to, the first first.
    pub async fn hand_offs(&self, case: i64) -> Result<Vec<HandOff>, StoreError> {
        let query = format!("SELECT {COLUMNS} FROM hand_off WHERE case_id = ?1 ORDER BY id");
        let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(query)).bind(case).fetch_all(&self.reader).await?;
        Ok(rows.into_iter().map(HandOff::from).collect())
    }

    /// What is due at a desk: what is to go there, is to be asked how it stands, or has news; the longest due first.
    pub(crate) async fn due_hand_offs(&self, desk: &str, now: Timestamp) -> Result<Vec<HandOff>, StoreError> {
        let query = format!(
            "SELECT {COLUMNS} FROM hand_off WHERE desk = ?1 AND due_at IS NOT NULL AND (due_at <= ?2 OR (attempts = 0
                 AND told_through < (SELECT max(id) FROM case_event WHERE case_id = hand_off.case_id)))
             ORDER BY due_at, id"
        );
        let rows: Vec<Row> =
            sqlx::query_as(sqlx::AssertSqlSafe(query)).bind(desk).bind(now.seconds()).fetch_all(&self.reader).await?;
        Ok(rows.into_iter().map(HandOff::from).collect())
    }

    /// What happened to a case that the other system was not told yet, in the order in which it happened; and up to which
    /// event that is. What the desk itself has told is no news to it.
    pub(crate) async fn news(&self, hand_off: &HandOff) -> Result<(Vec<News>, i64), StoreError> {
        let mut reader = self.reader.acquire().await?;
        let through: i64 = sqlx::query_scalar("SELECT coalesce(max(id), 0) FROM case_event WHERE case_id = ?1")
            .bind(hand_off.case)
            .fetch_one(&mut *reader)
            .await?;
        let rows: Vec<NewsRow> = sqlx::query_as(
            "WITH news AS (
                 SELECT 'mention-' || m.id AS key, joined_at AS at, NULL AS who, NULL AS what,
                     coalesce(r.title || char(10), '') || r.text || coalesce(char(10) || m.url, '') AS text
                 FROM case_mention AS part JOIN mention AS m ON m.id = part.mention_id JOIN revision AS r ON r.id = m.revision_id
                 WHERE part.case_id = ?1 AND m.removed_at IS NULL AND m.set_aside IS NULL
                     AND m.id <> (SELECT first.id FROM case_mention AS of JOIN mention AS first ON first.id = of.mention_id
                         WHERE of.case_id = ?1 ORDER BY first.said_at, first.id LIMIT 1)
                 UNION ALL
                 SELECT 'answer-' || id, coalesce(sent_at, seen_at, written_at), written_by, 'answered', text FROM answer
                 WHERE case_id = ?1 AND state IN ('copied', 'sent', 'seen')
                 UNION ALL
                 SELECT 'event-' || id, at, who, what, detail FROM case_event
                 WHERE case_id = ?1 AND id <= ?3 AND who IS NOT NULL AND who <> ?4
                     AND what IN ('noted', 'promised', 'kept', 'solved', 'followed_up', 'dismissed', 'reopened', 'handed_over'))
             SELECT key, at, who, what, text FROM news
             WHERE NOT EXISTS (SELECT 1 FROM hand_off_note WHERE hand_off_id = ?2 AND hand_off_note.key = news.key)
             ORDER BY at, key",
        )
        .bind(hand_off.case)
        .bind(hand_off.id)
        .bind(through)
        .bind(&hand_off.desk)
        .fetch_all(&mut *reader)
        .await?;
        Ok((rows.into_iter().map(News::from).collect(), through))
    }

    /// Keeps that the other system has these notes.
    pub(crate) async fn noted(&self, hand_off: i64, keys: &[String]) -> Result<(), StoreError> {
        sqlx::query("INSERT OR IGNORE INTO hand_off_note (hand_off_id, key) SELECT ?1, value FROM json_each(?2)")
            .bind(hand_off)
            .bind(super::save::json(&keys))
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Takes in how a case stands there: what people wrote becomes notes, and what is solved there is solved here, by the desk.
    /// Whether something has changed here.
    pub(crate) async fn read_back(
        &self,
        hand_off: &HandOff,
        remote: &Remote,
        follow_up_at: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query(
            "UPDATE hand_off SET remote_id = ?2, number = ?3, url = ?4, standing = ?5, attempts = 0, error = NULL,
                 error_german = NULL WHERE id = ?1",
        )
        .bind(hand_off.id)
        .bind(&remote.id)
        .bind(&remote.number)
        .bind(&remote.url)
        .bind(remote.standing.name())
        .execute(&mut *transaction)
        .await?;
        let desk = Actor { account: None, who: hand_off.desk.clone() };
        let mut has_changed = hand_off.standing != Some(remote.standing);
        for comment in &remote.comments {
            if is_new(&mut transaction, hand_off.id, &comment.id).await? {
                let who = comment.who.as_ref().map_or_else(String::new, |who| format!("{who}: "));
                let note = format!("{who}{}", comment.text);
                outreach::record(&mut transaction, hand_off.case, Some(&desk), What::Noted, &note, now).await?;
                has_changed = true;
            }
        }
        if remote.standing == Standing::Solved && hand_off.standing != Some(Standing::Solved) {
            solve(&mut transaction, hand_off.case, desk, follow_up_at, now).await?;
        }
        transaction.commit().await?;
        Ok(has_changed)
    }

    /// Everything was told and read: when it is asked next.
    pub(crate) async fn hand_off_done(
        &self,
        hand_off: i64,
        through: i64,
        due_at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        sqlx::query("UPDATE hand_off SET told_through = ?2, due_at = ?3 WHERE id = ?1")
            .bind(hand_off)
            .bind(through)
            .bind(due_at.map(Timestamp::seconds))
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// An attempt has failed: why, and when it is tried again; `None`: when somebody says so.
    pub(crate) async fn hand_off_failed(
        &self,
        hand_off: i64,
        why: &Said,
        due_at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE hand_off SET attempts = attempts + 1, error = ?2, error_german = ?3, due_at = ?4 WHERE id = ?1",
        )
        .bind(hand_off)
        .bind(&why.english)
        .bind(&why.german)
        .bind(due_at.map(Timestamp::seconds))
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// Tries once more what has failed.
    pub async fn retry_hand_off(&self, case: i64, hand_off: i64, now: Timestamp) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "UPDATE hand_off SET due_at = ?3, attempts = 0 WHERE id = ?2 AND case_id = ?1 AND error IS NOT NULL",
        )
        .bind(case)
        .bind(hand_off)
        .bind(now.seconds())
        .execute(&self.writer)
        .await?;
        Ok(done.rows_affected() > 0)
    }
}

async fn is_new(connection: &mut SqliteConnection, hand_off: i64, comment: &str) -> Result<bool, StoreError> {
    let kept = sqlx::query("INSERT OR IGNORE INTO hand_off_comment (hand_off_id, remote_id) VALUES (?1, ?2)")
        .bind(hand_off)
        .bind(comment)
        .execute(connection)
        .await?;
    Ok(kept.rows_affected() > 0)
}

/// Whoever has the case here: it is settled. Where it is closed already, it stays as it is.
async fn solve(
    connection: &mut SqliteConnection,
    case: i64,
    desk: Actor,
    follow_up_at: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(before) = outreach::change::read(connection, case).await? else { return Ok(()) };
    if !before.state.is_open() {
        return Ok(());
    }
    outreach::change::done(connection, before, State::Solved, &Change::Solve(follow_up_at), &desk, now).await?;
    Ok(())
}
