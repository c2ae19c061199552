//! `stimmung copies`

use std::process::ExitCode;

use clap::Args;

use super::{Place, print};
use crate::service::now;
use crate::store::Copied;

/// Characters of a text that are shown.
const LONGEST: usize = 100;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Only about this brand
    #[arg(long, value_name = "NAME")]
    brand: Option<String>,
    /// Of which a copy arrived in so many days
    #[arg(long, value_name = "N", default_value_t = 30)]
    days: u32,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 20)]
    most: u32,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

pub(super) async fn execute(arguments: &Arguments, place: &Place) -> anyhow::Result<ExitCode> {
    let service = place.open(place.config()?).await?;
    let since = now().plus_seconds(-i64::from(arguments.days) * 86_400);
    let copies = service.store.copies(arguments.brand.as_deref(), since, arguments.most).await;
    service.store.close().await;
    for one in copies? {
        print(&if arguments.json { serde_json::to_string(&one)? } else { told(&one) })?;
    }
    Ok(ExitCode::SUCCESS)
}

fn told(one: &Copied) -> String {
    let text: String = one.text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect();
    let url = one.first_url.as_ref().map_or_else(String::new, |url| format!(", {url}"));
    format!(
        "{} × in {} places: {text}\n  first   {}, {}{url}\n  widest  {}, {} ×",
        one.mentions, one.places, one.first_place, one.first_at, one.widest_place, one.widest_mentions
    )
}
