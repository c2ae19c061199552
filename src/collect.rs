//! From a source's own format to mentions: one file for each kind, with its settings, its `collect()` and its pure `parse()`.
//!
//! A new kind is a file beside these, and here its `mod` and a line of `kinds!`.

use std::time::Duration;

use serde::{Deserialize, Deserializer};
use url::Url;

use crate::http::{FetchError, Fetcher, Validators};
use crate::mention::{Grade, Mention, Timestamp};
use crate::secret::{SecretError, SecretPlace};
use crate::tongue::{Said, said};

pub use about::{About, Detail};
pub use answer::AnswerError;
pub use look::Look;
pub use recheck::{Recheck, RecheckLimits};

mod about;
mod answer;
pub mod app_store;
pub mod app_store_connect;
pub mod bluesky;
mod credentials;
pub mod discourse;
pub mod etrusted;
pub mod feed;
pub mod github;
mod google;
pub mod google_business;
pub mod google_places;
pub mod google_play;
pub mod hacker_news;
pub mod json;
mod jwt;
mod keys;
pub mod lemmy;
mod look;
pub mod mailbox;
mod markdown;
pub mod mastodon;
pub mod mozilla_addons;
mod pages;
pub mod proven_expert;
mod recheck;
pub mod reddit;
pub mod schema_org;
pub mod stack_exchange;
pub mod steam;
pub mod suggest;
pub mod terms;
pub mod trusted_shops;
pub mod trustpilot;
pub mod youtube;

/// All there is to say about a kind in this file: its module, and its type in there. A module has beside that type, which is
/// what stands in `sources.toml`, a `const ABOUT: About` and a `collect(&kind, &round)`.
///
/// A kind that takes keys has a `secrets(&kind)` as well, and says so by `with secrets`; one that can look up what it
/// has shown has a `recheck_limits(&kind)` and a `recheck(&kind, &known, &round)`, and says so by `with recheck`; one that
/// takes answers has a `takes_answers(&kind)` and an `answer(&kind, id, text, &round)`, and says so by `with answer`; one of
/// which nothing may be kept has a `look(&kind, &round)`, and says so by `with look`.
macro_rules! kinds {
    (@secrets $kind:expr, $module:ident) => { Vec::new() };
    (@secrets $kind:expr, $module:ident secrets $($more:ident)*) => { $module::secrets($kind) };
    (@secrets $kind:expr, $module:ident $other:ident $($more:ident)*) => { kinds!(@secrets $kind, $module $($more)*) };
    (@limits $kind:expr, $module:ident) => { None };
    (@limits $kind:expr, $module:ident recheck $($more:ident)*) => { $module::recheck_limits($kind) };
    (@limits $kind:expr, $module:ident $other:ident $($more:ident)*) => { kinds!(@limits $kind, $module $($more)*) };
    (@recheck $call:tt, $module:ident) => { Ok(Recheck::default()) };
    (@recheck ($kind:expr, $known:expr, $round:expr), $module:ident recheck $($more:ident)*) => {
        Box::pin($module::recheck($kind, $known, $round)).await
    };
    (@recheck $call:tt, $module:ident $other:ident $($more:ident)*) => { kinds!(@recheck $call, $module $($more)*) };
    (@takes_answers $kind:expr, $module:ident) => { false };
    (@takes_answers $kind:expr, $module:ident answer $($more:ident)*) => { $module::takes_answers($kind) };
    (@takes_answers $kind:expr, $module:ident $other:ident $($more:ident)*) => {
        kinds!(@takes_answers $kind, $module $($more)*)
    };
    (@answer $call:tt, $module:ident) => { Err(no_answers().into()) };
    (@answer ($kind:expr, $id:expr, $text:expr, $round:expr), $module:ident answer $($more:ident)*) => {
        Box::pin($module::answer($kind, $id, $text, $round)).await
    };
    (@answer $call:tt, $module:ident $other:ident $($more:ident)*) => { kinds!(@answer $call, $module $($more)*) };
    (@only_shown $module:ident) => { false };
    (@only_shown $module:ident look $($more:ident)*) => { true };
    (@only_shown $module:ident $other:ident $($more:ident)*) => { kinds!(@only_shown $module $($more)*) };
    (@look $call:tt, $module:ident) => { Err(no_look()) };
    (@look ($kind:expr, $round:expr), $module:ident look $($more:ident)*) => { Box::pin($module::look($kind, $round)).await };
    (@look $call:tt, $module:ident $other:ident $($more:ident)*) => { kinds!(@look $call, $module $($more)*) };
    ($($module:ident::$kind:ident $(with $($able:ident)and+)?),+ $(,)?) => {
        /// `from.KIND = { … }` in `sources.toml`.
        #[derive(Clone, Debug, PartialEq, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Kind {
            $(#[doc = concat!("See [`", stringify!($module), "`].")] $kind($module::$kind)),+
        }

        impl Kind {
            /// Every kind that there is.
            pub const ALL: &'static [About] = &[$($module::ABOUT),+];

            /// What it is.
            pub const fn about(&self) -> About {
                match self {
                    $(Self::$kind(_) => $module::ABOUT),+
                }
            }
        }

        impl Kind {
            /// The keys that it takes: the setting that names each (without `_env` or `_file`), and where it is.
            pub fn secrets(&self) -> Vec<(&'static str, SecretPlace)> {
                match self {
                    $(Self::$kind(_kind) => kinds!(@secrets _kind, $module $($($able)+)?)),+
                }
            }

            /// What of it is looked up again; `None`: it cannot be.
            pub fn recheck_limits(&self) -> Option<RecheckLimits> {
                match self {
                    $(Self::$kind(_kind) => kinds!(@limits _kind, $module $($($able)+)?)),+
                }
            }

            /// Whether one can answer there by [`answer`], with what its settings say.
            pub fn takes_answers(&self) -> bool {
                match self {
                    $(Self::$kind(_kind) => kinds!(@takes_answers _kind, $module $($($able)+)?)),+
                }
            }

            /// Whether what it says may be shown by [`look`] and not be kept: its rounds bring no mentions.
            pub const fn is_only_shown(&self) -> bool {
                match self {
                    $(Self::$kind(_) => kinds!(@only_shown $module $($($able)+)?)),+
                }
            }
        }

        /// Makes one round.
        ///
        /// # Errors
        /// When the source could not be asked, or did not answer in its format.
        pub async fn collect(kind: &Kind, round: &Round<'_>) -> Result<Batch, CollectError> {
            match kind {
                $(Kind::$kind(kind) => Box::pin($module::collect(kind, round)).await),+
            }
        }

        /// Looks up what is known of a source, by native ids.
        ///
        /// # Errors
        /// When nothing could be asked, or no answer was in the source's format.
        pub async fn recheck(kind: &Kind, known: &[String], round: &Round<'_>) -> Result<Recheck, CollectError> {
            match kind {
                $(Kind::$kind(_kind) => kinds!(@recheck (_kind, known, round), $module $($($able)+)?)),+
            }
        }

        /// What a source says at this moment, to be shown and not kept.
        ///
        /// # Errors
        /// When the source could not be asked, or did not answer in its format; where what it says is kept.
        pub async fn look(kind: &Kind, round: &Round<'_>) -> Result<Look, CollectError> {
            match kind {
                $(Kind::$kind(_kind) => kinds!(@look (_kind, round), $module $($($able)+)?)),+
            }
        }

        /// Publishes an answer to a mention, by its native id. Who answers twice has changed the answer.
        ///
        /// # Errors
        /// Where the source does not have it, or not certainly.
        pub async fn answer(kind: &Kind, id: &str, text: &str, round: &Round<'_>) -> Result<(), AnswerError> {
            match kind {
                $(Kind::$kind(_kind) => kinds!(@answer (_kind, id, text, round), $module $($($able)+)?)),+
            }
        }
    };
}

