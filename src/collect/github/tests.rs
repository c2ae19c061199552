use std::time::Duration;

use super::{Github, Scope};
use crate::collect::Cursor;
use crate::collect::behaviour::{self, json, kind, round};
use crate::http::site::{Asked, Reply, Site, answer};
use crate::mention::Timestamp;

const EXAMPLE: &str = r#"github = { search = "\"Lerchenbahn\"", base = "BASE" }"#;
const REPOSITORY: &str = r#"github = { repository = "example/timetable", base = "BASE" }"#;
const PAGE: &str = include_str!("fixtures/page.json");

fn issue(id: u32, body: &str, updated: u32) -> String {
    format!(
        r#"{{"id":{id},"title":"Lerchenbahn","body":"{body}","created_at":"2026-09-21T14:00:{id:02}Z",
            "updated_at":"2026-09-21T14:{updated:02}:00Z"}}"#
    )
}

/// Three pages with two hits each; their links name GitHub's own address.
fn hits(asked: &Asked) -> Reply {
    let number = asked.path.split_once("&page=").map_or(1, |(_, number)| number.parse().unwrap());
    let link = format!(
        "Link: <https://api.github.com/search/issues?q=x&page={}>; rel=\"next\", <https://x.org/>; rel=\"last\"\r\n",
        number + 1
    );
    let items = format!(r#"{{"items":[{},{}]}}"#, issue(50 - number * 2, "Late", 0), issue(49 - number * 2, "Late", 0));
    answer("200 OK", if number < 3 { &link } else { "" }, items.as_bytes())
}

#[tokio::test]
async fn an_issue_is_read_and_what_programs_open_is_left_out() {
    let site = Site::start(|_| json(PAGE)).await;
    let batch = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&batch.mentions).unwrap());
    assert_eq!(batch.notes, ["1 items could not be read and are left out"]);
    assert_eq!(site.asked(), ["/search/issues?q=%22Lerchenbahn%22&sort=created&order=desc&per_page=100"]);
}

#[tokio::test]
async fn the_past_is_read_to_its_end_and_then_only_what_is_new() {
    let site = Site::start(hits).await;
    assert_eq!(behaviour::nothing_is_fetched_twice(EXAMPLE, &site).await.mentions.len(), 6);
    assert_eq!(site.asked()[1], "/search/issues?q=x&page=2");
}

#[tokio::test]
async fn a_page_of_programs_does_not_hide_the_next_one() {
    let site = Site::start(|asked| {
        let is_first = !asked.path.contains("&page=2");
        let program = r#"{"id":9,"created_at":"2026-09-21T14:00:09Z","user":{"id":1,"login":"dependabot[bot]"}}"#;
        let link = if is_first { "Link: </search/issues?q=x&page=2>; rel=\"next\"\r\n" } else { "" };
        let item = if is_first { program.to_owned() } else { issue(8, "Late", 0) };
        answer("200 OK", link, format!(r#"{{"items":[{item}]}}"#).as_bytes())
    })
    .await;
    let batch = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap();
    assert_eq!(batch.mentions.iter().map(|mention| mention.native_id.as_str()).collect::<Vec<_>>(), ["8"]);
}

#[tokio::test]
async fn of_a_repository_only_what_was_touched_since_is_asked_for() {
    let site = Site::start(|asked| {
        let since = asked.path.contains("since=2026-09-21T14%3A05%3A00Z");
        json(&format!("[{}]", if since { issue(1, "Solved", 9) } else { issue(1, "Late", 5) }))
    })
    .await;
    let kind = kind(REPOSITORY, &site);
    let first = round(&kind, &Cursor::default()).await.unwrap();
    let second = round(&kind, &first.cursor).await.unwrap();
    assert_eq!(site.asked()[0], "/repos/example/timetable/issues?state=all&sort=updated&direction=desc&per_page=100");
    assert_eq!((first.mentions[0].text.as_str(), second.mentions[0].text.as_str()), ("Late", "Solved"));
    assert_eq!(second.mentions[0].edited_at, Timestamp::parse_rfc3339("2026-09-21T14:09:00Z"));
}

#[tokio::test]
async fn a_limit_that_is_used_up_is_waited_for() {
    let limit = "Date: Mon, 21 Sep 2026 14:13:20 GMT\r\nX-RateLimit-Remaining: 0\r\nX-RateLimit-Reset: 1790000042\r\n";
    let site = Site::start(move |_| answer("403 Forbidden", limit, b"{}")).await;
    let error = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(42)));
    let limit = format!("{limit}Link: </search/issues?page=2>; rel=\"next\"\r\n");
    let site = Site::start(move |_| answer("200 OK", &limit, PAGE.as_bytes())).await;
    let batch = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap();
    assert_eq!((batch.rest, batch.quota_left, site.asked().len()), (Some(Duration::from_secs(42)), Some(0), 1));
    assert_eq!(batch.cursor, Cursor::default(), "the second page is asked for in the next round");
}

