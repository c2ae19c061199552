//! Comments that are known, looked up by their ids: a comment as the head of its thread, which has the owner's answer
//! and the video, and a reply on its own. The id of a reply is that of its thread, a dot, and its own.
//!
//! What YouTube does not find it leaves out of the answer; by its documentation it may refuse the whole request instead
//! (`commentNotFound`), and then halves of it are asked for until one id is alone. Which of both it does is not
//! certain.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

use secrecy::SecretString;
use serde_json::Value;
use url::Url;

use super::{HINT, Youtube, items, request, thread};
use crate::collect::pages;
use crate::collect::recheck::{Inquiry, Shown, look_up};
use crate::collect::{CollectError, Recheck, RecheckLimits, Round, google, keys};
use crate::http::{FetchError, Page};

/// As many as one request takes.
const AT_A_TIME: usize = 50;

/// In 15 days that is 30,000 comments, each of which so is confirmed well within the 30 days of the terms; for at most
/// 80 units of the quota a day.
pub const fn recheck_limits(_: &Youtube) -> Option<RecheckLimits> {
    Some(RecheckLimits { most: 2000, days: 365 })
}

/// Looks up comments, and edits of them.
///
/// # Errors
/// Where there is no key, or nothing could be asked.
pub async fn recheck(kind: &Youtube, known: &[String], round: &Round<'_>) -> Result<Recheck, CollectError> {
    let key = keys::read("youtube.key", &kind.key)?;
    let (replies, comments): (Vec<String>, Vec<String>) = known.iter().cloned().partition(|id| thread_of(id) != id);
    let videos = Mutex::default();
    let mut recheck = threads(kind, &comments, &replies, &videos, &key, round).await?;
    if !replies.is_empty() && recheck.broken_off.is_none() && recheck.rest.is_none() {
        let videos = videos.into_inner().unwrap_or_default();
        let inquiry = Inquiry {
            at_a_time: AT_A_TIME,
            request: &|ids| Ok(request(kind.by_id("comments", "snippet", ids)?, key.clone(), round)),
            read: &|page| read_replies(page, &videos),
            is_missing: &is_missing,
            explain: &|error| google::refusal(error, round.now),
        };
        match look_up(&inquiry, &replies, round).await {
            Ok(found) => recheck.and(found),
            Err(error) if recheck.asked.is_empty() => return Err(error),
            Err(error) => recheck.broken_off = Some(error),
        }
    }
    Ok(recheck)
}

/// Looks up these comments, and the threads of these replies for their videos.
async fn threads(
    kind: &Youtube,
    comments: &[String],
    replies: &[String],
    videos: &Mutex<HashMap<String, String>>,
    key: &SecretString,
    round: &Round<'_>,
) -> Result<Recheck, CollectError> {
    let inquiry = Inquiry {
        at_a_time: AT_A_TIME,
        request: &|ids| Ok(request(kind.by_id("commentThreads", "snippet,replies", ids)?, key.clone(), round)),
        read: &|page| read_threads(page, videos),
        is_missing: &is_missing,
        explain: &|error| google::refusal(error, round.now),
    };
    let own: HashSet<&str> = comments.iter().map(String::as_str).collect();
    let mut threads: Vec<String> = replies.iter().map(|id| thread_of(id).to_owned()).collect();
    threads.retain(|id| !own.contains(id.as_str()));
    threads.sort_unstable();
    threads.dedup();
    threads.extend_from_slice(comments);
    let mut recheck = look_up(&inquiry, &threads, round).await?;
    for ids in [&mut recheck.asked, &mut recheck.there, &mut recheck.removed] {
        ids.retain(|id| own.contains(id.as_str()));
    }
    recheck.mentions.retain(|mention| own.contains(mention.native_id.as_str()));
    Ok(recheck)
}

impl Youtube {
    fn by_id(&self, of: &str, part: &str, ids: &[String]) -> Result<Url, CollectError> {
        let mut url = self.list(of)?;
        let mut query = url.query_pairs_mut();
        query.append_pair("part", part).append_pair("id", &ids.join(",")).append_pair("textFormat", "plainText");
        drop(query);
        Ok(url)
    }
}

fn thread_of(id: &str) -> &str {
    id.split_once('.').map_or(id, |(thread, _)| thread)
}

fn is_missing(error: &FetchError) -> bool {
    let FetchError::Status { status: 404, said, .. } = error else { return false };
    let said: Value = serde_json::from_slice(said).unwrap_or_default();
    let reason = said.pointer("/error/errors/0/reason").and_then(Value::as_str);
    matches!(reason, Some("commentNotFound" | "commentThreadNotFound"))
}

fn read_threads(page: &Page, videos: &Mutex<HashMap<String, String>>) -> Result<Shown, CollectError> {
    let answer = pages::json(page, HINT)?;
    let mut shown = Shown::default();
    for item in items(&answer)? {
        let Some(id) = item.get("id").and_then(Value::as_str) else { continue };
        shown.ids.insert(id.to_owned());
        if let (Some(video), Ok(mut videos)) = (thread::video(item), videos.lock()) {
            videos.insert(id.to_owned(), video.to_owned());
        }
        thread::read(item, &mut shown.part);
    }
    Ok(shown)
}

/// Without its video a reply is known to be there, and stays as it was.
fn read_replies(page: &Page, videos: &HashMap<String, String>) -> Result<Shown, CollectError> {
    let answer = pages::json(page, HINT)?;
    let mut shown = Shown::default();
    for item in items(&answer)? {
        let Some(id) = item.get("id").and_then(Value::as_str) else { continue };
        shown.ids.insert(id.to_owned());
        let video = videos.get(thread_of(id));
        shown.part.mentions.extend(video.and_then(|video| thread::reply(item, video)));
    }
    Ok(shown)
}

#[cfg(test)]
mod tests;
