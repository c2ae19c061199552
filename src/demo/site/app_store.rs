//! Apple's feed of customer reviews, in its JSON form.

use serde_json::{Value, json};

use super::{APP_NUMBER, date, feeds};
use crate::demo::world::Post;

/// Where a page of reviews is found.
pub(super) fn path(country: &str, page: usize) -> String {
    format!("/{country}/rss/customerreviews/page={page}/id={APP_NUMBER}/sortby=mostrecent/json")
}

/// A page of reviews. Like Apple's, it has no `entry` where there is no review, and no list where there is one.
pub(super) fn render(base: &str, country: &str, page: usize, pages: usize, posts: &[&Post]) -> String {
    let at = |page: usize| format!("{base}{}", path(country, page));
    let link = |rel: &str, href: String| json!({ "attributes": { "rel": rel, "href": href } });
    let last = pages.max(1);
    let mut feed = json!({
        "author": { "name": label("iTunes Store"), "uri": label("http://www.apple.com/uk/itunes/") },
        "updated": label(posts.first().map(|post| date::apple(post.updated_at)).unwrap_or_default()),
        "rights": label("Copyright 2008 Apple Inc."),
        "title": label("iTunes Store: Customer Reviews"),
        "icon": label("http://itunes.apple.com/favicon.ico"),
        "link": [
            link("self", at(page)),
            link("first", at(1)),
            link("last", at(last)),
            link("previous", at(page.saturating_sub(1).max(1))),
            link("next", at((page + 1).min(last))),
        ],
        "id": label(at(page)),
    });
    let mut entries: Vec<Value> = posts.iter().map(|post| entry(base, country, post)).collect();
    match entries.len() {
        0 => {}
        1 => feed["entry"] = entries.remove(0),
        _ => feed["entry"] = entries.into(),
    }
    json!({ "feed": feed }).to_string()
}

fn entry(base: &str, country: &str, post: &Post) -> Value {
    json!({
        "author": {
            "uri": label(format!("{base}/{country}/reviews/id{}", post.author.key)),
            "name": label(&post.author.name),
            "label": "",
        },
        "updated": label(date::apple(post.updated_at)),
        "im:rating": label(post.stars.unwrap_or(3).to_string()),
        "im:version": label(post.app_version.unwrap_or_default()),
        "id": label((11_000_000_000 + post.number).to_string()),
        "title": label(post.title.as_deref().unwrap_or_default()),
        "content": { "label": post.text, "attributes": { "type": "text" } },
        "link": { "attributes": { "rel": "related", "href": feeds::permalink(base, post) } },
        "im:voteSum": label("0"),
        "im:contentType": { "attributes": { "term": "Application", "label": "App" } },
        "im:voteCount": label("0"),
    })
}

fn label(text: impl Into<String>) -> Value {
    json!({ "label": text.into() })
}
