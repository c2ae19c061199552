use axum::http::StatusCode;

use super::super::tests::with_cases;
use crate::mention::Label;
use crate::service::now;
use crate::web::tests::{Answered, Asked, World, text};

async fn send(world: &World, address: &str, fields: &[(&str, &str)]) -> Answered {
    let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let asked = Asked::send("POST", address, &form).with("content-type", "application/x-www-form-urlencoded");
    world.ask(asked).await
}

async fn mention_of(world: &World, id: i64) -> String {
    world.service.store.case_mentions(id).await.unwrap()[0].to_string()
}

const COLD: &str = "Das ist leider so. Hätten Sie den Aushang gelesen, wüssten Sie es.";

const WARM: &str =
    "Guten Tag, zwanzig Minuten sind zu lang. Ab Montag fährt zwischen Lindow und Jarlow ein zweiter Zug mit.";

#[tokio::test]
async fn an_answer_is_shown_once_more_with_what_to_look_at_and_can_be_sent_all_the_same() {
    let (world, id) = with_cases().await;
    let mention = mention_of(&world, id).await;
    let fields = [("do", "answer"), ("mention", mention.as_str()), ("template", "a.de@1"), ("text", COLD)];
    let page = send(&world, &format!("/cases/{id}/check"), &fields).await;
    let said = text(&page.body);
    assert_eq!(page.status, StatusCode::OK, "{said}");
    assert!(page.body.contains(COLD) && page.body.contains("value=\"a.de@1\""), "the text is kept: {said}");
    for expected in ["Beginnen Sie mit einem Gruß", "Glauben Sie der Schilderung", "Hätten Sie den Aushang gelesen"] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
    assert!(said.contains("Trotzdem kopieren"), "{said}");
    assert_eq!(world.service.store.answers(id).await.unwrap(), []);
    let kept = send(&world, &format!("/cases/{id}"), &fields).await;
    assert_eq!((kept.status, world.service.store.answers(id).await.unwrap().len()), (StatusCode::SEE_OTHER, 1));
}

#[tokio::test]
async fn an_answer_with_nothing_to_say_about_it_goes_on_to_where_it_was_going() {
    let (world, id) = with_cases().await;
    let mention = mention_of(&world, id).await;
    let check = format!("/cases/{id}/check");
    let answer = send(&world, &check, &[("do", "answer"), ("mention", &mention), ("text", WARM)]).await;
    assert_eq!(answer.status, StatusCode::TEMPORARY_REDIRECT, "{}", text(&answer.body));
    assert_eq!(answer.headers["location"], format!("/cases/{id}"));
    let page = send(&world, &check, &[("do", "check"), ("mention", &mention), ("text", WARM)]).await;
    assert!(text(&page.body).contains("Nichts ist aufgefallen"), "{}", text(&page.body));
    assert!(page.body.contains(WARM));
}

#[tokio::test]
async fn a_sentence_that_somebody_else_was_sent_is_told() {
    let (world, id) = with_cases().await;
    world.say("forum", "other", "Die Lerchenbahn war heute eine Frechheit.", Label::Negative, now()).await;
    world.service.cases_once(now()).await.unwrap();
    let all = world.service.store.cases(&Default::default(), now()).await.unwrap();
    let other = all.iter().map(|one| one.case.id).find(|other| *other != id).unwrap();
    let mention = mention_of(&world, other).await;
    send(&world, &format!("/cases/{other}"), &[("do", "answer"), ("mention", &mention), ("text", WARM)]).await;
    assert_eq!(world.service.store.answers(other).await.unwrap().len(), 1);
    let mention = mention_of(&world, id).await;
    let fragment = send(&world, &format!("/cases/{id}/warnings"), &[("mention", &mention), ("text", WARM)]).await;
    assert!(text(&fragment.body).contains("Diesen Satz hat schon jemand anders bekommen"), "{}", fragment.body);
    assert!(!fragment.body.contains("<textarea"), "the warnings alone: {}", fragment.body);
}

#[tokio::test]
async fn what_somebody_writes_into_an_answer_is_words_and_nothing_else() {
    let (world, id) = with_cases().await;
    let mention = mention_of(&world, id).await;
    let hostile = "Leider </textarea></q><script>alert(1)</script> \"><img src=x onerror=alert(1)> sie@kunde.example";
    let fields = [("do", "check"), ("mention", mention.as_str()), ("template", "\"><script>"), ("text", hostile)];
    for address in [format!("/cases/{id}/check"), format!("/cases/{id}/warnings")] {
        let page = send(&world, &address, &fields).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(text(&page.body).contains("Bitte noch einmal ansehen"), "{}", page.body);
        assert!(!page.body.contains("<script>") && !page.body.contains("<img"), "{}", page.body);
    }
}

#[tokio::test]
async fn a_mention_of_another_case_and_an_empty_answer_are_refused() {
    let (world, id) = with_cases().await;
    let mention = mention_of(&world, id).await;
    for address in [format!("/cases/{id}/check"), format!("/cases/{id}/warnings")] {
        let other = send(&world, &address, &[("mention", "999999"), ("text", WARM)]).await;
        assert_eq!(other.status, StatusCode::NOT_FOUND);
        let empty = send(&world, &address, &[("mention", &mention), ("text", " \n")]).await;
        assert!(empty.status.is_client_error() && text(&empty.body).contains("Schreiben Sie etwas"));
    }
}
