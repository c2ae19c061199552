//! Posts on Mastodon, as one of its servers knows them: those under a hashtag, or those that a search finds.
//!
//! The timeline of a hashtag needs no account, unless the server has closed it to people without one. Ids grow with the time of writing,
//! also for what comes from other servers, so that the newest come first; `min_id` would leave out the edits among them.
//! A post has the same `uri` on every server.
//!
//! A search for words needs an account, and a server that keeps an index of posts; one that keeps none finds nothing and
//! does not say so. Its order is not documented (in the code of Mastodon 4 the newest come first); where a page has
//! another one, all that may be turned are turned in each round. It finds posts of people who let themselves be found,
//! and those that the account has to do with: of these, what is not public is left out.
//!
//! Whoever does not want to be found by search is left out: `indexable` (since 4.2) is what Mastodon asks its people for
//! that, and it is "no" unless they say yes; `noindex` is the older answer, of people on this server, to search engines.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::pages::{
    Part, Question, format_error, is_newest_first, json, list, newest_known, no_address, read_each, walk,
};
use super::{About, Batch, CollectError, Detail, Round, credentials, keys};
use crate::http::{Page, Request};
use crate::mention::{Author, Language, Mention, Timestamp};
use crate::secret::SecretPlace;
use crate::text;
use crate::tongue::{Said, said};

pub use recheck::{recheck, recheck_limits};

mod recheck;

/// For `stimmung kinds`.
pub const ABOUT: About = About {
    name: "mastodon",
    listens_to: said(
        "Beiträge auf einem Mastodon-Server unter einem Hashtag oder aus einer Suche, von Menschen, die sich finden \
         lassen",
        "posts on a Mastodon server under a hashtag, or that a search finds, of people who let themselves be found",
    ),
    needs: Some(said(
        "für einen Hashtag nichts, außer der Server zeigt ihn nur Konten; für „search = \"…\"“ das Token eines Kontos \
         dort mit dem Scope read:search",
        "nothing for a hashtag, unless the server shows it to accounts only; for `search = \"…\"` the token of an \
         account there with the scope read:search",
    )),
    brings: &[Detail::Title, Detail::Author, Detail::Link, Detail::Language, Detail::Edits, Detail::Removals],
    history: said("die neuesten 800; bei einer Suche 400", "the newest 800; of a search 400"),
    longest_reply: Some(500),
    example: "mastodon = { instance = \"mastodon.social\", tag = \"deutschebahn\" }",
    ..About::PLAIN
};

const MOST_PAGES: usize = 20;
const MOST_PAGES_OF_A_SEARCH: usize = 10;

/// As many as there can be on one.
const PER_PAGE: usize = 40;

const HINT: Said<&'static str> = said(
    "Prüfen Sie „instance“: Es muss ein Mastodon-Server sein, der seine Hashtags auch ohne Konto zeigt; sonst geben \
     Sie ihm ein Token",
    "check `instance`: it must be a Mastodon server, and show its hashtags to people without an account, or give it a \
     token",
);

/// `from.mastodon = { instance = "mastodon.social", tag = "deutschebahn" }`, or
/// `from.mastodon = { instance = "mastodon.social", search = "\"Deutsche Bahn\"", token_env = "MASTODON_TOKEN" }`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub struct Mastodon {
    /// The server that is asked.
    pub instance: Url,
    /// What is listened to.
    pub scope: Scope,
    /// Who asks; a search has one.
    pub token: Option<SecretPlace>,
}

/// Which posts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Under a hashtag, without `#`.
    Tag(String),
    /// With these words; in quotes a phrase.
    Search(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    /// By its name or address.
    #[serde(deserialize_with = "super::instance")]
    instance: Url,
    /// With or without `#`.
    tag: Option<String>,
    search: Option<String>,
    token_env: Option<String>,
    token_file: Option<PathBuf>,
}

