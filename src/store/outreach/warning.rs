//! Whom to answer before their time limit is over, and who was told of that.

use sqlx::FromRow;

use crate::mention::Timestamp;
use crate::notify::Letter;
use crate::outreach::Severity;
use crate::outreach::warning::DueCase;
use crate::store::save::json;
use crate::store::{Store, StoreError, outbox};

#[derive(FromRow)]
struct Row {
    id: i64,
    severity: String,
    brand: String,
    source: String,
    mention_id: i64,
    title: Option<String>,
    text: String,
    waits_since: i64,
    due_at: i64,
    owner: Option<String>,
}

impl From<Row> for DueCase {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            severity: Severity::parse(&row.severity).unwrap_or(Severity::Normal),
            brand: row.brand,
            source: row.source,
            mention_id: row.mention_id,
            text: row.title.map_or_else(|| row.text.clone(), |title| format!("{title}: {}", row.text)),
            waits_since: Timestamp::from_seconds(row.waits_since),
            due_at: Timestamp::from_seconds(row.due_at),
            owner: row.owner,
        }
    }
}

impl Store {
    /// Cases that wait for us and are due after now and until then, of which somebody was not told yet for this time limit; and
    /// when they were last written to. What was put off is not among them.
    pub async fn due_cases(
        &self,
        recipient: &str,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<(Vec<DueCase>, Option<Timestamp>), StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT c.id, c.severity, (SELECT name FROM brand WHERE id = c.brand_id) AS brand, source.name AS source,
                 m.id AS mention_id, r.title, r.text, coalesce(c.waits_since, c.first_word_at) AS waits_since, c.due_at, c.owner
             FROM outreach_case AS c CROSS JOIN mention AS m ON m.id = (
                 SELECT m.id FROM case_mention JOIN mention AS m ON m.id = mention_id
                 WHERE case_id = c.id AND m.removed_at IS NULL AND m.set_aside IS NULL
                 ORDER BY m.said_at DESC, m.id DESC LIMIT 1)
             CROSS JOIN revision AS r ON r.id = m.revision_id CROSS JOIN source ON source.id = m.source_id
             WHERE c.due_at > ?1 AND c.due_at <= ?2 AND c.state IN ('new', 'claimed', 'waiting')
                 AND (c.snoozed_until IS NULL OR c.snoozed_until <= ?1)
                 AND NOT EXISTS (SELECT 1 FROM case_warning AS told
                     WHERE told.case_id = c.id AND told.due_at = c.due_at AND told.recipient = ?3)
             ORDER BY c.due_at, c.id",
        )
        .bind(now.seconds())
        .bind(until.seconds())
        .bind(recipient)
        .fetch_all(&self.reader)
        .await?;
        let written_at: Option<i64> = sqlx::query_scalar(
            "SELECT max(written_at) FROM case_warning AS told JOIN outbox ON outbox.id = letter_id WHERE told.recipient = ?1",
        )
        .bind(recipient)
        .fetch_one(&self.reader)
        .await?;
        Ok((rows.into_iter().map(DueCase::from).collect(), written_at.map(Timestamp::from_seconds)))
    }

    /// Queues a letter that tells its reader of these; false, and nothing is kept, if they were told of one of them meanwhile, or
    /// it was answered.
    pub async fn queue_warning(&self, letter: &Letter, told: &[DueCase]) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        outbox::insert(&mut transaction, None, letter).await?;
        for case in told {
            let marked = sqlx::query(
                "INSERT INTO case_warning (case_id, due_at, recipient, letter_id)
                 SELECT id, due_at, ?3, ?4 FROM outreach_case WHERE id = ?1 AND due_at = ?2 ON CONFLICT DO NOTHING",
            )
            .bind(case.id)
            .bind(case.due_at.seconds())
            .bind(&letter.to)
            .bind(&letter.id)
            .execute(&mut *transaction)
            .await?;
            if marked.rows_affected() == 0 {
                return Ok(false);
            }
        }
        // Whoever has their words erased takes them out of the letter, too.
        let quoted: Vec<i64> = told.iter().map(|case| case.mention_id).collect();
        sqlx::query(
            "INSERT INTO outbox_quote (outbox_id, mention_id)
             SELECT ?1, id FROM mention WHERE id IN (SELECT value FROM json_each(?2)) ON CONFLICT DO NOTHING",
        )
        .bind(&letter.id)
        .bind(json(&quoted))
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(true)
    }
}
