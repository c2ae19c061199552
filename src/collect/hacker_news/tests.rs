use crate::collect::Cursor;
use crate::collect::behaviour::{self, json, kind, round};
use crate::http::site::{Asked, Reply, Site};

const EXAMPLE: &str = r#"hacker_news = { search = "\"Lerchenbahn\"", base = "BASE" }"#;
const PAGE: &str = include_str!("fixtures/page.json");

/// 250 comments, one a minute; the site answers with the newest 100 in the span that is asked for.
fn search(asked: &Asked) -> Reply {
    let bound = |sign: &str| {
        let (_, after) = asked.path.split_once(&format!("created_at_i{sign}"))?;
        after.split(['%', '&']).next()?.parse::<i64>().ok()
    };
    let (since, until) = (bound("%3E").unwrap_or(0), bound("%3C%3D").unwrap_or(i64::MAX));
    let times = (0..250).map(|number| 1_790_000_000 - number * 60);
    let hits: Vec<String> = times.filter(|at| *at > since && *at <= until).take(100).map(hit).collect();
    json(&format!("{{\"hits\":[{}]}}", hits.join(",")))
}

fn hit(at: i64) -> String {
    format!(r#"{{"objectID":"{at}","author":"a","comment_text":"The Lerchenbahn is late.","created_at_i":{at}}}"#)
}

#[tokio::test]
async fn stories_and_comments_are_read_with_what_they_belong_to() {
    let site = Site::start(|_| json(PAGE)).await;
    let batch = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&batch.mentions).unwrap());
    assert_eq!(batch.notes, ["1 items could not be read and are left out"]);
    let asked = &site.asked()[0];
    assert!(asked.starts_with("/api/v1/search_by_date?query=%22Lerchenbahn%22&tags=%28story%2Ccomment%29"), "{asked}");
}

#[tokio::test]
async fn the_past_is_read_to_its_end_and_then_only_what_is_new() {
    let site = Site::start(search).await;
    assert_eq!(behaviour::nothing_is_fetched_twice(EXAMPLE, &site).await.mentions.len(), 250);
}

#[tokio::test]
async fn trouble_is_told() {
    behaviour::trouble_is_told(EXAMPLE).await;
    behaviour::an_empty_answer_is_nothing(EXAMPLE, r#"{"hits":[]}"#).await;
    behaviour::a_lost_page_is_asked_for_again(EXAMPLE, search).await;
}
