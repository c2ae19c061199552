//! `/sources/add`: what could be listened to at an address, each tried once; and taking one of these in.
//!
//! Only what was suggested for the address can be added, never settings that somebody wrote: those could send a file or
//! a secret of this machine to wherever they like.

use std::time::Duration;

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::response::{Html, Redirect};
use futures_util::future::join_all;
use serde::Deserialize;

use super::KindWords;
use super::change::refused;
use crate::account::Action;
use crate::collect::suggest::{Suggestion, suggest};
use crate::collect::terms::{Terms, terms};
use crate::collect::{Batch, Kind};
use crate::mention::{Mention, SourceId, Timestamp};
use crate::schedule::Schedule;
use crate::service::{newest, now, web_address};
use crate::web::frame::say;
use crate::web::visitor::{Right, Scheme, Visitor};
use crate::web::{Frame, PageError, Section, Site, wording};

/// So many of the newest items are shown of each.
const SHOWN: usize = 3;

/// So many characters of an item.
const EXCERPT: usize = 140;

/// Nobody waits longer for a page.
const LONGEST: Duration = Duration::from_secs(20);

#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    address: String,
}

#[derive(Template)]
#[template(path = "web/sources/add.html")]
struct Page {
    frame: Frame,
    address: String,
    /// It is no address of the web.
    is_wrong: bool,
    brands: Vec<String>,
    choices: Vec<Choice>,
}

/// A source that could be added.
struct Choice {
    number: usize,
    id: String,
    every: String,
    from: String,
    kind: String,
    about: Option<KindWords>,
    terms: Option<&'static Terms>,
    trial: Trial,
}

/// What came of trying it.
enum Trial {
    /// It answered: how many items, and the newest.
    Answered(String, Vec<Item>),
    /// Why not, and what to do about it.
    Failed(String, Option<String>),
    /// It needs something first; whether that is a key, which can be named here.
    Needs(String, bool),
}

struct Item {
    text: String,
    said: String,
}

