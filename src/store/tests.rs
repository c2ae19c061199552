use futures_util::TryStreamExt as _;
use tempfile::TempDir;

use super::*;
use crate::analyse::{Analysis, Mood, Reason};
use crate::collect::Cursor;
use crate::http::Validators;
use crate::import::{Correction, Target};
use crate::mention::{Author, Label, Language, Mention, Rating, SourceId, Timestamp};
use crate::tongue::said;

mod account;
mod cluster;
mod delivery;
mod finding;
mod grade;
mod recheck;
mod source;
pub(super) mod steps;
mod urgent;

pub(super) const BRAND: &str = "Hellbahn";
pub(super) const LONG: &str =
    "Seit dem Update komme ich nicht mehr in die App, das Passwort wird einfach nicht mehr angenommen.";

/// A database in a folder of its own, with two sources and a brand.
pub(super) struct World {
    _folder: TempDir,
    pub(super) path: PathBuf,
    pub(super) store: Store,
}

pub(super) async fn world() -> World {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db");
    let store = Store::open(&path).await.unwrap();
    store.register([&source("forum"), &source("press")], [BRAND]).await.unwrap();
    World { _folder: folder, path, store }
}

pub(super) fn source(id: &str) -> SourceId {
    SourceId::parse(id).unwrap()
}

pub(super) fn at(hours: i64) -> Timestamp {
    Timestamp::from_seconds(1_750_000_000 + hours * 3600)
}

pub(super) fn mention(id: &str, text: &str) -> Mention {
    Mention {
        native_id: id.to_owned(),
        author: Some(Author { key: "u1".to_owned(), name: "jana_k".to_owned() }),
        text: text.to_owned(),
        rating: Some(Rating::stars(1.0)),
        published_at: Some(at(0)),
        ..Mention::default()
    }
}

pub(super) fn item(mention: Mention) -> Item {
    let why = vec![Reason { words: "nicht mehr".to_owned(), weight: -1.5 }];
    let mood = Mood { label: Label::Negative, score: -0.8, probabilities: [0.85, 0.1, 0.05], why };
    let analysis = Analysis { language: Some(Language::GERMAN), mood: Some(mood), ..Analysis::default() };
    Item { mention, analysis, model_version: "linear-1".into(), brands: vec![BRAND.to_owned()] }
}

fn cursor(etag: &str) -> Cursor {
    Cursor { validators: Validators { etag: Some(etag.to_owned()), last_modified: None }, ..Cursor::default() }
}

pub(super) async fn save(store: &Store, id: &str, items: &[Item], now: Timestamp) -> Saved {
    store.save(&source(id), items, Some((&cursor("e"), now.plus_seconds(600)).into()), true, now).await.unwrap()
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
    world.store.save(&source("forum"), &[], Some((&end, at(9)).into()), true, at(1)).await.unwrap();
    let state = world.store.source(&source("forum")).await.unwrap();
    assert_eq!(state.cursor, end);
    assert_eq!((state.due_at, state.first_success_at, state.failures), (Some(at(9)), Some(at(1)), 0));
}

