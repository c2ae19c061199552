//! Large files, from their beginning or from where an earlier attempt ended.

use super::*;

const FILE: &[u8] = b"0123456789";

/// Honours ranges, after a redirect.
fn mirror(asked: &Asked) -> Reply {
    let start = asked.headers.get("range").map(|range| {
        range.strip_prefix("bytes=").and_then(|range| range.strip_suffix('-')).unwrap().parse::<usize>().unwrap()
    });
    assert_eq!(asked.headers["accept-encoding"] == "identity", asked.path != "/page");
    match (asked.path.as_str(), start) {
        ("/moved", _) => redirect("302 Found", "/file"),
        ("/file", Some(start)) => {
            answer("206 Partial Content", &format!("Content-Range: bytes {start}-9/10\r\n"), &FILE[start..])
        }
        ("/elsewhere", Some(_)) => answer("206 Partial Content", "Content-Range: bytes 0-9/10\r\n", FILE),
        ("/nowhere", Some(_)) => answer("206 Partial Content", "", FILE),
        ("/file" | "/whole" | "/page", _) => answer("200 OK", "", FILE),
        ("/dropped", _) => Reply::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf".to_vec()),
        _ => answer("416 Range Not Satisfiable", "", b""),
    }
}

async fn begin(path: &str, start: u64) -> Result<Download, FetchError> {
    let site = Site::start(mirror).await;
    let limits = Settings { max_body: ByteSize::b(1), ..settings() };
    Fetcher::new(&limits).unwrap().download(&request(site.url(path)), start).await
}

async fn rest(mut download: Download) -> Result<Vec<u8>, FetchError> {
    let mut read = Vec::new();
    while let Some(piece) = download.piece().await? {
        read.extend_from_slice(piece.as_ref());
    }
    Ok(read)
}

#[tokio::test]
async fn a_file_is_read_whatever_the_limit_for_pages() {
    let download = begin("/moved", 0).await.unwrap();
    assert_eq!((download.start(), download.size()), (0, Some(10)));
    assert_eq!(rest(download).await.unwrap(), FILE);
}

#[tokio::test]
async fn the_rest_of_a_file_is_read_from_its_place() {
    let download = begin("/moved", 4).await.unwrap();
    assert_eq!((download.start(), download.size()), (4, Some(10)));
    assert_eq!(rest(download).await.unwrap(), &FILE[4..]);
}

#[tokio::test]
async fn a_server_may_send_all_of_it_instead() {
    let download = begin("/whole", 4).await.unwrap();
    assert_eq!((download.start(), download.size()), (0, Some(10)));
    assert_eq!(rest(download).await.unwrap(), FILE);
}

#[tokio::test]
async fn another_part_is_refused() {
    for path in ["/elsewhere", "/nowhere"] {
        let told = begin(path, 4).await.unwrap_err();
        assert!(matches!(told, FetchError::Broken { .. }), "{path}: {told}");
    }
    assert!(matches!(begin("/missing", 4).await.unwrap_err(), FetchError::Status { status: 416, .. }));
}

#[tokio::test]
async fn a_file_that_breaks_off_is_an_error_that_passes() {
    let told = rest(begin("/dropped", 0).await.unwrap()).await.unwrap_err();
    assert!(matches!(told, FetchError::Broken { .. }) && told.is_transient(), "{told}");
}

#[tokio::test]
async fn another_request_to_the_host_waits_for_the_end_of_the_file() {
    let site = Site::start(mirror).await;
    let fetcher = fetcher();
    let (file, other) = (request(site.url("/file")), request(site.url("/page")));
    let download = fetcher.download(&file, 0).await.unwrap();
    let other = fetcher.get(&other);
    tokio::pin!(other);
    assert!(tokio::time::timeout(Duration::from_millis(50), &mut other).await.is_err());
    assert_eq!(site.asked(), ["/file"]);
    drop(download);
    assert!(matches!(other.await, Ok(Answer::Page(_))));
}
