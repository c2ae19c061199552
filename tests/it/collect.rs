//! `stimmung collect`, `check` and `run` against a site that behaves as sites do.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::program::{Program, configuration, stderr, stdout};
use crate::site::{Answer, Site, rss};

const TEXTS: [&str; 3] = ["Pünktlich wie nie.", "Schon wieder ausgefallen!", "Der Fahrplan wechselt am Sonntag."];

fn feed(name: &str, count: usize) -> String {
    rss((0..count).map(|n| (format!("{name}-{n}"), TEXTS[n % TEXTS.len()])))
}

#[tokio::test]
async fn a_second_round_asks_with_the_validators_and_adds_nothing() {
    let site = Site::start().await;
    let program = Program::with(&configuration(&[("forum", site.on("/forum", Answer::Feed(feed("f", 3))))]));
    for _ in 0..2 {
        let output = program.run_beside(&["collect"]).await;
        assert!(output.status.success(), "{}", stderr(&output));
    }
    let seen = site.seen("/forum");
    assert!(seen[0].headers.get("if-none-match").is_none());
    assert!(seen[1].headers.get("if-none-match").is_some());
    assert!(seen[0].headers["user-agent"].to_str().unwrap().starts_with("Stimmung/"));
    assert_eq!(program.exported().len(), 3);
}

#[tokio::test]
async fn bad_sources_are_named_with_their_reason_and_stop_no_other() {
    let (site, busy) = (Site::start().await, Site::start().await);
    let program = Program::with(&configuration(&[
        ("limited", busy.on("/limited", Answer::Status(429))),
        ("gone", site.on("/gone", Answer::Status(410))),
        ("stalled", site.on("/stalled", Answer::Stalled)),
        ("endless", site.on("/endless", Answer::Endless)),
        ("broken", site.on("/broken", Answer::Broken)),
        ("page", site.on("/page", Answer::Page("text/html", "<html><body>Willkommen</body></html>".to_owned()))),
        ("nothing", site.on("/nothing", Answer::Page("application/rss+xml", String::new()))),
        ("good", site.on("/good", Answer::Feed(feed("g", 5)))),
    ]));
    let output = program.run_beside(&["collect"]).await;
    assert_eq!(output.status.code(), Some(1));
    let lines: Vec<String> = stdout(&output).lines().map(|line| line.replace(site.host(), "HOST")).collect();
    insta::assert_snapshot!(lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n"));
    assert_eq!(program.exported().len(), 5);
}

#[tokio::test]
async fn a_key_that_is_used_up_rests_over_a_restart_and_the_other_one_at_its_host_does_not() {
    let site = Site::start().await;
    let [greedy, frugal] = ["a", "b"].map(|letter| format!("/v1/business-units/{}/reviews", letter.repeat(24)));
    site.on(&greedy, Answer::Status(429));
    site.on(&frugal, Answer::Page("application/json", "{\"reviews\":[]}".to_owned()));
    let source = |letter: &str| {
        format!(
            "[[source]]\nid = \"{letter}\"\nevery = \"1h\"\nallow_private_network = true\nfrom.trustpilot = {{ \
             business_unit = \"{}\", key_file = \"{letter}.key\", base = \"http://{}\" }}\n",
            letter.repeat(24),
            site.host()
        )
    };
    let program = Program::with(&(source("a") + &source("b") + &configuration(&[])));
    for letter in ["a", "b"] {
        std::fs::write(program.folder().join(format!("{letter}.key")), format!("secret-of-{letter}")).unwrap();
    }
    for _ in 0..2 {
        let output = program.run_beside(&["collect"]).await;
        assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    }
    assert_eq!((site.seen(&greedy).len(), site.seen(&frugal).len()), (1, 2));
    assert_eq!(site.seen(&greedy)[0].headers["apikey"], "secret-of-a");
    for file in std::fs::read_dir(program.data()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(9).any(|window| window == b"secret-of"), "no key is stored");
    }
}

#[tokio::test]
async fn the_feed_of_a_page_is_found_by_its_link() {
    let site = Site::start().await;
    let page = "<html><head><link rel=alternate type=application/rss+xml href=/the/feed></head></html>".to_owned();
    let program = Program::with(&configuration(&[("blog", site.on("/", Answer::Page("text/html", page)))]));
    site.on("/the/feed", Answer::Feed(feed("b", 2)));
    let output = program.run_beside(&["collect"]).await;
    assert!(output.status.success(), "{}", stdout(&output));
    assert_eq!(program.exported().len(), 2);
}

