//! Whether people are content with how they were helped: whom we asked, and what they answered. No address is kept: it stands in
//! the letter, and there only until that is settled.

use serde::Serialize;
use sqlx::{FromRow, SqliteConnection};

use super::change::read;
use super::{Refusal, What, record};
use crate::account::Actor;
use crate::mention::{Language, Timestamp};
use crate::notify::Letter;
use crate::outreach::survey::{Score, Ticket, VALID_SECONDS};
use crate::store::{Store, StoreError, outbox};
use crate::tongue::Tongue;

/// One question to the person of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Survey {
    /// Its number, which no other ever gets.
    pub id: i64,
    /// About which case.
    pub case: i64,
    /// Who asked.
    pub asked_by: String,
    /// When.
    pub asked_at: Timestamp,
    /// In which language: German or English.
    pub language: Language,
    /// Until when it can be answered.
    pub expires_at: Timestamp,
    /// How far the mail has come; `None`: the link was taken away by hand.
    pub mailed: Option<Mailed>,
    /// When the person answered; `None`: not yet.
    pub answered_at: Option<Timestamp>,
    /// How satisfied they are.
    pub score: Option<Score>,
    /// What else they said.
    pub comment: Option<String>,
}

/// How far a mail has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mailed {
    /// It is on its way, or is tried again.
    OnItsWay,
    /// The server has taken it.
    Sent,
    /// The server has not, or nobody knows.
    Failed,
}

impl Survey {
    /// What its link says.
    pub const fn ticket(&self) -> Ticket {
        Ticket { survey: self.id, expires_at: self.expires_at }
    }

    /// Whether it can be answered.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.answered_at.is_none() && self.expires_at > now
    }
}

/// What somebody said beside their score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// About which case.
    pub case: i64,
    /// When.
    pub at: Timestamp,
    /// How satisfied they are.
    pub score: Score,
    /// Their words.
    pub text: String,
}

#[derive(FromRow)]
struct Row {
    id: i64,
    case_id: i64,
    asked_by: String,
    asked_at: i64,
    language: String,
    expires_at: i64,
    mailed: Option<String>,
    answered_at: Option<i64>,
    score: Option<i64>,
    comment: Option<String>,
}

/// The columns of a survey `s`, and the state of its letter, if there ever was one.
const SELECT: &str =
    "SELECT s.id, s.case_id, s.asked_by, s.asked_at, s.language, s.expires_at, s.answered_at, s.score, s.comment,
    CASE WHEN s.letter_id IS NOT NULL THEN coalesce((SELECT state FROM outbox WHERE id = s.letter_id), '') END AS mailed
    FROM survey AS s";

impl From<Row> for Survey {
    fn from(row: Row) -> Self {
        let mailed = |state: &str| match state {
            "queued" | "sending" => Mailed::OnItsWay,
            "sent" => Mailed::Sent,
            _ => Mailed::Failed,
        };
        Self {
            id: row.id,
            case: row.case_id,
            asked_by: row.asked_by,
            asked_at: Timestamp::from_seconds(row.asked_at),
            // The table allows no other languages.
            language: Language::parse(&row.language).unwrap_or(Language::ENGLISH),
            expires_at: Timestamp::from_seconds(row.expires_at),
            mailed: row.mailed.as_deref().map(mailed),
            answered_at: row.answered_at.map(Timestamp::from_seconds),
            score: row.score.and_then(Score::new),
            comment: row.comment,
        }
    }
}

