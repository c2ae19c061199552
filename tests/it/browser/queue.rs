//! Two people of the service team, each with a browser of their own.

use super::ALL_EYES;
use super::driver::{Browser, Eyes};
use super::site::{PASSWORD, Site};

const EYES: Eyes = ALL_EYES[0];

/// Waits until something holds on the page, at most five seconds.
async fn until(browser: &Browser, condition: &str) {
    let wait = format!(
        "const done = arguments[arguments.length - 1];
         const look = () => ({condition}) ? done(true) : setTimeout(look, 20);
         setTimeout(done, 5000, false);
         look();"
    );
    // The page that is left may take the script with it, once or twice.
    for _ in 0..3 {
        if browser.arrives(&wait).await {
            return;
        }
    }
    panic!("{condition} does not hold on {}", browser.address().await);
}

/// Sends a form as its button does, and waits for the page that comes back.
async fn send(browser: &Browser, button: &str) {
    let script = format!(
        "const button = document.querySelector({button:?}); window.isLeft = true; button.form.requestSubmit(button);"
    );
    browser.evaluate(&script).await;
    until(browser, "document.readyState === 'complete' && !window.isLeft").await;
}

async fn log_in(site: &Site, name: &str) -> Browser {
    let browser = Browser::open(site, EYES).await;
    browser.go("/login?back=/queue").await;
    let fill = format!(
        "document.querySelector('[name=name]').value = {name:?};
         document.querySelector('[name=password]').value = {PASSWORD:?};"
    );
    browser.evaluate(&fill).await;
    send(&browser, "main button").await;
    assert!(browser.address().await.ends_with("/queue"), "{name} is at {}", browser.address().await);
    browser
}

/// Types an answer.
fn write(text: &str) -> String {
    format!(
        "const field = document.querySelector('#text'); field.value = {text:?};
         field.dispatchEvent(new Event('input'));"
    )
}

async fn says(browser: &Browser) -> String {
    browser.evaluate("return document.querySelector('main').innerText").await.as_str().unwrap().to_owned()
}

#[tokio::test]
#[ignore = "needs Chromium and ChromeDriver: see the head of tests/it/browser.rs"]
async fn of_two_who_claim_the_same_case_one_answers_and_the_other_sees_it() {
    let site = Site::open_with(&["erika", "max"]).await;
    let (erika, max) = (log_in(&site, "erika").await, log_in(&site, "max").await);
    let first = "document.querySelector('.case form')?.getAttribute('action')";
    let case = erika.evaluate(&format!("return {first}")).await;
    assert!(
        case.is_string() && case == max.evaluate(&format!("return {first}")).await,
        "both see the same case on top"
    );
    until(&max, "!window.isLeft").await;

    send(&erika, ".case form button").await;
    assert!(erika.address().await.contains(&format!("{}?done=done", case.as_str().unwrap())));
    until(&max, "!document.querySelector('p[data-queue]').hidden").await;
    send(&max, ".case form button").await;
    assert!(max.address().await.ends_with("?done=taken"), "{}", max.address().await);
    assert!(says(&max).await.contains("erika") && max.links("[data-answer] a").await.is_empty(), "he cannot answer");

    erika.evaluate(&write("Pech.")).await;
    until(&erika, "document.querySelector('[data-warnings] li')").await;
    erika.evaluate(&write("Guten Tag, wir kümmern uns darum.")).await;
    until(&erika, "!document.querySelector('[data-warnings] li')").await;
    send(&erika, "[data-answer] button").await;
    until(&max, "!document.querySelector('p[data-queue]').hidden").await;
    max.go(case.as_str().unwrap()).await;
    let seen = says(&max).await;
    assert!(seen.contains("beantwortet") && seen.contains("wir kümmern uns darum"), "{seen}");
    assert_eq!(max.console().await, [""; 0]);
    erika.close().await;
    max.close().await;
}
