//! One round: which address to ask, what to do with the answer, what to remember.

use std::time::Duration;

use url::Url;

use super::{Feed, Parsed, Unread, decode, discover, read};
use crate::collect::{Batch, CollectError, Cursor, Round};
use crate::http::{Answer, Page, Request, Validators};

const ACCEPT: &str = "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, \
                      application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, text/html;q=0.5, */*;q=0.1";

/// A permanent redirect is believed when it was seen so often in a row.
const REDIRECTS_TO_BELIEVE: u32 = 3;

/// No wish for rest is granted beyond this: a mistyped `<ttl>` shall not end a source.
const LONGEST_REST: Duration = Duration::from_secs(24 * 60 * 60);

/// Asks where the feed was last found; where it is no longer, begins again at the configured address.
pub(super) async fn collect(feed: &Feed, round: &Round<'_>) -> Result<Batch, CollectError> {
    let known = known_address(feed, round.cursor);
    let result = ask(feed, known.clone().unwrap_or_else(|| feed.url.clone()), round.cursor, round).await;
    match result {
        Err(error) if known.is_some() && !is_transient(&error) => {
            ask(feed, feed.url.clone(), &Cursor::default(), round).await
        }
        result => result,
    }
}

fn is_transient(error: &CollectError) -> bool {
    matches!(error, CollectError::Fetch(error) if error.is_transient())
}

/// Where the feed has moved, or where the page's feed was discovered.
fn known_address(feed: &Feed, cursor: &Cursor) -> Option<Url> {
    match &cursor.moved {
        Some((address, times)) if *times >= REDIRECTS_TO_BELIEVE => Url::parse(address).ok(),
        _ => discovered(feed, cursor.position.as_deref()?),
    }
}

/// The position is the page's and the feed's address, so that it is forgotten when another page is configured.
fn discovered(feed: &Feed, position: &str) -> Option<Url> {
    let (page, found) = position.split_once(' ')?;
    if page == feed.url.as_str() { Url::parse(found).ok() } else { None }
}

async fn ask(feed: &Feed, address: Url, cursor: &Cursor, round: &Round<'_>) -> Result<Batch, CollectError> {
    let page = match fetch(address, cursor.validators.clone(), round).await? {
        Answer::NotModified { moved_to } => {
            let moved = moved(cursor.moved.as_ref(), moved_to.as_ref());
            return Ok(Batch { cursor: Cursor { moved, ..cursor.clone() }, not_modified: true, ..Batch::default() });
        }
        Answer::Page(page) => page,
    };
    let text = decode::decode(&page.body, page.content_type.as_deref());
    match read(&text, &page.url) {
        Ok(parsed) => Ok(batch(parsed, &page, cursor)),
        Err(Unread::Page) => {
            let named = discover::named(&text, &page.url);
            Box::pin(follow(feed, named, &page.url, round)).await
        }
        Err(unread) => Err(unread.into()),
    }
}

async fn fetch(url: Url, validators: Validators, round: &Round<'_>) -> Result<Answer, CollectError> {
    let allow_private_network = round.allow_private_network;
    let request = Request { url, accept: ACCEPT, validators, allow_private_network, obey_robots: false };
    Ok(round.fetcher.get(&request).await?)
}

/// Tries the feeds that a page names, or where it names none, the usual places.
async fn follow(feed: &Feed, named: Vec<Url>, page: &Url, round: &Round<'_>) -> Result<Batch, CollectError> {
    let mut failure = None;
    let is_named = !named.is_empty();
    for candidate in if is_named { named } else { discover::usual(page) } {
        match feed_at(&candidate, round).await {
            Ok(mut batch) => {
                batch.cursor.position = Some(format!("{} {candidate}", feed.url));
                return Ok(batch);
            }
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    match failure {
        Some(error) if is_named => Err(error),
        _ => Err(CollectError::Format {
            message: "a page (HTML) that names no feed, and none lies in the usual places".into(),
            hint: Some("give the address of the feed itself".into()),
        }),
    }
}

async fn feed_at(address: &Url, round: &Round<'_>) -> Result<Batch, CollectError> {
    match fetch(address.clone(), Validators::default(), round).await? {
        Answer::NotModified { .. } => Err(Unread::Other("`not modified` to a first request".into()).into()),
        Answer::Page(page) => {
            let parsed = super::parse(&page.body, page.content_type.as_deref(), &page.url)?;
            Ok(batch(parsed, &page, &Cursor::default()))
        }
    }
}

fn batch(parsed: Parsed, page: &Page, before: &Cursor) -> Batch {
    Batch {
        mentions: parsed.mentions,
        cursor: Cursor {
            validators: page.validators.clone(),
            moved: moved(before.moved.as_ref(), page.moved_to.as_ref()),
            position: before.position.clone(),
        },
        not_modified: false,
        notes: parsed.notes,
        rest: parsed.rest.max(page.max_age).map(|rest| rest.min(LONGEST_REST)),
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

    #[test]
    fn a_permanent_redirect_is_believed_the_third_time() {
        let target = url("https://example.org/new");
        let mut cursor = Cursor::default();
        for believed in [None, None, Some(&target), Some(&target)] {
            let redirected = known_address(&feed(), &cursor).is_none().then_some(&target);
            cursor.moved = moved(cursor.moved.as_ref(), redirected);
            assert_eq!(known_address(&feed(), &cursor).as_ref(), believed);
        }
    }

    #[test]
    fn a_redirect_that_changes_or_stops_is_counted_anew() {
        let seen = |times| Some(("https://example.org/a".to_owned(), times));
        assert_eq!(
            moved(seen(2).as_ref(), Some(&url("https://example.org/b"))),
            Some(("https://example.org/b".into(), 1))
        );
        assert_eq!(moved(seen(2).as_ref(), None), None);
    }

    #[test]
    fn a_discovered_feed_is_remembered_for_its_page_only() {
        let cursor =
            |page: &str| Cursor { position: Some(format!("{page} https://example.org/feed")), ..Cursor::default() };
        assert_eq!(known_address(&feed(), &cursor("https://example.org/blog")), Some(url("https://example.org/feed")));
        assert_eq!(known_address(&feed(), &cursor("https://example.org/other")), None);
    }

    #[test]
    fn a_feed_may_ask_for_a_day_of_rest_but_not_for_more() {
        let page = |max_age| Page {
            url: url("https://example.org/feed"),
            moved_to: None,
            body: Vec::new(),
            content_type: None,
            validators: Validators::default(),
            max_age,
        };
        let rest = |ttl: Option<u64>, max_age: Option<u64>| {
            let parsed = Parsed { rest: ttl.map(Duration::from_secs), ..Parsed::default() };
            batch(parsed, &page(max_age.map(Duration::from_secs)), &Cursor::default()).rest.map(|rest| rest.as_secs())
        };
        assert_eq!(rest(None, None), None);
        assert_eq!(rest(Some(3600), Some(60)), Some(3600));
        assert_eq!(rest(None, Some(60)), Some(60));
        assert_eq!(rest(Some(10_000_000), None), Some(86_400));
    }
}
