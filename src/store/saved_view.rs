//! Views that people come back to.

use sqlx::FromRow;

use super::{Store, StoreError};
use crate::mention::Timestamp;
use crate::view::View;

/// A view under a name.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct SavedView {
    /// Its number.
    pub id: i64,
    /// What somebody calls it.
    pub name: String,
    /// As it stands behind the `?` of an address.
    pub query: String,
    /// The name of the account that saved it; `None`: it was saved without accounts, and is everybody's.
    #[sqlx(rename = "who")]
    pub maker: Option<String>,
    /// What they are called.
    pub shown_name: Option<String>,
    /// Whether its maker lets everybody use it.
    pub is_shared: bool,
}

impl SavedView {
    /// Whether somebody sees it, by the name of their account.
    pub fn is_seen_by(&self, who: Option<&str>) -> bool {
        self.is_shared || self.maker.is_none() || self.maker.as_deref() == who
    }
}

/// The columns of a [`SavedView`], and where they come from.
macro_rules! views {
    () => {
        "SELECT saved_view.id, saved_view.name, query, who, shown_name, is_shared
         FROM saved_view LEFT JOIN account ON account.name = who"
    };
}

impl Store {
    /// What somebody sees: their own, those that others share, and those that were saved without accounts; by name.
    pub async fn saved_views(&self, who: Option<&str>) -> Result<Vec<SavedView>, StoreError> {
        Ok(sqlx::query_as(concat!(
            views!(),
            " WHERE who IS NULL OR is_shared = 1 OR who = ?1 ORDER BY saved_view.name COLLATE NOCASE, saved_view.id"
        ))
        .bind(who)
        .fetch_all(&self.reader)
        .await?)
    }

    /// The view of this number, whoever's it is.
    pub async fn saved_view(&self, id: i64) -> Result<Option<SavedView>, StoreError> {
        let view = sqlx::query_as(concat!(views!(), " WHERE saved_view.id = ?1"));
        Ok(view.bind(id).fetch_optional(&self.reader).await?)
    }

    /// Saves a view, in the place of one of theirs that has the name; its number.
    pub async fn save_view(
        &self,
        name: &str,
        view: &View,
        (who, is_shared): (Option<&str>, bool),
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar(
            "INSERT INTO saved_view (name, query, who, is_shared, created_at) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO UPDATE
             SET query = excluded.query, is_shared = excluded.is_shared, created_at = excluded.created_at
             RETURNING id",
        )
        .bind(name)
        .bind(view.query())
        .bind(who)
        .bind(is_shared)
        .bind(now.seconds())
        .fetch_one(&self.writer)
        .await?)
    }

    /// Deletes a view; false if there is none of this number.
    pub async fn delete_view(&self, id: i64) -> Result<bool, StoreError> {
        let gone = sqlx::query("DELETE FROM saved_view WHERE id = ?1").bind(id).execute(&self.writer).await?;
        Ok(gone.rows_affected() > 0)
    }
}
