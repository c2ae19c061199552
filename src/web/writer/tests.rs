use axum::http::StatusCode;

use crate::account::Actor;
use crate::mention::{Label, Language};
use crate::outreach::survey::Score;
use crate::service::now;
use crate::web::tests::{text, world};

#[tokio::test]
async fn a_person_is_handed_everything_and_then_nothing_of_them_is_left() {
    let world = world().await;
    world.say("forum", "zz9", "Die Lerchenbahn hat mich im Regen stehen lassen.", Label::Negative, now()).await;
    world.service.cases_once(now()).await.unwrap();
    let store = &world.service.store;
    let (_, html) = world.get("/mentions?q=Regen").await;
    let id: i64 = html.split("author=").nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
    let case = store.cases_of(id).await.unwrap()[0];
    world.post(&format!("/cases/{case}"), "do=note&text=Frau+jana_zz9+rief+an").await;
    world.post(&format!("/cases/{case}"), "do=solve").await;
    let asker = Actor::unknown();
    let survey = store.ask(case, Language::GERMAN, |_| None, &asker, now()).await.unwrap().unwrap().id;
    store.rate(survey, Score::ALL[0], Some("Danke sagt jana_zz9"), now()).await.unwrap();
    let other = store.cases_of(1).await.unwrap();
    assert!(!other.contains(&case));
    let elsewhere = store.cases(&crate::store::outreach::Filter::default(), now()).await.unwrap();
    let elsewhere = elsewhere.iter().find(|one| one.case.id != case).unwrap().case.id;
    world.post(&format!("/cases/{elsewhere}"), "do=note&text=Wohnt+bei+JANA_zz9").await;

    let (status, copy) = world.get(&format!("/writers/{id}/export")).await;
    assert_eq!(status, StatusCode::OK);
    let copy: serde_json::Value = serde_json::from_str(&copy).unwrap();
    assert_eq!(copy["handles"][0]["name"], "jana_zz9");
    assert_eq!(copy["mentions"][0]["versions"][0]["text"], "Die Lerchenbahn hat mich im Regen stehen lassen.");
    assert_eq!(copy["cases"][0]["events"][1]["detail"], "Frau jana_zz9 rief an");
    let survey = &copy["cases"][0]["surveys"][0];
    assert_eq!((survey["score"].as_i64(), survey["comment"].as_str()), (Some(5), Some("Danke sagt jana_zz9")));

    let (status, receipt) = world.post(&format!("/writers/{id}/erase"), "").await;
    assert_eq!(status, StatusCode::OK);
    let said = text(&receipt).replace('\n', " ");
    assert!(said.contains("Erwähnungen 1 Fälle 1") && said.contains("anderen Notizen und Antworten 1"), "{said}");
    assert!(!receipt.to_lowercase().contains("jana_zz9"));
    let events = store.case_events(elsewhere).await.unwrap();
    assert_eq!(events.last().unwrap().detail, "Wohnt bei …");
    assert_eq!(world.get(&format!("/writers/{id}/export")).await.0, StatusCode::NOT_FOUND);
    for folder in std::fs::read_dir(world.folder()).unwrap() {
        let file = folder.unwrap().path();
        let bytes = if file.is_file() { std::fs::read(&file).unwrap() } else { Vec::new() };
        let found = bytes.windows(8).any(|part| part.eq_ignore_ascii_case(b"jana_zz9"));
        assert!(!found, "{}", file.display());
    }
}
