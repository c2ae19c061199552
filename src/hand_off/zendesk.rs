//! Zendesk Support, through its Ticketing API (v2).
//!
//! A ticket is looked for by its external id before it is made, and made with an idempotency key, which Zendesk remembers for
//! two hours: so it is made once, whether the answer was lost a minute ago or a week. Comments have no ids of ours; each of
//! them ends with its key, and is looked for there before it is written.

use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;

use super::exchange::{Question, ask, header, json as body_of, refusal, unreadable};
use super::{Comment, DeskError, Line, Note, Remote, Standing, Told, cut};
use crate::http::{Body, Called, Header, Method};
use crate::outreach::Severity;
use crate::secret::SecretPlace;
use crate::text;

const SYSTEM: &str = "Zendesk";

pub(super) const SECRET: &str = "hand_off.zendesk.token";

/// As much as a subject and a comment may have.
const LONGEST_SUBJECT: usize = 150;
const LONGEST_COMMENT: usize = 60_000;

/// So many of the newest comments are read.
const MOST_COMMENTS: &str = "100";

/// An account of Zendesk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zendesk {
    /// `https://example.zendesk.com/`
    pub url: Url,
    /// The mail address of the agent in whose name it is.
    pub user: String,
    /// An API token of theirs.
    pub token: SecretPlace,
    /// A mail address at which nobody reads: each person becomes a user with an address of their own below it, as in
    /// `reviews+272f5d4a@example.org`. `None`: all tickets are the agent's.
    pub requester: Option<String>,
}

impl Zendesk {
    pub(super) async fn open(&self, told: &Told, line: &Line<'_>) -> Result<Remote, DeskError> {
        if let Some(id) = self.find(&told.key, line).await? {
            return self.read(&id, line).await;
        }
        let once = header("idempotency-key", &told.key);
        let made = self.send(Method::Post, "tickets.json", &[], vec![once], Some(&self.ticket(told)), line).await?;
        if !(200..300).contains(&made.status) {
            return Err(refused(&made));
        }
        let id = body_of(&made).pointer("/ticket/id").and_then(Value::as_i64).ok_or_else(|| unreadable(SYSTEM))?;
        Ok(self.remote(id.to_string(), Standing::Open, Vec::new(), Vec::new()))
    }

    pub(super) async fn read(&self, id: &str, line: &Line<'_>) -> Result<Remote, DeskError> {
        let called = self.send(Method::Get, &format!("tickets/{id}.json"), &[], Vec::new(), None, line).await?;
        let standing = match (called.status, body_of(&called).pointer("/ticket/status").and_then(Value::as_str)) {
            (404, _) => return Ok(self.remote(id.to_owned(), Standing::Gone, Vec::new(), Vec::new())),
            (200, Some("solved" | "closed")) => Standing::Solved,
            (200, Some(_)) => Standing::Open,
            (200, None) => return Err(unreadable(SYSTEM)),
            _ => return Err(refused(&called)),
        };
        let (comments, noted) = self.comments(id, line).await?;
        Ok(self.remote(id.to_owned(), standing, comments, noted))
    }

    pub(super) async fn note(&self, id: &str, note: &Note, line: &Line<'_>) -> Result<(), DeskError> {
        let words = cut(&format!("{}\n\n{}", note.title, note.text), LONGEST_COMMENT);
        let comment = json!({ "body": format!("{words}\n\n{}", mark(&note.key)), "public": false });
        let body = json!({ "ticket": { "comment": comment } });
        let called = self.send(Method::Put, &format!("tickets/{id}.json"), &[], Vec::new(), Some(&body), line).await?;
        if called.status == 200 { Ok(()) } else { Err(refused(&called)) }
    }

    fn ticket(&self, told: &Told) -> Value {
        let priority = match told.severity {
            Severity::Low => "low",
            Severity::Normal => "normal",
            Severity::High => "high",
            Severity::Urgent => "urgent",
        };
        let mut ticket = json!({
            "subject": cut(&told.title, LONGEST_SUBJECT),
            "comment": { "body": told.description(LONGEST_COMMENT), "public": false },
            "external_id": told.key,
            "tags": told.tags,
            "priority": priority,
            "type": if told.is_question { "question" } else { "problem" },
        });
        if let (Some((name, host)), Some(person)) =
            (self.requester.as_deref().and_then(|address| address.split_once('@')), &told.person)
        {
            // Without the source's name: there is room for 64 characters before the `@`.
            let own = person.key.rsplit('.').next().unwrap_or_default();
            ticket["requester"] =
                json!({ "name": cut(&person.name, LONGEST_SUBJECT), "email": format!("{name}+{own}@{host}") });
        }
        json!({ "ticket": ticket })
    }

