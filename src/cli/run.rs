//! `stimmung run`

use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use tokio::net::TcpListener;

use super::Place;
use crate::{service, web};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Where the service answers; instead of `listen` in the configuration
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
}

pub(super) async fn execute(arguments: &Arguments, place: &Place) -> anyhow::Result<ExitCode> {
    let config = place.config()?;
    let address = arguments.listen.unwrap_or(config.listen);
    loopback_only(address)?;
    let service = place.open_to_run(config).await?;
    let listener = TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))?;
    let address = listener.local_addr().context("cannot tell the address")?;
    tracing::info!(%address, "the pages are at http://{address}/");
    let site = web::router(service.clone());
    service::run(service, listener, site, stop_signal()).await?;
    Ok(ExitCode::SUCCESS)
}

/// Nobody is asked for a password yet, so nobody outside this machine is answered.
pub(super) fn loopback_only(address: SocketAddr) -> anyhow::Result<()> {
    if address.ip().is_loopback() {
        return Ok(());
    }
    let message = format!(
        "{address} can be reached from other machines, and there are no accounts yet; \
         listen on 127.0.0.1 and put a reverse proxy with a login before it"
    );
    Err(super::WrongUse(message).into())
}

/// Ready on Ctrl-C and, where there is such a thing, on SIGTERM.
pub(super) async fn stop_signal() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        let terminate = async {
            match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
                Ok(mut signal) => drop(signal.recv().await),
                Err(_) => std::future::pending().await,
            }
        };
        tokio::select! { () = interrupt => {} () = terminate => {} }
    }
    #[cfg(not(unix))]
    interrupt.await;
}
