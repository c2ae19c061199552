//! A post or a comment as Lemmy gives it, in both forms of its API.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::collect::markdown;
use crate::collect::pages::{Part, read_each};
use crate::mention::{Author, Mention, Timestamp};

/// A post, or a comment and the post that it is below; communities and people have neither.
#[derive(Deserialize)]
struct View {
    post: Post,
    comment: Option<Comment>,
    creator: Creator,
}

#[derive(Deserialize)]
struct Post {
    name: String,
    body: Option<String>,
    #[serde(flatten)]
    common: Common,
}

#[derive(Deserialize)]
struct Comment {
    content: String,
    #[serde(flatten)]
    common: Common,
}

#[derive(Deserialize)]
struct Common {
    /// An address, the same on every server.
    ap_id: String,
    #[serde(alias = "published_at", deserialize_with = "time")]
    published: Timestamp,
    #[serde(alias = "updated_at", default, deserialize_with = "time_if_any")]
    updated: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Creator {
    name: String,
    display_name: Option<String>,
    #[serde(alias = "ap_id")]
    actor_id: String,
}

/// Before 0.19 without a zone, which is UTC.
fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    let written = String::deserialize(deserializer)?;
    let at = Timestamp::parse_rfc3339(&written).or_else(|| Timestamp::parse_rfc3339(&format!("{written}Z")));
    at.ok_or_else(|| serde::de::Error::custom(format!("`{written}` is no time")))
}

fn time_if_any<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    #[derive(Deserialize)]
    struct Time(#[serde(deserialize_with = "time")] Timestamp);
    Ok(Option::<Time>::deserialize(deserializer)?.map(|time| time.0))
}

pub(super) fn read(views: &[Value]) -> Part {
    let written: Vec<Value> = views.iter().filter(|view| is_written(view)).cloned().collect();
    let (gone, there): (Vec<Value>, Vec<Value>) = written.into_iter().partition(|view| is_gone(own(view)));
    let removed = gone.iter().filter_map(|view| own(view).get("ap_id")?.as_str()).map(str::to_owned);
    Part { removed: removed.collect(), ..read_each(&there, mention) }
}

/// In 1.0 people and communities are in the same list.
fn is_written(view: &Value) -> bool {
    let kind = view.get("type_").and_then(Value::as_str).unwrap_or("post");
    ["post", "comment"].iter().any(|written| kind.eq_ignore_ascii_case(written))
}

fn own(view: &Value) -> &Value {
    let part = |name| view.get(name).filter(|part| part.is_object());
    part("comment").or(part("post")).unwrap_or(&Value::Null)
}

/// Deleted by its author, or removed by a moderator.
fn is_gone(item: &Value) -> bool {
    ["deleted", "removed"].iter().any(|flag| item.get(flag) == Some(&Value::Bool(true)))
}

fn mention(View { post, comment, creator }: View) -> Option<Mention> {
    let title = Some(post.name).filter(|name| !name.trim().is_empty());
    let (markdown, common) = match comment {
        Some(comment) => (comment.content, comment.common),
        None => (post.body.unwrap_or_default(), post.common),
    };
    let name = creator.display_name.filter(|name| !name.trim().is_empty()).unwrap_or(creator.name);
    Some(Mention {
        url: Some(common.ap_id.clone()).filter(|url| url.starts_with("https://")),
        native_id: common.ap_id,
        author: Some(Author { key: creator.actor_id, name }),
        title,
        text: markdown::plain(&own_lines(&markdown)),
        published_at: Some(common.published),
        edited_at: common.updated,
        ..Mention::default()
    })
}

/// Without quoted lines, which are the words of others, and without the marks around what is folded away.
fn own_lines(markdown: &str) -> String {
    let is_own = |line: &&str| !line.trim_start().starts_with('>') && !line.trim_start().starts_with(":::");
    markdown.lines().filter(is_own).collect::<Vec<_>>().join("\n")
}
