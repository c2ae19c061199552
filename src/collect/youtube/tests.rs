use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use proptest::prelude::*;
use serde_json::json;
use tempfile::NamedTempFile;

use super::*;
use crate::collect::Cursor;
use crate::collect::behaviour::{self, NOW, kind, round};
use crate::http::site::{Asked, Reply, Site, answer};

const THREADS: &str = include_str!("fixtures/threads.json");

/// What stands in `sources.toml`, and the file with the key.
fn setting(place: &str) -> (String, NamedTempFile) {
    let file = NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "AIzaGeheim\n").unwrap();
    (format!("youtube = {{ {place}, key_file = {:?}, base = \"BASE\" }}", file.path()), file)
}

fn channel() -> (String, NamedTempFile) {
    setting("channel = \"UClerchenbahn00000000000\", search = \"Lerche & Co\"")
}

fn thread(id: &str, text: &str, published: &str, updated: &str) -> Value {
    let snippet = json!({ "textOriginal": text, "publishedAt": published, "updatedAt": updated });
    json!({ "snippet": { "videoId": "Lerche_-001", "topLevelComment": { "id": id, "snippet": snippet } } })
}

/// Of 250 threads, one a minute, the 100 that are asked for.
fn threads(asked: &Asked) -> Reply {
    assert_eq!(asked.headers["x-goog-api-key"], "AIzaGeheim");
    let from = asked.path.split_once("&pageToken=").map_or(0, |(_, token)| token.parse::<i64>().unwrap());
    let at = |number: i64| NOW.plus_seconds(-60 * number).to_string();
    let all = (from..250).take(100).map(|number| thread(&format!("r{number}"), "Nie", &at(number), &at(number)));
    let mut page = json!({ "items": all.collect::<Vec<_>>() });
    if from + 100 < 250 {
        page["nextPageToken"] = (from + 100).to_string().into();
    }
    behaviour::json(&page.to_string())
}

fn refusal(reason: &str) -> Reply {
    let said = json!({ "error": { "code": 403, "message": "No.", "errors": [{ "reason": reason }] } });
    answer("403 Forbidden", "Content-Type: application/json; charset=UTF-8\r\n", said.to_string().as_bytes())
}

#[tokio::test]
async fn comments_are_read_with_replies_and_without_what_the_owner_says() {
    let ((example, _file), site) = (channel(), Site::start(|_| behaviour::json(THREADS)).await);
    let kind = kind(&example, &site);
    let batch = round(&kind, &Cursor::default()).await.unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&batch.mentions).unwrap());
    assert_eq!(batch.notes, ["3 items could not be read and are left out"]);
    let asked = "/youtube/v3/commentThreads?part=snippet%2Creplies\
                 &allThreadsRelatedToChannelId=UClerchenbahn00000000000&order=time&maxResults=100&textFormat=plainText&searchTerms=Lerche+%26+Co";
    assert_eq!(site.asked(), [asked]);
}

#[tokio::test]
async fn a_video_is_asked_for_by_its_id() {
    let ((example, _file), site) = (setting("video = \"Lerche_-001\""), Site::start(threads).await);
    assert_eq!(behaviour::nothing_is_fetched_twice(&example, &site).await.mentions.len(), 250);
    assert!(site.asked().iter().all(|path| path.contains("&videoId=Lerche_-001&") && !path.contains("searchTerms")));
}

#[tokio::test]
async fn a_page_that_leads_to_itself_is_read_once() {
    let (example, _file) = channel();
    let site = Site::start(|asked| {
        let id = if asked.path.contains("pageToken") { "2" } else { "1" };
        let thread = thread(id, "Nie", "2026-11-18T08:00:00Z", "2026-11-18T08:00:00Z");
        behaviour::json(&json!({ "items": [thread], "nextPageToken": "again" }).to_string())
    })
    .await;
    let batch = round(&kind(&example, &site), &Cursor::default()).await.unwrap();
    assert_eq!((batch.mentions.len(), site.asked().len()), (2, 2));
}

#[tokio::test]
async fn an_edit_is_brought_again_with_its_new_text() {
    let (example, _file) = channel();
    let is_edited = Arc::new(AtomicBool::new(false));
    let edited = is_edited.clone();
    let site = Site::start(move |_| {
        let (text, updated) = match edited.load(Ordering::SeqCst) {
            true => ("Jetzt gut.", "2026-11-19T08:00:00Z"),
            false => ("Schlecht.", "2026-11-18T08:00:00Z"),
        };
        behaviour::json(&json!({ "items": [thread("r", text, "2026-11-18T08:00:00Z", updated)] }).to_string())
    })
    .await;
    let kind = kind(&example, &site);
    let first = round(&kind, &Cursor::default()).await.unwrap();
    assert_eq!((first.mentions[0].text.as_str(), first.mentions[0].edited_at), ("Schlecht.", None));
    is_edited.store(true, Ordering::SeqCst);
    let second = round(&kind, &first.cursor).await.unwrap();
    let edited_at = second.mentions[0].edited_at.unwrap().to_string();
    assert_eq!((second.mentions[0].text.as_str(), edited_at.as_str()), ("Jetzt gut.", "2026-11-19T08:00:00Z"));
}

