//! Findings: listed, explained and judged.

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, RawQuery, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::parameters::brand;
use super::problem::{ApiError, Problem, Refused, Unchanged};
use crate::account::Action;
use crate::alert::Verdict;
use crate::mention::Timestamp;
use crate::service::now;
use crate::store::Listed;
use crate::web::Site;
use crate::web::visitor::{Right, Visitor};

/// Which findings.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only described: it is read by hand, so that each mistake is told")]
pub(super) struct FindingParameters {
    /// About this brand.
    brand: Option<String>,
}

/// What has shifted.
#[derive(Serialize, ToSchema)]
pub(super) struct Finding {
    /// Its number.
    id: i64,
    /// Whom it is about.
    brand: String,
    /// mood_down, mood_up, volume, burst, mix or gap.
    kind: String,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// What it has come to: growing, easing, over, settled or reversed; null: it is as found.
    stage: Option<String>,
    /// What people say of it: seen, false_alarm or incident.
    verdict: Option<&'static str>,
    /// What they call the incident.
    incident: Option<String>,
    /// Nothing more is told of its kind before.
    #[schema(value_type = Option<String>, format = DateTime)]
    snoozed_until: Option<Timestamp>,
    /// How many letters told of it.
    letters: i64,
}

impl From<Listed> for Finding {
    fn from(listed: Listed) -> Self {
        let (verdict, incident) = match listed.verdict {
            None => (None, None),
            Some(Verdict::Seen) => (Some("seen"), None),
            Some(Verdict::FalseAlarm) => (Some("false_alarm"), None),
            Some(Verdict::Incident { name, .. }) => (Some("incident"), Some(name)),
        };
        Self {
            id: listed.id,
            brand: listed.brand,
            kind: listed.kind,
            at: listed.at,
            stage: listed.stage,
            verdict,
            incident,
            snoozed_until: listed.snoozed_until,
            letters: listed.letters,
        }
    }
}

/// A finding with its explanation.
#[derive(Serialize, ToSchema)]
pub(super) struct Explained {
    #[serde(flatten)]
    finding: Finding,
    /// Everything that its mail says, in numbers and quotes: before and since, the split of the change, words, quotes.
    #[schema(value_type = Object)]
    explanation: serde_json::Value,
}

/// Findings, the newest first.
#[utoipa::path(
    get, path = "/api/v1/findings", tag = "findings", params(FindingParameters),
    responses(
        (status = 200, description = "all of them", body = Vec<Finding>),
        Unchanged,
        (status = 400, description = "a parameter is not known", body = Problem, content_type = "application/problem+json"),
        Refused,
    )
)]
pub(super) async fn findings(
    State(site): State<Site>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Json<Vec<Finding>>, ApiError> {
    visitor.may(Right::Read)?;
    let brand = brand(&query.unwrap_or_default())?;
    let findings = site.service.store.findings(brand.as_deref()).await?;
    Ok(Json(findings.into_iter().map(Finding::from).collect()))
}

/// A finding, explained.
#[utoipa::path(
    get, path = "/api/v1/findings/{id}", tag = "findings", params(("id" = i64, Path, description = "Its number")),
    responses(
        (status = 200, description = "with all that its mail says", body = Explained),
        Unchanged,
        (status = 400, description = "no number", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "there is none with this number", body = Problem, content_type = "application/problem+json"),
        Refused,
    )
)]
pub(super) async fn finding(
    State(site): State<Site>,
    visitor: Visitor,
    id: Result<Path<i64>, PathRejection>,
) -> Result<Json<Explained>, ApiError> {
    visitor.may(Right::Read)?;
    let Path(id) = id?;
    explained(&site, id).await
}

async fn explained(site: &Site, id: i64) -> Result<Json<Explained>, ApiError> {
    let (listed, alert) = site.service.store.finding(id).await?.ok_or(ApiError::NotFound)?;
    let explanation = serde_json::to_value(&alert).unwrap_or_default();
    Ok(Json(Explained { finding: listed.into(), explanation }))
}

/// What people say of a finding.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Judgement {
    /// What it was.
    verdict: Judged,
    /// What they call it, if it was an incident.
    incident: Option<String>,
    /// When they knew of the incident.
    #[schema(value_type = Option<String>, format = DateTime)]
    incident_at: Option<Timestamp>,
}

/// What a finding was.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Judged {
    /// Somebody knows.
    Seen,
    /// Nothing had happened.
    FalseAlarm,
    /// It had.
    Incident,
}

/// Say what a finding was.
#[utoipa::path(
    put, path = "/api/v1/findings/{id}/verdict", tag = "findings",
    params(("id" = i64, Path, description = "Its number")), request_body = Judgement,
    responses(
        (status = 200, description = "as it stands now", body = Explained),
        (status = 400, description = "what was sent cannot be used", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "there is none with this number", body = Problem, content_type = "application/problem+json"),
        Refused,
    )
)]
pub(super) async fn judge(
    State(site): State<Site>,
    visitor: Visitor,
    id: Result<Path<i64>, PathRejection>,
    body: Result<Json<Judgement>, JsonRejection>,
) -> Result<Json<Explained>, ApiError> {
    visitor.may(Right::Change)?;
    let (Path(id), Json(judgement)) = (id?, body?);
    let name = judgement.incident.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    let verdict = match (judgement.verdict, name) {
        (Judged::Seen, None) => Verdict::Seen,
        (Judged::FalseAlarm, None) => Verdict::FalseAlarm,
        (Judged::Incident, Some(name)) => Verdict::Incident { name, at: judgement.incident_at },
        (Judged::Incident, None) => {
            return Err(ApiError::Invalid(vec!["an incident has a name: `incident`".to_owned()]));
        }
        (_, Some(_)) => return Err(ApiError::Invalid(vec!["only an incident has a name".to_owned()])),
    };
    if !site.service.store.judge(id, &verdict, now()).await? {
        return Err(ApiError::NotFound);
    }
    site.record(&visitor, Action::Judge, format!("finding {id}"), "by the API").await?;
    explained(&site, id).await
}
