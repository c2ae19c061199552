//! The settings as they are written.

use std::path::PathBuf;

use serde::Deserialize;
use url::Url;

use super::GoogleBusiness;
use crate::collect::{google, keys};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    account: String,
    location: String,
    client_id: String,
    client_secret_env: Option<String>,
    client_secret_file: Option<PathBuf>,
    refresh_token_env: Option<String>,
    refresh_token_file: Option<PathBuf>,
    #[serde(default = "base", deserialize_with = "crate::collect::web_address")]
    base: Url,
    #[serde(default = "token_url", deserialize_with = "crate::collect::web_address")]
    token_url: Url,
}

fn base() -> Url {
    Url::parse("https://mybusiness.googleapis.com/").expect("an address")
}

fn token_url() -> Url {
    Url::parse(google::TOKENS).expect("an address")
}

impl TryFrom<Written> for GoogleBusiness {
    type Error = String;

    /// # Errors
    /// All mistakes at once.
    fn try_from(written: Written) -> Result<Self, String> {
        let account = number("account", &written.account);
        let location = number("location", &written.location);
        let is_empty = written.client_id.trim().is_empty();
        let client_id = if is_empty { Err("`client_id` is empty".to_owned()) } else { Ok(written.client_id) };
        let client_secret = keys::place("client_secret", written.client_secret_env, written.client_secret_file);
        let refresh_token = keys::place("refresh_token", written.refresh_token_env, written.refresh_token_file);
        match (account, location, client_id, client_secret, refresh_token) {
            (Ok(account), Ok(location), Ok(client_id), Ok(client_secret), Ok(refresh_token)) => {
                let Written { base, token_url, .. } = written;
                Ok(Self { account, location, client_id, client_secret, refresh_token, base, token_url })
            }
            (account, location, client_id, client_secret, refresh_token) => {
                let strings = [account.err(), location.err(), client_id.err()];
                let places = [client_secret.err(), refresh_token.err()];
                Err(strings.into_iter().chain(places).flatten().collect::<Vec<_>>().join("; "))
            }
        }
    }
}

/// An id as the API names it: with `accounts/` or `locations/` before it, or without.
fn number(setting: &str, written: &str) -> Result<String, String> {
    let number = written.strip_prefix(&format!("{setting}s/")).unwrap_or(written);
    let fits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let message = || format!("`{written}` is no {setting}: write its number, as in \"1234567890123456789\"");
    if fits { Ok(number.to_owned()) } else { Err(message()) }
}
