//! What people come for, done by keys alone; after each of them it can be seen where one is.

use serde_json::Value;

use super::ALL_EYES;
use super::driver::{Browser, Eyes, key};
use super::site::Site;

/// More stops than any page has on the way to what is looked for.
const FAR: usize = 120;

/// Says what is wrong with where the focus is: nowhere, without an outline, outside of the window, or under something else.
const FOCUS: &str = r"
    const here = document.activeElement;
    if (!here || here === document.body) return 'the focus is nowhere';
    if (here.id === 'content') return '';
    const { outlineStyle, outlineWidth } = getComputedStyle(here);
    const what = here.outerHTML.slice(0, 120);
    if (outlineStyle === 'none' || parseFloat(outlineWidth) < 2) return `the focus cannot be seen: ${what}`;
    const box = here.getClientRects()[0];
    if (!box) return `what has the focus is hidden: ${what}`;
    const x = Math.max(1, Math.min(innerWidth - 1, box.left + box.width / 2));
    const y = Math.max(1, Math.min(innerHeight - 1, box.top + Math.min(box.height / 2, 40)));
    const isOutside = x < box.left - 1 || x > box.right + 1 || y < box.top - 1 || y > box.bottom + 1;
    if (isOutside) return `outside of the window: ${what}`;
    const there = document.elementFromPoint(x, y);
    return here.contains(there) || there?.contains(here) ? '' : `under something else: ${what}`;
";

/// A browser whose only input is its keyboard.
struct Hands {
    browser: Browser,
}

impl Hands {
    async fn on(site: &Site, eyes: Eyes, page: &str) -> Self {
        let browser = Browser::open(site, eyes).await;
        browser.go(page).await;
        browser.paint().await;
        Self { browser }
    }

    /// Presses keys; then it must be seen where one is.
    async fn press(&self, keys: &str) {
        self.browser.press(keys).await;
        self.look(keys).await;
    }

    /// A busy browser is asked before it has done what a key is for; so it is given a while.
    async fn look(&self, after: &str) {
        let wait = format!(
            "const done = arguments[arguments.length - 1];
            const wrong = () => {{ {FOCUS} }};
            const end = Date.now() + 5000;
            const look = () => wrong() === '' ? done(true) : Date.now() < end ? setTimeout(look, 20) : done(false);
            look();"
        );
        if !self.browser.arrives(&wait).await {
            let wrong = self.browser.evaluate(FOCUS).await;
            assert_eq!(wrong, "", "after {after:?} on {}", self.browser.address().await);
        }
    }

    /// Presses the key of a link, a button or a field that leads to another page, and waits until it is there.
    async fn leave_by(&self, keys: &str) {
        self.browser.evaluate("window.isLeft = true").await;
        self.browser.press(keys).await;
        let wait = "const done = arguments[arguments.length - 1];
            const look = () => document.readyState === 'complete' && !window.isLeft ? done(true) : setTimeout(look, 20);
            setTimeout(done, 5000, false);
            look();";
        // The page that is left may take the script with it, once or twice.
        for _ in 0..3 {
            if self.browser.arrives(wait).await {
                return self.browser.paint().await;
            }
        }
        panic!("{keys:?} leads nowhere from {}", self.browser.address().await);
    }

    /// Goes on by Tab until what has the focus fits.
    async fn tab_to(&self, selector: &str) {
        for _ in 0..FAR {
            self.press(key::TAB).await;
            if self.is_at(selector).await {
                return;
            }
        }
        panic!("{selector} is out of reach on {}", self.browser.address().await);
    }

    async fn is_at(&self, selector: &str) -> bool {
        self.browser.evaluate(&format!("return document.activeElement.matches({selector:?})")).await == true
    }

    async fn says(&self, selector: &str) -> String {
        let script = format!("return document.querySelector({selector:?})?.innerText ?? ''");
        self.browser.evaluate(&script).await.as_str().unwrap().to_owned()
    }

    async fn count(&self, selector: &str) -> Value {
        self.browser.evaluate(&format!("return document.querySelectorAll({selector:?}).length")).await
    }

    /// Keeps a picture, if somebody wants to look at them.
    async fn keep(&self, name: &str) {
        if let Ok(folder) = std::env::var("SCREENSHOTS") {
            std::fs::write(std::path::Path::new(&folder).join(name), self.browser.picture().await).unwrap();
        }
    }
}

