//! Posts under a hashtag on Mastodon, as one of its servers knows them.
//!
//! The timeline of a hashtag needs no account; a server may have closed it all the same. Ids grow with the time of writing,
//! also for what comes from other servers, so that the newest come first; `min_id` would leave out the edits among them.
//! A post has the same `uri` on every server.
//!
//! Whoever does not want to be found by search is left out: `indexable` (since 4.2) is what Mastodon asks its people for
//! that, and it is "no" unless they say yes; `noindex` is the older answer, of people on this server, to search engines.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use url::Url;

use super::pages::{Part, Question, format_error, json, list, newest_known, read_each, walk};
use super::{About, Batch, CollectError, Detail, Round};
use crate::http::{Page, Request};
use crate::mention::{Author, Language, Mention, Timestamp};
use crate::text;

pub use recheck::{recheck, recheck_limits};

mod recheck;

/// For `stimmung kinds`.
pub const ABOUT: About = About {
    name: "mastodon",
    listens_to: "posts under a hashtag on a Mastodon server, of people who let themselves be found",
    needs: "",
    brings: &[Detail::Title, Detail::Author, Detail::Link, Detail::Language, Detail::Edits, Detail::Removals],
    history: "the newest 800",
    example: "mastodon = { instance = \"mastodon.social\", tag = \"deutschebahn\" }",
};

const MOST_PAGES: usize = 20;

/// As many as there can be on one.
const PER_PAGE: &str = "40";

const HINT: &str = "check `instance`: it must be a Mastodon server, and show its hashtags to people without an account";

/// `from.mastodon = { instance = "mastodon.social", tag = "deutschebahn" }`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mastodon {
    /// The server that is asked, by its name or address.
    #[serde(deserialize_with = "super::instance")]
    pub instance: Url,
    /// With or without `#`.
    #[serde(deserialize_with = "tag")]
    pub tag: String,
}

fn tag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let written = String::deserialize(deserializer)?;
    let tag = written.strip_prefix('#').unwrap_or(&written);
    let fits = !tag.is_empty() && tag.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '·');
    let message = || format!("`{written}` is no hashtag: write one word of letters and digits, as in \"deutschebahn\"");
    if fits { Ok(tag.to_lowercase()) } else { Err(serde::de::Error::custom(message())) }
}

/// One round: what was written since the last one, the newest first.
///
/// # Errors
/// Where the first page cannot be had or read.
pub async fn collect(kind: &Mastodon, round: &Round<'_>) -> Result<Batch, CollectError> {
    let name = format!("{}#{}", kind.instance, kind.tag);
    let known = newest_known(round.cursor, &name);
    let first = Request::new(kind.first_page()?, "application/json", round.allow_private_network);
    let left_out = AtomicUsize::new(0);
    let question = Question { name, first, most_pages: MOST_PAGES };
    let mut batch = walk(question, round, |page| read(page, known, &left_out)).await?;
    let left_out = left_out.into_inner();
    if left_out > 0 {
        batch.notes.push(format!("{left_out} posts of people who do not want to be found by search are left out"));
    }
    Ok(batch)
}

impl Mastodon {
    fn first_page(&self) -> Result<Url, CollectError> {
        let mut url = self.instance.clone();
        url.path_segments_mut().map_err(|()| format_error("the server has no address", HINT))?.extend([
            "api",
            "v1",
            "timelines",
            "tag",
            &self.tag,
        ]);
        url.query_pairs_mut().append_pair("limit", PER_PAGE);
        Ok(url)
    }
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

fn read(page: &Page, known: Option<Timestamp>, left_out: &AtomicUsize) -> Result<Part, CollectError> {
    let answer = json(page, HINT)?;
    if !answer.is_array() {
        return Err(format_error("the answer is no list of posts", HINT));
    }
    let statuses = list(&answer, "", HINT)?;
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
    Ok(Part { next: page.next.clone(), tells_nothing: hides_news.into_inner() > 0, ..part })
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
