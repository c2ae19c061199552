use crate::collect::behaviour::{self, json, kind, round};
use crate::collect::{Batch, Cursor};
use crate::http::site::{Asked, Reply, Site, answer};
use crate::mention::{Grade, Rating};

const EXAMPLE: &str = r#"mozilla_addons = { addon = "lerchenbahn-helper", base = "BASE" }"#;
const PAGE: &str = include_str!("fixtures/page.json");
const FIRST: &str = "/api/v5/ratings/rating/?addon=lerchenbahn-helper&page_size=50&show_grouped_ratings=1";

fn page(ratings: &[(u32, &str)], next: &str) -> String {
    let rating = |(id, body): &(u32, &str)| {
        format!(r#"{{"id":{id},"score":3,"body":"{body}","created":"2026-09-21T14:13:{:02}Z"}}"#, id % 60)
    };
    let ratings: Vec<String> = ratings.iter().map(rating).collect();
    format!(r#"{{"next":{next},"results":[{}]}}"#, ratings.join(","))
}

/// Three pages; the addresses of the later ones are Mozilla's own.
fn ratings(asked: &Asked) -> Reply {
    let next = |number| {
        format!(r#""https://addons.mozilla.org/api/v5/ratings/rating/?addon=lerchenbahn-helper&page={number}""#)
    };
    match asked.path.as_str() {
        FIRST => json(&page(&[(9, "Nine"), (8, "Eight")], &next(2))),
        "/api/v5/ratings/rating/?addon=lerchenbahn-helper&page=2" => {
            json(&page(&[(8, "Eight"), (7, "Seven")], &next(3)))
        }
        "/api/v5/ratings/rating/?addon=lerchenbahn-helper&page=3" => json(&page(&[(6, "Six")], "null")),
        _ => answer("404 Not Found", "", b""),
    }
}

#[tokio::test]
async fn a_rating_is_read_with_version_and_answer() {
    let site = Site::start(|_| json(PAGE)).await;
    let batch = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&batch.mentions).unwrap());
    assert_eq!(batch.notes, ["1 items could not be read and are left out"]);
    assert_eq!(site.asked(), [FIRST]);
    assert_eq!(batch.grade, Grade::new(Rating::stars(3.5), Some(8)));
}

#[test]
fn without_ratings_there_is_no_grade() {
    let grade = |grouped: &str| super::grade(&serde_json::from_str(grouped).unwrap());
    assert_eq!(grade(r#"{"1":0,"2":0,"3":0,"4":0,"5":0}"#), None);
    assert_eq!(grade("{}"), None);
    assert_eq!(grade(r#"{"5":"many","4":1}"#), Grade::new(Rating::stars(4.0), Some(1)));
}

#[tokio::test]
async fn the_past_is_read_to_its_end_and_then_only_what_is_new() {
    let site = Site::start(ratings).await;
    assert_eq!(behaviour::nothing_is_fetched_twice(EXAMPLE, &site).await.mentions.len(), 4);
}

#[tokio::test]
async fn an_edit_on_the_first_page_is_brought_again() {
    let site = Site::start(ratings).await;
    let first = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap();
    let site = behaviour::pages(vec![(FIRST, page(&[(9, "Nine"), (8, "Eight, at last")], "null"))]).await;
    let second = round(&kind(EXAMPLE, &site), &first.cursor).await.unwrap();
    assert!(second.mentions.iter().any(|mention| mention.native_id == "8" && mention.text == "Eight, at last"));
    assert_eq!(second.cursor.position, first.cursor.position);
}

#[tokio::test]
async fn nothing_new_is_told_without_a_page() {
    let site = Site::start(|asked| match asked.headers.get("if-none-match").map(String::as_str) {
        Some("\"7\"") => answer("304 Not Modified", "", b""),
        _ => answer("200 OK", "ETag: \"7\"\r\n", page(&[(9, "Nine")], "null").as_bytes()),
    })
    .await;
    let first = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap();
    let second = round(&kind(EXAMPLE, &site), &first.cursor).await.unwrap();
    assert_eq!(second, Batch { cursor: first.cursor, not_modified: true, ..Batch::default() });
}

#[test]
fn settings_that_cannot_be_meant_are_refused() {
    let refused = |settings: &str| toml::from_str::<super::MozillaAddons>(settings).unwrap_err().message().to_owned();
    let address = "addon = \"https://addons.mozilla.org/addon/x\"";
    assert!(refused(address).ends_with("write what follows `/addon/` in its address, as in \"ublock-origin\""));
    assert!(refused("addon = \"\"").starts_with("`` is no add-on"));
    assert!(refused("slug = \"x\"").contains("unknown field `slug`"));
}

#[tokio::test]
async fn trouble_is_told() {
    behaviour::trouble_is_told(EXAMPLE).await;
    behaviour::an_empty_answer_is_nothing(EXAMPLE, r#"{"next":null,"results":[]}"#).await;
    behaviour::a_lost_page_is_asked_for_again(EXAMPLE, ratings).await;
}
