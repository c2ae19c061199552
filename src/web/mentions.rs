//! `GET /mentions`: what was said, filtered and searched; the filter is the address.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Html;
use url::form_urlencoded;

use super::visitor::{Right, Scheme, Visitor};
use super::{Frame, PageError, Section, Site};
use crate::brand::QueryError;
use crate::store::{Cut, Place, SavedView, Writer};
use crate::tongue::Said;
use crate::view::{self, Problem, View, ViewError};
use card::Card;
use filter::{Chip, Choice, Choices, Group};

pub(super) mod card;
pub(super) mod change;
pub(super) mod export;
pub(super) mod filter;
pub(super) mod pieces;
pub(super) mod saved;
#[cfg(test)]
mod tests;

/// So many mentions are on a page.
const ON_A_PAGE: usize = 30;

/// The parts of the address that are not the view's: where the page begins, and how many mentions were just changed.
const OTHERS: [&str; 2] = ["after", "changed"];

/// What the address asks for beside the view.
#[derive(Default)]
struct Asked {
    after: Option<Place>,
    /// The search as it was written, also if it cannot be read.
    search: String,
}

impl Asked {
    fn parse(query: &str) -> Self {
        let mut asked = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                "after" => asked.after = value.parse().ok(),
                "q" => asked.search = value.trim().to_owned(),
                _ => {}
            }
        }
        asked
    }
}

/// What is wrong with a search: the place between what stands before and behind it.
struct Mistake {
    before: String,
    at: String,
    behind: String,
    message: String,
    hint: String,
}

#[derive(Template)]
#[template(path = "web/mentions.html")]
struct Page {
    frame: Frame,
    /// The view as it stands in addresses.
    query: String,
    search: String,
    mistakes: Vec<Mistake>,
    notices: Vec<String>,
    changed: Option<String>,
    chips: Vec<Chip>,
    groups: Vec<Group>,
    stars: Vec<Choice>,
    states: Vec<Choice>,
    brands: Vec<Choice>,
    replied: Vec<Choice>,
    urgent: bool,
    from: String,
    to: String,
    writer: Option<Writer>,
    /// With whether the reader may delete each.
    saved: Vec<(SavedView, bool)>,
    cards: Vec<Card>,
    /// The newest arrival when the page was made.
    since: i64,
    /// The query of the next page.
    next: Option<String>,
    /// Whether this is not the first page.
    is_later: bool,
    may_change: bool,
    /// The reader's account, by name.
    who: Option<String>,
    /// Whether these were put aside.
    is_aside: bool,
}

pub(super) async fn page(
    State(site): State<Site>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Html<String>, PageError> {
    visitor.may(Right::Read)?;
    let query = query.unwrap_or_default();
    let (view, errors) = View::parse(&query, &OTHERS);
    let page = gather(&site, &visitor, &view, errors, Asked::parse(&query)).await?;
    Ok(Html(Page { changed: changed(&query, &page.frame), ..page }.render()?))
}

async fn gather(
    site: &Site,
    visitor: &Visitor,
    view: &View,
    errors: Vec<ViewError>,
    asked: Asked,
) -> Result<Page, PageError> {
    let (store, config) = (&site.service.store, &site.service.config);
    let mut frame = Frame::new(site, visitor, Section::Mentions, "").about(view.brand.clone());
    frame.title = frame.say("Erwähnungen", "Mentions").to_owned();
    let cut = Cut { after: asked.after, ..Cut::first(ON_A_PAGE) };
    // Asked first, so that what arrives meanwhile is announced.
    let since = store.newest_arrival().await?;
    let found = store.mentions(view, cut, frame.zone).await?;
    let writer = match view.author {
        Some(id) => store.writer(id).await?,
        None => None,
    };
    let choices = Choices {
        sources: site.service.sources().iter().map(|source| source.id.to_string()).collect(),
        own_topics: config.topics.iter().map(|topic| topic.name.as_str()).collect(),
        author: writer.as_ref().map(|writer| writer.name.as_str()),
    };
    let query = view.query();
    let next = found
        .next
        .map(|place| form_urlencoded::Serializer::new(query.clone()).append_pair("after", &place.to_string()).finish());
    let (mistakes, notices) = told(&errors, &frame);
    Ok(Page {
        search: view.search.as_ref().map_or(asked.search, |search| search.written().to_owned()),
        mistakes,
        notices,
        changed: None,
        chips: filter::chips(view, &frame, &choices),
        groups: filter::groups(view, &frame, &choices),
        stars: filter::stars(view),
        states: filter::states(view, &frame),
        brands: brands(view, config.brands.iter().map(|brand| brand.name.as_str())),
        replied: replied(view, &frame),
        urgent: view.urgent,
        from: view.from.map(|day| day.to_string()).unwrap_or_default(),
        to: view.to.map(|day| day.to_string()).unwrap_or_default(),
        saved: saved_views(site, visitor).await?,
        cards: found.mentions.iter().map(|mention| Card::of(mention, view, &frame)).collect(),
        since,
        next,
        is_later: asked.after.is_some(),
        may_change: visitor.may(Right::Change).is_ok(),
        who: visitor.account().map(|account| account.name.clone()),
        is_aside: matches!(view.state, view::State::Spam | view::State::Hidden),
        writer,
        query,
        frame,
    })
}

/// What the reader has saved, and what others share.
async fn saved_views(site: &Site, visitor: &Visitor) -> Result<Vec<(SavedView, bool)>, PageError> {
    let who = visitor.account().map(|account| account.name.as_str());
    let views = site.service.store.saved_views(who).await?.into_iter();
    let row = |view: SavedView| {
        let may_delete = saved::may_delete(visitor, &view);
        (view, may_delete)
    };
    Ok(views.map(row).collect())
}

fn brands<'a>(view: &View, known: impl Iterator<Item = &'a str>) -> Vec<Choice> {
    let is_chosen = |name: &str| view.brand.as_deref() == Some(name);
    known.map(|name| Choice { value: name.to_owned(), label: name.to_owned(), is_chosen: is_chosen(name) }).collect()
}

