//! Where detection stands and what it found: read before, written together after.

use std::collections::HashSet;

use sqlx::{FromRow, SqliteConnection};

use super::arrivals::Turn;
use super::{Store, StoreError};
use crate::alert::Alert;
use crate::detect::{Detector, Development, Finding, FindingKind};
use crate::mention::Timestamp;
use crate::notify::Letter;

/// Where detection stands for one brand.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Detection {
    /// The state.
    pub detector: Detector,
    /// The newest arrival that the state knows of.
    pub seen_through: i64,
    /// What was found up to here is not told: another model has read what was told before.
    pub quiet_until: Option<Timestamp>,
    /// How often the detector started anew, so that a look from before is not taken for one from after.
    pub restarts: i64,
    /// What arrived since.
    pub turn: Turn,
}

/// A finding with what is told about it.
#[derive(Clone, Debug)]
pub struct News {
    /// What happened.
    pub finding: Finding,
    /// Explained.
    pub alert: Alert,
    /// One for each recipient.
    pub letters: Vec<Letter>,
}

/// What became of a finding, with what is told about it.
#[derive(Clone, Debug)]
pub struct Sequel {
    /// Where it stands.
    pub development: Development,
    /// One for each who was told of the finding, if it is worth a letter.
    pub letters: Vec<Letter>,
}

/// Who reads a letter, as the outbox knows them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, FromRow)]
pub struct Reader {
    /// [`notify::MAIL`](crate::notify::MAIL), or the name of a channel.
    pub channel: String,
    /// A mail address, or once more the name of the channel.
    pub recipient: String,
}

impl Letter {
    /// Who reads it.
    pub fn reader(&self) -> Reader {
        Reader { channel: self.channel.clone(), recipient: self.to.clone() }
    }
}

impl Store {
    /// Where detection stands for a brand.
    pub async fn detection(&self, brand: &str) -> Result<Detection, StoreError> {
        let row: Option<(String, i64, Option<i64>, i64)> = sqlx::query_as(
            "SELECT state, seen_through, quiet_until, restarts FROM detector
             WHERE brand_id = (SELECT id FROM brand WHERE name = ?1)",
        )
        .bind(brand)
        .fetch_optional(&self.reader)
        .await?;
        let mut detection = Detection::default();
        if let Some((state, seen_through, quiet_until, restarts)) = row {
            detection = Detection {
                detector: serde_json::from_str(&state)
                    .map_err(|source| StoreError::Content { what: "detector state", source })?,
                seen_through,
                quiet_until: quiet_until.map(Timestamp::from_seconds),
                restarts,
                turn: Turn::default(),
            };
        }
        detection.turn = self.arrivals(brand, detection.seen_through).await?;
        Ok(detection)
    }

