//! The feed of a page: what the page names, else where feeds usually lie.

use url::Url;

use super::markup::{Markup, Tag, Token};

/// Feeds are named in the head; nobody's head is longer.
const HEAD: usize = 500_000;

/// No page leads us to more addresses than this.
const MOST: usize = 5;

/// Where sites put their feed without saying so.
const USUAL: [&str; 9] =
    ["feed/", "rss.xml", "atom.xml", "feed.xml", "index.xml", "rss/", "index.rss", "feed.atom", "rss/feed.xml"];

/// The feeds that a page names (`<link rel="alternate" type="application/rss+xml">`), the likeliest first: those of comments come last,
/// and so does mere `application/json`, which is mostly some other interface.
pub(super) fn named(page: &str, address: &Url) -> Vec<Url> {
    let mut markup = Markup::new(&page[..page.floor_char_boundary(HEAD)]);
    let mut base = address.clone();
    let mut found: Vec<(u8, Url)> = Vec::new();
    while let Some(token) = markup.token() {
        let Token::Start(tag) = token else { continue };
        if tag.name.eq_ignore_ascii_case("base") {
            let stated = tag.attribute("href").and_then(|href| address.join(href.trim()).ok());
            base = stated.unwrap_or(base);
        } else if tag.name.eq_ignore_ascii_case("link")
            && let Some(rank) = rank(&tag)
            && let Some(feed) = tag.attribute("href").and_then(|href| base.join(href.trim()).ok())
            && !found.iter().any(|(_, known)| *known == feed)
        {
            found.push((rank, feed));
        }
    }
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, feed)| feed).take(MOST).collect()
}

/// Where a feed may lie without being named: beside the page, then at the site's root.
pub(super) fn usual(page: &Url) -> Vec<Url> {
    let mut folder = page.clone();
    folder.set_query(None);
    folder.set_fragment(None);
    if !folder.path().ends_with('/') {
        folder.set_path(&format!("{}/", folder.path()));
    }
    let mut places: Vec<Url> = USUAL.iter().filter_map(|place| folder.join(place).ok()).collect();
    if folder.path() != "/" {
        places.extend(USUAL.iter().filter_map(|place| folder.join("/").ok()?.join(place).ok()));
    }
    places
}

/// How likely a link is the feed (0 is likeliest); `None` if it is none.
fn rank(link: &Tag) -> Option<u8> {
    let lower = |name: &str| link.attribute(name).map(|value| value.to_ascii_lowercase()).unwrap_or_default();
    if !lower("rel").split_whitespace().any(|relation| relation == "alternate") {
        return None;
    }
    let kind = lower("type");
    let rank = match kind.split(';').next().map(str::trim) {
        Some("application/rss+xml" | "application/atom+xml" | "application/feed+json" | "application/rdf+xml") => 0,
        Some("application/json" | "text/xml" | "application/xml") => 2,
        _ => return None,
    };
    let words = format!("{} {}", lower("title"), lower("href"));
    let is_of_comments = ["comment", "kommentar"].iter().any(|word| words.contains(word));
    Some(rank + u8::from(is_of_comments))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn the_main_feed_comes_before_comments_and_interfaces() {
        let page = r#"<!DOCTYPE html><html><head><base href="/blog/">
            <link rel='alternate' type='application/json' href='/wp-json/wp/v2/pages/1'>
            <link rel="alternate" type="application/rss+xml" title="Beispielblog &raquo; Kommentar-Feed" href="comments/feed/">
            <LINK REL="Alternate" TYPE="application/rss+xml; charset=utf-8" HREF="feed/?a=1&amp;b=2">
            <link rel="stylesheet" type="text/css" href="a.css">
            <link rel="alternate" hreflang="en" href="/en/">"#;
        let found: Vec<String> = named(page, &url("https://example.org/x/")).into_iter().map(String::from).collect();
        assert_eq!(
            found,
            [
                "https://example.org/blog/feed/?a=1&b=2",
                "https://example.org/blog/comments/feed/",
                "https://example.org/wp-json/wp/v2/pages/1",
            ]
        );
    }

    #[test]
    fn no_page_leads_to_many_addresses() {
        let link = |number| format!("<link rel=alternate type=application/rss+xml href=/{number}>");
        let page: String = (0..100).map(link).collect();
        assert_eq!(named(&page, &url("https://example.org")).len(), MOST);
    }

    #[test]
    fn a_page_that_names_no_feed_is_searched_beside_it_and_at_the_root() {
        let places = usual(&url("https://example.org/blog?page=2#top"));
        assert_eq!(places.len(), 2 * USUAL.len());
        assert_eq!(places[0].as_str(), "https://example.org/blog/feed/");
        assert_eq!(places[USUAL.len()].as_str(), "https://example.org/feed/");
        assert_eq!(usual(&url("https://example.org")).len(), USUAL.len());
    }
}
