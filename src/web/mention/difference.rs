//! What two versions of a text differ in, word by word. Pure.

use similar::{ChangeTag, TextDiff};

use crate::web::mentions::pieces::Piece;

/// Of longer texts only the two versions are shown: comparing takes time that grows with the square of what differs.
const MOST_WORDS: usize = 2_000;

/// With less than this part of the shorter version in common, it is another text.
const LITTLE: f64 = 0.4;

/// What became of some words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Added,
    Removed,
}

/// The words of both versions in order; unmarked ones are in both. Where nothing is unmarked, it is another text.
pub(super) fn difference(before: &str, after: &str) -> Vec<Piece<Change>> {
    let is_long = |text: &str| text.split_whitespace().nth(MOST_WORDS).is_some();
    let mut hunks = Hunks::default();
    if before != after && (is_long(before) || is_long(after)) {
        return rewritten(before, after);
    }
    let mut common = 0;
    for change in TextDiff::from_words(before, after).iter_all_changes() {
        let words = change.value();
        match change.tag() {
            ChangeTag::Equal => {
                common += words.trim().len();
                hunks.keep(words);
            }
            ChangeTag::Insert => hunks.change(words, Change::Added),
            ChangeTag::Delete => hunks.change(words, Change::Removed),
        }
    }
    let shorter = before.len().min(after.len());
    if before != after && (common as f64) < LITTLE * shorter as f64 { rewritten(before, after) } else { hunks.finish() }
}

fn rewritten(before: &str, after: &str) -> Vec<Piece<Change>> {
    let piece = |text: &str, change| Piece { text: text.to_owned(), mark: Some(change) };
    let both = [piece(before, Change::Removed), piece(after, Change::Added)];
    both.into_iter().filter(|piece| !piece.text.is_empty()).collect()
}

/// Changes that only blanks part are one: what went stands before what came.
#[derive(Default)]
struct Hunks {
    pieces: Vec<Piece<Change>>,
    removed: String,
    added: String,
    /// Behind both, and in both.
    blank: String,
}

impl Hunks {
    fn change(&mut self, words: &str, change: Change) {
        let blank = std::mem::take(&mut self.blank);
        self.removed.push_str(&blank);
        self.added.push_str(&blank);
        match change {
            Change::Removed => self.removed.push_str(words),
            Change::Added => self.added.push_str(words),
        }
    }

    fn keep(&mut self, words: &str) {
        if words.trim().is_empty() && !(self.removed.is_empty() && self.added.is_empty()) {
            self.blank.push_str(words);
        } else {
            self.flush();
            self.push(words.to_owned(), None);
        }
    }

    fn flush(&mut self) {
        let (removed, added) = (std::mem::take(&mut self.removed), std::mem::take(&mut self.added));
        let blank = std::mem::take(&mut self.blank);
        self.push(removed, Some(Change::Removed));
        self.push(added, Some(Change::Added));
        self.push(blank, None);
    }

    fn push(&mut self, text: String, mark: Option<Change>) {
        match self.pieces.last_mut() {
            Some(last) if last.mark == mark => last.text.push_str(&text),
            _ if text.is_empty() => {}
            _ => self.pieces.push(Piece { text, mark }),
        }
    }

    fn finish(mut self) -> Vec<Piece<Change>> {
        self.flush();
        self.pieces
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn without(pieces: &[Piece<Change>], left_out: Change) -> String {
        pieces.iter().filter(|it| it.mark != Some(left_out)).map(|it| it.text.as_str()).collect()
    }

    #[test]
    fn words_that_came_and_went_are_told_apart() {
        let shown = |before: &str, after: &str| {
            let piece = |piece: Piece<Change>| match piece.mark {
                Some(Change::Added) => format!("[+{}]", piece.text),
                Some(Change::Removed) => format!("[-{}]", piece.text),
                None => piece.text,
            };
            difference(before, after).into_iter().map(piece).collect::<String>()
        };
        assert_eq!(shown("Der Zug war zu spät.", "Der Zug war pünktlich."), "Der Zug war [-zu spät.][+pünktlich.]");
        assert_eq!(shown("Der Zug kam", "Der alte rote Zug kam"), "Der [+alte rote ]Zug kam");
        assert_eq!(shown("Gleich", "Gleich"), "Gleich");
        assert_eq!(shown("Nie wieder mit euch", "Danke, alles gut"), "[-Nie wieder mit euch][+Danke, alles gut]");
    }

    #[test]
    fn very_long_versions_stand_one_after_the_other() {
        let (before, after) = ("alt ".repeat(3000), "neu ".repeat(3000));
        let marks: Vec<_> = difference(&before, &after).into_iter().map(|it| it.mark).collect();
        assert_eq!(marks, [Some(Change::Removed), Some(Change::Added)]);
    }

    proptest! {
        #[test]
        fn both_versions_can_be_read_off_it(before in "[ab \n]{0,12}", after in "[ab \nä]{0,12}") {
            let pieces = difference(&before, &after);
            prop_assert_eq!(without(&pieces, Change::Added), before);
            prop_assert_eq!(without(&pieces, Change::Removed), after);
        }
    }
}
