//! Sets text: collapses white space, breaks lines, drops what no reader sees.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::character::{Role, is_pictorial, role};

/// A plain text in the making. White space is kept back until something visible follows, so that none is left over.
pub(super) struct Layout {
    out: String,
    /// Bytes at which the text is long enough.
    enough: usize,
    /// Line breaks of the source part lines too, not only those that markup makes.
    pub(super) keeps_lines: bool,
    space: bool,
    breaks: usize,
    bullet: bool,
    joiner: bool,
}

impl Layout {
    /// An empty text that shall not grow much beyond `enough` bytes.
    pub(super) fn new(keeps_lines: bool, enough: usize) -> Self {
        Self { out: String::new(), enough, keeps_lines, space: false, breaks: 0, bullet: false, joiner: false }
    }

    /// Whether more text would be cut off anyway.
    pub(super) fn is_full(&self) -> bool {
        self.out.len() >= self.enough
    }

    /// Adds text, its runs of visible ASCII as wholes.
    pub(super) fn text(&mut self, text: &str) {
        let mut rest = text;
        while !self.is_full() {
            let word = rest.bytes().take(self.enough).take_while(u8::is_ascii_graphic).count();
            if word > 0 {
                self.begin_visible();
                self.out.push_str(&rest[..word]);
                rest = &rest[word..];
            }
            rest = rest.strip_prefix("\r\n").map_or(rest, |_| &rest[1..]);
            let Some(c) = rest.chars().next() else { return };
            if !c.is_ascii_graphic() {
                self.character(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }

    /// Adds one character.
    pub(super) fn character(&mut self, c: char) {
        match role(c) {
            Role::Shown(c) => self.shown(c),
            Role::LineBreak if self.keeps_lines => self.line_break(),
            Role::Space | Role::LineBreak => self.space(),
            Role::Joiner => self.joiner = !self.space && self.breaks == 0 && self.out.ends_with(is_pictorial),
            Role::Invisible => {}
        }
    }

    /// Parts words.
    pub(super) fn space(&mut self) {
        self.space = true;
    }

    /// Ends the line; twice leaves an empty one, more than that no more.
    pub(super) fn line_break(&mut self) {
        self.breaks = (self.breaks + 1).min(2);
    }

    /// What follows begins a line.
    pub(super) fn block(&mut self) {
        self.breaks = self.breaks.max(1);
        self.bullet = false;
    }

    /// What follows begins a line with a bullet.
    pub(super) fn item(&mut self) {
        self.block();
        self.bullet = true;
    }

    /// The text in Unicode's normal form C, cut to a number of characters.
    pub(super) fn finish(self, limit: usize) -> String {
        let mut text = match is_nfc_quick(self.out.chars()) {
            IsNormalized::Yes => self.out,
            IsNormalized::No | IsNormalized::Maybe => self.out.nfc().collect(),
        };
        if let Some((end, _)) = text.char_indices().nth(limit) {
            text.truncate(end);
            text.truncate(text.trim_end().len());
        }
        text
    }

    fn shown(&mut self, c: char) {
        let joined = self.joiner && is_pictorial(c);
        self.begin_visible();
        if joined {
            self.out.push('\u{200d}');
        }
        self.out.push(c);
    }

    fn begin_visible(&mut self) {
        if self.out.is_empty() {
            self.breaks = 0;
        } else if self.breaks > 0 {
            self.out.push_str(&"\n\n"[..self.breaks]);
        } else if self.space {
            self.out.push(' ');
        }
        if self.bullet {
            self.out.push_str("- ");
        }
        (self.space, self.breaks, self.bullet, self.joiner) = (false, 0, false, false);
    }
}
