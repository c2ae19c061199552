//! Random histories of a small database, for what must hold whatever happened.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::*;
use crate::analyse::{Emotion, Intent};
use crate::collect::Recheck;
use crate::mention::Reply;
use crate::store::{Aside, StoredModel};
use crate::urgent::{Cause, Urgent};

pub(in crate::store) const BRANDS: [&str; 2] = ["Hellbahn", "Finkenbahn"];
pub(in crate::store) const SOURCES: [&str; 2] = ["forum", "press"];
pub(in crate::store) const TOPICS: [&str; 3] = ["app", "price", "Bordbistro"];

/// Late in the evening before the night in which summer time ends in Berlin.
const BEGINNING: i64 = 1_761_425_000;

/// The first two are near enough to be copies of one another; the last is too short to be anybody's.
pub(in crate::store) const TEXTS: [&str; 5] = [
    "Seit dem Update komme ich nicht mehr in die App, das Passwort wird einfach nicht mehr angenommen, so Müller.",
    "Seit dem Update komme ich nicht mehr in die App, das Passwort wird nicht mehr angenommen, so Müller.",
    "Der Zug kam schon wieder zu spät, und der Bus auf der Hauptstraße war längst weg, als wir endlich ankamen.",
    "Freundliches Personal, saubere Wagen und ein ZUG, der auf die Minute fährt: so macht die Waldbahn Freude.",
    "Zug weg",
];

/// Something that happens.
#[derive(Clone, Debug)]
pub(in crate::store) enum Step {
    /// A mention arrives, or another version of it.
    Save(Box<Saying>),
    /// Its source says that it is gone, or that it is there.
    Look { source: usize, id: usize, is_there: bool },
    /// A person puts one of the mentions aside, or brings it back.
    SetAside { nth: usize, aside: Option<Aside> },
    /// A person says what its mood is.
    Correct { nth: usize, label: Label },
    /// Of what has arrived about a brand since the last such look, every second one cannot wait.
    Alarm { brand: usize, from: usize },
    /// A mention is found to be about no brand of this number any more.
    Unlink { nth: usize, brand: usize },
    /// Another model takes over, that calls everything since some hours ago so.
    Switch { label: Label, hours: i64 },
    /// An author is erased.
    Erase { source: usize, author: usize },
    /// Some days are counted anew.
    RollUp,
}

/// What is said in one step.
#[derive(Clone, Debug)]
pub(in crate::store) struct Saying {
    source: usize,
    id: usize,
    author: Option<usize>,
    text: usize,
    has_title: bool,
    stars: Option<u8>,
    label: Option<Label>,
    language: Option<Language>,
    topics: Vec<&'static str>,
    emotions: Vec<Emotion>,
    intents: Vec<Intent>,
    urgency: f64,
    brands: Vec<&'static str>,
    replied: bool,
    /// Published so many hours before it arrives; below zero, its source is ahead of its time.
    published: Option<i64>,
}

fn saying() -> impl Strategy<Value = Saying> {
    let whence = (0..2_usize, 0..9_usize, prop::option::of(0..3_usize), 0..TEXTS.len(), any::<bool>());
    let mood = (
        prop::option::of(1..=5_u8),
        prop::option::of(select(Label::ALL.to_vec())),
        select(vec![None, Some(Language::GERMAN), Some(Language::ENGLISH)]),
        subsequence(TOPICS.to_vec(), 0..=2),
    );
    let more = (
        subsequence(vec![Emotion::Anger, Emotion::Joy], 0..=2),
        subsequence(vec![Intent::Complaint, Intent::Praise], 0..=1),
        select(vec![0.1, 0.5, 0.9]),
        subsequence(BRANDS.to_vec(), 1..=2),
        any::<bool>(),
        prop::option::of(-3..60_i64),
    );
    (whence, mood, more).prop_map(|(whence, mood, more)| {
        let (source, id, author, text, has_title) = whence;
        let (stars, label, language, topics) = mood;
        let (emotions, intents, urgency, brands, replied, published) = more;
        Saying {
            source,
            id,
            author,
            text,
            has_title,
            stars,
            label,
            language,
            topics,
            emotions,
            intents,
            urgency,
            brands,
            replied,
            published,
        }
    })
}

