use std::time::Duration;

use rcgen::KeyPair;
use tempfile::NamedTempFile;

use super::*;
use crate::collect::Cursor;
use crate::collect::behaviour::{self, NOW, kind, round};
use crate::http::site::{Asked, Reply, Site, answer};

const REVIEWS: &str = include_str!("fixtures/reviews.json");

/// What stands in `sources.toml`, and the file with the key.
fn setting(key: &KeyPair) -> (String, NamedTempFile) {
    let file = NamedTempFile::new().unwrap();
    std::fs::write(file.path(), key.serialize_pem()).unwrap();
    let example = format!(
        "app_store_connect = {{ app = 343555245, issuer_id = \"57246542-96fe-1a63-e053-0824d011072a\", \
         key_id = \"K1\", key_file = {:?}, base = \"BASE\" }}",
        file.path()
    );
    (example, file)
}

fn key() -> KeyPair {
    KeyPair::generate().unwrap()
}

/// Of 450 reviews, one a minute, the 200 that are asked for. The next page is on Apple's own server.
fn reviews(asked: &Asked) -> Reply {
    let from = asked.path.split_once("cursor=").map_or(0, |(_, cursor)| cursor.parse::<usize>().unwrap());
    let review = |number: usize| {
        let at = NOW.plus_seconds(-60 * i64::try_from(number).unwrap());
        format!(r#"{{"id":"r{number}","attributes":{{"rating":1,"createdDate":"{at}"}}}}"#)
    };
    let all: Vec<String> = (from..450).take(200).map(review).collect();
    let next = format!("https://api.appstoreconnect.apple.com/v1/apps/1/customerReviews?cursor={}", from + 200);
    let next = if from + 200 < 450 { format!(r#""next":"{next}""#) } else { String::new() };
    behaviour::json(&format!(r#"{{"data":[{}],"links":{{{next}}}}}"#, all.join(",")))
}

#[tokio::test]
async fn reviews_are_read_with_country_and_response() {
    let key = key();
    let ((example, _file), site) = (setting(&key), Site::start(|_| behaviour::json(REVIEWS)).await);
    let batch = round(&kind(&example, &site), &Cursor::default()).await.unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&batch.mentions).unwrap());
    assert_eq!(batch.notes, ["3 items could not be read and are left out"]);
    let asked = "/v1/apps/343555245/customerReviews?sort=-createdDate&limit=200&include=response";
    assert_eq!(site.asked(), [asked]);
}

#[tokio::test]
async fn each_request_carries_a_token_that_the_key_has_signed() {
    let key = key();
    let (example, _file) = setting(&key);
    let site = Site::start(move |asked| {
        let token = asked.headers["authorization"].strip_prefix("Bearer ").unwrap();
        let (header, claims) = jwt::tests::verified(token, Algorithm::ES256, &key);
        assert_eq!(header.kid.as_deref(), Some("K1"));
        let now = NOW.seconds();
        let issuer = "57246542-96fe-1a63-e053-0824d011072a";
        let expected = json!({ "iss": issuer, "iat": now, "exp": now + 900, "aud": "appstoreconnect-v1" });
        assert_eq!(claims, expected);
        reviews(asked)
    })
    .await;
    assert_eq!(behaviour::nothing_is_fetched_twice(&example, &site).await.mentions.len(), 450);
    assert_eq!(site.asked().len(), 4, "three pages, and one that tells that there is nothing new");
}

#[tokio::test]
async fn a_page_that_leads_to_itself_is_read_once() {
    let (example, _file) = setting(&key());
    let site = Site::start(|asked| {
        let id = if asked.path.contains("cursor") { "2" } else { "1" };
        let data = format!(r#""data":[{{"id":"{id}","attributes":{{"rating":1}}}}]"#);
        behaviour::json(&format!(r#"{{{data},"links":{{"next":"https://a.example/?cursor=again"}}}}"#))
    })
    .await;
    let batch = round(&kind(&example, &site), &Cursor::default()).await.unwrap();
    assert_eq!((batch.mentions.len(), site.asked().len()), (2, 2));
}

#[tokio::test]
async fn trouble_is_told() {
    let (example, _file) = setting(&key());
    behaviour::trouble_is_told(&example).await;
    behaviour::a_limit_is_that_of_the_key(&example).await;
    behaviour::an_empty_answer_is_nothing(&example, r#"{"data":[]}"#).await;
    behaviour::a_lost_page_is_asked_for_again(&example, reviews).await;
}

#[tokio::test]
async fn a_refusal_is_told_in_the_words_of_apple() {
    let (example, _file) = setting(&key());
    let site = Site::start(|_| {
        let said =
            br#"{"errors":[{"status":"401","code":"NOT_AUTHORIZED","title":"No","detail":"The token\nis bad."}]}"#;
        answer("401 Unauthorized", "Content-Type: application/json\r\nRetry-After: 60\r\n", said)
    })
    .await;
    let error = round(&kind(&example, &site), &Cursor::default()).await.unwrap_err();
    assert_eq!(error.to_string(), "Apple answered 401, NOT_AUTHORIZED: The token is bad.");
    assert!(error.hint().unwrap().english.starts_with("check `issuer_id` and `key_id`"));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(60)));
}

#[tokio::test]
async fn without_a_key_nothing_is_asked() {
    let (example, file) = setting(&key());
    let site = Site::start(reviews).await;
    std::fs::write(file.path(), "geheim").unwrap();
    let error = round(&kind(&example, &site), &Cursor::default()).await.unwrap_err();
    assert_eq!(error.to_string(), "`app_store_connect.key` is no key to sign with");
    file.close().unwrap();
    let error = round(&kind(&example, &site), &Cursor::default()).await.unwrap_err();
    assert!(matches!(error, CollectError::Secret(_)), "{error}");
    assert_eq!(site.asked(), [""; 0]);
}

#[tokio::test]
async fn an_answer_names_its_review() {
    let (example, _file) = setting(&key());
    insta::assert_snapshot!(behaviour::an_answer_is_sent(&example).await, @r#"
    POST /v1/customerReviewResponses
    Bearer eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiIsImtpZCI6IksxIn0
    {"data":{"type":"customerReviewResponses","attributes":{"responseBody":"Guten Tag „Jana“, \"ja\"."},"relationships":{"review":{"data":{"type":"customerReviews","id":"r 7/8"}}}}}
    "#);
}

#[test]
fn mistakes_are_told_at_once_with_what_to_write() {
    let mistakes = |written: &str| toml::from_str::<AppStoreConnect>(written).unwrap_err().message().to_owned();
    let issuer = "issuer_id = \"57246542-96fe-1a63-e053-0824d011072a\"";
    let told = [
        mistakes("app = 1\nissuer_id = \"Lerchenbahn\"\nkey_id = \"AuthKey_K1.p8\""),
        mistakes(&format!("app = 1\n{issuer}\nkey_id = \"K1\"\nkey_env = \"K\"\nkey_file = \"k\"")),
        mistakes(&format!("app = \"id1\"\n{issuer}\nkey_id = \"K1\"\nkey_env = \"K\"")),
        mistakes(&format!("app = 1\n{issuer}\nkey_id = \"K1\"\nkey = \"geheim\"")),
    ];
    insta::assert_snapshot!(told.join("\n"));
}
