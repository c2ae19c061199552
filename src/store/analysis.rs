//! Analyses on their way into the database.

use serde::Serialize;
use sqlx::SqliteConnection;

use super::StoreError;
use super::save::json;
use crate::analyse::Analysis;
use crate::mention::Language;

/// An analysis of a revision as JSON, to be handed over with many others.
#[derive(Serialize)]
pub(super) struct AnalysisRow<'a> {
    revision_id: i64,
    model_version: &'a str,
    language: Option<&'a str>,
    label: Option<i8>,
    score: Option<f64>,
    probabilities: Option<[f64; 3]>,
    why: String,
    emotions: String,
    intents: String,
    topics: String,
    urgency: f64,
    urgency_why: String,
    contradicts: bool,
    disputed: bool,
}

impl<'a> AnalysisRow<'a> {
    pub(super) fn new(revision_id: i64, model_version: &'a str, analysis: &'a Analysis) -> Self {
        let mood = analysis.mood.as_ref();
        Self {
            revision_id,
            model_version,
            language: analysis.language.as_ref().map(Language::code),
            label: mood.map(|mood| mood.label.sign()),
            score: mood.map(|mood| mood.score),
            probabilities: mood.map(|mood| mood.probabilities),
            why: json(&mood.map(|mood| mood.why.as_slice()).unwrap_or_default()),
            emotions: json(&analysis.emotions),
            intents: json(&analysis.intents),
            topics: json(&analysis.topics),
            urgency: analysis.urgency.value,
            urgency_why: json(&analysis.urgency.why),
            contradicts: analysis.contradicts,
            disputed: analysis.disputed,
        }
    }
}

/// Inserts analyses; `current` if they are those that count. What is there already stays.
pub(super) async fn insert(
    connection: &mut SqliteConnection,
    rows: &[AnalysisRow<'_>],
    current: bool,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO analysis (revision_id, model_version, current, language, label, score, negative, neutral, positive,
             why, emotions, intents, topics, urgency, urgency_why, contradicts, disputed)
         SELECT value ->> 'revision_id', value ->> 'model_version', ?2, value ->> 'language', value ->> 'label',
             value ->> 'score', value ->> '$.probabilities[0]', value ->> '$.probabilities[1]',
             value ->> '$.probabilities[2]', value ->> 'why', value ->> 'emotions', value ->> 'intents',
             value ->> 'topics', CAST(value ->> 'urgency' AS REAL), value ->> 'urgency_why', value ->> 'contradicts',
             value ->> 'disputed'
         FROM json_each(?1) WHERE true ON CONFLICT DO NOTHING",
    )
    .bind(json(&rows))
    .bind(current)
    .execute(connection)
    .await?;
    Ok(())
}
