use std::sync::{Arc, Mutex};
use std::time::Duration;

use tempfile::NamedTempFile;

use crate::collect::behaviour::{self, json, kind, round};
use crate::collect::bluesky::Bluesky;
use crate::collect::{CollectError, Cursor};
use crate::http::site::{Asked, Reply, Site, answer};

const PAGE: &str = include_str!("../fixtures/page.json");
const SESSION: &str = r#"{"did":"did:plc:me","handle":"me.example","accessJwt":"TOKEN","refreshJwt":"R"}"#;

/// A file with the password, and a source that names it.
fn source() -> (NamedTempFile, String) {
    let file = NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "ab\"cd\n").unwrap();
    let place = file.path().display();
    let example = format!(
        r#"bluesky = {{ search = "\"Lerchenbahn\"", user = "me.example", password_file = "{place}", base = "BASE" }}"#
    );
    (file, example)
}

fn asks_for_session(asked: &Asked) -> bool {
    asked.path == "/xrpc/com.atproto.server.createSession"
}

/// 250 posts, one a minute, the newest first; a cursor is how many have been given.
fn search(asked: &Asked) -> Reply {
    if asks_for_session(asked) {
        return json(SESSION);
    }
    let of = |name: &str| asked.path.split(['?', '&']).find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    let start: usize = of("cursor").and_then(|cursor| cursor.parse().ok()).unwrap_or(0);
    let since = of("since").map_or(String::new(), |since| since.replace("%3A", ":"));
    let times = (0..250).map(|number| behaviour::NOW.plus_seconds(-60 * number).to_string()).filter(|at| *at >= since);
    let posts: Vec<String> = times.map(|at| post(&at)).collect();
    let end = posts.len().min(start + 100);
    let cursor = if end < posts.len() { format!(r#""cursor":"{end}","#) } else { String::new() };
    json(&format!(r#"{{{cursor}"posts":[{}]}}"#, posts[start..end].join(",")))
}

fn post(at: &str) -> String {
    let id = at.replace(':', "-");
    format!(
        r#"{{"uri":"at://did:plc:a/app.bsky.feed.post/{id}","author":{{"did":"did:plc:a","handle":"a.example"}},
           "record":{{"text":"Die Lerchenbahn ist zu spät","createdAt":"{at}"}},"indexedAt":"{at}"}}"#
    )
}

#[tokio::test]
async fn posts_are_read_but_not_those_of_people_who_do_not_want_to_be_shown_to_everybody() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let noted = seen.clone();
    let site = Site::start(move |asked| {
        let authorization = asked.headers.get("authorization").cloned().unwrap_or_default();
        noted.lock().unwrap().push(format!("{} {} {} {authorization}", asked.method, asked.path, asked.body));
        json(if asks_for_session(asked) { SESSION } else { PAGE })
    })
    .await;
    let (_file, example) = source();
    let batch = round(&kind(&example, &site), &Cursor::default()).await.unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&batch.mentions).unwrap());
    let told = [
        "1 items could not be read and are left out",
        "1 posts of people who do not want to be shown to everybody are left out",
    ];
    assert_eq!(batch.notes, told);
    assert_eq!(batch.rest, Some(Duration::from_mins(15)), "sessions are counted");
    let session = r#"POST /xrpc/com.atproto.server.createSession {"identifier":"me.example","password":"ab\"cd"} "#;
    let page = "GET /xrpc/app.bsky.feed.searchPosts?q=%22Lerchenbahn%22&sort=latest&limit=100  Bearer TOKEN";
    assert_eq!(*seen.lock().unwrap(), [session, page]);
}

#[tokio::test]
async fn the_past_is_read_to_its_end_and_then_only_what_is_new() {
    let site = Site::start(search).await;
    let (_file, example) = source();
    let kind = kind(&example, &site);
    let first = round(&kind, &Cursor::default()).await.unwrap();
    assert_eq!((first.mentions.len(), site.asked().len()), (250, 4), "a session and three pages");
    let second = round(&kind, &first.cursor).await.unwrap();
    assert_eq!((second.mentions.len(), site.asked().len()), (61, 6), "an hour again, in one page");
    assert!(second.mentions.iter().all(|mention| first.mentions.contains(mention)), "nothing new");
    assert_eq!(second.cursor.position, first.cursor.position);
    let other = Cursor { position: Some("1795176000 stream".to_owned()), ..Cursor::default() };
    assert_eq!(round(&kind, &other).await.unwrap().mentions.len(), 250, "the place in a stream is none here");
}

