use tempfile::NamedTempFile;

use super::*;
use crate::collect::behaviour::{self, json, kind, look_at, round};
use crate::http::site::{Asked, Reply, Site, answer};

const PLACE: &str = include_str!("fixtures/place.json");

/// What stands in `sources.toml`, and the file with the key.
fn setting() -> (String, NamedTempFile) {
    let file = NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "AIzaGeheim\n").unwrap();
    (format!("google_places = {{ place = \"ChIJlerche_0-1\", key_file = {:?}, base = \"BASE\" }}", file.path()), file)
}

/// As Google does: what is not asked for is not told.
fn place(asked: &Asked) -> Reply {
    assert_eq!(
        (asked.path.as_str(), asked.headers["x-goog-api-key"].as_str()),
        ("/v1/places/ChIJlerche_0-1", "AIzaGeheim")
    );
    match asked.headers["x-goog-fieldmask"].as_str() {
        "id" => json(r#"{"id":"ChIJlerche_0-1"}"#),
        "displayName,googleMapsUri,rating,userRatingCount,reviews" => json(PLACE),
        fields => panic!("{fields}"),
    }
}

#[tokio::test]
async fn a_round_asks_for_what_costs_nothing_and_brings_nothing_that_may_not_be_kept() {
    let ((example, _file), site) = (setting(), Site::start(place).await);
    let there = kind(&example, &site);
    assert_eq!(round(&there, &Cursor::default()).await.unwrap(), Batch::default());
    assert!(there.is_only_shown() && !there.brings_mentions());
}

#[tokio::test]
async fn a_look_shows_grade_and_reviews_as_they_were_written() {
    let ((example, _file), site) = (setting(), Site::start(place).await);
    let look = look_at(&kind(&example, &site)).await.unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&look.mentions).unwrap());
    assert_eq!(look.grade, Some(Grade { rating: Rating::stars(3.8), reviews: Some(412) }));
    assert_eq!((look.unread, look.credit), (1, "Google Maps"));
    assert_eq!(look.name.as_deref(), Some("Lerchenbahn Reisezentrum Ost"));
}

#[tokio::test]
async fn a_place_that_nobody_has_reviewed_is_shown_as_that() {
    let (example, _file) = setting();
    for empty in ["{}", r#"{"reviews":null}"#, r#"{"rating":0,"reviews":[]}"#] {
        let site = Site::start(move |_| json(empty)).await;
        let look = look_at(&kind(&example, &site)).await.unwrap();
        assert_eq!((look.mentions.len(), look.grade, look.unread), (0, None, 0), "{empty}");
    }
    for nonsense in ["7", "<html>", r#"{"reviews":7}"#] {
        let site = Site::start(move |_| json(nonsense)).await;
        assert!(matches!(look_at(&kind(&example, &site)).await, Err(CollectError::Format { .. })), "{nonsense}");
    }
}

#[tokio::test]
async fn a_place_with_another_id_is_told_and_one_that_is_gone_is_an_error() {
    let (example, _file) = setting();
    let site = Site::start(|_| json(r#"{"id":"ChIJneu"}"#)).await;
    let notes = round(&kind(&example, &site), &Cursor::default()).await.unwrap().notes;
    assert_eq!(
        notes,
        ["Google knows this place by another id now: write place = \"ChIJneu\" before the old one is forgotten"]
    );
    let gone = r#"{"error":{"code":404,"message":"The Place ID is no longer valid.","status":"NOT_FOUND"}}"#;
    let site =
        Site::start(move |_| answer("404 Not Found", "Content-Type: application/json\r\n", gone.as_bytes())).await;
    let error = round(&kind(&example, &site), &Cursor::default()).await.unwrap_err();
    assert_eq!(error.to_string(), "Google answered 404, NOT_FOUND: The Place ID is no longer valid.");
}

#[tokio::test]
async fn trouble_is_told_and_a_limit_is_that_of_the_key() {
    let (example, _file) = setting();
    behaviour::trouble_is_told(&example).await;
    behaviour::a_limit_is_that_of_the_key(&example).await;
}

#[tokio::test]
async fn only_what_may_not_be_kept_can_be_looked_at() {
    let example = "hacker_news = { search = \"Lerchenbahn\" }";
    let error = look_at(&behaviour::kind_at(example, "http://127.0.0.1:9")).await.unwrap_err();
    assert_eq!(error.to_string(), "what this source says is kept");
}

#[test]
fn settings_that_cannot_be_meant_are_refused() {
    let refused = |settings: &str| toml::from_str::<GooglePlaces>(settings).unwrap_err().message().to_owned();
    insta::assert_snapshot!(
        [
            refused("place = \"\""),
            refused("place = \"ChIJ/../x\"\nkey_env = \"KEY\""),
            refused("place = \"ChIJ\"\nid = 7")
        ]
        .join("\n")
    );
}
