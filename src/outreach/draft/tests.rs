//! Drafts as a customer would read them, and what holds for all of them.

use chrono_tz::Tz;
use proptest::prelude::*;

use super::*;
use crate::analyse::{Emotion, Intent, Reason, Topic};
use crate::mention::{Label, Timestamp};
use crate::outreach::Severity;
use crate::outreach::entry::Said;
use crate::outreach::lint::{Reply, lint};

/// What somebody wrote and what is known of it, owned.
#[derive(Clone, Debug)]
struct Review {
    text: String,
    reasons: Vec<Reason>,
    mood: Label,
    language: Option<Language>,
    author: String,
    topics: Vec<String>,
    intents: Vec<String>,
    emotions: Vec<String>,
    earlier: Vec<String>,
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

impl Review {
    /// Of somebody upset; the words in bars decided it, the first ones most.
    fn new(language: Language, author: &str, marked: &str, topics: &[&str]) -> Self {
        let words = marked.split('|').skip(1).step_by(2).zip(1..);
        let reasons = words.map(|(words, place)| Reason { words: words.to_owned(), weight: -1.0 / f64::from(place) });
        Self {
            reasons: reasons.collect(),
            text: marked.replace('|', ""),
            mood: Label::Negative,
            language: Some(language),
            author: author.to_owned(),
            topics: names(topics),
            intents: names(&["complaint"]),
            emotions: Vec::new(),
            earlier: Vec::new(),
        }
    }

    fn german(author: &str, marked: &str, topics: &[&str]) -> Self {
        Self::new(Language::GERMAN, author, marked, topics)
    }

    fn english(author: &str, marked: &str, topics: &[&str]) -> Self {
        Self::new(Language::ENGLISH, author, marked, topics)
    }

    fn feeling(self, emotions: &[&str]) -> Self {
        Self { emotions: names(emotions), ..self }
    }

    fn wanting(self, intents: &[&str]) -> Self {
        Self { intents: names(intents), ..self }
    }

    fn in_mood(mut self, mood: Label) -> Self {
        if mood == Label::Positive {
            self.reasons.iter_mut().for_each(|reason| reason.weight = -reason.weight);
        }
        Self { mood, ..self }
    }

    fn occasion(&self) -> Occasion<'_> {
        let now = Timestamp::parse_rfc3339("2026-03-09T10:00:00Z").unwrap();
        Occasion {
            said: Said {
                source: "app-store-de",
                brands: &[],
                mood: Some(self.mood),
                stars: None,
                emotions: &self.emotions,
                intents: &self.intents,
                topics: &self.topics,
                urgency: 0.0,
            },
            severity: Severity::Normal,
            language: self.language,
            author: Some(&self.author),
            review: &self.text,
            reasons: &self.reasons,
            address: Address::Sie,
            limit: None,
            is_public: true,
            team: None,
            brand: "Nordbahn",
            answer_by: Some(now.plus_seconds(3 * 86_400)),
            time_zone: Tz::Europe__Berlin,
            waited_long: false,
            earlier: &self.earlier,
            now,
        }
    }
}

fn draft(occasion: &Occasion<'_>) -> Draft {
    Draft::new(&Templates::default(), occasion).unwrap()
}

/// The template without its version, which changes with every comma, and the text; what was left out below.
fn shown(occasion: &Occasion<'_>) -> String {
    let draft = draft(occasion);
    assert_eq!(warnings(occasion, &draft), "", "nobody is warned of what we began with");
    let name = draft.template.split('@').next().unwrap_or_default();
    let left_out: String = draft.left_out.iter().map(|text| format!("\n- {text}")).collect();
    let foreign = if draft.is_foreign { ", for another language" } else { "" };
    let length = draft.text.chars().count();
    let left_out = if left_out.is_empty() { left_out } else { format!("\n\nleft out:{left_out}") };
    format!("({name}.{}{foreign}, {length} characters)\n\n{}{left_out}", draft.language, draft.text)
}

/// What the linter has to say of a draft.
fn warnings(occasion: &Occasion<'_>, draft: &Draft) -> String {
    let earlier: Vec<&str> = occasion.earlier.iter().map(String::as_str).collect();
    let spoken = lint(&Reply {
        reply: &draft.text,
        review: occasion.review,
        // Whoever cannot be answered in their language knows that: the page says so.
        language: if draft.is_foreign { Some(draft.language) } else { occasion.language },
        is_public: occasion.is_public,
        author: occasion.author,
        limit: occasion.limit,
        earlier: &earlier,
    });
    spoken.iter().map(|warning| format!("{:?}: {}\n", warning.rule, warning.words)).collect()
}

#[test]
fn somebody_whose_app_crashes_is_answered_by_name_and_in_their_words() {
    let review = Review::german(
        "Jana M.",
        "Seit dem Update |stürzt die App| beim Bezahlen ständig ab. |Nervt| gewaltig!",
        &["app"],
    )
    .feeling(&["anger"]);
    insta::assert_snapshot!(shown(&review.occasion()));
}

