use proptest::prelude::*;

use super::*;

/// For each rule, replies on which it should speak and on which it should not; not all of them are judged rightly.
pub(super) const FIXTURES: [(RuleName, &str); 11] = [
    (RuleName::NoGreeting, include_str!("fixtures/greeting.txt")),
    (RuleName::BlamesCustomer, include_str!("fixtures/blame.txt")),
    (RuleName::BlamesCustomer, include_str!("fixtures/blame-sentences.txt")),
    (RuleName::BlamesCustomer, include_str!("fixtures/blame-turns.txt")),
    (RuleName::RegretWithoutOffer, include_str!("fixtures/regret.txt")),
    (RuleName::PersonalData, include_str!("fixtures/personal.txt")),
    (RuleName::RevealsIdentity, include_str!("fixtures/identity.txt")),
    (RuleName::RevealsIdentity, include_str!("fixtures/identity-turns.txt")),
    (RuleName::AsksForRating, include_str!("fixtures/rating.txt")),
    (RuleName::AsksForRating, include_str!("fixtures/rating-turns.txt")),
    (RuleName::MixedAddress, include_str!("fixtures/address.txt")),
];

/// A line of them.
pub(super) struct Fixture<'a> {
    pub(super) speaks: bool,
    reply: &'a str,
    review: &'a str,
    author: Option<&'a str>,
}

impl<'a> Fixture<'a> {
    pub(super) fn to_reply(&self) -> Reply<'a> {
        Reply { review: self.review, author: self.author, ..to(self.reply) }
    }
}

pub(super) fn read(file: &str) -> impl Iterator<Item = Fixture<'_>> {
    file.lines().filter_map(|line| {
        let (speaks, line) = line.split_at_checked(2).filter(|(sign, _)| ["+ ", "- "].contains(sign))?;
        let mut parts = line.split(" | ");
        let (reply, review) = (parts.next()?, parts.next().unwrap_or_default());
        let author = parts.next().filter(|author| *author != "None");
        Some(Fixture { speaks: speaks == "+ ", reply, review, author })
    })
}

fn to(reply: &str) -> Reply<'_> {
    Reply { reply, is_public: true, ..Reply::default() }
}

fn rules(reply: &Reply<'_>) -> Vec<RuleName> {
    let mut rules: Vec<RuleName> = lint(reply).into_iter().map(|warning| warning.rule).collect();
    rules.dedup();
    rules
}

fn words_of(rule: RuleName, reply: &Reply<'_>) -> Vec<String> {
    lint(reply).into_iter().filter(|warning| warning.rule == rule).map(|warning| warning.words).collect()
}

#[track_caller]
fn assert_speaks(rule: RuleName, on: &[&str], not_on: &[&str]) {
    for reply in on {
        assert!(rules(&to(reply)).contains(&rule), "{} is silent on: {reply}", rule.name());
    }
    for reply in not_on {
        assert!(!rules(&to(reply)).contains(&rule), "{} speaks on: {reply}", rule.name());
    }
}

#[test]
fn every_rule_is_right_often_enough_on_its_fixtures() {
    for (rule, file) in FIXTURES {
        let judged: Vec<(Vec<RuleName>, Vec<RuleName>)> = read(file)
            .map(|fixture| (if fixture.speaks { vec![rule] } else { Vec::new() }, rules(&fixture.to_reply())))
            .collect();
        let scores = measure(judged.iter().map(|(labels, spoke)| (labels.as_slice(), spoke.as_slice())));
        let score = scores.iter().find(|score| score.rule == rule).unwrap();
        assert!(score.right >= 10, "{score:?}");
        assert!(score.precision() >= 0.9 && score.recall() >= 0.8, "{score:?}");
    }
}

#[test]
fn every_name_is_read_back() {
    for rule in RuleName::ALL {
        assert_eq!(RuleName::parse(rule.name()), Some(rule));
        assert_eq!(serde_json::json!(rule), rule.name());
    }
    assert_eq!(RuleName::parse("rudeness"), None);
}

#[test]
fn every_rule_gives_its_advice_in_both_languages() {
    for rule in RuleName::ALL {
        let advice = rule.advice();
        assert!(advice.german.ends_with('.') && advice.english.ends_with('.'), "{}", rule.name());
        assert_ne!(advice.german, advice.english);
    }
}

#[test]
fn a_reply_without_a_word_is_not_looked_at() {
    for reply in ["", " \n", "🙏 …"] {
        assert_eq!(lint(&to(reply)), []);
    }
}

