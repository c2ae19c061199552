//! How long it takes to tell which of 100 brands a text is about, beside a plain search for each term of each brand.
//!
//! ```sh
//! cargo bench --bench brand
//! ```
//!
//! A brand has a query of eight terms: names, a phrase, two within a distance, prefix, end, compound and
//! misspelling. The
//! plain search knows nothing of all that: it folds the case of a text, and looks for the letters of each term with
//! `str::contains`.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on has failed")]

use std::hint::black_box;

use divan::Bencher;
use divan::counter::ItemsCount;
use stimmung::brand::{Brand, Context, Matcher, Query, Spoken};
use stimmung::mention::Language;

fn main() {
    divan::main();
}

/// Beginnings and ends of invented names.
const BEGINNINGS: [&str; 10] = ["Alt", "Berg", "Donau", "Elb", "Fern", "Hell", "Kron", "Linden", "Nord", "Süd"];
const ENDS: [&str; 10] = ["bank", "bahn", "bau", "druck", "gas", "haus", "markt", "netz", "strom", "werk"];

const POSTS: [&str; 8] = [
    "Schon wieder steht die Hellbahn auf freier Strecke, und niemand sagt etwas. 40 Minuten! \
     Anschluss in Hannover ist weg. #hellbahn",
    "Muss mal loben: der Kundenservice vom Nordstrom hat am Samstag um acht zurückgerufen und die \
     Rechnung gleich berichtigt.",
    "Anyone else locked out of the new app since this morning? I've reset my password twice and still nothing works.",
    "Neuer Laptop ist da, leider mit Kratzer im Deckel. Umtausch sollte kein Problem sein, mal \
     sehen, was der Laden morgen sagt.",
    "Heute Abend zum ersten Mal im neuen Kino gewesen. Schöne Sessel, zu lautes Popcorn, \
     großartiger Film. Gern wieder, dann mit Kindern.",
    "Der Lindenmarkt hat die Preise für Butter schon wieder angehoben?! Dann kaufe ich eben \
     woanders ein, es reicht langsam wirklich.",
    "Train was on time, staff were friendly, coffee was hot. Credit where credit is due, this was a \
     really good trip. Thank you!",
    "Weiß jemand, ob die Südwerk-App auf alten Telefonen läuft? Im Laden konnte mir das keiner \
     sagen, und im Netz finde ich nichts.",
];

fn name(number: usize) -> String {
    [BEGINNINGS[number / 10], ENDS[number % 10]].concat()
}

/// Eight terms of the brand of that number.
fn terms(number: usize) -> [String; 8] {
    let (name, begin, end) = (name(number), BEGINNINGS[number / 10], ENDS[number % 10]);
    [
        name.clone(),
        format!("\"{begin} {end}\""),
        format!("{name}*"),
        format!("~{name}"),
        format!("{name}service-"),
        format!("*{}", name.to_lowercase()),
        format!("{begin}*"),
        format!("Modell{end}"),
    ]
}

fn brands() -> Vec<Brand> {
    let brand = |number| {
        let [a, b, c, d, e, f, g, no] = terms(number);
        let query = format!("({a} OR {b} OR {c} OR {d} OR {e} OR {f} OR {g} NEAR/5 App*) AND NOT {no} AND NOT lang:fr");
        Brand { name: name(number), query: Some(Query::parse(&query, false).unwrap()), ..Brand::default() }
    };
    (0..100).map(brand).collect()
}

/// Of the length of tweets, or of 2,000 characters.
fn texts(length: &str) -> Vec<String> {
    match length {
        "tweet" => POSTS.map(str::to_owned).to_vec(),
        _ => (0..POSTS.len()).map(article).collect(),
    }
}

fn article(first: usize) -> String {
    let posts = POSTS.iter().cycle().skip(first).flat_map(|post| [*post, " "]);
    posts.take(64).collect::<String>().chars().take(2_000).collect()
}

#[divan::bench(args = ["tweet", "article"])]
fn stimmung(bencher: Bencher<'_, '_>, length: &str) {
    let (matcher, texts) = (Matcher::new(&brands()), texts(length));
    let context = Context { source: Some("forum"), language: Spoken::In(Language::GERMAN) };
    bencher
        .counter(ItemsCount::new(texts.len()))
        .bench_local(|| texts.iter().map(|text| matcher.brands_in_context(text, &context).len()).sum::<usize>());
}

#[divan::bench(args = ["tweet", "article"])]
fn plain_search(bencher: Bencher<'_, '_>, length: &str) {
    let letters = |term: String| term.to_lowercase().replace(['"', '*', '~', '-'], "");
    let (terms, texts) = ((0..100).flat_map(terms).map(letters).collect::<Vec<_>>(), texts(length));
    bencher.counter(ItemsCount::new(texts.len())).bench_local(|| {
        let found = |text: &String| {
            let text = text.to_lowercase();
            terms.iter().filter(|term| text.contains(term.as_str())).count()
        };
        black_box(texts.iter().map(found).sum::<usize>())
    });
}
