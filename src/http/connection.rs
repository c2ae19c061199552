//! Connections for what is not HTTP: into the same networks that requests may go to.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use super::FetchError;
use super::address::is_public;
use super::error::Cause;

/// Looks the name up and connects to one of its addresses, which must be public where private networks are not allowed:
/// the address that was checked is the one connected to.
pub(super) async fn open(
    host: &str,
    port: u16,
    allow_private_network: bool,
    limit: Duration,
) -> Result<TcpStream, FetchError> {
    let shown = || format!("{host}:{port}");
    let cause = |error: &io::Error| Cause::new(error.to_string());
    let opening = async {
        let found = lookup_host((host, port)).await;
        let found = found.map_err(|error| FetchError::Dns { host: shown(), cause: cause(&error) })?;
        let usable: Vec<SocketAddr> = found.filter(|it| allow_private_network || is_public(it.ip())).collect();
        if usable.is_empty() {
            return Err(FetchError::PrivateNetwork { host: shown() });
        }
        let connected = TcpStream::connect(&*usable).await;
        connected.map_err(|error| FetchError::Connect { host: shown(), cause: cause(&error) })
    };
    timeout(limit, opening).await.unwrap_or_else(|_| Err(FetchError::Timeout { host: shown() }))
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    const LIMIT: Duration = Duration::from_secs(10);

    #[tokio::test]
    async fn a_private_network_is_entered_only_where_it_is_allowed() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        for host in ["127.0.0.1", "localhost", "::ffff:127.0.0.1", "169.254.169.254", "10.0.0.1"] {
            let error = open(host, port, false, LIMIT).await.unwrap_err();
            assert!(matches!(error, FetchError::PrivateNetwork { .. }), "{host}: {error}");
        }
        assert!(open("127.0.0.1", port, true, LIMIT).await.is_ok());
    }

    #[tokio::test]
    async fn nobody_who_listens_is_told_from_a_name_that_does_not_exist() {
        let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
        let error = open("127.0.0.1", closed, true, LIMIT).await.unwrap_err();
        assert!(matches!(error, FetchError::Connect { .. }), "{error}");
        let error = open("not a name", 993, true, LIMIT).await.unwrap_err();
        assert!(matches!(error, FetchError::Dns { .. }), "{error}");
    }
}
