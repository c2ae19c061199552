//! Files that may be too large for memory: read piece by piece, and from the middle on where the beginning is here already.

use reqwest::header::{ACCEPT_ENCODING, LOCATION, RANGE};
use reqwest::{Response, StatusCode};
use url::Url;

use super::client::{self, Client};
use super::error::{Cause, FetchError, authority};
use super::headers;
use super::hosts::Turn;
use super::redirect::{self, Trail};
use super::{Request, Validators};

/// A file on its way.
#[derive(Debug)]
pub struct Download {
    url: Url,
    response: Response,
    start: u64,
    size: Option<u64>,
    /// The host's turn ends with the download.
    _turn: Turn,
}

impl Download {
    /// Follows redirects until there is a file.
    pub(super) async fn begin(client: &Client, request: &Request, start: u64) -> Result<Self, FetchError> {
        let request = Request { validators: Validators::default(), ..request.clone() };
        let mut trail = Trail::new(&request.url, client.most_redirects());
        loop {
            let url = trail.here().clone();
            client.permit(&request, &url).await?;
            let mut turn = client.turn(&url, request.key_for(&url)).await?;
            // Compressed on the way, a part of a file could not be told from its place in it.
            let mut message = client.message(&request, &url).header(ACCEPT_ENCODING, "identity");
            if start > 0 {
                message = message.header(RANGE, format!("bytes={start}-"));
            }
            let response = client::hear(message, &url, &mut turn).await?;
            match response.status().as_u16() {
                200 | 206 => return Self::of(url, response, start, turn),
                status if redirect::is_redirect(status) => {
                    trail.follow(status, headers::text(response.headers(), &LOCATION).as_deref())?;
                }
                _ => return Err(client::refusal(&url, response).await),
            }
        }
    }

    /// An answer is the whole file, or the part that was asked for.
    fn of(url: Url, response: Response, asked: u64, turn: Turn) -> Result<Self, FetchError> {
        let broken = |words: String| FetchError::Broken { host: authority(&url), cause: Cause::new(words) };
        if let Some(coding) = headers::foreign_compression(response.headers()) {
            return Err(broken(format!("it is compressed as `{coding}`, which was not asked for")));
        }
        let (start, size) = if response.status() == StatusCode::PARTIAL_CONTENT {
            headers::content_range(response.headers())
                .filter(|&(start, _)| start == asked)
                .ok_or_else(|| broken("it is another part of the file than was asked for".to_owned()))?
        } else {
            (0, response.content_length())
        };
        Ok(Self { url, response, start, size, _turn: turn })
    }

    /// Where in the file the first piece belongs: where it was asked to begin, or 0 if the server sends all of it.
    pub fn start(&self) -> u64 {
        self.start
    }

    /// How long the whole file is, if the server says so.
    pub fn size(&self) -> Option<u64> {
        self.size
    }

    /// The next piece; nothing at the end of the file.
    ///
    /// # Errors
    ///
    /// [`FetchError::Timeout`] after too long a pause, [`FetchError::Broken`] if the connection ends before the file.
    pub async fn piece(&mut self) -> Result<Option<impl AsRef<[u8]> + use<>>, FetchError> {
        self.response.chunk().await.map_err(|error| FetchError::from_reading(&self.url, &error))
    }
}
