//! How long one round takes: from loopback HTTP through parsing, language, mood and fingerprints into SQLite with full text.
//!
//! ```sh
//! cargo bench --bench round                    # invented feeds, as fast as they come
//! cargo bench --bench round -- FOLDER          # the feeds in a folder, on 4 hosts that take 20 ms to answer
//! cargo bench --bench round -- --sources 2000 --hosts 200   # many sources, on so many hosts that take 20 ms
//! ```

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark that cannot go on has failed, and it prints"
)]

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
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
/// Where there are many feeds.
const FEW_ENTRIES: usize = 20;

const TEXTS: [&str; 6] = [
    "Seit dem letzten Update komme ich nicht mehr in die App, und der Support antwortet seit Tagen nicht. Sehr ärgerlich!",
    "Pünktlich, sauber, nettes Personal. Ich fahre die Strecke jede Woche und bin wirklich zufrieden.",
    "Der Fahrplan wechselt am Sonntag; zwischen Hellberg und Auental fahren dann stündlich zwei Züge mehr.",
    "The new seats are comfortable, but the wifi keeps dropping out after ten minutes and nobody seems to care.",
    "Quick refund after the cancelled train, friendly people on the phone. Thank you, that was more than I expected.",
    "Schon wieder zwanzig Minuten zu spät, und im Wagen war es eiskalt. Dafür zahle ich keine hundert Euro im Monat.",
];

/// What the hosts saw.
#[derive(Default)]
struct Seen {
    open: AtomicUsize,
    most_open: AtomicUsize,
    /// Requests that came to a host while it answered another.
    broken: AtomicUsize,
}

fn number(name: &str) -> Option<usize> {
    let mut arguments = std::env::args().skip_while(|argument| argument != name);
    arguments.nth(1)?.parse().ok()
}

#[tokio::main]
async fn main() {
    let folder = std::env::args().skip(1).find(|argument| Path::new(argument).is_dir());
    let sources = number("--sources");
    let (feeds, latency) = match (&folder, sources) {
        (Some(folder), _) => (read(Path::new(folder)), LATENCY),
        (None, Some(sources)) => (invent(sources, FEW_ENTRIES), LATENCY),
        (None, None) => (invent(FEEDS, ENTRIES), Duration::ZERO),
    };
    let names: Vec<String> = feeds.keys().cloned().collect();
    let seen = Arc::new(Seen::default());
    let hosts = serve(feeds, number("--hosts").unwrap_or(HOSTS), latency, &seen).await;
    let data = tempfile::tempdir().expect("a temporary folder");
    let service = Service::open(configuration(&names, &hosts), data.path(), "bench.db").await.expect("a service");
    let begin = Instant::now();
    let rounds = service.config.sources.iter().map(|source| service.collect_once(source, now()));
    let reports: Vec<_> = stream::iter(rounds).buffer_unordered(usize::MAX).map(Result::unwrap).collect().await;
    let took = begin.elapsed().as_secs_f64();
    let received: usize = reports.iter().map(|report| report.received).sum();
    let stored: usize = reports.iter().map(|report| report.saved.new).sum();
    let failed = reports.iter().filter(|report| report.error.is_some()).count();
    println!(
        "{} feeds on {} hosts with {} ms latency: {took:.2} s, {received} entries received, {stored} stored, \
         {failed} feeds failed, {:.0} entries a second; at most {} connections open, {} times two on one host{}",
        names.len(),
        hosts.len(),
        latency.as_millis(),
        stored as f64 / took,
        seen.most_open.load(SeqCst),
        seen.broken.load(SeqCst),
        memory().map_or_else(String::new, |memory| format!("; {memory} at its most"))
    );
}

/// The most memory that the process had, hosts included, where the system tells.
fn memory() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    Some(status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().to_owned())
}

fn read(folder: &Path) -> HashMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).expect("a folder of feeds");
    (0..).zip(entries).map(|(n, entry)| (format!("f{n}"), std::fs::read(entry.unwrap().path()).unwrap())).collect()
}

/// Texts that are no copies of each other: every entry has words of its own.
fn invent(feeds: usize, entries: usize) -> HashMap<String, Vec<u8>> {
    let entry = |feed: usize, n: usize| {
        let number = feed * entries + n;
        let own = (0..8).map(|word| format!("w{:x} ", number * 8 + word)).collect::<String>();
        format!(
            "<item><guid isPermaLink=\"false\">{number}</guid><title>Hellbahn {number}</title>\
             <link>https://forum.example/{number}</link><author>user{}</author>\
             <pubDate>Mon, 02 Nov 2026 08:00:00 +0100</pubDate><description>{} {own}</description></item>",
            number % 9000,
            TEXTS[number % TEXTS.len()],
        )
    };
    (0..feeds)
        .map(|feed| {
            let items: String = (0..entries).map(|n| entry(feed, n)).collect();
            (
                format!("f{feed}"),
                format!("<rss version=\"2.0\"><channel><title>t</title>{items}</channel></rss>").into(),
            )
        })
        .collect()
}

/// Each host is a port of its own.
async fn serve(feeds: HashMap<String, Vec<u8>>, count: usize, latency: Duration, seen: &Arc<Seen>) -> Vec<String> {
    let feeds = Arc::new(feeds);
    let mut hosts = Vec::new();
    for _ in 0..count {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port on loopback");
        hosts.push(format!("http://{}", listener.local_addr().expect("an address")));
        let (seen, here) = (seen.clone(), Arc::new(AtomicUsize::new(0)));
        let answer = move |State(feeds): State<Arc<HashMap<String, Vec<u8>>>>, Route(name): Route<String>| async move {
            seen.most_open.fetch_max(seen.open.fetch_add(1, SeqCst) + 1, SeqCst);
            seen.broken.fetch_add(usize::from(here.fetch_add(1, SeqCst) > 0), SeqCst);
            tokio::time::sleep(latency).await;
            here.fetch_sub(1, SeqCst);
            seen.open.fetch_sub(1, SeqCst);
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
