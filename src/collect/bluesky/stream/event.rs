//! One message of a Jetstream. Pure.

use serde::Deserialize;
use serde_json::Value;

use super::MICROSECONDS;
use crate::collect::bluesky::post::{COLLECTION, Post, place};
use crate::mention::{Author, Language, Mention, Timestamp};

/// What happened, and when.
#[derive(Debug)]
pub(super) struct Event {
    /// Microseconds since 1970; more than 0.
    pub(super) at: i64,
    pub(super) what: What,
}

#[derive(Debug)]
pub(super) enum What {
    /// A post was written, or changed.
    Written { mention: Box<Mention>, languages: Vec<Language>, is_edit: bool },
    /// A post was deleted, by native id.
    Deleted(String),
    /// An account is gone, by the key of its author; and with it all that it wrote.
    AuthorGone(String),
    /// Something that is nobody's word.
    Other,
}

#[derive(Deserialize)]
struct Frame {
    did: String,
    time_us: i64,
    kind: String,
    commit: Option<Commit>,
    account: Option<Account>,
}

#[derive(Deserialize)]
struct Commit {
    operation: String,
    collection: String,
    rkey: String,
    record: Option<Value>,
}

#[derive(Deserialize)]
struct Account {
    active: bool,
    status: Option<String>,
}

impl Event {
    /// `None` where a message is no event, or one of a time that cannot be.
    pub(super) fn read(message: &str, latest: i64) -> Option<Self> {
        let frame: Frame = serde_json::from_str(message).ok()?;
        let at = Some(frame.time_us).filter(|at| (1..=latest).contains(at))?;
        let what = match (&*frame.kind, frame.commit, frame.account) {
            ("commit", Some(commit), _) if commit.collection == COLLECTION => of_post(&frame.did, commit, at)?,
            ("account", _, Some(account)) if account.is_gone() => What::AuthorGone(frame.did),
            _ => What::Other,
        };
        Some(Self { at, what })
    }
}

impl Account {
    /// Other reasons for not being there, such as too many posts at once, are the servers' own and soon over.
    fn is_gone(&self) -> bool {
        let status = self.status.as_deref();
        !self.active && matches!(status, Some("deleted" | "deactivated" | "suspended" | "takendown"))
    }
}

fn of_post(author: &str, commit: Commit, at: i64) -> Option<What> {
    let (id, url) = place(author, &commit.rkey)?;
    let is_edit = match &*commit.operation {
        "create" => false,
        "update" => true,
        "delete" => return Some(What::Deleted(id)),
        _ => return Some(What::Other),
    };
    let post: Post = serde_json::from_value(commit.record?).ok()?;
    let seen_at = Timestamp::from_seconds(at / MICROSECONDS);
    let mention = Mention {
        author: Some(Author { key: author.to_owned(), name: author.to_owned() }),
        edited_at: is_edit.then_some(seen_at),
        ..post.mention(id, url, seen_at)
    };
    Some(What::Written { mention: Box::new(mention), languages: post.languages(), is_edit })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_message_makes_it_panic(
            message in r#"(\PC|[{}\[\]",:]|"(did|time_us|kind|commit|record|text)":|[0-9]{1,20}){0,40}"#
        ) {
            let _ = Event::read(&message, i64::MAX);
        }

        #[test]
        fn no_value_makes_it_panic(
            at in any::<i64>(),
            part in r#"null|7|"x"|\{\}|\[\[\]\]"#,
            text in r"\PC{0,20}",
        ) {
            let text = serde_json::to_string(&text).unwrap();
            let post = format!(r#"{{"text":{text},"langs":{part},"facets":{part},"createdAt":{part}}}"#);
            for record in [post, part] {
                let commit = format!(
                    r#"{{"operation":"create","collection":"app.bsky.feed.post","rkey":"1","record":{record}}}"#
                );
                let message = format!(r#"{{"did":"did:plc:a","time_us":{at},"kind":"commit","commit":{commit}}}"#);
                let _ = Event::read(&message, i64::MAX);
            }
        }
    }
}
