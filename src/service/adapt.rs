//! A model that learns from the operator's corrections and from reviews with stars, and how it takes over.
//!
//! A new model must never look like a change of mood: it reads the last weeks beside the active one, takes over all at once,
//! and what the detectors then find in what is past is told to nobody.

use std::sync::{Arc, PoisonError};

use chrono::Timelike as _;
use chrono_tz::Tz;

use super::{Service, on_a_thread};
use crate::analyse::adapt::{self, Adaptation, Gain, Lesson};
use crate::analyse::{Analysis, Model};
use crate::mention::Timestamp;
use crate::store::{Change, StoreError, StoredModel};

pub(super) const DAY: i64 = 86_400;

/// A new model reads what first arrived in so many days: 30 for the detector to know what is usual, and some in which it
/// finds what another reading makes of the past. If it began to look only now, it would find that later and tell it as news.
pub const READ_DAYS: i64 = 45;

/// Reviews with stars are lessons for so long.
pub(super) const LESSON_DAYS: i64 = 2 * 365;

/// By night a model that learned stays for so many days, unless there are many more lessons: each change of the model starts
/// the detectors anew, and one that starts anew every night is deaf for rare mentions.
const STAY_DAYS: i64 = 7;

/// What many more are: a tenth.
const MANY_MORE: f64 = 1.1;

/// In these hours of the night there is time to learn.
const NIGHT: std::ops::Range<u32> = 2..4;

/// What came of an attempt to learn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Adapted {
    /// How many lessons there were.
    pub lessons: usize,
    /// What they bring, by language.
    pub gains: Vec<Gain>,
    /// Whether another model speaks now; `None`: the one that spoke before.
    pub change: Option<Change>,
}

/// What came of a night.
#[derive(Clone, Debug, PartialEq)]
pub enum Night {
    /// There are hardly more lessons than the model has learned from, and it is young.
    TooFewNewLessons,
    /// It learned, or tried to.
    Learned(Adapted),
}

/// What was learned: the model with its place in the database.
struct Learned {
    model: Model,
    stored: StoredModel,
}

impl Service {
    /// Learns from everything that there is to learn from. If that gives another model than the one that speaks, it takes over.
    ///
    /// # Errors
    /// When the database refuses; then the model that spoke before goes on, and the next attempt takes up this one.
    pub async fn adapt_once(&self, now: Timestamp) -> Result<Adapted, StoreError> {
        let lessons = self.lessons(now).await?;
        self.learn_from(lessons, now).await
    }

