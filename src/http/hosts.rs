//! One request at a time for each host, with the gap in between.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use tokio::sync::{OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};
use url::Url;

use super::FetchError;
use super::error::authority;
use super::pace::{LONGEST_REST, Pace, Verdict, rest};
use super::slots::Slots;

/// So many hosts are asked at once. Who waits for a host takes no place: a thousand sources on one host hold up no other.
const REQUESTS_AT_ONCE: usize = 32;

/// Each host costs about 200 bytes.
const REMEMBERED_HOSTS: usize = 4096;

/// Whose turn it is, host by host.
#[derive(Debug)]
pub(super) struct Hosts {
    gap: Duration,
    paces: Slots<Pace>,
    pauses: Pauses,
    places: Arc<Semaphore>,
}

/// Until when hosts asked to be left alone: by everybody (`api.example.org`), or by who has one key
/// (`api.example.org#9f86d081`).
type Pauses = Arc<Mutex<HashMap<String, Instant>>>;

/// The right to make one request to one host. The gap begins when it is dropped, also when the request is cancelled.
#[derive(Debug)]
pub(super) struct Turn {
    pace: OwnedMutexGuard<Pace>,
    gap: Duration,
    host: String,
    key: Option<String>,
    pauses: Pauses,
    _place: Option<OwnedSemaphorePermit>,
}

impl Hosts {
    pub(super) fn new(gap: Duration) -> Self {
        Self {
            gap,
            paces: Slots::new(REMEMBERED_HOSTS),
            pauses: Pauses::default(),
            places: Arc::new(Semaphore::new(REQUESTS_AT_ONCE)),
        }
    }

    /// Waits for the host's turn; fails at once where the host itself asked for a longer pause, be it of everybody or of
    /// who has this key.
    ///
    /// A host is a name with a port: http and https on their own ports are one, a service on another port is another.
    pub(super) async fn turn(&self, url: &Url, key: Option<&SecretString>) -> Result<Turn, FetchError> {
        let host = authority(url);
        let key = key.map(|key| mark(&host, key));
        let pace = self.paces.lock(&host, |pace| pace.is_idle(Instant::now())).await;
        loop {
            match pace.verdict(Instant::now(), key.as_deref()) {
                Verdict::Go => {
                    // The semaphore is never closed.
                    let _place = self.places.clone().acquire_owned().await.ok();
                    return Ok(Turn { pace, gap: self.gap, host, key, pauses: self.pauses.clone(), _place });
                }
                Verdict::Wait(rest) => tokio::time::sleep(rest).await,
                Verdict::Closed(retry_after) => return Err(FetchError::Waiting { host, retry_after }),
            }
        }
    }
}

impl Hosts {
    /// Hosts that asked to be left alone, and for how much longer.
    pub(super) fn pauses(&self) -> Vec<(String, Duration)> {
        let mut pauses = self.pauses.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        pauses.retain(|_, until| *until > now);
        pauses.iter().map(|(host, until)| (host.clone(), until.duration_since(now))).collect()
    }

    /// As if the host had just asked to be left alone for so long; `name` is one of [`Self::pauses`].
    pub(super) async fn pause(&self, name: &str, wait: Duration) {
        let (host, key) = name.split_once('#').map_or((name, None), |(host, key)| (host, Some(key)));
        let mut pace = self.paces.lock(host, |pace| pace.is_idle(Instant::now())).await;
        note_pause(&mut pace, &self.pauses, (host, key), wait);
    }
}

impl Turn {
    /// The host answered that it wants to be left alone by everybody for so long.
    pub(super) fn host_asked_to_wait(&mut self, wait: Duration) {
        note_pause(&mut self.pace, &self.pauses, (&self.host, None), wait);
    }

    /// The host answered that the limit of who asked is used up for so long: that of the key, where there is one.
    pub(super) fn limit_is_used_up(&mut self, wait: Duration) {
        note_pause(&mut self.pace, &self.pauses, (&self.host, self.key.as_deref()), wait);
    }
}

/// What a key is remembered by, and where: enough to tell it from another one, too little to find it.
fn mark(host: &str, key: &SecretString) -> String {
    let digest = Sha256::new().chain_update(host).chain_update(b"#").chain_update(key.expose_secret()).finalize();
    digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

fn note_pause(pace: &mut Pace, pauses: &Pauses, (host, key): (&str, Option<&str>), wait: Duration) {
    let now = Instant::now();
    pace.asked_to_wait(now, wait, key);
    if let Some(until) = now.checked_add(wait.min(LONGEST_REST)) {
        let mut pauses = pauses.lock().unwrap_or_else(PoisonError::into_inner);
        let name = key.map_or_else(|| host.to_owned(), |key| format!("{host}#{key}"));
        let known = pauses.entry(name).or_insert(until);
        *known = (*known).max(until);
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.pace.ended(Instant::now(), rest(self.gap, fastrand::f64()));
    }
}
