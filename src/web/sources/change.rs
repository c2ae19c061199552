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
    let source = changeable(&site, &visitor, &id)?;
    if site.service.store.source(&source.id).await?.paused_at.is_some() {
        return Err(PageError::Wrong(
            "Die Quelle pausiert. Setzen Sie sie fort, dann wird sie gleich gefragt.".to_owned(),
            "The source is paused. Resume it, and it is asked at once.".to_owned(),
        ));
    }
    site.service.ask_at_once(&source.id);
    Ok(done(&source, "asked"))
}

pub(super) async fn pause(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Redirect, PageError> {
    let source = changeable(&site, &visitor, &id)?;
    site.service.pause_source(&source.id, now()).await?;
    site.record(&visitor, Action::ChangeSource, id.as_str(), "paused").await?;
    tracing::info!(source = id, "paused on a page");
    Ok(done(&source, "paused"))
}

pub(super) async fn resume(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Redirect, PageError> {
    let source = changeable(&site, &visitor, &id)?;
    site.service.resume_source(&source.id, now()).await?;
    site.record(&visitor, Action::ChangeSource, id.as_str(), "resumed").await?;
    tracing::info!(source = id, "resumed on a page");
    Ok(done(&source, "resumed"))
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
