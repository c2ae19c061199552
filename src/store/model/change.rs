//! One model takes over from another, in one transaction: its analyses count, the detectors start anew with them, and the
//! break in each brand's history is written down.

use serde::{Deserialize, Serialize};
use sqlx::{FromRow, SqliteConnection};

use super::{StoredModel, active_version, parsed, unread, write};
use crate::mention::Timestamp;
use crate::store::beside::beside;
use crate::store::save::json;
use crate::store::{Store, StoreError};

/// What another model changes in a brand's history: numbers of mentions by what the old one and the new one say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Break {
    /// Whose.
    pub brand: String,
    /// Negative, neutral and positive as the old model tells it.
    pub before: [u32; 3],
    /// The same by the new one.
    pub after: [u32; 3],
    /// On how many mentions the two do not agree.
    pub different: u32,
}

impl Break {
    /// How many mentions have a mood by the old model.
    pub fn mentions(&self) -> u32 {
        self.before.iter().sum()
    }
}

/// One model took over from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The version that spoke before.
    pub from: String,
    /// The one that speaks now.
    pub to: String,
    /// What that changed, brand by brand.
    pub breaks: Vec<Break>,
}

#[derive(FromRow)]
struct BreakRow {
    brand: String,
    negative: u32,
    neutral: u32,
    positive: u32,
    then_negative: u32,
    then_neutral: u32,
    then_positive: u32,
    different: u32,
}

