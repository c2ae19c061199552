//! Cases in the systems where a service department works: one file a system.
//!
//! A case is opened there once, however often it is tried: each system is asked in a way in which the second time finds what
//! the first one made, even where the answer to that was lost. What happens to the case afterwards is added as notes, each
//! once; and what becomes of it there is read back.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use secrecy::SecretString;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::http::Fetcher;
use crate::mention::Language;
use crate::outreach::Severity;
use crate::secret::{SecretError, SecretPlace};
use crate::tongue::{Said, said};

pub use dynamics::Dynamics;
pub use teams::Teams;
pub use zendesk::Zendesk;

mod dynamics;
mod exchange;
mod teams;
#[cfg(test)]
pub(crate) mod trials;
mod zendesk;

/// A system that takes cases: a `[[hand_off]]` in `sources.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Desk {
    /// As people call it, and the database.
    pub name: String,
    /// In which it is told: German, else English.
    pub language: Language,
    /// Cases from this severity on go there by themselves; `None`: only those that somebody hands over.
    pub automatic_from: Option<Severity>,
    /// It may be on loopback or in a private network, and do without encryption.
    pub allow_private_network: bool,
    /// What it is.
    pub kind: DeskKind,
}

/// What a desk is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeskKind {
    /// Dynamics 365 Customer Service.
    Dynamics(Dynamics),
    /// Zendesk Support.
    Zendesk(Zendesk),
    /// A channel of Microsoft Teams: it is told, and has nothing to tell.
    Teams(Teams),
}

/// A case, as it is told to another system.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// As the other system knows it; see [`key`].
    pub key: String,
    /// In a line.
    pub title: String,
    /// The person's words, and where they stand.
    pub text: String,
    /// What they call themselves, and what they are known by; `None`: the source does not say.
    pub person: Option<Person>,
    /// How much it matters.
    pub severity: Severity,
    /// Whether it is a question and nothing worse.
    pub is_question: bool,
    /// Name and value of what one sees at a glance, in the desk's language: brand, source, stars, waiting since.
    pub facts: Vec<(String, String)>,
    /// Short words to find it by.
    pub tags: Vec<String>,
    /// Where the words stand.
    pub original: Option<Url>,
    /// The case's own page, where somebody can take it on.
    pub page: Option<Url>,
}

impl Told {
    /// The words, at most so many characters of them, and below them what one sees at a glance and where to go on.
    fn description(&self, most: usize) -> String {
        let facts = self.facts.iter().map(|(name, value)| format!("{name}: {value}\n"));
        let places = [&self.original, &self.page].into_iter().flatten().map(|url| format!("{url}\n"));
        let below: String = facts.chain(places).collect();
        let room = most.saturating_sub(below.chars().count() + 2);
        format!("{}\n\n{}", cut(&self.text, room), below.trim_end())
    }
}

/// Who is upset, as another system knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// See [`key`].
    pub key: String,
    /// What they call themselves.
    pub name: String,
}

/// Something that happened to a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// `mention-7`, `answer-3`, `event-12`: told once.
    pub key: String,
    /// In a line, with when and by whom.
    pub title: String,
    /// The words.
    pub text: String,
}

/// A case as it stands in another system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remote {
    /// As it is asked for; empty where there is nothing to ask.
    pub id: String,
    /// As people call it there.
    pub number: Option<String>,
    /// Where people find it.
    pub url: Option<String>,
    /// How far it has come.
    pub standing: Standing,
    /// What people wrote there, the first first; empty where that is not asked for.
    pub comments: Vec<Comment>,
    /// Notes of ours that stand there, by their keys; `None`: the system keeps each once by itself.
    pub noted: Option<Vec<String>>,
}

/// What somebody wrote there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// As the system calls it.
    pub id: String,
    /// Who.
    pub who: Option<String>,
    /// The words, in plain text.
    pub text: String,
}

/// How far a case has come there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Somebody works on it, or will.
    Open,
    /// It is settled.
    Solved,
    /// It was given up, or deleted.
    Gone,
    /// It was told, and that is all.
    Told,
}

/// The way to a desk, for a few requests in a row.
pub struct Line<'a> {
    fetcher: &'a Fetcher,
    allow_private_network: bool,
    /// What the desk has let us in with.
    token: Mutex<Option<SecretString>>,
}

impl<'a> Line<'a> {
    /// A new one to this desk.
    pub const fn new(desk: &Desk, fetcher: &'a Fetcher) -> Self {
        Self { fetcher, allow_private_network: desk.allow_private_network, token: Mutex::new(None) }
    }

