//! The log of deliveries.

use super::*;
use crate::alert::Mail;
use crate::notify::{Attempt, Delivery, Fate, Letter, MAIL};

async fn queue(store: &Store, id: &str, now: Timestamp) {
    let mail = Mail { subject: String::new(), text: String::new(), html: String::new(), picture: None };
    let (channel, to) = (MAIL.to_owned(), "Erika <erika@example.org>".to_owned());
    let letter = Letter { id: id.to_owned(), channel, to, mail, reply_to_thread: None, list: None, written_at: now };
    let mut connection = store.writer.acquire().await.unwrap();
    outbox::insert(&mut connection, None, &letter).await.unwrap();
}

async fn send(store: &Store, now: Timestamp) {
    let entry = store.next_letter(now).await.unwrap().unwrap();
    let attempt = Attempt { code: Some(250), ..Delivery::Sent.into() };
    store.settle(&entry, &attempt, Fate::Sent, now).await.unwrap();
}

#[tokio::test]
async fn an_attempt_is_forgotten_after_90_days_and_no_sooner() {
    let world = world().await;
    let store = &world.store;
    for day in [0, 1, 91] {
        queue(store, &format!("letter-{day}"), at(day * 24)).await;
        send(store, at(day * 24)).await;
    }
    let tried = store.deliveries(50, false).await.unwrap();
    assert_eq!(tried.iter().map(|one| one.began_at).collect::<Vec<_>>(), [at(24), at(91 * 24)]);
    assert_eq!(tried[0].recipient.as_deref(), Some("e…@example.org"));
    assert_eq!(tried[0].kind, None, "it tells of no finding");
}

#[tokio::test]
async fn an_attempt_that_two_programs_settle_is_there_once_as_the_later_says() {
    let world = world().await;
    let store = &world.store;
    queue(store, "letter", at(0)).await;
    let entry = store.next_letter(at(0)).await.unwrap().unwrap();
    let error = "the service stopped while it was being sent".to_owned();
    store.settle(&entry, &Delivery::Unknown { error }.into(), Fate::Waiting { until: at(1) }, at(0)).await.unwrap();
    store.settle(&entry, &Delivery::Sent.into(), Fate::Sent, at(0)).await.unwrap();
    let tried = store.deliveries(50, false).await.unwrap();
    assert_eq!(tried.iter().map(|one| one.outcome.as_str()).collect::<Vec<_>>(), ["sent"]);
    assert_eq!(store.deliveries(50, true).await.unwrap(), []);
}

#[tokio::test]
async fn what_became_of_a_letter_that_is_gone_is_no_trouble() {
    let world = world().await;
    let store = &world.store;
    queue(store, "a", at(0)).await;
    let entry = store.next_letter(at(0)).await.unwrap().unwrap();
    sqlx::query("DELETE FROM outbox").execute(&store.writer).await.unwrap();
    store.settle(&entry, &Delivery::Sent.into(), Fate::Sent, at(0)).await.unwrap();
    assert_eq!(store.deliveries(9, false).await.unwrap(), []);
}
