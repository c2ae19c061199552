//! `stimmung check`

use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use futures_util::{StreamExt as _, stream};

use super::{Place, print};
use crate::brand::{Context, Matcher, Spoken};
use crate::collect::{self, Batch, CollectError, Cursor, Round};
use crate::config::{Config, Source};
use crate::hand_off::Desk;
use crate::http::Fetcher;
use crate::mention::Mention;
use crate::service::{self, now};

/// Where one has to listen, this long.
const TRIAL: Duration = Duration::from_secs(5);

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Only check the file, ask no source
    #[arg(long)]
    offline: bool,
}

pub(super) async fn execute(arguments: &Arguments, place: &Place) -> anyhow::Result<ExitCode> {
    let config = place.config()?;
    config.templates()?;
    service::mailer(&config.mail, &place.data)?;
    service::poster(&config, &Fetcher::new(&config.fetch)?)?;
    print(&format!(
        "{}: {} and {}, no mistakes",
        place.config.display(),
        counted(config.brands.len(), "brand"),
        counted(config.sources.len(), "source"),
    ))?;
    for note in notes(&config) {
        print(&format!("note: {note}"))?;
    }
    if arguments.offline {
        return Ok(ExitCode::SUCCESS);
    }
    let failed = try_sources(&config).await?;
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// What is no mistake, and yet may not be meant.
fn notes(config: &Config) -> Vec<String> {
    let mut notes = Vec::new();
    let targets = config.all_targets();
    if targets.is_empty() {
        notes.push("[alert] names nobody in `to`: findings are stored, and no mail is sent".to_owned());
    }
    let is_used = |name: &str| targets.iter().any(|target| target.channel() == name);
    let unused = config.channels.iter().filter(|channel| !is_used(&channel.name));
    let is_missing = |desk: &&Desk| {
        let (key, place) = desk.secret();
        !place.is_there(key)
    };
    let locked = config.desks.iter().filter(is_missing);
    notes.extend(locked.map(|desk| {
        format!("the secret that [[hand_off]] `{}` names is not there: no case goes to {}", desk.name, desk.system())
    }));
    notes.extend(unused.map(|channel| format!("no [[route]] names channel `{}`: nothing is sent to it", channel.name)));
    notes
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// Asks every source once, without keeping anything; true if one of them failed.
async fn try_sources(config: &Config) -> anyhow::Result<bool> {
    let fetcher = Fetcher::new(&config.fetch)?;
    let matcher = Matcher::new(&config.brands);
    let fetcher = &fetcher;
    let attempts = config.sources.iter().map(|source| {
        let matcher = &matcher;
        async move { (source, attempt(source, fetcher, matcher).await) }
    });
    let mut attempts = stream::iter(attempts).buffered(8);
    let mut failed = false;
    while let Some((source, result)) = attempts.next().await {
        failed |= result.is_err();
        print(&line(source, &result, &matcher))?;
    }
    Ok(failed)
}

async fn attempt(source: &Source, fetcher: &Fetcher, matcher: &Matcher) -> Result<Batch, CollectError> {
    let round = Round {
        cursor: &Cursor::default(),
        fetcher,
        allow_private_network: source.allow_private_network,
        now: now(),
        is_wanted: &|text| !matcher.brands_in(text).is_empty(),
        listen_at_most: Some(TRIAL),
    };
    collect::collect(&source.kind, &round).await
}

fn line(source: &Source, result: &Result<Batch, CollectError>, matcher: &Matcher) -> String {
    let name = format!("{} ({})", source.id, source.kind.name());
    match result {
        Ok(batch) => {
            let context = Context { source: Some(source.id.as_str()), language: Spoken::Undecided };
            let could_be = |mention: &Mention| !matcher.brands_in_context(&mention.full_text(), &context).is_empty();
            let matched = batch.mentions.iter().filter(|mention| source.brand.is_some() || could_be(mention)).count();
            let newest = batch.mentions.iter().filter_map(|mention| mention.published_at).max();
            let newest = newest.map_or(String::new(), |at| format!(", the newest of {at}"));
            let notes: String = batch.notes.iter().map(|note| format!("\n      note: {note}")).collect();
            format!("ok    {name}: {}, {matched} about a brand{newest}{notes}", counted(batch.mentions.len(), "item"))
        }
        Err(error) => {
            let hint = error.hint().map_or(String::new(), |hint| format!("\n      hint: {hint}"));
            format!("error {name}: {error}{hint}")
        }
    }
}
