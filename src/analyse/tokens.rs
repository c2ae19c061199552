//! A text taken apart, in one pass: words with a folded key, emoji and emoticons, the marks that end clauses.

use std::ops::Range;

use super::grade;
use super::hash::{self, Hash};
use super::symbols::Symbols;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// Letters or digits.
    Word,
    /// A name of the brand, which says nothing about the mood.
    Brand,
    /// An emoji or emoticon, by its valence.
    Symbol(f64),
    /// A written grade, by its valence.
    Grade(f64),
    /// Punctuation that ends a clause or a sentence.
    Mark(Mark),
}

/// What ends a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// `,` `;` `:` `(` `)` or a dash: the clause ends.
    Pause,
    /// `.` `…` or a new line: the sentence ends.
    Stop,
    /// `?`
    Question,
    /// As many `!` as stand together.
    Exclamation(u8),
}

impl Mark {
    const fn hash(self) -> Hash {
        match self {
            Self::Pause => hash::of(b","),
            Self::Stop => hash::of(b"."),
            Self::Question => hash::of(b"?"),
            Self::Exclamation(1) => hash::of(b"!"),
            Self::Exclamation(_) => hash::of(b"!!"),
        }
    }
}

/// A piece of the text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    /// Bytes of the text.
    pub(super) span: Range<usize>,
    pub(super) kind: Kind,
    /// Of the key; where there is none, of the symbol or of the kind of mark.
    pub(super) hash: Hash,
    /// Of the word in lower case as it was spelled, which tells languages apart.
    pub(super) spelling: Hash,
    /// The word in lower case without umlauts, letters at most twice in a row; bytes of [`Text::folded`].
    key: Range<usize>,
    /// The same with single letters, where a letter stood three times or more ("sooo", "niiie").
    squeezed: Option<Range<usize>>,
    /// Three letters or more, all of them capitals.
    pub(super) loud: bool,
}

impl Token {
    /// Makes it, up to the byte `end`, a name of the brand, whatever it was.
    pub(super) fn mask(&mut self, hash: Hash, end: usize) {
        let span = self.span.start..end;
        *self = Self { span, kind: Kind::Brand, hash, spelling: hash, key: 0..0, squeezed: None, loud: false };
    }

    pub(super) fn is_word(&self) -> bool {
        self.kind == Kind::Word
    }

    pub(super) fn is_mark(&self) -> bool {
        matches!(self.kind, Kind::Mark(_))
    }
}

/// A text and its tokens.
#[derive(Debug)]
pub(super) struct Text<'a> {
    pub(super) source: &'a str,
    pub(super) tokens: Vec<Token>,
    folded: String,
    /// Whether a web address stands in it.
    pub(super) has_address: bool,
    /// Whether somebody is addressed by a handle in it.
    pub(super) has_handle: bool,
}

impl Text<'_> {
    /// The folded word; empty for what is no word.
    pub(super) fn key(&self, token: &Token) -> &str {
        &self.folded[token.key.clone()]
    }

    /// The folded word without its stretched letters, where it has some.
    pub(super) fn squeezed(&self, token: &Token) -> Option<&str> {
        token.squeezed.clone().map(|range| &self.folded[range])
    }

    /// The words in order, folded.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.tokens.iter().filter(|token| token.is_word()).map(|token| self.key(token))
    }
}

/// The hash of every grade: what it is worth is known.
const GRADE: Hash = hash::of(b"\0grade");

/// Takes a text apart. Handles, mail and web addresses are passed over: a brand called "united" is not happy.
pub(super) fn tokenize<'a>(source: &'a str, symbols: &Symbols) -> Text<'a> {
    let mut text = Text {
        source,
        tokens: Vec::with_capacity(source.len() / 5 + 4),
        folded: String::with_capacity(source.len() + 16),
        has_address: false,
        has_handle: false,
    };
    let mut at = 0;
    while let Some(first) = source[at..].chars().next() {
        let rest = &source[at..];
        at += if let Some(length) = address(rest, first) {
            text.has_address |= first != '@';
            text.has_handle |= first == '@';
            length
        } else if let Some((length, valence)) = grade::at(source, at) {
            push(&mut text, at..at + length, Kind::Grade(valence), GRADE);
            length
        } else if let Some((length, valence)) = symbols.at(rest, first) {
            let hash = hash::of(&rest.as_bytes()[..first.len_utf8().max(length.min(2))]);
            push(&mut text, at..at + length, Kind::Symbol(valence), hash);
            length
        } else if first.is_alphanumeric() {
            word(&mut text, at)
        } else {
            mark(&mut text, at, first)
        };
    }
    text
}

