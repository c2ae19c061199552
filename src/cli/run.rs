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
    if let Some(provider) = &config.login {
        // Better found missing now than by the first who wants to log in.
        provider.secret()?;
    }
    let service = place.open_to_run(config).await?;
    let has_accounts = service.store.has_accounts().await?;
    may_listen(address, has_accounts, service.config.public_url.as_deref())?;
    let listener = TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))?;
    let address = listener.local_addr().context("cannot tell the address")?;
    tracing::info!(%address, "the pages are at http://{address}/");
    let site = web::router(service.clone());
    service::run(service, listener, site, stop_signal()).await?;
    Ok(ExitCode::SUCCESS)
}

/// Without accounts nobody outside this machine is answered, and with them only under a name that browsers can trust.
pub(super) fn may_listen(address: SocketAddr, has_accounts: bool, public_url: Option<&str>) -> anyhow::Result<()> {
    if address.ip().is_loopback() || (has_accounts && public_url.is_some()) {
        return Ok(());
    }
    let way_out = match has_accounts {
        false => {
            "and there are no accounts: make one by `stimmung user add NAME`, or listen on 127.0.0.1 and put a reverse \
             proxy with a login before it"
        }
        true => {
            "and nobody knows under which name: set `public_url` under [service], as in \
             \"https://stimmung.example.org\""
        }
    };
    Err(super::WrongUse(format!("{address} can be reached from other machines, {way_out}")).into())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_are_answered_where_there_are_accounts_and_a_name() {
        let listen = |address: &str, has_accounts, public_url| {
            may_listen(address.parse().unwrap(), has_accounts, public_url).map_err(|error| error.to_string())
        };
        let url = Some("https://stimmung.example.org");
        assert_eq!(listen("127.0.0.1:80", false, None), Ok(()));
        assert_eq!(listen("[::1]:80", false, None), Ok(()));
        assert_eq!(listen("0.0.0.0:80", true, url), Ok(()));
        let refused = [listen("0.0.0.0:80", false, url), listen("10.0.0.5:80", true, None)];
        insta::assert_snapshot!(refused.map(Result::unwrap_err).join("\n"));
    }
}
