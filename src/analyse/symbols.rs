//! Emoji and emoticons with their valence.

use rustc_hash::FxHashMap;

/// Emoji and emoticons with their valence.
#[derive(Debug, Default)]
pub(super) struct Symbols {
    emoji: FxHashMap<char, f64>,
    /// By what they begin with; the longest first, so that `:-((` is not read as `:-(`.
    emoticons: FxHashMap<char, Vec<(Box<str>, f64)>>,
}

impl Symbols {
    /// Reads lines of `VALENCE<tab>symbol symbol …`; `#` followed by a space begins a comment.
    pub(super) fn parse(lines: &str) -> Self {
        let mut symbols = Self::default();
        for (value, entries) in lines.lines().filter_map(|line| line.split_once('\t')) {
            let Ok(value) = value.parse::<f64>() else { continue };
            for entry in entries.split_whitespace() {
                let mut chars = entry.chars().filter(|&c| !is_joiner(c));
                match (chars.next(), chars.next()) {
                    (Some(emoji), None) => drop(symbols.emoji.insert(emoji, value)),
                    (Some(first), _) => symbols.emoticons.entry(first).or_default().push((entry.into(), value)),
                    (None, _) => {}
                }
            }
        }
        for emoticons in symbols.emoticons.values_mut() {
            emoticons.sort_by_key(|(emoticon, _)| std::cmp::Reverse(emoticon.len()));
        }
        symbols
    }

    /// The symbol that `rest` begins with: its length in bytes and its valence. No word stands right before `rest`.
    pub(super) fn at(&self, rest: &str, first: char) -> Option<(usize, f64)> {
        if !first.is_ascii() {
            return self.emoji.get(&first).map(|&valence| (first.len_utf8(), valence));
        }
        self.emoticons.get(&first)?.iter().find_map(|(emoticon, valence)| {
            let tail = rest.strip_prefix(&**emoticon)?;
            let last = emoticon.chars().next_back()?;
            // ":)))" is one smile, and so is "xDDD".
            let repeated = tail.len() - tail.trim_start_matches(last).len();
            let goes_on = last.is_alphanumeric() && tail[repeated..].starts_with(char::is_alphanumeric);
            (!goes_on).then_some((emoticon.len() + repeated, *valence))
        })
    }
}

/// Variation selectors, skin tones and the like, which change a symbol's looks and not its mood.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{fe0e}' | '\u{fe0f}' | '\u{200d}' | '\u{1f3fb}'..='\u{1f3ff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(rest: &str) -> Option<(usize, f64)> {
        let symbols = Symbols::parse("# smiles\n2\t:) 😊 ❤️ xD\n-2\t:-( :-(( T_T\n1\t:D\n");
        symbols.at(rest, rest.chars().next()?)
    }

    #[test]
    fn the_longest_emoticon_is_read_and_its_end_repeated() {
        assert_eq!([":-((", ":))) ja", "xDDD"].map(read), [Some((4, -2.0)), Some((4, 2.0)), Some((4, 2.0))]);
    }

    #[test]
    fn what_goes_on_like_a_word_is_no_emoticon() {
        assert_eq!([":Der", "xDs", "T_Ts", "xd"].map(read), [None; 4]);
        assert_eq!(["T_T", ":D."].map(read), [Some((3, -2.0)), Some((2, 1.0))]);
    }

    #[test]
    fn an_emoji_is_one_however_it_is_coloured() {
        assert_eq!(read("❤️"), Some((3, 2.0)));
        assert_eq!(read("❤"), Some((3, 2.0)));
    }
}
