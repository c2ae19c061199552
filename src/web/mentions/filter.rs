//! The filters of a view as a form has them, and each of them as a chip that takes it away. Pure.

use url::form_urlencoded;

use crate::alert::format::Format;
use crate::analyse::{Emotion, Intent, Topic};
use crate::mention::{Language, Timestamp};
use crate::view::{MoodChoice, State, View};
use crate::web::{Frame, wording};

/// The languages to choose from.
const LANGUAGES: [&str; 12] = ["de", "en", "fr", "es", "it", "pt", "nl", "pl", "tr", "da", "sv", "cs"];

/// What may be filtered by more than one value.
const LISTS: [&str; 6] = ["source", "language", "mood", "emotion", "intent", "topic"];

/// Values of which any number can be chosen.
#[derive(Clone, Debug)]
pub(in crate::web) struct Group {
    /// As the address has it.
    pub(in crate::web) name: &'static str,
    /// As people call it.
    pub(in crate::web) legend: &'static str,
    pub(in crate::web) choices: Vec<Choice>,
}

/// A value to choose.
#[derive(Clone, Debug)]
pub(in crate::web) struct Choice {
    /// As the address has it.
    pub(in crate::web) value: String,
    /// As people call it.
    pub(in crate::web) label: String,
    pub(in crate::web) is_chosen: bool,
}

/// Something that is filtered by, and the view without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::web) struct Chip {
    /// What the value is of; empty where it speaks for itself.
    pub(in crate::web) what: &'static str,
    pub(in crate::web) value: String,
    /// The query of the view without it.
    pub(in crate::web) without: String,
}

/// What there is to choose from beside what every view has.
pub(in crate::web) struct Choices<'a> {
    pub(in crate::web) sources: Vec<String>,
    pub(in crate::web) own_topics: Vec<&'a str>,
    /// What the author that is filtered by is called.
    pub(in crate::web) author: Option<&'a str>,
}

/// What a view is filtered by, each value for itself.
fn values(view: &View) -> Vec<(&'static str, String)> {
    let each = |(name, value): (&'static str, String)| -> Vec<(&'static str, String)> {
        if LISTS.contains(&name) {
            value.split(',').map(|one| (name, one.to_owned())).collect()
        } else {
            vec![(name, value)]
        }
    };
    view.parts().into_iter().flat_map(each).collect()
}

fn query(values: impl Iterator<Item = (&'static str, String)>) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(values).finish()
}

/// The query of a view with one value more.
pub(in crate::web) fn with(view: &View, name: &'static str, value: &str) -> String {
    let added = (name, value.to_owned());
    let others = values(view).into_iter().filter(|known| *known != added && (known.0 != name || LISTS.contains(&name)));
    query(others.chain([added.clone()]))
}

/// Everything that is filtered by, in words.
pub(in crate::web) fn chips(view: &View, frame: &Frame, choices: &Choices<'_>) -> Vec<Chip> {
    let all = values(view);
    let chip = |chosen: &(&'static str, String)| {
        let (what, value) = label(frame, chosen.0, &chosen.1, choices);
        Chip { what, value, without: query(all.iter().filter(|one| *one != chosen).cloned()) }
    };
    all.iter().map(chip).collect()
}

/// What is filtered by, and the value.
fn label(frame: &Frame, name: &'static str, value: &str, choices: &Choices<'_>) -> (&'static str, String) {
    let named = |what, value: &str| (what, value.to_owned());
    match name {
        "brand" => named(frame.say("Marke", "Brand"), value),
        "q" => named(frame.say("Suche", "Search"), value),
        "source" => named(frame.say("Quelle", "Source"), value),
        "language" => (frame.say("Sprache", "Language"), wording::language(frame, Language::parse(value))),
        "mood" => named(frame.say("Stimmung", "Mood"), mood(frame, value)),
        "emotion" => ("", wording::capitalized(wording::emotion(frame, value))),
        "intent" => ("", wording::capitalized(wording::intent(frame, value))),
        "topic" => (frame.say("Thema", "Topic"), wording::capitalized(&frame.format().topic(value))),
        "stars" => (frame.say("Sterne", "Stars"), value.replace('-', "–")),
        "urgent" => named("", frame.say("Dringend", "Urgent")),
        "author" => named(frame.say("Person", "Person"), choices.author.unwrap_or(value)),
        "from" => (frame.say("ab", "from"), day(frame.format(), value)),
        "to" => (frame.say("bis", "to"), day(frame.format(), value)),
        "replied" if value == "yes" => named("", frame.say("Beantwortet", "Answered")),
        "replied" => named("", frame.say("Unbeantwortet", "Not answered")),
        "state" => ("", wording::capitalized(state(frame, value))),
        other => named(other, value),
    }
}

fn day(format: Format, written: &str) -> String {
    let noon = Timestamp::parse_rfc3339(&format!("{written}T12:00:00Z"));
    noon.map_or_else(|| written.to_owned(), |at| format.day(at))
}

fn mood<'a>(frame: &Frame, name: &'a str) -> &'a str {
    match MoodChoice::ALL.into_iter().find(|mood| mood.name() == name) {
        Some(MoodChoice::Told(label)) => wording::mood(frame, label),
        Some(MoodChoice::Untold) => frame.say("nicht erkannt", "not recognised"),
        None => name,
    }
}

