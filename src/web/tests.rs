//! The pages, asked through the router, over a small world of a few weeks.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode, header};
use tempfile::TempDir;
use tower::ServiceExt as _;

use super::*;
use crate::analyse::{Analysis, Emotion, Intent, Mood, Reason};
use crate::config::Config;
use crate::mention::{Author, Label, Language, Mention, Rating, SourceId, Timestamp};
use crate::service::now;
use crate::store::Item;

pub(super) const BRAND: &str = "Lerchenbahn";

/// A site with a database of its own.
pub(super) struct World {
    _folder: TempDir,
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
    let world = World { _folder: folder, service, site };
    for days_ago in (0..28).rev() {
        let at = now().plus_seconds(-days_ago * 86_400 - 7200);
        let (label, text) = match days_ago % 3 {
            0 => (Label::Negative, "Die Lerchenbahn kommt schon wieder zu spät, ich bin enttäuscht."),
            1 => (Label::Positive, "Danke an die Lerchenbahn, sehr freundliches Personal!"),
            _ => (Label::Neutral, "Die Lerchenbahn fährt ab Montag alle zwanzig Minuten."),
        };
        let source = if days_ago % 2 == 0 { "forum" } else { "press" };
        world.say(source, &format!("n{days_ago}"), &format!("{text} ({days_ago})"), label, at).await;
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
        let request = asking("GET", address).body(Body::empty()).unwrap();
        read(self.site.clone().oneshot(request).await.unwrap()).await
    }

    /// Sends a form as a page of ours does; answers the status and where it leads.
    pub(super) async fn post(&self, address: &str, form: &str) -> (StatusCode, String) {
        let request = asking("POST", address)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()))
            .unwrap();
        let response = self.site.clone().oneshot(request).await.unwrap();
        let leads_to = response.headers().get(header::LOCATION).and_then(|it| it.to_str().ok()).map(str::to_owned);
        let (status, body) = read(response).await;
        (status, leads_to.unwrap_or(body))
    }
}

fn asking(method: &str, address: &str) -> axum::http::request::Builder {
    let request = Request::builder().method(method).uri(address);
    request.header(header::HOST, "127.0.0.1:8080").header(header::ACCEPT_LANGUAGE, "de")
}

async fn read(response: Response<Body>) -> (StatusCode, String) {
    let status = response.status();
    let body = to_bytes(response.into_body(), 10_000_000).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
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
    let english = asking("GET", "/?days=7").header(header::COOKIE, "stimmung-language=en").body(Body::empty()).unwrap();
    let (_, english) = read(world.site.clone().oneshot(english).await.unwrap()).await;
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
    let send = async |name: &'static str, value: &'static str| {
        let request = Request::builder().method("POST").uri("/preferences").header(name, value);
        let request = if name == "host" { request } else { request.header(header::HOST, "127.0.0.1:8080") };
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        world.site.clone().oneshot(request.body(Body::from("language=en")).unwrap()).await.unwrap().status()
    };
    assert_eq!(send("sec-fetch-site", "cross-site").await, StatusCode::FORBIDDEN);
    assert_eq!(send("origin", "https://evil.example").await, StatusCode::FORBIDDEN);
    assert_eq!(send("host", "evil.example").await, StatusCode::FORBIDDEN);
    assert_eq!(send("sec-fetch-site", "same-origin").await, StatusCode::SEE_OTHER);
}
