//! Which model speaks, which is being tried, and how one takes over from the other.
//!
//! A model is tried as a shadow: it reads what the active one has read, and its analyses lie beside those that count. It
//! takes over in one transaction, once nothing is missing: its analyses count, the detectors start anew with them, and the
//! break in each brand's history is written down. A crash before leaves a shadow, which the next attempt takes up.

use serde::{Deserialize, Serialize};
use sqlx::{FromRow, SqliteConnection};

use super::analysis::{self, AnalysisRow};
use super::beside::beside;
use super::save::json;
use super::text::{TextRow, text_columns};
use super::{Item, Store, StoreError};
use crate::analyse::Analysis;
use crate::analyse::adapt::Gain;
use crate::mention::{Mention, Timestamp};

/// So many texts are handed out at once to be read.
const CHUNK: i64 = 500;

/// A model as the database knows it.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredModel {
    /// Names it, see [`Model::version`](crate::analyse::Model::version).
    pub version: String,
    /// When.
    pub learned_at: Timestamp,
    /// See [`Adaptation::to_bytes`](crate::analyse::adapt::Adaptation::to_bytes); `None`: the embedded model as it is.
    pub adaptation: Option<Vec<u8>>,
    /// How many lessons there were.
    pub lessons: u32,
    /// What they brought, by language.
    pub gains: Vec<Gain>,
}

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
struct ModelRow {
    version: String,
    learned_at: i64,
    adaptation: Option<Vec<u8>>,
    lessons: u32,
    gains: String,
}

#[derive(FromRow)]
struct UnreadRow {
    mention_id: i64,
    #[sqlx(flatten)]
    text: TextRow,
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

/// A revision that a model has not read yet.
pub(crate) struct Unread {
    pub(crate) mention_id: i64,
    pub(crate) revision_id: i64,
    pub(crate) mention: Mention,
}

/// The revisions that a model has to have read before it takes over, of mentions that first arrived since then (?2): the
/// first, which the detector looks at, and the current one.
macro_rules! unread {
    ($columns:expr, $tail:literal) => {
        concat!(
            "SELECT ",
            $columns,
            "FROM mention AS m
             JOIN revision AS r
                 ON r.id IN (m.revision_id, (SELECT min(id) FROM revision WHERE revision.mention_id = m.id))
             WHERE m.first_seen_at >= ?2
                 AND NOT EXISTS (SELECT 1 FROM analysis WHERE revision_id = r.id AND model_version = ?1) ",
            $tail
        )
    };
}

impl Store {
    /// The model that speaks.
    pub async fn active_model(&self) -> Result<Option<StoredModel>, StoreError> {
        let row: Option<ModelRow> =
            sqlx::query_as("SELECT version, learned_at, adaptation, lessons, gains FROM model WHERE state = 'active'")
                .fetch_optional(&self.reader)
                .await?;
        row.map(stored).transpose()
    }

    /// The version that told most of the moods that count, beside this one; `None` if there is no other.
    pub async fn another_teller(&self, version: &str) -> Result<Option<String>, StoreError> {
        Ok(sqlx::query_scalar(
            "SELECT model_version FROM analysis WHERE current = 1 AND model_version <> ?1
             GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1",
        )
        .bind(version)
        .fetch_optional(&self.reader)
        .await?)
    }

    /// The first model of a database: it speaks at once. Where one does already, nothing changes.
    pub async fn begin_model(&self, model: &StoredModel) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        if active_version(&mut transaction).await?.is_none() {
            write(&mut transaction, model, "active", &[]).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Begins to try a model, or goes on. What was left of trying others is cleared away.
    pub async fn try_model(&self, model: &StoredModel) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query(
            "DELETE FROM analysis WHERE current = 0 AND model_version IN
                 (SELECT version FROM model WHERE state = 'shadow' AND version <> ?1)",
        )
        .bind(&model.version)
        .execute(&mut *transaction)
        .await?;
        sqlx::query("DELETE FROM model WHERE state = 'shadow'").execute(&mut *transaction).await?;
        write(&mut transaction, model, "shadow", &[]).await?;
        Ok(transaction.commit().await?)
    }

