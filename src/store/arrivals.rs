//! What arrived about a brand, as the detector saw it.

use std::ops::Range;

use futures_util::TryStreamExt as _;
use sqlx::FromRow;

use super::{Store, StoreError};
use crate::alert::Excerpt;
use crate::detect::Observation;
use crate::mention::{Label, Language, Timestamp};

/// At most so many arrivals are handed out at once; a first run over a long history takes several turns.
const TURN: i64 = 20_000;

/// Some arrivals about a brand, in their order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Turn {
    /// Those whose mood can be told.
    pub observations: Vec<Observation>,
    /// The id of the newest.
    pub through: i64,
    /// There are more after it.
    pub more: bool,
}

/// The columns of an observation; `copy` is true where an earlier mention about the same brand carried the text.
///
/// The label is that of the first revision: what the detector saw does not change when a review is edited.
macro_rules! arrivals {
    ($tail:literal) => {
        concat!(
            "SELECT m.id, m.first_seen_at, m.published_at, source.name AS source, a.language, a.label, a.score,
                 m.author_id, m.cluster_id, m.backfill, a.topics, r.title, r.text, m.url,
                 m.removed_at IS NOT NULL OR m.set_aside IS NOT NULL AS is_gone,
                 m.cluster_id <> m.id AND EXISTS (
                     SELECT 1 FROM mention AS earlier JOIN mention_brand AS b ON b.mention_id = earlier.id
                     WHERE earlier.cluster_id = m.cluster_id AND earlier.id < m.id AND b.brand_id = about.brand_id
                 ) AS copy
             FROM mention_brand AS about
             JOIN mention AS m ON m.id = about.mention_id
             JOIN source ON source.id = m.source_id
             JOIN revision AS r ON r.id = (SELECT min(id) FROM revision WHERE mention_id = m.id)
             JOIN analysis AS a ON a.revision_id = r.id AND a.current = 1
             WHERE about.brand_id = (SELECT id FROM brand WHERE name = ?1) ",
            $tail
        )
    };
}

#[derive(FromRow)]
struct Row {
    id: i64,
    first_seen_at: i64,
    published_at: Option<i64>,
    source: String,
    language: Option<String>,
    label: Option<i8>,
    score: Option<f64>,
    author_id: Option<i64>,
    cluster_id: i64,
    topics: String,
    backfill: bool,
    title: Option<String>,
    text: String,
    url: Option<String>,
    is_gone: bool,
    copy: bool,
}

impl Row {
    fn label(&self) -> Option<Label> {
        Label::ALL.into_iter().find(|label| Some(label.sign()) == self.label)
    }

    /// `None` where the mood cannot be told: it says nothing about a shift.
    fn observation(&self) -> Option<Observation> {
        Some(Observation {
            arrived_at: Timestamp::from_seconds(self.first_seen_at),
            published_at: self.published_at.map(Timestamp::from_seconds),
            segment: format!("{}:{}", self.source, self.language.as_deref().unwrap_or("")),
            author: self.author_id.map(i64::cast_unsigned),
            text: self.cluster_id.cast_unsigned(),
            topics: serde_json::from_str(&self.topics).unwrap_or_default(),
            label: self.label()?,
            copy: self.copy,
            backfill: self.backfill,
        })
    }

    /// What was deleted or put aside counts as it was heard, but nobody is quoted with it any more.
    fn excerpt(mut self) -> Option<(Observation, Excerpt)> {
        let observation = self.observation()?;
        if self.is_gone {
            (self.title, self.text, self.url) = (None, String::new(), None);
        }
        let mention = crate::mention::Mention { title: self.title, text: self.text, ..Default::default() };
        let excerpt = Excerpt {
            arrived_at: observation.arrived_at,
            source: self.source,
            language: self.language.as_deref().and_then(Language::parse),
            topics: observation.topics.clone(),
            label: observation.label,
            score: self.score.unwrap_or_default(),
            text: mention.full_text().into_owned(),
            url: self.url,
        };
        Some((observation, excerpt))
    }
}

impl Store {
    /// The next arrivals about a brand after the one with this id.
    pub async fn arrivals(&self, brand: &str, after: i64) -> Result<Turn, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(arrivals!("AND about.mention_id > ?2 ORDER BY about.mention_id LIMIT ?3"))
            .bind(brand)
            .bind(after)
            .bind(TURN)
            .fetch_all(&self.reader)
            .await?;
        Ok(Turn {
            through: rows.last().map_or(after, |row| row.id),
            more: i64::try_from(rows.len()).is_ok_and(|length| length == TURN),
            observations: rows.iter().filter_map(Row::observation).collect(),
        })
    }

    /// The mentions about a brand that arrived in a span of time, in the order of arrival, as the detector saw them.
    pub async fn excerpts(
        &self,
        brand: &str,
        span: Range<Timestamp>,
    ) -> Result<Vec<(Observation, Excerpt)>, StoreError> {
        self.arrived(brand, span, Row::excerpt).await
    }

    /// The same without their texts.
    pub async fn observations(&self, brand: &str, span: Range<Timestamp>) -> Result<Vec<Observation>, StoreError> {
        self.arrived(brand, span, |row| row.observation()).await
    }

    async fn arrived<T>(
        &self,
        brand: &str,
        span: Range<Timestamp>,
        told: impl Fn(Row) -> Option<T>,
    ) -> Result<Vec<T>, StoreError> {
        let query =
            sqlx::query_as(arrivals!("AND m.first_seen_at >= ?2 AND m.first_seen_at < ?3 ORDER BY about.mention_id"));
        let rows = query.bind(brand).bind(span.start.seconds()).bind(span.end.seconds()).fetch(&self.reader);
        Ok(rows.try_filter_map(|row: Row| std::future::ready(Ok(told(row)))).try_collect().await?)
    }

    /// What is known about a brand and was published (or, where nothing is said of that, arrived) since then, in that
    /// order; at most so many, the earliest.
    pub async fn history(&self, brand: &str, since: Timestamp, most: usize) -> Result<Vec<Observation>, StoreError> {
        let query = sqlx::query_as(arrivals!(
            "AND coalesce(m.published_at, m.first_seen_at) >= ?2 AND m.removed_at IS NULL AND m.set_aside IS NULL
              ORDER BY coalesce(m.published_at, m.first_seen_at), about.mention_id LIMIT ?3"
        ));
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let rows = query.bind(brand).bind(since.seconds()).bind(most).fetch(&self.reader);
        Ok(rows.try_filter_map(|row: Row| std::future::ready(Ok(row.observation()))).try_collect().await?)
    }
}
