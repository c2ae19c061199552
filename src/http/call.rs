//! A message to a program that waits for it. Its address may be a secret, so no more than the host is ever shown of it, and
//! no redirect is followed.

use std::time::Duration;

use bytesize::ByteSize;
use reqwest::header::{CONTENT_TYPE, HeaderName, HeaderValue, LOCATION};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::client::{self, Client};
use super::error::FetchError;
use super::{Body, Header, address, body};

/// Of an answer, so much is read: it says what became of the message, and no more.
const LONGEST_ANSWER: ByteSize = ByteSize::mib(1);

/// What is done at the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Makes something new, or does something.
    Post,
    /// Puts something in its place, whatever was there.
    Put,
    /// Changes a part of it.
    Patch,
}

/// One message.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    /// What is done.
    pub method: Method,
    /// Where to.
    pub url: &'a Url,
    /// Beside `Content-Type`, which the body says.
    pub headers: &'a [Header],
    /// What is sent.
    pub body: Option<&'a Body>,
    /// By what the site counts, where it counts by keys; as [`super::Request::key`].
    pub key: Option<&'a SecretString>,
    /// Loopback and private networks are refused without it.
    pub allow_private_network: bool,
}

/// The answer, whatever it says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Called {
    /// The HTTP status code.
    pub status: u16,
    /// How long the server asked to be left alone.
    pub retry_after: Option<Duration>,
    /// Where what was made is to be found: `OData-EntityId`, else `Location`.
    pub place: Option<String>,
    /// At most the first mebibyte.
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
pub struct CallError {
    /// What happened.
    pub error: FetchError,
    /// Whether the other side may have got the message all the same.
    pub may_have_arrived: bool,
}

impl Client {
    pub(super) async fn call(&self, call: Call<'_>) -> Result<Called, CallError> {
        let before = |error| CallError { error, may_have_arrived: false };
        address::check(call.url, call.allow_private_network).map_err(before)?;
        let _turn = self.turn(call.url, call.key).await.map_err(before)?;
        let connections = self.connections(call.allow_private_network);
        let method = match call.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Patch => reqwest::Method::PATCH,
        };
        let message = connections.request(method, call.url.clone()).headers(headers(call.headers));
        let message = match call.body {
            None => message,
            Some(Body::Json(json)) => {
                message.header(CONTENT_TYPE, "application/json").body(json.expose_secret().to_owned())
            }
            Some(Body::Form(fields)) => {
                let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.expose_secret())).collect();
                message.form(&fields)
            }
        };
        let response = message.timeout(self.timeout()).send().await.map_err(|error| {
            let may_have_arrived = !error.is_connect() && !error.is_builder();
            CallError { error: FetchError::from_sending(call.url, &error), may_have_arrived }
        })?;
        let header = |name: &str| Some(response.headers().get(name)?.to_str().ok()?.to_owned());
        let place = header("odata-entityid").or_else(|| header(LOCATION.as_str()));
        let (status, retry_after) = (response.status().as_u16(), client::retry_after(&response));
        // What was answered counts, even where the rest of it breaks off.
        let body = body::read(call.url, response, body::Limit::Cut(LONGEST_ANSWER)).await.unwrap_or_default();
        Ok(Called { status, retry_after, place, body })
    }
}

fn headers(written: &[Header]) -> reqwest::header::HeaderMap {
    let header = |header: &Header| {
        let mut value = HeaderValue::from_str(header.value.expose_secret()).ok()?;
        value.set_sensitive(true);
        Some((HeaderName::from_bytes(header.name.as_bytes()).ok()?, value))
    };
    written.iter().filter_map(header).collect()
}
