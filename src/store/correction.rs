//! What people say the mood of a text is.

use sqlx::SqliteConnection;

use super::{Store, StoreError};
use crate::import::{Correction, Target};
use crate::mention::Timestamp;

impl Store {
    /// Stores corrections of the current revisions; for each, whether its mention was found. All of them or none.
    pub async fn correct(
        &self,
        corrections: &[Correction],
        by: Option<&str>,
        now: Timestamp,
    ) -> Result<Vec<bool>, StoreError> {
        let mut transaction = self.begin().await?;
        let mut found = Vec::with_capacity(corrections.len());
        for correction in corrections {
            let mention = find(&mut transaction, &correction.target).await?;
            if let Some((mention_id, revision_id)) = mention {
                sqlx::query(
                    "INSERT INTO correction (mention_id, revision_id, label, made_at, made_by)
                     VALUES (?1, ?2, ?3, ?4, ?5)",
                )
                .bind(mention_id)
                .bind(revision_id)
                .bind(correction.label.sign())
                .bind(now.seconds())
                .bind(by)
                .execute(&mut *transaction)
                .await?;
            }
            found.push(mention.is_some());
        }
        transaction.commit().await?;
        Ok(found)
    }
}

/// A mention and its current revision.
async fn find(connection: &mut SqliteConnection, target: &Target) -> Result<Option<(i64, i64)>, StoreError> {
    let query = match target {
        Target::Native { source, native_id } => sqlx::query_as(
            "SELECT id, revision_id FROM mention
             WHERE source_id = (SELECT id FROM source WHERE name = ?1) AND native_id = ?2",
        )
        .bind(source)
        .bind(native_id),
        Target::Exported(id) => sqlx::query_as("SELECT id, revision_id FROM mention WHERE id = ?1").bind(id),
    };
    Ok(query.fetch_optional(connection).await?)
}
