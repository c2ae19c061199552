//! Mentions that cannot wait: how far was looked, what was found, and who is told of it by which letter.

use sqlx::{FromRow, SqliteConnection};

use super::save::json;
use super::text::label;
use super::{Reader, Store, StoreError, outbox};
use crate::alert::UrgentMention;
use crate::mention::{Author, Mention, Timestamp};
use crate::notify::Letter;
use crate::urgent::{Cause, Urgent};

/// At most so many revisions are handed out at once.
const TURN: i64 = 500;

/// What was older on its arrival, or arrived longer ago than this, is nobody's emergency any more.
const STALE_SECONDS: i64 = 48 * 3600;

/// Where the search for urgent mentions stands for one brand.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Look {
    /// The newest revision that was looked at; `None`: nobody has looked yet.
    seen_through: Option<i64>,
    /// The newest that this look covers.
    through: i64,
    /// What may be urgent, in the order of arrival.
    pub arrivals: Vec<Arrival>,
}

impl Look {
    /// Nothing has arrived, and somebody has looked before: there is nothing to keep.
    pub fn is_empty(&self) -> bool {
        self.seen_through == Some(self.through)
    }
}

/// A revision that has arrived.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrival {
    revision_id: i64,
    /// Title and text.
    pub text: String,
    /// Who wrote it.
    pub author: Option<Author>,
    /// Probabilities of negative, neutral and positive, if the mood can be told.
    pub mood: Option<[f64; 3]>,
    /// As analysed, from 0 to 1.
    pub urgency: f64,
}

/// An urgent mention that somebody has not been told of yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiting {
    /// Its number.
    pub id: i64,
    /// What there is to tell.
    pub mention: UrgentMention,
}

#[derive(FromRow)]
struct ArrivalRow {
    revision_id: i64,
    title: Option<String>,
    text: String,
    author_key: Option<String>,
    author_name: Option<String>,
    negative: Option<f64>,
    neutral: Option<f64>,
    positive: Option<f64>,
    urgency: f64,
}

impl From<ArrivalRow> for Arrival {
    fn from(row: ArrivalRow) -> Self {
        Self {
            revision_id: row.revision_id,
            text: full_text(row.title, row.text),
            author: author(row.author_key, row.author_name),
            mood: row.negative.zip(row.neutral).zip(row.positive).map(|((n, o), p)| [n, o, p]),
            urgency: row.urgency,
        }
    }
}

#[derive(FromRow)]
struct WaitingRow {
    id: i64,
    brand: String,
    cause: String,
    words: String,
    weight: f64,
    source: String,
    published_at: Option<i64>,
    seen_at: i64,
    url: Option<String>,
    author_key: Option<String>,
    author_name: Option<String>,
    title: Option<String>,
    text: String,
    label: Option<i8>,
    urgency: f64,
}

impl WaitingRow {
    /// `None` for a cause that a newer version knew.
    fn waiting(self) -> Option<Waiting> {
        let mention = UrgentMention {
            brand: self.brand,
            cause: Cause::parse(&self.cause)?,
            words: serde_json::from_str(&self.words).unwrap_or_default(),
            weight: self.weight,
            source: self.source,
            at: Timestamp::from_seconds(self.published_at.unwrap_or(self.seen_at)),
            author: author(self.author_key, self.author_name),
            text: full_text(self.title, self.text),
            url: self.url,
            label: self.label.and_then(label),
            urgency: self.urgency,
        };
        Some(Waiting { id: self.id, mention })
    }
}

fn full_text(title: Option<String>, text: String) -> String {
    Mention { title, text, ..Mention::default() }.full_text().into_owned()
}

fn author(key: Option<String>, name: Option<String>) -> Option<Author> {
    key.zip(name).map(|(key, name)| Author { key, name })
}

impl Store {
    /// What has arrived about a brand since the last look: new mentions and new versions of them, in their current
    /// revision, that came alive, in time, and are still there.
    pub async fn urgent_look(&self, brand: &str, now: Timestamp) -> Result<Look, StoreError> {
        let seen_through: Option<i64> = sqlx::query_scalar(
            "SELECT seen_through FROM urgent_look WHERE brand_id = (SELECT id FROM brand WHERE name = ?1)",
        )
        .bind(brand)
        .fetch_optional(&self.reader)
        .await?;
        let (newest, turn): (i64, i64) = sqlx::query_as(
            "SELECT coalesce(max(id), 0),
                 coalesce((SELECT max(id) FROM (SELECT id FROM revision WHERE id > ?1 ORDER BY id LIMIT ?2)), ?1)
             FROM revision",
        )
        .bind(seen_through.unwrap_or_default())
        .bind(TURN)
        .fetch_one(&self.reader)
        .await?;
        // The first look only says from where on: what was there before is told to nobody.
        let Some(after) = seen_through else { return Ok(Look { through: newest, ..Look::default() }) };
        let arrivals = self.urgent_arrivals(brand, after, turn, now).await?;
        Ok(Look { seen_through, through: turn, arrivals })
    }

