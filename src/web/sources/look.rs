//! `POST /sources/{id}/look`: what a source shows at this moment, of which nothing may be kept; not by the browser either.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use super::grade;
use crate::account::Action;
use crate::alert::quote::web_address;
use crate::collect::{CollectError, Look};
use crate::mention::Mention;
use crate::service::now;
use crate::web::mentions::card::stars;
use crate::web::visitor::{Right, Scheme, Visitor};
use crate::web::{Frame, PageError, Section, Site};

#[derive(Template)]
#[template(path = "web/sources/look.html")]
struct Page {
    frame: Frame,
    id: String,
    at: String,
    shown: Shown,
}

enum Shown {
    Profile(Profile),
    /// Why it shows nothing, and what to do about it.
    Nothing(String, Option<String>),
}

struct Profile {
    name: Option<String>,
    url: Option<String>,
    grade: Option<String>,
    reviews: Vec<Review>,
    unread: usize,
    credit: &'static str,
    chosen: String,
}

struct Review {
    stars: Option<(String, String)>,
    author: Option<String>,
    author_url: Option<String>,
    at: Option<(String, String)>,
    language: Option<String>,
    text: String,
    url: Option<String>,
}

pub(super) async fn page(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    visitor.may(Right::Change)?;
    let source = site.service.source(&id).filter(|source| source.kind.is_only_shown()).ok_or(PageError::NotFound)?;
    // Whoever looks sees names.
    site.record(&visitor, Action::Look, format!("source {id}"), "").await?;
    let frame = Frame::new(&site, &visitor, Section::Sources, &id);
    let now = now();
    let (status, shown) = match site.service.look(&source, now).await {
        Ok(look) => (StatusCode::OK, Shown::Profile(Profile::new(&frame, look))),
        Err(error) => (StatusCode::BAD_GATEWAY, Shown::trouble(&frame, &error)),
    };
    let page = Page { at: frame.format().moment(now), id, shown, frame };
    Ok((status, [(header::CACHE_CONTROL, "no-store")], Html(page.render()?)).into_response())
}

impl Shown {
    fn trouble(frame: &Frame, error: &CollectError) -> Self {
        let hint = error.hint().map(|hint| frame.tell(&hint).to_owned());
        Self::Nothing(frame.tell(&error.words()).to_owned(), hint)
    }
}

impl Profile {
    fn new(frame: &Frame, look: Look) -> Self {
        Self {
            name: look.name,
            url: look.url.as_deref().and_then(web_address),
            grade: look.grade.map(|it| grade(frame, it)),
            reviews: look.mentions.into_iter().map(|mention| Review::new(frame, mention)).collect(),
            unread: look.unread,
            credit: look.credit,
            chosen: frame.tell(&look.chosen).to_owned(),
        }
    }
}

impl Review {
    fn new(frame: &Frame, mention: Mention) -> Self {
        Self {
            stars: mention.rating.map(|rating| stars(rating, frame)),
            author_url: mention.author.as_ref().and_then(|author| web_address(&author.key)),
            author: mention.author.map(|author| author.name),
            at: mention.published_at.map(|at| (frame.format().moment(at), at.to_string())),
            language: mention.language_hint.map(|language| language.code().to_owned()),
            text: mention.text,
            url: mention.url.as_deref().and_then(web_address),
        }
    }
}