impl TryFrom<Written> for Mastodon {
    type Error = String;

    /// # Errors
    /// All mistakes at once.
    fn try_from(written: Written) -> Result<Self, String> {
        let Written { instance, tag, search, token_env, token_file } = written;
        let token = match &search {
            Some(_) => keys::place("token", token_env, token_file).map(Some),
            None => keys::place_if_any("token", token_env, token_file),
        };
        match (scope(tag, search), token) {
            (Ok(scope), Ok(token)) => Ok(Self { instance, scope, token }),
            (scope, token) => Err([scope.err(), token.err()].into_iter().flatten().collect::<Vec<_>>().join("; ")),
        }
    }
}

fn scope(tag: Option<String>, search: Option<String>) -> Result<Scope, String> {
    match (tag, search) {
        (Some(written), None) => hashtag(&written).map(Scope::Tag),
        (None, Some(search)) if !search.trim().is_empty() => Ok(Scope::Search(search)),
        _ => Err("write either `tag = \"…\"` or `search = \"…\"`".to_owned()),
    }
}

fn hashtag(written: &str) -> Result<String, String> {
    let tag = written.strip_prefix('#').unwrap_or(written);
    let fits = !tag.is_empty() && tag.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '·');
    let message = || format!("`{written}` is no hashtag: write one word of letters and digits, as in \"deutschebahn\"");
    if fits { Ok(tag.to_lowercase()) } else { Err(message()) }
}

/// The keys that it takes.
pub fn secrets(kind: &Mastodon) -> Vec<(&'static str, SecretPlace)> {
    kind.token.iter().map(|token| ("token", token.clone())).collect()
}

/// One round: what was written since the last one, the newest first.
///
/// # Errors
/// Where the token is not there, or the first page cannot be had or read.
pub async fn collect(kind: &Mastodon, round: &Round<'_>) -> Result<Batch, CollectError> {
    let token = kind.token.as_ref().map(|token| keys::read("mastodon.token", token)).transpose()?;
    let name = kind.name();
    let known = newest_known(round.cursor, &name);
    let first = Request::new(kind.first_page()?, "application/json", round.allow_private_network);
    let first = credentials::with_token(first, token);
    let left_out = AtomicUsize::new(0);
    let question = Question { name, first, most_pages: kind.most_pages() };
    let mut batch = walk(question, round, |page| kind.read(page, known, &left_out)).await?;
    let left_out = left_out.into_inner();
    if left_out > 0 {
        batch.notes.push(format!("{left_out} posts of people who do not want to be found by search are left out"));
    }
    Ok(batch)
}

impl Mastodon {
    fn name(&self) -> String {
        match &self.scope {
            Scope::Tag(tag) => format!("{}#{tag}", self.instance),
            Scope::Search(search) => format!("{} search {search}", self.instance),
        }
    }

    fn most_pages(&self) -> usize {
        match self.scope {
            Scope::Tag(_) => MOST_PAGES,
            Scope::Search(_) => MOST_PAGES_OF_A_SEARCH,
        }
    }

    fn first_page(&self) -> Result<Url, CollectError> {
        match &self.scope {
            Scope::Tag(tag) => {
                let mut url = self.address(&["api", "v1", "timelines", "tag", tag])?;
                url.query_pairs_mut().append_pair("limit", &PER_PAGE.to_string());
                Ok(url)
            }
            Scope::Search(search) => self.found_from(search, 0),
        }
    }

    /// The page of a search that begins behind so many hits.
    fn found_from(&self, search: &str, offset: usize) -> Result<Url, CollectError> {
        let mut url = self.address(&["api", "v2", "search"])?;
        url.query_pairs_mut()
            .append_pair("q", search)
            .append_pair("type", "statuses")
            .append_pair("limit", &PER_PAGE.to_string())
            .append_pair("offset", &offset.to_string());
        Ok(url)
    }

