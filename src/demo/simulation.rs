//! The real pipeline over the invented world, on a simulated clock.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use tokio::net::TcpListener;

use super::site;
use super::summary::Summary;
use super::world::World;
use crate::config::{Config, DigestPlan, Problems};
use crate::digest;
use crate::mention::Timestamp;
use crate::notify::Letter;
use crate::service::{OpenError, Service};
use crate::store::{News, StoreError};

/// The database in the data folder; not the one of the real service.
pub const DATABASE: &str = "demo.db";

/// The same world every time, but for its dates.
const SEED: u64 = 1;

/// The demo, ready to begin.
pub struct Demo {
    /// Listens to the world.
    pub service: Service,
    world: Arc<World>,
    /// What time it is in the world, in seconds since the epoch.
    clock: Arc<AtomicI64>,
    data: PathBuf,
}

/// Why the demo does not begin, or breaks off.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// There is no port on loopback for the world's site.
    #[error("cannot serve the invented sites on loopback")]
    Listen(#[source] std::io::Error),
    /// The database of an earlier demo cannot be removed.
    #[error("cannot remove {}, which an earlier demo left", path.display())]
    Remove {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The world's `sources.toml` is wrong.
    #[error(transparent)]
    Configuration(#[from] Problems),
    /// The service does not start.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Invents the world, serves it, and opens an empty database under `data`.
///
/// # Errors
/// When there is no port, or the folder cannot be written.
pub async fn open(data: &Path, now: Timestamp) -> Result<Demo, DemoError> {
    let world = Arc::new(World::new(now, SEED));
    let clock = Arc::new(AtomicI64::new(world.begins().seconds()));
    let listener = TcpListener::bind("127.0.0.1:0").await.map_err(DemoError::Listen)?;
    let address = listener.local_addr().map_err(DemoError::Listen)?;
    tokio::spawn(site::serve(listener, world.clone(), clock.clone()));
    let configuration = super::configuration::config_toml(&format!("http://{address}"));
    let config = Config::parse(&configuration, "the demo's sources.toml")?;
    remove_earlier(data)?;
    let service = Service::open(config, data, DATABASE).await?;
    service.settle_model(world.begins()).await?;
    Ok(Demo { service, world, clock, data: data.to_owned() })
}

/// Every demo begins with an empty database.
fn remove_earlier(data: &Path) -> Result<(), DemoError> {
    for end in ["", "-wal", "-shm"] {
        let path = data.join(format!("{DATABASE}{end}"));
        match std::fs::remove_file(&path) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                return Err(DemoError::Remove { path, source });
            }
            _ => {}
        }
    }
    Ok(())
}

impl Demo {
    /// How long the world lasts.
    pub fn days(&self) -> u64 {
        self.day(self.world.ends())
    }

    /// The day of the world, from 0.
    fn day(&self, at: Timestamp) -> u64 {
        u64::try_from((at.seconds() - self.world.begins().seconds()) / 86_400).unwrap_or(0)
    }

    /// Lives through the whole time: each source on its schedule, the detector each hour, letters as they are written.
    ///
    /// `progress` is told the day (from 0) and the number of mentions so far.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn live_through(&self, progress: impl Fn(u64, usize)) -> Result<Summary, DemoError> {
        let begins = self.world.begins();
        let mut due: BinaryHeap<_> =
            (0..self.service.config.sources.len()).map(|index| Reverse((begins, index))).collect();
        let (mut mentions, mut news, mut urgent) = (0, Vec::new(), Vec::new());
        let mut looked = begins.hour();
        while let Some(Reverse((now, index))) = due.pop().filter(|Reverse((at, _))| *at <= self.world.ends()) {
            if now.hour() > looked {
                looked = now.hour();
                news.extend(self.look(now).await?);
            }
            self.clock.store(now.seconds(), Ordering::Relaxed);
            let report = self.service.collect_once(&self.service.config.sources[index], now).await?;
            mentions += report.saved.new;
            urgent.extend(self.tell_urgent(now).await?);
            due.push(Reverse((report.due_at.unwrap_or_else(|| now.plus_seconds(3600)), index)));
            progress(self.day(now), mentions);
        }
        news.extend(self.look(self.world.ends()).await?);
        self.clock.store(self.world.ends().seconds(), Ordering::Relaxed);
        let digests = self.digests().await?;
        self.service.deliver_once(self.world.ends()).await?;
        Ok(self.summary(news, urgent, digests).await?)
    }

    /// The newest digest of each kind; nobody wants to find a hundred of them. The newest first, so that it is not followed by
    /// an older one that was due at the same time as another.
    async fn digests(&self) -> Result<Vec<Letter>, StoreError> {
        let (config, ends) = (&self.service.config, self.world.ends());
        let time = |plan: &DigestPlan| digest::last(plan.length, &plan.cron, config.alert.time_zone, ends);
        let mut times: Vec<Timestamp> = config.digests.iter().map(time).collect();
        times.sort_by_key(|at| Reverse(*at));
        let mut letters = Vec::new();
        for at in times {
            letters.extend(self.service.digest_once(at).await?);
        }
        Ok(letters)
    }

    /// Detects and delivers, as the service does.
    async fn look(&self, now: Timestamp) -> Result<Vec<News>, StoreError> {
        let news = self.service.detect_once(now).await?;
        let rehearsed = self.service.rehearse_once(now).await?;
        if !news.is_empty() || !rehearsed.is_empty() {
            self.service.deliver_once(now).await?;
        }
        Ok(news)
    }

    /// Tells at once of what cannot wait, as the service does.
    async fn tell_urgent(&self, now: Timestamp) -> Result<Vec<Letter>, StoreError> {
        self.service.cases_once(now).await?;
        let letters = self.service.urgent_once(now).await?.letters;
        if !letters.is_empty() {
            self.service.deliver_once(now).await?;
        }
        Ok(letters)
    }

    async fn summary(&self, news: Vec<News>, urgent: Vec<Letter>, digests: Vec<Letter>) -> Result<Summary, StoreError> {
        let store = &self.service.store;
        Ok(Summary {
            begins: self.world.begins(),
            ends: self.world.ends(),
            census: store.census().await?,
            outages: store.outages(self.world.begins()).await?,
            news,
            urgent,
            digests,
            time_zone: self.service.config.alert.time_zone,
            outbox: self.data.join("outbox"),
            database: self.data.join(DATABASE),
        })
    }
}
