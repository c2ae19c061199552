//! What is found once is told once, whatever happens in between.

use super::*;
use crate::notify::{Letter, MAIL};
use crate::urgent::{Cause, Urgent};

fn reader(name: &str) -> Reader {
    Reader { channel: MAIL.to_owned(), recipient: format!("{name}@example.org") }
}

fn urgent() -> Urgent {
    Urgent { cause: Cause::Safety, words: vec!["brennt".to_owned()], weight: 0.9 }
}

/// A look that finds everything with "brennt" in it, for these readers; how many of it will be told.
async fn look(store: &Store, readers: &[&str], now: Timestamp) -> Option<usize> {
    let look = store.urgent_look(BRAND, now).await.unwrap();
    let found: Vec<_> =
        look.arrivals.iter().filter(|one| one.text.contains("brennt")).map(|one| (one, urgent())).collect();
    let readers: Vec<Reader> = readers.iter().map(|name| reader(name)).collect();
    store.save_urgent(BRAND, &look, &found, &readers, now).await.unwrap()
}

async fn waiting(store: &Store, name: &str) -> Vec<(i64, String)> {
    let (waiting, _) = store.urgent_waiting(&reader(name)).await.unwrap();
    waiting.into_iter().map(|one| (one.id, one.mention.text)).collect()
}

async fn queue(store: &Store, name: &str, id: &str, told: &[i64], now: Timestamp) -> bool {
    let mail = crate::alert::Mail {
        subject: "Dringend".to_owned(),
        text: "Zitat".to_owned(),
        html: "<p>Zitat</p>".to_owned(),
        picture: None,
    };
    let (channel, to) = (MAIL.to_owned(), reader(name).recipient);
    let letter = Letter { id: id.to_owned(), channel, to, mail, reply_to_thread: None, list: None, written_at: now };
    store.queue_urgent(&letter, told).await.unwrap()
}

/// With a source that has been asked before, and a first look.
async fn listening() -> World {
    let world = world().await;
    save(&world.store, "forum", &[item(mention("0", "Es brennt seit jeher"))], at(0)).await;
    assert_eq!(look(&world.store, &["a"], at(0)).await, Some(0), "what was there before is told to nobody");
    world
}

fn by(author: &str, mention: Mention) -> Item {
    item(Mention { author: Some(Author { key: author.to_owned(), name: author.to_owned() }), ..mention })
}

#[tokio::test]
async fn each_reader_is_told_once_and_who_comes_later_only_of_what_comes_later() {
    let world = listening().await;
    let store = &world.store;
    save(store, "forum", &[item(mention("1", "Hilfe, es brennt")), item(mention("2", "Alles gut"))], at(1)).await;
    assert_eq!(look(store, &["a"], at(1)).await, Some(1));
    let a = waiting(store, "a").await;
    assert_eq!(a.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>(), ["Hilfe, es brennt"]);
    assert!(queue(store, "a", "l1", &[a[0].0], at(1)).await);
    assert_eq!(waiting(store, "a").await, []);
    assert!(!queue(store, "a", "l2", &[a[0].0], at(1)).await, "somebody else was faster");
    save(store, "forum", &[item(mention("3", "Nun brennt auch der Keller"))], at(2)).await;
    assert_eq!(look(store, &["a", "b"], at(2)).await, Some(1));
    assert_eq!((waiting(store, "a").await.len(), waiting(store, "b").await.len()), (1, 1));
    assert_eq!(store.letters_by_state().await.unwrap(), [("queued".to_owned(), 1)]);
}

#[tokio::test]
async fn a_copy_is_told_to_nobody_nor_is_an_edit_of_what_was_told_or_of_a_copy() {
    let world = listening().await;
    let store = &world.store;
    let text = format!("{LONG} Und jetzt brennt auch noch das Gerät.");
    save(store, "forum", &[item(mention("1", &text))], at(1)).await;
    assert_eq!(look(store, &["a"], at(1)).await, Some(1));
    save(store, "press", &[item(mention("0", "Still"))], at(1)).await;
    save(store, "press", &[item(mention("2", &text))], at(2)).await;
    assert_eq!(look(store, &["a"], at(2)).await, Some(0), "a copy");
    save(store, "forum", &[item(mention("1", &format!("{text} Nachtrag: immer noch.")))], at(3)).await;
    save(store, "press", &[item(mention("2", &format!("Es brennt! {text}")))], at(3)).await;
    assert_eq!(look(store, &["a"], at(3)).await, Some(0), "edits");
    assert_eq!(waiting(store, "a").await.len(), 1);
}

