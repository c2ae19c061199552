//! What the team lead wants to know: how long people wait, what becomes of their reviews, and what upsets them.

use std::collections::BTreeMap;

use sqlx::FromRow;

use crate::mention::Timestamp;
use crate::outreach::ledger::{Course, Outcome};
use crate::store::{Store, StoreError};

/// How long somebody waited for the first answer, in their own time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// When they said the first of it.
    pub first_word_at: Timestamp,
    /// When they were answered; `None`: they wait.
    pub answered_at: Option<Timestamp>,
}

/// What people are upset about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The topic's name.
    pub topic: String,
    /// Cases about it, by the week in which they began: days since 1970-01-01 of its Monday, and how many.
    pub weeks: BTreeMap<i64, u64>,
    /// Stars that these people did not give: five less those that they gave.
    pub lost_stars: u64,
}

#[derive(FromRow)]
struct CourseRow {
    mention_id: i64,
    source: String,
    said_at: i64,
    first_seen_at: i64,
    removed_at: Option<i64>,
    answered_at: Option<i64>,
    template: Option<String>,
    seen_until: i64,
    seen_at: i64,
    stars: Option<i64>,
}

impl Store {
    /// The courses of all reviews of a brand that began with one to three stars, were said since then, and count.
    ///
    /// A change is known when it is seen; that nothing has changed, as of the source's last round that went through.
    pub async fn courses(&self, brand: &str, since: Timestamp) -> Result<Vec<Course>, StoreError> {
        let rows: Vec<CourseRow> = sqlx::query_as(
            "SELECT m.id AS mention_id, source.name AS source, m.said_at, m.first_seen_at, m.removed_at,
                 min(coalesce(m.reply_at, (SELECT min(given_at) FROM given_answer WHERE mention_id = m.id)),
                     coalesce((SELECT min(given_at) FROM given_answer WHERE mention_id = m.id), m.reply_at)) AS answered_at,
                 (SELECT template FROM given_answer WHERE mention_id = m.id ORDER BY id LIMIT 1) AS template,
                 max(m.first_seen_at, coalesce(source.last_success_at, 0)) AS seen_until, r.seen_at,
                 cast(round(1 + 4 * (r.rating - r.rating_worst) / nullif(r.rating_best - r.rating_worst, 0)) AS INTEGER)
                     AS stars
             FROM mention_brand AS about CROSS JOIN mention AS m ON m.id = about.mention_id
             CROSS JOIN source ON source.id = m.source_id CROSS JOIN revision AS r
                 INDEXED BY revision_with_rating ON r.mention_id = m.id
             WHERE about.brand_id = (SELECT id FROM brand WHERE name = ?1) AND m.said_at >= ?2 AND m.set_aside IS NULL
                 AND r.rating IS NOT NULL
             ORDER BY about.mention_id, r.id",
        )
        .bind(brand)
        .bind(since.seconds())
        .fetch_all(&self.reader)
        .await?;
        Ok(rows.chunk_by(|one, next| one.mention_id == next.mention_id).filter_map(course).collect())
    }

    /// How long those waited who said the first word of a case about a brand since then; what was dismissed, and
    /// who has taken their words back before anybody answered, is not counted.
    pub async fn waits(&self, brand: &str, since: Timestamp) -> Result<Vec<Wait>, StoreError> {
        let rows: Vec<(i64, Option<i64>)> = sqlx::query_as(
            "SELECT first_word_at, answered_at FROM outreach_case
             WHERE brand_id = (SELECT id FROM brand WHERE name = ?1) AND first_word_at >= ?2 AND state <> 'dismissed'
                 AND (answered_at IS NOT NULL OR EXISTS (
                     SELECT 1 FROM case_mention JOIN mention AS m ON m.id = mention_id
                     WHERE case_id = outreach_case.id AND m.removed_at IS NULL AND m.set_aside IS NULL))
             ORDER BY id",
        )
        .bind(brand)
        .bind(since.seconds())
        .fetch_all(&self.reader)
        .await?;
        let wait = |(first_word_at, answered_at): (i64, Option<i64>)| Wait {
            first_word_at: Timestamp::from_seconds(first_word_at),
            answered_at: answered_at.map(Timestamp::from_seconds),
        };
        Ok(rows.into_iter().map(wait).collect())
    }

