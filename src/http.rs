//! The one way out to the internet, and the only user of reqwest: user agent, limits, conditional requests, `Retry-After`,
//! robots.txt, one request at a time and a minimum gap for each host, a budget for each key, no private networks.
//!
//! Proxies are taken from the usual variables (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`). Behind one, names are
//! resolved by the proxy, so that it and not we must keep requests out of private networks; addresses written as numbers
//! and `localhost` are refused all the same. Requests that may go to private networks use no proxy.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::net::TcpStream;
use url::Url;

mod address;
mod body;
mod call;
mod client;
mod connection;
mod download;
mod error;
mod headers;
mod hosts;
mod pace;
mod redirect;
mod robots;
mod settings;
#[cfg(test)]
pub(crate) mod site;
mod slots;
mod socket;

pub use call::{Call, CallError, Called, Method};
pub use download::Download;
pub use error::{Cause, FetchError};
pub use settings::Settings;
pub use socket::Socket;

/// What a server wants to see again to answer "not modified".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    /// `ETag`, opaque.
    pub etag: Option<String>,
    /// `Last-Modified`, as sent.
    pub last_modified: Option<String>,
}

/// One question: a GET, or a POST where it has a body.
#[derive(Clone, Debug)]
pub struct Request {
    /// Where to. A user and password in it are sent as basic authentication, to that host only.
    pub url: Url,
    /// The `Accept` header.
    pub accept: &'static str,
    /// From the last answer.
    pub validators: Validators,
    /// Loopback and private networks are refused without it.
    pub allow_private_network: bool,
    /// Ask robots.txt first: for pages; feeds and APIs are made for programs.
    pub obey_robots: bool,
    /// What else the site that is asked has to be told; a site that it redirects to is not.
    pub headers: Vec<Header>,
    /// By what the site counts, where it counts by keys: its 429 then holds for who has this key and for nobody else. Of a
    /// token that is another one in each round it is what the token is given for. It is not sent, and kept as a hash.
    pub key: Option<SecretString>,
    /// Asks by POST with this in the body; a site that it redirects to is asked by GET, without it.
    pub body: Option<Body>,
}

