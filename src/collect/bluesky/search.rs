//! The search: posts that name what is searched for, also those of long ago. It needs an account, and a session for each
//! round.
//!
//! Sessions are counted: Bluesky's servers allow three hundred a day to an account by their documentation, and a hundred
//! by what people met; so a round is followed by a quarter of an hour of rest. To keep a session longer, a key to the
//! account would have to lie in the database.
//!
//! Deletions are not told: what was found is looked up again by its id, in a session as well, since an account's server
//! hands such questions on for its own people only.
//!
//! People can ask on their profile not to be shown to whoever has no account (`!no-unauthenticated`). What this program
//! mails and exports goes to such people, so their posts are left out.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use secrecy::ExposeSecret as _;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::post::{COLLECTION, Post, place};
use crate::collect::pages::{
    Part, Question, format_error, json, list, missing, newest_known, no_address, read_each, walk,
};
use crate::collect::recheck::{Inquiry, Shown, look_up};
use crate::collect::{Batch, CollectError, Recheck, RecheckLimits, Round, keys};
use crate::http::{Answer, Body, Header, Page, Request};
use crate::mention::{Author, Mention, Timestamp};
use crate::secret::SecretPlace;
use crate::tongue::{Said, said};

const MOST_PAGES: usize = 20;
const PER_PAGE: &str = "100";

/// Between two sessions.
const REST: Duration = Duration::from_mins(15);

/// Four requests a day, and a session.
pub(super) const RECHECK_LIMITS: RecheckLimits = RecheckLimits { most: 100, days: 30 };

/// As many as one request takes.
const AT_A_TIME: usize = 25;

/// Seconds that are asked for again: the index takes a while to hold what was posted.
const OVERLAP: i64 = 3600;

const HINT: Said<&'static str> = said(
    "Prüfen Sie „search“; bleibt es dabei, hat Bluesky womöglich seine Suche geändert",
    "check `search`; if it stays, Bluesky may have changed its search",
);
const SESSION_HINT: Said<&'static str> = said(
    "Prüfen Sie „user“ und das App-Passwort aus den Einstellungen des Kontos",
    "check `user` and the app password, which is made in the settings of the account",
);

/// `from.bluesky = { search = "\"Deutsche Bahn\"", user = "name.bsky.social", password_env = "BLUESKY_PASSWORD" }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// Words, all of which must occur; in quotes a phrase.
    pub search: String,
    /// The account that asks: its handle.
    pub user: String,
    /// Where one of its app passwords is.
    pub password: SecretPlace,
    /// The server where the account is.
    pub base: Url,
}

/// Where most accounts are.
pub(super) fn bluesky() -> Url {
    Url::parse("https://bsky.social/").expect("an address")
}

/// One round: what was posted since the last one, the newest first.
///
/// # Errors
/// Where there is no password or no session for it, or the first page cannot be had or read.
pub(super) async fn collect(kind: &Search, round: &Round<'_>) -> Result<Batch, CollectError> {
    let name = format!("search {}", kind.search);
    let known = newest_known(round.cursor, &name);
    let headers = vec![kind.session(round).await?];
    let url = kind.page(known.map(|newest| newest.plus_seconds(-OVERLAP)))?;
    let first = Request { headers, ..Request::new(url, "application/json", round.allow_private_network) };
    let left_out = AtomicUsize::new(0);
    let question = Question { name, first, most_pages: MOST_PAGES };
    let mut batch = walk(question, round, |page| read(page, known, &left_out)).await?;
    let left_out = left_out.into_inner();
    if left_out > 0 {
        batch.notes.push(format!("{left_out} posts of people who do not want to be shown to everybody are left out"));
    }
    batch.rest = batch.rest.max(Some(REST));
    Ok(batch)
}

/// Looks up posts. As in the search, Bluesky does not show those of people who have blocked the account that asks, and
/// we leave out those of people who do not want to be shown to everybody; both count as gone.
pub(super) async fn recheck(kind: &Search, known: &[String], round: &Round<'_>) -> Result<Recheck, CollectError> {
    let session = kind.session(round).await?;
    let request = |ids: &[String]| {
        let mut url = kind.method("app.bsky.feed.getPosts")?;
        url.query_pairs_mut().extend_pairs(ids.iter().map(|id| ("uris", id)));
        let headers = vec![session.clone()];
        Ok(Request { headers, ..Request::new(url, "application/json", round.allow_private_network) })
    };
    let inquiry = Inquiry {
        at_a_time: AT_A_TIME,
        request: &request,
        read: &read_by_id,
        is_missing: &|_| false,
        explain: &CollectError::from,
    };
    look_up(&inquiry, known, round).await
}

