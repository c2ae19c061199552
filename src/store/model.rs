//! Which model speaks, which is being tried, and how one takes over from the other.
//!
//! A model is tried as a shadow: it reads what the active one has read, and its analyses lie beside those that count. Once
//! nothing is missing it takes over (`change`). A crash before leaves a shadow, which the next attempt takes up.

mod change;

use sqlx::{FromRow, SqliteConnection};

use super::analysis::{self, AnalysisRow};
use super::save::json;
use super::text::{TextRow, text_columns};
use super::{Item, Store, StoreError};
use crate::analyse::Analysis;
use crate::analyse::adapt::Gain;
use crate::mention::{Mention, Timestamp};
pub use change::{Break, Change};

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
use unread;

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
