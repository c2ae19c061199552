//! How soon pages and lists of the API begin to answer, over a large database of invented mentions.
//!
//! ```sh
//! cargo bench --bench pages                            # 100,000 mentions of two years, 5 brands, 30 sources
//! cargo bench --bench pages -- --mentions 1000000      # a million; the database is made once and kept
//! cargo bench --bench pages -- --data FOLDER           # where it is kept; else target/pages
//! cargo bench --bench pages -- --only q=               # only the addresses with this in them
//! ```
//!
//! 16 clients at once ask each address by turns, on connections that stay open; the time is from the request to the first byte
//! of the answer.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark that cannot go on has failed, and it prints"
)]

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::{Duration, Instant};

use stimmung::config::Config;
use stimmung::service::{Service, now};
use stimmung::web;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

#[path = "pages/world.rs"]
mod world;

const CLIENTS: usize = 16;
/// So often each address is asked.
const REQUESTS: usize = 400;

#[tokio::main]
async fn main() {
    let argument = |name: &str| std::env::args().skip_while(|argument| argument != name).nth(1);
    let mentions: usize = argument("--mentions").map_or(100_000, |number| number.parse().expect("a number"));
    let data = argument("--data").map_or_else(|| PathBuf::from("target/pages"), PathBuf::from);
    let config = Config::parse(&world::configuration(), "bench").expect("a configuration");
    let service = Service::open(config, &data, &format!("{mentions}.db")).await.expect("a service");
    service.settle_model(now()).await.unwrap();
    let began = Instant::now();
    world::fill(&service, mentions, now()).await;
    world::open_cases(&service, now()).await;
    world::find(&service, now()).await;
    let filled = began.elapsed();
    while service.roll_up_once().await.unwrap() {}
    service.team_once(now()).await.unwrap();
    println!(
        "{mentions} mentions, {} MB; made in {:.0} s, days and the team counted in {:.1} s",
        size(&data.join(format!("{mentions}.db"))),
        filled.as_secs_f64(),
        (began.elapsed() - filled).as_secs_f64()
    );
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap().to_string();
    let addresses = world::addresses(&service, now()).await;
    let site = web::router(service);
    tokio::spawn(async move { axum::serve(listener, site).await });
    println!("{:<62}{:>10}{:>10}{:>10}", "first byte, ms", "median", "99 %", "bytes");
    let only = argument("--only").unwrap_or_default();
    for address in addresses.into_iter().filter(|address| address.contains(&only)) {
        let (mut times, bytes) = ask(&host, &address).await;
        times.sort_unstable();
        let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1000.0;
        println!("{address:<62}{:>10.1}{:>10.1}{bytes:>10}", at(0.5), at(0.99));
    }
}

fn size(path: &std::path::Path) -> u64 {
    path.metadata().map_or(0, |file| file.len() / 1_000_000)
}

/// How long each request took, and how long the last answer was.
async fn ask(host: &str, address: &str) -> (Vec<Duration>, usize) {
    let left = Arc::new(AtomicUsize::new(REQUESTS));
    let clients = (0..CLIENTS).map(|_| {
        let (left, host, address) = (left.clone(), host.to_owned(), address.to_owned());
        tokio::spawn(async move {
            let (mut times, mut length) = (Vec::new(), 0);
            let mut stream = TcpStream::connect(&host).await.unwrap();
            stream.set_nodelay(true).unwrap();
            while left.fetch_update(SeqCst, SeqCst, |left| left.checked_sub(1)).is_ok() {
                let request = format!("GET {address} HTTP/1.1\r\nhost: {host}\r\naccept-language: de\r\n\r\n");
                let began = Instant::now();
                stream.write_all(request.as_bytes()).await.unwrap();
                let mut answer = vec![0; 1 << 16];
                let mut read = stream.read(&mut answer).await.unwrap();
                times.push(began.elapsed());
                length = rest(&mut stream, &mut answer, &mut read).await;
            }
            (times, length)
        })
    });
    let (mut times, mut bytes) = (Vec::new(), 0);
    for client in clients.collect::<Vec<_>>() {
        let (its, length) = client.await.unwrap();
        times.extend(its);
        bytes = bytes.max(length);
    }
    (times, bytes)
}

/// Reads an answer to its end; all of ours tell their length.
async fn rest(stream: &mut TcpStream, answer: &mut Vec<u8>, read: &mut usize) -> usize {
    loop {
        let text = String::from_utf8_lossy(&answer[..*read]).into_owned();
        if let Some((head, _)) = text.split_once("\r\n\r\n") {
            assert!(head.starts_with("HTTP/1.1 200"), "{head}");
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            let whole = head.len() + 4 + length.expect("a length").parse::<usize>().unwrap();
            if answer.len() < whole {
                answer.resize(whole, 0);
            }
            while *read < whole {
                *read += stream.read(&mut answer[*read..]).await.unwrap();
            }
            return whole;
        }
        *read += stream.read(&mut answer[*read..]).await.unwrap();
    }
}