#[tokio::test]
async fn an_outage_lasts_from_the_first_failure_to_the_next_success() {
    let world = world().await;
    for hour in 1..4 {
        world
            .store
            .record_failure(
                &source("forum"),
                (said(&format!("Fehler {hour}"), &format!("error {hour}")), None),
                at(hour + 1),
                at(hour),
            )
            .await
            .unwrap();
    }
    assert_eq!(world.store.source(&source("forum")).await.unwrap().failures, 3);
    save(&world.store, "forum", &[], at(4)).await;
    let outages = world.store.outages(at(0)).await.unwrap();
    let expected = Outage {
        source: "forum".to_owned(),
        began_at: at(1),
        ended_at: Some(at(4)),
        error: said("Fehler 3", "error 3").into(),
    };
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
    let error = world.store.save(&source("forum"), &many, Some((&end, at(9)).into()), true, at(2)).await.unwrap_err();
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

/// An item that a model with this version calls so.
fn told(mention: Mention, version: &str, label: Label) -> Item {
    let mut item = item(mention);
    item.model_version = version.into();
    item.analysis.mood.as_mut().unwrap().label = label;
    item
}

fn analysis(label: Label) -> Analysis {
    told(mention("", ""), "", label).analysis
}

fn model(version: &str) -> StoredModel {
    StoredModel { version: version.to_owned(), learned_at: at(0), adaptation: None, lessons: 0, gains: Vec::new() }
}

async fn labels(store: &Store) -> Vec<Option<Label>> {
    store.records(None, None).map_ok(|record| record.label).try_collect().await.unwrap()
}

/// Lets a model call everything so that it has not read yet.
async fn read_all(store: &Store, version: &str, since: Timestamp, label: Label) {
    let unread = store.unread(version, since, 0).await.unwrap();
    let read: Vec<_> = unread.iter().map(|one| (one.revision_id, analysis(label))).collect();
    store.save_shadow(version, &read).await.unwrap();
}

#[tokio::test]
async fn of_old_analyses_the_newest_is_the_current_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.db");
    let options = SqliteConnectOptions::new().filename(&path).create_if_missing(true);
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
    let first = Migrator { migrations: vec![MIGRATIONS.migrations[0].clone()].into(), ..Migrator::DEFAULT };
    first.run(&pool).await.unwrap();
    for statement in [
        "INSERT INTO source (id, name) VALUES (1, 'forum')",
        "INSERT INTO mention (id, source_id, native_id, first_seen_at, backfill, cluster_id, revision_id, digest)
         VALUES (1, 1, 'a', 0, 0, 1, 1, 0)",
        "INSERT INTO revision (id, mention_id, seen_at, text, digest) VALUES (1, 1, 0, 'gut', 0)",
        "INSERT INTO analysis (revision_id, model_version, label, why) VALUES (1, 'a-1', -1, '[]'), (1, 'a-2', 1, '[]')",
    ] {
        sqlx::query(statement).execute(&pool).await.unwrap();
    }
    pool.close().await;
    let store = Store::open(&path).await.unwrap();
    assert_eq!(labels(&store).await, [Some(Label::Positive)]);
    assert_eq!(store.another_teller("linear-1").await.unwrap().as_deref(), Some("a-2"));
}

#[tokio::test]
async fn what_another_model_has_analysed_is_not_saved() {
    let world = world().await;
    world.store.begin_model(&model("linear-1")).await.unwrap();
    let items = [told(mention("1", "Alles gut"), "linear-0", Label::Positive)];
    let error = world.store.save(&source("forum"), &items, None, true, at(1)).await.unwrap_err();
    assert!(matches!(&error, StoreError::Outdated { active, .. } if active == "linear-1"), "{error:?}");
    assert!(texts(&world.store).await.is_empty());
}

#[tokio::test]
async fn a_model_takes_over_once_it_has_read_all_and_not_before() {
    let world = world().await;
    let store = &world.store;
    store.begin_model(&model("linear-1")).await.unwrap();
    save(store, "forum", &[told(mention("0", "Lange her"), "linear-1", Label::Negative)], at(0)).await;
    save(store, "forum", &[told(mention("1", "Erste Fassung"), "linear-1", Label::Negative)], at(9)).await;
    save(store, "forum", &[told(mention("1", "Zweite Fassung"), "linear-1", Label::Neutral)], at(10)).await;
    let next = model("linear-1+aa");
    store.try_model(&next).await.unwrap();
    assert_eq!(store.unread(&next.version, at(5), 0).await.unwrap().len(), 2, "the first revision and the current one");
    read_all(store, &next.version, at(5), Label::Positive).await;
    save(store, "press", &[told(mention("2", "Inzwischen"), "linear-1", Label::Negative)], at(11)).await;
    assert_eq!(store.switch_model(&next, at(5), at(12)).await.unwrap(), None, "one is not read yet");
    assert_eq!(labels(store).await, [Label::Negative, Label::Neutral, Label::Negative].map(Some));
    read_all(store, &next.version, at(5), Label::Positive).await;
    let change = store.switch_model(&next, at(5), at(12)).await.unwrap().unwrap();
    assert_eq!((change.from.as_str(), change.to.as_str()), ("linear-1", "linear-1+aa"));
    let of_brand = Break { brand: BRAND.to_owned(), before: [1, 1, 0], after: [0, 0, 2], different: 2 };
    assert_eq!(change.breaks, [of_brand]);
    assert_eq!(labels(store).await, [Label::Negative, Label::Positive, Label::Positive].map(Some));
    assert_eq!(store.active_model().await.unwrap(), Some(next));
    assert_eq!(store.model_changes(BRAND).await.unwrap(), [(at(12), change)]);
}

