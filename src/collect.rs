//! From a source's own format to mentions: one file for each kind, with its settings, its `collect()` and its pure `parse()`.
//!
//! A new kind is a file beside these, and here a `mod`, a variant and an arm.

use std::time::Duration;

use serde::{Deserialize, Deserializer};
use url::Url;

use crate::http::{FetchError, Fetcher, Validators};
use crate::mention::Mention;

pub mod app_store;
pub mod feed;

/// `from.KIND = { … }` in `sources.toml`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// RSS, RDF, Atom or JSON Feed.
    Feed(feed::Feed),
    /// Apple's public feed of customer reviews.
    AppStore(app_store::AppStore),
}

impl Kind {
    /// The name in `sources.toml`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Feed(_) => "feed",
            Self::AppStore(_) => "app_store",
        }
    }
}

/// Where a source was left off; kept in the source's row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// What the server wants to see again.
    pub validators: Validators,
    /// A permanent redirect, and how often in a row it was seen; from the third time on it is the address.
    pub moved: Option<(String, u32)>,
    /// What else the kind has to remember.
    pub position: Option<String>,
}

/// An address that can be asked: `http` or `https`.
fn web_address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Url, D::Error> {
    let url = Url::deserialize(deserializer)?;
    match url.scheme() {
        "http" | "https" => Ok(url),
        scheme => Err(serde::de::Error::custom(format!("`{scheme}` is no web address: write http:// or https://"))),
    }
}

/// What one round brought.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Batch {
    /// In the order of the source.
    pub mentions: Vec<Mention>,
    /// For the next round.
    pub cursor: Cursor,
    /// The server said that nothing changed; `mentions` is empty.
    pub not_modified: bool,
    /// What a person should know although the round succeeded ("3 entries had neither text nor rating").
    pub notes: Vec<String>,
    /// The source asks not to be called again for this long.
    pub rest: Option<Duration>,
}

/// Why a round brought nothing.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// No page.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// A page, but not in the source's format.
    #[error("{message}")]
    Format {
        /// What it is instead, in a few words.
        message: String,
        /// What to do about it.
        hint: Option<String>,
    },
}

impl CollectError {
    /// How long the server asked to be left alone.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Fetch(error) => error.retry_after(),
            Self::Format { .. } => None,
        }
    }

    /// What the operator can do about it.
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::Fetch(error) => error.hint(),
            Self::Format { hint, .. } => hint.as_deref(),
        }
    }
}

/// Everything a kind needs for one round.
pub struct Round<'a> {
    /// Where it was left off.
    pub cursor: &'a Cursor,
    /// The way out.
    pub fetcher: &'a Fetcher,
    /// The source may be on loopback or in a private network.
    pub allow_private_network: bool,
}

/// Makes one round.
pub async fn collect(kind: &Kind, round: &Round<'_>) -> Result<Batch, CollectError> {
    match kind {
        Kind::Feed(feed) => feed::collect(feed, round).await,
        Kind::AppStore(app) => app_store::collect(app, round).await,
    }
}
