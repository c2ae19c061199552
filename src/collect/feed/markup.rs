//! Markup as it is, not as it should be: a forgiving reader of tags that never fails and never looks at a byte twice.
//!
//! It knows nothing of nesting but the content of one element. Prolog, comments, instructions and DOCTYPE are passed over; a `<` that
//! begins none of these and no tag is text.

use std::borrow::Cow;
use std::ops::Range;

use text::is_name_start;
pub(super) use text::{inner, plain};

mod text;

/// A tag that opens (or opens and closes) an element.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::collect) struct Tag<'a> {
    /// As written, with its prefix.
    pub(in crate::collect) name: &'a str,
    /// What stands between name and end.
    attributes: &'a str,
    /// `<name/>`
    pub(in crate::collect) empty: bool,
}

/// A tag.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::collect) enum Token<'a> {
    /// `<name …>` or `<name …/>`
    Start(Tag<'a>),
    /// `</name>`
    End(&'a str),
}

/// What stands between an element's tags.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Content<'a> {
    /// As written.
    pub(super) raw: &'a str,
    /// Whether there are tags in it (outside CDATA).
    pub(super) nested: bool,
    /// Whether the end was found, or at least something that can only come after it.
    pub(super) ended: bool,
}

/// A position in a text, moving from tag to tag.
pub(in crate::collect) struct Markup<'a> {
    text: &'a str,
    at: usize,
    /// Where the last token began.
    begin: usize,
    /// Ends (`-->`, `]]>`, …) that do not occur any more: so that a text full of unended comments is searched once, not once for each.
    absent: Vec<&'static str>,
}

impl<'a> Tag<'a> {
    /// The name without its prefix.
    pub(super) fn local(&self) -> &'a str {
        self.name.rsplit_once(':').map_or(self.name, |(_, local)| local)
    }

    /// The prefix, if there is one.
    pub(super) fn prefix(&self) -> Option<&'a str> {
        self.name.rsplit_once(':').map(|(prefix, _)| prefix)
    }

    /// The value of an attribute, by its name with prefix.
    pub(in crate::collect) fn attribute(&self, name: &str) -> Option<Cow<'a, str>> {
        self.attributes().find(|(candidate, _)| candidate.eq_ignore_ascii_case(name)).map(|(_, value)| plain(value))
    }

    /// Whether an attribute is there, with a value or without.
    pub(in crate::collect) fn has(&self, name: &str) -> bool {
        let mut rest = self.attributes;
        while let Some((names, after)) = rest.split_once('=') {
            if names.split_whitespace().any(|candidate| candidate.eq_ignore_ascii_case(name)) {
                return true;
            }
            rest = value(after).1;
        }
        rest.split_whitespace().any(|candidate| candidate.eq_ignore_ascii_case(name))
    }

    /// Names and values as written, whatever the quotes.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let mut rest = self.attributes;
        std::iter::from_fn(move || {
            let (name, after) = rest.split_once('=')?;
            let (value, left) = value(after);
            rest = left;
            Some((name.split_whitespace().next_back().unwrap_or_default(), value))
        })
    }
}

/// The value that begins behind a `=`, and what follows it.
fn value(after: &str) -> (&str, &str) {
    let after = after.trim_start();
    match after.chars().next() {
        Some(quote @ ('"' | '\'')) => after[1..].split_once(quote).unwrap_or((&after[1..], "")),
        _ => after.split_once(char::is_whitespace).unwrap_or((after, "")),
    }
}

impl<'a> Markup<'a> {
    pub(in crate::collect) fn new(text: &'a str) -> Self {
        Self { text, at: 0, begin: 0, absent: Vec::new() }
    }