    async fn urgent_arrivals(
        &self,
        brand: &str,
        after: i64,
        through: i64,
        now: Timestamp,
    ) -> Result<Vec<Arrival>, StoreError> {
        let rows: Vec<ArrivalRow> = sqlx::query_as(
            "SELECT r.id AS revision_id, r.title, r.text, author.key AS author_key, author.name AS author_name,
                 a.negative, a.neutral, a.positive, a.urgency
             FROM revision AS r
             JOIN mention AS m ON m.id = r.mention_id AND m.revision_id = r.id
             JOIN mention_brand AS about ON about.mention_id = m.id
             JOIN analysis AS a ON a.revision_id = r.id AND a.current = 1
             LEFT JOIN author ON author.id = m.author_id
             WHERE r.id > ?2 AND r.id <= ?3 AND about.brand_id = (SELECT id FROM brand WHERE name = ?1)
                 AND m.backfill = 0 AND m.removed_at IS NULL AND m.set_aside IS NULL AND r.seen_at >= ?4 - ?5
                 AND coalesce(m.published_at, m.first_seen_at) >= m.first_seen_at - ?5
             ORDER BY r.id",
        )
        .bind(brand)
        .bind(after)
        .bind(through)
        .bind(now.seconds())
        .bind(STALE_SECONDS)
        .fetch_all(&self.reader)
        .await?;
        Ok(rows.into_iter().map(Arrival::from).collect())
    }

    /// Keeps what a look has found, for these readers, and how far it went; how many of them will be told, or `None` if
    /// somebody else has looked meanwhile: then nothing is kept.
    ///
    /// A mention is found once, whatever becomes of it later; of one whose text was told before nobody is told.
    pub async fn save_urgent(
        &self,
        brand: &str,
        look: &Look,
        found: &[(&Arrival, Urgent)],
        readers: &[Reader],
        now: Timestamp,
    ) -> Result<Option<usize>, StoreError> {
        let mut transaction = self.begin().await?;
        let moved = sqlx::query(
            "INSERT INTO urgent_look (brand_id, seen_through) SELECT id, ?2 FROM brand WHERE name = ?1
             ON CONFLICT DO UPDATE SET seen_through = excluded.seen_through WHERE seen_through = ?3",
        )
        .bind(brand)
        .bind(look.through)
        .bind(look.seen_through)
        .execute(&mut *transaction)
        .await?;
        if moved.rows_affected() == 0 {
            return Ok(None);
        }
        let mut told = 0;
        for (arrival, urgent) in found {
            told += usize::from(insert(&mut transaction, brand, arrival, urgent, readers, now).await?);
        }
        transaction.commit().await?;
        Ok(Some(told))
    }

    /// What somebody has not been told of yet, the most urgent first, and when they were last written to.
    pub async fn urgent_waiting(&self, reader: &Reader) -> Result<(Vec<Waiting>, Option<Timestamp>), StoreError> {
        let rows: Vec<WaitingRow> = sqlx::query_as(
            "SELECT urgent.id, brand.name AS brand, cause, words, weight, source.name AS source, m.published_at,
                 r.seen_at, m.url, author.key AS author_key, author.name AS author_name, r.title, r.text, a.label, a.urgency
             FROM urgent_reader
             JOIN urgent ON urgent.id = urgent_id
             JOIN brand ON brand.id = urgent.brand_id
             JOIN mention AS m ON m.id = urgent.mention_id
             JOIN source ON source.id = m.source_id
             JOIN revision AS r ON r.id = urgent.revision_id
             JOIN analysis AS a ON a.revision_id = r.id AND a.current = 1
             LEFT JOIN author ON author.id = m.author_id
             WHERE channel = ?1 AND recipient = ?2 AND letter_id IS NULL AND m.removed_at IS NULL
                 AND m.set_aside IS NULL
             ORDER BY weight DESC, urgent.id",
        )
        .bind(&reader.channel)
        .bind(&reader.recipient)
        .fetch_all(&self.reader)
        .await?;
        let written_at: Option<i64> = sqlx::query_scalar(
            "SELECT max(written_at) FROM urgent_reader AS one JOIN outbox ON outbox.id = letter_id
             WHERE one.channel = ?1 AND one.recipient = ?2",
        )
        .bind(&reader.channel)
        .bind(&reader.recipient)
        .fetch_one(&self.reader)
        .await?;
        Ok((rows.into_iter().filter_map(WaitingRow::waiting).collect(), written_at.map(Timestamp::from_seconds)))
    }

