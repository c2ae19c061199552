use super::*;
use crate::collect::Cursor;
use crate::collect::behaviour::{self, kind, round};
use crate::http::site::{Asked, Reply, Site, answer};

const EXAMPLE: &str =
    r#"trustpilot = { business_unit = "4bdf2a0000640005050c1e2a", key_env = "CARGO_PKG_NAME", base = "BASE" }"#;
const REVIEWS: &str = include_str!("fixtures/reviews.json");

/// 250 reviews, one a minute, in pages of a hundred.
fn reviews(asked: &Asked) -> Reply {
    let number: usize = asked.path.split_once("&page=").unwrap().1.split('&').next().unwrap().parse().unwrap();
    let reviews: Vec<String> = (0..250).skip((number - 1) * 100).take(100).map(|number| review(number, "")).collect();
    behaviour::json(&format!("{{\"reviews\":[{}]}}", reviews.join(",")))
}

fn review(number: i64, more: &str) -> String {
    let at = Timestamp::from_seconds(1_795_000_000 - 60 * number);
    format!(r#"{{"id":"{number}","stars":4,"text":"Die Lerchenbahn war pünktlich.","createdAt":"{at}"{more}}}"#)
}

#[tokio::test]
async fn reviews_are_read_with_all_that_is_known_of_them() {
    let site = Site::start(|asked| match asked.headers.get("apikey").map(String::as_str) {
        Some("stimmung") => behaviour::json(REVIEWS),
        _ => answer("401 Unauthorized", "", b""),
    })
    .await;
    let batch = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&batch.mentions).unwrap());
    assert_eq!(batch.notes, ["2 items could not be read and are left out"]);
    let address = "/v1/business-units/4bdf2a0000640005050c1e2a/reviews?perPage=100&page=1&orderBy=createdat.desc";
    assert_eq!(site.asked(), [address]);
}

#[tokio::test]
async fn a_company_is_found_by_its_domain() {
    let site = Site::start(|asked| match asked.path.as_str() {
        "/v1/business-units/find?name=lerchenbahn.example" => behaviour::json(r#"{"id":"4bdf2a00006400050"}"#),
        "/v1/business-units/find?name=krebsbahn.example" => behaviour::json("{}"),
        _ => behaviour::json(&format!("{{\"reviews\":[{}]}}", review(1, ""))),
    })
    .await;
    let example = r#"trustpilot = { domain = "lerchenbahn.example", language = "de", key_env = "CARGO_PKG_NAME",
        base = "BASE" }"#;
    let batch = round(&kind(example, &site), &Cursor::default()).await.unwrap();
    assert_eq!(batch.mentions.len(), 1);
    assert_eq!(
        site.asked()[1],
        "/v1/business-units/4bdf2a00006400050/reviews?perPage=100&page=1&orderBy=createdat.desc&language=de"
    );
    let unknown = example.replace("lerchenbahn", "krebsbahn");
    let error = round(&kind(&unknown, &site), &Cursor::default()).await.unwrap_err();
    assert_eq!(error.to_string(), "Trustpilot knows no company at `krebsbahn.example`");
}

#[tokio::test]
async fn the_past_is_read_to_its_end_and_then_only_what_is_new() {
    let site = Site::start(reviews).await;
    assert_eq!(behaviour::nothing_is_fetched_twice(EXAMPLE, &site).await.mentions.len(), 250);
    assert_eq!(site.asked().len(), 4);
}