    fn token(&self) -> MutexGuard<'_, Option<SecretString>> {
        self.token.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why a desk did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[error("{words}")]
pub struct DeskError {
    /// What it said, or what happened on the way.
    pub words: Said,
    /// What to do about it.
    pub hint: Option<Said<&'static str>>,
    /// Whether it is of use to try again later, without anybody having changed anything.
    pub may_pass: bool,
    /// Whether it may have been done all the same.
    pub may_have_arrived: bool,
    /// How long the desk wants to be left alone.
    pub retry_after: Option<Duration>,
}

impl From<SecretError> for DeskError {
    fn from(error: SecretError) -> Self {
        let words = Said { german: error.german(), english: error.to_string() };
        Self { words, hint: None, may_pass: false, may_have_arrived: false, retry_after: None }
    }
}

impl Desk {
    /// Opens the case there, or finds it where that was done before.
    ///
    /// # Errors
    /// Where it is not certain that it is there.
    pub async fn open(&self, told: &Told, line: &Line<'_>) -> Result<Remote, DeskError> {
        match &self.kind {
            DeskKind::Dynamics(dynamics) => dynamics.open(told, line).await,
            DeskKind::Zendesk(zendesk) => zendesk.open(told, line).await,
            DeskKind::Teams(teams) => teams.show(told, self.language, line).await,
        }
    }

    /// How it stands there; `id` is [`Remote::id`].
    ///
    /// # Errors
    /// Where the desk does not say.
    pub async fn read(&self, id: &str, line: &Line<'_>) -> Result<Remote, DeskError> {
        match &self.kind {
            DeskKind::Dynamics(dynamics) => dynamics.read(id, line).await,
            DeskKind::Zendesk(zendesk) => zendesk.read(id, line).await,
            DeskKind::Teams(_) => Ok(Remote::told()),
        }
    }

    /// Adds a note, unless it is there.
    ///
    /// # Errors
    /// Where it is not certain that it is there.
    pub async fn note(&self, id: &str, note: &Note, line: &Line<'_>) -> Result<(), DeskError> {
        match &self.kind {
            DeskKind::Dynamics(dynamics) => dynamics.note(id, note, line).await,
            DeskKind::Zendesk(zendesk) => zendesk.note(id, note, line).await,
            DeskKind::Teams(_) => Ok(()),
        }
    }

    /// What it is, for people.
    pub const fn system(&self) -> &'static str {
        match &self.kind {
            DeskKind::Dynamics(_) => "Dynamics 365",
            DeskKind::Zendesk(_) => "Zendesk",
            DeskKind::Teams(_) => "Teams",
        }
    }

    /// The setting that names its secret, without `_env` or `_file`, and where that is.
    pub const fn secret(&self) -> (&'static str, &SecretPlace) {
        match &self.kind {
            DeskKind::Dynamics(dynamics) => (dynamics::SECRET, &dynamics.client_secret),
            DeskKind::Zendesk(zendesk) => (zendesk::SECRET, &zendesk.token),
            DeskKind::Teams(teams) => (teams::SECRET, &teams.0),
        }
    }

    /// Whether somebody can work on the case there, so that it is worth asking how it stands.
    pub const fn has_a_case(&self) -> bool {
        !matches!(self.kind, DeskKind::Teams(_))
    }
}

impl Remote {
    fn told() -> Self {
        Self { id: String::new(), number: None, url: None, standing: Standing::Told, comments: Vec::new(), noted: None }
    }
}

impl Standing {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Open, Self::Solved, Self::Gone, Self::Told];

    /// As the database has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Solved => "solved",
            Self::Gone => "gone",
            Self::Told => "told",
        }
    }
}

/// By what another system knows something of a source: the source's name and a fingerprint of the source's own id. The same
/// after a new installation, and without what the other system would not take (Dataverse refuses `/ < > * % & : \ ? +` in
/// alternate keys) or need not know.
///
/// ```
/// let key = stimmung::hand_off::key("trustpilot", "5f3a:01/2");
/// assert_eq!(key, "trustpilot.272f5d4ad6b032783ade218e");
/// ```
pub fn key(source: &str, id: &str) -> String {
    let digest = Sha256::digest(id.as_bytes());
    let digits: String = digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    format!("{source}.{digits}")
}

/// At most so many characters, the last of them an ellipsis where something is missing.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

const ANOTHER_ADDRESS: Said<&'static str> = said(
    "Prüfen Sie die Adresse in [[hand_off]] und was dort eingelassen wird",
    "check the address in [[hand_off]], and what is let in there",
);
