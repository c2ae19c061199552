use super::*;
use crate::collect::Cursor;
use crate::collect::behaviour::{self, kind, round};
use crate::http::site::{Asked, Reply, Site, answer};

const EXAMPLE: &str = r#"reddit = { search = "\"Lerchenbahn\"", user = "u/erika", client_id = "Xy1",
    client_secret_env = "CARGO_PKG_NAME", base = "BASE", login = "BASE/api/v1/access_token" }"#;
const SEARCH: &str = include_str!("fixtures/search.json");

/// Reddit as it should be asked: with both kinds of authorization, and a user agent that names a person.
fn site(asked: &Asked, page: impl Fn(&Asked) -> Reply) -> Reply {
    let header = |name: &str| asked.headers.get(name).map(String::as_str).unwrap_or_default();
    let agent = concat!("server:stimmung:v", env!("CARGO_PKG_VERSION"), " (by /u/erika)");
    match (asked.path.as_str(), header("authorization")) {
        _ if header("user-agent") != agent => answer("429 Too Many Requests", "", b""),
        ("/api/v1/access_token", "Basic WHkxOnN0aW1tdW5n") if asked.body == "grant_type=client_credentials" => {
            behaviour::json(r#"{"access_token":"geheim","token_type":"bearer","expires_in":86400,"scope":"*"}"#)
        }
        (_, "Bearer geheim") => page(asked),
        _ => answer("401 Unauthorized", "", b""),
    }
}

/// 250 posts, one a minute; a hundred of them after the one that is named.
fn posts(asked: &Asked) -> Reply {
    site(asked, |asked| {
        let first = asked.path.split_once("after=t3_").map_or(0, |(_, id)| id.parse::<i64>().unwrap() + 1);
        let end = (first + 100).min(250);
        let after = if end < 250 { format!("\"t3_{}\"", end - 1) } else { "null".to_owned() };
        let posts: Vec<String> = (first..end).map(|number| post(number, "false")).collect();
        behaviour::json(&format!(r#"{{"data":{{"after":{after},"children":[{}]}}}}"#, posts.join(",")))
    })
}

fn post(number: i64, edited: &str) -> String {
    let at = 1_795_000_000 - 60 * number;
    format!(
        r#"{{"kind":"t3","data":{{"name":"t3_{number}","title":"Lerchenbahn","selftext":"late","created_utc":{at}.0,
            "edited":{edited}}}}}"#
    )
}

#[tokio::test]
async fn posts_are_read_and_those_that_are_gone_are_told() {
    let site = Site::start(|asked| site(asked, |_| behaviour::json(SEARCH))).await;
    let batch = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&batch.mentions).unwrap());
    assert_eq!(batch.removed, ["t3_2lerche", "t3_4", "t3_5", "t3_6"]);
    assert_eq!(batch.notes, ["1 items could not be read and are left out"]);
    let search = "/search?q=%22Lerchenbahn%22&sort=new&t=all&type=link&limit=100&raw_json=1";
    assert_eq!(site.asked(), ["/api/v1/access_token", search]);
}

#[tokio::test]
async fn one_subreddit_can_be_searched_alone() {
    let site = Site::start(posts).await;
    let example = EXAMPLE.replace("user =", "subreddit = \"r/trains\", user =");
    round(&kind(&example, &site), &Cursor::default()).await.unwrap();
    let asked = &site.asked()[1];
    assert!(asked.starts_with("/r/trains/search?q=") && asked.ends_with("&restrict_sr=1"), "{asked}");
}

#[tokio::test]
async fn the_past_is_read_to_its_end_and_then_only_what_is_new() {
    let site = Site::start(posts).await;
    assert_eq!(behaviour::nothing_is_fetched_twice(EXAMPLE, &site).await.mentions.len(), 250);
    assert!(site.asked()[3].ends_with("&after=t3_199"), "{:?}", site.asked());
}

