//! How long one round takes: from loopback HTTP through parsing, language, mood and fingerprints into SQLite with full text.
//!
//! ```sh
//! cargo bench --bench round                    # invented feeds, as fast as they come
//! cargo bench --bench round -- FOLDER          # the feeds in a folder, on 4 hosts that take 20 ms to answer
//! ```

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark that cannot go on has failed, and it prints"
)]

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{Path as Route, State};
use futures_util::{StreamExt as _, stream};
use stimmung::config::Config;
use stimmung::service::{Service, now};

const HOSTS: usize = 4;
const LATENCY: Duration = Duration::from_millis(20);

/// Invented: so many feeds of so many entries.
const FEEDS: usize = 400;
const ENTRIES: usize = 100;

const TEXTS: [&str; 6] = [
    "Seit dem letzten Update komme ich nicht mehr in die App, und der Support antwortet seit Tagen nicht. Sehr ärgerlich!",
    "Pünktlich, sauber, nettes Personal. Ich fahre die Strecke jede Woche und bin wirklich zufrieden.",
    "Der Fahrplan wechselt am Sonntag; zwischen Hellberg und Auental fahren dann stündlich zwei Züge mehr.",
    "The new seats are comfortable, but the wifi keeps dropping out after ten minutes and nobody seems to care.",
    "Quick refund after the cancelled train, friendly people on the phone. Thank you, that was more than I expected.",
    "Schon wieder zwanzig Minuten zu spät, und im Wagen war es eiskalt. Dafür zahle ich keine hundert Euro im Monat.",
];

#[tokio::main]
async fn main() {
    let folder = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let (feeds, latency) = match &folder {
        Some(folder) => (read(Path::new(folder)), LATENCY),
        None => (invent(), Duration::ZERO),
    };
    let names: Vec<String> = feeds.keys().cloned().collect();
    let hosts = serve(feeds, latency).await;
    let data = tempfile::tempdir().expect("a temporary folder");
    let service = Service::open(configuration(&names, &hosts), data.path(), "bench.db").await.expect("a service");
    let begin = Instant::now();
    let rounds = service.config.sources.iter().map(|source| service.collect_once(source, now()));
    let reports: Vec<_> = stream::iter(rounds).buffer_unordered(16).map(Result::unwrap).collect().await;
    let took = begin.elapsed().as_secs_f64();
    let received: usize = reports.iter().map(|report| report.received).sum();
    let stored: usize = reports.iter().map(|report| report.saved.new).sum();
    let failed = reports.iter().filter(|report| report.error.is_some()).count();
    println!(
        "{} feeds on {HOSTS} hosts with {} ms latency: {took:.2} s, {received} entries received, {stored} stored, \
         {failed} feeds failed, {:.0} entries a second",
        names.len(),
        latency.as_millis(),
        stored as f64 / took
    );
}

fn read(folder: &Path) -> HashMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).expect("a folder of feeds");
    (0..).zip(entries).map(|(n, entry)| (format!("f{n}"), std::fs::read(entry.unwrap().path()).unwrap())).collect()
}

/// Texts that are no copies of each other: every entry has words of its own.
fn invent() -> HashMap<String, Vec<u8>> {
    let entry = |feed: usize, n: usize| {
        let number = feed * ENTRIES + n;
        let own = (0..8).map(|word| format!("w{:x} ", number * 8 + word)).collect::<String>();
        format!(
            "<item><guid isPermaLink=\"false\">{number}</guid><title>Hellbahn {number}</title>\
             <link>https://forum.example/{number}</link><author>user{}</author>\
             <pubDate>Mon, 02 Nov 2026 08:00:00 +0100</pubDate><description>{} {own}</description></item>",
            number % 9000,
            TEXTS[number % TEXTS.len()],
        )
    };
    (0..FEEDS)
        .map(|feed| {
            let items: String = (0..ENTRIES).map(|n| entry(feed, n)).collect();
            (
                format!("f{feed}"),
                format!("<rss version=\"2.0\"><channel><title>t</title>{items}</channel></rss>").into(),
            )
        })
        .collect()
}

/// Each host is a port of its own.
async fn serve(feeds: HashMap<String, Vec<u8>>, latency: Duration) -> Vec<String> {
    let feeds = Arc::new(feeds);
    let mut hosts = Vec::new();
    for _ in 0..HOSTS {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port on loopback");
        hosts.push(format!("http://{}", listener.local_addr().expect("an address")));
        let answer = move |State(feeds): State<Arc<HashMap<String, Vec<u8>>>>, Route(name): Route<String>| async move {
            tokio::time::sleep(latency).await;
            feeds[&name].clone()
        };
        let app = axum::Router::new().route("/{name}", axum::routing::get(answer)).with_state(feeds.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
    }
    hosts
}

fn configuration(names: &[String], hosts: &[String]) -> Config {
    let mut text = "[fetch]\ngap_per_host = \"0s\"\n[[brand]]\nname = \"Hellbahn\"\nany = [\"Hellbahn\"]\n".to_owned();
    for (n, name) in names.iter().enumerate() {
        let host = &hosts[n % hosts.len()];
        text += &format!(
            "[[source]]\nid = \"{name}\"\nevery = \"1h\"\nbrand = \"Hellbahn\"\nallow_private_network = true\n\
             from.feed = {{ url = \"{host}/{name}\" }}\n"
        );
    }
    Config::parse(&text, "bench").expect("a configuration")
}
