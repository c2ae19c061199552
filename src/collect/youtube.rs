//! Comments under the videos of a channel, or under one video, through YouTube's Data API.
//!
//! The newest threads come first, each with some of its replies (about five; which ones is not documented), so a late
//! reply or an edit shows as long as its thread is among the newest 100. What the owner of the channel says is no
//! comment on it: the last reply of the owner becomes the answer to the comment, and nothing else of it is kept.
//!
//! A request costs one unit of the quota, of which a project has 10,000 a day. YouTube's terms ask that what comes from
//! its API is fetched anew or deleted within 30 days: it is looked up again, and goes where that fails for so long.

use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::pages::{self, Part, Question, list, missing, no_address, walk_explained};
use super::{About, Batch, CollectError, Detail, Round, google, keys};
use crate::http::{Header, Page, Request};
use crate::secret::SecretPlace;
use crate::tongue::{Said, said};

pub use recheck::{recheck, recheck_limits};

mod recheck;
mod thread;

/// For `stimmung kinds`.
pub const ABOUT: About = About {
    name: "youtube",
    listens_to: said(
        "Kommentare unter den Videos eines YouTube-Kanals oder unter einem Video",
        "comments under the videos of a YouTube channel, or under one video",
    ),
    needs: Some(said(
        "einen Schlüssel eines Google-Cloud-Projekts mit der YouTube Data API v3",
        "a key of a Google Cloud project with the YouTube Data API v3",
    )),
    brings: &[Detail::Author, Detail::Link, Detail::Reply, Detail::Edits, Detail::Removals],
    history: said("die neuesten 5.000 Threads", "the newest 5,000 threads"),
    example: "youtube = { channel = \"UC_x5XG1OV2P6uZZ5FSM9Ttw\", search = \"bahn\", key_env = \"YOUTUBE_KEY\" }",
    longest_kept: Some(Duration::from_hours(30 * 24)),
    ..About::PLAIN
};

const MOST_PAGES: usize = 50;

/// As many as there can be on one.
const PER_PAGE: &str = "100";

const HINT: Said<&'static str> = said(
    "Prüfen Sie „base“; bleibt es dabei, hat YouTube womöglich seine API geändert",
    "check `base`; if it stays, YouTube may have changed its API",
);

/// `from.youtube = { channel = "UC…", key_env = "YOUTUBE_KEY" }`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub struct Youtube {
    /// Where the comments are.
    pub place: Place,
    /// Words that must occur in them.
    pub search: Option<String>,
    /// The key of the project.
    pub key: SecretPlace,
    /// Another server in Google's place; for tests and proxies.
    pub base: Url,
}

/// Where comments are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// All videos of the channel with this id.
    Channel(String),
    /// The video with this id.
    Video(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    channel: Option<String>,
    video: Option<String>,
    search: Option<String>,
    key_env: Option<String>,
    key_file: Option<PathBuf>,
    #[serde(default = "base", deserialize_with = "super::web_address")]
    base: Url,
}

fn base() -> Url {
    Url::parse("https://www.googleapis.com/").expect("an address")
}

impl TryFrom<Written> for Youtube {
    type Error = String;

    /// # Errors
    /// All mistakes at once.
    fn try_from(written: Written) -> Result<Self, String> {
        let Written { channel, video, search, key_env, key_file, base } = written;
        let is_empty = search.as_ref().is_some_and(|search| search.trim().is_empty());
        let search_mistake = is_empty.then(|| "`search` is empty: write a word, or leave it out".to_owned());
        match (place(channel, video), search_mistake, keys::place("key", key_env, key_file)) {
            (Ok(place), None, Ok(key)) => Ok(Self { place, search, key, base }),
            (place, search, key) => {
                let mistakes = [place.err(), search, key.err()];
                Err(mistakes.into_iter().flatten().collect::<Vec<_>>().join("; "))
            }
        }
    }
}

