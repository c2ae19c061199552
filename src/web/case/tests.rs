use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};

use axum::http::StatusCode;

use crate::account::Role;
use crate::http::site::{Site, answer};
use crate::service::{Published, now};
use crate::store::outreach::Filter;
use crate::web::rights::{account, cookie};
use crate::web::tests::{Asked, World, text, world, world_with};

pub(super) async fn with_cases() -> (World, i64) {
    with_cases_of(world().await).await
}

async fn with_cases_of(world: World) -> (World, i64) {
    world.service.cases_once(now()).await.unwrap();
    let all = world.service.store.cases(&Filter::default(), now()).await.unwrap();
    let id = all.last().unwrap().case.id;
    (world, id)
}

async fn somebody(world: &World, name: &str) -> String {
    let account = account(world, name, Role::Agent).await;
    cookie(world, &account, now()).await.1
}

async fn send(world: &World, id: i64, form: &str, cookie: &str) -> String {
    let asked = Asked::send("POST", &format!("/cases/{id}"), form)
        .with("content-type", "application/x-www-form-urlencoded")
        .with("cookie", cookie);
    let answer = world.ask(asked).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    answer.headers["location"].to_str().unwrap().to_owned()
}

async fn look(world: &World, id: i64, cookie: &str) -> String {
    let page = world.ask(Asked::get(&format!("/cases/{id}")).with("cookie", cookie)).await.body;
    text(&page).replace('\n', " ")
}

#[tokio::test]
async fn of_two_who_claim_a_case_one_answers_and_the_other_is_told() {
    let (world, id) = with_cases().await;
    let (erika, max) = (somebody(&world, "erika").await, somebody(&world, "max").await);
    assert_eq!(send(&world, id, "do=claim", &erika).await, format!("/cases/{id}?done=done"));
    assert_eq!(send(&world, id, "do=claim", &max).await, format!("/cases/{id}?done=taken"));
    let said = look(&world, id, &max).await;
    assert!(said.contains("Diesen Fall hat erika übernommen") && !said.contains("Ihre Antwort"), "{said}");
    let mention = world.service.store.case_mentions(id).await.unwrap()[0];
    let answer = format!("do=answer&mention={mention}&text=Guten+Tag%2C+das+war+zu+sp%C3%A4t.");
    assert_eq!(send(&world, id, &answer, &max).await, format!("/cases/{id}?done=taken"));
    assert_eq!(world.service.store.answers(id).await.unwrap(), []);
    assert_eq!(send(&world, id, &answer, &erika).await, format!("/cases/{id}?done=done"));
    let said = look(&world, id, &erika).await;
    assert!(said.contains("Guten Tag, das war zu spät.") && said.contains("beantwortet"), "{said}");
}

#[tokio::test]
async fn what_happened_to_a_case_is_told_with_who_did_it() {
    let (world, id) = with_cases().await;
    let erika = somebody(&world, "erika").await;
    for form in [
        "do=note&text=Am+Telefon%3A+zwei+Mails+ohne+Antwort",
        "do=promise&text=Erstattung&until=2999-01-01",
        "do=solve",
        "do=follow_up&text=alles+gut",
    ] {
        assert_eq!(send(&world, id, form, &erika).await, format!("/cases/{id}?done=done"), "{form}");
    }
    let said = look(&world, id, &erika).await;
    for expected in [
        "erika hat notiert: Am Telefon: zwei Mails ohne Antwort",
        "hat zugesagt: Erstattung",
        "hat nachgefragt: alles gut",
    ] {
        assert!(said.contains(expected), "{said}");
    }
    assert_eq!(send(&world, id, "do=solve", &erika).await, format!("/cases/{id}?done=state"));
    let acts = world.service.store.acts(None, 50).await.unwrap();
    assert!(acts.iter().any(|one| one.subject == format!("case {id}") && one.action == "look"));
}

#[tokio::test]
async fn what_cannot_be_done_is_refused_in_words() {
    let (world, id) = with_cases().await;
    for (form, said) in [
        ("do=note&text=+", "Schreiben Sie etwas"),
        ("do=fly", "unvollständig"),
        ("do=hand_over&to=nobody", "Dieses Konto gibt es nicht"),
        ("do=dismiss&reason=bored", "unvollständig"),
        ("do=snooze&until=soon", "unvollständig"),
    ] {
        let (status, html) = world.post(&format!("/cases/{id}"), form).await;
        assert!(status.is_client_error() && text(&html).contains(said), "{form}: {status} {}", text(&html));
    }
    assert_eq!(world.get("/cases/999999").await.0, StatusCode::NOT_FOUND);
}

