//! Any API that answers in JSON: an address with placeholders, where the items lie in the answer, and what is what in
//! an item.
//!
//! It is the way to listen to what has no kind of its own: a shop system, a survey tool, a tool of one's own house.

use std::cell::Cell;

use chrono_tz::Tz;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::pages::{Part, Question, format_error, json, list, newest_known, walk};
use super::{About, Batch, CollectError, Detail, Round};
use crate::http::{Header, Page, Request, Validators};
use crate::mention::Timestamp;
use crate::tongue::{Said, said};
use address::Address;
use item::Fields;
use settings::Written;

mod address;
mod item;
mod settings;

/// For `stimmung kinds`.
pub const ABOUT: About = About {
    name: "json",
    listens_to: said("jede API, die in JSON antwortet", "any API that answers in JSON"),
    needs: Some(said(
        "ihre Dokumentation oder eine ihrer Antworten zum Nachsehen",
        "its documentation, or one of its answers to look at",
    )),
    brings: &[
        Detail::Rating,
        Detail::Title,
        Detail::Author,
        Detail::Link,
        Detail::Language,
        Detail::Reply,
        Detail::Edits,
        Detail::Removals,
        Detail::AppVersion,
    ],
    history: said("„most_pages“ Seiten; 50, wenn nichts dasteht", "`most_pages` pages, 50 if it is not said"),
    example: "json = { url = \"https://api.example.org/reviews?page={page}\", items = \"/data/reviews\", \
              fields = { id = \"/id\", text = \"/body\", rating = \"/stars\", published_at = \"/created_at\" } }",
    ..About::PLAIN
};

/// Seconds that are asked for again: a review may wait for its approval, an index for its next run.
const OVERLAP: i64 = 3600;

const HINT: Said<&'static str> = said(
    "Vergleichen Sie „items“, „fields“ und „cursor“ mit einer Antwort der API",
    "compare `items`, `fields` and `cursor` with an answer of the API",
);

/// `from.json = { url = "https://api.example.org/reviews?page={page}", items = "/all", fields = { id = "/id", … } }`
///
/// | setting | what it says |
/// |---|---|
/// | `url` | where to ask, with `{page}`, `{offset}`, `{limit}`, `{cursor}`, `{since}` or `{since_seconds}` |
/// | `items` | JSON pointer to the list; without it the answer itself is the list |
/// | `fields` | JSON pointers in an item; `id` and `text` must be there |
/// | `rating` | `{ worst = 1, best = 5 }` if it is not said; for school grades `{ worst = 6, best = 1 }` |
/// | `paging` | `"page"`, `"offset"`, `"cursor"`, `"link"` or `"none"`; without it, what `url` says, else `"link"` |
/// | `first_page` | number of the first page: 1 if it is not said |
/// | `limit` | fills `{limit}` |
/// | `cursor` | JSON pointer to what fills `{cursor}` next; where `url` has none, to the next address |
/// | `first_cursor` | fills `{cursor}` for the first page; without it, the parameter is left out there |
/// | `most_pages` | turned in one round: 50 if it is not said |
/// | `newest_first` | `false` where the API has another order; then all pages are turned in each round |
/// | `time_zone` | of dates that name none: UTC if it is not said |
/// | `headers` | further ones, without keys |
///
/// Fields are `id`, `text`, `title`, `url` (a pointer, or an address with `{id}`), `author` (the shown name),
/// `author_key` (what stays when that changes), `rating` (a number, or `true` and `false` for a thumb), `published_at`, `edited_at`,
/// `language`, `country`, `reply`, `reply_at`, `app_version`, and `removed` (a flag or a date of what was deleted).
///
/// `{since}` is RFC 3339; 1970 at first contact. `"link"` is the `Link` header with `rel="next"`.
///
/// Without `fields.published_at` there is no telling what is new, and each round turns all pages.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Written")]
pub struct Json {
    address: Address,
    items: String,
    fields: Fields,
    paging: Paging,
    first_page: u64,
    first_cursor: String,
    most_pages: usize,
    newest_first: bool,
    time_zone: Tz,
    headers: Vec<(String, String)>,
}

/// How the next page is found.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Paging {
    /// By its number.
    Page,
    /// By how many items came before it.
    Offset,
    /// By what lies at a JSON pointer in the answer.
    Cursor(String),
    /// By the `Link` header.
    Link,
    /// There is one page.
    None,
}

