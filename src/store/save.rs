//! Saving what a round brought: mentions, revisions, analyses and the cursor, in one transaction, one statement a table.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;
use sha2::{Digest, Sha256};
use sqlx::SqliteConnection;

use super::erase::without_erased;
use super::{Store, StoreError, grade, model, source};
use crate::analyse::Analysis;
use crate::collect::Cursor;
use crate::mention::{Grade, Mention, SourceId, Timestamp};
use crate::text::Fingerprint;
use cluster::{Met, insert_clusters};
use rows::{insert_authors, insert_brands, insert_mentions, insert_revisions, mention_row, next_id};

mod cluster;
mod rows;

/// A mention with everything that is thought of it.
#[derive(Clone, Debug)]
pub struct Item {
    /// As the source gave it.
    pub mention: Mention,
    /// What the model thinks of it.
    pub analysis: Analysis,
    /// The version of the model that thinks so.
    pub model_version: Arc<str>,
    /// The names of the brands that it is about; at least one.
    pub brands: Vec<String>,
}

/// Where a round ended.
#[derive(Clone, Copy, Debug)]
pub struct End<'a> {
    /// For the next round, …
    pub cursor: &'a Cursor,
    /// … which is due then.
    pub due_at: Timestamp,
    /// What the source said of the whole profile, if it did.
    pub grade: Option<Grade>,
}

impl<'a> From<(&'a Cursor, Timestamp)> for End<'a> {
    fn from((cursor, due_at): (&'a Cursor, Timestamp)) -> Self {
        Self { cursor, due_at, grade: None }
    }
}

/// What a save changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Saved {
    /// Mentions that were not known.
    pub new: usize,
    /// Known ones whose title, text or rating changed.
    pub edited: usize,
    /// Of the new ones, those whose text another mention carried before.
    pub copies: usize,
}

impl std::ops::AddAssign for Saved {
    fn add_assign(&mut self, other: Self) {
        self.new += other.new;
        self.edited += other.edited;
        self.copies += other.copies;
    }
}

/// One item with the ids it gets, on its way into the tables.
struct Placed<'a> {
    item: &'a Item,
    mention_id: i64,
    revision_id: i64,
    cluster_id: i64,
    /// What the text is found by from now on; `None` for a copy, which is found by the text that it copies.
    fingerprint: Option<Fingerprint>,
    /// Likewise.
    opening: Option<u64>,
}

/// A mention that is in the database already.
#[derive(Clone, Copy)]
struct Known {
    id: i64,
    digest: i64,
    content_digest: i64,
}

impl Store {
    /// Those of a source's mentions that are not in the database in just this form, and whose authors were not erased.
    pub async fn changed(&self, source: &SourceId, mentions: Vec<Mention>) -> Result<Vec<Mention>, StoreError> {
        let mut connection = self.reader.acquire().await?;
        let mentions = without_erased(&mut connection, source, mentions).await?;
        let known = known(&mut connection, source, mentions.iter()).await?;
        let is_known = |mention: &Mention| known.get(&mention.native_id).is_some_and(|k| k.digest == digest(mention));
        Ok(mentions.into_iter().filter(|mention| !is_known(mention)).collect())
    }

    /// Saves what a round brought together with where it ended. Saving the same again changes nothing.
    ///
    /// Everything that a source gives before its first round is over, and everything that is not `live`, is backfill.
    ///
    /// # Errors
    /// [`StoreError::Outdated`] when another model has become the active one since these items were analysed; and when
    /// the database refuses. Then nothing is kept.
    pub async fn save(
        &self,
        source: &SourceId,
        items: &[Item],
        end: Option<End<'_>>,
        live: bool,
        now: Timestamp,
    ) -> Result<Saved, StoreError> {
        let mut transaction = self.begin().await?;
        model::refuse_outdated(&mut transaction, items).await?;
        let (source_id, first_success_at): (i64, Option<i64>) =
            sqlx::query_as("SELECT id, first_success_at FROM source WHERE name = ?1")
                .bind(source.as_str())
                .fetch_one(&mut *transaction)
                .await?;
        let known = known(&mut transaction, source, items.iter().map(|item| &item.mention)).await?;
        let mut saved = Saved::default();
        let (new, changed) = sort_out(items, &known);
        if !new.is_empty() {
            let backfill = !live || first_success_at.is_none();
            saved += insert(&mut transaction, source_id, &new, backfill, now).await?;
        }
        for (item, known) in changed {
            saved.edited += usize::from(update(&mut transaction, source_id, item, known, now).await?);
        }
        if let Some(end) = end {
            source::record_success(&mut transaction, source_id, end.cursor, Some(end.due_at), now).await?;
            if let Some(told) = end.grade {
                grade::record(&mut transaction, source_id, told, now).await?;
            }
        }
        transaction.commit().await?;
        Ok(saved)
    }
}