/// The length of the web address or handle that `rest` begins with.
fn address(rest: &str, first: char) -> Option<usize> {
    let web = matches!(first, 'h' | 'w') && ["http://", "https://", "www."].iter().any(|start| rest.starts_with(start));
    if web {
        return Some(rest.find(char::is_whitespace).unwrap_or(rest.len()));
    }
    let name = rest.strip_prefix('@')?;
    let length = name.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(name.len());
    (length > 0).then_some(1 + length)
}

/// Takes the word at `start` and returns its length in bytes.
fn word(text: &mut Text<'_>, start: usize) -> usize {
    let rest = &text.source[start..];
    let length = word_length(rest);
    if let Some(host) = rest[length..].strip_prefix('@')
        && host.starts_with(char::is_alphanumeric)
    {
        return rest.find(char::is_whitespace).unwrap_or(rest.len());
    }
    let written = &rest[..length];
    let key = text.folded.len();
    let stretched = fold_into(&mut text.folded, written, 2);
    let key = key..text.folded.len();
    let hash = hash::of(text.folded[key.clone()].as_bytes());
    let spelling = if written.is_ascii() && !stretched { hash } else { spelling(written) };
    let squeezed = stretched.then(|| {
        fold_into(&mut text.folded, written, 1);
        key.end..text.folded.len()
    });
    let span = start..start + length;
    text.tokens.push(Token { span, kind: Kind::Word, hash, spelling, key, squeezed, loud: is_loud(written) });
    length
}

/// The hash of a word in lower case, with its accents and stretched letters.
fn spelling(written: &str) -> Hash {
    let mut bytes = [0; 4];
    let push = |hash, c| lower(c).encode_utf8(&mut bytes).bytes().fold(hash, hash::push);
    hash::finished(written.chars().fold(hash::START, push))
}

/// Three letters or more, all of them capitals.
fn is_loud(written: &str) -> bool {
    if written.starts_with(char::is_lowercase) {
        return false;
    }
    written.chars().filter(|c| c.is_alphabetic()).nth(2).is_some() && !written.chars().any(char::is_lowercase)
}

/// Letters, digits and what belongs inside a word: apostrophes between letters, combining accents.
fn word_length(rest: &str) -> usize {
    let mut chars = rest.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let inside = c.is_alphanumeric()
            || is_accent(c)
            || is_apostrophe(c) && chars.peek().is_some_and(|(_, next)| next.is_alphanumeric());
        if !inside {
            return at;
        }
    }
    rest.len()
}

/// Takes a mark, or passes over what is none, and returns the length in bytes.
fn mark(text: &mut Text<'_>, at: usize, first: char) -> usize {
    let rest = &text.source[at..];
    let run = rest.len() - rest.trim_start_matches(first).len();
    let after = rest[run..].chars().next();
    let mark = match first {
        '!' | '！' => Mark::Exclamation(u8::try_from(run / first.len_utf8()).unwrap_or(u8::MAX)),
        '?' | '？' => Mark::Question,
        '.' if run == 1 && after.is_some_and(|c| c.is_ascii_digit() || c.is_lowercase()) => return run,
        '.' | '…' | '\n' | '。' => Mark::Stop,
        ',' if after.is_some_and(|c| c.is_ascii_digit()) => return run,
        ',' | ';' | ':' | '(' | ')' | '[' | ']' | '–' | '—' | '|' => Mark::Pause,
        '-' if after.is_none_or(char::is_whitespace) && !rest.starts_with("--") => Mark::Pause,
        // The whole run at once, lest a long one be measured again and again.
        _ => return run,
    };
    push(text, at..at + run, Kind::Mark(mark), mark.hash());
    run
}

fn push(text: &mut Text<'_>, span: Range<usize>, kind: Kind, hash: Hash) {
    text.tokens.push(Token { span, kind, hash, spelling: hash, key: 0..0, squeezed: None, loud: false });
}

/// The key under which a word is looked up: lower case, ä as ae, ß as ss, apostrophes alike.
pub(super) fn fold(word: &str) -> String {
    let mut key = String::with_capacity(word.len() + 2);
    fold_into(&mut key, word, 2);
    key
}

/// Appends the key, in which a letter that stands three times or more in a row stands `limit` times; whether one did.
fn fold_into(key: &mut String, word: &str, limit: usize) -> bool {
    let mut stretched = false;
    let mut chars = word.chars().map(lower).peekable();
    while let Some(c) = chars.next() {
        let mut run = 1;
        while c.is_alphabetic() && chars.next_if_eq(&c).is_some() {
            run += 1;
        }
        stretched |= run > 2;
        for _ in 0..if run > 2 { limit } else { run } {
            push_folded(key, c);
        }
    }
    stretched
}

