//! How cases begin: what arrived is looked at once, becomes a case or joins one, or is left alone.

use sqlx::{FromRow, SqliteConnection};

use super::{What, record};
use crate::mention::{Label, Timestamp};
use crate::outreach::trial::SAME_SECONDS;
use crate::outreach::{Happening, Said, Severity, State};
use crate::store::text::label;
use crate::store::{Store, StoreError};

/// At most so many revisions are handed out at once.
const TURN: i64 = 500;

/// What was said longer ago when it arrived is history: nobody waits for an answer to it any more.
pub(super) const STALE_SECONDS: i64 = 14 * 86_400;

/// Something has arrived that may become a case: a mention, or another version of one.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrived {
    revision_id: i64,
    mention_id: i64,
    author_id: Option<i64>,
    cluster_id: i64,
    brand_id: i64,
    /// When it was said, or changed.
    said_at: Timestamp,
    reply_at: Option<Timestamp>,
    has_reply: bool,
    source: String,
    brands: Vec<String>,
    /// The mood, if it can be told.
    pub mood: Option<Label>,
    stars: Option<u8>,
    emotions: Vec<String>,
    intents: Vec<String>,
    topics: Vec<String>,
    urgency: f64,
    /// The case that it is in already: it was edited.
    case_id: Option<i64>,
}

impl Arrived {
    /// As the rules want it.
    pub fn said(&self) -> Said<'_> {
        Said {
            source: &self.source,
            brands: &self.brands,
            mood: self.mood,
            stars: self.stars,
            emotions: &self.emotions,
            intents: &self.intents,
            topics: &self.topics,
            urgency: self.urgency,
        }
    }

    /// When it was said, or changed.
    pub const fn said_at(&self) -> Timestamp {
        self.said_at
    }
}

/// What a rule says of something that has arrived.
#[derive(Clone, Debug, PartialEq)]
pub struct Opened<'a> {
    /// What has arrived.
    pub arrived: &'a Arrived,
    /// The rule's name and how much it matters; `None`: by itself it is no case.
    pub rule: Option<(&'a str, Severity)>,
    /// When the person is to have an answer at the latest.
    pub due_at: Option<Timestamp>,
}

#[derive(FromRow)]
struct Row {
    revision_id: i64,
    mention_id: i64,
    author_id: Option<i64>,
    cluster_id: i64,
    brand_id: i64,
    said_at: i64,
    reply_at: Option<i64>,
    has_reply: bool,
    source: String,
    brands: String,
    label: Option<i8>,
    stars: Option<i64>,
    emotions: String,
    intents: String,
    topics: String,
    urgency: Option<f64>,
    case_id: Option<i64>,
}

impl From<Row> for Arrived {
    fn from(row: Row) -> Self {
        let names = |json: &str| serde_json::from_str(json).unwrap_or_default();
        Self {
            revision_id: row.revision_id,
            mention_id: row.mention_id,
            author_id: row.author_id,
            cluster_id: row.cluster_id,
            brand_id: row.brand_id,
            said_at: Timestamp::from_seconds(row.said_at),
            reply_at: row.reply_at.map(Timestamp::from_seconds),
            has_reply: row.has_reply,
            source: row.source,
            brands: names(&row.brands),
            mood: row.label.and_then(label),
            stars: row.stars.and_then(|stars| u8::try_from(stars).ok()),
            emotions: names(&row.emotions),
            intents: names(&row.intents),
            topics: names(&row.topics),
            urgency: row.urgency.unwrap_or_default(),
            case_id: row.case_id,
        }
    }
}