fn place(channel: Option<String>, video: Option<String>) -> Result<Place, String> {
    let is_id = |id: &str, length| {
        id.len() == length && id.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_'))
    };
    match (channel, video) {
        (Some(id), None) if id.starts_with("UC") && is_id(&id, 24) => Ok(Place::Channel(id)),
        (None, Some(id)) if is_id(&id, 11) => Ok(Place::Video(id)),
        (Some(id), None) => {
            Err(format!("`{id}` is no id of a channel: write the 24 letters that begin with UC (About, Share channel)"))
        }
        (None, Some(id)) => Err(format!("`{id}` is no id of a video: write the 11 letters after `v=` in its address")),
        (Some(_), Some(_)) => Err("both `channel` and `video` are set: keep one of them".to_owned()),
        (None, None) => Err("write `channel` with the id of a channel, or `video` with that of a video".to_owned()),
    }
}

/// The keys that it takes.
pub fn secrets(kind: &Youtube) -> Vec<(&'static str, SecretPlace)> {
    vec![("key", kind.key.clone())]
}

/// One round: what was written since the last one, the newest first.
///
/// # Errors
/// Where the first page cannot be had or read.
pub async fn collect(kind: &Youtube, round: &Round<'_>) -> Result<Batch, CollectError> {
    let first = request(kind.page(None)?, keys::read("youtube.key", &kind.key)?, round);
    let question = Question { name: kind.name(), first, most_pages: MOST_PAGES };
    walk_explained(question, round, read(kind), |error| google::refusal(error, round.now)).await
}

fn request(url: Url, key: SecretString, round: &Round<'_>) -> Request {
    let headers = vec![Header { name: "x-goog-api-key".into(), value: key.clone() }];
    Request { headers, key: Some(key), ..Request::new(url, "application/json", round.allow_private_network) }
}

impl Youtube {
    fn name(&self) -> String {
        let (Place::Channel(id) | Place::Video(id)) = &self.place;
        format!("{id} {}", self.search.as_deref().unwrap_or_default())
    }

    fn list(&self, of: &str) -> Result<Url, CollectError> {
        let mut url = self.base.clone();
        let mut path = url.path_segments_mut().map_err(|()| no_address(HINT))?;
        path.pop_if_empty().extend(["youtube", "v3", of]);
        drop(path);
        Ok(url)
    }

    fn page(&self, place: Option<&str>) -> Result<Url, CollectError> {
        let mut url = self.list("commentThreads")?;
        let of = match &self.place {
            Place::Channel(id) => ("allThreadsRelatedToChannelId", id.as_str()),
            Place::Video(id) => ("videoId", id.as_str()),
        };
        let fixed = [("part", "snippet,replies"), of, ("order", "time"), ("maxResults", PER_PAGE)];
        let search = self.search.as_deref().map(|search| ("searchTerms", search));
        let place = place.map(|place| ("pageToken", place));
        url.query_pairs_mut()
            .extend_pairs(fixed)
            .append_pair("textFormat", "plainText")
            .extend_pairs(search)
            .extend_pairs(place);
        Ok(url)
    }
}

fn read(kind: &Youtube) -> impl Fn(&Page) -> Result<Part, CollectError> {
    move |page| {
        let answer = pages::json(page, HINT)?;
        let mut part = Part::default();
        for item in items(&answer)? {
            thread::read(item, &mut part);
        }
        let next = answer.get("nextPageToken").and_then(Value::as_str).filter(|token| !token.is_empty());
        part.next = next.map(|token| kind.page(Some(token))).transpose()?;
        // A page may hold nothing but what its owner said.
        part.tells_nothing = part.mentions.is_empty();
        Ok(part)
    }
}

fn items(answer: &Value) -> Result<&[Value], CollectError> {
    if answer.get("items").is_none() {
        return Err(missing("items", HINT));
    }
    list(answer, "/items", HINT)
}

#[cfg(test)]
mod tests;
