//! What the order of the queue is made of: numbers, never anybody's name or words.

use std::collections::HashMap;

use sqlx::{FromRow, QueryBuilder};

use super::Filter;
use super::queue::fitting;
use crate::mention::Timestamp;
use crate::outreach::Severity;
use crate::outreach::queue::Facts;
use crate::store::{Store, StoreError};

/// A case among others.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// What its order is made of.
    pub facts: Facts,
    /// Until when nobody wants to be bothered with it.
    pub snoozed_until: Option<Timestamp>,
    /// When somebody is to ask whether it stayed so.
    pub follow_up_at: Option<Timestamp>,
}

/// A mention of a case.
#[derive(FromRow)]
struct Row {
    id: i64,
    severity: String,
    first_word_at: i64,
    waits_since: Option<i64>,
    due_at: Option<i64>,
    snoozed_until: Option<i64>,
    promised_at: Option<i64>,
    follow_up_at: Option<i64>,
    mention_id: i64,
    said_at: i64,
    source: String,
    is_friendly: bool,
    score: Option<f64>,
    length: i64,
    is_concrete: bool,
    asks: bool,
    leaves: bool,
    copies: i64,
    was_content: bool,
}

/// The mention that a case is shown by: the last one, a friendly one only where there is no other.
fn last(case: &[Row]) -> Option<&Row> {
    case.iter().max_by_key(|row| (!row.is_friendly, row.said_at, row.mention_id))
}

/// A case by its mentions.
fn standing(case: &[Row], returns: &UsualReturns) -> Option<Standing> {
    let row = last(case)?;
    let at = |seconds: Option<i64>| seconds.map(Timestamp::from_seconds);
    let any = |has: fn(&Row) -> bool| case.iter().any(has);
    Some(Standing {
        facts: Facts {
            id: row.id,
            // The table allows no other names.
            severity: Severity::parse(&row.severity).unwrap_or(Severity::Normal),
            score: case.iter().filter_map(|row| row.score).reduce(f64::min).unwrap_or_default(),
            usual_return: returns.of(&row.source),
            is_concrete: any(|row| row.is_concrete),
            asks: any(|row| row.asks),
            leaves: any(|row| row.leaves),
            was_content: row.was_content,
            copies: case.iter().map(|row| row.copies.cast_unsigned()).max().unwrap_or_default(),
            length: case.iter().filter_map(|row| usize::try_from(row.length).ok()).sum(),
            waits_since: Timestamp::from_seconds(row.waits_since.unwrap_or(row.first_word_at)),
            due_at: at(row.due_at),
            promised_at: at(row.promised_at),
        },
        snoozed_until: at(row.snoozed_until),
        follow_up_at: at(row.follow_up_at),
    })
}

impl Store {
    /// What the order of the cases that fit is made of, the longest open first.
    pub async fn standings(&self, filter: &Filter, now: Timestamp) -> Result<Vec<Standing>, StoreError> {
        let mut query = QueryBuilder::new(
            "SELECT c.id, c.severity, c.first_word_at, c.waits_since, c.due_at, c.snoozed_until, c.promised_at, c.follow_up_at,
                 m.id AS mention_id, m.said_at, source.name AS source, f.label IS 1 AS is_friendly, a.score,
                 length(r.text) AS length, f.topics <> '[]' AS is_concrete, instr(f.intents, '\"question\"') > 0 AS asks,
                 instr(f.intents, '\"leave\"') > 0 AS leaves,
                 (SELECT count(*) FROM mention AS copy WHERE copy.cluster_id = m.cluster_id) AS copies,
                 EXISTS (SELECT 1 FROM mention AS earlier JOIN facet AS e
                         ON e.said_at = earlier.said_at AND e.mention_id = earlier.id
                     WHERE earlier.author_id = c.author_id AND e.label = 1 AND earlier.said_at < c.first_word_at) AS was_content
             FROM outreach_case AS c CROSS JOIN case_mention AS part ON part.case_id = c.id
                 CROSS JOIN mention AS m ON m.id = part.mention_id CROSS JOIN revision AS r ON r.id = m.revision_id
                 CROSS JOIN source ON source.id = m.source_id
                 CROSS JOIN facet AS f ON f.said_at = m.said_at AND f.mention_id = m.id
                 LEFT JOIN reading AS a ON a.revision_id = r.id
             WHERE m.removed_at IS NULL AND m.set_aside IS NULL",
        );
        fitting(&mut query, filter, now);
        let query = query.push(" ORDER BY c.id").build_query_as::<Row>();
        let (rows, returns) =
            tokio::try_join!(async { Ok(query.fetch_all(&self.reader).await?) }, self.usual_returns())?;
        let fits = |case: &&[Row]| {
            filter.source.as_ref().is_none_or(|source| last(case).is_some_and(|row| row.source == *source))
        };
        Ok(rows
            .chunk_by(|one, next| one.id == next.id)
            .filter(fits)
            .filter_map(|case| standing(case, &returns))
            .collect())
    }
}

/// What is assumed of a source of which little is known: of twenty who were answered, four came back.
const ASSUMED: (f64, f64) = (4.0, 20.0);

/// How likely somebody who is answered comes back, by source.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UsualReturns(HashMap<String, f64>);

impl UsualReturns {
    /// In this source, from 0 to 1.
    pub fn of(&self, source: &str) -> f64 {
        self.0.get(source).copied().unwrap_or(ASSUMED.0 / ASSUMED.1)
    }
}

impl Store {
    /// The share of answered reviews with few stars that have more of them now, drawn towards what is assumed while there are
    /// few.
    pub async fn usual_returns(&self) -> Result<UsualReturns, StoreError> {
        let rows: Vec<(String, i64, i64)> = sqlx::query_as(
            "SELECT source.name, count(*), coalesce(sum(now.rating > first.rating), 0)
             FROM outreach_case AS c CROSS JOIN case_mention AS part ON part.case_id = c.id
             CROSS JOIN mention AS m ON m.id = part.mention_id
             CROSS JOIN source ON source.id = m.source_id CROSS JOIN revision AS now ON now.id = m.revision_id
             CROSS JOIN revision AS first ON first.id = (SELECT min(r.id) FROM revision AS r WHERE r.mention_id = m.id)
             WHERE c.answered_at IS NOT NULL AND first.rating <= (first.rating_worst + first.rating_best) / 2
             GROUP BY 1",
        )
        .fetch_all(&self.reader)
        .await?;
        let share = |answered, back| (back as f64 + ASSUMED.0) / (answered as f64 + ASSUMED.1);
        Ok(UsualReturns(rows.into_iter().map(|(source, answered, back)| (source, share(answered, back))).collect()))
    }
}
