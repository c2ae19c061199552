//! The queue: cases as somebody sees them in it.

use sqlx::{FromRow, QueryBuilder, Sqlite};

use super::{COLUMNS, Case, CaseRow};
use crate::mention::{Language, Timestamp};
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
}

impl From<Row> for Listed {
    fn from(row: Row) -> Self {
        Self {
            case: row.case.into(),
            mention_id: row.mention_id,
            source: row.source,
            author: row.author,
            title: row.title,
            text: row.text,
            language: row.language.as_deref().and_then(Language::parse),
            stars: row.stars.and_then(|stars| u8::try_from(stars).ok()),
            mentions: row.mentions.cast_unsigned(),
        }
    }
}

impl Store {
    /// The cases that fit, the longest open first; in what order they come, [`Store::standings`] says.
    pub async fn cases(&self, filter: &Filter, now: Timestamp) -> Result<Vec<Listed>, StoreError> {
        let mut query = QueryBuilder::new(format!(
            "SELECT {COLUMNS}, m.id AS mention_id, source.name AS source, author.name AS author, r.title, r.text, f.language,
                 f.stars, (SELECT count(*) FROM case_mention JOIN mention AS part ON part.id = case_mention.mention_id
                     WHERE case_id = c.id AND part.removed_at IS NULL AND part.set_aside IS NULL) AS mentions
             FROM outreach_case AS c CROSS JOIN mention AS m ON m.id = (
                 SELECT m.id FROM case_mention JOIN mention AS m ON m.id = case_mention.mention_id
                     JOIN facet AS kind ON kind.said_at = m.said_at AND kind.mention_id = m.id
                 WHERE case_id = c.id AND m.removed_at IS NULL AND m.set_aside IS NULL
                 ORDER BY kind.label IS 1, m.said_at DESC, m.id DESC LIMIT 1)
             CROSS JOIN revision AS r ON r.id = m.revision_id CROSS JOIN source ON source.id = m.source_id
             CROSS JOIN facet AS f ON f.said_at = m.said_at AND f.mention_id = m.id
             LEFT JOIN author ON author.id = m.author_id WHERE true"
        ));
        fitting(&mut query, filter, now);
        if let Some(source) = &filter.source {
            query.push(" AND source.name = ").push_bind(source.clone());
        }
        let rows = query.push(" ORDER BY c.id").build_query_as::<Row>().fetch_all(&self.reader).await?;
        Ok(rows.into_iter().map(Listed::from).collect())
    }
}

/// Adds what a case `c` has to be for it to fit, but for its source, which its last mention has.
pub(super) fn fitting(query: &mut QueryBuilder<Sqlite>, filter: &Filter, now: Timestamp) {
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
