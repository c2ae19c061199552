//! Looking up what is known already: is it still there, and does it still say the same?
//!
//! A source mostly leaves out what is gone, and an answer can be empty for other reasons. So what is missing counts as
//! gone only where the same answer shows something else that was asked for, or where the source says so of this one
//! alone. The price: where nothing else is known of a source, its last post is missed only once there is another one.

use std::collections::HashSet;
use std::time::Duration;

use super::pages::{Part, format_error};
use super::{CollectError, Round};
use crate::http::{Answer, FetchError, Page, Request};
use crate::mention::Mention;
use crate::tongue::said;

/// So many requests at a time at most, however many halves there are: the next round waits behind them.
const MOST_REQUESTS: usize = 200;

/// What of a source is looked up again: once a day so many of its mentions at most, those first that it has not
/// confirmed for the longest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecheckLimits {
    /// So many in a day at most.
    pub most: u32,
    /// Only what was first seen in so many days.
    pub days: u32,
}

/// What became of mentions that were looked up. What was asked for and is neither in `there` nor in `removed` is
/// uncertain.
#[derive(Debug, Default)]
pub struct Recheck {
    /// Native ids of what an answer was had for, of whatever kind.
    pub asked: Vec<String>,
    /// Native ids of what is still there.
    pub there: Vec<String>,
    /// Of these, what could be read, as it is now.
    pub mentions: Vec<Mention>,
    /// Native ids of what is gone.
    pub removed: Vec<String>,
    /// What a person should know.
    pub notes: Vec<String>,
    /// Why not all were asked for.
    pub broken_off: Option<CollectError>,
    /// The source asks not to be called again for this long.
    pub rest: Option<Duration>,
}

/// How a kind asks for what it knows the ids of.
pub(super) struct Inquiry<'a> {
    /// So many ids fit into one request.
    pub(super) at_a_time: usize,
    /// The request for these.
    pub(super) request: &'a (dyn Fn(&[String]) -> Result<Request, CollectError> + Sync),
    /// Reads its answer.
    pub(super) read: &'a (dyn Fn(&Page) -> Result<Shown, CollectError> + Sync),
    /// Whether a refusal means that one of them is not there.
    pub(super) is_missing: &'a (dyn Fn(&FetchError) -> bool + Sync),
    /// What else a refusal means.
    pub(super) explain: &'a (dyn Fn(FetchError) -> CollectError + Sync),
}

/// What an answer shows.
#[derive(Debug, Default)]
pub(super) struct Shown {
    /// Native ids of everything in it, also of what cannot be read.
    pub(super) ids: HashSet<String>,
    /// What is there, and what the answer says was deleted.
    pub(super) part: Part,
}

/// Asks for these, one request after the other; what is left after the last allowed one has its turn the next day.
///
/// # Errors
/// Where the first request is not answered. If a later one is not, what was learned until then is kept.
pub(super) async fn look_up(
    inquiry: &Inquiry<'_>,
    known: &[String],
    round: &Round<'_>,
) -> Result<Recheck, CollectError> {
    let mut recheck = Recheck::default();
    let mut waiting: Vec<&[String]> = known.chunks(inquiry.at_a_time).rev().collect();
    for _ in 0..MOST_REQUESTS {
        let Some(ids) = waiting.pop() else { break };
        match ask(inquiry, ids, round).await {
            Ok(Some((shown, rest))) => {
                recheck.add(ids, shown);
                recheck.rest = recheck.rest.max(rest);
                if rest.is_some() {
                    break;
                }
            }
            // One of them is not there; which one, halves tell.
            Ok(None) => match ids.split_at(ids.len() / 2) {
                ([], one) => recheck.add_missing(one),
                (first, second) => waiting.extend([second, first]),
            },
            Err(error) if recheck.asked.is_empty() => return Err(error),
            Err(error) => {
                recheck.broken_off = Some(error);
                break;
            }
        }
    }
    Ok(recheck)
}

/// What is shown of these, and how long the source wants to rest; `None`: one of them is not there.
async fn ask(
    inquiry: &Inquiry<'_>,
    ids: &[String],
    round: &Round<'_>,
) -> Result<Option<(Shown, Option<Duration>)>, CollectError> {
    match round.fetcher.get(&(inquiry.request)(ids)?).await {
        Ok(Answer::Page(page)) => Ok(Some(((inquiry.read)(&page)?, page.rest))),
        Ok(Answer::NotModified { .. }) => {
            let message = said(
                "Der Server meldet ungefragt, es habe sich nichts geändert",
                "the server says that nothing changed and was not asked that",
            );
            Err(format_error(message, said("Fragen Sie später noch einmal", "ask again later")))
        }
        Err(error) if (inquiry.is_missing)(&error) => Ok(None),
        Err(error) => Err((inquiry.explain)(error)),
    }
}

impl Recheck {
    /// Adds what was learned by another way of asking.
    pub(super) fn and(&mut self, other: Self) {
        self.asked.extend(other.asked);
        self.there.extend(other.there);
        self.mentions.extend(other.mentions);
        self.removed.extend(other.removed);
        self.notes.extend(other.notes);
        self.broken_off = self.broken_off.take().or(other.broken_off);
        self.rest = self.rest.max(other.rest);
    }

    fn add(&mut self, asked: &[String], shown: Shown) {
        let Shown { ids, part } = shown;
        let (there, missing): (Vec<String>, Vec<String>) = asked.iter().cloned().partition(|id| ids.contains(id));
        let (deleted, there): (Vec<String>, Vec<String>) = there.into_iter().partition(|id| part.removed.contains(id));
        self.asked.extend_from_slice(asked);
        if there.is_empty() && deleted.is_empty() {
            let count = missing.len();
            self.notes.push(format!("an answer shows none of {count} that were asked for; that deletes nothing"));
        } else {
            self.removed.extend(missing);
        }
        self.removed.extend(deleted);
        self.mentions.extend(part.mentions.into_iter().filter(|mention| there.contains(&mention.native_id)));
        self.there.extend(there);
    }

    fn add_missing(&mut self, ids: &[String]) {
        self.asked.extend_from_slice(ids);
        self.removed.extend_from_slice(ids);
    }
}

#[cfg(test)]
mod tests;
