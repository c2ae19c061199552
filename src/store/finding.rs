//! Findings as people see them: listed, and judged.

use serde::Serialize;
use sqlx::FromRow;

use super::{Store, StoreError};
use crate::alert::{Alert, Judged, Verdict};
use crate::detect::Finding;
use crate::mention::Timestamp;

mod life;

pub use life::{FindingLetter, FindingStep};

/// A finding in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// Its number.
    pub id: i64,
    /// Whom it is about.
    pub brand: String,
    /// Its kind, by its name.
    pub kind: String,
    /// When it was made.
    pub at: Timestamp,
    /// What it has come to, by the stage's name; `None`: it is as found.
    pub stage: Option<String>,
    /// What people say of it.
    pub verdict: Option<Verdict>,
    /// Nothing more is told of it before.
    pub snoozed_until: Option<Timestamp>,
    /// How many letters about it were written.
    pub letters: i64,
}

impl Listed {
    /// As the track record counts it; `None` if nobody was told.
    pub fn judged(&self) -> Option<Judged> {
        (self.letters > 0).then(|| Judged { at: self.at, verdict: self.verdict.clone() })
    }
}

/// An incident that people have named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    /// What they call it.
    pub name: String,
    /// When they knew of it.
    pub at: Timestamp,
}

/// The columns of a [`Row`], and where they come from.
macro_rules! listed {
    () => {
        "finding.id, brand.name AS brand, kind, at, stage, verdict, incident, incident_at, snoozed_until,
             (SELECT count(*) FROM outbox WHERE finding_id = finding.id) AS letters
         FROM finding JOIN brand ON brand.id = brand_id"
    };
}

#[derive(FromRow)]
struct FoundRow {
    finding: String,
    #[sqlx(flatten)]
    listed: Row,
}

#[derive(FromRow)]
struct Row {
    id: i64,
    brand: String,
    kind: String,
    at: i64,
    stage: Option<String>,
    verdict: Option<String>,
    incident: Option<String>,
    incident_at: Option<i64>,
    snoozed_until: Option<i64>,
    letters: i64,
}

impl From<Row> for Listed {
    fn from(row: Row) -> Self {
        let verdict = verdict(row.verdict.as_deref(), row.incident, row.incident_at);
        Self {
            id: row.id,
            brand: row.brand,
            kind: row.kind,
            at: Timestamp::from_seconds(row.at),
            stage: row.stage,
            verdict,
            snoozed_until: row.snoozed_until.map(Timestamp::from_seconds),
            letters: row.letters,
        }
    }
}

/// As the database keeps it in three columns.
pub(super) fn verdict(written: Option<&str>, incident: Option<String>, incident_at: Option<i64>) -> Option<Verdict> {
    Some(match written? {
        "seen" => Verdict::Seen,
        "false_alarm" => Verdict::FalseAlarm,
        _ => Verdict::Incident { name: incident.unwrap_or_default(), at: incident_at.map(Timestamp::from_seconds) },
    })
}

