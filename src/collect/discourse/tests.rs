use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::*;
use crate::collect::Cursor;
use crate::collect::behaviour::{self, kind, pages, round};
use crate::http::site::{Asked, Reply, Site, answer};

const ALL: &str = r#"discourse = { forum = "BASE/" }"#;
const SEARCH: &str = r#"discourse = { forum = "BASE", search = "Lerchenbahn" }"#;
const POSTS: &str = include_str!("fixtures/posts.json");

fn post(id: usize) -> String {
    let at = Timestamp::from_seconds(1_795_000_000 + 60 * i64::try_from(id).unwrap());
    format!(
        r#"{{"id":{id},"username":"a","user_id":7,"topic_id":5,"topic_slug":"s","post_number":{id},"created_at":"{at}",
            "updated_at":"{at}","version":1,"post_type":1,"cooked":"<p>Die Lerchenbahn war spät, zum {id}. Mal.</p>"}}"#
    )
}

fn number_after(asked: &Asked, name: &str) -> Option<usize> {
    asked.path.split_once(name)?.1.split(['&', '.']).next()?.parse().ok()
}

/// 120 posts, 50 a page; as newer versions do, without the post whose number is asked for.
fn list_of_posts(asked: &Asked) -> Reply {
    let before = number_after(asked, "before=").unwrap_or(121);
    let posts: Vec<String> = (1..before).rev().take(50).map(post).collect();
    behaviour::json(&format!(r#"{{"latest_posts":[{}]}}"#, posts.join(",")))
}

/// The search finds all of `count` posts, 50 a page, and gives each by itself.
fn searched(asked: &Asked, count: usize) -> Reply {
    if let Some(id) = number_after(asked, "/posts/") {
        return behaviour::json(&post(id));
    }
    let page = number_after(asked, "page=").unwrap();
    let begun = |id| post(id).replace("cooked", "blurb").replace("zum", "…");
    let posts: Vec<String> = (1..=count).rev().skip((page - 1) * 50).take(50).map(begun).collect();
    behaviour::json(&format!(
        r#"{{"posts":[{}],"topics":[{{"id":5,"title":"Verspätung"}}],
            "grouped_search_result":{{"more_full_page_results":{}}}}}"#,
        posts.join(","),
        if page * 50 < count { "true" } else { "null" },
    ))
}

#[tokio::test]
async fn posts_are_read_without_the_words_of_others() {
    let site =
        pages(vec![("/posts.json", POSTS.to_owned()), ("/posts.json?before=38", "{\"latest_posts\":[]}".into())]);
    let site = site.await;
    let batch = round(&kind(ALL, &site), &Cursor::default()).await.unwrap();
    let written = serde_json::to_string_pretty(&batch.mentions).unwrap();
    insta::assert_snapshot!(written.replace(site.url("/").as_str(), "http://site/"));
    assert_eq!(
        (batch.notes, batch.removed),
        (vec!["1 items could not be read and are left out".to_owned()], vec!["38".to_owned()])
    );
}

#[tokio::test]
async fn the_past_is_read_to_its_end_and_then_only_what_is_new() {
    let site = Site::start(list_of_posts).await;
    assert_eq!(behaviour::nothing_is_fetched_twice(ALL, &site).await.mentions.len(), 120);
    assert_eq!(site.asked()[..3], ["/posts.json", "/posts.json?before=71", "/posts.json?before=21"]);
}

#[tokio::test]
async fn what_the_search_finds_is_read_as_a_whole() {
    let site = Site::start(|asked| searched(asked, 70)).await;
    let batch = behaviour::nothing_is_fetched_twice(SEARCH, &site).await;
    assert_eq!(batch.mentions.len(), 70);
    assert_eq!(batch.mentions[0].text, "Die Lerchenbahn war spät, zum 1. Mal.");
    assert_eq!(batch.mentions[0].title.as_deref(), Some("Verspätung"));
    let asked = site.asked();
    assert_eq!(asked[..2], ["1", "2"].map(|page| format!("/search.json?q=Lerchenbahn+order%3Alatest&page={page}")));
    let later = "/search.json?q=Lerchenbahn+order%3Alatest+after%3A2026-11-17&page=1";
    assert_eq!(asked.last().map(String::as_str), Some(later));
}

