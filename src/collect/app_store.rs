//! Apple's public feed of customer reviews: JSON, 50 to a page, at most ten pages for each country.

use serde::Deserialize;
use url::Url;

use super::{Batch, CollectError, Round};

/// `from.app_store = { app = 123456789, country = "de" }`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppStore {
    /// The number in the app's address, after `id`.
    pub app: u64,
    /// ISO 3166-1 alpha-2 of the storefront.
    pub country: String,
    /// Another server in Apple's place; for tests and proxies.
    #[serde(default = "apple")]
    pub base: Url,
}

fn apple() -> Url {
    todo!()
}

/// One round.
pub async fn collect(app: &AppStore, round: &Round<'_>) -> Result<Batch, CollectError> {
    let _ = (app, round);
    todo!()
}