    /// The ticket with this external id, the first that was made.
    async fn find(&self, key: &str, line: &Line<'_>) -> Result<Option<String>, DeskError> {
        let called = self.send(Method::Get, "tickets.json", &[("external_id", key)], Vec::new(), None, line).await?;
        if called.status != 200 {
            return Err(refused(&called));
        }
        let found = body_of(&called);
        let tickets = found.get("tickets").and_then(Value::as_array).ok_or_else(|| unreadable(SYSTEM))?;
        Ok(tickets.iter().filter_map(|ticket| ticket.get("id")?.as_i64()).min().map(|id| id.to_string()))
    }

    /// What others wrote, the first first, and the keys of what we did.
    async fn comments(&self, id: &str, line: &Line<'_>) -> Result<(Vec<Comment>, Vec<String>), DeskError> {
        let query = [("include", "users"), ("page[size]", MOST_COMMENTS), ("sort", "-created_at")];
        let called =
            self.send(Method::Get, &format!("tickets/{id}/comments.json"), &query, Vec::new(), None, line).await?;
        if called.status != 200 {
            return Err(refused(&called));
        }
        let found = body_of(&called);
        let list = |name: &str| found.get(name).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let name = |id: i64| {
            let user = list("users").iter().find(|user| user.get("id").and_then(Value::as_i64) == Some(id))?;
            user.get("name")?.as_str().map(text::plain)
        };
        let (mut comments, mut noted) = (Vec::new(), Vec::new());
        for comment in list("comments").iter().rev() {
            let (Some(id), Some(words)) =
                (comment.get("id").and_then(Value::as_i64), comment.get("plain_body").or(comment.get("body")))
            else {
                continue;
            };
            let words = words.as_str().unwrap_or_default().trim();
            if let Some(key) = marked(words) {
                noted.push(key.to_owned());
                continue;
            }
            let who = comment.get("author_id").and_then(Value::as_i64).and_then(name);
            comments.push(Comment { id: id.to_string(), who, text: text::plain(words) });
        }
        Ok((comments, noted))
    }

    fn remote(&self, id: String, standing: Standing, comments: Vec<Comment>, noted: Vec<String>) -> Remote {
        let url = self.url.join(&format!("/agent/tickets/{id}")).ok().map(String::from);
        Remote { number: Some(format!("#{id}")), url, id, standing, comments, noted: Some(noted) }
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        more: Vec<Header>,
        body: Option<&Value>,
        line: &Line<'_>,
    ) -> Result<Called, DeskError> {
        let mut url = self.url.join(&format!("/api/v2/{path}")).map_err(|_| unreadable(SYSTEM))?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let token: SecretString = self.token.read(SECRET)?.unwrap_or_default();
        let mut headers =
            vec![Header::basic(&format!("{}/token", self.user), &token), header("accept", "application/json")];
        headers.extend(more);
        let body = body.map(|body| Body::Json(body.to_string().into()));
        ask(SYSTEM, Question { method, url: &url, headers, body, key: None }, line).await
    }
}

/// The end of what we write, by which it is known again.
fn mark(key: &str) -> String {
    format!("[stimmung {key}]")
}

fn marked(words: &str) -> Option<&str> {
    let (_, last) = words.rsplit_once("[stimmung ")?;
    last.strip_suffix(']').filter(|key| !key.contains(char::is_whitespace))
}

/// `{ "error": "RecordInvalid", "description": "…" }`, or `{ "error": { "title", "message" } }`.
fn refused(called: &Called) -> DeskError {
    let said = body_of(called);
    let word = |pointer: &str| said.pointer(pointer).and_then(Value::as_str);
    refusal(SYSTEM, called, word("/description").or(word("/error/message")).or(word("/error")))
}