#[tokio::test]
async fn a_cursor_that_comes_again_ends_the_round() {
    let site = Site::start(|asked| {
        let listing = format!(r#"{{"data":{{"after":"t3_1","children":[{}]}}}}"#, post(1, "false"));
        site(asked, |_| behaviour::json(&listing))
    })
    .await;
    let batch = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap();
    assert_eq!((batch.mentions.len(), site.asked().len()), (1, 3));
}

#[tokio::test]
async fn an_edit_is_brought_again_and_what_is_left_of_the_limit_is_known() {
    let count = std::sync::atomic::AtomicUsize::new(0);
    let site = Site::start(move |asked| {
        site(asked, |_| {
            let is_first = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0;
            let post = post(1, if is_first { "false" } else { "1795100000.0" });
            let listing = format!(r#"{{"data":{{"after":null,"children":[{post}]}}}}"#);
            answer("200 OK", "X-Ratelimit-Remaining: 594.0\r\nX-Ratelimit-Reset: 211\r\n", listing.as_bytes())
        })
    })
    .await;
    let kind = kind(EXAMPLE, &site);
    let first = round(&kind, &Cursor::default()).await.unwrap();
    let second = round(&kind, &first.cursor).await.unwrap();
    assert_eq!((first.mentions[0].edited_at, first.quota_left), (None, Some(594)));
    assert_eq!(second.mentions[0].edited_at, Some(Timestamp::from_seconds(1_795_100_000)));
}

#[tokio::test]
async fn trouble_is_told() {
    behaviour::trouble_is_told(EXAMPLE).await;
    behaviour::a_limit_is_that_of_the_key(EXAMPLE).await;
    behaviour::an_empty_answer_is_nothing(EXAMPLE, r#"{"access_token":"t","data":{"after":null,"children":[]}}"#).await;
    behaviour::a_lost_page_is_asked_for_again(EXAMPLE, posts).await;
}

#[tokio::test]
async fn trouble_behind_the_token_is_told_too() {
    for (status, body) in [("403 Forbidden", "{}"), ("200 OK", "<html>Sorry</html>"), ("200 OK", "{}")] {
        let site = Site::start(move |asked| site(asked, |_| answer(status, "", body.as_bytes()))).await;
        let error = round(&kind(EXAMPLE, &site), &Cursor::default()).await.unwrap_err();
        assert!(error.hint().is_some(), "{status} {body}: {error}");
        assert_eq!(site.asked().len(), 2);
    }
}

#[tokio::test]
async fn posts_are_looked_up_by_name_and_those_that_are_gone_say_so() {
    let site = Site::start(|asked| {
        site(asked, |_| {
            let edited = post(1, "1795100000.0").replace("late", "on time");
            let deleted = post(3, "false").replace("\"late\"", "\"[deleted]\"");
            let removed = post(4, "false").replace("\"edited\"", "\"removed_by_category\":\"moderator\",\"edited\"");
            let nobody = post(5, "false").replace("\"edited\"", "\"author\":\"[deleted]\",\"edited\"");
            let posts = [edited, post(2, "false"), deleted, removed, nobody].join(",");
            behaviour::json(&format!(r#"{{"data":{{"after":null,"children":[{posts}]}}}}"#))
        })
    })
    .await;
    let known = ["t3_1", "t3_2", "t3_3", "t3_4", "t3_5", "t3_closed"];
    let recheck = behaviour::look_up(&kind(EXAMPLE, &site), &known).await.unwrap();
    assert_eq!(recheck.there, ["t3_1", "t3_2"]);
    assert_eq!(recheck.removed, ["t3_closed", "t3_3", "t3_4", "t3_5"]);
    assert_eq!(recheck.mentions[0].text, "on time");
    assert_eq!(recheck.mentions[0].edited_at, Some(Timestamp::from_seconds(1_795_100_000)));
    let asked = "/api/info?id=t3_1%2Ct3_2%2Ct3_3%2Ct3_4%2Ct3_5%2Ct3_closed&raw_json=1";
    assert_eq!(site.asked(), ["/api/v1/access_token", asked]);
}

#[tokio::test]
async fn posts_that_cannot_be_looked_up_are_not_gone() {
    let token = r#"{"access_token":"geheim"}"#;
    behaviour::trouble_deletes_nothing(EXAMPLE, &["t3_1", "t3_2"], token).await;
    let empty = r#"{"data":{"after":null,"children":[]}}"#;
    let site = Site::start(|asked| site(asked, |_| behaviour::json(empty))).await;
    let recheck = behaviour::look_up(&kind(EXAMPLE, &site), &["t3_1", "t3_2"]).await.unwrap();
    assert_eq!((recheck.removed.len(), recheck.notes.len()), (0, 1));
}

#[test]
fn settings_that_cannot_work_are_refused_all_at_once() {
    let mistake = |written: &str| toml::from_str::<Reddit>(written).unwrap_err().message().to_owned();
    let mistakes = [
        mistake("search = \"\"\nuser = \"\"\nsubreddit = \"r/a b\"\nclient_id = \"id:secret\""),
        mistake("search = \"x\"\nuser = \"/u/erika)\"\nclient_id = \"Xy1\"\nclient_secret_env = \"A\""),
        mistake("search = \"x\"\nclient_id = \"Xy1\"\nclient_secret_env = \"A\""),
        mistake("search = \"x\"\nuser = \"erika\"\nclient_id = \"Xy1\"\nclient_secret = \"geheim\""),
    ];
    insta::assert_snapshot!(mistakes.join("\n"));
}
