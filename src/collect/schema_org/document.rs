//! What a page says to programs: its JSON-LD, its microdata, and which page follows.
//!
//! One pass over the tags, without a tree: only elements that matter are kept open, a few at a time. A parser that
//! builds the tree of a browser would be busy for minutes with a page of many tags that are never closed.

use serde_json::{Map, Value};

use crate::collect::feed::markup::{Markup, Tag, Token};

/// So many items of microdata are read, …
const MOST_ITEMS: usize = 1_000;
/// … and so many elements are open at once; what is deeper is not read.
const DEEPEST: usize = 24;

/// Bytes of HTML that a property may have: a text, or anything else.
const LONGEST_TEXT: usize = 4 * crate::text::LENGTH_LIMIT;
const LONGEST_WORD: usize = 1_000;

/// The properties that are of use to us.
const PROPERTIES: [&str; 21] = [
    "aggregateRating",
    "author",
    "bestRating",
    "dateCreated",
    "dateModified",
    "datePublished",
    "description",
    "headline",
    "inLanguage",
    "name",
    "publisher",
    "ratingCount",
    "ratingValue",
    "review",
    "reviewBody",
    "reviewCount",
    "reviewRating",
    "reviews",
    "text",
    "url",
    "worstRating",
];

/// Elements without content.
const VOID: [&str; 13] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

/// Elements that end where another of their name begins.
const UNCLOSED: [&str; 7] = ["dd", "dt", "li", "p", "td", "th", "tr"];

/// A page, for programs.
#[derive(Debug, Default)]
pub(super) struct Document<'a> {
    /// The contents of its scripts of type `application/ld+json`, as written.
    pub(super) json_ld: Vec<&'a str>,
    /// Its items of microdata in the shape of JSON-LD; the values are HTML.
    pub(super) items: Vec<Value>,
    /// The page that follows (`rel=next`), as written.
    pub(super) next: Option<String>,
}

/// An element whose end is waited for.
struct Open<'a> {
    tag: &'a str,
    /// Elements of the same name within it that are still open.
    within: usize,
    /// What it is to the item around it.
    property: Option<&'static str>,
    content: Content,
}

enum Content {
    Item(Map<String, Value>),
    /// A text that begins there.
    Text(usize),
}

/// Reads a page; every text is one.
pub(super) fn read(html: &str) -> Document<'_> {
    let mut reader = Reader { html, document: Document::default(), open: Vec::new(), items: 0 };
    let mut markup = Markup::new(html);
    while let Some(token) = markup.token() {
        match token {
            Token::Start(tag) => {
                reader.start(&tag, markup.span().end);
                if let Some(name) = ["script", "style"].into_iter().find(|name| tag.name.eq_ignore_ascii_case(name)) {
                    let content = markup.verbatim(name);
                    if has(&tag, "type", "application/ld+json") {
                        reader.document.json_ld.push(content);
                    }
                }
            }
            Token::End(name) => reader.end(name, markup.span().start),
        }
    }
    while !reader.open.is_empty() {
        reader.close(html.len());
    }
    reader.document
}

struct Reader<'a> {
    html: &'a str,
    document: Document<'a>,
    /// From the outermost to the innermost.
    open: Vec<Open<'a>>,
    items: usize,
}

impl<'a> Reader<'a> {
    /// `at` is where the content begins.
    fn start(&mut self, tag: &Tag<'a>, at: usize) {
        let is = |name: &&str| tag.name.eq_ignore_ascii_case(name);
        if self.open.last().is_some_and(|open| is(&open.tag)) && UNCLOSED.iter().any(is) {
            self.close(at);
        }
        if self.document.next.is_none() && ["a", "link"].iter().any(is) && has(tag, "rel", "next") {
            self.document.next = tag.attribute("href").map(Into::into);
        }
        let names = tag.attribute("itemprop").unwrap_or_default();
        let property = PROPERTIES.into_iter().find(|property| names.split_whitespace().any(|name| name == *property));
        let is_void = tag.empty || VOID.iter().any(is);
        let content = if tag.has("itemscope") && !is_void {
            self.begin(tag)
        } else {
            property.and_then(|property| self.property(property, tag, at).filter(|_| !is_void))
        };
        match content {
            Some(content) if self.open.len() < DEEPEST => {
                self.open.push(Open { tag: tag.name, within: 0, property, content });
            }
            _ if is_void => {}
            _ => {
                if let Some(open) = self.open.iter_mut().rfind(|open| is(&open.tag)) {
                    open.within += 1;
                }
            }
        }
    }