impl Store {
    /// All findings, the newest first; those about one brand, if it is named.
    pub async fn findings(&self, brand: Option<&str>) -> Result<Vec<Listed>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(concat!(
            "SELECT ",
            listed!(),
            " WHERE ?1 IS NULL OR brand.name = ?1 ORDER BY at DESC, finding.id DESC"
        ))
        .bind(brand)
        .fetch_all(&self.reader)
        .await?;
        Ok(rows.into_iter().map(Listed::from).collect())
    }

    /// The findings about a brand that were made since then, the newest first; see [`Store::found_between`].
    pub async fn found(&self, brand: &str, since: Timestamp) -> Result<Vec<(Listed, Finding)>, StoreError> {
        self.found_between(Some(brand), since, Timestamp::from_seconds(i64::MAX)).await
    }

    /// The findings that were made in a span of time (its end does not belong to it), the newest first; those about one
    /// brand, if it is named. What another model finds in the past is left out.
    pub async fn found_between(
        &self,
        brand: Option<&str>,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<(Listed, Finding)>, StoreError> {
        let rows: Vec<FoundRow> = sqlx::query_as(concat!(
            "SELECT json_extract(alert, '$.finding') AS finding, ",
            listed!(),
            " WHERE (?1 IS NULL OR brand.name = ?1) AND at >= ?2 AND at < ?3 AND NOT in_hindsight
             ORDER BY at DESC, finding.id DESC"
        ))
        .bind(brand)
        .bind(from.seconds())
        .bind(to.seconds())
        .fetch_all(&self.reader)
        .await?;
        let read = |row: FoundRow| {
            let finding = serde_json::from_str(&row.finding);
            Ok((row.listed.into(), finding.map_err(|source| StoreError::Content { what: "finding", source })?))
        };
        rows.into_iter().map(read).collect()
    }

    /// A finding with all that is said of it.
    pub async fn finding(&self, id: i64) -> Result<Option<(Listed, Alert)>, StoreError> {
        #[derive(FromRow)]
        struct One {
            alert: String,
            #[sqlx(flatten)]
            listed: Row,
        }
        let row: Option<One> = sqlx::query_as(concat!("SELECT alert, ", listed!(), " WHERE finding.id = ?1"))
            .bind(id)
            .fetch_optional(&self.reader)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let alert = serde_json::from_str(&row.alert).map_err(|source| StoreError::Content { what: "alert", source })?;
        Ok(Some((row.listed.into(), alert)))
    }

    /// When the first of the mentions arrived; of those about one brand, if it is named.
    pub async fn listening_since(&self, brand: Option<&str>) -> Result<Option<Timestamp>, StoreError> {
        let since: Option<i64> = sqlx::query_scalar(
            "SELECT min(first_seen_at) FROM mention WHERE ?1 IS NULL OR id IN (
                 SELECT mention_id FROM mention_brand WHERE brand_id = (SELECT id FROM brand WHERE name = ?1))",
        )
        .bind(brand)
        .fetch_one(&self.reader)
        .await?;
        Ok(since.map(Timestamp::from_seconds))
    }

    /// The number of the newest mention, about whatever brand, that arrived before then; 0 if there is none.
    pub async fn last_arrival_before(&self, at: Timestamp) -> Result<i64, StoreError> {
        let id: Option<i64> = sqlx::query_scalar(
            "SELECT id FROM mention WHERE first_seen_at < ?1 ORDER BY first_seen_at DESC, id DESC LIMIT 1",
        )
        .bind(at.seconds())
        .fetch_optional(&self.reader)
        .await?;
        Ok(id.unwrap_or_default())
    }

    /// Keeps what people say of a finding; false if there is none with this number.
    pub async fn judge(&self, id: i64, verdict: &Verdict, now: Timestamp) -> Result<bool, StoreError> {
        let (name, incident, incident_at) = match verdict {
            Verdict::Seen => ("seen", None, None),
            Verdict::FalseAlarm => ("false_alarm", None, None),
            Verdict::Incident { name, at } => ("incident", Some(name), at.map(Timestamp::seconds)),
        };
        let judged = sqlx::query(
            "UPDATE finding SET verdict = ?2, incident = ?3, incident_at = ?4, judged_at = ?5 WHERE id = ?1",
        )
        .bind(id)
        .bind(name)
        .bind(incident)
        .bind(incident_at)
        .bind(now.seconds())
        .execute(&self.writer)
        .await?;
        Ok(judged.rows_affected() > 0)
    }

    /// Nothing more is told of findings of this one's kind and brand before then; false if there is none with this number.
    pub async fn snooze(&self, id: i64, until: Timestamp) -> Result<bool, StoreError> {
        let snoozed = sqlx::query("UPDATE finding SET snoozed_until = ?2 WHERE id = ?1")
            .bind(id)
            .bind(until.seconds())
            .execute(&self.writer)
            .await?;
        Ok(snoozed.rows_affected() > 0)
    }

    /// Until when people asked not to be told of this kind about a brand.
    pub async fn snoozed_until(&self, brand: &str, kind: &str) -> Result<Option<Timestamp>, StoreError> {
        let until: Option<i64> = sqlx::query_scalar(
            "SELECT max(snoozed_until) FROM finding
             WHERE brand_id = (SELECT id FROM brand WHERE name = ?1) AND kind = ?2",
        )
        .bind(brand)
        .bind(kind)
        .fetch_one(&self.reader)
        .await?;
        Ok(until.map(Timestamp::from_seconds))
    }

    /// The incidents that people have named with the time at which they knew of them.
    pub async fn incidents(&self, brand: &str) -> Result<Vec<Incident>, StoreError> {
        let rows: Vec<(String, i64)> = sqlx::query_as(
            "SELECT DISTINCT incident, incident_at FROM finding
             WHERE brand_id = (SELECT id FROM brand WHERE name = ?1) AND verdict = 'incident' AND incident_at IS NOT NULL
             ORDER BY incident_at",
        )
        .bind(brand)
        .fetch_all(&self.reader)
        .await?;
        Ok(rows.into_iter().map(|(name, at)| Incident { name, at: Timestamp::from_seconds(at) }).collect())
    }
}
