//! Chromium, driven by WebDriver.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder};
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use url::Url;

use super::site::Site;

/// Keys, as WebDriver numbers them.
pub(crate) mod key {
    pub(crate) const TAB: &str = "\u{e004}";
    pub(crate) const ENTER: &str = "\u{e007}";
    pub(crate) const SHIFT: &str = "\u{e008}";
    pub(crate) const ESCAPE: &str = "\u{e00c}";
    pub(crate) const SPACE: &str = " ";
    pub(crate) const LEFT: &str = "\u{e012}";
    pub(crate) const DOWN: &str = "\u{e015}";
}

/// Who looks: in which language, in which light, at how wide a screen.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Eyes {
    pub(crate) language: &'static str,
    pub(crate) is_dark: bool,
    /// In pixels of the page.
    pub(crate) width: u32,
}

/// A browser with nothing in its memory.
pub(crate) struct Browser {
    pub(crate) eyes: Eyes,
    client: Client,
    driver: Child,
    base: String,
}

/// What the console of the browser holds; the driver's own extension of WebDriver.
#[derive(Debug)]
struct Console;

impl WebDriverCompatibleCommand for Console {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({ "type": "browser" }).to_string()))
    }
}

/// A ChromeDriver and its port; `None`: it ended before it had one.
fn start() -> Option<(Child, String)> {
    let mut driver = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(driver.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut ports = lines.filter_map(|line| Some(line.strip_suffix('.')?.rsplit_once("on port ")?.1.to_owned()));
    let port = ports.next();
    if port.is_none() {
        driver.wait().unwrap();
    }
    port.map(|port| (driver, port))
}

impl Browser {
    pub(crate) async fn open(site: &Site, eyes: Eyes) -> Self {
        // Of many that look for a free port at once, one may find it taken, and gives up.
        let (driver, port) = (0..3).find_map(|_| start()).expect("a ChromeDriver that says on which port it listens");
        let scheme = u8::from(!eyes.is_dark);
        let options = json!({
            "args": [
                "--headless", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--hide-scrollbars",
                format!("--accept-lang={}", eyes.language),
                format!("--lang={}", eyes.language),
                format!("--blink-settings=preferredColorScheme={scheme}"),
                "--window-size=1400,1000",
            ],
            "mobileEmulation": { "deviceMetrics": { "width": eyes.width, "height": 1000, "pixelRatio": 1.0, "touch": false } },
        });
        let capabilities = json!({ "goog:chromeOptions": options, "goog:loggingPrefs": { "browser": "ALL" } });
        let capabilities: Capabilities = serde_json::from_value(capabilities).unwrap();
        let address = format!("http://127.0.0.1:{port}");
        let client =
            ClientBuilder::new(HttpConnector::new()).capabilities(capabilities).connect(&address).await.unwrap();
        Self { eyes, client, driver, base: site.base.clone() }
    }

    pub(crate) async fn go(&self, path: &str) {
        self.client.goto(&format!("{}{path}", self.base)).await.unwrap();
    }

    /// Waits until the page can be seen: Chromium drops the keys that are pressed before that.
    pub(crate) async fn paint(&self) {
        let wait = "const done = arguments[arguments.length - 1];
            requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 0, true)));";
        assert!(self.arrives(wait).await, "{} is never painted", self.address().await);
    }

    pub(crate) async fn address(&self) -> String {
        self.client.current_url().await.unwrap().to_string()
    }

    /// Where these links lead, within the site.
    pub(crate) async fn links(&self, selector: &str) -> Vec<String> {
        let script = format!("return [...document.querySelectorAll({selector:?})].map(it => it.getAttribute('href'))");
        serde_json::from_value(self.evaluate(&script).await).unwrap()
    }

    pub(crate) async fn evaluate(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// Presses a key of [`key`], or types letters, one after another.
    pub(crate) async fn press(&self, keys: &str) {
        let none = KeyActions::new("keyboard".to_owned());
        let typed = |keys: KeyActions, value| keys.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        self.client.perform_actions(keys.chars().fold(none, typed)).await.unwrap();
    }

    /// Presses a key while another one is held.
    pub(crate) async fn press_with(&self, held: &str, key: &str) {
        let (held, value) = (held.chars().next().unwrap(), key.chars().next().unwrap());
        let keys = KeyActions::new("keyboard".to_owned()).then(KeyAction::Down { value: held });
        let keys = keys.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        self.client.perform_actions(keys.then(KeyAction::Up { value: held })).await.unwrap();
    }

    /// What a script says that takes its time; no, if the page went away meanwhile.
    pub(crate) async fn arrives(&self, script: &str) -> bool {
        self.client.execute_async(script, Vec::new()).await.is_ok_and(|it| it == true)
    }

    /// Errors and warnings that the console was told since it was last asked.
    pub(crate) async fn console(&self) -> Vec<String> {
        let lines = self.client.issue_cmd(Console).await.unwrap();
        let told = |line: &Value| {
            let is_wrong = ["SEVERE", "WARNING"].contains(&line["level"].as_str()?);
            is_wrong.then(|| line["message"].as_str().unwrap_or_default().to_owned())
        };
        lines.as_array().into_iter().flatten().filter_map(told).collect()
    }

    /// What is hard to reach for some: the rules of WCAG 2.2, levels A and AA.
    pub(crate) async fn axe(&self, axe: &str) -> Value {
        self.evaluate(axe).await;
        let tags = json!(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]);
        let script = format!(
            "const done = arguments[arguments.length - 1];
             axe.run(document, {{ runOnly: {tags} }}).then(it => done(it.violations), error => done([{{ id: String(error) }}]))"
        );
        self.client.execute_async(&script, Vec::new()).await.unwrap()
    }

    pub(crate) async fn picture(&self) -> Vec<u8> {
        self.client.screenshot().await.unwrap()
    }

    pub(crate) async fn close(self) {
        self.client.clone().close().await.unwrap();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
