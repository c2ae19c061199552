//! Writes every post of the world, in the order in which they appear.

use std::collections::VecDeque;

use chrono::Datelike;
use chrono_tz::Europe::Berlin;
use fastrand::Rng;

use super::climate::{self, Subject};
use super::details::{Details, NAMES};
use super::library::{Library, Order};
use super::people::{Community, Names, Person};
use super::phrases::{self, Deck};
use super::rhythm;
use super::timeline::{Timeline, local};
use super::voice::Voice;
use super::world::{Post, Source};
use crate::mention::{Author, Label, Language, Timestamp};

mod story;

/// So many posts in a row have texts unlike each other's.
const UNLIKE: usize = 50;

/// Something is to be written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    pub(super) at: Timestamp,
    pub(super) source: Source,
    pub(super) occasion: Occasion,
}

/// Why it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Occasion {
    Everyday,
    /// The furious author's post number so-and-so, from 0.
    Fury(usize),
    /// Paper number so-and-so carries the report, from 0.
    Copy(usize),
    /// The review that will be edited.
    Complaint,
    /// What it becomes.
    Praise,
}

/// Knows what was said and by whom, so that nothing and nobody is repeated too soon.
pub(super) struct Writer<'a> {
    timeline: &'a Timeline,
    /// How kind people are on each day of the world.
    tilts: Vec<f64>,
    german: Library,
    english: Library,
    press: Deck,
    social: Deck,
    outlets: Vec<&'static str>,
    german_names: Names,
    english_names: Names,
    forum: Community,
    microblog: [Community; 2],
    blog: Community,
    recent: VecDeque<String>,
    rng: Rng,
}

impl<'a> Writer<'a> {
    /// Invents the authors and opens the books.
    pub(super) fn new(timeline: &'a Timeline, mut rng: Rng) -> Self {
        let (de, en) = (Language::GERMAN, Language::ENGLISH);
        let rng = &mut rng;
        Self {
            timeline,
            tilts: rhythm::weather(121, 0.07, rng),
            german: Library::of(de, rng),
            english: Library::of(en, rng),
            press: Deck::new(include_str!("texts/de_press.txt"), rng),
            social: Deck::new(include_str!("texts/social.txt"), rng),
            outlets: phrases::lines(NAMES, "outlet"),
            german_names: Names::of(de),
            english_names: Names::of(en),
            forum: Community::invent("mitglied-", 620, de, rng),
            microblog: [Community::invent("de", 900, de, rng), Community::invent("en", 450, en, rng)],
            blog: Community::invent("reader-", 530, en, rng),
            recent: VecDeque::with_capacity(UNLIKE),
            rng: rng.fork(),
        }
    }

    /// Writes the next post.
    pub(super) fn write(&mut self, number: u64, slot: Slot) -> Post {
        const ATTEMPTS: usize = 50;
        let mut post = self.attempt(number, slot);
        for _ in 0..ATTEMPTS {
            if !self.recent.contains(&post.text.to_lowercase()) {
                break;
            }
            post = self.attempt(number, slot);
        }
        if self.recent.len() == UNLIKE {
            self.recent.pop_front();
        }
        self.recent.push_back(post.text.to_lowercase());
        post
    }

    fn attempt(&mut self, number: u64, slot: Slot) -> Post {
        match slot.occasion {
            Occasion::Fury(nth) => self.fury(number, slot, nth),
            Occasion::Copy(nth) => self.copy(number, slot, nth),
            Occasion::Complaint => self.edited(number, slot, "before", Label::Negative, 1),
            Occasion::Praise => self.edited(number, slot, "after", Label::Positive, 5),
            Occasion::Everyday => match slot.source {
                Source::AppStoreDe => self.review(number, slot, Language::GERMAN),
                Source::AppStoreGb => self.review(number, slot, Language::ENGLISH),
                Source::Forum => self.contribution(number, slot),
                Source::Social => self.note(number, slot),
                Source::Press => self.report(number, slot),
                Source::Blog => self.comment(number, slot),
            },
        }
    }

    /// In the stores people write once, with stars and a headline.
    fn review(&mut self, number: u64, slot: Slot, language: Language) -> Post {
        let names = if language == Language::GERMAN { &self.german_names } else { &self.english_names };
        let name = names.invent(&mut self.rng);
        let person =
            Person { author: Author { key: number.to_string(), name }, voice: Voice::choose(language, &mut self.rng) };
        let mut post = self.everyday(number, slot, language, &person);
        post.stars = Some(stars(post.mood, &mut self.rng));
        post.app_version = Some(self.timeline.app_version(slot.at));
        post
    }

    /// In the forum people greet each other, unless they only throw in a word, and write in threads.
    fn contribution(&mut self, number: u64, slot: Slot) -> Post {
        let person = self.forum.someone(day(slot.at), &mut self.rng);
        let mut post = self.everyday(number, slot, Language::GERMAN, &person);
        if post.topic.is_empty() {
            return post;
        }
        let details = self.scene(Language::GERMAN, slot.at);
        if self.rng.f64() < 0.3
            && let Some(greeting) = self.german.courtesy(true, &details, &mut self.rng)
        {
            post.text = format!("{greeting}\n{}", post.text);
        }
        if self.rng.f64() < 0.22
            && let Some(farewell) = self.german.courtesy(false, &details, &mut self.rng)
        {
            post.text = format!("{}\n{}", post.text, farewell.replace("{name}", first_name(&post.author)));
        }
        post
    }

