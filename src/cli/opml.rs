//! `stimmung opml`

use std::collections::HashSet;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Subcommand};
use url::Url;

use super::{Place, print};
use crate::collect::Kind;
use crate::collect::suggest::named_feed;
use crate::opml::{self, Outline};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Writes the feeds of sources.toml as feed readers exchange them
    Export,
    /// Shows the feeds of such a list as they stand in sources.toml
    Import {
        /// As a feed reader exports it
        file: PathBuf,
        /// The brand that all of them are about
        #[arg(long, value_name = "NAME")]
        brand: Option<String>,
    },
}

pub(super) fn execute(arguments: &Arguments, place: &Place) -> anyhow::Result<ExitCode> {
    match &arguments.command {
        Command::Export => export(place),
        Command::Import { file, brand } => import(file, brand.as_deref()),
    }
}

fn export(place: &Place) -> anyhow::Result<ExitCode> {
    let config = place.config()?;
    let outline = |source: &crate::config::Source| match &source.kind {
        Kind::Feed(feed) => Some(Outline { title: source.id.to_string(), url: feed.url.to_string() }),
        _ => None,
    };
    let outlines: Vec<Outline> = config.sources.iter().filter_map(outline).collect();
    print(opml::write("Stimmung", &outlines).trim_end())?;
    Ok(ExitCode::SUCCESS)
}

fn import(file: &PathBuf, brand: Option<&str>) -> anyhow::Result<ExitCode> {
    let text = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let outlines = opml::read(&String::from_utf8_lossy(&text)).with_context(|| format!("in {}", file.display()))?;
    let mut ids = HashSet::new();
    let mut left_out = false;
    for Outline { title, url } in outlines {
        let Some(url) = Url::parse(&url).ok().filter(|url| matches!(url.scheme(), "http" | "https")) else {
            left_out = true;
            tracing::warn!(title, "left out: its address is none of the web");
            continue;
        };
        let mut feed = named_feed(&title, url.as_str());
        let name = feed.id.clone();
        for number in 2.. {
            if ids.insert(feed.id.clone()) {
                break;
            }
            feed.id = format!("{}-{number}", name.get(..60).unwrap_or(&name));
        }
        print(&feed.block(brand, false))?;
    }
    Ok(if left_out { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