#[tokio::test]
async fn a_detector_starts_anew_with_a_new_model_and_a_look_from_before_is_not_kept() {
    let world = world().await;
    let store = &world.store;
    save(store, "forum", &[told(mention("0", "Lange her"), "linear-1", Label::Negative)], at(0)).await;
    save(store, "forum", &[told(mention("1", "Neulich"), "linear-1", Label::Negative)], at(9)).await;
    let before = store.detection(BRAND).await.unwrap();
    assert!(store.save_detection(BRAND, &before, &before.detector, &[], &[]).await.unwrap());
    let before = store.detection(BRAND).await.unwrap();
    assert!(before.turn.observations.is_empty());
    let next = model("linear-2");
    store.try_model(&next).await.unwrap();
    read_all(store, &next.version, at(5), Label::Positive).await;
    store.switch_model(&next, at(5), at(12)).await.unwrap().unwrap();
    assert!(!store.save_detection(BRAND, &before, &before.detector, &[], &[]).await.unwrap());
    let after = store.detection(BRAND).await.unwrap();
    assert_eq!((after.seen_through, after.quiet_until), (1, Some(at(12))));
    assert_eq!(after.turn.observations.iter().map(|seen| seen.label).collect::<Vec<_>>(), [Label::Positive]);
}

#[tokio::test]
async fn what_is_left_of_a_model_that_was_tried_is_cleared_away() {
    let world = world().await;
    let store = &world.store;
    store.begin_model(&model("linear-1")).await.unwrap();
    save(store, "forum", &[told(mention("1", "Neulich"), "linear-1", Label::Negative)], at(9)).await;
    store.try_model(&model("linear-1+aa")).await.unwrap();
    read_all(store, "linear-1+aa", at(0), Label::Positive).await;
    store.try_model(&model("linear-1+aa")).await.unwrap();
    assert!(store.unread("linear-1+aa", at(0), 0).await.unwrap().is_empty(), "it goes on where it was");
    store.try_model(&model("linear-1+bb")).await.unwrap();
    let versions: Vec<String> =
        sqlx::query_scalar("SELECT model_version FROM analysis").fetch_all(&store.reader).await.unwrap();
    assert_eq!(versions, ["linear-1"]);
    assert_eq!(store.active_model().await.unwrap().unwrap().version, "linear-1");
}

fn correction(native_id: &str, label: Label) -> Correction {
    let target = Target::Native { source: "forum".to_owned(), native_id: native_id.to_owned() };
    Correction { line: 1, target, label }
}

#[tokio::test]
async fn lessons_are_what_people_say_and_then_what_stars_say_each_text_once() {
    let world = world().await;
    let store = &world.store;
    let starred = |id, text, stars| item(Mention { rating: Some(Rating::stars(stars)), ..mention(id, text) });
    let items = [
        starred("1", "das ist mega stabil", 1.0),
        starred("2", "das geht besser", 2.5),
        starred("3", "zu kurz", 1.0),
        starred("4", LONG, 1.0),
        starred("5", LONG, 1.0),
        starred("6", "fährt immer pünktlich ab", 5.0),
    ];
    save(store, "forum", &items, at(1)).await;
    let found = store.correct(&[correction("6", Label::Neutral), correction("9", Label::Neutral)], None, at(2)).await;
    assert_eq!(found.unwrap(), [true, false]);
    store
        .correct(&[Correction { target: Target::Exported(6), ..correction("", Label::Negative) }], Some("kim"), at(3))
        .await
        .unwrap();
    let lessons = store.lessons(at(0)).await.unwrap();
    let said = lessons.iter().map(|lesson| (lesson.mention.text.as_str(), lesson.label, lesson.by_hand));
    assert_eq!(
        said.collect::<Vec<_>>(),
        [
            ("fährt immer pünktlich ab", Label::Negative, true),
            (LONG, Label::Negative, false),
            ("das ist mega stabil", Label::Negative, false)
        ]
    );
    assert_eq!(store.lessons(at(2)).await.unwrap().len(), 1, "corrections count whenever they were made");
}

#[tokio::test]
async fn a_correction_goes_with_the_person_it_is_about() {
    let world = world().await;
    save(&world.store, "forum", &[item(mention("1", LONG))], at(1)).await;
    world.store.correct(&[correction("1", Label::Neutral)], Some("kim"), at(2)).await.unwrap();
    world.store.erase_author(&source("forum"), "jana_k").await.unwrap();
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM correction").fetch_one(&world.store.reader).await.unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn what_is_thought_beside_the_mood_is_kept_and_exported() {
    use crate::analyse::{Emotion, Intent};
    let world = world().await;
    let mut item = item(mention("1", LONG));
    item.analysis.emotions = vec![Emotion::Anger];
    item.analysis.intents = vec![Intent::Complaint, Intent::Leave];
    item.analysis.topics = vec!["app".into(), "Sitzplatz".into()];
    item.analysis.urgency.value = 0.25;
    item.analysis.contradicts = true;
    save(&world.store, "forum", &[item], at(1)).await;
    let record = world.store.records(None, None).try_collect::<Vec<_>>().await.unwrap().remove(0);
    assert_eq!((record.emotions, record.intent), (vec!["anger".to_owned()], vec!["complaint".into(), "leave".into()]));
    assert_eq!((record.topics, record.urgency), (vec!["app".to_owned(), "Sitzplatz".to_owned()], Some(0.25)));
    assert_eq!(record.contradicts, Some(true));
}

