use axum::http::StatusCode;

use crate::config::ADDED;
use crate::mention::SourceId;
use crate::service::now;
use crate::tongue::said;
use crate::web::tests::{Asked, text, world, world_with};

const SHOP: &str = "address=https://shop.example.org/reviews&number=0&id=shop&every=6h&brand=Lerchenbahn";

#[tokio::test]
async fn every_source_is_listed_with_its_state_and_where_it_is_set() {
    let world = world().await;
    let forum = SourceId::parse("forum").unwrap();
    let failure = (
        said("Der Server hat mit 403 geantwortet", "the server answered 403"),
        Some(said("Prüfen Sie den Schlüssel", "check the key")),
    );
    world.service.store.record_failure(&forum, failure, now().plus_seconds(3600), now()).await.unwrap();
    let (status, html) = world.get("/sources").await;
    assert_eq!(status, StatusCode::OK);
    let told = text(&html).replace('\n', " ");
    for part in [
        "antwortet nicht",
        "eine Runde schlug fehl: Der Server hat mit 403 geantwortet",
        "Prüfen Sie den Schlüssel",
        "sources.toml",
    ] {
        assert!(told.contains(part), "{part} in {told}");
    }
    assert!(told.contains("noch nie gefragt"), "press was never asked: {told}");
    assert!(!told.contains("the server answered"), "nobody who reads German is told in English: {told}");
    let told = text(&world.get("/sources/forum").await.1);
    assert_eq!(told.matches("Der Server hat mit 403 geantwortet").count(), 2, "now, and in the outages: {told}");
    let english = world.ask(Asked::get("/sources/forum").with("accept-language", "en")).await.body;
    assert!(text(&english).contains("the server answered 403") && english.contains("check the key"), "{english}");
    let api: serde_json::Value = serde_json::from_str(&world.get("/api/v1/sources").await.1).unwrap();
    assert_eq!(
        (api[0]["error"].as_str(), api[0]["hint"].as_str()),
        (Some("the server answered 403"), Some("check the key"))
    );
}

#[tokio::test]
async fn a_round_that_fails_is_explained_in_the_language_of_whoever_reads() {
    let shop = "[[source]]\nid = \"shop\"\nevery = \"1h\"\nfrom.feed = { url = \"http://127.0.0.1:9/feed\" }";
    let world = world_with(shop).await;
    world.service.collect_once(&world.service.source("shop").unwrap(), now()).await.unwrap();
    let german = text(&world.get("/sources/shop").await.1);
    assert!(german.contains("„127.0.0.1:9“ liegt nicht im öffentlichen Internet"), "{german}");
    assert!(german.contains("Liegt die Quelle wirklich in Ihrem eigenen Netz"), "{german}");
    let english = text(&world.ask(Asked::get("/sources/shop").with("accept-language", "en")).await.body);
    assert!(english.contains("is not on the public internet") && !english.contains("liegt nicht"), "{english}");
}

