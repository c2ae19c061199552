//! What to look at again before a reply is sent: rules by name, and the words that made each of them speak.
//!
//! The rules know German and English. They read words and their order, not meaning: a warning is a question to the person
//! who writes, who may well answer it with "no". How often they are right on replies that the project wrote for it is measured
//! by `stimmung lint-reply --measure`.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::mention::Language;
use crate::tongue::{Said, said};

pub use measure::{Score, measure};

mod address;
mod blame;
mod greeting;
mod identity;
mod language;
#[cfg(test)]
mod learn;
mod measure;
mod names;
mod pattern;
mod personal;
mod rating;
mod regret;
mod repeated;
#[cfg(test)]
mod tests;
mod weight;
mod words;

/// A reply that somebody is about to send, and what is known around it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reply<'a> {
    /// The reply.
    pub reply: &'a str,
    /// What it answers.
    pub review: &'a str,
    /// The language of the review; `None`: as its words tell.
    pub language: Option<Language>,
    /// Everybody can read it.
    pub is_public: bool,
    /// The reviewer's name, as the source shows it to everybody.
    pub author: Option<&'a str>,
    /// So many characters the source takes.
    pub limit: Option<usize>,
    /// Replies to others that were sent before.
    pub earlier: &'a [&'a str],
}

/// The rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleName {
    /// Nobody is greeted.
    NoGreeting,
    /// It says or hints that the customer is at fault, wrong, lying or stupid.
    BlamesCustomer,
    /// Regret, and nothing that helps.
    RegretWithoutOffer,
    /// A number, an address or a date that finds a customer, where everybody reads it.
    PersonalData,
    /// Who a reviewer is, or what they did not tell of themselves, where everybody reads it.
    RevealsIdentity,
    /// It asks for stars, a better review or a recommendation, or to take a review back.
    AsksForRating,
    /// The same reader is addressed as "Sie" and as "du".
    MixedAddress,
    /// A sentence that was sent to somebody else.
    RepeatedText,
    /// Another language than the review's.
    WrongLanguage,
    /// Longer than the source takes.
    TooLong,
}

impl RuleName {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::NoGreeting,
        Self::BlamesCustomer,
        Self::RegretWithoutOffer,
        Self::PersonalData,
        Self::RevealsIdentity,
        Self::AsksForRating,
        Self::MixedAddress,
        Self::RepeatedText,
        Self::WrongLanguage,
        Self::TooLong,
    ];

    /// As programs call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoGreeting => "no_greeting",
            Self::BlamesCustomer => "blames_customer",
            Self::RegretWithoutOffer => "regret_without_offer",
            Self::PersonalData => "personal_data",
            Self::RevealsIdentity => "reveals_identity",
            Self::AsksForRating => "asks_for_rating",
            Self::MixedAddress => "mixed_address",
            Self::RepeatedText => "repeated_text",
            Self::WrongLanguage => "wrong_language",
            Self::TooLong => "too_long",
        }
    }

    /// The inverse of [`RuleName::name`].
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.name() == name)
    }

    /// What to write instead.
    pub const fn advice(self) -> Said<&'static str> {
        match self {
            Self::NoGreeting => said(
                "Beginnen Sie mit einem Gruß, am besten mit dem Namen, der bei der Bewertung steht.",
                "Begin with a greeting, best with the name that the review shows.",
            ),
            Self::BlamesCustomer => said(
                "Sagen Sie, was geschehen ist und was Sie tun, nicht, wer schuld ist. Glauben Sie der Schilderung.",
                "Say what happened and what you do about it, not whose fault it is. Believe what the person tells.",
            ),
            Self::RegretWithoutOffer => said(
                "Bedauern allein hilft niemandem: Nennen Sie Abhilfe, den nächsten Schritt oder einen Kontakt, oder fragen Sie nach.",
                "Regret alone helps nobody: name a remedy, the next step or a contact, or ask what would help.",
            ),
            Self::PersonalData => said(
                "Hier liest jeder mit: Nummern, Adressen und Geburtsdaten gehören in eine private Nachricht.",
                "Everybody reads this: numbers, addresses and dates of birth belong in a private message.",
            ),
            Self::RevealsIdentity => said(
                "Hier liest jeder mit: Verwenden Sie nur den gezeigten Namen und das, was die Person selbst geschrieben hat.",
                "Everybody reads this: use only the name that is shown and what the person wrote.",
            ),
            Self::AsksForRating => said(
                "Fragen Sie, ob das Problem gelöst ist; um Sterne zu bitten, gilt als Werbung (§ 7 UWG).",
                "Ask whether it is solved; to ask for stars counts as advertising (§ 7 UWG).",
            ),
            Self::MixedAddress => said(
                "Bleiben Sie bei einer Anrede: entweder „Sie“ oder „du“.",
                "Keep to one form of address: either \"Sie\" or \"du\".",
            ),
            Self::RepeatedText => said(
                "Diesen Satz hat schon jemand anders bekommen: Sagen Sie es in eigenen Worten zu diesem Fall.",
                "Somebody else was sent this sentence: say it in words that are about this case.",
            ),
            Self::WrongLanguage => said(
                "Antworten Sie in der Sprache, in der die Bewertung geschrieben ist.",
                "Answer in the language that the review is written in.",
            ),
            Self::TooLong => said(
                "Kürzen Sie: So viel nimmt die Plattform nicht an.",
                "Shorten it: the platform does not take that much.",
            ),
        }
    }
}

