use futures_util::TryStreamExt as _;
use tempfile::TempDir;

use super::*;
use crate::analyse::{Analysis, Mood, Reason};
use crate::collect::Cursor;
use crate::http::Validators;
use crate::mention::{Author, Label, Language, Mention, Rating, SourceId, Timestamp};

const BRAND: &str = "Hellbahn";
const LONG: &str = "Seit dem Update komme ich nicht mehr in die App, das Passwort wird einfach nicht mehr angenommen.";

/// A database in a folder of its own, with two sources and a brand.
struct World {
    _folder: TempDir,
    path: PathBuf,
    store: Store,
}

async fn world() -> World {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db");
    let store = Store::open(&path).await.unwrap();
    store.register([&source("forum"), &source("press")], [BRAND]).await.unwrap();
    World { _folder: folder, path, store }
}

fn source(id: &str) -> SourceId {
    SourceId::parse(id).unwrap()
}

fn at(hours: i64) -> Timestamp {
    Timestamp::from_seconds(1_750_000_000 + hours * 3600)
}

fn mention(id: &str, text: &str) -> Mention {
    Mention {
        native_id: id.to_owned(),
        author: Some(Author { key: "u1".to_owned(), name: "jana_k".to_owned() }),
        text: text.to_owned(),
        rating: Some(Rating::stars(1.0)),
        published_at: Some(at(0)),
        ..Mention::default()
    }
}

fn item(mention: Mention) -> Item {
    let why = vec![Reason { words: "nicht mehr".to_owned(), weight: -1.5 }];
    let mood = Mood { label: Label::Negative, score: -0.8, probabilities: [0.85, 0.1, 0.05], why };
    let analysis = Analysis { language: Some(Language::GERMAN), mood: Some(mood), ..Analysis::default() };
    Item { mention, analysis, brands: vec![BRAND.to_owned()] }
}

fn cursor(etag: &str) -> Cursor {
    Cursor { validators: Validators { etag: Some(etag.to_owned()), last_modified: None }, ..Cursor::default() }
}

async fn save(store: &Store, id: &str, items: &[Item], now: Timestamp) -> Saved {
    store.save(&source(id), items, Some((&cursor("e"), now.plus_seconds(600))), true, now).await.unwrap()
}

async fn texts(store: &Store) -> Vec<String> {
    store.records(None, None).map_ok(|record| record.text).try_collect().await.unwrap()
}

#[tokio::test]
async fn what_is_saved_twice_is_there_once() {
    let world = world().await;
    let items = [item(mention("1", "Endlich pünktlich")), item(mention("2", "Wieder zu spät"))];
    assert_eq!(save(&world.store, "forum", &items, at(1)).await, Saved { new: 2, edited: 0, copies: 0 });
    assert_eq!(save(&world.store, "forum", &items, at(2)).await, Saved::default());
    assert_eq!(texts(&world.store).await, ["Endlich pünktlich", "Wieder zu spät"]);
}

#[tokio::test]
async fn an_id_that_comes_twice_in_one_batch_is_taken_once() {
    let world = world().await;
    let items = [item(mention("1", "Erste Fassung")), item(mention("1", "Zweite Fassung"))];
    assert_eq!(save(&world.store, "forum", &items, at(1)).await.new, 1);
    assert_eq!(texts(&world.store).await, ["Erste Fassung"]);
}

#[tokio::test]
async fn only_what_is_new_or_different_has_to_be_looked_at() {
    let world = world().await;
    save(&world.store, "forum", &[item(mention("1", "Wie immer"))], at(1)).await;
    let batch = vec![mention("1", "Wie immer"), mention("2", "Neu"), mention("1", "Anders")];
    let changed = world.store.changed(&source("forum"), batch.clone()).await.unwrap();
    assert_eq!(changed, batch[1..]);
}

#[tokio::test]
async fn an_edit_makes_a_revision_and_keeps_the_old_one() {
    let world = world().await;
    save(&world.store, "forum", &[item(mention("1", "Furchtbar"))], at(1)).await;
    let better = Mention { rating: Some(Rating::stars(5.0)), ..mention("1", "Jetzt geht alles") };
    assert_eq!(save(&world.store, "forum", &[item(better)], at(2)).await, Saved { new: 0, edited: 1, copies: 0 });
    assert_eq!(texts(&world.store).await, ["Jetzt geht alles"]);
    let ratings: Vec<f64> =
        sqlx::query_scalar("SELECT rating FROM revision ORDER BY id").fetch_all(&world.store.reader).await.unwrap();
    assert_eq!(ratings, [1.0, 5.0]);
}

