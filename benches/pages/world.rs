//! Two years of invented mentions: five brands, thirty sources, two languages, words as frequent as words are; and the
//! cases of the last 90 days.

use std::sync::Arc;

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use stimmung::account::Actor;
use stimmung::analyse::{Analysis, Emotion, Intent, Mood, Urgency};
use stimmung::collect::Cursor;
use stimmung::mention::{Author, Label, Language, Mention, Rating, SourceId, Timestamp};
use stimmung::service::Service;
use stimmung::store::outreach::{Change, Filter, Listed, NewAnswer};
use stimmung::store::{Cut, Item};
use stimmung::view::View;

const DAYS: i64 = 730;
const DAY: i64 = 86_400;
const BRANDS: [&str; 5] = ["Lerchenbahn", "Finkenbahn", "Amselbahn", "Drosselbahn", "Meisenbahn"];
const SOURCES: usize = 30;
/// Different words; the n-th is met as often as its rank says (Zipf).
const WORDS: usize = 30_000;
const TOPICS: [&str; 8] = ["delivery", "price", "support", "quality", "app", "outage", "staff", "contract"];
const SYLLABLES: [&str; 24] = [
    "ba", "re", "li", "to", "ku", "sche", "an", "ver", "ge", "lich", "zug", "fahr", "mel", "dor", "is", "kan", "ung",
    "ten", "wa", "po", "ri", "so", "nel", "fu",
];

/// Brands and sources; nobody asks these.
pub(crate) fn configuration() -> String {
    let mut text = String::new();
    for (n, brand) in BRANDS.iter().enumerate() {
        let competitor = if n == 0 { String::new() } else { format!("competitor_of = \"{}\"\n", BRANDS[0]) };
        text += &format!("[[brand]]\nname = \"{brand}\"\nany = [\"{brand}\"]\n{competitor}");
    }
    for n in 0..SOURCES {
        text += &format!(
            "[[source]]\nid = \"source-{n}\"\nevery = \"1h\"\nfrom.feed = {{ url = \"https://s{n}.example\" }}\n"
        );
    }
    text
}

/// What is asked for.
pub(crate) async fn addresses(service: &Service, now: Timestamp) -> Vec<String> {
    let mut addresses = vec!["/".to_owned(), "/?days=365".to_owned(), "/?days=90&brand=Finkenbahn".to_owned()];
    let pages =
        ["mentions", "findings", "replay", "sources", "sources/add", "reports", "queue", "team", "accounts", "audit"];
    addresses.extend(pages.map(|page| format!("/{page}")));
    addresses.extend(["follow_up", "solved"].map(|view| format!("/queue?view={view}")));
    let newest = service.store.mentions(&View::default(), Cut::first(1), service.config.alert.time_zone).await.unwrap();
    let case = service.store.cases(&Filter::default(), now).await.unwrap().pop().expect("a case").case.id;
    let finding = service.store.findings(None).await.unwrap().pop().expect("a finding").id;
    let month = now.plus_seconds(-30 * DAY).to_utc().format("%Y-%m");
    let mention = newest.mentions[0].id;
    for one in [
        format!("mentions/{mention}"),
        format!("findings/{finding}"),
        format!("reports/{month}"),
        format!("cases/{case}"),
        "sources/source-3".to_owned(),
    ] {
        addresses.extend([format!("/{one}"), format!("/api/v1/{one}")]);
    }
    addresses.extend(["/writers/7/erase", "/api/v1/writers/7", "/api/v1/mentions"].map(str::to_owned));
    for view in [
        "brand=Lerchenbahn&mood=negative",
        "brand=Lerchenbahn&source=source-3&language=de",
        "brand=Amselbahn&topic=app&stars=1-2&from=2026-01-01&to=2026-06-30",
        "author=7",
        "emotion=anger&intent=complaint&urgent=yes",
    ] {
        addresses.push(format!("/mentions?{view}"));
        addresses.push(format!("/api/v1/mentions?{view}"));
    }
    // A frequent word, one of the middle, a rare one, a phrase, and two together.
    let word = |rank: usize| self::word(rank);
    for search in [
        word(3),
        word(500),
        word(25_000),
        format!("%22{}+{}%22", word(3), word(4)),
        format!("{}+{}", word(20), word(900)),
    ] {
        addresses.push(format!("/api/v1/mentions?q={search}"));
    }
    addresses.extend(
        [
            "series?brand=Lerchenbahn&by=topic",
            "overview",
            "reports",
            "findings",
            "sources",
            "views",
            "brands",
            "cases",
            "cases?view=solved&limit=100",
            "team",
            "accounts",
            "audit",
        ]
        .map(|list| format!("/api/v1/{list}")),
    );
    addresses
}

fn word(rank: usize) -> String {
    let (mut rest, mut word) = (rank + 7, String::new());
    while rest > 0 {
        word += SYLLABLES[rest % SYLLABLES.len()];
        rest /= SYLLABLES.len();
    }
    word
}

