//! Bluesky, in one of two ways: all that is posted there, as it is posted, by way of Jetstream; or a search, which needs
//! an account and knows the past.
//!
//! What the stream does not tell: names, so that authors are called by their ids; and whether somebody asked not to be
//! shown to people without an account, which is said on their profile only. The search tells both.

use serde::Deserialize;

use super::{About, Batch, CollectError, Detail, Kind, Recheck, RecheckLimits, Round};
use crate::secret::SecretPlace;
use crate::tongue::said;
use search::Search;
use settings::Written;
use stream::Stream;

mod post;
mod search;
mod settings;
mod stream;

/// For `stimmung kinds`.
pub const ABOUT: About = About {
    name: "bluesky",
    listens_to: said(
        "Beiträge auf Bluesky: alle, die eine Marke nennen, binnen einer Minute; oder was eine Suche findet",
        "posts on Bluesky: all that name a brand, within a minute; or what a search finds",
    ),
    needs: Some(said(
        "für den Stream nichts; für eine Suche ein Konto mit einem App-Passwort und „every“ von mindestens 15m",
        "nothing for the stream; for a search an account and one of its app passwords, and `every` of 15m or more",
    )),
    brings: &[Detail::Author, Detail::Link, Detail::Language, Detail::Edits, Detail::Removals],
    history: said(
        "bei einer Suche die neuesten 2.000; beim Stream nichts, nach einem Ausfall geht er bis zu 36 Stunden zurück",
        "the newest 2,000 of a search; none for the stream, which after an outage goes on where it was, up to 36 hours \
         back",
    ),
    longest_reply: Some(300),
    example: "bluesky = { stream = {} }",
    hears_everybody: |kind| matches!(kind, Kind::Bluesky(Bluesky::Stream(_))),
    ..About::PLAIN
};

/// `from.bluesky = { stream = {} }`, or
/// `from.bluesky = { search = "\"Deutsche Bahn\"", user = "name.bsky.social", password_env = "BLUESKY_PASSWORD" }`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub enum Bluesky {
    /// Listens to all posts, and keeps what names a brand.
    Stream(Stream),
    /// Asks for posts.
    Search(Search),
}

/// The keys that it takes.
pub fn secrets(kind: &Bluesky) -> Vec<(&'static str, SecretPlace)> {
    match kind {
        Bluesky::Stream(_) => Vec::new(),
        Bluesky::Search(search) => vec![("password", search.password.clone())],
    }
}

/// One round.
///
/// # Errors
/// Where nothing could be heard or found.
pub async fn collect(kind: &Bluesky, round: &Round<'_>) -> Result<Batch, CollectError> {
    match kind {
        Bluesky::Stream(stream) => stream::collect(stream, round).await,
        Bluesky::Search(search) => search::collect(search, round).await,
    }
}

/// Nothing of the stream, which tells deletions itself.
pub const fn recheck_limits(kind: &Bluesky) -> Option<RecheckLimits> {
    match kind {
        Bluesky::Stream(_) => None,
        Bluesky::Search(_) => Some(search::RECHECK_LIMITS),
    }
}

/// Looks up posts that the search has found.
///
/// # Errors
/// Where there is no password or no session for it, or nothing could be asked.
pub async fn recheck(kind: &Bluesky, known: &[String], round: &Round<'_>) -> Result<Recheck, CollectError> {
    match kind {
        Bluesky::Stream(_) => Ok(Recheck::default()),
        Bluesky::Search(search) => search::recheck(search, known, round).await,
    }
}

#[cfg(test)]
mod tests;