    /// Under the tag people are brief, and some mean the chairlift.
    fn note(&mut self, number: u64, slot: Slot) -> Post {
        let english = self.rng.f64() < 0.36;
        let language = if english { Language::ENGLISH } else { Language::GERMAN };
        let person = self.microblog[usize::from(english)].someone(day(slot.at), &mut self.rng);
        let mut post = self.everyday(number, slot, language, &person);
        let details = self.scene(language, slot.at);
        if !english && self.rng.f64() < 0.04 {
            (post.about_brand, post.mood, post.topic) = (false, Label::Neutral, "elsewhere");
            if let Some(phrase) = self.social.draw(&mut self.rng, |p| p.topic == "elsewhere") {
                post.text = details.fill(phrase.text, &mut self.rng);
            }
        } else if let Some(tag) = self.social.draw(&mut self.rng, |p| p.topic == "tag" && p.kind == language.code()) {
            let tag = details.fill(tag.text, &mut self.rng).replace("Sankt ", "Sankt");
            post.text = format!("{} {tag}", post.text);
        }
        post
    }

    /// On the blog people comment on an article.
    fn comment(&mut self, number: u64, slot: Slot) -> Post {
        let person = self.blog.someone(day(slot.at), &mut self.rng);
        let mut post = self.everyday(number, slot, Language::ENGLISH, &person);
        post.title = post.title.map(|article| format!("Comment on {article}"));
        post
    }

    /// A paper reports, now and then about something else in the region.
    fn report(&mut self, number: u64, slot: Slot) -> Post {
        let paper = self.outlets[self.rng.usize(..self.outlets.len())];
        let mut post = blank(number, slot, Language::GERMAN, newsroom(paper));
        post.publisher = Some(paper.to_owned());
        (post.mood, post.about_brand) = (self.mood(slot), self.rng.f64() < 0.8);
        post.topic = if post.about_brand { "news" } else { "elsewhere" };
        let heading = if post.about_brand { post.mood.name() } else { "elsewhere" };
        let details = self.scene(Language::GERMAN, slot.at);
        let Some(report) = self.press.draw(&mut self.rng, |p| p.topic == heading) else { return post };
        let (title, lead) = report.text.split_once(" ~ ").unwrap_or(("", report.text));
        post.title = Some(details.fill(title, &mut self.rng));
        post.text = details.fill(lead, &mut self.rng);
        for _ in 0..if post.about_brand { 2 } else { 0 } {
            // Other places than in the lead, or the report would contradict itself.
            let elsewhere = self.scene(Language::GERMAN, slot.at);
            if let Some(more) = self.press.draw(&mut self.rng, |p| p.topic == "background") {
                post.text = format!("{} {}", post.text, elsewhere.fill(more.text, &mut self.rng));
            }
        }
        post
    }

    /// What a person writes of their own accord.
    fn everyday(&mut self, number: u64, slot: Slot, language: Language, person: &Person) -> Post {
        let mood = self.mood(slot);
        let (login, share) = climate::login_share(self.timeline, slot.source, slot.at, mood);
        let subject = if self.rng.f64() < share { login } else { Subject::Usual };
        let order = Order { source: slot.source, mood, subject, month: local(slot.at, Berlin).month() };
        let details = self.scene(language, slot.at);
        let library = if language == Language::GERMAN { &mut self.german } else { &mut self.english };
        let draft = library.compose(order, &details, &mut self.rng);
        let title = match slot.source {
            source if source.is_store() => library.title(order, &details, &mut self.rng),
            Source::Forum | Source::Blog => library.thread(draft.topic, &details, &mut self.rng),
            _ => None,
        };
        let text = person.voice.say(&draft.text, language, mood, &mut self.rng);
        Post { mood, topic: draft.topic, title, text, ..blank(number, slot, language, person.author.clone()) }
    }

    fn mood(&mut self, slot: Slot) -> Label {
        let since = slot.at.seconds() - self.timeline.begins.seconds();
        let tilt = usize::try_from(since / 86_400).ok().and_then(|day| self.tilts.get(day)).copied().unwrap_or(0.0);
        let [negative, neutral, _] = climate::shares(self.timeline, slot.source, slot.at, tilt);
        match self.rng.f64() {
            lot if lot < negative => Label::Negative,
            lot if lot < negative + neutral => Label::Neutral,
            _ => Label::Positive,
        }
    }

    fn scene(&mut self, language: Language, at: Timestamp) -> Details {
        Details::invent(language, local(at, Berlin).weekday(), &mut self.rng)
    }
}

fn blank(number: u64, slot: Slot, language: Language, author: Author) -> Post {
    Post {
        number,
        source: slot.source,
        language,
        author,
        title: None,
        text: String::new(),
        stars: None,
        publisher: None,
        app_version: None,
        mood: Label::Neutral,
        topic: "",
        about_brand: true,
        published_at: slot.at,
        updated_at: slot.at,
        replaced_at: None,
    }
}

/// Most people give what they feel, some are milder.
fn stars(mood: Label, rng: &mut Rng) -> u8 {
    match (mood, rng.u32(0..100)) {
        (Label::Negative, 0..=67) => 1,
        (Label::Negative, _) => 2,
        (Label::Neutral, 0..=74) => 3,
        (Label::Neutral, 75..=86) => 2,
        (Label::Neutral, _) | (Label::Positive, 0..=27) => 4,
        (Label::Positive, _) => 5,
    }
}

fn newsroom(paper: &str) -> Author {
    Author { key: paper.to_lowercase().replace(' ', "-"), name: format!("Redaktion {paper}") }
}

/// How somebody signs: with the first word of the shown name.
fn first_name(author: &Author) -> &str {
    author.name.split([' ', '_', '.']).next().unwrap_or(&author.name)
}

/// The day in Berlin, counted from an arbitrary one.
fn day(at: Timestamp) -> i64 {
    local(at, Berlin).date_naive().num_days_from_ce().into()
}
