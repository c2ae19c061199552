use axum::http::StatusCode;

use crate::account::Role;
use crate::service::now;
use crate::store::outreach::Filter;
use crate::web::rights::{account, cookie};
use crate::web::tests::{Asked, World, text, world};

pub(super) async fn with_cases() -> (World, i64) {
    let world = world().await;
    world.service.cases_once(now()).await.unwrap();
    let all = world.service.store.cases(&Filter::default(), |_| 0.2, now()).await.unwrap();
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