#[tokio::test]
#[ignore = "needs Chromium and ChromeDriver: see the head of tests/it/browser.rs"]
async fn keys_skip_to_the_content_read_the_chart_and_find_the_mentions_of_a_day() {
    let site = Site::open().await;
    let hands = Hands::on(&site, ALL_EYES[1], "/").await;
    hands.press(key::TAB).await;
    assert!(hands.is_at(".skip").await, "Tab comes to the skip link first");
    hands.press(key::ENTER).await;
    assert!(hands.is_at("main#content").await);
    hands.tab_to(".column").await;
    let last = hands.says("[data-reading]").await;
    hands.press(key::LEFT).await;
    assert_ne!(hands.says("[data-reading]").await, last, "the arrow goes to the day before");
    hands.keep("keys-chart.png").await;
    hands.leave_by(key::ENTER).await;
    assert!(hands.browser.address().await.contains("/mentions?brand="), "Enter leads to the mentions of that day");
    hands.browser.close().await;
}

#[tokio::test]
#[ignore = "needs Chromium and ChromeDriver: see the head of tests/it/browser.rs"]
async fn a_mention_is_opened_from_the_list_and_its_mood_corrected() {
    let site = Site::open().await;
    for eyes in [ALL_EYES[0], ALL_EYES[3]] {
        let hands = Hands::on(&site, eyes, "/mentions?mood=negative&source=forum").await;
        hands.press("j").await;
        hands.press("j").await;
        assert!(hands.is_at(".mentions > li:nth-child(2)").await, "j goes from mention to mention");
        hands.press("k").await;
        hands.keep("keys-list.png").await;
        hands.leave_by(key::ENTER).await;
        assert!(hands.says("article .meta").await.contains('−'), "it is negative");
        hands.tab_to("button[value='positive']").await;
        hands.leave_by(key::SPACE).await;
        hands.look("a correction").await;
        assert!(hands.is_at("#done").await, "it is told what was changed");
        assert!(hands.says("article .meta").await.contains('+'), "it is positive now");
        hands.keep("keys-corrected.png").await;
        hands.browser.close().await;
    }
}

#[tokio::test]
#[ignore = "needs Chromium and ChromeDriver: see the head of tests/it/browser.rs"]
async fn several_mentions_are_marked_as_spam_at_once() {
    let site = Site::open().await;
    for eyes in [ALL_EYES[0], ALL_EYES[2]] {
        let hands = Hands::on(&site, eyes, "/mentions?source=press").await;
        hands.press("jxj").await;
        // By the shortcut, and by the checkbox itself; no shortcut is lost on it.
        hands.tab_to("[name='mention']").await;
        hands.press(key::SPACE).await;
        hands.press("jx").await;
        assert_eq!(hands.count("[name='mention']:checked").await, 3);
        let chosen = hands
            .browser
            .evaluate("return [...document.querySelectorAll('.mentions > li')].slice(0, 3).map(it => it.id)");
        let chosen = chosen.await;
        assert!(hands.says("[data-picked]").await.ends_with('3'), "the bar says how many");
        // On the way back up, the bar at the top covers nothing that has the focus.
        hands.press("jjjjjjjj").await;
        for _ in 0..40 {
            hands.browser.press_with(key::SHIFT, key::TAB).await;
            hands.look("Shift and Tab").await;
        }
        hands.press("a").await;
        hands.keep(&format!("keys-spam-{}.png", eyes.width)).await;
        hands.tab_to("#change button[value='spam']").await;
        hands.leave_by(key::ENTER).await;
        hands.look("three were marked").await;
        assert!(hands.is_at("#done").await && hands.says("#done").await.starts_with('3'));
        for id in chosen.as_array().unwrap() {
            assert_eq!(hands.count(&format!("#{}", id.as_str().unwrap())).await, 0, "it is gone from the list");
        }
        hands.browser.close().await;
    }
}

