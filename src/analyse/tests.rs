mod languages;
mod ratings;
mod rules;

use std::fmt::Write as _;
use std::sync::LazyLock;

use proptest::prelude::*;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::*;
use crate::mention::Rating;

static MODEL: LazyLock<Model> = LazyLock::new(|| Model::embedded(&[]));

/// Texts written for this project, with the mood that a reader would see in them.
const FIXTURES: &str = include_str!("fixtures/moods.jsonl");

/// What the model of this version is made of and answers; see the test that compares it.
const FINGERPRINT: (&str, &str) = ("linear-3", "7860985c12507ea7");

#[derive(Deserialize)]
struct Fixture {
    lang: Language,
    label: Label,
    text: String,
}

fn fixtures() -> Vec<Fixture> {
    FIXTURES.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn of(text: &str) -> Mention {
    Mention { text: text.to_owned(), ..Mention::default() }
}

fn analyse(mention: &Mention, model: &Model) -> Analysis {
    model.reader().analyse(mention, &Mask::default())
}

fn rated(text: &str, rating: Rating) -> Mood {
    analyse(&Mention { rating: Some(rating), ..of(text) }, &MODEL).mood.unwrap()
}

fn mood(text: &str) -> Mood {
    analyse(&of(text), &MODEL).mood.unwrap()
}

fn score(text: &str) -> f64 {
    mood(text).score
}

fn label(text: &str) -> Label {
    mood(text).label
}

#[track_caller]
fn assert_labels(expected: Label, texts: &[&str]) {
    for text in texts {
        assert_eq!(label(text), expected, "{text}: {:?}", mood(text).why);
    }
}

#[test]
fn a_title_speaks_too() {
    let mention = Mention { title: Some("Nie wieder".into()), ..of("Ich war im Mai dort.") };
    assert_eq!(analyse(&mention, &MODEL).mood.unwrap().label, Label::Negative);
}

#[test]
fn a_long_text_is_read_to_its_limit_only() {
    let long = format!("{}Katastrophe", "Am Morgen fuhr der Zug. ".repeat(1_400));
    assert_eq!(score(&long), score(&long[..LONGEST_TEXT]));
}

#[test]
fn many_reasons_are_summed_up() {
    let why = mood(
        &"gut schlecht nett mies schön öde toll doof fein übel cool lahm frisch schlimm lecker".replace(' ', ". "),
    )
    .why;
    assert_eq!((why.len(), why[11].words.as_str()), (12, "…"));
}

#[test]
fn most_of_the_fixtures_are_judged_as_a_reader_would() {
    for language in [Language::GERMAN, Language::ENGLISH] {
        let fixtures: Vec<_> = fixtures().into_iter().filter(|fixture| fixture.lang == language).collect();
        let right = fixtures.iter().filter(|fixture| label(&fixture.text) == fixture.label).count();
        let known = fixtures.iter().filter(|it| analyse(&of(&it.text), &MODEL).language == Some(language)).count();
        assert!(right * 100 >= fixtures.len() * 90, "{language}: {right} of {} moods are right", fixtures.len());
        assert!(known * 100 >= fixtures.len() * 99, "{language}: {known} of {} languages are right", fixtures.len());
    }
}

#[test]
fn moods_are_explained() {
    let mut explained = String::new();
    for fixture in fixtures().iter().step_by(8) {
        let analysis = analyse(&of(&fixture.text), &MODEL);
        let language = analysis.language.map_or("??".to_owned(), |language| language.to_string());
        let Some(mood) = analysis.mood else { continue };
        let why: Vec<_> = mood.why.iter().map(|reason| format!("{} {:+.2}", reason.words, reason.weight)).collect();
        let _ = writeln!(
            explained,
            "{language} {} {:+.2} {}\n    {}",
            mood.label.name(),
            mood.score,
            fixture.text,
            why.join(" | ")
        );
    }
    insta::assert_snapshot!(explained);
}

/// Analyses are stored with the version of the model that made them; answers that change under one version would look like
/// a change of mood.
#[test]
fn the_version_changes_whenever_the_answers_do() {
    let mut hash = Sha256::new();
    for fixture in fixtures() {
        let analysis = analyse(&of(&fixture.text), &MODEL);
        hash.update(format!("{:?} {:.3}", analysis.language, analysis.mood.map_or(0.0, |mood| mood.score)));
    }
    let digest: String = hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(
        FINGERPRINT,
        (Model::VERSION, digest.as_str()),
        "the model answers differently: raise `Model::VERSION` (unless it was never released) and put both into `FINGERPRINT`"
    );
}

/// Words that set off rules, in any order.
fn talk() -> impl Strategy<Value = String> {
    let words = "gut|schlecht|nicht|kein|aber|zwar|sehr|super|stürzt|ab|fällt|aus|,|.|!!!|?|😡|:-)|ich|laut|not\
        |good|but|very|the|waste of money|nie wieder|SCHLIMM|sooo|lässt|zu wünschen übrig\
        |http://a.example|@b|\n|(|5 Sterne|so ein|Lieferkatastrophe|ä\u{308}";
    let words: Vec<&str> = words.split('|').collect();
    proptest::collection::vec(proptest::sample::select(words), 0..60).prop_map(|words| words.join(" "))
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![talk(), "\\PC{0,120}", any::<String>()]
}

fn any_rating() -> impl Strategy<Value = Option<Rating>> {
    proptest::option::of((any::<f64>(), any::<f64>(), any::<f64>()).prop_map(|(value, worst, best)| Rating {
        value,
        worst,
        best,
    }))
}

proptest! {
    #[test]
    fn a_mood_is_a_distribution_that_its_reasons_explain(text in any_text(), rating in any_rating()) {
        let Some(mood) = analyse(&Mention { rating, ..of(&text) }, &MODEL).mood else { return Ok(()) };
        let [negative, neutral, positive] = mood.probabilities;
        prop_assert!((negative + neutral + positive - 1.0).abs() < 1e-9);
        prop_assert!(mood.probabilities.iter().all(|p| (0.0..=1.0).contains(p)));
        prop_assert!((-1.0..=1.0).contains(&mood.score));
        let sum: f64 = mood.why.iter().map(|reason| reason.weight).sum();
        prop_assert!((sum - mood.score).abs() < 1e-6, "{} {}", sum, mood.score);
    }

    #[test]
    fn whitespace_around_a_text_does_not_matter(text in any_text(), before in "[ \t\r\n]{0,5}", after in "[ \t\r\n]{0,5}") {
        prop_assert_eq!(analyse(&of(&format!("{before}{text}{after}")), &MODEL), analyse(&of(&text), &MODEL));
    }
}

fn about(text: &str, brand: &[&str]) -> Analysis {
    MODEL.reader().analyse(&of(text), &Mask::new(brand.iter().copied()))
}

#[test]
fn the_name_of_a_brand_says_nothing_about_its_mood() {
    for name in ["Super Bahn", "Katastrophe", "@superbahn", "#Perfekt"] {
        let plain = name.trim_start_matches(['@', '#']);
        let text = format!("Ich bin gerade bei {plain} am Schalter.");
        let masked = about(&text, &[name]).mood.unwrap();
        assert_eq!(masked, about(&text.replace(plain, "Xyz"), &["Xyz"]).mood.map(|mood| renamed(mood, plain)).unwrap());
    }
}

/// The same mood with the name in its reasons.
fn renamed(mut mood: Mood, name: &str) -> Mood {
    mood.why.iter_mut().for_each(|reason| reason.words = reason.words.replace("Xyz", name));
    mood
}

#[test]
fn what_was_read_before_does_not_change_the_answers() {
    let mut reader = MODEL.reader();
    let mention = of("Müller und Mueller fahren mit der Bahn, sooo schön!");
    let first = reader.analyse(&mention, &Mask::default());
    for fixture in fixtures() {
        reader.analyse(&of(&fixture.text), &Mask::default());
    }
    assert_eq!(reader.analyse(&mention, &Mask::default()), first);
}

#[test]
fn intents_and_emotions_are_told() {
    let analysis = analyse(&of("Wann fährt der nächste Zug nach Kassel?"), &MODEL);
    assert_eq!(analysis.intents.first(), Some(&Intent::Question));
    let analysis = analyse(&of("Vielen lieben Dank an die nette Schaffnerin, ich bin so dankbar!"), &MODEL);
    assert!(analysis.emotions.contains(&Emotion::Gratitude), "{:?}", analysis.emotions);
    let analysis = analyse(&of("Eine bodenlose Frechheit, ich bin stinksauer! Ich kündige und wechsle."), &MODEL);
    assert!(analysis.emotions.contains(&Emotion::Anger), "{:?}", analysis.emotions);
    assert!(analysis.intents.contains(&Intent::Leave), "{:?}", analysis.intents);
}

#[test]
fn topics_are_told_in_both_languages() {
    for (text, topic) in [
        ("Das Paket liegt seit einer Woche im Depot, der Zusteller kam nie.", Topic::Delivery),
        ("The parcel was left in the rain, the courier never rang.", Topic::Delivery),
        ("Die Rechnung ist zu hoch, und die Gebühr wurde doppelt abgebucht.", Topic::Price),
        ("Nobody answers the helpline, two hours on hold with customer service.", Topic::Support),
    ] {
        let topics = analyse(&of(text), &MODEL).topics;
        assert!(topics.iter().any(|name| name == topic.name()), "{text}: {topics:?}");
    }
}

#[test]
fn a_topic_of_ones_own_brings_those_it_is_a_part_of() {
    let topic = |name: &str, under: Option<&str>, any: &[&str]| OwnTopic {
        name: name.to_owned(),
        under: under.map(str::to_owned),
        any: any.iter().map(|&term| term.to_owned()).collect(),
        none: Vec::new(),
    };
    let topics = vec![topic("bistro", Some("quality"), &["Bordbistro*"]), topic("kaffee", Some("bistro"), &["Kaffee"])];
    let model = Model::embedded(&[]).with_topics(topics);
    let names = |text: &str| analyse(&of(text), &model).topics;
    for name in ["kaffee", "bistro", "quality"] {
        assert!(names("Der Kaffee war kalt.").iter().any(|known| known == name), "{name}");
    }
    assert!(!names("Im Bordbistro war es leer.").iter().any(|known| known == "kaffee"));
}

#[test]
fn topics_in_a_ring_are_refused() {
    let topic = |name: &str, under: &str| OwnTopic {
        name: name.to_owned(),
        under: Some(under.to_owned()),
        any: vec![name.to_owned()],
        none: Vec::new(),
    };
    let ring = [topic("a", "b"), topic("b", "a")];
    assert!(ring[0].problems(&ring).iter().any(|problem| problem.contains("a part of itself")));
    let lost = [topic("a", "nowhere")];
    assert!(lost[0].problems(&lost)[0].contains("there is no topic \"nowhere\""));
}

#[test]
fn urgency_has_its_reasons_and_a_calm_text_has_none() {
    let urgent =
        analyse(&of("Gasgeruch im Keller, mein Kind musste ins Krankenhaus! Ich schalte den Anwalt ein."), &MODEL);
    let calm = analyse(&of("Schöner Tag am See mit der Familie."), &MODEL);
    assert!(urgent.urgency.value > 0.5, "{:?}", urgent.urgency);
    assert!(calm.urgency.value < 0.1, "{:?}", calm.urgency);
    let words: Vec<_> = urgent.urgency.why.iter().map(|reason| reason.words.as_str()).collect();
    assert!(words.contains(&"Anwalt") && words.contains(&"Krankenhaus"), "{words:?}");
    let sum: f64 = urgent.urgency.why.iter().map(|reason| reason.weight).sum();
    assert!((sum - urgent.urgency.value).abs() < 1e-9);
}

#[test]
fn a_report_of_a_fire_is_less_urgent_than_a_cry_for_help() {
    let report = analyse(&of("Feuerwehr löscht Brand im Stellwerk, wie ein Sprecher mitteilte."), &MODEL);
    let cry =
        analyse(&of("Hilfe, bei uns brennt der Zähler, und bei euch geht keiner ans Telefon, eine Frechheit!"), &MODEL);
    assert!(report.urgency.value < cry.urgency.value, "{:?} {:?}", report.urgency, cry.urgency);
}

#[test]
fn stars_that_contradict_the_text_are_marked() {
    let contradicts =
        |text: &str, stars| analyse(&Mention { rating: Some(Rating::stars(stars)), ..of(text) }, &MODEL).contradicts;
    assert!(contradicts("Absolute Katastrophe, nie wieder, nur Abzocke und unfreundliches Personal!", 5.0));
    assert!(contradicts("Wunderbar, alles bestens, sehr freundlich und schnell, vielen Dank!", 1.0));
    assert!(!contradicts("Wunderbar, alles bestens, sehr freundlich und schnell, vielen Dank!", 5.0));
    assert!(!contradicts("Ich war im Mai dort.", 1.0));
}
