//! The queue: cases with what their order is made of.

use std::collections::HashMap;

use sqlx::{FromRow, QueryBuilder, Sqlite};

use super::{COLUMNS, Case, CaseRow};
use crate::mention::{Language, Timestamp};
use crate::outreach::queue::Facts;
use crate::outreach::{Severity, State};
use crate::store::save::json;
use crate::store::{Store, StoreError};

/// Which cases somebody wants to see.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// One of these, by number; empty: any.
    pub only: Vec<i64>,
    /// In one of these states; empty: in any.
    pub states: Vec<State>,
    /// About this brand.
    pub brand: Option<String>,
    /// In this source.
    pub source: Option<String>,
    /// Of this severity or more.
    pub severity: Option<Severity>,
    /// Of this owner.
    pub owner: Option<String>,
    /// Also those that were put off and are not due yet.
    pub snoozed: bool,
    /// Only those that are solved and about which somebody was to ask by now whether it stayed so.
    pub follow_up_due: bool,
}

/// A case `c` about which somebody is to ask, by the time that follows.
const FOLLOW_UP_DUE: &str = "c.state = 'solved' AND c.follow_up_at <= ";

/// A case in the queue.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// The case.
    pub case: Case,
    /// What its order is made of.
    pub facts: Facts,
    /// The last mention of it that was said; a friendly one only where there is no other.
    pub mention_id: i64,
    /// In which source.
    pub source: String,
    /// Who, as they call themselves there.
    pub author: Option<String>,
    /// Its headline.
    pub title: Option<String>,
    /// Its text.
    pub text: String,
    /// In which language.
    pub language: Option<Language>,
    /// Stars from 1 to 5.
    pub stars: Option<u8>,
    /// How many mentions it has.
    pub mentions: u64,
}

#[derive(FromRow)]
struct Row {
    #[sqlx(flatten)]
    case: CaseRow,
    mention_id: i64,
    source: String,
    author: Option<String>,
    title: Option<String>,
    text: String,
    language: Option<String>,
    stars: Option<i64>,
    mentions: i64,
    length: i64,
    score: Option<f64>,
    is_concrete: bool,
    asks: bool,
    leaves: bool,
    was_content: bool,
    copies: i64,
}

impl Row {
    fn listed(self, usual_return: impl Fn(&str) -> f64) -> Listed {
        let case = Case::from(self.case);
        let facts = Facts {
            id: case.id,
            severity: case.severity,
            score: self.score.unwrap_or_default(),
            usual_return: usual_return(&self.source),
            is_concrete: self.is_concrete,
            asks: self.asks,
            leaves: self.leaves,
            was_content: self.was_content,
            copies: self.copies.cast_unsigned(),
            length: usize::try_from(self.length).unwrap_or_default(),
            waits_since: case.waits_since.unwrap_or(case.first_word_at),
            due_at: case.due_at,
            promised_at: case.promise.as_ref().map(|(_, at)| *at),
        };
        Listed {
            facts,
            mention_id: self.mention_id,
            source: self.source,
            author: self.author,
            title: self.title,
            text: self.text,
            language: self.language.as_deref().and_then(Language::parse),
            stars: self.stars.and_then(|stars| u8::try_from(stars).ok()),
            mentions: self.mentions.cast_unsigned(),
            case,
        }
    }
}