    /// As [`Service::adapt_once`], if it is worth the trouble.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn adapt_by_night(&self, now: Timestamp) -> Result<Night, StoreError> {
        let lessons = self.lessons(now).await?;
        let active = self.store.active_model().await?.filter(|active| active.adaptation.is_some());
        #[expect(clippy::cast_precision_loss, reason = "a number of lessons")]
        let stays = active.is_some_and(|active| {
            let is_young = now < active.learned_at.plus_seconds(STAY_DAYS * DAY);
            is_young && (lessons.len() as f64) < f64::from(active.lessons) * MANY_MORE
        });
        if stays {
            return Ok(Night::TooFewNewLessons);
        }
        Ok(Night::Learned(self.learn_from(lessons, now).await?))
    }

    /// Makes sure that the model of this program is the one that the database knows of; to be called before anything is
    /// analysed. A database that another version of the program left goes over to this one's model.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn settle_model(&self, now: Timestamp) -> Result<Option<Change>, StoreError> {
        let Some(active) = self.store.active_model().await? else {
            if self.store.another_teller(Model::VERSION).await?.is_none() {
                self.store.begin_model(&self.plain(now).stored).await?;
                return Ok(None);
            }
            return self.take_over(self.plain(now), now).await.map(Some);
        };
        let has_learned = active.adaptation.is_some();
        if active.version == self.model().version() && (self.config.adapt || !has_learned) {
            return Ok(None);
        }
        let next = if self.config.adapt && has_learned {
            self.learned(self.lessons(now).await?, now).await.0
        } else {
            self.plain(now)
        };
        self.take_over(next, now).await.map(Some)
    }

    /// Goes over to the model that the database calls the active one, if this program knows how.
    pub(super) async fn load_model(&self) -> Result<(), StoreError> {
        let active = self.store.active_model().await?;
        let another = active.filter(|active| active.version != self.model().version());
        if let Some(model) = another.and_then(|active| self.restored(&active)) {
            self.speak_by(Arc::new(model));
        }
        Ok(())
    }

    pub(super) fn embedded(&self) -> Model {
        Model::embedded(&self.config.languages).with_topics(self.config.topics.clone())
    }

    /// The model that was stored; `None` if it was made on top of another than the one in this program.
    fn restored(&self, stored: &StoredModel) -> Option<Model> {
        let model = match &stored.adaptation {
            Some(bytes) => self.embedded().adapted(&Adaptation::from_bytes(bytes)?),
            None => self.embedded(),
        };
        Some(model).filter(|model| model.version() == stored.version)
    }

    /// The model in this program as it is.
    fn plain(&self, now: Timestamp) -> Learned {
        let model = self.embedded();
        Learned { stored: stored(&model, None, 0, Vec::new(), now), model }
    }

    fn speak_by(&self, model: Arc<Model>) {
        *self.model.write().unwrap_or_else(PoisonError::into_inner) = model;
    }

    async fn lessons(&self, now: Timestamp) -> Result<Vec<Lesson>, StoreError> {
        self.store.lessons(now.plus_seconds(-LESSON_DAYS * DAY)).await
    }

    async fn learn_from(&self, lessons: Vec<Lesson>, now: Timestamp) -> Result<Adapted, StoreError> {
        let count = lessons.len();
        let (learned, gains) = self.learned(lessons, now).await;
        let mut adapted = Adapted { lessons: count, gains, change: None };
        let active = self.store.active_model().await?;
        if active.is_none_or(|active| active.version != learned.stored.version) {
            adapted.change = Some(self.take_over(learned, now).await?);
        }
        Ok(adapted)
    }

    /// The model with what these lessons teach; the embedded one where they teach nothing.
    async fn learned(&self, lessons: Vec<Lesson>, now: Timestamp) -> (Learned, Vec<Gain>) {
        let (service, count) = (self.clone(), lessons.len());
        let work = move || {
            let embedded = service.embedded();
            let (adaptation, gains) = adapt::adapt(&embedded, &service.mask, &lessons);
            let bytes = (!adaptation.version().is_empty()).then(|| adaptation.to_bytes());
            let model = embedded.adapted(&adaptation);
            (Learned { stored: stored(&model, bytes, count, gains.clone(), now), model }, gains)
        };
        on_a_thread(work).await.unwrap_or_else(|| (self.plain(now), Vec::new()))
    }

    /// Lets a model read what has arrived lately, and then take over. Meanwhile the other one goes on.
    async fn take_over(&self, learned: Learned, now: Timestamp) -> Result<Change, StoreError> {
        let Learned { model, stored } = learned;
        let (model, since) = (Arc::new(model), now.plus_seconds(-READ_DAYS * DAY));
        self.store.try_model(&stored).await?;
        loop {
            self.read_all(&model, since).await?;
            // While it read, more has arrived: the last look is in the transaction.
            if let Some(change) = self.store.switch_model(&stored, since, now).await? {
                self.speak_by(model);
                log(&change);
                return Ok(change);
            }
        }
    }

    async fn read_all(&self, model: &Arc<Model>, since: Timestamp) -> Result<(), StoreError> {
        let mut after = 0;
        loop {
            let unread = self.store.unread(model.version(), since, after).await?;
            let Some(last) = unread.last() else { return Ok(()) };
            after = last.mention_id - 1; // its other revision may be in the next part
            let (model_, mask) = (model.clone(), self.mask.clone());
            let read = move || {
                let mut reader = model_.reader();
                unread.iter().map(|one| (one.revision_id, reader.analyse(&one.mention, &mask))).collect::<Vec<_>>()
            };
            let read: Vec<(i64, Analysis)> = on_a_thread(read).await.unwrap_or_default();
            self.store.save_shadow(model.version(), &read).await?;
        }
    }
}

fn stored(
    model: &Model,
    adaptation: Option<Vec<u8>>,
    lessons: usize,
    gains: Vec<Gain>,
    learned_at: Timestamp,
) -> StoredModel {
    let lessons = u32::try_from(lessons).unwrap_or(u32::MAX);
    StoredModel { version: model.version().to_owned(), learned_at, adaptation, lessons, gains }
}

fn log(change: &Change) {
    let Change { from, to, breaks } = change;
    tracing::info!(from, to, "another model tells the moods from now on");
    for one in breaks {
        tracing::info!(brand = one.brand, mentions = one.mentions(), different = one.different, "read again by it");
    }
}

/// Whether it is time to learn: by night in this zone, and not twice in one.
pub(super) fn is_time(now: Timestamp, last: Option<Timestamp>, zone: Tz) -> bool {
    let local = now.to_utc().with_timezone(&zone);
    NIGHT.contains(&local.hour()) && last.is_none_or(|last| now >= last.plus_seconds(DAY / 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_time_between_two_and_four_on_the_wall_clock_and_once_a_night() {
        let zone = Tz::Europe__Berlin;
        let at = |text| Timestamp::parse_rfc3339(text).unwrap();
        let summer = at("2026-07-01T00:30:00Z");
        assert!(is_time(summer, None, zone), "half past two");
        assert!(!is_time(at("2026-01-10T00:30:00Z"), None, zone), "half past one");
        assert!(!is_time(at("2026-07-01T02:00:00Z"), None, zone), "four o'clock");
        assert!(!is_time(summer.plus_seconds(3000), Some(summer), zone));
        assert!(is_time(summer.plus_seconds(DAY), Some(summer), zone));
    }
}