#[tokio::test]
async fn what_is_too_much_for_one_round_is_left_for_the_next() {
    let site = Site::start(|asked| searched(asked, 150)).await;
    let first = round(&kind(SEARCH, &site), &Cursor::default()).await.unwrap();
    assert_eq!((first.mentions.len(), first.notes), (100, vec!["50 posts are left for the next round".to_owned()]));
    let second = round(&kind(SEARCH, &site), &first.cursor).await.unwrap();
    assert_eq!((second.mentions.len(), second.mentions[0].native_id.as_str()), (50, "101"));
    let third = round(&kind(SEARCH, &site), &second.cursor).await.unwrap();
    assert_eq!((third.mentions.len(), third.cursor.position), (0, second.cursor.position));
}

#[tokio::test]
async fn where_the_forum_calls_a_halt_the_next_round_goes_on() {
    let count = Arc::new(AtomicUsize::new(0));
    let site = Site::start(move |asked| match count.fetch_add(1, Ordering::SeqCst) {
        3 => answer("404 Not Found", "", b""),
        5 => answer("429 Too Many Requests", "Retry-After: 0\r\n", b""),
        _ => searched(asked, 9),
    })
    .await;
    let ids = |batch: &Batch| batch.mentions.iter().map(|mention| mention.native_id.clone()).collect::<Vec<_>>();
    let first = round(&kind(SEARCH, &site), &Cursor::default()).await.unwrap();
    assert_eq!((ids(&first), first.rest), (vec!["1".to_owned(), "2".into(), "4".into()], Some(Duration::ZERO)));
    let second = round(&kind(SEARCH, &site), &first.cursor).await.unwrap();
    assert_eq!(ids(&second), ["5", "6", "7", "8", "9"]);
}

#[tokio::test]
async fn an_edit_is_brought_again() {
    let edited = post(120).replace("\"version\":1", "\"version\":2").replace("spät", "pünktlich");
    let edited = edited.replace("\"updated_at\":\"2026-11-18", "\"updated_at\":\"2026-11-19");
    let site = Site::start(move |_| behaviour::json(&format!(r#"{{"latest_posts":[{edited}]}}"#))).await;
    let cursor = Cursor { position: Some(format!("1795007200 {} ", site.url("/"))), ..Cursor::default() };
    let batch = round(&kind(ALL, &site), &cursor).await.unwrap();
    assert!(batch.mentions[0].text.contains("pünktlich"));
    assert!(batch.mentions[0].edited_at > batch.mentions[0].published_at && batch.cursor != cursor);
}

#[tokio::test]
async fn trouble_is_told() {
    behaviour::trouble_is_told(ALL).await;
    behaviour::trouble_is_told(SEARCH).await;
    behaviour::an_empty_answer_is_nothing(ALL, r#"{"latest_posts":[]}"#).await;
    behaviour::an_empty_answer_is_nothing(SEARCH, r#"{"posts":[],"grouped_search_result":{}}"#).await;
    behaviour::a_lost_page_is_asked_for_again(ALL, list_of_posts).await;
}

#[test]
fn a_search_that_cannot_find_anything_is_refused() {
    let refused = |search: &str| {
        let written = format!("forum = \"https://forum.example\"\nsearch = \"{search}\"");
        toml::from_str::<Discourse>(&written).unwrap_err().message().to_owned()
    };
    assert_eq!(refused("ab "), "`ab ` is too short to be found: write 3 characters or more");
    assert_eq!(refused("Bahn order:likes"), "leave `order:` out of `search`: the newest come first");
}
