//! Posts that are known, looked up where they were written: that server knows first what was deleted, and its id of a
//! post stands in the `uri`, which no other server's does. It answers a post (`GET /api/v1/statuses/:id`), or 404 as
//! JSON.
//!
//! `GET /api/v1/statuses?id[]=` takes several (since 4.3), but leaves out what it does not find and says nothing of it;
//! with one request for each post, what is gone is said to be gone, by old servers, too. What is neither is left as it
//! is: posts of other programs than Mastodon, and of servers that do not answer people without an account.

use futures_util::{StreamExt as _, stream};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::{HINT, Mastodon, Status, mention};
use crate::collect::pages::{Part, format_error, json};
use crate::collect::recheck::{Inquiry, Shown, look_up};
use crate::collect::{CollectError, Recheck, RecheckLimits, Round};
use crate::http::{FetchError, Page, Request};
use crate::tongue::said;

/// Mostly of as many servers, so that a slow one does not hold up the others; each of them is asked for one after the
/// other.
const AT_A_TIME: usize = 8;

/// A request for each.
pub const fn recheck_limits(_: &Mastodon) -> Option<RecheckLimits> {
    Some(RecheckLimits { most: 20, days: 30 })
}

/// Looks up posts, and edits of them. A server that does not answer holds up none of the others, and its posts have had
/// their turn: else a server that is gone would be asked for ever.
///
/// # Errors
/// None; what could not be asked is noted.
pub async fn recheck(kind: &Mastodon, known: &[String], round: &Round<'_>) -> Result<Recheck, CollectError> {
    let mut recheck = Recheck::default();
    let mut refusals = Vec::new();
    let all: Vec<_> = known.iter().map(|uri| look_up_one(uri, kind, round)).collect();
    let mut all = stream::iter(all).buffered(AT_A_TIME);
    while let Some((uri, found)) = all.next().await {
        match found {
            // The servers rest, each on its own.
            Ok(found) => recheck.and(Recheck { rest: None, ..found }),
            Err(refusal) => {
                recheck.asked.push(uri.clone());
                refusals.push(refusal);
            }
        }
    }
    if let Some(first) = refusals.first() {
        recheck.notes.push(format!("{} of {} posts could not be looked up: {first}", refusals.len(), known.len()));
    }
    Ok(recheck)
}

async fn look_up_one<'a>(
    uri: &'a String,
    kind: &Mastodon,
    round: &Round<'_>,
) -> (&'a String, Result<Recheck, CollectError>) {
    let Some(address) = address(uri, &kind.instance) else {
        return (uri, Ok(Recheck { asked: vec![uri.clone()], ..Recheck::default() }));
    };
    let inquiry = Inquiry {
        at_a_time: 1,
        request: &|_| Ok(Request::new(address.clone(), "application/json", round.allow_private_network)),
        read: &|page| read(page, uri),
        is_missing: &is_missing,
        explain: &CollectError::from,
    };
    (uri, look_up(&inquiry, std::slice::from_ref(uri), round).await)
}

/// Where a post can be had whose `uri` is one of Mastodon's: `…/users/NAME/statuses/ID`, or
/// `…/ap/users/ID/statuses/ID`.
fn address(uri: &str, own: &Url) -> Option<Url> {
    let mut url = Url::parse(uri).ok()?;
    let id = match url.path_segments()?.collect::<Vec<_>>()[..] {
        ["users", _, "statuses", id] | ["ap", "users", _, "statuses", id] => id.to_owned(),
        _ => return None,
    };
    let is_number = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    let is_safe = url.scheme() == "https" || url.origin() == own.origin();
    let is_bare = url.username().is_empty() && url.password().is_none();
    if !is_number || !is_safe || !is_bare {
        return None;
    }
    url.set_path(&format!("/api/v1/statuses/{id}"));
    url.set_query(None);
    url.set_fragment(None);
    Some(url)
}

/// In Mastodon's words: a server that is another one by now knows of none.
fn is_missing(error: &FetchError) -> bool {
    let FetchError::Status { status: 404, said, .. } = error else { return false };
    serde_json::from_slice::<Value>(said).is_ok_and(|said| said.get("error").is_some_and(Value::is_string))
}

/// Whoever does not want to be found any more has withdrawn the post.
fn read(page: &Page, uri: &str) -> Result<Shown, CollectError> {
    let unknown = || {
        format_error(
            said("Die Antwort ist kein Beitrag oder ein anderer", "the answer is no post, or another one"),
            HINT,
        )
    };
    let status = Status::deserialize(json(page, HINT)?).map_err(|_| unknown())?;
    if status.uri != uri {
        return Err(unknown());
    }
    let (ids, wants_to_be_found) = ([uri.to_owned()].into(), status.account.wants_to_be_found());
    let removed = if wants_to_be_found { Vec::new() } else { vec![uri.to_owned()] };
    let mentions = mention(status).into_iter().filter(|_| wants_to_be_found).collect();
    Ok(Shown { ids, part: Part { mentions, removed, ..Part::default() } })
}

#[cfg(test)]
mod tests;