fn push_folded(key: &mut String, c: char) {
    match c {
        'ä' => key.push_str("ae"),
        'ö' => key.push_str("oe"),
        'ü' => key.push_str("ue"),
        'ß' => key.push_str("ss"),
        // The umlaut of "u" + U+0308, as some systems write it.
        '\u{308}' => key.push('e'),
        c if is_apostrophe(c) => key.push('\''),
        c if is_accent(c) => {}
        c => key.push(c),
    }
}

fn lower(c: char) -> char {
    if c.is_ascii() { c.to_ascii_lowercase() } else { c.to_lowercase().next().unwrap_or(c) }
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '`' | '´')
}

fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn symbols() -> Symbols {
        Symbols::parse("# smiles\n2\t:) :-) 😊 ❤️\n-2\t:( :-(( 😡\n1\t:D xD\n")
    }

    fn keys(source: &str) -> Vec<String> {
        tokenize(source, &symbols()).words().map(str::to_owned).collect()
    }

    fn marks(source: &str) -> Vec<Mark> {
        let marks = |token: Token| if let Kind::Mark(mark) = token.kind { Some(mark) } else { None };
        tokenize(source, &symbols()).tokens.into_iter().filter_map(marks).collect()
    }

    #[test]
    fn umlauts_are_one_whether_written_out_composed_or_decomposed() {
        assert_eq!(keys("Müll MUELL mu\u{308}ll Straße STRASSE"), ["muell", "muell", "muell", "strasse", "strasse"]);
    }

    #[test]
    fn stretched_letters_are_kept_twice_and_once() {
        let text = tokenize("sooo schööön tolllll Schifffahrt", &symbols());
        let squeezed: Vec<_> = text.tokens.iter().filter_map(|token| text.squeezed(token)).collect();
        assert_eq!(text.words().collect::<Vec<_>>(), ["soo", "schoeoen", "toll", "schiffahrt"]);
        assert_eq!(squeezed, ["so", "schoen", "tol", "schifahrt"]);
        assert_eq!(keys("1000 Kaffee"), ["1000", "kaffee"]);
    }

    #[test]
    fn addresses_and_handles_are_no_words() {
        assert_eq!(keys("@united www.toll.de https://super.example/gut?x=1 ich@gut.example geht's"), ["geht's"]);
        assert!(tokenize("siehe https://a.example", &symbols()).has_address);
        assert!(!tokenize("hallo @jemand", &symbols()).has_address);
    }

    #[test]
    fn a_hashtag_is_its_word() {
        assert_eq!(keys("#Schlecht"), ["schlecht"]);
    }

    #[test]
    fn symbols_and_grades_are_no_words_and_not_inside_of_words() {
        let valences = |source| -> Vec<f64> {
            let valence = |token: Token| match token.kind {
                Kind::Symbol(valence) | Kind::Grade(valence) => Some(valence),
                _ => None,
            };
            tokenize(source, &symbols()).tokens.into_iter().filter_map(valence).collect()
        };
        assert_eq!(valences("gut:) 😊❤️ :D 10/10 xD"), [2.0, 2.0, 2.0, 1.0, 3.2, 1.0]);
        assert_eq!(valences("um 10:Der :Dort foxD xDer am 5/10/2023"), [0.0; 0]);
        assert_eq!(keys("xD Test 3/5"), ["test"]);
    }

    #[test]
    fn marks_end_clauses_but_not_numbers_and_addresses() {
        assert_eq!(
            marks("Nein! Was?! Nur 4,5 von 5.0, siehe bahn.de."),
            [Mark::Exclamation(1), Mark::Question, Mark::Exclamation(1), Mark::Pause, Mark::Stop]
        );
        assert_eq!(
            marks("Toll!!!\nGut - oder? E-Mail"),
            [Mark::Exclamation(3), Mark::Stop, Mark::Pause, Mark::Question]
        );
        assert_eq!(marks("Schlecht.Nie wieder"), [Mark::Stop]);
    }

    #[test]
    fn capitals_are_loud_from_three_letters_on() {
        let text = tokenize("NIE wieder DB und ÄTZEND 123", &symbols());
        assert_eq!(
            text.tokens.iter().map(|token| token.loud).collect::<Vec<_>>(),
            [true, false, false, false, true, false]
        );
    }
}
