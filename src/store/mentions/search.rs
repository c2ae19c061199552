//! What a search finds, the newest first.
//!
//! The index of words knows which texts have them, but not when they were said. Of few texts all are put in order. Of many, a
//! page is found sooner elsewhere: of very many among the newest mentions, as they were said; of others in blocks of mentions
//! that arrived one after the other, of which it is known when the latest was said ([`Near::blocks`]).

use sqlx::SqliteConnection;

use super::near::Near;
use super::{Cut, Place, words};
use crate::brand::Context;
use crate::mention::{Language, Mention, Timestamp};
use crate::store::StoreError;
use crate::store::save::json;
use crate::view::Search;

/// How a search goes about it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// So few texts are put in order at once.
    pub(super) few: i64,
    /// So many of the newest mentions are looked at first.
    pub(super) newest: u32,
    /// So many blocks are looked at together to begin with, then twice as many, and so on.
    pub(super) blocks: usize,
}

/// Made for a million mentions.
pub(super) const PACE: Pace = Pace { few: 300, newest: 500, blocks: 16 };

/// So many texts are read at once.
const TEXTS_AT_ONCE: usize = 64;

/// Where stands what was found, the newest first, and where to go on.
#[derive(Default)]
pub(super) struct Found {
    pub(super) places: Vec<Place>,
    pub(super) next: Option<Place>,
}

/// Looks for it.
pub(super) async fn find(
    connection: &mut SqliteConnection,
    near: &Near<'_>,
    search: &Search,
    pace: Pace,
) -> Result<Found, StoreError> {
    let mut found = Found::default();
    let Some(words) = search.needed().and_then(words::lookup) else {
        newest(connection, &mut found, near, search, None).await?;
        return Ok(found);
    };
    if hits(connection, &words, pace.few).await? < pace.few {
        let places = near.with_words(connection, &words, None).await?;
        found.take(connection, &places, near, search).await?;
        return Ok(found);
    }
    let cut = Cut { looked_at: pace.newest.min(near.cut.looked_at), ..near.cut };
    if newest(connection, &mut found, &Near { cut, ..*near }, search, Some(&words)).await? {
        return Ok(found);
    }
    let cut = Cut { after: found.next.take(), ..near.cut };
    block_by_block(connection, &mut found, &Near { cut, ..*near }, search, &words, pace.blocks).await?;
    Ok(found)
}

/// Goes through mentions as they were said; whether nothing is left to do.
async fn newest(
    connection: &mut SqliteConnection,
    found: &mut Found,
    near: &Near<'_>,
    search: &Search,
    words: Option<&str>,
) -> Result<bool, StoreError> {
    let places = near.fitting(connection, i64::MAX, words).await?;
    if !found.take(connection, &places, near, search).await? {
        found.next = near.edge(connection).await?;
        return Ok(found.next.is_none());
    }
    Ok(true)
}

/// Goes through blocks of mentions, those first that reach the farthest; what was said later than all that is left is found.
async fn block_by_block(
    connection: &mut SqliteConnection,
    found: &mut Found,
    near: &Near<'_>,
    search: &Search,
    words: &str,
    mut at_once: usize,
) -> Result<(), StoreError> {
    let blocks = near.blocks(connection).await?;
    let mut left = &blocks[..];
    let (mut waiting, mut looked_at) = (Vec::new(), 0);
    while !left.is_empty() {
        let (group, behind) = left.split_at(at_once.min(left.len()));
        let numbers: Vec<i64> = group.iter().map(|block| block.number).collect();
        let places = near.with_words(connection, words, Some(&numbers)).await?;
        looked_at += places.len();
        waiting.extend(places);
        waiting.sort_unstable_by(|a: &Place, b| b.cmp(a));
        let horizon = behind.first().map(|block| block.latest);
        let sure = waiting.partition_point(|place| horizon.is_none_or(|horizon| place.said_at > horizon));
        let places: Vec<Place> = waiting.drain(..sure).collect();
        if found.take(connection, &places, near, search).await? {
            return Ok(());
        }
        // Somebody may go on from here, if this is not where we began.
        let next = horizon.map(|said_at| Place { said_at, id: i64::MAX });
        if looked_at >= near.cut.looked_at as usize && near.cut.after.is_none_or(|after| next < Some(after)) {
            found.next = next;
            return Ok(());
        }
        (left, at_once) = (behind, at_once * 2);
    }
    Ok(())
}

impl Found {
    /// Keeps those of these places where the search finds what it looks for; whether the page is full, and more follow.
    async fn take(
        &mut self,
        connection: &mut SqliteConnection,
        places: &[Place],
        near: &Near<'_>,
        search: &Search,
    ) -> Result<bool, StoreError> {
        for block in places.chunks(TEXTS_AT_ONCE) {
            for place in texts(connection, block, search).await? {
                if self.places.len() == near.cut.most {
                    self.next = self.places.last().copied();
                    return Ok(true);
                }
                self.places.push(place);
            }
        }
        Ok(false)
    }
}

/// Place, headline, text, source and language.
type TextRow = (i64, i64, Option<String>, String, String, Option<String>);

/// Those of these places whose texts a search finds.
async fn texts(connection: &mut SqliteConnection, places: &[Place], search: &Search) -> Result<Vec<Place>, StoreError> {
    let ids: Vec<i64> = places.iter().map(|place| place.id).collect();
    let rows: Vec<TextRow> = sqlx::query_as(
        "SELECT m.said_at, m.id, r.title, r.text, source.name, f.language
         FROM json_each(?1) AS place CROSS JOIN mention AS m ON m.id = place.value
         CROSS JOIN revision AS r ON r.id = m.revision_id CROSS JOIN source ON source.id = m.source_id
         CROSS JOIN facet AS f ON f.said_at = m.said_at AND f.mention_id = m.id",
    )
    .bind(json(&ids))
    .fetch_all(connection)
    .await?;
    let is_found = |(said_at, id, title, text, source, language): TextRow| {
        let mention = Mention { title, text, ..Mention::default() };
        let language = language.as_deref().and_then(Language::parse);
        let context = Context { source: Some(&source), language: language.into() };
        let is_found = search.finds(&mention.full_text(), &context);
        is_found.then_some(Place { said_at: Timestamp::from_seconds(said_at), id })
    };
    Ok(rows.into_iter().filter_map(is_found).collect())
}

/// How many texts have these words, as far as it matters.
async fn hits(connection: &mut SqliteConnection, words: &str, most: i64) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar("SELECT count(*) FROM (SELECT rowid FROM mention_text WHERE mention_text MATCH ?1 LIMIT ?2)")
        .bind(words)
        .bind(most)
        .fetch_one(connection)
        .await?)
}
