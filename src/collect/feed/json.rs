//! JSON Feed, however loosely written, in the strict form that feed-rs reads.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use super::repair::{Aside, MOST_ENTRIES, Missing, Person, Repaired};
use crate::tongue::{Said, said};

const DAMAGED: Said<&'static str> = said("Beschädigtes JSON", "damaged JSON");

/// Coerces a document; the error is what is wrong with it.
///
/// Numbers become texts; a missing title and version are supplied; what feed-rs may stumble over and we do not need (tags, attachments)
/// is left out; raw control characters are escaped; after a break in the middle, the entries before it are kept.
pub(super) fn coerce(text: &str) -> Result<Repaired, Said> {
    let (value, broken_off) = value(text)?;
    let items = match value.get("items") {
        Some(Value::Array(items)) => items.as_slice(),
        None if words(&value, "version").is_some_and(|version| version.contains("jsonfeed.org")) => &[],
        _ => {
            let message = said(
                "JSON, aber kein JSON Feed: „items“ fehlt als Liste",
                "JSON, but no JSON Feed: there is no list of `items`",
            );
            return Err(message.into());
        }
    };
    let too_many = (items.len() > MOST_ENTRIES).then_some(Missing::TooMany);
    let items: Vec<&Map<String, Value>> = items.iter().take(MOST_ENTRIES).filter_map(Value::as_object).collect();
    let document = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": words(&value, "title").unwrap_or_default(),
        "language": words(&value, "language"),
        "items": items.iter().enumerate().map(|(number, item)| entry(number, item)).collect::<Vec<_>>(),
    });
    Ok(Repaired {
        document: document.to_string(),
        asides: items.into_iter().map(aside).collect(),
        author: value.as_object().and_then(person),
        missing: broken_off.then_some(Missing::BrokenOff).or(too_many),
    })
}

fn entry(number: usize, item: &Map<String, Value>) -> Value {
    let mut entry = Map::from_iter([("id".to_owned(), number.to_string().into())]);
    for key in
        ["url", "external_url", "title", "content_html", "content_text", "summary", "date_published", "date_modified"]
    {
        if let Some(words) = item.get(key).and_then(scalar) {
            entry.insert(key.to_owned(), words.into());
        }
    }
    entry.into()
}

fn aside(item: &Map<String, Value>) -> Aside {
    let id = item.get("id").and_then(scalar);
    Aside {
        permalink: id.clone().filter(|id| id.contains("://")),
        id,
        author: person(item),
        language: item.get("language").and_then(scalar),
        ..Aside::default()
    }
}

/// The first of `authors` (version 1.1), else `author` (version 1); an object or only a name.
fn person(of: &Map<String, Value>) -> Option<Person> {
    let first = of.get("authors").and_then(|authors| authors.get(0)).or_else(|| of.get("author"))?;
    let name = scalar(first).or_else(|| words(first, "name"));
    let person = Person { name, uri: words(first, "url"), email: words(first, "email") };
    (person.name.is_some() || person.email.is_some()).then_some(person)
}

fn words(object: &Value, key: &str) -> Option<String> {
    object.get(key).and_then(scalar)
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Reads strictly, then with control characters escaped, then what there is before the document breaks off.
fn value(text: &str) -> Result<(Value, bool), Said> {
    let error = match first_value(text) {
        Ok(value) => return Ok((value, false)),
        Err(error) => error,
    };
    let escaped = with_controls_escaped(text);
    match first_value(&escaped) {
        Ok(value) => Ok((value, false)),
        Err(end) if end.is_eof() => {
            let closed = cut_after_last_item(&escaped).and_then(|closed| first_value(&closed).ok());
            closed.map(|value| (value, true)).ok_or_else(|| DAMAGED.with(end))
        }
        Err(_) => Err(DAMAGED.with(error)),
    }
}

/// The first value of the text; what follows it does not matter.
fn first_value(text: &str) -> serde_json::Result<Value> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter();
    values.next().unwrap_or(Ok(Value::Null))
}

fn with_controls_escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(|c: char| c.is_ascii_control()) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len());
    let mut place = Place::default();
    for character in text.chars() {
        if character.is_ascii_control() && place.in_string {
            escaped.push_str(&format!("\\u{:04x}", u32::from(character)));
        } else {
            escaped.push(character);
        }
        place.pass(character);
    }
    Cow::Owned(escaped)
}

/// The text up to the last complete object in a list of the outermost object, with both closed.
fn cut_after_last_item(text: &str) -> Option<String> {
    let mut place = Place::default();
    let mut end = None;
    for (at, character) in text.char_indices() {
        place.pass(character);
        if character == '}' && !place.in_string && place.depth == 2 {
            end = Some(at + 1);
        }
    }
    end.map(|end| format!("{}]}}", &text[..end]))
}

/// Where in a JSON text we are.
#[derive(Default)]
struct Place {
    in_string: bool,
    after_backslash: bool,
    depth: usize,
}

impl Place {
    fn pass(&mut self, character: char) {
        match character {
            _ if self.after_backslash => self.after_backslash = false,
            '\\' if self.in_string => self.after_backslash = true,
            '"' => self.in_string = !self.in_string,
            '{' | '[' if !self.in_string => self.depth += 1,
            '}' | ']' if !self.in_string => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }
}
