//! How much was said, and how, day by day: kept in rolled-up form, and always exact.
//!
//! Triggers write down each hour in which something changed (`tally_stale`). [`Store::roll_up`] counts their days anew; until
//! it has, [`Store::counted`] counts them on the spot. So what it answers is the same as a count from scratch, at any time.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use chrono::{Datelike as _, Days, Months, NaiveDate};
use chrono_tz::Tz;
use sqlx::{FromRow, SqliteConnection};

use super::save::json;
use super::{Store, StoreError};
use crate::mention::Timestamp;
use crate::schedule::midnight;

/// So many days are counted in one transaction: others wait no longer to write.
const DAYS_AT_ONCE: usize = 30;

/// What mentions are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dimension {
    /// All of them together.
    All,
    /// By source, by its id.
    Source,
    /// By language, by its code; empty where it is not known.
    Language,
    /// By topic, by its name. A mention of several topics counts for each, one of none for none.
    Topic,
}

impl Dimension {
    const EVERY: [Self; 4] = [Self::All, Self::Source, Self::Language, Self::Topic];

    const fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Source => "source",
            Self::Language => "language",
            Self::Topic => "topic",
        }
    }
}

/// What was said about a brand on one day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Counted {
    /// On the calendar of the zone that was asked for.
    pub day: NaiveDate,
    /// What it was counted by, see [`Dimension`].
    pub value: String,
    /// Negative, neutral, positive; a text counts once, where it was met first.
    pub moods: [u64; 3],
    /// Those whose mood nobody can tell.
    pub untold: u64,
    /// Copies of texts that were met before.
    pub copies: u64,
}

impl Counted {
    fn add(&mut self, other: &Self) {
        self.moods.iter_mut().zip(other.moods).for_each(|(sum, count)| *sum += count);
        self.untold += other.untold;
        self.copies += other.copies;
    }
}

/// What was said from (1) to (2), by brand and value.
macro_rules! tallied {
    ($head:literal, $value:literal, $more:literal, $tail:literal) => {
        concat!(
            $head,
            " SELECT m.brand_id, ",
            $value,
            " AS value,
                 count(*) FILTER (WHERE NOT m.copy AND a.label = -1) AS negative,
                 count(*) FILTER (WHERE NOT m.copy AND a.label = 0) AS neutral,
                 count(*) FILTER (WHERE NOT m.copy AND a.label = 1) AS positive,
                 count(*) FILTER (WHERE NOT m.copy AND a.label IS NULL) AS untold,
                 count(*) FILTER (WHERE m.copy) AS copies
             FROM (
                 SELECT m.source_id, m.revision_id, about.brand_id, m.cluster_id <> m.id AND EXISTS (
                     SELECT 1 FROM mention AS earlier JOIN mention_brand AS b ON b.mention_id = earlier.id
                     WHERE earlier.cluster_id = m.cluster_id AND earlier.id < m.id AND earlier.removed_at IS NULL
                         AND earlier.set_aside IS NULL AND b.brand_id = about.brand_id
                 ) AS copy
                 FROM mention AS m CROSS JOIN mention_brand AS about ON about.mention_id = m.id
                 WHERE m.said_at >= ?1 AND m.said_at < ?2 AND m.removed_at IS NULL AND m.set_aside IS NULL
             ) AS m LEFT JOIN reading AS a ON a.revision_id = m.revision_id ",
            $more,
            " GROUP BY 1, 2 ",
            $tail
        )
    };
}

/// The same for each dimension.
macro_rules! tallied_by {
    ($dimension:expr, $head:literal, $tail:literal) => {
        match $dimension {
            Dimension::All => tallied!($head, "''", "", $tail),
            Dimension::Source => tallied!($head, "(SELECT name FROM source WHERE id = m.source_id)", "", $tail),
            Dimension::Language => tallied!($head, "coalesce(a.language, '')", "", $tail),
            Dimension::Topic => tallied!($head, "topic.value", "CROSS JOIN json_each(a.topics) AS topic", $tail),
        }
    };
}

