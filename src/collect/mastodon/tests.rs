use super::*;
use crate::collect::Cursor;
use crate::collect::behaviour::{self, kind, round};
use crate::http::site::{Asked, Reply, Site, answer};

const EXAMPLE: &str = r##"mastodon = { instance = "BASE", tag = "#Lerchenbahn" }"##;
/// A variable that every test has stands for the token.
const SEARCH: &str =
    r#"mastodon = { instance = "BASE", search = "\"Lerchenbahn\" spät", token_env = "CARGO_PKG_NAME" }"#;
const TAG: &str = include_str!("fixtures/tag.json");

fn status(number: usize, account: &str) -> String {
    let at = Timestamp::from_seconds(1_795_000_000 + 60 * i64::try_from(number).unwrap());
    format!(
        r#"{{"id":"{number}","uri":"https://lerche.example/{number}","created_at":"{at}",
            "content":"<p>Die Lerchenbahn war spät.</p>","account":{{"acct":"a"{account}}}}}"#
    )
}

/// Of 100 posts the 40 before the one that is asked for, with a link to those before them. `account` is what stands in
/// their accounts.
fn timeline(asked: &Asked, account: impl Fn(usize) -> &'static str) -> Reply {
    let end = asked.path.split_once("max_id=").map_or(101, |(_, id)| id.parse().unwrap());
    let numbers: Vec<usize> = (1..end).rev().take(40).collect();
    let statuses: Vec<String> = numbers.iter().map(|&number| status(number, account(number))).collect();
    let link = numbers.last().map_or(String::new(), |last| {
        let at = |parameter: &str| format!("</api/v1/timelines/tag/lerchenbahn?limit=40&{parameter}>");
        format!("Link: {}; rel=\"next\", {}; rel=\"prev\"\r\n", at(&format!("max_id={last}")), at("min_id=100"))
    });
    answer("200 OK", &link, format!("[{}]", statuses.join(",")).as_bytes())
}

/// Of 100 posts the 40 behind so many, as a search gives them. `order` says which post comes at a place.
fn found(asked: &Asked, order: impl Fn(usize) -> usize) -> Reply {
    let offset: usize = asked.path.split_once("offset=").unwrap().1.parse().unwrap();
    let statuses: Vec<String> = (offset..100).take(40).map(|place| status(order(place), "")).collect();
    behaviour::json(&format!(r#"{{"accounts":[],"statuses":[{}],"hashtags":[]}}"#, statuses.join(",")))
}

#[tokio::test]
async fn posts_are_read_but_for_those_of_people_who_do_not_want_to_be_found() {
    let site = Site::start(|_| behaviour::json(TAG)).await;
    let batch = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&batch.mentions).unwrap());
    let left_out = "2 posts of people who do not want to be found by search are left out";
    assert_eq!(batch.notes, ["1 items could not be read and are left out", left_out]);
    assert_eq!(site.asked(), ["/api/v1/timelines/tag/lerchenbahn?limit=40"]);
}

#[tokio::test]
async fn the_past_is_read_to_its_end_and_then_only_what_is_new() {
    let site = Site::start(|asked| timeline(asked, |_| "")).await;
    assert_eq!(behaviour::nothing_is_fetched_twice(EXAMPLE, &site).await.mentions.len(), 100);
    assert_eq!(site.asked()[1], "/api/v1/timelines/tag/lerchenbahn?limit=40&max_id=61");
}