fn read_by_id(page: &Page) -> Result<Shown, CollectError> {
    let answer = json(page, HINT)?;
    let posts = list(&answer, "/posts", HINT)?;
    let id = |post: &Value| post.get("uri")?.as_str().map(str::to_owned);
    let is_hidden = |post: &&Value| {
        let author = post.get("author").map(Writer::deserialize);
        author.is_some_and(|author| author.is_ok_and(|author| !author.wants_to_be_shown()))
    };
    let removed = posts.iter().filter(is_hidden).filter_map(id).collect();
    Ok(Shown {
        ids: posts.iter().filter_map(id).collect(),
        part: Part { removed, ..read(page, None, &AtomicUsize::new(0))? },
    })
}

impl Search {
    /// What shows who asks, for a while.
    async fn session(&self, round: &Round<'_>) -> Result<Header, CollectError> {
        let password = keys::read("bluesky.password", &self.password)?;
        let login = serde_json::json!({ "identifier": self.user, "password": password.expose_secret() });
        let url = self.method("com.atproto.server.createSession")?;
        let request = Request::new(url, "application/json", round.allow_private_network);
        let request = Request { body: Some(Body::Json(login.to_string().into())), ..request };
        let missing =
            || format_error(said("Die Antwort enthält keine Sitzung", "the answer holds no session"), SESSION_HINT);
        match round.fetcher.get(&request).await? {
            Answer::NotModified { .. } => Err(missing()),
            Answer::Page(page) => {
                let session = json(&page, SESSION_HINT)?;
                let token = session.get("accessJwt").and_then(Value::as_str).ok_or_else(missing)?;
                Ok(Header::bearer(&token.into()))
            }
        }
    }

    fn page(&self, since: Option<Timestamp>) -> Result<Url, CollectError> {
        let mut url = self.method("app.bsky.feed.searchPosts")?;
        let mut query = url.query_pairs_mut();
        query.append_pair("q", &self.search).append_pair("sort", "latest").append_pair("limit", PER_PAGE);
        if let Some(since) = since {
            query.append_pair("since", &since.to_string());
        }
        drop(query);
        Ok(url)
    }

    fn method(&self, name: &str) -> Result<Url, CollectError> {
        self.base.join(&format!("xrpc/{name}")).map_err(|_| no_address(HINT))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct View {
    uri: String,
    author: Writer,
    record: Post,
    indexed_at: Timestamp,
}

#[derive(Deserialize)]
struct Writer {
    did: String,
    handle: Option<String>,
    #[serde(default)]
    labels: Value,
}

impl Writer {
    /// A label is taken back by one that says so.
    fn wants_to_be_shown(&self) -> bool {
        let is_set = |label: &Value| {
            label.get("val").is_some_and(|value| value == "!no-unauthenticated")
                && label.get("neg").is_none_or(|taken_back| taken_back != true)
        };
        !self.labels.as_array().into_iter().flatten().any(is_set)
    }
}

fn read(page: &Page, known: Option<Timestamp>, left_out: &AtomicUsize) -> Result<Part, CollectError> {
    let answer = json(page, HINT)?;
    if answer.get("posts").is_none() {
        return Err(missing("posts", HINT));
    }
    let hides_news = AtomicUsize::new(0);
    let part = read_each(list(&answer, "/posts", HINT)?, |view: View| {
        if !view.author.wants_to_be_shown() {
            left_out.fetch_add(1, Ordering::Relaxed);
            hides_news.fetch_add(usize::from(known.is_none_or(|known| view.indexed_at > known)), Ordering::Relaxed);
            return None;
        }
        mention(view)
    });
    let next = answer.get("cursor").and_then(Value::as_str).map(|cursor| following(&page.url, cursor));
    Ok(Part { next, tells_nothing: hides_news.into_inner() > 0, ..part })
}

/// The same question for what comes after.
fn following(url: &Url, cursor: &str) -> Url {
    let kept: Vec<_> = url.query_pairs().into_owned().filter(|(name, _)| name != "cursor").collect();
    let mut next = url.clone();
    next.query_pairs_mut().clear().extend_pairs(kept).append_pair("cursor", cursor);
    next
}

fn mention(view: View) -> Option<Mention> {
    let key = view.uri.strip_prefix("at://")?.split_once(&format!("/{COLLECTION}/"))?.1;
    let (id, url) = place(&view.author.did, key)?;
    let Writer { did, handle, .. } = view.author;
    // So it is shown where a handle does not lead back to its account.
    let name = handle.filter(|handle| !handle.is_empty() && handle != "handle.invalid").unwrap_or_else(|| did.clone());
    let author = Some(Author { key: did, name });
    Some(Mention { author, ..view.record.mention(id, url, view.indexed_at) })
}
