//! The person behind a case: by one handle in one source, and by several where somebody has confirmed it.

use std::fmt;

use serde::Serialize;

use super::{What, record};
use crate::account::Actor;
use crate::mention::Timestamp;
use crate::store::{Store, StoreError};

/// A person as one source knows them. Does not print the name, so that no log has it.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Handle {
    /// The author's number.
    pub id: i64,
    /// In which source.
    pub source: String,
    /// What they call themselves there.
    pub name: String,
    /// How much is known of them there.
    pub mentions: u64,
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle").field("id", &self.id).field("source", &self.source).finish_non_exhaustive()
    }
}

/// At most so many are proposed.
const MOST_ALIKE: u32 = 5;

impl Store {
    /// All handles of the person who is this author, this one first.
    pub async fn handles(&self, author: i64) -> Result<Vec<Handle>, StoreError> {
        let rows: Vec<(i64, String, String, i64)> = sqlx::query_as(
            "SELECT author.id, source.name, author.name, (SELECT count(*) FROM mention WHERE author_id = author.id)
             FROM author JOIN source ON source.id = source_id
             WHERE author.id = ?1 OR author.person_id = (SELECT person_id FROM author WHERE id = ?1)
             ORDER BY author.id <> ?1, source.name, author.id",
        )
        .bind(author)
        .fetch_all(&self.reader)
        .await?;
        Ok(rows.into_iter().map(handle).collect())
    }

    /// Who has the same name in another source, letter case aside, and is not known to be the same person: a name alone proves
    /// nothing.
    pub async fn alike(&self, author: i64) -> Result<Vec<Handle>, StoreError> {
        let rows: Vec<(i64, String, String, i64)> = sqlx::query_as(
            "SELECT other.id, source.name, other.name, (SELECT count(*) FROM mention WHERE author_id = other.id)
             FROM author AS one JOIN author AS other
                 ON other.name = one.name COLLATE NOCASE AND other.source_id <> one.source_id
             JOIN source ON source.id = other.source_id
             WHERE one.id = ?1 AND (one.person_id IS NULL OR other.person_id IS NOT one.person_id)
             ORDER BY other.id LIMIT ?2",
        )
        .bind(author)
        .bind(MOST_ALIKE)
        .fetch_all(&self.reader)
        .await?;
        Ok(rows.into_iter().map(handle).collect())
    }

    /// Everything that a person has said that is still there, in every source; the newest first.
    pub async fn said_by(&self, author: i64) -> Result<Vec<i64>, StoreError> {
        Ok(sqlx::query_scalar(
            "SELECT m.id FROM mention AS m JOIN author ON author.id = m.author_id
             WHERE author.id = ?1 OR author.person_id = (SELECT person_id FROM author WHERE id = ?1)
             ORDER BY m.said_at DESC, m.id DESC",
        )
        .bind(author)
        .fetch_all(&self.reader)
        .await?)
    }

    /// The cases of a person, the newest first.
    pub async fn cases_of(&self, author: i64) -> Result<Vec<i64>, StoreError> {
        Ok(sqlx::query_scalar(
            "SELECT c.id FROM outreach_case AS c JOIN author ON author.id = c.author_id
             WHERE author.id = ?1 OR author.person_id = (SELECT person_id FROM author WHERE id = ?1)
             ORDER BY c.id DESC",
        )
        .bind(author)
        .fetch_all(&self.reader)
        .await?)
    }

    /// Somebody confirms that two authors are one person, and with them all whom each of them is known to be. False: one of
    /// them is gone. `case` is told of it.
    pub async fn link_people(
        &self,
        (one, other): (i64, i64),
        case: Option<i64>,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let known: Vec<(i64, Option<i64>)> =
            sqlx::query_as("SELECT id, person_id FROM author WHERE id IN (?1, ?2) ORDER BY id")
                .bind(one)
                .bind(other)
                .fetch_all(&mut *transaction)
                .await?;
        let [(_, first), (_, second)] = known[..] else { return Ok(false) };
        let person: i64 = match first.or(second) {
            Some(person) => person,
            None => {
                sqlx::query_scalar("INSERT INTO person (made_at) VALUES (?1) RETURNING id")
                    .bind(now.seconds())
                    .fetch_one(&mut *transaction)
                    .await?
            }
        };
        sqlx::query("UPDATE author SET person_id = ?1 WHERE id IN (?2, ?3) OR person_id IN (?4, ?5)")
            .bind(person)
            .bind(one)
            .bind(other)
            .bind(first)
            .bind(second)
            .execute(&mut *transaction)
            .await?;
        if let Some(case) = case {
            record(&mut transaction, case, Some(actor), What::Linked, "", now).await?;
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// How a source knows an author: the source's name, their key there, and what they call themselves.
    pub(crate) async fn author_key(&self, author: i64) -> Result<Option<(String, String, String)>, StoreError> {
        Ok(sqlx::query_as(
            "SELECT source.name, author.key, author.name FROM author JOIN source ON source.id = source_id
             WHERE author.id = ?1",
        )
        .bind(author)
        .fetch_optional(&self.reader)
        .await?)
    }

    /// Somebody says that an author is a person of their own after all.
    pub async fn unlink_person(&self, author: i64) -> Result<(), StoreError> {
        sqlx::query("UPDATE author SET person_id = NULL WHERE id = ?1").bind(author).execute(&self.writer).await?;
        Ok(())
    }
}

fn handle((id, source, name, mentions): (i64, String, String, i64)) -> Handle {
    Handle { id, source, name, mentions: mentions.cast_unsigned() }
}
