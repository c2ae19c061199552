//! What the team wrote of late.

use crate::store::{Store, StoreError};

impl Store {
    /// The newest answers to other cases than this one, the newest first, at most so many.
    pub async fn recent_answers(&self, except: i64, most: u32) -> Result<Vec<String>, StoreError> {
        let texts = sqlx::query_scalar("SELECT text FROM answer WHERE case_id <> ?1 ORDER BY id DESC LIMIT ?2")
            .bind(except)
            .bind(most)
            .fetch_all(&self.reader)
            .await?;
        Ok(texts)
    }
}