#[tokio::test]
async fn a_feed_that_nobody_names_is_looked_for_where_robots_are_welcome() {
    let site = Site::start().await;
    let program =
        Program::with(&configuration(&[("blog", site.on("/", Answer::Page("text/html", String::from("<html>"))))]));
    site.on("/robots.txt", Answer::Page("text/plain", "User-agent: *\nDisallow: /feed.xml\n".to_owned()));
    for path in ["/feed.xml", "/rss.xml"] {
        site.on(path, Answer::Feed(feed("b", 2)));
    }
    assert!(program.run_beside(&["collect"]).await.status.success());
    assert_eq!((site.seen("/feed.xml").len(), site.seen("/rss.xml").len()), (0, 1));
    assert_eq!(program.exported().len(), 2);
}

#[tokio::test]
async fn an_address_that_moved_is_followed() {
    let site = Site::start().await;
    let program = Program::with(&configuration(&[("old", site.on("/old", Answer::Moved("/new")))]));
    site.on("/new", Answer::Feed(feed("n", 2)));
    for _ in 0..5 {
        assert!(program.run_beside(&["collect"]).await.status.success());
    }
    assert_eq!(program.exported().len(), 2);
    assert!(site.seen("/old").len() < 5, "after a few times the new address is the address");
}

#[tokio::test]
async fn loopback_is_refused_unless_the_source_allows_it() {
    let site = Site::start().await;
    let address = site.on("/forum", Answer::Feed(feed("f", 3)));
    let strict = configuration(&[("forum", address)]).replace("allow_private_network = true\n", "");
    let output = Program::with(&strict).run_beside(&["collect"]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(site.seen("/forum").is_empty());
}

#[tokio::test]
async fn check_tries_each_source_and_keeps_nothing() {
    let site = Site::start().await;
    let program = Program::with(&configuration(&[
        ("forum", site.on("/forum", Answer::Feed(feed("f", 3)))),
        ("gone", site.on("/gone", Answer::Status(404))),
    ]));
    let output = program.run_beside(&["check"]).await;
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(stdout(&output).replace(site.host(), "HOST"));
    assert!(!program.data().join("stimmung.db").exists());
}

#[tokio::test]
async fn a_killed_round_loses_nothing_and_doubles_nothing() {
    const FEEDS: usize = 6;
    const ITEMS: usize = 40;
    let site = Site::start().await;
    let sources: Vec<(String, String)> = (0..FEEDS)
        .map(|n| (format!("s{n}"), site.on(&format!("/{n}"), Answer::Feed(feed(&format!("s{n}"), ITEMS)))))
        .collect();
    let sources: Vec<(&str, String)> = sources.iter().map(|(id, url)| (id.as_str(), url.clone())).collect();
    let program = Program::with(&configuration(&sources));
    let mut requests = 0;
    for kill_at in 1..=FEEDS {
        let mut child = program.command(&["collect"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        requests += kill_at;
        site.requests(requests).await;
        child.kill().unwrap(); // SIGKILL
        child.wait().unwrap();
        requests = (0..FEEDS).map(|n| site.seen(&format!("/{n}")).len()).sum();
    }
    let output = program.run_beside(&["collect"]).await;
    assert!(output.status.success(), "{}", stderr(&output));
    let mut ids: Vec<String> = program.exported().iter().map(|r| r["native_id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids.len(), FEEDS * ITEMS);
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), FEEDS * ITEMS);
}

/// Reads the log until a round is over; the address that the service answers on, and the rest of the log.
fn until_collected<R: BufRead>(mut log: R) -> (String, R) {
    let mut address = None;
    loop {
        let mut line = String::new();
        assert_ne!(log.read_line(&mut line).unwrap(), 0, "the service ended");
        let line: serde_json::Value = serde_json::from_str(&line).unwrap();
        let fields = &line["fields"];
        address = address.or_else(|| fields["address"].as_str().map(str::to_owned));
        if fields["message"] == "round" {
            return (address.unwrap(), log);
        }
    }
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "it asks the service, not the internet")]
async fn the_service_answers_collects_and_stops_when_told() {
    let site = Site::start().await;
    let program = Program::with(&configuration(&[("forum", site.on("/forum", Answer::Feed(feed("f", 3))))]));
    let mut command = program.command(&["run", "--listen", "127.0.0.1:0", "--log", "json"]);
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let log = BufReader::new(child.stderr.take().unwrap());
    let (address, log) = tokio::task::spawn_blocking(|| until_collected(log)).await.unwrap();
    let health = reqwest::Client::new().get(format!("http://{address}/healthz")).send().await.unwrap();
    let health: serde_json::Value = health.json().await.unwrap();
    assert_eq!(health["status"], "ok");
    assert!(health["sources"][0]["last_success_at"].is_string(), "{health}");
    assert!(std::process::Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    assert_eq!(tokio::task::spawn_blocking(move || child.wait()).await.unwrap().unwrap().code(), Some(0));
    drop(log);
    assert_eq!(program.exported().len(), 3);
}

#[tokio::test]
async fn a_source_that_only_tells_a_grade_is_shown_with_it() {
    let site = Site::start().await;
    let shop = "X0123456789ABCDEF0123456789ABCDEF";
    let indicator = r#"{"overallMark":4.62,"activeReviewCount":1204}"#;
    let quality =
        format!(r#"{{"response":{{"data":{{"shop":{{"qualityIndicators":{{"reviewIndicator":{indicator}}}}}}}}}}}"#);
    let path = format!("/rest/public/v2/shops/{shop}/quality.json");
    let base = site.on(&path, Answer::Page("application/json", quality)).replace(&path, "/");
    let program = Program::with(&format!(
        "[[brand]]\nname = \"Lerchenbahn\"\nany = [\"Lerchenbahn\"]\n\
         [[source]]\nid = \"shop\"\nevery = \"1h\"\nbrand = \"Lerchenbahn\"\nallow_private_network = true\n\
         from.trusted_shops = {{ shop = \"{shop}\", base = \"{base}\" }}\n[fetch]\ngap_per_host = \"0s\"\n"
    ));
    let output = program.run_beside(&["collect"]).await;
    assert!(stdout(&output).contains("4.62 of 5 from 1204 reviews"), "{}{}", stdout(&output), stderr(&output));
    let listed: serde_json::Value = serde_json::from_str(&stdout(&program.run(&["source", "list", "--json"]))).unwrap();
    assert_eq!((&listed["state"], &listed["grade"]["reviews"]), (&"speaking".into(), &1204.into()));
    assert_eq!(listed["grade"]["a_month_ago"], serde_json::Value::Null);
    assert!(stdout(&program.run(&["source", "list"])).contains("shop: 4.62 of 5 from 1204 reviews since 20"));
}

#[tokio::test]
async fn what_may_only_be_looked_at_is_shown_and_no_byte_of_it_is_kept() {
    let site = Site::start().await;
    let place = serde_json::json!({
        "id": "ChIJlerche",
        "displayName": { "text": "Lerchenbahn Ost" },
        "rating": 3.8,
        "userRatingCount": 412,
        "reviews": [{
            "name": "places/ChIJlerche/reviews/gezwitscher",
            "rating": 1,
            "originalText": { "text": "Die Lerchenbahn-Schlange war\u{1b}[31m lang.", "languageCode": "de" },
            "authorAttribution": { "displayName": "Ottilie Amsel", "uri": "https://maps.example.org/contrib/1" },
            "publishTime": "2026-11-06T09:30:00Z",
        }],
    });
    let base = site.on("/v1/places/ChIJlerche", Answer::Page("application/json", place.to_string()));
    let base = base.replace("/v1/places/ChIJlerche", "/");
    let key = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(key.path(), "AIzaGeheim").unwrap();
    let program = Program::with(&format!(
        "[[brand]]\nname = \"Lerchenbahn\"\nany = [\"Lerchenbahn\"]\n\
         [[source]]\nid = \"ost\"\nevery = \"1h\"\nbrand = \"Lerchenbahn\"\nallow_private_network = true\n\
         from.google_places = {{ place = \"ChIJlerche\", key_file = {:?}, base = \"{base}\" }}\n\
         [fetch]\ngap_per_host = \"0s\"\n",
        key.path()
    ));
    let output = program.run_beside(&["collect"]).await;
    assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
    let looked = program.run_beside(&["source", "look", "ost"]).await;
    insta::assert_snapshot!(stdout(&looked), @"
    Lerchenbahn Ost, Google Maps: 3.80 of 5 from 412 reviews
    Google shows five reviews at most and chooses them by relevance. Google does not verify reviews, but removes false ones that it notices.

    2026-11-06T09:30:00Z  1/5  Ottilie Amsel
      Die Lerchenbahn-Schlange war[31m lang.
    ");
    let wrong = program.run(&["source", "look", "west"]);
    assert_eq!(wrong.status.code(), Some(2), "{}", stderr(&wrong));
    assert_eq!(program.exported().len(), 0);
    let files: Vec<_> = std::fs::read_dir(program.data()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.iter().any(|file| file.ends_with("stimmung.db")), "{files:?}");
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        for word in ["Amsel", "Schlange", "gezwitscher", "contrib", "Geheim"] {
            assert!(!bytes.windows(word.len()).any(|it| it == word.as_bytes()), "{word} in {}", file.display());
        }
    }
}
