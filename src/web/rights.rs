//! Who gets which answer: every route, asked by everybody.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use tower::ServiceExt as _;

use super::tests::{World, world};
use crate::account::{Account, Actor, Name, Right, Role, Token};
use crate::mention::Timestamp;
use crate::service::now;
use crate::store::NewAccount;

/// What it takes to be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Needs {
    /// Nothing: there is nothing to be seen or done but what concerns the asker.
    Nothing,
    Right(Right),
    /// Somebody at a browser.
    Person,
    /// Somebody at a browser who has it.
    InPerson(Right),
}

const READ: Needs = Needs::Right(Right::Read);
const CHANGE: Needs = Needs::Right(Right::Change);
const ADMINISTER: Needs = Needs::Right(Right::Administer);

/// Every route: how it is asked, with a form that it takes, and what that takes.
pub(super) const ROUTES: [(&str, &str, &str, Needs); 89] = [
    ("GET", "/", "", READ),
    ("GET", "/mentions", "", READ),
    ("GET", "/mentions.csv", "", CHANGE),
    ("GET", "/mentions.jsonl", "", CHANGE),
    ("POST", "/mentions/change", "action=spam&mention=999", CHANGE),
    ("POST", "/mentions/views", "action=save&name=x", CHANGE),
    ("GET", "/mentions/999", "", READ),
    ("GET", "/writers/999/erase", "", CHANGE),
    ("GET", "/writers/999/export", "", CHANGE),
    ("POST", "/writers/999/erase", "", CHANGE),
    ("GET", "/queue", "", CHANGE),
    ("GET", "/team", "", READ),
    ("GET", "/queue/live", "", CHANGE),
    ("GET", "/cases/999", "", CHANGE),
    ("POST", "/cases/999", "do=claim", CHANGE),
    ("POST", "/cases/999/check", "text=x", CHANGE),
    ("POST", "/cases/999/warnings", "text=x", CHANGE),
    ("POST", "/cases/999/survey", "do=link", CHANGE),
    ("GET", "/findings", "", READ),
    ("GET", "/findings/999", "", READ),
    ("POST", "/findings/999", "action=seen", CHANGE),
    ("GET", "/replay", "", READ),
    ("GET", "/reports", "", READ),
    ("GET", "/reports/2026-01", "", READ),
    ("GET", "/live?since=0", "", READ),
    ("GET", "/sources", "", READ),
    ("GET", "/sources/add", "", CHANGE),
    ("POST", "/sources/add", "address=x&number=0&id=y&every=1h&brand=&key_env=", CHANGE),
    ("GET", "/sources/forum", "", READ),
    ("POST", "/sources/none/look", "", CHANGE),
    ("POST", "/sources/none/run", "", CHANGE),
    ("POST", "/sources/none/pause", "", CHANGE),
    ("POST", "/sources/none/resume", "", CHANGE),
    ("POST", "/sources/none/remove", "", CHANGE),
    ("GET", "/metrics", "", Needs::Nothing),
    ("GET", "/api/v1", "", READ),
    ("GET", "/api/v1/openapi.json", "", READ),
    ("GET", "/api/v1/brands", "", READ),
    ("GET", "/api/v1/series?brand=Lerchenbahn", "", READ),
    ("GET", "/api/v1/overview", "", READ),
    ("GET", "/api/v1/reports", "", READ),
    ("GET", "/api/v1/reports/2026-01", "", READ),
    ("GET", "/api/v1/replay", "", READ),
    ("GET", "/api/v1/views", "", READ),
    ("POST", "/api/v1/views", "{}", CHANGE),
    ("DELETE", "/api/v1/views/999", "", CHANGE),
    ("GET", "/api/v1/writers/999", "", CHANGE),
    ("DELETE", "/api/v1/writers/999", "", CHANGE),
    ("GET", "/api/v1/mentions", "", READ),
    ("POST", "/api/v1/mentions", "{}", CHANGE),
    ("GET", "/api/v1/mentions/999", "", READ),
    ("PATCH", "/api/v1/mentions/999", "{}", CHANGE),
    ("GET", "/api/v1/cases", "", CHANGE),
    ("GET", "/api/v1/cases/999", "", CHANGE),
    ("POST", "/api/v1/cases/999/changes", "{}", CHANGE),
    ("GET", "/api/v1/team", "", READ),
    ("GET", "/api/v1/findings", "", READ),
    ("GET", "/api/v1/findings/999", "", READ),
    ("PUT", "/api/v1/findings/999/verdict", "{}", CHANGE),
    ("GET", "/api/v1/sources", "", READ),
    ("GET", "/api/v1/sources/forum", "", READ),
    ("POST", "/api/v1/sources/none/run", "", CHANGE),
    ("POST", "/api/v1/sources/none/pause", "", CHANGE),
    ("POST", "/api/v1/sources/none/resume", "", CHANGE),
    ("GET", "/api/v1/accounts", "", ADMINISTER),
    ("GET", "/api/v1/audit", "", ADMINISTER),
    ("POST", "/preferences", "language=de", Needs::Nothing),
    ("GET", "/login", "", Needs::Nothing),
    ("POST", "/login", "name=nobody&password=x", Needs::Nothing),
    ("GET", "/login/oidc", "", Needs::Nothing),
    ("GET", "/login/oidc/callback", "", Needs::Nothing),
    ("POST", "/logout", "", Needs::Nothing),
    ("GET", "/account", "", Needs::Person),
    ("POST", "/account/password", "old=a&new=b&again=c", Needs::Person),
    ("POST", "/account/sessions/999/end", "", Needs::Person),
    ("POST", "/account/tokens", "purpose=x&scope=read&days=30", Needs::Person),
    ("POST", "/account/tokens/999/revoke", "", Needs::Person),
    ("GET", "/accounts", "", ADMINISTER),
    ("POST", "/accounts", "name=new&shown_name=&role=reader", Needs::InPerson(Right::Administer)),
    ("POST", "/accounts/999", "enabled=false", ADMINISTER),
    ("POST", "/accounts/999/link", "", Needs::InPerson(Right::Administer)),
    ("GET", "/invitation/x", "", Needs::Nothing),
    ("POST", "/invitation/x", "new=a&again=b", Needs::Nothing),
    ("GET", "/audit", "", ADMINISTER),
    ("GET", "/healthz", "", Needs::Nothing),
    ("GET", "/assets/0/style.css", "", Needs::Nothing),
    ("GET", "/unsubscribe/x", "", Needs::Nothing),
    ("GET", "/survey/x", "", Needs::Nothing),
    ("POST", "/survey/x", "score=5", Needs::Nothing),
];

