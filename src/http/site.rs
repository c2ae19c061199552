//! A site on loopback whose every answer a test decides, byte by byte.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use url::Url;

/// What a request said.
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: String,
}

/// What the site does about it.
pub(crate) enum Reply {
    /// Sends these bytes and closes the connection.
    Bytes(Vec<u8>),
    /// Sends the first bytes, and then the second ones again and again until nobody listens.
    Endless(Vec<u8>, Vec<u8>),
    /// Sends these bytes and then nothing more, without closing.
    Stall(Vec<u8>),
}

/// Counts what happens, for the tests to look at.
#[derive(Default)]
pub(crate) struct Tally {
    asked: Mutex<Vec<String>>,
    open: AtomicUsize,
    most_open: AtomicUsize,
    arrived: Notify,
}

pub(crate) struct Site {
    base: Url,
    tally: Arc<Tally>,
}

impl Site {
    /// Serves until the test's runtime ends.
    pub(crate) async fn start(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        let tally = Arc::new(Tally::default());
        let (shared, answer) = (Arc::clone(&tally), Arc::new(answer));
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let (tally, answer) = (Arc::clone(&shared), Arc::clone(&answer));
                tokio::spawn(async move { serve(connection, &tally, &*answer).await });
            }
        });
        Self { base, tally }
    }

    pub(crate) fn url(&self, path: &str) -> Url {
        self.base.join(path).unwrap()
    }

    /// The paths that were asked for, in order.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.tally.asked.lock().unwrap().clone()
    }

    /// The largest number of requests that were open at one time.
    pub(crate) fn most_open(&self) -> usize {
        self.tally.most_open.load(Ordering::SeqCst)
    }

    /// Returns once another request has arrived.
    pub(crate) async fn arrival(&self) {
        self.tally.arrived.notified().await;
    }
}

/// A whole answer: status line, headers, length and body.
pub(crate) fn answer(status: &str, headers: &str, body: &[u8]) -> Reply {
    let mut bytes = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\n\r\n", body.len()).into_bytes();
    bytes.extend_from_slice(body);
    Reply::Bytes(bytes)
}

pub(crate) fn redirect(status: &str, location: &str) -> Reply {
    answer(status, &format!("Location: {location}\r\n"), b"")
}

async fn serve(mut connection: TcpStream, tally: &Tally, answer: &(impl Fn(&Asked) -> Reply + ?Sized)) {
    let Some(asked) = read(&mut connection).await else { return };
    let open = tally.open.fetch_add(1, Ordering::SeqCst) + 1;
    tally.most_open.fetch_max(open, Ordering::SeqCst);
    tally.asked.lock().unwrap().push(asked.path.clone());
    tally.arrived.notify_one();
    // Time for a second request to arrive, if there should be one that must not.
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    let reply = answer(&asked);
    tally.open.fetch_sub(1, Ordering::SeqCst);
    // Whoever asked may have hung up: that is what some tests are about.
    let _ = write(&mut connection, reply).await;
}

async fn write(connection: &mut TcpStream, reply: Reply) -> std::io::Result<()> {
    match reply {
        Reply::Bytes(bytes) => connection.write_all(&bytes).await?,
        Reply::Endless(first, again) => {
            connection.write_all(&first).await?;
            loop {
                connection.write_all(&again).await?;
            }
        }
        Reply::Stall(bytes) => {
            connection.write_all(&bytes).await?;
            std::future::pending::<()>().await;
        }
    }
    connection.shutdown().await
}

async fn read(connection: &mut TcpStream) -> Option<Asked> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(connection.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).ok()?;
    let mut lines = head.lines();
    let (method, rest) = lines.next()?.split_once(' ')?;
    let path = rest.split(' ').next()?.to_owned();
    let headers: HashMap<String, String> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    connection.read_exact(&mut body).await.ok()?;
    let (method, body) = (method.to_owned(), String::from_utf8_lossy(&body).into_owned());
    Some(Asked { method, path, headers, body })
}
