//! Limits that hold for a key and not for a host.

use super::*;

/// With this key, shown as a header.
fn keyed(url: Url, key: &str) -> Request {
    let headers = vec![Header { name: "x-key".into(), value: key.into() }];
    Request { headers, key: Some(key.into()), ..request(url) }
}

/// Answers with this status to who shows the key `greedy`, and with a page to all others.
async fn site(status: &'static str) -> Site {
    Site::start(move |asked| match asked.headers.get("x-key").map(String::as_str) {
        Some("greedy") => answer(status, "Retry-After: 600\r\n", b""),
        _ => answer("200 OK", "", b""),
    })
    .await
}

async fn is_asked(fetcher: &Fetcher, request: &Request) -> bool {
    match fetcher.get(request).await {
        Ok(_) => true,
        Err(FetchError::Waiting { .. }) => false,
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn a_key_that_is_used_up_rests_and_others_at_its_host_go_on() {
    let (site, fetcher) = (site("429 Too Many Requests").await, fetcher());
    let greedy = keyed(site.url("/"), "greedy");
    assert!(matches!(fetcher.get(&greedy).await, Err(FetchError::Status { status: 429, .. })));
    assert!(!is_asked(&fetcher, &greedy).await);
    assert!(matches!(fetcher.download(&greedy, 0).await, Err(FetchError::Waiting { .. })));
    assert!(is_asked(&fetcher, &keyed(site.url("/"), "frugal")).await);
    assert!(is_asked(&fetcher, &request(site.url("/"))).await);
    assert_eq!(site.asked().len(), 3);
}

#[tokio::test]
async fn a_pause_of_a_key_outlives_the_fetcher_and_does_not_name_the_key() {
    let (site, before, after) = (site("429 Too Many Requests").await, fetcher(), fetcher());
    let greedy = keyed(site.url("/"), "greedy");
    assert!(before.get(&greedy).await.is_err());
    let [(name, left)] = &before.pauses()[..] else { panic!("one key") };
    let (host, hash) = name.split_once('#').unwrap();
    assert_eq!(host, format!("127.0.0.1:{}", site.url("/").port().unwrap()));
    assert!(hash.len() == 8 && hash.chars().all(|c| c.is_ascii_hexdigit()), "{hash}");
    after.pause(name, *left).await;
    assert!(!is_asked(&after, &greedy).await);
    assert!(is_asked(&after, &keyed(site.url("/"), "frugal")).await);
    assert_eq!(after.pauses().len(), 1, "it can be kept once more");
}

#[tokio::test]
async fn a_host_that_is_overloaded_or_knows_no_keys_is_left_alone_by_everybody() {
    let overloaded = site("503 Service Unavailable").await;
    let crowded = Site::start(|_| answer("429 Too Many Requests", "Retry-After: 600\r\n", b"")).await;
    for (site, first) in [(&overloaded, keyed(overloaded.url("/"), "greedy")), (&crowded, request(crowded.url("/")))] {
        let fetcher = fetcher();
        assert!(matches!(fetcher.get(&first).await, Err(FetchError::Status { .. })));
        for next in [keyed(site.url("/"), "frugal"), request(site.url("/"))] {
            assert!(!is_asked(&fetcher, &next).await);
        }
        assert_eq!(site.asked().len(), 1);
    }
}

#[tokio::test]
async fn a_key_does_not_count_where_it_is_not_shown() {
    let elsewhere = Site::start(|_| answer("429 Too Many Requests", "Retry-After: 600\r\n", b"")).await;
    let target = elsewhere.url("/").to_string();
    let (site, fetcher) = (Site::start(move |_| redirect("302 Found", &target)).await, fetcher());
    assert!(fetcher.get(&keyed(site.url("/"), "greedy")).await.is_err());
    assert!(!is_asked(&fetcher, &request(elsewhere.url("/"))).await);
}

#[tokio::test]
async fn requests_with_different_keys_to_one_host_never_overlap() {
    let (site, fetcher) = (site("429 Too Many Requests").await, fetcher());
    let requests: Vec<_> = (0..8).map(|number| keyed(site.url("/"), &number.to_string())).collect();
    futures_util::future::try_join_all(requests.iter().map(|request| fetcher.get(request))).await.unwrap();
    assert_eq!((site.asked().len(), site.most_open()), (8, 1));
}
