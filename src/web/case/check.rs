//! `POST /cases/{id}/check` and `/warnings`: what to look at again in an answer, before it is sent.
//!
//! A warning stops nobody. Without a script, whoever is about to answer comes by here: an answer with nothing to say
//! about it goes on to where it was going, any other is shown once more with the warnings, and a button that goes on all
//! the same. With a script, the warnings come while one writes.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::change::{LONGEST_ANSWER, written};
use super::{Page, draft, gather};
use crate::account::Action;
use crate::outreach::lint::{Reply, RuleName, lint};
use crate::service::now;
use crate::store::outreach::Case;
use crate::web::visitor::{Right, Visitor};
use crate::web::{Frame, PageError, Section, Site, wording};

/// So many answers to others are looked through for sentences that are alike.
const MOST_EARLIER: u32 = 100;

/// So many characters of the words that made a rule speak are shown.
const EXCERPT: usize = 80;

/// What the form sends.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    r#do: String,
    text: String,
    mention: i64,
    template: String,
}

/// A rule that speaks, the words that made it, and what to write instead.
pub(super) struct Warned {
    pub(super) words: Vec<String>,
    pub(super) advice: String,
}

/// The warnings alone.
#[derive(Template)]
#[template(path = "web/case/warnings.html")]
struct Fragment {
    frame: Frame,
    warnings: Option<Vec<Warned>>,
}

pub(super) async fn check(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<i64>,
    Form(sent): Form<Sent>,
) -> Result<Response, PageError> {
    visitor.may(Right::Change)?;
    let case = site.service.store.case(id).await?.ok_or(PageError::NotFound)?;
    let frame = Frame::new(&site, &visitor, Section::Queue, "");
    let text = written(&sent.text, LONGEST_ANSWER)?;
    let warnings = warnings(&site, &frame, &case, &sent, &text).await?;
    if warnings.is_empty() && sent.r#do != "check" {
        // With the method and all that was sent.
        return Ok(Redirect::temporary(&format!("/cases/{id}")).into_response());
    }
    site.record(&visitor, Action::Look, format!("case {id}"), "").await?;
    let page = gather(&site, &visitor, case, now()).await?;
    let page = Page { draft: text, template: sent.template, warnings: Some(warnings), ..page };
    Ok(Html(page.render()?).into_response())
}

pub(super) async fn fragment(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<i64>,
    Form(sent): Form<Sent>,
) -> Result<Html<String>, PageError> {
    visitor.may(Right::Change)?;
    let case = site.service.store.case(id).await?.ok_or(PageError::NotFound)?;
    let frame = Frame::new(&site, &visitor, Section::Queue, "");
    let text = written(&sent.text, LONGEST_ANSWER)?;
    let warnings = Some(warnings(&site, &frame, &case, &sent, &text).await?);
    Ok(Html(Fragment { frame, warnings }.render()?))
}

/// What to look at again in an answer to a mention of the case, each rule once.
async fn warnings(site: &Site, frame: &Frame, case: &Case, sent: &Sent, text: &str) -> Result<Vec<Warned>, PageError> {
    let store = &site.service.store;
    if store.case_of(sent.mention).await? != Some(case.id) {
        return Err(PageError::NotFound);
    }
    let mention = store.mention(sent.mention).await?.ok_or(PageError::NotFound)?;
    let earlier = store.recent_answers(case.id, MOST_EARLIER).await?;
    let earlier: Vec<&str> = earlier.iter().map(String::as_str).collect();
    let spoken = lint(&Reply {
        reply: text,
        review: &mention.full_text(),
        language: mention.language,
        is_public: true,
        author: mention.author.as_deref(),
        limit: draft::limit(site, &mention.source),
        earlier: &earlier,
    });
    let of = |rule: RuleName| {
        let words = spoken.iter().filter(|warning| warning.rule == rule);
        let words: Vec<String> = words.map(|warning| wording::excerpt(&warning.words, EXCERPT)).collect();
        (!words.is_empty()).then(|| Warned { words, advice: frame.tell(&rule.advice()).to_owned() })
    };
    Ok(RuleName::ALL.into_iter().filter_map(of).collect())
}

#[cfg(test)]
mod tests;