#[tokio::test]
async fn a_token_is_shown_where_there_is_one_and_its_limit_is_its_own() {
    let site = Site::start(|asked| match asked.headers.get("authorization").map(String::as_str) {
        Some("Bearer stimmung") => json(PAGE),
        _ => answer("401 Unauthorized", "", b""),
    })
    .await;
    for example in [EXAMPLE, REPOSITORY] {
        let with_token = example.replace("base =", "token_env = \"CARGO_PKG_NAME\", base =");
        assert!(!round(&kind(&with_token, &site), &Cursor::default()).await.unwrap().mentions.is_empty());
        assert_eq!(kind(&with_token, &site).secrets().len(), 1);
        behaviour::a_limit_is_that_of_the_key(&with_token).await;
        assert!(round(&kind(example, &site), &Cursor::default()).await.is_err());
        assert_eq!(kind(example, &site).secrets(), []);
    }
}

#[tokio::test]
async fn nothing_new_is_told_without_a_page() {
    let site = Site::start(|asked| match asked.headers.get("if-none-match") {
        Some(_) => answer("304 Not Modified", "", b""),
        None => answer("200 OK", "ETag: \"7\"\r\n", PAGE.as_bytes()),
    })
    .await;
    let first = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap();
    let second = round(&kind(EXAMPLE, &site), &first.cursor).await.unwrap();
    assert!(second.not_modified && second.cursor == first.cursor);
}

#[test]
fn settings_that_cannot_be_meant_are_refused() {
    let read = |settings: &str| toml::from_str::<Github>(settings).map_err(|error| error.message().to_owned());
    for neither in ["", "search = \" \"", "search = \"a\"\nrepository = \"a/b\""] {
        assert_eq!(read(neither).unwrap_err(), "write either `search = \"…\"` or `repository = \"owner/name\"`");
    }
    for repository in ["rust", "a/b/c", "https://github.com/a/b", "a/..", "/b", "a/b?c"] {
        let refused = read(&format!("repository = \"{repository}\"")).unwrap_err();
        assert!(refused.ends_with("write owner and name, as in \"rust-lang/rust\""), "{refused}");
    }
    assert!(read("query = \"a\"").unwrap_err().contains("unknown field `query`"));
    let missing = read("repository = \"a\"\nlistens = \"discussions\"").unwrap_err();
    assert!(missing.contains("`a` is no repository") && missing.contains("; `token` is missing: write"), "{missing}");
    let twice = read("search = \"a\"\ntoken_env = \"A\"\ntoken_file = \"b\"").unwrap_err();
    assert_eq!(twice, "both `token_env` and `token_file` are set: keep one of them");
    assert!(read("search = \"a\"\nlistens = \"pulls\"").unwrap_err().contains("expected `issues` or `discussions`"));
    let scope = read("repository = \"a/b.c\"").unwrap().scope;
    assert_eq!(scope, Scope::Repository { owner: "a".to_owned(), name: "b.c".to_owned() });
}

#[tokio::test]
async fn trouble_is_told() {
    behaviour::trouble_is_told(EXAMPLE).await;
    behaviour::an_empty_answer_is_nothing(EXAMPLE, r#"{"total_count":0,"items":[]}"#).await;
    behaviour::an_empty_answer_is_nothing(REPOSITORY, "[]").await;
    behaviour::a_lost_page_is_asked_for_again(EXAMPLE, hits).await;
}
