//! What a source says at this moment, where nothing of it may be kept.

use super::Service;
use crate::collect::{self, CollectError, Cursor, Look, Round};
use crate::config::Source;
use crate::mention::Timestamp;

impl Service {
    /// Asks a source what it shows now, with the manners of a round. Nothing of the answer is written down.
    ///
    /// # Errors
    /// When it cannot be asked, does not answer in its format, or is of a kind that brings mentions.
    pub async fn look(&self, source: &Source, now: Timestamp) -> Result<Look, CollectError> {
        let round = Round {
            cursor: &Cursor::default(),
            fetcher: &self.fetcher,
            allow_private_network: source.allow_private_network,
            now,
            is_wanted: &|_| true,
            listen_at_most: None,
        };
        let look = collect::look(&source.kind, &round).await;
        // That a host wants to be left alone is the one thing to remember; if it cannot be, the next round hears it again.
        if let Err(error) = self.keep_pauses(now).await {
            tracing::warn!(error = crate::cause::chain(&error), "a pause that a host asked for is not kept");
        }
        look
    }
}