impl Store {
    /// The surveys about a case, the first first.
    pub async fn surveys(&self, case: i64) -> Result<Vec<Survey>, StoreError> {
        let query = format!("{SELECT} WHERE s.case_id = ?1 ORDER BY s.id");
        let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(query)).bind(case).fetch_all(&self.reader).await?;
        Ok(rows.into_iter().map(Survey::from).collect())
    }

    /// A survey, if there is one of this number.
    pub async fn survey(&self, id: i64) -> Result<Option<Survey>, StoreError> {
        let query = format!("{SELECT} WHERE s.id = ?1");
        let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(query)).bind(id).fetch_optional(&self.reader).await?;
        Ok(row.map(Survey::from))
    }

    /// Asks the person of a case how satisfied they are: by the survey that is open, else by a new one in this language. What
    /// `write` makes of it is sent, and nothing of that is kept once it is settled; `None`: the link is passed on by hand.
    pub async fn ask(
        &self,
        case: i64,
        language: Language,
        write: impl FnOnce(&Survey) -> Option<Letter>,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Result<Survey, Refusal>, StoreError> {
        let mut transaction = self.begin().await?;
        let Some(about) = read(&mut transaction, case).await? else { return Ok(Err(Refusal::NoCase)) };
        if let Some(owner) = about.owner.filter(|owner| *owner != actor.who) {
            return Ok(Err(Refusal::Taken(owner)));
        }
        if !about.state.can_be_rated() {
            return Ok(Err(Refusal::State(about.state)));
        }
        let open = open(&mut transaction, case, now).await?;
        let (is_new, survey) = match open {
            Some(survey) => (false, survey),
            None => (true, make(&mut transaction, case, language, actor, now).await?),
        };
        if survey.mailed == Some(Mailed::OnItsWay) {
            return Ok(Err(Refusal::Pending));
        }
        let letter = write(&survey);
        if let Some(letter) = &letter {
            outbox::insert_discreet(&mut transaction, letter).await?;
            sqlx::query("UPDATE survey SET letter_id = ?2 WHERE id = ?1")
                .bind(survey.id)
                .bind(&letter.id)
                .execute(&mut *transaction)
                .await?;
        }
        if is_new || letter.is_some() {
            let way = if letter.is_some() { "mail" } else { "link" };
            record(&mut transaction, case, Some(actor), What::Surveyed, way, now).await?;
        }
        transaction.commit().await?;
        let mailed = letter.map(|_| Mailed::OnItsWay).or(survey.mailed);
        Ok(Ok(Survey { mailed, ..survey }))
    }

    /// Keeps what somebody answered, once; about which case. `None`: it was answered before, is over, or is gone.
    pub async fn rate(
        &self,
        survey: i64,
        score: Score,
        comment: Option<&str>,
        now: Timestamp,
    ) -> Result<Option<i64>, StoreError> {
        let mut transaction = self.begin().await?;
        let case: Option<i64> = sqlx::query_scalar(
            "UPDATE survey SET answered_at = ?2, score = ?3, comment = ?4
             WHERE id = ?1 AND answered_at IS NULL AND expires_at > ?2 RETURNING case_id",
        )
        .bind(survey)
        .bind(now.seconds())
        .bind(score.number())
        .bind(comment)
        .fetch_optional(&mut *transaction)
        .await?;
        if let Some(case) = case {
            record(&mut transaction, case, None, What::Rated, &score.number().to_string(), now).await?;
        }
        transaction.commit().await?;
        Ok(case)
    }

    /// When people were asked about cases of a brand since then, and what they answered, the first first; `None`: nothing.
    pub async fn scores(&self, brand: &str, since: Timestamp) -> Result<Vec<(Timestamp, Option<Score>)>, StoreError> {
        let rows: Vec<(i64, Option<i64>)> = sqlx::query_as(
            "SELECT s.asked_at, s.score FROM survey AS s JOIN outreach_case AS c ON c.id = s.case_id
             WHERE c.brand_id = (SELECT id FROM brand WHERE name = ?1) AND s.asked_at >= ?2 ORDER BY s.asked_at, s.id",
        )
        .bind(brand)
        .bind(since.seconds())
        .fetch_all(&self.reader)
        .await?;
        Ok(rows.into_iter().map(|(at, score)| (Timestamp::from_seconds(at), score.and_then(Score::new))).collect())
    }

    /// What people said beside their scores about cases of a brand, the newest first, at most so many.
    pub async fn survey_comments(&self, brand: &str, most: u32) -> Result<Vec<Comment>, StoreError> {
        let rows: Vec<(i64, i64, i64, String)> = sqlx::query_as(
            "SELECT s.case_id, s.answered_at, s.score, s.comment FROM survey AS s
             JOIN outreach_case AS c ON c.id = s.case_id
             WHERE c.brand_id = (SELECT id FROM brand WHERE name = ?1) AND s.comment IS NOT NULL
             ORDER BY s.answered_at DESC, s.id DESC LIMIT ?2",
        )
        .bind(brand)
        .bind(most)
        .fetch_all(&self.reader)
        .await?;
        let comment = |(case, at, score, text)| {
            Some(Comment { case, at: Timestamp::from_seconds(at), score: Score::new(score)?, text })
        };
        Ok(rows.into_iter().filter_map(comment).collect())
    }
}

/// The newest survey about a case that can be answered.
async fn open(connection: &mut SqliteConnection, case: i64, now: Timestamp) -> Result<Option<Survey>, StoreError> {
    let query = format!(
        "{SELECT} WHERE s.case_id = ?1 AND s.answered_at IS NULL AND s.expires_at > ?2 ORDER BY s.id DESC LIMIT 1"
    );
    let row: Option<Row> =
        sqlx::query_as(sqlx::AssertSqlSafe(query)).bind(case).bind(now.seconds()).fetch_optional(connection).await?;
    Ok(row.map(Survey::from))
}

async fn make(
    connection: &mut SqliteConnection,
    case: i64,
    language: Language,
    actor: &Actor,
    now: Timestamp,
) -> Result<Survey, StoreError> {
    let language = if Tongue::of(language) == Tongue::German { Language::GERMAN } else { Language::ENGLISH };
    let expires_at = now.plus_seconds(VALID_SECONDS);
    let id: i64 = sqlx::query_scalar(
        "INSERT INTO survey (case_id, asked_by, asked_at, language, expires_at) VALUES (?1, ?2, ?3, ?4, ?5) RETURNING id",
    )
    .bind(case)
    .bind(&actor.who)
    .bind(now.seconds())
    .bind(language.code())
    .bind(expires_at.seconds())
    .fetch_one(connection)
    .await?;
    let asked_by = actor.who.clone();
    Ok(Survey {
        id,
        case,
        asked_by,
        asked_at: now,
        language,
        expires_at,
        mailed: None,
        answered_at: None,
        score: None,
        comment: None,
    })
}