#[tokio::test]
async fn a_mention_about_two_brands_is_told_once() {
    let world = listening().await;
    let store = &world.store;
    store.register([&source("forum")], ["Dunkelbahn"]).await.unwrap();
    let other = store.urgent_look("Dunkelbahn", at(0)).await.unwrap();
    store.save_urgent("Dunkelbahn", &other, &[], &[], at(0)).await.unwrap();
    let both = vec![BRAND.to_owned(), "Dunkelbahn".to_owned()];
    save(store, "forum", &[Item { brands: both, ..item(mention("1", "Hier brennt es")) }], at(1)).await;
    assert_eq!(look(store, &["a"], at(1)).await, Some(1));
    let other = store.urgent_look("Dunkelbahn", at(1)).await.unwrap();
    let found = [(&other.arrivals[0], urgent())];
    assert_eq!(store.save_urgent("Dunkelbahn", &other, &found, &[reader("a")], at(1)).await.unwrap(), Some(0));
    assert_eq!(waiting(store, "a").await.len(), 1);
}

#[tokio::test]
async fn an_edit_that_makes_a_mention_urgent_is_told() {
    let world = listening().await;
    let store = &world.store;
    save(store, "forum", &[item(mention("1", "Wird warm"))], at(1)).await;
    assert_eq!(look(store, &["a"], at(1)).await, Some(0));
    save(store, "forum", &[item(mention("1", "Wird warm. Nachtrag: es brennt"))], at(2)).await;
    assert_eq!(look(store, &["a"], at(2)).await, Some(1));
    assert_eq!(look(store, &["a"], at(2)).await, Some(0));
}

#[tokio::test]
async fn what_is_backfill_removed_old_or_long_past_is_told_to_nobody() {
    let world = listening().await;
    let store = &world.store;
    save(store, "press", &[item(mention("1", "Es brennt"))], at(1)).await;
    let old = Mention { published_at: Some(at(-60)), ..mention("2", "Es brennt") };
    save(store, "forum", &[item(old), item(mention("3", "Hier brennt es"))], at(1)).await;
    sqlx::query("UPDATE mention SET removed_at = 1 WHERE native_id = '3'").execute(&store.writer).await.unwrap();
    assert_eq!(look(store, &["a"], at(1)).await, Some(0));
    save(store, "forum", &[item(mention("4", "Dort brennt es"))], at(2)).await;
    assert_eq!(look(store, &["a"], at(2 + 49)).await, Some(0), "nobody has looked for two days");
}

#[tokio::test]
async fn of_two_looks_at_once_one_counts() {
    let world = listening().await;
    let store = &world.store;
    save(store, "forum", &[item(mention("1", "Es brennt"))], at(1)).await;
    let (one, other) = (store.urgent_look(BRAND, at(1)).await.unwrap(), store.urgent_look(BRAND, at(1)).await.unwrap());
    let found = [(&one.arrivals[0], urgent())];
    assert_eq!(store.save_urgent(BRAND, &one, &found, &[reader("a")], at(1)).await.unwrap(), Some(1));
    assert_eq!(store.save_urgent(BRAND, &other, &found, &[reader("a")], at(1)).await.unwrap(), None);
    assert_eq!(waiting(store, "a").await.len(), 1);
}

#[tokio::test]
async fn an_erased_author_is_taken_out_of_letters_and_the_others_in_them_are_told_all_the_same() {
    let world = listening().await;
    let store = &world.store;
    let items = [by("jana", mention("1", "Bei mir brennt es")), by("tom", mention("2", "Bei uns brennt es auch"))];
    save(store, "forum", &items, at(1)).await;
    assert_eq!(look(store, &["a", "b"], at(1)).await, Some(2));
    for (name, letter) in [("a", "sent"), ("b", "queued")] {
        let ids: Vec<i64> = waiting(store, name).await.into_iter().map(|(id, _)| id).collect();
        assert!(queue(store, name, letter, &ids, at(1)).await);
    }
    sqlx::query("UPDATE outbox SET state = 'sent' WHERE id = 'sent'").execute(&store.writer).await.unwrap();
    store.erase_author(&source("forum"), "jana").await.unwrap();
    let letters: Vec<(String, String, String)> =
        sqlx::query_as("SELECT id, text, html FROM outbox").fetch_all(&store.writer).await.unwrap();
    assert_eq!(letters, [("sent".to_owned(), String::new(), String::new())], "the queued one is taken back");
    assert_eq!(waiting(store, "a").await, []);
    let texts: Vec<String> = waiting(store, "b").await.into_iter().map(|(_, text)| text).collect();
    assert_eq!(texts, ["Bei uns brennt es auch"]);
}

#[tokio::test]
async fn only_letters_about_urgent_mentions_are_handed_out_as_such() {
    let world = listening().await;
    let store = &world.store;
    save(store, "forum", &[item(mention("1", "Es brennt"))], at(1)).await;
    look(store, &["a"], at(1)).await;
    let ids: Vec<i64> = waiting(store, "a").await.into_iter().map(|(id, _)| id).collect();
    assert!(queue(store, "a", "urgent", &ids, at(2)).await && queue(store, "b", "other", &[], at(1)).await);
    assert_eq!(store.next_urgent_letter(at(3)).await.unwrap().unwrap().letter.id, "urgent");
    assert_eq!(store.next_urgent_letter(at(3)).await.unwrap(), None);
    assert_eq!(store.next_letter(at(3)).await.unwrap().unwrap().letter.id, "other");
}
