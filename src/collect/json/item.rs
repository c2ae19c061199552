//! From an item of the answer to a mention.

use chrono::{Duration, TimeZone};
use chrono_tz::Tz;
use serde_json::Value;
use url::Url;

use super::address::encoded;
use crate::collect::feed::date;
use crate::collect::pages::Part;
use crate::mention::{Author, Language, Mention, Rating, Reply, Timestamp};
use crate::text;

/// JSON pointers (RFC 6901) in an item.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Fields {
    pub(super) id: String,
    pub(super) text: String,
    pub(super) title: Option<String>,
    /// A pointer, or an address with `{id}`.
    pub(super) url: Option<String>,
    pub(super) author: Option<String>,
    pub(super) author_key: Option<String>,
    pub(super) rating: Option<String>,
    /// The worst and the best that can be given; the worst may be the larger number.
    pub(super) scale: (f64, f64),
    pub(super) published_at: Option<String>,
    pub(super) edited_at: Option<String>,
    pub(super) language: Option<String>,
    pub(super) country: Option<String>,
    pub(super) reply: Option<String>,
    pub(super) reply_at: Option<String>,
    pub(super) app_version: Option<String>,
    /// To a flag, or a date.
    pub(super) removed: Option<String>,
}

/// Each on its own; one without an id, or that says nothing, is unread.
pub(super) fn read(items: &[Value], fields: &Fields, zone: Tz, page: &Url) -> Part {
    let mut part = Part::default();
    for item in items {
        let Some(id) = word(item.pointer(&fields.id)) else {
            part.unread += 1;
            continue;
        };
        if at(item, fields.removed.as_ref()).is_some_and(is_set) {
            part.removed.push(id);
            continue;
        }
        let mention = mention(id, item, fields, zone, page);
        if mention.text.is_empty() && mention.title.is_none() && mention.rating.is_none() {
            part.unread += 1;
        } else {
            part.mentions.push(mention);
        }
    }
    part
}

fn mention(id: String, item: &Value, fields: &Fields, zone: Tz, page: &Url) -> Mention {
    let word_at = |pointer: &Option<String>| word(at(item, pointer.as_ref()));
    let time_at = |pointer: &Option<String>| word_at(pointer).and_then(|written| time(&written, zone));
    let prose_at = |pointer: &Option<String>| word_at(pointer).map(|it| text::plain(&it)).filter(|it| !it.is_empty());
    let name = prose_at(&fields.author);
    let key = word_at(&fields.author_key).or_else(|| name.clone());
    let published_at = time_at(&fields.published_at);
    Mention {
        url: link(fields.url.as_deref(), &id, item, page),
        author: key.map(|key| Author { name: name.unwrap_or_else(|| key.clone()), key }),
        title: prose_at(&fields.title),
        text: word(item.pointer(&fields.text)).map(|it| text::plain(&it)).unwrap_or_default(),
        rating: at(item, fields.rating.as_ref()).and_then(|value| rating(value, fields.scale)),
        language_hint: word_at(&fields.language).and_then(|tag| Language::parse(&tag)),
        country: word_at(&fields.country).and_then(|country| two_letters(&country)),
        // Many APIs state both from the beginning: what was changed when it was written has not been edited.
        edited_at: time_at(&fields.edited_at).filter(|at| Some(*at) > published_at),
        published_at,
        app_version: word_at(&fields.app_version),
        reply: prose_at(&fields.reply).map(|text| Reply { text, at: time_at(&fields.reply_at) }),
        native_id: id,
        ..Mention::default()
    }
}

fn at<'a>(item: &'a Value, pointer: Option<&String>) -> Option<&'a Value> {
    pointer.and_then(|pointer| item.pointer(pointer))
}

/// A text or a number, exactly as it stands there; nothing where it is empty or something else.
pub(super) fn word(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn is_set(flag: &Value) -> bool {
    match flag {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !["", "false", "0", "no"].contains(&text.to_ascii_lowercase().as_str()),
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::Bool(true) | Value::Array(_) | Value::Object(_) => true,
    }
}

/// As in feeds; what names no zone is in `zone`: a time that its clocks skip is an hour later, one they repeat is the
/// first.
fn time(written: &str, zone: Tz) -> Option<Timestamp> {
    let date::Reading { at, zoned } = date::parse(written)?;
    let local = at.naive_utc();
    let there = |local| zone.from_local_datetime(&local).earliest().map(Timestamp::from);
    if zoned { Some(at.into()) } else { there(local).or_else(|| there(local + Duration::hours(1))) }
}

/// A number, or a thumb that goes up (`true`) or down. Where the worst is the larger number, it is turned round: more
/// is better.
fn rating(value: &Value, (worst, best): (f64, f64)) -> Option<Rating> {
    let value = match value {
        Value::Bool(up) => {
            if *up {
                best
            } else {
                worst
            }
        }
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().replace(',', ".").parse().ok()?,
        _ => return None,
    };
    let (least, most) = (worst.min(best), worst.max(best));
    let value = if worst > best { least + most - value } else { value };
    (least..=most).contains(&value).then_some(Rating { value, worst: least, best: most })
}

fn link(written: Option<&str>, id: &str, item: &Value, page: &Url) -> Option<String> {
    let written = written?;
    if !written.starts_with('/') {
        return Some(written.replace("{id}", &encoded(id)));
    }
    let url = page.join(&word(item.pointer(written))?).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| url.to_string())
}

fn two_letters(country: &str) -> Option<String> {
    let fits = country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_alphabetic());
    fits.then(|| country.to_ascii_uppercase())
}

/// A name as it stands in a JSON pointer.
pub(super) fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