fn state<'a>(frame: &Frame, name: &'a str) -> &'a str {
    match State::ALL.into_iter().find(|state| state.name() == name) {
        Some(State::Counted) => frame.say("zählt", "counts"),
        Some(State::Removed) => frame.say("in der Quelle gelöscht", "deleted at its source"),
        Some(State::Spam) => "Spam",
        Some(State::Hidden) => frame.say("ausgeblendet", "hidden"),
        None => name,
    }
}

/// Everything of which any number can be chosen. What is chosen already is always among it.
pub(in crate::web) fn groups(view: &View, frame: &Frame, choices: &Choices<'_>) -> Vec<Group> {
    let chosen = values(view);
    let group = |name: &'static str, legend: &'static str, known: Vec<String>, called: &dyn Fn(&str) -> String| {
        let is_chosen = |value: &str| chosen.iter().any(|one| one.0 == name && one.1 == value);
        let missing = chosen.iter().filter(|one| one.0 == name && !known.contains(&one.1)).map(|one| one.1.clone());
        let all = known.iter().cloned().chain(missing);
        let choice = |value: String| Choice { label: called(&value), is_chosen: is_chosen(&value), value };
        Group { name, legend, choices: all.map(choice).collect() }
    };
    let owned = |names: &mut dyn Iterator<Item = &str>| names.map(str::to_owned).collect::<Vec<_>>();
    let topics = owned(&mut Topic::ALL.iter().map(|topic| topic.name()).chain(choices.own_topics.iter().copied()));
    vec![
        group("mood", frame.say("Stimmung", "Mood"), owned(&mut MoodChoice::ALL.iter().map(|it| it.name())), &|name| {
            mood(frame, name).to_owned()
        }),
        group("source", frame.say("Quelle", "Source"), choices.sources.clone(), &str::to_owned),
        group("topic", frame.say("Thema", "Topic"), topics, &|name| wording::capitalized(&frame.format().topic(name))),
        group(
            "emotion",
            frame.say("Gefühl", "Emotion"),
            owned(&mut Emotion::ALL.iter().map(|it| it.name())),
            &|name| wording::emotion(frame, name).to_owned(),
        ),
        group("intent", frame.say("Absicht", "Intent"), owned(&mut Intent::ALL.iter().map(|it| it.name())), &|name| {
            wording::intent(frame, name).to_owned()
        }),
        group("language", frame.say("Sprache", "Language"), owned(&mut LANGUAGES.into_iter()), &|code| {
            wording::language(frame, Language::parse(code))
        }),
    ]
}

