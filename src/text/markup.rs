//! A tokenizer for HTML as it comes: one pass, no tree, so that neither size nor nesting nor broken tags can hurt.

use super::element::{Flow, flow};

/// A piece of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// Text, its character references still unresolved.
    Text(&'a str),
    /// A start tag: the name as written, and what follows it up to the `>`.
    Open { name: &'a str, attributes: &'a str },
    /// An end tag.
    Close { name: &'a str },
    /// A comment, a declaration, or the content of a script and the like.
    Hidden,
}

impl Token<'_> {
    /// What a tag does to the flow of the text; `None` for what is no tag of HTML.
    pub(super) fn flow(&self) -> Option<Flow> {
        match self {
            Self::Open { name, .. } | Self::Close { name } => flow(name),
            Self::Text(_) | Self::Hidden => None,
        }
    }
}

/// Cuts a document into tokens.
///
/// Every search that finds nothing either ends the document or is remembered, so that the whole stays linear.
pub(super) struct Tokens<'a> {
    rest: &'a str,
    /// Bytes behind the last `>`, where no tag can end.
    unclosable: usize,
    /// Cleared once a quoted attribute turned out to have no end.
    trust_quotes: bool,
}

/// The tokens of a document.
pub(super) fn tokens(html: &str) -> Tokens<'_> {
    let unclosable = html.rfind('>').map_or(html.len(), |at| html.len() - at - 1);
    Tokens { rest: html, unclosable, trust_quotes: true }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        self.markup().or_else(|| {
            let first = usize::from(self.rest.starts_with('<'));
            let end = self.rest[first..].find('<').map_or(self.rest.len(), |at| at + first);
            Some(Token::Text(self.take(end)))
        })
    }
}

impl<'a> Tokens<'a> {
    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    fn markup(&mut self) -> Option<Token<'a>> {
        match self.rest.as_bytes() {
            [b'<', b'!', ..] => self.declaration(),
            [b'<', b'?', first, ..] if first.is_ascii_alphabetic() => self.up_to_close(),
            [b'<', b'/', first, ..] if first.is_ascii_alphabetic() => self.end_tag(),
            [b'<', first, ..] if first.is_ascii_alphabetic() => self.start_tag(),
            _ => None,
        }
    }

    /// A comment, a CDATA section or a document type. A comment without end hides the rest, as in a browser.
    fn declaration(&mut self) -> Option<Token<'a>> {
        if self.rest.starts_with("<!--") {
            let end = self.rest[2..].find("-->").map_or(self.rest.len(), |at| at + 5);
            self.take(end);
            return Some(Token::Hidden);
        }
        if let Some(content) = self.rest.strip_prefix("<![CDATA[") {
            let (text, rest) = content.split_once("]]>").unwrap_or((content, ""));
            self.rest = rest;
            return Some(Token::Text(text));
        }
        match self.rest.as_bytes().get(2) {
            Some(b'[' | b'a'..=b'z' | b'A'..=b'Z') => self.up_to_close(),
            _ => None,
        }
    }

    fn up_to_close(&mut self) -> Option<Token<'a>> {
        let end = self.close()?;
        self.take(end + 1);
        Some(Token::Hidden)
    }

    fn end_tag(&mut self) -> Option<Token<'a>> {
        let name = tag_name(&self.rest[2..])?;
        let Some(end) = self.close() else { return self.truncated(name, &self.rest[2 + name.len()..]) };
        let attributes = &self.rest[2 + name.len()..end];
        is_tag(name, attributes).then(|| {
            self.take(end + 1);
            Token::Close { name }
        })
    }

    fn start_tag(&mut self) -> Option<Token<'a>> {
        let name = tag_name(&self.rest[1..])?;
        let Some(end) = self.tag_end() else { return self.truncated(name, &self.rest[1 + name.len()..]) };
        let attributes = &self.rest[1 + name.len()..end];
        if !is_tag(name, attributes) {
            return None;
        }
        self.take(end + 1);
        if flow(name) == Some(Flow::Dropped) && !attributes.ends_with('/') {
            let content = content_end(self.rest, name).unwrap_or(self.rest.len());
            self.take(content);
            return Some(Token::Hidden);
        }
        Some(Token::Open { name, attributes })
    }

    /// An excerpt may have been cut within a tag. What looks like that is dropped, anything else is text.
    fn truncated(&mut self, name: &str, attributes: &str) -> Option<Token<'a>> {
        let flow = flow(name)?;
        let cut = &attributes[..attributes.find('<').unwrap_or(attributes.len())];
        let bare = cut.trim_end_matches(['/', ' ']).is_empty();
        let at_end = cut.len() == attributes.len();
        (at_end && (cut.contains('=') || (bare && flow != Flow::Inline))).then(|| {
            self.rest = "";
            Token::Hidden
        })
    }

    /// Where the next `>` is.
    fn close(&self) -> Option<usize> {
        (self.rest.len() > self.unclosable).then(|| self.rest.find('>')).flatten()
    }

    /// Where the tag ends: at the first `>` outside the quotes of attributes.
    fn tag_end(&mut self) -> Option<usize> {
        let close = self.close()?;
        if !self.trust_quotes {
            return Some(close);
        }
        let end = unquoted_close(self.rest);
        self.trust_quotes = end.is_some();
        end.or(Some(close))
    }
}

