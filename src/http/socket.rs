//! A web socket (RFC 6455) at which we listen: the other end talks, and we say nothing but what the protocol asks for.
//!
//! It begins as a GET like any other, with the same checks of the address, redirects included, and the same proxies, and
//! is a web socket from the answer on.

use std::time::Duration;

use bytesize::ByteSize;
use futures_util::StreamExt as _;
use reqwest::header::{CONNECTION, LOCATION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE};
use reqwest::{Response, StatusCode, Upgraded};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};
use url::Url;

use super::Request;
use super::client::{self, Client};
use super::error::{Cause, FetchError, authority, masked};
use super::headers;
use super::hosts::Turn;
use super::redirect::{self, Trail};

/// A line that is open.
#[derive(Debug)]
pub struct Socket {
    url: Url,
    stream: WebSocketStream<Upgraded>,
    longest_silence: Duration,
    largest: ByteSize,
    /// The host's turn ends when the line is closed.
    _turn: Turn,
}

impl Socket {
    /// Follows redirects until there is a web socket.
    pub(super) async fn open(client: &Client, request: &Request) -> Result<Self, FetchError> {
        let connections = client.for_sockets(request.allow_private_network)?;
        let mut trail = Trail::new(&request.url, client.most_redirects());
        loop {
            let url = trail.here().clone();
            client.permit(request, &url).await?;
            let mut turn = client.turn(&url, None).await?;
            let key = generate_key();
            let message = connections
                .get(url.clone())
                .header(CONNECTION, "Upgrade")
                .header(UPGRADE, "websocket")
                .header(SEC_WEBSOCKET_VERSION, "13")
                .header(SEC_WEBSOCKET_KEY, &key);
            let heard = timeout(client.timeout(), client::hear(message, &url, &mut turn)).await;
            let response = heard.map_err(|_| FetchError::Timeout { host: authority(&url) })??;
            match response.status() {
                StatusCode::SWITCHING_PROTOCOLS => return Self::of(client, url, response, &key, turn).await,
                status if redirect::is_redirect(status.as_u16()) => {
                    let location = headers::text(response.headers(), &LOCATION);
                    trail.follow(status.as_u16(), location.as_deref())?;
                }
                status if status.is_success() => return Err(broken(&url, "it is a page and no web socket")),
                _ => return Err(client::refusal(&url, response).await),
            }
        }
    }

    /// The other end must show that it knows what it agrees to (RFC 6455, 4.1).
    async fn of(client: &Client, url: Url, response: Response, key: &str, turn: Turn) -> Result<Self, FetchError> {
        let accepted = headers::text(response.headers(), &SEC_WEBSOCKET_ACCEPT);
        let protocol = headers::text(response.headers(), &UPGRADE).unwrap_or_default();
        if accepted != Some(derive_accept_key(key.as_bytes())) || !protocol.eq_ignore_ascii_case("websocket") {
            return Err(broken(&url, "it agrees to something else than a web socket"));
        }
        let upgraded = response.upgrade().await.map_err(|error| FetchError::from_sending(&url, &error))?;
        let largest = client.largest();
        let most = usize::try_from(largest.as_u64()).ok();
        let limits = WebSocketConfig::default().max_message_size(most).max_frame_size(most);
        let stream = WebSocketStream::from_raw_socket(upgraded, Role::Client, Some(limits)).await;
        Ok(Self { url, stream, longest_silence: client.longest_silence(), largest, _turn: turn })
    }

    /// The next text that is sent; nothing where the other end hangs up. What is no text is passed over.
    ///
    /// May be cancelled without losing anything that was sent.
    ///
    /// # Errors
    ///
    /// [`FetchError::Timeout`] after a pause of `read_timeout`, [`FetchError::TooLarge`] where a text is larger than
    /// `max_body`, [`FetchError::Broken`] if the line breaks. There is nothing more to hear after any of them.
    pub async fn hear(&mut self) -> Result<Option<String>, FetchError> {
        loop {
            let heard = timeout(self.longest_silence, self.stream.next()).await;
            match heard.map_err(|_| FetchError::Timeout { host: authority(&self.url) })? {
                Some(Ok(Message::Text(text))) => return Ok(Some(text.as_str().to_owned())),
                Some(Ok(Message::Close(_))) | None => return Ok(None),
                Some(Ok(_)) => {}
                Some(Err(Error::ConnectionClosed | Error::AlreadyClosed)) => return Ok(None),
                Some(Err(Error::Capacity(_))) => {
                    return Err(FetchError::TooLarge { url: masked(&self.url), limit: self.largest });
                }
                Some(Err(error)) => return Err(broken(&self.url, &error.to_string())),
            }
        }
    }

    /// Says goodbye, but waits for no answer.
    pub async fn close(mut self) {
        // Where the line is broken there is nobody to say it to.
        let _ = timeout(self.longest_silence, self.stream.close(None)).await;
    }
}

fn broken(url: &Url, words: &str) -> FetchError {
    FetchError::Broken { host: authority(url), cause: Cause::new(words) }
}
