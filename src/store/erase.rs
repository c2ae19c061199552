//! Erasing a person: what they wrote, what was made of it, where it was quoted, and the traces on the disk.

use std::collections::HashSet;
use std::fmt;

use sqlx::SqliteConnection;

use super::save::{hash, json};
use super::{Store, StoreError, urgent};
use crate::alert::Alert;
use crate::mention::{Mention, SourceId, Timestamp};

/// Who wrote something in a source. Does not print the name, so that no log has it.
#[derive(Clone, PartialEq, Eq)]
pub struct Writer {
    /// The author's number.
    pub id: i64,
    /// In which source.
    pub source: String,
    /// What they call themselves there.
    pub name: String,
    /// How much is known of them, whatever its state.
    pub mentions: u64,
}

/// What went with a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// In so many sources, or under so many names.
    pub handles: usize,
    /// So many mentions, with their versions, analyses and quotes.
    pub mentions: usize,
    /// So many cases, with their notes and answers.
    pub cases: usize,
    /// So many notes and answers elsewhere in which the name stood.
    pub blacked_out: usize,
    /// Cases that other systems have, too, by desk and number: there they have to be erased by hand.
    pub elsewhere: Vec<String>,
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").field("id", &self.id).field("source", &self.source).finish_non_exhaustive()
    }
}

impl Store {
    /// Erases an author of a source, by the shown name or the key, and all who are known to be the same person: mentions,
    /// revisions, analyses, cases, quotes in findings and the letters about them that have left; letters about them as urgent
    /// that have not left are taken back; where people of ours have noted the name, it is blacked out. What the sources still
    /// show of them is not taken in again. Answers how many mentions there were.
    ///
    /// Rewrites the database file, so that nothing can be read off its free pages; with a large one that takes a while.
    pub async fn erase_author(&self, source: &SourceId, author: &str) -> Result<usize, StoreError> {
        let mut transaction = self.begin().await?;
        let authors: Vec<i64> = sqlx::query_scalar(
            "SELECT author.id FROM author JOIN source ON source.id = source_id
             WHERE source.name = ?1 AND (author.name = ?2 OR key = ?2)",
        )
        .bind(source.as_str())
        .bind(author)
        .fetch_all(&mut *transaction)
        .await?;
        let mut mentions = 0;
        for id in authors {
            // Who is the same person as the one before is gone already.
            mentions += erase_person(&mut transaction, id).await?.unwrap_or_default().mentions;
        }
        transaction.commit().await?;
        self.overwrite().await?;
        Ok(mentions)
    }

    /// The same for the author of this number, whoever else is called so. `None`: there is no such author.
    pub async fn erase_writer(&self, id: i64) -> Result<Option<Erased>, StoreError> {
        let mut transaction = self.begin().await?;
        let Some(erased) = erase_person(&mut transaction, id).await? else { return Ok(None) };
        transaction.commit().await?;
        self.overwrite().await?;
        Ok(Some(erased))
    }

    /// Who an author is, by number.
    pub async fn writer(&self, id: i64) -> Result<Option<Writer>, StoreError> {
        let row: Option<(String, String, i64)> = sqlx::query_as(
            "SELECT source.name, author.name, (SELECT count(*) FROM mention WHERE author_id = author.id)
             FROM author JOIN source ON source.id = source_id WHERE author.id = ?1",
        )
        .bind(id)
        .fetch_optional(&self.reader)
        .await?;
        Ok(row.map(|(source, name, mentions)| Writer { id, source, name, mentions: mentions.cast_unsigned() }))
    }