/// The name that stands here, if a tag can go on like this: `<b>`, `<b class=x>`, `<br/>`, but not `<https://…>`.
fn tag_name(text: &str) -> Option<&str> {
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b':' | b'-' | b'_');
    let name = &text[..text.bytes().take_while(|b| is_name(b)).count()];
    let goes_on = matches!(text.as_bytes().get(name.len()), None | Some(b'>' | b'/' | b'<'))
        || text[name.len()..].starts_with(|c: char| c.is_ascii_whitespace());
    (goes_on && !name.ends_with(':')).then_some(name)
}

/// A name that HTML does not know, alone in its brackets, is what a person wrote: `<ironie>`.
fn is_tag(name: &str, attributes: &str) -> bool {
    let is_alone = attributes.is_empty() && !name.contains(['-', ':']);
    !is_alone || flow(name).is_some()
}

/// The first `>` that is not inside a quoted attribute. A quote only begins behind a `=`.
fn unquoted_close(tag: &str) -> Option<usize> {
    let mut quote = None;
    let mut last = b' ';
    for (at, byte) in tag.bytes().enumerate() {
        match quote {
            Some(end) if byte == end => quote = None,
            Some(_) => {}
            None if byte == b'>' => return Some(at),
            None if last == b'=' && matches!(byte, b'"' | b'\'') => quote = Some(byte),
            None => {}
        }
        if !byte.is_ascii_whitespace() {
            last = byte;
        }
    }
    None
}

/// Where the end tag of this name begins.
fn content_end(text: &str, name: &str) -> Option<usize> {
    text.match_indices("</").map(|(at, _)| at).find(|at| {
        let bytes = &text.as_bytes()[at + 2..];
        bytes.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
            && !bytes.get(name.len()).is_some_and(u8::is_ascii_alphanumeric)
    })
}

/// The value of an attribute; empty if it is not there.
pub(super) fn attribute<'a>(attributes: &'a str, name: &str) -> &'a str {
    let mut rest = attributes;
    while let Some((before, after)) = rest.split_once('=') {
        let (value, next) = attribute_value(after.trim_start());
        let key = before.split(|c: char| c.is_ascii_whitespace() || c == '/').rfind(|key| !key.is_empty());
        if key.is_some_and(|key| key.eq_ignore_ascii_case(name)) {
            return value;
        }
        rest = next;
    }
    ""
}

fn attribute_value(text: &str) -> (&str, &str) {
    match text.chars().next().filter(|&c| c == '"' || c == '\'') {
        Some(quote) => text[1..].split_once(quote).unwrap_or((&text[1..], "")),
        None => text.split_at(text.find(|c: char| c.is_ascii_whitespace()).unwrap_or(text.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(html: &str) -> Vec<String> {
        tokens(html)
            .map(|token| match token {
                Token::Text(text) => format!("{text:?}"),
                Token::Open { name, .. } => format!("<{name}>"),
                Token::Close { name } => format!("</{name}>"),
                Token::Hidden => "…".to_owned(),
            })
            .collect()
    }

    #[test]
    fn tags_and_text_alternate() {
        assert_eq!(names("a<b class='x>y'>c</b >d<br/>"), [r#""a""#, "<b>", r#""c""#, "</b>", r#""d""#, "<br>"]);
    }

    #[test]
    fn what_only_looks_like_a_tag_is_text() {
        for text in
            ["I <3 it", "a < b > c", "<https://example.org/>", "<me@example.org>", "<>", "</>", "<ironie>", "<!!>"]
        {
            assert!(tokens(text).all(|token| matches!(token, Token::Text(_))), "{text}");
        }
    }

    #[test]
    fn scripts_and_comments_are_hidden() {
        assert_eq!(
            names("a<script>if (a<b) {}</SCRIPT>b<!-- c>d -->e"),
            [r#""a""#, "…", "</SCRIPT>", r#""b""#, "…", r#""e""#]
        );
        assert_eq!(names("<!-->a<!DOCTYPE html>b<style>c"), ["…", r#""a""#, "…", r#""b""#, "…"]);
    }

    #[test]
    fn a_quote_without_end_hides_no_more_than_its_tag() {
        assert_eq!(names("<a title=\"x>b</a><i>c</i>"), ["<a>", r#""b""#, "</a>", "<i>", r#""c""#, "</i>"]);
    }

    #[test]
    fn a_tag_that_the_end_cuts_off_is_dropped() {
        assert_eq!(names("Mehr<a href=\"https://exam"), [r#""Mehr""#, "…"]);
        assert_eq!(names("Mehr<br"), [r#""Mehr""#, "…"]);
        assert_eq!(names("i <b"), [r#""i ""#, r#""<b""#]);
    }

    #[test]
    fn an_attribute_is_found_among_others() {
        let attributes = r#" class=wp-smiley data-alt="x" ALT = "🙂" title='a=b' /"#;
        assert_eq!(attribute(attributes, "alt"), "🙂");
        assert_eq!(attribute(attributes, "class"), "wp-smiley");
        assert_eq!(attribute(attributes, "title"), "a=b");
        assert_eq!(attribute(attributes, "src"), "");
    }
}
