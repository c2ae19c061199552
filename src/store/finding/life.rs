//! What became of a finding, who was told of it, and where those stand whom it quotes.

use sqlx::FromRow;

use crate::alert::Quote;
use crate::alert::quote::web_address;
use crate::detect::Stage;
use crate::mention::Timestamp;
use crate::notify::{MAIL, masked};
use crate::store::{Store, StoreError};

/// A step in the life of a finding.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FindingStep {
    /// When.
    pub at: Timestamp,
    /// What it had come to.
    pub stage: Stage,
    /// How far the net mood (−1…1) was from what was usual before.
    pub residual: f64,
}

/// A letter that tells of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingLetter {
    /// [`MAIL`], or the name of a channel.
    pub channel: String,
    /// The masked mail address; `None` where the channel says it all.
    pub recipient: Option<String>,
    /// It continues an earlier one: that the finding is over.
    pub is_sequel: bool,
    /// When it was written.
    pub written_at: Timestamp,
    /// `queued`, `sending`, `sent`, `unknown` or `failed`.
    pub state: String,
    /// When it went.
    pub sent_at: Option<Timestamp>,
    /// How often that was tried.
    pub attempts: u32,
    /// What happened, if it did not go; addresses are masked.
    pub error: Option<String>,
}

#[derive(FromRow)]
struct LetterRow {
    channel: String,
    recipient: String,
    is_sequel: bool,
    written_at: i64,
    state: String,
    sent_at: Option<i64>,
    attempts: u32,
    error: Option<String>,
}

impl From<LetterRow> for FindingLetter {
    fn from(row: LetterRow) -> Self {
        Self {
            recipient: (row.channel == MAIL).then(|| masked(&row.recipient)),
            channel: row.channel,
            is_sequel: row.is_sequel,
            written_at: Timestamp::from_seconds(row.written_at),
            state: row.state,
            sent_at: row.sent_at.map(Timestamp::from_seconds),
            attempts: row.attempts,
            error: row.error,
        }
    }
}

impl Store {
    /// What a finding has come to, step by step, in the order of time.
    pub async fn finding_life(&self, id: i64) -> Result<Vec<FindingStep>, StoreError> {
        let rows: Vec<(i64, String, f64)> =
            sqlx::query_as("SELECT at, stage, residual FROM finding_stage WHERE finding_id = ?1 ORDER BY at, stage")
                .bind(id)
                .fetch_all(&self.reader)
                .await?;
        let step = |(at, stage, residual): (i64, String, f64)| {
            Some(FindingStep { at: Timestamp::from_seconds(at), stage: Stage::parse(&stage)?, residual })
        };
        Ok(rows.into_iter().filter_map(step).collect())
    }

    /// The letters about a finding, in the order in which they were written.
    pub async fn finding_letters(&self, id: i64) -> Result<Vec<FindingLetter>, StoreError> {
        let rows: Vec<LetterRow> = sqlx::query_as(
            "SELECT channel, recipient, reply_to IS NOT NULL AS is_sequel, written_at, state, sent_at, attempts, error
             FROM outbox WHERE finding_id = ?1 ORDER BY written_at, channel, recipient",
        )
        .bind(id)
        .fetch_all(&self.reader)
        .await?;
        Ok(rows.into_iter().map(FindingLetter::from).collect())
    }

    /// The number of the mention that is quoted, if it is still there and has an address to know it by.
    pub async fn quoted_mention(&self, quote: &Quote) -> Result<Option<i64>, StoreError> {
        let Some(url) = quote.url.as_deref() else { return Ok(None) };
        let rows: Vec<(i64, String)> = sqlx::query_as(
            "SELECT mention.id, url FROM mention JOIN source ON source.id = source_id
             WHERE first_seen_at = ?1 AND source.name = ?2 AND url IS NOT NULL ORDER BY mention.id",
        )
        .bind(quote.at.seconds())
        .bind(&quote.source)
        .fetch_all(&self.reader)
        .await?;
        let is_it = |(id, known): (i64, String)| (web_address(&known).as_deref() == Some(url)).then_some(id);
        Ok(rows.into_iter().find_map(is_it))
    }
}
