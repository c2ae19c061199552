//! `POST /cases/{id}`: what people do with a case.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::Redirect;
use chrono::{Days, NaiveDate};
use serde::Deserialize;

use super::language_of;
use crate::account::{Action, Actor, Name};
use crate::mention::Timestamp;
use crate::outreach::Dismissal;
use crate::schedule::midnight;
use crate::service::now;
use crate::store::Store;
use crate::store::outreach::{Change, Judgement, NewAnswer, Refusal};
use crate::web::visitor::{Right, Visitor};
use crate::web::{PageError, Site};

/// Longer notes and promises are novels.
const LONGEST_NOTE: usize = 4_000;

/// Longer names of templates are none of ours.
const LONGEST_TEMPLATE: usize = 100;

/// Longer answers fit nowhere.
pub(super) const LONGEST_ANSWER: usize = 10_000;

/// What a form sends, or a program.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Sent {
    pub(in crate::web) r#do: String,
    pub(in crate::web) text: String,
    pub(in crate::web) until: String,
    pub(in crate::web) to: String,
    pub(in crate::web) reason: String,
    pub(in crate::web) mention: Option<i64>,
    pub(in crate::web) answer: Option<i64>,
    pub(in crate::web) into: Option<i64>,
    pub(in crate::web) author: Option<i64>,
    pub(in crate::web) template: String,
}

pub(super) async fn change(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<i64>,
    Form(sent): Form<Sent>,
) -> Result<Redirect, PageError> {
    let (place, refusal) = make(&site, &visitor, id, &sent).await?;
    let (place, said) = match refusal {
        None => (place, "done"),
        Some(Refusal::Taken(_)) => (id, "taken"),
        Some(Refusal::State(_)) => (id, "state"),
        Some(Refusal::Apart) => (id, "apart"),
        Some(Refusal::Pending) => (id, "pending"),
        Some(Refusal::Own) => (id, "own"),
        Some(Refusal::NoCase) => return Err(PageError::NotFound),
    };
    Ok(Redirect::to(&format!("/cases/{place}?done={said}")))
}

/// Does it, and writes down who did: the case to go on with, or why nothing was done.
pub(in crate::web) async fn make(
    site: &Site,
    visitor: &Visitor,
    id: i64,
    sent: &Sent,
) -> Result<(i64, Option<Refusal>), PageError> {
    visitor.may(Right::Change)?;
    let (store, actor, now) = (&site.service.store, visitor.actor(), now());
    let case = store.case(id).await?.ok_or(PageError::NotFound)?;
    let (place, refusal) = match sent.r#do.as_str() {
        "merge" => {
            let into = sent.into.ok_or_else(unreadable)?;
            (into, store.merge_cases(id, into, &actor, now).await?.err())
        }
        "split" => match store.split_case(id, sent.mention.ok_or_else(unreadable)?, &actor, now).await? {
            Ok(own) => (own, None),
            Err(refusal) => (id, Some(refusal)),
        },
        "link" => {
            let pair = case.author_id.zip(sent.author).ok_or_else(unreadable)?;
            if !store.link_people(pair, Some(id), &actor, now).await? {
                return Err(PageError::NotFound);
            }
            (id, None)
        }
        "unlink" => {
            store.unlink_person(sent.author.ok_or_else(unreadable)?).await?;
            (id, None)
        }
        "answer" | "publish" => (id, answer(site, visitor, id, sent, now).await?),
        "approve" | "return" | "retry" => (id, judge(store, id, sent, &actor, now).await?),
        "pass_on" => {
            if !site.service.pass_on(id, &sent.to, Some(&actor), now).await? {
                return Err(unreadable());
            }
            (id, None)
        }
        "retry_desk" => {
            if !store.retry_hand_off(id, sent.to.parse().map_err(|_| unreadable())?, now).await? {
                return Err(unreadable());
            }
            (id, None)
        }
        _ => {
            let change = read(site, sent, case.severity, now).await?;
            (id, store.change_case(id, &change, &actor, now).await?.err())
        }
    };
    if refusal.is_none() {
        site.record(visitor, Action::WorkOnCase, format!("case {id}"), sent.r#do.as_str()).await?;
        site.service.cases_changed();
    }
    Ok((place, refusal))
}