#[tokio::test]
#[ignore = "needs Chromium and ChromeDriver: see the head of tests/it/browser.rs"]
async fn a_search_is_made_filtered_saved_and_taken_away_again() {
    let site = Site::open().await;
    let hands = Hands::on(&site, ALL_EYES[0], "/").await;
    hands.leave_by("gm").await;
    hands.press(&format!("{}/", key::TAB)).await;
    assert!(hands.is_at("#q").await, "the slash leads to the search, and is not typed");
    hands.press("hotline").await;
    hands.leave_by(key::ENTER).await;
    hands.look("a search").await;
    assert!(hands.says("#view").await.contains("hotline") && hands.is_at("#view").await, "it says what is searched");
    hands.tab_to("[name='mood'][value='negative']").await;
    hands.press(key::SPACE).await;
    hands.tab_to(".fields button").await;
    hands.leave_by(key::ENTER).await;
    hands.look("a filter").await;
    assert!(hands.says("#view").await.contains("negativ"));
    assert_eq!(hands.count(".mentions > li:not(.negative)").await, 0);
    hands.tab_to(".saved summary").await;
    hands.press(key::ENTER).await;
    hands.tab_to(".saved [name='name']").await;
    hands.press("Hotline").await;
    hands.leave_by(key::ENTER).await;
    hands.look("a view was saved").await;
    assert!(hands.is_at("#saved").await && hands.says("#saved [aria-current]").await == "Hotline");
    hands.keep("keys-saved.png").await;
    hands.browser.press_with(key::SHIFT, key::TAB).await;
    hands.look("Shift and Tab").await;
    hands.leave_by(key::ENTER).await;
    assert_eq!(hands.browser.address().await, format!("{}/mentions", site.base), "all filters are taken away");
    hands.browser.close().await;
}

#[tokio::test]
#[ignore = "needs Chromium and ChromeDriver: see the head of tests/it/browser.rs"]
async fn a_finding_is_judged_and_a_brand_is_chosen_step_by_step() {
    let site = Site::open().await;
    let hands = Hands::on(&site, ALL_EYES[1], "/findings").await;
    hands.tab_to("a[href^='/findings/']").await;
    hands.leave_by(key::ENTER).await;
    hands.tab_to("button[value='false_alarm']").await;
    hands.leave_by(key::ENTER).await;
    hands.look("a verdict").await;
    assert!(hands.is_at("#verdict").await && hands.says("#verdict").await == "Called a false alarm.");
    hands.keep("keys-verdict.png").await;
    hands.press(key::TAB).await;
    assert!(hands.is_at("button[value='seen']").await, "one goes on where one was");
    hands.leave_by("go").await;
    hands.tab_to("#brand").await;
    hands.press(key::DOWN).await;
    assert!(hands.is_at("#brand").await, "an arrow only steps");
    hands.tab_to("#brand ~ button, form.choices > button").await;
    hands.leave_by(key::ENTER).await;
    hands.look("another brand").await;
    assert!(hands.is_at("#brand").await && hands.says("h1").await == "Finkenbahn");
    hands.browser.close().await;
}

#[tokio::test]
#[ignore = "needs Chromium and ChromeDriver: see the head of tests/it/browser.rs"]
async fn language_and_light_are_changed_and_one_stays_where_one_is() {
    let site = Site::open().await;
    let hands = Hands::on(&site, ALL_EYES[2], "/findings").await;
    hands.tab_to("#language").await;
    hands.leave_by(key::ENTER).await;
    hands.look("another language").await;
    assert!(hands.is_at("#language").await && hands.count("html[lang='en']").await == 1);
    hands.press(key::TAB).await;
    for scheme in ["dark", "light"] {
        hands.leave_by(key::ENTER).await;
        hands.look("another light").await;
        assert!(hands.is_at("#scheme").await && hands.count(&format!("html[data-scheme='{scheme}']")).await == 1);
    }
    hands.keep("keys-scheme.png").await;
    assert!(hands.browser.address().await.contains("/findings"), "it is the same page");
    hands.browser.close().await;
}

#[tokio::test]
#[ignore = "needs Chromium and ChromeDriver: see the head of tests/it/browser.rs"]
async fn the_list_of_shortcuts_opens_closes_and_gives_the_focus_back() {
    let site = Site::open().await;
    let hands = Hands::on(&site, ALL_EYES[0], "/mentions").await;
    hands.press("j").await;
    for close in [key::ESCAPE, key::ENTER] {
        hands.press("?").await;
        assert_eq!(hands.count("dialog:modal").await, 1);
        assert!(hands.is_at("dialog *").await, "the focus is in the list");
        hands.tab_to("dialog button").await;
        hands.keep("keys-shortcuts.png").await;
        hands.press(close).await;
        assert_eq!(hands.count("dialog[open]").await, 0);
        assert!(hands.is_at(".mentions > li:first-child").await, "one is where one was");
    }
    // Whoever speaks to the computer turns them off, and on again.
    hands.press("?").await;
    hands.press(key::SPACE).await;
    hands.press(key::ESCAPE).await;
    hands.press("j").await;
    assert!(hands.is_at(".mentions > li:first-child").await, "j does nothing now");
    hands.press("?").await;
    hands.press(key::SPACE).await;
    hands.press(key::ESCAPE).await;
    hands.press("j").await;
    assert!(hands.is_at(".mentions > li:nth-child(2)").await);
    hands.browser.close().await;
}
