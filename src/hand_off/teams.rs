//! A channel of Microsoft Teams: an Adaptive Card with the way to the case, where whoever is first takes it on.
//!
//! The workflow behind the address answers 202 and keeps nothing that one could look for. So a card whose fate is unknown is sent
//! once more, and not again.

use serde_json::{Value, json};
use url::Url;

use super::exchange::{Question, ask, refusal};
use super::{ANOTHER_ADDRESS, DeskError, Line, Remote, Told, cut};
use crate::http::{Body, Method};
use crate::mention::Language;
use crate::secret::SecretPlace;
use crate::tongue::{Said, Tongue, said};

const SYSTEM: &str = "Teams";

pub(super) const SECRET: &str = "hand_off.teams.url";

/// A card of 28 KB and more is refused.
const LONGEST_TEXT: usize = 4_000;

/// A workflow of Teams that begins with a webhook; its address is its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Teams(pub SecretPlace);

impl Teams {
    pub(super) async fn show(&self, told: &Told, language: Language, line: &Line<'_>) -> Result<Remote, DeskError> {
        let address = self.0.read(SECRET)?.unwrap_or_default();
        let url = Url::parse(secrecy::ExposeSecret::expose_secret(&address).trim()).ok();
        let may = |url: &Url| url.scheme() == "https" || (url.scheme() == "http" && line.allow_private_network);
        let Some(url) = url.filter(may) else { return Err(no_address()) };
        let body = Some(Body::Json(card(told, Tongue::of(language)).to_string().into()));
        let question = Question { method: Method::Post, url: &url, headers: Vec::new(), body, key: None };
        let called = ask(SYSTEM, question, line).await?;
        if (200..300).contains(&called.status) { Ok(Remote::told()) } else { Err(refusal(SYSTEM, &called, None)) }
    }
}

/// Nothing of the address is shown: it is the secret.
fn no_address() -> DeskError {
    let words = said(
        "hand_off.teams.url ist keine Adresse, die mit https:// beginnt",
        "hand_off.teams.url is no address that begins with https://",
    );
    DeskError {
        words: words.into(),
        hint: Some(ANOTHER_ADDRESS),
        may_pass: false,
        may_have_arrived: false,
        retry_after: None,
    }
}

/// Text blocks of a card are Markdown; runs of text are not. So whatever could hold a stranger's words is a run.
fn card(told: &Told, tongue: Tongue) -> Value {
    let run = |text: &str, weight: &str| {
        let run = json!({ "type": "TextRun", "text": text, "weight": weight });
        json!({ "type": "RichTextBlock", "inlines": [run] })
    };
    let fact = |(name, value): &(String, String)| json!({ "title": name, "value": value });
    let say = |both: Said<&'static str>| both.to(tongue).to_owned();
    let actions: Vec<Value> = [
        (&told.page, say(said("Ansehen und übernehmen", "Look and claim"))),
        (&told.original, say(said("Zum Original", "Original"))),
    ]
    .into_iter()
    .filter_map(|(url, title)| Some(json!({ "type": "Action.OpenUrl", "title": title, "url": url.as_ref()?.as_str() })))
    .collect();
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard",
                "version": "1.5",
                "lang": tongue.code(),
                "msteams": { "width": "Full" },
                "body": [
                    run(&told.title, "Bolder"),
                    { "type": "FactSet", "facts": told.facts.iter().map(fact).collect::<Vec<_>>() },
                    run(&cut(&told.text, LONGEST_TEXT), "Default"),
                ],
                "actions": actions,
            },
        }],
    })
}
