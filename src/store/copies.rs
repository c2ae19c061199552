//! Texts that were met more than once: where first, and where most.

use serde::Serialize;
use sqlx::FromRow;

use super::{Store, StoreError};
use crate::mention::Timestamp;

/// A text and its copies. The mood counts it once; its reach is all of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Copied {
    /// How many mentions carry it.
    pub mentions: u64,
    /// In how many sources, counting each publisher that an aggregator names as one of its own.
    pub places: u64,
    /// Where it was met first: publisher, else source.
    pub first_place: String,
    /// When it was published there, else when it arrived.
    pub first_at: Timestamp,
    /// Where to read it there.
    pub first_url: Option<String>,
    /// Where it was met most often.
    pub widest_place: String,
    /// How often.
    pub widest_mentions: u64,
    /// Title and text, as they were met first.
    pub text: String,
}

#[derive(FromRow)]
struct Row {
    mentions: i64,
    places: i64,
    first_place: String,
    first_at: i64,
    first_url: Option<String>,
    widest_place: String,
    widest_mentions: i64,
    title: Option<String>,
    text: String,
}

impl From<Row> for Copied {
    fn from(row: Row) -> Self {
        let first = crate::mention::Mention { title: row.title, text: row.text, ..Default::default() };
        Self {
            mentions: row.mentions.cast_unsigned(),
            places: row.places.cast_unsigned(),
            first_place: row.first_place,
            first_at: Timestamp::from_seconds(row.first_at),
            first_url: row.first_url,
            widest_place: row.widest_place,
            widest_mentions: row.widest_mentions.cast_unsigned(),
            text: first.full_text().into_owned(),
        }
    }
}

impl Store {
    /// Texts about a brand (or about any) that have been met more than once and of which a copy arrived since then, the most
    /// copied first; at most so many.
    pub async fn copies(&self, brand: Option<&str>, since: Timestamp, most: u32) -> Result<Vec<Copied>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "WITH met AS (
                 SELECT m.id, m.cluster_id, m.url, coalesce(m.published_at, m.first_seen_at) AS at,
                     coalesce(nullif(m.publisher, ''), source.name) AS place, m.revision_id
                 FROM mention AS m JOIN source ON source.id = m.source_id
                 WHERE m.removed_at IS NULL AND m.set_aside IS NULL AND m.cluster_id IN (
                     SELECT cluster_id FROM mention
                     WHERE cluster_id <> id AND removed_at IS NULL AND set_aside IS NULL AND first_seen_at >= ?2)
                     AND (?1 IS NULL OR EXISTS (SELECT 1 FROM mention_brand AS about JOIN brand ON brand.id = about.brand_id
                         WHERE about.mention_id = m.id AND brand.name = ?1))
             ),
             place AS (SELECT cluster_id, place, count(*) AS mentions, min(at) AS at FROM met GROUP BY 1, 2)
             SELECT count(*) AS mentions, count(DISTINCT met.place) AS places,
                 first.place AS first_place, first.at AS first_at, first.url AS first_url,
                 widest.place AS widest_place, widest.mentions AS widest_mentions, r.title, r.text
             FROM met
             JOIN met AS first ON first.id = (SELECT id FROM met AS other WHERE other.cluster_id = met.cluster_id ORDER BY at, id LIMIT 1)
             JOIN place AS widest ON widest.cluster_id = met.cluster_id AND widest.place = (
                 SELECT place FROM place AS other WHERE other.cluster_id = met.cluster_id ORDER BY mentions DESC, at, place LIMIT 1)
             JOIN revision AS r ON r.id = first.revision_id
             GROUP BY met.cluster_id HAVING count(*) > 1 ORDER BY mentions DESC, first_at DESC, met.cluster_id LIMIT ?3",
        )
        .bind(brand)
        .bind(since.seconds())
        .bind(most)
        .fetch_all(&self.reader)
        .await?;
        Ok(rows.into_iter().map(Copied::from).collect())
    }
}