#[derive(FromRow)]
struct Row {
    day: i64,
    value: String,
    negative: i64,
    neutral: i64,
    positive: i64,
    untold: i64,
    copies: i64,
}

impl Row {
    fn counted(self) -> Counted {
        Counted {
            day: date(self.day),
            value: self.value,
            moods: [self.negative, self.neutral, self.positive].map(i64::cast_unsigned),
            untold: self.untold.cast_unsigned(),
            copies: self.copies.cast_unsigned(),
        }
    }
}

impl Store {
    /// What was said about a brand on each of these days, by when it was said; in the order of days and values. A day on which
    /// nothing was said is not there.
    ///
    /// What was deleted or put aside does not count; what a person says of a mood counts before what the model does.
    pub async fn counted(
        &self,
        brand: &str,
        by: Dimension,
        days: Range<NaiveDate>,
        zone: Tz,
    ) -> Result<Vec<Counted>, StoreError> {
        let mut snapshot = self.reader.begin().await?;
        let stale = stale_days(&mut snapshot, &days, zone).await?;
        let numbers: Vec<i64> = stale.iter().copied().map(number).collect();
        let kept: Vec<Row> = sqlx::query_as(
            "SELECT day, value, negative, neutral, positive, untold, copies FROM tally
             WHERE brand_id = (SELECT id FROM brand WHERE name = ?1) AND dimension = ?2 AND day >= ?3 AND day < ?4
                 AND day NOT IN (SELECT value FROM json_each(?5)) AND (SELECT zone FROM tally_zone) = ?6",
        )
        .bind(brand)
        .bind(by.name())
        .bind(number(days.start))
        .bind(number(days.end))
        .bind(json(&numbers))
        .bind(zone.name())
        .fetch_all(&mut *snapshot)
        .await?;
        let mut counted: Vec<Counted> = kept.into_iter().map(Row::counted).collect();
        for day in stale {
            counted.extend(fresh(&mut snapshot, brand, by, day, zone).await?.into_iter().map(Row::counted));
        }
        counted.sort_unstable();
        Ok(counted)
    }

    /// The same as [`Store::counted`], summed over each of these spans; the day of a row is the first one of its span.
    pub async fn summed(
        &self,
        brand: &str,
        by: Dimension,
        spans: &[Range<NaiveDate>],
        zone: Tz,
    ) -> Result<Vec<Counted>, StoreError> {
        let mut snapshot = self.reader.begin().await?;
        let mut sums: BTreeMap<(NaiveDate, String), Counted> = BTreeMap::new();
        for span in spans {
            let stale = stale_days(&mut snapshot, span, zone).await?;
            let (months, days) = whole_months(span, &stale);
            let mut rows: Vec<Row> = sqlx::query_as(
                "SELECT ?3 AS day, value, sum(negative) AS negative, sum(neutral) AS neutral, sum(positive) AS positive,
                     sum(untold) AS untold, sum(copies) AS copies
                 FROM (
                     SELECT value, negative, neutral, positive, untold, copies FROM tally_month
                     WHERE brand_id = (SELECT id FROM brand WHERE name = ?1) AND dimension = ?2
                         AND month IN (SELECT value FROM json_each(?4))
                     UNION ALL
                     SELECT value, negative, neutral, positive, untold, copies FROM tally
                     WHERE brand_id = (SELECT id FROM brand WHERE name = ?1) AND dimension = ?2
                         AND day IN (SELECT value FROM json_each(?5))
                 ) WHERE (SELECT zone FROM tally_zone) = ?6 GROUP BY value",
            )
            .bind(brand)
            .bind(by.name())
            .bind(number(span.start))
            .bind(json(&months))
            .bind(json(&days))
            .bind(zone.name())
            .fetch_all(&mut *snapshot)
            .await?;
            for day in stale {
                rows.extend(fresh(&mut snapshot, brand, by, day, zone).await?);
            }
            for row in rows {
                let one = Counted { day: span.start, ..row.counted() };
                match sums.entry((span.start, one.value.clone())) {
                    Entry::Vacant(place) => drop(place.insert(one)),
                    Entry::Occupied(mut sum) => sum.get_mut().add(&one),
                }
            }
        }
        Ok(sums.into_values().collect())
    }

