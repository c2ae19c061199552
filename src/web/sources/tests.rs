use axum::http::StatusCode;

use crate::config::ADDED;
use crate::http::site::{Site, answer};
use crate::mention::SourceId;
use crate::service::now;
use crate::tongue::said;
use crate::web::tests::{Asked, World, text, world, world_with};

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

/// With a place that stands on that site, and the file with its key.
async fn world_beside(google: &Site) -> (World, tempfile::NamedTempFile) {
    let key = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(key.path(), "AIzaGeheim").unwrap();
    let place = format!(
        "[[source]]\nid = \"ost\"\nevery = \"1d\"\nallow_private_network = true\n\
         from.google_places = {{ place = \"ChIJlerche\", key_file = {:?}, base = \"{}\" }}",
        key.path(),
        google.url("/")
    );
    (world_with(&place).await, key)
}

#[tokio::test]
async fn what_may_only_be_looked_at_is_fetched_when_somebody_looks_and_then_is_gone() {
    let place = r#"{
        "id": "ChIJlerche", "displayName": { "text": "Lerchenbahn Ost" }, "googleMapsUri": "javascript:alert(1)",
        "rating": 3.8, "userRatingCount": 412,
        "reviews": [{
            "name": "places/ChIJlerche/reviews/1", "rating": 1, "googleMapsUri": "https://maps.example.org/r/1",
            "originalText": { "text": "Queued <script>alert(1)</script> for forty minutes.", "languageCode": "en" },
            "authorAttribution": { "displayName": "Ottilie <Amsel", "uri": "javascript:alert(1)" },
            "publishTime": "2026-11-06T09:30:00Z"
        }]
    }"#;
    let google = Site::start(move |_| answer("200 OK", "Content-Type: application/json\r\n", place.as_bytes())).await;
    let (world, _key) = world_beside(&google).await;
    let told = text(&world.get("/sources/ost").await.1);
    assert!(told.contains("Jetzt ansehen") && !told.contains("Ottilie") && google.asked().is_empty(), "{told}");
    let looked = world.ask(Asked::send("POST", "/sources/ost/look", "")).await;
    assert_eq!((looked.status, &looked.headers["cache-control"]), (StatusCode::OK, &"no-store".parse().unwrap()));
    assert!(!looked.body.contains("javascript:") && !looked.body.contains("<script>alert"), "{}", looked.body);
    let told = text(&looked.body);
    assert!(told.contains("3,80 von 5 aus 412 Bewertungen"), "{told}");
    let (_, told) = told.split_once(" Uhr\n").unwrap();
    insta::assert_snapshot!(told);
    assert!(!text(&world.get("/sources/ost").await.1).contains("Ottilie"));
    let audit = text(&world.get("/audit").await.1);
    assert!(audit.contains("Person angesehen") && audit.contains("source ost"), "{audit}");
    assert_eq!(world.post("/sources/forum/look", "").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_place_that_cannot_be_looked_at_says_why() {
    let refused = br#"{"error":{"code":403,"message":"Enable it.","details":[{"reason":"SERVICE_DISABLED"}]}}"#;
    let google = Site::start(|_| answer("403 Forbidden", "Content-Type: application/json\r\n", refused)).await;
    let (world, _key) = world_beside(&google).await;
    let (status, html) = world.post("/sources/ost/look", "").await;
    assert_eq!(status, StatusCode::BAD_GATEWAY);
    let told = text(&html);
    assert!(told.contains("Google hat mit 403 geantwortet") && told.contains("Schalten Sie die API"), "{told}");
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
