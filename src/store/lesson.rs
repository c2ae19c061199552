//! What a model can learn from: what people say, and what reviewers say with their stars.

use std::collections::HashSet;

use futures_util::TryStreamExt as _;
use sqlx::FromRow;

use super::text::{TextRow, label, text_columns};
use super::{Store, StoreError};
use crate::analyse::adapt::Lesson;
use crate::mention::Timestamp;

/// At most so many lessons, the newest: older ones are about another product.
pub const MOST_LESSONS: usize = 20_000;

#[derive(FromRow)]
struct Corrected {
    label: i8,
    #[sqlx(flatten)]
    text: TextRow,
}

impl Store {
    /// Every correction, then the reviews with stars that first arrived since then; each the newest first, and each text once,
    /// however many mentions carry it. A person's word counts before stars, a newer word before an older one.
    pub async fn lessons(&self, since: Timestamp) -> Result<Vec<Lesson>, StoreError> {
        let mut met = HashSet::new();
        let mut lessons = self.corrected(&mut met).await?;
        let mut texts = std::pin::pin!(self.texts(since));
        while lessons.len() < MOST_LESSONS
            && let Some(text) = texts.try_next().await?
        {
            if let Some((label, by_hand)) = text.known().filter(|_| met.insert(text.cluster)) {
                lessons.push(Lesson { mention: text.mention, label, by_hand });
            }
        }
        Ok(lessons)
    }

    async fn corrected(&self, met: &mut HashSet<i64>) -> Result<Vec<Lesson>, StoreError> {
        let mut rows = sqlx::query_as::<_, Corrected>(concat!(
            "SELECT c.label, ",
            text_columns!(),
            "FROM correction AS c JOIN revision AS r ON r.id = c.revision_id JOIN mention AS m ON m.id = c.mention_id
             ORDER BY c.id DESC"
        ))
        .fetch(&self.reader);
        let mut lessons = Vec::new();
        while lessons.len() < MOST_LESSONS
            && let Some(Corrected { label: sign, text }) = rows.try_next().await?
        {
            if let Some(label) = label(sign).filter(|_| met.insert(text.cluster_id)) {
                lessons.push(Lesson { mention: text.mention(), label, by_hand: true });
            }
        }
        Ok(lessons)
    }
}
