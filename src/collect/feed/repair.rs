//! Any XML feed, however broken, as one clean document of the few elements that feed-rs reads without loss.
//!
//! feed-rs gives up a whole feed for one bare `&`, one unknown attribute value, one element left open, and has no place for ratings,
//! publishers and the like. So it is shown a document of our making (RSS 2.0, or Atom 1.0 for Atom), in which each entry has its number
//! for an id; what feed-rs has no place for waits under that number as an [`Aside`].

use std::borrow::Cow;

use url::Url;

use super::markup::{Content, Markup, Tag, Token};
use super::names::{self, Field, Meaning, Names};
use content::{person, publisher, readable, text};
use document::{Document, Family};

mod content;
mod document;

/// A document for feed-rs, and what it cannot hold.
#[derive(Debug, Default)]
pub(super) struct Repaired {
    /// RSS 2.0, Atom 1.0 or JSON Feed 1.1. The ids of the entries are the indices of `asides`.
    pub(super) document: String,
    /// For each entry.
    pub(super) asides: Vec<Aside>,
    /// Who wrote the entries that name nobody.
    pub(super) author: Option<Person>,
    /// Why there are entries missing at the end.
    pub(super) missing: Option<Missing>,
}

/// Why entries are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// The document ends in the middle of one.
    BrokenOff,
    /// There are more than [`MOST_ENTRIES`].
    TooMany,
}

/// No real feed has more; a hostile one can hold millions of empty ones, each of which takes a kilobyte.
pub(super) const MOST_ENTRIES: usize = 100_000;

/// What feed-rs has no place for, or no safe one.
#[derive(Debug, Default)]
pub(super) struct Aside {
    /// As the feed gives it.
    pub(super) id: Option<String>,
    /// An id that is also an address.
    pub(super) permalink: Option<String>,
    /// The first that is named.
    pub(super) author: Option<Person>,
    /// Where an aggregator has it from.
    pub(super) publisher: Option<String>,
    /// A language tag.
    pub(super) language: Option<String>,
    /// Stars, one to five.
    pub(super) rating: Option<String>,
    /// Of the app that is rated.
    pub(super) app_version: Option<String>,
    /// What media and podcast extensions say, for entries without a text.
    pub(super) description: Option<String>,
}

/// Who wrote an entry, with what the feed gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Person {
    /// Perhaps together with the address, as in RSS: `mail@example.org (Name)`.
    pub(super) name: Option<String>,
    /// A page.
    pub(super) uri: Option<String>,
    /// A mail address.
    pub(super) email: Option<String>,
}

/// The page of an entry is among the first.
const MOST_LINKS: usize = 50;

/// Repairs a feed; `None` if there is none in the text. `base` is its address.
pub(super) fn repair(text: &str, base: &Url) -> Option<Repaired> {
    let mut markup = Markup::new(text);
    let root = root(&mut markup)?;
    let atom = ["feed", "entry"].iter().any(|name| root.local().eq_ignore_ascii_case(name));
    let family = if atom { Family::Atom } else { Family::Rss };
    let mut repair = Repair {
        markup,
        names: Names::default(),
        document: Document::begin(family, &root),
        base: base.clone(),
        done: Repaired::default(),
    };
    while let Some(token) = repair.markup.token() {
        if let Token::Start(tag) = token {
            repair.feed_element(&tag);
        }
        if repair.done.missing.is_some() {
            break;
        }
    }
    Some(Repaired { document: repair.document.end(), ..repair.done })
}

/// What a page for people begins with.
pub(super) const PAGE: [&str; 3] = ["html", "head", "body"];

/// What a feed begins with, and what a part of one.
const ROOTS: [&str; 3] = ["rss", "rdf", "feed"];
const PARTS: [&str; 3] = ["channel", "entry", "item"];

/// Moves in front of the element with which a feed begins, past any warning of the server's before it. Also a page may hold a feed,
/// but parts of one mean nothing there.
fn root<'a>(markup: &mut Markup<'a>) -> Option<Tag<'a>> {
    let mut is_page = false;
    loop {
        if let Token::Start(tag) = markup.token()? {
            let is_one_of = |names: &[&str]| names.iter().any(|name| tag.local().eq_ignore_ascii_case(name));
            is_page |= is_one_of(&PAGE);
            if is_one_of(&ROOTS) || (!is_page && is_one_of(&PARTS)) {
                markup.unread();
                return Some(tag);
            }
        }
    }
}

/// The pass over one document.
struct Repair<'a> {
    markup: Markup<'a>,
    names: Names,
    document: Document,
    /// What addresses are relative to, as far as the elements around the entries say.
    base: Url,
    done: Repaired,
}

/// What has been read of one entry.
#[derive(Default)]
struct Entry {
    aside: Aside,
    /// Which fields there were, and whether only an extension said so.
    seen: Vec<(Field, bool)>,
    /// How many addresses were taken.
    links: usize,
}