    /// Nothing of what was erased stays on free pages or in the log.
    async fn overwrite(&self) -> Result<(), StoreError> {
        for statement in
            ["INSERT INTO mention_text (mention_text) VALUES ('optimize')", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"]
        {
            sqlx::query(statement).execute(&self.writer).await?;
        }
        Ok(())
    }

    /// Erases what a source has shown, with its last change, before then; and the authors who have nothing left there. How
    /// many mentions there were.
    ///
    /// The database file is not rewritten: its free pages are used again.
    pub async fn expire(&self, source: &SourceId, before: Timestamp) -> Result<usize, StoreError> {
        let old = "SELECT m.id, m.url FROM mention AS m JOIN revision AS r ON r.id = m.revision_id
             WHERE m.first_seen_at < ?2 AND r.seen_at < ?2 AND m.source_id = (SELECT id FROM source WHERE name = ?1)";
        self.erase_selected(old, source, before).await
    }

    /// The same for what a source has last confirmed before then, whenever it was first shown.
    pub async fn expire_unconfirmed(&self, source: &SourceId, before: Timestamp) -> Result<usize, StoreError> {
        let unconfirmed = "SELECT id, url FROM mention
             WHERE confirmed_at < ?2 AND source_id = (SELECT id FROM source WHERE name = ?1)";
        self.erase_selected(unconfirmed, source, before).await
    }

    async fn erase_selected(
        &self,
        select: &'static str,
        source: &SourceId,
        before: Timestamp,
    ) -> Result<usize, StoreError> {
        let mut transaction = self.begin().await?;
        let selected: Vec<(i64, Option<String>)> =
            sqlx::query_as(select).bind(source.as_str()).bind(before.seconds()).fetch_all(&mut *transaction).await?;
        let count = selected.len();
        if count > 0 {
            erase(&mut transaction, selected).await?;
            sqlx::query(
                "DELETE FROM author WHERE source_id = (SELECT id FROM source WHERE name = ?1)
                     AND NOT EXISTS (SELECT 1 FROM mention WHERE author_id = author.id)",
            )
            .bind(source.as_str())
            .execute(&mut *transaction)
            .await?;
            transaction.commit().await?;
        }
        Ok(count)
    }
}

/// Takes an author, and all who are known to be the same person, out of the transaction's database; `None`: there is no such
/// author.
async fn erase_person(connection: &mut SqliteConnection, id: i64) -> Result<Option<Erased>, StoreError> {
    let known: Vec<(i64, String, String, String)> = sqlx::query_as(
        "SELECT author.id, source.name, key, author.name FROM author JOIN source ON source.id = source_id
         WHERE author.id = ?1 OR author.person_id = (SELECT person_id FROM author WHERE id = ?1)",
    )
    .bind(id)
    .fetch_all(&mut *connection)
    .await?;
    if known.is_empty() {
        return Ok(None);
    }
    let mut erased = Erased { handles: known.len(), ..Erased::default() };
    let (before, passed_on) = (cases(connection).await?, hand_offs(connection).await?);
    for (id, source, key, name) in &known {
        erased.mentions += erase_writer(connection, *id, source, key).await?;
        for name in [key, name] {
            erased.blacked_out += black_out(connection, name).await?;
        }
    }
    sqlx::query("DELETE FROM person WHERE NOT EXISTS (SELECT 1 FROM author WHERE person_id = person.id)")
        .execute(&mut *connection)
        .await?;
    erased.cases = before - cases(connection).await?;
    let left = hand_offs(connection).await?;
    erased.elsewhere = passed_on.into_iter().filter(|one| !left.contains(one)).collect();
    Ok(Some(erased))
}

/// Takes an author out of the transaction's database; how many mentions there were.
async fn erase_writer(
    connection: &mut SqliteConnection,
    id: i64,
    source: &str,
    key: &str,
) -> Result<usize, StoreError> {
    let theirs: Vec<(i64, Option<String>)> =
        sqlx::query_as("SELECT id, url FROM mention WHERE author_id = ?1").bind(id).fetch_all(&mut *connection).await?;
    let mentions = theirs.len();
    erase(connection, theirs).await?;
    sqlx::query("DELETE FROM author WHERE id = ?1").bind(id).execute(&mut *connection).await?;
    sqlx::query("INSERT INTO erased_author (digest) VALUES (?1) ON CONFLICT DO NOTHING")
        .bind(digest(source, key))
        .execute(connection)
        .await?;
    Ok(mentions)
}

async fn cases(connection: &mut SqliteConnection) -> Result<usize, StoreError> {
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM outreach_case").fetch_one(connection).await?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// What other systems have of cases, by desk and number.
async fn hand_offs(connection: &mut SqliteConnection) -> Result<Vec<String>, StoreError> {
    Ok(sqlx::query_scalar("SELECT desk || ' ' || coalesce(number, key) FROM hand_off ORDER BY desk, id")
        .fetch_all(connection)
        .await?)
}

/// A shorter name stands in too many words that mean somebody or something else.
const SHORTEST_NAME: usize = 4;

/// Takes a name out of what people of ours, and others whom they asked, have written; in how many places it stood.
async fn black_out(connection: &mut SqliteConnection, name: &str) -> Result<usize, StoreError> {
    if name.chars().count() < SHORTEST_NAME {
        return Ok(0);
    }
    let mut changed = 0;
    for (select, update) in [
        ("SELECT id, detail FROM case_event", "UPDATE case_event SET detail = ?2 WHERE id = ?1"),
        (
            "SELECT id, promise FROM outreach_case WHERE promise IS NOT NULL",
            "UPDATE outreach_case SET promise = ?2 WHERE id = ?1",
        ),
        ("SELECT id, text FROM answer", "UPDATE answer SET text = ?2 WHERE id = ?1"),
        ("SELECT id, comment FROM survey WHERE comment IS NOT NULL", "UPDATE survey SET comment = ?2 WHERE id = ?1"),
    ] {
        let written: Vec<(i64, String)> = sqlx::query_as(select).fetch_all(&mut *connection).await?;
        for (id, text) in written {
            if let Some(text) = without(&text, name) {
                sqlx::query(update).bind(id).bind(text).execute(&mut *connection).await?;
                changed += 1;
            }
        }
    }
    Ok(changed)
}

/// A text with a name blacked out, in whatever letter case; `None`: it is not in it.
fn without(text: &str, name: &str) -> Option<String> {
    let (mut left, mut rest) = (String::new(), text);
    while let Some(first) = rest.chars().next() {
        if let Some(length) = begins(rest, name) {
            left.push('…');
            rest = &rest[length..];
        } else {
            left.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    (left != text).then_some(left)
}

/// How many bytes of a text the name takes with which it begins; `None`: with another one.
fn begins(text: &str, name: &str) -> Option<usize> {
    let mut wanted = name.chars().flat_map(char::to_lowercase).peekable();
    for (at, letter) in text.char_indices() {
        if wanted.peek().is_none() {
            return Some(at);
        }
        if !letter.to_lowercase().all(|letter| wanted.next() == Some(letter)) {
            return None;
        }
    }
    wanted.peek().is_none().then_some(text.len())
}

/// Those mentions whose author was not erased.
pub(super) async fn without_erased(
    connection: &mut SqliteConnection,
    source: &SourceId,
    mentions: Vec<Mention>,
) -> Result<Vec<Mention>, StoreError> {
    let of = |mention: &Mention| mention.author.as_ref().map(|author| digest(source.as_str(), &author.key));
    let digests: Vec<i64> = mentions.iter().filter_map(of).collect();
    let erased: Vec<i64> =
        sqlx::query_scalar("SELECT digest FROM erased_author WHERE digest IN (SELECT value FROM json_each(?1))")
            .bind(json(&digests))
            .fetch_all(connection)
            .await?;
    let erased: HashSet<i64> = erased.into_iter().collect();
    Ok(mentions.into_iter().filter(|mention| of(mention).is_none_or(|digest| !erased.contains(&digest))).collect())
}

fn digest(source: &str, key: &str) -> i64 {
    hash(&(source, key))
}

/// Mentions by id and address, with all that was made of them.
async fn erase(connection: &mut SqliteConnection, mentions: Vec<(i64, Option<String>)>) -> Result<(), StoreError> {
    let ids: Vec<i64> = mentions.iter().map(|(id, _)| *id).collect();
    let addresses: HashSet<String> = mentions.into_iter().filter_map(|(_, url)| url).collect();
    erase_quotes(connection, &addresses).await?;
    urgent::forget(connection, &ids).await?;
    for statement in [
        // A digest that is still to be sent is not: no letter is worth a person's word.
        "DELETE FROM outbox WHERE state = 'queued' AND id IN
             (SELECT outbox_id FROM outbox_quote WHERE mention_id IN (SELECT value FROM json_each(?1)))",
        "UPDATE outbox SET text = '', html = '' WHERE state <> 'sending' AND id IN
             (SELECT outbox_id FROM outbox_quote WHERE mention_id IN (SELECT value FROM json_each(?1)))",
        "DELETE FROM mention_text WHERE rowid IN (SELECT value FROM json_each(?1))",
        "DELETE FROM mention WHERE id IN (SELECT value FROM json_each(?1))",
    ] {
        sqlx::query(statement).bind(json(&ids)).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Takes quotes out of findings, and the text of the letters that carried them, unless they are still to be sent.
async fn erase_quotes(connection: &mut SqliteConnection, addresses: &HashSet<String>) -> Result<(), StoreError> {
    let findings: Vec<(i64, String)> =
        sqlx::query_as("SELECT id, alert FROM finding").fetch_all(&mut *connection).await?;
    for (id, alert) in findings {
        let what = "finding";
        let mut alert: Alert = serde_json::from_str(&alert).map_err(|source| StoreError::Content { what, source })?;
        if !alert.forget(|address| addresses.contains(address)) {
            continue;
        }
        sqlx::query("UPDATE finding SET alert = ?2 WHERE id = ?1")
            .bind(id)
            .bind(json(&alert))
            .execute(&mut *connection)
            .await?;
        sqlx::query(
            "UPDATE outbox SET text = '', html = '' WHERE finding_id = ?1 AND state NOT IN ('queued', 'sending')",
        )
        .bind(id)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::without;

    #[test]
    fn a_name_is_blacked_out_in_whatever_letters_it_stands() {
        assert_eq!(without("Frau MÜLLER-K rief an, müller-k!", "Müller-K").as_deref(), Some("Frau … rief an, …!"));
        assert_eq!(without("Mülle", "Müller"), None);
        assert_eq!(without("", "Müller"), None);
    }
}
