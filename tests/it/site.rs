//! A web site on loopback that answers as it is told to, and remembers what it was asked.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use tokio::sync::Notify;

/// What a path answers.
#[derive(Clone)]
pub(crate) enum Answer {
    /// 200 with an `ETag`; 304 to whom has it already.
    Feed(String),
    /// Any status, with `Retry-After: 3600`.
    Status(u16),
    /// 200 with this content type.
    Page(&'static str, String),
    /// 301 to another path.
    Moved(&'static str),
    /// The connection is taken and nothing is said.
    Stalled,
    /// A body without end.
    Endless,
    /// The connection breaks in the middle of the body.
    Broken,
}

struct Shared {
    answers: Mutex<HashMap<String, Answer>>,
    seen: Mutex<Vec<Seen>>,
    arrived: Notify,
}

/// A request.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// The site; it is gone with the runtime.
#[derive(Clone)]
pub(crate) struct Site {
    host: String,
    shared: Arc<Shared>,
}

impl Site {
    /// Starts on a free port.
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let shared = Arc::new(Shared { answers: Mutex::default(), seen: Mutex::default(), arrived: Notify::new() });
        let app = Router::new().fallback(answer).with_state(shared.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { host, shared }
    }

    /// Sets what a path answers from now on; returns its address.
    pub(crate) fn on(&self, path: &str, answer: Answer) -> String {
        self.shared.answers.lock().unwrap().insert(path.to_owned(), answer);
        format!("http://{}{path}", self.host)
    }

    /// The requests for a path so far.
    pub(crate) fn seen(&self, path: &str) -> Vec<Seen> {
        self.shared.seen.lock().unwrap().iter().filter(|seen| seen.path == path).cloned().collect()
    }

    /// Waits until there were that many requests in all.
    pub(crate) async fn requests(&self, count: usize) {
        loop {
            let arrived = self.shared.arrived.notified();
            if self.shared.seen.lock().unwrap().len() >= count {
                return;
            }
            arrived.await;
        }
    }

    /// `127.0.0.1:PORT`, for snapshots to hide.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let headers = request.headers().clone();
    let body = axum::body::to_bytes(request.into_body(), 1 << 20).await.unwrap();
    shared.seen.lock().unwrap().push(Seen { path: path.clone(), headers: headers.clone(), body });
    shared.arrived.notify_waiters();
    let answer = shared.answers.lock().unwrap().get(&path).cloned();
    match answer {
        None => StatusCode::NOT_FOUND.into_response(),
        Some(Answer::Feed(body)) => feed(body, &headers),
        Some(Answer::Status(status)) => {
            (StatusCode::from_u16(status).unwrap(), [(header::RETRY_AFTER, "3600")]).into_response()
        }
        Some(Answer::Page(kind, body)) => ([(header::CONTENT_TYPE, kind)], body).into_response(),
        Some(Answer::Moved(to)) => (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, to)]).into_response(),
        Some(Answer::Stalled) => std::future::pending().await,
        Some(Answer::Endless) => {
            let chunks = stream::repeat_with(|| Ok::<_, Infallible>(Bytes::from(vec![b' '; 1 << 16])));
            ([(header::CONTENT_TYPE, "application/rss+xml")], Body::from_stream(chunks)).into_response()
        }
        Some(Answer::Broken) => {
            let chunks = stream::iter([Ok(Bytes::from("<rss version=\"2.0\"><channel>")), Err("the line broke")]);
            ([(header::CONTENT_TYPE, "application/rss+xml")], Body::from_stream(chunks)).into_response()
        }
    }
}

fn feed(body: String, headers: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", body.len());
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    ([(header::CONTENT_TYPE, "application/rss+xml"), (header::ETAG, &tag)], body).into_response()
}

/// An RSS feed of these items: id and text.
pub(crate) fn rss<'a>(items: impl IntoIterator<Item = (String, &'a str)>) -> String {
    let items: String = items
        .into_iter()
        .map(|(id, text)| {
            format!(
                "<item><guid isPermaLink=\"false\">{id}</guid><title>Hellbahn {id}</title><description>{text}</description>\
                 <pubDate>Mon, 02 Nov 2026 08:00:00 +0100</pubDate></item>\n"
            )
        })
        .collect();
    format!("<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel><title>t</title>\n{items}</channel></rss>\n")
}
