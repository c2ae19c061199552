//! Accounts. Each change is written into the audit log in the same transaction.

use secrecy::{ExposeSecret as _, SecretString};
use sqlx::{FromRow, SqliteConnection};

use super::{Store, StoreError, audit, invitation};
use crate::account::{Account, Act, Action, Actor, Name, Role};
use crate::mention::Timestamp;

/// The columns of [`AccountRow`], of a table that is called `account`.
macro_rules! columns {
    () => {
        "account.id, account.name, account.shown_name, account.role, account.password_hash IS NOT NULL AS has_password,
         account.issuer, account.created_at, account.seen_at, account.disabled_at"
    };
}
pub(super) use columns;

/// An account to be made.
#[derive(Clone, Debug)]
pub struct NewAccount<'a> {
    /// By what they log in.
    pub name: &'a Name,
    /// What they are called.
    pub shown_name: &'a str,
    /// What they may do.
    pub role: Role,
    /// The hash; `None`: the identity provider lets them in, or a link will.
    pub password: Option<&'a SecretString>,
    /// Issuer and subject, as the identity provider names them.
    pub identity: Option<(&'a str, &'a str)>,
}

/// What became of a change of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// It is done, or was so already.
    Done,
    /// There is no such account.
    Unknown,
    /// It is the last one that may let people in.
    LastAdmin,
}

#[derive(FromRow)]
pub(super) struct AccountRow {
    id: i64,
    name: String,
    shown_name: String,
    role: String,
    has_password: bool,
    issuer: Option<String>,
    created_at: i64,
    seen_at: Option<i64>,
    disabled_at: Option<i64>,
}

impl AccountRow {
    pub(super) fn account(self) -> Account {
        Account {
            id: self.id,
            name: self.name,
            shown_name: self.shown_name,
            // The schema knows no other; if it ever does, this program grants the least.
            role: Role::parse(&self.role).unwrap_or(Role::Reader),
            has_password: self.has_password,
            issuer: self.issuer,
            created_at: Timestamp::from_seconds(self.created_at),
            seen_at: self.seen_at.map(Timestamp::from_seconds),
            disabled_at: self.disabled_at.map(Timestamp::from_seconds),
        }
    }
}

impl Store {
    /// Whether anybody has an account, disabled or not.
    pub async fn has_accounts(&self) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM account)").fetch_one(&self.reader).await?)
    }

    /// All of them, by name.
    pub async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        let rows: Vec<AccountRow> = sqlx::query_as(concat!("SELECT ", columns!(), " FROM account ORDER BY name"))
            .fetch_all(&self.reader)
            .await?;
        Ok(rows.into_iter().map(AccountRow::account).collect())
    }

    /// The account of that name, and the hash of its password.
    pub async fn account(&self, name: &Name) -> Result<Option<(Account, Option<SecretString>)>, StoreError> {
        let row: Option<AccountRow> = sqlx::query_as(concat!("SELECT ", columns!(), " FROM account WHERE name = ?1"))
            .bind(name.as_str())
            .fetch_optional(&self.reader)
            .await?;
        let Some(account) = row.map(AccountRow::account) else { return Ok(None) };
        let hash: Option<String> = sqlx::query_scalar("SELECT password_hash FROM account WHERE id = ?1")
            .bind(account.id)
            .fetch_optional(&self.reader)
            .await?
            .flatten();
        Ok(Some((account, hash.map(SecretString::from))))
    }

    /// The account that an identity provider knows by this.
    pub async fn account_of(&self, issuer: &str, subject: &str) -> Result<Option<Account>, StoreError> {
        let row: Option<AccountRow> =
            sqlx::query_as(concat!("SELECT ", columns!(), " FROM account WHERE issuer = ?1 AND subject = ?2"))
                .bind(issuer)
                .bind(subject)
                .fetch_optional(&self.reader)
                .await?;
        Ok(row.map(AccountRow::account))
    }

    /// Makes an account; its number, or `None` if the name is taken.
    pub async fn add_account(
        &self,
        new: &NewAccount<'_>,
        by: &Actor,
        now: Timestamp,
    ) -> Result<Option<i64>, StoreError> {
        let mut transaction = self.begin().await?;
        let id = insert(&mut transaction, new, by, now).await?;
        transaction.commit().await?;
        Ok(id)
    }

    /// Gives an account another role.
    pub async fn change_role(&self, id: i64, role: Role, by: &Actor, now: Timestamp) -> Result<Changed, StoreError> {
        let mut transaction = self.begin().await?;
        let Some((name, before)) = name_and_role(&mut transaction, id).await? else { return Ok(Changed::Unknown) };
        if role != Role::Admin && !others_administer(&mut transaction, id).await? {
            return Ok(Changed::LastAdmin);
        }
        sqlx::query("UPDATE account SET role = ?2 WHERE id = ?1")
            .bind(id)
            .bind(role.name())
            .execute(&mut *transaction)
            .await?;
        let detail = format!("{before} → {}", role.name());
        audit::record(&mut transaction, &act(by, Action::ChangeRole, &name, &detail), now).await?;
        transaction.commit().await?;
        Ok(Changed::Done)
    }

    /// Keeps an account from logging in and ends its sessions, or lets it in again. Its tokens hold as long as it is
    /// let in.
    pub async fn enable(&self, id: i64, is_enabled: bool, by: &Actor, now: Timestamp) -> Result<Changed, StoreError> {
        let mut transaction = self.begin().await?;
        let Some((name, _)) = name_and_role(&mut transaction, id).await? else { return Ok(Changed::Unknown) };
        if !is_enabled && !others_administer(&mut transaction, id).await? {
            return Ok(Changed::LastAdmin);
        }
        let disabled_at = (!is_enabled).then_some(now.seconds());
        sqlx::query("UPDATE account SET disabled_at = iif(?2 IS NULL, NULL, coalesce(disabled_at, ?2)) WHERE id = ?1")
            .bind(id)
            .bind(disabled_at)
            .execute(&mut *transaction)
            .await?;
        if !is_enabled {
            end_sessions(&mut transaction, id).await?;
            invitation::withdraw(&mut transaction, id).await?;
        }
        let action = if is_enabled { Action::EnableAccount } else { Action::DisableAccount };
        audit::record(&mut transaction, &act(by, action, &name, ""), now).await?;
        transaction.commit().await?;
        Ok(Changed::Done)
    }

    /// Gives an account another password and ends all of its sessions.
    pub async fn change_password(
        &self,
        id: i64,
        hash: &SecretString,
        by: &Actor,
        now: Timestamp,
    ) -> Result<Changed, StoreError> {
        let mut transaction = self.begin().await?;
        let Some((name, _)) = name_and_role(&mut transaction, id).await? else { return Ok(Changed::Unknown) };
        set_password(&mut transaction, id, hash).await?;
        audit::record(&mut transaction, &act(by, Action::ChangePassword, &name, ""), now).await?;
        transaction.commit().await?;
        Ok(Changed::Done)
    }
}

