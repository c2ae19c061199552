//! Stored texts on their way back to a model, as it would have read them on their arrival.

use std::collections::BTreeMap;

use futures_util::{Stream, StreamExt as _};
use sqlx::FromRow;

use super::beside::{self, beside};
use super::{Store, StoreError};
use crate::mention::{Label, Language, Mention, Rating, Timestamp};

/// With fewer words, stars say nothing about them.
const FEWEST_WORDS: usize = 3;

/// The columns of a [`TextRow`]; `m` is the mention, `r` the revision.
///
/// Where the hint of the source was not kept, the language that was told takes its place.
macro_rules! text_columns {
    () => {
        "r.id AS revision_id, m.cluster_id, r.title, r.text, r.rating, r.rating_worst, r.rating_best,
         coalesce(m.language_hint, (SELECT language FROM analysis WHERE revision_id = r.id AND current = 1)) AS hint "
    };
}
pub(super) use text_columns;

#[derive(FromRow)]
pub(super) struct TextRow {
    pub(super) revision_id: i64,
    pub(super) cluster_id: i64,
    title: Option<String>,
    text: String,
    rating: Option<f64>,
    rating_worst: Option<f64>,
    rating_best: Option<f64>,
    hint: Option<String>,
}

impl TextRow {
    /// What a model reads of it.
    pub(super) fn mention(self) -> Mention {
        let scale = self.rating_worst.zip(self.rating_best);
        let rating = self.rating.zip(scale).map(|(value, (worst, best))| Rating { value, worst, best });
        let language_hint = self.hint.as_deref().and_then(Language::parse);
        Mention { title: self.title, text: self.text, rating, language_hint, ..Mention::default() }
    }
}

/// What the database writes as a sign.
pub(super) fn label(sign: i8) -> Option<Label> {
    Label::ALL.into_iter().find(|label| label.sign() == sign)
}

/// The current revision of a mention.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredText {
    /// Which source said it.
    pub source: String,
    /// When it first arrived.
    pub arrived_at: Timestamp,
    /// The same for all mentions that carry one text.
    pub cluster: i64,
    /// Title, text, rating and what the source says of the language.
    pub mention: Mention,
    /// What a person says that its mood is.
    pub corrected: Option<Label>,
    /// What transformers call it that have read it, by their versions.
    pub beside: BTreeMap<String, Label>,
}

impl StoredText {
    /// Its mood, as far as somebody tells it who knows; and whether that is a person's word, else the stars'.
    pub fn known(&self) -> Option<(Label, bool)> {
        let has_words = || self.mention.full_text().split_whitespace().nth(FEWEST_WORDS - 1).is_some();
        let stars = || self.mention.rating.and_then(Rating::label).filter(|_| has_words());
        self.corrected.map(|label| (label, true)).or_else(|| stars().map(|label| (label, false)))
    }
}

#[derive(FromRow)]
struct Row {
    source: String,
    first_seen_at: i64,
    corrected: Option<i8>,
    beside: String,
    #[sqlx(flatten)]
    text: TextRow,
}

impl Store {
    /// The current revision of every mention that first arrived since then and counts, the newest first.
    pub fn texts(&self, since: Timestamp) -> impl Stream<Item = Result<StoredText, StoreError>> + '_ {
        sqlx::query_as::<_, Row>(concat!(
            "SELECT source.name AS source, m.first_seen_at,
                 (SELECT label FROM correction WHERE revision_id = r.id ORDER BY id DESC LIMIT 1) AS corrected,
                 (SELECT json_group_object(model_version, label) FROM analysis
                  WHERE revision_id = r.id AND label IS NOT NULL AND model_version GLOB '",
            beside!(),
            "*') AS beside, ",
            text_columns!(),
            "FROM mention AS m JOIN source ON source.id = m.source_id JOIN revision AS r ON r.id = m.revision_id
             WHERE m.first_seen_at >= ?1 AND m.removed_at IS NULL AND m.set_aside IS NULL ORDER BY m.id DESC"
        ))
        .bind(since.seconds())
        .fetch(&self.reader)
        .map(|row| {
            let Row { source, first_seen_at, corrected, beside, text } = row?;
            Ok(StoredText {
                source,
                arrived_at: Timestamp::from_seconds(first_seen_at),
                cluster: text.cluster_id,
                mention: text.mention(),
                corrected: corrected.and_then(label),
                beside: beside::labels(&beside)?,
            })
        })
    }
}
