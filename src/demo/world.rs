//! What was said in the invented world, and when.

use fastrand::Rng;

use super::phrases;
use super::rhythm;
use super::timeline::{FURY, Timeline};
use super::writer::{Occasion, Slot, Writer};
use crate::mention::{Author, Label, Language, Timestamp};

#[cfg(test)]
mod tests;

/// The invented railway.
pub const BRAND: &str = "Lerchenbahn";
/// The railway next door, which only the papers write about.
pub const NEIGHBOUR: &str = "Finkenbahn";
/// Its app.
pub const APP: &str = "Lerchen-Navigator";
/// What cannot wait.
const URGENT: &str = include_str!("texts/urgent.txt");
/// How many papers carry the copied report.
const OUTLETS: usize = 10;
/// The first post's number.
const FIRST_NUMBER: u64 = 100_001;

/// Where people say something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// Reviews of the app in the German store.
    AppStoreDe,
    /// Reviews of the app in the British store.
    AppStoreGb,
    /// The customers' forum, in German.
    Forum,
    /// Short posts under the brand's tag, in German and English.
    Social,
    /// A press review of the region, in German, not only about the brand.
    Press,
    /// Comments on an English travel blog.
    Blog,
}

impl Source {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::AppStoreDe, Self::AppStoreGb, Self::Forum, Self::Social, Self::Press, Self::Blog];

    /// Its `id` in the demo's `sources.toml`.
    pub const fn id(self) -> &'static str {
        match self {
            Self::AppStoreDe => "app-store-de",
            Self::AppStoreGb => "app-store-gb",
            Self::Forum => "forum",
            Self::Social => "social",
            Self::Press => "press",
            Self::Blog => "travel-blog",
        }
    }

    /// The country of a store, in lower case.
    pub const fn storefront(self) -> Option<&'static str> {
        match self {
            Self::AppStoreDe => Some("de"),
            Self::AppStoreGb => Some("gb"),
            _ => None,
        }
    }

    /// Whether it is a store, where people give stars.
    pub const fn is_store(self) -> bool {
        self.storefront().is_some()
    }
}

/// One version of something that was said.
#[derive(Clone, Debug)]
pub struct Post {
    /// Unique in the world; an edited post keeps it.
    pub number: u64,
    /// Where it was said.
    pub source: Source,
    /// The language it is written in.
    pub language: Language,
    /// Who said it.
    pub author: Author,
    /// Headline of a review or report; the thread or article that a contribution belongs to.
    pub title: Option<String>,
    /// Plain text.
    pub text: String,
    /// One to five, in the stores.
    pub stars: Option<u8>,
    /// The paper, in the press review.
    pub publisher: Option<String>,
    /// The version of the app that is reviewed.
    pub app_version: Option<&'static str>,
    /// What the author feels: the truth that an analysis can be held against.
    pub mood: Label,
    /// What it is about: `login`, `punctuality`, …; empty where it is about nothing in particular.
    pub topic: &'static str,
    /// It is about the brand, and not about its neighbours or a chairlift of the same name.
    pub about_brand: bool,
    /// When the first version appeared.
    pub published_at: Timestamp,
    /// When this version appeared.
    pub updated_at: Timestamp,
    /// When a newer version took its place.
    pub replaced_at: Option<Timestamp>,
}

/// A source that answers 503 for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outage {
    /// Which.
    pub source: Source,
    /// From then on.
    pub from: Timestamp,
    /// Until just before then.
    pub to: Timestamp,
}

/// One report in several papers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopiedText {
    /// As most papers headed it.
    pub title: String,
    /// In how many papers it stood.
    pub outlets: usize,
    /// When the first carried it.
    pub first_at: Timestamp,
}

/// One author who writes and writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Furious {
    /// Where.
    pub source: Source,
    /// When he began.
    pub from: Timestamp,
    /// How often he posted within the next five hours.
    pub posts: usize,
}

/// One review that its author changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edited {
    /// Where.
    pub source: Source,
    /// The post's number.
    pub number: u64,
    /// Its stars at first.
    pub stars_before: u8,
    /// Its stars now.
    pub stars_after: u8,
    /// When it was written.
    pub published_at: Timestamp,
    /// When it was changed.
    pub edited_at: Timestamp,
}

/// What happened, so that a summary can say what should have been found and what should not have been fallen for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    /// Whom it is about.
    pub brand: &'static str,
    /// The version of the app that breaks the login: the one true shift of mood.
    pub update_at: Timestamp,
    /// The version that repairs it; the mood recovers in part.
    pub fixed_at: Timestamp,
    /// No shift of mood, but silence.
    pub outage: Outage,
    /// No shift of mood, but one text.
    pub copied_text: CopiedText,
    /// No shift of mood, but one man.
    pub furious: Furious,
    /// A success of the service team.
    pub edited: Edited,
}

/// 120 days of an invented world.
#[derive(Debug)]
pub struct World {
    timeline: Timeline,
    story: Story,
    /// In the order in which they appeared.
    posts: Vec<Post>,
    /// For each source, where its posts stand in `posts`, oldest first.
    by_source: [Vec<usize>; Source::ALL.len()],
}

impl World {
    /// Invents the 120 days up to `ends`; the same for the same seed.
    pub fn new(ends: Timestamp, seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let timeline = Timeline::new(ends);
        let slots = slots(&timeline, &mut rng);
        let mut writer = Writer::new(&timeline, rng);
        let mut posts: Vec<Post> =
            (FIRST_NUMBER..).zip(&slots).map(|(number, slot)| writer.write(number, *slot)).collect();
        let edited = join_versions(&mut posts, &slots);
        plant_urgent(&mut posts, &timeline);
        let mut by_source = [const { Vec::new() }; Source::ALL.len()];
        for (at, post) in posts.iter().enumerate() {
            by_source[post.source as usize].push(at);
        }
        let story = tell(&timeline, &posts, &slots, edited);
        Self { timeline, story, posts, by_source }
    }

