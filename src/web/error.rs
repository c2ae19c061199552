//! What a page says when it cannot be shown.

use askama::Template;
use axum::extract::{Request, State};
use axum::http::{HeaderName, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{AppendHeaders, Html, IntoResponse, Redirect, Response};

use super::visitor::{Right, Scheme, Visitor};
use super::{Frame, Section, Site, login, session};
use crate::alert::format::Tongue;
use crate::store::StoreError;

/// Why there is no page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageError {
    /// There is nothing at this address.
    NotFound,
    /// What was sent cannot be used; what is wrong with it, in German and in English.
    Wrong(String, String),
    /// It was sent by another site.
    Foreign,
    /// It was asked for under a name that is not ours.
    ForeignName,
    /// Nobody knows who asks.
    LogIn,
    /// Who asks may not do this.
    NotAllowed(Right),
    /// It is for people at a browser, not for programs.
    OnlyPeople,
    /// A link to choose a password does not hold any more.
    LinkOver,
    /// It was tried too often; so many seconds have to pass first.
    TooOften(i64),
    /// The database does not answer, or a page cannot be written.
    Broken,
}

impl From<StoreError> for PageError {
    fn from(error: StoreError) -> Self {
        tracing::error!(error = crate::cause::chain(&error), hint = error.hint(), "a page cannot be shown");
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
            Self::Foreign | Self::ForeignName | Self::NotAllowed(_) | Self::OnlyPeople => StatusCode::FORBIDDEN,
            Self::LogIn => StatusCode::UNAUTHORIZED,
            Self::LinkOver => StatusCode::GONE,
            Self::TooOften(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Broken => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// What a program has to know beside the status (RFC 6750, RFC 9110).
    fn header(&self) -> Option<(HeaderName, String)> {
        match self {
            Self::LogIn => Some((header::WWW_AUTHENTICATE, "Bearer realm=\"stimmung\"".to_owned())),
            Self::NotAllowed(right) => {
                let scope = right.name();
                let challenge = format!("Bearer realm=\"stimmung\", error=\"insufficient_scope\", scope=\"{scope}\"");
                Some((header::WWW_AUTHENTICATE, challenge))
            }
            Self::TooOften(seconds) => Some((header::RETRY_AFTER, seconds.to_string())),
            _ => None,
        }
    }

    fn headline(&self, frame: &Frame) -> &'static str {
        match self {
            Self::NotFound => frame.say("Hier ist nichts", "Nothing here"),
            Self::Wrong(..) => frame.say("Das ging nicht", "That did not work"),
            Self::Foreign | Self::ForeignName => frame.say("Von hier nicht erlaubt", "Not allowed from here"),
            Self::LogIn => frame.say("Bitte anmelden", "Please log in"),
            Self::NotAllowed(_) => frame.say("Dafür fehlt Ihnen die Berechtigung", "You are not allowed to do this"),
            Self::OnlyPeople => frame.say("Nur im Browser", "Only in a browser"),
            Self::LinkOver => frame.say("Dieser Link gilt nicht mehr", "This link does not hold any more"),
            Self::TooOften(_) => frame.say("Zu viele Versuche", "Too many attempts"),
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
                "Die Anfrage kam nicht von einer Seite dieses Dienstes.",
                "The request did not come from a page of this service.",
            ),
            Self::ForeignName => frame.say(
                "Unter diesem Namen ist der Dienst nicht bekannt. Ist es seiner, gehört er in sources.toml unter \
                 [service] als public_url.",
                "The service does not know this name. If it is its own, it belongs into sources.toml under [service], \
                 as public_url.",
            ),
            Self::LogIn => frame.say(
                "Dazu müssen Sie angemeldet sein; Programme weisen sich mit einem Token aus.",
                "You have to be logged in for this; programs bring a token.",
            ),
            Self::NotAllowed(right) => match right {
                Right::Read => frame.say(
                    "Dazu ist mindestens die Rolle „Lesen“ nötig.",
                    "This takes at least the role “reader”.",
                ),
                Right::Change => frame.say(
                    "Dazu ist mindestens die Rolle „Bearbeiten“ nötig. Wer Konten verwaltet, kann sie Ihnen geben.",
                    "This takes at least the role “agent”. Whoever administers accounts can give it to you.",
                ),
                Right::Administer => frame.say(
                    "Dazu ist die Rolle „Verwalten“ nötig. Wer Konten verwaltet, kann sie Ihnen geben.",
                    "This takes the role “admin”. Whoever administers accounts can give it to you.",
                ),
            },
            Self::OnlyPeople => frame.say(
                "Zugänge und das eigene Konto ändert nur, wer sich mit dem Browser anmeldet, kein Programm mit einem \
                 Token.",
                "Access and one’s own account are changed by whoever logs in with a browser, not by a program with a \
                 token.",
            ),
            Self::LinkOver => frame.say(
                "Er wurde schon benutzt, durch einen neuen ersetzt oder ist älter als sieben Tage. Wer Konten \
                 verwaltet, kann Ihnen einen neuen geben.",
                "It was used already, replaced by a new one, or is older than seven days. Whoever administers accounts \
                 can give you a new one.",
            ),
            Self::TooOften(_) => frame.say(
                "Bitte warten Sie einen Augenblick und versuchen Sie es dann noch einmal.",
                "Please wait for a moment and then try again.",
            ),
            Self::Broken => frame.say(
                "Die Datenbank antwortet nicht. Das Protokoll des Dienstes sagt, warum; versuchen Sie es gleich noch einmal.",
                "The database does not answer. The service's log says why; please try again in a moment.",
            ),
        }
    }
}

/// Until `dress` knows who looks at it, an answer without a page.
impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let mut response = (self.status(), AppendHeaders(self.header())).into_response();
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

/// Gives errors a page in the language of whoever looks at it, leads strangers to the log-in, and tells programs in
/// JSON.
pub(super) async fn dress(State(site): State<Site>, visitor: Visitor, request: Request, next: Next) -> Response {
    let is_program = request.uri().path().starts_with("/api/") || session::bearer(request.headers()).is_some();
    let back = back(&request);
    let response = next.run(request).await;
    let Some(error) = response.extensions().get::<PageError>().cloned() else { return response };
    if error == PageError::LogIn && !is_program {
        return Redirect::to(&login::address(&back)).into_response();
    }
    let tongue = if is_program { Tongue::English } else { visitor.tongue };
    let mut frame = Frame::new(&site, &Visitor { tongue, ..visitor }, Section::Other, "");
    error.headline(&frame).clone_into(&mut frame.title);
    if is_program {
        return problem(&error, &frame);
    }
    let (status, header) = (error.status(), AppendHeaders(error.header()));
    (status, header, Html(Page { frame, error }.render().unwrap_or_default())).into_response()
}

/// Where to go once somebody has logged in: the page they asked for, or the one that they sent something from.
fn back(request: &Request) -> String {
    if *request.method() == Method::GET {
        return request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
    }
    let from = request.headers().get(header::REFERER).and_then(|from| from.to_str().ok());
    let from = from.and_then(|from| url::Url::parse(from).ok());
    from.map_or_else(|| "/".to_owned(), |from| from[url::Position::BeforePath..url::Position::AfterQuery].to_owned())
}

/// The same for a program (RFC 9457).
fn problem(error: &PageError, frame: &Frame) -> Response {
    let body = serde_json::json!({
        "title": error.headline(frame), "status": error.status().as_u16(), "detail": error.advice(frame),
    });
    let kind = [(header::CONTENT_TYPE, "application/problem+json")];
    (error.status(), AppendHeaders(error.header()), kind, body.to_string()).into_response()
}
