use super::*;
use crate::collect::behaviour::{self, kind, look_up};
use crate::http::site::{Asked, Reply, Site, answer};

const EXAMPLE: &str = r#"mastodon = { instance = "BASE", tag = "lerchenbahn" }"#;

/// What the server knows of a post: 1 as it was, 2 edited, 3 deleted, 4 not to be found any more, 5 not for strangers.
fn site(asked: &Asked) -> Reply {
    let json = "Content-Type: application/json; charset=utf-8\r\n";
    let post = |id: u32, more: &str, text: &str| {
        let uri = format!("http://{}/users/erika/statuses/{id}", asked.headers["host"]);
        behaviour::json(&format!(
            r#"{{"id":"{id}","uri":"{uri}","created_at":"2026-11-18T09:30:00Z","content":"<p>{text}</p>",
                "visibility":"public"{more},"account":{{"acct":"erika","indexable":{}}}}}"#,
            id != 4
        ))
    };
    match asked.path.as_str() {
        "/api/v1/statuses/1" => post(1, "", "Die Lerchenbahn war spät."),
        "/api/v1/statuses/2" => post(2, r#","edited_at":"2026-11-19T08:00:00Z""#, "Die Lerchenbahn war pünktlich."),
        "/api/v1/statuses/3" => answer("404 Not Found", json, br#"{"error":"Record not found"}"#),
        "/api/v1/statuses/4" => post(4, "", "Die Lerchenbahn war kalt."),
        "/api/v1/statuses/6" => post(7, "", "Ein anderer."),
        _ => answer("401 Unauthorized", json, br#"{"error":"This method requires an authenticated user"}"#),
    }
}

#[tokio::test]
async fn posts_are_looked_up_where_they_were_written() {
    let site = Site::start(site).await;
    let uri = |id: &str| site.url(&format!("/users/erika/statuses/{id}")).to_string();
    let ids: Vec<String> = (1..=6).map(|id| uri(&id.to_string())).collect();
    let elsewhere = "https://other.example/objects/9007199254740993";
    let known: Vec<&str> = ids.iter().map(String::as_str).chain([elsewhere]).collect();
    let recheck = look_up(&kind(EXAMPLE, &site), &known).await.unwrap();
    assert_eq!(recheck.there, ids[..2]);
    assert_eq!(recheck.removed, ids[2..4]);
    assert_eq!(recheck.asked.len(), known.len(), "each has had its turn");
    let edited = &recheck.mentions[1];
    let edited_at = edited.edited_at.unwrap().to_string();
    assert_eq!((&*edited.text, &*edited_at), ("Die Lerchenbahn war pünktlich.", "2026-11-19T08:00:00Z"));
    assert_eq!(recheck.notes, ["2 of 7 posts could not be looked up: the server answered 401"]);
    assert_eq!(site.asked().len(), 6);
}

#[tokio::test]
async fn a_post_that_is_alone_may_be_gone_and_a_server_that_is_another_one_by_now_knows_of_none() {
    let site = Site::start(site).await;
    let gone = site.url("/users/erika/statuses/3").to_string();
    assert_eq!(look_up(&kind(EXAMPLE, &site), &[&gone]).await.unwrap().removed, [gone], "it is said to be");
    behaviour::trouble_deletes_nothing(EXAMPLE, &["BASE/users/a/statuses/1", "BASE/users/a/statuses/2"], "").await;
}

#[test]
fn only_what_looks_like_a_post_of_mastodon_has_an_address() {
    let own = Url::parse("http://lerche.example/").unwrap();
    let at = |uri: &str| address(uri, &own).map(String::from);
    let found = |id: &str| Some(format!("https://m.example/api/v1/statuses/{id}"));
    assert_eq!(at("https://m.example/users/erika/statuses/117020593741189701"), found("117020593741189701"));
    assert_eq!(at("https://m.example/ap/users/11/statuses/12?x#y"), found("12"));
    assert_eq!(
        at("http://lerche.example/users/a/statuses/1").as_deref(),
        Some("http://lerche.example/api/v1/statuses/1")
    );
    for other in [
        "http://m.example/users/erika/statuses/1",
        "https://erika:pw@m.example/users/erika/statuses/1",
        "https://m.example/users/erika/statuses/1a",
        "https://m.example/users/erika/statuses/",
        "https://m.example/notes/1",
        "tag:m.example,2026:1",
        "",
    ] {
        assert_eq!(at(other), None, "{other}");
    }
}
