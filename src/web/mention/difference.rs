//! What two versions of a text differ in, word by word. Pure.

use similar::{ChangeTag, TextDiff};

use crate::web::mentions::pieces::Piece;

/// Of longer texts only the two versions are shown: comparing them takes time that grows with the square of what differs.
const MOST_WORDS: usize = 2_000;

/// What became of some words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Added,
    Removed,
}

/// The words of both versions in order; unmarked ones are in both.
pub(super) fn difference(before: &str, after: &str) -> Vec<Piece<Change>> {
    let is_long = |text: &str| text.split_whitespace().nth(MOST_WORDS).is_some();
    let mut pieces: Vec<Piece<Change>> = Vec::new();
    let mut push = |text: &str, mark| match pieces.last_mut() {
        Some(last) if last.mark == mark => last.text.push_str(text),
        _ if text.is_empty() => {}
        _ => pieces.push(Piece { text: text.to_owned(), mark }),
    };
    if before != after && (is_long(before) || is_long(after)) {
        push(before, Some(Change::Removed));
        push(after, Some(Change::Added));
        return pieces;
    }
    for change in TextDiff::from_words(before, after).iter_all_changes() {
        let mark = match change.tag() {
            ChangeTag::Equal => None,
            ChangeTag::Insert => Some(Change::Added),
            ChangeTag::Delete => Some(Change::Removed),
        };
        push(change.value(), mark);
    }
    pieces
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
        let pieces = difference("Der Zug war zu spät.", "Der Zug war pünktlich.");
        let shown: Vec<_> = pieces.iter().map(|it| (it.text.as_str(), it.mark)).collect();
        assert_eq!(shown[0], ("Der Zug war ", None));
        assert_eq!(without(&pieces[1..], Change::Added), "zu spät.");
        assert_eq!(without(&pieces[1..], Change::Removed), "pünktlich.");
        assert!(difference("Gleich", "Gleich").iter().all(|it| it.mark.is_none()));
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
