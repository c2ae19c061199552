//! The way through the pages of an API, the newest first: the same for all of them, so that a kind only says how a page is asked
//! for and read.

use std::collections::HashSet;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use super::{Batch, CollectError, Cursor, Round};
use crate::http::{Answer, Body, FetchError, Page, Request, Validators};
use crate::mention::{Grade, Mention, Timestamp};
use crate::tongue::{Said, said};

/// What was read of a page.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub(super) mentions: Vec<Mention>,
    /// Of the whole profile; that of the first page counts.
    pub(super) grade: Option<Grade>,
    /// Native ids of what the page says was deleted.
    pub(super) removed: Vec<String>,
    /// Items that could not be read.
    pub(super) unread: usize,
    /// Where it goes on.
    pub(super) next: Option<Url>,
    /// What to ask the same address by POST, where it goes on like that.
    pub(super) next_body: Option<Body>,
    /// That there is nothing new here does not mean that there is nothing new behind it: because of its order, or because
    /// of what was left out.
    pub(super) tells_nothing: bool,
    /// The source asks not to be called again for this long.
    pub(super) rest: Option<Duration>,
    /// How many more requests it would answer, where the body and not a header says so.
    pub(super) quota_left: Option<u64>,
}

/// A question whose answer comes in pages.
#[derive(Debug)]
pub(super) struct Question {
    /// What makes it another question than one before, whose position would mean nothing: app, search, forum.
    pub(super) name: String,
    /// For the first page.
    pub(super) first: Request,
    /// So many pages are turned in one round at most.
    pub(super) most_pages: usize,
}

/// The time of the newest mention that is known of this question.
pub(super) fn newest_known(cursor: &Cursor, name: &str) -> Option<Timestamp> {
    let (newest, of) = cursor.position.as_deref()?.split_once(' ')?;
    if of == name { newest.parse().ok().map(Timestamp::from_seconds) } else { None }
}

/// What is remembered of a question; the inverse of [`newest_known`].
pub(super) fn position(newest: Timestamp, name: &str) -> String {
    format!("{} {name}", newest.seconds())
}

/// Turns pages until one holds nothing new, there are no more, or enough is enough.
///
/// A page is asked for only where the last one held something newer than all that was known: written or edited since then,
/// and not met on an earlier page. At first contact all is new. What later pages would have held is left to the next round
/// if one of them cannot be had, or if the source asks for a pause: then the position stays where it was.
///
/// # Errors
/// Where the first page cannot be had or read.
pub(super) async fn walk(
    question: Question,
    round: &Round<'_>,
    read: impl Fn(&Page) -> Result<Part, CollectError>,
) -> Result<Batch, CollectError> {
    walk_explained(question, round, read, CollectError::from).await
}

/// As [`walk`], where a source says why it refuses; `explain` reads that.
pub(super) async fn walk_explained(
    question: Question,
    round: &Round<'_>,
    read: impl Fn(&Page) -> Result<Part, CollectError>,
    explain: impl Fn(FetchError) -> CollectError,
) -> Result<Batch, CollectError> {
    let known = newest_known(round.cursor, &question.name);
    let validators = if known.is_some() { round.cursor.validators.clone() } else { Validators::default() };
    let mut request = Request { validators, ..question.first };
    let mut asked = HashSet::from([request.url.clone()]);
    let mut met = Met { known, ..Met::default() };
    for number in 1..=question.most_pages {
        let page = match round.fetcher.get(&request).await.map_err(&explain) {
            Ok(Answer::NotModified { .. }) => {
                return Ok(Batch { cursor: round.cursor.clone(), not_modified: number == 1, ..met.batch });
            }
            Ok(Answer::Page(page)) => read(&page).map(|part| (part, page)),
            Err(error) => Err(error),
        };
        let (mut part, page) = match page {
            Ok(read) => read,
            Err(error) if number == 1 => return Err(error),
            Err(error) => {
                let note = format!("page {number} could not be had and is left for the next round: {error}");
                return Ok(met.broken_off(note, error.retry_after(), round));
            }
        };
        if number == 1 {
            met.batch.cursor.validators = page.validators.clone();
        }
        // A cursor that comes again would lead in a circle; a key is for the site that was asked.
        let next = part.next.take().filter(|next| next.origin() == request.url.origin() && asked.insert(next.clone()));
        let next = following(&request, next, part.next_body.take());
        let rest = part.rest.max(page.rest);
        let has_news = met.add(part, &page);
        match next.filter(|_| has_news && number < question.most_pages) {
            Some(_) if rest.is_some() => {
                let note = format!("page {} is left for the next round: the source asks for a pause", number + 1);
                return Ok(met.broken_off(note, rest, round));
            }
            Some(next) => request = next,
            None => break,
        }
    }
    Ok(met.whole(&question.name, round.now))
}

/// What was met on the way.
#[derive(Default)]
struct Met {
    /// Of the rounds before.
    known: Option<Timestamp>,
    batch: Batch,
    ids: HashSet<String>,
    unread: usize,
}

