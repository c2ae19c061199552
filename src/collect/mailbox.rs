//! Reviews that portals without an API send by mail: a folder of a mailbox, by IMAP.
//!
//! The folder is opened for reading only, and mails stay unread. They are told apart by the folder's own numbers
//! (`UID`), which hold as long as its `UIDVALIDITY` does; after that the folder is read anew, and the Message-ID tells
//! what is known.
//!
//! The connection is encrypted from its beginning (port 993), and the login is by name and password. Where a server
//! only takes OAuth, as that of Microsoft 365 does, have the mails forwarded to another.

use std::path::PathBuf;

use serde::Deserialize;

use super::{About, Batch, CollectError, Cursor, Detail, Round, keys};
use crate::mention::{Author, Mention, Timestamp};
use crate::secret::SecretPlace;
use crate::tongue::said;
use letter::Letter;
use rule::{Review, Rule};
use session::Folder;
use settings::Written;

#[cfg(test)]
mod imap_server;
mod letter;
mod rule;
mod session;
mod settings;

/// For `stimmung kinds`.
pub const ABOUT: About = About {
    name: "mailbox",
    listens_to: said("Bewertungen, die Portale per Mail schicken", "reviews that portals send by mail"),
    needs: Some(said(
        "ein Postfach mit IMAP und sein Passwort, bei manchen Anbietern ein App-Passwort",
        "a mailbox with IMAP and its password, at some providers one for apps",
    )),
    brings: &[Detail::Rating, Detail::Title, Detail::Author],
    history: said("die neuesten 1.000 Mails", "the newest 1,000 mails"),
    example: "mailbox = { server = \"imap.example.org\", user = \"reviews@example.org\", \
              password_env = \"IMAP_PASSWORD\", folder = \"Reviews\" }",
    ..About::PLAIN
};

/// In one round.
const MOST_MAILS: usize = 1000;

/// In one answer.
const AT_ONCE: usize = 50;

/// So many that were not understood are named in a note.
const MOST_NAMED: usize = 5;

/// `from.mailbox = { server = "imap.example.org", user = "reviews@example.org", password_env = "IMAP_PASSWORD" }`
///
/// | setting | what it says |
/// |---|---|
/// | `server`, `port` | where the mailbox is; the port is 993 if it is not said |
/// | `user`, `password_env` or `password_file` | who reads it |
/// | `folder` | `"INBOX"` if it is not said |
/// | `from`, `subject` | read only mails in whose sender or subject this occurs |
/// | `ca_file` | certificates, in PEM, that are trusted beside those of the system |
/// | `rules` | how mails are read, as in `[{ rating = "Note", text = "Das schreibt der Patient" }]` |
///
/// A rule names labels, which stand before a colon at the beginning of a line: `rating`, `text`, `title`, `author`,
/// `link`; the value is what comes after it, or the next line. The text goes on until the next label, or the line that
/// begins with `end`. `scale = { worst = 6, best = 1 }` is for other ratings than up to five stars.
///
/// After these rules, two for plain mails in German (`Bewertung: 4 Sterne`, `Name:`, `Text:`) and English
/// (`Rating: 4/5`, `Name:`, `Review:`) are tried. What none of them understands is told in a note.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Written")]
pub struct Mailbox {
    server: String,
    port: u16,
    user: String,
    password: SecretPlace,
    folder: String,
    from: Option<String>,
    subject: Option<String>,
    ca_file: Option<PathBuf>,
    rules: Vec<Rule>,
}

/// The keys that it takes.
pub fn secrets(kind: &Mailbox) -> Vec<(&'static str, SecretPlace)> {
    vec![("password", kind.password.clone())]
}

