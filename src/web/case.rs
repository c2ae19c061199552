//! `GET /cases/{id}`: one case, with the person behind it, everything that they said, what was promised, and an answer to write.

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Html;
use axum::routing::{get, post};
use chrono::Days;
use serde::Deserialize;

use super::mentions::card::Card;
use super::queue::wording as told;
use super::visitor::{Right, Scheme, Visitor};
use super::{Frame, PageError, Section, Site, wording};
use crate::account::Action;
use crate::alert::quote::web_address;
use crate::mention::{Language, Timestamp};
use crate::outreach::{Dismissal, Happening};
use crate::service::now;
use crate::store::StoredMention;
use crate::store::outreach::{Answer, AnswerState, Case, Event, Handle, What};
use crate::view::View;

mod answers;
pub(super) mod change;
mod check;
mod desks;
pub(super) mod draft;
mod survey;
#[cfg(test)]
mod tests;

pub(super) use survey::said_of;

/// So many of the person's other posts are shown.
pub(super) const MOST_OTHERS: usize = 20;

/// So many characters of each.
const EXCERPT: usize = 200;

/// The page, and what one does on it.
pub(super) fn router() -> Router<Site> {
    Router::new()
        .route("/cases/{id}", get(page).post(change::change))
        .route("/cases/{id}/check", post(check::check))
        .route("/cases/{id}/warnings", post(check::fragment))
        .route("/cases/{id}/survey", post(survey::ask))
}

#[derive(Template)]
#[template(path = "web/case.html")]
struct Page {
    frame: Frame,
    case: Case,
    /// What was just done or refused.
    notice: Option<String>,
    severity: &'static str,
    state: &'static str,
    rule: String,
    /// How long they wait, or waited.
    waits: String,
    due: Option<(String, bool)>,
    first_word: String,
    is_mine: bool,
    is_taken: bool,
    promise: Option<(String, String, bool)>,
    follow_up: Option<(String, bool)>,
    snoozed_until: Option<String>,
    name: Option<String>,
    mentions: Vec<Said>,
    handles: Vec<HandleRow>,
    alike: Vec<HandleRow>,
    others: Vec<Other>,
    earlier: Vec<i64>,
    answers: Vec<answers::Written>,
    /// Where else it is worked on, and where it can be passed on to.
    hand_offs: Vec<desks::Elsewhere>,
    desks: Vec<(String, String)>,
    /// Whether an answer is on its way: then nobody writes another one.
    is_answering: bool,
    /// Whether the person is content.
    satisfaction: survey::Satisfaction,
    events: Vec<EventRow>,
    colleagues: Vec<String>,
    dismissals: Vec<(&'static str, &'static str)>,
    /// The text to begin an answer with, and which version of which template it is of; empty where there is none.
    draft: String,
    template: String,
    /// What to look at again in it; `None`: nobody has looked yet.
    warnings: Option<Vec<check::Warned>>,
    /// Whether an answer can be published from here, and whether somebody else has to read it first.
    publishes: bool,
    checks: bool,
    /// How many characters the place allows.
    limit: Option<usize>,
    /// Which mention it answers, and where that stands.
    answers_to: Option<(i64, Option<String>)>,
    tomorrow: String,
    in_three_days: String,
}

/// A mention of the case.
struct Said {
    card: Card,
    text: String,
    title: Option<String>,
    reply: Option<String>,
}

struct HandleRow {
    id: i64,
    source: String,
    name: String,
    mentions: u64,
}

/// Something else that the person said.
struct Other {
    id: i64,
    at: String,
    source: String,
    excerpt: String,
    mood: super::mentions::card::Mood,
}

struct EventRow {
    at: String,
    who: String,
    what: String,
    detail: String,
}

/// What was just done, as the address says it after a redirect.
#[derive(Default, Deserialize)]
struct Done {
    #[serde(default)]
    done: String,
}

async fn page(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<i64>,
    Query(done): Query<Done>,
) -> Result<Html<String>, PageError> {
    visitor.may(Right::Change)?;
    let case = site.service.store.case(id).await?.ok_or(PageError::NotFound)?;
    // Whoever looks at a person leaves a trace.
    site.record(&visitor, Action::Look, format!("case {id}"), "").await?;
    let page = gather(&site, &visitor, case, now()).await?;
    let notice = page.said(&done.done);
    Ok(Html(Page { notice, ..page }.render()?))
}