/// Spans of stars to choose one of.
pub(in crate::web) fn stars(view: &View) -> Vec<Choice> {
    let chosen = view.parts().into_iter().find_map(|(name, value)| (name == "stars").then_some(value));
    let usual = ["1", "2", "3", "4", "5", "1-2", "4-5"].map(str::to_owned);
    let other = chosen.clone().filter(|chosen| !usual.contains(chosen));
    let choice = |value: String| Choice {
        label: format!("{} ★", value.replace('-', "–")),
        is_chosen: chosen.as_ref() == Some(&value),
        value,
    };
    usual.into_iter().chain(other).map(choice).collect()
}

/// States to choose one of; the usual one has no value, so that it does not stand in the address.
pub(in crate::web) fn states(view: &View, frame: &Frame) -> Vec<Choice> {
    let choice = |one: State| Choice {
        value: if one == State::Counted { String::new() } else { one.name().to_owned() },
        label: state(frame, one.name()).to_owned(),
        is_chosen: one == view.state,
    };
    State::ALL.into_iter().map(choice).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::format::Tongue;
    use crate::web::frame::Section;

    fn frame() -> Frame {
        Frame {
            tongue: Tongue::German,
            zone: chrono_tz::Europe::Berlin,
            scheme: None,
            section: Section::Mentions,
            title: String::new(),
            address: "/mentions".to_owned(),
            brand: None,
            may_answer: true,
            assets: "",
            person: None,
            is_accountless: true,
        }
    }

    fn none<'a>() -> Choices<'a> {
        Choices { sources: vec!["forum".to_owned()], own_topics: vec!["Bordbistro"], author: Some("jana_k") }
    }

    fn view(query: &str) -> View {
        let (view, errors) = View::parse(query, &[]);
        assert_eq!(errors, []);
        view
    }

    #[test]
    fn each_value_has_a_chip_that_takes_only_it_away() {
        let view = view("mood=negative,positive&q=zug+OR+bus&stars=1-2&author=7&from=2026-03-01");
        let chips = chips(&view, &frame(), &none());
        let labels: Vec<String> = chips.iter().map(|chip| format!("{}: {}", chip.what, chip.value)).collect();
        let expected = [
            "Suche: zug OR bus",
            "Stimmung: negativ",
            "Stimmung: positiv",
            "Sterne: 1–2",
            "Person: jana_k",
            "ab: 01.03.2026",
        ];
        assert_eq!(labels, expected);
        let without = View::parse(&chips[1].without, &[]).0;
        assert_eq!(without, super::tests::view("mood=positive&q=zug+OR+bus&stars=1-2&author=7&from=2026-03-01"));
        assert!(chips.iter().all(|chip| !chip.without.contains("jana")), "no address has a name");
    }

    #[test]
    fn a_link_adds_its_filter_once_to_what_is_filtered_already() {
        let one = view("topic=app&brand=B");
        assert_eq!(View::parse(&with(&one, "topic", "price"), &[]).0, view("topic=app,price&brand=B"));
        assert_eq!(View::parse(&with(&one, "topic", "app"), &[]).0, one);
        assert_eq!(View::parse(&with(&view("author=1"), "author", "2"), &[]).0, view("author=2"));
    }

    #[test]
    fn what_is_chosen_is_always_among_the_choices() {
        let view = view("source=gone&topic=Bordbistro&stars=2-4");
        let groups = groups(&view, &frame(), &none());
        let chosen: Vec<(&str, &str)> = groups
            .iter()
            .flat_map(|group| group.choices.iter().map(move |choice| (group.name, choice)))
            .filter(|(_, choice)| choice.is_chosen)
            .map(|(name, choice)| (name, choice.value.as_str()))
            .collect();
        assert_eq!(chosen, [("source", "gone"), ("topic", "Bordbistro")]);
        assert!(stars(&view).iter().any(|choice| choice.is_chosen && choice.label == "2–4 ★"));
    }
}