impl Entry {
    /// Whether a field says something new: the first one counts, but the dialect's own element before any extension's.
    fn is_news(&mut self, field: Field, extension: bool) -> bool {
        let news = !self.seen.iter().any(|(seen, by_extension)| *seen == field && (extension || !by_extension));
        if news {
            self.seen.push((field, extension));
        }
        news
    }
}

impl<'a> Repair<'a> {
    /// An element around or beside the entries.
    fn feed_element(&mut self, tag: &Tag) {
        self.names.declare(tag);
        match self.names.meaning(tag) {
            Meaning::Container => self.base = based(&self.base, tag),
            Meaning::Entry if self.done.asides.len() == MOST_ENTRIES => self.done.missing = Some(Missing::TooMany),
            Meaning::Entry => self.entry(tag),
            Meaning::Field { field, .. } => {
                let content = self.content(tag);
                match field {
                    Field::Title => self.document.leaf("title", &text(&content)),
                    Field::Language => self.document.leaf("language", &text(&content)),
                    Field::TimeToLive => self.document.leaf("ttl", &text(&content)),
                    // Only Atom says that its feed's author wrote the entries; elsewhere it is the publisher or the webmaster.
                    Field::Author if self.document.family == Family::Atom && self.done.author.is_none() => {
                        self.done.author = person(&content);
                    }
                    _ => {}
                }
            }
            Meaning::Other => drop(self.content(tag)),
        }
    }

    fn entry(&mut self, tag: &Tag) {
        let mark = self.document.begin_entry(self.done.asides.len(), &based(&self.base, tag));
        let mut entry = Entry::default();
        entry.aside.language = tag.attribute("xml:lang").map(Cow::into_owned);
        entry.aside.permalink = tag.attribute("rdf:about").map(Cow::into_owned);
        entry.aside.id = entry.aside.permalink.clone();
        if tag.empty || self.entry_elements(&mut entry) {
            self.document.end_entry();
            self.done.asides.push(entry.aside);
        } else {
            self.document.undo(mark);
            self.done.missing = Some(Missing::BrokenOff);
        }
    }

    /// Everything up to the end of an entry; false if the document ends before.
    fn entry_elements(&mut self, entry: &mut Entry) -> bool {
        loop {
            match self.markup.token() {
                None => return false,
                Some(Token::End(name)) if names::ends_entry(name) => return true,
                Some(Token::End(_)) => {}
                Some(Token::Start(tag)) => {
                    self.names.declare(&tag);
                    match self.names.meaning(&tag) {
                        Meaning::Container => {}
                        Meaning::Entry => {
                            self.markup.unread();
                            return true;
                        }
                        meaning => {
                            let content = self.content(&tag);
                            if !content.ended {
                                return false;
                            }
                            if let Meaning::Field { field, extension } = meaning {
                                self.entry_field(entry, field, extension, &tag, &content);
                            }
                        }
                    }
                }
            }
        }
    }

    fn entry_field(&mut self, entry: &mut Entry, field: Field, extension: bool, tag: &Tag, content: &Content) {
        let text = text(content);
        let text = text.trim();
        if field == Field::Link {
            entry.links += 1;
            if entry.links <= MOST_LINKS {
                self.document.link(tag, text);
            }
            return;
        }
        if (text.is_empty() && field != Field::Source) || !readable(tag) || !entry.is_news(field, extension) {
            return;
        }
        let aside = &mut entry.aside;
        let some = || Some(text.to_owned());
        match field {
            Field::Title => self.document.leaf("title", text),
            Field::Summary => self.document.leaf(self.document.family.summary(), text),
            Field::Published => self.document.leaf(self.document.family.published(), text),
            Field::Updated => self.document.leaf("updated", text),
            Field::Content => {
                aside.language = aside.language.take().or_else(|| tag.attribute("xml:lang").map(Cow::into_owned));
                self.document.leaf(self.document.family.content(), text);
            }
            Field::Id => {
                aside.id = some();
                let is_link =
                    self.document.family == Family::Rss && tag.attribute("isPermaLink").is_none_or(|is| is != "false");
                aside.permalink = some().filter(|address| is_link && address.contains("://"));
            }
            Field::Author => aside.author = person(content),
            Field::Source => aside.publisher = publisher(tag, content),
            Field::Language => aside.language = some(),
            Field::Rating => aside.rating = some(),
            Field::Version => aside.app_version = some(),
            Field::Description => aside.description = some(),
            Field::Link | Field::TimeToLive => {}
        }
    }

    /// The content of an element; where its end tag is missing, up to the next entry or the end of this one.
    fn content(&mut self, tag: &Tag) -> Content<'a> {
        let names = &self.names;
        self.markup.content(tag, |token| match token {
            Token::End(name) => names::ends_entry(name),
            Token::Start(tag) => names.meaning(tag) == Meaning::Entry,
        })
    }
}

/// The base for addresses inside an element.
fn based(base: &Url, tag: &Tag) -> Url {
    let inner = tag.attribute("xml:base").and_then(|address| base.join(&address).ok());
    inner.unwrap_or_else(|| base.clone())
}

#[cfg(test)]
mod tests;