    /// The first moment.
    pub fn begins(&self) -> Timestamp {
        self.timeline.begins
    }

    /// The last moment: the simulated today.
    pub fn ends(&self) -> Timestamp {
        self.timeline.ends
    }

    /// What happened.
    pub fn story(&self) -> &Story {
        &self.story
    }

    /// Every version of every post, in the order in which they appeared.
    pub fn posts(&self) -> &[Post] {
        &self.posts
    }

    /// What a source shows at a time: the newest version of every post, the latest first.
    pub fn shown(&self, source: Source, now: Timestamp) -> impl Iterator<Item = &Post> {
        let index = &self.by_source[source as usize];
        let end = index.partition_point(|&at| self.posts[at].updated_at <= now);
        let versions = index[..end].iter().rev().map(|&at| &self.posts[at]);
        versions.filter(move |post| post.replaced_at.is_none_or(|at| at > now))
    }

    /// The version of a post that is shown at a time.
    pub fn post(&self, number: u64, now: Timestamp) -> Option<&Post> {
        self.posts.iter().rev().find(|post| post.number == number && post.updated_at <= now)
    }

    /// Whether a source does not answer at a time.
    pub fn is_out(&self, source: Source, now: Timestamp) -> bool {
        let outage = &self.story.outage;
        outage.source == source && (outage.from..outage.to).contains(&now)
    }
}

/// Who writes when: the everyday and the story, in order of time.
fn slots(timeline: &Timeline, rng: &mut Rng) -> Vec<Slot> {
    let busy: Vec<f64> = rhythm::weather(121, 0.12, rng).into_iter().map(f64::exp).collect();
    let mut slots = Vec::new();
    for source in Source::ALL {
        let moments = rhythm::moments(timeline, source, &busy, rng);
        slots.extend(moments.into_iter().map(|at| Slot { at, source, occasion: Occasion::Everyday }));
    }
    let mut scatter = |start: Timestamp, span: i64, count: usize| {
        let mut moments: Vec<_> = (1..count).map(|_| start.plus_seconds(rng.i64(60..span))).collect();
        moments.push(start);
        moments.sort();
        moments
    };
    let fury = scatter(timeline.fury_at, FURY.1, FURY.0).into_iter().enumerate();
    slots.extend(fury.map(|(n, at)| Slot { at, source: Source::Forum, occasion: Occasion::Fury(n) }));
    let copies = scatter(timeline.copied_at, 9 * 3600, OUTLETS).into_iter().enumerate();
    slots.extend(copies.map(|(n, at)| Slot { at, source: Source::Press, occasion: Occasion::Copy(n) }));
    let store = Source::AppStoreDe;
    slots.push(Slot { at: timeline.complaint_at, source: store, occasion: Occasion::Complaint });
    slots.push(Slot { at: timeline.praise_at, source: store, occasion: Occasion::Praise });
    slots.sort_by_key(|slot| slot.at);
    slots
}

/// Makes the praise a newer version of the complaint, and says where the complaint stands.
fn join_versions(posts: &mut [Post], slots: &[Slot]) -> usize {
    let stands = |occasion| slots.iter().position(|slot| slot.occasion == occasion).unwrap_or(0);
    let (before, after) = (stands(Occasion::Complaint), stands(Occasion::Praise));
    posts[before].replaced_at = Some(posts[after].updated_at);
    posts[after].number = posts[before].number;
    posts[after].published_at = posts[before].published_at;
    posts[after].author = posts[before].author.clone();
    before
}

/// Two everyday complaints, days after the repair, turn into some that cannot wait.
fn plant_urgent(posts: &mut [Post], timeline: &Timeline) {
    let quiet = timeline.fixed_at.plus_seconds(2 * 86_400);
    let places = [(Source::Forum, "forum", "safety"), (Source::Blog, "blog", "privacy")];
    for (source, heading, topic) in places {
        let fits = |post: &&mut Post| {
            let is_everyday = post.published_at == post.updated_at && post.published_at > quiet;
            post.source == source && post.mood == Label::Negative && is_everyday
        };
        let text = phrases::lines(URGENT, heading).first().copied().unwrap_or_default();
        if let Some(post) = posts.iter_mut().find(fits) {
            text.clone_into(&mut post.text);
            post.topic = topic;
        }
    }
}

fn tell(timeline: &Timeline, posts: &[Post], slots: &[Slot], edited: usize) -> Story {
    let copy = slots.iter().position(|slot| matches!(slot.occasion, Occasion::Copy(_))).unwrap_or(0);
    Story {
        brand: BRAND,
        update_at: timeline.update_at,
        fixed_at: timeline.fixed_at,
        outage: timeline.outage,
        copied_text: CopiedText {
            title: posts[copy].title.clone().unwrap_or_default(),
            outlets: OUTLETS,
            first_at: timeline.copied_at,
        },
        furious: Furious { source: Source::Forum, from: timeline.fury_at, posts: FURY.0 },
        edited: Edited {
            source: posts[edited].source,
            number: posts[edited].number,
            stars_before: 1,
            stars_after: 5,
            published_at: timeline.complaint_at,
            edited_at: timeline.praise_at,
        },
    }
}
