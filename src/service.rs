//! The loops that drive everything. Each turns around a step that takes `now` and says what it did:
//! [`Service::recheck_once`], [`Service::collect_once`], [`Service::urgent_once`], [`Service::detect_once`],
//! [`Service::cases_once`], [`Service::publish_once`], [`Service::hand_off_once`], [`Service::warn_of_due_once`],
//! [`Service::team_once`], [`Service::digest_once`], [`Service::deliver_once`], [`Service::adapt_once`]. Tests, the demo and
//! the commands call the steps; [`run`] calls them by the clock.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::{Mutex, watch};

use crate::analyse::{Mask, Model};
use crate::brand::{Brand, Matcher};
use crate::config::{Config, ConfigError};
use crate::http::Fetcher;
use crate::mention::Timestamp;
use crate::notify::{self, Attempt, Mailer, Poster};
use crate::outreach::draft::Templates;
use crate::secret::SecretPlace;
use crate::store::{Entry, Store, StoreError};
use crate::urgent::Rules;

pub use adapt::{Adapted, Night, READ_DAYS};
pub use answer::Published;
pub use card::Segment;
pub use collect::Report;
pub use deliver::Delivered;
pub use digest::Subscription;
pub(crate) use digest::blind;
pub use discover::{newest, try_once, web_address};
pub use hand_off::HandedOff;
pub use listening::{SourceHealth, State};
pub use outreach::CaseWork;
pub use poster::{ChannelError, poster};
pub use recheck::Rechecked;
pub use replay::Past;
pub use run::run;
pub use sample::sample;
pub use sources::ChangeError;
pub use team::Team;
pub(crate) use team::{DAYS, LEDGER_DAYS};
#[cfg(feature = "transformer")]
pub use transform::TransformError;
pub use urgent::Alarm;

mod adapt;
mod answer;
mod card;
mod collect;
mod deliver;
mod detect;
mod digest;
mod discover;
mod hand_off;
mod import;
mod letter;
mod listening;
mod look;
mod outreach;
mod poster;
mod recheck;
mod rehearsal;
mod replay;
mod roll_up;
mod rounds;
mod run;
mod sample;
mod sources;
mod survey;
mod team;
mod track_record;
#[cfg(feature = "transformer")]
mod transform;
mod urgent;
mod warning;

/// Everything that the loops share; cheap to clone.
#[derive(Clone)]
pub struct Service {
    /// What `sources.toml` says.
    pub config: Arc<Config>,
    /// The database.
    pub store: Store,
    sources: Arc<sources::Sources>,
    /// Whether it is told to stop.
    stop: Arc<watch::Sender<bool>>,
    /// Counts the changes of the queue.
    cases: Arc<watch::Sender<u64>>,
    /// What the service team has come to.
    team: team::Counted,
    fetcher: Fetcher,
    /// The model that speaks; another one may take over while the service runs.
    model: Arc<RwLock<Arc<Model>>>,
    matcher: Arc<Matcher>,
    urgency: Arc<Rules>,
    /// What replies are begun with.
    templates: Arc<Templates>,
    mask: Arc<Mask>,
    /// `None`: letters wait for a program that has them.
    ways_out: Option<Arc<WaysOut>>,
    /// Reads beside the model that speaks.
    #[cfg(feature = "transformer")]
    transformer: Option<Arc<crate::transformer::Transformer>>,
}

/// The ways on which letters leave, their secrets at hand.
struct WaysOut {
    mailer: Mailer,
    poster: Poster,
    /// The last letter of which could not be written down what became of it.
    unsettled: Mutex<Option<(Entry, Attempt)>>,
}