const TRANSFORMER: &str = "transformer:a--b";

/// Which versions have analyses, and which of them count.
async fn versions(store: &Store) -> Vec<(String, bool)> {
    let query = "SELECT model_version, current FROM analysis ORDER BY revision_id, model_version";
    sqlx::query_as(query).fetch_all(&store.reader).await.unwrap()
}

#[tokio::test]
async fn a_transformer_is_handed_the_newest_current_revisions_that_it_has_not_read() {
    let world = world().await;
    let store = &world.store;
    save(store, "forum", &[item(mention("0", "Lange her"))], at(0)).await;
    save(store, "forum", &[item(mention("1", "Erste Fassung"))], at(9)).await;
    save(store, "forum", &[item(mention("1", "Zweite Fassung")), item(mention("2", "Neulich"))], at(10)).await;
    let untold = async |version, most| {
        let untold = store.untold(version, at(5), most).await.unwrap();
        assert!(untold.iter().all(|one| one.language == Some(Language::GERMAN)), "as the current analysis says");
        untold.into_iter().map(|one| (one.revision_id, one.mention.text)).collect::<Vec<_>>()
    };
    let read = untold(TRANSFORMER, 64).await;
    assert_eq!(read.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>(), ["Neulich", "Zweite Fassung"]);
    assert_eq!(untold(TRANSFORMER, 1).await, read[..1]);
    store.save_shadow(TRANSFORMER, &[(read[0].0, analysis(Label::Positive))]).await.unwrap();
    assert_eq!(untold(TRANSFORMER, 64).await, read[1..]);
    assert_eq!(untold("transformer:c", 64).await.len(), 2, "each has to read for itself");
}

#[tokio::test]
async fn what_a_transformer_thinks_lies_beside_what_counts_with_its_label_score_and_probabilities() {
    let world = world().await;
    let store = &world.store;
    save(store, "forum", &[item(mention("1", "Neulich"))], at(1)).await;
    let mood = Mood { label: Label::Positive, score: 0.5, probabilities: [0.125, 0.25, 0.625], why: Vec::new() };
    let thought = Analysis { language: Some(Language::GERMAN), mood: Some(mood), ..Analysis::default() };
    store.save_shadow(TRANSFORMER, &[(1, thought)]).await.unwrap();
    type Row = (bool, String, i8, f64, f64, f64, f64);
    let row: Row = sqlx::query_as(
        "SELECT current, language, label, score, negative, neutral, positive FROM analysis WHERE model_version = ?1",
    )
    .bind(TRANSFORMER)
    .fetch_one(&store.reader)
    .await
    .unwrap();
    assert_eq!(row, (false, "de".to_owned(), 1, 0.5, 0.125, 0.25, 0.625));
    assert_eq!(labels(store).await, [Some(Label::Negative)], "what counts is as it was");
    let texts: Vec<StoredText> = store.texts(at(0)).try_collect().await.unwrap();
    assert_eq!(texts[0].beside, [(TRANSFORMER.to_owned(), Label::Positive)].into());
}

#[tokio::test]
async fn what_a_transformer_thinks_stays_when_models_change_and_goes_with_the_person() {
    let world = world().await;
    let store = &world.store;
    store.begin_model(&model("linear-1")).await.unwrap();
    save(store, "forum", &[told(mention("1", "Neulich"), "linear-1", Label::Negative)], at(9)).await;
    store.save_shadow(TRANSFORMER, &[(1, analysis(Label::Neutral))]).await.unwrap();
    for version in ["linear-1+aa", "linear-1+bb"] {
        store.try_model(&model(version)).await.unwrap();
        read_all(store, version, at(0), Label::Positive).await;
        let change = store.switch_model(&model(version), at(0), at(12)).await.unwrap().unwrap();
        assert_ne!(change.from, TRANSFORMER);
    }
    let expected = [("linear-1+aa", false), ("linear-1+bb", true), (TRANSFORMER, false)];
    assert_eq!(versions(store).await, expected.map(|(version, current)| (version.to_owned(), current)));
    assert_eq!(labels(store).await, [Some(Label::Positive)]);
    store.erase_author(&source("forum"), "jana_k").await.unwrap();
    store.save_shadow(TRANSFORMER, &[(1, analysis(Label::Neutral))]).await.unwrap();
    assert_eq!(versions(store).await, [], "nor does it come back when it was being read meanwhile");
}