impl Met {
    /// Adds a page; whether there may be news behind it.
    fn add(&mut self, part: Part, page: &Page) -> bool {
        let Self { known, batch, ids, unread } = self;
        batch.quota_left = part.quota_left.or(page.quota_left).or(batch.quota_left);
        batch.grade = batch.grade.or(part.grade);
        batch.rest = batch.rest.max(part.rest).max(page.rest);
        batch.removed.extend(part.removed);
        *unread += part.unread;
        let first_met = batch.mentions.len();
        batch.mentions.extend(part.mentions.into_iter().filter(|mention| ids.insert(mention.native_id.clone())));
        let is_news = |mention: &Mention| known.is_none_or(|known| last_change(mention) > Some(known));
        part.tells_nothing || batch.mentions[first_met..].iter().any(is_news)
    }

    /// What there is, with a position that makes the next round begin where this one did.
    fn broken_off(mut self, note: String, rest: Option<Duration>, round: &Round<'_>) -> Batch {
        self.batch.notes.push(note);
        Batch { rest: self.batch.rest.max(rest), cursor: round.cursor.clone(), ..self.batch }
    }

    fn whole(self, name: &str, now: Timestamp) -> Batch {
        let Self { known, mut batch, unread, .. } = self;
        if unread > 0 {
            batch.notes.push(format!("{unread} items could not be read and are left out"));
        }
        // A date in the future would hide what comes until then.
        let newest = batch.mentions.iter().filter_map(last_change).max().map(|newest| newest.min(now)).max(known);
        batch.cursor.position = newest.map(|newest| position(newest, name));
        batch
    }
}

/// The question for the next page: by its address, or at the same one with another body.
fn following(request: &Request, url: Option<Url>, body: Option<Body>) -> Option<Request> {
    let same = || Request { validators: Validators::default(), ..request.clone() };
    match (url, body) {
        (Some(url), _) => Some(Request { url, ..same() }),
        (None, Some(body)) => Some(Request { body: Some(body), ..same() }),
        (None, None) => None,
    }
}

fn last_change(mention: &Mention) -> Option<Timestamp> {
    mention.edited_at.max(mention.published_at)
}

/// The next page at the place of this one: only the query is taken from what the source says, so that a proxy stays in
/// between.
pub(super) fn turned(page: &Page, next: &Url) -> Url {
    let mut url = page.url.clone();
    url.set_query(next.query());
    url
}

/// A body as JSON.
///
/// # Errors
/// Where it is none; `hint` says what to check.
pub(super) fn json(page: &Page, hint: Said<&'static str>) -> Result<Value, CollectError> {
    serde_json::from_slice(&page.body)
        .map_err(|error| format_error(said("Die Antwort ist kein JSON", "the answer is no JSON").with(error), hint))
}

/// The list at a JSON pointer; `None` or `null` is an empty one.
///
/// # Errors
/// Where something else is there.
pub(super) fn list<'a>(value: &'a Value, pointer: &str, hint: Said<&'static str>) -> Result<&'a [Value], CollectError> {
    match value.pointer(pointer) {
        None | Some(Value::Null) => Ok(&[]),
        Some(Value::Array(items)) => Ok(items),
        Some(_) => {
            let message = Said {
                german: format!("Bei „{pointer}“ in der Antwort steht keine Liste"),
                english: format!("there is no list at `{pointer}` of the answer"),
            };
            Err(format_error(message, hint))
        }
    }
}

/// An answer in which this is missing.
pub(super) fn missing(name: &str, hint: Said<&'static str>) -> CollectError {
    let message = Said {
        german: format!("In der Antwort fehlt „{name}“"),
        english: format!("there is no `{name}` in the answer"),
    };
    format_error(message, hint)
}

/// Nothing can be asked at the address that the settings make.
pub(super) fn no_address(hint: Said<&'static str>) -> CollectError {
    format_error(said("Der Server hat keine Adresse", "the server has no address"), hint)
}

pub(super) fn format_error(message: impl Into<Said>, hint: Said<&'static str>) -> CollectError {
    CollectError::Format { message: message.into(), hint }
}

/// Reads each item on its own: one that is broken costs none of the others.
pub(super) fn read_each<T: DeserializeOwned>(items: &[Value], mention: impl Fn(T) -> Option<Mention>) -> Part {
    let mut part = Part::default();
    for item in items {
        match serde_json::from_value::<T>(item.clone()) {
            Ok(item) => part.mentions.extend(mention(item)),
            Err(_) => part.unread += 1,
        }
    }
    part
}

/// Whether mentions stand in the order that [`walk`] is made for.
pub(super) fn is_newest_first(mentions: &[Mention]) -> bool {
    mentions.is_sorted_by(|one, next| one.published_at >= next.published_at)
}

/// An id that may be a number or a text, exactly as it stands there.
pub(super) fn id<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    use serde::Deserialize as _;
    match Value::deserialize(deserializer)? {
        Value::String(text) if !text.is_empty() => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        other => Err(serde::de::Error::custom(format!("{other} is no id"))),
    }
}
