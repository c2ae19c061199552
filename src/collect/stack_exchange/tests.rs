use std::time::Duration;

use crate::collect::Cursor;
use crate::collect::behaviour::{self, json, kind, round};
use crate::http::site::{Asked, Reply, Site};
use crate::mention::{Language, Timestamp};

const EXAMPLE: &str = r#"stack_exchange = { site = "stackoverflow", search = "\"Lerchenbahn\"", base = "BASE" }"#;
const PAGE: &str = include_str!("fixtures/page.json");

fn item(id: i64, more: &str) -> String {
    format!(r#"{{"question_id":{id},"creation_date":{},"title":"Lerchenbahn?"{more}}}"#, 1_790_000_000 + id)
}

/// Three pages with two questions each.
fn questions(asked: &Asked) -> Reply {
    let (_, number) = asked.path.rsplit_once("page=").unwrap();
    let number: i64 = number.parse().unwrap();
    let has_more = number < 3;
    let items = format!("{},{}", item(100 - number * 2, ""), item(99 - number * 2, ""));
    json(&format!(r#"{{"items":[{items}],"has_more":{has_more},"quota_remaining":{}}}"#, 300 - number))
}

#[tokio::test]
async fn a_question_is_read_and_the_pause_and_the_limit_are_kept() {
    let site = Site::start(|_| json(PAGE)).await;
    let batch = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&batch.mentions).unwrap());
    assert_eq!(batch.notes, ["1 items could not be read and are left out"]);
    assert_eq!((batch.rest, batch.quota_left), (Some(Duration::from_secs(10)), Some(271)));
    let asked = &site.asked()[0];
    assert!(asked.starts_with("/2.3/search/advanced?site=stackoverflow&q=%22Lerchenbahn%22&sort=creation"), "{asked}");
}

#[tokio::test]
async fn the_past_is_read_to_its_end_and_then_only_what_is_new() {
    let site = Site::start(questions).await;
    let first = behaviour::nothing_is_fetched_twice(EXAMPLE, &site).await;
    assert_eq!((first.mentions.len(), first.quota_left), (6, Some(297)));
}

#[tokio::test]
async fn a_pause_that_is_asked_for_ends_the_round_and_loses_nothing() {
    let page = |more: bool| format!(r#"{{"items":[{}],"has_more":{more},"backoff":30}}"#, item(1, ""));
    let site = Site::start(move |_| json(&page(true))).await;
    let batch = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap();
    assert_eq!((batch.mentions.len(), site.asked().len()), (1, 1));
    assert_eq!(batch.rest, Some(Duration::from_secs(30)));
    assert_eq!(batch.notes, ["page 2 is left for the next round: the source asks for a pause"]);
    assert_eq!(batch.cursor, Cursor::default());
}

#[tokio::test]
async fn an_edit_is_brought_again_with_its_time() {
    let site = Site::start(questions).await;
    let first = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap();
    let edited = item(97, r#","body":"<p>Solved</p>","last_edit_date":1790009000"#);
    let site =
        Site::start(move |_| json(&format!(r#"{{"items":[{},{edited}],"has_more":false}}"#, item(98, "")))).await;
    let second = round(&kind(EXAMPLE, &site), &first.cursor).await.unwrap();
    let edited = second.mentions.iter().find(|mention| mention.native_id == "97").unwrap();
    assert_eq!((edited.text.as_str(), edited.edited_at), ("Solved", Some(Timestamp::from_seconds(1_790_009_000))));
}

#[tokio::test]
async fn a_site_in_another_language_says_which() {
    let site = Site::start(questions).await;
    let example = EXAMPLE.replace("stackoverflow", "ru.stackoverflow");
    let batch = round(&kind(&example, &site), &Cursor::default()).await.unwrap();
    assert_eq!(batch.mentions[0].language_hint, Language::parse("ru"));
}

#[test]
fn settings_that_cannot_be_meant_are_refused() {
    let refused = |settings: &str| toml::from_str::<super::StackExchange>(settings).unwrap_err().message().to_owned();
    let address = "site = \"https://stackoverflow.com\"\nsearch = \"x\"";
    assert!(refused(address).ends_with("write the beginning of its address, as in \"stackoverflow\""));
    assert!(refused("site = \"stackoverflow\"").contains("missing field `search`"));
    assert!(refused("site = \"stackoverflow\"\nq = \"x\"").contains("unknown field `q`"));
}

#[tokio::test]
async fn trouble_is_told() {
    behaviour::trouble_is_told(EXAMPLE).await;
    behaviour::an_empty_answer_is_nothing(EXAMPLE, r#"{"items":[],"has_more":false}"#).await;
    behaviour::a_lost_page_is_asked_for_again(EXAMPLE, questions).await;
}
