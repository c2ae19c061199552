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
}

impl Store {
    /// Somebody's saved views, or those that were saved without an account; by name.
    pub async fn saved_views(&self, who: Option<&str>) -> Result<Vec<SavedView>, StoreError> {
        Ok(sqlx::query_as("SELECT id, name, query FROM saved_view WHERE who IS ?1 ORDER BY name COLLATE NOCASE, id")
            .bind(who)
            .fetch_all(&self.reader)
            .await?)
    }

    /// Saves a view; in the place of one that has the name.
    pub async fn save_view(
        &self,
        name: &str,
        view: &View,
        who: Option<&str>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO saved_view (name, query, who, created_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET query = excluded.query, created_at = excluded.created_at",
        )
        .bind(name)
        .bind(view.query())
        .bind(who)
        .bind(now.seconds())
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// Deletes somebody's saved view; false if they have none of this number.
    pub async fn delete_view(&self, id: i64, who: Option<&str>) -> Result<bool, StoreError> {
        let gone = sqlx::query("DELETE FROM saved_view WHERE id = ?1 AND who IS ?2")
            .bind(id)
            .bind(who)
            .execute(&self.writer)
            .await?;
        Ok(gone.rows_affected() > 0)
    }
}
