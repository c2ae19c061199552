//! BBCode as Steam's reviews use it, to plain text: it becomes HTML, of which `text::plain` knows how it is set.

use std::borrow::Cow;

use crate::text;

/// What a tag becomes; `None` for what is no tag but only stands in brackets, as `[10/10]`.
fn html(tag: &str) -> Option<&'static str> {
    let (name, is_end) = tag.strip_prefix('/').map_or((tag, false), |name| (name, true));
    let name = name.split(['=', ' ']).next().unwrap_or_default().to_ascii_lowercase();
    Some(match (name.as_str(), is_end) {
        ("h1" | "h2" | "h3" | "quote" | "table" | "p", false) => "<div>",
        ("h1" | "h2" | "h3" | "quote" | "table" | "p", true) => "</div>",
        ("list" | "olist", false) => "<ul>",
        ("list" | "olist", true) => "</ul>",
        ("*", false) => "<li>",
        ("*", true) => "</li>",
        ("tr", false) => "<tr>",
        ("tr", true) => "</tr>",
        ("th" | "td", false) => "<td>",
        ("th" | "td", true) => "</td>",
        ("hr", _) => "<hr>",
        ("b" | "i" | "u" | "strike" | "spoiler" | "url" | "code" | "noparse" | "img" | "previewyoutube", _) => "",
        _ => return None,
    })
}

/// The text without its tags. What stands in `[noparse]` is kept as it is.
pub(super) fn plain(bbcode: &str) -> String {
    let mut page = String::with_capacity(bbcode.len());
    let mut rest = bbcode;
    while let Some((before, after)) = rest.split_once('[') {
        push_escaped(&mut page, before);
        let tag = after.split_once(']').filter(|(tag, _)| !tag.contains(['[', '\n']));
        let Some((html, tag, behind)) = tag.and_then(|(tag, behind)| Some((html(tag)?, tag, behind))) else {
            page.push('[');
            rest = after;
            continue;
        };
        page.push_str(html);
        rest = behind;
        if tag.eq_ignore_ascii_case("noparse") {
            let (verbatim, left) = behind.split_once("[/noparse]").unwrap_or((behind, ""));
            push_escaped(&mut page, verbatim);
            rest = left;
        }
    }
    push_escaped(&mut page, rest);
    text::plain(&page)
}

fn push_escaped(page: &mut String, plain: &str) {
    for c in plain.chars() {
        let escaped = match c {
            '&' => Cow::Borrowed("&amp;"),
            '<' => "&lt;".into(),
            '>' => "&gt;".into(),
            '\n' => "<br>".into(),
            c => c.to_string().into(),
        };
        page.push_str(&escaped);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lists_and_headings_are_set_and_the_rest_of_the_tags_is_dropped() {
        let written = "[h1]Late again[/h1]\n[b]Pro[/b]\n[list]\n[*]the [i]map[/i]\n\
            [*] [url=https://example.org]wiki[/url]\n[/list][quote=someone]Why?[/quote][spoiler]It crashes.[/spoiler]";
        assert_eq!(plain(written), "Late again\n\nPro\n\n- the map\n- wiki\nWhy?\nIt crashes.");
    }

    #[test]
    fn what_only_stands_in_brackets_is_kept() {
        for text in ["[10/10] would wait again", "[Edit] fixed", "a[0] = 1", "I <3 it & a < b", "[", "[b", "]["] {
            assert_eq!(plain(text), text);
        }
        assert_eq!(plain("[noparse][b]bold[/b][/noparse] [b]now[/b]"), "[b]bold[/b] now");
        assert_eq!(plain("first line\nsecond line"), "first line\nsecond line");
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(text in r"(\[/?(b|h1|\*|list|noparse|url=x)\]|\PC|\[|\]|\n){0,40}") {
            plain(&text);
        }
    }
}
