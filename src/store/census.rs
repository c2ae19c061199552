//! How much of what is there: for summaries.

use super::{Store, StoreError};
use crate::mention::Timestamp;

/// Numbers about everything that is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Census {
    /// Sources by name, with their mentions.
    pub sources: Vec<(String, i64)>,
    /// Languages by code (`None`: cannot tell), with their mentions, the most frequent first.
    pub languages: Vec<(Option<String>, i64)>,
    /// Mentions with more than one revision.
    pub edited: i64,
    /// The text that most mentions carry: how many, and its title or beginning.
    pub widest_text: Option<(i64, String)>,
    /// The most mentions that one author wrote in one source within a day (UTC): source, day and number.
    pub busiest_author: Option<(String, Timestamp, i64)>,
}

impl Store {
    /// Counts.
    pub async fn census(&self) -> Result<Census, StoreError> {
        let busiest: Option<(String, i64, i64)> = sqlx::query_as(
            "SELECT source.name, first_seen_at / 86400 * 86400, count(*) FROM mention
             JOIN source ON source.id = source_id WHERE author_id IS NOT NULL AND backfill = 0
             GROUP BY author_id, 2 ORDER BY 3 DESC, 2 LIMIT 1",
        )
        .fetch_optional(&self.reader)
        .await?;
        Ok(Census {
            sources: sqlx::query_as(
                "SELECT name, count(mention.id) FROM source LEFT JOIN mention ON source_id = source.id
                 GROUP BY name ORDER BY source.id",
            )
            .fetch_all(&self.reader)
            .await?,
            languages: sqlx::query_as(
                "SELECT language, count(*) FROM mention JOIN analysis USING (revision_id) WHERE current = 1
                 GROUP BY 1 ORDER BY 2 DESC, 1",
            )
            .fetch_all(&self.reader)
            .await?,
            edited: sqlx::query_scalar(
                "SELECT count(*) FROM (SELECT 1 FROM revision GROUP BY mention_id HAVING count(*) > 1)",
            )
            .fetch_one(&self.reader)
            .await?,
            widest_text: sqlx::query_as(
                "SELECT count(*) AS copies, coalesce(title, substr(text, 1, 60)) FROM mention
                 JOIN revision ON revision.id = (SELECT revision_id FROM mention AS m WHERE m.id = mention.cluster_id)
                 GROUP BY cluster_id HAVING copies > 1 ORDER BY copies DESC, cluster_id LIMIT 1",
            )
            .fetch_optional(&self.reader)
            .await?,
            busiest_author: busiest.map(|(source, day, count)| (source, Timestamp::from_seconds(day), count)),
        })
    }
}
