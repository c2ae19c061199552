//! The stream: a round stays on the line of a Jetstream for a while and hands over what it heard, so that all of it is
//! saved with the place where the next round goes on. After a crash or an outage nothing is lost that is not older than
//! what Jetstream keeps.
//!
//! Some fifty posts a second are more than anybody wants to keep, so only what names a brand is handed over; and all that
//! is deleted, for nobody here knows what of it was kept. An edit that takes the brand out of a post takes the post out,
//! too. Whose account is gone is taken out for good, also where it was put to rest by its owner and comes back.
//!
//! This is the first version of the protocol, which its hosts are said to go on speaking; that `maxMessageSizeBytes` is
//! obeyed everywhere is not certain.

use std::time::Duration;

use serde::{Deserialize, Deserializer};
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::post::COLLECTION;
use crate::collect::pages::{format_error, no_address};
use crate::collect::{Batch, CollectError, Cursor, Round, server};
use crate::duration;
use crate::http::Request;
use crate::mention::{Language, Timestamp};
use crate::tongue::{Said, said};
use heard::Heard;

mod event;
mod heard;

/// A source that is due every minute is on the line nearly all the time, with a moment to spare for saving.
const LISTEN_FOR: Duration = Duration::from_secs(55);
const SHORTEST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_mins(10);

/// In one round: after an outage more is told than can be kept in mind.
const MOST_EVENTS: usize = 200_000;

/// A post is much smaller, even with all its links.
const LARGEST_EVENT: &str = "100000";

/// Microseconds that are heard again, because events are not quite in the order of their times.
const OVERLAP: i64 = 5_000_000;

/// How far back a Jetstream reaches.
const REACH: i64 = 36 * 3600;

/// Clocks differ; a time further ahead than this many seconds is nonsense.
const LEEWAY: i64 = 3600;

const MICROSECONDS: i64 = 1_000_000;

const HINT: Said<&'static str> = said(
    "Prüfen Sie „host“: Es muss ein Jetstream sein wie jetstream.us-east.bsky.network",
    "check `host`: it must be a Jetstream, as jetstream.us-east.bsky.network is",
);

/// `from.bluesky = { stream = {} }`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stream {
    /// The Jetstream that is asked, by its name or address.
    #[serde(default = "jetstream", deserialize_with = "host")]
    pub host: Url,
    /// Only posts that say they are in one of these, and those that do not say what they are in; none: all.
    #[serde(default)]
    pub languages: Vec<Language>,
    /// How long a round stays on the line, between one second and ten minutes.
    #[serde(default = "listen_for", deserialize_with = "length")]
    pub listen_for: Duration,
}

fn jetstream() -> Url {
    Url::parse("https://jetstream.us-east.bsky.network/").expect("an address")
}

/// `wss://` is how a web socket is called, and `https://` how it is asked for.
fn host<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Url, D::Error> {
    let written = String::deserialize(deserializer)?;
    let web = match written.split_once("://") {
        Some(("wss", rest)) => format!("https://{rest}"),
        Some(("ws", rest)) => format!("http://{rest}"),
        _ => written,
    };
    server(&web, "jetstream.us-east.bsky.network").map_err(serde::de::Error::custom)
}

fn listen_for() -> Duration {
    LISTEN_FOR
}

fn length<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let length = duration::deserialize(deserializer)?;
    let message = "`listen_for` must be between 1s and 10m: with `every = \"1m\"`, 55s leave nothing out";
    if (SHORTEST..=LONGEST).contains(&length) { Ok(length) } else { Err(serde::de::Error::custom(message)) }
}

/// One round: what was said since the last one and what is said for a while; at first contact what is said from now on.
///
/// # Errors
/// Where there is no stream, or it says nothing at all: silence is no calm.
pub(super) async fn collect(kind: &Stream, round: &Round<'_>) -> Result<Batch, CollectError> {
    let known = known(round.cursor);
    let mut heard = Heard::new(&kind.languages, round.is_wanted, latest(round.now, kind.listen_for));
    let request = Request::new(kind.address(known)?, "application/json", round.allow_private_network);
    let mut socket = round.fetcher.listen(&request).await?;
    let time = round.listen_at_most.map_or(kind.listen_for, |most| most.min(kind.listen_for));
    let until = Instant::now() + time;
    let mut broken = None;
    // The clock is looked at as well: while a backlog is sent, there is always something to hear.
    while heard.count() < MOST_EVENTS && Instant::now() < until {
        match timeout_at(until, socket.hear()).await {
            Ok(Ok(Some(message))) => heard.take(&message),
            Ok(Ok(None)) => break,
            Ok(Err(error)) => {
                broken = Some(error);
                break;
            }
            Err(_) => {
                socket.close().await;
                break;
            }
        }
    }
    match broken {
        Some(error) if heard.count() == 0 => return Err(error.into()),
        _ if heard.newest().is_none() => return Err(format_error(heard.nothing(), HINT)),
        _ => {}
    }
    let mut batch = heard.batch();
    batch.notes.extend(broken.map(|error| format!("the line broke, and the next round goes on where it did: {error}")));
    batch.notes.extend(known.and_then(|known| gap(known, round.now)));
    batch.cursor.position = heard.newest().max(known).map(position);
    Ok(batch)
}

impl Stream {
    fn address(&self, known: Option<i64>) -> Result<Url, CollectError> {
        let mut url = self.host.join("subscribe").map_err(|_| no_address(HINT))?;
        let mut query = url.query_pairs_mut();
        query.append_pair("wantedCollections", COLLECTION).append_pair("maxMessageSizeBytes", LARGEST_EVENT);
        if let Some(known) = known {
            query.append_pair("cursor", &known.saturating_sub(OVERLAP).to_string());
        }
        drop(query);
        Ok(url)
    }
}

/// The time of the newest event that is known, in microseconds. It means the same to every Jetstream.
fn known(cursor: &Cursor) -> Option<i64> {
    let (newest, _) = cursor.position.as_deref()?.split_once(' ').filter(|(_, of)| *of == "stream")?;
    newest.parse().ok().filter(|newest| *newest > 0)
}

fn position(newest: i64) -> String {
    format!("{newest} stream")
}

/// No event of a round can be of a later time, in microseconds.
fn latest(now: Timestamp, listen_for: Duration) -> i64 {
    let seconds = i64::try_from(listen_for.as_secs()).unwrap_or(0) + LEEWAY;
    now.plus_seconds(seconds).seconds().saturating_mul(MICROSECONDS)
}

/// What nobody can hear any more.
fn gap(known: i64, now: Timestamp) -> Option<String> {
    let (known, reach) = (Timestamp::from_seconds(known / MICROSECONDS), now.plus_seconds(-REACH));
    (known < reach).then(|| format!("what was posted between {known} and {reach} cannot be heard any more"))
}
