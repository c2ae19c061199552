//! RSS 0.9–2.0, RDF, Atom 0.3 and 1.0, JSON Feed: feed-rs, with the repairs that real feeds need.
//!
//! `decode` makes text of the bytes, `repair` (or `json`) a clean document of the text, feed-rs a model of the document, and
//! `entry` mentions of the model. `round` fetches, follows and remembers; `discover` finds the feed of a page.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use feed_rs::model;
use feed_rs::parser::Builder;
use serde::Deserialize;
use url::Url;

use super::{About, Batch, CollectError, Detail, Round};
use crate::mention::Mention;
use crate::tongue::{Said, said};
use markup::{Markup, Token};
use repair::{MOST_ENTRIES, Missing, PAGE, Repaired};

mod author;
pub(super) mod date;
pub(super) mod decode;
mod discover;
mod entry;
mod json;
pub(super) mod markup;
mod names;
mod repair;
mod round;
mod stars;

/// For `stimmung kinds`.
pub const ABOUT: About = About {
    name: "feed",
    listens_to: said(
        "ein RSS-, RDF-, Atom- oder JSON-Feed oder eine Seite, die einen nennt: Blogs, Presse, Foren, Alerts von \
         Suchmaschinen",
        "an RSS, RDF, Atom or JSON feed, or a page that names one: blogs, press, forums, alerts of search engines",
    ),
    brings: &[Detail::Title, Detail::Author, Detail::Link, Detail::Language, Detail::Edits],
    history: said(
        "was der Feed enthält, oft die neuesten 10 bis 100 Einträge",
        "what the feed holds, often the newest 10 to 100",
    ),
    example: "feed = { url = \"https://www.heise.de/rss/heise-atom.xml\" }",
    ..About::PLAIN
};

/// `from.feed = { url = "https://…" }`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feed {
    /// The feed, or a page that names its feed.
    #[serde(deserialize_with = "super::web_address")]
    pub url: Url,
}

/// What a feed says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parsed {
    /// Its name.
    pub title: Option<String>,
    /// Its entries, in its order, without those that say nothing.
    pub mentions: Vec<Mention>,
    /// How many entries there were, with those that say nothing.
    pub entries: usize,
    /// What a person should know of it.
    pub notes: Vec<String>,
    /// How long it asks not to be fetched again (`<ttl>`).
    pub rest: Option<Duration>,
}

/// One round.
///
/// # Errors
///
/// Where nothing can be fetched, or what is fetched is neither a feed nor a page that leads to one.
pub async fn collect(feed: &Feed, round: &Round<'_>) -> Result<Batch, CollectError> {
    round::collect(feed, round).await
}

/// Reads a feed in any format and condition. `base` is its address, `content_type` what the server calls it.
///
/// # Errors
///
/// [`CollectError::Format`] where the document is no feed. A feed without entries is no error.
pub fn parse(bytes: &[u8], content_type: Option<&str>, base: &Url) -> Result<Parsed, CollectError> {
    read(&decode::decode(bytes, content_type), base).map_err(CollectError::from)
}

/// Why a document was not read as a feed.
#[derive(Debug)]
enum Unread {
    /// It is a page for people; perhaps that leads to a feed.
    Page,
    /// It is something else, in words.
    Other(Said),
}

/// What to do about a page.
const ITS_ADDRESS: Said<&'static str> =
    said("Geben Sie die Adresse des Feeds selbst an", "give the address of the feed itself");

impl From<Unread> for CollectError {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::Page => Self::Format {
                message: said("Eine Seite (HTML) statt eines Feeds", "a page (HTML) instead of a feed").into(),
                hint: ITS_ADDRESS,
            },
            Unread::Other(message) => Self::Format {
                message,
                hint: said(
                    "Öffnen Sie die Adresse im Browser: Sie sollte RSS, Atom oder JSON Feed zeigen",
                    "open the address in a browser: it should show RSS, Atom or JSON Feed",
                ),
            },
        }
    }
}

fn read(text: &str, base: &Url) -> Result<Parsed, Unread> {
    let repaired = if text.trim_start().starts_with('{') {
        json::coerce(text).map_err(Unread::Other)?
    } else {
        repair::repair(text, base).ok_or_else(|| no_feed(text))?
    };
    let dates = Arc::new(Dates::default());
    let feed = model(&repaired.document, base, &dates)?;
    let mut parsed = assemble(feed, repaired, base);
    parsed.notes.extend(dates.notes());
    if parsed.entries == 0 && (text.contains("<item") || text.contains("<entry")) {
        parsed.notes.push("the document speaks of entries, but none could be read: that is no proof of silence".into());
    }
    Ok(parsed)
}