async fn gather(site: &Site, visitor: &Visitor, case: Case, now: Timestamp) -> Result<Page, PageError> {
    let store = &site.service.store;
    let mut frame = Frame::new(site, visitor, Section::Queue, "").about(Some(case.brand.clone()));
    frame.title = format!("{} {}", frame.say("Fall", "Case"), case.id);
    let format = frame.format();
    let me = visitor.actor().who;
    let ids = store.case_mentions(case.id).await?;
    let mentions = words(site, &ids).await?;
    let (handles, alike) = match case.author_id {
        Some(author) => (store.handles(author).await?, store.alike(author).await?),
        None => Default::default(),
    };
    let (others, earlier) = past(site, &frame, &case, &ids).await?;
    let newest = mentions.iter().rev().find(|mention| mention.removed_at.is_none());
    let answered = store.answers(case.id).await?;
    let (text, template) = beginning(site, &case, newest, &answered, now);
    let (desks, hand_offs) = (&site.service.config.desks, store.hand_offs(case.id).await?);
    let today = now.to_utc().with_timezone(&frame.zone).date_naive();
    let in_days = |days| (today + Days::new(days)).to_string();
    let waits_until = case.answered_at.filter(|_| case.waits_since.is_none());
    Ok(Page {
        notice: None,
        severity: told::severity(&frame, case.severity),
        state: told::state(&frame, case.state),
        rule: told::rule(&frame, &case.rule).to_owned(),
        waits: told::span(&frame, case.waits_since.unwrap_or(case.first_word_at), waits_until.unwrap_or(now)),
        due: case.due_at.map(|at| (told::due(&frame, at, now), at <= now)),
        first_word: format.moment(case.first_word_at),
        is_mine: case.owner.as_deref() == Some(me.as_str()),
        is_taken: case.owner.as_ref().is_some_and(|owner| *owner != me),
        promise: case.promise.as_ref().map(|(text, at)| (text.clone(), format.moment(*at), *at <= now)),
        follow_up: case.follow_up_at.map(|at| (format.moment(at), at <= now)),
        snoozed_until: case.snoozed_until.filter(|at| *at > now).map(|at| format.moment(at)),
        name: handles.first().map(|handle| handle.name.clone()),
        answers_to: newest.map(|mention| (mention.id, mention.url.as_deref().and_then(web_address))),
        publishes: newest.is_some_and(|mention| site.service.takes_answers(&mention.source)),
        checks: site.service.config.outreach.second_pair_of_eyes,
        draft: text,
        template,
        warnings: None,
        limit: newest.and_then(|mention| draft::limit(site, &mention.source)),
        mentions: mentions.iter().map(|mention| said(&frame, mention)).collect(),
        handles: handles.into_iter().map(HandleRow::from).collect(),
        alike: alike.into_iter().map(HandleRow::from).collect(),
        others,
        earlier,
        desks: desks::left(&frame, desks, &hand_offs),
        hand_offs: hand_offs.into_iter().map(|one| desks::Elsewhere::of(&frame, one, desks)).collect(),
        is_answering: answered.iter().any(|answer| answer.state.is_on_its_way()),
        answers: answered.into_iter().map(|answer| answers::Written::of(&frame, answer, &me)).collect(),
        satisfaction: survey::gather(site, &frame, &case, newest.map(language_of), now).await?,
        events: store.case_events(case.id).await?.into_iter().map(|event| event_row(&frame, event)).collect(),
        colleagues: colleagues(site).await?,
        dismissals: Dismissal::ALL.map(|reason| (reason.name(), told::dismissal(&frame, reason))).to_vec(),
        tomorrow: in_days(1),
        in_three_days: in_days(3),
        case,
        frame,
    })
}

/// The mentions of these numbers that are there.
async fn words(site: &Site, ids: &[i64]) -> Result<Vec<StoredMention>, PageError> {
    let mut mentions = Vec::with_capacity(ids.len());
    for id in ids {
        mentions.extend(site.service.store.mention(*id).await?);
    }
    Ok(mentions)
}

/// The text that an answer begins with, and its template: what was given back or did not arrive is taken up again. Without a
/// draft, one writes all of it oneself.
fn beginning(
    site: &Site,
    case: &Case,
    newest: Option<&StoredMention>,
    answered: &[Answer],
    now: Timestamp,
) -> (String, String) {
    let unfinished = answered.iter().rfind(|one| matches!(one.state, AnswerState::Draft | AnswerState::Failed));
    let sent: Vec<String> = answered.iter().map(|answer| answer.text.clone()).collect();
    let draft = newest.and_then(|mention| draft::draft(site, case, mention, &sent, now).ok());
    let (text, template) = draft.map(|draft| (draft.text, draft.template)).unwrap_or_default();
    (unfinished.map_or(text, |answer| answer.text.clone()), template)
}

/// Who may work on cases, by the names of their accounts.
async fn colleagues(site: &Site) -> Result<Vec<String>, PageError> {
    let accounts = site.service.store.accounts().await?.into_iter();
    let may_work = accounts.filter(|one| one.role.right() >= Right::Change && one.disabled_at.is_none());
    Ok(may_work.map(|one| one.name).collect())
}

/// What else the person said, and the cases that they were in before.
async fn past(site: &Site, frame: &Frame, case: &Case, mentions: &[i64]) -> Result<(Vec<Other>, Vec<i64>), PageError> {
    let store = &site.service.store;
    let Some(author) = case.author_id else { return Ok((Vec::new(), Vec::new())) };
    let mut others = Vec::new();
    for id in store.said_by(author).await?.into_iter().filter(|id| !mentions.contains(id)).take(MOST_OTHERS) {
        if let Some(mention) = store.mention(id).await? {
            others.push(Other {
                id,
                at: frame.format().moment(mention.said_at),
                excerpt: wording::excerpt(&mention.full_text(), EXCERPT),
                mood: super::mentions::card::Mood::of(frame, mention.label),
                source: mention.source,
            });
        }
    }
    let earlier = store.cases_of(author).await?.into_iter().filter(|id| *id != case.id).collect();
    Ok((others, earlier))
}

