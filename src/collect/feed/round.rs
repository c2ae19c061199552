//! One round: which address to ask, what to do with the answer, what to remember.

use std::time::Duration;

use url::Url;

use super::{Feed, ITS_ADDRESS, Parsed, Unread, decode, discover, read};
use crate::collect::{Batch, CollectError, Cursor, Round};
use crate::http::{Answer, Page, Request, Validators};
use crate::tongue::said;

const ACCEPT: &str = "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, \
                      application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, text/html;q=0.5, */*;q=0.1";

/// A permanent redirect is believed when it was seen so often in a row.
const REDIRECTS_TO_BELIEVE: u32 = 3;

/// No wish for rest is granted beyond this: a mistyped `<ttl>` shall not end a source.
const LONGEST_REST: Duration = Duration::from_secs(24 * 60 * 60);

/// Asks where the feed was last found; where it is no longer, begins again at the configured address.
pub(super) async fn collect(feed: &Feed, round: &Round<'_>) -> Result<Batch, CollectError> {
    let nothing = Cursor::default();
    let cursor = if is_of(feed, round.cursor) { round.cursor } else { &nothing };
    // Where the configured address was a feed once, a page in its place is an error page. Its links would lead elsewhere.
    let may_be_page = found(cursor).as_ref() != Some(&feed.url);
    match known_address(cursor).filter(|known| *known != feed.url) {
        None => ask(feed, &feed.url, cursor, round, may_be_page).await,
        Some(known) => match ask(feed, &known, cursor, round, false).await {
            Err(error) if !is_transient(&error) => ask(feed, &feed.url, &nothing, round, may_be_page).await,
            result => result,
        },
    }
}

fn is_transient(error: &CollectError) -> bool {
    matches!(error, CollectError::Fetch(error) if error.is_transient())
}

/// The position is the configured address and the one where the feed was found: the same, or that of the feed that a page led to.
fn position(cursor: &Cursor) -> Option<(&str, &str)> {
    cursor.position.as_deref()?.split_once(' ')
}

/// Whether a cursor was left by the address that is configured now.
fn is_of(feed: &Feed, cursor: &Cursor) -> bool {
    position(cursor).is_none_or(|(configured, _)| configured == feed.url.as_str())
}

fn found(cursor: &Cursor) -> Option<Url> {
    Url::parse(position(cursor)?.1).ok()
}

/// Where the feed has moved, else where it was found.
fn known_address(cursor: &Cursor) -> Option<Url> {
    match &cursor.moved {
        Some((address, times)) if *times >= REDIRECTS_TO_BELIEVE => Url::parse(address).ok(),
        _ => found(cursor),
    }
}

async fn ask(
    feed: &Feed,
    address: &Url,
    cursor: &Cursor,
    round: &Round<'_>,
    may_be_page: bool,
) -> Result<Batch, CollectError> {
    let page = match fetch(address, cursor.validators.clone(), false, round).await? {
        Answer::NotModified { moved_to } => {
            let moved = moved(cursor.moved.as_ref(), moved_to.as_ref());
            return Ok(Batch { cursor: Cursor { moved, ..cursor.clone() }, not_modified: true, ..Batch::default() });
        }
        Answer::Page(page) => page,
    };
    let text = decode::decode(&page.body, page.content_type.as_deref());
    match read(&text, &page.url) {
        Ok(parsed) => Ok(batch(feed, address, parsed, &page, cursor)),
        Err(Unread::Page) if may_be_page => {
            let named = discover::named(&text, &page.url);
            Box::pin(follow(feed, named, &page.url, round)).await
        }
        Err(unread) => Err(unread.into()),
    }
}

async fn fetch(
    address: &Url,
    validators: Validators,
    obey_robots: bool,
    round: &Round<'_>,
) -> Result<Answer, CollectError> {
    let usual = Request::new(address.clone(), ACCEPT, round.allow_private_network);
    let request = Request { validators, obey_robots, ..usual };
    Ok(round.fetcher.get(&request).await?)
}

/// Tries the feeds that a page names, or where it names none, the usual places.
async fn follow(feed: &Feed, named: Vec<Url>, page: &Url, round: &Round<'_>) -> Result<Batch, CollectError> {
    let mut failure = None;
    let is_named = !named.is_empty();
    for candidate in if is_named { named } else { discover::usual(page) } {
        match ask_once(feed, &candidate, !is_named, round).await {
            Ok(batch) => return Ok(batch),
            Err(error) if failure.is_none() || is_transient(&error) => failure = Some(error),
            Err(_) => {}
        }
    }
    match failure {
        Some(error) if is_named || is_transient(&error) => Err(error),
        _ => Err(CollectError::Format {
            message: said(
                "Eine Seite (HTML), die keinen Feed nennt, und an den üblichen Stellen liegt keiner",
                "a page (HTML) that names no feed, and none lies in the usual places",
            )
            .into(),
            hint: ITS_ADDRESS,
        }),
    }
}

