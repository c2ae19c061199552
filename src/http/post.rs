//! A message to a program that waits for it. Its address may be a secret, so no more than the host is ever shown of it, and
//! no redirect is followed.

use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use url::Url;

use super::address;
use super::client::{self, Client};
use super::error::FetchError;

/// One POST.
#[derive(Clone, Copy)]
pub struct Post<'a> {
    /// Where to.
    pub url: &'a Url,
    /// Beside `Content-Type: application/json`.
    pub headers: &'a [(&'static str, String)],
    /// JSON.
    pub body: &'a str,
    /// Loopback and private networks are refused without it.
    pub allow_private_network: bool,
}

/// The head of the answer, whatever it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posted {
    /// The HTTP status code.
    pub status: u16,
    /// How long the server asked to be left alone.
    pub retry_after: Option<Duration>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
pub struct PostError {
    /// What happened.
    pub error: FetchError,
    /// Whether the other side may have got the message all the same.
    pub may_have_arrived: bool,
}

impl Client {
    pub(super) async fn post(&self, post: Post<'_>) -> Result<Posted, PostError> {
        let before = |error| PostError { error, may_have_arrived: false };
        address::check(post.url, post.allow_private_network).map_err(before)?;
        let _turn = self.turn(post.url, None).await.map_err(before)?;
        let mut message = self.connections(post.allow_private_network).post(post.url.clone());
        for (name, value) in post.headers {
            message = message.header(*name, value);
        }
        let message = message.header(CONTENT_TYPE, "application/json").body(post.body.to_owned());
        let response = message.timeout(self.timeout()).send().await.map_err(|error| {
            let may_have_arrived = !error.is_connect() && !error.is_builder();
            PostError { error: FetchError::from_sending(post.url, &error), may_have_arrived }
        })?;
        Ok(Posted { status: response.status().as_u16(), retry_after: client::retry_after(&response) })
    }
}
