use std::net::SocketAddr;

use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode, header};
use tower::ServiceExt as _;

use crate::account::{Actor, Name, Password, Role};
use crate::service::now;
use crate::store::{NewAccount, StoredAct};
use crate::web::tests::{World, world, world_with};

const PASSWORD: &str = "drei Aepfel im Regen";

async fn with_erika(world: World) -> World {
    let (name, hash) = (Name::parse("erika").unwrap(), Password::new(PASSWORD).hash().unwrap());
    let new = NewAccount { name: &name, shown_name: "Erika", role: Role::Agent, password: Some(&hash), identity: None };
    world.service.store.add_account(&new, &Actor::command_line(), now()).await.unwrap().unwrap();
    world
}

/// What came back.
pub(in crate::web) struct Answer {
    pub(in crate::web) status: StatusCode,
    pub(in crate::web) headers: HeaderMap,
    pub(in crate::web) html: String,
}

impl Answer {
    pub(in crate::web) fn leads_to(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |to| to.to_str().unwrap())
    }

    fn set_cookie(&self) -> &str {
        self.headers.get(header::SET_COOKIE).map_or("", |cookie| cookie.to_str().unwrap())
    }

    /// As a browser sends it back.
    pub(in crate::web) fn cookie(&self) -> &str {
        self.set_cookie().split(';').next().unwrap()
    }
}

/// Sends a form, or asks for a page where there is none.
pub(in crate::web) async fn ask(world: &World, address: &str, form: Option<&str>, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder().method(if form.is_some() { "POST" } else { "GET" }).uri(address);
    if !headers.iter().any(|(name, _)| *name == "host") {
        request = request.header(header::HOST, "127.0.0.1:8080");
    }
    if !headers.iter().any(|(name, _)| *name == "sec-fetch-site") {
        request = request.header("sec-fetch-site", "same-origin");
    }
    request = request.header(header::ACCEPT_LANGUAGE, "de");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let request = request.body(Body::from(form.unwrap_or_default().to_owned())).unwrap();
    let response = world.site.clone().oneshot(request).await.unwrap();
    let (head, body) = response.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap();
    Answer { status: head.status, headers: head.headers, html: String::from_utf8(body.to_vec()).unwrap() }
}

fn typed(name: &str, password: &str, back: &str) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair("name", name).append_pair("password", password).append_pair("back", back).finish()
}

async fn acts(world: &World) -> Vec<StoredAct> {
    world.service.store.acts(None, 20).await.unwrap()
}

