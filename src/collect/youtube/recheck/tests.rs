use serde_json::json;
use tempfile::NamedTempFile;

use super::*;
use crate::collect::behaviour::{self, kind};
use crate::http::site::{Asked, Reply, Site, answer};
use crate::mention::Mention;

fn setting() -> (String, NamedTempFile) {
    let file = NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "AIzaGeheim\n").unwrap();
    let place = "channel = \"UClerchenbahn00000000000\"";
    (format!("youtube = {{ {place}, key_file = {:?}, base = \"BASE\" }}", file.path()), file)
}

fn comment(id: &str, text: &str, updated: &str) -> Value {
    let snippet = json!({ "textDisplay": text, "publishedAt": "2026-11-01T08:00:00Z", "updatedAt": updated });
    json!({ "id": id, "snippet": snippet })
}

fn thread(id: &str, text: &str, updated: &str) -> Value {
    let snippet = json!({ "videoId": "Lerche_-001", "topLevelComment": comment(id, text, updated) });
    json!({ "id": id, "snippet": snippet })
}

fn list(items: &[Value]) -> Reply {
    behaviour::json(&json!({ "items": items }).to_string())
}

fn mention<'a>(recheck: &'a Recheck, id: &str) -> &'a Mention {
    recheck.mentions.iter().find(|mention| mention.native_id == id).unwrap()
}

/// Of the comments c1 to c4 and their replies, c2, c3.2 and all of c4 were deleted; c1 and c3.1 were edited.
fn site(asked: &Asked) -> Reply {
    assert_eq!(asked.headers["x-goog-api-key"], "AIzaGeheim");
    let (at_first, edited) = ("2026-11-01T08:00:00Z", "2026-11-19T08:00:00Z");
    match asked.path.split_once('?').unwrap().0 {
        "/youtube/v3/commentThreads" => list(&[thread("c1", "Jetzt gut.", edited), thread("c3", "Nie.", at_first)]),
        "/youtube/v3/comments" => list(&[comment("c3.1", "Doch.", edited), json!({ "id": "c3.3" })]),
        _ => answer("404 Not Found", "", b""),
    }
}

#[tokio::test]
async fn comments_and_replies_are_looked_up_by_their_ids() {
    let ((example, _file), site) = (setting(), Site::start(site).await);
    let known = ["c1", "c2", "c3.1", "c3.2", "c3.3", "c4.1"];
    let recheck = behaviour::look_up(&kind(&example, &site), &known).await.unwrap();
    assert_eq!(recheck.asked.len(), known.len());
    assert_eq!(recheck.there, ["c1", "c3.1", "c3.3"], "what cannot be read is there all the same");
    assert_eq!(recheck.removed, ["c2", "c3.2", "c4.1"]);
    assert_eq!(recheck.mentions.len(), 2, "c3 was not asked for");
    let comment = mention(&recheck, "c1");
    let edited_at = comment.edited_at.unwrap().to_string();
    assert_eq!((comment.text.as_str(), edited_at.as_str()), ("Jetzt gut.", "2026-11-19T08:00:00Z"));
    let reply = mention(&recheck, "c3.1");
    assert_eq!(reply.url.as_deref(), Some("https://www.youtube.com/watch?v=Lerche_-001&lc=c3.1"));
    let asked = [
        "/youtube/v3/commentThreads?part=snippet%2Creplies&id=c3%2Cc4%2Cc1%2Cc2&textFormat=plainText",
        "/youtube/v3/comments?part=snippet&id=c3.1%2Cc3.2%2Cc3.3%2Cc4.1&textFormat=plainText",
    ];
    assert_eq!(site.asked(), asked);
}

#[tokio::test]
async fn a_refusal_because_of_one_comment_is_about_that_one() {
    let (example, _file) = setting();
    let site = Site::start(|asked| {
        let ids = asked.path.split_once("&id=").unwrap().1.split('&').next().unwrap().to_owned();
        let said = json!({ "error": { "errors": [{ "reason": "commentNotFound" }], "message": "No." } });
        let at = "2026-11-01T08:00:00Z";
        match ids.split("%2C").any(|id| id == "c2") {
            true => answer("404 Not Found", "Content-Type: application/json\r\n", said.to_string().as_bytes()),
            false => list(&ids.split("%2C").map(|id| thread(id, "Nie.", at)).collect::<Vec<_>>()),
        }
    })
    .await;
    let recheck = behaviour::look_up(&kind(&example, &site), &["c1", "c2", "c3"]).await.unwrap();
    assert_eq!((recheck.there, recheck.removed), (vec!["c1".to_owned(), "c3".into()], vec!["c2".to_owned()]));
    let alone = behaviour::look_up(&kind(&example, &site), &["c2"]).await.unwrap();
    assert_eq!(alone.removed, ["c2"], "YouTube says so of this one alone");
}

#[tokio::test]
async fn comments_that_cannot_be_looked_up_are_not_gone() {
    let (example, _file) = setting();
    behaviour::trouble_deletes_nothing(&example, &["c1", "c2", "c3.1"], "").await;
    let site = Site::start(|_| list(&[])).await;
    let recheck = behaviour::look_up(&kind(&example, &site), &["c1", "c2", "c3.1", "c3.2"]).await.unwrap();
    assert_eq!((recheck.removed.len(), recheck.there.len()), (0, 0));
    let told = "an answer shows none of 3 that were asked for; that deletes nothing";
    assert_eq!(recheck.notes[0], told);
}

#[tokio::test]
async fn replies_that_cannot_be_asked_for_do_not_spoil_what_was_learned() {
    let (example, _file) = setting();
    let site = Site::start(|asked| match asked.path.starts_with("/youtube/v3/comments?") {
        true => answer("500 Internal Server Error", "", b""),
        false => site(asked),
    })
    .await;
    let recheck = behaviour::look_up(&kind(&example, &site), &["c1", "c2", "c3.1"]).await.unwrap();
    assert_eq!((recheck.asked, recheck.removed), (vec!["c1".to_owned(), "c2".into()], vec!["c2".to_owned()]));
    assert!(recheck.broken_off.is_some());
}
