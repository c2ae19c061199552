//! Sessions, and the tries to begin one.

use sqlx::{FromRow, SqliteConnection};

use super::account::{AccountRow, act, columns};
use super::{Store, StoreError, audit};
use crate::account::{Account, Action, Actor, IDLE_SECONDS, SEEN_SECONDS, SESSION_SECONDS, Token, throttle};
use crate::mention::Timestamp;

/// A session of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// In our database; opens nothing.
    pub id: i64,
    /// When it began.
    pub created_at: Timestamp,
    /// When they were last seen in it, give or take [`SEEN_SECONDS`].
    pub seen_at: Timestamp,
}

#[derive(FromRow)]
struct SessionRow {
    session_id: i64,
    session_created_at: i64,
    session_seen_at: i64,
    #[sqlx(flatten)]
    account: AccountRow,
}

/// Whether a try to log in is heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// It is, and counts as a failure until it is [forgiven](Store::forgive).
    Heard(Vec<i64>),
    /// Not before then.
    TooEarly(Timestamp),
}

impl Store {
    /// Begins a session, and ends the one that this browser had before.
    pub async fn begin_session(
        &self,
        account: &Account,
        token: &Token,
        before: Option<&Token>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query("DELETE FROM session WHERE token_hash = ?1 OR expires_at <= ?2 OR seen_at <= ?3")
            .bind(before.map(|token| token.hash().to_vec()))
            .bind(now.seconds())
            .bind(now.seconds() - IDLE_SECONDS)
            .execute(&mut *transaction)
            .await?;
        sqlx::query(
            "INSERT INTO session (token_hash, account_id, created_at, seen_at, expires_at) VALUES (?1, ?2, ?3, ?3, ?4)",
        )
        .bind(&token.hash()[..])
        .bind(account.id)
        .bind(now.seconds())
        .bind(now.seconds() + SESSION_SECONDS)
        .execute(&mut *transaction)
        .await?;
        see(&mut transaction, account.id, now).await?;
        let by = Actor::of(account);
        audit::record(&mut transaction, &act(&by, Action::LogIn, &account.name, ""), now).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The session that this token opens, and whose it is: neither over nor of a disabled account.
    pub async fn session(&self, token: &Token, now: Timestamp) -> Result<Option<(Session, Account)>, StoreError> {
        let row: Option<SessionRow> = sqlx::query_as(concat!(
            "SELECT session.id AS session_id, session.created_at AS session_created_at,
                 session.seen_at AS session_seen_at, ",
            columns!(),
            " FROM session JOIN account ON account.id = session.account_id
             WHERE session.token_hash = ?1 AND session.expires_at > ?2 AND session.seen_at > ?3
                 AND account.disabled_at IS NULL"
        ))
        .bind(&token.hash()[..])
        .bind(now.seconds())
        .bind(now.seconds() - IDLE_SECONDS)
        .fetch_optional(&self.reader)
        .await?;
        Ok(row.map(|row| (session(row.session_id, row.session_created_at, row.session_seen_at), row.account.account())))
    }

    /// Somebody was seen in a session; written down only if the last time is a while ago.
    pub async fn see_in_session(&self, session: &Session, account: &Account, now: Timestamp) -> Result<(), StoreError> {
        if now.seconds() - session.seen_at.seconds() < SEEN_SECONDS {
            return Ok(());
        }
        let mut transaction = self.begin().await?;
        sqlx::query("UPDATE session SET seen_at = ?2 WHERE id = ?1")
            .bind(session.id)
            .bind(now.seconds())
            .execute(&mut *transaction)
            .await?;
        see(&mut transaction, account.id, now).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The sessions of an account that are not over; the one seen last comes first.
    pub async fn sessions(&self, account: i64, now: Timestamp) -> Result<Vec<Session>, StoreError> {
        let rows: Vec<(i64, i64, i64)> = sqlx::query_as(
            "SELECT id, created_at, seen_at FROM session
             WHERE account_id = ?1 AND expires_at > ?2 AND seen_at > ?3 ORDER BY seen_at DESC, id DESC",
        )
        .bind(account)
        .bind(now.seconds())
        .bind(now.seconds() - IDLE_SECONDS)
        .fetch_all(&self.reader)
        .await?;
        Ok(rows.into_iter().map(|(id, created_at, seen_at)| session(id, created_at, seen_at)).collect())
    }

    /// Ends one session of an account; whether there was one.
    pub async fn end_session(&self, id: i64, account: &Account, now: Timestamp) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let ended = sqlx::query("DELETE FROM session WHERE id = ?1 AND account_id = ?2")
            .bind(id)
            .bind(account.id)
            .execute(&mut *transaction)
            .await?;
        let was_there = ended.rows_affected() > 0;
        if was_there {
            let by = Actor::of(account);
            audit::record(&mut transaction, &act(&by, Action::LogOut, &account.name, ""), now).await?;
        }
        transaction.commit().await?;
        Ok(was_there)
    }

    /// Somebody tries to log in. What is tried at the same time counts, too: of many tries at once no more are heard
    /// than of as many one after the other.
    pub async fn try_to_log_in(&self, subjects: &[String], now: Timestamp) -> Result<Attempt, StoreError> {
        let since = now.seconds() - throttle::WINDOW_SECONDS;
        let mut transaction = self.begin().await?;
        sqlx::query("DELETE FROM login_attempt WHERE at <= ?1").bind(since).execute(&mut *transaction).await?;
        for subject in subjects {
            let (failures, last): (u32, Option<i64>) =
                sqlx::query_as("SELECT count(*), max(at) FROM login_attempt WHERE subject = ?1")
                    .bind(subject)
                    .fetch_one(&mut *transaction)
                    .await?;
            let last = Timestamp::from_seconds(last.unwrap_or(now.seconds()));
            let allowed_at = throttle::allowed_at(failures, last);
            if allowed_at > now {
                transaction.commit().await?;
                return Ok(Attempt::TooEarly(allowed_at));
            }
        }
        let mut attempts = Vec::with_capacity(subjects.len());
        for subject in subjects {
            let inserted = sqlx::query("INSERT INTO login_attempt (subject, at) VALUES (?1, ?2)")
                .bind(subject)
                .bind(now.seconds())
                .execute(&mut *transaction)
                .await?;
            attempts.push(inserted.last_insert_rowid());
        }
        transaction.commit().await?;
        Ok(Attempt::Heard(attempts))
    }

    /// The attempt has come to a good end: neither it nor earlier ones with the same name count any more. What failed
    /// with other names from the same address does, or an account of one's own would be a licence to guess.
    pub async fn forgive(&self, attempts: &[i64]) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        if let Some(of_name) = attempts.first() {
            sqlx::query("DELETE FROM login_attempt WHERE subject = (SELECT subject FROM login_attempt WHERE id = ?1)")
                .bind(of_name)
                .execute(&mut *transaction)
                .await?;
        }
        for attempt in attempts {
            sqlx::query("DELETE FROM login_attempt WHERE id = ?1").bind(attempt).execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        Ok(())
    }
}

fn session(id: i64, created_at: i64, seen_at: i64) -> Session {
    Session { id, created_at: Timestamp::from_seconds(created_at), seen_at: Timestamp::from_seconds(seen_at) }
}

async fn see(connection: &mut SqliteConnection, account: i64, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query("UPDATE account SET seen_at = ?2 WHERE id = ?1")
        .bind(account)
        .bind(now.seconds())
        .execute(connection)
        .await?;
    Ok(())
}
