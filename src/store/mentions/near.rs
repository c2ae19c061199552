//! Which mentions are looked at for a page, and which of them fit, told from their facets alone.

use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::{Cut, Place};
use crate::mention::Timestamp;
use crate::store::StoreError;
use crate::store::save::json;
use crate::view::{MoodChoice, State, View};

/// So many numbers of mentions are a block: see the table `said_range`.
const BLOCK: i64 = 1_000;

/// Words are looked up in all texts from the first to the last that is looked at, unless that are so many more.
const THIN: i64 = 32;

/// Mentions that arrived one after the other.
pub(super) struct Block {
    pub(super) number: i64,
    /// None of them that is asked for was said later.
    pub(super) latest: Timestamp,
}

/// The stretch of all mentions that is looked at.
pub(super) struct Near<'v> {
    pub(super) view: &'v View,
    pub(super) cut: Cut,
    /// From when on, and until when, as the view says.
    pub(super) span: (Option<Timestamp>, Option<Timestamp>),
}

impl Near<'_> {
    /// Where the first that fit of those looked at stand, so many of them at most; where that is soon told, without those
    /// whose texts do not have these words.
    pub(super) async fn fitting(
        &self,
        connection: &mut SqliteConnection,
        most: i64,
        words: Option<&str>,
    ) -> Result<Vec<Place>, StoreError> {
        let words = match words {
            Some(words) => self.numbers(connection).await?.map(|numbers| (words, numbers)),
            None => None,
        };
        let mut query = QueryBuilder::new("SELECT f.said_at, f.mention_id FROM (SELECT f.* FROM ");
        self.looked_at(&mut query);
        query.push(" LIMIT ").push_bind(self.cut.looked_at).push(") AS f");
        self.fit(&mut query);
        if let Some((words, (first, last))) = words {
            query.push(" AND f.mention_id IN (SELECT rowid FROM mention_text WHERE mention_text MATCH ");
            query.push_bind(words.to_owned()).push(" AND rowid BETWEEN ").push_bind(first);
            query.push(" AND ").push_bind(last).push(")");
        }
        query.push(" LIMIT ").push_bind(most);
        places(query, connection).await
    }

    /// The first and the last number of those looked at, unless these are but a few of all between them.
    async fn numbers(&self, connection: &mut SqliteConnection) -> Result<Option<(i64, i64)>, StoreError> {
        let mut query = QueryBuilder::new("SELECT count(*), min(id), max(id) FROM (SELECT f.mention_id AS id FROM ");
        self.looked_at(&mut query);
        query.push(" LIMIT ").push_bind(self.cut.looked_at).push(")");
        let (count, first, last): (i64, Option<i64>, Option<i64>) =
            query.build_query_as().fetch_one(connection).await?;
        Ok(first.zip(last).filter(|(first, last)| last - first <= THIN * count))
    }

    /// Where those stand whose texts have these words, the newest first; of all, or of some blocks only.
    pub(super) async fn with_words(
        &self,
        connection: &mut SqliteConnection,
        words: &str,
        blocks: Option<&[i64]>,
    ) -> Result<Vec<Place>, StoreError> {
        let mut query = QueryBuilder::new("SELECT f.said_at, f.mention_id FROM ");
        if let Some(blocks) = blocks {
            query.push("json_each(").push_bind(json(&ranges(blocks)));
            query.push(
                ") AS range CROSS JOIN mention_text AS hit
                 ON hit.rowid BETWEEN range.value ->> 0 AND range.value ->> 1",
            );
        } else {
            query.push("mention_text AS hit");
        }
        query.push(
            " CROSS JOIN mention AS m ON m.id = hit.rowid
             CROSS JOIN facet AS f ON f.said_at = m.said_at AND f.mention_id = m.id",
        );
        self.fit(&mut query);
        query.push(" AND hit.mention_text MATCH ").push_bind(words.to_owned());
        self.bounds(&mut query, "m.said_at", "m.id", "m");
        query.push(" ORDER BY 1 DESC, 2 DESC");
        places(query, connection).await
    }

    /// The blocks with mentions of the stretch, those first of which the latest was said last.
    pub(super) async fn blocks(&self, connection: &mut SqliteConnection) -> Result<Vec<Block>, StoreError> {
        let from = self.span.0.map_or(i64::MIN, Timestamp::seconds);
        let until = self.span.1.map_or(i64::MAX, |to| to.seconds() - 1);
        let until = self.cut.after.map_or(until, |after| until.min(after.said_at.seconds()));
        let first = self.cut.arrived_after.unwrap_or_default() / BLOCK;
        let rows: Vec<(i64, i64)> = sqlx::query_as(
            "SELECT block, latest FROM said_range WHERE latest >= ?1 AND earliest <= ?2 AND block >= ?3
             ORDER BY latest DESC, block DESC",
        )
        .bind(from)
        .bind(until)
        .bind(first)
        .fetch_all(connection)
        .await?;
        // What is asked for was said no later than that, whatever else is in a block.
        let block = |(number, latest): (i64, i64)| Block { number, latest: Timestamp::from_seconds(latest.min(until)) };
        Ok(rows.into_iter().map(block).collect())
    }

    /// Where those end that are looked at, if there are more behind them.
    pub(super) async fn edge(&self, connection: &mut SqliteConnection) -> Result<Option<Place>, StoreError> {
        let mut query = QueryBuilder::new("SELECT f.said_at, f.mention_id FROM ");
        self.looked_at(&mut query);
        query.push(" LIMIT 1 OFFSET ").push_bind(self.cut.looked_at.saturating_sub(1));
        Ok(places(query, connection).await?.pop())
    }

    /// The facets `f` of those that are looked at, the newest first: what an index has together. Nothing stands here that an
    /// index does not know, or a page would go through all mentions to find a few.
    fn looked_at(&self, query: &mut QueryBuilder<Sqlite>) {
        const FACETS: &str = "CROSS JOIN facet AS f ON f.said_at = m.said_at AND f.mention_id = m.id WHERE true";
        let view = self.view;
        let of_mentions = |index: &str| format!("mention AS m {index} {FACETS}");
        let (from, said_at, id, owner) = match view.state {
            // By their numbers: few have arrived since, of very many.
            _ if self.cut.arrived_after.is_some() => (of_mentions("NOT INDEXED"), "m.said_at", "m.id", "m"),
            _ if view.author.is_some() => (of_mentions("INDEXED BY mention_by_author"), "m.said_at", "m.id", "m"),
            State::Counted if view.sources.len() == 1 => {
                (of_mentions("INDEXED BY mention_by_source"), "m.said_at", "m.id", "m")
            }
            state => (
                match state {
                    State::Removed => "facet AS f INDEXED BY facet_removed WHERE f.removed = 1".to_owned(),
                    State::Spam | State::Hidden => {
                        format!("facet AS f INDEXED BY facet_set_aside WHERE f.set_aside = '{}'", state.name())
                    }
                    State::Counted if view.urgent => "facet AS f INDEXED BY facet_urgent WHERE f.urgent = 1".to_owned(),
                    State::Counted => "facet AS f WHERE true".to_owned(),
                },
                "f.said_at",
                "f.mention_id",
                "f",
            ),
        };
        query.push(from);
        self.bounds(query, said_at, id, owner);
        query.push(format!(" ORDER BY {said_at} DESC, {id} DESC"));
    }

    /// Where the stretch begins and ends.
    fn bounds(&self, query: &mut QueryBuilder<Sqlite>, said_at: &str, id: &str, owner: &str) {
        if let [source] = &self.view.sources[..] {
            query.push(format!(" AND {owner}.source_id = (SELECT id FROM source WHERE name = "));
            query.push_bind(source.clone()).push(")");
        }
        if let Some(author) = self.view.author {
            query.push(" AND m.author_id = ").push_bind(author);
        }
        if let Some(from) = self.span.0 {
            query.push(format!(" AND {said_at} >= ")).push_bind(from.seconds());
        }
        if let Some(to) = self.span.1 {
            query.push(format!(" AND {said_at} < ")).push_bind(to.seconds());
        }
        if let Some(after) = self.cut.after {
            query.push(format!(" AND ({said_at}, {id}) < (")).push_bind(after.said_at.seconds());
            query.push(", ").push_bind(after.id).push(")");
        }
        if let Some(arrived) = self.cut.arrived_after {
            query.push(format!(" AND {id} > ")).push_bind(arrived);
        }
    }

    /// Which facets fit.
    fn fit(&self, query: &mut QueryBuilder<Sqlite>) {
        let view = self.view;
        query.push(match view.state {
            State::Counted => " WHERE f.removed = 0 AND f.set_aside IS NULL",
            State::Removed => " WHERE f.removed = 1",
            State::Spam => " WHERE f.set_aside = 'spam'",
            State::Hidden => " WHERE f.set_aside = 'hidden'",
        });
        query.push(if view.urgent { " AND f.urgent = 1" } else { "" });
        if let Some(replied) = view.replied {
            query.push(" AND f.replied = ").push_bind(replied);
        }
        if let Some((low, high)) = view.stars {
            query.push(" AND f.stars BETWEEN ").push_bind(i64::from(low)).push(" AND ").push_bind(i64::from(high));
        }
        if !view.moods.is_empty() {
            let signs = view.moods.iter().filter_map(|mood| match mood {
                MoodChoice::Told(label) => Some(i64::from(label.sign())),
                MoodChoice::Untold => None,
            });
            query.push(" AND (f.label IN (");
            bind_all(query, signs);
            query.push(if view.moods.contains(&MoodChoice::Untold) { ") OR f.label IS NULL)" } else { "))" });
        }
        if let Some(brand) = &view.brand {
            query.push(" AND instr(f.brands, (SELECT ' ' || id || ' ' FROM brand WHERE name = ");
            query.push_bind(brand.clone()).push(")) > 0");
        }
        if view.sources.len() > 1 {
            query.push(" AND f.source_id IN (SELECT id FROM source WHERE name IN (");
            bind_all(query, view.sources.iter().cloned());
            query.push("))");
        }
        if !view.languages.is_empty() {
            query.push(" AND f.language IN (");
            bind_all(query, view.languages.iter().map(|language| language.code().to_owned()));
            query.push(")");
        }
        any_of(query, "f.emotions", view.emotions.iter().map(|emotion| emotion.name().to_owned()));
        any_of(query, "f.intents", view.intents.iter().map(|intent| intent.name().to_owned()));
        any_of(query, "f.topics", view.topics.iter().cloned());
    }
}

