//! The pages, asked through the router, over a small world of a few weeks.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use tempfile::TempDir;
use tower::ServiceExt as _;

use super::*;
use crate::analyse::{Analysis, Emotion, Intent, Mood, Reason};
use crate::config::Config;
use crate::mention::{Author, Label, Language, Mention, Rating, SourceId, Timestamp};
use crate::service::now;
use crate::store::Item;

pub(super) const BRAND: &str = "Lerchenbahn";

const PLACES: [&str; 29] = [
    "Ammerau",
    "Birkheim",
    "Dornsee",
    "Eschbach",
    "Falkental",
    "Gersdorf",
    "Hohenfels",
    "Immenhof",
    "Jarlow",
    "Kaltenbrunn",
    "Lindow",
    "Mühlacker",
    "Neustein",
    "Obernau",
    "Pappelried",
    "Quellendorf",
    "Rosental",
    "Steinach",
    "Tannwald",
    "Uferhain",
    "Vogelsang",
    "Wiesenburg",
    "Zellbach",
    "Altmark",
    "Brunnstatt",
    "Clausthor",
    "Drachenau",
    "Erlenbruch",
    "Felsenkirch",
];

/// A site with a database of its own.
pub(super) struct World {
    folder: TempDir,
    pub(super) service: Service,
    pub(super) site: Router,
}

/// A brand with a competitor, two sources, and what was said in the last four weeks.
pub(super) async fn world() -> World {
    world_with("").await
}

/// The same with more in its configuration.
pub(super) async fn world_with(more: &str) -> World {
    let folder = tempfile::tempdir().unwrap();
    let config = r#"
        [[brand]]
        name = "Lerchenbahn"
        any = ["Lerchenbahn"]
        [[brand]]
        name = "Finkenbahn"
        any = ["Finkenbahn"]
        competitor_of = "Lerchenbahn"
        [[source]]
        id = "forum"
        every = "1h"
        from.feed = { url = "https://forum.example.org/feed" }
        [[source]]
        id = "press"
        every = "1h"
        from.feed = { url = "https://press.example.org/feed" }
        [alert]
        to = ["marketing@lerchenbahn.example"]
    "#;
    let config = Config::parse(&format!("{config}\n{more}"), "sources.toml").unwrap();
    let service = Service::open(config, folder.path(), "test.db").await.unwrap();
    service.settle_model(now()).await.unwrap();
    let site = router(service.clone());
    let world = World { folder, service, site };
    for days_ago in (0..28).rev() {
        let at = now().plus_seconds(-days_ago * 86_400 - 7200);
        let (label, text) = match days_ago % 3 {
            0 => (Label::Negative, "Die Lerchenbahn kommt schon wieder zu spät, ich bin enttäuscht."),
            1 => (Label::Positive, "Danke an die Lerchenbahn, sehr freundliches Personal!"),
            _ => (Label::Neutral, "Die Lerchenbahn fährt ab Montag alle zwanzig Minuten."),
        };
        let source = if days_ago % 2 == 0 { "forum" } else { "press" };
        // Each with words of its own, so that none is taken for a copy.
        let words: Vec<&str> = (0..4).map(|n| PLACES[(days_ago as usize * 5 + n * 7) % PLACES.len()]).collect();
        let text = format!("{text} {}", words.join(" "));
        world.say(source, &format!("n{days_ago}"), &text, label, at).await;
    }
    world
}

impl World {
    /// Where its database lies.
    pub(super) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Saves what somebody said.
    pub(super) async fn say(&self, source: &str, id: &str, text: &str, label: Label, at: Timestamp) {
        let score = f64::from(label.sign()) * 0.8;
        let mood = Mood {
            label,
            score,
            probabilities: [0.3, 0.3, 0.4],
            why: vec![Reason { words: "enttäuscht".to_owned(), weight: score }],
        };
        let is_negative = label == Label::Negative;
        let analysis = Analysis {
            language: Some(Language::GERMAN),
            mood: Some(mood),
            emotions: is_negative.then_some(Emotion::Disappointment).into_iter().collect(),
            intents: is_negative.then_some(Intent::Complaint).into_iter().collect(),
            topics: if is_negative { vec!["delivery".into()] } else { Vec::new() },
            ..Analysis::default()
        };
        let mention = Mention {
            native_id: id.to_owned(),
            author: Some(Author { key: format!("key-{id}"), name: format!("jana_{id}") }),
            text: text.to_owned(),
            url: Some(format!("https://forum.example.org/{id}")),
            rating: is_negative.then_some(Rating::stars(1.0)),
            published_at: Some(at),
            ..Mention::default()
        };
        let version = self.service.model().version().into();
        let item = Item { mention, analysis, model_version: version, brands: vec![BRAND.to_owned()] };
        let source = SourceId::parse(source).unwrap();
        self.service.store.save(&source, &[item], None, true, at).await.unwrap();
    }

