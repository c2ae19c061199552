//! What stands in `sources.toml`.

use std::path::PathBuf;

use serde::Deserialize;
use url::Url;

use super::Etrusted;
use crate::collect::keys;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    client_id: String,
    client_secret_env: Option<String>,
    client_secret_file: Option<PathBuf>,
    /// Ids as in `chl-7f52…`; without them, all channels of the account.
    #[serde(default)]
    channels: Vec<String>,
    /// Another server in the place of eTrusted's; for tests and proxies.
    #[serde(default = "reviews", deserialize_with = "crate::collect::web_address")]
    base: Url,
    /// Where a token is asked for; for tests and proxies.
    #[serde(default = "login", deserialize_with = "crate::collect::web_address")]
    login: Url,
}

fn reviews() -> Url {
    Url::parse("https://api.etrusted.com/").expect("an address")
}

fn login() -> Url {
    Url::parse("https://login.etrusted.com/oauth/token").expect("an address")
}

impl TryFrom<Written> for Etrusted {
    type Error = String;

    /// # Errors
    /// All mistakes at once.
    fn try_from(written: Written) -> Result<Self, String> {
        let mut mistakes = Vec::new();
        if written.client_id.trim().is_empty() {
            mistakes.push("`client_id` is empty: write the one from the eTrusted control centre".to_owned());
        }
        for channel in written.channels.iter().filter(|channel| !channel.starts_with("chl-")) {
            mistakes.push(format!("`{channel}` is no channel: write its id, which begins with \"chl-\""));
        }
        let place = keys::place("client_secret", written.client_secret_env, written.client_secret_file);
        let place = place.map_err(|mistake| mistakes.push(mistake));
        match place {
            Ok(client_secret) if mistakes.is_empty() => Ok(Self {
                client_id: written.client_id,
                client_secret,
                channels: written.channels,
                base: written.base,
                login: written.login,
            }),
            _ => Err(mistakes.join("; ")),
        }
    }
}
