//! RSS 0.9–2.0, RDF, Atom 0.3 and 1.0, JSON Feed: feed-rs, with the repairs that real feeds need.

use serde::Deserialize;
use url::Url;

use super::{Batch, CollectError, Round};

mod date;
mod decode;
mod markup;

/// `from.feed = { url = "https://…" }`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feed {
    /// The feed, or a page that names its feed.
    pub url: Url,
}

/// One round.
pub async fn collect(feed: &Feed, round: &Round<'_>) -> Result<Batch, CollectError> {
    let _ = (feed, round);
    todo!()
}
