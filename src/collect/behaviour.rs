//! What every kind that reads an API has to do, whatever the API: each kind's tests call these with a site of its own.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::{
    AnswerError, Batch, CollectError, Cursor, Kind, Look, Recheck, Round, answer as send_answer, collect, look, recheck,
};
use crate::http::site::{Asked, Reply, Site, answer};
use crate::http::{FetchError, Fetcher, Settings};
use crate::mention::Timestamp;
use crate::tongue::{Said, said};

/// The time of all rounds: 2026-11-20T12:00:00Z.
pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_795_176_000);

/// A kind as it stands in `sources.toml` after `from.`, with `BASE` for the address of the site (without a slash at the end).
pub(crate) fn kind(example: &str, site: &Site) -> Kind {
    kind_at(example, site.url("/").as_str().trim_end_matches('/'))
}

/// The same with an address for `BASE`.
pub(crate) fn kind_at(example: &str, base: &str) -> Kind {
    let written = example.replace("BASE", base);
    #[derive(serde::Deserialize)]
    struct Written {
        from: Kind,
    }
    toml::from_str::<Written>(&format!("from.{written}")).unwrap_or_else(|error| panic!("{written}: {error}")).from
}

/// One round from where the last one left off.
pub(crate) async fn round(kind: &Kind, cursor: &Cursor) -> Result<Batch, CollectError> {
    round_by(kind, cursor, &fetcher()).await
}

fn fetcher() -> Fetcher {
    Fetcher::new(&Settings { gap_per_host: Duration::ZERO, ..Settings::default() }).unwrap()
}

async fn round_by(kind: &Kind, cursor: &Cursor, fetcher: &Fetcher) -> Result<Batch, CollectError> {
    let round =
        Round { cursor, fetcher, allow_private_network: true, now: NOW, is_wanted: &|_| true, listen_at_most: None };
    collect(kind, &round).await
}

/// Looks these up.
pub(crate) async fn look_up(kind: &Kind, known: &[&str]) -> Result<Recheck, CollectError> {
    let fetcher = Fetcher::new(&Settings { gap_per_host: Duration::ZERO, ..Settings::default() }).unwrap();
    let round = Round {
        cursor: &Cursor::default(),
        fetcher: &fetcher,
        allow_private_network: true,
        now: NOW,
        is_wanted: &|_| true,
        listen_at_most: None,
    };
    let known: Vec<String> = known.iter().map(|id| (*id).to_owned()).collect();
    recheck(kind, &known, &round).await
}

/// Looks at what it shows.
pub(crate) async fn look_at(kind: &Kind) -> Result<Look, CollectError> {
    let round = Round {
        cursor: &Cursor::default(),
        fetcher: &fetcher(),
        allow_private_network: true,
        now: NOW,
        is_wanted: &|_| true,
        listen_at_most: None,
    };
    look(kind, &round).await
}

/// Answers a mention.
pub(crate) async fn answer_to(kind: &Kind, id: &str, text: &str) -> Result<(), AnswerError> {
    let round = Round {
        cursor: &Cursor::default(),
        fetcher: &fetcher(),
        allow_private_network: true,
        now: NOW,
        is_wanted: &|_| true,
        listen_at_most: None,
    };
    send_answer(kind, id, text, &round).await
}

