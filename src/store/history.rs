//! What became of one mention: its versions, its copies, and what was said of its mood.

use serde::Serialize;
use sqlx::FromRow;

use super::text::label;
use super::{Store, StoreError};
use crate::analyse::Reason;
use crate::mention::{Label, Mention, Rating, Timestamp};

/// One version of a mention.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Revision {
    /// Its number.
    pub id: i64,
    /// When it was met.
    pub seen_at: Timestamp,
    /// Headline.
    pub title: Option<String>,
    /// Plain text.
    pub text: String,
    /// Stars or points.
    pub rating: Option<Rating>,
    /// The mood: a person's word, else the model's.
    pub label: Option<Label>,
}

impl Revision {
    /// Title and text as one.
    pub fn full_text(&self) -> String {
        let mention = Mention { title: self.title.clone(), text: self.text.clone(), ..Mention::default() };
        mention.full_text().into_owned()
    }
}

/// Where a text stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Appearance {
    /// The mention's number.
    pub id: i64,
    /// Publisher, else the source's id.
    pub place: String,
    /// When it was said there.
    pub said_at: Timestamp,
    /// Where to read it.
    pub url: Option<String>,
    /// It was deleted there, or put aside here.
    pub is_gone: bool,
}

/// How far a text went, what is gone left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spread {
    /// In how many places it stands, each publisher one of its own.
    pub places: u64,
    /// Where it stands most often; of places that are alike, where it stood first.
    pub widest_place: String,
    /// How often.
    pub widest_mentions: u64,
}

/// What a person said of a mood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Corrected {
    /// The version it is about.
    pub revision: i64,
    /// The mood.
    pub label: Label,
    /// When.
    pub at: Timestamp,
    /// Who, if an account said it.
    pub by: Option<String>,
}

/// Why a mention could not wait.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Flagged {
    /// For which brand.
    pub brand: String,
    /// The cause's name.
    pub cause: String,
    /// What decided it, as it stands in the text.
    pub words: Vec<String>,
    /// When it was found.
    pub at: Timestamp,
}

/// What the model tells of a mention beside its mood.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Opinion {
    /// Which model.
    pub model_version: String,
    /// Its own word, whatever people say.
    pub label: Option<Label>,
    /// How likely it is negative, neutral, positive.
    pub probabilities: Option<[f64; 3]>,
    /// What makes up the urgency.
    pub urgency_why: Vec<Reason>,
    /// Careful readers might judge otherwise.
    pub is_disputed: bool,
}

#[derive(FromRow)]
struct RevisionRow {
    id: i64,
    seen_at: i64,
    title: Option<String>,
    text: String,
    rating: Option<f64>,
    rating_worst: Option<f64>,
    rating_best: Option<f64>,
    label: Option<i8>,
}

#[derive(FromRow)]
struct OpinionRow {
    model_version: String,
    label: Option<i8>,
    negative: Option<f64>,
    neutral: Option<f64>,
    positive: Option<f64>,
    urgency_why: String,
    disputed: bool,
}

impl Store {
    /// All versions of a mention, the oldest first.
    pub async fn revisions(&self, mention: i64) -> Result<Vec<Revision>, StoreError> {
        let rows: Vec<RevisionRow> = sqlx::query_as(
            "SELECT r.id, r.seen_at, r.title, r.text, r.rating, r.rating_worst, r.rating_best, a.label
             FROM revision AS r LEFT JOIN reading AS a ON a.revision_id = r.id WHERE r.mention_id = ?1 ORDER BY r.id",
        )
        .bind(mention)
        .fetch_all(&self.reader)
        .await?;
        let revision = |row: RevisionRow| {
            let scale = row.rating_worst.zip(row.rating_best);
            Revision {
                id: row.id,
                seen_at: Timestamp::from_seconds(row.seen_at),
                title: row.title,
                text: row.text,
                rating: row.rating.zip(scale).map(|(value, (worst, best))| Rating { value, worst, best }),
                label: row.label.and_then(label),
            }
        };
        Ok(rows.into_iter().map(revision).collect())
    }