#[test]
fn a_greeting_may_follow_a_sigh_but_not_half_a_reply() {
    assert_speaks(
        RuleName::NoGreeting,
        &[
            "Lieber hätten wir eine gute Nachricht.",
            "Das war nichts. Wir holen den Schrank wieder ab, liebe Frau Paul.",
        ],
        &["Oh nein, liebe Frau Paul!", "Guten Abend, wir holen den Schrank ab.", "„Na toll“, hallo Jana, das saß."],
    );
    let shown = Reply { author: Some("jana_liest"), ..to("Danke, Jana, das Heft kommt morgen.") };
    assert_eq!(words_of(RuleName::NoGreeting, &shown), [""; 0]);
}

#[test]
fn blame_is_told_from_instructions_and_from_owning_up() {
    assert_speaks(
        RuleName::BlamesCustomer,
        &[
            "Guten Tag, hätten Sie die Anleitung gelesen, wäre das Glas noch ganz.",
            "Hello, you failed to follow the instructions on the lid.",
            "Hallo, wer bei Sturm grillt, braucht sich über kalte Würstchen nicht zu wundern.",
            "Hi, nobody else has complained about the pillows.",
        ],
        &[
            "Guten Tag, in der Anleitung steht auf Seite 4, wie Sie das Glas einsetzen. Hilft das?",
            "Hello, you did nothing wrong, our instructions were. A new lid is on its way.",
            "Guten Tag, das hätten wir vorher prüfen müssen. Sie bekommen ein neues Glas.",
            "Hi, could you tell us which pillow it was?",
        ],
    );
}

#[test]
fn regret_is_fine_where_something_helps() {
    assert_speaks(
        RuleName::RegretWithoutOffer,
        &["Hallo, das tut uns leid. Eine Erstattung ist leider nicht möglich.", "Hi, sorry you feel let down."],
        &[
            "Hallo, das tut uns leid. Wir erstatten den Betrag.",
            "Hi, sorry! Which size did you order?",
            "Hallo, leider voll. Melden Sie sich unter platz@theater.example.",
            "Guten Tag, danke für das Lob!",
        ],
    );
}

#[test]
fn numbers_of_customers_are_told_from_those_of_the_company() {
    assert_speaks(
        RuleName::PersonalData,
        &[
            "Hallo, Ihre Bestellung K-449210 ist da.",
            "Hi, the fitter will be at 12 Elder Lane on Monday.",
            "Hallo, wir haben Sie unter 0151 55501234 nicht erreicht.",
            "Hi, the refund goes to GB33 BUKB 2020 1555 5555 55.",
        ],
        &[
            "Hallo, rufen Sie uns an: 030 555 0101.",
            "Hi, come and see us at our shop, 12 Elder Lane.",
            "Hallo, der RE 4512 fährt ab 14:05 von Gleis 11, Tickets kosten 1.250 Euro weniger als 2024.",
            "Hi, version 11.4.2 for the S-2000 is out.",
        ],
    );
    let private = Reply { is_public: false, ..to("Hallo, Ihre Bestellung K-449210 ist da.") };
    assert!(!rules(&private).contains(&RuleName::PersonalData));
}

#[test]
fn a_reviewer_may_be_called_as_they_call_themselves() {
    let called = |reply: &'static str, author| {
        let reply = Reply { author, review: "Mein Sohn wartet seit Mai. – Bea", ..to(reply) };
        words_of(RuleName::RevealsIdentity, &reply)
    };
    assert_eq!(called("Hallo Frau Lutz, ein Platz ist frei.", Some("bergziege")), ["Lutz"]);
    assert_eq!(called("Hallo Frau Lutz, ein Platz ist frei.", None), ["Lutz"]);
    for (reply, author) in [
        ("Hallo Frau Lutz, ein Platz ist frei.", Some("B. Lutz")),
        ("Hallo Bergziege, ein Platz ist frei.", Some("bergziege_77")),
        ("Hallo Bea, ein Platz für Ihren Sohn ist frei.", Some("bergziege")),
        ("Liebe Kundin, unsere Frau Lutz ruft Sie an.", Some("bergziege")),
    ] {
        assert_eq!(called(reply, author), [""; 0], "{reply}");
    }
    assert_eq!(called("Hallo, als Lehrerin kennen Sie das.", Some("bergziege")), ["als Lehrerin"]);
}

