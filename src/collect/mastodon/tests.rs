use super::*;
use crate::collect::Cursor;
use crate::collect::behaviour::{self, kind, round};
use crate::http::site::{Asked, Reply, Site, answer};

const EXAMPLE: &str = r##"mastodon = { instance = "BASE", tag = "#Lerchenbahn" }"##;
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
