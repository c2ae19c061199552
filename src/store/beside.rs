//! What a transformer thinks of texts, beside what counts.
//!
//! Its analyses are never the current ones, and are not in the way when one embedded model takes over from another.

use std::collections::BTreeMap;

use sqlx::FromRow;

use super::text::{self, TextRow, text_columns};
use super::{Store, StoreError};
use crate::mention::{Label, Language, Mention, Timestamp};

/// What the version of a transformer begins with, as a literal.
macro_rules! beside {
    () => {
        "transformer:"
    };
}
pub(super) use beside;

/// What the version of every transformer begins with, and that of no other model; its name follows.
pub const BESIDE: &str = beside!();

/// A current revision that a transformer has not read yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Untold {
    /// Which one it is.
    pub revision_id: i64,
    /// As the analysis that counts tells it.
    pub language: Option<Language>,
    /// Title, text and rating.
    pub mention: Mention,
}

#[derive(FromRow)]
struct Row {
    language: Option<String>,
    #[sqlx(flatten)]
    text: TextRow,
}

impl Store {
    /// At most so many current revisions that this version has not read yet, of mentions that first arrived since then; the
    /// newest first.
    pub async fn untold(&self, version: &str, since: Timestamp, most: u32) -> Result<Vec<Untold>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(concat!(
            "SELECT (SELECT language FROM analysis WHERE revision_id = r.id AND current = 1) AS language, ",
            text_columns!(),
            "FROM mention AS m JOIN revision AS r ON r.id = m.revision_id
             WHERE m.first_seen_at >= ?2 AND m.removed_at IS NULL AND m.set_aside IS NULL
                 AND NOT EXISTS (SELECT 1 FROM analysis WHERE revision_id = r.id AND model_version = ?1)
             ORDER BY m.first_seen_at DESC, m.id DESC LIMIT ?3"
        ))
        .bind(version)
        .bind(since.seconds())
        .bind(most)
        .fetch_all(&self.reader)
        .await?;
        let untold = |Row { language, text }| Untold {
            revision_id: text.revision_id,
            language: language.as_deref().and_then(Language::parse),
            mention: text.mention(),
        };
        Ok(rows.into_iter().map(untold).collect())
    }
}

/// What transformers call a text, from JSON: a sign by version.
pub(super) fn labels(json: &str) -> Result<BTreeMap<String, Label>, StoreError> {
    let what = "label of a transformer";
    let signs: BTreeMap<String, i8> =
        serde_json::from_str(json).map_err(|source| StoreError::Content { what, source })?;
    Ok(signs.into_iter().filter_map(|(version, sign)| Some((version, text::label(sign)?))).collect())
}
