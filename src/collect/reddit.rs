//! Posts on Reddit that name what is searched for.
//!
//! Reddit has to approve each use of its API beforehand, and businesses need a contract. Its search finds posts, not
//! comments, and gives no more than some hundred of them. What was deleted mostly just leaves the search; where it is
//! still there, its text or its author says so. By its name a post can be looked up also after it was deleted.

use secrecy::SecretString;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use url::Url;

use super::pages::{Part, Question, json, list, missing, no_address, read_each, walk};
use super::recheck::{Inquiry, Shown, look_up};
use super::{About, Batch, CollectError, Detail, Recheck, RecheckLimits, Round, credentials, keys, markdown};
use crate::http::{Body, Header, Page, Request};
use crate::mention::{Author, Mention, Timestamp};
use crate::secret::SecretPlace;
use crate::text;
use crate::tongue::{Said, said};
use settings::Written;

mod settings;

/// For `stimmung kinds`.
pub const ABOUT: About = About {
    name: "reddit",
    listens_to: said("Beiträge auf Reddit", "posts on Reddit"),
    needs: Some(said(
        "eine Freigabe von Reddit sowie Client-ID und Client-Secret einer App vom Typ „script“ oder „web app“",
        "Reddit's approval, and client id and client secret of an app of the type \"script\" or \"web app\"",
    )),
    brings: &[Detail::Title, Detail::Author, Detail::Link, Detail::Edits, Detail::Removals],
    history: said("höchstens die neuesten 1.000", "the newest 1,000 at most"),
    example: "reddit = { search = \"\\\"Deutsche Bahn\\\"\", user = \"NAME\", client_id = \"Xy1…\", \
              client_secret_env = \"REDDIT_SECRET\" }",
    ..About::PLAIN
};

const MOST_PAGES: usize = 10;
const PER_PAGE: &str = "100";

const HINT: Said<&'static str> = said(
    "Prüfen Sie „search“ und „subreddit“; bleibt es dabei, hat Reddit womöglich seine API geändert",
    "check `search` and `subreddit`; if it stays, Reddit may have changed its API",
);
const LOGIN_HINT: Said<&'static str> = said(
    "Prüfen Sie „client_id“ und das Client-Secret unter reddit.com/prefs/apps und ob Reddit die App freigegeben hat",
    "check `client_id` and the client secret at reddit.com/prefs/apps, and that Reddit approved the app",
);

/// `from.reddit = { search = "Lerchenbahn", user = "NAME", client_id = "Xy1…", client_secret_env = "REDDIT_SECRET" }`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub struct Reddit {
    search: String,
    subreddit: Option<String>,
    user: String,
    client_id: String,
    client_secret: SecretPlace,
    base: Url,
    login: Url,
}

/// The keys that it takes.
pub fn secrets(kind: &Reddit) -> Vec<(&'static str, SecretPlace)> {
    vec![("client_secret", kind.client_secret.clone())]
}

/// One round: what was written since the last one, the newest first.
///
/// # Errors
/// Where there is no secret or no token for it, or the first page cannot be had or read.
pub async fn collect(kind: &Reddit, round: &Round<'_>) -> Result<Batch, CollectError> {
    let (token, secret) = kind.token(round).await?;
    let first = kind.request(kind.page()?, token, &secret, round);
    let name = format!("{} r/{}", kind.search, kind.subreddit.as_deref().unwrap_or_default());
    walk(Question { name, first, most_pages: MOST_PAGES }, round, read).await
}

/// One request a day.
pub const fn recheck_limits(_: &Reddit) -> Option<RecheckLimits> {
    Some(RecheckLimits { most: 100, days: 30 })
}

/// Looks up posts, and edits of them. What is not shown, among others that are, is in a subreddit that is closed to the
/// public.
///
/// # Errors
/// Where there is no secret or no token for it, or nothing could be asked.
pub async fn recheck(kind: &Reddit, known: &[String], round: &Round<'_>) -> Result<Recheck, CollectError> {
    let (token, secret) = kind.token(round).await?;
    let inquiry = Inquiry {
        at_a_time: 100,
        request: &|ids| Ok(kind.request(kind.by_name(ids)?, token.clone(), &secret, round)),
        read: &read_by_name,
        is_missing: &|_| false,
        explain: &CollectError::from,
    };
    look_up(&inquiry, known, round).await
}

fn read_by_name(page: &Page) -> Result<Shown, CollectError> {
    let answer = json(page, HINT)?;
    let names = list(&answer, "/data/children", HINT)?.iter().filter_map(|it| it.pointer("/data/name")?.as_str());
    Ok(Shown { ids: names.map(str::to_owned).collect(), part: read(page)? })
}

impl Reddit {
    /// A token, and the secret that it was given for.
    async fn token(&self, round: &Round<'_>) -> Result<(Header, SecretString), CollectError> {
        let secret = keys::read("reddit.client_secret", &self.client_secret)?;
        let basic = Header::basic(&self.client_id, &secret);
        let form = Body::Form(vec![("grant_type", "client_credentials".into())]);
        let login = self.request(self.login.clone(), basic, &secret, round);
        Ok((credentials::token(&Request { body: Some(form), ..login }, round, LOGIN_HINT).await?, secret))
    }

