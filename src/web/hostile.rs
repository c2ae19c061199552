//! What becomes of what strangers wrote, in every answer: nothing but words.
//!
//! The sister of `rights.rs`. The same world is asked twice, once full of texts that are meant to do harm and once full of
//! harmless ones that are as long: a page must not differ in its elements and attributes.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{HeaderMap, StatusCode, header};
use futures_util::StreamExt as _;
use serde_json::Value;
use tower::ServiceExt as _;
use url::form_urlencoded;

use super::rights::ROUTES;
use super::tests::BRAND;
use crate::export::{COLUMNS, guard};
use document::{Document, letters};
use world::{Hostile, MARK, TEXTS};

mod document;
mod world;

/// Pages, and whether they quote strangers; `{all}` stands for all that strangers write.
const PAGES: [(&str, bool); 38] = [
    ("/", true),
    ("/?brand={all}", true),
    ("/mentions", true),
    ("/mentions?q=qzx&mood=negative&source=forum", true),
    ("/mentions?q={all}", true),
    ("/mentions?topic={all}&{all}={all}", true),
    ("/mentions?author={author}", true),
    ("/mentions/{mention}", true),
    ("/writers/{author}/erase", true),
    ("/queue?view=answered", true),
    ("/queue?brand={all}&source={all}", false),
    ("/queue?minutes=1&snoozed=yes", false),
    ("/cases/{case}", true),
    ("/team", true),
    ("/findings", true),
    ("/findings?brand={all}", false),
    ("/findings/{finding}", true),
    ("/replay", false),
    ("/replay?from=2020-01-01&as_published=yes", false),
    ("/reports", false),
    ("/reports?brand={all}", false),
    ("/reports/{month}", true),
    ("/sources", true),
    ("/sources/forum", true),
    ("/sources/press", true),
    ("/sources/add?address={all}", false),
    ("/login?back={all}", false),
    ("/login/oidc?back={all}", false),
    ("/login/oidc/callback?state={all}&code={all}&error={all}", false),
    ("/account", true),
    ("/accounts", true),
    ("/audit", true),
    ("/api/v1", false),
    ("/invitation/{all}", false),
    ("/unsubscribe/{all}", false),
    ("/survey/{all}", false),
    ("/assets/0/{all}", false),
    ("/{all}", false),
];

/// What programs ask for.
const OTHERS: [&str; 30] = [
    "/api/v1/brands",
    "/api/v1/series?brand=Lerchenbahn",
    "/api/v1/mentions",
    "/api/v1/mentions?q={all}&after={all}",
    "/api/v1/mentions/{mention}",
    "/api/v1/cases?view=answered",
    "/api/v1/cases?view={all}&after={all}&{all}={all}",
    "/api/v1/cases/{case}",
    "/api/v1/team",
    "/api/v1/team?brand={all}",
    "/api/v1/findings",
    "/api/v1/findings/{finding}",
    "/api/v1/sources",
    "/api/v1/sources/press",
    "/api/v1/sources/forum",
    "/api/v1/overview?brand=Lerchenbahn",
    "/api/v1/reports",
    "/api/v1/reports/{month}?brand=Lerchenbahn",
    "/api/v1/replay",
    "/api/v1/views",
    "/api/v1/writers/{author}",
    "/api/v1/accounts",
    "/api/v1/audit",
    "/api/v1/audit?after={all}&limit=500",
    "/api/v1/openapi.json",
    "/writers/{author}/export",
    "/metrics",
    "/healthz",
    "/mentions.csv?{all}={all}",
    "/mentions.jsonl?q={all}",
];

impl Hostile {
    fn address(&self, pattern: &str, (mention, author, case): (i64, i64, i64)) -> String {
        let all: String = form_urlencoded::byte_serialize(TEXTS.join(" ").as_bytes()).collect();
        let month = self.said_at.to_utc().with_timezone(&chrono_tz::Europe::Berlin).format("%Y-%m");
        let places = [("{mention}", mention), ("{author}", author), ("{case}", case), ("{finding}", self.finding)];
        let address = pattern.replace("{month}", &month.to_string()).replace("{all}", &all);
        places.into_iter().fold(address, |address, (place, number)| address.replace(place, &number.to_string()))
    }

    /// The numbers of the mentions, of their authors and of their cases.
    async fn numbers(&self) -> Vec<(i64, i64, i64)> {
        let found: Value = serde_json::from_str(&self.get("/api/v1/mentions?q=qzx&limit=100").await.body).unwrap();
        let number = |mention: &Value| (mention["id"].as_i64().unwrap(), mention["author"].as_i64().unwrap());
        let mut numbers = Vec::new();
        for (mention, author) in found["mentions"].as_array().unwrap().iter().map(number) {
            let case = self.world.service.store.case_of(mention).await.unwrap().expect("a case");
            numbers.push((mention, author, case));
        }
        assert_eq!(numbers.len(), TEXTS.len(), "all of them are found");
        numbers
    }

