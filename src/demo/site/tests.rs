use feed_rs::model::Feed;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::*;
use crate::mention::{Author, Label, Language};

fn world() -> Arc<World> {
    static WORLD: std::sync::LazyLock<Arc<World>> =
        std::sync::LazyLock::new(|| Arc::new(World::new(Timestamp::from_seconds(1_790_000_000), 3)));
    Arc::clone(&WORLD)
}

fn shown(source: Source, now: Timestamp) -> Vec<Post> {
    world().shown(source, now).take(WINDOW).cloned().collect()
}

fn render(source: Source) -> (String, Vec<Post>) {
    let posts = shown(source, world().ends());
    let text = feeds::render("http://demo", source, &posts.iter().collect::<Vec<_>>());
    (text, posts)
}

fn parse(text: &str) -> Feed {
    feed_rs::parser::Builder::new().build().parse(text.as_bytes()).unwrap()
}

/// A post full of what could break a format.
fn nasty(source: Source) -> Post {
    let at = Timestamp::parse_rfc3339("2026-03-29T01:30:05Z").unwrap();
    Post {
        number: 100_002,
        source,
        language: Language::GERMAN,
        author: Author { key: "tom&jerry".to_owned(), name: "Tom & <Jerry> ]]>".to_owned() },
        title: Some("A & B <c>".to_owned()),
        text: "<b>\"5 > 3\" & ]]> 'ä' &amp; </description>\nzweite Zeile 🚆".to_owned(),
        stars: source.is_store().then_some(2),
        publisher: (source == Source::Press).then(|| "Bote & Kurier".to_owned()),
        app_version: source.is_store().then_some("7.3.0"),
        mood: Label::Neutral,
        topic: "",
        about_brand: true,
        published_at: at,
        updated_at: at.plus_seconds(3600),
        replaced_at: None,
    }
}

/// The site at a time, on a port of its own.
async fn open(now: Timestamp) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(serve(listener, world(), Arc::new(AtomicI64::new(now.seconds()))));
    address
}

/// Status line and headers in lower case, then the body.
async fn ask(address: &str, path: &str, headers: &str) -> (String, String) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_lowercase(), body.to_owned())
}

fn header_of<'a>(head: &'a str, name: &str) -> &'a str {
    head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).unwrap()
}

#[test]
fn every_feed_is_read_by_a_feed_reader() {
    for source in [Source::Forum, Source::Social, Source::Press, Source::Blog] {
        let (text, posts) = render(source);
        let feed = parse(&text);
        assert_eq!(feed.entries.len(), WINDOW, "{source:?}");
        for (entry, post) in feed.entries.iter().zip(&posts) {
            let link = feeds::permalink("http://demo", post);
            assert!(entry.links.iter().any(|found| found.href == link), "{source:?} {:?}", entry.links);
            assert_eq!(entry.authors[0].name.as_deref(), Some(post.author.name.as_str()));
            if source != Source::Press {
                assert_eq!(entry.published.map(Timestamp::from), Some(post.published_at), "{source:?}");
            }
        }
    }
}

#[test]
fn what_people_write_breaks_no_format() {
    for source in [Source::Forum, Source::Social, Source::Press, Source::Blog] {
        let post = nasty(source);
        let feed = parse(&feeds::render("http://demo", source, &[&post]));
        let entry = &feed.entries[0];
        let content = entry.content.as_ref().and_then(|content| content.body.clone());
        let html = content.or(entry.summary.as_ref().map(|text| text.content.clone())).unwrap();
        let expected = if source == Source::Social { post.text.clone() } else { pages::paragraphs(&post.text) };
        assert_eq!(html.trim(), expected, "{source:?}");
        assert_eq!(entry.authors[0].name.as_deref(), Some(post.author.name.as_str()), "{source:?}");
    }
    assert!(pages::post(&nasty(Source::Forum)).contains("Tom &amp; &lt;Jerry&gt;"));
}

#[test]
fn each_format_looks_like_the_real_one() {
    for source in [Source::Forum, Source::Social, Source::Press, Source::Blog] {
        insta::assert_snapshot!(source.id(), feeds::render("http://demo", source, &[&nasty(source)]));
    }
    let post = nasty(Source::AppStoreDe);
    let text = app_store::render("http://demo", "de", 2, 10, &[&post, &post]);
    let page: Value = serde_json::from_str(&text).unwrap();
    insta::assert_snapshot!("app-store-de", serde_json::to_string_pretty(&page).unwrap());
    insta::assert_snapshot!("page", pages::post(&post));
}

#[test]
fn papers_date_their_reports_in_three_ways() {
    let (text, _) = render(Source::Press);
    let items = text.split("<item>").skip(1);
    let [german, iso, zone] = items.fold([0, 0, 0], |[german, iso, zone], item| match () {
        () if item.contains("<dc:date>") => [german, iso + 1, zone],
        () if item.contains("MESZ</pubDate>") || item.contains("MEZ</pubDate>") => [german, iso, zone + 1],
        () => [german + 1, iso, zone],
    });
    assert!(german > 5 && iso > 5 && zone > 5, "{german} {iso} {zone}");
}

