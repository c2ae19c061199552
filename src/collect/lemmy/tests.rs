use super::*;
use crate::collect::behaviour::{self, kind, round};
use crate::collect::{Cursor, Kind};
use crate::http::site::{Asked, Reply, Site, answer};
use crate::mention::Timestamp;

const EXAMPLE: &str = r#"lemmy = { instance = "BASE", search = "Lerchenbahn" }"#;
const V3: &str = include_str!("fixtures/v3.json");
const V4: &str = include_str!("fixtures/v4.json");

fn post(number: usize, suffix: &str) -> String {
    let at = Timestamp::from_seconds(1_795_000_000 + 60 * i64::try_from(number).unwrap());
    format!(
        r#"{{"type_":"post","creator":{{"name":"a","actor_id":"https://lerche.example/u/a"}},"post":{{
            "name":"Lerchenbahn","body":"zu spät","ap_id":"https://lerche.example/post/{number}","published{suffix}":"{at}"}}}}"#
    )
}

fn value_of<'a>(asked: &'a Asked, parameter: &str) -> Option<&'a str> {
    let (_, query) = asked.path.split_once('?')?;
    query.split('&').filter_map(|pair| pair.split_once('=')).find(|(name, _)| *name == parameter).map(|pair| pair.1)
}

fn not_found() -> Reply {
    answer("404 Not Found", "", b"")
}

