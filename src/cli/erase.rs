//! `stimmung erase`

use std::process::ExitCode;

use clap::Args;

use super::{Place, print};
use crate::mention::SourceId;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Where the person wrote
    #[arg(long, value_name = "ID", value_parser = super::source_id)]
    source: SourceId,
    /// The name that the source shows, or the account
    #[arg(long, value_name = "NAME")]
    author: String,
}

pub(super) async fn execute(arguments: &Arguments, place: &Place) -> anyhow::Result<ExitCode> {
    let service = place.open(place.config()?).await?;
    let erased = service.store.erase_author(&arguments.source, &arguments.author).await?;
    service.store.close().await;
    print(&format!("{erased} mentions erased"))?;
    Ok(if erased == 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
