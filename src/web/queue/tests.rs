use super::*;
use crate::web::tests::{World, text, world};
use axum::http::StatusCode;

async fn with_cases() -> World {
    let world = world().await;
    world.service.cases_once(now()).await.unwrap();
    world
}

fn line(html: &str) -> String {
    text(html).replace('\n', " ")
}

fn cases(html: &str) -> usize {
    html.matches("<article class=\"card case").count()
}

#[tokio::test]
async fn whoever_has_little_time_sees_what_fits_and_what_does_not() {
    let world = with_cases().await;
    let (status, html) = world.get("/queue").await;
    assert_eq!(status, StatusCode::OK);
    let known = world.service.store.cases(&Filter::default(), now()).await.unwrap().len();
    assert!((4..=5).contains(&known), "upset reviews of the last two weeks, and a copy or none among them");
    assert_eq!(cases(&html), known);
    let said = line(&html);
    assert!(said.contains(&format!("Minuten: diese {known}")) && said.contains("ein Stern"), "{said}");
    let said = line(&world.get("/queue?minutes=12").await.1);
    assert!(said.contains("In 10 Minuten: diese 2") && said.contains("Passt nicht mehr hinein"), "{said}");
    assert!(said.contains("kommt zurück") && said.contains("Antworten sind überfällig"), "{said}");
    assert!(line(&world.get("/queue?minutes=2").await.1).contains("In so kurzer Zeit"));
}

#[tokio::test]
async fn what_was_put_off_comes_back_when_its_time_has_come() {
    use crate::account::Actor;
    use crate::store::outreach::Change;
    let world = with_cases().await;
    let (filter, now) = (Filter::default(), now());
    let site = Site::new(world.service.clone());
    let order = async |now| ranked(&site, &filter, now).await.unwrap().1.iter().map(|one| one.id).collect::<Vec<_>>();
    let all = order(now).await;
    let until = now.plus_seconds(3600);
    let snooze = Change::Snooze(until);
    world.service.store.change_case(all[0], &snooze, &Actor::command_line(), now).await.unwrap().unwrap();
    assert_eq!(order(now).await, all[1..], "at once, though it was known");
    assert!(order(until).await.contains(&all[0]), "without anybody writing anything");
    let listed = shown(&site, ranked(&site, &filter, until).await.unwrap().1.iter(), until).await.unwrap();
    assert_eq!(listed.len(), all.len());
}

#[tokio::test]
async fn an_empty_queue_says_what_to_do() {
    let world = with_cases().await;
    assert!(line(&world.get("/queue?severity=urgent").await.1).contains("Zu dieser Auswahl wartet niemand."));
    assert!(line(&world.get("/queue?view=solved").await.1).contains("Kein Fall."));
}

#[tokio::test]
async fn who_is_to_be_asked_again_is_announced_and_found() {
    let world = with_cases().await;
    let store = &world.service.store;
    let all = store.cases(&Filter::default(), now()).await.unwrap();
    let actor = crate::account::Actor::unknown();
    for (one, days) in all.iter().zip([-1, -3, 2]) {
        let solve = crate::store::outreach::Change::Solve(now().plus_seconds(days * 86_400));
        store.change_case(one.case.id, &solve, &actor, now()).await.unwrap().unwrap();
    }
    let html = world.get("/queue").await.1;
    assert!(line(&html).contains("2 Nachfragen sind fällig") && html.contains("/queue?view=follow_up"));
    let html = world.get("/queue?view=follow_up").await.1;
    assert_eq!(cases(&html), 2);
    let said = line(&html);
    assert!(said.contains("Nachfrage überfällig seit 3 Tagen") && !said.contains("sind fällig"), "{said}");
    let place = |at: usize| html.find(&format!("/cases/{}", all[at].case.id)).unwrap();
    assert!(place(1) < place(0), "whoever has waited longest comes first");
    let (_, html) = world.get("/queue?view=solved").await;
    assert!(cases(&html) == 3 && line(&html).contains("Nachfrage fällig in"), "{}", line(&html));
}

#[test]
fn what_cannot_be_read_filters_nothing() {
    let asked = Asked::parse("view=answered&minutes=15&severity=high&mine=yes");
    assert_eq!((asked.view, asked.minutes, asked.severity, asked.is_mine), (1, 15, Some(Severity::High), true));
    assert_eq!(Asked::parse("view=x&minutes=0&severity=x&brand="), Asked::parse(""));
}