#[tokio::test]
async fn a_cursor_that_is_repeated_leads_nowhere() {
    let site = Site::start(|asked| {
        if asks_for_session(asked) {
            return json(SESSION);
        }
        json(&format!(r#"{{"cursor":"7","posts":[{}]}}"#, post("2026-11-20T11:00:00Z")))
    })
    .await;
    let (_file, example) = source();
    let batch = round(&kind(&example, &site), &Cursor::default()).await.unwrap();
    assert_eq!((batch.mentions.len(), site.asked().len()), (1, 3));
}

#[tokio::test]
async fn trouble_is_told_with_the_session_and_after_it() {
    let (_file, example) = source();
    behaviour::trouble_is_told(&example).await;
    behaviour::an_empty_answer_is_nothing(&example, r#"{"accessJwt":"TOKEN","posts":[]}"#).await;
    for (status, body) in [("403 Forbidden", "{}"), ("200 OK", r#"{"hits":[]}"#), ("200 OK", r#"{"posts":7}"#)] {
        let site =
            Site::start(
                move |asked| {
                    if asks_for_session(asked) { json(SESSION) } else { answer(status, "", body.as_bytes()) }
                },
            )
            .await;
        let error = round(&kind(&example, &site), &Cursor::default()).await.unwrap_err();
        assert!(error.hint().is_some() && site.asked().len() == 2, "{status} {body}: {error}");
    }
    let site = Site::start(|_| json(SESSION)).await;
    let example = example.replace("password_file = \"", "password_file = \"/nowhere");
    let error = round(&kind(&example, &site), &Cursor::default()).await.unwrap_err();
    assert!(matches!(error, CollectError::Secret(_)) && site.asked().is_empty(), "{error}");
}

#[tokio::test]
async fn a_page_that_cannot_be_had_is_left_for_the_next_round() {
    let site =
        Site::start(
            |asked| {
                if asked.path.contains("cursor=") { answer("502 Bad Gateway", "", b"") } else { search(asked) }
            },
        )
        .await;
    let (_file, example) = source();
    let batch = round(&kind(&example, &site), &Cursor::default()).await.unwrap();
    assert_eq!((batch.mentions.len(), batch.cursor, batch.notes.len()), (100, Cursor::default(), 1));
}

#[tokio::test]
async fn posts_are_looked_up_by_their_ids_and_those_that_are_gone_are_left_out() {
    let site = Site::start(|asked| {
        if asks_for_session(asked) {
            return json(SESSION);
        }
        assert_eq!(asked.headers["authorization"], "Bearer TOKEN");
        let hidden = post("3").replace("\"handle\"", "\"labels\":[{\"val\":\"!no-unauthenticated\"}],\"handle\"");
        let edited = post("2026-11-20T11:00:00Z").replace("zu spät", "pünktlich");
        json(&format!(
            r#"{{"posts":[{},{edited},{}]}}"#,
            post("broken"),
            hidden.replace("\"3\"", "\"2026-11-20T11:00:00Z\"")
        ))
    })
    .await;
    let (_file, example) = source();
    let [edited, broken, hidden, gone] =
        ["2026-11-20T11-00-00Z", "broken", "3", "gone"].map(|key| format!("at://did:plc:a/app.bsky.feed.post/{key}"));
    let kind = kind(&example, &site);
    let recheck = behaviour::look_up(&kind, &[&edited, &broken, &hidden, &gone]).await.unwrap();
    assert_eq!(recheck.there, [edited, broken]);
    assert_eq!(recheck.removed, [gone, hidden]);
    let texts: Vec<&str> = recheck.mentions.iter().map(|mention| mention.text.as_str()).collect();
    assert_eq!(texts, ["Die Lerchenbahn ist pünktlich"]);
    let path =
        "/xrpc/app.bsky.feed.getPosts?uris=at%3A%2F%2Fdid%3Aplc%3Aa%2Fapp.bsky.feed.post%2F2026-11-20T11-00-00Z&uris=";
    assert!(site.asked()[1].starts_with(path), "{:?}", site.asked());
    let many: Vec<String> = (0..60).map(|number| format!("at://did:plc:a/app.bsky.feed.post/{number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let recheck = behaviour::look_up(&kind, &many).await.unwrap();
    assert_eq!((site.asked().len(), recheck.notes.len()), (6, 2), "a session and 25 at a time");
}

#[tokio::test]
async fn posts_that_cannot_be_looked_up_are_not_gone_and_the_stream_looks_nothing_up() {
    let (_file, example) = source();
    let known = ["at://did:plc:a/app.bsky.feed.post/1", "at://did:plc:a/app.bsky.feed.post/2"];
    behaviour::trouble_deletes_nothing(&example, &known, SESSION).await;
    let site = Site::start(|asked| json(if asks_for_session(asked) { SESSION } else { r#"{"posts":[]}"# })).await;
    let recheck = behaviour::look_up(&kind(&example, &site), &known).await.unwrap();
    assert_eq!((recheck.removed.len(), recheck.notes.len()), (0, 1));
    let stream = kind("bluesky = { stream = {} }", &site);
    assert!(stream.recheck_limits().is_none() && kind(&example, &site).recheck_limits().is_some());
    assert!(behaviour::look_up(&stream, &known).await.unwrap().asked.is_empty());
}

#[test]
fn settings_that_cannot_be_are_refused_with_what_to_write() {
    let told = [
        "",
        "stream = {}\nsearch = \"x\"",
        "stream = {}\nuser = \"me.example\"",
        "search = \" \"\nuser = \"me\"",
        "search = \"x\"\nuser = \"@me.example\"\npassword_env = \"A\"\npassword_file = \"b\"",
        "search = \"x\"\nuser = \"me.example\"\npassword = \"x\"",
    ]
    .map(|written| toml::from_str::<Bluesky>(written).unwrap_err().message().to_owned());
    insta::assert_snapshot!(told.join("\n"));
}
