use std::sync::Arc;

use super::*;
use crate::config::Config;
use crate::web::tests::{Asked, world};
use axum::body::{Body, to_bytes};
use axum::http;
use tower::ServiceExt as _;

const DASHBOARD: &str = include_str!("../../../packaging/grafana/stimmung.json");

/// What somebody at this address is told, with these headers.
async fn answer(site: &axum::Router, peer: &str, headers: &[(&str, &str)]) -> (StatusCode, String) {
    let mut request = http::Request::get("/metrics").header("host", "127.0.0.1:8080");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut request = request.body(Body::empty()).unwrap();
    request.extensions_mut().insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 4711)));
    let response = site.clone().oneshot(request).await.unwrap();
    let (status, body) = (response.status(), to_bytes(response.into_body(), 1_000_000).await.unwrap());
    (status, String::from_utf8(body.to_vec()).unwrap())
}

async fn site(service: &Service, metrics: &str) -> axum::Router {
    let text = format!("[service]\nmetrics = true\n{metrics}");
    let metrics = Config::parse(&text, "sources.toml").unwrap().metrics;
    let mut service = service.clone();
    Arc::make_mut(&mut service.config).metrics = metrics;
    crate::web::router(service)
}

#[tokio::test]
async fn nobody_is_told_anything_until_it_is_wanted_and_then_only_who_may() {
    let world = world().await;
    assert_eq!(world.ask(Asked::get("/metrics")).await.status, StatusCode::NOT_FOUND);
    let site = site(&world.service, "metrics_from = [\"10.0.0.5\"]").await;
    let status = async |peer: &str, headers: &[(&str, &str)]| answer(&site, peer, headers).await.0;
    assert_eq!(status("127.0.0.1", &[]).await, StatusCode::OK);
    assert_eq!(status("10.0.0.5", &[]).await, StatusCode::OK);
    assert_eq!(status("::ffff:10.0.0.5", &[]).await, StatusCode::OK);
    assert_eq!(status("10.0.0.6", &[]).await, StatusCode::UNAUTHORIZED);
    assert_eq!(
        status("127.0.0.1", &[("x-forwarded-for", "203.0.113.9")]).await,
        StatusCode::UNAUTHORIZED,
        "by a proxy"
    );
}

#[tokio::test]
async fn the_dashboard_shows_nothing_that_is_not_measured() {
    let world = world().await;
    while world.service.roll_up_once().await.unwrap() {}
    world.service.detect_once(now()).await.unwrap();
    let forum = crate::mention::SourceId::parse("forum").unwrap();
    world.service.store.save(&forum, &[], None, true, now()).await.unwrap();
    let (_, text) = answer(&site(&world.service, "").await, "127.0.0.1", &[]).await;
    assert!(text.contains("stimmung_mentions{source=\"forum\",brand=\"Lerchenbahn\"} 14\n"), "{text}");
    assert!(text.contains("stimmung_detector_lag_mentions{brand=\"Lerchenbahn\"} 0\n"), "{text}");
    let dashboard: serde_json::Value = serde_json::from_str(DASHBOARD).unwrap();
    let shown = expressions(&dashboard);
    assert!(shown.len() >= 8, "{shown:?}");
    for name in &shown {
        let base = ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
        assert!(text.contains(&format!("# TYPE {base} ")), "{name} is not measured");
    }
}

/// Every name of a metric in the queries of a dashboard.
fn expressions(value: &serde_json::Value) -> std::collections::BTreeSet<String> {
    match value {
        serde_json::Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, value)| match value.as_str().filter(|_| name == "expr") {
                Some(expression) => expression
                    .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                    .filter(|word| word.starts_with("stimmung_"))
                    .map(str::to_owned)
                    .collect(),
                None => expressions(value),
            })
            .collect(),
        serde_json::Value::Array(items) => items.iter().flat_map(expressions).collect(),
        _ => std::collections::BTreeSet::new(),
    }
}

#[test]
fn what_people_name_cannot_break_a_line() {
    let mut text = String::new();
    write(&mut text, &Metric { name: "m", help: "h", values: vec![(vec![("brand", "a\"} 1\nb\\")], 2.0)] });
    assert_eq!(text, "# HELP m h\n# TYPE m gauge\nm{brand=\"a\\\"} 1\\nb\\\\\"} 2\n");
}
