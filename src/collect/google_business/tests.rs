use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use proptest::prelude::*;
use tempfile::NamedTempFile;

use super::*;
use crate::collect::behaviour::{self, kind, round};
use crate::collect::{Cursor, google};
use crate::http::FetchError;
use crate::http::site::{Asked, Reply, Site, answer};

const REVIEWS: &str = include_str!("fixtures/reviews.json");

/// What stands in `sources.toml`, the site that gives tokens, and the file with both secrets.
struct Setting {
    example: String,
    tokens: Site,
    _secret: NamedTempFile,
}

async fn setting() -> Setting {
    let secret = NamedTempFile::new().unwrap();
    std::fs::write(secret.path(), "geheim & mehr\n").unwrap();
    let proof = "grant_type=refresh_token&client_id=lerche&client_secret=geheim+%26+mehr&refresh_token=geheim+%26+mehr";
    let tokens = google::tests::tokens(move |body| body == proof).await;
    let example = format!(
        "google_business = {{ account = \"accounts/112233445566778899000\", location = \"9007199254740993\", \
         client_id = \"lerche\", client_secret_file = {path:?}, refresh_token_file = {path:?}, base = \"BASE\", \
         token_url = \"{}\" }}",
        tokens.url("/token"),
        path = secret.path(),
    );
    Setting { example, tokens, _secret: secret }
}

