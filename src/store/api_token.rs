//! Tokens of programs.

use sqlx::FromRow;

use super::account::{AccountRow, act, columns};
use super::{Store, StoreError, audit};
use crate::account::{Account, Action, Actor, Right, SEEN_SECONDS, Token};
use crate::mention::Timestamp;

/// A token, as it is listed: what of it opens a door is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedToken {
    /// In our database; opens nothing.
    pub id: i64,
    /// How it begins.
    pub prefix: String,
    /// What it is for.
    pub name: String,
    /// The most that it allows.
    pub scope: Right,
    /// Whose it is, by name.
    pub account: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it holds; `None`: until it is revoked.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, give or take [`SEEN_SECONDS`].
    pub last_used_at: Option<Timestamp>,
}

/// Who comes with a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bearer {
    /// Of the token, in our database.
    token: i64,
    used_at: Option<Timestamp>,
    /// For whom the program acts.
    pub account: Account,
    /// The most that the token allows.
    pub scope: Right,
}

#[derive(FromRow)]
struct TokenRow {
    id: i64,
    prefix: String,
    name: String,
    scope: String,
    account: String,
    created_at: i64,
    expires_at: Option<i64>,
    last_used_at: Option<i64>,
}

#[derive(FromRow)]
struct BearerRow {
    token_id: i64,
    scope: String,
    last_used_at: Option<i64>,
    #[sqlx(flatten)]
    account: AccountRow,
}

impl Store {
    /// Keeps the hash of a new token.
    pub async fn add_token(
        &self,
        account: &Account,
        token: &Token,
        (name, scope): (&str, Right),
        expires_at: Option<Timestamp>,
        by: &Actor,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query(
            "INSERT INTO api_token (token_hash, prefix, name, scope, account_id, created_at, expires_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )
        .bind(&token.hash()[..])
        .bind(token.prefix())
        .bind(name)
        .bind(scope.name())
        .bind(account.id)
        .bind(now.seconds())
        .bind(expires_at.map(Timestamp::seconds))
        .execute(&mut *transaction)
        .await?;
        let detail = format!("{} {}", token.prefix(), scope.name());
        audit::record(&mut transaction, &act(by, Action::AddToken, &account.name, &detail), now).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Whose token this is, and the most that it allows: neither over nor of a disabled account.
    pub async fn bearer(&self, token: &Token, now: Timestamp) -> Result<Option<Bearer>, StoreError> {
        let row: Option<BearerRow> = sqlx::query_as(concat!(
            "SELECT api_token.id AS token_id, api_token.scope, api_token.last_used_at, ",
            columns!(),
            " FROM api_token JOIN account ON account.id = api_token.account_id
             WHERE api_token.token_hash = ?1 AND (api_token.expires_at IS NULL OR api_token.expires_at > ?2)
                 AND account.disabled_at IS NULL"
        ))
        .bind(&token.hash()[..])
        .bind(now.seconds())
        .fetch_optional(&self.reader)
        .await?;
        let bearer = |row: BearerRow| Bearer {
            token: row.token_id,
            used_at: row.last_used_at.map(Timestamp::from_seconds),
            account: row.account.account(),
            scope: scope(&row.scope),
        };
        Ok(row.map(bearer))
    }

    /// A token was used; written down only if the last time is a while ago.
    pub async fn see_bearer(&self, bearer: &Bearer, now: Timestamp) -> Result<(), StoreError> {
        if bearer.used_at.is_some_and(|used_at| now.seconds() - used_at.seconds() < SEEN_SECONDS) {
            return Ok(());
        }
        sqlx::query("UPDATE api_token SET last_used_at = ?2 WHERE id = ?1")
            .bind(bearer.token)
            .bind(now.seconds())
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// The tokens of an account, or of all; the newest first.
    pub async fn tokens(&self, account: Option<i64>) -> Result<Vec<ListedToken>, StoreError> {
        let rows: Vec<TokenRow> = sqlx::query_as(
            "SELECT api_token.id, prefix, api_token.name, scope, account.name AS account, api_token.created_at,
                 expires_at, last_used_at
             FROM api_token JOIN account ON account.id = api_token.account_id
             WHERE ?1 IS NULL OR account.id = ?1 ORDER BY api_token.id DESC",
        )
        .bind(account)
        .fetch_all(&self.reader)
        .await?;
        Ok(rows.into_iter().map(listed).collect())
    }

    /// Makes a token worthless, if it is of this account (`None`: of any); whether there was one.
    pub async fn revoke_token(
        &self,
        id: i64,
        account: Option<i64>,
        by: &Actor,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let gone: Option<(i64, String)> = sqlx::query_as(
            "DELETE FROM api_token WHERE id = ?1 AND (?2 IS NULL OR account_id = ?2) RETURNING account_id, prefix",
        )
        .bind(id)
        .bind(account)
        .fetch_optional(&mut *transaction)
        .await?;
        if let Some((owner, prefix)) = &gone {
            let name: String = sqlx::query_scalar("SELECT name FROM account WHERE id = ?1")
                .bind(owner)
                .fetch_one(&mut *transaction)
                .await?;
            audit::record(&mut transaction, &act(by, Action::RevokeToken, &name, prefix), now).await?;
        }
        transaction.commit().await?;
        Ok(gone.is_some())
    }
}

/// The schema knows no other; if it ever does, this program grants the least.
fn scope(name: &str) -> Right {
    Right::parse(name).unwrap_or(Right::Read)
}

fn listed(row: TokenRow) -> ListedToken {
    ListedToken {
        id: row.id,
        prefix: row.prefix,
        name: row.name,
        scope: scope(&row.scope),
        account: row.account,
        created_at: Timestamp::from_seconds(row.created_at),
        expires_at: row.expires_at.map(Timestamp::from_seconds),
        last_used_at: row.last_used_at.map(Timestamp::from_seconds),
    }
}
