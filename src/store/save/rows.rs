//! Rows on their way into the tables: one statement a table, its rows handed over as one JSON array.

use serde::Serialize;
use sqlx::SqliteConnection;

use super::{Item, Placed, StoreError, content_digest, digest, json};
use crate::mention::{Rating, Timestamp};
use crate::store::analysis::{self, AnalysisRow};

pub(super) async fn insert_authors(
    connection: &mut SqliteConnection,
    source_id: i64,
    items: impl Iterator<Item = &Item>,
) -> Result<(), StoreError> {
    let authors: Vec<_> = items.filter_map(|item| item.mention.author.as_ref()).collect();
    sqlx::query(
        "INSERT INTO author (source_id, key, name)
         SELECT ?1, value ->> 'key', value ->> 'name' FROM json_each(?2) WHERE true
         ON CONFLICT DO UPDATE SET name = excluded.name WHERE name <> excluded.name",
    )
    .bind(source_id)
    .bind(json(&authors))
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn insert_mentions(
    connection: &mut SqliteConnection,
    source_id: i64,
    placed: &[Placed<'_>],
    backfill: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    let rows: Vec<_> = placed.iter().map(mention_row).collect();
    sqlx::query(
        "INSERT INTO mention (id, source_id, native_id, author_id, url, publisher, country, app_version, reply_text,
             reply_at, published_at, first_seen_at, confirmed_at, edited_at, backfill, cluster_id, revision_id, digest,
             language_hint)
         SELECT value ->> 'id', ?1, value ->> 'native_id', author.id, value ->> 'url', value ->> 'publisher',
             value ->> 'country', value ->> 'app_version', value ->> 'reply_text', value ->> 'reply_at',
             value ->> 'published_at', ?3, ?3, value ->> 'edited_at', ?4, value ->> 'cluster_id',
             value ->> 'revision_id', value ->> 'digest', value ->> 'language_hint'
         FROM json_each(?2) LEFT JOIN author ON author.source_id = ?1 AND author.key = value ->> 'author'",
    )
    .bind(source_id)
    .bind(json(&rows))
    .bind(now.seconds())
    .bind(backfill)
    .execute(connection)
    .await?;
    Ok(())
}

#[derive(Serialize)]
pub(super) struct MentionRow<'a> {
    id: i64,
    native_id: &'a str,
    author: Option<&'a str>,
    url: Option<&'a str>,
    publisher: Option<&'a str>,
    country: Option<&'a str>,
    app_version: Option<&'a str>,
    reply_text: Option<&'a str>,
    reply_at: Option<i64>,
    published_at: Option<i64>,
    edited_at: Option<i64>,
    cluster_id: i64,
    revision_id: i64,
    digest: i64,
    /// Empty where the source says nothing.
    language_hint: &'a str,
}

pub(super) fn mention_row<'a>(placed: &'a Placed<'_>) -> MentionRow<'a> {
    let mention = &placed.item.mention;
    MentionRow {
        id: placed.mention_id,
        native_id: &mention.native_id,
        author: mention.author.as_ref().map(|author| author.key.as_str()),
        url: mention.url.as_deref(),
        publisher: mention.publisher.as_deref(),
        country: mention.country.as_deref(),
        app_version: mention.app_version.as_deref(),
        reply_text: mention.reply.as_ref().map(|reply| reply.text.as_str()),
        reply_at: mention.reply.as_ref().and_then(|reply| reply.at).map(Timestamp::seconds),
        published_at: mention.published_at.map(Timestamp::seconds),
        edited_at: mention.edited_at.map(Timestamp::seconds),
        cluster_id: placed.cluster_id,
        revision_id: placed.revision_id,
        digest: digest(mention),
        language_hint: mention.language_hint.as_ref().map_or("", |language| language.code()),
    }
}

/// Revisions with their analyses and their place in the full-text index.
pub(super) async fn insert_revisions(
    connection: &mut SqliteConnection,
    placed: &[Placed<'_>],
    now: Timestamp,
) -> Result<(), StoreError> {
    let rows = json(&placed.iter().map(revision_row).collect::<Vec<_>>());
    sqlx::query(
        "INSERT INTO revision (id, mention_id, seen_at, title, text, rating, rating_worst, rating_best, digest)
         SELECT value ->> 'id', value ->> 'mention_id', ?2, value ->> 'title', value ->> 'text',
             value ->> '$.rating.value', value ->> '$.rating.worst', value ->> '$.rating.best', value ->> 'digest'
         FROM json_each(?1)",
    )
    .bind(&rows)
    .bind(now.seconds())
    .execute(&mut *connection)
    .await?;
    let analyses: Vec<_> = placed.iter().map(analysis_row).collect();
    analysis::insert(connection, &analyses, true).await?;
    sqlx::query(
        "INSERT INTO mention_text (rowid, title, text)
         SELECT value ->> 'mention_id', value ->> 'title', value ->> 'text' FROM json_each(?1)",
    )
    .bind(&rows)
    .execute(connection)
    .await?;
    Ok(())
}

fn analysis_row<'a>(placed: &'a Placed<'_>) -> AnalysisRow<'a> {
    AnalysisRow::new(placed.revision_id, &placed.item.model_version, &placed.item.analysis)
}

#[derive(Serialize)]
struct RevisionRow<'a> {
    id: i64,
    mention_id: i64,
    title: Option<&'a str>,
    text: &'a str,
    rating: Option<Rating>,
    digest: i64,
}

fn revision_row<'a>(placed: &'a Placed<'_>) -> RevisionRow<'a> {
    let mention = &placed.item.mention;
    RevisionRow {
        id: placed.revision_id,
        mention_id: placed.mention_id,
        title: mention.title.as_deref(),
        text: &mention.text,
        rating: mention.rating,
        digest: content_digest(mention),
    }
}

pub(super) async fn insert_brands(connection: &mut SqliteConnection, placed: &[Placed<'_>]) -> Result<(), StoreError> {
    let pairs: Vec<(i64, &str)> =
        placed.iter().flat_map(|one| one.item.brands.iter().map(|brand| (one.mention_id, brand.as_str()))).collect();
    sqlx::query(
        "INSERT INTO mention_brand (mention_id, brand_id)
         SELECT pair.value ->> 0, brand.id FROM json_each(?1) AS pair JOIN brand ON brand.name = pair.value ->> 1
         WHERE true ON CONFLICT DO NOTHING",
    )
    .bind(json(&pairs))
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn next_id(connection: &mut SqliteConnection, table: &str) -> Result<i64, StoreError> {
    let last: Option<i64> = sqlx::query_scalar("SELECT seq FROM sqlite_sequence WHERE name = ?1")
        .bind(table)
        .fetch_optional(connection)
        .await?;
    Ok(last.unwrap_or(0) + 1)
}
