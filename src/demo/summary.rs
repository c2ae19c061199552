//! What the demo says at its end: everything in it was counted in the database.

use std::fmt;
use std::path::PathBuf;

use chrono_tz::Tz;

use crate::mention::Timestamp;
use crate::notify::Letter;
use crate::store::{Census, News, Outage};

/// What was collected, found and not fallen for, and where to look.
#[derive(Debug)]
pub struct Summary {
    pub(super) begins: Timestamp,
    pub(super) ends: Timestamp,
    pub(super) census: Census,
    pub(super) outages: Vec<Outage>,
    pub(super) news: Vec<News>,
    pub(super) urgent: Vec<Letter>,
    pub(super) digests: Vec<Letter>,
    pub(super) time_zone: Tz,
    pub(super) outbox: PathBuf,
    pub(super) database: PathBuf,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.collected(f)?;
        self.found(f)?;
        self.could_not_wait(f)?;
        self.not_fallen_for(f)?;
        self.where_to_look(f)
    }
}

impl Summary {
    fn collected(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Census { sources, languages, .. } = &self.census;
        let total: i64 = sources.iter().map(|(_, count)| count).sum();
        let from = list(sources.iter().map(|(name, count)| format!("{name} {count}")));
        let spoken = list(languages.iter().map(|(code, count)| match code {
            Some(code) => format!("{code} {count}"),
            None => format!("cannot tell {count}"),
        }));
        writeln!(f, "Collected, {} to {}", self.day(self.begins), self.day(self.ends))?;
        writeln!(f, "  {total} mentions: {from}")?;
        writeln!(f, "  languages: {spoken}")
    }

    fn found(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\nFound")?;
        if self.news.is_empty() {
            writeln!(f, "  nothing that moved")?;
        }
        for News { finding, letters, .. } in &self.news {
            let at = self.minute(finding.at);
            match letters.first() {
                Some(letter) => writeln!(f, "  {at}  {}", letter.mail.subject)?,
                None => writeln!(f, "  {at}  {}: kept, and told to nobody", finding.kind.name())?,
            }
        }
        Ok(())
    }

    fn could_not_wait(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.urgent.is_empty() {
            writeln!(f, "\nCould not wait")?;
        }
        for letter in &self.urgent {
            writeln!(f, "  {}  {}", self.minute(letter.written_at), letter.mail.subject)?;
        }
        Ok(())
    }

    fn not_fallen_for(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\nNot fallen for")?;
        if let Some((copies, title)) = &self.census.widest_text {
            writeln!(f, "  one text in {copies} places (\"{title}\"): counted once")?;
        }
        if let Some((source, day, count)) = &self.census.busiest_author {
            writeln!(f, "  one author with {count} posts in {source} on {}: counted twice", self.day(*day))?;
        }
        for Outage { source, began_at, ended_at, error } in &self.outages {
            let until = ended_at.map_or("now".to_owned(), |at| self.minute(at));
            writeln!(
                f,
                "  {source} was not to be heard from {} to {until} ({error}): not taken for calm",
                self.minute(*began_at)
            )?;
        }
        writeln!(f, "  {} edited: both versions kept, no second voice", counted(self.census.edited, "review"))
    }

    fn where_to_look(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\nWhere to look")?;
        let letters = self.urgent.iter().chain(&self.digests);
        for letter in self.news.iter().flat_map(|one| &one.letters).chain(letters) {
            let file = crate::notify::mail::file_name(letter);
            writeln!(f, "  {}  open it with a mail program", self.outbox.join(file).display())?;
        }
        write!(f, "  {}  the database", self.database.display())
    }

    fn day(&self, at: Timestamp) -> String {
        at.to_utc().with_timezone(&self.time_zone).format("%Y-%m-%d").to_string()
    }

    fn minute(&self, at: Timestamp) -> String {
        at.to_utc().with_timezone(&self.time_zone).format("%Y-%m-%d %H:%M").to_string()
    }
}

fn list(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

fn counted(count: i64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