    /// Asks for a page as a browser on this machine does, in German.
    pub(super) async fn get(&self, address: &str) -> (StatusCode, String) {
        let answer = self.ask(Asked::get(address)).await;
        (answer.status, answer.body)
    }

    /// Sends a form as a page of ours does; answers the status and where it leads.
    pub(super) async fn post(&self, address: &str, form: &str) -> (StatusCode, String) {
        let asked = Asked::send("POST", address, form).with("content-type", "application/x-www-form-urlencoded");
        let answer = self.ask(asked).await;
        let leads_to = answer.headers.get(header::LOCATION).and_then(|it| it.to_str().ok()).map(str::to_owned);
        (answer.status, leads_to.unwrap_or(answer.body))
    }

    pub(super) async fn ask(&self, asked: Asked) -> Answered {
        let response = self.site.clone().oneshot(asked.request()).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 10_000_000).await.unwrap();
        Answered { status: parts.status, headers: parts.headers, body: String::from_utf8(body.to_vec()).unwrap() }
    }
}

/// A request, as a browser on this machine sends it from a page of ours.
pub(super) struct Asked {
    method: String,
    address: String,
    headers: Vec<(String, String)>,
    body: String,
}

/// What came back.
pub(super) struct Answered {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

impl Asked {
    pub(super) fn get(address: &str) -> Self {
        let headers = [("host", "127.0.0.1:8080"), ("accept-language", "de"), ("sec-fetch-site", "same-origin")];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        Self { method: "GET".to_owned(), address: address.to_owned(), headers, body: String::new() }
    }

    /// With a body, which is JSON unless somebody says otherwise.
    pub(super) fn send(method: &str, address: &str, body: &str) -> Self {
        let asked = Self { method: method.to_owned(), body: body.to_owned(), ..Self::get(address) };
        asked.with("content-type", "application/json")
    }

    pub(super) fn request(self) -> Request<Body> {
        let request = Request::builder().method(self.method.as_str()).uri(self.address);
        let request = self.headers.into_iter().fold(request, |request, (name, value)| request.header(name, value));
        request.body(Body::from(self.body)).unwrap()
    }

