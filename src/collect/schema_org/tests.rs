use proptest::prelude::*;
use url::Url;

use super::read;
use crate::collect::behaviour::{kind, round};
use crate::collect::{Batch, CollectError, Cursor};
use crate::http::site::{Asked, Reply, Site, answer};
use crate::http::{FetchError, Page, Validators};
use crate::mention::{Grade, Mention, Rating, Timestamp};

const EXAMPLE: &str = r#"schema_org = { url = "BASE/reviews" }"#;

fn page(body: &[u8]) -> Page {
    Page {
        url: Url::parse("https://www.example.org/jahreskarte").unwrap(),
        moved_to: None,
        body: body.to_vec(),
        content_type: Some("text/html".to_owned()),
        validators: Validators::default(),
        max_age: None,
        next: None,
        quota_left: None,
        rest: None,
    }
}

fn mentions(body: &str) -> Vec<Mention> {
    read(&page(body.as_bytes())).unwrap().mentions
}

fn json_ld(json: &str) -> String {
    format!("<script type=application/ld+json>{json}</script>")
}

fn review(text: &str, day: u32) -> String {
    json_ld(&format!(r#"{{"@type":"Review","author":"A","datePublished":"2026-09-{day:02}","reviewBody":"{text}"}}"#))
}

fn html(body: &str) -> Reply {
    answer("200 OK", "Content-Type: text/html\r\nETag: \"7\"\r\n", body.as_bytes())
}

/// A site without a robots.txt that answers everything else so.
async fn site(reply: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Site {
    Site::start(move |asked| if asked.path == "/robots.txt" { answer("404 Not Found", "", b"") } else { reply(asked) })
        .await
}

#[test]
fn json_ld_is_repaired_and_read_and_microdata_beside_it_is_not() {
    let mentions = mentions(include_str!("fixtures/json_ld.html"));
    insta::assert_snapshot!(serde_json::to_string_pretty(&mentions).unwrap());
}

#[test]
fn microdata_is_read_with_what_is_meant_for_programs_first() {
    let mentions = mentions(include_str!("fixtures/microdata.html"));
    insta::assert_snapshot!(serde_json::to_string_pretty(&mentions).unwrap());
}

#[test]
fn what_a_page_says_of_all_its_reviews_is_its_grade() {
    let grade = |html: &str| read(&page(html.as_bytes())).unwrap().grade;
    assert_eq!(grade(include_str!("fixtures/json_ld.html")), Grade::new(Rating::stars(3.9), Some(3)));
    assert_eq!(grade(include_str!("fixtures/microdata.html")), Grade::new(Rating::stars(3.5), Some(2)));
    assert_eq!(grade(&review("Late again", 1)), None);
}

#[test]
fn a_rating_is_read_on_its_scale_or_not_at_all() {
    let rating = |rating: &str| {
        let body = json_ld(&format!(r#"{{"@type":"Review","reviewBody":"x","reviewRating":{rating}}}"#));
        mentions(&body)[0].rating
    };
    let of = |value, worst, best| Some(Rating { value, worst, best });
    assert_eq!(rating(r#"{"ratingValue":"4,5"}"#), of(4.5, 1.0, 5.0));
    assert_eq!(rating(r#"{"ratingValue":7,"bestRating":"10","worstRating":"0"}"#), of(7.0, 0.0, 10.0));
    assert_eq!(rating(r#""3/6""#), of(3.0, 1.0, 6.0));
    assert_eq!(rating(r#"[{"ratingValue":"60 %"}]"#), of(60.0, 0.0, 100.0));
    for none in [
        r#"{"ratingValue":8}"#,
        r#"{"ratingValue":0}"#,
        r#"{"ratingValue":"good"}"#,
        r#""NaN""#,
        "null",
        r#"{"ratingValue":2,"bestRating":1,"worstRating":6}"#,
    ] {
        assert_eq!(rating(none), None, "{none}");
    }
}

#[test]
fn a_review_is_called_by_its_own_address_or_by_what_it_says() {
    let id = |stated: &str| {
        mentions(&json_ld(&format!(r#"{{"@type":"Review",{stated}"reviewBody":"x"}}"#)))[0].native_id.clone()
    };
    let made = id("");
    assert_eq!(made.len(), 32);
    assert_eq!(id(r#""url":"/reviews/7","#), "https://www.example.org/reviews/7");
    assert_eq!(
        id(r##""@id":"#r-18446744073709551616","##),
        "https://www.example.org/jahreskarte#r-18446744073709551616"
    );
    for place in [r##""@id":"#review-3","##, r#""url":"https://www.example.org/jahreskarte","#, r#""@id":"_:b0","#] {
        assert_eq!(id(place), made, "{place}");
    }
    let shared =
        json_ld(r#"[{"@type":"Review","url":"/p","reviewBody":"x"},{"@type":"Review","url":"/p","reviewBody":"y"}]"#);
    let ids: Vec<String> = mentions(&shared).into_iter().map(|mention| mention.native_id).collect();
    assert!(ids[0] == made && ids[1].len() == 32 && ids[0] != ids[1], "an address of two is none of either: {ids:?}");
}

#[tokio::test]
async fn pages_are_turned_on_the_same_site_and_then_only_for_what_is_new() {
    let site = site(|asked| match asked.path.as_str() {
        "/reviews" => html(&format!("<head><link rel='next' href='?page=2#top'></head>{}", review("first", 21))),
        "/reviews?page=2" => {
            html(&format!("{}<a rel='nofollow next' href='https://example.org/3'>…</a>", review("second", 20)))
        }
        _ => answer("404 Not Found", "", b""),
    })
    .await;
    let kind = kind(EXAMPLE, &site);
    let first = round(&kind, &Cursor::default()).await.unwrap();
    assert_eq!((first.mentions.len(), first.notes.len()), (2, 0));
    let second = round(&kind, &first.cursor).await.unwrap();
    assert_eq!((second.mentions.len(), second.cursor.position), (1, first.cursor.position));
    assert_eq!(site.asked(), ["/robots.txt", "/reviews", "/reviews?page=2", "/robots.txt", "/reviews"]);
}

#[tokio::test]
async fn an_edit_is_brought_again_with_its_time() {
    let stated =
        |more: &str| json_ld(&format!(r#"{{"@type":"Review","url":"/7","datePublished":"2026-09-21",{more}}}"#));
    let before = stated(r#""reviewBody":"Late""#);
    let first = site(move |_| html(&before)).await;
    let first = round(&kind(EXAMPLE, &first), &Cursor::default()).await.unwrap();
    let after = stated(r#""reviewBody":"On time","dateModified":"2026-09-23""#);
    let second = site(move |_| html(&after)).await;
    let second = round(&kind(EXAMPLE, &second), &first.cursor).await.unwrap();
    assert_eq!((first.mentions[0].text.as_str(), second.mentions[0].text.as_str()), ("Late", "On time"));
    assert_eq!(second.mentions[0].edited_at, Timestamp::parse_rfc3339("2026-09-23T00:00:00Z"));
}

#[tokio::test]
async fn no_more_than_ten_pages_are_turned_in_a_circle_or_not() {
    let endless = site(|asked| {
        let number = asked.path.len();
        html(&format!("<a rel=next href='{}x'>…</a>{}", asked.path, review(&format!("{number}"), 1)))
    })
    .await;
    assert_eq!(round(&kind(EXAMPLE, &endless), &Cursor::default()).await.unwrap().mentions.len(), 10);
    let circle = site(|_| html(&format!("<a rel=next href='/reviews'>…</a>{}", review("x", 1)))).await;
    assert_eq!(round(&kind(EXAMPLE, &circle), &Cursor::default()).await.unwrap().mentions.len(), 1);
    assert_eq!(circle.asked(), ["/robots.txt", "/reviews"]);
}

#[tokio::test]
async fn a_page_that_programs_must_not_read_is_not_read() {
    let site = Site::start(|_| html("User-agent: *\nDisallow: /reviews")).await;
    let error = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap_err();
    assert!(matches!(error, CollectError::Fetch(FetchError::Robots { .. })), "{error}");
    assert_eq!(site.asked(), ["/robots.txt"]);
}

#[tokio::test]
async fn nothing_new_is_told_without_a_page() {
    let site = site(|asked| match asked.headers.get("if-none-match") {
        Some(_) => answer("304 Not Modified", "", b""),
        None => html(&review("x", 21)),
    })
    .await;
    let first = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap();
    let second = round(&kind(EXAMPLE, &site), &first.cursor).await.unwrap();
    assert_eq!(second, Batch { cursor: first.cursor, not_modified: true, ..Batch::default() });
}

#[tokio::test]
async fn trouble_is_told() {
    for status in ["401 Unauthorized", "403 Forbidden", "500 Internal Server Error"] {
        let site = site(move |_| answer(status, "", b"")).await;
        let error = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap_err();
        assert!(matches!(&error, CollectError::Fetch(FetchError::Status { .. })), "{status}: {error}");
    }
    let message = |body: &str| read(&page(body.as_bytes())).unwrap_err();
    for nothing in ["", "<html><p>Sorry</p></html>", "{\"a\":", "<script type='application/ld+json'> </script>"] {
        let error = message(nothing);
        assert_eq!(error.to_string(), "the page states nothing in the vocabulary of schema.org", "{nothing}");
        assert!(error.hint().is_some_and(|hint| hint.english.starts_with("look for `application/ld+json`")));
    }
    assert_eq!(message(&json_ld("{\"a\":")).to_string(), "what the page states as JSON-LD cannot be read");
}

#[tokio::test]
async fn a_page_without_reviews_is_no_deletion() {
    let site = site(|_| html(&json_ld(r#"{"@type":"Product","name":"Jahreskarte","review":[]}"#))).await;
    let batch = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap();
    assert_eq!((batch.mentions.len(), batch.removed.len(), batch.notes.len()), (0, 0, 0));
}

#[test]
fn neither_nesting_nor_numbers_hurt() {
    let item = "<div itemscope itemprop=review itemtype=http://schema.org/Review><b itemprop=reviewBody>x";
    assert!(!mentions(&item.repeat(20_000)).is_empty());
    assert_eq!(mentions(&format!("{item}</b></div>").repeat(2_000)).len(), 1_000);
    assert!(read(&page("<div><i itemprop=name>".repeat(100_000).as_bytes())).is_err());
    let json = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
    assert!(read(&page(json_ld(&json).as_bytes())).is_err());
    let many = r#"{"@type":"Review","reviewBody":"x"},"#.repeat(5_000);
    assert_eq!(mentions(&json_ld(&format!("[{many}]"))).len(), 1_000);
}

#[test]
fn what_is_not_closed_ends_where_the_next_begins() {
    let item = |text: &str| {
        let body = format!("<p itemprop=reviewBody>{text}<p>by <i itemprop=author>A</i>");
        format!("<li itemscope itemtype=https://schema.org/Review>{body}")
    };
    let list = format!("<ul>{}{}</ul><style>li > p {{ }}</style>", item("One<br>two"), item("Three"));
    let texts: Vec<String> = mentions(&list).into_iter().map(|mention| mention.text).collect();
    assert_eq!(texts, ["One\ntwo", "Three"]);
}

#[test]
fn settings_that_cannot_be_meant_are_refused() {
    let refused = |settings: &str| toml::from_str::<super::SchemaOrg>(settings).unwrap_err().message().to_owned();
    assert!(refused("url = \"file:///etc/passwd\"").contains("is no web address"));
    assert!(refused("url = \"https://example.org\"\npages = 3").contains("unknown field `pages`"));
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&page(&bytes));
    }

    #[test]
    fn no_markup_makes_it_panic(parts in proptest::collection::vec(proptest::sample::select(vec![
        "<script type='application/ld+json'>", "</script>", "<div itemscope itemprop=review>", "</div>", "<!--",
        "<b itemprop='reviewBody author'>", "</b>", "<meta itemprop=ratingValue content='4,5/5'>", "-->", "null",
        "{\"@type\":[\"Review\",7],\"@id\":\"#é1\",\"reviewBody\":", "\"ü\"", "[", "]", "}", ",", "<template>",
        "<a rel=next href='//['>", "<svg><title itemprop=name>", "<table><tr itemscope>", "&#0;", "\0",
        "\"reviewRating\":{\"ratingValue\":\"1e999%\"}",
    ]), 0..40)) {
        let _ = read(&page(parts.concat().as_bytes()));
    }
}