pub(in crate::store) fn steps(most: usize) -> impl Strategy<Value = Vec<Step>> {
    let label = || select(Label::ALL.to_vec());
    let aside = select(vec![None, Some(Aside::Spam), Some(Aside::Hidden)]);
    let step = prop_oneof![
        10 => saying().prop_map(|saying| Step::Save(Box::new(saying))),
        2 => (0..2_usize, 0..9_usize, any::<bool>())
            .prop_map(|(source, id, is_there)| Step::Look { source, id, is_there }),
        2 => (0..20_usize, aside).prop_map(|(nth, aside)| Step::SetAside { nth, aside }),
        2 => (0..20_usize, label()).prop_map(|(nth, label)| Step::Correct { nth, label }),
        3 => (0..2_usize, 0..2_usize).prop_map(|(brand, from)| Step::Alarm { brand, from }),
        1 => (0..20_usize, 0..2_usize).prop_map(|(nth, brand)| Step::Unlink { nth, brand }),
        1 => (label(), 0..40_i64).prop_map(|(label, hours)| Step::Switch { label, hours }),
        1 => (0..2_usize, 0..3_usize).prop_map(|(source, author)| Step::Erase { source, author }),
        3 => Just(Step::RollUp),
    ];
    prop::collection::vec(step, 1..most)
}

/// Runs what is asynchronous in a property.
pub(in crate::store) fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn model(version: &str) -> StoredModel {
    let learned_at = Timestamp::from_seconds(BEGINNING);
    StoredModel { version: version.to_owned(), learned_at, adaptation: None, lessons: 0, gains: Vec::new() }
}

/// A database in which something happens every three hours.
pub(in crate::store) struct History {
    pub(in crate::store) world: World,
    now: Timestamp,
    models: usize,
    zone: chrono_tz::Tz,
}

impl History {
    /// Rolled up by the calendar of this zone.
    pub(in crate::store) async fn begin(zone: chrono_tz::Tz) -> Self {
        let world = world().await;
        world.store.register([&source("forum"), &source("press")], BRANDS).await.unwrap();
        let history = Self { world, now: Timestamp::from_seconds(BEGINNING), models: 0, zone };
        history.world.store.begin_model(&model(&history.version())).await.unwrap();
        // What the first round of a source brings is its history, and the first look for what cannot wait finds nothing.
        for place in SOURCES {
            let (end, at) = (Cursor::default(), history.now.plus_seconds(-1));
            history.world.store.save(&source(place), &[], Some((&end, at).into()), true, at).await.unwrap();
        }
        for brand in BRANDS {
            history.alarm(brand, 0).await;
        }
        history
    }

    fn version(&self) -> String {
        format!("linear-{}", self.models)
    }

    /// The number of the nth mention, if there is one.
    async fn nth(&self, nth: usize) -> Vec<i64> {
        let ids: Vec<i64> =
            sqlx::query_scalar("SELECT id FROM mention ORDER BY id").fetch_all(&self.world.store.reader).await.unwrap();
        ids.get(nth % ids.len().max(1)).copied().into_iter().collect()
    }