#[test]
fn thanks_for_a_review_ask_for_none() {
    assert_speaks(
        RuleName::AsksForRating,
        &["Hallo, über einen fünften Stern würden wir uns freuen.", "Hi, could you take your review down?"],
        &[
            "Hallo, danke für Ihre Bewertung! Klappt es jetzt?",
            "Hi, thank you for the five stars. Is it warm enough now?",
        ],
    );
}

#[test]
fn she_they_and_signatures_are_no_address() {
    assert_speaks(
        RuleName::MixedAddress,
        &["Hallo Ole, dein Rad ist fertig. Sie können es abholen.", "Guten Tag, Ihr Rad ist da. Hol es einfach ab."],
        &[
            "Hallo Ole, unsere Mechanikerin hat dein Rad fertig. Sie ist bis sechs da. Viele Grüße, Ihr Radladen",
            "Guten Tag, Ihr Rad ist da. Der Spruch „Hol dir dein Rad“ galt nur im Mai.",
            "Hi Ole, we told you: \"Sie\" means you.",
        ],
    );
}

#[test]
fn a_sentence_of_substance_is_said_once_and_a_farewell_as_often_as_one_likes() {
    let earlier = [
        "Hallo Eva, die neuen Pumpen stehen seit Montag in Halle zwei bereit. Viele Grüße aus der Werkstatt, Ihre Ada",
    ];
    let repeated = |reply| words_of(RuleName::RepeatedText, &Reply { earlier: &earlier, ..to(reply) });
    assert_eq!(
        repeated("Moin Kai, seit Montag stehen die neuen Pumpen in Halle zwei bereit. Bis bald!"),
        ["Moin Kai, seit Montag stehen die neuen Pumpen in Halle zwei bereit"]
    );
    assert_eq!(
        repeated("Moin Kai, die alten Pumpen holt der Fahrer am Dienstag. Viele Grüße aus der Werkstatt, Ihre Ada"),
        [""; 0]
    );
}

#[test]
fn a_reply_speaks_the_language_of_the_review() {
    let spoken =
        |reply, review, language| rules(&Reply { review, language, ..to(reply) }).contains(&RuleName::WrongLanguage);
    let (german, english) = ("Guten Tag, das Gerät ist unterwegs zu Ihnen.", "Hello, the kettle is on its way to you.");
    assert!(spoken(english, "Kocher ist nach einer Woche kaputt gegangen.", Some(Language::GERMAN)));
    assert!(spoken(german, "The kettle broke after a week.", None));
    assert!(!spoken(german, "Kocher ist nach einer Woche kaputt gegangen.", None));
    assert!(!spoken(
        "Hallo, „Custom range“ und „Last quarter“ rechnen jetzt richtig.",
        "Filter ist falsch",
        Some(Language::GERMAN)
    ));
}

#[test]
fn characters_are_counted_and_not_bytes() {
    let of = |limit| words_of(RuleName::TooLong, &Reply { limit: Some(limit), ..to("Grüße 🙏!") });
    assert_eq!((of(8), of(7)), (vec![], vec!["!".to_owned()]));
}

/// Words that patterns begin with, and what texts are broken by.
const PIECES: [&str; 33] = [
    "Sie", "du", "Ihr", "hätten", "gelesen", "leider", "„", "“", "\"", "Straße", "12", "0151", "5550199", "@",
    "a@b.de", "you", "can't", "'", "’s", "Sterne", "bitte", "\n", ".", "?", "!", ",", "–", "🙏", "wer", "Liebe", "Dr.",
    "e\u{301}", "DE89",
];

fn pieces() -> impl Strategy<Value = String> {
    prop_oneof![proptest::sample::select(&PIECES[..]).prop_map(str::to_owned), r"\PC{0,6}"]
}

proptest! {
    #[test]
    fn any_text_is_judged_and_every_place_is_where_its_words_stand(
        reply in proptest::collection::vec(pieces(), 0..40).prop_map(|words| words.join(" ")),
        review in r"\PC{0,60}",
        limit in proptest::option::of(0..40_usize),
    ) {
        let earlier = [review.as_str(), reply.as_str()];
        let reply = Reply { review: &review, author: Some(&review), limit, earlier: &earlier, ..to(&reply) };
        let warnings = lint(&reply);
        for warning in &warnings {
            prop_assert_eq!(reply.reply.get(warning.place.clone()), Some(warning.words.as_str()));
        }
        let mut places: Vec<_> = warnings.iter().map(|warning| (warning.rule, warning.place.start, warning.place.end)).collect();
        places.dedup();
        prop_assert_eq!(places.len(), warnings.len(), "a rule speaks once of a place");
    }
}
