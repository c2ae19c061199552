use crate::collect::behaviour::{self, json, kind, round};
use crate::collect::{Batch, CollectError, Cursor};
use crate::http::site::{Site, answer};
use crate::mention::{Grade, Rating};

const EXAMPLE: &str = r#"trusted_shops = { shop = "X0123456789ABCDEF0123456789ABCDEF", base = "BASE" }"#;
const QUALITY: &str = include_str!("fixtures/quality.json");

fn grade(value: f64, reviews: Option<u64>) -> Option<Grade> {
    Some(Grade { rating: Rating::stars(value), reviews })
}

/// What a round makes of such an indicator.
async fn told(indicator: &str) -> Batch {
    let body =
        format!(r#"{{"response":{{"data":{{"shop":{{"qualityIndicators":{{"reviewIndicator":{indicator}}}}}}}}}}}"#);
    let site = Site::start(move |_| json(&body)).await;
    round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap()
}

#[tokio::test]
async fn a_grade_is_read_with_the_reviews_it_is_made_of_and_there_are_no_mentions() {
    let site = Site::start(|_| json(QUALITY)).await;
    let kind = kind(EXAMPLE, &site);
    let batch = round(&kind, &Cursor::default()).await.unwrap();
    assert_eq!(batch.grade, grade(4.62, Some(1204)));
    assert!(batch.mentions.is_empty() && batch.notes.is_empty());
    assert_eq!(site.asked(), ["/rest/public/v2/shops/X0123456789ABCDEF0123456789ABCDEF/quality.json"]);
    assert!(!kind.brings_mentions());
}

#[tokio::test]
async fn what_lacks_or_is_odd_is_no_grade_and_no_error() {
    assert_eq!(told(r#"{"overallMark":"4.50","totalReviewCount":"12"}"#).await.grade, grade(4.5, Some(12)));
    assert_eq!(told(r#"{"overallMark":5,"activeReviewCount":null}"#).await.grade, grade(5.0, None));
    assert_eq!(told(r#"{"overallMark":4,"activeReviewCount":-3}"#).await.grade, grade(4.0, None));
    for none in [r#"{"overallMark":0.0,"activeReviewCount":0}"#, r#"{"overallMark":92}"#, "{}", "null", "[7]"] {
        let batch = told(none).await;
        assert_eq!((batch.grade, batch.notes.len()), (None, 1), "{none}");
    }
}

#[tokio::test]
async fn an_unchanged_grade_is_no_news_and_another_shop_is_asked_for_anew() {
    let site = Site::start(|asked| match asked.headers.get("if-none-match").map(String::as_str) {
        Some("\"7\"") => answer("304 Not Modified", "", b""),
        _ => answer("200 OK", "ETag: \"7\"\r\n", QUALITY.as_bytes()),
    })
    .await;
    let first = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap();
    let second = round(&kind(EXAMPLE, &site), &first.cursor).await.unwrap();
    assert_eq!(second, Batch { cursor: first.cursor.clone(), not_modified: true, ..Batch::default() });
    let other = kind(&EXAMPLE.replace("X0", "XA"), &site);
    assert!(!round(&other, &first.cursor).await.unwrap().not_modified);
}

#[test]
fn settings_that_cannot_be_meant_are_refused() {
    let refused = |settings: &str| toml::from_str::<super::TrustedShops>(settings).unwrap_err().message().to_owned();
    for shop in ["", "X0123", "0123456789ABCDEF0123456789ABCDEFX", "X0123456789ABCDEF0123456789ABCD/."] {
        let said = refused(&format!("shop = \"{shop}\""));
        assert!(said.starts_with(&format!("`{shop}` is no shop: write the 33 characters")), "{said}");
    }
    assert!(refused("id = \"x\"").contains("unknown field `id`"));
}

#[tokio::test]
async fn trouble_is_told() {
    behaviour::trouble_is_told(EXAMPLE).await;
    let site = Site::start(|_| json(r#"{"response":{"code":404,"status":"NOT_FOUND","data":null}}"#)).await;
    let error = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap_err();
    assert!(matches!(error, CollectError::Format { .. }) && error.hint().unwrap().english.contains("info_"), "{error}");
}
