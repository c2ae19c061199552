//! `stimmung parse`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use url::Url;

use super::print;
use crate::collect::feed;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Feeds, or folders of feeds
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print the entries as JSON lines, not their number
    #[arg(long)]
    json: bool,
}

/// One line a file: how many entries it has, how many of them are dated, and what was wrong with it.
pub(super) fn execute(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let mut code = ExitCode::SUCCESS;
    for file in expand(&arguments.files)? {
        let bytes = match std::fs::read(&file) {
            Ok(bytes) => bytes,
            Err(error) => {
                code = ExitCode::FAILURE;
                print(&format!("{}: {error}", file.display()))?;
                continue;
            }
        };
        match feed::parse(&bytes, None, &base()?) {
            Ok(parsed) if arguments.json => {
                for mention in &parsed.mentions {
                    print(&serde_json::to_string(mention)?)?;
                }
            }
            Ok(parsed) => {
                let dated = parsed.mentions.iter().filter(|mention| mention.published_at.is_some()).count();
                let notes: String = parsed.notes.iter().map(|note| format!(", {note}")).collect();
                print(&format!("{}: {} entries, {dated} dated{notes}", file.display(), parsed.entries))?;
            }
            Err(error) => {
                code = ExitCode::FAILURE;
                print(&format!("{}: {error}", file.display()))?;
            }
        }
    }
    Ok(code)
}

/// What relative links in a file refer to: nothing that exists.
fn base() -> anyhow::Result<Url> {
    Url::parse("http://localhost/").context("the base address")
}

/// Each file, and the files of each folder by name.
fn expand(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            files.extend(folder(path).with_context(|| format!("cannot read the folder {}", path.display()))?);
        } else {
            files.push(path.clone());
        }
    }
    Ok(files)
}

fn folder(path: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
    files.retain(|file| file.is_file());
    files.sort();
    Ok(files)
}