    /// With a header in the place of what was there; an empty one is left out.
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        if !value.is_empty() {
            self.headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }
}

/// What a page says, without its markup: a line for each piece of text.
pub(super) fn text(html: &str) -> String {
    let document = html.split_once("<main").map_or(html, |(_, main)| main);
    let document = document.split_once("</main>").map_or(document, |(main, _)| main);
    let mut lines: Vec<String> = Vec::new();
    for piece in document.split('>') {
        let words = piece.split('<').next().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
        if !words.is_empty() {
            lines.push(words);
        }
    }
    lines.join("\n")
}

#[tokio::test]
async fn the_overview_tells_how_the_mood_is_and_leads_to_the_mentions() {
    let world = world().await;
    let (status, html) = world.get("/").await;
    assert_eq!(status, StatusCode::OK);
    let text = text(&html);
    assert!(text.contains("Nettostimmung") && text.contains("Lieferung") && text.contains("forum"), "{text}");
    assert!(html.contains("/mentions?brand=Lerchenbahn&amp;mood=negative"), "a share leads to its mentions");
    let english = world.ask(Asked::get("/?days=7").with("cookie", "stimmung-language=en")).await.body;
    assert!(english.contains("Net mood") && english.contains("lang=\"en\""));
}

#[tokio::test]
async fn what_is_not_there_is_said_in_the_readers_language() {
    let world = world().await;
    let (status, html) = world.get("/nowhere").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(html.contains("Hier ist nichts") && html.contains("<html lang=\"de\""));
}

#[tokio::test]
async fn nobody_changes_anything_from_another_site_or_under_a_foreign_name() {
    let world = world().await;
    let send = async |name: &str, value: &str| {
        let asked = Asked::send("POST", "/preferences", "language=en").with("sec-fetch-site", "");
        let asked = asked.with("content-type", "application/x-www-form-urlencoded").with(name, value);
        world.ask(asked).await.status
    };
    assert_eq!(send("sec-fetch-site", "cross-site").await, StatusCode::FORBIDDEN);
    assert_eq!(send("origin", "https://evil.example").await, StatusCode::FORBIDDEN);
    assert_eq!(send("host", "evil.example").await, StatusCode::FORBIDDEN);
    assert_eq!(send("sec-fetch-site", "same-origin").await, StatusCode::SEE_OTHER);
}

/// A finding of three days ago, told to somebody, and its number.
async fn found(world: &World) -> i64 {
    found_as(world, |_| {}).await
}

/// The same with its explanation changed.
pub(super) async fn found_as(world: &World, change: impl FnOnce(&mut crate::alert::Alert)) -> i64 {
    use crate::alert::{Heard, Mail, explain};
    use crate::detect::{Development, Finding, FindingKind, Rule, Stage};
    use crate::notify::{Letter, MAIL};
    use crate::store::{News, Sequel};

    let store = &world.service.store;
    let at = now().plus_seconds(-3 * 86_400);
    let onset = Timestamp::from_seconds(at.seconds().div_euclid(86_400) * 86_400 - 4 * 86_400);
    let finding = Finding {
        kind: FindingKind::MoodDown,
        at,
        onset,
        onset_earliest: onset,
        onset_latest: onset,
        evidence: 9.0,
        rarity_days: 300.0,
        residual: -0.4,
        place: None,
        extent: None,
    };
    let arrivals = store.excerpts(BRAND, Timestamp::from_seconds(0)..at).await.unwrap();
    let (since, before): (Vec<_>, Vec<_>) =
        arrivals.into_iter().map(|(_, excerpt)| excerpt).partition(|excerpt| excerpt.arrived_at >= onset);
    let mut alert = explain(BRAND, &finding, Rule::default(), &Heard { before, since, ..Heard::default() });
    change(&mut alert);
    let mail = Mail { subject: String::new(), text: String::new(), html: String::new(), picture: None };
    let letter = Letter {
        id: "a".to_owned(),
        channel: MAIL.to_owned(),
        to: "Marketing <marketing@lerchenbahn.example>".to_owned(),
        mail,
        reply_to_thread: None,
        list: None,
        written_at: at,
    };
    let news = News { finding: finding.clone(), alert, letters: vec![letter] };
    let over = at.plus_seconds(86_400);
    let development = Development { kind: finding.kind, found_at: at, at: over, stage: Stage::Easing, residual: -0.1 };
    let sequel = Sequel { development, letters: Vec::new() };
    let before = store.detection(BRAND).await.unwrap();
    assert!(store.save_detection(BRAND, &before, &before.detector, &[news], &[sequel]).await.unwrap());
    store.findings(None).await.unwrap()[0].id
}

#[tokio::test]
async fn a_finding_is_explained_as_in_its_mail_with_its_life_and_who_was_told() {
    let world = world().await;
    let id = found(&world).await;
    let (status, html) = world.get(&format!("/findings/{id}")).await;
    assert_eq!(status, StatusCode::OK);
    let said = text(&html);
    for expected in
        ["Die Stimmung rund um Lerchenbahn ist schlechter", "mindestens zur Hälfte vorbei", "m…@lerchenbahn.example"]
    {
        assert!(said.contains(expected), "{expected} in {said}");
    }
    assert!(!html.contains("marketing@lerchenbahn.example"), "addresses are masked as in logs");
    assert!(!html.contains("<style") && html.contains("class=\"picture\""), "the picture has the looks of the page");
    assert!(html.contains("/mentions?brand=Lerchenbahn&#38;from="), "numbers lead to the mentions of their days");
    assert!(html.contains("Zur Erwähnung"), "quotes lead to the mentions that they are of");
    assert_eq!(world.get("/findings/99").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_people_say_of_a_finding_is_kept_and_shown_in_the_list() {
    let world = world().await;
    let address = format!("/findings/{}", found(&world).await);
    let list = text(&world.get("/findings").await.1);
    assert!(list.contains("gab es einen Alarm") && list.contains("Gemessen: 0,0 Fehlalarme"), "{list}");

    let known = "action=incident&name=Login+%3Ckaputt%3E&known_at=2026-03-01T09%3A30";
    assert_eq!(world.post(&address, known).await, (StatusCode::SEE_OTHER, format!("{address}#verdict")));
    let html = world.get("/findings?verdict=incident&kind=mood_down&brand=Lerchenbahn").await.1;
    assert!(html.contains("Login &#60;kaputt&#62;") && !html.contains("<kaputt>"));
    assert!(text(&world.get("/findings?verdict=false_alarm").await.1).contains("Kein Befund passt"));

    assert_eq!(world.post(&address, "action=false_alarm").await.0, StatusCode::SEE_OTHER);
    assert!(text(&world.get(&address).await.1).contains("Als Fehlalarm eingestuft."));
    assert_eq!(world.post(&address, "action=incident&name=+").await.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(world.post("/findings/99", "action=seen").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn findings_are_snoozed_until_a_day_that_lies_ahead() {
    let world = world().await;
    let address = format!("/findings/{}", found(&world).await);
    assert_eq!(world.post(&address, "action=snooze&until=2020-01-01").await.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(world.post(&address, "action=snooze&until=2200-01-01").await.0, StatusCode::SEE_OTHER);
    assert!(text(&world.get(&address).await.1).contains("Wieder melden"));
    let until = world.service.store.snoozed_until(BRAND, "mood_down").await.unwrap();
    assert!(until.is_some_and(|until| until > now()));
    world.post(&address, "action=wake").await;
    assert!(text(&world.get(&address).await.1).contains("Stumm schalten"));
}

#[tokio::test]
async fn a_month_is_told_on_one_page() {
    let world = world().await;
    let said = [
        ("2023-03-09", Label::Positive, "Mit der Lerchenbahn ans Meer, herrlich."),
        ("2024-02-20", Label::Positive, "Der Zugbegleiter der Lerchenbahn hat uns sehr geholfen."),
        ("2024-03-01", Label::Negative, "Mein Paket liegt seit Tagen im Depot der Lerchenbahn, unmöglich."),
        ("2024-03-31", Label::Positive, "Pünktlich, sauber, günstig: gern wieder mit der Lerchenbahn!"),
    ];
    for (day, label, text) in said {
        let noon = Timestamp::parse_rfc3339(&format!("{day}T12:00:00+01:00")).unwrap();
        world.say("forum", day, text, label, noon).await;
    }
    let months = world.get("/reports").await.1;
    assert!(months.contains("/reports/2024-03?brand=Lerchenbahn") && text(&months).contains("März 2024"));
    let (status, html) = world.get("/reports/2024-03?brand=Lerchenbahn").await;
    assert_eq!(status, StatusCode::OK);
    assert!(html.contains("from=2024-03-01&#38;to=2024-03-31"), "numbers lead to the mentions of the month");
    // The first day on which anybody listened is another one every day.
    let first = now().plus_seconds(-27 * 86_400 - 7200).to_utc().with_timezone(&chrono_tz::Europe::Berlin);
    let said = text(&html).replace(&first.format("%d.%m.%Y").to_string(), "TAG");
    insta::assert_snapshot!(said);
    let silent = text(&world.get("/reports/2001-05?brand=Finkenbahn").await.1);
    assert!(silent.contains("In diesem Monat wurde nichts gesagt."), "{silent}");
}

#[tokio::test]
async fn there_is_no_report_of_what_is_no_month_lies_ahead_or_is_about_nobody() {
    let world = world().await;
    for address in ["/reports/2024-13", "/reports/9998-01", "/reports/2024-03?brand=Amselbahn", "/reports?brand=A"] {
        assert_eq!(world.get(address).await.0, StatusCode::NOT_FOUND, "{address}");
    }
}

#[tokio::test]
async fn what_another_promise_would_have_told_is_lived_through_when_somebody_asks() {
    let world = world().await;
    let form = world.get("/replay?brand=Lerchenbahn").await.1;
    assert!(text(&form).contains("Durchspielen") && !text(&form).contains("Das wäre gemeldet worden"));
    let told = text(&world.get("/replay?from=2020-01-01&promise=30+days&as_published=yes").await.1);
    for expected in ["höchstens ein Fehlalarm in 90 Tagen", "höchstens ein Fehlalarm in 30 Tagen", "durchgespielt in"]
    {
        assert!(told.contains(expected), "{expected} in {told}");
    }
    let nothing = text(&world.get("/replay?from=2020-01-01&to=2020-02-01").await.1);
    assert!(nothing.contains("In diesem Zeitraum ist nichts eingetroffen."), "{nothing}");
    assert_eq!(world.get("/replay?from=2020-01-01&to=1900-01-01").await.0, StatusCode::OK, "before all time");
    assert_eq!(world.get("/replay?brand=Amselbahn").await.0, StatusCode::NOT_FOUND);
}
