//! How long answers take, by class of route: a histogram as Prometheus has it.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::web::Site;

/// Upper bounds, in milliseconds; what takes longer is in the last bucket.
const BOUNDS: [u64; 8] = [5, 10, 25, 50, 100, 250, 1000, 5000];

/// The classes of routes. What stays open, as `/live` does, is none.
const CLASSES: [&str; 4] = ["page", "api", "asset", "machine"];

/// What was counted since the start.
#[derive(Default)]
pub(crate) struct Durations([Class; CLASSES.len()]);

#[derive(Default)]
struct Class {
    /// How many fell into each bucket, and not into one before.
    buckets: [AtomicU64; BOUNDS.len() + 1],
    microseconds: AtomicU64,
}

/// Until the head of the answer is there.
pub(crate) async fn measure(State(site): State<Site>, request: Request, next: Next) -> Response {
    let class = class(request.uri().path());
    let began = Instant::now();
    let response = next.run(request).await;
    if let Some(class) = class {
        let took = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
        site.durations.add(class, took);
    }
    response
}

fn class(path: &str) -> Option<usize> {
    let class = match path.split('/').nth(1).unwrap_or_default() {
        "live" => return None,
        "api" => "api",
        "assets" => "asset",
        "healthz" | "metrics" => "machine",
        _ => "page",
    };
    CLASSES.iter().position(|known| *known == class)
}

impl Durations {
    fn add(&self, class: usize, microseconds: u64) {
        let class = &self.0[class];
        let bucket = BOUNDS.iter().position(|bound| microseconds <= bound * 1000).unwrap_or(BOUNDS.len());
        class.buckets[bucket].fetch_add(1, Ordering::Relaxed);
        class.microseconds.fetch_add(microseconds, Ordering::Relaxed);
    }

    pub(super) fn write(&self, text: &mut String) {
        const NAME: &str = "stimmung_http_request_duration_seconds";
        let _ = write!(text, "# HELP {NAME} How long answers took, by class of route.\n# TYPE {NAME} histogram\n");
        for (name, class) in CLASSES.iter().zip(&self.0) {
            let mut sum = 0;
            for (place, bucket) in class.buckets.iter().enumerate() {
                sum += bucket.load(Ordering::Relaxed);
                let bound = BOUNDS.get(place).map_or_else(|| "+Inf".to_owned(), |ms| seconds(ms * 1000));
                let _ = writeln!(text, "{NAME}_bucket{{class=\"{name}\",le=\"{bound}\"}} {sum}");
            }
            let took = seconds(class.microseconds.load(Ordering::Relaxed));
            let _ = writeln!(text, "{NAME}_sum{{class=\"{name}\"}} {took}");
            let _ = writeln!(text, "{NAME}_count{{class=\"{name}\"}} {sum}");
        }
    }
}

fn seconds(microseconds: u64) -> String {
    let text = format!("{}.{:06}", microseconds / 1_000_000, microseconds % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_counted_in_all_buckets_that_they_fit_into() {
        let durations = Durations::default();
        for took in [3_000, 30_000, 9_000_000] {
            durations.add(class("/mentions").unwrap(), took);
        }
        let mut text = String::new();
        durations.write(&mut text);
        let page: Vec<&str> = text.lines().filter(|line| line.contains("\"page\"")).collect();
        let counts: Vec<&str> = page.iter().filter_map(|line| line.rsplit_once(' ')).map(|(_, value)| value).collect();
        assert_eq!(counts, ["1", "1", "1", "2", "2", "2", "2", "2", "3", "9.033", "3"], "{text}");
        assert_eq!(class("/live"), None, "what stays open has no end");
    }
}