pub(super) async fn page(
    State(site): State<Site>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, PageError> {
    visitor.may(Right::Change)?;
    let title = say(visitor.tongue, "Quelle hinzufügen", "Add a source");
    let frame = Frame::new(&site, &visitor, Section::Sources, title);
    let address = web_address(&asked.address);
    let mut choices = Vec::new();
    if let Some(address) = &address {
        let now = now();
        let suggestions = suggest(address);
        let trials = join_all(suggestions.iter().map(|suggestion| attempt(&site, &frame, suggestion, now))).await;
        let each = suggestions.into_iter().zip(trials).enumerate();
        choices = each.map(|(number, (suggestion, trial))| choice(&site, &frame, number, suggestion, trial)).collect();
    }
    let page = Page {
        is_wrong: address.is_none() && !asked.address.trim().is_empty(),
        address: asked.address.trim().to_owned(),
        brands: site.service.config.brands.iter().map(|brand| brand.name.clone()).collect(),
        choices,
        frame,
    };
    Ok(Html(page.render()?))
}

async fn attempt(site: &Site, frame: &Frame, suggestion: &Suggestion, now: Timestamp) -> Trial {
    if let Some(needs) = suggestion.needs {
        return Trial::Needs(frame.tell(&needs).to_owned(), suggestion.takes_a_key());
    }
    match tokio::time::timeout(LONGEST, site.service.try_once(suggestion, now)).await {
        Ok(Ok(batch)) => answered(frame, &batch),
        Ok(Err(error)) => {
            let hint = error.hint().map(|hint| frame.tell(&hint).to_owned());
            Trial::Failed(frame.tell(&error.words()).to_owned(), hint)
        }
        Err(_) => Trial::Failed(frame.say("Keine Antwort in 20 Sekunden", "no answer in 20 seconds").to_owned(), None),
    }
}

fn answered(frame: &Frame, batch: &Batch) -> Trial {
    let format = frame.format();
    let item = |mention: &Mention| {
        let stars = mention.rating.map(|rating| format!("{}/{}", rating.value, rating.best));
        let at = mention.published_at.map(|at| format.moment(at));
        Item {
            text: wording::excerpt(&mention.full_text(), EXCERPT),
            said: stars.into_iter().chain(at).collect::<Vec<_>>().join(" · "),
        }
    };
    let count = match batch.mentions.len() {
        0 => frame
            .say("antwortet, hat aber gerade nichts zu sagen", "answers, and has nothing to say right now")
            .to_owned(),
        1 => frame.say("1 Eintrag", "1 item").to_owned(),
        count => {
            format!("{} {}", format.count(count as u64), frame.say("Einträge, die neuesten:", "items, the newest:"))
        }
    };
    Trial::Answered(count, newest(batch, SHOWN).into_iter().map(item).collect())
}

fn choice(site: &Site, frame: &Frame, number: usize, suggestion: Suggestion, trial: Trial) -> Choice {
    let kind = suggestion.kind().to_owned();
    Choice {
        number,
        id: free_id(site, &suggestion.id),
        every: suggestion.every.to_string(),
        about: Kind::ALL.iter().find(|about| about.name == kind).map(|about| KindWords::new(frame, about)),
        terms: terms(&kind, frame.tongue),
        from: suggestion.from,
        kind,
        trial,
    }
}

/// The id, or with a number behind it if another source has it.
fn free_id(site: &Site, id: &str) -> String {
    let numbered = (2..).map(|number| format!("{}-{number}", &id[..id.len().min(60)]));
    let mut ids = std::iter::once(id.to_owned()).chain(numbered);
    ids.find(|id| site.service.source(id).is_none()).unwrap_or_default()
}

#[derive(Deserialize)]
pub(super) struct Chosen {
    address: String,
    /// Which of the suggestions for the address.
    number: usize,
    id: String,
    every: String,
    #[serde(default)]
    brand: String,
    /// The variable that holds the key.
    #[serde(default)]
    key_env: String,
}

pub(super) async fn add(
    State(site): State<Site>,
    visitor: Visitor,
    Form(chosen): Form<Chosen>,
) -> Result<Redirect, PageError> {
    visitor.may(Right::Change)?;
    let wrong = |(german, english): (&str, &str)| PageError::Wrong(german.to_owned(), english.to_owned());
    let block = block(&chosen).map_err(wrong)?;
    if site.service.source(&chosen.id).is_some() {
        return Err(wrong(("Eine Quelle dieses Namens gibt es schon.", "There is a source of this name already.")));
    }
    let is_known = |name: &str| site.service.config.brands.iter().any(|brand| brand.name == name);
    if !chosen.brand.is_empty() && !is_known(&chosen.brand) {
        return Err(wrong(("Diese Marke gibt es nicht.", "There is no such brand.")));
    }
    keys_are_there(&site, &block)?;
    site.service.add_source(&block).await.map_err(refused)?;
    site.record(&visitor, Action::ChangeSource, chosen.id.as_str(), "added").await?;
    tracing::info!(source = chosen.id, "added on a page");
    Ok(Redirect::to(&format!("/sources/{}?done=added#done", chosen.id)))
}

/// The source as it would stand in `sources.toml`; else what is wrong, in German and in English.
fn block(chosen: &Chosen) -> Result<String, (&'static str, &'static str)> {
    let address =
        web_address(&chosen.address).ok_or(("Das ist keine Adresse im Web.", "This is no address of the web."))?;
    let suggestion = suggest(&address).into_iter().nth(chosen.number).ok_or((
        "Für diese Adresse gibt es diesen Vorschlag nicht mehr.",
        "There is no such suggestion for this address any more.",
    ))?;
    let id = SourceId::parse(&chosen.id).ok_or((
        "Der Name der Quelle besteht aus 1 bis 64 Kleinbuchstaben, Ziffern und Bindestrichen.",
        "The name of a source is 1 to 64 lower-case letters, digits and hyphens.",
    ))?;
    let every = chosen.every.trim();
    Schedule::every(every)
        .map_err(|_| ("Das Intervall lautet etwa 15m, 1h oder 1d.", "The interval is written like 15m, 1h or 1d."))?;
    let suggestion = match suggestion.needs {
        None => suggestion,
        Some(_) => suggestion.with_key_of(chosen.key_env.trim()).ok_or((
            "Diese Quelle braucht erst einen Schlüssel in einer Umgebungsvariablen oder einen Eintrag in sources.toml.",
            "This source needs a key in an environment variable first, or an entry in sources.toml.",
        ))?,
    };
    let suggestion = Suggestion { id: id.to_string(), every: every.to_owned().into(), ..suggestion };
    let brand = Some(chosen.brand.as_str()).filter(|brand| !brand.is_empty());
    Ok(suggestion.block(brand, false))
}

/// A source without its key would only fail.
fn keys_are_there(site: &Site, block: &str) -> Result<(), PageError> {
    let sources = site.service.config.parse_added(block, crate::config::ADDED).map_err(|it| refused(it.into()))?;
    let mut keys = sources.iter().flat_map(|source| source.kind.secrets());
    if keys.all(|(key, place)| place == Default::default() || place.is_there(key)) {
        return Ok(());
    }
    Err(PageError::Wrong(
        "Diese Umgebungsvariable kennt der Dienst nicht. Setzen Sie sie und starten Sie ihn neu.".to_owned(),
        "The service has no such environment variable. Set it, and start the service anew.".to_owned(),
    ))
}

impl Page {
    fn takes_a_key(&self, choice: &Choice) -> bool {
        matches!(choice.trial, Trial::Needs(_, true))
    }

    fn can_be_added(&self, choice: &Choice) -> bool {
        matches!(choice.trial, Trial::Answered(..)) || self.takes_a_key(choice)
    }
}
