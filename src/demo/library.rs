//! Puts texts together in one language: an opening, what there is to say, a closing.

use std::collections::HashSet;

use fastrand::Rng;

use super::climate::Subject;
use super::details::Details;
use super::phrases::{Deck, Phrase};
use super::world::Source;
use crate::mention::{Label, Language};

/// All phrases of a language.
pub(super) struct Library {
    /// What there is to say: negative, neutral, positive.
    cores: [Deck; 3],
    broken_login: Deck,
    repaired_login: Deck,
    short: Deck,
    openings: Deck,
    closings: Deck,
    titles: Deck,
    threads: Deck,
    /// Which phrases stood beside each other already, by where they lie in memory.
    together: HashSet<(usize, usize)>,
}

/// What is to be written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Order {
    pub(super) source: Source,
    pub(super) mood: Label,
    pub(super) subject: Subject,
    /// 1 to 12: nobody complains of the heating in July.
    pub(super) month: u32,
}

/// What was written.
pub(super) struct Draft {
    pub(super) topic: &'static str,
    pub(super) text: String,
}

/// What stands around the core of a text.
#[derive(Clone, Copy)]
enum Company {
    Opening,
    Closing,
    /// Another core, on another topic.
    Another,
}

/// The text files of a language.
macro_rules! library {
    ($prefix:literal, $rng:expr) => {{
        let mut deck = |file| Deck::new(file, $rng);
        Library {
            cores: [
                deck(include_str!(concat!("texts/", $prefix, "_negative.txt"))),
                deck(include_str!(concat!("texts/", $prefix, "_neutral.txt"))),
                deck(include_str!(concat!("texts/", $prefix, "_positive.txt"))),
            ],
            broken_login: deck(include_str!(concat!("texts/", $prefix, "_login.txt"))),
            repaired_login: deck(include_str!(concat!("texts/", $prefix, "_repaired.txt"))),
            short: deck(include_str!(concat!("texts/", $prefix, "_short.txt"))),
            openings: deck(include_str!(concat!("texts/", $prefix, "_openings.txt"))),
            closings: deck(include_str!(concat!("texts/", $prefix, "_closings.txt"))),
            titles: deck(include_str!(concat!("texts/", $prefix, "_titles.txt"))),
            threads: deck(include_str!(concat!("texts/", $prefix, "_threads.txt"))),
            together: HashSet::new(),
        }
    }};
}

impl Library {
    /// The phrases of German or, for any other language, of English.
    pub(super) fn of(language: Language, rng: &mut Rng) -> Self {
        if language == Language::GERMAN { library!("de", rng) } else { library!("en", rng) }
    }

    /// Writes what was ordered, never the same twice in a row.
    pub(super) fn compose(&mut self, order: Order, details: &Details, rng: &mut Rng) -> Draft {
        if order.subject == Subject::Usual {
            if rng.f64() < share_of_short(order.source)
                && let Some(short) = self.short.draw(rng, |p| p.topic == order.mood.name() && fits(p, order.source))
            {
                return Draft { topic: "", text: details.fill(short.text, rng) };
            }
            if rng.f64() < share_of_long(order.source)
                && let Some(long) = self.cores[order.mood as usize].take(rng, |p| p.topic == "long")
            {
                return Draft { topic: "long", text: details.fill(long.text, rng) };
            }
        }
        self.at_length(order, details, rng)
    }

    /// The same thing said by two people must not look copied, so at least half as much as the core stands around it:
    /// an opening, a closing or another thing to say, never twice the same beside the same core.
    fn at_length(&mut self, order: Order, details: &Details, rng: &mut Rng) -> Draft {
        let Some(core) = self.core(order, "", rng) else { return Draft { topic: "", text: String::new() } };
        let mut missing = words(core.text).div_ceil(2);
        let (mut before, mut after) = (vec![], vec![]);
        let mut kinds = [Company::Opening, Company::Closing, Company::Another];
        rng.shuffle(&mut kinds);
        for kind in kinds {
            if missing == 0 && rng.f64() < 0.6 {
                continue;
            }
            let Some(phrase) = self.company(kind, core, order, rng) else { continue };
            missing = missing.saturating_sub(words(phrase.text));
            match kind {
                Company::Opening => before.push(phrase.text),
                Company::Another => after.insert(0, phrase.text),
                Company::Closing => after.push(phrase.text),
            }
        }
        let said = before.into_iter().chain([core.text]).chain(after);
        let filled: Vec<String> = said.map(|phrase| details.fill(phrase, rng)).collect();
        Draft { topic: core.topic, text: filled.join(" ") }
    }

    /// Something that never stood beside this core.
    fn company(&mut self, kind: Company, core: Phrase, order: Order, rng: &mut Rng) -> Option<Phrase> {
        const ATTEMPTS: usize = 30;
        let tone = if core.kind == "question" { "question" } else { order.mood.name() };
        let frame = |p: &Phrase| p.topic == tone && (p.kind == group(core.topic) || fits(p, order.source));
        let place = |phrase: Phrase| phrase.text.as_ptr().addr();
        (0..ATTEMPTS).find_map(|_| {
            let phrase = match kind {
                Company::Opening => self.openings.draw(rng, frame),
                Company::Closing => self.closings.draw(rng, frame),
                Company::Another if tone == "question" => None,
                Company::Another => self.core(order, core.topic, rng),
            }?;
            let pair = (place(core).min(place(phrase)), place(core).max(place(phrase)));
            self.together.insert(pair).then_some(phrase)
        })
    }