impl Store {
    /// What has arrived about these brands since the last look, and how far that look reaches: new mentions and new versions of
    /// them that are still there, count, and were not said long ago. The first look sees what is no older, either.
    pub(crate) async fn case_arrivals(
        &self,
        brands: &[&str],
        now: Timestamp,
    ) -> Result<(Vec<Arrived>, (i64, i64)), StoreError> {
        let mut snapshot = self.reader.begin().await?;
        let seen: i64 = sqlx::query_scalar("SELECT coalesce((SELECT seen_through FROM case_look), 0)")
            .fetch_one(&mut *snapshot)
            .await?;
        let through: i64 = sqlx::query_scalar(
            "SELECT coalesce(max(id), ?1) FROM (SELECT id FROM revision WHERE id > ?1 ORDER BY id LIMIT ?2)",
        )
        .bind(seen)
        .bind(TURN)
        .fetch_one(&mut *snapshot)
        .await?;
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT r.id AS revision_id, m.id AS mention_id, m.author_id, m.cluster_id,
                 (SELECT min(brand.id) FROM mention_brand AS about JOIN brand ON brand.id = about.brand_id
                  WHERE about.mention_id = m.id AND brand.name IN (SELECT value FROM json_each(?3))) AS brand_id,
                 max(m.said_at, coalesce(m.edited_at, 0)) AS said_at, m.reply_at,
                 m.reply_text IS NOT NULL AS has_reply, source.name AS source,
                 (SELECT json_group_array(name) FROM mention_brand JOIN brand ON brand.id = brand_id
                  WHERE mention_id = m.id) AS brands,
                 f.label, f.stars, f.emotions, f.intents, f.topics, a.urgency, c.case_id
             FROM revision AS r CROSS JOIN mention AS m ON m.id = r.mention_id AND m.revision_id = r.id
             CROSS JOIN facet AS f ON f.said_at = m.said_at AND f.mention_id = m.id
             CROSS JOIN source ON source.id = m.source_id
             LEFT JOIN reading AS a ON a.revision_id = r.id LEFT JOIN case_mention AS c ON c.mention_id = m.id
             WHERE r.id > ?1 AND r.id <= ?2 AND m.removed_at IS NULL AND m.set_aside IS NULL
                 AND max(m.said_at, coalesce(m.edited_at, 0)) > ?4 AND brand_id IS NOT NULL
             ORDER BY r.id",
        )
        .bind(seen)
        .bind(through)
        .bind(crate::store::save::json(&brands))
        .bind(now.seconds() - STALE_SECONDS)
        .fetch_all(&mut *snapshot)
        .await?;
        Ok((rows.into_iter().map(Arrived::from).collect(), (seen, through)))
    }

    /// Makes cases of what has arrived, or joins it to those that are there. `None`: another program has looked meanwhile.
    /// Answers how many cases are new.
    pub(crate) async fn open_cases(
        &self,
        (seen, through): (i64, i64),
        opened: &[Opened<'_>],
        now: Timestamp,
    ) -> Result<Option<usize>, StoreError> {
        let mut transaction = self.begin().await?;
        let known: i64 = sqlx::query_scalar("SELECT coalesce((SELECT seen_through FROM case_look), 0)")
            .fetch_one(&mut *transaction)
            .await?;
        if known != seen {
            return Ok(None);
        }
        let mut new = 0;
        for one in opened {
            new += usize::from(take_in(&mut transaction, one, now).await?);
        }
        sqlx::query(
            "INSERT INTO case_look (only, seen_through) VALUES (1, ?1)
             ON CONFLICT DO UPDATE SET seen_through = excluded.seen_through",
        )
        .bind(through)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(Some(new))
    }
}

/// Whether it became a new case.
async fn take_in(connection: &mut SqliteConnection, one: &Opened<'_>, now: Timestamp) -> Result<bool, StoreError> {
    let arrived = one.arrived;
    if let Some(case) = arrived.case_id {
        record(connection, case, None, What::Edited, &stars(arrived.stars), now).await?;
        if one.rule.is_some() {
            speak_again(connection, case, one, now).await?;
        }
        return Ok(false);
    }
    let (case, why) = match known_case(connection, arrived, now).await? {
        Some(known) => known,
        None => match one.rule {
            Some(rule) => return open(connection, one, rule, now).await.map(|()| true),
            None => return Ok(false),
        },
    };
    join(connection, case, arrived.mention_id, why, now).await?;
    record(connection, case, None, What::Joined, "", now).await?;
    if one.rule.is_some() && why == "same_person" {
        speak_again(connection, case, one, now).await?;
    }
    Ok(false)
}