    /// Counts some of the days anew in which something has changed; whether there are more.
    pub async fn roll_up(&self, zone: Tz) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        settle_zone(&mut transaction, zone).await?;
        let hours: Vec<i64> =
            sqlx::query_scalar("SELECT hour FROM tally_stale ORDER BY hour DESC").fetch_all(&mut *transaction).await?;
        let days: BTreeSet<NaiveDate> = hours.iter().flat_map(|hour| days_of(*hour, zone)).collect();
        for day in days.iter().rev().take(DAYS_AT_ONCE) {
            count_day(&mut transaction, *day, zone).await?;
        }
        let months: BTreeSet<NaiveDate> = days.iter().rev().take(DAYS_AT_ONCE).map(|day| month_of(*day)).collect();
        for month in months {
            sum_month(&mut transaction, month).await?;
        }
        // An hour that two days share is done with when the earlier of them is.
        let oldest = days.iter().rev().take(DAYS_AT_ONCE).next_back();
        let is_done = |hour: &&i64| days_of(**hour, zone).iter().all(|day| oldest.is_some_and(|oldest| day >= oldest));
        let done: Vec<i64> = hours.iter().filter(is_done).copied().collect();
        sqlx::query("DELETE FROM tally_stale WHERE hour IN (SELECT value FROM json_each(?1))")
            .bind(json(&done))
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(days.len() > DAYS_AT_ONCE)
    }
}

/// What is counted of a day on the spot.
async fn fresh(
    connection: &mut SqliteConnection,
    brand: &str,
    by: Dimension,
    day: NaiveDate,
    zone: Tz,
) -> Result<Vec<Row>, StoreError> {
    Ok(sqlx::query_as(tallied_by!(
        by,
        "SELECT ?4 AS day, value, negative, neutral, positive, untold, copies FROM (",
        ") WHERE brand_id = (SELECT id FROM brand WHERE name = ?3)"
    ))
    .bind(midnight(day, zone).seconds())
    .bind(midnight(day + Days::new(1), zone).seconds())
    .bind(brand)
    .bind(number(day))
    .fetch_all(connection)
    .await?)
}

