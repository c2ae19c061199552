//! Those who are at the identity provider just now.

use super::{Store, StoreError};
use crate::account::Token;
use crate::mention::Timestamp;

/// Nobody takes longer than this to say who they are.
const SECONDS: i64 = 600;

/// So many may be on their way at once; beyond that the oldest have to begin anew.
const MOST: i64 = 10_000;

/// What is kept until somebody comes back from the provider; not for printing.
pub struct OnTheWay {
    /// Has to be in the ID token.
    pub nonce: String,
    /// Goes with the code.
    pub verifier: String,
    /// Where to go then, within this site.
    pub back: String,
}

impl Store {
    /// Somebody sets out: `state` comes back from the provider, `browser` in a cookie.
    pub async fn set_out(
        &self,
        state: &Token,
        browser: &Token,
        kept: &OnTheWay,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query(
            "INSERT INTO oidc_login (state_hash, browser_hash, nonce, verifier, back, begun_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )
        .bind(&state.hash()[..])
        .bind(&browser.hash()[..])
        .bind(&kept.nonce)
        .bind(&kept.verifier)
        .bind(&kept.back)
        .bind(now.seconds())
        .execute(&mut *transaction)
        .await?;
        sqlx::query(
            "DELETE FROM oidc_login WHERE begun_at <= ?1
                 OR begun_at < (SELECT begun_at FROM oidc_login ORDER BY begun_at DESC LIMIT 1 OFFSET ?2)",
        )
        .bind(now.seconds() - SECONDS)
        .bind(MOST)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Somebody comes back, in the browser in which they set out: once, and within ten minutes.
    pub async fn come_back(
        &self,
        state: &Token,
        browser: &Token,
        now: Timestamp,
    ) -> Result<Option<OnTheWay>, StoreError> {
        let kept: Option<(String, String, String)> = sqlx::query_as(
            "DELETE FROM oidc_login WHERE state_hash = ?1 AND browser_hash = ?2 AND begun_at > ?3
             RETURNING nonce, verifier, back",
        )
        .bind(&state.hash()[..])
        .bind(&browser.hash()[..])
        .bind(now.seconds() - SECONDS)
        .fetch_optional(&self.writer)
        .await?;
        Ok(kept.map(|(nonce, verifier, back)| OnTheWay { nonce, verifier, back }))
    }
}