#[tokio::test]
async fn behind_a_page_of_people_who_do_not_want_to_be_found_there_may_be_others() {
    let site =
        Site::start(|asked| timeline(asked, |number| if number > 50 { r#","indexable":false"# } else { "" })).await;
    let first = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap();
    assert_eq!((first.mentions.len(), first.notes.len()), (50, 1));
}

#[tokio::test]
async fn a_link_in_a_circle_ends_the_round() {
    let link = "Link: </api/v1/timelines/tag/lerchenbahn?limit=40>; rel=\"next\"\r\n";
    let site = Site::start(move |_| answer("200 OK", link, format!("[{}]", status(1, "")).as_bytes())).await;
    let batch = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap();
    assert_eq!((batch.mentions.len(), site.asked().len()), (1, 1));
}

#[tokio::test]
async fn an_edit_is_brought_again_and_an_unchanged_page_is_not_read() {
    let edited = status(1, "").replace("\"content\"", "\"edited_at\":\"2026-11-19T08:00:00.000Z\",\"content\"");
    let site = Site::start(move |asked| match asked.headers.get("if-none-match") {
        Some(tag) if tag == "W/\"2\"" => answer("304 Not Modified", "", b""),
        Some(_) => {
            answer("200 OK", "ETag: W/\"2\"\r\n", format!("[{}]", edited.replace("spät", "pünktlich")).as_bytes())
        }
        None => answer("200 OK", "ETag: W/\"1\"\r\n", format!("[{}]", status(1, "")).as_bytes()),
    })
    .await;
    let kind = kind(EXAMPLE, &site);
    let first = round(&kind, &Cursor::default()).await.unwrap();
    let second = round(&kind, &first.cursor).await.unwrap();
    assert_eq!((first.mentions[0].edited_at, first.mentions.len()), (None, 1));
    assert_eq!(second.mentions[0].text, "Die Lerchenbahn war pünktlich.");
    assert_eq!(second.mentions[0].edited_at, Timestamp::parse_rfc3339("2026-11-19T08:00:00Z"));
    let third = round(&kind, &second.cursor).await.unwrap();
    assert!(third.not_modified && third.cursor == second.cursor);
}

#[tokio::test]
async fn a_search_is_asked_for_with_the_token_and_read_like_a_hashtag() {
    let site = Site::start(|asked| {
        assert_eq!(asked.headers["authorization"], "Bearer stimmung");
        let statuses = if asked.path.ends_with("&offset=0") { TAG } else { "[]" };
        behaviour::json(&format!(r#"{{"accounts":[],"statuses":{statuses},"hashtags":[]}}"#))
    })
    .await;
    let searched = round(&kind(SEARCH, &site), &Cursor::default()).await.unwrap();
    let path = "/api/v2/search?q=%22Lerchenbahn%22+sp%C3%A4t&type=statuses&limit=40&offset=";
    assert_eq!(site.asked(), [format!("{path}0"), format!("{path}40")]);
    let site = Site::start(|_| behaviour::json(TAG)).await;
    let tagged = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap();
    assert_eq!((searched.mentions, searched.notes), (tagged.mentions, tagged.notes));
}

#[tokio::test]
async fn a_search_is_read_to_its_end_and_then_only_what_is_new() {
    let site = Site::start(|asked| found(asked, |place| 100 - place)).await;
    assert_eq!(behaviour::nothing_is_fetched_twice(SEARCH, &site).await.mentions.len(), 100);
    assert_eq!(site.asked().len(), 5, "three pages and an empty one, then one");
}

#[tokio::test]
async fn a_search_in_another_order_is_read_to_its_end_each_time() {
    let site = Site::start(|asked| found(asked, |place| place * 37 % 100 + 1)).await;
    let kind = kind(SEARCH, &site);
    let first = round(&kind, &Cursor::default()).await.unwrap();
    let second = round(&kind, &first.cursor).await.unwrap();
    assert_eq!((first.mentions.len(), second.mentions.len(), site.asked().len()), (100, 100, 8));
}

#[tokio::test]
async fn a_token_is_shown_for_a_hashtag_too_where_there_is_one() {
    let site = Site::start(|asked| match asked.headers.get("authorization").map(String::as_str) {
        Some("Bearer stimmung") => behaviour::json(TAG),
        _ => answer("401 Unauthorized", "", b""),
    })
    .await;
    let with_token = EXAMPLE.replace(" }", ", token_env = \"CARGO_PKG_NAME\" }");
    assert!(!round(&kind(&with_token, &site), &Cursor::default()).await.unwrap().mentions.is_empty());
    assert!(round(&kind(EXAMPLE, &site), &Cursor::default()).await.is_err());
    assert_eq!((kind(&with_token, &site).secrets().len(), kind(EXAMPLE, &site).secrets().len()), (1, 0));
}

#[tokio::test]
async fn trouble_with_a_search_is_told() {
    behaviour::trouble_is_told(SEARCH).await;
    behaviour::a_limit_is_that_of_the_key(SEARCH).await;
    behaviour::an_empty_answer_is_nothing(SEARCH, r#"{"accounts":[],"statuses":[],"hashtags":[]}"#).await;
    behaviour::a_lost_page_is_asked_for_again(SEARCH, |asked| found(asked, |place| 100 - place)).await;
}

#[tokio::test]
async fn trouble_is_told() {
    behaviour::trouble_is_told(EXAMPLE).await;
    behaviour::an_empty_answer_is_nothing(EXAMPLE, "[]").await;
    behaviour::a_lost_page_is_asked_for_again(EXAMPLE, |asked| timeline(asked, |_| "")).await;
}

#[test]
fn a_server_and_a_hashtag_are_told_from_other_things() {
    let read = |instance: &str, tag: &str| {
        let written = format!("instance = \"{instance}\"\ntag = \"{tag}\"");
        toml::from_str::<Mastodon>(&written).map_err(|error| error.message().to_owned())
    };
    let fine = read("mastodon.social", "#Mülltonne_2").unwrap();
    let address = "https://mastodon.social/api/v1/timelines/tag/m%C3%BClltonne_2?limit=40";
    assert_eq!(fine.first_page().unwrap().as_str(), address);
    for instance in ["", "mastodon.social/about", "@erika@mastodon.social", "ftp://mastodon.social"] {
        let message = format!("`{instance}` is no server: write its name, as in \"mastodon.social\"");
        assert_eq!(read(instance, "a").unwrap_err(), message);
    }
    for tag in ["", "#", "deutsche bahn", "a/b", "?x"] {
        assert!(read("mastodon.social", tag).unwrap_err().starts_with(&format!("`{tag}` is no hashtag")), "{tag}");
    }
}

#[test]
fn a_source_has_a_hashtag_or_a_search_with_a_token() {
    let read = |written: &str| {
        let written = format!("instance = \"lerche.example\"\n{written}");
        toml::from_str::<Mastodon>(&written).map_err(|error| error.message().to_owned())
    };
    let token = "token_env = \"TOKEN\"";
    for neither in [token, "search = \" \"\ntoken_env = \"A\"", "tag = \"a\"\nsearch = \"b\"\ntoken_env = \"A\""] {
        assert_eq!(read(neither).unwrap_err(), "write either `tag = \"…\"` or `search = \"…\"`", "{neither}");
    }
    assert!(read("search = \"a\"").unwrap_err().starts_with("`token` is missing: write `token_env`"));
    let both = read("tag = \"a b\"\ntoken_env = \"A\"\ntoken_file = \"b\"").unwrap_err();
    assert!(both.starts_with("`a b` is no hashtag") && both.contains("; both `token_env` and"), "{both}");
    assert_eq!(read(&format!("search = \"a\"\n{token}")).unwrap().scope, Scope::Search("a".to_owned()));
    assert!(read("query = \"a\"").unwrap_err().contains("unknown field `query`"));
}
