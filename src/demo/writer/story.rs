//! The posts that are planted: one man's fury, one report in many papers, one review and what became of it.

use super::{Slot, Writer, blank, newsroom};
use crate::demo::phrases;
use crate::demo::world::Post;
use crate::mention::{Author, Label, Language};

const COPIED: &str = include_str!("../texts/de_copied.txt");
const EDITED: &str = include_str!("../texts/de_edited.txt");
const FURIOUS: &str = include_str!("../texts/de_furious.txt");

impl Writer<'_> {
    /// The furious author's post number `nth`, all in one thread.
    pub(super) fn fury(&mut self, number: u64, slot: Slot, nth: usize) -> Post {
        let details = self.scene(Language::GERMAN, slot.at);
        let text = phrases::lines(FURIOUS, "furious")
            .get(nth)
            .map_or_else(String::new, |line| details.fill(line, &mut self.rng));
        let author = Author { key: "mitglied-zugzwang".to_owned(), name: "Zugzwang_Norbert".to_owned() };
        let title = Some("Es reicht!".to_owned());
        Post {
            title,
            text,
            mood: Label::Negative,
            topic: "punctuality",
            ..blank(number, slot, Language::GERMAN, author)
        }
    }

    /// The report as paper number `nth` prints it: with its own words here and there, sometimes cut at the end.
    pub(super) fn copy(&mut self, number: u64, slot: Slot, nth: usize) -> Post {
        let paper = self.outlets[nth % self.outlets.len()];
        let details = self.scene(Language::GERMAN, slot.at);
        let headlines = phrases::lines(COPIED, "headline");
        let mut sentences = phrases::lines(COPIED, "sentence");
        if nth % 4 == 3 {
            sentences.pop();
        }
        let printed: Vec<String> = sentences.iter().map(|line| details.fill(line, &mut self.rng)).collect();
        let headline = headlines.get(usize::from(nth % 5 == 4)).or(headlines.first());
        Post {
            title: headline.map(|&line| line.to_owned()),
            text: printed.join(" "),
            publisher: Some(paper.to_owned()),
            mood: Label::Negative,
            topic: "punctuality",
            ..blank(number, slot, Language::GERMAN, newsroom(paper))
        }
    }

    /// The review that is edited, `before` or `after`.
    pub(super) fn edited(&mut self, number: u64, slot: Slot, which: &str, mood: Label, stars: u8) -> Post {
        let review = phrases::lines(EDITED, which).first().copied().unwrap_or_default();
        let (title, text) = review.split_once(" ~ ").unwrap_or(("", review));
        let author = Author { key: number.to_string(), name: "Ilka_Fuchsloh".to_owned() };
        Post {
            title: Some(title.to_owned()),
            text: text.to_owned(),
            stars: Some(stars),
            app_version: Some(self.timeline.app_version(slot.at)),
            mood,
            topic: "login",
            ..blank(number, slot, Language::GERMAN, author)
        }
    }
}
