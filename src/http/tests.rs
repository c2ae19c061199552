use std::time::Duration;

use bytesize::ByteSize;

use super::site::{Asked, Reply, Site, answer, redirect};
use super::*;

mod download;
mod keys;
mod limits;
mod robots;

/// No gap, and limits that a test reaches quickly.
fn settings() -> Settings {
    Settings { gap_per_host: Duration::ZERO, max_body: ByteSize::kb(100), max_redirects: 3, ..Settings::default() }
}

fn fetcher() -> Fetcher {
    Fetcher::new(&settings()).unwrap()
}

fn request(url: Url) -> Request {
    Request::new(url, "*/*", true)
}

#[tokio::test]
async fn a_key_is_for_the_site_that_was_asked_and_for_none_that_it_sends_us_to() {
    let shows = |asked: &Asked| answer("200 OK", "", asked.headers.get("x-key").map_or(b"none", |_| b"some"));
    let elsewhere = Site::start(shows).await;
    let target = elsewhere.url("/").to_string();
    let site = Site::start(move |asked| match asked.path.as_str() {
        "/moved" => redirect("302 Found", &target),
        _ => shows(asked),
    })
    .await;
    let header = || Header { name: "x-key".into(), value: "42".into() };
    let keyed = |path| Request { headers: vec![header()], ..request(site.url(path)) };
    for (path, expected) in [("/", "some"), ("/moved", "none")] {
        let Answer::Page(page) = fetcher().get(&keyed(path)).await.unwrap() else { panic!("{path}") };
        assert_eq!(String::from_utf8_lossy(&page.body), expected, "{path}");
    }
    assert!(!format!("{:?}", header()).contains("42"));
}

#[tokio::test]
async fn what_is_posted_is_for_the_site_that_was_asked_and_for_none_that_it_sends_us_to() {
    let elsewhere = Site::start(|asked| answer("200 OK", "", asked.method.as_bytes())).await;
    let target = elsewhere.url("/").to_string();
    let site = Site::start(move |asked| match asked.path.as_str() {
        "/moved" => redirect("307 Temporary Redirect", &target),
        _ => answer("200 OK", "", format!("{} {}", asked.method, asked.body).as_bytes()),
    })
    .await;
    let form = || Some(Body::Form(vec![("grant_type", "refresh_token".into()), ("key", "a&b".into())]));
    for (path, body, expected) in [
        ("/", form(), "POST grant_type=refresh_token&key=a%26b"),
        ("/", Some(Body::Json("{}".into())), "POST {}"),
        ("/moved", form(), "GET"),
    ] {
        let Answer::Page(page) = fetcher().get(&Request { body, ..request(site.url(path)) }).await.unwrap() else {
            panic!("{path}")
        };
        assert_eq!(String::from_utf8_lossy(&page.body), expected, "{path}");
    }
    assert!(!format!("{:?}", form()).contains("a&b"));
}

#[tokio::test]
async fn a_pause_that_a_host_asked_for_outlives_the_fetcher() {
    let site = Site::start(|_| answer("429 Too Many Requests", "Retry-After: 600\r\n", b"")).await;
    let before = fetcher();
    assert_eq!(before.pauses(), []);
    assert!(before.get(&request(site.url("/"))).await.is_err());
    let [(host, left)] = &before.pauses()[..] else { panic!("one host") };
    assert!((Duration::from_secs(590)..=Duration::from_secs(600)).contains(left));
    let after = fetcher();
    after.pause(host, *left).await;
    let refused = after.get(&request(site.url("/other"))).await;
    assert!(matches!(refused, Err(FetchError::Waiting { .. })));
    assert_eq!(site.asked().len(), 1, "the host was asked once");
}

async fn page(fetcher: &Fetcher, url: Url) -> Result<Page, FetchError> {
    match fetcher.get(&request(url)).await? {
        Answer::Page(page) => Ok(page),
        Answer::NotModified { .. } => panic!("a page was expected"),
    }
}