#[test]
fn whoever_says_ihr_is_answered_with_du() {
    let review =
        Review::german("k4tze77", "Eure App |zeigt dauernd falsche Zeiten| an, bekommt ihr das mal hin?", &["app"]);
    let occasion = Occasion { team: Some("Dein Nordbahn-Team"), ..review.occasion() };
    insta::assert_snapshot!(shown(&occasion));
}

#[test]
fn a_late_parcel_and_a_deaf_hotline_are_both_named_and_so_is_the_waiting() {
    let text = "Seit drei Wochen warte ich auf mein Paket, und |am Telefon weiß keiner| Bescheid. \
                Haben Sie das je selbst versucht?";
    let review = Review::german("Peter Schulz", text, &["delivery", "support"]).feeling(&["disappointment"]);
    insta::assert_snapshot!(shown(&Occasion { waited_long: true, ..review.occasion() }));
}

#[test]
fn in_a_store_for_apps_a_draft_has_350_characters() {
    let text = "Nach dem Update |findet die App keine Verbindungen| mehr. Support antwortet nicht.";
    let review = Review::german("Ein Google-Nutzer", text, &["app", "support"]).feeling(&["anger"]);
    insta::assert_snapshot!(shown(&Occasion { limit: Some(350), ..review.occasion() }));
}

#[test]
fn where_there_is_hardly_any_room_the_short_one_is_taken() {
    let review = Review::german("Jana M.", "|Die Rechnung stimmt hinten| und vorne nicht", &["price"]);
    insta::assert_snapshot!(shown(&Occasion { limit: Some(150), ..review.occasion() }));
}

#[test]
fn whoever_leaves_is_asked_what_would_have_to_change() {
    let text = "Zweimal |den Preis heimlich erhöht|. Ich kündige und gehe zur Konkurrenz.";
    let review = Review::german("M. Yılmaz", text, &["price", "contract"]).wanting(&["leave", "complaint"]);
    insta::assert_snapshot!(shown(&review.occasion()));
}

#[test]
fn somebody_who_was_hurt_is_asked_how_they_are() {
    let text = "Bin auf dem vereisten Bahnsteig gestürzt, |niemand hat geholfen|. Frau Krüger vom Schalter sah zu.";
    let review = Review::german("Renate", text, &["safety", "staff"]).feeling(&["sadness", "anger"]);
    let occasion =
        Occasion { severity: Severity::Urgent, is_public: false, team: Some("Ihr Kundendienst"), ..review.occasion() };
    insta::assert_snapshot!(shown(&occasion));
}

#[test]
fn insults_are_not_said_back() {
    let text = "|Saftladen|, alles |Betrüger|! Mein |Geld ist weg|, Auftrag 4711234.";
    let review = Review::german("Enttäuschter Kunde", text, &[]).feeling(&["anger"]);
    insta::assert_snapshot!(shown(&Occasion { answer_by: None, ..review.occasion() }));
}

#[test]
fn thanks_are_thanked_for() {
    let text = "|Super freundlicher Zugbegleiter|, alles pünktlich. |Danke|!";
    let review = Review::german("Familie Schulz", text, &["staff"]).wanting(&["praise"]).in_mood(Label::Positive);
    insta::assert_snapshot!(shown(&review.occasion()));
}

#[test]
fn a_question_is_no_complaint() {
    let text = "Gilt die Zehnerkarte auch am Wochenende?";
    let review = Review::german("tom_1990", text, &["price"]).wanting(&["question"]).in_mood(Label::Neutral);
    insta::assert_snapshot!(shown(&review.occasion()));
}

#[test]
fn an_english_review_is_answered_in_english() {
    let text = "Waited two hours in the cold, then |your driver shouted at me|. Never again.";
    let review = Review::english("Sarah Miller", text, &["staff", "delivery"]).feeling(&["anger"]);
    insta::assert_snapshot!(shown(&review.occasion()));
}

#[test]
fn a_charge_that_comes_twice_is_answered_without_asking_for_numbers_in_public() {
    let text = "They charged me twice and |nobody answers my mails|. Order 4711-2345-11.";
    let review = Review::english("bookworm_82", text, &["price", "support"]).feeling(&["worry"]);
    insta::assert_snapshot!(shown(&Occasion { waited_long: true, ..review.occasion() }));
}

#[test]
fn english_praise_is_thanked_for() {
    let text = "Clean trains, friendly staff, and the |app just works|.";
    let review = Review::english("A Google user", text, &["quality"]).wanting(&["praise"]).in_mood(Label::Positive);
    insta::assert_snapshot!(shown(&Occasion { limit: Some(350), ..review.occasion() }));
}

#[test]
fn whoever_writes_french_is_answered_in_english_and_that_is_told() {
    let french = Language::parse("fr").unwrap();
    let text = "Mes données ont été vendues, c'est |inadmissible|.";
    let review = Review::new(french, "Élodie Petit", text, &["privacy"]).feeling(&["worry"]);
    let occasion = Occasion { team: Some("Ihr Kundendienst"), ..review.occasion() };
    insta::assert_snapshot!(shown(&occasion));
}

