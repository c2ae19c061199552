//! The honest card of the model: how often it is right, source by source, by what is known of texts.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use futures_util::TryStreamExt as _;
use serde::Serialize;

use super::adapt::{DAY, LESSON_DAYS};
use super::{Service, on_a_thread};
use crate::analyse::adapt::{Lesson, adapt};
use crate::analyse::card::{self, Beside, Card, Judged};
use crate::analyse::{Mask, Model, Reader};
use crate::mention::{Label, Language, Mention, Timestamp};
use crate::store::{MOST_LESSONS, StoreError, StoredText};

/// Nobody may be asked what they have learned by heart: texts that the model learned from are judged by models that learned
/// from the others, so many of them.
const FOLDS: i64 = 5;

/// A source in one language.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Segment {
    /// The source.
    pub source: String,
    /// `None`: cannot tell.
    pub language: Option<Language>,
    /// What can be said of the model there.
    #[serde(flatten)]
    pub card: Card,
    /// How often transformers that have read some of it are right, by their versions.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub beside: BTreeMap<String, Beside>,
}

/// What is counted of a segment.
#[derive(Default)]
struct Count {
    judged: Vec<Judged>,
    told: [usize; 3],
    /// By the version of a transformer: what it says of known texts, and what the model says of the same.
    beside: BTreeMap<String, (Vec<Judged>, Vec<Judged>)>,
}

/// What is known of texts, each text once: its mood by its cluster.
type KnownMoods = HashMap<i64, Lesson>;

impl Service {
    /// What can be said of the model on the texts that first arrived within so many days, judged by their words alone.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn card(&self, days: u32, now: Timestamp) -> Result<Vec<Segment>, StoreError> {
        let has_learned = self.store.active_model().await?.is_some_and(|active| active.adaptation.is_some());
        let since = now.plus_seconds(-i64::from(days) * DAY);
        let (texts, known) = self.texts_and_known(since, now).await?;
        let (service, model) = (self.clone(), self.model());
        let work = move || {
            let folds = if has_learned { folds(&service, &known) } else { Vec::new() };
            segments(&count(&model, &folds, &service.mask, texts, &known))
        };
        Ok(on_a_thread(work).await.unwrap_or_default())
    }

    async fn texts_and_known(
        &self,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<(Vec<StoredText>, KnownMoods), StoreError> {
        let lessons_since = now.plus_seconds(-LESSON_DAYS * DAY);
        let mut stored = std::pin::pin!(self.store.texts(since.min(lessons_since)));
        let (mut texts, mut known) = (Vec::new(), KnownMoods::new());
        while let Some(text) = stored.try_next().await? {
            if let Some((label, by_hand)) = text.known().filter(|_| known.len() < MOST_LESSONS) {
                let lesson = || Lesson { mention: text.mention.clone(), label, by_hand };
                known.entry(text.cluster).and_modify(|one| prefer(one, lesson())).or_insert_with(lesson);
            }
            if text.arrived_at >= since {
                texts.push(text);
            }
        }
        Ok((texts, known))
    }
}

/// A person's word counts before stars.
fn prefer(one: &mut Lesson, other: Lesson) {
    if other.by_hand && !one.by_hand {
        *one = other;
    }
}

/// A model for each fold, which learned from the other folds.
fn folds(service: &Service, known: &KnownMoods) -> Vec<Model> {
    let mut clusters: Vec<&i64> = known.keys().collect();
    clusters.sort_unstable();
    let without = |fold: i64| {
        let others = clusters.iter().filter(|cluster| cluster.rem_euclid(FOLDS) != fold);
        let lessons: Vec<Lesson> = others.map(|cluster| known[*cluster].clone()).collect();
        let embedded = service.embedded();
        let (adaptation, _) = adapt(&embedded, &service.mask, &lessons);
        embedded.adapted(&adaptation)
    };
    (0..FOLDS).map(without).collect()
}

fn count(
    model: &Arc<Model>,
    folds: &[Model],
    mask: &Mask,
    texts: Vec<StoredText>,
    known: &KnownMoods,
) -> BTreeMap<(String, Option<Language>), Count> {
    let mut reader = model.reader();
    let mut readers: Vec<Reader<'_>> = folds.iter().map(Model::reader).collect();
    let mut counts: BTreeMap<_, Count> = BTreeMap::new();
    let mut met = HashSet::new();
    for text in texts {
        let lesson = known.get(&text.cluster);
        let is_known = text.known().is_some(); // itself, not by a copy elsewhere
        let fold = usize::try_from(text.cluster.rem_euclid(FOLDS)).unwrap_or(0);
        let reader = lesson.and_then(|_| readers.get_mut(fold)).unwrap_or(&mut reader);
        let Some((language, told)) = by_words(text.mention, mask, reader) else { continue };
        let count = counts.entry((text.source, language)).or_default();
        count.told[told as usize] += 1;
        if let Some(lesson) = lesson.filter(|_| is_known && met.insert(text.cluster)) {
            let judged = |told| Judged { is: lesson.label, told };
            count.judged.push(judged(told));
            for (version, label) in text.beside {
                let (other, same) = count.beside.entry(version).or_default();
                other.push(judged(label));
                same.push(judged(told));
            }
        }
    }
    counts
}

/// What the words alone say.
fn by_words(mention: Mention, mask: &Mask, reader: &mut Reader<'_>) -> Option<(Option<Language>, Label)> {
    let analysis = reader.analyse(&Mention { rating: None, ..mention }, mask);
    Some((analysis.language, analysis.mood?.label))
}

/// Source by source, the language of most texts first.
fn segments(counts: &BTreeMap<(String, Option<Language>), Count>) -> Vec<Segment> {
    let segment = |((source, language), count): (&(String, Option<Language>), &Count)| Segment {
        source: source.clone(),
        language: *language,
        card: card::card(&count.judged, count.told),
        beside: count
            .beside
            .iter()
            .map(|(version, (other, same))| (version.clone(), card::beside(other, same)))
            .collect(),
    };
    let mut segments: Vec<Segment> = counts.iter().map(segment).collect();
    segments.sort_by(|one, other| (&one.source, other.card.texts).cmp(&(&other.source, one.card.texts)));
    segments
}
