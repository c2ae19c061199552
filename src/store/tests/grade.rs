use super::*;
use crate::mention::Grade;

const DAY: i64 = 24;

fn stars(value: f64, reviews: u64) -> Grade {
    Grade::new(Rating::stars(value), Some(reviews)).unwrap()
}

async fn tell(store: &Store, grade: Option<Grade>, now: Timestamp) {
    let end = End { cursor: &cursor("e"), due_at: now, grade };
    store.save(&source("forum"), &[], Some(end), true, now).await.unwrap();
}

async fn kept(store: &Store) -> Vec<(i64, f64)> {
    sqlx::query_as("SELECT at, value FROM grade ORDER BY at").fetch_all(&store.reader).await.unwrap()
}

#[tokio::test]
async fn a_grade_is_kept_when_it_changes_and_holds_until_the_next() {
    let world = world().await;
    let store = &world.store;
    for (day, grade) in [(0, stars(4.5, 10)), (1, stars(4.5, 10)), (20, stars(4.6, 12)), (40, stars(4.5, 10))] {
        tell(store, Some(grade), at(day * DAY)).await;
    }
    tell(store, None, at(41 * DAY)).await;
    let day = |day: i64| at(day * DAY).seconds();
    assert_eq!(kept(store).await, [(day(0), 4.5), (day(20), 4.6), (day(40), 4.5)]);
    let [graded] = &store.grades(at(60 * DAY)).await.unwrap()[..] else { panic!("one source has a grade") };
    assert_eq!((graded.source.as_str(), graded.grade, graded.since), ("forum", stars(4.5, 10), at(40 * DAY)));
    assert_eq!(graded.a_month_ago, Some(stars(4.6, 12)));
    assert_eq!(store.grades(at(25 * DAY)).await.unwrap()[0].a_month_ago, None, "there was none yet");
    assert_eq!(store.grades(at(-1)).await.unwrap(), []);
}

#[tokio::test]
async fn one_more_review_is_another_grade_and_the_later_of_one_second_counts() {
    let world = world().await;
    for (reviews, now) in [(10, at(0)), (11, at(1)), (12, at(1))] {
        tell(&world.store, Some(stars(4.5, reviews)), now).await;
    }
    assert_eq!(kept(&world.store).await.len(), 2);
    assert_eq!(world.store.grades(at(1)).await.unwrap()[0].grade.reviews, Some(12));
}

#[tokio::test]
async fn a_round_is_kept_with_its_grade_or_not_at_all() {
    let world = world().await;
    sqlx::query("CREATE TRIGGER full BEFORE INSERT ON grade BEGIN SELECT RAISE(ABORT, 'full'); END")
        .execute(&world.store.writer)
        .await
        .unwrap();
    let end = End { cursor: &cursor("e"), due_at: at(9), grade: Some(stars(4.5, 10)) };
    let items = [item(mention("1", "Heute"))];
    world.store.save(&source("forum"), &items, Some(end), true, at(1)).await.unwrap_err();
    assert_eq!(texts(&world.store).await, [""; 0]);
    assert_eq!(world.store.source(&source("forum")).await.unwrap().cursor, Cursor::default());
}

#[tokio::test]
async fn a_source_that_goes_takes_its_grades_along() {
    let world = world().await;
    tell(&world.store, Some(stars(4.5, 10)), at(0)).await;
    sqlx::query("DELETE FROM source WHERE name = 'forum'").execute(&world.store.writer).await.unwrap();
    assert_eq!(kept(&world.store).await, []);
}
