//! What sources say of whole profiles, over time.
//!
//! The series is a step function: a grade is kept when it differs from the one before, and holds until the next.

use serde::Serialize;
use sqlx::{FromRow, SqliteConnection};

use super::{Store, StoreError};
use crate::mention::{Grade, Rating, Timestamp};

/// So far back lies what the newest grade is compared with, in seconds.
const MONTH: i64 = 30 * 86_400;

/// The grade of a source, and what it was.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Graded {
    /// Which source.
    #[serde(skip)]
    pub source: String,
    /// The newest one.
    #[serde(flatten)]
    pub grade: Grade,
    /// When a round first brought just this one.
    pub since: Timestamp,
    /// What it was 30 days ago; `None` where there was none yet.
    pub a_month_ago: Option<Grade>,
}

#[derive(FromRow)]
struct Row {
    source: String,
    at: i64,
    value: f64,
    worst: f64,
    best: f64,
    reviews: Option<i64>,
}

impl Row {
    fn grade(&self) -> Grade {
        let rating = Rating { value: self.value, worst: self.worst, best: self.best };
        Grade { rating, reviews: self.reviews.map(i64::cast_unsigned) }
    }
}

impl Store {
    /// The grade of each source that has one, in the order of their names.
    pub async fn grades(&self, now: Timestamp) -> Result<Vec<Graded>, StoreError> {
        let newest = self.grades_at(now).await?;
        let before = self.grades_at(now.plus_seconds(-MONTH)).await?;
        let a_month_ago = |source: &str| before.iter().find(|row| row.source == source).map(Row::grade);
        let graded = |row: Row| Graded {
            grade: row.grade(),
            since: Timestamp::from_seconds(row.at),
            a_month_ago: a_month_ago(&row.source),
            source: row.source,
        };
        Ok(newest.into_iter().map(graded).collect())
    }

    /// What held then.
    async fn grades_at(&self, at: Timestamp) -> Result<Vec<Row>, StoreError> {
        let rows = sqlx::query_as(
            "SELECT source.name AS source, grade.at, value, worst, best, reviews FROM source
             JOIN grade ON grade.source_id = source.id
                 AND grade.at = (SELECT max(at) FROM grade AS g WHERE g.source_id = source.id AND g.at <= ?1)
             ORDER BY source.name",
        )
        .bind(at.seconds())
        .fetch_all(&self.reader)
        .await?;
        Ok(rows)
    }
}

/// Keeps a grade if it differs from the newest one.
pub(super) async fn record(
    connection: &mut SqliteConnection,
    source_id: i64,
    grade: Grade,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Grade { rating, reviews } = grade;
    sqlx::query(
        "INSERT INTO grade (source_id, at, value, worst, best, reviews)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE NOT EXISTS (
             SELECT 1 FROM (SELECT * FROM grade WHERE source_id = ?1 ORDER BY at DESC LIMIT 1)
             WHERE value = ?3 AND worst = ?4 AND best = ?5 AND reviews IS ?6)
         ON CONFLICT DO UPDATE SET value = excluded.value, worst = excluded.worst, best = excluded.best,
             reviews = excluded.reviews",
    )
    .bind(source_id)
    .bind(now.seconds())
    .bind(rating.value)
    .bind(rating.worst)
    .bind(rating.best)
    .bind(reviews.map(u64::cast_signed))
    .execute(connection)
    .await?;
    Ok(())
}
