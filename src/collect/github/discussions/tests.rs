use serde_json::json;

use super::*;
use crate::collect::Cursor;
use crate::collect::behaviour::{self, kind, round};
use crate::http::site::{Asked, Reply, Site, answer};

/// A variable that every test has stands for the token.
const EXAMPLE: &str = r#"github = { search = "\"Lerchenbahn\"", listens = "discussions",
    token_env = "CARGO_PKG_NAME", base = "BASE" }"#;
const REPOSITORY: &str = r#"github = { repository = "example/timetable", listens = "discussions",
    token_env = "CARGO_PKG_NAME", base = "BASE" }"#;
const SEARCH: &str = include_str!("fixtures/search.json");

/// Written at second `number`, and touched at that second.
fn discussion(number: u32, body: &str, touched: u32) -> Value {
    let at = |second: u32| format!("2026-09-21T14:{:02}:{:02}Z", second / 60, second % 60);
    json!({
        "id": format!("D_{number}"), "title": "Lerchenbahn", "body": body,
        "createdAt": at(number),
        "updatedAt": at(touched),
        "comments": { "nodes": [] },
    })
}

fn found(discussions: &[Value], next: Option<&str>) -> Reply {
    let page = json!({ "hasNextPage": next.is_some(), "endCursor": next });
    behaviour::json(&json!({ "data": { "search": { "pageInfo": page, "nodes": discussions } } }).to_string())
}

/// What a request says that it wants.
fn variables(asked: &Asked) -> Value {
    assert_eq!((asked.method.as_str(), asked.path.as_str()), ("POST", "/graphql"));
    serde_json::from_str::<Value>(&asked.body).unwrap()["variables"].take()
}

/// Three pages with two hits each, those last that were touched first.
fn hits(asked: &Asked) -> Reply {
    let number = variables(asked)["after"].as_str().map_or(1, |cursor| cursor.parse().unwrap());
    let hit = |at: u32| discussion(at, "Late", at);
    let next = (number < 3).then(|| (number + 1).to_string());
    found(&[hit(50 - number * 2), hit(49 - number * 2)], next.as_deref())
}

/// Where a round leaves off that has met the discussion of second 1.
async fn after_the_first() -> Cursor {
    let site = Site::start(|_| found(&[discussion(1, "Late", 1)], None)).await;
    round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap().cursor
}

#[tokio::test]
async fn a_discussion_is_read_with_its_comments_and_without_programs_and_what_is_hidden() {
    let site = Site::start(|_| behaviour::json(SEARCH)).await;
    let batch = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&batch.mentions).unwrap());
    assert_eq!(batch.removed, ["DC_gone"]);
    assert_eq!(batch.notes, ["3 items could not be read and are left out"], "an id, a date, and what is protected");
}

#[tokio::test]
async fn a_search_and_a_repository_are_asked_for_with_the_token() {
    let site = Site::start(|asked| {
        assert_eq!(asked.headers["authorization"], "Bearer stimmung");
        let question: Value = serde_json::from_str(&asked.body).unwrap();
        assert!(
            question["query"]
                .as_str()
                .unwrap()
                .contains(&format!("query {}(", question["operationName"].as_str().unwrap()))
        );
        match question["operationName"].as_str() {
            Some("search") => {
                let expected = json!({ "search": "\"Lerchenbahn\" sort:updated-desc", "after": null });
                assert_eq!(question["variables"], expected);
                found(&[discussion(1, "Late", 1)], None)
            }
            _ => {
                let expected = json!({ "owner": "example", "name": "timetable", "after": null });
                assert_eq!(question["variables"], expected);
                let page = json!({ "pageInfo": { "hasNextPage": false }, "nodes": [discussion(2, "Late", 1)] });
                behaviour::json(&json!({ "data": { "repository": { "discussions": page } } }).to_string())
            }
        }
    })
    .await;
    for (example, id) in [(EXAMPLE, "D_1"), (REPOSITORY, "D_2")] {
        let batch = round(&kind(example, &site), &Cursor::default()).await.unwrap();
        assert_eq!(batch.mentions.iter().map(|mention| mention.native_id.as_str()).collect::<Vec<_>>(), [id]);
    }
}

