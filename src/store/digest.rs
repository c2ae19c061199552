//! What digests are made of, and who was told: a mention counts once for its text, if it was heard live, is still there
//! and was not put aside. What a person says of a mood counts before what the model does.

use std::collections::HashSet;

use sqlx::FromRow;

use super::save::json;
use super::{Store, StoreError, finding};
use crate::alert::{Excerpt, Verdict};
use crate::detect::{Finding, Stage};
use crate::digest::{Found, Judgement, Length, Tally, Topic};
use crate::mention::{Label, Language, Mention, Timestamp};
use crate::notify::Letter;

/// So many of the most upset, or the most content, are enough to choose quotes from.
const VOICES: i64 = 40;

/// After four weeks a shift is over, or the usual: one of which nothing was heard for longer is no open one.
const OPEN_SECONDS: i64 = 35 * 24 * 3600;

/// Whose text had arrived about the same brand before, and still counts.
macro_rules! copy {
    () => {
        "(m.cluster_id <> m.id AND EXISTS (
             SELECT 1 FROM mention AS earlier JOIN mention_brand AS b ON b.mention_id = earlier.id
             WHERE earlier.cluster_id = m.cluster_id AND earlier.id < m.id AND earlier.removed_at IS NULL
                 AND earlier.set_aside IS NULL AND b.brand_id = about.brand_id
         ))"
    };
}

/// The mentions about a brand (1) that arrived from (2) to (3) and count, with what is thought of them.
macro_rules! counted {
    ($columns:literal, $more:literal, $tail:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM mention AS m
              CROSS JOIN mention_brand AS about ON about.mention_id = m.id
              CROSS JOIN reading AS a ON a.revision_id = m.revision_id ",
            $more,
            " WHERE about.brand_id = (SELECT id FROM brand WHERE name = ?1) AND m.first_seen_at >= ?2
                 AND m.first_seen_at < ?3 AND m.backfill = 0 AND m.removed_at IS NULL
                 AND m.set_aside IS NULL AND NOT ",
            copy!(),
            " ",
            $tail
        )
    };
}

/// A digest of one period: about which brands, and up to when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue<'a> {
    /// A day, a week or a month.
    pub length: Length,
    /// As `sources.toml` names them; empty: all.
    pub brands: &'a [String],
    /// The end of the period.
    pub through: Timestamp,
}

/// How far somebody was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// A day, a week or a month.
    pub length: Length,
    /// As `sources.toml` named them; empty: all.
    pub brands: Vec<String>,
    /// The address alone, in lower case.
    pub mailbox: String,
    /// The end of the newest period that is done with.
    pub told_through: Timestamp,
}

#[derive(FromRow)]
struct VoiceRow {
    id: i64,
    first_seen_at: i64,
    source: String,
    language: Option<String>,
    score: Option<f64>,
    title: Option<String>,
    text: String,
    url: Option<String>,
}

impl VoiceRow {
    fn excerpt(self, label: Label) -> (i64, Excerpt) {
        let mention = Mention { title: self.title, text: self.text, ..Mention::default() };
        let excerpt = Excerpt {
            arrived_at: Timestamp::from_seconds(self.first_seen_at),
            source: self.source,
            language: self.language.as_deref().and_then(Language::parse),
            topics: Vec::new(),
            label,
            score: self.score.unwrap_or_default(),
            text: mention.full_text().into_owned(),
            url: self.url,
        };
        (self.id, excerpt)
    }
}

