//! `sources.toml` as a validated configuration.
//!
//! Each section is read on its own and cross-checked with the others, so that one look at the output names every
//! mistake, each with its line. Settings of a component are defined beside it (`http::Settings`,
//! `notify::mail::Settings`, a kind's own struct); here they only meet.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono_tz::Tz;

use crate::analyse::OwnTopic;
use crate::brand::Brand;
use crate::collect::Kind;
use crate::detect::Rule;
use crate::hand_off::Desk;
use crate::http;
use crate::mention::{Label, Language, SourceId};
use crate::notify::{self, Channel};
use crate::oidc;
use crate::schedule::{QuietHours, Schedule};

pub use digest::DigestPlan;
pub use outreach::Outreach;
pub use problem::{Problem, Problems};
pub use target::{Route, Target};
pub use urgent::Urgency;

mod brand;
mod digest;
mod hand_off;
mod literal;
mod login;
mod outreach;
mod problem;
mod read;
mod recipient;
mod route;
mod service;
mod source;
mod target;
mod templates;
mod urgent;

/// Everything that `sources.toml` says; whatever is in here is valid.
#[derive(Clone, Debug)]
pub struct Config {
    /// Whom it is about.
    pub brands: Vec<Brand>,
    /// Where to listen when the service starts; [`crate::service::Service::sources`] knows where it listens now.
    pub sources: Vec<Source>,
    /// Who is told, and how rarely for nothing.
    pub alert: Alerting,
    /// How else than by mail people can be told.
    pub channels: Vec<Channel>,
    /// Who is told of what; empty: all of `alert.to` of everything that is worth a mail.
    pub routes: Vec<Route>,
    /// Who is told at once of a single mention that cannot wait.
    pub urgent: Urgency,
    /// Who reads every day, or every week, how it was.
    pub digests: Vec<DigestPlan>,
    /// How the service team works.
    pub outreach: Outreach,
    /// Where else cases are worked on.
    pub desks: Vec<Desk>,
    /// How mails leave.
    pub mail: notify::mail::Settings,
    /// Manners towards other people's servers.
    pub fetch: http::Settings,
    /// The languages to tell apart; empty: all that the model knows.
    pub languages: Vec<Language>,
    /// Topics of the operator's own.
    pub topics: Vec<OwnTopic>,
    /// Whether the model learns from corrections and from reviews with stars.
    pub adapt: bool,
    /// A larger model of moods, beside the embedded one. Never there without the feature `transformer`.
    pub transformer: Option<Transformer>,
    /// Where the service itself answers.
    pub listen: SocketAddr,
    /// How others reach it, for links in mails, without a slash at the end; `None`: nobody does.
    pub public_url: Option<String>,
    /// Who else than we ourselves tells who somebody is.
    pub login: Option<oidc::Settings>,
    /// From which addresses, beside this machine, Prometheus may ask for numbers; `None`: there are none.
    pub metrics: Option<Vec<IpAddr>>,
}

/// One place to listen.
#[derive(Clone, Debug)]
pub struct Source {
    /// Unique.
    pub id: SourceId,
    /// When to ask it.
    pub schedule: Schedule,
    /// The same as it is written: `1h`, or a cron line.
    pub asked: String,
    /// The brand that every item is about; `None`: the items tell.
    pub brand: Option<String>,
    /// The language to expect where an item says nothing of it.
    pub language: Option<Language>,
    /// It may be on loopback or in a private network.
    pub allow_private_network: bool,
    /// What it has shown is erased after so long; `None`: it is kept, as far as the terms of its kind allow.
    pub keep_for: Option<Duration>,
    /// What it is.
    pub kind: Kind,
    /// Where it is written down.
    pub origin: Origin,
    /// What stands after `from.KIND`, by name, as people may see it: whatever could be a key is left out.
    pub settings: Vec<(String, String)>,
}

/// Where a source is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// In the file that the operator writes, and nobody else.
    File,
    /// In [`ADDED`], which the pages write.
    Added,
}

impl Origin {
    /// The file.
    pub const fn file(self) -> &'static str {
        match self {
            Self::File => "sources.toml",
            Self::Added => ADDED,
        }
    }
}

/// The file beside the data with the sources that were added on a page.
pub const ADDED: &str = "sources.added.toml";

