//! The database; owns every line of SQL, so that nothing outside knows which engine it is.
//!
//! Writes go through one connection, one after the other, each in its own `BEGIN IMMEDIATE` transaction: a crash leaves
//! either all of it or nothing. Reads have connections of their own and never wait for a write (WAL).

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};

pub use account::{Changed, NewAccount};
pub use api_token::{Bearer, ListedToken};
pub use arrivals::Turn;
pub use aside::Aside;
pub use audit::StoredAct;
pub use beside::{BESIDE, Untold};
pub use census::Census;
pub use copies::Copied;
pub use delivery::Tried;
pub use detection::{Detection, News, Reader, Sequel};
pub use digest::{Issue, Mark};
pub use erase::{Erased, Writer};
pub use finding::{FindingLetter, FindingStep, Incident, Listed};
pub use grade::Graded;
pub use history::{Appearance, Corrected, Flagged, Opinion, Revision, Spread};
pub use lesson::MOST_LESSONS;
pub use measures::Measures;
pub use mentions::{Cut, Page, Place, StoredMention};
pub use model::{Break, Change, StoredModel};
pub use oidc::OnTheWay;
pub use outbox::Entry;
pub use pause::Unheard;
pub use save::{End, Item, Saved};
pub use saved_view::SavedView;
pub use session::{Attempt, Session};
pub use source::{Heard, Outage, SourceState};
pub use tally::{Counted, Dimension};
pub use text::StoredText;
pub use urgent::{Arrival, Look, Waiting};

mod account;
mod analysis;
mod api_token;
mod arrivals;
mod aside;
mod audit;
mod beside;
mod census;
mod copies;
mod correction;
mod delivery;
mod detection;
mod digest;
mod erase;
mod finding;
mod grade;
pub mod hand_off;
mod history;
mod invitation;
mod lesson;
mod measures;
mod mentions;
mod model;
mod oidc;
mod outbox;
pub mod outreach;
mod pause;
mod recheck;
mod record;
mod rehearsal;
mod save;
mod saved_view;
mod session;
mod source;
mod tally;
mod text;
mod urgent;

static MIGRATIONS: Migrator = sqlx::migrate!();

/// How long a write waits for another process to finish its own.
const BUSY: Duration = Duration::from_secs(10);

/// The handle; cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    writer: SqlitePool,
    reader: SqlitePool,
    /// One connection that stays: what it says of changes can only be compared with what it said before.
    watcher: SqlitePool,
}

/// Why the database did not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file cannot be opened or created.
    #[error("cannot open the database {}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        source: sqlx::Error,
    },
    /// The file was written by a newer version of this program.
    #[error("the database {} was written by a newer version of stimmung (its schema has number {found})", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// The number of the unknown migration.
        found: i64,
    },
    /// A migration did not go through; the database is as it was.
    #[error("cannot bring the database {} up to date", path.display())]
    Migrate {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        source: MigrateError,
    },
    /// A statement failed; its transaction is rolled back.
    #[error("the database refused")]
    Database(#[from] sqlx::Error),
    /// What was to be saved was analysed by a model that is not the active one any more; nothing was saved.
    #[error("the moods were told by the model {told_by}, and the database has gone over to {active}")]
    Outdated {
        /// The version that analysed.
        told_by: String,
        /// The version that speaks now.
        active: String,
    },
    /// The system gives no random numbers, without which there are no secrets.
    #[error("the system gives no random numbers")]
    Random {
        /// Why.
        source: std::io::Error,
    },
    /// A value in the database is not what this program wrote.
    #[error("the database holds a {what} that cannot be read")]
    Content {
        /// Which value.
        what: &'static str,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

impl StoreError {
    /// What the operator can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Newer { .. } => Some("run the newer version, or point --data to another folder"),
            Self::Open { source, .. } | Self::Database(source) => hint(source),
            Self::Migrate { source: MigrateError::Execute(source), .. } => hint(source),
            Self::Outdated { .. } => Some("start this program anew: another one has brought a newer model"),
            Self::Migrate { .. } | Self::Content { .. } | Self::Random { .. } => None,
        }
    }
}

/// SQLite's primary result codes (<https://www.sqlite.org/rescode.html>) in the operator's words.
fn hint(error: &sqlx::Error) -> Option<&'static str> {
    let code: i64 = error.as_database_error()?.code()?.parse().ok()?;
    match code & 0xff {
        5 | 6 => Some("another program holds the database; is a second stimmung running on the same --data?"),
        8 | 23 => Some("the folder given by --data must be writable for this user"),
        13 => Some(
            "the disk is full; nothing was lost: free some space and the next round goes on where this one stopped",
        ),
        14 => Some("the folder given by --data must exist and be writable for this user"),
        11 | 26 => Some("the file is damaged or no SQLite database; restore it from a backup"),
        _ => None,
    }
}

impl Store {
    /// Opens the database, creates it if need be, and brings its schema up to date.
    ///
    /// # Errors
    /// When the file cannot be opened, is no database, or was written by a newer version.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .foreign_keys(true)
            // Addresses of people that letters have lost do not stay in the gaps of a page.
            .pragma("secure_delete", "FAST")
            .busy_timeout(BUSY)
            .optimize_on_close(true, None);
        let open = |source| StoreError::Open { path: path.to_owned(), source };
        let writer = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await.map_err(open)?;
        migrate(&writer, path).await?;
        let options = options.read_only(true);
        let reader = SqlitePoolOptions::new().max_connections(4).connect_lazy_with(options.clone());
        let watcher = SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
        Ok(Self { writer, reader, watcher: watcher.connect_lazy_with(options) })
    }

    /// Finishes what is under way and closes the file.
    pub async fn close(&self) {
        self.watcher.close().await;
        self.reader.close().await;
        self.writer.close().await;
    }

    /// A number that is another one whenever anybody has written since it was asked for: this program, or another.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn data_version(&self) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar("PRAGMA data_version").fetch_one(&self.watcher).await?)
    }

    async fn begin(&self) -> Result<sqlx::Transaction<'static, sqlx::Sqlite>, StoreError> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }
}

async fn migrate(writer: &SqlitePool, path: &Path) -> Result<(), StoreError> {
    MIGRATIONS.run(writer).await.map_err(|error| match error {
        MigrateError::VersionMissing(found) => StoreError::Newer { path: path.to_owned(), found },
        source => StoreError::Migrate { path: path.to_owned(), source },
    })
}

#[cfg(test)]
impl Store {
    /// Refuses to write down that something was sent, as a full disk does, until there is room.
    pub(crate) async fn set_full(&self, table: &str, is_full: bool) {
        let change = if is_full {
            format!(
                "CREATE TRIGGER full BEFORE UPDATE ON {table} WHEN NEW.state = 'sent' BEGIN SELECT RAISE(ABORT, 'full'); END"
            )
        } else {
            "DROP TRIGGER full".to_owned()
        };
        sqlx::query(sqlx::AssertSqlSafe(change)).execute(&self.writer).await.unwrap();
    }
}

#[cfg(test)]
mod tests;