    /// Queues a letter that tells its reader of these; false, and nothing is kept, if one of them was told meanwhile.
    pub async fn queue_urgent(&self, letter: &Letter, told: &[i64]) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        outbox::insert(&mut transaction, None, letter).await?;
        let marked = sqlx::query(
            "UPDATE urgent_reader SET letter_id = ?1 WHERE channel = ?2 AND recipient = ?3 AND letter_id IS NULL
                 AND urgent_id IN (SELECT value FROM json_each(?4))",
        )
        .bind(&letter.id)
        .bind(&letter.channel)
        .bind(&letter.to)
        .bind(json(&told))
        .execute(&mut *transaction)
        .await?;
        if marked.rows_affected() != told.len() as u64 {
            return Ok(false);
        }
        transaction.commit().await?;
        Ok(true)
    }
}

/// True if somebody will be told of it. A copy is kept without readers, so that nobody is told of an edit of it, either.
async fn insert(
    connection: &mut SqliteConnection,
    brand: &str,
    arrival: &Arrival,
    urgent: &Urgent,
    readers: &[Reader],
    now: Timestamp,
) -> Result<bool, StoreError> {
    let id: Option<i64> = sqlx::query_scalar(
        "INSERT INTO urgent (brand_id, mention_id, revision_id, cause, words, weight, found_at)
         SELECT brand.id, revision.mention_id, revision.id, ?3, ?4, ?5, ?6 FROM revision JOIN brand
         WHERE revision.id = ?2 AND brand.name = ?1 ON CONFLICT DO NOTHING RETURNING id",
    )
    .bind(brand)
    .bind(arrival.revision_id)
    .bind(urgent.cause.name())
    .bind(json(&urgent.words))
    .bind(urgent.weight)
    .bind(now.seconds())
    .fetch_optional(&mut *connection)
    .await?;
    let Some(id) = id else { return Ok(false) };
    // What is about two brands is told once. An edited text belongs to no cluster: its mention keeps that of the text it
    // came with.
    let is_copy: bool = sqlx::query_scalar(
        "SELECT EXISTS (
             SELECT 1 FROM urgent JOIN mention AS m ON m.id = urgent.mention_id
             JOIN mention AS same ON same.cluster_id = m.cluster_id
             JOIN urgent AS told ON told.mention_id = same.id AND told.id <> urgent.id
             WHERE urgent.id = ?1 AND (same.id = m.id
                 OR NOT EXISTS (SELECT 1 FROM revision WHERE mention_id = m.id AND id < urgent.revision_id)))",
    )
    .bind(id)
    .fetch_one(&mut *connection)
    .await?;
    for reader in readers.iter().filter(|_| !is_copy) {
        sqlx::query("INSERT INTO urgent_reader (urgent_id, channel, recipient) VALUES (?1, ?2, ?3)")
            .bind(id)
            .bind(&reader.channel)
            .bind(&reader.recipient)
            .execute(&mut *connection)
            .await?;
    }
    Ok(!is_copy)
}

/// Before mentions are erased: letters about them that have left are emptied, and those that have not are taken back;
/// what else stood in these waits for the next letter.
pub(super) async fn forget(connection: &mut SqliteConnection, mentions: &[i64]) -> Result<(), StoreError> {
    for statement in [
        "DELETE FROM outbox WHERE state IN ('queued', 'sending') AND id IN (
             SELECT letter_id FROM urgent_reader JOIN urgent ON urgent.id = urgent_id
             WHERE mention_id IN (SELECT value FROM json_each(?1)))",
        "UPDATE outbox SET text = '', html = '' WHERE id IN (
             SELECT letter_id FROM urgent_reader JOIN urgent ON urgent.id = urgent_id
             WHERE mention_id IN (SELECT value FROM json_each(?1)))",
    ] {
        sqlx::query(statement).bind(json(&mentions)).execute(&mut *connection).await?;
    }
    Ok(())
}
