//! Who did what.

use axum::Json;
use axum::extract::{RawQuery, State};
use serde::Serialize;
use url::form_urlencoded;
use utoipa::{IntoParams, ToSchema};

use super::parameters::{MOST, USUAL_LIMIT};
use super::problem::{ApiError, Problem, Refused, Unchanged};
use crate::mention::Timestamp;
use crate::store::StoredAct;
use crate::web::Site;
use crate::web::visitor::{Right, Visitor};

/// Which page of the log.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only described: it is read by hand, so that each mistake is told")]
pub(super) struct AuditParameters {
    /// How many, 1 to 500.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// Where to go on: `next` of the answer before.
    after: Option<i64>,
}

/// A page of the log.
#[derive(Serialize, ToSchema)]
pub(super) struct Audit {
    /// The newest first.
    acts: Vec<Act>,
    /// Give it as `after` to go on; null: there are no more.
    next: Option<i64>,
}

/// Something that somebody did.
#[derive(Serialize, ToSchema)]
pub(super) struct Act {
    /// Grows with each.
    id: i64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Who, as they were called then.
    who: String,
    /// What was done, as in `correct` or `work on case`.
    action: String,
    /// To what: the name of an account, or what and its number, as in `mention 17`.
    subject: String,
    /// What else there is to say, as in `reader → agent`; mostly nothing.
    detail: String,
}

impl From<StoredAct> for Act {
    fn from(StoredAct { id, at, who, action, subject, detail }: StoredAct) -> Self {
        Self { id, at, who, action, subject, detail }
    }
}

/// Who did what, page by page.
#[utoipa::path(
    get, path = "/api/v1/audit", tag = "accounts", params(AuditParameters),
    responses(
        (status = 200, description = "a page, the newest first", body = Audit),
        Unchanged,
        (status = 400, description = "a parameter cannot be read", body = Problem, content_type = "application/problem+json"),
        Refused,
    )
)]
pub(super) async fn audit(
    State(site): State<Site>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Json<Audit>, ApiError> {
    visitor.may(Right::Administer)?;
    let (limit, before) = read(&query.unwrap_or_default()).map_err(ApiError::Invalid)?;
    let mut acts = site.service.store.acts(before, limit + 1).await?;
    let has_more = acts.len() > limit as usize;
    acts.truncate(limit as usize);
    let next = acts.last().map(|act| act.id).filter(|_| has_more);
    Ok(Json(Audit { acts: acts.into_iter().map(Act::from).collect(), next }))
}

fn read(query: &str) -> Result<(u32, Option<i64>), Vec<String>> {
    let (mut limit, mut after, mut wrong) = (USUAL_LIMIT as u32, None, Vec::new());
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "limit" => match value.parse() {
                Ok(number) if (1..=MOST as u32).contains(&number) => limit = number,
                _ => wrong.push(format!("`limit` is a number from 1 to {MOST}, not `{value}`")),
            },
            "after" => match value.parse() {
                Ok(number) => after = Some(number),
                Err(_) => wrong.push("`after` is `next` of an answer".to_owned()),
            },
            name => wrong.push(format!("there is no `{name}`")),
        }
    }
    if wrong.is_empty() { Ok((limit, after)) } else { Err(wrong) }
}
