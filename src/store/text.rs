//! Stored texts on their way back to a model, as it would have read them on their arrival.

use futures_util::{Stream, StreamExt as _};
use sqlx::FromRow;

use super::{Store, StoreError};
use crate::mention::{Label, Language, Mention, Rating, Timestamp};

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
    /// The same for all mentions that carry one text.
    pub cluster: i64,
    /// Title, text, rating and what the source says of the language.
    pub mention: Mention,
    /// What a person says that its mood is.
    pub corrected: Option<Label>,
}

#[derive(FromRow)]
struct Row {
    source: String,
    corrected: Option<i8>,
    #[sqlx(flatten)]
    text: TextRow,
}

impl Store {
    /// The current revision of every mention that first arrived since then, the newest first.
    pub fn texts(&self, since: Timestamp) -> impl Stream<Item = Result<StoredText, StoreError>> + '_ {
        sqlx::query_as::<_, Row>(concat!(
            "SELECT source.name AS source,
                 (SELECT label FROM correction WHERE revision_id = r.id ORDER BY id DESC LIMIT 1) AS corrected, ",
            text_columns!(),
            "FROM mention AS m JOIN source ON source.id = m.source_id JOIN revision AS r ON r.id = m.revision_id
             WHERE m.first_seen_at >= ?1 AND m.removed_at IS NULL ORDER BY m.id DESC"
        ))
        .bind(since.seconds())
        .fetch(&self.reader)
        .map(|row| {
            let Row { source, corrected, text } = row?;
            let cluster = text.cluster_id;
            Ok(StoredText { source, cluster, mention: text.mention(), corrected: corrected.and_then(label) })
        })
    }
}
