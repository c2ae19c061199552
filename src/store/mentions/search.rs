//! A page of what a search finds.
//!
//! The index of words knows which texts to look at, but not when they were said. Of few texts all are put in order. Of many, a
//! page is found sooner by going through the mentions as they were said, a stretch at a time, and asking the index for those
//! of the stretch.

use std::collections::HashSet;

use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::near::Near;
use super::{Page, Place, StoredMention, at, words};
use crate::store::StoreError;
use crate::store::save::json;
use crate::view::Search;

/// How a search goes about it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// So few texts are put in order at once; if the newest mentions have not filled a page, many more.
    pub(super) few: i64,
    pub(super) many: i64,
    /// How long the stretches are, one after the other, before the rest.
    pub(super) stretches: [u32; 2],
    /// The index is asked for all texts of a stretch at once, unless it would have to go through so many others for each.
    pub(super) thin: i64,
}

/// Made for a million mentions.
pub(super) const PACE: Pace = Pace { few: 1_000, many: 20_000, stretches: [500, 4_000], thin: 32 };

pub(super) async fn found(
    connection: &mut SqliteConnection,
    near: &Near<'_>,
    search: &Search,
    pace: Pace,
) -> Result<Page, StoreError> {
    let words = search.needed().and_then(words::lookup);
    let words = words.as_deref();
    let mut page = Page::default();
    if let Some(words) = words
        && hits(connection, words, pace.few).await? < pace.few
    {
        let places = all_with(connection, near, words).await?;
        fill(connection, &mut page, &places, near.cut.most, search).await?;
        return Ok(page);
    }
    let mut cut = near.cut;
    for stretch in pace.stretches {
        cut.looked_at = stretch.min(near.cut.looked_at);
        if go_through(connection, &mut page, &Near { cut, ..*near }, words, search, pace).await? {
            return Ok(page);
        }
        cut.after = page.next;
    }
    if let Some(words) = words
        && hits(connection, words, pace.many).await? < pace.many
    {
        let places = all_with(connection, &Near { cut, ..*near }, words).await?;
        page.next = None;
        fill(connection, &mut page, &places, near.cut.most, search).await?;
        return Ok(page);
    }
    cut.looked_at = near.cut.looked_at;
    go_through(connection, &mut page, &Near { cut, ..*near }, words, search, pace).await?;
    Ok(page)
}

/// Adds what is found in a stretch; whether the page is done: full, or the last one.
async fn go_through(
    connection: &mut SqliteConnection,
    page: &mut Page,
    stretch: &Near<'_>,
    words: Option<&str>,
    search: &Search,
    pace: Pace,
) -> Result<bool, StoreError> {
    let places = stretch.fitting(connection, usize::MAX).await?;
    let places = with_words(connection, places, words, pace.thin).await?;
    if fill(connection, page, &places, stretch.cut.most, search).await? {
        return Ok(true);
    }
    page.next = stretch.edge(connection).await?;
    Ok(page.next.is_none())
}

/// Where all texts with the words stand that fit.
async fn all_with(connection: &mut SqliteConnection, near: &Near<'_>, words: &str) -> Result<Vec<Place>, StoreError> {
    near.fitting_among(connection, |query| {
        query.push("SELECT rowid AS id FROM mention_text WHERE mention_text MATCH ").push_bind(words.to_owned());
    })
    .await
}

/// Puts those of these places into a page that the search finds; whether the page is full, and more follow.
async fn fill(
    connection: &mut SqliteConnection,
    page: &mut Page,
    places: &[Place],
    most: usize,
    search: &Search,
) -> Result<bool, StoreError> {
    for block in places.chunks(most + 1) {
        for mention in at(connection, block).await? {
            if !search.finds(&mention.full_text(), &mention.context()) {
                continue;
            }
            if page.mentions.len() == most {
                page.next = page.mentions.last().map(StoredMention::place);
                return Ok(true);
            }
            page.mentions.push(mention);
        }
    }
    Ok(false)
}

/// How many texts have these words, as far as it matters.
async fn hits(connection: &mut SqliteConnection, words: &str, most: i64) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar("SELECT count(*) FROM (SELECT rowid FROM mention_text WHERE mention_text MATCH ?1 LIMIT ?2)")
        .bind(words)
        .bind(most)
        .fetch_one(connection)
        .await?)
}

/// Those of these places whose texts have the words, as far as that is soon told.
async fn with_words(
    connection: &mut SqliteConnection,
    places: Vec<Place>,
    words: Option<&str>,
    thin: i64,
) -> Result<Vec<Place>, StoreError> {
    let ids: Vec<i64> = places.iter().map(|place| place.id).collect();
    let (Some(words), Some(first), Some(last)) = (words, ids.iter().min(), ids.iter().max()) else {
        return Ok(places);
    };
    if last - first > thin * i64::try_from(ids.len()).unwrap_or(i64::MAX) {
        return Ok(places);
    }
    let mut query: QueryBuilder<Sqlite> = QueryBuilder::new("SELECT value FROM json_each(");
    query.push_bind(json(&ids)).push(") WHERE value IN (SELECT rowid FROM mention_text WHERE mention_text MATCH ");
    query.push_bind(words.to_owned()).push(" AND rowid BETWEEN ").push_bind(*first).push(" AND ").push_bind(*last);
    let kept: HashSet<i64> = query.push(")").build_query_scalar().fetch_all(connection).await?.into_iter().collect();
    Ok(places.into_iter().filter(|place| kept.contains(&place.id)).collect())
}