#[tokio::test]
async fn a_search_finds_the_words_of_the_current_revision_only() {
    let world = world().await;
    save(&world.store, "forum", &[item(mention("1", "Verspätung in Köln"))], at(1)).await;
    save(&world.store, "forum", &[item(mention("1", "Alles gut in Bonn"))], at(2)).await;
    let hits = async |words: &str| -> usize {
        world.store.records(None, Some(words)).try_collect::<Vec<_>>().await.unwrap().len()
    };
    assert_eq!((hits("koln").await, hits("BONN alles").await, hits("bonn köln").await), (0, 1, 0));
}

#[tokio::test]
async fn no_words_of_a_search_are_operators() {
    let world = world().await;
    save(&world.store, "forum", &[item(mention("1", "Alles gut"))], at(1)).await;
    for words in ["\"", "a OR", "NEAR(", "text: x", "*", "-alles", "''", ""] {
        let found: Result<Vec<_>, _> = world.store.records(None, Some(words)).try_collect().await;
        assert!(found.is_ok(), "{words}: {found:?}");
    }
}

#[tokio::test]
async fn a_database_that_somebody_else_holds_is_called_locked() {
    let world = world().await;
    let other =
        SqlitePoolOptions::new().max_connections(1).connect_with(SqliteConnectOptions::new().filename(&world.path));
    let other = other.await.unwrap();
    let held = other.begin_with("BEGIN IMMEDIATE").await.unwrap();
    sqlx::query("PRAGMA busy_timeout = 10").execute(&world.store.writer).await.unwrap();
    let items = [item(mention("1", "Alles gut"))];
    let error = world.store.save(&source("forum"), &items, None, true, at(1)).await.unwrap_err();
    assert!(error.hint().unwrap().contains("second stimmung"), "{error:?}");
    drop(held);
    other.close().await;
    assert_eq!(save(&world.store, "forum", &items, at(2)).await.new, 1);
}

#[tokio::test]
async fn an_answer_by_the_owner_is_no_edit() {
    let world = world().await;
    save(&world.store, "forum", &[item(mention("1", "Furchtbar"))], at(1)).await;
    let reply = crate::mention::Reply { text: "Das tut uns leid.".to_owned(), at: Some(at(1)) };
    let answered = Mention { reply: Some(reply), ..mention("1", "Furchtbar") };
    assert_eq!(save(&world.store, "forum", &[item(answered)], at(2)).await, Saved::default());
    let reply: Option<String> =
        sqlx::query_scalar("SELECT reply_text FROM mention").fetch_one(&world.store.reader).await.unwrap();
    assert_eq!(reply.as_deref(), Some("Das tut uns leid."));
}

#[tokio::test]
async fn a_text_in_several_outlets_is_recognised_within_a_batch_and_across_sources() {
    let world = world().await;
    let first = save(&world.store, "forum", &[item(mention("1", LONG)), item(mention("2", LONG))], at(1)).await;
    assert_eq!(first.copies, 1);
    let cut = LONG.replace("einfach ", "");
    assert_eq!(save(&world.store, "press", &[item(mention("1", &cut))], at(2)).await.copies, 1);
    let turn = world.store.arrivals(BRAND, 0).await.unwrap();
    assert_eq!(turn.observations.iter().map(|o| o.copy).collect::<Vec<_>>(), [false, true, true]);
}

#[tokio::test]
async fn the_first_round_of_a_source_is_backfill_and_the_next_is_live() {
    let world = world().await;
    save(&world.store, "forum", &[item(mention("1", "alt"))], at(1)).await;
    save(&world.store, "forum", &[item(mention("2", "neu"))], at(2)).await;
    let turn = world.store.arrivals(BRAND, 0).await.unwrap();
    assert_eq!(turn.observations.iter().map(|o| o.backfill).collect::<Vec<_>>(), [true, false]);
}

#[tokio::test]
async fn arrivals_go_on_where_the_last_turn_ended() {
    let world = world().await;
    save(&world.store, "forum", &[item(mention("1", "eins"))], at(1)).await;
    let through = world.store.arrivals(BRAND, 0).await.unwrap().through;
    save(&world.store, "forum", &[item(mention("2", "zwei"))], at(2)).await;
    let turn = world.store.arrivals(BRAND, through).await.unwrap();
    assert_eq!((turn.observations.len(), turn.more), (1, false));
    assert_eq!(turn.observations[0].segment, "forum:de");
}

