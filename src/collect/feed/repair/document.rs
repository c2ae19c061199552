//! The clean document that feed-rs is shown, as it is written.

use std::borrow::Cow;

use url::Url;

use super::super::markup::Tag;

/// The two shapes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// RSS 2.0
    Rss,
    /// Atom 1.0
    Atom,
}

impl Family {
    pub(super) fn summary(self) -> &'static str {
        if self == Self::Rss { "description" } else { "summary" }
    }

    pub(super) fn content(self) -> &'static str {
        if self == Self::Rss { "content:encoded" } else { "content" }
    }

    pub(super) fn published(self) -> &'static str {
        if self == Self::Rss { "pubDate" } else { "published" }
    }

    fn entry(self) -> &'static str {
        if self == Self::Rss { "item" } else { "entry" }
    }
}

/// A document in the making.
pub(super) struct Document {
    pub(super) family: Family,
    xml: String,
}

impl Document {
    pub(super) fn begin(family: Family, root: &Tag) -> Self {
        let mut document = Self { family, xml: String::new() };
        match family {
            Family::Rss => document
                .xml
                .push_str("<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel>"),
            Family::Atom => {
                document.xml.push_str("<feed xmlns=\"http://www.w3.org/2005/Atom\"");
                document.attribute("xml:lang", root.attribute("xml:lang"));
                document.xml.push('>');
            }
        }
        document
    }

    pub(super) fn end(mut self) -> String {
        self.xml.push_str(if self.family == Family::Rss { "</channel></rss>" } else { "</feed>" });
        self.xml
    }

    /// Begins the entry with this number; returns what [`Document::undo`] wants.
    pub(super) fn begin_entry(&mut self, number: usize, base: &Url) -> usize {
        let mark = self.xml.len();
        self.xml.push('<');
        self.xml.push_str(self.family.entry());
        self.attribute("xml:base", Some(Cow::Borrowed(base.as_str())));
        self.xml.push('>');
        self.leaf(if self.family == Family::Rss { "guid" } else { "id" }, &number.to_string());
        mark
    }

    pub(super) fn end_entry(&mut self) {
        self.close(self.family.entry());
    }

    /// Takes back everything since the mark.
    pub(super) fn undo(&mut self, mark: usize) {
        self.xml.truncate(mark);
    }

    /// An element with nothing but text. That is CDATA, in which feed-rs has no references to resolve.
    pub(super) fn leaf(&mut self, name: &str, text: &str) {
        self.xml.push('<');
        self.xml.push_str(name);
        self.xml.push_str("><![CDATA[");
        for (nth, part) in text.split("]]>").enumerate() {
            self.xml.push_str(if nth > 0 { "]]]]><![CDATA[>" } else { "" });
            self.xml.extend(part.split(is_illegal));
        }
        self.xml.push_str("]]>");
        self.close(name);
    }

    /// An address of the entry: of any kind in Atom, in RSS only that of its page.
    pub(super) fn link(&mut self, tag: &Tag, text: &str) {
        let address = tag.attribute("href").or_else(|| tag.attribute("rdf:resource"));
        let address = address.as_deref().map_or(text, str::trim);
        let relation = tag.attribute("rel");
        if address.is_empty() {
            return;
        }
        if self.family == Family::Atom {
            self.xml.push_str("<link");
            self.attribute("rel", relation);
            self.attribute("type", tag.attribute("type"));
            self.attribute("href", Some(Cow::Borrowed(address)));
            self.xml.push_str("/>");
        } else if relation.is_none_or(|relation| relation == "alternate") {
            self.leaf("link", address);
        }
    }

    fn attribute(&mut self, name: &str, value: Option<Cow<str>>) {
        let Some(value) = value else { return };
        self.xml.push(' ');
        self.xml.push_str(name);
        self.xml.push_str("=\"");
        for character in value.chars().filter(|character| !is_illegal(*character)) {
            match character {
                '&' => self.xml.push_str("&amp;"),
                '<' => self.xml.push_str("&lt;"),
                '"' => self.xml.push_str("&quot;"),
                _ => self.xml.push(character),
            }
        }
        self.xml.push('"');
    }

    fn close(&mut self, name: &str) {
        self.xml.push_str("</");
        self.xml.push_str(name);
        self.xml.push('>');
    }
}

/// What XML 1.0 forbids in any form: most control characters.
fn is_illegal(character: char) -> bool {
    matches!(character, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{7F}' | '\u{FFFE}' | '\u{FFFF}')
}
