//! The text files under `texts/` and how phrases are drawn from them.
//!
//! A file is read line by line. `// …` is a comment. `== topic kind` is a heading: what the lines below it are about
//! (or which mood they have), and where they fit: `forum` and `store` only there, `question` not in a store, `long`
//! alone and at most once; no kind means anywhere. Every other line is one phrase. In a phrase, `[one|other]` is a choice
//! and `{station}` a detail (see `details`); ` ~ ` parts a headline from its report.

use std::collections::VecDeque;

use fastrand::Rng;

/// A line of a text file, under its heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Phrase {
    /// The first word of the heading.
    pub(super) topic: &'static str,
    /// The second word of the heading, or nothing.
    pub(super) kind: &'static str,
    /// With its choices and details still open.
    pub(super) text: &'static str,
}

/// The phrases of a file, in order.
pub(super) fn parse(file: &'static str) -> impl Iterator<Item = Phrase> {
    let mut heading = ("", "");
    file.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//")).filter_map(move |line| {
        if let Some(words) = line.strip_prefix("== ") {
            heading = words.split_once(' ').unwrap_or((words, ""));
            return None;
        }
        Some(Phrase { topic: heading.0, kind: heading.1, text: line })
    })
}

/// The lines of a file under one heading.
pub(super) fn lines(file: &'static str, topic: &str) -> Vec<&'static str> {
    parse(file).filter(|phrase| phrase.topic == topic).map(|phrase| phrase.text).collect()
}

/// A stack of phrases that is drawn from like cards: what was drawn goes to the bottom, and only the upper half is
/// drawn from, so that nothing comes back before half of what fits was said.
pub(super) struct Deck(VecDeque<Phrase>);

impl Deck {
    /// Shuffles the phrases of a file.
    pub(super) fn new(file: &'static str, rng: &mut Rng) -> Self {
        let mut phrases: Vec<Phrase> = parse(file).collect();
        rng.shuffle(&mut phrases);
        Self(phrases.into())
    }

    /// Draws a phrase that fits and puts it to the bottom. `None` if no phrase fits.
    pub(super) fn draw(&mut self, rng: &mut Rng, fits: impl Fn(&Phrase) -> bool) -> Option<Phrase> {
        let phrase = self.take(rng, fits)?;
        self.0.push_back(phrase);
        Some(phrase)
    }

    /// Draws a phrase that fits, for good.
    pub(super) fn take(&mut self, rng: &mut Rng, fits: impl Fn(&Phrase) -> bool) -> Option<Phrase> {
        let fitting = self.0.iter().filter(|phrase| fits(phrase)).count();
        let chosen = (fitting > 0).then(|| rng.usize(..fitting.div_ceil(2)))?;
        let at = self.0.iter().enumerate().filter(|(_, phrase)| fits(phrase)).nth(chosen)?.0;
        self.0.remove(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "// how\n\n== staff\nFriendly.\n== wifi question\nIs there any?\nAnd where?\n";

    #[test]
    fn a_line_is_a_phrase_under_its_heading() {
        let found: Vec<_> = parse(FILE).map(|phrase| (phrase.topic, phrase.kind, phrase.text)).collect();
        let expected =
            [("staff", "", "Friendly."), ("wifi", "question", "Is there any?"), ("wifi", "question", "And where?")];
        assert_eq!(found, expected);
        assert_eq!(lines(FILE, "wifi"), ["Is there any?", "And where?"]);
    }

    #[test]
    fn a_phrase_comes_back_only_after_half_of_the_others() {
        let (mut rng, file) = (Rng::with_seed(1), "== t\na\nb\nc\nd\ne\nf\ng\nh\n");
        let mut deck = Deck::new(file, &mut rng);
        let drawn: Vec<_> = (0..200).filter_map(|_| deck.draw(&mut rng, |_| true)).map(|phrase| phrase.text).collect();
        assert_eq!(drawn.len(), 200);
        assert!(drawn.windows(5).all(|five| !five[1..].contains(&five[0])));
    }

    #[test]
    fn what_is_taken_is_gone() {
        let mut rng = Rng::with_seed(1);
        let mut deck = Deck::new(FILE, &mut rng);
        assert!(deck.take(&mut rng, |phrase| phrase.topic == "staff").is_some());
        assert_eq!(deck.draw(&mut rng, |phrase| phrase.topic == "staff"), None);
    }
}
