use super::*;
use crate::collect::{Recheck, RecheckLimits};

const LIMITS: RecheckLimits = RecheckLimits { most: 3, days: 30 };

fn days(days: i64) -> Timestamp {
    at(24 * days)
}

async fn save_each(store: &Store, ids: &[&str], now: Timestamp) {
    let items: Vec<Item> = ids.iter().map(|id| item(mention(id, &format!("Nummer {id}")))).collect();
    save(store, "forum", &items, now).await;
}

fn answered(asked: &[&str], there: &[&str], removed: &[&str]) -> Recheck {
    let [asked, there, removed] = [asked, there, removed].map(|ids| ids.iter().map(|id| (*id).to_owned()).collect());
    Recheck { asked, there, removed, ..Recheck::default() }
}

#[tokio::test]
async fn what_was_not_confirmed_for_the_longest_is_looked_up_first_and_nothing_twice_a_day() {
    let world = world().await;
    let (store, forum) = (&world.store, source("forum"));
    save_each(store, &["old"], days(0)).await;
    save_each(store, &["1", "2", "3"], days(10)).await;
    save_each(store, &["4"], days(11)).await;
    save(store, "press", &[item(mention("elsewhere", LONG))], days(0)).await;
    let chosen = async |now| store.to_recheck(&forum, LIMITS, now).await.unwrap();
    assert_eq!(chosen(days(10)).await, ["old"], "the others were shown less than a day ago");
    assert_eq!(chosen(days(12)).await, ["old", "1", "2"]);
    assert_eq!(chosen(days(31)).await, ["1", "2", "3"], "what was first seen too long ago is left");

    store.confirm(&forum, &["1"], days(12)).await.unwrap();
    let learned = answered(&["2", "3"], &[], &["3"]);
    assert_eq!(store.record_recheck(&forum, &learned, days(14), days(13)).await.unwrap(), 1);
    assert_eq!(chosen(days(31)).await, ["4", "1", "2"], "what is gone is not asked for, what is uncertain comes last");
    assert_eq!(store.source(&forum).await.unwrap().recheck_at, Some(days(14)));
}

#[tokio::test]
async fn what_is_gone_leaves_the_figures_and_is_back_once_it_is_shown_again() {
    let world = world().await;
    let (store, forum) = (&world.store, source("forum"));
    save_each(store, &["1", "2"], days(0)).await;
    store.record_recheck(&forum, &answered(&["1", "2"], &["1"], &["2"]), days(2), days(1)).await.unwrap();
    assert_eq!(texts(store).await, ["Nummer 1"]);
    assert_eq!(store.record_recheck(&forum, &answered(&[], &[], &["2"]), days(3), days(2)).await.unwrap(), 0);
    store.confirm(&forum, &["2"], days(3)).await.unwrap();
    assert_eq!(texts(store).await, ["Nummer 1", "Nummer 2"]);
}

#[tokio::test]
async fn what_the_source_confirms_may_be_kept_and_the_rest_goes() {
    let world = world().await;
    let (store, forum) = (&world.store, source("forum"));
    save_each(store, &["shown", "answered", "edited", "forgotten"], days(0)).await;
    store.confirm(&forum, &["shown"], days(20)).await.unwrap();
    store.record_recheck(&forum, &answered(&["answered"], &["answered"], &[]), days(21), days(20)).await.unwrap();
    save(store, "forum", &[item(mention("edited", "Neu"))], days(20)).await;
    let asked_in_vain = answered(&["forgotten"], &[], &[]);
    store.record_recheck(&forum, &asked_in_vain, days(21), days(20)).await.unwrap();
    assert_eq!(store.expire_unconfirmed(&forum, days(0)).await.unwrap(), 0);
    assert_eq!(store.expire_unconfirmed(&forum, days(10)).await.unwrap(), 1);
    assert_eq!(texts(store).await, ["Nummer shown", "Nummer answered", "Neu"]);
    assert_eq!(store.expire(&forum, days(10)).await.unwrap(), 2, "what is kept for a time goes, confirmed or not");
}

#[tokio::test]
async fn what_was_saved_before_confirmations_were_kept_counts_as_confirmed_when_it_last_changed() {
    let world = world().await;
    let (store, forum) = (&world.store, source("forum"));
    save_each(store, &["1"], days(0)).await;
    save(store, "forum", &[item(mention("1", "Neu"))], days(5)).await;
    let migration = include_str!("../../../migrations/0010_recheck.sql");
    let update = migration.split(';').find(|statement| statement.contains("UPDATE mention")).unwrap();
    sqlx::query("UPDATE mention SET confirmed_at = 0").execute(&store.writer).await.unwrap();
    sqlx::query(sqlx::AssertSqlSafe(update)).execute(&store.writer).await.unwrap();
    assert_eq!(store.expire_unconfirmed(&forum, days(5)).await.unwrap(), 0);
    assert_eq!(store.expire_unconfirmed(&forum, days(5).plus_seconds(1)).await.unwrap(), 1);
}
