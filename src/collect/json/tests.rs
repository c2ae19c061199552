use proptest::prelude::*;

use super::*;
use crate::collect::Cursor;
use crate::collect::behaviour::{self, kind, round};
use crate::http::site::{Asked, Reply, Site, answer};

const REVIEWS: &str = include_str!("fixtures/reviews.json");

const BY_PAGE: &str = r#"json = { url = "BASE/reviews?page={page}&per={limit}", limit = 3, items = "/data/reviews",
    fields = { id = "/id", text = "/body", published_at = "/at" } }"#;

const EVERYTHING: &str = r#"json = { url = "BASE/api?since={since}&from={since_seconds}", items = "/data/reviews",
    time_zone = "Europe/Berlin", headers = { X-Version = "2", Accept-Language = "de" },
    fields = { id = "/id", text = "/body", title = "/headline", url = "/link", author = "/user/name",
    author_key = "/user/id", rating = "/stars", published_at = "/created_at", edited_at = "/updated_at",
    language = "/lang",
    country = "/country", reply = "/answer/text", reply_at = "/answer/at", app_version = "/version",
    removed = "/deleted_at" } }"#;

fn value_of<'a>(asked: &'a Asked, parameter: &str) -> Option<&'a str> {
    let (_, query) = asked.path.split_once('?')?;
    query.split('&').filter_map(|pair| pair.split_once('=')).find(|(name, _)| *name == parameter).map(|pair| pair.1)
}