kinds! {
    feed::Feed,
    app_store::AppStore,
    hacker_news::HackerNews,
    json::Json,
    discourse::Discourse,
    mastodon::Mastodon with secrets and recheck,
    lemmy::Lemmy,
    steam::Steam,
    mozilla_addons::MozillaAddons,
    schema_org::SchemaOrg,
    github::Github with secrets,
    stack_exchange::StackExchange,
    google_business::GoogleBusiness with secrets and answer,
    app_store_connect::AppStoreConnect with secrets and answer,
    google_places::GooglePlaces with secrets and look,
    google_play::GooglePlay with secrets and answer,
    youtube::Youtube with secrets and recheck,
    trusted_shops::TrustedShops,
    trustpilot::Trustpilot with secrets and answer,
    etrusted::Etrusted with secrets,
    proven_expert::ProvenExpert with secrets,
    reddit::Reddit with secrets and recheck,
    mailbox::Mailbox with secrets,
    bluesky::Bluesky with secrets and recheck,
}

fn no_answers() -> CollectError {
    CollectError::Refused {
        message: said("Dort kann man nur von Hand antworten", "one can answer there by hand only").into(),
        hint: None,
        retry_after: None,
    }
}

fn no_look() -> CollectError {
    CollectError::Refused {
        message: said("Was diese Quelle sagt, wird behalten", "what this source says is kept").into(),
        hint: Some(said("Sehen Sie bei den Erwähnungen nach", "look among the mentions")),
        retry_after: None,
    }
}