#[test]
fn a_page_of_reviews_has_no_entry_one_entry_or_a_list() {
    let posts = shown(Source::AppStoreGb, world().ends());
    let entry = |count: usize| -> Value {
        let page = app_store::render("", "gb", 1, 1, &posts.iter().take(count).collect::<Vec<_>>());
        serde_json::from_str::<Value>(&page).unwrap()["feed"]["entry"].clone()
    };
    assert!(entry(0).is_null());
    assert_eq!(entry(1)["author"]["name"]["label"], posts[0].author.name.as_str());
    assert_eq!(entry(3)[2]["content"]["label"], posts[2].text.as_str());
    let stars: u8 = entry(3)[2]["im:rating"]["label"].as_str().unwrap().parse().unwrap();
    assert_eq!(Some(stars), posts[2].stars);
}

#[tokio::test]
async fn reviews_are_paged_without_gap_or_overlap() {
    let address = open(world().ends()).await;
    let mut ids = Vec::new();
    for page in 1..=PAGES {
        let (_, body) = ask(&address, &app_store::path("de", page), "").await;
        let page: Value = serde_json::from_str(&body).unwrap();
        let entries = page["feed"]["entry"].as_array().unwrap().clone();
        ids.extend(entries.iter().map(|entry| entry["id"]["label"].as_str().unwrap().to_owned()));
    }
    let expected: Vec<String> = (world().shown(Source::AppStoreDe, world().ends()).take(PAGES * WINDOW))
        .map(|post| (11_000_000_000 + post.number).to_string())
        .collect();
    assert_eq!(ids, expected);
    for wrong in ["page=11/id=1897190110", "page=1/id=5", "1/id=1897190110"] {
        let (head, _) = ask(&address, &format!("/de/rss/customerreviews/{wrong}/sortby=mostrecent/json"), "").await;
        assert!(head.contains("404"), "{wrong}: {head}");
    }
}

#[tokio::test]
async fn a_visitor_who_has_seen_it_is_told_so() {
    let address = open(world().ends()).await;
    let path = path(Source::Forum);
    let (head, _) = ask(&address, &path, "").await;
    let (etag, modified) = (header_of(&head, "etag").to_owned(), header_of(&head, "last-modified").to_owned());
    for seen in [format!("If-None-Match: \"x\", {etag}"), format!("If-Modified-Since: {modified}")] {
        let (head, body) = ask(&address, &path, &format!("{seen}\r\n")).await;
        assert!(head.starts_with("http/1.1 304") && body.is_empty(), "{seen}: {head}");
        assert_eq!(header_of(&head, "etag"), etag);
    }
    let outdated = format!("If-None-Match: \"x\"\r\nIf-Modified-Since: {modified}\r\n");
    assert!(ask(&address, &path, &outdated).await.0.starts_with("http/1.1 200"));
}

#[tokio::test]
async fn a_feed_shows_what_was_public_at_the_time() {
    let before = open(world().begins()).await;
    let (_, body) = ask(&before, &path(Source::Social), "").await;
    assert_eq!(serde_json::from_str::<Value>(&body).unwrap()["items"].as_array().unwrap().len(), 0);
    let later = open(world().story().update_at).await;
    let (_, body) = ask(&later, &path(Source::Social), "").await;
    let items = serde_json::from_str::<Value>(&body).unwrap()["items"].as_array().unwrap().clone();
    let newest = Timestamp::parse_rfc3339(items[0]["date_published"].as_str().unwrap()).unwrap();
    assert!(items.len() == WINDOW && newest <= world().story().update_at);
}

#[tokio::test]
async fn during_the_outage_one_source_is_silent_and_the_others_are_not() {
    let outage = world().story().outage;
    let within = open(outage.from.plus_seconds(3600)).await;
    let (head, _) = ask(&within, &path(outage.source), "").await;
    assert!(head.starts_with("http/1.1 503"), "{head}");
    assert!(ask(&within, &path(Source::AppStoreGb), "").await.0.starts_with("http/1.1 200"));
    let after = open(outage.to).await;
    assert!(ask(&after, &path(outage.source), "").await.0.starts_with("http/1.1 200"));
}

#[tokio::test]
async fn a_link_in_a_mail_leads_to_the_post_as_it_is_now() {
    let edited = world().story().edited;
    let page = format!("/posts/{}", edited.number);
    let before = open(edited.edited_at.plus_seconds(-1)).await;
    assert!(ask(&before, &page, "").await.1.contains("stinksauer"));
    let after = open(edited.edited_at).await;
    assert!(ask(&after, &page, "").await.1.contains("★★★★★"));
    assert!(ask(&after, "/posts/5", "").await.0.starts_with("http/1.1 404"));
}

#[tokio::test]
async fn the_front_page_names_the_feeds() {
    let address = open(world().ends()).await;
    let (_, body) = ask(&address, "/", "").await;
    for source in [Source::Forum, Source::Social, Source::Press, Source::Blog] {
        let href = format!("href=\"http://{address}{}\"", path(source));
        assert!(body.contains(&href) && body.contains("rel=\"alternate\""), "{source:?}");
    }
}
