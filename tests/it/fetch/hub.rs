//! A server of models: a list of files with sizes and hashes, addresses that redirect to a store, and ranges.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Json, Router};
use futures_util::{StreamExt as _, stream};
use serde_json::json;

/// 10,000 bytes, and their SHA-256.
pub(super) const WEIGHTS: &[u8] = &{
    let mut bytes = [0; 10_000];
    let mut at = 0;
    while at < bytes.len() {
        bytes[at] = (at * at / 7 % 251) as u8;
        at += 1;
    }
    bytes
};
const SHA256: &str = "149c999d35644f41b69f4fee1163765a035a7d09816f03e4766f5f5eef11ecdf";
const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

struct Shared {
    /// The file and the first byte of each answer.
    sent: Mutex<Vec<(String, u64)>>,
    /// Every connection breaks after so many bytes of a body.
    breaks_after: AtomicUsize,
    /// So much larger than it is each file is listed.
    lists_more: AtomicU64,
}

pub(super) struct Hub {
    address: String,
    shared: Arc<Shared>,
}

impl Hub {
    pub(super) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let shared = Arc::new(Shared {
            sent: Mutex::default(),
            breaks_after: AtomicUsize::new(usize::MAX),
            lists_more: AtomicU64::new(0),
        });
        let app = Router::new()
            .route("/mirror/api/models/some-owner/{name}/revision/{revision}", get(list))
            .route("/mirror/some-owner/some-model/resolve/{commit}/{file}", get(resolve))
            .route("/store/{file}", get(send))
            .with_state(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { address, shared }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/mirror/", self.address)
    }

    /// Where each answer with a file began.
    pub(super) fn sent(&self, file: &str) -> Vec<u64> {
        let sent = self.shared.sent.lock().unwrap();
        sent.iter().filter(|(name, _)| name == file).map(|&(_, start)| start).collect()
    }

    pub(super) fn breaks_after(&self, bytes: usize) {
        self.shared.breaks_after.store(bytes, Ordering::SeqCst);
    }

    pub(super) fn lists_more(&self, bytes: u64) {
        self.shared.lists_more.store(bytes, Ordering::SeqCst);
    }
}

fn content(file: &str) -> &'static [u8] {
    match file {
        "model.safetensors" => WEIGHTS,
        "config.json" => b"{}",
        _ => b"{ \"version\": \"1.0\" }",
    }
}

async fn list(State(shared): State<Arc<Shared>>, Path((name, revision)): Path<(String, String)>) -> Response {
    if revision != "main" || name == "none" {
        return StatusCode::NOT_FOUND.into_response();
    }
    let more = shared.lists_more.load(Ordering::SeqCst);
    let weights = if name == "pickled" { "pytorch_model.bin" } else { "model.safetensors" };
    let entry = |file: &str| json!({"rfilename": file, "size": content(file).len() as u64 + more, "blobId": "1"});
    let mut large = entry("model.safetensors");
    large["rfilename"] = weights.into();
    large["lfs"] = json!({"sha256": SHA256, "size": large["size"], "pointerSize": 134});
    let siblings = [entry(".gitattributes"), entry("config.json"), large, entry("tokenizer.json")];
    Json(json!({"id": format!("some-owner/{name}"), "sha": COMMIT, "siblings": siblings})).into_response()
}

async fn resolve(Path((commit, file)): Path<(String, String)>) -> Response {
    if commit == COMMIT {
        Redirect::temporary(&format!("/store/{file}?signature=secret")).into_response()
    } else {
        StatusCode::NOT_FOUND.into_response()
    }
}

async fn send(State(shared): State<Arc<Shared>>, Path(file): Path<String>, headers: HeaderMap) -> Response {
    let whole = content(&file);
    let range = headers.get(header::RANGE).map(|range| range.to_str().unwrap().to_owned());
    let start: usize = range.as_deref().map_or(0, |range| range["bytes=".len()..range.len() - 1].parse().unwrap());
    shared.sent.lock().unwrap().push((file, start as u64));
    let rest = &whole[start..];
    let end = rest.len().min(shared.breaks_after.load(Ordering::SeqCst));
    // After a pause, or what was sent before would be lost with the line.
    let broken = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        Err("the line broke")
    };
    let broken = stream::iter((end < rest.len()).then_some(broken)).then(|broken| broken);
    let pieces = stream::iter([Ok(Bytes::from_static(&rest[..end]))]).chain(broken);
    let status = if range.is_some() { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK };
    let place = format!("bytes {start}-{}/{}", whole.len() - 1, whole.len());
    let length = rest.len().to_string();
    (status, [(header::CONTENT_RANGE, place), (header::CONTENT_LENGTH, length)], Body::from_stream(pieces))
        .into_response()
}
