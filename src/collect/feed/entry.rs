//! From an entry, as feed-rs read it, to a mention.

use std::collections::{HashMap, HashSet};

use feed_rs::model::{Entry, Link};
use sha2::{Digest, Sha256};
use url::Url;

use super::author::author;
use super::repair::{Aside, Person};
use super::stars::{stars, told};
use crate::mention::{Language, Mention, Timestamp};
use crate::text;

/// Longer ids are replaced by their hash.
const LONGEST_ID: usize = 500;

/// What the entries of a feed have in common.
pub(super) struct Common<'a> {
    /// The feed's address.
    pub(super) base: &'a Url,
    /// Who wrote the entries that name nobody.
    pub(super) author: Option<Person>,
    /// The language of the feed.
    pub(super) language: Option<String>,
}

/// The mention that an entry is.
pub(super) fn mention(entry: &Entry, aside: Aside, common: &Common) -> Mention {
    let url = link(&entry.links).or(aside.permalink.as_deref());
    let url = url.and_then(|address| text::canonical_url(address, Some(common.base)));
    let publisher = aside.publisher.as_deref().map(line).filter(|name| !name.is_empty());
    let title = entry.title.as_ref().map(|title| line(&title.content)).unwrap_or_default();
    let title = without_publisher(&title, publisher.as_deref());
    let text = body(entry, &aside, title, publisher.as_deref());
    let (rating, title, text) = match aside.rating.as_deref().and_then(stars) {
        Some(rating) => (Some(rating), title, text.as_str()),
        None => told(title, &text),
    };
    let published = entry.published.map(Timestamp::from);
    let updated = entry.updated.map(Timestamp::from);
    let language = aside.language.as_deref().and_then(Language::parse);
    Mention {
        native_id: native_id(aside.id.as_deref(), url.as_deref(), title, text, published),
        // What was taken over from elsewhere is not by the author of this feed.
        author: aside.author.as_ref().or(common.author.as_ref().filter(|_| publisher.is_none())).and_then(author),
        title: Some(title.to_owned()).filter(|title| !title.is_empty()),
        rating,
        language_hint: language.or_else(|| Language::parse(common.language.as_deref()?)),
        published_at: published.or(updated),
        edited_at: updated.filter(|updated| published.is_some_and(|published| *updated > published)),
        app_version: aside.app_version,
        url,
        publisher,
        text: text.to_owned(),
        ..Mention::default()
    }
}

/// Whether it says anything.
pub(super) fn says_something(mention: &Mention) -> bool {
    mention.title.is_some() || !mention.text.is_empty() || mention.rating.is_some()
}

/// One mention for each id, and how many were left out or renamed for that.
///
/// Some feeds give all their entries one id: where that stands for different pages, the page becomes a part of it. What is then still
/// twice is one entry in two versions, of which the later counts.
pub(super) fn distinct(mentions: Vec<Mention>) -> (Vec<Mention>, usize) {
    let mut pages: HashMap<String, HashSet<Option<String>>> = HashMap::new();
    for mention in &mentions {
        pages.entry(mention.native_id.clone()).or_default().insert(mention.url.clone());
    }
    let (mut distinct, mut places, mut corrected): (Vec<Mention>, HashMap<String, usize>, _) =
        (Vec::new(), HashMap::new(), 0);
    for mut mention in mentions {
        if pages.get(&mention.native_id).is_some_and(|pages| pages.len() > 1) {
            mention.native_id = digest(&[&mention.native_id, mention.url.as_deref().unwrap_or_default()]);
            corrected += 1;
        }
        match places.get(&mention.native_id) {
            None => {
                places.insert(mention.native_id.clone(), distinct.len());
                distinct.push(mention);
            }
            Some(place) => {
                corrected += 1;
                let earlier = &mut distinct[*place];
                let time = |mention: &Mention| mention.edited_at.or(mention.published_at);
                if time(&mention) > time(earlier) {
                    *earlier = mention;
                }
            }
        }
    }
    (distinct, corrected)
}

/// The page of the entry: an alternate that is HTML or does not say what it is, else any alternate.
fn link(links: &[Link]) -> Option<&str> {
    let alternates = || links.iter().filter(|link| link.rel.as_deref().is_none_or(|rel| rel == "alternate"));
    let is_page = |link: &&Link| link.media_type.as_deref().is_none_or(|kind| kind.contains("html"));
    alternates().find(is_page).or_else(|| alternates().next()).map(|link| link.href.as_str())
}

/// Plain text on one line.
pub(super) fn line(markup: &str) -> String {
    text::plain(markup).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `Bahn verspätet - Beispielblatt`: aggregators put the newspaper behind the headline.
fn without_publisher<'a>(title: &'a str, publisher: Option<&str>) -> &'a str {
    let headline = publisher.and_then(|publisher| title.strip_suffix(publisher)).map(str::trim_end);
    let headline = headline.and_then(|headline| headline.strip_suffix(['-', '–', '—', '|'])).map(str::trim_end);
    headline.filter(|headline| !headline.is_empty()).unwrap_or(title)
}

/// The fullest text there is; empty where that is only title and publisher again, as aggregators have it.
fn body(entry: &Entry, aside: &Aside, title: &str, publisher: Option<&str>) -> String {
    let content = entry.content.as_ref().and_then(|content| content.body.as_deref());
    let summary = entry.summary.as_ref().map(|summary| summary.content.as_str());
    let texts = [content, summary, aside.description.as_deref()];
    let text = texts.into_iter().flatten().map(text::plain).find(|text| !text.is_empty()).unwrap_or_default();
    let is_repetition = publisher
        .is_some_and(|publisher| text.strip_prefix(title).is_some_and(|rest| [publisher, ""].contains(&rest.trim())));
    if is_repetition { String::new() } else { text }
}

/// The feed's own id; else one that is made of the content, so that it is the same at the next visit.
fn native_id(id: Option<&str>, url: Option<&str>, title: &str, text: &str, published: Option<Timestamp>) -> String {
    match id.map(str::trim).filter(|id| !id.is_empty()) {
        Some(id) if id.len() <= LONGEST_ID => id.to_owned(),
        Some(id) => digest(&[id]),
        None if url.is_some() || !title.is_empty() => digest(&[url.unwrap_or_default(), title]),
        None => digest(&[text, &published.map(|at| at.to_string()).unwrap_or_default()]),
    }
}

/// 128 bits of SHA-256 in hexadecimal.
fn digest(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