#[tokio::test]
async fn the_past_is_read_to_its_end_and_then_only_what_is_new() {
    let site = Site::start(hits).await;
    assert_eq!(behaviour::nothing_is_fetched_twice(EXAMPLE, &site).await.mentions.len(), 6);
}

#[tokio::test]
async fn behind_discussions_that_were_only_touched_there_may_be_news() {
    let cursor = after_the_first().await;
    let site = Site::start(|asked| match variables(asked)["after"].as_str() {
        None => found(&[discussion(1, "Late", 20)], Some("2")),
        Some("2") => found(&[discussion(15, "Later", 15)], Some("3")),
        Some(_) => found(&[discussion(0, "Late", 0)], Some("4")),
    })
    .await;
    let second = round(&kind(EXAMPLE, &site), &cursor).await.unwrap();
    assert!(second.mentions.iter().any(|mention| mention.native_id == "D_15"));
    assert_eq!(site.asked().len(), 3, "what was not touched since the last round ends it");
}

#[tokio::test]
async fn a_cursor_that_comes_again_ends_the_round() {
    let cursor = after_the_first().await;
    let site = Site::start(|_| found(&[discussion(1, "Late", 20)], Some("again"))).await;
    let second = round(&kind(EXAMPLE, &site), &cursor).await.unwrap();
    assert_eq!((second.mentions.len(), site.asked().len()), (1, 2));
}

#[tokio::test]
async fn an_edit_is_brought_again() {
    let site = Site::start(|_| {
        let mut edited = discussion(1, "Solved", 9);
        edited["lastEditedAt"] = "2026-09-21T14:09:00Z".into();
        found(&[edited], None)
    })
    .await;
    let cursor = after_the_first().await;
    let second = round(&kind(EXAMPLE, &site), &cursor).await.unwrap();
    assert_eq!(second.mentions[0].text, "Solved");
    assert_eq!(second.mentions[0].edited_at, Timestamp::parse_rfc3339("2026-09-21T14:09:00Z"));
}

#[tokio::test]
async fn why_github_refuses_is_told_though_it_answers_200() {
    let told = |site: Site| async move {
        let error = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap_err();
        behaviour::told(&error)
    };
    let mut all = Vec::new();
    for (headers, error) in [
        ("", r#"{"type":"RATE_LIMIT","message":"API rate limit already exceeded for user ID 1."}"#),
        ("Retry-After: 90\r\n", r#"{"type":"RATE_LIMITED","message":"You have exceeded a secondary rate limit."}"#),
        ("", r#"{"type":"NOT_FOUND","message":"Could not resolve to a Repository\nwith the name 'a/b'."}"#),
        ("", r#"{"type":"INSUFFICIENT_SCOPES","message":"Your token has not been granted the scopes."}"#),
        ("", r#"{"message":"Something <b>went</b> wrong."}"#),
        ("", "7"),
    ] {
        let body = format!(r#"{{"data":null,"errors":[{error}]}}"#);
        all.push(told(Site::start(move |_| answer("200 OK", headers, body.as_bytes())).await).await);
    }
    insta::assert_snapshot!(all.join("\n"));
}

#[tokio::test]
async fn a_limit_that_is_used_up_is_waited_for() {
    let limit = "Date: Mon, 21 Sep 2026 14:13:20 GMT\r\nX-RateLimit-Remaining: 0\r\nX-RateLimit-Reset: 1790000042\r\n";
    let site = Site::start(move |_| answer("200 OK", limit, SEARCH.replace("false,", "true,").as_bytes())).await;
    let batch = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap();
    assert_eq!((batch.rest, batch.quota_left, site.asked().len()), (Some(Duration::from_secs(42)), Some(0), 1));
    assert_eq!(batch.cursor, Cursor::default(), "the second page is asked for in the next round");
}

#[tokio::test]
async fn trouble_is_told() {
    behaviour::trouble_is_told(EXAMPLE).await;
    behaviour::a_limit_is_that_of_the_key(EXAMPLE).await;
    behaviour::an_empty_answer_is_nothing(EXAMPLE, r#"{"data":{"search":{"pageInfo":{},"nodes":[]}}}"#).await;
    behaviour::an_empty_answer_is_nothing(REPOSITORY, r#"{"data":{"repository":{"discussions":{"nodes":null}}}}"#)
        .await;
    behaviour::a_lost_page_is_asked_for_again(EXAMPLE, hits).await;
}