#[tokio::test]
async fn a_source_shows_what_it_said_its_settings_and_what_its_terms_allow() {
    let world = world().await;
    let (status, html) = world.get("/sources/forum").await;
    assert_eq!(status, StatusCode::OK);
    let said = text(&html);
    for said_so in [
        "https://forum.example.org/feed",
        "1h",
        "Lerchenbahn",
        "Feeds sind zum Lesen da",
        "Titel, Person, Link",
        "Keine.",
    ] {
        assert!(said.contains(said_so), "{said_so} in {said}");
    }
    assert!(!html.contains("jana_"), "no author is named here");
    assert!(!html.contains("/sources/forum/remove"), "what stands in sources.toml is removed there");
    assert_eq!(world.get("/sources/unknown").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_source_is_paused_until_it_is_resumed_and_everything_says_so() {
    let world = world().await;
    let done = world.post("/sources/forum/pause", "").await;
    assert_eq!(done, (StatusCode::SEE_OTHER, "/sources/forum?done=paused#done".to_owned()));
    assert!(text(&world.get("/sources/forum?done=paused").await.1).contains("bis Sie sie fortsetzen"));
    assert!(text(&world.get("/").await.1).contains("pausiert"), "the overview does not take it for calm");
    let health: serde_json::Value = serde_json::from_str(&world.get("/healthz").await.1).unwrap();
    assert_eq!(health["sources"][0]["state"], "paused");
    let api: serde_json::Value = serde_json::from_str(&world.get("/api/v1/sources").await.1).unwrap();
    assert_eq!((api[0]["state"].as_str(), api[1]["state"].as_str()), (Some("paused"), Some("new")));
    let source = world.service.source("forum").unwrap();
    let report = world.service.collect_once(&source, now()).await.unwrap();
    assert!(report.paused && report.error.is_none(), "it is not asked");
    assert_eq!(world.post("/sources/forum/run", "").await.0, StatusCode::UNPROCESSABLE_ENTITY);
    world.post("/sources/forum/resume", "").await;
    assert!(world.service.store.paused().await.unwrap().is_empty());
    assert_eq!(world.post("/sources/forum/run", "").await.1, "/sources/forum?done=asked#done");
}

#[tokio::test]
async fn what_is_suggested_for_an_address_is_added_and_removed_again_beside_the_operators_file() {
    let world = world().await;
    let added = world.post("/sources/add", SHOP).await;
    assert_eq!(added, (StatusCode::SEE_OTHER, "/sources/shop?done=added#done".to_owned()));
    let text = text(&world.get("/sources/shop").await.1);
    assert!(text.contains(ADDED) && text.contains("https://shop.example.org/reviews"), "{text}");
    assert_eq!(world.post("/sources/add", SHOP).await.0, StatusCode::UNPROCESSABLE_ENTITY, "there is one of that name");
    assert_eq!(world.post("/sources/shop/remove", "").await.1, "/sources?done=removed#done");
    assert_eq!(world.get("/sources/shop").await.0, StatusCode::NOT_FOUND);
    assert_eq!(world.post("/sources/forum/remove", "").await.0, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn nothing_but_a_suggestion_can_be_added() {
    let world = world().await;
    let with = |part: &str, other: &str| SHOP.replace(part, other);
    let wrong = [
        with("id=shop", "id=a%22%0Aallow_private_network=true%0Ab=%22"),
        with("every=6h", "every=6h%22%0Abrand=%22x"),
        with("brand=Lerchenbahn", "brand=Amselbahn"),
        with("number=0", "number=99"),
        with("https://shop.example.org/reviews", "file:///etc/passwd"),
        with("https://shop.example.org/reviews", "https://www.trustpilot.com/review/example.org"),
        with("https://shop.example.org/reviews", "https://www.trustpilot.com/review/example.org")
            + "&key_env=STIMMUNG_TEST_UNSET",
    ];
    for form in wrong {
        assert_eq!(world.post("/sources/add", &form).await.0, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
    }
    assert_eq!(world.service.sources().len(), 2);
}

#[tokio::test]
async fn an_address_shows_what_could_listen_there_what_that_needs_and_its_terms() {
    let world = world().await;
    let (status, html) =
        world.get("/sources/add?address=https%3A%2F%2Fwww.trustpilot.com%2Freview%2Fexample.org").await;
    assert_eq!(status, StatusCode::OK);
    let said = text(&html);
    assert!(
        said.contains("Bewertungen eines Unternehmens auf Trustpilot")
            && said.contains("Diese Quelle braucht einen Schlüssel der API von Trustpilot"),
        "{said}"
    );
    assert!(said.contains("die Seiten per Programm auszulesen, ist verboten") && html.contains("name=\"key_env\""));
    let (_, html) = world.get("/sources/add?address=http%3A%2F%2F127.0.0.1%3A9%2Ffeed").await;
    assert!(
        html.contains("antwortet nicht so")
            && html.contains("liegt nicht im öffentlichen Internet")
            && !html.contains("name=\"number\""),
        "no private network: {html}"
    );
    assert!(text(&world.get("/sources/add?address=my+brand").await.1).contains("keine Adresse im Web"));
}