impl Kind {
    /// The name in `sources.toml`.
    pub const fn name(&self) -> &'static str {
        self.about().name
    }

    /// Its rounds bring mentions. Where they do not, that nothing is said there tells nothing.
    pub fn brings_mentions(&self) -> bool {
        !self.is_only_shown() && self.about().brings != [Detail::Grade]
    }

    /// How long the terms of such a source allow to keep what it has not confirmed since, where they say so.
    pub const fn longest_kept(&self) -> Option<Duration> {
        self.about().longest_kept
    }

    /// As [`About::hears_everybody`].
    pub fn hears_everybody(&self) -> bool {
        (self.about().hears_everybody)(self)
    }
}

/// Where a source was left off; kept in the source's row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// What the server wants to see again.
    pub validators: Validators,
    /// A permanent redirect, and how often in a row it was seen; from the third time on it is the address.
    pub moved: Option<(String, u32)>,
    /// What else the kind has to remember.
    pub position: Option<String>,
}

/// An address that can be asked: `http` or `https`.
fn web_address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Url, D::Error> {
    let url = Url::deserialize(deserializer)?;
    match url.scheme() {
        "http" | "https" => Ok(url),
        scheme => Err(serde::de::Error::custom(format!("`{scheme}` is no web address: write http:// or https://"))),
    }
}

/// A server by its name, as in `mastodon.social`, or by its address.
fn instance<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Url, D::Error> {
    server(&String::deserialize(deserializer)?, "mastodon.social").map_err(serde::de::Error::custom)
}

/// A server by its name or by its address; the message for what is none names an example.
fn server(written: &str, example: &str) -> Result<Url, String> {
    let address = if written.contains("://") { written.to_owned() } else { format!("https://{written}") };
    let is_server = |url: &Url| url.username().is_empty() && url.path() == "/" && url.query().is_none();
    let url = Url::parse(&address).ok().filter(|url| matches!(url.scheme(), "http" | "https") && is_server(url));
    url.ok_or_else(|| format!("`{written}` is no server: write its name, as in \"{example}\""))
}

/// What one round brought.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Batch {
    /// In the order of the source.
    pub mentions: Vec<Mention>,
    /// What the source says of the whole profile; `None` is no news of it.
    pub grade: Option<Grade>,
    /// What the source says was deleted, by native id.
    pub removed: Vec<String>,
    /// Whose accounts are gone, by the key of [`crate::mention::Author`]: with them goes all that they wrote before these
    /// mentions.
    pub removed_authors: Vec<String>,
    /// For the next round.
    pub cursor: Cursor,
    /// The server said that nothing changed; `mentions` is empty.
    pub not_modified: bool,
    /// What a person should know although the round succeeded ("3 entries had neither text nor rating").
    pub notes: Vec<String>,
    /// The source asks not to be called again for this long.
    pub rest: Option<Duration>,
    /// How many more requests the source would answer before its limit, if it says so.
    pub quota_left: Option<u64>,
}

/// Why a round brought nothing.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// No page.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// A key that the source needs is not there.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// A page, but not in the source's format.
    #[error("{message}")]
    Format {
        /// What it is instead, in a few words.
        message: Said,
        /// What to do about it.
        hint: Said<&'static str>,
    },
    /// No page, and the source says why.
    #[error("{message}")]
    Refused {
        /// What it says, in plain text.
        message: Said,
        /// What to do about it.
        hint: Option<Said<&'static str>>,
        /// How long it is of no use to ask again.
        retry_after: Option<Duration>,
    },
}

impl CollectError {
    /// How long the server asked to be left alone.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Fetch(error) => error.retry_after(),
            Self::Refused { retry_after, .. } => *retry_after,
            Self::Secret(_) | Self::Format { .. } => None,
        }
    }

    /// Why, in both languages.
    pub fn words(&self) -> Said {
        let german = match self {
            Self::Fetch(error) => error.german(),
            Self::Secret(error) => error.german(),
            Self::Format { message, .. } | Self::Refused { message, .. } => message.german.clone(),
        };
        Said { german, english: self.to_string() }
    }

    /// What the operator can do about it.
    pub fn hint(&self) -> Option<Said<&'static str>> {
        match self {
            Self::Fetch(error) => error.hint(),
            Self::Secret(_) => None,
            Self::Format { hint, .. } => Some(*hint),
            Self::Refused { hint, .. } => *hint,
        }
    }
}

/// Everything a kind needs for one round.
pub struct Round<'a> {
    /// Where it was left off.
    pub cursor: &'a Cursor,
    /// The way out.
    pub fetcher: &'a Fetcher,
    /// The source may be on loopback or in a private network.
    pub allow_private_network: bool,
    /// The time of the round: when it began.
    pub now: Timestamp,
    /// Whether a text names a brand, for kinds that hear more than anybody could keep; others hand over all they are told.
    pub is_wanted: &'a (dyn Fn(&str) -> bool + Sync),
    /// A kind that stays on the line hangs up after so long, whatever its settings say.
    pub listen_at_most: Option<Duration>,
}

#[cfg(test)]
mod behaviour;