fn replied(view: &View, frame: &Frame) -> Vec<Choice> {
    let choice = |value: &str, label: &str, is_chosen| Choice { value: value.into(), label: label.into(), is_chosen };
    vec![
        choice("yes", frame.say("beantwortet", "answered"), view.replied == Some(true)),
        choice("no", frame.say("unbeantwortet", "not answered"), view.replied == Some(false)),
    ]
}

/// How many mentions were just changed, if the address says so.
pub(super) fn changed(query: &str, frame: &Frame) -> Option<String> {
    let count = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "changed")?.1.parse().ok()?;
    let written = frame.format().count(count);
    Some(match (frame.code(), count) {
        ("de", 1) => "Eine Erwähnung geändert.".to_owned(),
        ("de", _) => format!("{written} Erwähnungen geändert."),
        (_, 1) => "One mention changed.".to_owned(),
        _ => format!("{written} mentions changed."),
    })
}

/// What is wrong with the search, and with the other parts of the address.
fn told(errors: &[ViewError], frame: &Frame) -> (Vec<Mistake>, Vec<String>) {
    let (mut mistakes, mut notices) = (Vec::new(), Vec::new());
    for error in errors {
        match &error.problem {
            Problem::Search(wrong) => mistakes.extend(wrong.iter().map(|wrong| mistake(&error.value, wrong, frame))),
            _ => notices.push(frame.tell(&notice(error)).to_owned()),
        }
    }
    (mistakes, notices)
}

fn mistake(search: &str, wrong: &QueryError, frame: &Frame) -> Mistake {
    let part = |from: usize, to: usize| search.get(from..to).unwrap_or_default().to_owned();
    let (start, end) = (wrong.place.start.min(search.len()), wrong.place.end.min(search.len()));
    Mistake {
        before: part(0, start),
        at: part(start, end),
        behind: part(end, search.len()),
        message: frame.tell(&wrong.message()).to_owned(),
        hint: frame.tell(&wrong.hint()).to_owned(),
    }
}

/// That the view does without a part of the address.
fn notice(error: &ViewError) -> Said {
    let Said { german, english } = error.words();
    Said {
        german: format!("Danach wird nicht gefiltert: {german}."),
        english: format!("Not filtered by this part of the address: {english}."),
    }
}

impl Page {
    /// Who shares a view, where that is somebody else.
    fn shared_by<'a>(&self, view: &'a SavedView) -> Option<&'a str> {
        let by = view.shown_name.as_deref().or(view.maker.as_deref());
        by.filter(|_| view.is_shared && view.maker != self.who)
    }

    /// How much is known of an author.
    fn known_of(&self, writer: &Writer) -> String {
        let count = self.frame.format().count(writer.mentions);
        match (self.frame.code(), writer.mentions) {
            ("de", 1) => format!("Von dieser Person ist eine Erwähnung in {} bekannt.", writer.source),
            ("de", _) => format!("Von dieser Person sind {count} Erwähnungen in {} bekannt.", writer.source),
            (_, 1) => format!("One mention by this person is known in {}.", writer.source),
            _ => format!("{count} mentions by this person are known in {}.", writer.source),
        }
    }
}
