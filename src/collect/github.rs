//! GitHub: issues and pull requests that name what is searched for, or those of one repository; or discussions. What
//! programs write is left out.
//!
//! No token is needed: without one GitHub answers ten searches a minute and 60 other requests an hour to one address,
//! with one 30 and 5,000 to one account, and says when it will answer again. Discussions can only be had with a token.
//! GitHub tells when an issue was last touched, not when its text was changed: that counts as an edit only where the
//! text is another one.

use std::path::PathBuf;

use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use super::pages::{Part, Question, format_error, json, newest_known, no_address, read_each, turned, walk};
use super::{About, Batch, CollectError, Detail, Round, credentials, keys, markdown};
use crate::http::{Page, Request};
use crate::mention::{Author, Mention, Timestamp};
use crate::secret::SecretPlace;
use crate::text;
use crate::tongue::{Said, said};

mod discussions;

/// For `stimmung kinds`.
pub const ABOUT: About = About {
    name: "github",
    listens_to: said(
        "Issues und Pull Requests auf GitHub oder Discussions: eine Suche oder ein Repository",
        "issues and pull requests on GitHub, or discussions: a search, or one repository",
    ),
    needs: Some(said(
        "für Issues nichts, ein Token ist aber willkommen (mehr Anfragen in der Stunde); für „listens = \
         \"discussions\"“ ein Token, für öffentliche Repositorys ein fein abgestimmtes oder eines mit dem Scope \
         public_repo",
        "nothing for issues, where a token is welcome (more requests an hour); for `listens = \"discussions\"` a \
         token, fine-grained for public repositories or with the scope public_repo",
    )),
    brings: &[Detail::Title, Detail::Author, Detail::Link, Detail::Edits],
    history: said(
        "die neuesten 1.000; von einer Discussion die neuesten 50 Kommentare",
        "the newest 1,000; of a discussion the newest 50 comments",
    ),
    example: "github = { search = \"\\\"DB Navigator\\\"\" }",
    ..About::PLAIN
};

/// GitHub gives no more hits of a search than these hold.
const MOST_PAGES: usize = 10;

const HINT: Said<&'static str> = said(
    "Prüfen Sie „search“ oder „repository“; bleibt es dabei, hat GitHub womöglich seine Schnittstelle geändert",
    "check `search` or `repository`; if it stays, GitHub may have changed its interface",
);

/// `from.github = { search = "\"DB Navigator\"" }` or `{ repository = "owner/name" }`; with
/// `listens = "discussions", token_env = "GITHUB_TOKEN"` to those
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub struct Github {
    /// What is listened to.
    pub scope: Scope,
    /// To what there.
    pub listens: Listens,
    /// Who asks; discussions have one.
    pub token: Option<SecretPlace>,
    /// Another server in the place of GitHub's; for tests and proxies.
    pub base: Url,
}

/// What people write there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Listens {
    /// Issues and pull requests.
    #[default]
    Issues,
    /// Discussions, with their comments.
    Discussions,
}

/// Where it is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everywhere: words and qualifiers as in the search on the site; in quotes a phrase.
    Search(String),
    /// In one repository.
    Repository {
        /// A person or an organisation.
        owner: String,
        /// Of the repository, without the owner.
        name: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    search: Option<String>,
    repository: Option<String>,
    #[serde(default)]
    listens: Listens,
    token_env: Option<String>,
    token_file: Option<PathBuf>,
    #[serde(default = "github", deserialize_with = "super::web_address")]
    base: Url,
}

fn github() -> Url {
    Url::parse("https://api.github.com/").expect("an address")
}

impl TryFrom<Written> for Github {
    type Error = String;

    /// # Errors
    /// All mistakes at once.
    fn try_from(written: Written) -> Result<Self, String> {
        let Written { search, repository, listens, token_env, token_file, base } = written;
        let token = match listens {
            Listens::Issues => keys::place_if_any("token", token_env, token_file),
            Listens::Discussions => keys::place("token", token_env, token_file).map(Some),
        };
        match (scope(search, repository), token) {
            (Ok(scope), Ok(token)) => Ok(Self { scope, listens, token, base }),
            (scope, token) => Err([scope.err(), token.err()].into_iter().flatten().collect::<Vec<_>>().join("; ")),
        }
    }
}

fn scope(search: Option<String>, repository: Option<String>) -> Result<Scope, String> {
    match (search, repository) {
        (Some(search), None) if !search.trim().is_empty() => Ok(Scope::Search(search)),
        (None, Some(repository)) => named(&repository)
            .ok_or_else(|| format!("`{repository}` is no repository: write owner and name, as in \"rust-lang/rust\"")),
        _ => Err("write either `search = \"…\"` or `repository = \"owner/name\"`".to_owned()),
    }
}

