//! `/audit`: who did what, the newest first.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Html;
use serde::Deserialize;

use super::visitor::{Right, Scheme};
use super::{Frame, PageError, Section, Site, Visitor};
use crate::account::{Act, Action};
use crate::mention::Timestamp;
use crate::service::now;
use crate::store::{StoreError, StoredAct};

/// So many lines are a page.
const PAGE: u32 = 100;

#[derive(Deserialize)]
pub(super) struct Asked {
    before: Option<i64>,
}

#[derive(Template)]
#[template(path = "web/audit.html")]
struct Page {
    frame: Frame,
    acts: Vec<StoredAct>,
    is_newest: bool,
    /// Where the next page begins, if there is one.
    older: Option<i64>,
}

impl Site {
    /// Writes down who did what.
    pub(super) async fn record(
        &self,
        visitor: &Visitor,
        action: Action,
        subject: impl Into<String>,
        detail: impl Into<String>,
    ) -> Result<(), StoreError> {
        let act = Act { actor: visitor.actor(), action, subject: subject.into(), detail: detail.into() };
        self.service.store.audit(&act, now()).await
    }
}

pub(super) async fn page(
    State(site): State<Site>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, PageError> {
    visitor.may(Right::Administer)?;
    let title = super::frame::say(visitor.tongue, "Wer hat was getan?", "Who did what?");
    let frame = Frame::new(&site, &visitor, Section::Other, title);
    let mut acts = site.service.store.acts(asked.before, PAGE + 1).await?;
    let has_more = acts.len() > PAGE as usize;
    acts.truncate(PAGE as usize);
    let older = acts.last().map(|act| act.id).filter(|_| has_more);
    Ok(Html(Page { frame, acts, is_newest: asked.before.is_none(), older }.render()?))
}

impl Page {
    /// In the reader's language; what another version of this program wrote, as it wrote it.
    fn action<'a>(&'a self, act: &'a StoredAct) -> &'a str {
        Action::parse(&act.action).map_or(&act.action, |action| said(&self.frame, action))
    }

    fn who<'a>(&'a self, act: &'a StoredAct) -> &'a str {
        match act.who.as_str() {
            "command line" => self.frame.say("Kommandozeile", "command line"),
            "unknown" => self.frame.say("unbekannt", "unknown"),
            who => who,
        }
    }

    fn moment(&self, at: &Timestamp) -> String {
        self.frame.format().moment(*at)
    }
}

fn said(frame: &Frame, action: Action) -> &'static str {
    let say = |german, english| super::frame::say(frame.tongue, german, english);
    match action {
        Action::LogIn => say("angemeldet", "logged in"),
        Action::FailLogIn => say("Anmeldung gescheitert", "log-in failed"),
        Action::LogOut => say("abgemeldet", "logged out"),
        Action::AddAccount => say("Konto angelegt", "made an account"),
        Action::ChangeRole => say("Rolle geändert", "changed a role"),
        Action::ChangePassword => say("Passwort geändert", "changed a password"),
        Action::DisableAccount => say("Konto gesperrt", "disabled an account"),
        Action::EnableAccount => say("Konto zugelassen", "enabled an account"),
        Action::MakeLink => say("Zugangslink ausgestellt", "made a link"),
        Action::AddToken => say("Token angelegt", "made a token"),
        Action::RevokeToken => say("Token widerrufen", "revoked a token"),
        Action::Correct => say("Stimmung berichtigt", "corrected a mood"),
        Action::SetAside => say("Erwähnung beiseitegelegt", "put a mention aside"),
        Action::Erase => say("gelöscht", "erased"),
        Action::Judge => say("Befund beurteilt", "judged a finding"),
        Action::ChangeSource => say("Quelle geändert", "changed a source"),
        Action::Export => say("ausgeführt", "exported"),
        Action::Look => say("Person angesehen", "looked at a person"),
        Action::WorkOnCase => say("Fall bearbeitet", "worked on a case"),
    }
}
