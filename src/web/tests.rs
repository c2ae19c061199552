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
    _folder: TempDir,
    pub(super) service: Service,
    pub(super) site: Router,
}

/// A brand with a competitor, two sources, and what was said in the last four weeks.
pub(super) async fn world() -> World {
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
    let config = Config::parse(config, "sources.toml").unwrap();
    let service = Service::open(config, folder.path(), "test.db").await.unwrap();
    service.settle_model(now()).await.unwrap();
    let site = router(service.clone());
    let world = World { _folder: folder, service, site };
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
        let mut request = Request::builder().method(asked.method.as_str()).uri(asked.address);
        for (name, value) in asked.headers {
            request = request.header(name, value);
        }
        let response = self.site.clone().oneshot(request.body(Body::from(asked.body)).unwrap()).await.unwrap();
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
