//! However a server misbehaves, a request ends, in bounded memory and time.

use std::io::Write;

use super::*;

/// Stalled servers are given up after this long; nothing else in the tests waits for it.
fn impatient() -> Fetcher {
    Fetcher::new(&Settings { read_timeout: Duration::from_millis(100), ..settings() }).unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn a_body_that_says_it_is_too_large_is_not_read() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n";
    let site = Site::start(|_| Reply::Stall(head.to_vec())).await;
    assert!(matches!(error(&fetcher(), site.url("/")).await, FetchError::TooLarge { .. }));
}

#[tokio::test]
async fn an_endless_body_is_cut_off_at_the_limit() {
    let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let site = Site::start(|_| Reply::Endless(head.to_vec(), b"5\r\nhello\r\n".repeat(1000))).await;
    assert!(matches!(error(&fetcher(), site.url("/")).await, FetchError::TooLarge { .. }));
}

#[tokio::test]
async fn the_limit_counts_what_comes_out_of_the_compression() {
    let bomb = gzip(&vec![0; 5_000_000]);
    assert!(bomb.len() < 10_000);
    let site = Site::start(move |_| answer("200 OK", "Content-Encoding: gzip\r\n", &bomb)).await;
    assert!(matches!(error(&fetcher(), site.url("/")).await, FetchError::TooLarge { .. }));
}

#[tokio::test]
async fn a_body_of_exactly_the_limit_passes() {
    let body = gzip(&vec![b'a'; 100_000]);
    let site = Site::start(move |_| answer("200 OK", "Content-Encoding: gzip\r\n", &body)).await;
    assert_eq!(page(&fetcher(), site.url("/")).await.unwrap().body.len(), 100_000);
}

#[tokio::test]
async fn a_damaged_body_is_an_error_and_not_half_a_page() {
    let mut damaged = gzip(&[b'a'; 1000]);
    damaged.truncate(15);
    let site = Site::start(move |asked| match asked.path.as_str() {
        "/damaged" => answer("200 OK", "Content-Encoding: gzip\r\n", &damaged),
        "/foreign" => answer("200 OK", "Content-Encoding: zstd\r\n", b"xyz"),
        "/dropped" => Reply::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf".to_vec()),
        "/dropped-chunks" => {
            Reply::Bytes(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n".to_vec())
        }
        "/nonsense" => Reply::Bytes(b"SSH-2.0-OpenSSH\r\n".to_vec()),
        _ => Reply::Bytes(Vec::new()),
    });
    let site = site.await;
    for path in ["/damaged", "/foreign", "/dropped", "/dropped-chunks", "/nonsense", "/silent"] {
        let told = error(&fetcher(), site.url(path)).await;
        assert!(matches!(told, FetchError::Broken { .. }) && told.is_transient(), "{path}: {told}");
    }
}

#[tokio::test]
async fn a_stalled_server_is_given_up() {
    let site = Site::start(|asked| match asked.path.as_str() {
        "/head" => Reply::Stall(Vec::new()),
        _ => Reply::Stall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf".to_vec()),
    });
    let site = site.await;
    for path in ["/head", "/body"] {
        assert!(matches!(error(&impatient(), site.url(path)).await, FetchError::Timeout { .. }), "{path}");
    }
}

#[tokio::test]
async fn a_trickling_server_is_given_up_after_the_total_time() {
    let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let site = Site::start(|_| Reply::Endless(head.to_vec(), b"1\r\na\r\n".to_vec())).await;
    let limits = Settings { timeout: Duration::from_millis(100), max_body: ByteSize::gb(10), ..settings() };
    let told = error(&Fetcher::new(&limits).unwrap(), site.url("/")).await;
    assert!(matches!(told, FetchError::Timeout { .. }), "{told}");
}
