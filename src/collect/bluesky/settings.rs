//! What stands in `sources.toml`, and everything that can be wrong with it.

use std::path::PathBuf;

use serde::{Deserialize, Deserializer};
use url::Url;

use super::Bluesky;
use super::search::{Search, bluesky};
use super::stream::Stream;
use crate::collect::{keys, web_address};

/// As it is written; see [`Bluesky`].
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    stream: Option<Stream>,
    search: Option<String>,
    user: Option<String>,
    password_env: Option<String>,
    password_file: Option<PathBuf>,
    /// Another server than Bluesky's own, where the account is.
    #[serde(default, deserialize_with = "server")]
    base: Option<Url>,
}

fn server<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Url>, D::Error> {
    web_address(deserializer).map(Some)
}

impl TryFrom<Written> for Bluesky {
    type Error = String;

    /// # Errors
    /// All mistakes at once.
    fn try_from(written: Written) -> Result<Self, String> {
        let Written { stream, search, user, password_env, password_file, base } = written;
        match (stream, search) {
            (None, None) => {
                Err("write `stream = {}` to hear all posts, or `search` with what they must name".to_owned())
            }
            (Some(_), Some(_)) => Err("`stream` and `search` are two ways to listen: keep one of them".to_owned()),
            (Some(stream), None) => {
                let is_alone = user.is_none() && password_env.is_none() && password_file.is_none() && base.is_none();
                let mistake = "`stream` needs no account: leave `user`, its password and `base` out";
                if is_alone { Ok(Self::Stream(stream)) } else { Err(mistake.to_owned()) }
            }
            (None, Some(search)) => {
                let mut mistakes = Vec::new();
                if search.trim().is_empty() {
                    mistakes.push("`search` is empty: write what posts must name".to_owned());
                }
                let written = user.unwrap_or_default();
                let user = written.strip_prefix('@').unwrap_or(&written).to_owned();
                if !user.contains(['.', ':']) || user.contains(char::is_whitespace) {
                    mistakes.push("`user` is no account: write its handle, as in \"name.bsky.social\"".to_owned());
                }
                let password = keys::place("password", password_env, password_file);
                match password.map_err(|mistake| mistakes.push(mistake)) {
                    Ok(password) if mistakes.is_empty() => {
                        Ok(Self::Search(Search { search, user, password, base: base.unwrap_or_else(bluesky) }))
                    }
                    _ => Err(mistakes.join("; ")),
                }
            }
        }
    }
}
