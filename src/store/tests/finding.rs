//! Findings: kept once each, through restarts and from older databases.

use super::*;
use crate::alert::{self, Verdict};
use crate::detect::{Detector, Finding, FindingKind, Report, Rule};

/// Nine days on which everybody speaks once, then an hour in which two speak very often.
async fn save_two_bursts(store: &Store) {
    let said = |id: String, author: &str, hours: i64| {
        let author = Some(Author { key: author.to_owned(), name: author.to_owned() });
        let text = format!("Beschwerde {id}");
        item(Mention { author, published_at: Some(at(hours)), ..mention(&id, &text) })
    };
    for hour in 0..9 * 24 {
        save(store, "forum", &[said(format!("h{hour}"), &format!("a{hour}"), hour)], at(hour)).await;
    }
    for author in ["anna", "zoe"] {
        let flood: Vec<Item> = (0..20).map(|n| said(format!("{author}{n}"), author, 9 * 24)).collect();
        save(store, "forum", &flood, at(9 * 24)).await;
    }
}

/// What this detector finds in all that has arrived; it is kept.
async fn look(store: &Store) -> Vec<Finding> {
    let (before, mut detector) = (store.detection(BRAND).await.unwrap(), Detector::default());
    let turn = store.arrivals(BRAND, 0).await.unwrap();
    let reports = detector.run(Rule::default(), &turn.observations, at(9 * 24 + 2));
    let findings: Vec<Finding> = reports.into_iter().filter_map(Report::finding).collect();
    let news: Vec<News> = findings.iter().map(news).collect();
    let before = Detection { turn, ..before };
    assert!(store.save_detection(BRAND, &before, &detector, &news, &[]).await.unwrap());
    findings
}

fn news(finding: &Finding) -> News {
    let alert = alert::explain(BRAND, finding, Rule::default(), &alert::Heard::default());
    News { finding: finding.clone(), alert, letters: Vec::new() }
}

#[tokio::test]
async fn two_bursts_in_one_hour_are_both_kept_and_not_doubled_by_a_detector_that_starts_anew() {
    let world = world().await;
    save_two_bursts(&world.store).await;
    let found = look(&world.store).await;
    assert_eq!(found.iter().map(|one| one.kind).collect::<Vec<_>>(), [FindingKind::Burst; 2]);
    assert_eq!(found[0].at, found[1].at);
    assert_eq!(look(&world.store).await, found);
    assert_eq!(world.store.findings(None).await.unwrap().len(), 2);
}

#[tokio::test]
async fn what_was_found_stays_when_another_model_takes_over_and_what_that_finds_in_the_past_is_no_news() {
    let world = world().await;
    let store = &world.store;
    save_two_bursts(store).await;
    let found = look(store).await;
    let next = model("linear-2");
    store.try_model(&next).await.unwrap();
    read_all(store, &next.version, at(0), Label::Positive).await;
    store.switch_model(&next, at(0), at(9 * 24 + 3)).await.unwrap().unwrap();
    let shown =
        async || store.found(BRAND, at(0)).await.unwrap().into_iter().map(|(_, finding)| finding).collect::<Vec<_>>();
    let newest_first: Vec<Finding> = found.iter().rev().cloned().collect();
    assert_eq!(shown().await, newest_first);
    let earlier = Finding { at: found[0].at.plus_seconds(-3600), ..found[0].clone() };
    let before = store.detection(BRAND).await.unwrap();
    assert!(store.save_detection(BRAND, &before, &before.detector, &[news(&earlier)], &[]).await.unwrap());
    assert_eq!((shown().await, store.findings(None).await.unwrap().len()), (newest_first, 3));
}

#[tokio::test]
async fn what_an_older_database_holds_is_kept_with_its_letters_and_known_again() {
    let world = world().await;
    save_two_bursts(&world.store).await;
    let found = look(&world.store).await;
    let alert = serde_json::to_string(&news(&found[0]).alert).unwrap();
    world.store.close().await;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.db");
    let options = SqliteConnectOptions::new().filename(&path).create_if_missing(true).foreign_keys(true);
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
    let migrate = async |version: i64| {
        let older: Vec<_> = MIGRATIONS.iter().filter(|migration| migration.version <= version).cloned().collect();
        Migrator { migrations: older.into(), ..Migrator::DEFAULT }.run(&pool).await.unwrap();
    };
    migrate(5).await;
    sqlx::query(
        "INSERT INTO brand (id, name) VALUES (1, 'Hellbahn');
         INSERT INTO finding (id, brand_id, kind, at, onset_at, alert, verdict)
         VALUES (7, 1, 'burst', ?1, 0, ?2, 'seen');
         INSERT INTO finding_stage (finding_id, at, stage, residual) VALUES (7, 0, 'over', 0.0);
         INSERT INTO outbox (id, finding_id, channel, recipient, subject, text, html, written_at, state, due_at)
         VALUES ('a', 7, 'mail', 'x@example.org', '', '', '', 0, 'sent', 0)",
    )
    .bind(found[0].at.seconds())
    .bind(alert)
    .execute(&pool)
    .await
    .unwrap();
    // As if the program had died before the migration was written down.
    migrate(6).await;
    sqlx::query("DELETE FROM _sqlx_migrations WHERE version = 6").execute(&pool).await.unwrap();
    pool.close().await;

    let store = Store::open(&path).await.unwrap();
    let before = store.detection(BRAND).await.unwrap();
    let again: Vec<News> = found.iter().map(news).collect();
    assert!(store.save_detection(BRAND, &before, &Detector::default(), &again, &[]).await.unwrap());
    let listed = store.findings(None).await.unwrap();
    let (other, known) = (&listed[0], &listed[1]);
    assert_eq!((listed.len(), known.id, known.letters, known.verdict.clone()), (2, 7, 1, Some(Verdict::Seen)));
    assert!(other.id > 7, "numbers go on where they were");
    let stages: i64 = sqlx::query_scalar("SELECT count(*) FROM finding_stage").fetch_one(&store.reader).await.unwrap();
    assert_eq!(stages, 1);
    sqlx::query("DELETE FROM brand").execute(&store.writer).await.unwrap();
    assert_eq!(store.letters_by_state().await.unwrap(), [], "what refers to findings still goes with them");
}