#[tokio::test]
async fn who_logs_in_gets_to_where_they_wanted_and_out_again() {
    let world = with_erika(world().await).await;
    let refused = ask(&world, "/?days=7", None, &[]).await;
    assert_eq!((refused.status, refused.leads_to()), (StatusCode::SEE_OTHER, "/login?back=%2F%3Fdays%3D7"));
    let form = ask(&world, refused.leads_to(), None, &[]).await;
    assert!(form.html.contains("name=\"back\" value=\"/?days=7\"") && form.html.contains("Passwort"));
    let inside = ask(&world, "/login", Some(&typed("Erika", PASSWORD, "/?days=7")), &[]).await;
    assert_eq!((inside.status, inside.leads_to()), (StatusCode::SEE_OTHER, "/?days=7"));
    assert!(inside.set_cookie().starts_with("stimmung=") && !inside.set_cookie().contains("Secure"));
    assert!(["HttpOnly", "SameSite=Lax", "Path=/"].iter().all(|part| inside.set_cookie().contains(part)));
    let cookie = inside.cookie();
    let page = ask(&world, "/", None, &[("cookie", cookie)]).await;
    assert!(page.status == StatusCode::OK && page.html.contains("Erika") && page.html.contains("Abmelden"));
    let outside = ask(&world, "/logout", Some(""), &[("cookie", cookie)]).await;
    assert!(outside.set_cookie().contains("Max-Age=0"));
    assert_eq!(ask(&world, "/", None, &[("cookie", cookie)]).await.leads_to(), "/login?back=%2F");
    let actions: Vec<_> = acts(&world).await.into_iter().map(|act| act.action).collect();
    assert_eq!(actions, ["log-out", "log-in", "add account"]);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_are_told_alike_and_what_was_typed_is_kept_nowhere() {
    let world = with_erika(world().await).await;
    let wrong = ask(&world, "/login", Some(&typed("erika", "nicht das Passwort", "/")), &[]).await;
    let unknown = ask(&world, "/login", Some(&typed("geheim-im-falschen-Feld", "x", "/")), &[]).await;
    assert_eq!((wrong.status, unknown.status), (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::UNPROCESSABLE_ENTITY));
    assert_eq!(wrong.html.replace("erika", ""), unknown.html.replace("geheim-im-falschen-Feld", ""));
    assert!(wrong.html.contains("stimmt nicht") && wrong.set_cookie().is_empty());
    let acts = acts(&world).await;
    assert_eq!((acts[0].who.as_str(), acts[1].who.as_str()), ("unknown", "erika"));
    assert!(!format!("{acts:?}").contains("geheim"));
}

#[tokio::test]
async fn who_guesses_has_to_wait_even_with_the_right_password() {
    let world = with_erika(world().await).await;
    for _ in 0..5 {
        let wrong = ask(&world, "/login", Some(&typed("erika", "nicht das Passwort", "/")), &[]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let refused = ask(&world, "/login", Some(&typed("erika", PASSWORD, "/")), &[]).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    let seconds: u32 = refused.headers[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
    assert!((1..=5).contains(&seconds) && refused.html.contains("Zu viele Versuche"));
}

#[tokio::test]
async fn a_cookie_that_somebody_slipped_in_opens_nothing_after_the_log_in() {
    let world = with_erika(world().await).await;
    let first = ask(&world, "/login", Some(&typed("erika", PASSWORD, "/")), &[]).await;
    let second = ask(&world, "/login", Some(&typed("erika", PASSWORD, "/")), &[("cookie", first.cookie())]).await;
    assert_ne!(first.cookie(), second.cookie());
    assert_eq!(ask(&world, "/", None, &[("cookie", first.cookie())]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(ask(&world, "/", None, &[("cookie", second.cookie())]).await.status, StatusCode::OK);
    let foreign = ask(&world, "/login", Some(&typed("erika", PASSWORD, "//evil.example")), &[]).await;
    assert_eq!(foreign.leads_to(), "/");
}

#[tokio::test]
async fn by_tls_the_cookie_is_of_this_host_alone() {
    let world = with_erika(world_with("[service]\npublic_url = \"https://mood.example.org\"").await).await;
    let host = ("host", "mood.example.org");
    let inside = ask(&world, "/login", Some(&typed("erika", PASSWORD, "/")), &[host]).await;
    assert!(inside.set_cookie().starts_with("__Host-stimmung=") && inside.set_cookie().contains("; Secure"));
    assert_eq!(ask(&world, "/", None, &[host, ("cookie", inside.cookie())]).await.status, StatusCode::OK);
    let renamed = inside.cookie().replace("__Host-", "");
    let tossed = ask(&world, "/", None, &[host, ("cookie", &renamed)]).await;
    assert_eq!(tossed.status, StatusCode::SEE_OTHER, "what a neighbouring host can set is no session");
    let foreign = ask(&world, "/login", None, &[("host", "10.0.0.5:8080")]).await;
    assert!(foreign.status == StatusCode::FORBIDDEN && foreign.html.contains("public_url"));
}

#[tokio::test]
async fn another_password_ends_all_sessions_but_this_one() {
    let world = with_erika(world().await).await;
    let log_in = async |password| ask(&world, "/login", Some(&typed("erika", password, "/")), &[]).await;
    let (here, there) = (log_in(PASSWORD).await, log_in(PASSWORD).await);
    let new = "vier Birnen im Schnee";
    let change = async |old: &str, new: &str| {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        let form = form.append_pair("old", old).append_pair("new", new).append_pair("again", new).finish();
        ask(&world, "/account/password", Some(&form), &[("cookie", here.cookie())]).await
    };
    assert_eq!(change("falsch", new).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(change(PASSWORD, "kurz").await.html.contains("mindestens 12 Zeichen"));
    let changed = change(PASSWORD, new).await;
    assert_eq!(changed.leads_to(), "/account?done=password#done");
    for old in [&here, &there] {
        assert_eq!(ask(&world, "/", None, &[("cookie", old.cookie())]).await.status, StatusCode::SEE_OTHER);
    }
    let page = ask(&world, "/account?done=password", None, &[("cookie", changed.cookie())]).await;
    assert!(page.status == StatusCode::OK && page.html.contains("Das Passwort ist geändert"));
    assert_eq!(log_in(PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(log_in(new).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_token_is_shown_once_and_never_allows_more_than_the_account() {
    let world = with_erika(world().await).await;
    let inside = ask(&world, "/login", Some(&typed("erika", PASSWORD, "/")), &[]).await;
    let cookie = [("cookie", inside.cookie())];
    let too_much = ask(&world, "/account/tokens", Some("purpose=x&scope=admin&days=30"), &cookie).await;
    assert_eq!(too_much.status, StatusCode::FORBIDDEN);
    let made = ask(&world, "/account/tokens", Some("purpose=Grafana&scope=read&days=30"), &cookie).await;
    let token = made.html.split("class=\"secret\">").nth(1).unwrap().split('<').next().unwrap();
    assert!(token.starts_with("stimmung_") && made.headers[header::CACHE_CONTROL] == "no-store");
    let bearer = format!("Bearer {token}");
    assert_eq!(ask(&world, "/", None, &[("authorization", &bearer)]).await.status, StatusCode::OK);
    let listed = ask(&world, "/account", None, &cookie).await.html;
    assert!(listed.contains("Grafana") && !listed.contains(token));
}

#[tokio::test]
async fn programs_are_told_what_they_lack_in_json() {
    let world = with_erika(world().await).await;
    let strange = ask(&world, "/accounts", None, &[("authorization", "Bearer x")]).await;
    assert_eq!(strange.status, StatusCode::UNAUTHORIZED);
    assert_eq!(strange.headers[header::CONTENT_TYPE], "application/problem+json");
    let problem: serde_json::Value = serde_json::from_str(&strange.html).unwrap();
    assert_eq!(problem["title"], "Please log in");
    assert_eq!(ask(&world, "/api/nothing", None, &[]).await.headers[header::CONTENT_TYPE], "application/problem+json");
}

#[tokio::test]
async fn without_accounts_only_this_machine_is_answered_and_the_pages_say_so() {
    let world = world().await;
    let page = ask(&world, "/", None, &[]).await;
    assert!(page.status == StatusCode::OK && page.html.contains("Ohne Konten: nur auf diesem Rechner."));
    assert!(ask(&world, "/account", None, &[]).await.html.contains("stimmung user add"));
    let asked_from = async |address: [u8; 4]| {
        let mut request =
            Request::builder().uri("/").header(header::HOST, "127.0.0.1:8080").body(Body::empty()).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from((address, 50_000))));
        world.site.clone().oneshot(request).await.unwrap().status()
    };
    assert_eq!(asked_from([127, 0, 0, 1]).await, StatusCode::OK);
    assert_eq!(asked_from([192, 0, 2, 7]).await, StatusCode::SEE_OTHER);
}
