//! Sources that stay on the line, against a web socket on loopback.

use std::process::Stdio;
use std::time::Duration;

use futures_util::SinkExt as _;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::Message;

use crate::program::{Program, stderr};

/// The address of a stream that says this on its first connection, its second, and so on; the last one is not ended.
/// Each connection is told to the receiver.
async fn stream(lines: Vec<Vec<String>>) -> (String, UnboundedReceiver<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("ws://{}", listener.local_addr().unwrap());
    let (connected, connections) = unbounded_channel();
    tokio::spawn(async move {
        let mut open = Vec::new();
        let last = lines.len() - 1;
        for (number, line) in lines.into_iter().enumerate() {
            let mut socket = accept_async(listener.accept().await.unwrap().0).await.unwrap();
            for message in line {
                socket.send(Message::text(message)).await.unwrap();
            }
            if number < last {
                socket.close(None).await.unwrap();
            }
            open.push(socket);
            connected.send(()).unwrap();
        }
        std::future::pending::<()>().await;
    });
    (address, connections)
}

fn post(operation: &str, id: &str, text: &str) -> String {
    let record = format!(r#"{{"text":"{text}","createdAt":"2026-03-01T10:00:00Z","langs":["de"]}}"#);
    format!(
        r#"{{"did":"did:plc:a","time_us":1772359200000000,"kind":"commit","commit":{{"operation":"{operation}",
           "collection":"app.bsky.feed.post","rkey":"{id}","record":{record}}}}}"#
    )
}

fn configuration(address: &str) -> String {
    format!(
        "[[brand]]\nname = \"Hellbahn\"\nany = [\"Hellbahn\"]\n[[source]]\nid = \"sky\"\nevery = \"1m\"\n\
         allow_private_network = true\nfrom.bluesky = {{ stream = {{ host = \"{address}\", listen_for = \"10m\" }} }}\n\
         [fetch]\ngap_per_host = \"0s\"\nread_timeout = \"10m\"\n"
    )
}

#[tokio::test]
async fn what_names_a_brand_is_kept_once_and_goes_with_its_post_or_its_author() {
    let (first, second) = (post("create", "1", "Hellbahn!"), post("create", "2", "Nie wieder Hellbahn"));
    let gone = r#"{"did":"did:plc:a","time_us":1772359200000000,"kind":"account",
        "account":{"active":false,"status":"deleted"}}"#;
    let lines = vec![
        vec![first.clone(), post("create", "3", "Guten Morgen"), second],
        vec![first, post("delete", "2", "")],
        vec![gone.to_owned()],
        vec![],
    ];
    let (address, _connections) = stream(lines).await;
    let program = Program::with(&configuration(&address));
    for kept in [&["Hellbahn!", "Nie wieder Hellbahn"][..], &["Hellbahn!"], &[]] {
        let output = program.run_beside(&["collect"]).await;
        assert!(output.status.success(), "{}", stderr(&output));
        let exported = program.exported();
        let texts: Vec<&str> = exported.iter().map(|exported| exported["text"].as_str().unwrap()).collect();
        assert_eq!(texts, kept);
    }
}

#[tokio::test]
async fn a_service_that_is_on_the_line_stops_when_told() {
    let (address, mut connections) = stream(vec![vec![]]).await;
    let program = Program::with(&configuration(&address));
    let mut command = program.command(&["run", "--listen", "127.0.0.1:0"]);
    let mut child = command.stderr(Stdio::null()).spawn().unwrap();
    connections.recv().await.unwrap();
    assert!(std::process::Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    let end = tokio::task::spawn_blocking(move || child.wait());
    // What is in flight otherwise has twenty seconds.
    let end = tokio::time::timeout(Duration::from_secs(15), end).await.expect("it hangs up");
    assert_eq!(end.unwrap().unwrap().code(), Some(0));
}
