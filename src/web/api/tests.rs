use axum::http::StatusCode;
use serde_json::Value;

use crate::web::tests::{Asked, BRAND, world};

#[tokio::test]
async fn every_call_is_described_and_every_list_is_read_to_its_end() {
    let world = world().await;
    let (status, description) = world.get("/api/v1/openapi.json").await;
    assert_eq!(status, StatusCode::OK);
    let description: Value = serde_json::from_str(&description).unwrap();
    assert!(description["openapi"].as_str().unwrap().starts_with("3.1"));
    insta::assert_json_snapshot!(description["paths"].as_object().unwrap().keys().collect::<Vec<_>>());
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let (status, page) = world.get(&format!("/api/v1/mentions?limit=9{after}")).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        let page: Value = serde_json::from_str(&page).unwrap();
        seen.extend(page["mentions"].as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    let mut once = seen.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!((seen.len(), once.len()), (28, 28));
}

#[tokio::test]
async fn what_cannot_be_read_is_a_problem_with_every_mistake() {
    let world = world().await;
    let (status, problem) = world.get("/api/v1/mentions?mood=angry&stars=9&colour=red").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let problem: Value = serde_json::from_str(&problem).unwrap();
    assert_eq!(problem["details"].as_array().unwrap().len(), 3);
    for (address, expected) in [
        ("/api/v1/mentions/abc", StatusCode::BAD_REQUEST),
        ("/api/v1/mentions/999999", StatusCode::NOT_FOUND),
        ("/api/v1/findings/1", StatusCode::NOT_FOUND),
        ("/api/v1/series", StatusCode::BAD_REQUEST),
        ("/api/v1/series?brand=nobody", StatusCode::NOT_FOUND),
        ("/api/v1/series?brand=Lerchenbahn&from=2026-01-02&to=2026-01-01", StatusCode::BAD_REQUEST),
        ("/api/v2", StatusCode::NOT_FOUND),
    ] {
        let (status, body) = world.get(address).await;
        assert_eq!(status, expected, "{address}");
        assert_eq!(serde_json::from_str::<Value>(&body).unwrap()["status"], expected.as_u16(), "{address}");
    }
}

#[tokio::test]
async fn whoever_has_an_answer_gets_it_no_second_time() {
    let world = world().await;
    let first = world.ask(Asked::get("/api/v1/brands")).await;
    let tag = first.headers["etag"].to_str().unwrap().to_owned();
    let again = world.ask(Asked::get("/api/v1/brands").with("if-none-match", &tag)).await;
    assert_eq!((again.status, again.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
    let other = world.ask(Asked::get("/api/v1/brands").with("if-none-match", "\"other\"")).await;
    assert_eq!((other.status, other.body), (StatusCode::OK, first.body));
}

#[tokio::test]
async fn a_correction_is_kept_and_counts_at_once() {
    let world = world().await;
    let negatives = async || {
        let (_, series) = world.get(&format!("/api/v1/series?brand={BRAND}")).await;
        let series: Value = serde_json::from_str(&series).unwrap();
        series.as_array().unwrap().iter().map(|day| day["negative"].as_u64().unwrap()).sum::<u64>()
    };
    let (_, page) = world.get("/api/v1/mentions?mood=negative&limit=1").await;
    let page: Value = serde_json::from_str(&page).unwrap();
    let (id, before) = (page["mentions"][0]["id"].as_i64().unwrap(), negatives().await);
    let changed = world.ask(Asked::send("PATCH", &format!("/api/v1/mentions/{id}"), r#"{"mood":"positive"}"#)).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
    let changed: Value = serde_json::from_str(&changed.body).unwrap();
    assert_eq!((&changed["mood"], &changed["is_corrected"]), (&"positive".into(), &true.into()));
    assert_eq!(negatives().await, before - 1);
}

#[tokio::test]
async fn texts_of_ones_own_are_pushed_once_each_and_all_or_none() {
    let world = world().await;
    let push = async |body: &str| world.ask(Asked::send("POST", "/api/v1/mentions", body)).await;
    let one = r#"{"source":"survey","brand":"Lerchenbahn","mentions":[
        {"id":"1","text":"Der Schaffner war sehr freundlich, vielen Dank!","stars":5,"author":"customer-7"},
        {"id":"2","text":"Niemand geht ans Telefon, ich bin sauer."}]}"#;
    let taken: Value = serde_json::from_str(&push(one).await.body).unwrap();
    assert_eq!((&taken["new"], &taken["left_out"]), (&2.into(), &0.into()), "{taken}");
    let again: Value = serde_json::from_str(&push(one).await.body).unwrap();
    assert_eq!((&again["new"], &again["left_out"]), (&0.into(), &2.into()), "{again}");
    let wrong = push(r#"{"source":"forum","mentions":[{"id":"","text":"x"},{"id":"3","text":""}]}"#).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    let wrong: Value = serde_json::from_str(&wrong.body).unwrap();
    assert_eq!(wrong["details"].as_array().unwrap().len(), 3, "{wrong}");
    let (_, page) = world.get("/api/v1/mentions?source=survey").await;
    let page: Value = serde_json::from_str(&page).unwrap();
    assert_eq!(page["mentions"].as_array().unwrap().len(), 2);
}