impl Store {
    /// How much was said about a brand, and how, between each of these moments and the next.
    pub async fn tallies(&self, brand: &str, moments: &[Timestamp]) -> Result<Vec<Tally>, StoreError> {
        let seconds: Vec<i64> = moments.iter().map(|moment| moment.seconds()).collect();
        let rows: Vec<(i64, Option<i8>, bool, i64)> = sqlx::query_as(concat!(
            "SELECT day.key, a.label, ",
            copy!(),
            " AS copy, count(*)
             FROM json_each(?2) AS day CROSS JOIN json_each(?2) AS next ON next.key = day.key + 1
             CROSS JOIN mention AS m ON m.first_seen_at >= day.value AND m.first_seen_at < next.value
             CROSS JOIN mention_brand AS about ON about.mention_id = m.id
             LEFT JOIN reading AS a ON a.revision_id = m.revision_id
             WHERE about.brand_id = (SELECT id FROM brand WHERE name = ?1) AND m.backfill = 0 AND m.removed_at IS NULL
                 AND m.set_aside IS NULL
             GROUP BY 1, 2, 3"
        ))
        .bind(brand)
        .bind(json(&seconds))
        .fetch_all(&self.reader)
        .await?;
        let mut tallies = vec![Tally::default(); moments.len().saturating_sub(1)];
        for (day, sign, is_copy, count) in rows {
            let Some(tally) = usize::try_from(day).ok().and_then(|day| tallies.get_mut(day)) else { continue };
            let mood = Label::ALL.iter().position(|label| Some(label.sign()) == sign);
            let place = match mood {
                _ if is_copy => &mut tally.copies,
                Some(mood) => &mut tally.moods[mood],
                None => &mut tally.untold,
            };
            *place += count.cast_unsigned();
        }
        Ok(tallies)
    }

    /// When the first mention about a brand arrived.
    pub async fn heard_since(&self, brand: &str) -> Result<Option<Timestamp>, StoreError> {
        let at: Option<i64> = sqlx::query_scalar(
            "SELECT first_seen_at FROM mention_brand JOIN mention ON mention.id = mention_id
             WHERE brand_id = (SELECT id FROM brand WHERE name = ?1) ORDER BY mention_id LIMIT 1",
        )
        .bind(brand)
        .fetch_optional(&self.reader)
        .await?;
        Ok(at.map(Timestamp::from_seconds))
    }

    /// What was talked about in a span of time, and how much of it is negative; in no order.
    pub async fn topics(&self, brand: &str, from: Timestamp, to: Timestamp) -> Result<Vec<Topic>, StoreError> {
        let rows: Vec<(String, i64, i64)> = sqlx::query_as(counted!(
            "topic.value, count(*), count(*) FILTER (WHERE a.label = -1)",
            "CROSS JOIN json_each(a.topics) AS topic",
            "GROUP BY 1"
        ))
        .bind(brand)
        .bind(from.seconds())
        .bind(to.seconds())
        .fetch_all(&self.reader)
        .await?;
        let topic = |(name, mentions, negative): (String, i64, i64)| Topic {
            name,
            mentions: mentions.cast_unsigned(),
            negative: negative.cast_unsigned(),
        };
        Ok(rows.into_iter().map(topic).collect())
    }

    /// How many mentions have stars and texts that say opposite things.
    pub async fn contradictions(&self, brand: &str, from: Timestamp, to: Timestamp) -> Result<u64, StoreError> {
        let count: i64 = sqlx::query_scalar(counted!("count(*)", "", "AND a.contradicts = 1"))
            .bind(brand)
            .bind(from.seconds())
            .bind(to.seconds())
            .fetch_one(&self.reader)
            .await?;
        Ok(count.cast_unsigned())
    }

    /// The mentions in which a mood is clearest, with their ids, those that are urgent before others.
    pub async fn clearest(
        &self,
        brand: &str,
        from: Timestamp,
        to: Timestamp,
        label: Label,
    ) -> Result<Vec<(i64, Excerpt)>, StoreError> {
        let rows: Vec<VoiceRow> = sqlx::query_as(counted!(
            "m.id, m.first_seen_at, source.name AS source, a.language, a.score, r.title, r.text, m.url",
            "JOIN source ON source.id = m.source_id JOIN revision AS r ON r.id = m.revision_id",
            "AND a.label = ?4 AND a.contradicts = 0 ORDER BY a.urgency + max(a.score * ?4, 0) DESC, m.id DESC LIMIT ?5"
        ))
        .bind(brand)
        .bind(from.seconds())
        .bind(to.seconds())
        .bind(label.sign())
        .bind(VOICES)
        .fetch_all(&self.reader)
        .await?;
        Ok(rows.into_iter().map(|row| row.excerpt(label)).collect())
    }

