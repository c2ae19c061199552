//! A review as Google gives it to the publisher of the app.

use serde::Deserialize;
use url::Url;

use crate::mention::{Author, Language, Mention, Rating, Reply, Timestamp};
use crate::text;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Review {
    #[serde(deserialize_with = "crate::collect::pages::id")]
    review_id: String,
    author_name: Option<String>,
    /// What both sides have said.
    comments: Vec<Comment>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Comment {
    user_comment: Option<UserComment>,
    developer_comment: Option<DeveloperComment>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UserComment {
    #[serde(default)]
    text: String,
    last_modified: Option<Moment>,
    star_rating: Option<f64>,
    reviewer_language: Option<String>,
    app_version_name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DeveloperComment {
    #[serde(default)]
    text: String,
    last_modified: Option<Moment>,
}

/// Google writes seconds as a text, since they have 64 bits.
#[derive(Deserialize)]
struct Moment {
    #[serde(deserialize_with = "crate::collect::pages::id")]
    seconds: String,
}

impl Moment {
    fn timestamp(&self) -> Option<Timestamp> {
        self.seconds.parse().ok().map(Timestamp::from_seconds)
    }
}

impl Review {
    /// `None` where the user has said nothing.
    pub(super) fn mention(self, package: &str) -> Option<Mention> {
        let (mut said, mut answered) = (None::<UserComment>, None::<DeveloperComment>);
        for Comment { user_comment, developer_comment } in self.comments {
            let at = |moment: &Option<Moment>| moment.as_ref().and_then(Moment::timestamp);
            said = [said, user_comment].into_iter().flatten().max_by_key(|it| at(&it.last_modified));
            answered = [answered, developer_comment].into_iter().flatten().max_by_key(|it| at(&it.last_modified));
        }
        let said = said?;
        let changed_at = said.last_modified.as_ref().and_then(Moment::timestamp);
        let reply = answered.and_then(DeveloperComment::reply);
        let replied_at = reply.as_ref().and_then(|reply| reply.at);
        let (title, text) = parts(&said.text);
        let author = self.author_name.map(|name| text::plain(&name)).filter(|name| !name.is_empty());
        Some(Mention {
            url: link(package, &self.review_id),
            native_id: self.review_id,
            author: author.map(|name| Author { key: name.clone(), name }),
            title,
            text,
            rating: said.star_rating.filter(|stars| (1.0..=5.0).contains(stars)).map(Rating::stars),
            language_hint: said.reviewer_language.as_deref().and_then(Language::parse),
            published_at: changed_at,
            edited_at: changed_at.filter(|at| replied_at.is_some_and(|replied_at| replied_at < *at)),
            app_version: said.app_version_name.filter(|version| !version.is_empty()),
            reply,
            ..Mention::default()
        })
    }
}

impl DeveloperComment {
    fn reply(self) -> Option<Reply> {
        let text = text::plain(&self.text);
        let at = self.last_modified.as_ref().and_then(Moment::timestamp);
        (!text.is_empty()).then_some(Reply { text, at })
    }
}

/// Where there was a title, which may be empty, a tab parts it from the text.
pub(super) fn parts(written: &str) -> (Option<String>, String) {
    match written.split_once('\t') {
        Some((title, text)) => {
            let title = text::plain(title).replace('\n', " ");
            (Some(title).filter(|title| !title.is_empty()), text::plain(text))
        }
        None => (None, text::plain(written)),
    }
}

fn link(package: &str, id: &str) -> Option<String> {
    let query = [("id", package), ("reviewId", id)];
    Url::parse_with_params("https://play.google.com/store/apps/details", query).ok().map(String::from)
}
