//! Posts and comments on Lemmy, found by the search of one of its servers.
//!
//! Lemmy 1.0 is asked at `/api/v4/search`, 0.19 and before it at `/api/v3/search`; a server that does not know the one is
//! asked for the other, and the position remembers which it was. Both put the newest first. An edit shows where it is
//! among what the first page holds. Whether a search still shows what was deleted or removed is up to the server; where it
//! does, it says so. Languages are numbers in a table of the server, which is not asked for.
//!
//! The shape of 1.0 is that of its source before its release: for a while `search` was called `results`, and `q`
//! `search_term`.

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use url::Url;

use super::pages::{Part, Question, json, list, missing, newest_known, no_address, walk};
use super::{About, Batch, CollectError, Detail, Round};
use crate::http::{FetchError, Page, Request};
use crate::tongue::{Said, said};

mod item;

/// For `stimmung kinds`.
pub const ABOUT: About = About {
    name: "lemmy",
    listens_to: said(
        "Beiträge und Kommentare auf Lemmy, die die Suche eines Servers findet",
        "posts and comments on Lemmy that the search of a server finds",
    ),
    brings: &[Detail::Title, Detail::Author, Detail::Link, Detail::Edits, Detail::Removals],
    history: said(
        "die neuesten 1.000 Beiträge und ebenso viele Kommentare",
        "the newest 1,000 posts and as many comments",
    ),
    example: "lemmy = { instance = \"feddit.org\", search = \"Deutsche Bahn\" }",
    ..About::PLAIN
};

const MOST_PAGES: usize = 20;

/// As many as there can be on one.
const PER_PAGE: &str = "50";

const HINT: Said<&'static str> = said(
    "Prüfen Sie „instance“: Es muss ein Lemmy-Server sein, der sich ohne Konto durchsuchen lässt",
    "check `instance`: it must be a Lemmy server that can be searched without an account",
);

/// `from.lemmy = { instance = "feddit.org", search = "Deutsche Bahn" }`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lemmy {
    /// The server that is asked, by its name or address.
    #[serde(deserialize_with = "super::instance")]
    pub instance: Url,
    /// What must occur, as it is written here.
    #[serde(deserialize_with = "search")]
    pub search: String,
}

fn search<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let search = String::deserialize(deserializer)?;
    if search.trim().is_empty() { Err(serde::de::Error::custom("`search` is empty: write a name")) } else { Ok(search) }
}

/// The two forms of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Version {
    /// 0.19 and before: posts and comments in two lists, pages by number.
    V3,
    /// 1.0: one list, pages by cursor.
    V4,
}

impl Version {
    const fn name(self) -> &'static str {
        match self {
            Self::V3 => "v3",
            Self::V4 => "v4",
        }
    }

    const fn other(self) -> Self {
        match self {
            Self::V3 => Self::V4,
            Self::V4 => Self::V3,
        }
    }
}

/// One round: what was written since the last one, the newest first.
///
/// # Errors
/// Where the first page cannot be had or read in either form.
pub async fn collect(kind: &Lemmy, round: &Round<'_>) -> Result<Batch, CollectError> {
    let spoken =
        [Version::V4, Version::V3].into_iter().find(|it| newest_known(round.cursor, &kind.name(*it)).is_some());
    let version = spoken.unwrap_or(Version::V4);
    match kind.ask(version, round).await {
        Err(CollectError::Fetch(FetchError::Status { status: 404, .. } | FetchError::Gone { .. })) => {
            kind.ask(version.other(), round).await
        }
        asked => asked,
    }
}

impl Lemmy {
    fn name(&self, version: Version) -> String {
        format!("{} {} {}", version.name(), self.instance, self.search)
    }

    async fn ask(&self, version: Version, round: &Round<'_>) -> Result<Batch, CollectError> {
        let first = Request::new(self.page(version, "")?, "application/json", round.allow_private_network);
        let question = Question { name: self.name(version), first, most_pages: MOST_PAGES };
        walk(question, round, |page| self.read(version, page)).await
    }

    /// `place` is a number or a cursor; nothing for the first page.
    fn page(&self, version: Version, place: &str) -> Result<Url, CollectError> {
        let path = format!("api/{}/search", version.name());
        let mut url = self.instance.join(&path).map_err(|_| no_address(HINT))?;
        let mut query = url.query_pairs_mut();
        query.append_pair("q", &self.search).append_pair("limit", PER_PAGE);
        match version {
            Version::V3 => query.extend_pairs([("type_", "All"), ("sort", "New"), ("listing_type", "All")]),
            Version::V4 => query.extend_pairs([("search_term", self.search.as_str()), ("listing_type", "all")]),
        };
        if !place.is_empty() {
            query.append_pair(if version == Version::V3 { "page" } else { "page_cursor" }, place);
        }
        drop(query);
        Ok(url)
    }

    fn read(&self, version: Version, page: &Page) -> Result<Part, CollectError> {
        let answer = json(page, HINT)?;
        let (views, next) = match version {
            Version::V3 => {
                if answer.get("posts").or(answer.get("comments")).is_none() {
                    return Err(missing("posts", HINT));
                }
                let views = [list(&answer, "/posts", HINT)?, list(&answer, "/comments", HINT)?].concat();
                let next = (!views.is_empty()).then(|| (number_of(&page.url) + 1).to_string());
                (views, next)
            }
            Version::V4 => {
                let Some(name) = ["/search", "/results"].into_iter().find(|name| answer.pointer(name).is_some()) else {
                    return Err(missing("search", HINT));
                };
                let next = answer.get("next_page").and_then(Value::as_str).map(str::to_owned);
                (list(&answer, name, HINT)?.to_vec(), next)
            }
        };
        let next = next.map(|place| self.page(version, &place)).transpose()?;
        Ok(Part { next, ..item::read(&views) })
    }
}

/// Which page of the search an address asks for.
fn number_of(url: &Url) -> usize {
    url.query_pairs().find(|(name, _)| name == "page").and_then(|(_, number)| number.parse().ok()).unwrap_or(1)
}

#[cfg(test)]
mod tests;
