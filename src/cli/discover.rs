//! `stimmung discover`

use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use url::Url;

use super::{Place, WrongUse, print};
use crate::collect::suggest::{Suggestion, suggest};
use crate::collect::{self, Batch, CollectError, Cursor, Kind, Round};
use crate::http::Fetcher;
use crate::mention::Mention;
use crate::service::now;

/// So many of the newest items are shown of each.
const SHOWN: usize = 3;

/// Where one has to listen, this long.
const TRIAL: Duration = Duration::from_secs(5);

/// Characters of an item that are shown.
const LONGEST: usize = 100;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A web site, or an address in a store, on a review site, a social network or a forum
    address: String,
    /// The brand that all of it is about; without it, only items that name a brand would be kept
    #[arg(long, value_name = "NAME")]
    brand: Option<String>,
    /// The address may be on loopback or in a private network
    #[arg(long)]
    allow_private_network: bool,
}

/// Works without a configuration; with one, its manners hold.
pub(super) async fn execute(arguments: &Arguments, place: &Place) -> anyhow::Result<ExitCode> {
    let address = web_address(&arguments.address)?;
    let settings = place.config().map(|config| config.fetch).unwrap_or_default();
    let fetcher = Fetcher::new(&settings)?;
    let mut found = false;
    for suggestion in suggest(&address) {
        match suggestion.needs {
            Some(needs) => {
                found = true;
                print(&block(&suggestion, arguments, &format!("# needs {needs}\n")))?;
            }
            None => {
                let outcome = attempt(&suggestion, &fetcher, arguments.allow_private_network).await;
                found |= outcome.is_ok();
                print(&told(&suggestion, arguments, &outcome))?;
            }
        }
    }
    Ok(if found { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// With or without `https://`.
fn web_address(text: &str) -> Result<Url, WrongUse> {
    let text = text.trim();
    let written = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let address =
        written.or_else(|| Url::parse(&format!("https://{text}")).ok().filter(|url| url.username().is_empty()));
    let is_web = |url: &Url| url.host_str().is_some_and(|host| host.contains('.') || host.starts_with('['));
    address
        .filter(|url| is_web(url) || url.host_str() == Some("localhost"))
        .ok_or_else(|| WrongUse(format!("`{text}` is no address of the web: paste one as the browser shows it")))
}

async fn attempt(suggestion: &Suggestion, fetcher: &Fetcher, private: bool) -> Result<Batch, CollectError> {
    #[derive(serde::Deserialize)]
    struct Written {
        from: Kind,
    }
    let kind = toml::from_str::<Written>(&format!("from.{}", suggestion.from))
        .map_err(|error| CollectError::Format { message: error.message().to_owned(), hint: None })?
        .from;
    let round = Round {
        cursor: &Cursor::default(),
        fetcher,
        allow_private_network: private,
        now: now(),
        is_wanted: &|_| true,
        listen_at_most: Some(TRIAL),
    };
    collect::collect(&kind, &round).await
}

fn told(suggestion: &Suggestion, arguments: &Arguments, outcome: &Result<Batch, CollectError>) -> String {
    match outcome {
        Ok(batch) if batch.mentions.is_empty() => {
            block(suggestion, arguments, "# answered, and has nothing to say at the moment\n")
        }
        Ok(batch) => {
            let mut newest: Vec<&Mention> = batch.mentions.iter().collect();
            newest.sort_by_key(|mention| std::cmp::Reverse(mention.published_at));
            let items: String = newest.into_iter().take(SHOWN).map(item).collect();
            let count = batch.mentions.len();
            let items = format!("# {count} item{}, the newest:\n{items}", if count == 1 { "" } else { "s" });
            block(suggestion, arguments, &items)
        }
        Err(error) => {
            let hint = error.hint().map_or_else(String::new, |hint| format!(" ({hint})"));
            format!("# not from.{}\n#   {error}{hint}\n", suggestion.from)
        }
    }
}

/// A comment: whatever a stranger wrote cannot leave it, for it is one line without control characters.
fn item(mention: &Mention) -> String {
    let at = mention.published_at.map_or_else(|| "no date".to_owned(), |at| at.to_string());
    let rating = mention.rating.map_or_else(String::new, |rating| format!(" {}/{}", rating.value, rating.best));
    let text: String =
        mention.full_text().chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect();
    format!("#   {at}{rating}  {text}\n")
}

fn block(suggestion: &Suggestion, arguments: &Arguments, comment: &str) -> String {
    format!("{comment}{}", suggestion.block(arguments.brand.as_deref(), arguments.allow_private_network))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_as_it_is_pasted() {
        let read = |text: &str| web_address(text).ok().map(String::from);
        assert_eq!(read(" example.org/blog ").as_deref(), Some("https://example.org/blog"));
        assert_eq!(read("http://example.org").as_deref(), Some("http://example.org/"));
        for wrong in ["", "my brand", "file:///etc/passwd", "mailto:a@example.org", "brand"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
