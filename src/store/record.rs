//! Stored mentions on their way out, one at a time.

use futures_util::{Stream, StreamExt as _};
use sqlx::FromRow;

use super::{Store, StoreError};
use crate::export::Record;
use crate::mention::{Label, Language, Timestamp};

#[derive(FromRow)]
struct Row {
    id: i64,
    brand: Option<String>,
    source: String,
    native_id: String,
    published_at: Option<i64>,
    first_seen_at: i64,
    edited_at: Option<i64>,
    language: Option<String>,
    author: Option<String>,
    cluster_id: i64,
    label: Option<i8>,
    score: Option<f64>,
    emotions: String,
    intents: String,
    topics: String,
    urgency: f64,
    contradicts: bool,
    rating: Option<f64>,
    rating_best: Option<f64>,
    title: Option<String>,
    text: String,
    url: Option<String>,
}

impl From<Row> for Record {
    fn from(row: Row) -> Self {
        Self {
            id: row.id.to_string(),
            brand: row.brand,
            source: row.source,
            native_id: Some(row.native_id),
            published_at: row.published_at.map(Timestamp::from_seconds),
            ingested_at: Timestamp::from_seconds(row.first_seen_at),
            edited_at: row.edited_at.map(Timestamp::from_seconds),
            lang: row.language.as_deref().and_then(Language::parse),
            author: row.author,
            dup_key: Some(row.cluster_id.to_string()),
            label: Label::ALL.into_iter().find(|label| Some(label.sign()) == row.label),
            score: row.score,
            emotions: names(&row.emotions),
            intent: names(&row.intents),
            topics: names(&row.topics),
            urgency: Some(row.urgency),
            contradicts: Some(row.contradicts),
            rating: row.rating,
            rating_best: row.rating_best,
            title: row.title,
            text: row.text,
            url: row.url,
        }
    }
}

/// A list of names. What is none is no reason to give no export at all.
fn names(json: &str) -> Vec<String> {
    serde_json::from_str(json).unwrap_or_default()
}

/// The words as a query of FTS5 in which none of them is an operator: each is a string, and all must occur.
fn all_of(words: &str) -> String {
    words.split_whitespace().map(|word| format!("\"{}\"", word.replace('"', "\"\""))).collect::<Vec<_>>().join(" ")
}

impl Store {
    /// Every mention in its current revision, in the order of arrival; about one brand, if one is named; with all of these
    /// words, if any are given (whole words, without regard to case and accents).
    ///
    /// What was removed at its source or put aside is left out; what a person says of a mood stands for what the model
    /// does. A mention about several brands names them all, separated by `; `.
    pub fn records<'a>(
        &'a self,
        brand: Option<&'a str>,
        words: Option<&str>,
    ) -> impl Stream<Item = Result<Record, StoreError>> + 'a {
        sqlx::query_as::<_, Row>(
            "SELECT m.id, m.native_id, m.published_at, m.first_seen_at, m.edited_at, m.cluster_id, m.url,
                 source.name AS source, author.name AS author, a.language, a.label, a.score,
                 a.emotions, a.intents, a.topics, a.urgency, a.contradicts,
                 r.rating, r.rating_best, r.title, r.text,
                 (SELECT group_concat(name, '; ') FROM mention_brand JOIN brand ON brand.id = brand_id
                  WHERE mention_id = m.id) AS brand
             FROM mention AS m
             JOIN source ON source.id = m.source_id
             LEFT JOIN author ON author.id = m.author_id
             JOIN revision AS r ON r.id = m.revision_id
             JOIN reading AS a ON a.revision_id = r.id
             WHERE m.removed_at IS NULL AND m.set_aside IS NULL AND (?1 IS NULL OR EXISTS (
                 SELECT 1 FROM mention_brand JOIN brand ON brand.id = brand_id WHERE mention_id = m.id AND name = ?1))
                 AND (?2 IS NULL OR m.id IN (SELECT rowid FROM mention_text WHERE mention_text MATCH ?2))
             ORDER BY m.id",
        )
        .bind(brand)
        .bind(words.filter(|words| !words.trim().is_empty()).map(all_of))
        .fetch(&self.reader)
        .map(|row| Ok(Record::from(row?)))
    }
}