/// One round: pages until one holds nothing new.
///
/// # Errors
/// Where the first page cannot be had or read, or none of its items has what `fields` says.
pub async fn collect(kind: &Json, round: &Round<'_>) -> Result<Batch, CollectError> {
    let name = format!("{} {}", kind.address, kind.items);
    let known = newest_known(round.cursor, &name);
    let since = known.map_or(Timestamp::from_seconds(0), |newest| newest.plus_seconds(-OVERLAP));
    let start = if kind.paging == Paging::Page { kind.first_page } else { 0 };
    let headers = kind
        .headers
        .iter()
        .map(|(name, value)| Header { name: name.to_ascii_lowercase().into(), value: value.as_str().into() });
    let first = kind.address.at(since, start, &kind.first_cursor)?;
    let first =
        Request { headers: headers.collect(), ..Request::new(first, "application/json", round.allow_private_network) };
    let place = Cell::new(start);
    let question = Question { name, first, most_pages: kind.most_pages };
    let mut batch = walk(question, round, move |page| kind.read(page, since, &place)).await?;
    if kind.address.asks_for_a_time() {
        // The next round asks for another address, where they would mean nothing.
        batch.cursor.validators = Validators::default();
    }
    Ok(batch)
}

impl Json {
    fn read(&self, page: &Page, since: Timestamp, place: &Cell<u64>) -> Result<Part, CollectError> {
        let answer = json(page, HINT)?;
        let items = self.items(&answer)?;
        let part = item::read(items, &self.fields, self.time_zone, &page.url);
        if !items.is_empty() && part.unread == items.len() {
            let (count, names) = (items.len(), names_in(&items[0]));
            let message = Said {
                german: format!("Keiner der {count} Einträge hat, was „fields“ sagt; {}", names.german),
                english: format!("none of the {count} items has what `fields` says; {}", names.english),
            };
            return Err(format_error(message, HINT));
        }
        let next = self.next(page, &answer, items.len(), |cursor| {
            let step = if self.paging == Paging::Page { 1 } else { items.len() as u64 };
            place.set(place.get().saturating_add(step));
            self.address.at(since, place.get(), cursor)
        })?;
        Ok(Part { next, tells_nothing: !self.newest_first && !items.is_empty(), ..part })
    }

    /// A list that is missing is told, lest a mistake in `items` be taken for silence.
    fn items<'a>(&self, answer: &'a Value) -> Result<&'a [Value], CollectError> {
        if answer.pointer(&self.items).is_none() {
            let names = names_in(answer);
            let message = Said {
                german: format!("Bei „{}“ in der Antwort steht nichts; {}", self.items, names.german),
                english: format!("there is nothing at `{}` of the answer; {}", self.items, names.english),
            };
            return Err(format_error(message, HINT));
        }
        list(answer, &self.items, HINT)
    }

    /// An empty page is the last one, whatever else it says.
    fn next(
        &self,
        page: &Page,
        answer: &Value,
        items: usize,
        address: impl Fn(&str) -> Result<Url, CollectError>,
    ) -> Result<Option<Url>, CollectError> {
        match &self.paging {
            _ if items == 0 => Ok(None),
            Paging::Page | Paging::Offset => address("").map(Some),
            Paging::Cursor(pointer) => match item::word(answer.pointer(pointer)) {
                None => Ok(None),
                Some(cursor) if self.address.has("{cursor}") => address(&cursor).map(Some),
                Some(next) if next.contains(['/', '?']) => Ok(page.url.join(&next).ok()),
                Some(_) => {
                    let message = Said {
                        german: format!("Was bei „{pointer}“ in der Antwort steht, ist keine Adresse"),
                        english: format!("what lies at `{pointer}` of the answer is no address"),
                    };
                    let hint = said(
                        "Schreiben Sie „{cursor}“ in „url“ an die Stelle, an die es gehört",
                        "write `{cursor}` where it belongs in `url`",
                    );
                    Err(format_error(message, hint))
                }
            },
            Paging::Link => Ok(page.next.clone()),
            Paging::None => Ok(None),
        }
    }
}

/// What could have been meant: the names in an object, as far as a person reads them.
fn names_in(value: &Value) -> Said {
    const SHOWN: usize = 20;
    match value {
        Value::Object(object) if object.is_empty() => said("sie ist ein leeres Objekt", "it is an empty object").into(),
        Value::Object(object) => {
            let names: Vec<_> = object.keys().take(SHOWN).map(|name| format!("`/{}`", item::escaped(name))).collect();
            let names = format!("{}{}", names.join(", "), if object.len() > SHOWN { ", …" } else { "" });
            Said { german: format!("es gibt {names}"), english: format!("there is {names}") }
        }
        Value::Array(_) => said("sie ist eine Liste", "it is a list").into(),
        _ => said("sie ist kein Objekt", "it is no object").into(),
    }
}

#[cfg(test)]
mod tests;