/// Of 120 reviews, one a minute, the 50 that are asked for.
fn reviews(asked: &Asked) -> Reply {
    assert_eq!(asked.headers["authorization"], "Bearer ya29.token");
    let token = asked.path.split_once("pageToken=").map_or(0, |(_, token)| token.parse::<usize>().unwrap());
    let review = |number: usize| {
        let at = behaviour::NOW.plus_seconds(-60 * i64::try_from(number).unwrap());
        format!(r#"{{"reviewId":"r{number}","starRating":"ONE","createTime":"{at}","updateTime":"{at}"}}"#)
    };
    let all: Vec<String> = (token..120).take(50).map(review).collect();
    let next = if token + 50 < 120 { format!(r#","nextPageToken":"{}""#, token + 50) } else { String::new() };
    behaviour::json(&format!(r#"{{"reviews":[{}]{next}}}"#, all.join(",")))
}

#[tokio::test]
async fn reviews_are_read_with_the_reply_and_in_their_own_language() {
    let (setting, site) = (setting().await, Site::start(|_| behaviour::json(REVIEWS)).await);
    let kind = kind(&setting.example, &site);
    let batch = round(&kind, &Cursor::default()).await.unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&batch.mentions).unwrap());
    assert_eq!(batch.notes, ["3 items could not be read and are left out"]);
    assert_eq!(batch.grade, Grade::new(Rating::stars(2.6), Some(5)));
    let path = "/v4/accounts/112233445566778899000/locations/9007199254740993/reviews";
    assert_eq!(site.asked(), [format!("{path}?pageSize=50&orderBy=updateTime+desc")]);
    assert!(!format!("{kind:?}").contains("geheim"));
}

#[tokio::test]
async fn all_pages_are_turned_once_with_one_token_a_round() {
    let (setting, site) = (setting().await, Site::start(reviews).await);
    assert_eq!(behaviour::nothing_is_fetched_twice(&setting.example, &site).await.mentions.len(), 120);
    assert_eq!(setting.tokens.asked(), ["/token", "/token"]);
}

#[tokio::test]
async fn a_page_that_leads_to_itself_is_read_once() {
    let setting = setting().await;
    let site = Site::start(|asked| {
        let id = if asked.path.contains("pageToken") { 2 } else { 1 };
        behaviour::json(&format!(r#"{{"reviews":[{{"reviewId":{id},"starRating":"ONE"}}],"nextPageToken":"again"}}"#))
    })
    .await;
    let batch = round(&kind(&setting.example, &site), &Cursor::default()).await.unwrap();
    assert_eq!((batch.mentions.len(), site.asked().len()), (2, 2));
}

#[tokio::test]
async fn an_edit_is_brought_again_with_its_new_text() {
    let setting = setting().await;
    let is_edited = Arc::new(AtomicBool::new(false));
    let edited = is_edited.clone();
    let site = Site::start(move |_| {
        let (text, day) = if edited.load(Ordering::SeqCst) { ("Jetzt gut.", 19) } else { ("Schlecht.", 18) };
        let times = format!(r#""createTime":"2026-11-18T08:00:00Z","updateTime":"2026-11-{day}T08:00:00Z""#);
        behaviour::json(&format!(r#"{{"reviews":[{{"reviewId":"r","comment":"{text}",{times}}}]}}"#))
    })
    .await;
    let kind = kind(&setting.example, &site);
    let first = round(&kind, &Cursor::default()).await.unwrap();
    assert_eq!((first.mentions[0].text.as_str(), first.mentions[0].edited_at), ("Schlecht.", None));
    is_edited.store(true, Ordering::SeqCst);
    let second = round(&kind, &first.cursor).await.unwrap();
    let edited_at = second.mentions[0].edited_at.unwrap().to_string();
    assert_eq!((second.mentions[0].text.as_str(), edited_at.as_str()), ("Jetzt gut.", "2026-11-19T08:00:00Z"));
}

#[tokio::test]
async fn trouble_is_told() {
    let setting = setting().await;
    behaviour::trouble_is_told(&setting.example).await;
    behaviour::a_limit_is_that_of_the_key(&setting.example).await;
    behaviour::an_empty_answer_is_nothing(&setting.example, "{}").await;
    behaviour::a_lost_page_is_asked_for_again(&setting.example, reviews).await;
}

#[tokio::test]
async fn without_a_token_nothing_is_asked_and_the_reason_is_told() {
    let Setting { example, tokens, _secret } = setting().await;
    let refusals = Site::start(|_| {
        let said = br#"{"error":"invalid_grant","error_description":"Token has been expired or revoked."}"#;
        answer("400 Bad Request", "Content-Type: application/json\r\n", said)
    })
    .await;
    let site = Site::start(reviews).await;
    let refused = kind(&example.replace(tokens.url("/").as_str(), refusals.url("/").as_str()), &site);
    let error = round(&refused, &Cursor::default()).await.unwrap_err();
    assert_eq!(error.to_string(), "Google answered 400, invalid_grant: Token has been expired or revoked.");
    assert!(error.hint().unwrap().english.starts_with("the key was withdrawn or has expired"));

    let broken = Site::start(|_| answer("503 Service Unavailable", "", b"")).await;
    let broken = kind(&example.replace(tokens.url("/").as_str(), broken.url("/").as_str()), &site);
    let error = round(&broken, &Cursor::default()).await.unwrap_err();
    assert!(matches!(error, CollectError::Fetch(FetchError::Status { status: 503, .. })), "{error}");

    let missing = kind(&example.replace("client_secret_file", "client_secret_env"), &site);
    assert!(matches!(round(&missing, &Cursor::default()).await, Err(CollectError::Secret(_))));
    assert_eq!(site.asked(), [""; 0]);
}

#[tokio::test]
async fn an_answer_takes_the_place_of_an_earlier_one() {
    let setting = setting().await;
    insta::assert_snapshot!(behaviour::an_answer_is_sent(&setting.example).await, @r#"
    PUT /v4/accounts/112233445566778899000/locations/9007199254740993/reviews/r%207%2F8/reply
    Bearer ya29
    {"comment":"Guten Tag „Jana“, \"ja\"."}
    "#);
}

#[test]
fn mistakes_are_told_at_once_with_what_to_write() {
    let mistakes = |written: &str| toml::from_str::<GoogleBusiness>(written).unwrap_err().message().to_owned();
    let told = [
        mistakes("account = \"Lerchenbahn\"\nlocation = \"\"\nclient_id = \" \""),
        mistakes("account = \"1\"\nlocation = \"locations/2\"\nclient_id = \"c\"\nclient_secret_env = \"S\""),
        mistakes(
            "account = \"1\"\nlocation = \"2\"\nclient_id = \"c\"\nclient_secret_env = \"S\"\nrefresh_token_env = \
             \"T\"\nrefresh_token_file = \"t\"",
        ),
        mistakes("account = \"1\"\nlocation = \"2\"\nclient_id = \"c\"\nclient_secret = \"geheim\""),
        mistakes("account = \"1\"\nlocation = \"2\"\nclient_id = \"c\"\nbase = \"ftp://a.example\""),
    ];
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn the_original_is_kept_wherever_the_translation_stands() {
    let originals = [
        ("Nie wieder.", "Nie wieder."),
        ("(Translated by Google) Never again.\n\n(Original)\nNie wieder.", "Nie wieder."),
        ("Nie wieder.\n\n(Translated by Google)\nNever again.", "Nie wieder."),
        ("Nie wieder (Original)\n\n(Translated by Google)\nNever again (Original)", "Nie wieder (Original)"),
        ("(Translated by Google) Never again.", "Never again."),
        ("(Translated by Google) (Original)", "(Original)"),
        ("Im (Original) besser", "Im (Original) besser"),
    ];
    for (comment, original) in originals {
        assert_eq!(review::original(comment), original);
    }
}

proptest! {
    #[test]
    fn no_comment_makes_it_panic(comment in r"(\PC|\(Translated by Google\)|\(Original\)|\n){0,12}") {
        prop_assert!(comment.contains(review::original(&comment)));
    }
}