impl Store {
    /// Takes what a source says was deleted out of the figures; how many there were. What is not known is no error.
    pub async fn remove(&self, source: &SourceId, ids: &[String], now: Timestamp) -> Result<u64, StoreError> {
        let mut connection = self.writer.acquire().await?;
        remove(&mut connection, source, ids, now).await
    }

    /// Takes all out of the figures that is known of authors of a source, by their keys; how much there was.
    pub async fn remove_authors(&self, source: &SourceId, keys: &[String], now: Timestamp) -> Result<u64, StoreError> {
        if keys.is_empty() {
            return Ok(0);
        }
        let removed = sqlx::query(
            "UPDATE mention SET removed_at = ?3 WHERE removed_at IS NULL AND author_id IN
                 (SELECT author.id FROM author JOIN source ON source.id = author.source_id
                  WHERE source.name = ?1 AND author.key IN (SELECT value FROM json_each(?2)))",
        )
        .bind(source.as_str())
        .bind(json(&keys))
        .bind(now.seconds())
        .execute(&self.writer)
        .await?;
        Ok(removed.rows_affected())
    }
}

pub(super) async fn remove(
    connection: &mut SqliteConnection,
    source: &SourceId,
    ids: &[String],
    now: Timestamp,
) -> Result<u64, StoreError> {
    if ids.is_empty() {
        return Ok(0);
    }
    let removed = sqlx::query(
        "UPDATE mention SET removed_at = ?3 WHERE removed_at IS NULL
             AND source_id = (SELECT id FROM source WHERE name = ?1) AND native_id IN (SELECT value FROM json_each(?2))",
    )
    .bind(source.as_str())
    .bind(json(&ids))
    .bind(now.seconds())
    .execute(connection)
    .await?;
    Ok(removed.rows_affected())
}

/// Over all that the source said.
fn digest(mention: &Mention) -> i64 {
    hash(mention)
}

/// Over what a reader judges: title, text and rating.
fn content_digest(mention: &Mention) -> i64 {
    hash(&(&mention.title, &mention.text, mention.rating))
}

/// The first 64 bits of SHA-256 over the JSON: the same on every platform, in every version.
pub(super) fn hash(value: &impl Serialize) -> i64 {
    let json = serde_json::to_vec(value).unwrap_or_default();
    let mut first = [0; 8];
    first.copy_from_slice(&Sha256::digest(&json)[..8]);
    i64::from_be_bytes(first)
}

async fn known(
    connection: &mut SqliteConnection,
    source: &SourceId,
    mentions: impl Iterator<Item = &Mention>,
) -> Result<HashMap<String, Known>, StoreError> {
    let ids: Vec<&str> = mentions.map(|mention| mention.native_id.as_str()).collect();
    // CROSS JOIN keeps the order: each wanted id is looked up, instead of all mentions of the source looked through.
    let rows: Vec<(String, i64, i64, i64)> = sqlx::query_as(
        "SELECT m.native_id, m.id, m.digest, r.digest
         FROM json_each(?2) AS wanted
         CROSS JOIN mention AS m ON m.source_id = (SELECT id FROM source WHERE name = ?1) AND m.native_id = wanted.value
         JOIN revision AS r ON r.id = m.revision_id",
    )
    .bind(source.as_str())
    .bind(json(&ids))
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|(key, id, digest, content_digest)| (key, Known { id, digest, content_digest })).collect())
}