/// A rule that speaks, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Which one.
    pub rule: RuleName,
    /// What it is about, as it stands in the reply.
    pub words: String,
    /// Where these words stand: bytes of the reply.
    pub place: Range<usize>,
}

/// What to look at again, in the order of the rules, then of the reply; nothing for a reply without a word.
///
/// ```
/// use stimmung::outreach::lint::{Reply, RuleName, lint};
/// let reply = Reply { reply: "Das tut uns leider sehr leid.", review: "Schon wieder kaputt!", ..Reply::default() };
/// let rules: Vec<RuleName> = lint(&reply).into_iter().map(|warning| warning.rule).collect();
/// assert_eq!(rules, [RuleName::NoGreeting, RuleName::RegretWithoutOffer]);
/// ```
pub fn lint(reply: &Reply<'_>) -> Vec<Warning> {
    let sentences = words::sentences(reply.reply);
    if sentences.is_empty() {
        return Vec::new();
    }
    let said = words::sentences(reply.review);
    let public = |places: Vec<Range<usize>>| if reply.is_public { places } else { Vec::new() };
    let language = language::of(reply.reply);
    [
        (RuleName::NoGreeting, greeting::missing(reply, &sentences)),
        (RuleName::BlamesCustomer, blame::blamed(&sentences)),
        (RuleName::RegretWithoutOffer, regret::alone(&sentences)),
        (RuleName::PersonalData, public(personal::data(reply.reply, &sentences))),
        (RuleName::RevealsIdentity, public(identity::revealed(reply, &sentences, &said))),
        (RuleName::AsksForRating, rating::asked(&sentences)),
        (
            RuleName::MixedAddress,
            if language == Some(Language::GERMAN) { address::mixed(&sentences) } else { Vec::new() },
        ),
        (RuleName::RepeatedText, repeated::sentences(reply, &sentences)),
        (RuleName::WrongLanguage, language::other(reply, language, &sentences)),
        (RuleName::TooLong, too_long(reply)),
    ]
    .into_iter()
    .flat_map(|(rule, places)| warnings(reply.reply, rule, places))
    .collect()
}

/// A warning for each place; of those that overlap, for the first and longest.
fn warnings(text: &str, rule: RuleName, places: Vec<Range<usize>>) -> impl Iterator<Item = Warning> {
    apart(places).into_iter().map(move |place| Warning { rule, words: text[place.clone()].to_owned(), place })
}

/// Without those that overlap one before them.
fn apart(mut places: Vec<Range<usize>>) -> Vec<Range<usize>> {
    places.sort_by_key(|place| (place.start, std::cmp::Reverse(place.end)));
    let mut apart: Vec<Range<usize>> = Vec::with_capacity(places.len());
    for place in places {
        if apart.last().is_none_or(|last| last.end <= place.start) {
            apart.push(place);
        }
    }
    apart
}

/// What is beyond the limit.
fn too_long(reply: &Reply<'_>) -> Vec<Range<usize>> {
    let beyond = reply.limit.and_then(|limit| reply.reply.char_indices().nth(limit));
    beyond.map(|(start, _)| start..reply.reply.len()).into_iter().collect()
}
