use std::sync::{Arc, Mutex};

use super::*;
use crate::collect::Cursor;
use crate::collect::behaviour::{self, kind, round};
use crate::http::site::{Asked, Reply, Site, answer};

const EXAMPLE: &str = r#"proven_expert = { id = "1a2b", key_env = "CARGO_PKG_NAME",
    profile = "https://www.provenexpert.com/lerchenbahn/", base = "BASE" }"#;
const RATINGS: &str = include_str!("fixtures/ratings.json");

/// 250 ratings, one a minute, the newest first.
fn ratings(asked: &Asked) -> Reply {
    let newest_first: Vec<String> = (0..250).map(|number| rating(number, 1_795_000_000 - 60 * number)).collect();
    page(asked, &newest_first)
}

fn page(asked: &Asked, ratings: &[String]) -> Reply {
    let offset: usize = asked.body.split_once("offset=").unwrap().1.parse().unwrap();
    let ratings: Vec<String> = ratings.iter().skip(offset).take(100).cloned().collect();
    behaviour::json(&format!(r#"{{"status":"success","ratings":{{{}}}}}"#, ratings.join(",")))
}

fn rating(number: i64, at: i64) -> String {
    format!(r#""r{number}":{{"created":{at},"ratingValue":5,"feedback":"Die Lerchenbahn war pünktlich."}}"#)
}

#[tokio::test]
async fn ratings_are_read_with_all_that_is_known_of_them() {
    let site = Site::start(|asked| {
        let is_known = asked.headers.get("authorization").is_some_and(|it| it == "Basic MWEyYjpzdGltbXVuZw==");
        let is_right = asked.method == "POST" && asked.body == "limit=100&offset=0";
        if is_known && is_right { behaviour::json(RATINGS) } else { answer("401 Unauthorized", "", b"") }
    })
    .await;
    let batch = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&batch.mentions).unwrap());
    assert_eq!(batch.notes, ["2 items could not be read and are left out"]);
    assert_eq!(site.asked(), ["/api/v1/rating/get"]);
}

#[tokio::test]
async fn the_past_is_read_to_its_end_and_then_only_what_is_new() {
    let site = Site::start(ratings).await;
    assert_eq!(behaviour::nothing_is_fetched_twice(EXAMPLE, &site).await.mentions.len(), 250);
    assert_eq!(site.asked().len(), 4);
}

#[tokio::test]
async fn in_another_order_what_is_new_is_found_on_the_last_page() {
    let all = Arc::new(Mutex::new((0..150).map(|n| rating(n, 1_795_000_000 + n)).collect::<Vec<_>>()));
    let there = all.clone();
    let site = Site::start(move |asked| page(asked, &there.lock().unwrap())).await;
    let kind = kind(EXAMPLE, &site);
    let first = round(&kind, &Cursor::default()).await.unwrap();
    all.lock().unwrap().push(rating(150, 1_795_000_150));
    let second = round(&kind, &first.cursor).await.unwrap();
    assert_eq!((first.mentions.len(), second.mentions.len()), (150, 151));
    assert_eq!(second.mentions[150].native_id, "r150");
}

#[tokio::test]
async fn a_page_that_comes_again_ends_the_round() {
    let all: Vec<String> = (0..100).map(|number| rating(number, 1_795_000_000 - number)).collect();
    let answer = format!(r#"{{"ratings":{{{}}}}}"#, all.join(","));
    let site = Site::start(move |_| behaviour::json(&answer)).await;
    let batch = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap();
    assert_eq!((batch.mentions.len(), site.asked().len()), (100, 2));
}

#[tokio::test]
async fn an_edit_is_brought_again() {
    let count = std::sync::atomic::AtomicUsize::new(0);
    let site = Site::start(move |_| {
        let is_first = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0;
        let edited = r#""r1":{"created":1795000000,"modified":1795000600,"feedback":"Die Lerchenbahn war spät."}"#;
        let rating = if is_first { rating(1, 1_795_000_000) } else { edited.to_owned() };
        behaviour::json(&format!(r#"{{"ratings":{{{rating}}}}}"#))
    })
    .await;
    let kind = kind(EXAMPLE, &site);
    let first = round(&kind, &Cursor::default()).await.unwrap();
    let second = round(&kind, &first.cursor).await.unwrap();
    assert_eq!((first.mentions[0].edited_at, second.mentions.len()), (None, 1));
    assert_eq!(second.mentions[0].text, "Die Lerchenbahn war spät.");
    assert_eq!(second.mentions[0].edited_at, Some(Timestamp::from_seconds(1_795_000_600)));
}

#[tokio::test]
async fn trouble_is_told() {
    behaviour::trouble_is_told(EXAMPLE).await;
    behaviour::a_limit_is_that_of_the_key(EXAMPLE).await;
    behaviour::an_empty_answer_is_nothing(EXAMPLE, r#"{"status":"success","ratings":{}}"#).await;
    behaviour::an_empty_answer_is_nothing(EXAMPLE, r#"{"status":"success","ratings":[]}"#).await;
    behaviour::a_lost_page_is_asked_for_again(EXAMPLE, ratings).await;
    let site = Site::start(|_| behaviour::json(r#"{"status":"error","errors":["wrong credentials"]}"#)).await;
    let error = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap_err();
    assert!(matches!(error, CollectError::Format { .. }), "{error}");
}

#[test]
fn settings_that_cannot_work_are_refused_all_at_once() {
    let mistake = |written: &str| toml::from_str::<ProvenExpert>(written).unwrap_err().message().to_owned();
    let mistakes = [
        mistake("id = \"id:key\""),
        mistake("id = \"1a2b\"\nkey_env = \"A\"\nkey_file = \"b\""),
        mistake("key_env = \"A\""),
        mistake("id = \"1a2b\"\nkey_env = \"A\"\nprofile = \"mailto:a@b.example\""),
        mistake("id = \"1a2b\"\nkey = \"geheim\""),
    ];
    insta::assert_snapshot!(mistakes.join("\n"));
}
