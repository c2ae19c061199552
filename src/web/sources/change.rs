//! What somebody can do to a source: ask it now, pause it, resume it, and remove it if it was added here.

use axum::extract::{Path, State};
use axum::response::Redirect;

use crate::account::Action;
use crate::config::Source;
use crate::service::{ChangeError, now};
use crate::web::visitor::{Right, Visitor};
use crate::web::{PageError, Site};

pub(super) async fn run(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Redirect, PageError> {
    take(&site, &visitor, &id, Step::Run).await.map(|source| done(&source, "asked"))
}

pub(super) async fn pause(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Redirect, PageError> {
    take(&site, &visitor, &id, Step::Pause).await.map(|source| done(&source, "paused"))
}

pub(super) async fn resume(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Redirect, PageError> {
    take(&site, &visitor, &id, Step::Resume).await.map(|source| done(&source, "resumed"))
}

/// What can be done to any source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::web) enum Step {
    /// It is asked now.
    Run,
    /// It is not asked until it is resumed.
    Pause,
    /// It is asked again.
    Resume,
}

/// Takes a step with the source of that id, and writes down who did.
pub(in crate::web) async fn take(site: &Site, visitor: &Visitor, id: &str, step: Step) -> Result<Source, PageError> {
    let source = changeable(site, visitor, id)?;
    let (service, now) = (&site.service, now());
    let done = match step {
        Step::Run if service.store.source(&source.id).await?.paused_at.is_some() => {
            return Err(PageError::Wrong(
                "Die Quelle pausiert. Setzen Sie sie fort, dann wird sie gleich gefragt.".to_owned(),
                "The source is paused. Resume it, and it is asked at once.".to_owned(),
            ));
        }
        Step::Run => {
            service.ask_at_once(&source.id);
            return Ok(source);
        }
        Step::Pause => {
            service.pause_source(&source.id, now).await?;
            "paused"
        }
        Step::Resume => {
            service.resume_source(&source.id, now).await?;
            site.count_anew().await;
            "resumed"
        }
    };
    site.record(visitor, Action::ChangeSource, id, done).await?;
    tracing::info!(source = id, "{done} by hand");
    Ok(source)
}

pub(super) async fn remove(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Redirect, PageError> {
    let source = changeable(&site, &visitor, &id)?;
    site.service.remove_source(&source.id, now()).await.map_err(refused)?;
    site.record(&visitor, Action::ChangeSource, id.as_str(), "removed").await?;
    tracing::info!(source = id, "removed on a page");
    Ok(Redirect::to("/sources?done=removed#done"))
}

fn changeable(site: &Site, visitor: &Visitor, id: &str) -> Result<Source, PageError> {
    visitor.may(Right::Change)?;
    site.service.source(id).ok_or(PageError::NotFound)
}

fn done(source: &Source, what: &str) -> Redirect {
    Redirect::to(&format!("/sources/{}?done={what}#done", source.id))
}

/// What to say of a change that was not made.
pub(super) fn refused(error: ChangeError) -> PageError {
    match error {
        ChangeError::Wrong(problems) => {
            let said: Vec<String> = problems
                .iter()
                .map(|problem| match &problem.hint {
                    Some(hint) => format!("{} ({hint})", problem.message),
                    None => problem.message.clone(),
                })
                .collect();
            PageError::Wrong(format!("So geht es nicht: {}", said.join("; ")), said.join("; "))
        }
        ChangeError::NotAdded(id) => PageError::Wrong(
            format!("„{id}“ steht in sources.toml und wird dort entfernt."),
            format!("“{id}” stands in sources.toml and is removed there."),
        ),
        ChangeError::File { path, source } => {
            tracing::error!(path = %path.display(), error = %source, "the added sources cannot be changed");
            PageError::Wrong(
                format!("Die Datei {} lässt sich nicht ändern: {source}", path.display()),
                format!("The file {} cannot be changed: {source}", path.display()),
            )
        }
        ChangeError::Store(error) => error.into(),
    }
}
