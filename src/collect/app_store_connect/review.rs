//! A review as Apple gives it to the developer, and the responses that come beside.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

use super::territory;
use crate::mention::{Author, Mention, Rating, Reply, Timestamp};
use crate::text;

#[derive(Deserialize)]
pub(super) struct Review {
    #[serde(deserialize_with = "crate::collect::pages::id")]
    id: String,
    attributes: Attributes,
    #[serde(default)]
    relationships: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attributes {
    rating: Option<f64>,
    title: Option<String>,
    body: Option<String>,
    reviewer_nickname: Option<String>,
    created_date: Option<Timestamp>,
    territory: Option<String>,
}

/// By their own ids and by those of their reviews: Apple links the two from either side.
pub(super) struct Responses(HashMap<String, Reply>);

#[derive(Deserialize)]
struct Response {
    id: String,
    attributes: ResponseAttributes,
    #[serde(default)]
    relationships: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ResponseAttributes {
    response_body: String,
    last_modified_date: Option<Timestamp>,
    state: Option<String>,
}

impl Responses {
    /// Those that can be read in the App Store.
    pub(super) fn of(included: &[Value]) -> Self {
        let responses = included.iter().filter(|it| it.get("type") == Some(&"customerReviewResponses".into()));
        let mut replies = HashMap::new();
        for Response { id, attributes, relationships } in responses.filter_map(|it| Response::deserialize(it).ok()) {
            let text = text::plain(&attributes.response_body);
            if attributes.state.as_deref() == Some("PENDING_PUBLISH") || text.is_empty() {
                continue;
            }
            let reply = Reply { text, at: attributes.last_modified_date };
            if let Some(review) = relationships.pointer("/review/data/id").and_then(Value::as_str) {
                replies.insert(review.to_owned(), reply.clone());
            }
            replies.insert(id, reply);
        }
        Self(replies)
    }

    fn to(&self, review: &Review) -> Option<Reply> {
        let response = review.relationships.pointer("/response/data/id").and_then(Value::as_str);
        response.and_then(|id| self.0.get(id)).or_else(|| self.0.get(&review.id)).cloned()
    }
}

impl Review {
    pub(super) fn mention(self, app: u64, responses: &Responses) -> Mention {
        let reply = responses.to(&self);
        let Attributes { rating, title, body, reviewer_nickname, created_date, territory } = self.attributes;
        let country = territory.as_deref().and_then(territory::country);
        let word = |text: Option<String>| text.map(|it| text::plain(&it)).filter(|it| !it.is_empty());
        Mention {
            native_id: self.id,
            url: country.as_deref().map(|country| page_of_reviews(app, country)),
            author: word(reviewer_nickname).map(|name| Author { key: name.clone(), name }),
            title: word(title),
            text: word(body).unwrap_or_default(),
            rating: rating.filter(|stars| (1.0..=5.0).contains(stars)).map(Rating::stars),
            country,
            published_at: created_date,
            reply,
            ..Mention::default()
        }
    }
}

fn page_of_reviews(app: u64, country: &str) -> String {
    format!("https://apps.apple.com/{}/app/id{app}?see-all=reviews", country.to_ascii_lowercase())
}