pub(super) fn act(by: &Actor, action: Action, subject: &str, detail: &str) -> Act {
    Act { actor: by.clone(), action, subject: subject.to_owned(), detail: detail.to_owned() }
}

async fn name_and_role(connection: &mut SqliteConnection, id: i64) -> Result<Option<(String, String)>, StoreError> {
    Ok(sqlx::query_as("SELECT name, role FROM account WHERE id = ?1").bind(id).fetch_optional(connection).await?)
}

/// For a transaction that makes an account; its number, or `None` if the name is taken.
pub(super) async fn insert(
    connection: &mut SqliteConnection,
    new: &NewAccount<'_>,
    by: &Actor,
    now: Timestamp,
) -> Result<Option<i64>, StoreError> {
    let id: Option<i64> = sqlx::query_scalar(
        "INSERT INTO account (name, shown_name, role, password_hash, issuer, subject, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING RETURNING id",
    )
    .bind(new.name.as_str())
    .bind(new.shown_name)
    .bind(new.role.name())
    .bind(new.password.map(SecretString::expose_secret))
    .bind(new.identity.map(|(issuer, _)| issuer))
    .bind(new.identity.map(|(_, subject)| subject))
    .bind(now.seconds())
    .fetch_optional(&mut *connection)
    .await?;
    if id.is_some() {
        let act = act(by, Action::AddAccount, new.name.as_str(), new.role.name());
        audit::record(connection, &act, now).await?;
    }
    Ok(id)
}

/// With another password, all that was opened by the one before ends.
pub(super) async fn set_password(
    connection: &mut SqliteConnection,
    id: i64,
    hash: &SecretString,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE account SET password_hash = ?2 WHERE id = ?1")
        .bind(id)
        .bind(hash.expose_secret())
        .execute(&mut *connection)
        .await?;
    invitation::withdraw(connection, id).await?;
    end_sessions(connection, id).await
}

/// Whether somebody may still let people in without this account: it is no admin, or not the only one. Who was invited
/// and has not come yet does not count.
async fn others_administer(connection: &mut SqliteConnection, id: i64) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT NOT EXISTS (SELECT 1 FROM account WHERE id = ?1 AND role = 'admin' AND disabled_at IS NULL)
             OR EXISTS (SELECT 1 FROM account WHERE id <> ?1 AND role = 'admin' AND disabled_at IS NULL
                 AND (password_hash IS NOT NULL OR issuer IS NOT NULL))",
    )
    .bind(id)
    .fetch_one(connection)
    .await?)
}

async fn end_sessions(connection: &mut SqliteConnection, account: i64) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM session WHERE account_id = ?1").bind(account).execute(connection).await?;
    Ok(())
}