async fn error(fetcher: &Fetcher, url: Url) -> FetchError {
    fetcher.get(&request(url)).await.map(|_| ()).unwrap_err()
}

#[tokio::test]
async fn a_page_arrives_with_what_the_server_said_of_it() {
    let site = Site::start(|_| {
        let headers = "Content-Type: text/xml; charset=utf-8\r\nETag: \"v1\"\r\nCache-Control: max-age=600\r\n";
        answer("200 OK", headers, b"<rss/>")
    });
    let site = site.await;
    let page = page(&fetcher(), site.url("/feed?a=1#top")).await.unwrap();
    assert_eq!(page.body, b"<rss/>");
    assert_eq!(page.content_type.as_deref(), Some("text/xml; charset=utf-8"));
    assert_eq!(page.validators, Validators { etag: Some("\"v1\"".into()), last_modified: None });
    assert_eq!(page.max_age, Some(Duration::from_secs(600)));
    assert_eq!((page.url, page.moved_to), (site.url("/feed?a=1"), None));
}

#[tokio::test]
async fn a_request_shows_who_asks_and_nothing_else_about_us() {
    let site = Site::start(|asked| {
        let mut headers: Vec<_> = asked.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        headers.sort();
        answer("200 OK", "Set-Cookie: a=b\r\n", headers.join("\n").as_bytes())
    });
    let site = site.await;
    let fetcher = Fetcher::new(&Settings { contact: Some("ops@example.org".into()), ..settings() }).unwrap();
    let mut shown = String::new();
    for _ in 0..2 {
        shown = String::from_utf8(page(&fetcher, site.url("/")).await.unwrap().body).unwrap();
    }
    let shown =
        shown.replace(env!("CARGO_PKG_VERSION"), "VERSION").replace(&site.url("/").port().unwrap().to_string(), "PORT");
    insta::assert_snapshot!(shown, @r"
    accept-encoding: gzip,deflate,br
    accept: */*
    host: 127.0.0.1:PORT
    user-agent: Stimmung/VERSION (+ops@example.org)
    ");
}

#[tokio::test]
async fn a_password_in_the_address_is_sent_but_not_passed_on() {
    let site = Site::start(|asked| match asked.headers.get("authorization").map(String::as_str) {
        Some("Basic bWU6c2VjcmV0") => answer("200 OK", "", b""),
        _ => answer("401 Unauthorized", "", b""),
    });
    let site = site.await;
    let address = site.url("/feed").as_str().replace("http://", "http://me:secret@");
    assert_eq!(page(&fetcher(), Url::parse(&address).unwrap()).await.unwrap().url, site.url("/feed"));
}

#[tokio::test]
async fn both_validators_are_sent_and_not_modified_is_understood() {
    let site = Site::start(|asked| {
        let sent = |name| asked.headers.get(name).map(String::as_str);
        match (sent("if-none-match"), sent("if-modified-since")) {
            (Some("\"v1\""), Some("Sun, 06 Nov 1994 08:49:37 GMT")) => answer("304 Not Modified", "", b""),
            _ => answer("200 OK", "", b"new"),
        }
    });
    let site = site.await;
    let last_modified = Some("Sun, 06 Nov 1994 08:49:37 GMT".to_owned());
    let validators = Validators { etag: Some("\"v1\"".to_owned()), last_modified };
    let outcome = fetcher().get(&Request { validators, ..request(site.url("/")) }).await;
    assert!(matches!(outcome, Ok(Answer::NotModified { .. })));
}

#[tokio::test]
async fn not_modified_to_a_plain_request_is_an_error() {
    let site = Site::start(|_| answer("304 Not Modified", "", b"")).await;
    assert!(matches!(error(&fetcher(), site.url("/")).await, FetchError::Status { status: 304, .. }));
}

fn moving(asked: &Asked) -> Reply {
    match asked.path.as_str() {
        "/permanent" => redirect("301 Moved Permanently", "/step"),
        "/temporary" => redirect("302 Found", "/step"),
        "/step" => redirect("308 Permanent Redirect", "/end"),
        "/end" => answer("200 OK", "", b"here"),
        "/circle" => redirect("302 Found", "/circle?again"),
        "/circle?again" => redirect("302 Found", "/circle"),
        "/file" => redirect("302 Found", "file:///etc/passwd"),
        path => redirect("302 Found", &format!("{path}x")),
    }
}

#[tokio::test]
async fn a_chain_of_permanent_redirects_names_the_new_address() {
    let site = Site::start(moving).await;
    let found = page(&fetcher(), site.url("/permanent")).await.unwrap();
    assert_eq!((found.moved_to, found.body.as_slice()), (Some(site.url("/end")), b"here".as_slice()));
    let found = page(&fetcher(), site.url("/temporary")).await.unwrap();
    assert_eq!((found.moved_to, found.url), (None, site.url("/end")));
}

#[tokio::test]
async fn redirects_in_a_circle_without_end_or_to_a_file_are_errors() {
    let site = Site::start(moving).await;
    assert!(matches!(error(&fetcher(), site.url("/circle")).await, FetchError::RedirectLoop { .. }));
    assert!(matches!(error(&fetcher(), site.url("/long")).await, FetchError::TooManyRedirects { limit: 3, .. }));
    assert!(matches!(error(&fetcher(), site.url("/file")).await, FetchError::Scheme { .. }));
    assert_eq!(site.asked(), ["/circle", "/circle?again", "/long", "/longx", "/longxx", "/longxxx", "/file"]);
}

#[tokio::test]
async fn loopback_is_refused_without_leave_by_number_and_by_name() {
    let site = Site::start(|_| answer("200 OK", "", b"secret")).await;
    for host in ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]"] {
        let mut url = site.url("/");
        url.set_host(Some(host)).unwrap();
        let outcome = fetcher().get(&Request { allow_private_network: false, ..request(url) }).await;
        assert!(matches!(outcome, Err(FetchError::PrivateNetwork { .. })), "{host}");
    }
    assert_eq!(site.asked(), [""; 0]);
}

#[tokio::test]
async fn statuses_are_told_apart() {
    let site = Site::start(|asked| answer(asked.path.trim_start_matches('/'), "", b"no")).await;
    assert!(matches!(error(&fetcher(), site.url("/410")).await, FetchError::Gone { .. }));
    for (status, transient) in
        [(404, false), (403, false), (408, true), (429, true), (500, true), (503, true), (300, false)]
    {
        let told = error(&fetcher(), site.url(&format!("/{status}"))).await;
        assert!(matches!(told, FetchError::Status { status: found, .. } if found == status), "{status}: {told}");
        assert_eq!(told.is_transient(), transient, "{status}");
    }
}

#[tokio::test]
async fn what_an_api_says_of_its_refusal_is_kept_and_not_shown() {
    let site = Site::start(|asked| {
        let status = asked.path.trim_start_matches('/');
        let kind = if status == "404" { "text/html" } else { "application/json; charset=UTF-8" };
        answer(status, &format!("Content-Type: {kind}\r\n"), &b"why ".repeat(4096))
    })
    .await;
    for (path, length) in [("/400", 8 * 1024), ("/403", 8 * 1024), ("/404", 0), ("/500", 0)] {
        let told = error(&fetcher(), site.url(path)).await;
        assert!(!told.to_string().contains("why"), "{told}");
        assert!(matches!(told, FetchError::Status { said, .. } if said.len() == length), "{path}");
    }
}

#[tokio::test]
async fn a_host_that_asks_for_a_pause_is_left_alone_by_everyone() {
    let site = Site::start(|_| answer("429 Too Many Requests", "Retry-After: 120\r\n", b"")).await;
    let fetcher = fetcher();
    assert_eq!(error(&fetcher, site.url("/a")).await.retry_after(), Some(Duration::from_secs(120)));
    let told = error(&fetcher.clone(), site.url("/b")).await;
    assert!(matches!(told, FetchError::Waiting { .. }), "{told}");
    assert!(told.retry_after().is_some_and(|left| left <= Duration::from_secs(120)));
    assert_eq!(site.asked(), ["/a"]);
}

#[tokio::test]
async fn a_pause_may_be_given_as_a_date() {
    let headers = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nRetry-After: Sun, 06 Nov 1994 08:50:37 GMT\r\n";
    let site = Site::start(move |_| answer("503 Service Unavailable", headers, b"")).await;
    assert_eq!(error(&fetcher(), site.url("/")).await.retry_after(), Some(Duration::from_secs(60)));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unreachable() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    drop(listener);
    assert!(matches!(error(&fetcher(), url).await, FetchError::Connect { .. }));
}

#[tokio::test]
async fn a_server_without_encryption_is_no_https_server() {
    let site = Site::start(|_| answer("200 OK", "", b"")).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("https://{}/", listener.local_addr().unwrap())).unwrap();
    tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.unwrap();
        tokio::io::AsyncWriteExt::write_all(&mut connection, b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
    });
    drop(site);
    let told = error(&fetcher(), url).await;
    assert!(matches!(told, FetchError::Tls { .. }) && !told.is_transient(), "{told}");
}

#[tokio::test]
async fn requests_to_one_host_never_overlap() {
    let site = Site::start(|_| answer("200 OK", "", b"")).await;
    let fetcher = fetcher();
    let pages = (0..8).map(|number| page(&fetcher, site.url(&format!("/{number}"))));
    futures_util::future::try_join_all(pages).await.unwrap();
    assert_eq!((site.asked().len(), site.most_open()), (8, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn different_hosts_do_not_wait_for_each_other() {
    // Each site answers only when both have been asked.
    let both = Arc::new(std::sync::Barrier::new(2));
    let meet = |both: Arc<std::sync::Barrier>| {
        move |_: &Asked| {
            both.wait();
            answer("200 OK", "", b"")
        }
    };
    let (one, other) = (Site::start(meet(Arc::clone(&both))).await, Site::start(meet(both)).await);
    let fetcher = fetcher();
    let (first, second) = tokio::join!(page(&fetcher, one.url("/")), page(&fetcher, other.url("/")));
    assert!(first.is_ok() && second.is_ok());
}

#[tokio::test]
async fn the_gap_holds_up_its_host_and_no_other() {
    let (resting, other) =
        (Site::start(|_| answer("200 OK", "", b"")).await, Site::start(|_| answer("200 OK", "", b"")).await);
    let fetcher = Fetcher::new(&Settings { gap_per_host: Duration::from_secs(3600), ..settings() }).unwrap();
    page(&fetcher, resting.url("/first")).await.unwrap();
    tokio::select! {
        _ = page(&fetcher, resting.url("/second")) => panic!("the gap is an hour"),
        free = page(&fetcher, other.url("/")) => assert!(free.is_ok()),
    }
    assert_eq!(resting.asked(), ["/first"]);
}

#[tokio::test]
async fn a_cancelled_request_gives_its_turn_back() {
    let site = Site::start(|asked| match asked.path.as_str() {
        "/stalled" => Reply::Stall(Vec::new()),
        _ => answer("200 OK", "", b""),
    });
    let site = site.await;
    let fetcher = fetcher();
    tokio::select! {
        _ = page(&fetcher, site.url("/stalled")) => panic!("a stalled server does not answer"),
        () = site.arrival() => {}
    }
    page(&fetcher, site.url("/next")).await.unwrap();
}

#[test]
fn unusable_settings_are_refused_with_their_problems() {
    let told = Fetcher::new(&Settings { timeout: Duration::ZERO, ..settings() }).unwrap_err();
    assert!(std::error::Error::source(&told).unwrap().to_string().contains("`timeout`"));
}

#[test]
fn name_and_password_are_sent_as_the_standard_says_and_never_shown() {
    use secrecy::ExposeSecret as _;
    let header = Header::basic("Aladdin", &"open sesame".into());
    assert_eq!(header.value.expose_secret(), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    assert!(!format!("{header:?}").contains("QWxh"));
}