/// Who asks, and how.
#[derive(Clone, Debug)]
struct Asker {
    what: &'static str,
    /// The most that they may; `None`: we do not know them.
    may: Option<Right>,
    headers: Vec<(&'static str, String)>,
}

impl Asker {
    fn is_program(&self) -> bool {
        self.headers.iter().any(|(name, _)| *name == "authorization")
    }

    fn is_elsewhere(&self) -> bool {
        self.headers.contains(&("sec-fetch-site", "cross-site".to_owned()))
    }

    /// What they ought to be told: the status, and whether they are led to the log-in.
    fn ought(&self, method: &str, path: &str, needs: Needs) -> Answer {
        // Neither knows who asks, and nobody is changed or shown anything.
        let is_guarded = !["/healthz", "/assets", "/unsubscribe", "/survey"].iter().any(|open| path.starts_with(open));
        if method != "GET" && is_guarded && self.is_elsewhere() {
            return Answer::Forbidden;
        }
        match (needs, self.may) {
            (Needs::Nothing, _) => Answer::Done,
            (_, None) if self.is_program() || path.starts_with("/api/") => Answer::Unauthorized,
            (_, None) => Answer::ToLogIn,
            (Needs::Right(right) | Needs::InPerson(right), Some(most)) if right > most => Answer::Forbidden,
            (Needs::Person | Needs::InPerson(_), Some(_)) if self.is_program() => Answer::Forbidden,
            (_, Some(_)) => Answer::Done,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Done,
    ToLogIn,
    Unauthorized,
    Forbidden,
}

pub(super) async fn account(world: &World, name: &str, role: Role) -> Account {
    let hash = "$hash".into();
    let name = Name::parse(name).unwrap();
    let new = NewAccount { name: &name, shown_name: name.as_str(), role, password: Some(&hash), identity: None };
    world.service.store.add_account(&new, &Actor::command_line(), now()).await.unwrap();
    world.service.store.account(&name).await.unwrap().unwrap().0
}

pub(super) async fn cookie(world: &World, account: &Account, begun_at: Timestamp) -> (&'static str, String) {
    let token = Token::of_session().unwrap();
    world.service.store.begin_session(account, &token, None, begun_at).await.unwrap();
    ("cookie", format!("stimmung={}", token.expose()))
}

pub(super) async fn bearer(world: &World, account: &Account, scope: Right) -> (&'static str, String) {
    let token = Token::of_program().unwrap();
    let kind = ("test", scope);
    world.service.store.add_token(account, &token, kind, None, &Actor::command_line(), now()).await.unwrap();
    ("authorization", format!("Bearer {}", token.expose()))
}

async fn everybody(world: &World) -> Vec<Asker> {
    let [reader, agent, admin, gone] = [
        account(world, "reader", Role::Reader).await,
        account(world, "agent", Role::Agent).await,
        account(world, "admin", Role::Admin).await,
        account(world, "gone", Role::Admin).await,
    ];
    let here = || ("sec-fetch-site", "same-origin".to_owned());
    let session = async |account: &Account| cookie(world, account, now()).await;
    let stale = cookie(world, &admin, now().plus_seconds(-13 * 3600)).await;
    let (left_open, left_token) = (session(&gone).await, bearer(world, &gone, Right::Administer).await);
    world.service.store.enable(gone.id, false, &Actor::command_line(), now()).await.unwrap();
    let worthless = || ("authorization", "Bearer stimmung_x".to_owned());
    let asker = |what, may, headers| Asker { what, may, headers };
    vec![
        asker("no session", None, vec![here()]),
        asker("a stale session", None, vec![stale, here()]),
        asker("a disabled account", None, vec![left_open, here()]),
        asker("a reader", Some(Right::Read), vec![session(&reader).await, here()]),
        asker("an agent", Some(Right::Change), vec![session(&agent).await, here()]),
        asker("an admin", Some(Right::Administer), vec![session(&admin).await, here()]),
        asker(
            "an admin on another site",
            Some(Right::Administer),
            vec![session(&admin).await, ("sec-fetch-site", "cross-site".to_owned())],
        ),
        asker("a token with a small scope", Some(Right::Read), vec![bearer(world, &admin, Right::Read).await]),
        asker("a token beyond its account", Some(Right::Read), vec![bearer(world, &reader, Right::Administer).await]),
        asker("an admin’s token", Some(Right::Administer), vec![bearer(world, &admin, Right::Administer).await]),
        asker("the token of a disabled account", None, vec![left_token]),
        asker("a worthless token beside a session", None, vec![worthless(), session(&admin).await]),
    ]
}

async fn ask(world: &World, asker: &Asker, method: &str, path: &str, form: &str) -> (StatusCode, Answer) {
    let mut request = Request::builder().method(method).uri(path).header(header::HOST, "127.0.0.1:8080");
    for (name, value) in &asker.headers {
        request = request.header(*name, value);
    }
    let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let response = world.site.clone().oneshot(request.body(Body::from(form.to_owned())).unwrap()).await.unwrap();
    let status = response.status();
    let location = response.headers().get(header::LOCATION).and_then(|to| to.to_str().ok()).unwrap_or_default();
    let answer = match status {
        StatusCode::SEE_OTHER if location.starts_with("/login?back=") => Answer::ToLogIn,
        StatusCode::UNAUTHORIZED => Answer::Unauthorized,
        StatusCode::FORBIDDEN => Answer::Forbidden,
        _ => Answer::Done,
    };
    if answer == Answer::Unauthorized {
        assert!(response.headers()[header::WWW_AUTHENTICATE].to_str().unwrap().starts_with("Bearer"));
    }
    (status, answer)
}

#[tokio::test]
async fn everybody_gets_the_answers_that_are_theirs() {
    let world = world().await;
    let mut wrong = Vec::new();
    // What ends a session must not end those of the others in this table, so each route is asked by somebody new.
    for asker in everybody(&world).await {
        for (method, path, form, needs) in ROUTES.into_iter().filter(|(_, path, ..)| *path != "/logout") {
            let (status, answer) = ask(&world, &asker, method, path, form).await;
            let ought = asker.ought(method, path, needs);
            if answer != ought || status.is_server_error() {
                wrong.push(format!("{} {method} {path}: {status}, {answer:?} instead of {ought:?}", asker.what));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// No route is forgotten above: those of `web.rs`, as they are written there.
#[test]
fn every_route_is_asked_for() {
    let site = include_str!("../web.rs").split("pub fn router").nth(1).unwrap();
    let sources = include_str!("sources.rs").split("fn router").nth(1).unwrap();
    let source = format!("{site}{sources}");
    let matches = |pattern: &str, path: &str| {
        let (pattern, path): (Vec<_>, Vec<_>) = (pattern.split('/').collect(), path.split('/').collect());
        pattern.len() == path.len()
            && pattern.iter().zip(path).all(|(part, ours)| part.starts_with('{') || *part == ours)
    };
    let mut count = 0;
    for route in source.split(".route(").skip(1) {
        let pattern = route.split('"').nth(1).unwrap();
        let route = route.split("\n        .").next().unwrap();
        for (method, word) in [("GET", "get("), ("POST", "post("), ("PUT", "put("), ("DELETE", "delete(")] {
            if route.contains(word) && !(pattern.starts_with("/unsubscribe") && method == "POST") {
                let is_asked = ROUTES.iter().any(|(known, path, ..)| {
                    *known == method && matches(pattern, path.split('?').next().unwrap_or_default())
                });
                assert!(is_asked, "{method} {pattern} has no row in ROUTES");
                count += 1;
            }
        }
    }
    assert!(count >= 40, "only {count} routes were found");
    let (_, description) = super::api::described();
    for (path, item) in description.paths.paths {
        let methods =
            [("GET", item.get), ("POST", item.post), ("PATCH", item.patch), ("PUT", item.put), ("DELETE", item.delete)];
        for (method, _) in methods.into_iter().filter(|(_, operation)| operation.is_some()) {
            let asks = |known: &str| matches(&path, known.split('?').next().unwrap_or_default());
            let is_asked = ROUTES.iter().any(|(ours, known, ..)| *ours == method && asks(known));
            assert!(is_asked, "{method} {path} has no row in ROUTES");
        }
    }
}