/// The case that it goes on with: of the same person, open or closed of late, or with the same text.
async fn known_case(
    connection: &mut SqliteConnection,
    arrived: &Arrived,
    now: Timestamp,
) -> Result<Option<(i64, &'static str)>, StoreError> {
    if let Some(author) = arrived.author_id {
        let case: Option<i64> = sqlx::query_scalar(
            "SELECT c.id FROM outreach_case AS c JOIN author ON author.id = c.author_id
             WHERE (c.author_id = ?1 OR author.person_id = (SELECT person_id FROM author WHERE id = ?1))
                 AND c.brand_id = ?2 AND (c.state IN ('new', 'claimed', 'answered', 'waiting')
                     OR (c.state IN ('solved', 'followed_up') AND c.solved_at > ?3))
             ORDER BY c.id DESC LIMIT 1",
        )
        .bind(author)
        .bind(arrived.brand_id)
        .bind(now.seconds() - SAME_SECONDS)
        .fetch_optional(&mut *connection)
        .await?;
        if let Some(case) = case {
            return Ok(Some((case, "same_person")));
        }
    }
    let case: Option<i64> = sqlx::query_scalar(
        "SELECT c.id FROM mention AS m JOIN case_mention AS part ON part.mention_id = m.id
             JOIN outreach_case AS c ON c.id = part.case_id
         WHERE m.cluster_id = ?1 AND m.id <> ?2 AND c.brand_id = ?3 AND c.state IN ('new', 'claimed', 'answered', 'waiting')
         ORDER BY c.id LIMIT 1",
    )
    .bind(arrived.cluster_id)
    .bind(arrived.mention_id)
    .bind(arrived.brand_id)
    .fetch_optional(connection)
    .await?;
    Ok(case.map(|case| (case, "same_text")))
}

async fn open(
    connection: &mut SqliteConnection,
    one: &Opened<'_>,
    (rule, severity): (&str, Severity),
    now: Timestamp,
) -> Result<(), StoreError> {
    let arrived = one.arrived;
    // What was answered before we heard of it is not our turn.
    let answered_at = arrived.has_reply.then(|| arrived.reply_at.unwrap_or(now));
    let state = if arrived.has_reply { State::Answered } else { State::New };
    let waits_since = (!arrived.has_reply).then_some(arrived.said_at.seconds());
    let case: i64 = sqlx::query_scalar(
        "INSERT INTO outreach_case (brand_id, author_id, severity, rule, state, opened_at, first_word_at, waits_since, due_at,
             answered_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) RETURNING id",
    )
    .bind(arrived.brand_id)
    .bind(arrived.author_id)
    .bind(severity.name())
    .bind(rule)
    .bind(state.name())
    .bind(now.seconds())
    .bind(arrived.said_at.seconds())
    .bind(waits_since)
    .bind(one.due_at.filter(|_| !arrived.has_reply).map(Timestamp::seconds))
    .bind(answered_at.map(Timestamp::seconds))
    .fetch_one(&mut *connection)
    .await?;
    join(connection, case, arrived.mention_id, "rule", now).await?;
    record(connection, case, None, What::Opened, rule, now).await?;
    if arrived.has_reply {
        record(connection, case, None, What::ReplySeen, "", now).await?;
    }
    Ok(())
}

async fn join(
    connection: &mut SqliteConnection,
    case: i64,
    mention: i64,
    why: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO case_mention (mention_id, case_id, why, joined_at) VALUES (?1, ?2, ?3, ?4)")
        .bind(mention)
        .bind(case)
        .bind(why)
        .bind(now.seconds())
        .execute(connection)
        .await?;
    Ok(())
}

/// The person is upset once more: it is our turn again, and it may matter more than before.
async fn speak_again(
    connection: &mut SqliteConnection,
    case: i64,
    one: &Opened<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (state, severity): (String, String) = sqlx::query_as("SELECT state, severity FROM outreach_case WHERE id = ?1")
        .bind(case)
        .fetch_one(&mut *connection)
        .await?;
    let state = State::parse(&state).and_then(|state| state.after(Happening::SpokenAgain));
    let Some(state) = state else { return Ok(()) };
    let severity = Severity::parse(&severity).max(one.rule.map(|(_, severity)| severity));
    sqlx::query(
        "UPDATE outreach_case SET state = ?2, severity = coalesce(?3, severity), waits_since = coalesce(waits_since, ?4),
             due_at = coalesce(due_at, ?5), snoozed_until = NULL, solved_at = NULL, follow_up_at = NULL
         WHERE id = ?1",
    )
    .bind(case)
    .bind(state.name())
    .bind(severity.map(Severity::name))
    .bind(one.arrived.said_at.min(now).seconds())
    .bind(one.due_at.map(Timestamp::seconds))
    .execute(connection)
    .await?;
    Ok(())
}

fn stars(stars: Option<u8>) -> String {
    stars.map(|stars| stars.to_string()).unwrap_or_default()
}