#[test]
fn nobody_reads_the_same_sentence_twice() {
    let mut review = Review::german("Jana M.", "Die App |stürzt schon wieder ab|.", &["app"]).feeling(&["anger"]);
    for _ in 0..3 {
        let text = draft(&Occasion { waited_long: true, ..review.occasion() }).text;
        review.earlier.push(text);
    }
    let sentences = |text: &String| -> Vec<String> {
        let paragraphs: Vec<&str> = text.split("\n\n").collect();
        let said = paragraphs[1..paragraphs.len() - 1].join(" ");
        let long = said.split_inclusive(['.', '?']).map(str::trim).filter(|one| one.split_whitespace().count() > 3);
        long.map(str::to_owned).collect()
    };
    let [first, second, _] = &review.earlier[..] else { panic!() };
    let twice: Vec<String> = sentences(second).into_iter().filter(|one| first.contains(one.as_str())).collect();
    assert_eq!(twice, [""; 0], "{first}\n\n{second}");
    insta::assert_snapshot!(review.earlier.join("\n\n===\n\n"));
}

#[test]
fn where_nothing_fits_there_is_no_draft() {
    let review = Review::german("Jana M.", "So geht das nicht.", &[]);
    let none = Draft::new(&Templates::default(), &Occasion { limit: Some(30), ..review.occasion() }).unwrap_err();
    let DraftError::NoRoom { shortest, limit: 30 } = none else { panic!("{none}") };
    assert!(shortest > 30);
    let fitting = Occasion { limit: Some(shortest), ..review.occasion() };
    assert_eq!(draft(&fitting).text.chars().count(), shortest, "what is told to be needed is enough");
}

#[test]
fn people_who_complain_of_the_same_are_told_it_in_other_words() {
    let texts: std::collections::BTreeSet<String> = ["eins", "zwei", "drei", "vier", "fünf", "sechs"]
        .iter()
        .map(|name| draft(&Review::german(name, "Die App ist lahm.", &["app"]).occasion()).text)
        .map(|text| text.split_once(",\n").map(|(_, rest)| rest.to_owned()).unwrap_or(text))
        .collect();
    assert!(texts.len() > 3, "{texts:#?}");
}

fn any_of(all: Vec<&'static str>) -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(prop::sample::select(all), 0..4).prop_map(|found| names(&found))
}

prop_compose! {
    fn reviews()(
        text in "(schlecht |gut |Sie |ihr habt |du |Ihnen |[a-zA-Z]{1,9}[ ,.!?]|[0-9]{1,9} |\\{x\\}|\\PC|\n){0,40}",
        weight in -1.0..1.0_f64,
        author in "([A-ZÄ][a-zß]{1,12} [A-Z]\\.|[a-z0-9_]{1,20}|\\PC{0,50}|\\{name\\})",
        code in prop::sample::select(vec!["de", "en", "fr"]),
        mood in prop::sample::select(Label::ALL.to_vec()),
        topics in any_of(Topic::ALL.iter().map(|one| one.name()).collect()),
        intents in any_of(Intent::ALL.iter().map(|one| one.name()).collect()),
        emotions in any_of(Emotion::ALL.iter().map(|one| one.name()).collect()),
    ) -> Review {
        let reasons = ["schlecht", "gut"].map(|words| Reason { words: words.to_owned(), weight });
        let (reasons, language) = (reasons.to_vec(), Language::parse(code));
        Review { text, reasons, mood, language, author, topics, intents, emotions, earlier: Vec::new() }
    }
}

proptest! {
    #[test]
    fn drafts_keep_their_limits_hold_no_braces_and_speak_in_one_way(
        mut review in reviews(),
        limit in prop::option::of(20..600_usize),
        is_du in any::<bool>(),
        is_public in any::<bool>(),
        waited_long in any::<bool>(),
        team in prop::sample::select(vec![None, Some("Ihr Kundendienst"), Some("Dein {Team}"), Some("Service")]),
    ) {
        let templates = Templates::default();
        for _ in 0..2 {
            let address = if is_du { Address::Du } else { Address::Sie };
            let occasion = Occasion { address, limit, is_public, waited_long, team, ..review.occasion() };
            let Ok(draft) = Draft::new(&templates, &occasion) else {
                prop_assert!(limit.is_some_and(|limit| limit < 160));
                break;
            };
            prop_assert_eq!(Draft::new(&templates, &occasion), Ok(draft.clone()));
            prop_assert!(draft.text.chars().count() <= limit.unwrap_or(usize::MAX));
            prop_assert!(!draft.text.contains(['{', '}', '[', ']', '|']), "{}", draft.text);
            prop_assert!(draft.text.starts_with(['G', 'H']) && draft.text.contains(",\n\n"), "{}", draft.text);
            prop_assert_eq!(draft.text.matches('?').count(), 1, "{}", draft.text);
            prop_assert!(!draft.text.split(|c: char| !c.is_numeric()).any(|number| number.chars().count() > 5));
            let (sie, du) = (Address::Sie.may_be_in(&draft.text), Address::Du.may_be_in(&draft.text));
            prop_assert!(!(sie && du) || draft.language == Language::ENGLISH, "{}", draft.text);
            review.earlier.push(draft.text);
        }
    }
}
