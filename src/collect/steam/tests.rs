use crate::collect::Cursor;
use crate::collect::behaviour::{self, json, kind, round};
use crate::http::site::{Asked, Reply, Site};
use crate::mention::{Grade, Rating, Timestamp};

const EXAMPLE: &str = r#"steam = { app = 4711, base = "BASE" }"#;
const PAGE: &str = include_str!("fixtures/page.json");

fn input(asked: &Asked) -> serde_json::Value {
    let url = url::Url::parse(&format!("http://localhost{}", asked.path)).unwrap();
    assert_eq!(url.path(), "/IUserReviewsService/GetAppReviews/v1/");
    serde_json::from_str(&url.query_pairs().find(|(name, _)| name == "input_json").unwrap().1).unwrap()
}

/// Three pages of two reviews; the last names a cursor whose page is empty.
fn reviews(asked: &Asked) -> Reply {
    let page = input(asked)["cursor"].as_str().unwrap().parse().unwrap_or(0);
    let review = |number: i64| {
        let at = 1_790_000_000 - number;
        format!(r#"{{"recommendationid":"{number}","review":"Late.","timestamp_created":{at},"voted_up":false}}"#)
    };
    let reviews = if page < 3 { format!("{},{}", review(page * 2), review(page * 2 + 1)) } else { String::new() };
    json(&format!(r#"{{"response":{{"reviews":[{reviews}],"cursor":"{}"}}}}"#, (page + 1).min(3)))
}

fn review(text: &str, updated: i64) -> String {
    format!(
        r#"{{"response":{{"reviews":[{{"recommendationid":"1","review":"{text}","timestamp_created":1790000000,
            "timestamp_updated":{updated},"voted_up":true}}],"cursor":"*"}}}}"#
    )
}

#[tokio::test]
async fn a_review_is_read_with_thumb_language_and_answer() {
    let site =
        Site::start(|asked| json(if input(asked)["cursor"] == "*" { PAGE } else { r#"{"response":{"x":0}}"# })).await;
    let batch = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&batch.mentions).unwrap());
    assert_eq!(batch.notes, ["1 items could not be read and are left out"]);
    assert_eq!(batch.grade, Grade::new(Rating { value: 0.5, worst: 0.0, best: 1.0 }, Some(2)));
    assert!(site.asked()[1].ends_with("%22cursor%22%3A%22AoJ4%2B%2F%3D%22%7D"), "{}", site.asked()[1]);
}

#[test]
fn what_nobody_has_recommended_or_not_has_no_grade() {
    let grade = |summary: &str| {
        super::grade(&serde_json::from_str(&format!(r#"{{"response":{{"query_summary":{summary}}}}}"#)).unwrap())
    };
    assert_eq!(grade(r#"{"num_reviews":0,"total_positive":0,"total_reviews":0}"#), None);
    assert_eq!(grade(r#"{"num_reviews":3}"#), None, "a later page");
    assert_eq!(grade(r#"{"total_positive":9,"total_reviews":3}"#), None);
}

#[tokio::test]
async fn the_past_is_read_to_its_end_and_then_only_what_is_new() {
    let site = Site::start(reviews).await;
    assert_eq!(behaviour::nothing_is_fetched_twice(EXAMPLE, &site).await.mentions.len(), 6);
}

#[tokio::test]
async fn a_cursor_that_comes_again_ends_the_round() {
    let site = Site::start(|_| json(&review("Late.", 1_790_000_000))).await;
    assert_eq!(round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap().mentions.len(), 1);
    assert_eq!(site.asked().len(), 1);
}

#[tokio::test]
async fn an_edited_review_is_brought_again() {
    let site = Site::start(|_| json(&review("Late.", 1_790_000_000))).await;
    let first = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap();
    assert_eq!(first.mentions[0].edited_at, None);
    let site = Site::start(|_| json(&review("On time.", 1_790_000_060))).await;
    let second = round(&kind(EXAMPLE, &site), &first.cursor).await.unwrap();
    assert_eq!(second.mentions[0].text, "On time.");
    assert_eq!(second.mentions[0].edited_at, Some(Timestamp::from_seconds(1_790_000_060)));
}

#[tokio::test]
async fn one_language_is_asked_for_by_all_its_names() {
    let site = Site::start(|asked| {
        assert_eq!(input(asked)["languages"], serde_json::json!(["brazilian", "portuguese"]));
        json(PAGE)
    })
    .await;
    let example = EXAMPLE.replace("4711", "4711, language = \"pt\"");
    assert!(!round(&kind(&example, &site), &Cursor::default()).await.unwrap().mentions.is_empty());
}

#[test]
fn settings_that_cannot_be_meant_are_refused() {
    let refused = |settings: &str| toml::from_str::<super::Steam>(settings).unwrap_err().message().to_owned();
    assert_eq!(refused("app = 1\nlanguage = \"is\""), "Steam has no language `is`: leave it out for all");
    assert!(refused("app = \"Lerchenbahn\"").contains("expected u64"));
    assert!(refused("app = 1\nlang = \"de\"").contains("unknown field `lang`"));
    assert!(refused("app = 1\nbase = \"ftp://a\"").contains("is no web address"));
}

#[tokio::test]
async fn trouble_is_told() {
    behaviour::trouble_is_told(EXAMPLE).await;
    behaviour::an_empty_answer_is_nothing(EXAMPLE, r#"{"response":{"query_summary":{"num_reviews":0}}}"#).await;
    behaviour::a_lost_page_is_asked_for_again(EXAMPLE, reviews).await;
}

#[tokio::test]
async fn an_app_that_does_not_exist_is_told() {
    let site = Site::start(|_| json(r#"{"response":{}}"#)).await;
    let error = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap_err();
    assert!(error.hint().is_some_and(|hint| hint.english.starts_with("check `app`")), "{error}");
}