/// Asks a place where there may be a feed. Whoever guesses obeys robots.txt: nobody has invited us there.
async fn ask_once(feed: &Feed, address: &Url, guessed: bool, round: &Round<'_>) -> Result<Batch, CollectError> {
    match fetch(address, Validators::default(), guessed, round).await? {
        Answer::NotModified { .. } => {
            let unasked =
                said("Der Server meldet „not modified“ auf eine erste Anfrage", "`not modified` to a first request");
            Err(Unread::Other(unasked.into()).into())
        }
        Answer::Page(page) => {
            let parsed = super::parse(&page.body, page.content_type.as_deref(), &page.url)?;
            Ok(batch(feed, address, parsed, &page, &Cursor::default()))
        }
    }
}

fn batch(feed: &Feed, address: &Url, parsed: Parsed, page: &Page, before: &Cursor) -> Batch {
    let position = before.position.clone().unwrap_or_else(|| format!("{} {address}", feed.url));
    Batch {
        mentions: parsed.mentions,
        cursor: Cursor {
            validators: page.validators.clone(),
            moved: moved(before.moved.as_ref(), page.moved_to.as_ref()),
            position: Some(position),
        },
        notes: parsed.notes,
        rest: parsed.rest.max(page.max_age).map(|rest| rest.min(LONGEST_REST)),
        quota_left: page.quota_left,
        ..Batch::default()
    }
}

/// Counts how often in a row the same permanent redirect was seen.
fn moved(before: Option<&(String, u32)>, now: Option<&Url>) -> Option<(String, u32)> {
    match (before, now) {
        (Some((known, times)), Some(address)) if known == address.as_str() => {
            Some((known.clone(), times.saturating_add(1)))
        }
        (_, Some(address)) => Some((address.to_string(), 1)),
        // We asked there at once, so there was nothing to be redirected.
        (Some((known, times)), None) if *times >= REDIRECTS_TO_BELIEVE => Some((known.clone(), *times)),
        (_, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn feed() -> Feed {
        Feed { url: url("https://example.org/blog") }
    }

    fn at(position: &str) -> Cursor {
        Cursor { position: Some(position.into()), ..Cursor::default() }
    }

    fn page(max_age: Option<u64>) -> Page {
        Page {
            url: feed().url,
            moved_to: None,
            body: Vec::new(),
            content_type: None,
            validators: Validators::default(),
            max_age: max_age.map(Duration::from_secs),
            next: None,
            quota_left: None,
            rest: None,
        }
    }

    #[test]
    fn a_permanent_redirect_is_believed_the_third_time() {
        let target = url("https://example.org/new");
        let mut cursor = Cursor::default();
        for believed in [None, None, Some(&target), Some(&target)] {
            let redirected = known_address(&cursor).is_none().then_some(&target);
            cursor.moved = moved(cursor.moved.as_ref(), redirected);
            assert_eq!(known_address(&cursor).as_ref(), believed);
        }
    }

    #[test]
    fn a_redirect_that_changes_or_stops_is_counted_anew() {
        let seen = Some(("https://example.org/a".to_owned(), 2));
        let other = url("https://example.org/b");
        assert_eq!(moved(seen.as_ref(), Some(&other)), Some((other.to_string(), 1)));
        assert_eq!(moved(seen.as_ref(), None), None);
    }

    #[test]
    fn what_was_found_is_remembered_for_the_configured_address_only() {
        let found_feed = url("https://example.org/feed");
        let cursor = batch(&feed(), &found_feed, Parsed::default(), &page(None), &Cursor::default()).cursor;
        assert_eq!((is_of(&feed(), &cursor), known_address(&cursor)), (true, Some(found_feed)));
        assert!(!is_of(&feed(), &at("https://example.org/other https://example.org/feed")));
        assert!(is_of(&feed(), &Cursor::default()));
    }

    #[test]
    fn the_place_of_the_feed_stays_when_it_moves() {
        let position = "https://example.org/blog https://example.org/feed";
        let after =
            batch(&feed(), &url("https://example.org/new"), Parsed::default(), &page(None), &at(position)).cursor;
        assert_eq!(after.position.as_deref(), Some(position));
    }

    #[test]
    fn a_feed_may_ask_for_a_day_of_rest_but_not_for_more() {
        let rest = |ttl: Option<u64>, max_age: Option<u64>| {
            let parsed = Parsed { rest: ttl.map(Duration::from_secs), ..Parsed::default() };
            let batch = batch(&feed(), &feed().url, parsed, &page(max_age), &Cursor::default());
            batch.rest.map(|rest| rest.as_secs())
        };
        assert_eq!(rest(None, None), None);
        assert_eq!(rest(Some(3600), Some(60)), Some(3600));
        assert_eq!(rest(None, Some(60)), Some(60));
        assert_eq!(rest(Some(10_000_000), None), Some(86_400));
    }
}
