//! Texts in the form in which terms are sought.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use crate::text::{fold, fold_umlauts};

/// A folded text: words apart by exactly one space, whatever white space or hyphen was there.
#[derive(Debug)]
pub(super) struct Normal {
    /// The folded text.
    pub(super) text: String,
    /// Where in the original each byte of the folded text comes from, and the length of the original at the end.
    origins: Vec<usize>,
}

impl Normal {
    /// Folds a text, with umlauts written out or not.
    pub(super) fn new(original: &str, umlauts: bool) -> Self {
        let mut normal =
            Self { text: String::with_capacity(original.len() + 8), origins: Vec::with_capacity(original.len() + 9) };
        let mut at = 0;
        while at < original.len() {
            at += normal.push_plain(&original[at..], at);
            if let Some(length) = cluster(&original[at..]) {
                normal.push(&original[at..at + length], &original[at + length..], at, umlauts);
                at += length;
            }
        }
        normal.origins.push(original.len());
        normal
    }

    /// The part of the original that a part of the folded text comes from, in whole characters: `½` folds to three.
    pub(super) fn origin(&self, range: Range<usize>) -> Range<usize> {
        let (before, after) = self.origins.split_at(range.end.min(self.origins.len()));
        let last = before.last().copied().unwrap_or_default();
        let end = after.iter().copied().find(|&origin| origin > last).unwrap_or(last);
        self.origins.get(range.start).map_or(end..end, |&start| start..end)
    }

    /// Takes the letters and digits of ASCII that the rest begins with, but for one that a mark may follow.
    fn push_plain(&mut self, rest: &str, origin: usize) -> usize {
        let run = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let run = if rest.as_bytes().get(run).is_none_or(u8::is_ascii) { run } else { run.saturating_sub(1) };
        let start = self.text.len();
        self.text.push_str(&rest[..run]);
        self.text[start..].make_ascii_lowercase();
        self.origins.extend(origin..origin + run);
        run
    }

    fn push(&mut self, cluster: &str, after: &str, origin: usize, umlauts: bool) {
        match cluster.as_bytes() {
            [b] if b.is_ascii_alphanumeric() => self.text.push(char::from(b.to_ascii_lowercase())),
            [b] if b.is_ascii_whitespace() || *b == b'-' => self.push_gap(),
            [b'#' | b'@'] if after.starts_with(is_word) => self.push_gap(),
            [b'`'] => self.text.push('\''),
            [b] => self.text.push(char::from(*b)),
            _ => self.push_folded(cluster, umlauts),
        }
        self.origins.resize(self.text.len(), origin);
    }

    fn push_folded(&mut self, cluster: &str, umlauts: bool) {
        match cluster {
            "’" | "‘" | "ʼ" | "´" => self.text.push('\''),
            "\u{2010}" | "\u{2011}" => self.push_gap(),
            _ if cluster.chars().all(char::is_whitespace) => self.push_gap(),
            _ if umlauts => self.text.push_str(&fold_umlauts(cluster)),
            _ => self.text.push_str(&fold(cluster)),
        }
    }

    fn push_gap(&mut self) {
        if !self.text.ends_with(' ') {
            self.text.push(' ');
        }
    }
}

/// Letters, digits, the underscore and marks on letters make words.
pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || (!c.is_ascii() && is_combining_mark(c))
}

/// The length of the first character with the marks on it.
fn cluster(text: &str) -> Option<usize> {
    let mut chars = text.chars();
    let first = chars.next()?.len_utf8();
    if text.as_bytes().get(first).is_none_or(u8::is_ascii) {
        return Some(first);
    }
    Some(first + chars.take_while(|c| is_combining_mark(*c)).map(char::len_utf8).sum::<usize>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_of_every_kind_become_one_space() {
        let text = "Beispiel\u{a0}-\n Bahn, #BeispielBahn @bahn C# a_b";
        assert_eq!(Normal::new(text, false).text, "beispiel bahn, beispielbahn bahn c# a_b");
    }

    #[test]
    fn umlauts_are_written_out_only_where_asked() {
        assert_eq!(Normal::new("MU\u{308}LLERS Größe’s", false).text, "müllers grösse's");
        assert_eq!(Normal::new("MU\u{308}LLERS Größe’s", true).text, "muellers groesse's");
    }

    #[test]
    fn parts_lead_back_to_the_original() {
        let text = "im  Ｂä\u{308}r-Haus";
        let normal = Normal::new(text, true);
        let at = normal.text.find("haus").unwrap();
        assert_eq!(&text[normal.origin(at..at + 4)], "Haus");
        assert_eq!(&text[normal.origin(3..at - 1)], "Ｂä\u{308}r");
    }
}