    /// Some of what a model still has to read: of mentions after this one that first arrived since then.
    pub(crate) async fn unread(&self, version: &str, since: Timestamp, after: i64) -> Result<Vec<Unread>, StoreError> {
        let rows: Vec<UnreadRow> = sqlx::query_as(unread!(
            concat!("m.id AS mention_id, ", text_columns!()),
            "AND m.id > ?3 ORDER BY m.id LIMIT ?4"
        ))
        .bind(version)
        .bind(since.seconds())
        .bind(after)
        .bind(CHUNK)
        .fetch_all(&self.reader)
        .await?;
        let unread = |UnreadRow { mention_id, text }| Unread {
            mention_id,
            revision_id: text.revision_id,
            mention: text.mention(),
        };
        Ok(rows.into_iter().map(unread).collect())
    }

    /// Keeps what a model that does not speak thinks of revisions: one that is being tried, or a transformer.
    pub async fn save_shadow(&self, version: &str, analyses: &[(i64, Analysis)]) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        // What was erased meanwhile has nothing to be thought of.
        let ids: Vec<i64> = analyses.iter().map(|(revision_id, _)| *revision_id).collect();
        let there: Vec<i64> =
            sqlx::query_scalar("SELECT id FROM revision WHERE id IN (SELECT value FROM json_each(?1))")
                .bind(json(&ids))
                .fetch_all(&mut *transaction)
                .await?;
        let rows: Vec<_> = analyses
            .iter()
            .filter(|(revision_id, _)| there.contains(revision_id))
            .map(|(revision_id, analysis)| AnalysisRow::new(*revision_id, version, analysis))
            .collect();
        analysis::insert(&mut transaction, &rows, false).await?;
        Ok(transaction.commit().await?)
    }

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

/// Items that another model than the active one has analysed are not to be saved: they would look like a change of mood.
pub(super) async fn refuse_outdated(connection: &mut SqliteConnection, items: &[Item]) -> Result<(), StoreError> {
    let Some(active) = active_version(connection).await? else { return Ok(()) };
    match items.iter().find(|item| *item.model_version != *active) {
        Some(item) => Err(StoreError::Outdated { told_by: item.model_version.to_string(), active }),
        None => Ok(()),
    }
}

async fn active_version(connection: &mut SqliteConnection) -> Result<Option<String>, StoreError> {
    Ok(sqlx::query_scalar("SELECT version FROM model WHERE state = 'active'").fetch_optional(connection).await?)
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

async fn write(
    connection: &mut SqliteConnection,
    model: &StoredModel,
    state: &str,
    report: &[Break],
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO model (version, learned_at, state, adaptation, lessons, gains, report)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT DO UPDATE SET learned_at = excluded.learned_at, state = excluded.state,
             adaptation = excluded.adaptation, lessons = excluded.lessons, gains = excluded.gains,
             report = excluded.report",
    )
    .bind(&model.version)
    .bind(model.learned_at.seconds())
    .bind(state)
    .bind(&model.adaptation)
    .bind(model.lessons)
    .bind(json(&model.gains))
    .bind(json(&report))
    .execute(connection)
    .await?;
    Ok(())
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

fn stored(row: ModelRow) -> Result<StoredModel, StoreError> {
    Ok(StoredModel {
        version: row.version,
        learned_at: Timestamp::from_seconds(row.learned_at),
        adaptation: row.adaptation,
        lessons: row.lessons,
        gains: parsed(&row.gains, "gain of a model")?,
    })
}

fn parsed<T: serde::de::DeserializeOwned>(json: &str, what: &'static str) -> Result<T, StoreError> {
    serde_json::from_str(json).map_err(|source| StoreError::Content { what, source })
}
