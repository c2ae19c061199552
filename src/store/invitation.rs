//! Links by which people choose their own password: those who are new, and those who have forgotten theirs.

use secrecy::SecretString;
use sqlx::{SqliteConnection, SqliteExecutor};

use super::account::{AccountRow, NewAccount, act, columns, insert, set_password};
use super::{Store, StoreError, audit};
use crate::account::{Account, Action, Actor, INVITATION_SECONDS, Token};
use crate::mention::Timestamp;

impl Store {
    /// Makes an account without a password, and the link that gives it one; its number, or `None` if the name is taken.
    pub async fn invite(
        &self,
        new: &NewAccount<'_>,
        link: &Token,
        by: &Actor,
        now: Timestamp,
    ) -> Result<Option<i64>, StoreError> {
        let mut transaction = self.begin().await?;
        let Some(id) = insert(&mut transaction, new, by, now).await? else { return Ok(None) };
        keep(&mut transaction, id, link, now).await?;
        audit::record(&mut transaction, &act(by, Action::MakeLink, new.name.as_str(), ""), now).await?;
        transaction.commit().await?;
        Ok(Some(id))
    }

    /// Makes another link for an account, in the place of one that is open; its name. `None` if there is no such
    /// account, if it is disabled, or if an identity provider vouches for it.
    pub async fn make_link(
        &self,
        account: i64,
        link: &Token,
        by: &Actor,
        now: Timestamp,
    ) -> Result<Option<String>, StoreError> {
        let mut transaction = self.begin().await?;
        let name: Option<String> =
            sqlx::query_scalar("SELECT name FROM account WHERE id = ?1 AND disabled_at IS NULL AND issuer IS NULL")
                .bind(account)
                .fetch_optional(&mut *transaction)
                .await?;
        let Some(name) = name else { return Ok(None) };
        keep(&mut transaction, account, link, now).await?;
        audit::record(&mut transaction, &act(by, Action::MakeLink, &name, ""), now).await?;
        transaction.commit().await?;
        Ok(Some(name))
    }

    /// For which account this link is; `None` if it was used, replaced, or is too old.
    pub async fn invited(&self, link: &Token, now: Timestamp) -> Result<Option<Account>, StoreError> {
        of_link(&self.reader, link, now).await
    }

    /// Uses a link: its account has this password from now on, and all of its sessions end. `None` as for
    /// [`Store::invited`].
    pub async fn accept(
        &self,
        link: &Token,
        hash: &SecretString,
        now: Timestamp,
    ) -> Result<Option<Account>, StoreError> {
        let mut transaction = self.begin().await?;
        let Some(account) = of_link(&mut *transaction, link, now).await? else { return Ok(None) };
        set_password(&mut transaction, account.id, hash).await?;
        let act = act(&Actor::of(&account), Action::ChangePassword, &account.name, "by a link");
        audit::record(&mut transaction, &act, now).await?;
        transaction.commit().await?;
        Ok(Some(account))
    }

    /// Which accounts have a link that nobody has used yet, and until when it holds.
    pub async fn open_links(&self, now: Timestamp) -> Result<Vec<(i64, Timestamp)>, StoreError> {
        let rows: Vec<(i64, i64)> =
            sqlx::query_as("SELECT account_id, expires_at FROM invitation WHERE expires_at > ?1")
                .bind(now.seconds())
                .fetch_all(&self.reader)
                .await?;
        Ok(rows.into_iter().map(|(account, at)| (account, Timestamp::from_seconds(at))).collect())
    }
}

async fn of_link(
    executor: impl SqliteExecutor<'_>,
    link: &Token,
    now: Timestamp,
) -> Result<Option<Account>, StoreError> {
    let row: Option<AccountRow> = sqlx::query_as(concat!(
        "SELECT ",
        columns!(),
        " FROM invitation JOIN account ON account.id = account_id WHERE token_hash = ?1 AND expires_at > ?2"
    ))
    .bind(&link.hash()[..])
    .bind(now.seconds())
    .fetch_optional(executor)
    .await?;
    Ok(row.map(AccountRow::account))
}

async fn keep(connection: &mut SqliteConnection, account: i64, link: &Token, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO invitation (account_id, token_hash, expires_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (account_id) DO UPDATE SET token_hash = excluded.token_hash, expires_at = excluded.expires_at",
    )
    .bind(account)
    .bind(&link.hash()[..])
    .bind(now.seconds() + INVITATION_SECONDS)
    .execute(connection)
    .await?;
    Ok(())
}

/// A link that is open is worthless from now on.
pub(super) async fn withdraw(connection: &mut SqliteConnection, account: i64) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM invitation WHERE account_id = ?1").bind(account).execute(connection).await?;
    Ok(())
}