    /// What these mentions say, in their order, as [`Store::clearest`] tells it; all of them are of that mood.
    pub async fn voices(&self, mentions: &[i64], label: Label) -> Result<Vec<(i64, Excerpt)>, StoreError> {
        let rows: Vec<VoiceRow> = sqlx::query_as(
            "SELECT m.id, m.first_seen_at, source.name AS source, a.language, a.score, r.title, r.text, m.url
             FROM json_each(?1) AS chosen CROSS JOIN mention AS m ON m.id = chosen.value
             JOIN source ON source.id = m.source_id JOIN revision AS r ON r.id = m.revision_id
             JOIN reading AS a ON a.revision_id = m.revision_id ORDER BY chosen.key",
        )
        .bind(json(&mentions))
        .fetch_all(&self.reader)
        .await?;
        Ok(rows.into_iter().map(|row| row.excerpt(label)).collect())
    }

    /// The findings about a brand that were made in a span of time, and the earlier ones of which there is news since
    /// it began, or that are not over yet; the oldest first. What another model finds in the past and nobody was told
    /// of is left out.
    pub async fn findings_with_news(
        &self,
        brand: &str,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Found>, StoreError> {
        #[derive(FromRow)]
        struct Row {
            finding: String,
            is_new: bool,
            stage: Option<String>,
            stage_at: Option<i64>,
            verdict: Option<String>,
            incident: Option<String>,
        }
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT json_extract(alert, '$.finding') AS finding, at >= ?2 AS is_new, stage, stage_at, verdict, incident
             FROM finding
             WHERE brand_id = (SELECT id FROM brand WHERE name = ?1) AND at < ?3
                 AND (at >= ?2 OR stage_at >= ?2 OR judged_at >= ?2
                     OR (kind IN ('mood_down', 'mood_up') AND at >= ?2 - ?4
                         AND coalesce(stage, 'growing') IN ('growing', 'easing')))
                 AND NOT in_hindsight
             ORDER BY at, finding.id",
        )
        .bind(brand)
        .bind(from.seconds())
        .bind(to.seconds())
        .bind(OPEN_SECONDS)
        .fetch_all(&self.reader)
        .await?;
        let read = |row: Row| -> Result<Found, StoreError> {
            let finding: Finding =
                serde_json::from_str(&row.finding).map_err(|source| StoreError::Content { what: "finding", source })?;
            let stage = row.stage.as_deref().and_then(Stage::parse);
            let verdict = finding::verdict(row.verdict.as_deref(), row.incident, None);
            Ok(Found {
                finding,
                is_new: row.is_new,
                stage: stage.zip(row.stage_at.map(Timestamp::from_seconds)),
                judgement: verdict.map(|verdict| match verdict {
                    Verdict::Seen => Judgement::Seen,
                    Verdict::FalseAlarm => Judgement::FalseAlarm,
                    Verdict::Incident { name, .. } => Judgement::Incident(name),
                }),
            })
        };
        rows.into_iter().map(read).collect()
    }

    /// How far everybody was told.
    pub async fn digest_marks(&self) -> Result<Vec<Mark>, StoreError> {
        let rows: Vec<(String, String, String, i64)> =
            sqlx::query_as("SELECT period, brands, recipient, told_through FROM digest")
                .fetch_all(&self.reader)
                .await?;
        let mark = |(period, brands, mailbox, through): (String, String, _, _)| {
            let length = Length::parse(&period).unwrap_or(Length::Day);
            let brands = serde_json::from_str(&brands);
            let brands = brands.map_err(|source| StoreError::Content { what: "digest", source })?;
            Ok(Mark { length, brands, mailbox, told_through: Timestamp::from_seconds(through) })
        };
        rows.into_iter().map(mark).collect()
    }