/// What was sent when somebody has answered `r 7/8` with a text that has quotes and umlauts: method, path, who asks, and body.
/// What may pass is told from what does not, and a pause that is asked for is kept.
pub(crate) async fn an_answer_is_sent(example: &str) -> String {
    let (told, hear) = std::sync::mpsc::channel();
    let told = Mutex::new(told);
    let site = Site::start(move |asked| {
        if asks_for_token(&asked.path) {
            return json(r#"{"access_token":"token","token_type":"Bearer"}"#);
        }
        let Asked { method, path, headers, body } = asked;
        let whose = headers["authorization"].split('.').next().unwrap_or_default();
        told.lock().unwrap().send(format!("{method} {path}\n{whose}\n{body}")).unwrap();
        json("{}")
    })
    .await;
    let there = kind(example, &site);
    assert!(there.takes_answers());
    answer_to(&there, "r 7/8", "Guten Tag „Jana“, \"ja\".").await.unwrap();
    for (status, may_pass) in [
        ("400 Bad Request", false),
        ("403 Forbidden", false),
        ("404 Not Found", false),
        ("429 Too Many Requests", true),
        ("503 Service Unavailable", true),
    ] {
        let site = Site::start(move |asked| match asks_for_token(&asked.path) {
            true => json(r#"{"access_token":"token","token_type":"Bearer"}"#),
            false => answer(status, "Retry-After: 120\r\n", b"{}"),
        })
        .await;
        let error = answer_to(&kind(example, &site), "7", "Hallo").await.unwrap_err();
        assert_eq!((error.may_pass, error.error.retry_after()), (may_pass, Some(Duration::from_secs(120))), "{status}");
    }
    let nobody = kind_at(example, "http://127.0.0.1:9");
    assert!(answer_to(&nobody, "7", "Hallo").await.unwrap_err().may_pass);
    hear.recv().unwrap()
}

/// Each round begins with it where a kind needs one.
fn asks_for_token(path: &str) -> bool {
    path.ends_with("token")
}

/// A site that gives these bodies for these paths (each with its query), and 404 for others.
pub(crate) async fn pages(pages: Vec<(&'static str, String)>) -> Site {
    Site::start(move |asked| {
        let found = pages.iter().find(|(path, _)| asked.path == *path);
        found.map_or_else(|| answer("404 Not Found", "", b""), |(_, body)| json(body))
    })
    .await
}

pub(crate) fn json(body: &str) -> Reply {
    answer("200 OK", "Content-Type: application/json\r\n", body.as_bytes())
}

/// Refusals, trouble and nonsense are errors with a hint where the operator can do something; a pause that is asked for is kept.
pub(crate) async fn trouble_is_told(example: &str) {
    let refusals = ["401 Unauthorized", "403 Forbidden", "500 Internal Server Error", "503 Service Unavailable"];
    for status in refusals {
        let site = Site::start(move |_| answer(status, "", b"{}")).await;
        let error = round(&kind(example, &site), &Cursor::default()).await.unwrap_err();
        assert!(matches!(&error, CollectError::Fetch(FetchError::Status { .. })), "{status}: {error}");
    }
    let site = Site::start(|_| answer("429 Too Many Requests", "Retry-After: 120\r\n", b"")).await;
    let error = round(&kind(example, &site), &Cursor::default()).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(120)), "{error}");
    for nonsense in ["", "{\"a\":", "<html>Sorry</html>", "7", "\"x\""] {
        let site = Site::start(move |_| json(nonsense)).await;
        let error = round(&kind(example, &site), &Cursor::default()).await.unwrap_err();
        assert!(matches!(error, CollectError::Format { .. }) && error.hint().is_some(), "`{nonsense}`: {error}");
        assert!(is_said(error.words().as_str()) && error.hint().is_none_or(is_said), "in both languages: {error}");
    }
}

fn is_said(said: Said<&str>) -> bool {
    !said.german.is_empty() && !said.english.is_empty() && said.german != said.english
}

/// Why a round brought nothing, for how long, and what to do about it, in both languages.
pub(crate) fn told(error: &CollectError) -> String {
    let wait = error.retry_after().map(|wait| format!(" [{wait:?}]")).unwrap_or_default();
    let hint = error.hint().unwrap_or(said("-", "-"));
    format!("{error}{wait}\n  hint: {hint}\n{}\n  {}", error.words().german, hint.german)
}

/// That the limit of a key is used up closes its host to nobody else.
pub(crate) async fn a_limit_is_that_of_the_key(example: &str) {
    let site = Site::start(|asked| match asks_for_token(&asked.path) {
        true => json(r#"{"access_token":"token","token_type":"Bearer"}"#),
        false => answer("429 Too Many Requests", "Retry-After: 120\r\n", b""),
    })
    .await;
    let fetcher = fetcher();
    round_by(&kind(example, &site), &Cursor::default(), &fetcher).await.unwrap_err();
    let [(paused, _)] = &fetcher.pauses()[..] else { panic!("one pause") };
    assert!(paused.contains('#'), "{paused}");
}

/// An answer without items is neither an error nor a deletion, and moves no position.
pub(crate) async fn an_empty_answer_is_nothing(example: &str, empty: &'static str) {
    let site = Site::start(move |_| json(empty)).await;
    let kind = kind(example, &site);
    let first = round(&kind, &Cursor::default()).await.unwrap();
    assert_eq!((first.mentions.len(), first.removed.len()), (0, 0));
    let known = Cursor { position: Some("whatever".to_owned()), ..first.cursor };
    let again = round(&kind, &known).await.unwrap();
    assert_eq!((again.mentions.len(), again.removed.len()), (0, 0));
}

/// Two rounds over the same site: the second asks for no more than one page and knows all that it holds.
pub(crate) async fn nothing_is_fetched_twice(example: &str, site: &Site) -> Batch {
    let kind = kind(example, site);
    let first = round(&kind, &Cursor::default()).await.unwrap();
    assert!(!first.mentions.is_empty() && first.notes.is_empty(), "{:?}", first.notes);
    let mut ids: Vec<&str> = first.mentions.iter().map(|mention| mention.native_id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), first.mentions.len(), "each once");
    let pages = || site.asked().iter().filter(|path| !asks_for_token(path)).count();
    let asked = pages();
    let second = round(&kind, &first.cursor).await.unwrap();
    assert!(second.mentions.iter().all(|mention| ids.contains(&mention.native_id.as_str())), "nothing new");
    assert_eq!(pages(), asked + 1, "one page tells that there is nothing new");
    assert_eq!(second.cursor.position, first.cursor.position);
    first
}

/// A second page that cannot be had is left for the next round, which begins where this one began.
pub(crate) async fn a_lost_page_is_asked_for_again(
    example: &str,
    reply: impl Fn(&Asked) -> Reply + Send + Sync + 'static,
) {
    let count = Arc::new(AtomicUsize::new(0));
    let is_broken = Arc::new(Mutex::new(true));
    let broken = is_broken.clone();
    let site = Site::start(move |asked| {
        let number = if asks_for_token(&asked.path) { 0 } else { count.fetch_add(1, Ordering::SeqCst) };
        if number > 0 && *broken.lock().unwrap() { answer("502 Bad Gateway", "", b"") } else { reply(asked) }
    })
    .await;
    let kind = kind(example, &site);
    let first = round(&kind, &Cursor::default()).await.unwrap();
    assert!(!first.mentions.is_empty() && first.notes.len() == 1, "{:?}", first.notes);
    assert_eq!(first.cursor, Cursor::default());
    *is_broken.lock().unwrap() = false;
    let second = round(&kind, &first.cursor).await.unwrap();
    assert!(second.mentions.len() > first.mentions.len() && second.notes.is_empty());
}

/// Where what is known cannot be looked up, that is told, and deletes nothing. `token` is for those that need one
/// first; in `known` stands `BASE` for the address of the site.
pub(crate) async fn trouble_deletes_nothing(example: &str, known: &[&str], token: &'static str) {
    let answers = [
        ("401 Unauthorized", "{}"),
        ("404 Not Found", "<html>Parked</html>"),
        ("500 Internal Server Error", ""),
        ("200 OK", ""),
        ("200 OK", "{}"),
        ("200 OK", "<html>Sorry</html>"),
    ];
    for (status, body) in answers {
        let site = Site::start(move |asked| match asked.method.as_str() {
            "POST" => json(token),
            _ => answer(status, "Content-Type: application/json\r\n", body.as_bytes()),
        })
        .await;
        let base = site.url("/").to_string();
        let known: Vec<String> = known.iter().map(|id| id.replace("BASE", base.trim_end_matches('/'))).collect();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        match look_up(&kind(example, &site), &known).await {
            Ok(recheck) => {
                let learned = (recheck.there.len(), recheck.mentions.len(), recheck.removed.len());
                assert!(learned == (0, 0, 0) && !recheck.notes.is_empty(), "{status} {body}: {recheck:?}");
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
        assert!(site.asked().iter().any(|path| !asks_for_token(path)), "{status} {body}");
    }
}

#[test]
fn every_kind_says_what_it_is_in_german_and_in_english() {
    for about in Kind::ALL {
        let all = [Some(about.listens_to), about.needs, Some(about.history)];
        assert!(all.into_iter().flatten().all(is_said), "{}", about.name);
        assert!(about.brings.iter().all(|detail| !detail.name().german.is_empty()), "{}", about.name);
    }
}