async fn count_day(connection: &mut SqliteConnection, day: NaiveDate, zone: Tz) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM tally WHERE day = ?1").bind(number(day)).execute(&mut *connection).await?;
    for by in Dimension::EVERY {
        sqlx::query(tallied_by!(
            by,
            "INSERT INTO tally (brand_id, dimension, day, value, negative, neutral, positive, untold, copies)
             SELECT brand_id, ?3, ?4, value, negative, neutral, positive, untold, copies FROM (",
            ")"
        ))
        .bind(midnight(day, zone).seconds())
        .bind(midnight(day + Days::new(1), zone).seconds())
        .bind(by.name())
        .bind(number(day))
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Adds up what is counted of the days of a month.
async fn sum_month(connection: &mut SqliteConnection, month: NaiveDate) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM tally_month WHERE month = ?1").bind(number(month)).execute(&mut *connection).await?;
    sqlx::query(
        "INSERT INTO tally_month (brand_id, dimension, month, value, negative, neutral, positive, untold, copies)
         SELECT brand_id, dimension, ?1, value, sum(negative), sum(neutral), sum(positive), sum(untold), sum(copies)
         FROM brand CROSS JOIN (SELECT value AS dimension FROM json_each(?3)) AS by
             JOIN tally USING (dimension)
         WHERE brand_id = brand.id AND day >= ?1 AND day < ?2 GROUP BY brand_id, dimension, value",
    )
    .bind(number(month))
    .bind(number(month + Months::new(1)))
    .bind(json(&Dimension::EVERY.map(Dimension::name)))
    .execute(connection)
    .await?;
    Ok(())
}

/// The first time, and when the calendar has changed, every day is counted.
async fn settle_zone(connection: &mut SqliteConnection, zone: Tz) -> Result<(), StoreError> {
    let changed = sqlx::query(
        "INSERT INTO tally_zone (only, zone) VALUES (1, ?1)
         ON CONFLICT DO UPDATE SET zone = excluded.zone WHERE zone <> excluded.zone",
    )
    .bind(zone.name())
    .execute(&mut *connection)
    .await?;
    if changed.rows_affected() > 0 {
        sqlx::query("DELETE FROM tally").execute(&mut *connection).await?;
        sqlx::query("DELETE FROM tally_month").execute(&mut *connection).await?;
        sqlx::query(
            "INSERT INTO tally_stale SELECT DISTINCT said_at / 3600 FROM mention WHERE true ON CONFLICT DO NOTHING",
        )
        .execute(connection)
        .await?;
    }
    Ok(())
}

/// Those of these days for which `tally` does not hold.
async fn stale_days(
    connection: &mut SqliteConnection,
    days: &Range<NaiveDate>,
    zone: Tz,
) -> Result<BTreeSet<NaiveDate>, StoreError> {
    let known: Option<String> =
        sqlx::query_scalar("SELECT zone FROM tally_zone").fetch_optional(&mut *connection).await?;
    let hours = (midnight(days.start, zone).hour(), midnight(days.end, zone).hour());
    let source = if known.as_deref() == Some(zone.name()) {
        "SELECT hour FROM tally_stale WHERE hour >= ?1 AND hour <= ?2"
    } else {
        "SELECT DISTINCT said_at / 3600 FROM mention WHERE said_at >= ?1 * 3600 AND said_at < (?2 + 1) * 3600"
    };
    let stale: Vec<i64> = sqlx::query_scalar(source).bind(hours.0).bind(hours.1).fetch_all(connection).await?;
    Ok(stale.into_iter().flat_map(|hour| days_of(hour, zone)).filter(|day| days.contains(day)).collect())
}

/// The months that lie wholly in a span and of which no day is stale, and the other days that are not, all as numbers.
fn whole_months(span: &Range<NaiveDate>, stale: &BTreeSet<NaiveDate>) -> (Vec<i64>, Vec<i64>) {
    let (mut months, mut days) = (Vec::new(), Vec::new());
    let mut day = span.start;
    while day < span.end {
        let next = month_of(day) + Months::new(1);
        if day == month_of(day) && next <= span.end && stale.range(day..next).next().is_none() {
            months.push(number(day));
        } else {
            let others = day.iter_days().take_while(|day| *day < next.min(span.end));
            days.extend(others.filter(|day| !stale.contains(day)).map(number));
        }
        day = next;
    }
    (months, days)
}

/// Its first day.
fn month_of(day: NaiveDate) -> NaiveDate {
    day - Days::new(u64::from(day.day0()))
}

/// The day, or the two, that an hour since the epoch belongs to.
fn days_of(hour: i64, zone: Tz) -> [NaiveDate; 2] {
    let day = |seconds| Timestamp::from_seconds(seconds).to_utc().with_timezone(&zone).date_naive();
    [day(hour * 3600), day(hour * 3600 + 3599)]
}

fn number(day: NaiveDate) -> i64 {
    day.signed_duration_since(NaiveDate::default()).num_days()
}

fn date(number: i64) -> NaiveDate {
    NaiveDate::default() + chrono::TimeDelta::days(number)
}

#[cfg(test)]
mod tests;
