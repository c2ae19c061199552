//! Whom a draft is for, and what is known of what they said.

use chrono_tz::Tz;

use super::address::Address;
use super::manner::Manner;
use super::name::Name;
use super::quote::quote;
use super::template::Template;
use super::templates::Templates;
use super::wording::{Fills, Slot, Wording};
use crate::alert::format::{Format, Tongue};
use crate::analyse::{Emotion, Intent, Reason};
use crate::mention::{Label, Language, Timestamp};
use crate::outreach::Severity;
use crate::outreach::entry::Said;

/// So many topics are named; more would be a list.
const MOST_REASONS: usize = 2;

/// What a draft is made for.
#[derive(Clone, Copy, Debug)]
pub struct Occasion<'a> {
    /// What is known of the mention: mood, stars, emotions, intents, topics.
    pub said: Said<'a>,
    /// How much it matters.
    pub severity: Severity,
    /// In which it is written; `None`: cannot tell.
    pub language: Option<Language>,
    /// As the author is shown.
    pub author: Option<&'a str>,
    /// Title and text.
    pub review: &'a str,
    /// What decided its mood.
    pub reasons: &'a [Reason],
    /// How German speaks to somebody whose review does not tell how they speak to us.
    pub address: Address,
    /// So many characters at most; `None`: as many as one likes.
    pub limit: Option<usize>,
    /// Whether everybody can read the reply.
    pub is_public: bool,
    /// As what the team signs; `None`: with the brand's name.
    pub team: Option<&'a str>,
    /// Whom it is about.
    pub brand: &'a str,
    /// By when the person hears from us again; `None`, or not after `now`: no date is named.
    pub answer_by: Option<Timestamp>,
    /// In which the date is meant.
    pub time_zone: Tz,
    /// Whether the person has waited so long that one must say so.
    pub waited_long: bool,
    /// What the person has been answered before.
    pub earlier: &'a [String],
    /// When the draft is made.
    pub now: Timestamp,
}

impl Occasion<'_> {
    /// In which language and how a reply speaks to the person.
    pub(super) fn manner(&self) -> Manner {
        let tongue = self.language.map_or(Tongue::English, Tongue::of);
        Manner::of(tongue, Address::told_by(self.review).unwrap_or(self.address))
    }

    /// Whether they write another language than they are answered in, as far as one can tell.
    pub(super) fn is_foreign(&self) -> bool {
        self.language.is_none_or(|language| Tongue::of(language).code() != language.code())
    }

    /// The mood to be answered: where the text tells none, the stars do; praise with a complaint in it is no praise.
    pub(super) fn mood(&self) -> Label {
        let by_stars = self.said.stars.map(|stars| match stars {
            0..=2 => Label::Negative,
            3 => Label::Neutral,
            _ => Label::Positive,
        });
        let mood = self.said.mood.or(by_stars).unwrap_or(Label::Neutral);
        let has = |intent: Intent| self.said.intents.iter().any(|name| name == intent.name());
        let complains = has(Intent::Complaint) || has(Intent::Leave);
        if mood == Label::Positive && complains { Label::Neutral } else { mood }
    }

    /// What is known of the mention, with the mood to be answered.
    pub(super) fn in_effect(&self) -> Said<'_> {
        Said { mood: Some(self.mood()), ..self.said }
    }

    /// What the slots of a template stand for on this occasion.
    pub(super) fn fills(&self, templates: &Templates, template: &Template, manner: Manner) -> Fills {
        let general = templates.general(manner);
        let usual = |own: &Option<Wording>, of: fn(&Template) -> Option<&Wording>| {
            own.clone().or_else(|| general.and_then(of).cloned())
        };
        let is_praise = self.mood() == Label::Positive;
        let words = quote(self.review, self.reasons, is_praise, |words| manner.takes(words));
        let name = self.author.and_then(Name::of);
        let mut fills = Fills::default();
        fills.set(Slot::Salutation, Some(manner.salutation(name.as_ref())));
        fills.set(Slot::Quote, words.map(|words| manner.quoted(&words)));
        fills.set(Slot::Reason, manner.joined(&self.reasons_named(templates, template, manner)));
        fills.set(Slot::Apology, usual(&template.apology, |general| general.apology.as_ref()));
        fills.set(Slot::Question, usual(&template.question, |general| general.question.as_ref()));
        fills.set(Slot::Promise, Some(manner.promise(self.date(manner).as_deref())));
        fills.set(Slot::Signature, Some(manner.signature(self.team, self.brand)));
        fills
    }

    /// What it is about, in plain words: the template's own reason first.
    fn reasons_named<'t>(&self, templates: &'t Templates, template: &'t Template, manner: Manner) -> Vec<&'t str> {
        let mut named: Vec<&str> = template.reason.as_deref().into_iter().collect();
        for reason in self.said.topics.iter().filter_map(|topic| templates.reason(manner, topic)) {
            if !named.contains(&reason) {
                named.push(reason);
            }
        }
        named.truncate(MOST_REASONS);
        named
    }

    fn date(&self, manner: Manner) -> Option<String> {
        let at = self.answer_by.filter(|at| *at > self.now)?;
        Some(Format { tongue: manner.tongue(), zone: self.time_zone }.near_day(at))
    }

    /// What the person feels, said back.
    pub(super) fn feeling(&self, manner: Manner) -> Option<Wording> {
        self.said.emotions.iter().filter_map(|name| Emotion::parse(name)).find_map(|emotion| manner.feeling(emotion))
    }

    /// What keeps the person from telling everybody too much.
    pub(super) fn caution(&self, manner: Manner) -> Option<Wording> {
        if self.is_public { manner.caution(self.said.topics) } else { None }
    }
}