/// The numbers of the mentions in some blocks, from and to; neighbours are one range, since the index is slow to begin.
fn ranges(blocks: &[i64]) -> Vec<(i64, i64)> {
    let mut sorted = blocks.to_vec();
    sorted.sort_unstable();
    let neighbours = sorted.chunk_by(|one, next| one + 1 == *next);
    neighbours.map(|them| (them[0] * BLOCK, (them[them.len() - 1] + 1) * BLOCK - 1)).collect()
}

async fn places(mut query: QueryBuilder<Sqlite>, connection: &mut SqliteConnection) -> Result<Vec<Place>, StoreError> {
    let places: Vec<(i64, i64)> = query.build_query_as().fetch_all(connection).await?;
    let place = |(said_at, id)| Place { said_at: Timestamp::from_seconds(said_at), id };
    Ok(places.into_iter().map(place).collect())
}

/// One of these names is in a list of names.
fn any_of(query: &mut QueryBuilder<Sqlite>, list: &str, names: impl ExactSizeIterator<Item = String>) {
    if names.len() > 0 {
        query.push(format!(" AND EXISTS (SELECT 1 FROM json_each({list}) WHERE value IN ("));
        bind_all(query, names);
        query.push("))");
    }
}

fn bind_all<T>(query: &mut QueryBuilder<Sqlite>, values: impl Iterator<Item = T>)
where
    T: for<'q> sqlx::Encode<'q, Sqlite> + sqlx::Type<Sqlite> + Send + 'static,
{
    let mut list = query.separated(", ");
    for value in values {
        list.push_bind(value);
    }
}

#[cfg(test)]
mod tests {
    use super::ranges;

    #[test]
    fn neighbouring_blocks_are_looked_at_together() {
        assert_eq!(ranges(&[7, 5, 6, 2]), [(2000, 2999), (5000, 7999)]);
        assert_eq!(ranges(&[]), []);
    }
}
