use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::mention::Label;
use crate::service::now;
use crate::web::tests::{World, world};

/// Serves the world on loopback, for what a router alone does not show; answers the port.
async fn serve(world: &World) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let site = world.site.clone();
    tokio::spawn(async move { axum::serve(listener, site).await });
    port
}

/// A connection that asked for this, with its answer still to be read.
async fn connect(port: u16, query: &str) -> BufReader<TcpStream> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let request = format!("GET /live?{query} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    BufReader::new(stream)
}

/// The next line that begins like this; `None`: the line is closed.
async fn line(stream: &mut BufReader<TcpStream>, begins: &str) -> Option<String> {
    let read = async {
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await.unwrap() == 0 {
                return None;
            }
            if line.starts_with(begins) {
                return Some(line.trim_end().to_owned());
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), read).await.expect("an answer in time")
}

async fn say(world: &World, id: &str, label: Label) {
    world.say("forum", id, &format!("Die Lerchenbahn und etwas Neues namens {id}"), label, now()).await;
}

#[tokio::test]
async fn what_arrives_in_a_view_is_told_and_what_does_not_belong_to_it_is_not() {
    let world = world().await;
    let port = serve(&world).await;
    let since = world.service.store.newest_arrival().await.unwrap();
    let mut negative = connect(port, &format!("brand=Lerchenbahn&mood=negative&since={since}")).await;
    assert_eq!(line(&mut negative, "HTTP").await.unwrap(), "HTTP/1.1 200 OK");
    assert_eq!(line(&mut negative, "content-type").await.unwrap(), "content-type: text/event-stream");
    say(&world, "praise", Label::Positive).await;
    say(&world, "complaint", Label::Negative).await;
    assert_eq!(line(&mut negative, "event").await.unwrap(), "event: arrived");
    let told = line(&mut negative, "data").await.unwrap();
    assert_eq!(told, format!("data: {{\"count\":1,\"newest\":{}}}", since + 2), "the praise is not in this view");
    let mut late = connect(port, &format!("brand=Lerchenbahn&since={since}")).await;
    let told = line(&mut late, "data").await.unwrap();
    assert_eq!(told, format!("data: {{\"count\":2,\"newest\":{}}}", since + 2), "nothing is missed by being late");
}

#[tokio::test]
async fn the_line_is_closed_when_the_service_stops() {
    let world = world().await;
    let port = serve(&world).await;
    let mut stream = connect(port, "").await;
    assert_eq!(line(&mut stream, "HTTP").await.unwrap(), "HTTP/1.1 200 OK");
    world.service.stop();
    assert_eq!(line(&mut stream, "data").await, None);
}

#[tokio::test]
async fn only_so_many_listen_at_the_same_time() {
    let world = world().await;
    let port = serve(&world).await;
    let mut open = Vec::new();
    for _ in 0..MOST_LISTENERS {
        let mut stream = connect(port, "").await;
        assert_eq!(line(&mut stream, "HTTP").await.unwrap(), "HTTP/1.1 200 OK");
        open.push(stream);
    }
    let refused = line(&mut connect(port, "").await, "HTTP").await.unwrap();
    assert_eq!(refused, "HTTP/1.1 503 Service Unavailable");
}

#[tokio::test]
async fn a_view_that_cannot_be_read_is_refused() {
    let world = world().await;
    let (status, _) = world.get("/live?mood=angry").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
}
