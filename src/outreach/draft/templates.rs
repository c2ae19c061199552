//! All templates: those that come with the program, and those of a team.

use super::manner::Manner;
use super::template::Template;
use crate::outreach::Severity;
use crate::outreach::entry::Said;

/// The template that is for everything.
pub(super) const GENERAL: &str = "complaint";

/// Where there is hardly any room.
pub(super) const SHORT: &str = "short";

/// The files that come with the program, by name.
macro_rules! built_in {
    ($($name:literal)+) => {
        const BUILT_IN: &[(&str, &str)] = &[$(
            (concat!($name, ".de.txt"), include_str!(concat!("templates/", $name, ".de.txt"))),
            (concat!($name, ".du.de.txt"), include_str!(concat!("templates/", $name, ".du.de.txt"))),
            (concat!($name, ".en.txt"), include_str!(concat!("templates/", $name, ".en.txt"))),
        )+];
    };
}

built_in!(
    "app" "complaint" "contract" "delivery" "leaving" "outage" "praise" "price" "privacy" "quality" "question" "returns"
    "safety" "short" "staff" "support"
);

/// All of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Templates(Vec<Template>);

impl Default for Templates {
    fn default() -> Self {
        let read = |(file, text): &(&str, &str)| Template::parse(file, text).ok();
        Self(BUILT_IN.iter().filter_map(read).map(|template| Template { is_own: false, ..template }).collect())
    }
}

impl Templates {
    /// Those that come with the program, and a team's own; one of the same name and language takes the other's place.
    pub fn with(own: Vec<Template>) -> Self {
        let Self(mut all) = Self::default();
        all.retain(|one| !own.iter().any(|other| other.name == one.name && other.language == one.language));
        all.extend(own);
        Self(all)
    }

    /// Each of them.
    pub fn all(&self) -> &[Template] {
        &self.0
    }

    /// Of those that fit, the one that says most about the occasion: what the person wants comes before how much it
    /// matters, that before what it is about (the clearest topic first), and that before the mood. Where it cannot
    /// wait, what it is about comes first. What is alike in all of that: a team's own, then the first by name.
    pub(super) fn choose(&self, manner: Manner, said: &Said<'_>, severity: Severity) -> Option<&Template> {
        let fits =
            |one: &&Template| one.manner == manner && !is(one, SHORT) && one.when.hold(said) && one.is_for(severity);
        let merits = |one: &Template| {
            let topic = said.topics.iter().position(|topic| one.when.topics.contains(topic)).unwrap_or(usize::MAX);
            let has_intents = !one.when.intents.is_empty();
            let first = if severity == Severity::Urgent { topic } else { usize::from(!has_intents) };
            (first, !has_intents, one.severities.is_empty(), topic, one.when.moods.is_empty(), !one.is_own)
        };
        self.0.iter().filter(fits).min_by(|one, other| merits(one).cmp(&merits(other)).then(one.name.cmp(&other.name)))
    }

    /// The one for little room, where it fits.
    pub(super) fn short(&self, manner: Manner, said: &Said<'_>, severity: Severity) -> Option<&Template> {
        let fits =
            |one: &&Template| one.manner == manner && is(one, SHORT) && one.when.hold(said) && one.is_for(severity);
        self.0.iter().find(fits)
    }

    /// The one for everything.
    pub(super) fn general(&self, manner: Manner) -> Option<&Template> {
        self.0.iter().find(|one| one.manner == manner && is(one, GENERAL))
    }

    /// A topic in plain words, as its template says it.
    pub(super) fn reason(&self, manner: Manner, topic: &str) -> Option<&str> {
        let of = self.0.iter().filter(|one| one.manner == manner && one.when.topics.iter().any(|name| name == topic));
        of.filter_map(|one| one.reason.as_deref()).next_back()
    }
}

impl Template {
    fn is_for(&self, severity: Severity) -> bool {
        self.severities.is_empty() || self.severities.contains(&severity)
    }
}

/// `app` and `app.du` are the same template for different people.
fn is(template: &Template, name: &str) -> bool {
    template.name.strip_suffix(".du").unwrap_or(&template.name) == name
}

#[cfg(test)]
mod tests {
    use super::super::wording::Fills;
    use super::*;
    use crate::analyse::Topic;
    use crate::mention::Label;

    fn said<'a>(mood: Label, topics: &'a [String], intents: &'a [String]) -> Said<'a> {
        Said {
            source: "shop",
            brands: &[],
            mood: Some(mood),
            stars: None,
            emotions: &[],
            intents,
            topics,
            urgency: 0.0,
        }
    }

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn every_file_that_comes_with_the_program_is_read() {
        for (file, text) in BUILT_IN {
            assert_eq!(Template::parse(file, text).err(), None, "{file}");
        }
        assert_eq!(Templates::default().all().len(), BUILT_IN.len());
    }

