//! The log of deliveries, as the real program shows it.

use serde_json::Value;
use stimmung::config::Config;
use stimmung::service::Service;

use crate::alert::{END, at_the_end, live};
use crate::channel::configuration;
use crate::program::{Program, stderr, stdout};
use crate::site::{Answer, Site};
use crate::smtp_server::{Act, Script, SmtpServer};

const ROUTES: &str = "[[route]]\nto = [\"hook\", \"Erika Mustermann <erika@example.org>\"]\n";

/// The lines of the log, without what differs from run to run.
fn lines(program: &Program, server: &SmtpServer, arguments: &[&str]) -> Vec<Value> {
    let output = program.run(&[&["alert", "log", "--json"], arguments].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    let text = stdout(&output).replace(&format!(":{}", server.address.port()), ":PORT");
    let mut lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for line in &mut lines {
        assert!(line["milliseconds"].is_u64(), "{line}");
        line["milliseconds"] = "measured".into();
        if line["channel"] == "mail" && !line["next_at"].is_null() {
            line["next_at"] = "soon, by chance".into();
        }
    }
    lines.sort_by_key(|line| (line["began_at"].to_string(), line["channel"].to_string()));
    lines
}

#[tokio::test]
async fn every_attempt_is_shown_with_its_end_and_nobody_is_named() {
    let (program, site) = (Program::with(""), Site::start().await);
    let refuses = Script { recipient: Act::Say("550 5.1.1 <erika@example.org>: no such user"), ..Script::default() };
    let busy = Script { sender: Act::Say("451 4.3.2 try again later"), ..Script::default() };
    let server = SmtpServer::start([busy.clone(), busy, refuses]).await;
    let port = server.address.port();
    let text = configuration(program.folder(), &site, ROUTES)
        + &format!(
            "[mail]\nfrom = \"stimmung@example.org\"\n\
             smtp.host = \"127.0.0.1\"\nsmtp.port = {port}\nsmtp.tls = \"none\"\n"
        );
    std::fs::write(program.folder().join("sources.toml"), &text).unwrap();
    let config = Config::parse(&text, "sources.toml").unwrap();
    let service = Service::open(config, &program.data(), "stimmung.db").await.unwrap();
    live(&service, 0..END).await;
    site.on("/hook", Answer::Status(503));
    service.deliver_once(at_the_end()).await.unwrap();
    site.on("/hook", Answer::Status(202));
    for hours in 1..3 {
        service.deliver_once(at_the_end().plus_seconds(hours * 3600)).await.unwrap();
    }
    service.store.close().await;

    let all = lines(&program, &server, &[]);
    insta::assert_json_snapshot!(all);
    let failed: Vec<Value> = all.into_iter().filter(|line| line["outcome"] != "sent").collect();
    assert_eq!(lines(&program, &server, &["--failed"]), failed);
    assert_eq!(lines(&program, &server, &["--failed", "--last", "1"]), failed[failed.len() - 1..]);
    let table = stdout(&program.run(&["alert", "log"]));
    assert!(table.contains("e…@example.org") && table.contains("refused (550)"), "{table}");
    assert!(!table.contains("erika") && !table.contains("Erika") && !table.contains("Hellbahn"), "{table}");
}
