//! What the elements of every feed dialect mean.
//!
//! Feeds mix dialects: Dublin Core dates in RSS, RSS dates in Atom. So there is one table for all, by vocabulary and name.

use std::collections::HashMap;

use super::markup::Tag;

/// What an element is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Its children count as if it were not there.
    Container,
    /// One entry.
    Entry,
    /// A property of an entry or of the feed. An extension says it only where the dialect's own element is missing.
    Field {
        /// Which.
        field: Field,
        /// It comes from an extension.
        extension: bool,
    },
    /// Nothing.
    Other,
}

/// A property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Id,
    Title,
    Link,
    Summary,
    Content,
    Published,
    Updated,
    Author,
    Source,
    Language,
    Rating,
    Version,
    /// What media and podcast extensions say of their file.
    Description,
    TimeToLive,
}

/// Whose word it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Vocabulary {
    /// RSS and Atom of every version, and elements without a namespace.
    Own,
    Rdf,
    DublinCore,
    Content,
    Media,
    Itunes,
    /// Apple's `im:` elements in feeds of its stores.
    Store,
    Xhtml,
    Other,
}

/// The prefixes that a document has declared so far.
#[derive(Default)]
pub(super) struct Names(HashMap<String, Vocabulary>);

impl Names {
    /// Takes in the `xmlns:…` of a tag. Later ones replace earlier ones: real feeds do not reuse a prefix for something else.
    pub(super) fn declare(&mut self, tag: &Tag) {
        for (name, address) in tag.attributes() {
            if let Some(prefix) = name.strip_prefix("xmlns:") {
                let vocabulary = Vocabulary::at(address).unwrap_or_else(|| Vocabulary::of(prefix));
                self.0.insert(prefix.to_owned(), vocabulary);
            }
        }
    }

    /// What an element means.
    pub(super) fn meaning(&self, tag: &Tag) -> Meaning {
        let vocabulary = self.vocabulary(tag);
        let name = tag.local().to_ascii_lowercase();
        match (vocabulary, name.as_str()) {
            (Vocabulary::Own | Vocabulary::Rdf, "rss" | "rdf" | "feed" | "channel") => Meaning::Container,
            (Vocabulary::Media, "group" | "content") => Meaning::Container,
            (Vocabulary::Own, "item" | "entry") => Meaning::Entry,
            (_, name) => match field(vocabulary, name) {
                Some(field) => Meaning::Field { field, extension: vocabulary != Vocabulary::Own },
                None => Meaning::Other,
            },
        }
    }

    /// A prefix that is not declared means what it usually means. A default namespace only matters on XHTML: elsewhere it is as often
    /// wrong as right.
    fn vocabulary(&self, tag: &Tag) -> Vocabulary {
        match tag.prefix() {
            Some(prefix) => self.0.get(prefix).copied().unwrap_or_else(|| Vocabulary::of(prefix)),
            None => match tag.attribute("xmlns").and_then(|address| Vocabulary::at(&address)) {
                Some(Vocabulary::Xhtml) => Vocabulary::Xhtml,
                _ => Vocabulary::Own,
            },
        }
    }
}

/// Whether an end tag ends an entry, and all that was left open in it.
pub(super) fn ends_entry(name: &str) -> bool {
    let local = name.rsplit_once(':').map_or(name, |(_, local)| local);
    ["item", "entry", "channel", "rss", "feed", "rdf"].iter().any(|end| local.eq_ignore_ascii_case(end))
}

impl Vocabulary {
    /// By the address of its namespace, however it is spelled.
    fn at(address: &str) -> Option<Self> {
        const ADDRESSES: [(&str, Vocabulary); 18] = [
            ("purl.org/rss/1.0/modules/content", Vocabulary::Content),
            ("purl.org/dc/elements/1", Vocabulary::DublinCore),
            ("purl.org/dc/terms", Vocabulary::DublinCore),
            ("search.yahoo.com/mrss", Vocabulary::Media),
            ("itunes.com/dtds/podcast", Vocabulary::Itunes),
            ("itunes.apple.com/rss", Vocabulary::Store),
            ("phobos.apple.com/rss/1.0/modules/itms", Vocabulary::Store),
            ("w3.org/1999/xhtml", Vocabulary::Xhtml),
            ("w3.org/1999/02/22-rdf-syntax-ns", Vocabulary::Rdf),
            ("w3.org/2005/atom", Vocabulary::Own),
            ("purl.org/atom/ns", Vocabulary::Own),
            ("purl.org/rss/1.0", Vocabulary::Own),
            ("purl.org/net/rss", Vocabulary::Own),
            ("my.netscape.com/rdf/simple", Vocabulary::Own),
            ("channel.netscape.com/rdf/simple", Vocabulary::Own),
            ("my.netscape.com/publish/formats/rss", Vocabulary::Own),
            ("backend.userland.com/rss", Vocabulary::Own),
            ("blogs.law.harvard.edu/tech/rss", Vocabulary::Own),
        ];
        let address = address.trim().to_ascii_lowercase();
        let place = address.split_once("://").map_or(address.as_str(), |(_, place)| place);
        let place = place.strip_prefix("www.").unwrap_or(place);
        let extension_of_rss = place.starts_with("purl.org/rss/1.0/modules/");
        let found = ADDRESSES.iter().find(|(start, _)| place.starts_with(start)).map(|(_, vocabulary)| *vocabulary);
        found.filter(|vocabulary| !(extension_of_rss && *vocabulary == Self::Own))
    }

    /// By the prefix that everybody uses.
    fn of(prefix: &str) -> Self {
        match prefix.to_ascii_lowercase().as_str() {
            "atom" | "atom10" | "a" | "a10" | "rss" | "rss1" => Self::Own,
            "rdf" => Self::Rdf,
            "dc" | "dcterms" => Self::DublinCore,
            "content" => Self::Content,
            "media" => Self::Media,
            "itunes" => Self::Itunes,
            "im" => Self::Store,
            "xhtml" => Self::Xhtml,
            _ => Self::Other,
        }
    }
}

fn field(vocabulary: Vocabulary, name: &str) -> Option<Field> {
    use Vocabulary::{Content, DublinCore, Itunes, Media, Own, Store, Xhtml};
    Some(match (vocabulary, name) {
        (Own, "id" | "guid") | (DublinCore, "identifier") => Field::Id,
        (Own | DublinCore, "title") => Field::Title,
        (Own, "link") => Field::Link,
        (Own, "description" | "summary") | (DublinCore, "description" | "abstract") => Field::Summary,
        (Own, "content" | "body") | (Content, "encoded") | (Xhtml, "body" | "div") => Field::Content,
        (Own, "pubdate" | "published" | "issued" | "created" | "date") => Field::Published,
        (DublinCore, "date" | "issued" | "created") => Field::Published,
        (Own, "updated" | "modified") | (DublinCore, "modified") => Field::Updated,
        (Own | Itunes, "author") | (DublinCore, "creator" | "author") => Field::Author,
        (Own, "source") => Field::Source,
        (Own | DublinCore, "language") => Field::Language,
        (Own, "ttl") => Field::TimeToLive,
        (Store, "rating") => Field::Rating,
        (Store, "version") => Field::Version,
        (Media, "description") | (Itunes, "summary") => Field::Description,
        _ => return None,
    })
}
