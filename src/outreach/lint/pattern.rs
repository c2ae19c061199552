//! Turns of phrase, in files beside the code that people who know the language can read and add to.
//!
//! A file has parts, each headed by its name in brackets, with a pattern a line; `# ` begins a remark. A pattern is a row of
//!
//! | piece | what fits |
//! |---|---|
//! | `word`, `one\|other` | the word, one of the words; case and the spelling of umlauts do not matter |
//! | `Sie` | the word with a capital |
//! | `wort*`, `*wort`, `*wort*` | a word that begins with it, ends with it, has it anywhere |
//! | `@name` | one of the words of a line `@name = one\|other` further up |
//! | `#`, `%`, `*` | something that begins with a figure, with a capital, anything |
//! | `(word)` | the word, or nothing |
//! | `…`, `..` | at most six words, at most two |
//! | `!word` | nothing, where this word does not follow |
//! | `^`, `$`, `,`, `?` | nothing, at the beginning and at the end of the sentence, where a clause ends, in a question |
//! | `=word` | the word, and it is what matters |

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::words::{Sentence, Word};
use crate::text::fold_umlauts;

/// How many words `…` and `..` stand for at most.
const GAP: usize = 6;
const SHORT_GAP: usize = 2;

/// Where a pattern fits, in words of the sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Match {
    /// All of it.
    pub(super) words: Range<usize>,
    /// What matters in it: the last piece with `=`.
    pub(super) key: Option<usize>,
}

/// The patterns of a file, by the part that they stand in.
#[derive(Debug, Default)]
pub(super) struct Patterns(FxHashMap<String, Vec<Vec<Piece>>>);

#[derive(Clone, Debug)]
enum Piece {
    Word { forms: Vec<Form>, is_key: bool, is_optional: bool },
    Not(Vec<Form>),
    Gap(usize),
    Start,
    End,
    Pause,
    Question,
}

#[derive(Clone, Debug)]
enum Form {
    Any,
    Number,
    Capital,
    Written { text: String, open: (bool, bool), is_capital: bool },
}

impl Form {
    fn parse(written: &str) -> Self {
        match written {
            "*" => return Self::Any,
            "#" => return Self::Number,
            "%" => return Self::Capital,
            _ => {}
        }
        let bare = written.trim_matches('*');
        Self::Written {
            text: fold_umlauts(bare),
            open: (written.starts_with('*'), written.ends_with('*')),
            is_capital: bare.starts_with(char::is_uppercase),
        }
    }

    fn fits(&self, word: &Word) -> bool {
        match self {
            Self::Any => true,
            Self::Number => word.folded.starts_with(|c: char| c.is_ascii_digit()),
            Self::Capital => word.is_capital,
            Self::Written { is_capital: true, .. } if !word.is_capital => false,
            Self::Written { text, open, .. } => match open {
                (false, false) => word.folded == *text,
                (false, true) => word.folded.starts_with(text),
                (true, false) => word.folded.ends_with(text),
                (true, true) => word.folded.contains(text),
            },
        }
    }
}

impl Patterns {
    /// Reads files one after another; what one names by `@`, the next ones know. The error is the line that cannot be read.
    pub(super) fn parse(files: &[&str]) -> Result<Self, String> {
        let mut patterns = Self::default();
        let mut names: FxHashMap<&str, Vec<Form>> = FxHashMap::default();
        let mut part = String::new();
        let lines = files.iter().flat_map(|file| file.lines()).map(str::trim);
        for line in lines.filter(|line| !line.is_empty() && !line.starts_with("# ")) {
            if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                name.clone_into(&mut part);
            } else if let Some((name, words)) = line.strip_prefix('@').and_then(|line| line.split_once(" = ")) {
                let words = forms(words, &names).ok_or(line)?;
                names.entry(name).or_default().extend(words);
            } else {
                let pieces: Option<Vec<Piece>> = line.split_whitespace().map(|piece| read(piece, &names)).collect();
                let pieces = pieces.filter(|pieces| is_bounded(pieces)).ok_or(line)?;
                patterns.0.entry(part.clone()).or_default().push(pieces);
            }
        }
        Ok(patterns)
    }

    /// Where the patterns of a part fit, each as often as it does.
    pub(super) fn find(&self, part: &str, sentence: &Sentence) -> Vec<Match> {
        let mut found = Vec::new();
        for pattern in self.0.get(part).into_iter().flatten() {
            let mut at = 0;
            while at < sentence.words.len() {
                match fit(pattern, sentence, at, None) {
                    Some((end, key)) if end > at => {
                        found.push(Match { words: at..end, key });
                        at = end;
                    }
                    _ => at += 1,
                }
            }
        }
        found.sort_by_key(|one| (one.words.start, one.words.end));
        found
    }

    /// Whether a word alone fits one of them.
    pub(super) fn has(&self, part: &str, word: &Word) -> bool {
        self.0.get(part).into_iter().flatten().any(|pattern| match pattern.as_slice() {
            [Piece::Word { forms, .. }] => forms.iter().any(|form| form.fits(word)),
            _ => false,
        })
    }

    /// The names of the parts.
    pub(super) fn parts(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The parts in which a word alone fits a pattern.
    pub(super) fn parts_with(&self, word: &Word) -> impl Iterator<Item = &str> {
        self.parts().filter(|part| self.has(part, word))
    }

    /// Whether one of them fits anywhere.
    pub(super) fn fit(&self, part: &str, sentence: &Sentence) -> bool {
        !self.find(part, sentence).is_empty()
    }
}

/// Whether a pattern begins and ends with something that has to be there; else it would fit without it.
fn is_bounded(pieces: &[Piece]) -> bool {
    let is_open =
        |piece: Option<&Piece>| matches!(piece, None | Some(Piece::Gap(_) | Piece::Word { is_optional: true, .. }));
    !is_open(pieces.first()) && !is_open(pieces.last())
}