    fn begin(&mut self, tag: &Tag<'_>) -> Option<Content> {
        self.items += 1;
        let mut item = Map::new();
        for (key, attribute) in [("@type", "itemtype"), ("@id", "itemid")] {
            if let Some(value) = tag.attribute(attribute) {
                item.insert(key.to_owned(), value.trim().into());
            }
        }
        (self.items <= MOST_ITEMS).then_some(Content::Item(item))
    }

    /// What is meant for programs comes first; an address only counts where one is asked for: `<a itemprop="author">`
    /// is a name. `None` where there is no text to be waited for.
    fn property(&mut self, property: &'static str, tag: &Tag<'_>, at: usize) -> Option<Content> {
        let address = || if property == "url" { tag.attribute("href") } else { None };
        match tag.attribute("content").or_else(|| tag.attribute("datetime")).or_else(address) {
            Some(stated) => {
                self.tell(property, stated.into());
                None
            }
            None => Some(Content::Text(at)),
        }
    }

    fn end(&mut self, name: &str, at: usize) {
        let Some(ended) = self.open.iter().rposition(|open| open.tag.eq_ignore_ascii_case(name)) else { return };
        match self.open[ended].within.checked_sub(1) {
            Some(less) => self.open[ended].within = less,
            None => (ended..self.open.len()).for_each(|_| self.close(at)),
        }
    }

    /// Closes the innermost element, whose content ends there.
    fn close(&mut self, at: usize) {
        let Some(Open { property, content, .. }) = self.open.pop() else { return };
        match (content, property) {
            (Content::Item(item), Some(property)) => self.tell(property, Value::Object(item)),
            (Content::Item(item), None) => self.document.items.push(Value::Object(item)),
            (Content::Text(start), Some(property)) => {
                let is_text = matches!(property, "reviewBody" | "description" | "text");
                let longest = if is_text { LONGEST_TEXT } else { LONGEST_WORD };
                let end = self.html.floor_char_boundary(at.min(start + longest));
                self.tell(property, self.html[start..end].into());
            }
            (Content::Text(_), None) => {}
        }
    }

    /// Tells the innermost item of a property. Several items may have one name; of texts the first counts.
    fn tell(&mut self, property: &str, value: Value) {
        let innermost = self.open.iter_mut().rev().find_map(|open| match &mut open.content {
            Content::Item(item) => Some(item),
            Content::Text(_) => None,
        });
        let Some(item) = innermost else {
            // An item that is part of none stands for itself.
            self.document.items.extend(Some(value).filter(Value::is_object));
            return;
        };
        match item.entry(property) {
            serde_json::map::Entry::Vacant(entry) => {
                entry.insert(value);
            }
            serde_json::map::Entry::Occupied(mut entry) if value.is_object() => match entry.get_mut() {
                Value::Array(items) => items.push(value),
                first => *first = Value::Array(vec![first.take(), value]),
            },
            serde_json::map::Entry::Occupied(_) => {}
        }
    }
}

/// Whether a word is among those of an attribute.
fn has(tag: &Tag<'_>, name: &str, wanted: &str) -> bool {
    let value = tag.attribute(name).unwrap_or_default();
    value.split([' ', ';']).any(|word| word.eq_ignore_ascii_case(wanted))
}
