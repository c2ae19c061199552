//! Sources that somebody asks for, pauses and adds while the service runs.

use stimmung::config::Config;
use stimmung::mention::SourceId;
use stimmung::service::{self, Service, now};
use stimmung::web;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use crate::program::configuration;
use crate::site::{Answer, Site, rss};

/// Sends an empty form; answers the first line of what comes back.
async fn post(port: u16, path: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let head =
        format!("POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer.lines().next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_running_service_asks_at_once_what_somebody_wants_asked_and_not_what_is_paused() {
    let (site, folder) = (Site::start().await, tempfile::tempdir().unwrap());
    let feed = || Answer::Feed(rss([("n1".to_owned(), "Hellbahn!")]));
    let config = configuration(&[("forum", site.on("/forum", feed())), ("press", site.on("/press", feed()))]);
    let config = Config::parse(&config, "sources.toml").unwrap();
    let service = Service::open(config, folder.path(), "test.db").await.unwrap();
    let [forum, press] = ["forum", "press"].map(|id| SourceId::parse(id).unwrap());
    service.pause_source(&press, now()).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (stop, stopped) = oneshot::channel::<()>();
    let shutdown = async move { drop(stopped.await) };
    let runs = tokio::spawn(service::run(service.clone(), listener, web::router(service.clone()), shutdown));
    site.requests(1).await;
    assert_eq!(post(port, "/sources/forum/run").await, "HTTP/1.1 303 See Other");
    site.requests(2).await;
    let blog = site.on("/blog", feed());
    let block = format!(
        "[[source]]\nid = \"blog\"\nevery = \"1h\"\nallow_private_network = true\nfrom.feed = {{ url = \"{blog}\" }}"
    );
    service.add_source(&block).await.unwrap();
    site.requests(3).await;
    assert_eq!([site.seen("/forum").len(), site.seen("/blog").len(), site.seen("/press").len()], [2, 1, 0]);
    assert_eq!(post(port, "/sources/press/resume").await, "HTTP/1.1 303 See Other");
    site.requests(4).await;
    assert_eq!(site.seen("/press").len(), 1);
    stop.send(()).unwrap();
    runs.await.unwrap().unwrap();
    assert!(service.source(forum.as_str()).is_some());
}
