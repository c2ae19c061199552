//! A forum that runs on Discourse: all of its public posts, or those that its search finds.
//!
//! The list of posts (`/posts.json`) has whole texts and tells edits. The search (`/search.json`) has only the beginning of
//! each text, so what it finds is asked for one by one, the oldest first: where the forum calls a halt, the next round goes
//! on. An edit shows where it is among the newest 50 posts of the list; a search does not see it.
//! How many it answers in a minute is up to each forum.

use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::pages::{Part, Question, json, list, missing, newest_known, no_address, position, read_each, walk};
use super::{About, Batch, CollectError, Detail, Round};
use crate::http::{Answer, FetchError, Page, Request};
use crate::mention::{Mention, Timestamp};
use crate::tongue::{Said, said};
use post::{Post, is_deleted};

mod post;

/// For `stimmung kinds`.
pub const ABOUT: About = About {
    name: "discourse",
    listens_to: said(
        "Beiträge in einem Discourse-Forum: alle oder die, die seine Suche findet",
        "posts in a forum that runs on Discourse, all of them or those that its search finds",
    ),
    brings: &[Detail::Title, Detail::Author, Detail::Link, Detail::Language, Detail::Edits, Detail::Removals],
    history: said(
        "die neuesten 1.000 Beiträge oder die neuesten 200, die die Suche findet",
        "the newest 1,000 posts, or the newest 200 that the search finds",
    ),
    example: "discourse = { forum = \"https://community.example.org\", search = \"Lerchenbahn\" }",
    ..About::PLAIN
};

/// Fifty posts each.
const MOST_PAGES: usize = 20;
const MOST_SEARCH_PAGES: usize = 4;

/// Whole texts in one round of a search.
const MOST_POSTS: usize = 100;

/// The search filters by days of the forum's own time zone.
const OVERLAP: i64 = 24 * 3600;

const HINT: Said<&'static str> = said(
    "Prüfen Sie, ob „forum“ die Adresse eines Discourse-Forums ist, das man ohne Konto lesen kann",
    "check that `forum` is the address of a forum that runs on Discourse and can be read without an account",
);

/// `from.discourse = { forum = "https://community.example.org" }`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Discourse {
    /// Where the forum's first page is.
    #[serde(deserialize_with = "super::web_address")]
    pub forum: Url,
    /// As it is written into the forum's search; without it, all posts are read.
    #[serde(default, deserialize_with = "search")]
    pub search: Option<String>,
}

/// Discourse finds nothing for less.
const SHORTEST_SEARCH: usize = 3;

fn search<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let search = String::deserialize(deserializer)?;
    if search.trim().chars().count() < SHORTEST_SEARCH {
        let message = format!("`{search}` is too short to be found: write {SHORTEST_SEARCH} characters or more");
        return Err(serde::de::Error::custom(message));
    }
    if search.contains("order:") {
        return Err(serde::de::Error::custom("leave `order:` out of `search`: the newest come first"));
    }
    Ok(Some(search))
}

/// One round: what was written since the last one, the newest first; of a search, the oldest of it first.
///
/// # Errors
/// Where the first page cannot be had or read.
pub async fn collect(kind: &Discourse, round: &Round<'_>) -> Result<Batch, CollectError> {
    let name = kind.name();
    let request = |url| Request::new(url, "application/json", round.allow_private_network);
    let Some(search) = &kind.search else {
        let question = Question { name, first: request(kind.address("posts.json")?), most_pages: MOST_PAGES };
        return walk(question, round, |page| kind.read_posts(page)).await;
    };
    let known = newest_known(round.cursor, &name);
    let first = request(kind.hits(search, known, 1)?);
    let question = Question { name, first, most_pages: MOST_SEARCH_PAGES };
    let found = walk(question, round, |page| kind.read_hits(page, search, known)).await?;
    kind.whole(found, known, round).await
}

impl Discourse {
    fn name(&self) -> String {
        format!("{} {}", self.forum, self.search.as_deref().unwrap_or_default())
    }

    fn address(&self, path: &str) -> Result<Url, CollectError> {
        let address = format!("{}/{path}", self.forum.as_str().trim_end_matches('/'));
        Url::parse(&address).map_err(|_| no_address(HINT))
    }