/// What a POST carries; it may be a key.
#[derive(Clone, Debug)]
pub enum Body {
    /// `application/x-www-form-urlencoded`.
    Form(Vec<(&'static str, SecretString)>),
    /// `application/json`.
    Json(SecretString),
}

impl Request {
    /// Unconditional, without a look at robots.txt and without further headers.
    pub fn new(url: Url, accept: &'static str, allow_private_network: bool) -> Self {
        let (validators, headers, obey_robots) = (Validators::default(), Vec::new(), false);
        Self { url, accept, validators, allow_private_network, obey_robots, headers, key: None, body: None }
    }

    /// The key that counts at an address on the way.
    fn key_for(&self, url: &Url) -> Option<&SecretString> {
        self.key.as_ref().filter(|_| url.origin() == self.url.origin())
    }
}

/// A header of a request; its value may be a key.
#[derive(Clone, Debug)]
pub struct Header {
    /// In lower case.
    pub name: Cow<'static, str>,
    /// Printed as `[REDACTED]`.
    pub value: SecretString,
}

impl Header {
    /// Name and password (RFC 7617).
    pub fn basic(name: &str, password: &SecretString) -> Self {
        let pair = format!("{name}:{}", password.expose_secret());
        Self { name: "authorization".into(), value: format!("Basic {}", STANDARD.encode(pair)).into() }
    }

    /// A token (RFC 6750).
    pub fn bearer(token: &SecretString) -> Self {
        Self { name: "authorization".into(), value: format!("Bearer {}", token.expose_secret()).into() }
    }
}

/// What came back.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "one at a time, and taken apart at once")]
pub enum Answer {
    /// 304: nothing new.
    NotModified {
        /// As [`Page::moved_to`].
        moved_to: Option<Url>,
    },
    /// 2xx with a body.
    Page(Page),
}

/// A body and what the server said of it.
#[derive(Debug)]
pub struct Page {
    /// Where it was found after redirects; without user and password, so that links relative to it carry none.
    pub url: Url,
    /// The new address, if every redirect on the way was permanent (301, 308).
    pub moved_to: Option<Url>,
    /// Decompressed.
    pub body: Vec<u8>,
    /// The `Content-Type` header.
    pub content_type: Option<String>,
    /// For the next request.
    pub validators: Validators,
    /// How long the server calls this answer fresh.
    pub max_age: Option<Duration>,
    /// The `Link` header's `rel="next"` (RFC 8288), resolved.
    pub next: Option<Url>,
    /// How many more requests the server would answer before its limit, if it says so.
    pub quota_left: Option<u64>,
    /// How long there will be no more answers: the limit is used up, or the server says so with `Retry-After`.
    pub rest: Option<Duration>,
}

/// Makes requests, politely. Cheap to clone; clones share the pace of each host.
#[derive(Clone, Debug)]
pub struct Fetcher(Arc<client::Client>);

impl Fetcher {
    /// Builds the client.
    ///
    /// # Errors
    ///
    /// [`FetchError::Setup`] if the settings are unusable (see [`Settings::problems`]).
    pub fn new(settings: &Settings) -> Result<Self, FetchError> {
        client::Client::new(settings).map(Arc::new).map(Self)
    }

    /// One conditional GET, redirects included.
    ///
    /// Waits for the host's turn. If the host has asked for a longer pause, it fails at once with
    /// [`FetchError::Waiting`] instead.
    ///
    /// # Errors
    ///
    /// Every variant of [`FetchError`] but `Setup`.
    pub async fn get(&self, request: &Request) -> Result<Answer, FetchError> {
        self.0.get(request).await
    }

    /// Hosts that asked to be left alone, and for how much longer; with `#` and a hash, by who has one key.
    pub fn pauses(&self) -> Vec<(String, Duration)> {
        self.0.pauses()
    }

    /// Leaves a host alone, as if it had just asked for it: a restart is no reason to ask again. `name` is one of
    /// [`Fetcher::pauses`].
    pub async fn pause(&self, name: &str, wait: Duration) {
        self.0.pause(name, wait).await;
    }

    /// One message to a program, without following redirects. Waits for the host's turn.
    ///
    /// # Errors
    ///
    /// When there is no answer; any status is one.
    pub async fn call(&self, call: Call<'_>) -> Result<Called, CallError> {
        self.0.call(call).await
    }

    /// A connection for another protocol than HTTP, without a proxy and without waiting for a turn.
    ///
    /// # Errors
    ///
    /// [`FetchError::Dns`], [`FetchError::PrivateNetwork`], [`FetchError::Connect`] or [`FetchError::Timeout`].
    pub async fn connect(&self, host: &str, port: u16, allow_private_network: bool) -> Result<TcpStream, FetchError> {
        connection::open(host, port, allow_private_network, self.0.connect_timeout()).await
    }

    /// Opens a web socket, redirects included. Of the request only address, `allow_private_network` and `obey_robots`
    /// count.
    ///
    /// `timeout` is for the way to the socket, not for what is heard there. Until the socket is dropped, its host is
    /// asked for nothing else.
    ///
    /// # Errors
    ///
    /// As [`Fetcher::get`]; [`FetchError::Broken`] too where something else than a web socket answers.
    pub async fn listen(&self, request: &Request) -> Result<Socket, FetchError> {
        Socket::open(&self.0, request).await
    }

    /// One GET of a file that may be too large for memory, from its byte number `start` on; redirects included.
    ///
    /// `max_body` and `timeout` do not hold for it, and the request's validators are not sent. Until the download is
    /// dropped, its host is asked for nothing else.
    ///
    /// # Errors
    ///
    /// As [`Fetcher::get`].
    pub async fn download(&self, request: &Request, start: u64) -> Result<Download, FetchError> {
        Download::begin(&self.0, request, start).await
    }
}

#[cfg(test)]
mod tests;
