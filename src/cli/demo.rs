//! `stimmung demo`

use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use tokio::net::TcpListener;

use super::run::{may_listen, stop_signal};
use super::{Place, print};
use crate::{demo, service, web};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// End when the alert is there; without it, the service keeps running on the invented data
    #[arg(long)]
    once: bool,
    /// Where the service answers
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
}

pub(super) async fn execute(arguments: &Arguments, place: &Place) -> anyhow::Result<ExitCode> {
    may_listen(arguments.listen, false, None)?;
    let style = ProgressStyle::with_template("{bar:30} day {pos} of {len}  {msg}");
    let demo = demo::open(&place.data, service::now()).await.context("the demo cannot begin")?;
    let progress = ProgressBar::new(demo.days()).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let summary = demo.live_through(|day, mentions| {
        progress.set_position(day);
        progress.set_message(format!("{mentions} mentions"));
    });
    let summary = summary.await.context("the demo broke off")?;
    progress.finish_and_clear();
    print(&summary.to_string())?;
    if arguments.once {
        demo.service.store.close().await;
        return Ok(ExitCode::SUCCESS);
    }
    let listener = TcpListener::bind(arguments.listen)
        .await
        .with_context(|| format!("cannot listen on {}; choose another address with --listen", arguments.listen))?;
    let address = listener.local_addr().context("cannot tell the address")?;
    print(&format!("Its pages are at http://{address}/; Ctrl-C ends it."))?;
    let site = web::router(demo.service.clone());
    service::run(demo.service, listener, site, stop_signal()).await?;
    Ok(ExitCode::SUCCESS)
}
