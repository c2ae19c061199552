//! A real browser walks through the pages, with the keyboard, in both languages, in light and dark, narrow and wide.
//!
//! ```sh
//! npm pack axe-core && tar xf axe-core-*.tgz
//! AXE=package/axe.min.js cargo test --test it browser -- --ignored
//! ```
//!
//! Chromium and ChromeDriver are those of Debian (`chromium`, `chromium-driver`). With `SCREENSHOTS=FOLDER`, each page is kept
//! as a picture.

use std::path::PathBuf;

use serde_json::{Value, json};

use driver::{Browser, Eyes};
use site::Site;

mod driver;
mod keyboard;
mod queue;
mod site;

const ALL_EYES: [Eyes; 4] = [
    Eyes { language: "de", is_dark: false, width: 1400 },
    Eyes { language: "en", is_dark: true, width: 1400 },
    Eyes { language: "de", is_dark: true, width: 360 },
    Eyes { language: "en", is_dark: false, width: 360 },
];

/// Every page that the others lead to: those of the head, and the first of each kind.
async fn pages(browser: &Browser, site: &Site) -> Vec<String> {
    browser.go("/").await;
    let mut pages = browser.links("header nav a").await;
    for (list, link) in [
        ("/mentions", "main a[href^='/mentions/']"),
        ("/queue", "main a[href^='/cases/']"),
        ("/findings", "main a[href^='/findings/']"),
        ("/sources", "main a[href^='/sources/']:not([href$='/add'])"),
        ("/reports", "main a[href^='/reports/']"),
    ] {
        browser.go(list).await;
        let found = browser.links(link).await;
        let there = browser.evaluate("return location.href + document.body.innerText").await;
        pages.push(found.into_iter().next().unwrap_or_else(|| panic!("{list} leads nowhere: {there}")));
    }
    pages.extend(
        ["/sources/add", "/team", "/replay", "/account", "/accounts", "/login", "/api/v1", "/nowhere"]
            .map(str::to_owned),
    );
    pages.push(site.surveyed.clone());
    let [german, english] = &site.surveys;
    pages.push(if browser.eyes.language == "de" { german } else { english }.clone());
    pages
}

#[tokio::test]
#[ignore = "needs Chromium, ChromeDriver and axe-core: see the head of tests/it/browser.rs"]
async fn every_page_is_in_order_whoever_looks_at_it() {
    let axe = std::fs::read_to_string(std::env::var("AXE").expect("AXE is the path of axe.min.js")).unwrap();
    let site = Site::open().await;
    let mut wrong = Vec::new();
    for eyes in ALL_EYES {
        let browser = Browser::open(&site, eyes).await;
        for page in pages(&browser, &site).await {
            browser.go(&page).await;
            wrong.extend(look(&browser, &axe, &page).await.into_iter().map(|it| format!("{eyes:?} {page}: {it}")));
            if let Ok(folder) = std::env::var("SCREENSHOTS") {
                keep(&browser, &folder, eyes, &page).await;
            }
        }
        browser.close().await;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is wrong with a page.
async fn look(browser: &Browser, axe: &str, page: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let language = browser.evaluate("return document.documentElement.lang").await;
    if language != browser.eyes.language {
        wrong.push(format!("it speaks {language}"));
    }
    let overflow = browser.evaluate("return document.documentElement.scrollWidth - innerWidth").await;
    if overflow.as_i64().unwrap_or_default() > 0 {
        wrong.push(format!("it is {overflow} px too wide"));
    }
    let foreign =
        "return performance.getEntriesByType('resource').map(it => it.name).filter(it => !it.startsWith(origin))";
    for address in browser.evaluate(foreign).await.as_array().into_iter().flatten() {
        wrong.push(format!("it asks another host: {address}"));
    }
    for line in browser.console().await {
        // The page that says that there is none is answered with 404, which Chromium tells as an error.
        if !(page == "/nowhere" && line.contains("404")) {
            wrong.push(format!("console: {line}"));
        }
    }
    for violation in browser.axe(axe).await.as_array().into_iter().flatten() {
        let places: Vec<&Value> = violation["nodes"].as_array().into_iter().flatten().map(|it| &it["html"]).collect();
        wrong.push(format!("axe: {}: {} {}", violation["id"], violation["help"], json!(places)));
    }
    wrong
}

async fn keep(browser: &Browser, folder: &str, eyes: Eyes, page: &str) {
    let name: String = page.split('?').next().unwrap_or_default().replace('/', "-");
    let scheme = if eyes.is_dark { "dark" } else { "light" };
    let path = PathBuf::from(folder).join(format!("{}-{}-{scheme}{name}.png", eyes.language, eyes.width));
    std::fs::write(path, browser.picture().await).unwrap();
}