/// Why the service does not start.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder for database and outbox cannot be made.
    #[error("cannot create the folder {}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The database does not open.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The team's templates cannot be read.
    #[error(transparent)]
    Templates(#[from] ConfigError),
    /// The HTTP client cannot be built.
    #[error(transparent)]
    Http(#[from] crate::http::FetchError),
    /// The mail settings cannot be used.
    #[error(transparent)]
    Mail(#[from] crate::notify::mail::MailerError),
    /// A password, or the address of a channel, is not to be had.
    #[error(transparent)]
    Secret(#[from] crate::secret::SecretError),
    /// What is to be had is no address of a channel.
    #[error(transparent)]
    Channel(#[from] ChannelError),
    /// The folder that `[analyse] transformer` names has no model that can be used.
    #[cfg(feature = "transformer")]
    #[error("the transformer cannot be used")]
    Transformer(#[from] crate::transformer::TransformerError),
}

impl OpenError {
    /// What the operator can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Folder { .. } => Some("point --data to a folder that this user may write to".to_owned()),
            Self::Store(error) => error.hint().map(str::to_owned),
            Self::Http(error) => error.hint().map(|hint| hint.to_string()),
            Self::Templates(_) | Self::Mail(_) | Self::Secret(_) | Self::Channel(_) => None,
            #[cfg(feature = "transformer")]
            Self::Transformer(error) => {
                let usual = "name a folder that this user may read under `[analyse] transformer`, or leave that out";
                Some(error.hint().unwrap_or(usual).to_owned())
            }
        }
    }
}

impl Service {
    /// Opens the database of that name under `data` and makes everything ready; nothing runs yet.
    ///
    /// # Errors
    /// When the folder, the database, a secret, the HTTP client or the transformer is not to be had.
    pub async fn open(config: Config, data: &Path, database: &str) -> Result<Self, OpenError> {
        let fetcher = Fetcher::new(&config.fetch)?;
        let ways_out = WaysOut {
            mailer: mailer(&config.mail, data)?,
            poster: poster(&config, &fetcher)?,
            unsettled: Mutex::default(),
        };
        Self::assemble(config, data, database, fetcher, Some(ways_out)).await
    }

    /// The same for work that sends nothing, and so needs no secrets: letters stay where they are.
    ///
    /// # Errors
    /// When the folder, the database, the HTTP client or the transformer is not to be had.
    pub async fn open_without_delivery(config: Config, data: &Path, database: &str) -> Result<Self, OpenError> {
        let fetcher = Fetcher::new(&config.fetch)?;
        Self::assemble(config, data, database, fetcher, None).await
    }

    async fn assemble(
        config: Config,
        data: &Path,
        database: &str,
        fetcher: Fetcher,
        ways_out: Option<WaysOut>,
    ) -> Result<Self, OpenError> {
        std::fs::create_dir_all(data).map_err(|source| OpenError::Folder { path: data.to_owned(), source })?;
        #[cfg(feature = "transformer")]
        let transformer = transform::load(&config).await?;
        let store = Store::open(&data.join(database)).await?;
        store
            .register(config.sources.iter().map(|source| &source.id), config.brands.iter().map(|b| b.name.as_str()))
            .await?;
        let embedded = Model::embedded(&config.languages).with_topics(config.topics.clone());
        let service = Self {
            model: Arc::new(RwLock::new(Arc::new(embedded))),
            matcher: Arc::new(Matcher::new(&config.brands)),
            templates: Arc::new(config.templates()?),
            urgency: Arc::new(Rules::new(&config.brands, &config.urgent.causes)),
            mask: Arc::new(Mask::new(config.brands.iter().flat_map(Brand::names))),
            sources: Arc::new(sources::Sources::new(config.sources.clone(), data)),
            config: Arc::new(config),
            store,
            stop: Arc::new(watch::Sender::new(false)),
            cases: Arc::new(watch::Sender::new(0)),
            team: team::Counted::default(),
            fetcher,
            ways_out: ways_out.map(Arc::new),
            #[cfg(feature = "transformer")]
            transformer,
        };
        service.load_model().await?;
        Ok(service)
    }

    /// The model that speaks now.
    pub fn model(&self) -> Arc<Model> {
        self.model.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Tells whatever runs to come to its end; see [`run`].
    pub(crate) fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// Ready when the service is told to stop.
    pub(crate) fn stops(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut stopped = self.stop.subscribe();
        async move { run::told_to_stop(&mut stopped).await }
    }

    /// What replies are begun with.
    pub fn templates(&self) -> &Templates {
        &self.templates
    }

    /// The brands' own names, which tell no mood.
    pub fn mask(&self) -> Arc<Mask> {
        self.mask.clone()
    }
}

/// Does long work on a thread of its own; `None` if the runtime is shutting down. A panic in it is the caller's.
pub(crate) async fn on_a_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => Some(done),
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(_) => None,
    }
}

/// The way out for letters: the configured server, or the outbox folder under `data`.
///
/// # Errors
/// When a secret or a certificate that the settings name is not to be had.
pub fn mailer(settings: &notify::mail::Settings, data: &Path) -> Result<Mailer, OpenError> {
    let password = match &settings.smtp {
        Some(smtp) => {
            let place = SecretPlace { env: smtp.password_env.clone(), file: smtp.password_file.clone() };
            place.read("mail.smtp.password")?
        }
        None => None,
    };
    Ok(Mailer::new(settings, &data.join("outbox"), password)?)
}

/// The one place where the clock is read; everything else is told.
#[expect(clippy::disallowed_methods, reason = "this is the place")]
pub fn now() -> Timestamp {
    chrono::Utc::now().into()
}
