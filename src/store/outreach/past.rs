//! What was said, as it was heard: for rules that are tried, and orders that are compared. Nothing is written.

use sqlx::FromRow;

use super::entry::STALE_SECONDS;
use crate::mention::Timestamp;
use crate::outreach::State;
use crate::outreach::trial::{End, Known, Spoken};
use crate::store::save::json;
use crate::store::text::label;
use crate::store::{Store, StoreError};

#[derive(FromRow)]
struct Row {
    mention_id: i64,
    person: Option<i64>,
    cluster_id: i64,
    brand_id: i64,
    source: String,
    brands: String,
    title: Option<String>,
    text: String,
    length: i64,
    label: Option<i8>,
    score: Option<f64>,
    stars: Option<i64>,
    emotions: String,
    intents: String,
    topics: String,
    urgency: f64,
    copies: i64,
    was_content: bool,
    said_at: i64,
    heard_at: i64,
    is_stale: bool,
    is_answered: bool,
    case_id: Option<i64>,
    case_rule: Option<String>,
    why: Option<String>,
    case_state: Option<String>,
    ended_at: Option<i64>,
}

impl From<Row> for Spoken {
    fn from(row: Row) -> Self {
        let names = |json: &str| serde_json::from_str(json).unwrap_or_default();
        let ended_at = row.ended_at.map(Timestamp::from_seconds);
        let end = match row.case_state.as_deref().and_then(State::parse) {
            Some(State::Solved | State::FollowedUp) => ended_at.map(End::Solved),
            Some(State::Dismissed) => ended_at.map(End::Dismissed),
            _ => None,
        };
        Self {
            mention_id: row.mention_id,
            person: row.person,
            cluster_id: row.cluster_id,
            brand_id: row.brand_id,
            source: row.source,
            brands: names(&row.brands),
            text: row.title.map_or_else(|| row.text.clone(), |title| format!("{title}\n{}", row.text)),
            length: usize::try_from(row.length).unwrap_or_default(),
            mood: row.label.and_then(label),
            score: row.score.unwrap_or_default(),
            stars: row.stars.and_then(|stars| u8::try_from(stars).ok()),
            emotions: names(&row.emotions),
            intents: names(&row.intents),
            topics: names(&row.topics),
            urgency: row.urgency,
            copies: row.copies.cast_unsigned(),
            was_content: row.was_content,
            said_at: Timestamp::from_seconds(row.said_at),
            heard_at: Timestamp::from_seconds(row.heard_at),
            is_stale: row.is_stale,
            is_answered: row.is_answered,
            case: row.case_id.zip(row.case_rule).map(|(id, rule)| {
                let was_opened_by_it = row.why.as_deref() == Some("rule");
                Known { id, rule, was_opened_by_it, end }
            }),
        }
    }
}

impl Store {
    /// Each version of what was said about these brands and heard since then, in that order. What was put aside, and what was
    /// gone before it was heard, is not among it.
    pub async fn spoken(&self, brands: &[&str], since: Timestamp) -> Result<Vec<Spoken>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "WITH heard AS (
                 SELECT r.id AS revision_id, m.id AS mention_id, m.author_id, m.cluster_id, m.source_id, m.reply_at,
                     r.title, r.text, r.rating, r.rating_worst, r.rating_best, r.seen_at,
                     CASE WHEN r.id = m.revision_id THEN max(m.said_at, coalesce(m.edited_at, 0))
                         WHEN r.seen_at = m.first_seen_at THEN m.said_at ELSE max(m.said_at, r.seen_at) END AS said_at,
                     (SELECT min(brand.id) FROM mention_brand AS about JOIN brand ON brand.id = about.brand_id
                      WHERE about.mention_id = m.id AND brand.name IN (SELECT value FROM json_each(?1))) AS brand_id
                 FROM revision AS r CROSS JOIN mention AS m ON m.id = r.mention_id
                 WHERE m.set_aside IS NULL AND (m.removed_at IS NULL OR m.removed_at > r.seen_at))
             SELECT heard.mention_id, coalesce(author.person_id, -heard.author_id) AS person, cluster_id, heard.brand_id,
                 source.name AS source,
                 (SELECT json_group_array(name) FROM mention_brand JOIN brand ON brand.id = mention_brand.brand_id
                  WHERE mention_brand.mention_id = heard.mention_id) AS brands,
                 title, substr(text, 1, 400) AS text, length(text) AS length, a.label, a.score,
                 cast(round(1 + 4 * (rating - rating_worst) / nullif(rating_best - rating_worst, 0)) AS INTEGER) AS stars,
                 coalesce(a.emotions, '[]') AS emotions, coalesce(a.intents, '[]') AS intents,
                 coalesce(a.topics, '[]') AS topics, coalesce(a.urgency, 0.0) AS urgency,
                 (SELECT count(*) FROM mention AS copy
                  WHERE copy.cluster_id = heard.cluster_id AND copy.first_seen_at <= heard.seen_at) AS copies,
                 EXISTS (SELECT 1 FROM mention AS earlier JOIN facet AS e
                         ON e.said_at = earlier.said_at AND e.mention_id = earlier.id
                     WHERE earlier.author_id = heard.author_id AND e.label = 1 AND earlier.said_at < heard.said_at)
                     AS was_content,
                 heard.said_at, iif(heard.said_at <= seen_at - ?3, heard.said_at, seen_at) AS heard_at,
                 heard.said_at <= seen_at - ?3 AS is_stale, coalesce(reply_at <= seen_at, 0) AS is_answered,
                 c.id AS case_id, c.rule AS case_rule, part.why,
                 c.state AS case_state, coalesce(c.solved_at, (
                     SELECT max(at) FROM case_event WHERE case_id = c.id AND what = 'dismissed')) AS ended_at
             FROM heard CROSS JOIN source ON source.id = heard.source_id
             LEFT JOIN author ON author.id = heard.author_id LEFT JOIN reading AS a ON a.revision_id = heard.revision_id
             LEFT JOIN case_mention AS part ON part.mention_id = heard.mention_id
             LEFT JOIN outreach_case AS c ON c.id = part.case_id
             WHERE heard.brand_id IS NOT NULL AND iif(heard.said_at <= seen_at - ?3, heard.said_at, seen_at) >= ?2
             ORDER BY heard_at, heard.revision_id",
        )
        .bind(json(&brands))
        .bind(since.seconds())
        .bind(STALE_SECONDS)
        .fetch_all(&self.reader)
        .await?;
        Ok(rows.into_iter().map(Spoken::from).collect())
    }
}
