//! Whether a suggested source answers: it is asked once, and nothing is kept.

use std::time::Duration;

use url::Url;

use super::Service;
use crate::collect::suggest::Suggestion;
use crate::collect::{self, Batch, CollectError, Cursor, Kind, Round};
use crate::http::Fetcher;
use crate::mention::{Mention, Timestamp};
use crate::tongue::said;

/// Where one has to listen, this long.
const TRIAL: Duration = Duration::from_secs(5);

/// An address of the web as somebody pastes it, with or without `https://`.
pub fn web_address(text: &str) -> Option<Url> {
    let text = text.trim();
    let written = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let address =
        written.or_else(|| Url::parse(&format!("https://{text}")).ok().filter(|url| url.username().is_empty()));
    let is_web = |url: &Url| url.host_str().is_some_and(|host| host.contains('.') || host.starts_with('['));
    address.filter(|url| is_web(url) || url.host_str() == Some("localhost"))
}

/// Asks a suggested source once.
///
/// # Errors
/// When it cannot be asked, or does not answer in its format.
pub async fn try_once(
    suggestion: &Suggestion,
    fetcher: &Fetcher,
    allow_private_network: bool,
    now: Timestamp,
) -> Result<Batch, CollectError> {
    #[derive(serde::Deserialize)]
    struct Written {
        from: Kind,
    }
    let kind = toml::from_str::<Written>(&format!("from.{}", suggestion.from))
        .map_err(|error| CollectError::Format {
            message: said("Das ergibt keine Quelle", "this makes no source").with(error.message()),
            hint: said("Prüfen Sie die Adresse", "check the address"),
        })?
        .from;
    let round = Round {
        cursor: &Cursor::default(),
        fetcher,
        allow_private_network,
        now,
        is_wanted: &|_| true,
        listen_at_most: Some(TRIAL),
    };
    collect::collect(&kind, &round).await
}

impl Service {
    /// Asks a suggested source once, with the manners of this service, and never in a private network.
    ///
    /// # Errors
    /// When it cannot be asked, or does not answer in its format.
    pub async fn try_once(&self, suggestion: &Suggestion, now: Timestamp) -> Result<Batch, CollectError> {
        try_once(suggestion, &self.fetcher, false, now).await
    }
}

/// The newest of what was brought.
pub fn newest(batch: &Batch, most: usize) -> Vec<&Mention> {
    let mut newest: Vec<&Mention> = batch.mentions.iter().collect();
    newest.sort_by_key(|mention| std::cmp::Reverse(mention.published_at));
    newest.truncate(most);
    newest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_as_it_is_pasted() {
        let read = |text: &str| web_address(text).map(String::from);
        assert_eq!(read(" example.org/blog ").as_deref(), Some("https://example.org/blog"));
        assert_eq!(read("http://example.org").as_deref(), Some("http://example.org/"));
        for wrong in ["", "my brand", "file:///etc/passwd", "mailto:a@example.org", "brand"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
