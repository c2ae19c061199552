//! Accounts and the links to them, asked through the router.

use axum::http::{StatusCode, header};
use url::form_urlencoded;

use crate::account::{Right, Role};
use crate::service::now;
use crate::web::rights::{account, bearer, cookie};
use crate::web::tests::{Answered, Asked, World, text, world};

const PASSWORD: &str = "drei Aepfel im Regen";

fn form(address: &str, pairs: &[(&str, &str)], cookie: &str) -> Asked {
    let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let asked = Asked::send("POST", address, &form).with("content-type", "application/x-www-form-urlencoded");
    asked.with("cookie", cookie)
}

/// The path of the link that a page shows.
fn link(answer: &Answered) -> String {
    let address = answer.body.split("class=\"secret\">").nth(1).unwrap().split('<').next().unwrap();
    address.strip_prefix("http://127.0.0.1:8080").unwrap().to_owned()
}

async fn choose(world: &World, link: &str, password: &str) -> Answered {
    world.ask(form(link, &[("new", password), ("again", password)], "")).await
}

async fn log_in(world: &World, name: &str, password: &str) -> StatusCode {
    world.ask(form("/login", &[("name", name), ("password", password)], "")).await.status
}

/// The cookie of somebody new who administers.
async fn admin(world: &World) -> String {
    let admin = account(world, "admin", Role::Admin).await;
    cookie(world, &admin, now()).await.1
}

#[tokio::test]
async fn whoever_is_invited_chooses_their_own_password_by_a_link_that_is_shown_and_used_once() {
    let world = world().await;
    let admin = admin(&world).await;
    let new = [("name", "Erika@Example.org"), ("shown_name", "Erika M."), ("role", "agent")];
    let made = world.ask(form("/accounts", &new, &admin)).await;
    assert_eq!((made.status, &made.headers[header::CACHE_CONTROL]), (StatusCode::OK, &"no-store".parse().unwrap()));
    let link = link(&made);
    let list = world.ask(Asked::get("/accounts").with("cookie", &admin)).await.body;
    assert!(list.contains("Erika M.") && list.contains("Link gilt bis") && !list.contains(&link));

    let page = world.ask(Asked::get(&link)).await;
    assert!(page.status == StatusCode::OK && text(&page.body).contains("Willkommen, Erika M."), "{}", page.body);
    assert!(page.body.contains("value=\"erika@example.org\""));
    assert_eq!(choose(&world, &link, "kurz").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let chosen = choose(&world, &link, PASSWORD).await;
    assert_eq!((chosen.status, &chosen.headers[header::LOCATION]), (StatusCode::SEE_OTHER, &"/".parse().unwrap()));
    let session = chosen.headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap();
    assert!(world.ask(Asked::get("/account").with("cookie", session)).await.body.contains("Erika M."));
    assert_eq!(log_in(&world, "erika@example.org", PASSWORD).await, StatusCode::SEE_OTHER);

    assert_eq!(choose(&world, &link, "vier Birnen im Schnee").await.status, StatusCode::GONE);
    let over = world.ask(Asked::get(&link)).await;
    assert!(over.status == StatusCode::GONE && over.body.contains("Dieser Link gilt nicht mehr"));
    let acts = world.service.store.acts(None, 20).await.unwrap();
    let lines: Vec<_> = acts.iter().rev().map(|act| (act.who.as_str(), act.action.as_str())).collect();
    let erika = "erika@example.org";
    let expected = [
        ("admin", "add account"),
        ("admin", "make link"),
        (erika, "change password"),
        (erika, "log-in"),
        (erika, "log-in"),
    ];
    assert!(lines.ends_with(&expected), "{lines:?}");
    assert!(!format!("{acts:?}").contains(link.trim_start_matches("/invitation/")));
}

#[tokio::test]
async fn a_new_link_is_the_way_back_for_a_forgotten_password_and_ends_what_was_open() {
    let world = world().await;
    let (admin, erika) = (admin(&world).await, account(&world, "erika", Role::Agent).await);
    let (_, open) = cookie(&world, &erika, now()).await;
    let make = async || {
        let made = world.ask(form(&format!("/accounts/{}/link", erika.id), &[], &admin)).await;
        link(&made)
    };
    let (first, second) = (make().await, make().await);
    assert_eq!(world.ask(Asked::get(&first)).await.status, StatusCode::GONE, "the second took its place");
    assert_eq!(world.ask(Asked::get("/").with("cookie", &open)).await.status, StatusCode::OK, "nobody used it yet");
    assert_eq!(choose(&world, &second, PASSWORD).await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.ask(Asked::get("/").with("cookie", &open)).await.status, StatusCode::SEE_OTHER);
    assert_eq!(log_in(&world, "erika", PASSWORD).await, StatusCode::SEE_OTHER);
    assert_eq!(world.ask(form("/accounts/999/link", &[], &admin)).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_first_account_is_an_admin_and_from_then_on_everybody_has_to_log_in() {
    let world = world().await;
    assert!(world.get("/account").await.1.contains("href=\"/accounts\""));
    let reader = world.ask(form("/accounts", &[("name", "erika"), ("shown_name", ""), ("role", "reader")], "")).await;
    assert!(reader.status == StatusCode::UNPROCESSABLE_ENTITY && reader.body.contains("Das erste Konto"));
    let made = world.ask(form("/accounts", &[("name", "erika"), ("shown_name", " "), ("role", "admin")], "")).await;
    assert_eq!(made.status, StatusCode::OK);
    assert_eq!(world.get("/").await.0, StatusCode::SEE_OTHER);
    assert_eq!(choose(&world, &link(&made), PASSWORD).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn no_account_is_made_without_a_fit_name_of_its_own() {
    let world = world().await;
    let admin = admin(&world).await;
    let long = "x".repeat(81);
    for (name, shown_name, said) in [
        ("Erika Mustermann", "", "Der Name darf aus"),
        ("Admin", "", "gibt es schon ein Konto"),
        ("erika", long.as_str(), "mehr als 80 Zeichen"),
    ] {
        let pairs = [("name", name), ("shown_name", shown_name), ("role", "reader")];
        let answer = world.ask(form("/accounts", &pairs, &admin)).await;
        assert!(answer.status == StatusCode::UNPROCESSABLE_ENTITY && answer.body.contains(said), "{name}");
    }
    assert_eq!(world.service.store.accounts().await.unwrap().len(), 1);
}

#[tokio::test]
async fn no_program_makes_itself_a_door() {
    let world = world().await;
    let admin = account(&world, "admin", Role::Admin).await;
    let (name, token) = bearer(&world, &admin, Right::Administer).await;
    for address in ["/accounts".to_owned(), format!("/accounts/{}/link", admin.id)] {
        let pairs = [("name", "erika"), ("shown_name", ""), ("role", "admin")];
        let answer = world.ask(form(&address, &pairs, "").with(name, &token)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{address}");
    }
    assert!(world.service.store.open_links(now()).await.unwrap().is_empty());
}

#[tokio::test]
async fn who_guesses_links_has_to_wait() {
    let world = world().await;
    let guess = async |link: &str| choose(&world, link, PASSWORD).await.status;
    for _ in 0..5 {
        assert_eq!(guess("/invitation/x").await, StatusCode::GONE);
    }
    assert_eq!(guess("/invitation/x").await, StatusCode::TOO_MANY_REQUESTS);
}
