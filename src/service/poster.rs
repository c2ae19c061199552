//! The way out to channels other than mail, with the secrets that it takes.

use std::collections::HashMap;

use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use super::OpenError;
use crate::config::Config;
use crate::http::Fetcher;
use crate::notify::{Channel, ChannelKind, Door, Poster};
use crate::secret::SecretPlace;

/// A secret is not what its channel takes. Never contains any of it.
#[derive(Debug, thiserror::Error)]
pub enum ChannelError {
    /// No address at all.
    #[error("`{key}` does not hold an address of the web: copy the whole of it, from https:// on")]
    NoAddress {
        /// The setting without its ending.
        key: String,
    },
    /// Everybody on the way could read the secret in it.
    #[error(
        "the address that `{key}` holds does not begin with https://: only with `allow_private_network = true` may it do without"
    )]
    Unencrypted {
        /// The setting without its ending.
        key: String,
    },
}

/// The doors of all channels.
///
/// # Errors
/// When a secret that a channel names is not to be had, or is no address.
pub fn poster(config: &Config, fetcher: &Fetcher) -> Result<Poster, OpenError> {
    let mut doors = HashMap::new();
    for channel in &config.channels {
        doors.insert(channel.name.clone(), door(channel)?);
    }
    Ok(Poster::new(fetcher.clone(), doors))
}

fn door(channel: &Channel) -> Result<Door, OpenError> {
    let key = |what: &str| format!("channel.{}.{what}", channel.name);
    let (url, secret) = match &channel.kind {
        ChannelKind::Teams(place) => (address(channel, &key("teams.url"), place)?, None),
        ChannelKind::Slack(place) => (address(channel, &key("slack.url"), place)?, None),
        ChannelKind::Webhook { url, secret } => (url.clone(), Some(read(&key("webhook.secret"), secret)?)),
    };
    Ok(Door { url, secret, allow_private_network: channel.allow_private_network })
}

fn address(channel: &Channel, key: &str, place: &SecretPlace) -> Result<Url, OpenError> {
    let key = key.to_owned();
    let url = Url::parse(read(&key, place)?.expose_secret().trim())
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    match url {
        None => Err(ChannelError::NoAddress { key }.into()),
        Some(url) if !channel.may_ask(&url) => Err(ChannelError::Unencrypted { key }.into()),
        Some(url) => Ok(url),
    }
}

fn read(key: &str, place: &SecretPlace) -> Result<SecretString, OpenError> {
    // The configuration has made sure that one of the two is named.
    Ok(place.read(key)?.unwrap_or_default())
}