#[tokio::test]
async fn a_short_page_that_names_a_next_one_leads_on_and_an_empty_one_does_not() {
    let site = Site::start(|asked| {
        let reviews = if asked.path.contains("page=1") { review(1, "") } else { String::new() };
        behaviour::json(&format!(r#"{{"reviews":[{reviews}],"links":[{{"rel":"next-page"}}]}}"#))
    })
    .await;
    let batch = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap();
    assert_eq!((batch.mentions.len(), site.asked().len()), (1, 2));
}

#[tokio::test]
async fn pages_that_are_all_the_same_end_the_round() {
    let site = Site::start(|_| {
        behaviour::json(&format!(r#"{{"reviews":[{}],"links":[{{"rel":"next-page"}}]}}"#, review(1, "")))
    })
    .await;
    let batch = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap();
    assert_eq!((batch.mentions.len(), site.asked().len()), (1, 2));
}

#[tokio::test]
async fn an_edit_is_brought_again_and_an_unchanged_page_is_not_read() {
    let edited = review(1, r#","updatedAt":"2026-11-19T08:00:00Z""#).replace("pünktlich", "spät");
    let site = Site::start(move |asked| match asked.headers.get("if-none-match").map(String::as_str) {
        None => answer("200 OK", "ETag: \"1\"\r\n", format!("{{\"reviews\":[{}]}}", review(1, "")).as_bytes()),
        Some("\"1\"") => answer("200 OK", "ETag: \"2\"\r\n", format!("{{\"reviews\":[{edited}]}}").as_bytes()),
        Some(_) => answer("304 Not Modified", "", b""),
    })
    .await;
    let kind = kind(EXAMPLE, &site);
    let first = round(&kind, &Cursor::default()).await.unwrap();
    let second = round(&kind, &first.cursor).await.unwrap();
    assert_eq!((first.mentions[0].edited_at, second.mentions.len()), (None, 1));
    assert_eq!(second.mentions[0].text, "Die Lerchenbahn war spät.");
    assert_eq!(second.mentions[0].edited_at, Timestamp::parse_rfc3339("2026-11-19T08:00:00Z"));
    let third = round(&kind, &second.cursor).await.unwrap();
    assert!(third.not_modified && third.cursor == second.cursor);
}

#[tokio::test]
async fn trouble_is_told() {
    behaviour::trouble_is_told(EXAMPLE).await;
    behaviour::a_limit_is_that_of_the_key(EXAMPLE).await;
    behaviour::an_empty_answer_is_nothing(EXAMPLE, r#"{"reviews":[]}"#).await;
    behaviour::a_lost_page_is_asked_for_again(EXAMPLE, reviews).await;
    let by_domain = r#"trustpilot = { domain = "lerchenbahn.example", key_env = "CARGO_PKG_NAME", base = "BASE" }"#;
    behaviour::trouble_is_told(by_domain).await;
    let no_key = EXAMPLE.replace("CARGO_PKG_NAME", "STIMMUNG_NO_SUCH_KEY");
    let site = Site::start(reviews).await;
    let error = round(&kind(&no_key, &site), &Cursor::default()).await.unwrap_err();
    assert!(matches!(error, CollectError::Secret(_)) && site.asked().is_empty(), "{error}");
}

#[tokio::test]
async fn an_answer_is_written_in_the_name_of_a_user_and_without_one_by_hand() {
    let writer = r#"business_user = "5f0000000000000000000001", secret_env = "CARGO_PKG_NAME", base"#;
    let example = EXAMPLE.replace("base", writer);
    insta::assert_snapshot!(behaviour::an_answer_is_sent(&example).await, @r#"
    POST /v1/private/reviews/r%207%2F8/reply
    Bearer token
    {"authorBusinessUserId":"5f0000000000000000000001","message":"Guten Tag „Jana“, \"ja\"."}
    "#);
    let by_hand = behaviour::kind_at(EXAMPLE, "http://127.0.0.1:9");
    assert!(!by_hand.takes_answers());
    let error = behaviour::answer_to(&by_hand, "7", "Hallo").await.unwrap_err();
    assert_eq!((error.may_pass, error.to_string().as_str()), (false, "one can answer there by hand only"));
}

#[test]
fn settings_that_name_no_company_or_no_key_are_refused() {
    let mistake = |written: &str| toml::from_str::<Trustpilot>(written).unwrap_err().message().to_owned();
    let mistakes = [
        mistake("key_env = \"K\""),
        mistake("domain = \"https://bahn.de/\"\nkey_env = \"K\""),
        mistake("domain = \"bahn.de\"\nbusiness_unit = \"x\"\nkey_env = \"K\""),
        mistake("business_unit = \"bahn.de\"\nkey_env = \"A\"\nkey_file = \"b\""),
        mistake("domain = \"bahn.de\"\nlanguage = \"German\"\nkey_env = \"K\""),
        mistake("domain = \"bahn.de\"\nkey = \"K\""),
        mistake("domain = \"bahn.de\"\nkey_env = \"K\"\nbusiness_user = \"erika\""),
        mistake("domain = \"bahn.de\"\nkey_env = \"K\"\nbusiness_user = \"erika k\"\nsecret_env = \"S\""),
        mistake("domain = \"bahn.de\"\nkey_env = \"K\"\nsecret_env = \"S\""),
        mistake("domain = \"bahn.de\"\nkey_env = \"K\"\nbase = \"ftp://x.example\""),
    ];
    insta::assert_snapshot!(mistakes.join("\n"));
}
