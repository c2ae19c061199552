//! A mention on its way out of the database.

use sqlx::FromRow;

use super::StoredMention;
use crate::mention::{Language, Rating, Timestamp};
use crate::store::text::label;

#[derive(FromRow)]
pub(super) struct Row {
    id: i64,
    source: String,
    native_id: String,
    brands: String,
    author_id: Option<i64>,
    author: Option<String>,
    publisher: Option<String>,
    url: Option<String>,
    title: Option<String>,
    text: String,
    rating: Option<f64>,
    rating_worst: Option<f64>,
    rating_best: Option<f64>,
    said_at: i64,
    first_seen_at: i64,
    edited_at: Option<i64>,
    removed_at: Option<i64>,
    set_aside: Option<String>,
    reply_text: Option<String>,
    reply_at: Option<i64>,
    app_version: Option<String>,
    country: Option<String>,
    language: Option<String>,
    label: Option<i8>,
    is_corrected: bool,
    score: Option<f64>,
    why: Option<String>,
    emotions: Option<String>,
    intents: Option<String>,
    topics: Option<String>,
    urgency: Option<f64>,
    urgent: Option<String>,
    contradicts: Option<bool>,
    cluster_id: i64,
    copies: i64,
    versions: i64,
}

/// The columns of a [`Row`]: of mention `m`, its current revision `r`, and what is thought of it, `a`.
pub(super) const COLUMNS: &str =
    "m.id, source.name AS source, m.native_id, m.author_id, author.name AS author, m.publisher, m.url,
    r.title, r.text, r.rating, r.rating_worst, r.rating_best, m.said_at, m.first_seen_at, m.edited_at, m.removed_at,
    m.set_aside, m.reply_text, m.reply_at, m.app_version, m.country, a.language, a.label, a.score, a.why, a.emotions,
    a.intents, a.topics, a.urgency, a.contradicts, m.cluster_id,
    EXISTS (SELECT 1 FROM correction WHERE revision_id = r.id) AS is_corrected,
    (SELECT json_group_array(brand.name) FROM mention_brand JOIN brand ON brand.id = brand_id WHERE mention_id = m.id)
        AS brands,
    (SELECT cause FROM urgent WHERE mention_id = m.id ORDER BY weight DESC LIMIT 1) AS urgent,
    (SELECT count(*) FROM mention AS copy WHERE copy.cluster_id = m.cluster_id AND copy.removed_at IS NULL
        AND copy.set_aside IS NULL) AS copies,
    (SELECT count(*) FROM revision WHERE mention_id = m.id) AS versions";

/// What a mention is joined with for them. CROSS JOIN keeps the order of what stands before.
pub(super) const JOINS: &str =
    " CROSS JOIN source ON source.id = m.source_id CROSS JOIN revision AS r ON r.id = m.revision_id
    LEFT JOIN reading AS a ON a.revision_id = m.revision_id LEFT JOIN author ON author.id = m.author_id";

impl From<Row> for StoredMention {
    fn from(row: Row) -> Self {
        let scale = row.rating_worst.zip(row.rating_best);
        let names = |json: Option<String>| json.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default();
        Self {
            id: row.id,
            source: row.source,
            native_id: row.native_id,
            brands: serde_json::from_str(&row.brands).unwrap_or_default(),
            author_id: row.author_id,
            author: row.author,
            publisher: row.publisher,
            url: row.url,
            title: row.title,
            text: row.text,
            rating: row.rating.zip(scale).map(|(value, (worst, best))| Rating { value, worst, best }),
            said_at: Timestamp::from_seconds(row.said_at),
            first_seen_at: Timestamp::from_seconds(row.first_seen_at),
            edited_at: row.edited_at.map(Timestamp::from_seconds),
            removed_at: row.removed_at.map(Timestamp::from_seconds),
            set_aside: row.set_aside,
            reply: row.reply_text,
            reply_at: row.reply_at.map(Timestamp::from_seconds),
            app_version: row.app_version,
            country: row.country,
            language: row.language.as_deref().and_then(Language::parse),
            label: row.label.and_then(label),
            is_corrected: row.is_corrected,
            score: row.score,
            why: row.why.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default(),
            emotions: names(row.emotions),
            intents: names(row.intents),
            topics: names(row.topics),
            urgency: row.urgency.unwrap_or_default(),
            urgent: row.urgent,
            contradicts: row.contradicts.unwrap_or_default(),
            cluster: row.cluster_id,
            copies: row.copies.cast_unsigned(),
            versions: row.versions.cast_unsigned(),
        }
    }
}