/// New items, each native id once, and known ones that changed.
fn sort_out<'a>(items: &'a [Item], known: &HashMap<String, Known>) -> (Vec<&'a Item>, Vec<(&'a Item, Known)>) {
    let (mut new, mut changed) = (Vec::new(), Vec::new());
    let mut met = std::collections::HashSet::new();
    for item in items {
        match known.get(&item.mention.native_id) {
            _ if !met.insert(&item.mention.native_id) => {}
            None => new.push(item),
            Some(known) if known.digest != digest(&item.mention) => changed.push((item, *known)),
            Some(_) => {}
        }
    }
    (new, changed)
}

async fn insert(
    connection: &mut SqliteConnection,
    source_id: i64,
    items: &[&Item],
    backfill: bool,
    now: Timestamp,
) -> Result<Saved, StoreError> {
    let placed = place(connection, items).await?;
    insert_authors(connection, source_id, items.iter().copied()).await?;
    insert_mentions(connection, source_id, &placed, backfill, now).await?;
    insert_revisions(connection, &placed, now).await?;
    insert_brands(connection, &placed).await?;
    insert_clusters(connection, &placed).await?;
    let copies = placed.iter().filter(|one| one.cluster_id != one.mention_id).count();
    Ok(Saved { new: placed.len(), edited: 0, copies })
}

/// Gives each item its ids and finds the cluster it belongs to.
async fn place<'a>(connection: &mut SqliteConnection, items: &[&'a Item]) -> Result<Vec<Placed<'a>>, StoreError> {
    let mention_id = next_id(connection, "mention").await?;
    let revision_id = next_id(connection, "revision").await?;
    let mut met = Met::load(connection, items).await?;
    let mut placed = Vec::with_capacity(items.len());
    for (offset, item) in (0_i64..).zip(items) {
        let own = mention_id + offset;
        let found = met.find(offset, &item.mention);
        let cluster_id = found.cluster.unwrap_or(own);
        let (fingerprint, opening) = met.add(cluster_id, &item.mention, found);
        let revision_id = revision_id + offset;
        placed.push(Placed { item, mention_id: own, revision_id, cluster_id, fingerprint, opening });
    }
    Ok(placed)
}

/// Brings a known mention up to date; true if its title, text or rating changed, which makes a new revision.
async fn update(
    connection: &mut SqliteConnection,
    source_id: i64,
    item: &Item,
    known: Known,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let edited = content_digest(&item.mention) != known.content_digest;
    insert_authors(connection, source_id, std::iter::once(item)).await?;
    let (fingerprint, opening) = (None, None);
    let mut placed = Placed { item, mention_id: known.id, revision_id: 0, cluster_id: 0, fingerprint, opening };
    if edited {
        placed.revision_id = next_id(connection, "revision").await?;
        sqlx::query("DELETE FROM mention_text WHERE rowid = ?1").bind(known.id).execute(&mut *connection).await?;
        insert_revisions(connection, std::slice::from_ref(&placed), now).await?;
    }
    sqlx::query(
        "UPDATE mention SET url = value ->> 'url', publisher = value ->> 'publisher', country = value ->> 'country',
             app_version = value ->> 'app_version', reply_text = value ->> 'reply_text',
             reply_at = value ->> 'reply_at', published_at = coalesce(published_at, value ->> 'published_at'),
             edited_at = CASE WHEN ?3 THEN coalesce(value ->> 'edited_at', ?4) ELSE edited_at END,
             revision_id = CASE WHEN ?3 THEN value ->> 'revision_id' ELSE revision_id END,
             removed_at = NULL, confirmed_at = ?4, digest = value ->> 'digest',
             language_hint = value ->> 'language_hint'
         FROM json_each(?2) WHERE mention.id = ?1",
    )
    .bind(known.id)
    .bind(json(&[mention_row(&placed)]))
    .bind(edited)
    .bind(now.seconds())
    .execute(&mut *connection)
    .await?;
    insert_brands(connection, std::slice::from_ref(&placed)).await?;
    Ok(edited)
}

/// A parameter for `json_each`. Our row types serialise without fail: they have string keys and finite numbers.
pub(super) fn json(rows: &impl Serialize) -> String {
    serde_json::to_string(rows).unwrap_or_else(|_| "[]".to_owned())
}