impl Store {
    /// The cases that fit, the longest open first, with what their order is made of; how likely people of a source come back
    /// when they are answered, the caller knows.
    pub async fn cases(
        &self,
        filter: &Filter,
        usual_return: impl Fn(&str) -> f64,
        now: Timestamp,
    ) -> Result<Vec<Listed>, StoreError> {
        let mut query = QueryBuilder::new(format!(
            "SELECT {COLUMNS}, m.id AS mention_id, source.name AS source, author.name AS author, r.title, r.text, f.language,
                 f.stars, part.mentions, part.length, part.score, part.is_concrete, part.asks, part.leaves, part.copies,
                 EXISTS (SELECT 1 FROM mention AS earlier JOIN facet AS e
                         ON e.said_at = earlier.said_at AND e.mention_id = earlier.id
                     WHERE earlier.author_id = c.author_id AND e.label = 1 AND earlier.said_at < c.first_word_at) AS was_content
             FROM (
                 SELECT part.case_id, count(*) AS mentions,
                     sum(length(r.text)) AS length, min(a.score) AS score, max(f.topics <> '[]') AS is_concrete,
                     max(instr(f.intents, '\"question\"') > 0) AS asks, max(instr(f.intents, '\"leave\"') > 0) AS leaves,
                     max((SELECT count(*) FROM mention AS copy WHERE copy.cluster_id = m.cluster_id)) AS copies
                 FROM outreach_case AS c CROSS JOIN case_mention AS part ON part.case_id = c.id
                     CROSS JOIN mention AS m ON m.id = part.mention_id CROSS JOIN revision AS r ON r.id = m.revision_id
                     CROSS JOIN facet AS f ON f.said_at = m.said_at AND f.mention_id = m.id
                     LEFT JOIN reading AS a ON a.revision_id = r.id
                 WHERE m.removed_at IS NULL AND m.set_aside IS NULL"
        ));
        fitting(&mut query, filter, now);
        query.push(
            " GROUP BY part.case_id) AS part CROSS JOIN outreach_case AS c ON c.id = part.case_id
             CROSS JOIN mention AS m ON m.id = (
                 SELECT m.id FROM case_mention JOIN mention AS m ON m.id = case_mention.mention_id
                     JOIN facet AS kind ON kind.said_at = m.said_at AND kind.mention_id = m.id
                 WHERE case_id = c.id AND m.removed_at IS NULL AND m.set_aside IS NULL
                 ORDER BY kind.label = 1, m.said_at DESC, m.id DESC LIMIT 1)
             CROSS JOIN revision AS r ON r.id = m.revision_id CROSS JOIN source ON source.id = m.source_id
             CROSS JOIN facet AS f ON f.said_at = m.said_at AND f.mention_id = m.id
             LEFT JOIN author ON author.id = m.author_id WHERE true",
        );
        if let Some(source) = &filter.source {
            query.push(" AND source.name = ").push_bind(source.clone());
        }
        let rows = query.push(" ORDER BY c.id").build_query_as::<Row>().fetch_all(&self.reader).await?;
        Ok(rows.into_iter().map(|row| row.listed(&usual_return)).collect())
    }
}

fn fitting(query: &mut QueryBuilder<Sqlite>, filter: &Filter, now: Timestamp) {
    if !filter.only.is_empty() {
        query.push(" AND c.id IN (SELECT value FROM json_each(").push_bind(json(&filter.only)).push("))");
    }
    if !filter.states.is_empty() {
        let states: Vec<&str> = filter.states.iter().map(|state| state.name()).collect();
        query.push(" AND c.state IN (SELECT value FROM json_each(").push_bind(json(&states)).push("))");
    }
    if let Some(brand) = &filter.brand {
        query.push(" AND c.brand_id = (SELECT id FROM brand WHERE name = ").push_bind(brand.clone()).push(")");
    }
    if let Some(severity) = filter.severity {
        let worse: Vec<&str> =
            Severity::ALL.iter().filter(|one| **one >= severity).map(|severity| severity.name()).collect();
        query.push(" AND c.severity IN (SELECT value FROM json_each(").push_bind(json(&worse)).push("))");
    }
    if let Some(owner) = &filter.owner {
        query.push(" AND c.owner = ").push_bind(owner.clone());
    }
    if filter.follow_up_due {
        query.push(" AND ").push(FOLLOW_UP_DUE).push_bind(now.seconds());
    }
    if !filter.snoozed {
        query.push(" AND (c.snoozed_until IS NULL OR c.snoozed_until <= ").push_bind(now.seconds()).push(")");
    }
}

impl Store {
    /// About how many cases somebody is to ask by now whether it stayed so; at most so many are counted.
    pub async fn follow_ups_due(&self, most: u32, now: Timestamp) -> Result<u64, StoreError> {
        let mut query = QueryBuilder::<Sqlite>::new("SELECT count(*) FROM (SELECT 1 FROM outreach_case AS c WHERE ");
        query.push(FOLLOW_UP_DUE).push_bind(now.seconds()).push(
            " AND EXISTS (SELECT 1 FROM case_mention JOIN mention AS m ON m.id = mention_id
                 WHERE case_id = c.id AND m.removed_at IS NULL AND m.set_aside IS NULL) LIMIT ",
        );
        query.push_bind(most).push(")");
        let count: i64 = query.build_query_scalar().fetch_one(&self.reader).await?;
        Ok(count.cast_unsigned())
    }
}

/// What is assumed of a source of which little is known: of twenty who were answered, four came back.
const ASSUMED: (f64, f64) = (4.0, 20.0);

impl Store {
    /// How likely somebody who is answered comes back, by source: the share of answered reviews with few stars that have more
    /// of them now, drawn towards what is assumed while there are few.
    pub async fn usual_returns(&self) -> Result<HashMap<String, f64>, StoreError> {
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
        let share = |(source, answered, back): (String, i64, i64)| {
            (source, (back as f64 + ASSUMED.0) / (answered as f64 + ASSUMED.1))
        };
        Ok(rows.into_iter().map(share).collect())
    }
}
