//! `/survey/{token}`: one question to somebody who was helped, for whom this is all that there is of us.
//!
//! Nobody logs in here and no cookie is read or set; whoever has the link may answer, once. Looking at the page changes nothing,
//! because mail scanners follow every link. A link that we did not make is not told from one whose case is gone.

use askama::Template;
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use serde::Deserialize;

use super::unsubscribe::HEADERS;
use super::{Site, frame};
use crate::cause::chain;
use crate::mention::Timestamp;
use crate::outreach::survey::{LONGEST_COMMENT, QUESTION, Score, comment};
use crate::service::now;
use crate::store::StoreError;
use crate::store::outreach::Survey;
use crate::tongue::Tongue;

/// Whoever sends more has not filled in this form: a comment of the longest, each character of it three times four bytes.
const LARGEST_FORM: usize = 32 * 1024;

#[derive(Template)]
#[template(path = "web/survey.html")]
struct Page {
    tongue: Tongue,
    brand: String,
    shown: Shown,
}

/// What the page has to say.
enum Shown {
    /// The question; with what was typed where no answer was chosen.
    Question { comment: Option<String> },
    /// It is answered.
    Thanks,
}

/// The link opens nothing: said in both languages, as nobody knows who reads it.
#[derive(Template)]
#[template(path = "web/survey/closed.html")]
struct Closed {
    /// Whether it was one of ours.
    is_over: bool,
}

/// What somebody sends; nothing of it has to be there.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    score: String,
    comment: String,
}

/// For what somebody sends.
pub(super) fn limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(LARGEST_FORM)
}

pub(super) async fn page(State(site): State<Site>, Path(token): Path<String>) -> Response {
    set(ask(&site, &token, now()).await)
}

pub(super) async fn answer(
    State(site): State<Site>,
    Path(token): Path<String>,
    sent: Result<Form<Sent>, FormRejection>,
) -> Response {
    // Whoever sends something else is asked again.
    let sent = sent.map(|Form(sent)| sent).unwrap_or_default();
    set(keep(&site, &token, &sent, now()).await)
}

/// A page with the status that goes with it.
type Answer = Result<(StatusCode, String), StoreError>;

async fn ask(site: &Site, token: &str, now: Timestamp) -> Answer {
    let found = find(site, token, now).await?;
    Ok(match found {
        Found::Survey(survey, brand) => {
            let is_answered = survey.answered_at.is_some();
            let shown = if is_answered { Shown::Thanks } else { Shown::Question { comment: None } };
            (StatusCode::OK, written(&survey, brand, shown))
        }
        Found::Nothing { is_over } => closed(is_over),
    })
}

async fn keep(site: &Site, token: &str, sent: &Sent, now: Timestamp) -> Answer {
    let (survey, brand) = match find(site, token, now).await? {
        Found::Survey(survey, brand) => (survey, brand),
        Found::Nothing { is_over } => return Ok(closed(is_over)),
    };
    let comment = comment(&sent.comment);
    let score = sent.score.parse().ok().and_then(Score::new);
    Ok(match score {
        // What was answered before stays as it is.
        _ if survey.answered_at.is_some() => (StatusCode::OK, written(&survey, brand, Shown::Thanks)),
        None => {
            let asked_again = Shown::Question { comment: Some(comment.unwrap_or_default()) };
            (StatusCode::UNPROCESSABLE_ENTITY, written(&survey, brand, asked_again))
        }
        Some(score) => {
            site.service.rate(survey.id, score, comment.as_deref(), now).await?;
            (StatusCode::OK, written(&survey, brand, Shown::Thanks))
        }
    })
}

/// What a link leads to.
enum Found {
    /// A survey, which is open or was answered, and whom it is about.
    Survey(Survey, String),
    /// Nothing; whether there was something once.
    Nothing { is_over: bool },
}

async fn find(site: &Site, token: &str, now: Timestamp) -> Result<Found, StoreError> {
    let (service, over) = (&site.service, Found::Nothing { is_over: true });
    let Some(ticket) = service.ticket(token).await? else { return Ok(Found::Nothing { is_over: false }) };
    if ticket.expires_at <= now {
        return Ok(over);
    }
    let Some(survey) = service.store.survey(ticket.survey).await? else { return Ok(over) };
    let Some(case) = service.store.case(survey.case).await? else { return Ok(over) };
    Ok(Found::Survey(survey, case.brand))
}

fn written(survey: &Survey, brand: String, shown: Shown) -> String {
    // A page that cannot be written is empty.
    Page { tongue: Tongue::of(survey.language), brand, shown }.render().unwrap_or_default()
}

fn closed(is_over: bool) -> (StatusCode, String) {
    let status = if is_over { StatusCode::GONE } else { StatusCode::NOT_FOUND };
    (status, Closed { is_over }.render().unwrap_or_default())
}

fn set(answer: Answer) -> Response {
    match answer {
        Ok((status, page)) => (status, HEADERS, Html(page)).into_response(),
        Err(error) => {
            tracing::error!(error = chain(&error), hint = error.hint(), "nobody can answer a survey");
            (StatusCode::SERVICE_UNAVAILABLE, HEADERS).into_response()
        }
    }
}

impl Page {
    fn say(&self, german: &'static str, english: &'static str) -> &'static str {
        frame::say(self.tongue, german, english)
    }

    fn question(&self) -> &'static str {
        QUESTION.to(self.tongue)
    }

    fn choices(&self) -> [(u8, String); 5] {
        Score::ALL.map(|score| (score.number(), score.words().to(self.tongue).to_owned()))
    }

    fn longest_comment(&self) -> usize {
        LONGEST_COMMENT
    }
}

#[cfg(test)]
pub(super) mod tests;
