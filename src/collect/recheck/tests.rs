use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::collect::Cursor;
use crate::collect::behaviour::{NOW, json as page};
use crate::collect::pages;
use crate::http::site::{Reply, Site, answer};
use crate::http::{Fetcher, Settings};
use crate::tongue::said;

/// Looks up `count` ids, three at a time, at a site that answers for the ids it is asked for.
async fn found(
    count: usize,
    reply: impl Fn(&[&str]) -> Reply + Send + Sync + 'static,
) -> (Result<Recheck, String>, Vec<String>) {
    let site = Site::start(move |asked| {
        let ids: Vec<&str> = asked.path.split_once("?ids=").unwrap().1.split(',').collect();
        reply(&ids)
    })
    .await;
    let fetcher = Fetcher::new(&Settings { gap_per_host: Duration::ZERO, ..Settings::default() }).unwrap();
    let round = Round {
        cursor: &Cursor::default(),
        fetcher: &fetcher,
        allow_private_network: true,
        now: NOW,
        is_wanted: &|_| true,
        listen_at_most: None,
    };
    let request =
        |ids: &[String]| Ok(Request::new(site.url(&format!("/?ids={}", ids.join(","))), "application/json", true));
    let inquiry = Inquiry {
        at_a_time: 3,
        request: &request,
        read: &read,
        is_missing: &|error| matches!(error, FetchError::Status { status: 404, .. }),
        explain: &CollectError::from,
    };
    let known: Vec<String> = (1..=count).map(|number| number.to_string()).collect();
    let recheck = look_up(&inquiry, &known, &round).await.map_err(|error| error.to_string());
    (recheck, site.asked())
}

/// A list of ids; a minus says that it was deleted.
fn read(page: &Page) -> Result<Shown, CollectError> {
    let answer = pages::json(page, said("", ""))?;
    let shown = pages::list(&answer, "", said("", ""))?.iter().filter_map(Value::as_str);
    let (deleted, there): (Vec<&str>, Vec<&str>) = shown.partition(|id| id.starts_with('-'));
    let removed: Vec<String> = deleted.iter().map(|id| id[1..].to_owned()).collect();
    let mention = |id: &&str| Mention { native_id: (*id).to_owned(), ..Mention::default() };
    let part = Part { mentions: there.iter().map(mention).collect(), removed: removed.clone(), ..Part::default() };
    Ok(Shown { ids: there.into_iter().map(str::to_owned).chain(removed).collect(), part })
}

#[tokio::test]
async fn what_is_missing_among_others_is_gone_and_what_was_not_asked_for_is_nothing() {
    let (recheck, asked) = found(4, |ids| match ids[0] {
        "1" => page(&json!(["1", "7", "-3"]).to_string()),
        _ => page(&json!(["4", "-7"]).to_string()),
    })
    .await;
    let recheck = recheck.unwrap();
    assert_eq!((recheck.there, recheck.removed), (vec!["1".to_owned(), "4".into()], vec!["2".to_owned(), "3".into()]));
    assert_eq!(recheck.mentions.iter().map(|mention| mention.native_id.as_str()).collect::<Vec<_>>(), ["1", "4"]);
    assert_eq!(asked, ["/?ids=1,2,3", "/?ids=4"]);
    assert!(recheck.notes.is_empty() && recheck.broken_off.is_none());
}

#[tokio::test]
async fn an_answer_that_shows_nothing_deletes_nothing() {
    let (recheck, _) = found(4, |ids| page(if ids[0] == "1" { "[]" } else { "[\"4\"]" })).await;
    let recheck = recheck.unwrap();
    assert_eq!((recheck.removed, recheck.there, recheck.asked.len()), (vec![], vec!["4".to_owned()], 4));
    assert_eq!(recheck.notes, ["an answer shows none of 3 that were asked for; that deletes nothing"]);
}

#[tokio::test]
async fn an_answer_that_says_of_each_that_it_was_deleted_is_believed() {
    let (recheck, _) = found(2, |_| page(r#"["-1", "-2"]"#)).await;
    assert_eq!(recheck.unwrap().removed, ["1", "2"]);
}

#[tokio::test]
async fn where_one_of_several_is_refused_halves_tell_which() {
    let (recheck, asked) = found(3, |ids| match ids.contains(&"2") {
        true => answer("404 Not Found", "", b"{}"),
        false => page(&json!(ids).to_string()),
    })
    .await;
    let recheck = recheck.unwrap();
    assert_eq!((recheck.removed, recheck.there), (vec!["2".to_owned()], vec!["1".to_owned(), "3".into()]));
    assert_eq!(asked, ["/?ids=1,2,3", "/?ids=1", "/?ids=2,3", "/?ids=2", "/?ids=3"]);
}

#[tokio::test]
async fn there_is_an_end_to_halving_and_the_rest_has_its_turn_later() {
    let (recheck, asked) = found(150, |_| answer("404 Not Found", "", b"{}")).await;
    let recheck = recheck.unwrap();
    assert_eq!((asked.len(), recheck.asked.len()), (200, 120), "five requests for three ids");
    assert_eq!(recheck.removed, recheck.asked);
}

#[tokio::test]
async fn what_was_learned_before_an_error_is_kept_and_the_rest_is_uncertain() {
    let (recheck, asked) = found(9, |ids| match ids[0] {
        "1" => page("[\"1\",\"2\"]"),
        _ => answer("500 Internal Server Error", "", b""),
    })
    .await;
    let recheck = recheck.unwrap();
    assert_eq!((recheck.asked.len(), recheck.removed), (3, vec!["3".to_owned()]));
    assert_eq!(recheck.broken_off.unwrap().to_string(), "the server answered 500");
    assert_eq!(asked.len(), 2, "and no more");
    let (recheck, _) = found(9, |_| answer("500 Internal Server Error", "", b"")).await;
    assert_eq!(recheck.unwrap_err(), "the server answered 500");
}

#[tokio::test]
async fn a_source_that_wants_a_rest_is_given_it() {
    let (recheck, asked) = found(9, |ids| {
        let left = "Content-Type: application/json\r\nX-RateLimit-Remaining: 0\r\nX-RateLimit-Reset: 90\r\n";
        answer("200 OK", left, json!(ids).to_string().as_bytes())
    })
    .await;
    let recheck = recheck.unwrap();
    assert_eq!((recheck.there.len(), recheck.rest), (3, Some(Duration::from_secs(90))));
    assert_eq!(asked.len(), 1);
}
