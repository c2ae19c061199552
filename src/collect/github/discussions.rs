//! Discussions, which GitHub gives by GraphQL only: each with its newest 50 comments, and the newest 10 replies to each
//! of these.
//!
//! Those that were touched last come first, and a comment touches its discussion (that a search knows this order, too, is
//! not documented, but in use); so does much else, so that a page may hold nothing new and have news behind it. A query
//! costs some 15 of the 5,000 points that an account has for an hour. What goes wrong is told with 200 and in `errors`,
//! also beside what went well. By its documentation a token needs `public_repo` even to read what is public.

use std::cell::RefCell;
use std::collections::HashSet;
use std::time::Duration;

use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;

use super::{Github, HINT, Scope};
use crate::collect::pages::{Part, Question, json, list, missing, newest_known, no_address, walk};
use crate::collect::{Batch, CollectError, Round, credentials, markdown};
use crate::http::{Body, Page, Request};
use crate::mention::{Author, Mention, Timestamp};
use crate::text;
use crate::tongue::{Said, said};

const QUERIES: &str = include_str!("discussions.graphql");

/// A search has no more hits than these hold.
const MOST_PAGES: usize = 40;

/// GitHub asks for that where it does not say how long a limit holds.
const PAUSE: Duration = Duration::from_secs(60);

/// Of what GitHub says of a refusal, so many characters are shown.
const LONGEST_MESSAGE: usize = 300;

/// One round: what was touched since the last one.
///
/// # Errors
/// Where the first page cannot be had or read; [`CollectError::Refused`] where GitHub says why.
pub(super) async fn collect(
    kind: &Github,
    token: Option<SecretString>,
    round: &Round<'_>,
) -> Result<Batch, CollectError> {
    let name = format!("discussions {}", kind.name());
    let known = newest_known(round.cursor, &name);
    let url = kind.base.join("graphql").map_err(|_| no_address(HINT))?;
    let first = Request::new(url, "application/vnd.github+json", round.allow_private_network);
    let first = Request { body: Some(query(&kind.scope, None)), ..credentials::with_token(first, token) };
    let question = Question { name, first, most_pages: MOST_PAGES };
    let (scope, asked) = (kind.scope.clone(), RefCell::new(HashSet::new()));
    walk(question, round, move |page| {
        let (mut part, next) = read(page, &scope, known)?;
        // A cursor that comes again would lead in a circle.
        let next = next.filter(|next| asked.borrow_mut().insert(next.clone()));
        part.next_body = next.map(|next| query(&scope, Some(&next)));
        Ok(part)
    })
    .await
}

/// What is asked for the page that comes after a cursor.
fn query(scope: &Scope, after: Option<&str>) -> Body {
    let (operation, variables) = match scope {
        Scope::Search(search) => {
            let search = format!("{search} sort:updated-desc");
            ("search", serde_json::json!({ "search": search, "after": after }))
        }
        Scope::Repository { owner, name } => {
            ("repository", serde_json::json!({ "owner": owner, "name": name, "after": after }))
        }
    };
    let query = serde_json::json!({ "query": QUERIES, "operationName": operation, "variables": variables });
    Body::Json(query.to_string().into())
}

/// A page, and the cursor of the next one.
fn read(page: &Page, scope: &Scope, known: Option<Timestamp>) -> Result<(Part, Option<String>), CollectError> {
    let answer = json(page, HINT)?;
    let found = match scope {
        Scope::Search(_) => answer.pointer("/data/search"),
        Scope::Repository { .. } => answer.pointer("/data/repository/discussions"),
    };
    let errors = list(&answer, "/errors", HINT)?;
    let Some(found) = found.filter(|found| found.is_object()) else { return Err(refusal(errors, page.rest)) };
    let discussions = list(found, "/nodes", HINT)?;
    let mut part = Part { unread: errors.len(), ..Part::default() };
    for discussion in discussions {
        add(discussion, None, &mut part);
    }
    let touched = discussions.iter().filter_map(|discussion| discussion.get("updatedAt")?.as_str()).next_back();
    let touched = touched.and_then(Timestamp::parse_rfc3339);
    part.tells_nothing = known.is_some() && touched > known;
    let has_next = found.pointer("/pageInfo/hasNextPage") == Some(&Value::Bool(true));
    let next = found.pointer("/pageInfo/endCursor").and_then(Value::as_str).filter(|_| has_next);
    Ok((part, next.map(str::to_owned)))
}