    fn address(&self, path: &[&str]) -> Result<Url, CollectError> {
        let mut url = self.instance.clone();
        url.path_segments_mut().map_err(|()| no_address(HINT))?.extend(path);
        Ok(url)
    }

    fn read(&self, page: &Page, known: Option<Timestamp>, left_out: &AtomicUsize) -> Result<Part, CollectError> {
        let answer = json(page, HINT)?;
        match &self.scope {
            Scope::Tag(_) if answer.is_array() => {
                let part = posts(list(&answer, "", HINT)?, known, left_out);
                Ok(Part { next: page.next.clone(), ..part })
            }
            Scope::Search(search) if answer.get("statuses").is_some() => {
                let found = list(&answer, "/statuses", HINT)?;
                let part = posts(found, known, left_out);
                // What the account may not see is taken out of a page after it was counted.
                let next = (!found.is_empty()).then(|| self.found_from(search, offset(&page.url) + PER_PAGE));
                let tells_nothing = part.tells_nothing || !is_newest_first(&part.mentions);
                Ok(Part { next: next.transpose()?, tells_nothing, ..part })
            }
            _ => Err(format_error(
                said("Die Antwort ist keine Liste von Beiträgen", "the answer is no list of posts"),
                HINT,
            )),
        }
    }
}

fn offset(page: &Url) -> usize {
    let offset = page.query_pairs().find(|(name, _)| name == "offset");
    offset.and_then(|(_, offset)| offset.parse().ok()).unwrap_or(0)
}

#[derive(Deserialize)]
struct Status {
    /// The same on every server, where `id` is not.
    uri: String,
    url: Option<String>,
    created_at: Timestamp,
    edited_at: Option<Timestamp>,
    language: Option<String>,
    /// What stands over a text that is folded away.
    spoiler_text: Option<String>,
    content: String,
    visibility: Option<String>,
    account: Account,
}

#[derive(Deserialize)]
struct Account {
    acct: String,
    display_name: Option<String>,
    uri: Option<String>,
    url: Option<String>,
    indexable: Option<bool>,
    noindex: Option<bool>,
}

impl Account {
    fn wants_to_be_found(&self) -> bool {
        self.indexable != Some(false) && self.noindex != Some(true)
    }
}

/// Reads posts, and counts those that are left out.
fn posts(statuses: &[Value], known: Option<Timestamp>, left_out: &AtomicUsize) -> Part {
    // Nobody's own words: what somebody has passed on is met where it was written.
    let own: Vec<Value> = statuses.iter().filter(|it| it.get("reblog").is_none_or(Value::is_null)).cloned().collect();
    let hides_news = AtomicUsize::new(0);
    let part = read_each(&own, |status: Status| {
        if !status.account.wants_to_be_found() {
            left_out.fetch_add(1, Ordering::Relaxed);
            hides_news.fetch_add(usize::from(known.is_none_or(|known| status.created_at > known)), Ordering::Relaxed);
            return None;
        }
        mention(status)
    });
    Part { tells_nothing: hides_news.into_inner() > 0, ..part }
}

fn mention(status: Status) -> Option<Mention> {
    if status.visibility.is_some_and(|visibility| visibility != "public") {
        return None;
    }
    let Account { acct, display_name, uri, url, .. } = status.account;
    let name = display_name.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| acct.clone());
    Some(Mention {
        url: status.url.or_else(|| status.uri.starts_with("https://").then(|| status.uri.clone())),
        native_id: status.uri,
        author: Some(Author { key: uri.or(url).unwrap_or(acct), name }),
        title: status.spoiler_text.map(|text| text::plain(&text)).filter(|text| !text.is_empty()),
        text: text::plain(&status.content),
        language_hint: status.language.and_then(|tag| Language::parse(&tag)),
        published_at: Some(status.created_at),
        edited_at: status.edited_at,
        ..Mention::default()
    })
}

#[cfg(test)]
mod tests;
