//! Markdown to plain text: it becomes HTML, of which `text::plain` knows how it is set.

use pulldown_cmark::{Event, Options, Parser, html};

use crate::text;

/// The text of a Markdown document as GitHub and the like write it: with tables and crossed-out words, and a new line
/// in the source begins one in the text. HTML in it counts as HTML.
pub(super) fn plain(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let events = Parser::new_ext(markdown, options).map(|event| match event {
        Event::SoftBreak => Event::HardBreak,
        other => other,
    });
    let mut page = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut page, events);
    text::plain(&page)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn marks_are_dropped_and_lines_and_lists_are_kept() {
        let written = "### Bug\n\n<!-- Please fill in -->\nThe **Lerchenbahn** app [crashes](https://example.org)\n\
            at `login`.\n\n- [x] restarted\n- reinstalled\n\n> works for me\n\n\
            ![shot](https://example.org/a.png)\n\nI <3 it & a < b.";
        insta::assert_snapshot!(plain(written));
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(text in r"(\PC|\n|[#*_`~>\[\]()!|<&-]|    ){0,60}") {
            plain(&text);
        }
    }
}