/// Trustpilot with one review, which takes answers as long as it is `well`; what was answered.
async fn trustpilot(well: Arc<AtomicBool>) -> (Site, mpsc::Receiver<String>) {
    let (told, hear) = mpsc::channel();
    let told = Mutex::new(told);
    let json = |body: &str| answer("200 OK", "Content-Type: application/json\r\n", body.as_bytes());
    let review = format!(
        r#"{{"reviews":[{{"id":"t1","stars":1,"text":"Die Lerchenbahn antwortet auf nichts!","createdAt":"{}"}}]}}"#,
        now().plus_seconds(-3600)
    );
    let site = Site::start(move |asked| match (asked.path.as_str(), well.load(Ordering::SeqCst)) {
        ("/v1/oauth/oauth-business-users-for-applications/accesstoken", _) => json(r#"{"access_token":"token"}"#),
        ("/v1/private/reviews/t1/reply", true) => {
            told.lock().unwrap().send(asked.body.clone()).unwrap();
            answer("201 Created", "", b"{}")
        }
        ("/v1/private/reviews/t1/reply", false) => answer("403 Forbidden", "", b"{}"),
        _ => json(&review),
    })
    .await;
    (site, hear)
}

#[tokio::test]
async fn an_answer_is_published_when_somebody_else_has_read_it() {
    let well = Arc::new(AtomicBool::new(false));
    let (site, hear) = trustpilot(well.clone()).await;
    let more = format!(
        "[outreach]\nsecond_pair_of_eyes = true\n[[source]]\nid = \"stars\"\nevery = \"1h\"\n\
         allow_private_network = true\nfrom.trustpilot = {{ business_unit = \"4bdf2a0000640005050c1e2a\", \
         key_env = \"CARGO_PKG_NAME\", business_user = \"5f01\", secret_env = \"CARGO_PKG_NAME\", base = \"{}\" }}\n",
        site.url("/")
    );
    let world = world_with(&more).await;
    let service = &world.service;
    service.collect_once(&service.source("stars").unwrap(), now()).await.unwrap();
    service.cases_once(now()).await.unwrap();
    let listed = service.store.cases(&Filter::default(), now()).await.unwrap();
    let case = listed.iter().find(|one| one.source == "stars").unwrap();
    let (id, mention) = (case.case.id, case.mention_id);
    let (erika, max) = (somebody(&world, "erika").await, somebody(&world, "max").await);
    assert!(look(&world, id, &erika).await.contains("Zur Prüfung geben"));
    let publish = format!("do=publish&mention={mention}&text=Guten+Tag%2C+das+war+zu+sp%C3%A4t.");
    assert_eq!(send(&world, id, &publish, &erika).await, format!("/cases/{id}?done=done"));
    let said = look(&world, id, &erika).await;
    assert!(said.contains("wartet auf ein zweites Augenpaar") && said.contains("Zurückziehen"), "{said}");
    let answer = service.store.answers(id).await.unwrap()[0].id;
    let approve = format!("do=approve&answer={answer}");
    assert_eq!(send(&world, id, &approve, &erika).await, format!("/cases/{id}?done=own"));
    let queue = world.ask(Asked::get("/queue").with("cookie", &max)).await.body;
    assert!(text(&queue).replace('\n', " ").contains("Eine Antwort wartet auf ein zweites Augenpaar"));
    assert_eq!(send(&world, id, &approve, &max).await, format!("/cases/{id}?done=done"));
    assert_eq!(service.publish_once(now()).await.unwrap().failed, 1);
    let said = look(&world, id, &erika).await;
    assert!(said.contains("nicht veröffentlicht") && said.contains("403"), "{said}");
    well.store(true, Ordering::SeqCst);
    assert_eq!(send(&world, id, &format!("do=retry&answer={answer}"), &erika).await, format!("/cases/{id}?done=done"));
    service.store.set_full("answer", true).await;
    service.publish_once(now()).await.unwrap_err();
    service.store.set_full("answer", false).await;
    hear.recv().expect("it has arrived, and nobody could write that down");
    assert_eq!(service.publish_once(now()).await.unwrap().sent, 1);
    assert_eq!(hear.recv().unwrap(), r#"{"authorBusinessUserId":"5f01","message":"Guten Tag, das war zu spät."}"#);
    let said = look(&world, id, &erika).await;
    assert!(said.contains("freigegeben von max") && said.contains("beantwortet"), "{said}");
    assert_eq!(service.publish_once(now()).await.unwrap(), Published::default());
    assert!(hear.try_recv().is_err(), "no more");
}