    /// What there is to say, about anything but `said` where there is a choice of topics.
    fn core(&mut self, order: Order, said: &str, rng: &mut Rng) -> Option<Phrase> {
        let deck = match order.subject {
            Subject::Usual => &mut self.cores[order.mood as usize],
            Subject::BrokenLogin => &mut self.broken_login,
            Subject::RepairedLogin => &mut self.repaired_login,
        };
        let usual = order.subject == Subject::Usual;
        let second = !said.is_empty();
        // Half of what a store hears is about the app and the service, not about the ride.
        let service_only = usual && order.source.is_store() && rng.bool();
        deck.draw(rng, |p| {
            let repeats = usual && p.topic == said;
            let asks_again = second && p.kind == "question";
            let wanted = !service_only || group(p.topic) == "service";
            !repeats && !asks_again && wanted && fits(p, order.source) && in_season(p.topic, order.month)
        })
    }

    /// A headline for a review.
    pub(super) fn title(&mut self, order: Order, details: &Details, rng: &mut Rng) -> Option<String> {
        let heading = match order.subject {
            Subject::Usual => order.mood.name(),
            Subject::BrokenLogin => "login",
            Subject::RepairedLogin => "repaired",
        };
        let phrase = self.titles.draw(rng, |p| p.topic == heading)?;
        Some(details.fill(phrase.text, rng))
    }

    /// A thread of the forum, or a post of the blog, in which something on this topic may stand.
    pub(super) fn thread(&mut self, topic: &str, details: &Details, rng: &mut Rng) -> Option<String> {
        let exact = self.threads.draw(rng, |p| p.topic == topic);
        let phrase = exact.or_else(|| self.threads.draw(rng, |p| matches!(p.topic, "journey" | "any")))?;
        Some(details.fill(phrase.text, rng))
    }

    /// A greeting (`opens`) or a farewell, in which `{name}` is still open.
    pub(super) fn courtesy(&mut self, opens: bool, details: &Details, rng: &mut Rng) -> Option<String> {
        let (deck, heading) = if opens { (&mut self.openings, "greeting") } else { (&mut self.closings, "farewell") };
        let phrase = deck.draw(rng, |p| p.topic == heading)?;
        Some(details.fill(phrase.text, rng))
    }
}

fn words(text: &str) -> usize {
    text.split(' ').count()
}

fn share_of_short(source: Source) -> f64 {
    match source {
        Source::AppStoreDe | Source::AppStoreGb => 0.24,
        Source::Forum | Source::Social => 0.13,
        Source::Press | Source::Blog => 0.0,
    }
}

fn share_of_long(source: Source) -> f64 {
    if matches!(source, Source::Social | Source::Press) { 0.0 } else { 0.008 }
}

/// Whether a phrase of this kind may stand in that source.
fn fits(phrase: &Phrase, source: Source) -> bool {
    match phrase.kind {
        "" | "any" => true,
        "store" => source.is_store(),
        "question" => !source.is_store(),
        "forum" => source == Source::Forum,
        "blog" => source == Source::Blog,
        _ => false,
    }
}

/// Openings and closings are kept for rides and for service.
fn group(topic: &str) -> &'static str {
    match topic {
        "app" | "login" | "tickets" | "price" | "support" | "compensation" => "service",
        _ => "ride",
    }
}

fn in_season(topic: &str, month: u32) -> bool {
    match topic {
        "long" => false,
        "heating" => !(5..=9).contains(&month),
        "cooling" => (6..=9).contains(&month),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use chrono::Weekday;

    use super::*;

    fn order(source: Source, mood: Label, month: u32) -> Order {
        Order { source, mood, subject: Subject::Usual, month }
    }

    fn drafts(order: Order, count: usize) -> Vec<Draft> {
        let mut rng = Rng::with_seed(11);
        let mut library = Library::of(Language::GERMAN, &mut rng);
        let details = Details::invent(Language::GERMAN, Weekday::Mon, &mut rng);
        (0..count).map(|_| library.compose(order, &details, &mut rng)).collect()
    }

    #[test]
    fn nobody_complains_of_the_heating_in_july() {
        let topics = |month| -> HashSet<_> {
            drafts(order(Source::Forum, Label::Negative, month), 400).iter().map(|draft| draft.topic).collect()
        };
        assert!(topics(7).contains("cooling") && !topics(7).contains("heating"));
        assert!(topics(1).contains("heating") && !topics(1).contains("cooling"));
    }

    #[test]
    fn a_review_asks_the_forum_nothing() {
        let asks = |source| drafts(order(source, Label::Neutral, 3), 300).iter().any(|d| d.text.contains("Hat jemand"));
        assert!(asks(Source::Forum) && !asks(Source::AppStoreDe));
    }

    #[test]
    fn a_long_text_is_told_once() {
        let long: Vec<_> = (drafts(order(Source::Forum, Label::Negative, 3), 3000).into_iter())
            .filter(|draft| draft.topic == "long")
            .map(|draft| draft.text)
            .collect();
        assert!(!long.is_empty() && long.iter().collect::<HashSet<_>>().len() == long.len());
    }

    #[test]
    fn no_choice_and_no_detail_stays_open() {
        for mood in Label::ALL {
            for draft in drafts(order(Source::Forum, mood, 2), 500) {
                assert!(!draft.text.is_empty() && !draft.text.contains(['[', ']', '{', '}', '|']), "{}", draft.text);
            }
        }
    }
}