fn forms(written: &str, names: &FxHashMap<&str, Vec<Form>>) -> Option<Vec<Form>> {
    let mut forms = Vec::new();
    for one in written.split('|').filter(|one| !one.is_empty()) {
        match one.strip_prefix('@') {
            Some(name) => forms.extend(names.get(name)?.iter().cloned()),
            None => forms.push(Form::parse(one)),
        }
    }
    (!forms.is_empty()).then_some(forms)
}

fn read(piece: &str, names: &FxHashMap<&str, Vec<Form>>) -> Option<Piece> {
    Some(match piece {
        "…" => Piece::Gap(GAP),
        ".." => Piece::Gap(SHORT_GAP),
        "^" => Piece::Start,
        "$" => Piece::End,
        "," => Piece::Pause,
        "?" => Piece::Question,
        _ => {
            if let Some(words) = piece.strip_prefix('!') {
                return Some(Piece::Not(forms(words, names)?));
            }
            let inner = piece.strip_prefix('(').and_then(|piece| piece.strip_suffix(')'));
            let words = inner.unwrap_or(piece);
            let key = words.strip_prefix('=');
            let (is_key, is_optional) = (key.is_some(), inner.is_some());
            Piece::Word { forms: forms(key.unwrap_or(words), names)?, is_key, is_optional }
        }
    })
}

/// Whether the pieces fit the words from `at` on: behind the last one, and which one matters.
fn fit(pieces: &[Piece], sentence: &Sentence, at: usize, key: Option<usize>) -> Option<(usize, Option<usize>)> {
    let Some((piece, rest)) = pieces.split_first() else { return Some((at, key)) };
    let words = &sentence.words;
    let is_one = |forms: &[Form]| words.get(at).is_some_and(|word| forms.iter().any(|form| form.fits(word)));
    let holds = match piece {
        Piece::Word { forms, is_key, is_optional } => {
            let taken =
                is_one(forms).then(|| fit(rest, sentence, at + 1, if *is_key { Some(at) } else { key })).flatten();
            return taken.or_else(|| if *is_optional { fit(rest, sentence, at, key) } else { None });
        }
        Piece::Gap(most) => {
            let last = words.len().min(at + most);
            return (at..=last).find_map(|next| fit(rest, sentence, next, key));
        }
        Piece::Not(forms) => !is_one(forms),
        Piece::Start => at == 0,
        Piece::End => at == words.len(),
        Piece::Pause => at > 0 && (at == words.len() || words[at - 1].ends_clause),
        Piece::Question => sentence.is_question,
    };
    if holds { fit(rest, sentence, at, key) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outreach::lint::words::sentences;

    fn found(pattern: &str, text: &str) -> Vec<String> {
        let patterns = Patterns::parse(&["@you = Sie|du\n", &format!("[one]\n{pattern}")]).unwrap();
        let sentence = &sentences(text)[0];
        patterns.find("one", sentence).iter().map(|one| text[sentence.span(&one.words)].to_owned()).collect()
    }

    #[test]
    fn pieces_fit_words_gaps_and_marks() {
        assert_eq!(
            found("hätten @you … gelesen|geprüft", "Haetten Sie die AGB gelesen, ja"),
            ["Haetten Sie die AGB gelesen"]
        );
        assert_eq!(found("@you", "sie haben Sie, du"), ["Sie", "du"]);
        assert_eq!(found("^ danke ,", "Danke, danke"), ["Danke"]);
        assert_eq!(found("a .. b", "a x y z b"), [""; 0]);
        assert_eq!(found("a (sehr) b $", "a b a sehr b"), ["a sehr b"]);
        assert_eq!(found("not !been told", "not told not been told"), ["not told"]);
        assert_eq!(found("*straße #", "In der Hauptstrasse 12 b"), ["Hauptstrasse 12"]);
        assert_eq!(found("wer ?", "Wer"), [""; 0]);
    }

    #[test]
    fn what_matters_is_told() {
        let patterns = Patterns::parse(&["[one]\nyour =wife|husband (=tom) arrived"]).unwrap();
        let key = |text| patterns.find("one", &sentences(text)[0])[0].key;
        assert_eq!((key("Your wife arrived"), key("Your husband Tom arrived")), (Some(1), Some(2)));
    }

    #[test]
    fn an_unknown_name_is_a_mistake() {
        assert_eq!(Patterns::parse(&["[one]\nsay @this"]).unwrap_err(), "say @this");
    }

    #[test]
    fn every_file_can_be_read() {
        let persons = include_str!("persons.txt");
        let facts = include_str!("identity.txt").split("\n[same]\n").next().unwrap();
        for file in [
            include_str!("address.txt"),
            include_str!("blame.txt"),
            include_str!("formula.txt"),
            include_str!("greeting.txt"),
            include_str!("kinds/persons.txt"),
            include_str!("kinds/identity.txt"),
            include_str!("kinds/rating.txt"),
            include_str!("kinds/turns.txt"),
            include_str!("kinds/words.txt"),
            include_str!("personal.txt"),
            include_str!("rating.txt"),
            include_str!("regret.txt"),
            facts,
        ] {
            assert_eq!(Patterns::parse(&[persons, file]).err(), None);
        }
    }

    #[test]
    fn a_pattern_does_not_begin_or_end_with_what_may_be_missing() {
        assert_eq!(Patterns::parse(&["[one]\n(so) what"]).unwrap_err(), "(so) what");
        assert_eq!(Patterns::parse(&["[one]\nso …"]).unwrap_err(), "so …");
    }
}
