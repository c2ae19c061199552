use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};

use proptest::prelude::*;
use rcgen::KeyPair;
use serde_json::json;
use tempfile::NamedTempFile;

use super::*;
use crate::collect::Cursor;
use crate::collect::behaviour::{self, NOW, kind, round};
use crate::http::site::{Asked, Reply, Site, answer};

const REVIEWS: &str = include_str!("fixtures/reviews.json");

/// It takes a while to make one.
static PRIVATE_KEY: LazyLock<KeyPair> = LazyLock::new(jwt::tests::rsa);

fn account(tokens: &Site) -> String {
    json!({
        "type": "service_account",
        "client_email": "stimmung@lerche.example",
        "private_key_id": "K1",
        "private_key": PRIVATE_KEY.serialize_pem(),
        "token_uri": tokens.url("/token"),
    })
    .to_string()
}

/// What stands in `sources.toml`, the file with the key, and the site that gives tokens to who has it.
async fn setting() -> (String, NamedTempFile, Site) {
    let tokens = crate::collect::google::tests::tokens(|body| {
        let assertion =
            body.strip_prefix("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=");
        let (header, claims) = jwt::tests::verified(assertion.unwrap(), Algorithm::RS256, &PRIVATE_KEY);
        let times = (NOW.seconds(), NOW.seconds() + 900);
        header.kid.as_deref() == Some("K1")
            && claims["iss"] == "stimmung@lerche.example"
            && claims["scope"] == SCOPE
            && claims["aud"].as_str().unwrap().ends_with("/token")
            && (claims["iat"].as_i64(), claims["exp"].as_i64()) == (Some(times.0), Some(times.1))
    })
    .await;
    let file = NamedTempFile::new().unwrap();
    std::fs::write(file.path(), account(&tokens)).unwrap();
    let settings = format!("service_account_file = {:?}, base = \"BASE\"", file.path());
    (format!("google_play = {{ package = \"org.lerche.app\", {settings} }}"), file, tokens)
}

