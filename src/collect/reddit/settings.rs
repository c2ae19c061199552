//! What stands in `sources.toml`.

use std::path::PathBuf;

use serde::Deserialize;
use url::Url;

use super::Reddit;
use crate::collect::keys;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    /// Words, all of which must occur; in quotes a phrase.
    search: String,
    /// Only in this one, with or without `r/`.
    subreddit: Option<String>,
    /// Whom Reddit may write to about the app: a name on Reddit, with or without `u/`.
    user: String,
    client_id: String,
    client_secret_env: Option<String>,
    client_secret_file: Option<PathBuf>,
    /// Another server in the place of Reddit's; for tests and proxies.
    #[serde(default = "reddit", deserialize_with = "crate::collect::web_address")]
    base: Url,
    /// Where a token is asked for; for tests and proxies.
    #[serde(default = "login", deserialize_with = "crate::collect::web_address")]
    login: Url,
}

fn reddit() -> Url {
    Url::parse("https://oauth.reddit.com/").expect("an address")
}

fn login() -> Url {
    Url::parse("https://www.reddit.com/api/v1/access_token").expect("an address")
}

impl TryFrom<Written> for Reddit {
    type Error = String;

    /// # Errors
    /// All mistakes at once.
    fn try_from(written: Written) -> Result<Self, String> {
        let mut mistakes = Vec::new();
        if written.search.trim().is_empty() {
            mistakes.push("`search` is empty: write what posts must name".to_owned());
        }
        let mut name = |setting: &str, written: &str, mark: &str, example: &str| {
            let bare = written.trim_start_matches('/');
            let bare = bare.strip_prefix(mark).unwrap_or(bare);
            if bare.is_empty() || !bare.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
            {
                mistakes.push(format!("`{setting}` is no name on Reddit: write it as in \"{example}\""));
            }
            bare.to_owned()
        };
        let user = name("user", &written.user, "u/", "spez");
        let subreddit = written.subreddit.map(|written| name("subreddit", &written, "r/", "deutschebahn"));
        if written.client_id.trim().is_empty() || written.client_id.contains(':') {
            mistakes.push("`client_id` is none: write the one that Reddit shows below the app's name".to_owned());
        }
        let place = keys::place("client_secret", written.client_secret_env, written.client_secret_file);
        let place = place.map_err(|mistake| mistakes.push(mistake));
        match place {
            Ok(client_secret) if mistakes.is_empty() => Ok(Self {
                search: written.search,
                subreddit,
                user,
                client_id: written.client_id,
                client_secret,
                base: written.base,
                login: written.login,
            }),
            _ => Err(mistakes.join("; ")),
        }
    }
}
