//! The one way out to the internet, and the only user of reqwest: user agent, limits, conditional requests, `Retry-After`,
//! robots.txt, one request at a time and a minimum gap for each host, no private networks.

use std::time::Duration;

use serde::Deserialize;
use url::Url;

use crate::mention::Timestamp;

/// `[fetch]` in `sources.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Mail address or page of the operator; part of the user agent, so that a site's owner can complain to a person.
    pub contact: Option<String>,
}

#[expect(clippy::derivable_impls, reason = "gets real defaults")]
impl Default for Settings {
    fn default() -> Self {
        Self { contact: None }
    }
}

/// What a server wants to see again to answer "not modified".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    /// `ETag`, opaque.
    pub etag: Option<String>,
    /// `Last-Modified`, as sent.
    pub last_modified: Option<String>,
}

/// One GET.
#[derive(Clone, Debug)]
pub struct Request {
    /// Where to.
    pub url: Url,
    /// The `Accept` header.
    pub accept: &'static str,
    /// From the last answer.
    pub validators: Validators,
    /// Loopback and private networks are refused without it.
    pub allow_private_network: bool,
    /// Ask robots.txt first: for pages; feeds and APIs are made for programs.
    pub obey_robots: bool,
}

/// What came back.
#[derive(Debug)]
pub enum Answer {
    /// 304: nothing new.
    NotModified,
    /// 200 with a body.
    Page(Page),
}

/// A body and what the server said of it.
#[derive(Debug)]
pub struct Page {
    /// Where it was found after redirects.
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
}

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// 4xx or 5xx.
    #[error("the server answered {status}")]
    Status {
        /// The HTTP status code.
        status: u16,
        /// Not before then, if the server said so.
        retry_after: Option<Duration>,
    },
}

impl FetchError {
    /// Whether the same request may succeed later without anyone changing anything.
    pub fn is_transient(&self) -> bool {
        todo!()
    }

    /// How long the server asked to be left alone.
    pub fn retry_after(&self) -> Option<Duration> {
        todo!()
    }

    /// What the operator can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        todo!()
    }
}

/// Makes requests, politely. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Fetcher {}

impl Fetcher {
    /// Builds the client.
    pub fn new(settings: &Settings) -> Result<Self, FetchError> {
        let _ = settings;
        todo!()
    }

    /// One conditional GET, redirects included.
    pub async fn get(&self, request: &Request) -> Result<Answer, FetchError> {
        let _ = (request, Timestamp::from_seconds(0));
        todo!()
    }
}