    /// The addresses of all pages, and whether they quote strangers: those of mentions and authors for each of them.
    async fn pages(&self) -> Vec<(String, bool)> {
        let numbers = self.numbers().await;
        let page = |(pattern, quotes): &(&str, bool)| {
            let times = if ["{mention}", "{author}", "{case}"].iter().any(|it| pattern.contains(it)) {
                numbers.len()
            } else {
                1
            };
            let quotes = *quotes;
            numbers[..times].iter().map(|one| (self.address(pattern, *one), quotes)).collect::<Vec<_>>()
        };
        PAGES.iter().flat_map(page).collect()
    }

    /// The letters of all that strangers wrote, one after another.
    fn strangers(&self) -> String {
        let mentions = self.mentions.iter().map(|it| letters(&format!("{}{}", it.native_id, it.text)));
        let all = self.written(&TEXTS.join(" "));
        mentions.chain([letters(&all)]).collect::<Vec<_>>().join("\n")
    }
}

/// What of a header a stranger could have written.
fn foreign(headers: &HeaderMap) -> Vec<String> {
    let is_ours = |value: &str| !value.contains(MARK) && !value.contains("evil") && !value.contains("alert");
    let is_foreign = |value: &&axum::http::HeaderValue| !value.to_str().is_ok_and(is_ours);
    let foreign =
        headers.iter().filter(|(_, value)| is_foreign(value)).map(|(name, value)| format!("{name}: {value:?}"));
    let must_be =
        [(header::X_CONTENT_TYPE_OPTIONS, "nosniff"), (header::CONTENT_SECURITY_POLICY, "default-src 'none'")];
    let holds = |name: &header::HeaderName, value: &str| {
        headers.get(name).and_then(|it| it.to_str().ok()).is_some_and(|it| it.starts_with(value))
    };
    let missing = must_be.into_iter().filter(|(name, value)| !holds(name, value));
    foreign.chain(missing.map(|(name, _)| format!("no {name}"))).collect()
}

/// What one page has more of than another.
fn more(one: &BTreeMap<String, usize>, other: &BTreeMap<String, usize>) -> Vec<String> {
    let grown = one.iter().filter(|(kind, count)| other.get(*kind).copied().unwrap_or_default() < **count);
    grown.map(|(kind, count)| format!("{count} × {kind}")).collect()
}

#[tokio::test]
async fn no_page_takes_words_for_markup_addresses_or_a_direction_of_its_own() {
    let (hostile, twin) = (Hostile::new().await, Hostile::twin().await);
    let strangers = hostile.strangers();
    let mut wrongs = Vec::new();
    for ((page, quotes), (harmless, _)) in hostile.pages().await.into_iter().zip(twin.pages().await) {
        let (answer, other) = (hostile.get(&page).await, twin.get(&harmless).await);
        let (document, expected) = (Document::parse(&answer.body), Document::parse(&other.body));
        let mut told = document.wrongs(&strangers);
        told.extend(foreign(&answer.headers));
        told.extend(more(&document.census(), &expected.census()).into_iter().map(|it| format!("more: {it}")));
        told.extend(more(&expected.census(), &document.census()).into_iter().map(|it| format!("less: {it}")));
        if answer.status != other.status || answer.status.is_server_error() {
            told.push(format!("{} instead of {}", answer.status, other.status));
        }
        if quotes != (document.quotes() > 0) {
            told.push(format!("{} strangers are quoted", document.quotes()));
        }
        let page: String = page.chars().take(60).collect();
        wrongs.extend(told.into_iter().map(|it| format!("{page}: {it}")));
    }
    assert!(wrongs.is_empty(), "{}", wrongs.join("\n"));
}

/// No route is forgotten above: those of the table of rights are asked here, too.
#[test]
fn every_route_is_asked_for_what_strangers_wrote() {
    let is_number = |part: &str| part.starts_with(|c: char| c == '{' || c.is_ascii_digit());
    let kind = |address: &str| {
        let path = address.split('?').next().unwrap_or_default();
        path.split('/').map(|part| if is_number(part) { "*" } else { part }).collect::<Vec<_>>().join("/")
    };
    let asked: BTreeSet<String> =
        PAGES.iter().map(|page| page.0).chain(OTHERS).chain(["/live", "/queue/live"]).map(kind).collect();
    for (_, path, ..) in ROUTES.iter().filter(|(method, ..)| *method == "GET") {
        let path = path.replace("style.css", "{all}").replace("/x", "/{all}");
        assert!(asked.contains(&kind(&path)), "GET {path}");
    }
}