#[tokio::test]
async fn the_cursor_is_kept_with_the_batch() {
    let world = world().await;
    let end = Cursor {
        validators: Validators { etag: Some("\"x\"".into()), last_modified: Some("Sun".into()) },
        moved: Some(("https://new.example/".into(), 2)),
        position: Some("p".into()),
    };
    world.store.save(&source("forum"), &[], Some((&end, at(9))), true, at(1)).await.unwrap();
    let state = world.store.source(&source("forum")).await.unwrap();
    assert_eq!(state.cursor, end);
    assert_eq!((state.due_at, state.first_success_at, state.failures), (Some(at(9)), Some(at(1)), 0));
}

#[tokio::test]
async fn an_outage_lasts_from_the_first_failure_to_the_next_success() {
    let world = world().await;
    for hour in 1..4 {
        world.store.record_failure(&source("forum"), &format!("error {hour}"), at(hour + 1), at(hour)).await.unwrap();
    }
    assert_eq!(world.store.source(&source("forum")).await.unwrap().failures, 3);
    save(&world.store, "forum", &[], at(4)).await;
    let outages = world.store.outages(at(0)).await.unwrap();
    let expected =
        Outage { source: "forum".to_owned(), began_at: at(1), ended_at: Some(at(4)), error: "error 3".to_owned() };
    assert_eq!(outages, [expected]);
    assert_eq!(world.store.source(&source("forum")).await.unwrap().failures, 0);
    assert_eq!(world.store.outages(at(5)).await.unwrap(), []);
}

#[tokio::test]
async fn a_full_disk_loses_nothing_and_is_called_by_its_name() {
    let world = world().await;
    save(&world.store, "forum", &[item(mention("1", "vorher"))], at(1)).await;
    let pages: i64 = sqlx::query_scalar("PRAGMA page_count").fetch_one(&world.store.writer).await.unwrap();
    let limit = format!("PRAGMA max_page_count = {pages}");
    sqlx::query(sqlx::AssertSqlSafe(limit)).execute(&world.store.writer).await.unwrap();
    let many: Vec<Item> = (0..500).map(|n| item(mention(&format!("m{n}"), &LONG.repeat(3)))).collect();
    let end = cursor("behind");
    let error = world.store.save(&source("forum"), &many, Some((&end, at(9))), true, at(2)).await.unwrap_err();
    assert!(error.hint().unwrap().contains("disk is full"), "{error:?}");
    assert_eq!(texts(&world.store).await, ["vorher"]);
    assert_eq!(world.store.source(&source("forum")).await.unwrap().cursor, cursor("e"));
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused_and_left_as_it_is() {
    let world = world().await;
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9999, 'from the future', true, x'00', 0)",
    )
    .execute(&world.store.writer)
    .await
    .unwrap();
    world.store.close().await;
    let error = Store::open(&world.path).await.unwrap_err();
    assert!(matches!(error, StoreError::Newer { found: 9999, .. }), "{error:?}");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_called_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db");
    std::fs::write(&path, "id;text\n1;kein SQLite\n".repeat(200)).unwrap();
    let error = Store::open(&path).await.unwrap_err();
    assert!(error.hint().unwrap().contains("no SQLite database"), "{error:?}");
}

#[tokio::test]
async fn an_export_names_what_is_known_of_a_mention() {
    let world = world().await;
    save(&world.store, "forum", &[item(Mention { title: Some("Titel".into()), ..mention("n1", LONG) })], at(1)).await;
    let records: Vec<_> = world.store.records(Some(BRAND), None).try_collect().await.unwrap();
    insta::assert_json_snapshot!(records);
    assert_eq!(world.store.records(Some("Other"), None).try_collect::<Vec<_>>().await.unwrap(), []);
}

#[tokio::test]
async fn an_erased_author_is_gone_from_the_disk_and_does_not_come_back() {
    let world = world().await;
    let theirs = mention("1", "Unverwechselbarer Wortlaut einer Beschwerde");
    let other = Author { key: "u2".to_owned(), name: "tom".to_owned() };
    let others = Mention { author: Some(other), ..mention("2", "Bleibt") };
    save(&world.store, "forum", &[item(theirs.clone()), item(others.clone())], at(1)).await;
    assert_eq!(world.store.erase_author(&source("forum"), "jana_k").await.unwrap(), 1);
    assert_eq!(texts(&world.store).await, ["Bleibt"]);
    assert_eq!(world.store.changed(&source("forum"), vec![theirs, others]).await.unwrap(), []);
    assert_eq!(world.store.erase_author(&source("forum"), "jana_k").await.unwrap(), 0);
    world.store.close().await;
    let bytes = std::fs::read(&world.path).unwrap();
    for trace in ["jana_k", "Unverwechselbarer", "unverwechselbarer"] {
        assert!(!bytes.windows(trace.len()).any(|window| window == trace.as_bytes()), "{trace}");
    }
}