    fn hits(&self, search: &str, known: Option<Timestamp>, page: usize) -> Result<Url, CollectError> {
        let after = known.map(|known| known.plus_seconds(-OVERLAP).to_utc().format(" after:%Y-%m-%d").to_string());
        let query = format!("{search} order:latest{}", after.unwrap_or_default());
        let mut url = self.address("search.json")?;
        url.query_pairs_mut().append_pair("q", &query).append_pair("page", &page.to_string());
        Ok(url)
    }

    fn read_posts(&self, page: &Page) -> Result<Part, CollectError> {
        let answer = json(page, HINT)?;
        if answer.get("latest_posts").is_none() {
            return Err(missing("latest_posts", HINT));
        }
        let posts = list(&answer, "/latest_posts", HINT)?;
        let part = read_each(posts, |post: Post| post.mention(&self.forum));
        let removed = posts.iter().filter(|post| is_deleted(post)).filter_map(id).map(|id| id.to_string());
        // Some versions count the post with this number to those before it, others do not.
        let oldest = posts.iter().filter_map(id).min();
        let next = oldest.map(|oldest| self.address(&format!("posts.json?before={oldest}"))).transpose()?;
        Ok(Part { next, removed: removed.collect(), ..part })
    }

    fn read_hits(&self, page: &Page, search: &str, known: Option<Timestamp>) -> Result<Part, CollectError> {
        let answer = json(page, HINT)?;
        if answer.get("grouped_search_result").is_none() {
            return Err(missing("grouped_search_result", HINT));
        }
        let topics = list(&answer, "/topics", HINT)?;
        let title = |topic: u64| topics.iter().find(|it| id(it) == Some(topic))?.get("title")?.as_str();
        let part = read_each(list(&answer, "/posts", HINT)?, |mut post: Post| {
            post.topic_title = post.topic_id.and_then(title).map(str::to_owned);
            post.mention(&self.forum)
        });
        let more = answer.pointer("/grouped_search_result/more_full_page_results");
        let has_more = more.is_some_and(|more| *more == Value::Bool(true));
        let next = if has_more { Some(self.hits(search, known, number_of(&page.url) + 1)?) } else { None };
        Ok(Part { next, ..part })
    }

    /// Replaces the beginnings of texts by the texts. What was known before is known as a whole, and is left out.
    async fn whole(&self, found: Batch, known: Option<Timestamp>, round: &Round<'_>) -> Result<Batch, CollectError> {
        let mut hits = found.mentions;
        hits.retain(|hit| known.is_none_or(|known| hit.published_at > Some(known)));
        hits.sort_by_key(|hit| hit.published_at);
        let is_complete = found.notes.is_empty() || found.cursor != *round.cursor;
        let mut batch = Batch { mentions: Vec::new(), ..found };
        let mut newest = known;
        let postponed = hits.len().saturating_sub(MOST_POSTS);
        for hit in hits.into_iter().take(MOST_POSTS) {
            match self.post(&hit, round).await {
                Ok(post) => {
                    newest = hit.published_at.max(newest);
                    batch.mentions.extend(post.map(|post| Mention { title: hit.title, ..post }));
                }
                Err(error) => {
                    batch.notes.push(format!("further posts are left for the next round: {error}"));
                    batch.rest = batch.rest.max(error.retry_after());
                    break;
                }
            }
        }
        if postponed > 0 {
            batch.notes.push(format!("{postponed} posts are left for the next round"));
        }
        if is_complete {
            batch.cursor.position = newest.map(|newest| position(newest, &self.name()));
        }
        Ok(batch)
    }

    /// `None` where it may not be read, or is gone.
    async fn post(&self, hit: &Mention, round: &Round<'_>) -> Result<Option<Mention>, CollectError> {
        let url = self.address(&format!("posts/{}.json", hit.native_id))?;
        let request = Request::new(url, "application/json", round.allow_private_network);
        match round.fetcher.get(&request).await {
            Ok(Answer::Page(page)) => {
                let post = serde_json::from_value::<Post>(json(&page, HINT)?);
                Ok(post.ok().and_then(|post| post.mention(&self.forum)))
            }
            Ok(Answer::NotModified { .. })
            | Err(FetchError::Gone { .. } | FetchError::Status { status: 403 | 404, .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

fn id(item: &Value) -> Option<u64> {
    item.get("id")?.as_u64()
}

/// Which page of the search an address asks for.
fn number_of(url: &Url) -> usize {
    url.query_pairs().find(|(name, _)| name == "page").and_then(|(_, number)| number.parse().ok()).unwrap_or(1)
}

#[cfg(test)]
mod tests;
