use super::*;
use crate::collect::Cursor;
use crate::collect::behaviour::{self, kind, round};
use crate::http::site::{Asked, Reply, Site, answer};

const EXAMPLE: &str = r#"etrusted = { client_id = "5c0f", client_secret_env = "CARGO_PKG_NAME",
    channels = ["chl-1", "chl-2"], base = "BASE", login = "BASE/oauth/token" }"#;
const REVIEWS: &str = include_str!("fixtures/reviews.json");

fn site(asked: &Asked, page: impl Fn(&Asked) -> Reply) -> Reply {
    match asked.path.as_str() {
        "/oauth/token" => behaviour::json(r#"{"access_token":"geheim","token_type":"Bearer","expires_in":3600}"#),
        _ if asked.headers.get("authorization").is_some_and(|it| it == "Bearer geheim") => page(asked),
        _ => answer("401 Unauthorized", "", b""),
    }
}

/// 250 reviews, one a minute; a hundred of them after the one that is named.
fn reviews(asked: &Asked) -> Reply {
    site(asked, |asked| {
        let first = asked.path.split_once("after=rev-").map_or(0, |(_, id)| id.parse::<i64>().unwrap() + 1);
        let reviews: Vec<String> = (first..250).take(100).map(|number| review(number, "")).collect();
        behaviour::json(&format!("{{\"items\":[{}]}}", reviews.join(",")))
    })
}

fn review(number: i64, more: &str) -> String {
    let at = Timestamp::from_seconds(1_795_000_000 - 60 * number);
    format!(r#"{{"id":"rev-{number}","rating":4,"comment":"Gern wieder Lerchenbahn.","submittedAt":"{at}"{more}}}"#)
}

#[tokio::test]
async fn reviews_are_read_with_all_that_is_known_of_them() {
    let body = std::sync::Arc::new(std::sync::Mutex::new(String::new()));
    let kept = body.clone();
    let site = Site::start(move |asked| {
        kept.lock().unwrap().push_str(&asked.body);
        site(asked, |_| behaviour::json(REVIEWS))
    })
    .await;
    let batch = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&batch.mentions).unwrap());
    assert_eq!(batch.notes, ["1 items could not be read and are left out"]);
    assert_eq!(site.asked(), ["/oauth/token", "/reviews?channels=chl-1%2Cchl-2&count=100&status=APPROVED"]);
    let form = "grant_type=client_credentials&client_id=5c0f&client_secret=stimmung\
        &audience=https%3A%2F%2Fapi.etrusted.com";
    assert_eq!(*body.lock().unwrap(), form);
}

#[tokio::test]
async fn the_past_is_read_to_its_end_and_then_only_what_is_new() {
    let site = Site::start(reviews).await;
    assert_eq!(behaviour::nothing_is_fetched_twice(EXAMPLE, &site).await.mentions.len(), 250);
    assert!(site.asked()[3].ends_with("&after=rev-199"), "{:?}", site.asked());
}

#[tokio::test]
async fn a_page_that_comes_again_ends_the_round() {
    let reviews: Vec<String> = (0..100).map(|number| review(number, "")).collect();
    let page = format!("{{\"items\":[{}]}}", reviews.join(","));
    let site = Site::start(move |asked| site(asked, |_| behaviour::json(&page))).await;
    let batch = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap();
    assert_eq!((batch.mentions.len(), site.asked().len()), (100, 3));
}

#[tokio::test]
async fn an_edit_is_brought_again() {
    let edited = review(1, r#","editedAt":"2026-11-19T08:00:00Z""#).replace("Gern", "Nie");
    let count = std::sync::atomic::AtomicUsize::new(0);
    let site = Site::start(move |asked| {
        site(asked, |_| {
            let first = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0;
            behaviour::json(&format!("{{\"items\":[{}]}}", if first { review(1, "") } else { edited.clone() }))
        })
    })
    .await;
    let kind = kind(EXAMPLE, &site);
    let first = round(&kind, &Cursor::default()).await.unwrap();
    let second = round(&kind, &first.cursor).await.unwrap();
    assert_eq!((first.mentions[0].edited_at, second.mentions.len()), (None, 1));
    assert_eq!(second.mentions[0].text, "Nie wieder Lerchenbahn.");
    assert_eq!(second.mentions[0].edited_at, Timestamp::parse_rfc3339("2026-11-19T08:00:00Z"));
}

#[tokio::test]
async fn trouble_is_told() {
    behaviour::trouble_is_told(EXAMPLE).await;
    behaviour::a_limit_is_that_of_the_key(EXAMPLE).await;
    behaviour::an_empty_answer_is_nothing(EXAMPLE, r#"{"access_token":"t","items":[]}"#).await;
    behaviour::a_lost_page_is_asked_for_again(EXAMPLE, reviews).await;
}

#[tokio::test]
async fn trouble_behind_the_token_is_told_too() {
    for (status, body) in [("403 Forbidden", "{}"), ("200 OK", "<html>Sorry</html>"), ("200 OK", "{}")] {
        let site = Site::start(move |asked| site(asked, |_| answer(status, "", body.as_bytes()))).await;
        let error = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap_err();
        assert!(error.hint().is_some(), "{status} {body}: {error}");
        assert_eq!(site.asked().len(), 2);
    }
}

#[test]
fn settings_that_cannot_work_are_refused_all_at_once() {
    let mistake = |written: &str| toml::from_str::<Etrusted>(written).unwrap_err().message().to_owned();
    let mistakes = [
        mistake("client_id = \" \"\nchannels = [\"Lerchenbahn\", \"chl-1\"]"),
        mistake("client_id = \"5c0f\"\nclient_secret_env = \"A\"\nclient_secret_file = \"b\""),
        mistake("client_secret_env = \"A\""),
        mistake("client_id = \"5c0f\"\nclient_secret = \"geheim\""),
    ];
    insta::assert_snapshot!(mistakes.join("\n"));
}