#[tokio::test]
async fn a_page_that_has_not_changed_is_not_sent_again() {
    let (example, _file) = channel();
    let site = Site::start(|asked| match asked.headers.get("if-none-match").map(String::as_str) {
        Some("\"lerche\"") => answer("304 Not Modified", "", b""),
        _ => answer("200 OK", "ETag: \"lerche\"\r\nContent-Type: application/json\r\n", THREADS.as_bytes()),
    })
    .await;
    let kind = kind(&example, &site);
    let first = round(&kind, &Cursor::default()).await.unwrap();
    let second = round(&kind, &first.cursor).await.unwrap();
    assert!(!first.mentions.is_empty() && second.not_modified && second.mentions.is_empty());
    assert_eq!(second.cursor, first.cursor);
}

#[tokio::test]
async fn another_search_is_another_question() {
    let ((example, _file), site) = (channel(), Site::start(threads).await);
    let first = round(&kind(&example, &site), &Cursor::default()).await.unwrap();
    let other = kind(&example.replace("Lerche & Co", "Amsel"), &site);
    assert_eq!(round(&other, &first.cursor).await.unwrap().mentions.len(), 250);
}

#[tokio::test]
async fn trouble_is_told() {
    let (example, _file) = channel();
    behaviour::trouble_is_told(&example).await;
    behaviour::a_limit_is_that_of_the_key(&example).await;
    behaviour::an_empty_answer_is_nothing(&example, r#"{"items":[]}"#).await;
    behaviour::a_lost_page_is_asked_for_again(&example, threads).await;
}

#[tokio::test]
async fn a_quota_that_is_used_up_is_waited_for() {
    let (example, _file) = channel();
    let until_midnight = Some(Duration::from_hours(20));
    let site = Site::start(|_| refusal("quotaExceeded")).await;
    let error = round(&kind(&example, &site), &Cursor::default()).await.unwrap_err();
    assert_eq!(error.to_string(), "Google answered 403, quotaExceeded: No.");
    assert_eq!(error.retry_after(), until_midnight);

    let site = Site::start(|asked| match asked.path.contains("pageToken") {
        true => refusal("quotaExceeded"),
        false => threads(asked),
    })
    .await;
    let batch = round(&kind(&example, &site), &Cursor::default()).await.unwrap();
    assert_eq!((batch.mentions.len(), batch.rest, batch.cursor), (100, until_midnight, Cursor::default()));
}

#[tokio::test]
async fn comments_that_are_switched_off_are_an_error_that_says_so() {
    let ((example, _file), site) = (channel(), Site::start(|_| refusal("commentsDisabled")).await);
    let error = round(&kind(&example, &site), &Cursor::default()).await.unwrap_err();
    assert_eq!(error.to_string(), "Google answered 403, commentsDisabled: No.");
    assert_eq!(error.hint().unwrap().english, "comments are switched off there: remove the source");
}

#[tokio::test]
async fn without_a_key_nothing_is_asked() {
    let ((example, file), site) = (channel(), Site::start(threads).await);
    file.close().unwrap();
    assert!(matches!(round(&kind(&example, &site), &Cursor::default()).await, Err(CollectError::Secret(_))));
    assert_eq!(site.asked(), [""; 0]);
}

#[test]
fn mistakes_are_told_at_once_with_what_to_write() {
    let mistakes = |written: &str| toml::from_str::<Youtube>(written).unwrap_err().message().to_owned();
    let told = [
        mistakes("channel = \"@lerchenbahn\"\nsearch = \" \""),
        mistakes("video = \"https://youtu.be/Lerche_-001\"\nkey_env = \"K\""),
        mistakes("channel = \"UClerchenbahn00000000000\"\nvideo = \"Lerche_-001\"\nkey_env = \"K\"\nkey_file = \"k\""),
        mistakes("key_env = \"K\""),
        mistakes("video = \"Lerche_-001\"\nkey = \"AIza\""),
    ];
    insta::assert_snapshot!(told.join("\n"));
}

proptest! {
    #[test]
    fn no_thread_makes_it_panic(word in "\\PC{0,9}", number: i64, has_owner: bool) {
        let channel = if has_owner { json!(word) } else { Value::Null };
        let author = json!({ "value": word });
        let snippet = json!({ "authorChannelId": author, "textDisplay": word, "publishedAt": "2026-11-18T08:00:00Z" });
        let comment = json!({ "id": number, "snippet": snippet });
        let replies = json!({ "comments": [comment, word, number, null] });
        let thread = json!({ "snippet": { "channelId": channel, "topLevelComment": comment }, "replies": replies });
        let mut part = Part::default();
        thread::read(&thread, &mut part);
        prop_assert_eq!(part.unread, 3);
        prop_assert!(!has_owner || part.mentions.is_empty());
    }
}