    /// The next tag.
    pub(in crate::collect) fn token(&mut self) -> Option<Token<'a>> {
        loop {
            self.at += self.text[self.at..].find('<')?;
            let rest = &self.text[self.at..];
            let next = rest[1..].chars().next()?;
            self.begin = self.at;
            if let Some((begin, end)) = passed_over(rest) {
                self.pass(begin, end);
            } else if next == '/' {
                return Some(self.end_tag(&rest[2..]));
            } else if let (true, Some((inside, length))) = (is_name_start(next), tag_inside(&rest[1..])) {
                self.at += 1 + length;
                return Some(Token::Start(tag(inside)));
            } else {
                self.at += 1;
            }
        }
    }

    /// Where the last token stands in the text, in bytes.
    pub(in crate::collect) fn span(&self) -> Range<usize> {
        self.begin..self.at
    }

    /// What stands before the end tag of this name, whatever it is: for scripts and styles. The reader then stands before
    /// that.
    pub(in crate::collect) fn verbatim(&mut self, name: &str) -> &'a str {
        let rest = &self.text[self.at..];
        let is_end = |at: &usize| {
            rest.as_bytes()[at + 2..].get(..name.len()).is_some_and(|end| end.eq_ignore_ascii_case(name.as_bytes()))
        };
        let end = rest.match_indices("</").map(|(at, _)| at).find(is_end).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    /// The content of the element that `tag` has just opened; the reader then stands behind its end.
    ///
    /// Where the end tag is missing, the content ends before the first token that `stops` it.
    pub(super) fn content(&mut self, tag: &Tag, stops: impl Fn(&Token) -> bool) -> Content<'a> {
        let (start, mut depth, mut nested) = (self.at, 0_usize, false);
        let text = self.text;
        let raw = |end| &text[start..end];
        if tag.empty {
            return Content { raw: "", nested, ended: true };
        }
        loop {
            let Some(token) = self.token() else { return Content { raw: raw(text.len()), nested, ended: false } };
            match token {
                Token::End(name) if name.eq_ignore_ascii_case(tag.name) => match depth.checked_sub(1) {
                    Some(less) => depth = less,
                    None => return Content { raw: raw(self.begin), nested, ended: true },
                },
                _ if stops(&token) => {
                    self.unread();
                    return Content { raw: raw(self.begin), nested, ended: true };
                }
                Token::Start(inner) if inner.name.eq_ignore_ascii_case(tag.name) && !inner.empty => depth += 1,
                _ => {}
            }
            nested |= matches!(token, Token::Start(_));
        }
    }

    /// Moves back in front of the token that was just read.
    pub(super) fn unread(&mut self) {
        self.at = self.begin;
    }

    fn end_tag(&mut self, inside: &'a str) -> Token<'a> {
        let end = inside.find(['<', '>']).unwrap_or(inside.len());
        self.at += 2 + end + usize::from(inside[end..].starts_with('>'));
        Token::End(inside[..end].trim())
    }

    /// Skips to the end of a comment and the like; where there is none, only over its beginning.
    fn pass(&mut self, begin: &'static str, end: &'static str) {
        self.at += begin.len();
        if self.absent.contains(&end) {
            return;
        }
        match self.text[self.at..].find(end) {
            Some(length) => self.at += length + end.len(),
            None => self.absent.push(end),
        }
    }
}

/// What is no tag: how it begins and how it ends.
fn passed_over(rest: &str) -> Option<(&'static str, &'static str)> {
    let declaration = || rest.starts_with("<!").then(|| if has_subset(rest) { ("<!", "]") } else { ("<!", ">") });
    [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")]
        .into_iter()
        .find(|(begin, _)| rest.starts_with(begin))
        .or_else(declaration)
}

/// Whether a `[` opens before the declaration ends (or anything else begins).
fn has_subset(rest: &str) -> bool {
    rest[1..].find(['[', '>', '<']).is_some_and(|at| rest[1 + at..].starts_with('['))
}

/// What stands between `<` and `>` and how long that is with its `>`; `>` in quotes do not count, but a `<` always begins a new tag.
fn tag_inside(rest: &str) -> Option<(&str, usize)> {
    let mut quote = None;
    let end = rest.bytes().enumerate().find_map(|(at, byte)| match (byte, quote) {
        (b'<', _) => Some(None),
        (b'>', None) => Some(Some(at)),
        (b'"' | b'\'', None) => {
            quote = Some(byte);
            None
        }
        (_, Some(open)) if byte == open => {
            quote = None;
            None
        }
        _ => None,
    });
    // A quote that never closes swallows the end: then the first `>` is taken for it.
    let end = end.flatten().or_else(|| rest.find(['<', '>']).filter(|at| rest[*at..].starts_with('>')))?;
    Some((&rest[..end], end + 1))
}

fn tag(inside: &str) -> Tag<'_> {
    let (inside, empty) = inside.strip_suffix('/').map_or((inside, false), |inside| (inside, true));
    let end = inside.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(inside.len());
    Tag { name: &inside[..end], attributes: &inside[end..], empty }
}

#[cfg(test)]
mod tests;