    pub(in crate::store) async fn happen(&mut self, step: Step) {
        self.now = self.now.plus_seconds(3 * 3600 + 7);
        // As if many more had come meanwhile.
        sqlx::query("UPDATE sqlite_sequence SET seq = seq + 400 WHERE name = 'mention'")
            .execute(&self.world.store.writer)
            .await
            .unwrap();
        let (store, now) = (self.world.store.clone(), self.now);
        match step {
            Step::Save(saying) => {
                let place = source(SOURCES[saying.source]);
                store.save(&place, &[self.item(&saying)], None, true, now).await.unwrap();
            }
            Step::Look { source: place, id, is_there } => {
                let (ids, none) = (vec![format!("n{id}")], Vec::new());
                let (there, removed) = if is_there { (ids.clone(), none) } else { (none, ids.clone()) };
                let recheck = Recheck { asked: ids, there, removed, ..Recheck::default() };
                store.record_recheck(&source(SOURCES[place]), &recheck, now, now).await.unwrap();
            }
            Step::SetAside { nth, aside } => {
                store.set_aside(&self.nth(nth).await, aside).await.unwrap();
            }
            Step::Correct { nth, label } => {
                for id in self.nth(nth).await {
                    let correction = Correction { line: 0, target: Target::Exported(id), label };
                    store.correct(&[correction], None, now).await.unwrap();
                }
            }
            Step::Alarm { brand, from } => self.alarm(BRANDS[brand], from).await,
            Step::Unlink { nth, brand } => {
                for id in self.nth(nth).await {
                    let unlink = "DELETE FROM mention_brand WHERE mention_id = ?1
                        AND brand_id = (SELECT id FROM brand WHERE name = ?2)";
                    sqlx::query(unlink).bind(id).bind(BRANDS[brand]).execute(&store.writer).await.unwrap();
                }
            }
            Step::Switch { label, hours } => self.switch(label, now.plus_seconds(-hours * 3600)).await,
            Step::Erase { source: place, author } => {
                store.erase_author(&source(SOURCES[place]), &format!("u{author}")).await.unwrap();
            }
            Step::RollUp => while store.roll_up(self.zone).await.unwrap() {},
        }
    }

    async fn alarm(&self, brand: &str, from: usize) {
        let store = &self.world.store;
        let look = store.urgent_look(brand, self.now).await.unwrap();
        let urgent = || Urgent { cause: Cause::Safety, words: vec!["zu spät".to_owned()], weight: 0.9 };
        let found: Vec<_> = look.arrivals.iter().skip(from).step_by(2).map(|arrival| (arrival, urgent())).collect();
        store.save_urgent(brand, &look, &found, &[], self.now).await.unwrap();
    }

    async fn switch(&mut self, label: Label, since: Timestamp) {
        let store = &self.world.store;
        self.models += 1;
        let version = self.version();
        store.try_model(&model(&version)).await.unwrap();
        read_all(store, &version, since, label).await;
        store.switch_model(&model(&version), since, self.now).await.unwrap().unwrap();
    }

    fn item(&self, saying: &Saying) -> Item {
        let author = |number: usize| Author { key: format!("u{number}"), name: format!("jana_{number}") };
        let mention = Mention {
            native_id: format!("n{}", saying.id),
            author: saying.author.map(author),
            title: saying.has_title.then(|| "Ein Zug nach Süden".to_owned()),
            text: TEXTS[saying.text].to_owned(),
            rating: saying.stars.map(|stars| Rating::stars(f64::from(stars))),
            published_at: saying.published.map(|hours| self.now.plus_seconds(-hours * 3600)),
            reply: saying.replied.then(|| Reply { text: "Das tut uns leid.".to_owned(), at: None }),
            ..Mention::default()
        };
        let mood =
            saying.label.map(|label| Mood { label, score: 0.0, probabilities: [0.4, 0.3, 0.3], why: Vec::new() });
        let mut analysis = Analysis { language: saying.language, mood, ..Analysis::default() };
        analysis.topics = saying.topics.iter().map(|topic| (*topic).into()).collect();
        (analysis.emotions, analysis.intents) = (saying.emotions.clone(), saying.intents.clone());
        analysis.urgency.value = saying.urgency;
        let brands = saying.brands.iter().map(|brand| (*brand).to_owned()).collect();
        Item { mention, analysis, model_version: self.version().into(), brands }
    }
}