    /// How many cases about a brand that began since then stand where, by the name of the state.
    pub async fn case_states(&self, brand: &str, since: Timestamp) -> Result<BTreeMap<String, u64>, StoreError> {
        let rows: Vec<(String, i64)> = sqlx::query_as(
            "SELECT state, count(*) FROM outreach_case
             WHERE brand_id = (SELECT id FROM brand WHERE name = ?1) AND first_word_at >= ?2 GROUP BY 1",
        )
        .bind(brand)
        .bind(since.seconds())
        .fetch_all(&self.reader)
        .await?;
        Ok(rows.into_iter().map(|(state, count)| (state, count.cast_unsigned())).collect())
    }

    /// What the cases about a brand are about that began since then, the costliest first. A case about several topics counts
    /// for each.
    pub async fn case_reasons(&self, brand: &str, since: Timestamp) -> Result<Vec<Reason>, StoreError> {
        let rows: Vec<(String, i64, i64, i64)> = sqlx::query_as(
            "SELECT topic.value, (c.first_word_at / 86400 + 3) / 7 * 7 - 3 AS week, count(DISTINCT c.id),
                 coalesce(sum(5 - f.stars), 0)
             FROM outreach_case AS c CROSS JOIN case_mention AS part ON part.case_id = c.id
             CROSS JOIN mention AS m ON m.id = part.mention_id
             CROSS JOIN facet AS f ON f.said_at = m.said_at AND f.mention_id = m.id CROSS JOIN json_each(f.topics) AS topic
             WHERE c.brand_id = (SELECT id FROM brand WHERE name = ?1) AND c.first_word_at >= ?2 AND c.state <> 'dismissed'
             GROUP BY 1, 2 ORDER BY 1, 2",
        )
        .bind(brand)
        .bind(since.seconds())
        .fetch_all(&self.reader)
        .await?;
        let mut reasons: BTreeMap<String, Reason> = BTreeMap::new();
        for (topic, week, cases, lost) in rows {
            let empty = || Reason { topic: topic.clone(), weeks: BTreeMap::new(), lost_stars: 0 };
            let reason = reasons.entry(topic.clone()).or_insert_with(empty);
            reason.weeks.insert(week, cases.cast_unsigned());
            reason.lost_stars += lost.cast_unsigned();
        }
        let mut reasons: Vec<Reason> = reasons.into_values().collect();
        let cases = |reason: &Reason| reason.weeks.values().sum::<u64>();
        reasons.sort_by_key(|reason| std::cmp::Reverse((reason.lost_stars, cases(reason))));
        Ok(reasons)
    }

    /// Friendly words about the people of a brand since then, the newest first: to be passed on to them.
    pub async fn praise(&self, brand: &str, since: Timestamp, most: u32) -> Result<Vec<i64>, StoreError> {
        Ok(sqlx::query_scalar(
            "SELECT f.mention_id FROM facet AS f
             WHERE f.said_at >= ?2 AND f.removed = 0 AND f.set_aside IS NULL AND f.label = 1
                 AND instr(f.topics, '\"staff\"') > 0
                 AND instr(f.brands, (SELECT ' ' || id || ' ' FROM brand WHERE name = ?1)) > 0
             ORDER BY f.said_at DESC, f.mention_id DESC LIMIT ?3",
        )
        .bind(brand)
        .bind(since.seconds())
        .bind(most)
        .fetch_all(&self.reader)
        .await?)
    }
}

/// Of the versions of one review, the first first; `None`: it began with more than three stars.
fn course(versions: &[CourseRow]) -> Option<Course> {
    let first = versions.first()?;
    let stars = u8::try_from(first.stars?).ok().filter(|stars| (1..=3).contains(stars))?;
    let at = Timestamp::from_seconds;
    let changed = versions.iter().find_map(|version| {
        let now = u8::try_from(version.stars?).ok().filter(|now| *now != stars)?;
        let outcome = if now > stars { Outcome::Better(now - stars) } else { Outcome::Worse };
        Some((at(version.seen_at), outcome))
    });
    let gone = first.removed_at.map(|removed_at| (at(removed_at), Outcome::Gone));
    Some(Course {
        source: first.source.clone(),
        stars,
        said_at: at(first.said_at),
        seen_from: at(first.first_seen_at),
        answered_at: first.answered_at.map(at),
        template: first.template.clone(),
        outcome: changed.into_iter().chain(gone).min_by_key(|(at, _)| *at),
        seen_until: at(first.seen_until),
    })
}