/// Of eight reviews, one a minute, those from this one on.
fn reviews(from: usize) -> String {
    let review = |number: usize| {
        let at = 1_795_000_000 - 60 * number;
        format!(r#"{{"id":{number},"body":"Die Lerchenbahn war spät.","at":{at}}}"#)
    };
    (from..8).take(3).map(review).collect::<Vec<_>>().join(",")
}

fn numbered(asked: &Asked) -> Reply {
    let page: usize = value_of(asked, "page").unwrap().parse().unwrap();
    behaviour::json(&format!(r#"{{"data":{{"reviews":[{}]}}}}"#, reviews((page - 1) * 3)))
}

fn pages_of(paging: &str) -> String {
    format!("json = {{ {paging}, fields = {{ id = \"/id\", text = \"/body\", published_at = \"/at\" }} }}")
}

fn mistakes(written: &str) -> String {
    match toml::from_str::<Json>(written) {
        Ok(_) => "none".to_owned(),
        Err(error) => error.message().to_owned(),
    }
}

#[tokio::test]
async fn every_field_is_read_and_what_is_odd_costs_only_itself() {
    let site = Site::start(|_| behaviour::json(REVIEWS)).await;
    let batch = round(&kind(EVERYTHING, &site), &Cursor::default()).await.unwrap();
    let written = serde_json::to_string_pretty(&batch.mentions).unwrap();
    insta::assert_snapshot!(written.replace(site.url("/").as_str(), "http://site/"));
    assert_eq!(batch.notes, ["3 items could not be read and are left out"]);
    assert_eq!(batch.removed, ["b-8"]);
    assert_eq!(site.asked(), ["/api?since=1970-01-01T00%3A00%3A00Z&from=0"]);
}

#[tokio::test]
async fn a_later_round_asks_for_what_is_new_with_the_headers_and_without_validators() {
    let site = Site::start(|asked| {
        let is_asked_well = asked.headers["x-version"] == "2" && !asked.headers.contains_key("if-none-match");
        let status = if is_asked_well { "200 OK" } else { "400 Bad Request" };
        answer(status, "ETag: \"1\"\r\n", REVIEWS.as_bytes())
    })
    .await;
    let first = round(&kind(EVERYTHING, &site), &Cursor::default()).await.unwrap();
    round(&kind(EVERYTHING, &site), &first.cursor).await.unwrap();
    assert_eq!(site.asked()[1], "/api?since=2026-11-18T10%3A06%3A40Z&from=1794996400");
}

#[tokio::test]
async fn an_unchanged_answer_is_not_read_again() {
    let example = pages_of(r#"url = "BASE/all""#);
    let body = format!("[{}]", reviews(0));
    let site = Site::start(move |asked| match asked.headers.get("if-none-match") {
        Some(tag) if tag == "\"1\"" => answer("304 Not Modified", "", b""),
        _ => answer("200 OK", "ETag: \"1\"\r\n", body.as_bytes()),
    })
    .await;
    let first = round(&kind(&example, &site), &Cursor::default()).await.unwrap();
    let second = round(&kind(&example, &site), &first.cursor).await.unwrap();
    assert!(first.mentions.len() == 3 && second.not_modified && second.cursor == first.cursor);
}

#[tokio::test]
async fn pages_are_turned_by_number_to_the_empty_one() {
    let site = Site::start(numbered).await;
    assert_eq!(behaviour::nothing_is_fetched_twice(BY_PAGE, &site).await.mentions.len(), 8);
    assert_eq!(site.asked()[..4], ["1", "2", "3", "4"].map(|page| format!("/reviews?page={page}&per=3")));
}

#[tokio::test]
async fn pages_are_turned_by_offset_and_by_a_link() {
    let by_offset = pages_of(r#"url = "BASE/all?start={offset}""#);
    let site = Site::start(|asked| {
        let start = value_of(asked, "start").unwrap().parse().unwrap();
        behaviour::json(&format!("[{}]", reviews(start)))
    })
    .await;
    assert_eq!(behaviour::nothing_is_fetched_twice(&by_offset, &site).await.mentions.len(), 8);

    let site = Site::start(|asked| {
        let start = value_of(asked, "start").map_or(0, |start| start.parse().unwrap());
        let link = format!("Link: </all?start={}>; rel=\"next\"\r\n", start + 3);
        answer("200 OK", if start < 6 { &link } else { "" }, format!("[{}]", reviews(start)).as_bytes())
    })
    .await;
    let by_link = pages_of(r#"url = "BASE/all""#);
    assert_eq!(behaviour::nothing_is_fetched_twice(&by_link, &site).await.mentions.len(), 8);
    let alone = pages_of(r#"url = "BASE/all", paging = "none""#);
    assert_eq!(behaviour::nothing_is_fetched_twice(&alone, &site).await.mentions.len(), 3);
}

#[tokio::test]
async fn a_cursor_is_a_text_a_number_or_an_address() {
    let by_cursor = pages_of(r#"url = "BASE/all?after={cursor}&x=1", items = "/items", cursor = "/next""#);
    let by_address = pages_of(r#"url = "BASE/all", items = "/items", cursor = "/next""#);
    type Written = fn(usize) -> String;
    let forms: [(&str, Written); 4] = [
        (&by_cursor, |start| start.to_string()),
        (&by_cursor, |start| format!("\"{start}\"")),
        (&by_address, |start| format!("\"/all?after={start}\"")),
        (&by_address, |start| format!("\"?after={start}\"")),
    ];
    for (example, written) in forms {
        let site = Site::start(move |asked| {
            let start = value_of(asked, "after").map_or(0, |start| start.parse().unwrap());
            let next = if start < 6 { written(start + 3) } else { "null".to_owned() };
            behaviour::json(&format!(r#"{{"items":[{}],"next":{next}}}"#, reviews(start)))
        })
        .await;
        assert_eq!(behaviour::nothing_is_fetched_twice(example, &site).await.mentions.len(), 8, "{}", written(3));
    }
}

#[tokio::test]
async fn a_cursor_or_a_page_that_comes_again_ends_the_round() {
    let by_cursor =
        pages_of(r#"url = "BASE/all?after={cursor}", items = "/items", cursor = "/next", first_cursor = "*""#);
    let by_page = pages_of(r#"url = "BASE/all?page={page}", items = "/items""#);
    for (example, asked) in [(by_cursor, "/all?after=a%2Bb%3D"), (by_page, "/all?page=2")] {
        let site = Site::start(|_| behaviour::json(&format!(r#"{{"items":[{}],"next":"a+b="}}"#, reviews(0)))).await;
        let batch = round(&kind(&example, &site), &Cursor::default()).await.unwrap();
        assert_eq!((batch.mentions.len(), site.asked().len(), site.asked()[1].as_str()), (3, 2, asked));
    }
}

#[tokio::test]
async fn where_the_newest_is_not_first_all_pages_are_turned() {
    let example = BY_PAGE.replace("limit = 3", "limit = 3, newest_first = false");
    let site = Site::start(numbered).await;
    let first = round(&kind(&example, &site), &Cursor::default()).await.unwrap();
    round(&kind(&example, &site), &first.cursor).await.unwrap();
    assert_eq!(site.asked().len(), 8);
}

#[tokio::test]
async fn a_date_in_the_future_does_not_hide_what_comes_until_then() {
    let late = behaviour::NOW.plus_seconds(86_400);
    let body = format!(r#"[{{"id":"x","body":"Morgen!","at":"{late}"}},{}]"#, reviews(0));
    let site = Site::start(move |_| behaviour::json(&body)).await;
    let batch = round(&kind(&pages_of(r#"url = "BASE/all""#), &site), &Cursor::default()).await.unwrap();
    let position = batch.cursor.position.unwrap();
    assert_eq!(position.split(' ').next(), Some(behaviour::NOW.seconds().to_string().as_str()));
}

#[tokio::test]
async fn an_edit_is_brought_again() {
    let example = BY_PAGE.replace("\"/at\"", "\"/at\", edited_at = \"/changed\"");
    let site = Site::start(|asked| match asked.path.contains("page=1") {
        true => behaviour::json(
            r#"{"data":{"reviews":[{"id":3,"body":"Doch noch pünktlich.","at":1794999820,"changed":1795000500}]}}"#,
        ),
        false => behaviour::json(r#"{"data":{"reviews":[]}}"#),
    })
    .await;
    let cursor = Cursor {
        position: Some(format!("1795000000 {}reviews?page={{page}}&per=3 /data/reviews", site.url("/"))),
        ..Cursor::default()
    };
    let batch = round(&kind(&example, &site), &cursor).await.unwrap();
    let mention = &batch.mentions[0];
    assert_eq!((mention.native_id.as_str(), mention.text.as_str()), ("3", "Doch noch pünktlich."));
    assert_eq!(mention.edited_at, Some(Timestamp::from_seconds(1_795_000_500)));
    assert!(batch.cursor.position.unwrap().starts_with("1795000500 "));
}

#[tokio::test]
async fn trouble_is_told() {
    behaviour::trouble_is_told(BY_PAGE).await;
    behaviour::an_empty_answer_is_nothing(BY_PAGE, r#"{"data":{"reviews":[]}}"#).await;
    behaviour::an_empty_answer_is_nothing(BY_PAGE, r#"{"data":{"reviews":null}}"#).await;
    behaviour::a_lost_page_is_asked_for_again(BY_PAGE, numbered).await;
}

#[tokio::test]
async fn an_answer_in_another_shape_is_no_silence() {
    let shapes = [
        (r#"{"data":{},"meta":1}"#, "there is nothing at `/data/reviews` of the answer; there is `/data`, `/meta`"),
        (r#"{"data":{"reviews":{}}}"#, "there is no list at `/data/reviews` of the answer"),
        (
            r#"{"data":{"reviews":[{"review/id":1,"text":"x"},{}]}}"#,
            "none of the 2 items has what `fields` says; there is `/review~1id`, `/text`",
        ),
    ];
    for (body, message) in shapes {
        let site = Site::start(move |_| behaviour::json(body)).await;
        let error = round(&kind(BY_PAGE, &site), &Cursor::default()).await.unwrap_err();
        assert_eq!((error.to_string().as_str(), error.hint()), (message, Some(HINT)));
    }
    let example = pages_of(r#"url = "BASE/all", items = "/items", cursor = "/next""#);
    let site = Site::start(|_| behaviour::json(&format!(r#"{{"items":[{}],"next":"abc"}}"#, reviews(0)))).await;
    let error = round(&kind(&example, &site), &Cursor::default()).await.unwrap_err();
    assert_eq!(error.to_string(), "what lies at `/next` of the answer is no address");
}

#[test]
fn all_mistakes_are_told_at_once_with_what_to_write() {
    let fields = r#"fields = { id = "/id", text = "/text" }"#;
    let all = [
        "url = \"https://a.example\"\nfields = {}".to_owned(),
        format!("url = \"ftp://a.example/?page={{page}}&x={{pages}}\"\npaging = \"offset\"\nlimit = 5\n{fields}"),
        format!("url = \"https://{{cursor}}.example/{{limit}}\"\n{fields}"),
        format!("url = \"https://a.example\"\nitems = \"$.data.items\"\npaging = \"pages\"\nfirst_page = 0\n{fields}"),
        "url = \"https://a.example\"\nfields = { id = \"id\", text = \"/a~b\", url = \"https://a.example/r\", \
         reply_at = \"/x\" }\nrating = { worst = 3, best = 3 }\nmost_pages = 0\ntime_zone = \"Berlin\""
            .to_owned(),
        format!(
            "url = \"https://a.example/?api_key=42&page_token={{cursor}}\"\ncursor = \"/next\"\n{fields}\n\
             headers = {{ Authorization = \"Bearer 42\", X-Shop-Token = \"42\", Host = \"b\", \"a b\" = \"\" }}"
        ),
        format!("url = \"https://a.example/\"\ncursor = \"/next\"\npage = 1\n{fields}"),
    ];
    let told: Vec<String> =
        all.iter().map(|written| format!("{written}\n=> {}\n", mistakes(written).replace("; ", "\n   "))).collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[tokio::test]
async fn the_example_is_understood() {
    let site = Site::start(|_| behaviour::json("[]")).await;
    assert_eq!(kind(ABOUT.example, &site).name(), "json");
}

#[test]
fn grades_are_turned_round_and_thumbs_are_the_ends() {
    let read = |scale: (f64, f64), value: &str| {
        let fields = Fields { id: "/id".into(), rating: Some("/r".into()), scale, ..Fields::default() };
        let item = serde_json::from_str(&format!(r#"{{"id":1,"r":{value}}}"#)).unwrap();
        let part = item::read(&[item], &fields, Tz::UTC, &Url::parse("https://a.example").unwrap());
        part.mentions.first().and_then(|mention| mention.rating).map(|rating| (rating.value, rating.worst, rating.best))
    };
    assert_eq!(read((6.0, 1.0), "1"), Some((6.0, 1.0, 6.0)));
    assert_eq!(read((6.0, 1.0), "\"5,5\""), Some((1.5, 1.0, 6.0)));
    assert_eq!(read((0.0, 1.0), "true"), Some((1.0, 0.0, 1.0)));
    assert_eq!(read((0.0, 1.0), "false"), Some((0.0, 0.0, 1.0)));
    for odd in ["6", "-1", "\"NaN\"", "null", "[5]", "\"five\""] {
        assert_eq!(read((1.0, 5.0), odd), None, "{odd}");
    }
}

#[test]
fn a_permalink_can_be_made_of_the_id() {
    let fields = Fields {
        id: "/id".into(),
        text: "/t".into(),
        url: Some("https://a.example/r/{id}".into()),
        ..Fields::default()
    };
    let item = serde_json::json!({ "id": "a/b", "t": "Gut" });
    let part = item::read(&[item], &fields, Tz::UTC, &Url::parse("https://a.example").unwrap());
    assert_eq!(part.mentions[0].url.as_deref(), Some("https://a.example/r/a%2Fb"));
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,20}|[0-9T:.+-]{0,20}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        let names = prop::sample::select(vec!["id", "body", "stars", "at", "user", "link"]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map(names, inner, 0..6)
                .prop_map(|object| object.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        ]
    })
}

proptest! {
    #[test]
    fn no_answer_makes_it_panic(items in prop::collection::vec(any_json(), 0..8)) {
        let at = |name: &str| Some(format!("/{name}"));
        let (id, text) = ("/id".to_owned(), "/body".to_owned());
        let fields = Fields { id, text, rating: at("stars"), scale: (1.0, 5.0), url: at("link"), published_at: at("at"),
            edited_at: at("at"), author: at("user"), ..Fields::default() };
        let part = item::read(&items, &fields, Tz::Europe__Berlin, &Url::parse("https://a.example").unwrap());
        prop_assert_eq!(part.mentions.len() + part.unread, items.len());
    }
}