#[tokio::test]
async fn programs_are_answered_in_json_or_plain_words_and_no_header_is_a_strangers() {
    let hostile = Hostile::new().await;
    let first = hostile.numbers().await[0];
    for pattern in OTHERS {
        let answer = hostile.get(&hostile.address(pattern, first)).await;
        assert!(!answer.status.is_server_error(), "{pattern}: {}", answer.status);
        assert_eq!(foreign(&answer.headers), [""; 0], "{pattern}");
        let kind = answer.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        match pattern {
            "/metrics" => assert!(!kind.contains("html") && !answer.body.contains(MARK), "{}", answer.body),
            _ if pattern.starts_with("/mentions.") => assert!(!kind.contains("html") || !answer.status.is_success()),
            _ => {
                assert!(["application/json", "application/problem+json"].contains(&kind), "{pattern}: {kind}");
                serde_json::from_str::<Value>(&answer.body).unwrap();
            }
        }
    }
}

#[tokio::test]
async fn json_has_the_texts_as_they_were_written() {
    let hostile = Hostile::new().await;
    let lines = hostile.get("/mentions.jsonl?q=qzx").await.body;
    let exported: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let listed = hostile.get("/api/v1/mentions?q=qzx&limit=100").await.body;
    let listed: Value = serde_json::from_str(&listed).unwrap();
    let of = |list: &[Value], id: &str| list.iter().find(|it| it["native_id"] == id).cloned().unwrap_or_default();
    for mention in &hostile.mentions {
        let (name, url) = (Value::from(mention.native_id.as_str()), Value::from(mention.url.clone()));
        let exported = of(&exported, &mention.native_id);
        let texts = ["title", "text", "author", "url"].map(|field| exported[field].clone());
        assert_eq!(texts, [name.clone(), mention.text.clone().into(), name.clone(), url.clone()]);
        let listed = of(listed["mentions"].as_array().unwrap(), &mention.native_id);
        let texts = ["title", "text", "author_name", "url", "reply"].map(|field| listed[field].clone());
        assert_eq!(texts, [name.clone(), mention.text.clone().into(), name.clone(), url, name.clone()]);
        assert_eq!(listed["topics"][0], name);
    }
}

#[tokio::test]
async fn no_cell_of_a_spreadsheet_begins_a_formula_whatever_parts_the_columns() {
    let hostile = Hostile::new().await;
    for (language, delimiter) in [("de", b';'), ("en", b',')] {
        let asked = hostile.asked("/mentions.csv?q=qzx").with("accept-language", language);
        let answer = hostile.world.ask(asked).await;
        assert_eq!(foreign(&answer.headers), [""; 0]);
        let name = answer.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
        assert!(name.starts_with("attachment; filename=\"stimmung-2") && name.ends_with(".csv\"") && name.len() < 60);
        let sheet = answer.body.trim_start_matches('\u{feff}');
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(sheet.as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.unwrap()).collect();
        assert_eq!(rows.len(), TEXTS.len());
        let texts: Vec<&str> = rows.iter().map(|row| guard::unguarded(row.get(20).unwrap())).collect();
        assert!(hostile.mentions.iter().all(|mention| texts.contains(&mention.text.as_str())), "{texts:?}");
        // As a spreadsheet parts them that was told of every separator, or guesses.
        for row in [rows.iter().map(|row| row.iter().map(str::to_owned).collect()).collect(), cells(sheet)].concat() {
            assert_eq!(row.len(), COLUMNS.len(), "{row:?}");
            let is_number = |cell: &str| cell.replace(',', ".").parse::<f64>().is_ok();
            let begins = |cell: &&String| cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝']);
            assert_eq!(row.iter().find(|cell| begins(cell) && !is_number(cell)), None);
        }
    }
}

/// The cells of a sheet whose columns are parted by commas, semicolons and tabs alike.
fn cells(sheet: &str) -> Vec<Vec<String>> {
    let (mut rows, mut cell, mut is_quoted) = (vec![vec![]], String::new(), false);
    let mut letters = sheet.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if is_quoted && letters.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' if is_quoted || cell.is_empty() => is_quoted = !is_quoted,
            ',' | ';' | '\t' | '\n' if !is_quoted => {
                rows.last_mut().unwrap().push(std::mem::take(&mut cell).trim_end_matches('\r').to_owned());
                if letter == '\n' && letters.peek().is_some() {
                    rows.push(Vec::new());
                }
            }
            _ => cell.push(letter),
        }
    }
    rows
}

#[tokio::test]
async fn what_is_told_live_are_numbers() {
    let hostile = Hostile::new().await;
    let asked = hostile.asked(&format!("/live?brand={BRAND}&q=qzx&since=0"));
    let response = hostile.world.site.clone().oneshot(asked.request()).await.unwrap();
    assert_eq!((response.status(), foreign(response.headers())), (StatusCode::OK, Vec::new()));
    let first = response.into_body().into_data_stream().next().await.unwrap().unwrap();
    let told = String::from_utf8(first.to_vec()).unwrap();
    let data = told.lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
    let arrived: Value = serde_json::from_str(data).unwrap();
    assert_eq!(arrived["count"], TEXTS.len());
    assert!(!told.contains(MARK), "{told}");
}