fn said(frame: &Frame, mention: &StoredMention) -> Said {
    Said {
        card: Card::of(mention, &View::default(), frame),
        text: mention.text.clone(),
        title: mention.title.clone(),
        reply: mention.reply.clone(),
    }
}

impl From<Handle> for HandleRow {
    fn from(handle: Handle) -> Self {
        Self { id: handle.id, source: handle.source, name: handle.name, mentions: handle.mentions }
    }
}

fn event_row(frame: &Frame, event: Event) -> EventRow {
    let detail = match event.what {
        What::Opened => told::rule(frame, &event.detail).to_owned(),
        What::Edited if !event.detail.is_empty() => {
            format!("{} {}", event.detail, frame.say("Sterne", "stars"))
        }
        What::Snoozed => event.detail.parse().map_or_else(
            |_| String::new(),
            |until| format!("{} {}", frame.say("bis", "until"), frame.format().moment(Timestamp::from_seconds(until))),
        ),
        What::Dismissed => {
            Dismissal::parse(&event.detail).map_or("", |reason| told::dismissal(frame, reason)).to_owned()
        }
        What::Surveyed | What::Rated => survey::detail(frame, &event),
        What::Merged | What::Split => format!("{} {}", frame.say("Fall", "case"), event.detail),
        _ => event.detail,
    };
    EventRow {
        at: frame.format().moment(event.at),
        who: event.who.unwrap_or_default(),
        what: frame.tell(&event.what.words()).to_owned(),
        detail,
    }
}

impl Page {
    fn said(&self, done: &str) -> Option<String> {
        let frame = &self.frame;
        Some(
            match done {
                "taken" => frame.say(
                    "Jemand anderes hat diesen Fall inzwischen übernommen. Es wurde nichts geändert.",
                    "Somebody else has claimed this case meanwhile. Nothing was changed.",
                ),
                "state" => frame.say(
                    "So, wie der Fall jetzt steht, geht das nicht. Es wurde nichts geändert.",
                    "As the case stands now, this cannot be done. Nothing was changed.",
                ),
                "pending" => frame.say(
                    "Zu diesem Fall ist schon eine Antwort unterwegs. Es wurde nichts geändert.",
                    "An answer to this case is on its way already. Nothing was changed.",
                ),
                "own" => frame.say(
                    "Diese Antwort haben Sie selbst geschrieben: Freigeben muss sie jemand anderes.",
                    "You wrote this answer yourself: somebody else has to approve it.",
                ),
                "apart" => frame.say("Diese Fälle gehören nicht zusammen.", "These cases do not belong together."),
                "done" => frame.say("Erledigt.", "Done."),
                done => survey::said(frame, done)?,
            }
            .to_owned(),
        )
    }

    /// Whether something can happen to the case as it stands, and is ours to do.
    fn can(&self, happening: Happening) -> bool {
        !self.is_taken && self.case.state.after(happening).is_some()
    }

    fn reason(&self, reason: &Dismissal) -> &'static str {
        told::dismissal(&self.frame, *reason)
    }

    fn can_answer(&self) -> bool {
        self.can(Happening::Answered)
    }

    /// Whether one may write an answer now.
    fn can_write(&self) -> bool {
        self.can_answer() && !self.is_answering
    }

    /// What is done with an answer that goes out from here.
    fn publish(&self) -> &'static str {
        match (self.checks, self.is_warned()) {
            (false, false) => self.frame.say("Veröffentlichen", "Publish"),
            (false, true) => self.frame.say("Trotzdem veröffentlichen", "Publish anyway"),
            (true, false) => self.frame.say("Zur Prüfung geben", "Hand in for a check"),
            (true, true) => self.frame.say("Trotzdem zur Prüfung geben", "Hand in anyway"),
        }
    }

    fn can_solve(&self) -> bool {
        self.can(Happening::Solved)
    }

    fn can_dismiss(&self) -> bool {
        self.can(Happening::Dismissed)
    }

    fn can_follow_up(&self) -> bool {
        self.can(Happening::FollowedUp)
    }

    /// Whether one may ask the person how satisfied they are.
    fn can_ask(&self) -> bool {
        !self.is_taken && self.case.state.can_be_rated() && !self.satisfaction.is_answered
    }

    fn can_reopen(&self) -> bool {
        self.case.state.after(Happening::Reopened).is_some()
    }

    fn is_warned(&self) -> bool {
        self.warnings.as_ref().is_some_and(|warnings| !warnings.is_empty())
    }

    fn is_several(&self) -> bool {
        self.mentions.len() > 1
    }
}

/// The language that an answer to a mention is written in.
pub(super) fn language_of(mention: &StoredMention) -> Language {
    mention.language.unwrap_or(Language::GERMAN)
}
