//! `stimmung discover`

use std::process::ExitCode;

use clap::Args;

use super::{Place, WrongUse, print};
use crate::collect::suggest::{Suggestion, suggest};
use crate::collect::{Batch, CollectError};
use crate::http::Fetcher;
use crate::mention::Mention;
use crate::service::{newest, now, try_once, web_address};

/// So many of the newest items are shown of each.
const SHOWN: usize = 3;

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
    let address = web_address(&arguments.address).ok_or_else(|| {
        let text = arguments.address.trim();
        WrongUse(format!("`{text}` is no address of the web: paste one as the browser shows it"))
    })?;
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
                let outcome = try_once(&suggestion, &fetcher, arguments.allow_private_network, now()).await;
                found |= outcome.is_ok();
                print(&told(&suggestion, arguments, &outcome))?;
            }
        }
    }
    Ok(if found { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn told(suggestion: &Suggestion, arguments: &Arguments, outcome: &Result<Batch, CollectError>) -> String {
    match outcome {
        Ok(batch) if batch.mentions.is_empty() => {
            block(suggestion, arguments, "# answered, and has nothing to say at the moment\n")
        }
        Ok(batch) => {
            let items: String = newest(batch, SHOWN).into_iter().map(item).collect();
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