/// What somebody else says to an answer, or its writer, who tries it once more.
async fn judge(
    store: &Store,
    case: i64,
    sent: &Sent,
    actor: &Actor,
    now: Timestamp,
) -> Result<Option<Refusal>, PageError> {
    let judgement = match sent.r#do.as_str() {
        "approve" => Judgement::Approve,
        "return" => Judgement::Return,
        _ => Judgement::Retry,
    };
    let answer = sent.answer.ok_or_else(unreadable)?;
    Ok(store.judge_answer(case, answer, judgement, actor, now).await?.err())
}

/// Keeps what somebody has written to the person.
async fn answer(
    site: &Site,
    visitor: &Visitor,
    id: i64,
    sent: &Sent,
    now: Timestamp,
) -> Result<Option<Refusal>, PageError> {
    let (store, actor) = (&site.service.store, visitor.actor());
    let text = written(&sent.text, LONGEST_ANSWER)?;
    let mention = sent.mention.ok_or_else(unreadable)?;
    if store.case_of(mention).await? != Some(id) {
        return Err(PageError::NotFound);
    }
    let mention = store.mention(mention).await?.ok_or(PageError::NotFound)?;
    let language = language_of(&mention);
    let template = Some(sent.template.trim()).filter(|name| !name.is_empty() && name.len() <= LONGEST_TEMPLATE);
    let answer = NewAnswer { case: id, mention: mention.id, text: &text, language, template };
    if sent.r#do == "publish" {
        if !site.service.takes_answers(&mention.source) {
            return Err(unreadable());
        }
        let checked = site.service.config.outreach.second_pair_of_eyes;
        return Ok(store.publish_answer(&answer, checked, &actor, now).await?.err());
    }
    Ok(store.answer_case(&answer, &actor, now).await?.err())
}

async fn read(
    site: &Site,
    sent: &Sent,
    severity: crate::outreach::Severity,
    now: Timestamp,
) -> Result<Change, PageError> {
    let zone = site.service.config.alert.time_zone;
    let outreach = &site.service.config.outreach;
    let day = || -> Result<NaiveDate, PageError> { sent.until.parse().map_err(|_| unreadable()) };
    let note = || written(&sent.text, LONGEST_NOTE);
    Ok(match sent.r#do.as_str() {
        "claim" => Change::Claim,
        "release" => Change::Release,
        "hand_over" => Change::HandOver(colleague(site, &sent.to).await?),
        "snooze" => Change::Snooze(midnight(day()?, zone)),
        "note" => Change::Note(note()?),
        // A day is kept until it is over.
        "promise" => {
            Change::Promise(note()?, midnight(day()?.checked_add_days(Days::new(1)).ok_or_else(unreadable)?, zone))
        }
        "keep" => Change::Keep,
        "solve" => {
            let after = i64::try_from(outreach.follow_up_after.as_secs()).unwrap_or(i64::MAX);
            Change::Solve(now.plus_seconds(after))
        }
        "follow_up" => Change::FollowUp(sent.text.trim().chars().take(LONGEST_NOTE).collect()),
        "dismiss" => Change::Dismiss(Dismissal::parse(&sent.reason).ok_or_else(unreadable)?),
        "reopen" => Change::Reopen(Some(outreach.due_at(severity, now))),
        _ => return Err(unreadable()),
    })
}

/// Somebody who may work on cases; without accounts, whoever is named.
async fn colleague(site: &Site, name: &str) -> Result<String, PageError> {
    let name = Name::parse(name).ok_or_else(unreadable)?;
    match site.service.store.account(&name).await? {
        Some((account, _)) if account.disabled_at.is_none() && account.role.right() >= Right::Change => {
            Ok(account.name)
        }
        _ => Err(PageError::Wrong(
            "Dieses Konto gibt es nicht, oder es darf keine Fälle bearbeiten.".to_owned(),
            "There is no such account, or it may not work on cases.".to_owned(),
        )),
    }
}

pub(super) fn written(text: &str, longest: usize) -> Result<String, PageError> {
    let text = text.trim().replace("\r\n", "\n");
    if text.is_empty() || text.chars().count() > longest {
        return Err(PageError::Wrong(
            format!("Schreiben Sie etwas, höchstens {longest} Zeichen."),
            format!("Write something, at most {longest} characters."),
        ));
    }
    Ok(text)
}

pub(super) fn unreadable() -> PageError {
    PageError::Wrong(
        "Dieses Formular ist unvollständig. Laden Sie die Seite neu und versuchen Sie es noch einmal.".to_owned(),
        "This form is incomplete. Reload the page and try again.".to_owned(),
    )
}