    fn by_name(&self, names: &[String]) -> Result<Url, CollectError> {
        let mut url = self.base.clone();
        let mut path = url.path_segments_mut().map_err(|()| no_address(HINT))?;
        path.pop_if_empty().extend(["api", "info"]);
        drop(path);
        url.query_pairs_mut().append_pair("id", &names.join(",")).append_pair("raw_json", "1");
        Ok(url)
    }

    /// Reddit wants to know program, version and a person from the user agent, in this form.
    fn request(&self, url: Url, authorization: Header, secret: &SecretString, round: &Round<'_>) -> Request {
        let agent = format!("server:stimmung:v{} (by /u/{})", env!("CARGO_PKG_VERSION"), self.user);
        let headers = vec![Header { name: "user-agent".into(), value: agent.into() }, authorization];
        let key = Some(secret.clone());
        Request { headers, key, ..Request::new(url, "application/json", round.allow_private_network) }
    }

    fn page(&self) -> Result<Url, CollectError> {
        let mut url = self.base.clone();
        let mut path = url.path_segments_mut().map_err(|()| no_address(HINT))?;
        path.pop_if_empty();
        if let Some(subreddit) = &self.subreddit {
            path.extend(["r", subreddit]);
        }
        path.push("search");
        drop(path);
        let mut query = url.query_pairs_mut();
        query.append_pair("q", &self.search).append_pair("sort", "new").append_pair("t", "all");
        query.append_pair("type", "link").append_pair("limit", PER_PAGE).append_pair("raw_json", "1");
        if self.subreddit.is_some() {
            query.append_pair("restrict_sr", "1");
        }
        drop(query);
        Ok(url)
    }
}

#[derive(Deserialize)]
struct Post {
    /// With its type, as in `t3_1abcde`.
    name: String,
    title: Option<String>,
    selftext: Option<String>,
    selftext_html: Option<String>,
    author: Option<String>,
    author_fullname: Option<String>,
    permalink: Option<String>,
    created_utc: f64,
    /// `false`, or when.
    #[serde(default, deserialize_with = "time_if_any")]
    edited: Option<f64>,
}

fn time_if_any<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    Ok(Value::deserialize(deserializer)?.as_f64())
}

fn read(page: &Page) -> Result<Part, CollectError> {
    let answer = json(page, HINT)?;
    if answer.pointer("/data/children").is_none() {
        return Err(missing("children", HINT));
    }
    let children = list(&answer, "/data/children", HINT)?;
    let posts = children.iter().filter(|child| child.get("kind").is_none_or(|kind| kind == "t3"));
    let posts = posts.map(|child| child.get("data").cloned().unwrap_or_default());
    let (gone, there): (Vec<Value>, Vec<Value>) = posts.partition(is_gone);
    let removed = gone.iter().filter_map(|post| post.get("name")?.as_str()).map(str::to_owned).collect();
    let next = answer.pointer("/data/after").and_then(Value::as_str).map(|after| following(&page.url, after));
    // What is gone has no time to tell by what is behind it.
    let tells_nothing = there.is_empty() && !gone.is_empty();
    Ok(Part { removed, next, tells_nothing, ..read_each(&there, |post| Some(mention(post))) })
}

/// Deleted by its author, with or without their account, or removed by a moderator or by Reddit.
fn is_gone(post: &Value) -> bool {
    let stands = |field: &str| post.get(field).and_then(Value::as_str).unwrap_or_default();
    matches!(stands("selftext"), "[deleted]" | "[removed]")
        || stands("author") == "[deleted]"
        || !stands("removed_by_category").is_empty()
}

/// The same question for what comes after the post of this name.
fn following(url: &Url, after: &str) -> Url {
    let kept: Vec<_> = url.query_pairs().into_owned().filter(|(name, _)| name != "after").collect();
    let mut next = url.clone();
    next.query_pairs_mut().clear().extend_pairs(kept).append_pair("after", after);
    next
}

fn mention(post: Post) -> Mention {
    let text = match (post.selftext_html, post.selftext) {
        (Some(html), _) => text::plain(&html),
        (None, Some(written)) => markdown::plain(&written),
        (None, None) => String::new(),
    };
    Mention {
        native_id: post.name,
        url: post.permalink.map(|path| format!("https://www.reddit.com{path}")),
        author: post.author.map(|name| Author { key: post.author_fullname.unwrap_or_else(|| name.clone()), name }),
        title: post.title.map(|title| text::plain(&title)).filter(|title| !title.is_empty()),
        text,
        published_at: Some(moment(post.created_utc)),
        edited_at: post.edited.map(moment),
        ..Mention::default()
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a time beyond all times becomes the last one")]
fn moment(seconds: f64) -> Timestamp {
    Timestamp::from_seconds(seconds as i64)
}

#[cfg(test)]
mod tests;