    /// Queues the letters of a digest and marks the period as told, for each reader (the address alone, in lower case)
    /// who is not that far yet and has not unsubscribed meanwhile; without a letter, there was nothing to tell. Answers
    /// the letters that are queued.
    ///
    /// `quoted` are the mentions that the letters quote. A crash before this repeats the work, one after it does not.
    pub async fn save_digest(
        &self,
        issue: &Issue<'_>,
        readers: Vec<(String, Option<Letter>)>,
        quoted: &[i64],
    ) -> Result<Vec<Letter>, StoreError> {
        let mut transaction = self.begin().await?;
        let mut letters = Vec::new();
        for (mailbox, letter) in readers {
            let marked = sqlx::query(
                "INSERT INTO digest (period, brands, recipient, told_through)
                 SELECT ?1, ?2, ?3, ?4 WHERE ?3 NOT IN (SELECT recipient FROM unsubscribed)
                 ON CONFLICT DO UPDATE SET told_through = excluded.told_through
                 WHERE told_through < excluded.told_through",
            )
            .bind(issue.length.name())
            .bind(json(&issue.brands))
            .bind(mailbox)
            .bind(issue.through.seconds())
            .execute(&mut *transaction)
            .await?;
            let Some(letter) = letter.filter(|_| marked.rows_affected() > 0) else { continue };
            super::outbox::insert(&mut transaction, None, &letter).await?;
            sqlx::query(
                "INSERT INTO outbox_quote (outbox_id, mention_id)
                 SELECT ?1, id FROM mention WHERE id IN (SELECT value FROM json_each(?2)) ON CONFLICT DO NOTHING",
            )
            .bind(&letter.id)
            .bind(json(&quoted))
            .execute(&mut *transaction)
            .await?;
            letters.push(letter);
        }
        transaction.commit().await?;
        Ok(letters)
    }

    /// The addresses that want no digests.
    pub async fn unsubscribed(&self) -> Result<HashSet<String>, StoreError> {
        let mailboxes: Vec<String> =
            sqlx::query_scalar("SELECT recipient FROM unsubscribed").fetch_all(&self.reader).await?;
        Ok(mailboxes.into_iter().collect())
    }

    /// This address (alone, in lower case) wants no digests; again and again it is the same.
    pub async fn unsubscribe(&self, mailbox: &str, now: Timestamp) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO unsubscribed (recipient, at) VALUES (?1, ?2) ON CONFLICT DO NOTHING")
            .bind(mailbox)
            .bind(now.seconds())
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// This address wants digests again; false if it always did.
    pub async fn subscribe(&self, mailbox: &str) -> Result<bool, StoreError> {
        let gone =
            sqlx::query("DELETE FROM unsubscribed WHERE recipient = ?1").bind(mailbox).execute(&self.writer).await?;
        Ok(gone.rows_affected() > 0)
    }

    /// The secret of that name: 32 random bytes, made when it is first asked for.
    pub async fn secret(&self, name: &str) -> Result<Vec<u8>, StoreError> {
        let known: Option<Vec<u8>> = sqlx::query_scalar("SELECT value FROM secret WHERE name = ?1")
            .bind(name)
            .fetch_optional(&self.reader)
            .await?;
        if let Some(known) = known {
            return Ok(known);
        }
        let mut fresh = [0; 32];
        getrandom::fill(&mut fresh).map_err(|error| StoreError::Random { source: std::io::Error::other(error) })?;
        // The first to come counts, if there are two.
        Ok(sqlx::query_scalar(
            "INSERT INTO secret (name, value) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = value RETURNING value",
        )
        .bind(name)
        .bind(&fresh[..])
        .fetch_one(&self.writer)
        .await?)
    }
}

#[cfg(test)]
mod tests;