/// 120 posts on a server before 1.0.
fn old(asked: &Asked) -> Reply {
    if !asked.path.starts_with("/api/v3/search") {
        return not_found();
    }
    let page = value_of(asked, "page").map_or(1, |page| page.parse().unwrap());
    let posts: Vec<String> = (1..=120).rev().skip((page - 1) * 50).take(50).map(|number| post(number, "")).collect();
    behaviour::json(&format!(r#"{{"posts":[{}],"comments":[]}}"#, posts.join(",")))
}

/// 120 posts on a server of 1.0.
fn new(asked: &Asked) -> Reply {
    if !asked.path.starts_with("/api/v4/search") {
        return not_found();
    }
    let end = value_of(asked, "page_cursor").map_or(121, |cursor| cursor[1..].parse().unwrap());
    let numbers: Vec<usize> = (1..end).rev().take(50).collect();
    let posts: Vec<String> = numbers.iter().map(|&number| post(number, "_at")).collect();
    let next = numbers.last().map_or("null".to_owned(), |last| format!("\"P{last}\""));
    behaviour::json(&format!(r#"{{"search":[{}],"next_page":{next}}}"#, posts.join(",")))
}

#[tokio::test]
async fn posts_and_comments_are_read_in_both_forms() {
    for (form, body) in [("/api/v3/", V3), ("/api/v4/", V4)] {
        let site = Site::start(move |asked| match asked.path.starts_with(form) {
            true if value_of(asked, "page").is_some() => behaviour::json(r#"{"posts":[],"comments":[]}"#),
            true => behaviour::json(body),
            false => not_found(),
        })
        .await;
        let batch = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap();
        let name = form.trim_matches('/').replace('/', "_");
        insta::assert_snapshot!(name, serde_json::to_string_pretty(&batch.mentions).unwrap());
        if body == V3 {
            assert_eq!(batch.notes, ["1 items could not be read and are left out"]);
            assert_eq!(batch.removed, ["https://lerche.example/post/3", "https://lerche.example/comment/8"]);
        } else {
            assert_eq!((batch.notes.len(), batch.removed.len()), (0, 0));
        }
    }
}

#[tokio::test]
async fn a_server_of_either_version_is_read_to_its_end_and_then_only_what_is_new() {
    let site = Site::start(old).await;
    assert_eq!(behaviour::nothing_is_fetched_twice(EXAMPLE, &site).await.mentions.len(), 120);
    let v3 = "/api/v3/search?q=Lerchenbahn&limit=50&type_=All&sort=New&listing_type=All";
    assert_eq!(site.asked()[1..3], [v3.to_owned(), format!("{v3}&page=2")]);

    let site = Site::start(new).await;
    assert_eq!(behaviour::nothing_is_fetched_twice(EXAMPLE, &site).await.mentions.len(), 120);
    let v4 = "/api/v4/search?q=Lerchenbahn&limit=50&search_term=Lerchenbahn&listing_type=all";
    assert_eq!(site.asked()[..2], [v4.to_owned(), format!("{v4}&page_cursor=P71")]);
}

#[tokio::test]
async fn a_server_that_becomes_1_0_is_asked_in_its_new_form() {
    let before = Site::start(old).await;
    let kind = kind(EXAMPLE, &before);
    let first = round(&kind, &Cursor::default()).await.unwrap();
    let Kind::Lemmy(lemmy) = kind else { panic!("another kind") };
    let after = Site::start(new).await;
    let position = first.cursor.position.unwrap().replace(before.url("/").as_str(), after.url("/").as_str());
    let cursor = Cursor { position: Some(position), ..Cursor::default() };
    let second = round(&Kind::Lemmy(Lemmy { instance: after.url("/"), ..lemmy }), &cursor).await.unwrap();
    assert_eq!(second.mentions.len(), 120, "at first contact with the new form all is read again");
    assert!(after.asked()[0].starts_with("/api/v3/") && after.asked()[1].starts_with("/api/v4/"));
}

#[tokio::test]
async fn a_cursor_that_comes_again_ends_the_round() {
    let body = format!(r#"{{"results":[{}],"next_page":"P1"}}"#, post(1, "_at"));
    let site = Site::start(move |_| behaviour::json(&body)).await;
    let batch = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap();
    assert_eq!((batch.mentions.len(), site.asked().len()), (1, 2));
}

#[tokio::test]
async fn an_edit_is_brought_again_and_an_unchanged_page_is_not_read() {
    let edited =
        post(1, "").replace("\"body\":\"zu spät\"", "\"body\":\"pünktlich\",\"updated\":\"2026-11-19T08:00:00\"");
    let site = Site::start(move |asked| match asked.headers.get("if-none-match") {
        _ if asked.path.starts_with("/api/v4") => not_found(),
        _ if value_of(asked, "page").is_some() => behaviour::json(r#"{"posts":[]}"#),
        Some(tag) if tag == "\"2\"" => answer("304 Not Modified", "", b""),
        Some(_) => answer("200 OK", "ETag: \"2\"\r\n", format!(r#"{{"posts":[{edited}]}}"#).as_bytes()),
        None => answer("200 OK", "ETag: \"1\"\r\n", format!(r#"{{"posts":[{}]}}"#, post(1, "")).as_bytes()),
    })
    .await;
    let kind = kind(EXAMPLE, &site);
    let first = round(&kind, &Cursor::default()).await.unwrap();
    let second = round(&kind, &first.cursor).await.unwrap();
    assert_eq!(second.mentions[0].text, "pünktlich");
    assert_eq!(second.mentions[0].edited_at, Timestamp::parse_rfc3339("2026-11-19T08:00:00Z"));
    let third = round(&kind, &second.cursor).await.unwrap();
    assert!(third.not_modified && third.cursor == second.cursor);
}

#[tokio::test]
async fn trouble_is_told() {
    behaviour::trouble_is_told(EXAMPLE).await;
    behaviour::an_empty_answer_is_nothing(EXAMPLE, r#"{"search":[],"posts":[],"comments":[]}"#).await;
    behaviour::a_lost_page_is_asked_for_again(EXAMPLE, new).await;
    let nowhere = Site::start(|_| not_found()).await;
    let error = round(&kind(EXAMPLE, &nowhere), &Cursor::default()).await.unwrap_err();
    assert!(matches!(error, CollectError::Fetch(FetchError::Status { status: 404, .. })), "{error}");
    assert_eq!(nowhere.asked().len(), 2);
}

#[test]
fn a_search_for_nothing_is_refused() {
    let error = toml::from_str::<Lemmy>("instance = \"feddit.org\"\nsearch = \" \"").unwrap_err();
    assert_eq!(error.message(), "`search` is empty: write a name");
}