    /// Keeps the detector's state together with what it has seen and found, and the mails about it.
    ///
    /// A crash before this repeats the work from the old state and comes to the same findings. False if the detector was
    /// started anew since `before` was read: then nothing is kept, and the look has to be repeated.
    pub async fn save_detection(
        &self,
        brand: &str,
        before: &Detection,
        detector: &Detector,
        news: &[News],
        sequels: &[Sequel],
    ) -> Result<bool, StoreError> {
        let state =
            serde_json::to_string(detector).map_err(|source| StoreError::Content { what: "detector state", source })?;
        let mut transaction = self.begin().await?;
        let brand_id: i64 =
            sqlx::query_scalar("SELECT id FROM brand WHERE name = ?1").bind(brand).fetch_one(&mut *transaction).await?;
        let saved = sqlx::query(
            "INSERT INTO detector (brand_id, state, seen_through) VALUES (?1, ?2, ?3)
             ON CONFLICT DO UPDATE SET state = excluded.state, seen_through = excluded.seen_through
             WHERE restarts = ?4",
        )
        .bind(brand_id)
        .bind(state)
        .bind(before.turn.through)
        .bind(before.restarts)
        .execute(&mut *transaction)
        .await?;
        if saved.rows_affected() == 0 {
            return Ok(false);
        }
        for one in news {
            insert_news(&mut transaction, brand_id, one, before.quiet_until).await?;
        }
        for one in sequels {
            insert_sequel(&mut transaction, brand_id, one).await?;
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// Who was told of findings of this kind about a brand that were made since then.
    pub async fn told_since(
        &self,
        brand: &str,
        kind: FindingKind,
        since: Timestamp,
    ) -> Result<HashSet<Reader>, StoreError> {
        let readers: Vec<Reader> = sqlx::query_as(
            "SELECT DISTINCT outbox.channel, outbox.recipient FROM finding JOIN outbox ON outbox.finding_id = finding.id
             WHERE brand_id = (SELECT id FROM brand WHERE name = ?1) AND kind = ?2 AND at > ?3",
        )
        .bind(brand)
        .bind(kind.name())
        .bind(since.seconds())
        .fetch_all(&self.reader)
        .await?;
        Ok(readers.into_iter().collect())
    }

    /// The first finding of this kind that was made then, explained, and the letters about it: id and who got it.
    pub async fn told(
        &self,
        brand: &str,
        kind: FindingKind,
        at: Timestamp,
    ) -> Result<Option<(Alert, Vec<(String, Reader)>)>, StoreError> {
        let found: Option<(i64, String)> = sqlx::query_as(
            "SELECT id, alert FROM finding
             WHERE brand_id = (SELECT id FROM brand WHERE name = ?1) AND kind = ?2 AND at = ?3 ORDER BY id LIMIT 1",
        )
        .bind(brand)
        .bind(kind.name())
        .bind(at.seconds())
        .fetch_optional(&self.reader)
        .await?;
        let Some((id, alert)) = found else { return Ok(None) };
        let letters: Vec<(String, String, String)> = sqlx::query_as(
            "SELECT id, channel, recipient FROM outbox WHERE finding_id = ?1 AND reply_to IS NULL ORDER BY id",
        )
        .bind(id)
        .fetch_all(&self.reader)
        .await?;
        let letters = letters.into_iter().map(|(id, channel, recipient)| (id, Reader { channel, recipient })).collect();
        let alert = serde_json::from_str(&alert).map_err(|source| StoreError::Content { what: "finding", source })?;
        Ok(Some((alert, letters)))
    }

    /// Every finding about a brand with its explanation, oldest first.
    pub async fn alerts(&self, brand: &str) -> Result<Vec<Alert>, StoreError> {
        let rows: Vec<String> = sqlx::query_scalar(
            "SELECT alert FROM finding WHERE brand_id = (SELECT id FROM brand WHERE name = ?1) ORDER BY at, id",
        )
        .bind(brand)
        .fetch_all(&self.reader)
        .await?;
        let read = |json: &String| {
            serde_json::from_str(json).map_err(|source| StoreError::Content { what: "finding", source })
        };
        rows.iter().map(read).collect()
    }
}

async fn insert_news(
    connection: &mut SqliteConnection,
    brand_id: i64,
    news: &News,
    quiet_until: Option<Timestamp>,
) -> Result<(), StoreError> {
    let alert = serde_json::to_string(&news.alert).map_err(|source| StoreError::Content { what: "finding", source })?;
    // A detector that starts anew may find again what it found before; the first time counts.
    let finding_id: Option<i64> = sqlx::query_scalar(
        "INSERT INTO finding (brand_id, kind, at, about, onset_at, alert, in_hindsight) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT DO NOTHING RETURNING id",
    )
    .bind(brand_id)
    .bind(news.finding.kind.name())
    .bind(news.finding.at.seconds())
    .bind(news.finding.about())
    .bind(news.finding.onset.seconds())
    .bind(alert)
    .bind(quiet_until.is_some_and(|until| news.finding.at <= until))
    .fetch_optional(&mut *connection)
    .await?;
    let Some(finding_id) = finding_id else { return Ok(()) };
    for letter in &news.letters {
        super::outbox::insert(connection, Some(finding_id), letter).await?;
    }
    Ok(())
}

async fn insert_sequel(connection: &mut SqliteConnection, brand_id: i64, sequel: &Sequel) -> Result<(), StoreError> {
    let Development { kind, found_at, at, stage, residual } = &sequel.development;
    // Should a detector that started anew have found another shift in that hour, the first counts: it was told.
    let finding_id: Option<i64> = sqlx::query_scalar(
        "UPDATE finding SET stage = ?4, stage_at = ?5 WHERE coalesce(stage_at, 0) <= ?5
             AND id = (SELECT min(id) FROM finding WHERE brand_id = ?1 AND kind = ?2 AND at = ?3) RETURNING id",
    )
    .bind(brand_id)
    .bind(kind.name())
    .bind(found_at.seconds())
    .bind(stage.name())
    .bind(at.seconds())
    .fetch_optional(&mut *connection)
    .await?;
    // A detector that started anew follows what it has found itself; the database may know it as of another hour.
    let Some(finding_id) = finding_id else { return Ok(()) };
    sqlx::query(
        "INSERT INTO finding_stage (finding_id, at, stage, residual) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
    )
    .bind(finding_id)
    .bind(at.seconds())
    .bind(stage.name())
    .bind(residual)
    .execute(&mut *connection)
    .await?;
    for letter in &sequel.letters {
        super::outbox::insert(connection, Some(finding_id), letter).await?;
    }
    Ok(())
}
