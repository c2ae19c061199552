//! RSS, Atom and JSON Feed.

use quick_xml::escape::escape;
use serde_json::json;

use super::{date, pages};
use crate::demo::world::{Post, Source};

/// A source as its feed.
pub(super) fn render(base: &str, source: Source, posts: &[&Post]) -> String {
    match source {
        Source::Forum => atom(base, posts),
        Source::Social => json_feed(base, posts),
        Source::Press => press(base, posts),
        _ => comments(base, posts),
    }
}

/// Where a person reads a post.
pub(super) fn permalink(base: &str, post: &Post) -> String {
    format!("{base}/posts/{}", post.number)
}

/// The forum's newest contributions: Atom 1.0 with HTML.
fn atom(base: &str, posts: &[&Post]) -> String {
    let path = super::path(Source::Forum);
    let updated = posts.first().map_or_else(|| "1970-01-01T00:00:00Z".to_owned(), |post| date::iso(post.updated_at));
    let entries: String = posts.iter().map(|post| atom_entry(base, post)).collect();
    format!(
        r#"<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de">
  <title>Fahrgastforum: neueste Beiträge</title>
  <id>tag:forum.lerchenbahn.example,2019:neueste</id>
  <link rel="self" type="application/atom+xml" href="{base}{path}"/>
  <link rel="alternate" type="text/html" href="{base}/"/>
  <updated>{updated}</updated>
{entries}</feed>
"#
    )
}

fn atom_entry(base: &str, post: &Post) -> String {
    let (number, link) = (post.number, permalink(base, post));
    let title = post.title.as_deref().unwrap_or_default();
    format!(
        r#"  <entry>
    <id>tag:forum.lerchenbahn.example,2019:beitrag-{number}</id>
    <title>{}</title>
    <link rel="replies" type="application/atom+xml" href="{link}/antworten"/>
    <link rel="alternate" type="text/html" href="{link}"/>
    <author><name>{}</name><uri>{base}/mitglieder/{}</uri></author>
    <published>{}</published>
    <updated>{}</updated>
    <content type="html">{}</content>
  </entry>
"#,
        escape(title),
        escape(post.author.name.as_str()),
        escape(post.author.key.as_str()),
        date::iso(post.published_at),
        date::iso(post.updated_at),
        escape(pages::paragraphs(&post.text)),
    )
}

/// Posts under the brand's tag: JSON Feed 1.1, without titles, as microblogs are.
fn json_feed(base: &str, posts: &[&Post]) -> String {
    let items = posts.iter().map(|post| {
        json!({
            "id": permalink(base, post),
            "url": permalink(base, post),
            "content_text": post.text,
            "date_published": date::iso(post.published_at),
            "language": post.language,
            "authors": [{ "name": post.author.name, "url": format!("{base}/@{}", post.author.key) }],
        })
    });
    json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": "#lerchenbahn",
        "home_page_url": format!("{base}/"),
        "feed_url": format!("{base}{}", super::path(Source::Social)),
        "items": items.collect::<Vec<_>>(),
    })
    .to_string()
}

/// A press review: RSS 2.0 that names each paper in `<source>`, its dates as different systems write them.
fn press(base: &str, posts: &[&Post]) -> String {
    let items: String = posts.iter().map(|post| press_item(base, post)).collect();
    rss("Presseschau Heide und Moor", "de-DE", base, Source::Press, &items)
}

fn press_item(base: &str, post: &Post) -> String {
    let paper = escape(post.publisher.as_deref().unwrap_or_default());
    let published = match post.number % 3 {
        0 => format!("<pubDate>{}</pubDate>", date::german(post.published_at)),
        1 => format!("<dc:date>{}</dc:date>", date::iso(post.published_at)),
        _ => format!("<pubDate>{}</pubDate>", date::german_zone(post.published_at)),
    };
    format!(
        r#"    <item>
      <title>{}</title>
      <link>{}</link>
      <guid isPermaLink="false">lpa-{}</guid>
      {published}
      <dc:creator>{}</dc:creator>
      <source url="{base}/presse/{}">{paper}</source>
      <description>{}</description>
    </item>
"#,
        escape(post.title.as_deref().unwrap_or_default()),
        permalink(base, post),
        post.number,
        escape(post.author.name.as_str()),
        escape(post.author.key.as_str()),
        escape(pages::paragraphs(&post.text)),
    )
}

/// Comments on the travel blog: RSS 2.0 as WordPress makes it.
fn comments(base: &str, posts: &[&Post]) -> String {
    let items: String = posts.iter().map(|post| comment_item(base, post)).collect();
    rss("Comments for Slow Trains Abroad", "en-GB", base, Source::Blog, &items)
}

fn comment_item(base: &str, post: &Post) -> String {
    let link = permalink(base, post);
    format!(
        r#"    <item>
      <title>{}</title>
      <link>{link}</link>
      <dc:creator><![CDATA[{}]]></dc:creator>
      <pubDate>{}</pubDate>
      <guid isPermaLink="true">{link}</guid>
      <description><![CDATA[{}]]></description>
      <content:encoded><![CDATA[{}]]></content:encoded>
    </item>
"#,
        escape(post.title.as_deref().unwrap_or_default()),
        in_cdata(&post.author.name),
        date::rss(post.published_at),
        in_cdata(&escape(post.text.as_str())),
        in_cdata(&pages::paragraphs(&post.text)),
    )
}

fn rss(title: &str, language: &str, base: &str, source: Source, items: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom">
  <channel>
    <title>{title}</title>
    <link>{base}/</link>
    <description>{title}</description>
    <language>{language}</language>
    <atom:link rel="self" type="application/rss+xml" href="{base}{}"/>
{items}  </channel>
</rss>
"#,
        super::path(source)
    )
}

/// The one thing that may not stand in a CDATA section is its end.
fn in_cdata(text: &str) -> String {
    text.replace("]]>", "]]]]><![CDATA[>")
}
