//! robots.txt is read where it must be, once, and obeyed.

use super::*;

/// Serves a robots.txt, or its status, and pages.
fn with_robots(status: &'static str, robots: &'static str) -> impl Fn(&Asked) -> Reply {
    move |asked| match asked.path.as_str() {
        "/robots.txt" => answer(status, "", robots.as_bytes()),
        "/detour" => redirect("302 Found", "/private/page"),
        _ => answer("200 OK", "", b"page"),
    }
}

async fn obedient(fetcher: &Fetcher, url: Url) -> Result<Answer, FetchError> {
    fetcher.get(&Request { obey_robots: true, ..request(url) }).await
}

#[tokio::test]
async fn what_robots_txt_forbids_is_not_asked_for_not_even_after_a_redirect() {
    let site = Site::start(with_robots("200 OK", "User-agent: *\nDisallow: /private\nDisallow: /*?q=")).await;
    let fetcher = fetcher();
    assert!(obedient(&fetcher, site.url("/public")).await.is_ok());
    for path in ["/private/page", "/search?q=a", "/detour"] {
        assert!(matches!(obedient(&fetcher, site.url(path)).await, Err(FetchError::Robots { .. })), "{path}");
    }
    assert_eq!(site.asked(), ["/robots.txt", "/public", "/detour"]);
}

#[tokio::test]
async fn without_robots_txt_nothing_is_forbidden() {
    for status in ["404 Not Found", "410 Gone", "403 Forbidden"] {
        let site = Site::start(with_robots(status, "")).await;
        assert!(obedient(&fetcher(), site.url("/page")).await.is_ok(), "{status}");
    }
}

#[tokio::test]
async fn while_robots_txt_is_out_of_order_everything_is_forbidden() {
    for status in ["500 Internal Server Error", "429 Too Many Requests"] {
        let site = Site::start(with_robots(status, "")).await;
        let told = obedient(&fetcher(), site.url("/page")).await.map(|_| ()).unwrap_err();
        assert!(matches!(told, FetchError::RobotsUnavailable { .. }) && told.is_transient(), "{status}: {told}");
        assert_eq!(site.asked(), ["/robots.txt"]);
    }
}

#[tokio::test]
async fn many_pages_at_once_read_robots_txt_once() {
    let site = Site::start(with_robots("200 OK", "")).await;
    let fetcher = fetcher();
    let pages = (0..5).map(|number| obedient(&fetcher, site.url(&format!("/{number}"))));
    futures_util::future::try_join_all(pages).await.unwrap();
    assert_eq!(site.asked().iter().filter(|path| *path == "/robots.txt").count(), 1);
}

#[tokio::test]
async fn of_an_endless_robots_txt_the_beginning_counts() {
    let site = Site::start(|asked| match asked.path.as_str() {
        "/robots.txt" => {
            let head = "HTTP/1.1 200 OK\r\n\r\nUser-agent: *\nDisallow: /private\n";
            Reply::Endless(head.into(), b"# and so on\n".repeat(1000))
        }
        _ => answer("200 OK", "", b""),
    });
    let site = site.await;
    let fetcher = fetcher();
    assert!(obedient(&fetcher, site.url("/public")).await.is_ok());
    assert!(matches!(obedient(&fetcher, site.url("/private")).await, Err(FetchError::Robots { .. })));
}