    #[test]
    fn nothing_that_comes_with_the_program_says_what_nobody_would_send() {
        let phrases = [
            "leider",
            "unannehmlich",
            "bedauer",
            "entstanden",
            "sterne",
            "bewert",
            "rezension",
            "*",
            "_in",
            ":in",
            "unfortunately",
            "inconvenience",
            "regret",
            "stars",
            "rating",
            "review",
            "as soon as possible",
            "valued",
        ];
        for (file, text) in BUILT_IN {
            let template = Template::parse(file, text).unwrap();
            let said = text.split_once("---").unwrap().1;
            let found = phrases.iter().find(|phrase| text.to_lowercase().contains(*phrase));
            assert!(found.is_none() && template.manner.takes(said), "{file}: {found:?}");
            let question = template.question.unwrap();
            let questions: Vec<String> = (0..3).map(|way| question.say(way, &Fills::default())).collect();
            assert!(questions.iter().all(|one| one.matches('?').count() == 1 && one.ends_with('?')), "{file}");
            assert!(
                questions[0] != questions[1] && questions[1] != questions[2] && questions[2] != questions[0],
                "{file}"
            );
        }
    }

    #[test]
    fn every_topic_has_a_template_and_a_reason_in_each_manner() {
        let templates = Templates::default();
        for manner in [Manner::Sie, Manner::Du, Manner::English] {
            for topic in Topic::ALL {
                let topics = names(&[topic.name()]);
                let chosen = templates.choose(manner, &said(Label::Negative, &topics, &[]), Severity::Normal).unwrap();
                assert_eq!(chosen.name.trim_end_matches(".du"), topic.name());
                assert!(templates.reason(manner, topic.name()).is_some());
            }
            let general = templates.general(manner).unwrap();
            assert!(general.apology.is_some() && general.question.is_some() && templates.reason(manner, "x").is_none());
        }
    }

    #[test]
    fn the_template_that_says_most_about_the_occasion_is_chosen() {
        let templates = Templates::default();
        let chosen = |mood, topics: &[&str], intents: &[&str], severity| {
            let (topics, intents) = (names(topics), names(intents));
            templates.choose(Manner::Sie, &said(mood, &topics, &intents), severity).unwrap().name.clone()
        };
        use Label::{Negative, Neutral, Positive};
        assert_eq!(chosen(Negative, &["delivery", "support"], &["complaint"], Severity::High), "delivery");
        assert_eq!(chosen(Negative, &["price"], &["complaint", "leave"], Severity::High), "leaving");
        assert_eq!(chosen(Negative, &["safety"], &["complaint", "leave"], Severity::Urgent), "safety");
        assert_eq!(chosen(Negative, &["price"], &["question"], Severity::Normal), "price", "they are upset, too");
        assert_eq!(chosen(Neutral, &["price"], &["question"], Severity::Low), "question");
        assert_eq!(chosen(Positive, &["staff"], &["praise"], Severity::Low), "praise");
        assert_eq!(chosen(Negative, &["buffet"], &[], Severity::Low), "complaint");
    }

    #[test]
    fn a_teams_own_templates_come_first_and_take_the_place_of_their_namesakes() {
        let text = |head: &str| format!("{head}\n---\n{{salutation}}\n\nWir sind dran.\n");
        let own = |file: &str, head: &str| Template::parse(file, &text(head)).unwrap();
        let topics = names(&["app", "buffet"]);
        let said = said(Label::Negative, &topics, &[]);
        let chosen = |own: Vec<Template>| {
            let templates = Templates::with(own);
            let chosen = templates.choose(Manner::Sie, &said, Severity::Normal).unwrap();
            (chosen.name.clone(), chosen.is_own)
        };
        assert_eq!(chosen(vec![own("app.en.txt", "topics: app")]), ("app".to_owned(), false));
        assert_eq!(chosen(vec![own("app.de.txt", "topics: app\nmoods: negative")]), ("app".to_owned(), true));
        assert_eq!(chosen(vec![own("ours.de.txt", "topics: app\nmoods: negative")]), ("ours".to_owned(), true));
        let buffet = own("buffet.de.txt", "topics: buffet\nreason: das Buffet");
        assert_eq!(chosen(vec![buffet.clone()]), ("app".to_owned(), false), "the app is the clearer topic");
        assert_eq!(Templates::with(vec![buffet]).reason(Manner::Sie, "buffet"), Some("das Buffet"));
    }
}
