//! One request at a time for each host, with the gap in between.

use std::time::{Duration, Instant};

use tokio::sync::OwnedMutexGuard;
use url::Url;

use super::FetchError;
use super::error::authority;
use super::pace::{Pace, Verdict, rest};
use super::slots::Slots;

/// Each host costs about 200 bytes.
const REMEMBERED_HOSTS: usize = 4096;

/// Whose turn it is, host by host.
#[derive(Debug)]
pub(super) struct Hosts {
    gap: Duration,
    paces: Slots<Pace>,
}

/// The right to make one request to one host. The gap begins when it is dropped, also when the request is cancelled.
#[derive(Debug)]
pub(super) struct Turn {
    pace: OwnedMutexGuard<Pace>,
    gap: Duration,
}

impl Hosts {
    pub(super) fn new(gap: Duration) -> Self {
        Self { gap, paces: Slots::new(REMEMBERED_HOSTS) }
    }

    /// Waits for the host's turn; fails at once where the host itself asked for a longer pause.
    ///
    /// A host is a name with a port: http and https on their own ports are one, a service on another port is another.
    pub(super) async fn turn(&self, url: &Url) -> Result<Turn, FetchError> {
        let host = authority(url);
        let pace = self.paces.lock(&host, |pace| pace.is_idle(Instant::now())).await;
        loop {
            match pace.verdict(Instant::now()) {
                Verdict::Go => return Ok(Turn { pace, gap: self.gap }),
                Verdict::Wait(rest) => tokio::time::sleep(rest).await,
                Verdict::Closed(retry_after) => return Err(FetchError::Waiting { host, retry_after }),
            }
        }
    }
}

impl Turn {
    /// The host answered that it wants to be left alone for so long.
    pub(super) fn asked_to_wait(&mut self, wait: Duration) {
        self.pace.asked_to_wait(Instant::now(), wait);
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.pace.ended(Instant::now(), rest(self.gap, fastrand::f64()));
    }
}
