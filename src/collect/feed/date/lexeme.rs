//! A date's text cut into numbers, words and marks.

/// No date is longer; what follows (and what only pretends to be a date) is not looked at.
const LONGEST: usize = 100;

/// The smallest piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Lexeme {
    /// Its value and how many digits it was written with.
    Number(i64, usize),
    /// In lower case, umlauts without their dots.
    Word(String),
    /// Anything else but white space.
    Mark(char),
}

/// Cuts; numbers of more than 18 digits are left out.
pub(super) fn cut(text: &str) -> Vec<Lexeme> {
    let mut lexemes = Vec::new();
    let mut characters = text.trim().chars().take(LONGEST).peekable();
    while let Some(first) = characters.next() {
        let mut piece = first.to_string();
        if first.is_ascii_digit() {
            while let Some(digit) = characters.next_if(char::is_ascii_digit) {
                piece.push(digit);
            }
            if let (Ok(value), digits @ 1..=18) = (piece.parse(), piece.len()) {
                lexemes.push(Lexeme::Number(value, digits));
            }
        } else if first.is_alphabetic() {
            while let Some(letter) = characters.next_if(|c| c.is_alphabetic() || *c == '\u{308}') {
                piece.push(letter);
            }
            lexemes.push(Lexeme::Word(fold(&piece)));
        } else if !first.is_whitespace() {
            lexemes.push(Lexeme::Mark(first));
        }
    }
    lexemes
}

/// `März` is `marz`, also where the dots are a character of their own.
fn fold(word: &str) -> String {
    let letters = word.chars().flat_map(char::to_lowercase);
    letters.filter(|c| *c != '\u{308}').map(|c| if c == 'ä' { 'a' } else { c }).collect()
}
