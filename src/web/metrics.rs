//! `GET /metrics`: numbers for Prometheus, in its text format. Off unless `[service] metrics = true`; then answered to
//! this machine, to the addresses of `metrics_from`, and to whoever has a token that may read.

use std::fmt::Write as _;
use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::visitor::{Right, Visitor};
use super::{Site, guard};
use crate::mention::Timestamp;
use crate::service::{Service, SourceHealth, State as SourceState, now};
use crate::store::StoreError;

pub(super) use durations::{Durations, measure};

mod durations;

pub(super) async fn metrics(State(site): State<Site>, visitor: Visitor, request: Request) -> Response {
    let Some(allowed) = &site.service.config.metrics else { return StatusCode::NOT_FOUND.into_response() };
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    let has_token = request.headers().contains_key(header::AUTHORIZATION) && visitor.may(Right::Read).is_ok();
    if !has_token && !is_allowed(peer, request.headers(), allowed) {
        return (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, "Bearer")]).into_response();
    }
    match written(&site.service, &site.durations, now()).await {
        Ok(text) => ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response(),
        Err(error) => {
            tracing::error!(error = crate::cause::chain(&error), hint = error.hint(), "no metrics");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// By where it comes from. What a proxy hands on may come from anywhere.
fn is_allowed(peer: Option<IpAddr>, headers: &HeaderMap, allowed: &[IpAddr]) -> bool {
    let is_handed_on = ["x-forwarded-for", "forwarded", "x-real-ip"].iter().any(|name| headers.contains_key(*name));
    match peer.map(|peer| peer.to_canonical()) {
        Some(peer) if !is_handed_on => {
            allowed.contains(&peer) || (peer.is_loopback() && guard::is_our_name(headers, None))
        }
        _ => false,
    }
}

/// A metric with its values, each with its labels.
struct Metric<'a> {
    name: &'static str,
    help: &'static str,
    values: Vec<(Vec<(&'static str, &'a str)>, f64)>,
}

async fn written(service: &Service, durations: &Durations, now: Timestamp) -> Result<String, StoreError> {
    let measures = service.store.measures().await?;
    let health = service.source_health(now).await?;
    let mentions = measures.mentions.iter();
    let letters = measures.letters.iter();
    let lags = measures.lags.iter();
    let metrics = [
        Metric {
            name: "stimmung_build_info",
            help: "The program that answers; always 1.",
            values: vec![(vec![("version", env!("CARGO_PKG_VERSION"))], 1.0)],
        },
        Metric {
            name: "stimmung_mentions",
            help: "Mentions that count, by source and brand.",
            values: mentions
                .map(|(source, brand, n)| (vec![("source", source.as_str()), ("brand", brand)], float(*n)))
                .collect(),
        },
        Metric {
            name: "stimmung_letters",
            help: "Letters in the outbox, by state.",
            values: letters.map(|(state, count)| (vec![("state", state.as_str())], float(*count))).collect(),
        },
        Metric {
            name: "stimmung_detector_lag_mentions",
            help: "Mentions that the detector of a brand has not looked at yet.",
            values: lags.map(|(brand, count)| (vec![("brand", brand.as_str())], float(*count))).collect(),
        },
        Metric {
            name: "stimmung_database_bytes",
            help: "The size of the database.",
            values: vec![(Vec::new(), float(measures.bytes))],
        },
    ];
    let mut text = String::new();
    metrics.iter().chain(&of_sources(&health)).for_each(|metric| write(&mut text, metric));
    durations.write(&mut text);
    Ok(text)
}

/// How the sources do.
fn of_sources(health: &[SourceHealth]) -> [Metric<'_>; 5] {
    let by_source = |value: &dyn Fn(&SourceHealth) -> Option<f64>| {
        let labelled = health.iter().filter_map(|one| Some((vec![("source", one.id.as_str())], value(one)?)));
        labelled.collect::<Vec<_>>()
    };
    let yes = |is: bool| Some(f64::from(u8::from(is)));
    [
        Metric {
            name: "stimmung_source_up",
            help: "Whether the last round of a source went through.",
            values: by_source(&|one| yes(!matches!(one.state, SourceState::Failing | SourceState::Paused))),
        },
        Metric {
            name: "stimmung_source_silent",
            help: "Whether a source answers and has said nothing for longer than chance explains.",
            values: by_source(&|one| yes(one.state == SourceState::Silent)),
        },
        Metric {
            name: "stimmung_source_paused",
            help: "Whether somebody has paused a source.",
            values: by_source(&|one| yes(one.state == SourceState::Paused)),
        },
        Metric {
            name: "stimmung_source_failures",
            help: "Rounds of a source that failed in a row.",
            values: by_source(&|one| Some(f64::from(one.failures))),
        },
        Metric {
            name: "stimmung_source_last_success_timestamp_seconds",
            help: "When a round of a source last went through.",
            values: by_source(&|one| one.last_success_at.map(|at| float(at.seconds()))),
        },
    ]
}

fn write(text: &mut String, Metric { name, help, values }: &Metric<'_>) {
    let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n");
    for (labels, value) in values {
        let labels: Vec<String> =
            labels.iter().map(|(label, value)| format!("{label}=\"{}\"", escaped(value))).collect();
        let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        let _ = writeln!(text, "{name}{labels} {value}");
    }
}

/// As the format wants the value of a label.
fn escaped(value: &str) -> String {
    value.replace('\\', r"\\").replace('"', r#"\""#).replace('\n', r"\n")
}

#[expect(clippy::cast_precision_loss, reason = "counts, sizes and times far below 2^53")]
fn float(number: i64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests;
