//! A thread as YouTube gives it: a comment and replies to it.

use serde::Deserialize;
use serde_json::Value;

use crate::collect::pages::Part;
use crate::mention::{Author, Mention, Reply, Timestamp};
use crate::text;

#[derive(Deserialize)]
struct Thread {
    snippet: ThreadSnippet,
    #[serde(default)]
    replies: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ThreadSnippet {
    channel_id: Option<String>,
    video_id: Option<String>,
    top_level_comment: Value,
}

#[derive(Deserialize)]
struct Comment {
    #[serde(deserialize_with = "crate::collect::pages::id")]
    id: String,
    snippet: Snippet,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Snippet {
    author_display_name: Option<String>,
    author_channel_id: Option<Wrapped>,
    video_id: Option<String>,
    text_original: Option<String>,
    text_display: Option<String>,
    published_at: Timestamp,
    updated_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Wrapped {
    value: String,
}

/// Adds what people say in a thread. A broken comment costs none of the others.
pub(super) fn read(item: &Value, part: &mut Part) {
    let Ok(Thread { snippet, replies }) = Thread::deserialize(item) else {
        part.unread += 1;
        return;
    };
    let replies = replies.get("comments").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let (mut answer, mut mentions) = (None::<Reply>, Vec::new());
    for (number, comment) in std::iter::once(&snippet.top_level_comment).chain(replies).enumerate() {
        let Ok(comment) = Comment::deserialize(comment) else {
            part.unread += 1;
            continue;
        };
        let is_reply = number > 0;
        if !comment.is_by(snippet.channel_id.as_deref()) {
            mentions.push((is_reply, comment.mention(snippet.video_id.as_deref())));
        } else if is_reply {
            answer = answer.into_iter().chain(comment.answer()).max_by_key(|answer| answer.at);
        }
    }
    for (is_reply, mention) in mentions.into_iter().filter(|(_, mention)| !mention.text.is_empty()) {
        let reply = if is_reply { None } else { answer.clone() };
        part.mentions.push(Mention { reply, ..mention });
    }
}

/// A reply on its own, under this video; `None` where it cannot be read.
pub(super) fn reply(item: &Value, video: &str) -> Option<Mention> {
    let mention = Comment::deserialize(item).ok()?.mention(Some(video));
    (!mention.text.is_empty()).then_some(mention)
}

/// The video that a thread is under.
pub(super) fn video(item: &Value) -> Option<&str> {
    let places = ["/snippet/topLevelComment/snippet/videoId", "/snippet/videoId"];
    places.iter().find_map(|place| item.pointer(place)?.as_str())
}

impl Comment {
    /// By the owner of this channel.
    fn is_by(&self, channel: Option<&str>) -> bool {
        let author = self.snippet.author_channel_id.as_ref().map(|author| author.value.as_str());
        author.is_some_and(|author| Some(author) == channel)
    }

    fn text(&self) -> String {
        let Snippet { text_original, text_display, .. } = &self.snippet;
        text::plain(text_original.as_deref().or(text_display.as_deref()).unwrap_or_default())
    }

    fn answer(&self) -> Option<Reply> {
        let (text, at) = (self.text(), self.snippet.updated_at.unwrap_or(self.snippet.published_at));
        (!text.is_empty()).then_some(Reply { text, at: Some(at) })
    }

    fn mention(self, video: Option<&str>) -> Mention {
        let text = self.text();
        let Snippet { author_display_name, author_channel_id, video_id, published_at, updated_at, .. } = self.snippet;
        let name = author_display_name.map(|name| text::plain(&name)).filter(|name| !name.is_empty());
        let key = author_channel_id.map(|author| author.value).filter(|key| !key.is_empty());
        let video = video_id.as_deref().or(video);
        Mention {
            url: video.map(|video| format!("https://www.youtube.com/watch?v={video}&lc={}", self.id)),
            native_id: self.id,
            author: name.map(|name| Author { key: key.unwrap_or_else(|| name.clone()), name }),
            text,
            published_at: Some(published_at),
            edited_at: updated_at.filter(|at| *at > published_at),
            ..Mention::default()
        }
    }
}
