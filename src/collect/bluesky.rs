//! Bluesky: all that is posted there, as it is posted, by way of Jetstream.
//!
//! What the stream does not tell: names, so that authors are called by their ids; and whether somebody asked not to be shown
//! to people without an account, which is said on their profile only.

use serde::Deserialize;

use super::{About, Batch, CollectError, Detail, Round};
use stream::Stream;

mod post;
mod stream;

/// For `stimmung kinds`.
pub const ABOUT: About = About {
    name: "bluesky",
    listens_to: "posts on Bluesky that name a brand, within a minute",
    needs: "",
    brings: &[Detail::Author, Detail::Link, Detail::Language, Detail::Edits, Detail::Removals],
    history: "none; after an outage it goes on where it was, up to 36 hours back",
    example: "bluesky = { stream = {} }",
};

/// `from.bluesky = { stream = {} }`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bluesky {
    /// How to listen to all posts.
    pub stream: Stream,
}

/// One round.
///
/// # Errors
/// Where nothing could be heard.
pub async fn collect(kind: &Bluesky, round: &Round<'_>) -> Result<Batch, CollectError> {
    stream::collect(&kind.stream, round).await
}

#[cfg(test)]
mod tests;