/// Saves what is missing, ten days of one source at a time.
pub(crate) async fn fill(service: &Service, mentions: usize, now: Timestamp) {
    let zone = service.config.alert.time_zone;
    if !service.store.mentions(&View::default(), Cut::first(1), zone).await.unwrap().mentions.is_empty() {
        return;
    }
    let cursor = Cursor::default();
    let mut chance = StdRng::seed_from_u64(1);
    let version: Arc<str> = service.model().version().into();
    let batches = DAYS / 10 * SOURCES as i64;
    let each = mentions / batches as usize + 1;
    for batch in 0..batches {
        let (days, source) = (batch / SOURCES as i64 * 10, batch % SOURCES as i64);
        let at = now.plus_seconds((days + 10 - DAYS) * DAY);
        let items: Vec<Item> = (0..each).map(|n| item(&mut chance, at, batch as usize * each + n, &version)).collect();
        let source = SourceId::parse(&format!("source-{source}")).unwrap();
        // Somebody listened all the time: what comes after a first round is no history.
        let end = Some((&cursor, at).into());
        if days == 0 {
            service.store.save(&source, &[], end, true, at.plus_seconds(-864_000)).await.unwrap();
        }
        service.store.save(&source, &items, end, true, at).await.unwrap();
    }
}

/// Has the detector look at all of it, and then at a text that eighty people spread within an hour.
pub(crate) async fn find(service: &Service, now: Timestamp) {
    if !service.store.findings(None).await.unwrap().is_empty() {
        return;
    }
    service.detect_once(now.plus_seconds(-3600)).await.unwrap();
    let mut chance = StdRng::seed_from_u64(2);
    let version: Arc<str> = service.model().version().into();
    let spread = (0..80).map(|n| {
        let mut copy = item(&mut chance, now, usize::MAX - n, &version);
        copy.mention.text = format!("{} steht still, und alle erzählen es weiter, so schnell es geht.", BRANDS[0]);
        copy.mention.published_at = Some(now.plus_seconds(-60 - 40 * n as i64));
        copy.brands = vec![BRANDS[0].to_owned()];
        copy
    });
    let source = SourceId::parse("source-0").unwrap();
    let cursor = Cursor::default();
    let end = Some((&cursor, now).into());
    service.store.save(&source, &spread.collect::<Vec<Item>>(), end, true, now).await.unwrap();
    // What arrives in an hour is looked at when it is over.
    service.detect_once(now.plus_seconds(2 * 3600)).await.unwrap();
}

/// Opens the cases of the last 90 days, if there are none yet. Whoever wrote more than two weeks ago was answered within
/// four days, and for half of them that was the end of it.
pub(crate) async fn open_cases(service: &Service, now: Timestamp) {
    let store = &service.store;
    let all = async || store.cases(&Filter::default(), now).await.unwrap();
    if !all().await.is_empty() {
        return;
    }
    // A look takes what was said in the two weeks before it, or since.
    service.cases_once(now.plus_seconds(-76 * DAY)).await.unwrap();
    let actor = Actor::command_line();
    for Listed { case, mention_id: mention, .. } in all().await {
        if case.first_word_at > now.plus_seconds(-14 * DAY) {
            continue;
        }
        let (text, at) = ("Das tut uns leid.", case.first_word_at.plus_seconds(case.id % 100 * 3600));
        let answer = NewAnswer { case: case.id, mention, text, language: Language::GERMAN, template: None };
        store.answer_case(&answer, &actor, at).await.unwrap().unwrap();
        if case.id % 2 == 0 {
            store.change_case(case.id, &Change::Solve(at.plus_seconds(7 * DAY)), &actor, at).await.unwrap().unwrap();
        }
    }
}

fn item(chance: &mut StdRng, until: Timestamp, number: usize, version: &Arc<str>) -> Item {
    let length = chance.random_range(8..60);
    let words: Vec<String> =
        (0..length).map(|_| word((((WORDS as f64).ln() * chance.random::<f64>()).exp() - 1.0) as usize)).collect();
    let brand = BRANDS[chance.random_range(0..BRANDS.len())];
    let label = Label::ALL[chance.random_range(0..3)];
    let score = f64::from(label.sign()) * chance.random_range(0.3..0.95);
    let is_negative = label == Label::Negative;
    let mood = Mood { label, score, probabilities: [0.3, 0.3, 0.4], why: Vec::new() };
    let analysis = Analysis {
        language: Some(if chance.random_bool(0.7) { Language::GERMAN } else { Language::ENGLISH }),
        mood: Some(mood),
        emotions: is_negative.then_some(Emotion::Anger).into_iter().collect(),
        intents: is_negative.then_some(Intent::Complaint).into_iter().collect(),
        topics: vec![TOPICS[chance.random_range(0..TOPICS.len())].into()],
        urgency: Urgency { value: if chance.random_bool(0.02) { 0.7 } else { 0.1 }, why: Vec::new() },
        ..Analysis::default()
    };
    let author = chance.random_range(0..200_000);
    let mention = Mention {
        native_id: number.to_string(),
        author: Some(Author { key: author.to_string(), name: format!("user{author}") }),
        text: format!("{brand} {}", words.join(" ")),
        rating: chance.random_bool(0.5).then(|| Rating::stars(f64::from(chance.random_range(1..=5)))),
        url: Some(format!("https://forum.example.org/{number}")),
        published_at: Some(until.plus_seconds(-chance.random_range(60..864_000))),
        ..Mention::default()
    };
    Item { mention, analysis, model_version: version.clone(), brands: vec![brand.to_owned()] }
}