/// `[alert]`
#[derive(Clone, Debug)]
pub struct Alerting {
    /// Who gets a mail.
    pub to: Vec<Recipient>,
    /// In which people are told who have no language of their own.
    pub language: Language,
    /// The promise, for the whole account.
    pub rule: Rule,
    /// In which the mails give times.
    pub time_zone: Tz,
    /// When nothing is delivered; it waits until these hours are over.
    pub quiet_hours: Option<QuietHours>,
    /// After a mail, further findings of the same kind about the same brand are stored and not mailed for this long.
    pub cool_down: Duration,
}

/// `[analyse] transformer`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transformer {
    /// Where its files are.
    pub folder: PathBuf,
    /// What its labels mean, where their names do not say it.
    pub labels: BTreeMap<String, Label>,
}

/// Somebody who gets mails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// `name@example.org`, or with a name before it.
    pub address: String,
    /// In which the mails are written: German, else English.
    pub language: Language,
}

impl Recipient {
    /// The address without the name before it.
    pub fn mailbox(&self) -> &str {
        mailbox(&self.address)
    }

    /// As the database knows the address: alone, in lower case.
    pub fn key(&self) -> String {
        self.mailbox().to_lowercase()
    }
}

/// `erika@example.org` of `Erika <erika@example.org>`.
fn mailbox(address: &str) -> &str {
    let address = address.trim().trim_end_matches('>');
    address.rsplit_once('<').map_or(address, |(_, address)| address).trim()
}

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file was read, and is wrong.
    #[error(transparent)]
    Wrong(#[from] Problems),
    /// The folder of templates, or a file in it, cannot be read.
    #[error("cannot read {}, where `templates` under [outreach] says that templates are", path.display())]
    Templates {
        /// The folder, or the file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Templates were read, and are wrong: each file's mistakes.
    #[error("{}", problem::all(.0))]
    WrongTemplates(Vec<Problems>),
}

impl ConfigError {
    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Read { source, .. } if source.kind() == std::io::ErrorKind::NotFound => {
                Some("name the file with --config FILE, or run `stimmung demo` to see it work without one")
            }
            Self::Templates { .. } => {
                Some("make the folder, or leave the line out to have only the templates that come along")
            }
            Self::Read { .. } | Self::Wrong(_) | Self::WrongTemplates(_) => None,
        }
    }
}

impl Config {
    /// Reads and checks a file.
    ///
    /// # Errors
    /// When it cannot be read, or with everything that is wrong in it.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let text =
            std::fs::read_to_string(path).map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
        Ok(Self::parse(&text, &path.display().to_string())?)
    }

    /// Checks a text; `file` is what messages call it.
    ///
    /// # Errors
    /// Everything that is wrong in it.
    pub fn parse(text: &str, file: &str) -> Result<Self, Problems> {
        read::read(text).map_err(|problems| Problems::new(file, text, problems))
    }

    /// With the sources that were added on a page, whose file lies in the folder of data; if there is one.
    ///
    /// # Errors
    /// When it is there and cannot be read, or with everything that is wrong in it.
    pub fn with_added(mut self, data: &Path) -> Result<Self, ConfigError> {
        let path = data.join(ADDED);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(self),
            Err(source) => return Err(ConfigError::Read { path, source }),
        };
        let added = self.parse_added(&text, &path.display().to_string())?;
        self.sources.extend(added);
        Ok(self)
    }

    /// Checks the text of such a file against this configuration; `file` is what messages call it.
    ///
    /// # Errors
    /// Everything that is wrong in it.
    pub fn parse_added(&self, text: &str, file: &str) -> Result<Vec<Source>, Problems> {
        let own: Vec<Source> = self.sources.iter().filter(|source| source.origin == Origin::File).cloned().collect();
        source::added(text, &self.brands, &own).map_err(|problems| Problems::new(file, text, problems))
    }

    /// The brands that people are told of: all but competitors.
    pub fn own_brands(&self) -> impl Iterator<Item = &Brand> {
        self.brands.iter().filter(|brand| brand.competitor_of.is_none())
    }

    /// What each of them has to keep: the promise is for the account, and they share it.
    pub fn rule_of_each(&self) -> Rule {
        self.alert.rule.shared_among(self.own_brands().count())
    }

    /// The source of that name.
    pub fn source(&self, id: &str) -> Option<&Source> {
        self.sources.iter().find(|source| source.id.as_str() == id)
    }
}

#[cfg(test)]
mod tests;