/// Why there are no discussions in the answer.
fn refusal(errors: &[Value], rest: Option<Duration>) -> CollectError {
    let Some(error) = errors.first() else { return missing("discussions", HINT) };
    let word = |name: &str| error.get(name).and_then(Value::as_str).map(text::plain).unwrap_or_default();
    let (reason, message) = (word("type"), word("message").replace('\n', " "));
    let message: String = message.chars().take(LONGEST_MESSAGE).collect();
    let is_limit = matches!(reason.as_str(), "RATE_LIMITED" | "RATE_LIMIT");
    CollectError::Refused {
        message: Said {
            german: format!("GitHub lehnt ab ({}): {message}", if reason.is_empty() { "ohne Grund" } else { &reason }),
            english: format!("GitHub refuses ({}): {message}", if reason.is_empty() { "no reason" } else { &reason }),
        },
        hint: match reason.as_str() {
            "NOT_FOUND" => Some(said(
                "Prüfen Sie „repository“ und ob das Token es sehen darf",
                "check `repository`, and that the token may see it",
            )),
            "FORBIDDEN" | "INSUFFICIENT_SCOPES" => Some(said(
                "Geben Sie dem Token das Recht, Discussions zu lesen",
                "give the token the right to read discussions",
            )),
            _ if is_limit => Some(said(
                "Fragen Sie seltener: Die Grenze gilt für das ganze Konto",
                "ask less often: the limit is that of the account",
            )),
            _ => None,
        },
        retry_after: rest.or(is_limit.then_some(PAUSE)),
    }
}

/// Adds a discussion, a comment or a reply, and what stands below it: what is broken costs nothing else.
fn add(node: &Value, title: Option<&str>, part: &mut Part) {
    if node.is_null() {
        return; // One of `errors` is about it.
    }
    let title = title.or_else(|| node.get("title")?.as_str());
    match Text::deserialize(node) {
        Ok(text) if text.deleted_at.is_some() => part.removed.push(text.id),
        Ok(text) if text.is_minimized == Some(true) => {}
        Ok(text) => part.mentions.push(text.mention(title)),
        Err(_) => part.unread += 1,
    }
    let below = ["/comments/nodes", "/replies/nodes"].map(|pointer| node.pointer(pointer).and_then(Value::as_array));
    for node in below.into_iter().flatten().flatten() {
        add(node, title, part);
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Text {
    id: String,
    url: Option<String>,
    body: Option<String>,
    created_at: Timestamp,
    last_edited_at: Option<Timestamp>,
    author: Option<Writer>,
    /// Hidden by a moderator, as spam or off the topic.
    is_minimized: Option<bool>,
    deleted_at: Option<String>,
}

#[derive(Deserialize)]
struct Writer {
    #[serde(rename = "__typename")]
    kind: Option<String>,
    login: String,
    #[serde(rename = "databaseId")]
    id: Option<u64>,
}

impl Text {
    fn mention(self, title: Option<&str>) -> Mention {
        Mention {
            native_id: self.id,
            url: self.url,
            author: self.author.map(Writer::author),
            title: title.map(text::plain),
            text: self.body.map(|body| markdown::plain(&body)).unwrap_or_default(),
            published_at: Some(self.created_at),
            edited_at: self.last_edited_at,
            ..Mention::default()
        }
    }
}

impl Writer {
    /// Key and name are those that issues have.
    fn author(self) -> Author {
        let is_program = self.kind.as_deref() == Some("Bot") && !self.login.ends_with("[bot]");
        let name = if is_program { format!("{}[bot]", self.login) } else { self.login };
        Author { key: self.id.map_or_else(|| name.clone(), |id| id.to_string()), name }
    }
}

#[cfg(test)]
mod tests;
