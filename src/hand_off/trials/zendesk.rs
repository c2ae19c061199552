use serde_json::{Value, json};

use super::*;

#[derive(Default)]
pub(crate) struct Account {
    pub(crate) tickets: Vec<Value>,
    comments: Vec<Value>,
    /// By idempotency keys, as long as Zendesk remembers them.
    remembered: BTreeMap<String, usize>,
    forgets: bool,
    /// What was just made is not found by its external id.
    lags: bool,
    pub(crate) status: Option<&'static str>,
}

const USERS: &str = r#"[{"id":5,"name":"Kim <b>Sommer</b>"}]"#;

pub(crate) fn serve(account: &mut Account, asked: &Asked) -> Reply {
    // agent@lerche.example/token:stimmung
    assert_eq!(asked.headers["authorization"], "Basic YWdlbnRAbGVyY2hlLmV4YW1wbGUvdG9rZW46c3RpbW11bmc=");
    assert_eq!(asked.headers["accept"], "application/json");
    if !asked.body.is_empty() {
        assert_eq!(asked.headers["content-type"], "application/json");
    }
    let (path, query) = asked.path.split_once('?').unwrap_or((&asked.path, ""));
    match (asked.method.as_str(), path) {
        ("GET", "/api/v2/tickets.json") => {
            let key = query.strip_prefix("external_id=").expect("by its external id");
            let found = account.tickets.iter().filter(|one| one["external_id"] == key && !account.lags);
            respond("200 OK", &json!({ "tickets": found.collect::<Vec<_>>() }))
        }
        ("POST", "/api/v2/tickets.json") => make(account, asked),
        ("GET", "/api/v2/tickets/1.json") if account.tickets.is_empty() => respond("404 Not Found", &json!({})),
        ("GET", "/api/v2/tickets/1.json") => {
            let status = account.status.unwrap_or("new");
            respond("200 OK", &json!({ "ticket": { "id": 1, "status": status } }))
        }
        ("PUT", "/api/v2/tickets/1.json") => {
            let body: Value = serde_json::from_str(&asked.body).unwrap();
            assert_eq!(body["ticket"].as_object().unwrap().keys().collect::<Vec<_>>(), ["comment"]);
            assert_eq!(body["ticket"]["comment"]["public"], false);
            comment(account, 9, body["ticket"]["comment"]["body"].as_str().unwrap());
            respond("200 OK", &json!({ "ticket": { "id": 1 } }))
        }
        ("GET", "/api/v2/tickets/1/comments.json") => {
            assert_eq!(query, "include=users&page%5Bsize%5D=100&sort=-created_at");
            let users: Value = serde_json::from_str(USERS).unwrap();
            let comments: Vec<&Value> = account.comments.iter().rev().collect();
            respond("200 OK", &json!({ "comments": comments, "users": users, "meta": { "has_more": false } }))
        }
        (method, path) => panic!("{method} {path}"),
    }
}

fn make(account: &mut Account, asked: &Asked) -> Reply {
    let key = asked.headers["idempotency-key"].clone();
    let number = match account.remembered.get(&key) {
        Some(number) => *number,
        None => {
            let body: Value = serde_json::from_str(&asked.body).unwrap();
            let mut ticket = body["ticket"].clone();
            assert_eq!(ticket["external_id"], key.as_str());
            ticket["id"] = json!(account.tickets.len() + 1);
            comment(account, 9, ticket["comment"]["body"].as_str().unwrap());
            account.tickets.push(ticket);
            account.tickets.len()
        }
    };
    if !account.forgets {
        account.remembered.insert(key, number);
    }
    respond("201 Created", &json!({ "ticket": { "id": number, "status": "new" } }))
}

pub(crate) fn comment(account: &mut Account, author: i64, body: &str) {
    let id = account.comments.len() + 100;
    account.comments.push(json!({ "id": id, "author_id": author, "body": body, "plain_body": body }));
}

fn respond(status: &str, body: &Value) -> Reply {
    answer(status, "Content-Type: application/json\r\n", body.to_string().as_bytes())
}