impl Store {
    /// Lets a model take over at `now`, for all that first arrived since then; `None` if it has not read all of it.
    ///
    /// The detectors start anew before the first of these mentions, and what they find up to `now` is not told.
    pub async fn switch_model(
        &self,
        model: &StoredModel,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<Option<Change>, StoreError> {
        let mut transaction = self.begin().await?;
        let missing: Option<i64> = sqlx::query_scalar(unread!("m.id ", "LIMIT 1"))
            .bind(&model.version)
            .bind(since.seconds())
            .fetch_optional(&mut *transaction)
            .await?;
        if missing.is_some() {
            return Ok(None);
        }
        let from = speaking(&mut transaction, &model.version).await?;
        let breaks = breaks(&mut transaction, &model.version, since).await?;
        let change = Change { from, to: model.version.clone(), breaks };
        take_over(&mut transaction, &model.version, since).await?;
        sqlx::query("UPDATE model SET state = 'retired' WHERE state = 'active'").execute(&mut *transaction).await?;
        write(&mut transaction, model, "active", &change.breaks).await?;
        forget_others(&mut transaction, &change).await?;
        restart_detectors(&mut transaction, since, now).await?;
        mark(&mut transaction, &change, now).await?;
        transaction.commit().await?;
        Ok(Some(change))
    }

    /// When and how the models changed that told a brand's mood, oldest first.
    pub async fn model_changes(&self, brand: &str) -> Result<Vec<(Timestamp, Change)>, StoreError> {
        let rows: Vec<(i64, String, String, String)> = sqlx::query_as(
            "SELECT at, from_version, to_version, break FROM model_change
             WHERE brand_id = (SELECT id FROM brand WHERE name = ?1) ORDER BY at",
        )
        .bind(brand)
        .fetch_all(&self.reader)
        .await?;
        let read = |(at, from, to, json): (i64, String, String, String)| {
            Ok((Timestamp::from_seconds(at), Change { from, to, breaks: vec![parsed(&json, "change of model")?] }))
        };
        rows.into_iter().map(read).collect()
    }
}

/// The active version; in a database from before there were any, the one that told most.
async fn speaking(connection: &mut SqliteConnection, next: &str) -> Result<String, StoreError> {
    if let Some(version) = active_version(connection).await? {
        return Ok(version);
    }
    let told: Option<String> = sqlx::query_scalar(
        "SELECT model_version FROM analysis WHERE current = 1 GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1",
    )
    .fetch_optional(connection)
    .await?;
    Ok(told.unwrap_or_else(|| next.to_owned()))
}

/// What changes for each brand in the current revisions that can be told by both.
async fn breaks(connection: &mut SqliteConnection, version: &str, since: Timestamp) -> Result<Vec<Break>, StoreError> {
    let rows: Vec<BreakRow> = sqlx::query_as(
        "SELECT brand.name AS brand,
             count(*) FILTER (WHERE old.label = -1) AS negative, count(*) FILTER (WHERE old.label = 0) AS neutral,
             count(*) FILTER (WHERE old.label = 1) AS positive,
             count(*) FILTER (WHERE new.label = -1) AS then_negative,
             count(*) FILTER (WHERE new.label = 0) AS then_neutral,
             count(*) FILTER (WHERE new.label = 1) AS then_positive,
             count(*) FILTER (WHERE m.id IS NOT NULL AND old.label IS NOT new.label) AS different
         FROM brand
         LEFT JOIN mention_brand AS about ON about.brand_id = brand.id
         LEFT JOIN mention AS m ON m.id = about.mention_id AND m.first_seen_at >= ?2
         LEFT JOIN analysis AS old ON old.revision_id = m.revision_id AND old.current = 1
         LEFT JOIN analysis AS new ON new.revision_id = m.revision_id AND new.model_version = ?1
         GROUP BY brand.id ORDER BY brand.name",
    )
    .bind(version)
    .bind(since.seconds())
    .fetch_all(connection)
    .await?;
    let of = |row: BreakRow| Break {
        brand: row.brand,
        before: [row.negative, row.neutral, row.positive],
        after: [row.then_negative, row.then_neutral, row.then_positive],
        different: row.different,
    };
    Ok(rows.into_iter().map(of).collect())
}

/// The model's analyses count from now on. First none, then its own: no revision has two that count, not for a moment.
async fn take_over(connection: &mut SqliteConnection, version: &str, since: Timestamp) -> Result<(), StoreError> {
    for statement in [
        "UPDATE analysis SET current = 0 WHERE current = 1 AND model_version <> ?1
             AND EXISTS (SELECT 1 FROM analysis AS new
                 WHERE new.revision_id = analysis.revision_id AND new.model_version = ?1)
             AND revision_id IN (SELECT revision.id FROM revision JOIN mention ON mention.id = mention_id
                 WHERE first_seen_at >= ?2)",
        "UPDATE analysis SET current = 1 WHERE model_version = ?1 AND current = 0
             AND revision_id IN (SELECT revision.id FROM revision JOIN mention ON mention.id = mention_id
                 WHERE first_seen_at >= ?2)",
    ] {
        sqlx::query(statement).bind(version).bind(since.seconds()).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Only the model that spoke last keeps its analyses beside those that count: others would pile up. Those of transformers
/// are none of its business.
async fn forget_others(connection: &mut SqliteConnection, change: &Change) -> Result<(), StoreError> {
    sqlx::query(concat!(
        "DELETE FROM analysis WHERE current = 0 AND model_version NOT IN (?1, ?2) AND model_version NOT GLOB '",
        beside!(),
        "*'"
    ))
    .bind(&change.from)
    .bind(&change.to)
    .execute(connection)
    .await?;
    Ok(())
}

async fn restart_detectors(
    connection: &mut SqliteConnection,
    since: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO detector (brand_id, state, seen_through, quiet_until, restarts)
         SELECT brand.id, '{}', coalesce((SELECT min(id) - 1 FROM mention WHERE first_seen_at >= ?1),
             (SELECT max(id) FROM mention), 0), ?2, 1
         FROM brand WHERE true
         ON CONFLICT DO UPDATE SET state = excluded.state, seen_through = excluded.seen_through,
             quiet_until = excluded.quiet_until, restarts = restarts + 1",
    )
    .bind(since.seconds())
    .bind(now.seconds())
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes down the break in each brand's history.
async fn mark(connection: &mut SqliteConnection, change: &Change, now: Timestamp) -> Result<(), StoreError> {
    for of_brand in &change.breaks {
        sqlx::query(
            "INSERT INTO model_change (brand_id, at, from_version, to_version, break)
             SELECT id, ?2, ?3, ?4, ?5 FROM brand WHERE name = ?1
             ON CONFLICT DO UPDATE SET from_version = excluded.from_version, break = excluded.break",
        )
        .bind(&of_brand.brand)
        .bind(now.seconds())
        .bind(&change.from)
        .bind(&change.to)
        .bind(json(of_brand))
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}