fn named(repository: &str) -> Option<Scope> {
    let is_name = |name: &str| {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        !name.is_empty() && name.chars().all(fits) && !name.chars().all(|c| c == '.')
    };
    let (owner, name) = repository.split_once('/')?;
    let scope = Scope::Repository { owner: owner.to_owned(), name: name.to_owned() };
    (is_name(owner) && is_name(name)).then_some(scope)
}

/// The keys that it takes.
pub fn secrets(kind: &Github) -> Vec<(&'static str, SecretPlace)> {
    kind.token.iter().map(|token| ("token", token.clone())).collect()
}

/// One round.
///
/// # Errors
/// Where the token is not there, or the first page cannot be had or read.
pub async fn collect(kind: &Github, round: &Round<'_>) -> Result<Batch, CollectError> {
    let token = kind.token.as_ref().map(|token| keys::read("github.token", token)).transpose()?;
    let mut batch = match kind.listens {
        Listens::Issues => issues(kind, token, round).await?,
        Listens::Discussions => discussions::collect(kind, token, round).await?,
    };
    // Only now: a page of nothing else must not end the way through the pages.
    batch.mentions.retain(|mention| !mention.author.as_ref().is_some_and(is_program));
    Ok(batch)
}

/// Of a search the newest hits, and as many pages more as hold news; of a repository what was touched since.
async fn issues(kind: &Github, token: Option<SecretString>, round: &Round<'_>) -> Result<Batch, CollectError> {
    let since = newest_known(round.cursor, &kind.name());
    let first = Request::new(kind.page(since)?, "application/vnd.github+json", round.allow_private_network);
    let first = credentials::with_token(first, token);
    walk(Question { name: kind.name(), first, most_pages: MOST_PAGES }, round, read).await
}

impl Github {
    fn name(&self) -> String {
        match &self.scope {
            Scope::Search(search) => format!("search {search}"),
            Scope::Repository { owner, name } => format!("repository {owner}/{name}"),
        }
    }

    fn page(&self, since: Option<Timestamp>) -> Result<Url, CollectError> {
        let path = match &self.scope {
            Scope::Search(_) => "search/issues".to_owned(),
            Scope::Repository { owner, name } => format!("repos/{owner}/{name}/issues"),
        };
        let mut url = self.base.join(&path).map_err(|_| no_address(HINT))?;
        let mut query = url.query_pairs_mut();
        match &self.scope {
            Scope::Search(search) => {
                query.append_pair("q", search).append_pair("sort", "created").append_pair("order", "desc");
            }
            Scope::Repository { .. } => {
                query.append_pair("state", "all").append_pair("sort", "updated").append_pair("direction", "desc");
                if let Some(since) = since {
                    query.append_pair("since", &since.to_string());
                }
            }
        }
        query.append_pair("per_page", "100");
        drop(query);
        Ok(url)
    }
}

/// The answer to a search holds its hits in `items`; that of a repository is the list.
fn read(page: &Page) -> Result<Part, CollectError> {
    let value = json(page, HINT)?;
    let issues = value.get("items").unwrap_or(&value);
    let issues = issues.as_array().ok_or_else(|| {
        format_error(
            said("In der Antwort steht keine Liste von Issues", "there is no list of issues in the answer"),
            HINT,
        )
    })?;
    let part = read_each(issues, |issue| Some(mention(issue)));
    let next = page.next.as_ref().map(|next| turned(page, next));
    Ok(Part { next, ..part })
}

/// No person's name on GitHub may have brackets.
fn is_program(author: &Author) -> bool {
    author.name.ends_with("[bot]")
}

fn mention(issue: Issue) -> Mention {
    let published_at = Timestamp::parse_rfc3339(&issue.created_at);
    let touched = issue.updated_at.as_deref().and_then(Timestamp::parse_rfc3339);
    Mention {
        native_id: issue.id,
        url: issue.html_url,
        author: issue.user.map(|user| Author { key: user.id, name: user.login }),
        title: issue.title.map(|title| text::plain(&title)),
        text: issue.body.map(|body| markdown::plain(&body)).unwrap_or_default(),
        published_at,
        edited_at: touched.filter(|touched| Some(*touched) > published_at),
        ..Mention::default()
    }
}

#[derive(Deserialize)]
struct Issue {
    #[serde(deserialize_with = "super::pages::id")]
    id: String,
    html_url: Option<String>,
    title: Option<String>,
    body: Option<String>,
    user: Option<User>,
    created_at: String,
    updated_at: Option<String>,
}

#[derive(Deserialize)]
struct User {
    #[serde(deserialize_with = "super::pages::id")]
    id: String,
    login: String,
}

#[cfg(test)]
mod tests;