fn zendesk(base: &Url) -> Desk {
    desk(DeskKind::Zendesk(Zendesk {
        url: base.clone(),
        user: "agent@lerche.example".to_owned(),
        token: SecretPlace { env: Some("CARGO_PKG_NAME".to_owned()), file: None },
        requester: Some("reviews@lerche.example".to_owned()),
    }))
}

/// What we wrote there.
pub(crate) fn told(account: &Account) -> Vec<String> {
    let bodies = account.comments.iter().map(|one| one["body"].as_str().unwrap().to_owned());
    bodies.filter(|body| body.contains("[stimmung ")).collect()
}

#[tokio::test]
async fn a_case_becomes_a_ticket_with_its_requester_and_its_comments() {
    let fake = Fake::start(BTreeMap::new(), serve).await;
    let (remote, errors) = hand_over(&zendesk(&fake.site.url("/"))).await;
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!((remote.number.as_deref(), remote.standing), (Some("#1"), Standing::Open));
    assert_eq!(remote.url, Some(fake.site.url("agent/tickets/1").to_string()));
    assert_eq!(remote.noted.unwrap(), ["answer-3", "event-9"]);
    let made = fake.state();
    let comments: Vec<&str> = made.comments.iter().map(|one| one["body"].as_str().unwrap()).collect();
    let ticket = serde_json::to_string_pretty(&made.tickets).unwrap();
    insta::assert_snapshot!(format!("{ticket}\n\n{}", comments[1..].join("\n----\n")));
}

#[tokio::test]
async fn whatever_goes_wrong_there_is_one_ticket_and_each_comment_once() {
    // A search, a ticket, two looks of two requests, and two comments between them.
    for (number, troubles) in all_troubles(8).enumerate() {
        let fake = Fake::start(troubles.clone(), serve).await;
        let (forgets, lags) = (number % 3 == 1, number % 3 == 2);
        (fake.state().forgets, fake.state().lags) = (forgets, lags);
        hand_over(&zendesk(&fake.site.url("/"))).await;
        let made = fake.state();
        assert_eq!((made.tickets.len(), told(&made).len()), (1, 2), "{troubles:?} {forgets} {lags}");
    }
}

#[tokio::test]
async fn what_people_write_there_and_that_it_is_solved_is_read_back() {
    let fake = Fake::start(BTreeMap::new(), serve).await;
    let (desk, fetcher) = (zendesk(&fake.site.url("/")), fetcher());
    let line = Line::new(&desk, &fetcher);
    assert_eq!(desk.read("1", &line).await.unwrap().standing, Standing::Gone);
    desk.open(&super::told(), &line).await.unwrap();
    comment(&mut fake.state(), 5, "Ersatz ist <i>unterwegs</i>.");
    fake.state().status = Some("solved");
    let remote = desk.read("1", &line).await.unwrap();
    assert_eq!(remote.standing, Standing::Solved);
    let theirs = remote.comments.last().unwrap();
    assert_eq!((theirs.who.as_deref(), theirs.text.as_str()), (Some("Kim Sommer"), "Ersatz ist unterwegs."));
}

#[tokio::test]
async fn a_refusal_is_told_with_what_zendesk_says() {
    let told_by = async |status: &'static str, said: &'static str| {
        let site = Site::start(move |_| answer(status, "", said.as_bytes())).await;
        let (desk, fetcher) = (zendesk(&site.url("/")), fetcher());
        let error = desk.open(&super::told(), &Line::new(&desk, &fetcher)).await.unwrap_err();
        format!("{error} [may pass: {}]", error.may_pass)
    };
    let all = [
        told_by("422 Unprocessable Entity", r#"{"error":"RecordInvalid","description":"Record validation errors"}"#)
            .await,
        told_by("403 Forbidden", r#"{"error":{"title":"Forbidden","message":"You do not have access"}}"#).await,
        told_by("401 Unauthorized", r#"{"error":"Couldn't authenticate you"}"#).await,
        told_by("503 Service Unavailable", "<html>").await,
        told_by("200 OK", "<html>").await,
    ];
    insta::assert_snapshot!(all.join("\n"));
}
