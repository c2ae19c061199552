//! Pages for people: where the links in a mail lead while the demo serves.

use quick_xml::escape::escape;

use super::date;
use crate::demo::world::{BRAND, Post, Source};

/// The front page, which names the feeds for autodiscovery.
pub(super) fn index(base: &str) -> String {
    let feeds: Vec<(Source, &str)> = vec![
        (Source::Forum, "application/atom+xml"),
        (Source::Social, "application/feed+json"),
        (Source::Press, "application/rss+xml"),
        (Source::Blog, "application/rss+xml"),
    ];
    let links: String = (feeds.iter())
        .map(|(source, kind)| {
            let (id, path) = (source.id(), super::path(*source));
            format!("<link rel=\"alternate\" type=\"{kind}\" title=\"{id}\" href=\"{base}{path}\">\n")
        })
        .collect();
    let list: String = (Source::ALL.into_iter())
        .map(|source| format!("<li><a href=\"{}\">{}</a></li>\n", super::path(source), source.id()))
        .collect();
    let intro = "Diese Bahn gibt es nicht. / This railway does not exist.";
    page("de", BRAND, &links, &format!("<h1>{BRAND}</h1>\n<p>{intro}</p>\n<ul>\n{list}</ul>\n"))
}

/// One post.
pub(super) fn post(post: &Post) -> String {
    let title = post.title.as_deref().unwrap_or(BRAND);
    let stars = post.stars.map(|stars| format!("<p>{}</p>\n", "★".repeat(stars.into()))).unwrap_or_default();
    let body = format!(
        "<h1>{}</h1>\n{stars}<p>{}, {}</p>\n<blockquote>{}</blockquote>\n<p><a href=\"/\">{}</a></p>\n",
        escape(title),
        escape(post.author.name.as_str()),
        date::for_people(post.updated_at),
        paragraphs(&post.text),
        post.source.id(),
    );
    page(post.language.code(), &escape(title), "", &body)
}

/// Plain text as HTML, its line breaks kept.
pub(super) fn paragraphs(text: &str) -> String {
    format!("<p>{}</p>", escape(text).replace('\n', "<br>\n"))
}

fn page(language: &str, title: &str, links: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
         <style>body{{font:1.1rem/1.5 system-ui;max-width:40rem;margin:3rem auto;padding:0 1rem}}</style>\n{links}\
         </head>\n<body>\n{body}</body>\n</html>\n"
    )
}
