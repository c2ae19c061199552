//! Accounts, made on the command line and used over HTTP.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use crate::program::{Program, configuration, stderr, stdout};

const PASSWORD: &str = "drei Aepfel im Regen";

/// The service, stopped when the test ends, however it ends.
struct Running {
    child: Child,
    address: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn start(program: &Program) -> Running {
    let mut command = program.command(&["run", "--listen", "127.0.0.1:0", "--log", "json"]);
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let address = lines
        .find_map(|line| {
            let line: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
            line["fields"]["address"].as_str().map(str::to_owned)
        })
        .unwrap();
    // Whoever does not read it stops the service.
    std::thread::spawn(move || lines.for_each(drop));
    Running { child, address }
}

#[test]
fn accounts_are_made_listed_changed_and_kept_out() {
    let program = Program::with(&configuration(&[]));
    let refused = program.feed(&["user", "add", "erika"], "kurz\n");
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("fewer than 12 characters"), "{}", stderr(&refused));
    let first = program.feed(&["user", "add", "Erika", "--shown-name", "Erika M."], &format!("{PASSWORD}\n"));
    assert!(stdout(&first).contains("erika is the first account (role admin)"), "{}", stderr(&first));
    std::fs::write(program.folder().join("password"), PASSWORD).unwrap();
    let second = program.run(&["user", "add", "max@example.org", "--role", "agent", "--password-file", "password"]);
    assert!(second.status.success(), "{}", stderr(&second));
    assert!(!program.feed(&["user", "add", "erika"], PASSWORD).status.success(), "the name is taken");
    assert!(stderr(&program.run(&["user", "disable", "erika"])).contains("the only admin"));
    for arguments in [&["role", "max@example.org", "admin"][..], &["disable", "erika"], &["enable", "erika"]] {
        let output = program.run(&[&["user"], arguments].concat());
        assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
    }
    let listed = program.run(&["user", "list", "--json"]);
    let listed: Vec<serde_json::Value> =
        stdout(&listed).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let lines: Vec<_> = listed.iter().map(|it| (&it["name"], &it["shown_name"], &it["role"])).collect();
    let text = |text: &str| serde_json::Value::from(text);
    let (erika, max) = (text("erika"), text("max@example.org"));
    assert_eq!(lines, [(&erika, &text("Erika M."), &text("admin")), (&max, &max, &text("admin"))]);
}

#[tokio::test]
async fn who_has_a_password_or_a_token_is_let_in_until_it_is_taken_away() {
    let program = Program::with(&configuration(&[]));
    let added = program.feed(&["user", "add", "erika"], &format!("{PASSWORD}\n"));
    assert!(added.status.success(), "{}", stderr(&added));
    let made = program.run(&["user", "token", "erika", "--scope", "read", "--expires", "90d", "--for", "Grafana"]);
    let token = stdout(&made).trim().to_owned();
    let service = start(&program);
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let url = |path: &str| format!("http://{}{path}", service.address);
    assert_eq!(client.get(url("/")).send().await.unwrap().status(), 303);
    let health: serde_json::Value = client.get(url("/healthz")).send().await.unwrap().json().await.unwrap();
    assert_eq!((&health["status"], &health["sources"]), (&"ok".into(), &serde_json::json!([])));
    let form = [("name", "erika"), ("password", PASSWORD)];
    let inside = client.post(url("/login")).form(&form).send().await.unwrap();
    let cookie = inside.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let ask = async |name: &str, value: &str| client.get(url("/")).header(name, value).send().await.unwrap().status();
    let bearer = format!("Bearer {token}");
    assert_eq!((ask("cookie", &cookie).await.as_u16(), ask("authorization", &bearer).await.as_u16()), (200, 200));
    let listed = stdout(&program.run(&["user", "token", "list", "--json"]));
    assert!(listed.contains("Grafana") && !listed.contains(&token));
    assert!(program.run(&["user", "token", "revoke", "1"]).status.success());
    assert!(program.feed(&["user", "password", "erika"], "vier Birnen im Schnee\n").status.success());
    assert_eq!((ask("cookie", &cookie).await.as_u16(), ask("authorization", &bearer).await.as_u16()), (303, 401));
}