/// What a document without a feed is.
fn no_feed(text: &str) -> Unread {
    let mut markup = Markup::new(text);
    let outermost = std::iter::from_fn(|| markup.token()).find_map(|token| match token {
        Token::Start(tag) => Some(tag.name),
        Token::End(_) => None,
    });
    match outermost {
        _ if text.trim().is_empty() => Unread::Other(said("Das Dokument ist leer", "the document is empty").into()),
        Some(name) if PAGE.iter().any(|page| name.eq_ignore_ascii_case(page)) => Unread::Page,
        Some(_) if text.contains("<html") || text.contains("<!DOCTYPE html") => Unread::Page,
        Some(name) => Unread::Other(Said {
            german: format!("Kein Feed, sondern ein Dokument, das mit <{}> beginnt", shortened(name)),
            english: format!("no feed, but a document that begins with <{}>", shortened(name)),
        }),
        None => Unread::Other(said("Weder XML noch JSON", "neither XML nor JSON").into()),
    }
}

fn shortened(name: &str) -> &str {
    &name[..name.floor_char_boundary(40)]
}

/// Dates that could not be read, or not surely.
#[derive(Default)]
struct Dates {
    unread: AtomicUsize,
    without_zone: AtomicUsize,
}

impl Dates {
    fn read(&self, text: &str) -> Option<chrono::DateTime<chrono::Utc>> {
        let reading = date::parse(text);
        match reading {
            None => self.unread.fetch_add(1, Relaxed),
            Some(reading) if !reading.zoned => self.without_zone.fetch_add(1, Relaxed),
            Some(_) => 0,
        };
        reading.map(|reading| reading.at)
    }

    fn notes(&self) -> impl Iterator<Item = String> {
        let unread =
            count(self.unread.load(Relaxed), "date", "dates").map(|dates| format!("{dates} could not be read"));
        let without_zone = count(self.without_zone.load(Relaxed), "date", "dates");
        unread.into_iter().chain(without_zone.map(|dates| format!("{dates} without a known time zone, taken for UTC")))
    }
}

fn count(number: usize, one: &str, many: &str) -> Option<String> {
    match number {
        0 => None,
        1 => Some(format!("1 {one}")),
        _ => Some(format!("{number} {many}")),
    }
}

/// Lets feed-rs read a clean document. A parser for each: one that has met an error panics at the next document.
fn model(document: &str, base: &Url, dates: &Arc<Dates>) -> Result<model::Feed, Unread> {
    let dates = Arc::clone(dates);
    let parser = Builder::new()
        .base_uri(Some(base))
        .timestamp_parser(move |text| dates.read(text))
        // Entries bring their number; the feed's own id is not used, and a random one would only cost time.
        .id_generator(|_, _, _| String::new())
        .build();
    let unclear = said("Der Feed ist nicht zu verstehen", "the feed cannot be understood");
    match catch_unwind(AssertUnwindSafe(|| parser.parse(document.as_bytes()))) {
        Ok(Ok(feed)) => Ok(feed),
        Ok(Err(error)) => Err(Unread::Other(unclear.with(error))),
        Err(_) => Err(Unread::Other(unclear.into())),
    }
}

fn assemble(feed: model::Feed, repaired: Repaired, base: &Url) -> Parsed {
    let common = entry::Common { base, author: repaired.author, language: feed.language };
    let mut asides = repaired.asides;
    let mut aside = |id: &str| id.parse::<usize>().ok().and_then(|number| asides.get_mut(number)).map(std::mem::take);
    let mentions =
        feed.entries.iter().map(|entry| entry::mention(entry, aside(&entry.id).unwrap_or_default(), &common));
    let (mentions, silent): (Vec<_>, Vec<_>) = mentions.partition(entry::says_something);
    let (mentions, corrected) = entry::distinct(mentions);
    let notes = [
        repaired.missing.map(|missing| match missing {
            Missing::BrokenOff => "the document breaks off in an entry, which was left out".into(),
            Missing::TooMany => format!("more than {MOST_ENTRIES} entries; the others were left out"),
        }),
        count(silent.len(), "entry", "entries")
            .map(|entries| format!("{entries} without text, title and rating, left out")),
        count(corrected, "entry", "entries").map(|entries| format!("{entries} sharing an id with another")),
    ];
    Parsed {
        title: feed.title.map(|title| entry::line(&title.content)).filter(|title| !title.is_empty()),
        mentions,
        entries: feed.entries.len(),
        notes: notes.into_iter().flatten().collect(),
        rest: feed.ttl.map(|minutes| Duration::from_secs(60 * u64::from(minutes))),
    }
}

#[cfg(test)]
mod tests;