    /// Where the text of a cluster stands, in the order in which it was said; at most so many.
    pub async fn appearances(&self, cluster: i64, most: u32) -> Result<Vec<Appearance>, StoreError> {
        let rows: Vec<(i64, String, i64, Option<String>, bool)> = sqlx::query_as(
            "SELECT m.id, coalesce(nullif(m.publisher, ''), source.name), m.said_at, m.url,
                 m.removed_at IS NOT NULL OR m.set_aside IS NOT NULL
             FROM mention AS m JOIN source ON source.id = m.source_id
             WHERE m.cluster_id = ?1 ORDER BY m.said_at, m.id LIMIT ?2",
        )
        .bind(cluster)
        .bind(most)
        .fetch_all(&self.reader)
        .await?;
        let appearance = |(id, place, said_at, url, is_gone)| Appearance {
            id,
            place,
            said_at: Timestamp::from_seconds(said_at),
            url,
            is_gone,
        };
        Ok(rows.into_iter().map(appearance).collect())
    }

    /// How far the text of a cluster went; `None`: all of it is gone.
    pub async fn spread(&self, cluster: i64) -> Result<Option<Spread>, StoreError> {
        let row: Option<(i64, String, i64)> = sqlx::query_as(
            "WITH met AS (
                 SELECT coalesce(nullif(m.publisher, ''), source.name) AS place, count(*) AS mentions,
                     min(m.said_at) AS at
                 FROM mention AS m JOIN source ON source.id = m.source_id
                 WHERE m.cluster_id = ?1 AND m.removed_at IS NULL AND m.set_aside IS NULL GROUP BY 1)
             SELECT (SELECT count(*) FROM met), place, mentions FROM met ORDER BY mentions DESC, at, place LIMIT 1",
        )
        .bind(cluster)
        .fetch_optional(&self.reader)
        .await?;
        Ok(row.map(|(places, widest_place, widest_mentions)| Spread {
            places: places.cast_unsigned(),
            widest_place,
            widest_mentions: widest_mentions.cast_unsigned(),
        }))
    }

    /// What people said of a mention's mood, the newest first.
    pub async fn corrections(&self, mention: i64) -> Result<Vec<Corrected>, StoreError> {
        let rows: Vec<(i64, i8, i64, Option<String>)> = sqlx::query_as(
            "SELECT revision_id, label, made_at, made_by FROM correction WHERE mention_id = ?1 ORDER BY id DESC",
        )
        .bind(mention)
        .fetch_all(&self.reader)
        .await?;
        let corrected = |(revision, sign, at, by)| {
            Some(Corrected { revision, label: label(sign)?, at: Timestamp::from_seconds(at), by })
        };
        Ok(rows.into_iter().filter_map(corrected).collect())
    }

    /// Why a mention could not wait, for each brand.
    pub async fn flagged(&self, mention: i64) -> Result<Vec<Flagged>, StoreError> {
        let rows: Vec<(String, String, String, i64)> = sqlx::query_as(
            "SELECT brand.name, cause, words, found_at FROM urgent JOIN brand ON brand.id = brand_id
             WHERE mention_id = ?1 ORDER BY weight DESC, brand.name",
        )
        .bind(mention)
        .fetch_all(&self.reader)
        .await?;
        let flagged = |(brand, cause, words, at): (_, _, String, _)| Flagged {
            brand,
            cause,
            words: serde_json::from_str(&words).unwrap_or_default(),
            at: Timestamp::from_seconds(at),
        };
        Ok(rows.into_iter().map(flagged).collect())
    }

    /// What the model that speaks tells of a mention's current version.
    pub async fn opinion(&self, mention: i64) -> Result<Option<Opinion>, StoreError> {
        let row: Option<OpinionRow> = sqlx::query_as(
            "SELECT model_version, label, negative, neutral, positive, urgency_why, disputed FROM analysis
             WHERE revision_id = (SELECT revision_id FROM mention WHERE id = ?1) AND current = 1",
        )
        .bind(mention)
        .fetch_optional(&self.reader)
        .await?;
        Ok(row.map(|row| Opinion {
            model_version: row.model_version,
            label: row.label.and_then(label),
            probabilities: row.negative.zip(row.neutral).zip(row.positive).map(|((a, b), c)| [a, b, c]),
            urgency_why: serde_json::from_str(&row.urgency_why).unwrap_or_default(),
            is_disputed: row.disputed,
        }))
    }
}
