//! `GET /mentions/{id}`: one mention, with all that is known of it and why.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::Html;

use super::mentions;
use super::mentions::card::{self, Card, Mood, Tag};
use super::mentions::pieces::{Piece, decided, strength};
use super::visitor::{Right, Scheme, Visitor};
use super::{Frame, PageError, Section, Site, wording};
use crate::alert::quote::web_address;
use crate::analyse::Reason;
use crate::mention::Label;
use crate::store::{Appearance, Flagged, Opinion, Revision, StoredMention};
use crate::view::View;
use difference::{Change, difference};

mod difference;

/// So many places of a text are listed.
pub(super) const MOST_PLACES: u32 = 100;

/// A piece of the text; what it is marked with: its class, and its weight in words.
type Marked = Piece<(String, String)>;

#[derive(Template)]
#[template(path = "web/mention.html")]
struct Page {
    frame: Frame,
    /// That it was just changed.
    changed: Option<String>,
    card: Card,
    title: Vec<Marked>,
    text: Vec<Marked>,
    reasons: Vec<Row>,
    score: Option<String>,
    opinion: Option<OpinionRows>,
    facts: Vec<(&'static str, String)>,
    tags: Vec<Tag>,
    flagged: Vec<FlagRow>,
    versions: Vec<Version>,
    places: Vec<PlaceRow>,
    corrections: Vec<CorrectionRow>,
    reply: Option<(String, Option<String>)>,
    author_id: Option<i64>,
    may_change: bool,
    is_aside: bool,
}

/// A reason and what it adds, −100…100, with its bar: where it begins and how long it is, 0…100.
struct Row {
    words: String,
    points: String,
    class: &'static str,
    bar: (f64, f64),
}

/// What the model thinks beside the label.
struct OpinionRows {
    mood: Mood,
    version: String,
    is_disputed: bool,
    /// Mood, percent as it is written, and 0…100.
    probabilities: Vec<(Mood, String, f64)>,
    urgency: Vec<Row>,
}

struct FlagRow {
    cause: String,
    brand: String,
    words: String,
    at: String,
}

struct Version {
    at: String,
    mood: Mood,
    stars: Option<(String, String)>,
    /// Against the one before; of the first one, and of another text, itself.
    pieces: Vec<Piece<Change>>,
    is_first: bool,
    is_rewritten: bool,
}

struct PlaceRow {
    id: i64,
    place: String,
    at: String,
    url: Option<String>,
    is_gone: bool,
    is_here: bool,
}

struct CorrectionRow {
    mood: Mood,
    at: String,
    by: Option<String>,
    is_of_earlier: bool,
}

pub(super) async fn page(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
) -> Result<Html<String>, PageError> {
    visitor.may(Right::Read)?;
    let mention = site.service.store.mention(id).await?.ok_or(PageError::NotFound)?;
    let page = gather(&site, &visitor, mention).await?;
    let changed = mentions::changed(&query.unwrap_or_default(), &page.frame);
    Ok(Html(Page { changed, ..page }.render()?))
}

async fn gather(site: &Site, visitor: &Visitor, mention: StoredMention) -> Result<Page, PageError> {
    let store = &site.service.store;
    let mut frame = Frame::new(site, visitor, Section::Mentions, "");
    frame.title = match frame.code() {
        "de" => format!("Erwähnung in {}", mention.source),
        _ => format!("Mention in {}", mention.source),
    };
    let opinion = store.opinion(mention.id).await?;
    let revisions = store.revisions(mention.id).await?;
    let newest = revisions.last().map(|revision| revision.id);
    let places = store.appearances(mention.cluster, MOST_PLACES).await?;
    let corrections = store.corrections(mention.id).await?.into_iter().map(|correction| CorrectionRow {
        mood: Mood::of(&frame, Some(correction.label)),
        at: frame.format().moment(correction.at),
        by: correction.by,
        is_of_earlier: Some(correction.revision) != newest,
    });
    Ok(Page {
        changed: None,
        card: Card::of(&mention, &View::default(), &frame),
        title: marked(mention.title.as_deref().unwrap_or_default(), &mention.why, &frame),
        text: marked(&mention.text, &mention.why, &frame),
        reasons: rows(&mention.why, &frame),
        score: mention.score.map(|score| frame.format().points(score)),
        opinion: opinion.map(|opinion| opinion_rows(&opinion, &frame)),
        facts: facts(&mention, &frame),
        tags: card::tags(&mention, &View::default(), &frame),
        flagged: store.flagged(mention.id).await?.into_iter().map(|flag| flag_row(flag, &frame)).collect(),
        versions: versions(&revisions, &frame),
        places: if places.len() > 1 { place_rows(places, mention.id, &frame) } else { Vec::new() },
        corrections: corrections.collect(),
        reply: mention.reply.map(|reply| (reply, mention.reply_at.map(|at| frame.format().moment(at)))),
        author_id: mention.author_id,
        may_change: visitor.may(Right::Change).is_ok(),
        is_aside: mention.set_aside.is_some(),
        frame,
    })
}

/// A text with the words that decided its mood.
fn marked(text: &str, why: &[Reason], frame: &Frame) -> Vec<Marked> {
    let mark = |at: usize| {
        let reason = &why[at];
        let side = if reason.weight < 0.0 { "negative" } else { "positive" };
        (format!("decided {side} weight-{}", strength(reason, why)), frame.format().points(reason.weight))
    };
    decided(text, why).into_iter().map(|piece| Piece { text: piece.text, mark: piece.mark.map(mark) }).collect()
}

fn rows(why: &[Reason], frame: &Frame) -> Vec<Row> {
    let heaviest = why.iter().map(|reason| reason.weight.abs()).fold(f64::MIN_POSITIVE, f64::max);
    let row = |reason: &Reason| {
        let length = 50.0 * reason.weight.abs() / heaviest;
        let is_negative = reason.weight < 0.0;
        Row {
            words: wording::reason(frame, &reason.words),
            points: frame.format().points(reason.weight),
            class: if is_negative { "negative" } else { "positive" },
            bar: (if is_negative { 50.0 - length } else { 50.0 }, length),
        }
    };
    why.iter().map(row).collect()
}

fn opinion_rows(opinion: &Opinion, frame: &Frame) -> OpinionRows {
    let probabilities = opinion.probabilities.map(|shares| {
        let row = |(label, share): (Label, f64)| {
            (Mood::of(frame, Some(label)), frame.format().whole_percent(share), share * 100.0)
        };
        Label::ALL.into_iter().zip(shares).map(row).collect()
    });
    OpinionRows {
        mood: Mood::of(frame, opinion.label),
        version: opinion.model_version.clone(),
        is_disputed: opinion.is_disputed,
        probabilities: probabilities.unwrap_or_default(),
        urgency: rows(&opinion.urgency_why, frame),
    }
}

/// What else is known, as name and value.
fn facts(mention: &StoredMention, frame: &Frame) -> Vec<(&'static str, String)> {
    let format = frame.format();
    let mut facts = vec![(frame.say("Marken", "Brands"), mention.brands.join(", "))];
    facts.push((frame.say("Sprache", "Language"), wording::language(frame, mention.language)));
    facts.push((frame.say("Dringlichkeit", "Urgency"), format.whole_percent(mention.urgency)));
    let known = [
        (frame.say("Herausgeber", "Publisher"), mention.publisher.clone()),
        (frame.say("Version der App", "Version of the app"), mention.app_version.clone()),
        (frame.say("Land", "Country"), mention.country.clone()),
        (frame.say("Eingetroffen", "Arrived"), Some(format.moment(mention.first_seen_at))),
        (frame.say("Bearbeitet", "Edited"), mention.edited_at.map(|at| format.moment(at))),
        (frame.say("Gelöscht", "Deleted"), mention.removed_at.map(|at| format.moment(at))),
    ];
    facts.extend(known.into_iter().filter_map(|(name, value)| Some((name, value?))));
    facts
}

fn flag_row(flag: Flagged, frame: &Frame) -> FlagRow {
    FlagRow {
        cause: wording::capitalized(wording::cause(frame, &flag.cause)),
        brand: flag.brand,
        words: flag.words.join(" · "),
        at: frame.format().moment(flag.at),
    }
}

/// The newest first; none where there is only one.
fn versions(revisions: &[Revision], frame: &Frame) -> Vec<Version> {
    if revisions.len() < 2 {
        return Vec::new();
    }
    let version = |(at, revision): (usize, &Revision)| {
        let text = revision.full_text();
        let before = at.checked_sub(1).map_or_else(|| text.clone(), |before| revisions[before].full_text());
        let pieces = difference(&before, &text);
        let is_rewritten = before != text && pieces.iter().all(|piece| piece.mark.is_some());
        Version {
            at: frame.format().moment(revision.seen_at),
            mood: Mood::of(frame, revision.label),
            stars: revision.rating.map(|rating| card::stars(rating, frame)),
            pieces: if is_rewritten { vec![Piece { text, mark: None }] } else { pieces },
            is_first: at == 0,
            is_rewritten,
        }
    };
    revisions.iter().enumerate().rev().map(version).collect()
}

fn place_rows(places: Vec<Appearance>, here: i64, frame: &Frame) -> Vec<PlaceRow> {
    let row = |it: Appearance| PlaceRow {
        id: it.id,
        place: it.place,
        at: frame.format().moment(it.said_at),
        url: it.url.as_deref().and_then(web_address),
        is_gone: it.is_gone,
        is_here: it.id == here,
    };
    places.into_iter().map(row).collect()
}

impl Page {
    fn urgency(&self) -> &[Row] {
        self.opinion.as_ref().map(|opinion| &opinion.urgency[..]).unwrap_or_default()
    }

    /// Whether a piece came, went, or stayed.
    fn change(piece: &Piece<Change>) -> &'static str {
        match piece.mark {
            Some(Change::Added) => "ins",
            Some(Change::Removed) => "del",
            None => "",
        }
    }
}
