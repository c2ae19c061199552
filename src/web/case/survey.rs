//! `POST /cases/{id}/survey`: somebody asks the person how satisfied they are; and what came back, as the case's page shows it.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::Redirect;
use serde::Deserialize;

use super::change::unreadable;
use crate::account::Action;
use crate::mention::{Language, Timestamp};
use crate::notify::{self, Address};
use crate::outreach::survey::Score;
use crate::service::now;
use crate::store::outreach::{Case, Event, Mailed, Refusal, Survey, What};
use crate::tongue::Tongue;
use crate::web::visitor::{Right, Visitor};
use crate::web::{Frame, PageError, Site};

/// What the section shows.
pub(super) struct Satisfaction {
    /// Each time that somebody asked.
    pub(super) asked: Vec<Asked>,
    /// The link that can be answered now.
    pub(super) link: Option<String>,
    /// Whether the person has answered since the case was solved.
    pub(super) is_answered: bool,
    /// Whether a mail is on its way, so that nobody sends another one.
    pub(super) is_on_its_way: bool,
    /// Whether anybody knows under which address the world reaches this service.
    pub(super) has_address: bool,
    /// In which language the person is asked, unless somebody chooses the other one.
    pub(super) language: &'static str,
}

pub(super) struct Asked {
    /// When, by whom, and how far it has come.
    pub(super) told: String,
    pub(super) by: String,
    /// The answer in words, and when it came.
    pub(super) answer: Option<(String, String)>,
    pub(super) comment: Option<String>,
}

/// What is known of how satisfied the person of a case is; they spoke this language last.
pub(super) async fn gather(
    site: &Site,
    frame: &Frame,
    case: &Case,
    language: Option<Language>,
    now: Timestamp,
) -> Result<Satisfaction, PageError> {
    let surveys = site.service.store.surveys(case.id).await?;
    let open = surveys.iter().rfind(|survey| survey.is_open(now));
    let answered_at = surveys.iter().filter_map(|survey| survey.answered_at).max();
    Ok(Satisfaction {
        link: match open {
            Some(survey) => site.service.survey_link(survey).await?,
            None => None,
        },
        is_answered: answered_at.is_some_and(|at| case.solved_at.is_none_or(|solved_at| at >= solved_at)),
        is_on_its_way: open.is_some_and(|survey| survey.mailed == Some(Mailed::OnItsWay)),
        has_address: site.service.config.public_url.is_some(),
        language: Tongue::of(language.unwrap_or(Language::GERMAN)).code(),
        asked: surveys.into_iter().map(|survey| asked(frame, survey, now)).collect(),
    })
}

fn asked(frame: &Frame, survey: Survey, now: Timestamp) -> Asked {
    let (format, is_open) = (frame.format(), survey.is_open(now));
    let mail = survey.mailed.map(|mailed| match mailed {
        Mailed::OnItsWay => frame.say("Mail unterwegs", "mail on its way"),
        Mailed::Sent => frame.say("Mail verschickt", "mail sent"),
        Mailed::Failed => frame.say("Mail vielleicht nicht angekommen", "mail may not have arrived"),
    });
    let until = match (survey.answered_at, is_open) {
        (Some(_), _) => None,
        (None, true) => Some(format!("{} {}", frame.say("gilt bis", "valid until"), format.day(survey.expires_at))),
        (None, false) => Some(frame.say("abgelaufen", "expired").to_owned()),
    };
    let way = mail.unwrap_or(frame.say("Link erzeugt", "link made")).to_owned();
    let told = [Some(format.moment(survey.asked_at)), Some(way), until];
    Asked {
        told: told.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        by: survey.asked_by,
        answer: survey.score.zip(survey.answered_at).map(|(score, at)| (said_of(frame, score), format.moment(at))),
        comment: survey.comment,
    }
}

/// As in `4 of 5: rather satisfied`.
pub(in crate::web) fn said_of(frame: &Frame, score: Score) -> String {
    format!("{} {} 5: {}", score.number(), frame.say("von", "of"), frame.tell(&score.words()))
}

/// What the history says beside it.
pub(super) fn detail(frame: &Frame, event: &Event) -> String {
    match event.what {
        What::Rated => event.detail.parse().ok().and_then(Score::new).map(|score| said_of(frame, score)),
        _ if event.detail == "mail" => Some(frame.say("per Mail", "by mail").to_owned()),
        _ => Some(frame.say("mit einem Link", "by a link").to_owned()),
    }
    .unwrap_or_default()
}

/// What was just done or refused, as the address says it.
pub(super) fn said<'a>(frame: &'a Frame, done: &str) -> Option<&'a str> {
    Some(match done {
        "asked" => frame.say(
            "Der Link steht unter „Zufriedenheit“: Kopieren Sie ihn in Ihre Mail.",
            "The link stands under “Satisfaction”: copy it into your mail.",
        ),
        "mailed" => frame.say(
            "Die Mail ist unterwegs. Die Adresse wird gelöscht, sobald sie verschickt ist.",
            "The mail is on its way. The address is erased as soon as it is sent.",
        ),
        "mailing" => frame.say(
            "Eine Mail mit dieser Frage ist schon unterwegs. Es wurde nichts geändert.",
            "A mail with this question is on its way already. Nothing was changed.",
        ),
        _ => return None,
    })
}

/// What a form sends; not for printing, as it may hold an address.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    r#do: String,
    address: String,
    agreed: String,
    language: String,
}

pub(super) async fn ask(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<i64>,
    Form(sent): Form<Sent>,
) -> Result<Redirect, PageError> {
    visitor.may(Right::Change)?;
    let (to, act) = match sent.r#do.as_str() {
        "link" => (None, "survey by link"),
        "send" => (Some(address(&sent)?), "survey by mail"),
        _ => return Err(unreadable()),
    };
    if site.service.config.public_url.is_none() {
        return Err(unreadable());
    }
    let language = if sent.language == "en" { Language::ENGLISH } else { Language::GERMAN };
    let asked = site.service.ask(id, language, to.as_ref(), &visitor.actor(), now()).await?;
    let said = match asked {
        Ok(_) => {
            site.record(&visitor, Action::WorkOnCase, format!("case {id}"), act).await?;
            site.service.cases_changed();
            if to.is_some() { "mailed" } else { "asked" }
        }
        Err(Refusal::NoCase) => return Err(PageError::NotFound),
        Err(Refusal::Taken(_)) => "taken",
        Err(Refusal::Pending) => "mailing",
        Err(_) => "state",
    };
    Ok(Redirect::to(&format!("/cases/{id}?done={said}#satisfaction")))
}

/// Where the mail goes, if the person gave the address for it. What is wrong is said without repeating the address.
fn address(sent: &Sent) -> Result<Address, PageError> {
    if sent.agreed != "yes" {
        return Err(PageError::Wrong(
            "Bestätigen Sie, dass die Person diese Adresse dafür genannt hat.".to_owned(),
            "Confirm that the person gave this address for it.".to_owned(),
        ));
    }
    notify::address(&sent.address).map_err(|_| {
        PageError::Wrong(
            "Das ist keine Mailadresse wie name@example.org.".to_owned(),
            "This is no mail address like name@example.org.".to_owned(),
        )
    })
}

#[cfg(test)]
mod tests;
