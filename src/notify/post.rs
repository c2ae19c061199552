//! Delivers to the channels that are asked by HTTP.

use std::collections::HashMap;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{Attempt, Delivery, Letter, webhook};
use crate::http::{Body, Call, CallError, Called, FetchError, Fetcher, Header, Method};
use crate::mention::Timestamp;

/// The way into a channel, its secrets at hand. Never printed.
pub struct Door {
    /// Where to.
    pub url: Url,
    /// Signs what is sent, if the other side wants that.
    pub secret: Option<SecretString>,
    /// It may be on loopback or in a private network.
    pub allow_private_network: bool,
}

/// Delivers letters to channels, one at a time or several at once.
pub struct Poster {
    fetcher: Fetcher,
    doors: HashMap<String, Door>,
}

impl Poster {
    /// With the doors by the names of their channels.
    pub fn new(fetcher: Fetcher, doors: HashMap<String, Door>) -> Self {
        Self { fetcher, doors }
    }

    /// Makes one attempt at `now`. The same letter may be given again: it keeps its id.
    pub async fn deliver(&self, letter: &Letter, now: Timestamp) -> Attempt {
        let Some(door) = self.doors.get(&letter.channel) else {
            return Delivery::Refused { error: gone(&letter.channel) }.into();
        };
        let headers = door.headers(letter, now);
        let body = Body::Json(letter.mail.text.as_str().into());
        let call = Call {
            method: Method::Post,
            url: &door.url,
            headers: &headers,
            body: Some(&body),
            key: None,
            allow_private_network: door.allow_private_network,
        };
        match self.fetcher.call(call).await {
            Ok(called) => Attempt {
                code: Some(called.status),
                pause: called.retry_after,
                ..answered(&letter.channel, &called).into()
            },
            Err(error) => Attempt { pause: error.error.retry_after(), ..unanswered(&letter.channel, &error).into() },
        }
    }
}

impl Door {
    /// Who knows the secret can tell that it was us, when, and which letter it was.
    fn headers(&self, letter: &Letter, now: Timestamp) -> Vec<Header> {
        let Some(secret) = &self.secret else { return Vec::new() };
        let signature = webhook::signature(secret.expose_secret().as_bytes(), now.seconds(), &letter.mail.text);
        let header = |name: &'static str, value: String| Header { name: name.into(), value: value.into() };
        vec![
            header("stimmung-timestamp", now.seconds().to_string()),
            header("stimmung-signature", signature),
            header("stimmung-delivery", letter.id.clone()),
        ]
    }
}

fn gone(channel: &str) -> String {
    format!("there is no channel `{channel}` in sources.toml any more: add it again, or let the routes name another")
}

fn answered(channel: &str, called: &Called) -> Delivery {
    let status = called.status;
    let error = format!("channel `{channel}` answered {status}");
    match status {
        200..=299 => Delivery::Sent,
        408 | 425 | 429 | 500.. => Delivery::Later { error, hint: None },
        404 | 410 => Delivery::Refused { error: format!("{error}: make a new webhook there, and store its address") },
        300..=399 => Delivery::Refused { error: format!("{error}, a redirect: store the address that it leads to") },
        _ => Delivery::Refused { error: format!("{error}: check its address, and what it lets in") },
    }
}

fn unanswered(channel: &str, failed: &CallError) -> Delivery {
    let cause = std::error::Error::source(&failed.error).map_or_else(String::new, |cause| format!(": {cause}"));
    let error = match &failed.error {
        // It would show the address, which may be the secret.
        FetchError::Scheme { .. } => format!("channel `{channel}`: its address cannot be asked"),
        _ => format!("channel `{channel}`: {failed}{cause}"),
    };
    if failed.may_have_arrived {
        return Delivery::Unknown { error };
    }
    let private = "if the channel really is in your own network, write `allow_private_network = true` at the channel";
    let hint = match &failed.error {
        FetchError::PrivateNetwork { .. } => Some(private),
        other => other.hint().map(|hint| hint.english),
    };
    Delivery::Later { error, hint }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::Mail;

    /// One attempt to go to this address.
    async fn attempt(url: &str, allow_private_network: bool) -> Delivery {
        let door = Door { url: Url::parse(url).unwrap(), secret: None, allow_private_network };
        let fetcher = Fetcher::new(&crate::http::Settings::default()).unwrap();
        let (channel, mail) =
            ("team".to_owned(), Mail { subject: String::new(), text: "{}".into(), html: String::new(), picture: None });
        let written_at = Timestamp::from_seconds(0);
        let letter = Letter {
            id: "7".into(),
            to: channel.clone(),
            channel,
            mail,
            reply_to_thread: None,
            list: None,
            written_at,
        };
        Poster::new(fetcher, HashMap::from([("team".to_owned(), door)])).deliver(&letter, written_at).await.delivery
    }

    #[tokio::test]
    async fn who_is_not_there_is_asked_later_and_the_address_stays_a_secret() {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let delivery = attempt(&format!("http://127.0.0.1:{port}/geheim?sig=geheim"), true).await;
        assert!(matches!(delivery, Delivery::Later { hint: Some(_), .. }), "{delivery:?}");
        assert!(!format!("{delivery:?}").contains("geheim"), "{delivery:?}");
    }

    #[tokio::test]
    async fn a_private_network_is_asked_with_leave_only() {
        let Delivery::Later { hint, .. } = attempt("http://127.0.0.1:9/", false).await else { panic!("not sent") };
        assert!(hint.unwrap().contains("at the channel"));
    }

    #[test]
    fn an_answer_decides_what_becomes_of_a_letter() {
        let kind = |status| match answered("team", &Called { status, ..Called::default() }) {
            Delivery::Sent => "sent",
            Delivery::Later { .. } => "later",
            Delivery::Refused { .. } => "refused",
            Delivery::Unknown { .. } => "unknown",
        };
        assert_eq!([200, 202, 204].map(kind), ["sent"; 3]);
        assert_eq!([408, 425, 429, 500, 503].map(kind), ["later"; 5]);
        assert_eq!([301, 400, 401, 403, 404, 410, 413].map(kind), ["refused"; 7]);
    }
}
