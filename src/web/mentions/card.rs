//! One mention as a list shows it: everything in words, and each word a link to more of its kind. Pure.

use super::filter;
use super::pieces::{Piece, cut, folded_at};
use crate::alert::quote::web_address;
use crate::mention::{Label, Rating};
use crate::store::StoredMention;
use crate::view::View;
use crate::web::{Frame, wording};

/// So many characters of a text are shown before it is unfolded.
const FOLDED_AT: usize = 480;

/// A mood as it is shown: its name in style sheets, its sign, and what it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::web) struct Mood {
    pub(in crate::web) class: &'static str,
    pub(in crate::web) sign: &'static str,
    pub(in crate::web) name: &'static str,
}

impl Mood {
    pub(in crate::web) fn of(frame: &Frame, label: Option<Label>) -> Self {
        match label {
            Some(label) => Self { class: label.name(), sign: wording::sign(label), name: wording::mood(frame, label) },
            None => Self { class: "unknown", sign: "?", name: frame.say("nicht erkannt", "not recognised") },
        }
    }
}

/// A word that leads to more of its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::web) struct Tag {
    pub(in crate::web) label: String,
    /// The query of the view with it.
    pub(in crate::web) query: String,
}

/// A mention in a list.
pub(in crate::web) struct Card {
    pub(in crate::web) id: i64,
    pub(in crate::web) mood: Mood,
    pub(in crate::web) is_corrected: bool,
    /// As glyphs, and in words.
    pub(in crate::web) stars: Option<(String, String)>,
    pub(in crate::web) author: Option<Tag>,
    pub(in crate::web) source: Tag,
    /// As people write it, and as machines read it.
    pub(in crate::web) said: (String, String),
    pub(in crate::web) title: Vec<Piece<()>>,
    pub(in crate::web) text: Vec<Piece<()>>,
    /// What is unfolded; empty where the text is short.
    pub(in crate::web) rest: Vec<Piece<()>>,
    pub(in crate::web) tags: Vec<Tag>,
    /// Why it cannot wait.
    pub(in crate::web) cause: Option<String>,
    /// What else there is to know, a few words each.
    pub(in crate::web) notes: Vec<String>,
    pub(in crate::web) reply: Option<String>,
    pub(in crate::web) url: Option<String>,
}

impl Card {
    pub(in crate::web) fn of(mention: &StoredMention, view: &View, frame: &Frame) -> Self {
        let marked = |text: &str| {
            let places = view.search.as_ref().map(|search| search.places(text)).unwrap_or_default();
            cut(text, &places.into_iter().map(|place| (place, ())).collect::<Vec<_>>())
        };
        let (text, rest) = folded_at(&mention.text, FOLDED_AT);
        let urgent = mention.urgent.as_deref();
        Self {
            id: mention.id,
            mood: Mood::of(frame, mention.label),
            is_corrected: mention.is_corrected,
            stars: mention.rating.map(|rating| stars(rating, frame)),
            author: mention.author.clone().zip(mention.author_id).map(|(name, id)| Tag {
                label: name,
                query: filter::with(&View::default(), "author", &id.to_string()),
            }),
            source: Tag { label: mention.source.clone(), query: filter::with(view, "source", &mention.source) },
            said: (frame.format().moment(mention.said_at), mention.said_at.to_string()),
            title: mention.title.as_deref().map(marked).unwrap_or_default(),
            text: marked(text),
            rest: if rest.is_empty() { Vec::new() } else { marked(rest) },
            tags: tags(mention, view, frame),
            cause: urgent.map(|cause| wording::capitalized(wording::cause(frame, cause))),
            notes: notes(mention, frame),
            reply: mention.reply.clone(),
            url: mention.url.as_deref().and_then(web_address),
        }
    }
}

/// `★★☆☆☆` and `2 of 5`, whatever the scale.
pub(in crate::web) fn stars(rating: Rating, frame: &Frame) -> (String, String) {
    let full = usize::from(rating.of_five());
    let glyphs = format!("{}{}", "★".repeat(full), "☆".repeat(5 - full));
    (glyphs, format!("{} {} {}", number(rating.value, frame), frame.say("von", "of"), number(rating.best, frame)))
}

fn number(value: f64, frame: &Frame) -> String {
    let english = ((value * 10.0).round() / 10.0).to_string();
    if frame.code() == "de" { english.replace('.', ",") } else { english }
}

/// Topics, emotions and intents.
pub(in crate::web) fn tags(mention: &StoredMention, view: &View, frame: &Frame) -> Vec<Tag> {
    let tag = |name, value: &String, label| Tag { label, query: filter::with(view, name, value) };
    let topics = mention.topics.iter().map(|it| tag("topic", it, wording::capitalized(&frame.format().topic(it))));
    let emotions = mention.emotions.iter().map(|it| tag("emotion", it, wording::emotion(frame, it).to_owned()));
    let intents = mention.intents.iter().map(|it| tag("intent", it, wording::intent(frame, it).to_owned()));
    topics.chain(emotions).chain(intents).collect()
}

/// Its state, and what is unusual about it.
pub(in crate::web) fn notes(mention: &StoredMention, frame: &Frame) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(at) = mention.removed_at {
        let at = frame.format().day(at);
        notes.push(match frame.code() {
            "de" => format!("am {at} in der Quelle gelöscht"),
            _ => format!("deleted at its source on {at}"),
        });
    }
    match mention.set_aside.as_deref() {
        Some("spam") => notes.push("Spam".to_owned()),
        Some(_) => notes.push(frame.say("ausgeblendet", "hidden").to_owned()),
        None => {}
    }
    if mention.versions > 1 {
        notes.push(frame.say("bearbeitet", "edited").to_owned());
    }
    if mention.copies > 1 {
        let copies = frame.format().count(mention.copies - 1);
        let (one, more) = (frame.say("Kopie", "copy"), frame.say("Kopien", "copies"));
        notes.push(format!("{copies} {}", if mention.copies == 2 { one } else { more }));
    }
    if mention.contradicts {
        notes.push(frame.say("Sterne und Text widersprechen sich", "stars and text disagree").to_owned());
    }
    notes
}
