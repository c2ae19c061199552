use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytesize::ByteSize;
use futures_util::SinkExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_tungstenite::{WebSocketStream, accept_hdr_async};

use crate::collect::behaviour::{NOW, kind_at};
use crate::collect::{Batch, CollectError, Cursor, Kind, Round, collect};
use crate::http::site::{Site, answer, redirect};
use crate::http::{FetchError, Fetcher, Settings};

mod search;

const EXAMPLE: &str = r#"bluesky = { stream = { host = "BASE" } }"#;
const EVENTS: &str = include_str!("fixtures/events.jsonl");

/// The time of all events, in microseconds, unless one says something else: a second before the rounds.
const AT: i64 = (NOW.seconds() - 1) * 1_000_000;

/// How a connection ends after all was sent.
#[derive(Clone, Copy)]
enum End {
    HangUp,
    Break,
    Stay,
    /// Says the last message again and again.
    GoOn,
}

/// A Jetstream on loopback: what it sends on its first connection, its second, and so on.
struct Jetstream {
    base: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Jetstream {
    async fn start(lines: Vec<(Vec<Message>, End)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("ws://{}", listener.local_addr().unwrap());
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let noted = asked.clone();
        tokio::spawn(async move {
            for (messages, end) in lines {
                let (connection, _) = listener.accept().await.unwrap();
                tokio::spawn(talk(connection, messages, end, noted.clone()));
            }
        });
        Self { base, asked }
    }

    async fn of(texts: &[String], end: End) -> Self {
        Self::start(vec![(texts.iter().map(Message::text).collect(), end)]).await
    }

    /// What was asked for on the latest connection.
    fn asked(&self) -> String {
        self.asked.lock().unwrap().last().unwrap().clone()
    }
}

/// Whoever listens may have hung up: that is what some tests are about.
async fn talk(connection: TcpStream, messages: Vec<Message>, end: End, asked: Arc<Mutex<Vec<String>>>) {
    #[expect(clippy::result_large_err, reason = "the shape of the callback is tungstenite's")]
    let note = |request: &Request, response: Response| {
        asked.lock().unwrap().push(request.uri().to_string());
        Ok(response)
    };
    let Ok(mut socket) = accept_hdr_async(connection, note).await else { return };
    let last = messages.last().cloned();
    for message in messages {
        let _: Result<(), _> = WebSocketStream::feed(&mut socket, message).await;
    }
    let _ = socket.flush().await;
    match end {
        End::HangUp => drop(socket.close(None).await),
        End::Break => {}
        End::Stay => std::future::pending().await,
        End::GoOn => while socket.send(last.clone().unwrap()).await.is_ok() {},
    }
}

fn post(operation: &str, at: i64, id: &str, text: &str) -> String {
    let record = format!(r#"{{"text":"{text}","createdAt":"2026-11-20T11:00:00Z","langs":["de"]}}"#);
    let record = if operation == "delete" { "null".to_owned() } else { record };
    let commit =
        format!(r#"{{"operation":"{operation}","collection":"app.bsky.feed.post","rkey":"{id}","record":{record}}}"#);
    format!(r#"{{"did":"did:plc:a","time_us":{at},"kind":"commit","commit":{commit}}}"#)
}

fn account(at: i64, status: &str) -> String {
    format!(r#"{{"did":"did:plc:a","time_us":{at},"kind":"account","account":{{"active":false,"status":"{status}"}}}}"#)
}

/// One round that hears what names the Lerchenbahn.
async fn round(kind: &Kind, cursor: &Cursor, listen_at_most: Option<Duration>) -> Result<Batch, CollectError> {
    let settings = Settings { gap_per_host: Duration::ZERO, max_body: ByteSize::kb(100), ..Settings::default() };
    let fetcher = Fetcher::new(&settings).unwrap();
    let is_wanted = &|text: &str| text.contains("Lerchenbahn");
    let round = Round { cursor, fetcher: &fetcher, allow_private_network: true, now: NOW, is_wanted, listen_at_most };
    collect(kind, &round).await
}

/// What a first round hears of these messages before the other end hangs up.
async fn heard(texts: &[String]) -> Batch {
    let jetstream = Jetstream::of(texts, End::HangUp).await;
    round(&kind_at(EXAMPLE, &jetstream.base), &Cursor::default(), None).await.unwrap()
}

fn texts(batch: &Batch) -> Vec<&str> {
    batch.mentions.iter().map(|mention| mention.text.as_str()).collect()
}

fn at(position: i64) -> Cursor {
    Cursor { position: Some(format!("{position} stream")), ..Cursor::default() }
}

#[tokio::test]
async fn posts_that_name_a_brand_are_kept_and_all_that_is_deleted_is_handed_over() {
    let messages: Vec<String> = EVENTS.lines().map(str::to_owned).collect();
    let batch = heard(&messages).await;
    insta::assert_snapshot!(serde_json::to_string_pretty(&batch.mentions).unwrap());
    let deleted =
        ["at://did:plc:other/app.bsky.feed.post/3mxaaaaaaaa2f", "at://did:plc:other/app.bsky.feed.post/3mxaaaaaaaa2g"];
    assert_eq!(batch.removed, deleted, "by its author, or because an edit took the brand out");
    assert_eq!(batch.removed_authors, ["did:plc:gone"], "too many posts at once are no reason to go");
    assert_eq!(batch.notes, ["3 messages could not be read and are left out"]);
    assert_eq!(batch.cursor, at(1_795_175_999_272_412), "the newest that could be read");
}

#[tokio::test]
async fn a_line_that_breaks_loses_nothing_and_the_next_round_hears_a_little_again() {
    let (one, two) = (post("create", AT, "1", "Lerchenbahn eins"), post("create", AT + 1, "2", "Lerchenbahn zwei"));
    let first = vec![Message::text(&one)];
    let lines = vec![(first, End::Break), (vec![Message::text(&one), Message::text(&two)], End::HangUp)];
    let jetstream = Jetstream::start(lines).await;
    let kind = kind_at(EXAMPLE, &jetstream.base);
    let first = round(&kind, &Cursor::default(), None).await.unwrap();
    assert_eq!((texts(&first), &first.cursor), (vec!["Lerchenbahn eins"], &at(AT)));
    assert!(
        first.notes[0].starts_with("the line broke, and the next round goes on where it did: "),
        "{:?}",
        first.notes
    );
    let asked = "/subscribe?wantedCollections=app.bsky.feed.post&maxMessageSizeBytes=100000";
    assert_eq!(jetstream.asked(), asked, "from now on");
    let second = round(&kind, &first.cursor, None).await.unwrap();
    assert_eq!((texts(&second), &second.cursor), (vec!["Lerchenbahn eins", "Lerchenbahn zwei"], &at(AT + 1)));
    assert_eq!(second.mentions[0], first.mentions[0], "the same again is nothing new");
    assert_eq!((jetstream.asked(), second.notes.len()), (format!("{asked}&cursor={}", AT - 5_000_000), 0));
}

#[tokio::test]
async fn of_each_post_the_last_word_counts() {
    let batch = heard(&[
        post("create", AT, "1", "Lerchenbahn, nie wieder"),
        post("create", AT, "2", "Lerchenbahn, gelöscht"),
        post("create", AT, "1", "Lerchenbahn, nie wieder"),
        post("delete", AT + 1, "2", ""),
        post("update", AT + 2_000_000, "1", "Lerchenbahn, vielleicht doch"),
        post("create", AT, "3", "Lerchenbahn, ohne sie"),
        post("update", AT + 3, "3", "ohne sie"),
    ])
    .await;
    assert_eq!(texts(&batch), ["Lerchenbahn, vielleicht doch"]);
    assert_eq!(batch.mentions[0].edited_at, Some(NOW.plus_seconds(1)));
    assert_eq!(batch.removed, ["2", "3"].map(|id| format!("at://did:plc:a/app.bsky.feed.post/{id}")));
}

#[tokio::test]
async fn with_an_account_goes_what_was_heard_of_it_but_not_what_it_says_when_it_is_back() {
    for status in ["deleted", "deactivated", "suspended", "takendown"] {
        let before = post("create", AT, "1", "Lerchenbahn, vorher");
        let batch = heard(&[before, account(AT, status), post("create", AT, "2", "Lerchenbahn, danach")]).await;
        assert_eq!((texts(&batch), &*batch.removed_authors[0]), (vec!["Lerchenbahn, danach"], "did:plc:a"), "{status}");
    }
}

#[tokio::test]
async fn neither_a_jump_back_in_time_nor_one_ahead_moves_the_place_where_it_goes_on() {
    let old = post("create", AT - 3_600_000_000, "1", "Lerchenbahn, spät gemeldet");
    let nonsense = post("create", AT + 999_000_000_000, "2", "Lerchenbahn, übermorgen");
    let jetstream = Jetstream::of(&[old, nonsense], End::HangUp).await;
    let batch = round(&kind_at(EXAMPLE, &jetstream.base), &at(AT), None).await.unwrap();
    assert_eq!((texts(&batch), &batch.cursor), (vec!["Lerchenbahn, spät gemeldet"], &at(AT)));
}

#[tokio::test]
async fn a_position_of_another_question_is_none_and_one_that_is_too_old_is_told() {
    let event = post("create", AT, "1", "Lerchenbahn");
    let lines = vec![(vec![Message::text(&event)], End::HangUp), (vec![Message::text(&event)], End::HangUp)];
    let jetstream = Jetstream::start(lines).await;
    let kind = kind_at(EXAMPLE, &jetstream.base);
    let of_a_search = Cursor { position: Some("1795000000 search x".to_owned()), ..Cursor::default() };
    round(&kind, &of_a_search, None).await.unwrap();
    assert!(!jetstream.asked().contains("cursor="));
    let batch = round(&kind, &at(AT - 40 * 3_600_000_000), None).await.unwrap();
    let told = "what was posted between 2026-11-18T19:59:59Z and 2026-11-19T00:00:00Z cannot be heard any more";
    assert_eq!(batch.notes, [told]);
}

#[tokio::test]
async fn nonsense_between_events_is_counted_and_no_more() {
    let event = post("create", AT, "1", "Lerchenbahn");
    let messages = vec![
        Message::text("<html>"),
        Message::binary(vec![0xff, 0]),
        Message::Ping(vec![1].into()),
        Message::text(event),
        Message::text("[]"),
    ];
    let jetstream = Jetstream::start(vec![(messages, End::HangUp)]).await;
    let batch = round(&kind_at(EXAMPLE, &jetstream.base), &Cursor::default(), None).await.unwrap();
    assert_eq!(
        (texts(&batch), &*batch.notes[0]),
        (vec!["Lerchenbahn"], "2 messages could not be read and are left out")
    );
}

#[tokio::test]
async fn a_huge_message_ends_the_round_with_what_was_heard_before() {
    let (event, huge) = (post("create", AT, "1", "Lerchenbahn"), "x".repeat(100_001));
    let jetstream = Jetstream::of(&[event, huge.clone()], End::Stay).await;
    let batch = round(&kind_at(EXAMPLE, &jetstream.base), &Cursor::default(), None).await.unwrap();
    assert_eq!(texts(&batch), ["Lerchenbahn"]);
    assert!(batch.notes[0].ends_with("larger than 100.0 kB"), "{:?}", batch.notes);
    let jetstream = Jetstream::of(&[huge], End::Stay).await;
    let error = round(&kind_at(EXAMPLE, &jetstream.base), &Cursor::default(), None).await.unwrap_err();
    assert!(matches!(error, CollectError::Fetch(FetchError::TooLarge { .. })), "{error}");
}

#[tokio::test]
async fn a_round_ends_in_time_and_silence_is_no_calm() {
    let jetstream = Jetstream::start(vec![(Vec::new(), End::Stay), (vec![Message::text("?")], End::HangUp)]).await;
    let kind = kind_at(EXAMPLE, &jetstream.base);
    let mut told = Vec::new();
    for listen_at_most in [Some(Duration::from_millis(1)), None] {
        let error = round(&kind, &at(AT), listen_at_most).await.unwrap_err();
        told.push(format!("{error}\n  {}", error.hint().unwrap()));
    }
    insta::assert_snapshot!(told.join("\n"), @"
    the stream says nothing
      check `host`: it must be a Jetstream, as jetstream.us-east.bsky.network is
    none of 1 messages is an event of a Jetstream
      check `host`: it must be a Jetstream, as jetstream.us-east.bsky.network is
    ");
}

#[tokio::test]
async fn a_line_that_never_rests_is_left_in_time() {
    let jetstream = Jetstream::of(&[post("create", AT, "1", "Lerchenbahn"), "?".to_owned()], End::GoOn).await;
    let kind = kind_at(EXAMPLE, &jetstream.base);
    let batch = round(&kind, &Cursor::default(), Some(Duration::from_millis(20))).await.unwrap();
    assert_eq!(texts(&batch), ["Lerchenbahn"]);
    let unread: usize = batch.notes[0].split(' ').next().unwrap().parse().unwrap();
    assert!((1..199_999).contains(&unread), "time is over before there is enough: {unread}");
}

#[tokio::test]
async fn only_the_languages_that_are_wanted_are_kept_and_what_does_not_say() {
    let says = |langs: &str| post("create", AT, "1", "Lerchenbahn").replace(r#"["de"]"#, langs);
    for (langs, kept) in [(r#"["de-AT"]"#, 1), (r#"["fr","de"]"#, 1), ("[]", 1), ("null", 1), (r#"["fr"]"#, 0)] {
        let jetstream = Jetstream::of(&[says(langs)], End::HangUp).await;
        let kind = kind_at(r#"bluesky = { stream = { host = "BASE", languages = ["de", "en"] } }"#, &jetstream.base);
        assert_eq!(round(&kind, &Cursor::default(), None).await.unwrap().mentions.len(), kept, "{langs}");
    }
}

#[tokio::test]
async fn refusals_and_what_is_no_web_socket_are_told_and_redirects_are_followed() {
    let refused = async |status: &'static str, headers: &'static str| {
        let site = Site::start(move |_| answer(status, headers, b"{}")).await;
        round(&kind_at(EXAMPLE, site.url("/").as_str()), &Cursor::default(), None).await.unwrap_err()
    };
    for status in ["401 Unauthorized", "403 Forbidden", "404 Not Found", "500 Internal Server Error"] {
        let error = refused(status, "").await;
        assert!(matches!(&error, CollectError::Fetch(FetchError::Status { .. })), "{status}: {error}");
    }
    let error = refused("429 Too Many Requests", "Retry-After: 120\r\n").await;
    assert_eq!(error.retry_after(), Some(Duration::from_secs(120)));
    let another = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: x\r\n";
    for (status, headers) in [("200 OK", ""), ("101 Switching Protocols", another)] {
        let error = refused(status, headers).await;
        assert!(matches!(&error, CollectError::Fetch(FetchError::Broken { .. })), "{status}: {error}");
    }
    let jetstream = Jetstream::of(&[post("create", AT, "1", "Lerchenbahn")], End::HangUp).await;
    let target = jetstream.base.replace("ws://", "http://") + "/moved";
    let site = Site::start(move |_| redirect("307 Temporary Redirect", &target)).await;
    let batch = round(&kind_at(EXAMPLE, site.url("/").as_str()), &Cursor::default(), None).await.unwrap();
    assert_eq!((texts(&batch), jetstream.asked()), (vec!["Lerchenbahn"], "/moved".to_owned()));
}

#[tokio::test]
async fn a_private_network_is_refused_also_behind_a_redirect() {
    let fetcher = Fetcher::new(&Settings::default()).unwrap();
    let site = Site::start(|_| answer("200 OK", "", b"")).await;
    let mut named = site.url("/");
    named.set_host(Some("localhost")).unwrap();
    for url in [site.url("/"), named] {
        let request = crate::http::Request::new(url, "*/*", false);
        assert!(matches!(fetcher.listen(&request).await, Err(FetchError::PrivateNetwork { .. })));
    }
    assert_eq!(site.asked(), [""; 0]);
}

#[test]
fn settings_that_cannot_be_are_refused_with_what_to_write() {
    let told = [
        "{ stream = { hosts = \"x\" } }",
        "{ stream = { host = \"https://example.org/subscribe\" } }",
        "{ stream = { languages = [\"German\"] } }",
        "{ stream = { listen_for = \"1h\" } }",
    ]
    .map(|written| toml::from_str::<super::Bluesky>(&written[1..written.len() - 1]).unwrap_err())
    .map(|error| error.message().to_owned());
    insta::assert_snapshot!(told.join("\n"), @r#"
    unknown field `hosts`, expected one of `host`, `languages`, `listen_for`
    `https://example.org/subscribe` is no server: write its name, as in "jetstream.us-east.bsky.network"
    `German` is no language: write its two letters, as in "de" or "en"
    `listen_for` must be between 1s and 10m: with `every = "1m"`, 55s leave nothing out
    "#);
}