/// One round: the mails that came since the last one, in the order in which they came.
///
/// # Errors
/// Where there is no password, the folder cannot be opened, or none of its new mails can be had.
pub async fn collect(kind: &Mailbox, round: &Round<'_>) -> Result<Batch, CollectError> {
    let password = keys::read("mailbox.password", &kind.password)?;
    let mut folder = Folder::open(kind, &password, round).await?;
    let known = kind.known(round.cursor).filter(|(validity, _)| *validity == folder.validity);
    let last = known.map_or(0, |(_, last)| last);
    let mut numbers = folder.after(last, kind).await?;
    if known.is_none() {
        numbers.drain(..numbers.len().saturating_sub(MOST_MAILS));
    }
    let mut reading = Reading { kind, now: round.now, batch: Batch::default(), strange: Vec::new() };
    let mut reached = last;
    let waiting = numbers.len().saturating_sub(MOST_MAILS);
    numbers.truncate(MOST_MAILS);
    for some in numbers.chunks(AT_ONCE) {
        match folder.mails(some).await {
            Ok(mails) => mails.iter().for_each(|(number, mail)| reading.take(*number, mail)),
            Err(error) if reached == last => return Err(error),
            Err(error) => {
                reading.batch.notes.push(format!("the other mails are left for the next round: {error}"));
                break;
            }
        }
        reached = some.last().copied().unwrap_or(reached);
    }
    if waiting > 0 {
        reading.batch.notes.push(format!("{waiting} mails are left for the next round"));
    }
    let position = kind.position(folder.validity, reached);
    folder.close().await;
    let batch = reading.end();
    Ok(Batch { cursor: Cursor { position: Some(position), ..Cursor::default() }, ..batch })
}

impl Mailbox {
    /// What makes it another folder than one before.
    fn name(&self) -> String {
        format!("{}@{}:{}/{}", self.user, self.server, self.port, self.folder)
    }

    /// The `UIDVALIDITY` and the last `UID` that was read under it; the inverse of [`Mailbox::position`].
    fn known(&self, cursor: &Cursor) -> Option<(u32, u32)> {
        let mut parts = cursor.position.as_deref()?.splitn(3, ' ');
        let (validity, last) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        (parts.next() == Some(&*self.name())).then_some((validity, last))
    }

    fn position(&self, validity: u32, last: u32) -> String {
        format!("{validity} {last} {}", self.name())
    }

    fn wants(&self, letter: &Letter) -> bool {
        let occurs = |part: &Option<String>, whole: &str| {
            part.as_ref().is_none_or(|part| whole.to_lowercase().contains(&part.to_lowercase()))
        };
        occurs(&self.from, &format!("{} <{}>", letter.sender, letter.address)) && occurs(&self.subject, &letter.subject)
    }
}

/// What becomes of mails.
struct Reading<'a> {
    kind: &'a Mailbox,
    now: Timestamp,
    batch: Batch,
    /// Those that no rule understands.
    strange: Vec<u32>,
}

impl Reading<'_> {
    fn take(&mut self, number: u32, mail: &[u8]) {
        let Some(letter) = letter::read(mail) else { return self.strange.push(number) };
        if !self.kind.wants(&letter) {
            return;
        }
        match rule::review(&self.kind.rules, &letter.texts) {
            Some(review) => self.batch.mentions.push(mention(letter, review, self.now)),
            None => self.strange.push(number),
        }
    }

    fn end(mut self) -> Batch {
        if !self.strange.is_empty() {
            let named: Vec<String> =
                self.strange.iter().take(MOST_NAMED).map(|number| format!("UID {number}")).collect();
            let more = if self.strange.len() > MOST_NAMED { ", …" } else { "" };
            self.batch.notes.push(format!(
                "{} mails were not understood and are left out ({}{more}): \
                 write a rule for them, or narrow `from` or `subject`",
                self.strange.len(),
                named.join(", ")
            ));
        }
        self.batch
    }
}

fn mention(letter: Letter, review: Review, now: Timestamp) -> Mention {
    let publisher = if letter.sender.is_empty() { letter.address } else { letter.sender };
    Mention {
        native_id: letter.id,
        url: review.link,
        author: review.author.map(|name| Author { key: name.clone(), name }),
        publisher: Some(publisher).filter(|publisher| !publisher.is_empty()),
        title: review.title,
        text: review.text,
        rating: review.rating,
        published_at: letter.sent_at.map(|at| at.min(now)),
        ..Mention::default()
    }
}

#[cfg(test)]
mod tests;
