//! What a page says when it cannot be shown.

use askama::Template;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};

use super::visitor::{Scheme, Visitor};
use super::{Frame, Section, Site};
use crate::store::StoreError;

/// Why there is no page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageError {
    /// There is nothing at this address.
    NotFound,
    /// What was sent cannot be used; what is wrong with it, in German and in English.
    Wrong(String, String),
    /// It was sent by another site, or asked for under a foreign name.
    Foreign,
    /// The database does not answer, or a page cannot be written.
    Broken,
}

impl From<StoreError> for PageError {
    fn from(error: StoreError) -> Self {
        tracing::error!(error = crate::service::chain(&error), hint = error.hint(), "a page cannot be shown");
        Self::Broken
    }
}

impl From<askama::Error> for PageError {
    fn from(error: askama::Error) -> Self {
        tracing::error!(%error, "a page cannot be written");
        Self::Broken
    }
}

impl PageError {
    const fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Wrong(..) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Foreign => StatusCode::FORBIDDEN,
            Self::Broken => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn headline(&self, frame: &Frame) -> &'static str {
        match self {
            Self::NotFound => frame.say("Hier ist nichts", "Nothing here"),
            Self::Wrong(..) => frame.say("Das ging nicht", "That did not work"),
            Self::Foreign => frame.say("Von hier nicht erlaubt", "Not allowed from here"),
            Self::Broken => frame.say("Gerade nicht zu haben", "Not available right now"),
        }
    }

    fn advice<'a>(&'a self, frame: &Frame) -> &'a str {
        match self {
            Self::NotFound => frame.say(
                "Was hier stand, wurde gelöscht oder hat eine andere Adresse.",
                "What was here has been deleted, or has another address.",
            ),
            Self::Wrong(german, english) => frame.say(german, english),
            Self::Foreign => frame.say(
                "Die Anfrage kam nicht von einer Seite dieses Dienstes. Läuft er hinter einem Proxy, gehört seine Adresse als public_url in sources.toml.",
                "The request did not come from a page of this service. If it runs behind a proxy, its address belongs into sources.toml as public_url.",
            ),
            Self::Broken => frame.say(
                "Die Datenbank antwortet nicht. Das Protokoll des Dienstes sagt, warum; versuchen Sie es gleich noch einmal.",
                "The database does not answer. The service's log says why; please try again in a moment.",
            ),
        }
    }
}

/// Until [`dress`] knows who looks at it, an answer without a page.
impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[derive(Template)]
#[template(path = "web/error.html")]
struct Page {
    frame: Frame,
    error: PageError,
}

pub(super) async fn nothing_here() -> PageError {
    PageError::NotFound
}

/// Gives errors a page in the language of whoever looks at it.
pub(super) async fn dress(State(site): State<Site>, visitor: Visitor, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let Some(error) = response.extensions().get::<PageError>().cloned() else { return response };
    let mut frame = Frame::new(&site, &visitor, Section::Other, "");
    error.headline(&frame).clone_into(&mut frame.title);
    let status = error.status();
    (status, Html(Page { frame, error }.render().unwrap_or_default())).into_response()
}
