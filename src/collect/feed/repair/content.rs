//! What the content of an element says.

use std::borrow::Cow;

use url::Url;

use super::Person;
use crate::collect::feed::markup::{self, Content, Markup, Tag, Token};

/// Markup where there are elements inside, else the text with its references resolved (which may be HTML too).
pub(super) fn text<'a>(content: &Content<'a>) -> Cow<'a, str> {
    if content.nested { markup::inner(content.raw) } else { markup::plain(content.raw) }
}

/// Whether Atom's `type` and `mode` promise words: no pictures, no base64.
pub(super) fn readable(tag: &Tag) -> bool {
    let base64 = tag.attribute("mode").is_some_and(|mode| mode == "base64");
    let kind = tag.attribute("type").map(|kind| kind.to_ascii_lowercase());
    let words =
        |kind: &String| !kind.contains('/') || ["text/", "xml", "html"].iter().any(|words| kind.contains(words));
    !base64 && kind.as_ref().is_none_or(words)
}

/// Atom gives elements, RSS a text.
pub(super) fn person(content: &Content) -> Option<Person> {
    let mut person = Person::default();
    let mut markup = Markup::new(content.raw);
    while let Some(token) = markup.token() {
        let Token::Start(tag) = token else { continue };
        let slot = match tag.local() {
            "name" => &mut person.name,
            "uri" | "url" | "homepage" => &mut person.uri,
            "email" => &mut person.email,
            _ => continue,
        };
        *slot = filled(&text(&markup.content(&tag, |_| false)));
    }
    if person == Person::default() && !content.raw.contains("<name") {
        person.name = filled(&text(content));
    }
    (person.name.is_some() || person.email.is_some()).then_some(person)
}

/// `<source url="…">Name</source>` in RSS, a copy of the other feed's head in Atom.
pub(super) fn publisher(tag: &Tag, content: &Content) -> Option<String> {
    let mut markup = Markup::new(content.raw);
    while let Some(token) = markup.token() {
        if let Token::Start(inner) = token
            && inner.local() == "title"
        {
            return filled(&text(&markup.content(&inner, |_| false)));
        }
    }
    let host =
        || Url::parse(&tag.attribute("url")?).ok()?.host_str().map(|host| host.trim_start_matches("www.").to_owned());
    if content.nested { None } else { filled(&text(content)).or_else(host) }
}

fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
