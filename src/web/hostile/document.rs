//! A page as a browser reads it.

use std::collections::BTreeMap;

use scraper::node::Element;
use scraper::{ElementRef, Html, Node, Selector};
use url::Url;

use super::world::MARK;
use crate::web::escape::turns_writing;

/// Attributes that load something, or lead somewhere.
const ADDRESSES: [&str; 12] = [
    "href",
    "src",
    "action",
    "formaction",
    "data",
    "poster",
    "cite",
    "background",
    "srcset",
    "ping",
    "longdesc",
    "manifest",
];
/// Attributes whose values are ours, whatever strangers write.
const OURS: [&str; 12] =
    ["class", "type", "name", "rel", "method", "form", "role", "dir", "lang", "tabindex", "http-equiv", "for"];

/// A page that was read.
pub(super) struct Document(Html);

impl Document {
    pub(super) fn parse(html: &str) -> Self {
        Self(Html::parse_document(html))
    }

    fn elements(&self) -> impl Iterator<Item = ElementRef<'_>> {
        std::iter::once(self.0.root_element()).chain(self.0.root_element().descendent_elements())
    }

    /// How often each kind of element is there, with the attributes that it has.
    pub(super) fn census(&self) -> BTreeMap<String, usize> {
        let mut census = BTreeMap::new();
        for element in self.elements() {
            let value = element.value();
            let attribute = |(name, value): (&str, &str)| match OURS.contains(&name) {
                true => format!(" {name}={value:?}"),
                false => format!(" {name}"),
            };
            let mut attributes: Vec<String> = value.attrs().map(attribute).collect();
            attributes.sort();
            *census.entry(format!("<{}{}>", value.name(), attributes.concat())).or_default() += 1;
        }
        census
    }

    /// How often strangers are quoted beside the head of the page.
    pub(super) fn quotes(&self) -> usize {
        let main = Selector::parse("main").unwrap();
        self.0.select(&main).flat_map(|main| main.text()).filter(|text| text.contains(MARK)).count()
    }

    /// What does more than show words, or shows them where they turn around others. `strangers`: all that they wrote.
    pub(super) fn wrongs(&self, strangers: &str) -> Vec<String> {
        let mut wrongs: Vec<String> = self.elements().flat_map(|element| active(element.value())).collect();
        for node in self.0.tree.nodes() {
            let texts: Vec<&str> = match node.value() {
                Node::Text(text) => vec![text],
                Node::Element(element) => element.attrs().map(|(_, value)| value).collect(),
                Node::Comment(comment) => {
                    wrongs.push(format!("a comment: {comment:?}"));
                    Vec::new()
                }
                _ => Vec::new(),
            };
            let reaches_out =
                |c: char| turns_writing(c) || (c.is_control() && !"\t\n\r".contains(c)) || c == '\u{fffd}';
            wrongs.extend(texts.into_iter().filter(|text| text.contains(reaches_out)).map(|text| format!("{text:?}")));
            let parents: Vec<ElementRef> = node.ancestors().filter_map(ElementRef::wrap).collect();
            if let Node::Text(text) = node.value()
                && text.contains(MARK)
                && parents.first().is_some_and(|parent| parent.value().name() != "title")
            {
                wrongs.extend(beside(text, &parents, strangers));
            }
        }
        wrongs
    }
}

/// What an element does beside showing something.
fn active(element: &Element) -> Vec<String> {
    let mut wrongs = Vec::new();
    let name = element.name();
    let is_script_of_ours = name == "script" && element.attr("src").is_some_and(|src| src.starts_with("/assets/"));
    if ["script", "iframe", "object", "embed", "base", "img"].contains(&name) && !is_script_of_ours {
        wrongs.push(format!("<{name}>"));
    }
    for (attribute, value) in element.attrs() {
        if attribute.starts_with("on") || ["style", "srcdoc", "autofocus"].contains(&attribute) {
            wrongs.push(format!("<{name} {attribute}={value:?}>"));
        }
        if ADDRESSES.contains(&attribute) && !leads_well(element, value) {
            wrongs.push(format!("<{name} {attribute}={value:?}>"));
        }
    }
    wrongs
}

/// Whether an address is one of ours, or leads out without telling from where.
fn leads_well(element: &Element, address: &str) -> bool {
    let is_written_well = address.chars().all(|c| c.is_ascii_graphic() && !"\"<>\\".contains(c));
    let is_within = address.starts_with('#') || (address.starts_with('/') && !address.starts_with("//"));
    let leads_out = || {
        let url = Url::parse(address);
        let is_web = url.is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.username().is_empty());
        is_web && element.name() == "a" && element.attr("rel") == Some("noopener noreferrer nofollow")
    };
    is_written_well && (is_within || leads_out())
}

/// Whether a stranger's text stands beside words of ours in one direction of writing.
fn beside(text: &str, parents: &[ElementRef], strangers: &str) -> Option<String> {
    let isolates = |it: &&ElementRef| it.value().name() == "bdi" || it.value().attr("dir") == Some("auto");
    let Some(isolate) = parents.iter().find(isolates) else { return Some(format!("not isolated: {text:?}")) };
    // A draft has their words among ours, and stands in a field of its own.
    if isolate.value().name() == "textarea" {
        return None;
    }
    let whole: String = isolate.text().collect();
    (!strangers.contains(&letters(&whole))).then(|| format!("isolated with words of ours: {whole:?}"))
}

/// What is left of a text however it is shown.
pub(super) fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