fn review(id: &str, text: &str, at: i64) -> String {
    let comment = format!(r#"{{"text":"{text}","starRating":1,"lastModified":{{"seconds":"{at}"}}}}"#);
    format!(r#"{{"reviewId":"{id}","comments":[{{"userComment":{comment}}}]}}"#)
}

/// Of 250 reviews, one a minute, the 100 that are asked for.
fn reviews(asked: &Asked) -> Reply {
    assert_eq!(asked.headers["authorization"], "Bearer ya29.token");
    let from = asked.path.split_once("&token=").map_or(0, |(_, token)| token.parse::<i64>().unwrap());
    let all = (from..250).take(100).map(|number| review(&format!("r{number}"), "Nie", NOW.seconds() - 60 * number));
    let next = if from + 100 < 250 { (from + 100).to_string() } else { String::new() };
    let next = format!(r#""tokenPagination":{{"nextPageToken":"{next}"}}"#);
    behaviour::json(&format!(r#"{{"reviews":[{}],{next}}}"#, all.collect::<Vec<_>>().join(",")))
}

#[tokio::test]
async fn reviews_are_read_with_version_and_reply() {
    let ((example, _file, _tokens), site) = (setting().await, Site::start(|_| behaviour::json(REVIEWS)).await);
    let kind = kind(&example, &site);
    let batch = round(&kind, &Cursor::default()).await.unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&batch.mentions).unwrap());
    assert_eq!(batch.notes, ["3 items could not be read and are left out"]);
    assert_eq!(site.asked(), ["/androidpublisher/v3/applications/org.lerche.app/reviews?maxResults=100"]);
}

#[tokio::test]
async fn all_pages_are_turned_once_with_one_token_a_round() {
    let ((example, _file, tokens), site) = (setting().await, Site::start(reviews).await);
    assert_eq!(behaviour::nothing_is_fetched_twice(&example, &site).await.mentions.len(), 250);
    assert_eq!(tokens.asked(), ["/token", "/token"]);
}

#[tokio::test]
async fn a_page_that_leads_to_itself_is_read_once() {
    let (example, _file, _tokens) = setting().await;
    let site = Site::start(|asked| {
        let review = review(if asked.path.contains("token") { "2" } else { "1" }, "Nie", 1_795_000_000);
        behaviour::json(&format!(r#"{{"reviews":[{review}],"tokenPagination":{{"nextPageToken":"again"}}}}"#))
    })
    .await;
    let batch = round(&kind(&example, &site), &Cursor::default()).await.unwrap();
    assert_eq!((batch.mentions.len(), site.asked().len()), (2, 2));
}

#[tokio::test]
async fn an_edit_is_brought_again_with_its_new_text_and_turns_the_page() {
    let (example, _file, _tokens) = setting().await;
    let is_edited = Arc::new(AtomicBool::new(false));
    let edited = is_edited.clone();
    let site = Site::start(move |asked| {
        let first = match edited.load(Ordering::SeqCst) {
            true => review("r", "Jetzt gut", 1_795_000_600),
            false => review("r", "Schlecht", 1_795_000_000),
        };
        let page = if asked.path.contains("token") { review("s", "Nie", 1_794_000_000) } else { first };
        behaviour::json(&format!(r#"{{"reviews":[{page}],"tokenPagination":{{"nextPageToken":"2"}}}}"#))
    })
    .await;
    let kind = kind(&example, &site);
    let first = round(&kind, &Cursor::default()).await.unwrap();
    is_edited.store(true, Ordering::SeqCst);
    let second = round(&kind, &first.cursor).await.unwrap();
    assert_eq!((first.mentions[0].text.as_str(), second.mentions[0].text.as_str()), ("Schlecht", "Jetzt gut"));
    assert_eq!(first.mentions[0].native_id, second.mentions[0].native_id);
    assert_eq!(site.asked().len(), 4, "what is behind the edit may be new as well");
}

#[tokio::test]
async fn trouble_is_told() {
    let (example, _file, _tokens) = setting().await;
    behaviour::trouble_is_told(&example).await;
    behaviour::a_limit_is_that_of_the_key(&example).await;
    behaviour::an_empty_answer_is_nothing(&example, "{}").await;
    behaviour::a_lost_page_is_asked_for_again(&example, reviews).await;
}

#[tokio::test]
async fn a_refusal_is_told_in_the_words_of_google() {
    let (example, _file, _tokens) = setting().await;
    let site = Site::start(|_| {
        let said = br#"{"error":{"code":403,"message":"No right.","errors":[{"reason":"permissionDenied"}]}}"#;
        answer("403 Forbidden", "Content-Type: application/json\r\n", said)
    })
    .await;
    let error = round(&kind(&example, &site), &Cursor::default()).await.unwrap_err();
    assert_eq!(error.to_string(), "Google answered 403, permissionDenied: No right.");
    assert!(error.hint().unwrap().english.contains("has no right"));
}

#[tokio::test]
async fn without_a_key_nothing_is_asked_and_nothing_of_it_is_shown() {
    let (example, file, tokens) = setting().await;
    let site = Site::start(reviews).await;
    let kind = kind(&example, &site);
    let broken = account(&tokens).replace("PRIVATE KEY", "geheim");
    let no_account = "`google_play.service_account` is no key of a service account";
    for (content, told) in [
        (broken.as_str(), "`google_play.service_account` is no key to sign with"),
        ("geheim", no_account),
        (r#"{"client_email":"a","private_key":["geheim"]}"#, no_account),
    ] {
        std::fs::write(file.path(), content).unwrap();
        let error = round(&kind, &Cursor::default()).await.unwrap_err();
        assert_eq!(error.to_string(), told);
        assert!(!format!("{error:?}").contains("geheim"), "{error:?}");
    }
    file.close().unwrap();
    assert!(matches!(round(&kind, &Cursor::default()).await, Err(CollectError::Secret(_))));
    assert_eq!((site.asked().len(), tokens.asked().len()), (0, 0));
}

#[tokio::test]
async fn an_answer_is_sent_to_its_review() {
    let (example, _file, _tokens) = setting().await;
    insta::assert_snapshot!(behaviour::an_answer_is_sent(&example).await, @r#"
    POST /androidpublisher/v3/applications/org.lerche.app/reviews/r%207%2F8:reply
    Bearer ya29
    {"replyText":"Guten Tag „Jana“, \"ja\"."}
    "#);
}

#[test]
fn mistakes_are_told_at_once_with_what_to_write() {
    let mistakes = |written: &str| toml::from_str::<GooglePlay>(written).unwrap_err().message().to_owned();
    let told = [
        mistakes("package = \"Lerchenbahn\""),
        mistakes("package = \"org..app\"\nservice_account_env = \"A\"\nservice_account_file = \"a\""),
        mistakes("package = \"org.app\"\nservice_account = \"{}\""),
        mistakes("package = \"org.app\"\nservice_account_env = \"A\"\nbase = \"play.google.com\""),
    ];
    insta::assert_snapshot!(told.join("\n"));
}

proptest! {
    #[test]
    fn no_text_makes_it_panic_and_none_of_it_is_lost(title in "[a-z]{0,9}", text in "[a-z]{1,9}(\t[a-z]{1,9})?") {
        let (found, rest) = review::parts(&format!("{title}\t{text}"));
        prop_assert_eq!((found.unwrap_or_default(), rest), (title, text.replace('\t', " ")));
    }
}
