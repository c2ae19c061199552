//! Hacker News, through the search of Algolia: stories and comments that name what is searched for.
//!
//! The search gives about a thousand hits to one question. So pages are turned by time and not by number: each asks for what is
//! no newer than the oldest that was seen.

use serde::Deserialize;
use url::Url;

use super::pages::{Part, Question, json, list, missing, newest_known, no_address, read_each, walk};
use super::{About, Batch, CollectError, Detail, Round};
use crate::http::{Page, Request};
use crate::mention::{Author, Mention, Timestamp};
use crate::text;
use crate::tongue::{Said, said};

/// For `stimmung kinds`.
pub const ABOUT: About = About {
    name: "hacker_news",
    listens_to: said("Beiträge und Kommentare auf Hacker News", "stories and comments on Hacker News"),
    brings: &[Detail::Title, Detail::Author, Detail::Link],
    history: said("die neuesten 2.000", "the newest 2,000"),
    example: "hacker_news = { search = \"\\\"Deutsche Bahn\\\"\" }",
    ..About::PLAIN
};

/// At first contact.
const MOST_PAGES: usize = 20;
const PER_PAGE: usize = 100;

/// Seconds that are asked for again: the index takes a while to hold what was written.
const OVERLAP: i64 = 3600;

const HINT: Said<&'static str> = said(
    "Prüfen Sie „search“; bleibt es dabei, hat Hacker News womöglich seine Suche geändert",
    "check `search`; if it stays, Hacker News may have changed its search",
);

/// `from.hacker_news = { search = "\"Deutsche Bahn\"" }`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HackerNews {
    /// Words, all of which must occur; in quotes a phrase.
    pub search: String,
    /// Another server in the place of Algolia's; for tests and proxies.
    #[serde(default = "algolia", deserialize_with = "super::web_address")]
    pub base: Url,
}

fn algolia() -> Url {
    Url::parse("https://hn.algolia.com/").expect("an address")
}

/// One round: what was written since the last one, the newest first.
///
/// # Errors
/// Where the first page cannot be had or read.
pub async fn collect(kind: &HackerNews, round: &Round<'_>) -> Result<Batch, CollectError> {
    let since = newest_known(round.cursor, &kind.search).map(|newest| newest.plus_seconds(-OVERLAP));
    let first = Request::new(kind.page(since, None)?, "application/json", round.allow_private_network);
    let question = Question { name: kind.search.clone(), first, most_pages: MOST_PAGES };
    walk(question, round, |page| read(page, |oldest| kind.page(since, Some(oldest)).ok())).await
}

impl HackerNews {
    fn page(&self, since: Option<Timestamp>, until: Option<i64>) -> Result<Url, CollectError> {
        let mut url = self.base.join("api/v1/search_by_date").map_err(|_| no_address(HINT))?;
        let since = since.map(|since| format!("created_at_i>{}", since.seconds()));
        let until = until.map(|until| format!("created_at_i<={until}"));
        let span: Vec<String> = since.into_iter().chain(until).collect();
        url.query_pairs_mut()
            .append_pair("query", &self.search)
            .append_pair("tags", "(story,comment)")
            .append_pair("typoTolerance", "false")
            .append_pair("hitsPerPage", &PER_PAGE.to_string());
        if !span.is_empty() {
            url.query_pairs_mut().append_pair("numericFilters", &span.join(","));
        }
        Ok(url)
    }
}

/// A story or a comment.
#[derive(Deserialize)]
struct Hit {
    #[serde(rename = "objectID", deserialize_with = "super::pages::id")]
    id: String,
    author: Option<String>,
    title: Option<String>,
    story_title: Option<String>,
    comment_text: Option<String>,
    story_text: Option<String>,
    created_at_i: i64,
}

fn read(page: &Page, older: impl Fn(i64) -> Option<Url>) -> Result<Part, CollectError> {
    let value = json(page, HINT)?;
    if value.get("hits").is_none() {
        return Err(missing("hits", HINT));
    }
    let hits = list(&value, "/hits", HINT)?;
    let part = read_each(hits, mention);
    let oldest = part.mentions.iter().filter_map(|mention| mention.published_at).min();
    let next = oldest.filter(|_| hits.len() == PER_PAGE).and_then(|oldest| older(oldest.seconds()));
    Ok(Part { next, ..part })
}

fn mention(hit: Hit) -> Option<Mention> {
    let html = hit.comment_text.or(hit.story_text).unwrap_or_default();
    Some(Mention {
        url: Some(format!("https://news.ycombinator.com/item?id={}", hit.id)),
        native_id: hit.id,
        author: hit.author.map(|name| Author { key: name.clone(), name }),
        title: hit.title.or(hit.story_title).map(|title| text::plain(&title)),
        text: text::plain(&html),
        published_at: Some(Timestamp::from_seconds(hit.created_at_i)),
        ..Mention::default()
    })
}

#[cfg(test)]
mod tests;
