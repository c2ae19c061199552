//! A larger model beside the embedded one: it reads what has arrived lately, in the background, and what it thinks is kept
//! beside what counts. It moves no mood and no detector; the card shows how often it is right.

use std::sync::Arc;

use super::adapt::DAY;
use super::{Service, on_a_thread};
use crate::analyse::{Analysis, Mood};
use crate::config::Config;
use crate::mention::{Label, Timestamp};
use crate::store::{BESIDE, StoreError, Untold};
use crate::transformer::{Transformer, TransformerError};

/// It reads what first arrived in so many days. A transformer is slow: older texts would keep it from newer ones.
const READ_DAYS: i64 = 30;

/// So many texts a step: each takes some milliseconds to some tenths of a second, and what a step has read is lost if the
/// service stops before its end.
const MOST_A_STEP: u32 = 64;

/// Why a step was not made.
#[derive(Debug, thiserror::Error)]
pub enum TransformError {
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The model fails on every text.
    #[error(transparent)]
    Transformer(#[from] TransformerError),
}

impl TransformError {
    /// What the operator can do about it.
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::Store(error) => error.hint(),
            Self::Transformer(error) => error.hint(),
        }
    }
}

/// Loads the model that the configuration names, on a thread: it may be large.
pub(super) async fn load(config: &Config) -> Result<Option<Arc<Transformer>>, TransformerError> {
    let Some(settings) = config.transformer.clone() else { return Ok(None) };
    let loaded = on_a_thread(move || Transformer::load(&settings.folder, &settings.labels)).await;
    Ok(loaded.transpose()?.map(Arc::new))
}

impl Service {
    /// Lets the transformer read some of what has arrived in the last 30 days and it has not read yet, the newest first.
    /// Answers how many texts that were; 0 if there is nothing left, or no transformer.
    ///
    /// # Errors
    /// When the database refuses, or the model fails on every text; then nothing is stored.
    pub async fn transform_once(&self, now: Timestamp) -> Result<usize, TransformError> {
        let Some(transformer) = self.transformer.clone() else { return Ok(0) };
        let version = format!("{BESIDE}{}", transformer.name());
        let untold = self.store.untold(&version, now.plus_seconds(-READ_DAYS * DAY), MOST_A_STEP).await?;
        if untold.is_empty() {
            return Ok(0);
        }
        let Some(read) = on_a_thread(move || read(&transformer, untold)).await else { return Ok(0) };
        let read = read?;
        self.store.save_shadow(&version, &read).await?;
        Ok(read.len())
    }
}

/// What it thinks of each. A text without words, and one that it cannot take, get no mood: else they would come up for ever.
fn read(transformer: &Transformer, untold: Vec<Untold>) -> Result<Vec<(i64, Analysis)>, TransformerError> {
    let texts: Vec<String> = untold.iter().map(|one| one.mention.full_text().into_owned()).collect();
    let worded: Vec<&str> = texts.iter().map(String::as_str).filter(|text| has_words(text)).collect();
    let mut told = classify(transformer, &worded)?.into_iter();
    let analysis = |(one, text): (Untold, &String)| {
        let probabilities = if has_words(text) { told.next().flatten() } else { None };
        let mood = probabilities.map(mood);
        (one.revision_id, Analysis { language: one.language, mood, ..Analysis::default() })
    };
    Ok(untold.into_iter().zip(&texts).map(analysis).collect())
}

fn has_words(text: &str) -> bool {
    text.chars().any(|char| !char.is_whitespace())
}

/// All together, else one by one, so that one bad text does not keep it from the others; an error if it fails on each.
fn classify(transformer: &Transformer, texts: &[&str]) -> Result<Vec<Option<[f64; 3]>>, TransformerError> {
    let error = match transformer.classify(texts) {
        Ok(told) => return Ok(told.into_iter().map(Some).collect()),
        Err(error) => error,
    };
    let alone = |text: &&str| transformer.classify(&[*text]).ok().and_then(|told| told.first().copied());
    let told: Vec<_> = texts.iter().map(alone).collect();
    if told.iter().all(Option::is_none) { Err(error) } else { Ok(told) }
}

fn mood(probabilities: [f64; 3]) -> Mood {
    let likelier = |one: &Label, other: &Label| probabilities[*one as usize].total_cmp(&probabilities[*other as usize]);
    let label = Label::ALL.into_iter().max_by(likelier).unwrap_or(Label::Neutral);
    Mood { label, score: probabilities[2] - probabilities[0], probabilities, why: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_probable_mood_is_told_and_the_score_is_the_difference_of_the_outer_ones() {
        for (probabilities, label, score) in [
            ([0.75, 0.25, 0.0], Label::Negative, -0.75),
            ([0.25, 0.5, 0.25], Label::Neutral, 0.0),
            ([0.125, 0.25, 0.625], Label::Positive, 0.5),
        ] {
            let mood = mood(probabilities);
            assert_eq!((mood.label, mood.score, mood.probabilities), (label, score, probabilities));
        }
    }
}
