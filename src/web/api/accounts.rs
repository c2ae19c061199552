//! Who is let in, and as what.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::problem::{ApiError, Refused, Unchanged};
use crate::account;
use crate::mention::Timestamp;
use crate::service::now;
use crate::web::Site;
use crate::web::visitor::{Right, Visitor};

/// Somebody who may log in, or could once.
#[derive(Serialize, ToSchema)]
pub(super) struct Account {
    /// Its number.
    id: i64,
    /// By what they log in.
    name: String,
    /// What they are called.
    shown_name: String,
    /// reader, agent or admin.
    role: &'static str,
    /// Whether they have a password here.
    has_password: bool,
    /// Who else vouches for them: the issuer of OpenID Connect.
    issuer: Option<String>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When they were last here.
    #[schema(value_type = Option<String>, format = DateTime)]
    seen_at: Option<Timestamp>,
    /// Since when they may not log in.
    #[schema(value_type = Option<String>, format = DateTime)]
    disabled_at: Option<Timestamp>,
    /// Until when a link holds by which they choose their password, and that nobody has used yet.
    #[schema(value_type = Option<String>, format = DateTime)]
    link_until: Option<Timestamp>,
}

impl Account {
    fn of(account: account::Account, link_until: Option<Timestamp>) -> Self {
        Self {
            id: account.id,
            name: account.name,
            shown_name: account.shown_name,
            role: account.role.name(),
            has_password: account.has_password,
            issuer: account.issuer,
            created_at: account.created_at,
            seen_at: account.seen_at,
            disabled_at: account.disabled_at,
            link_until,
        }
    }
}

/// Who is let in, and as what.
#[utoipa::path(
    get, path = "/api/v1/accounts", tag = "accounts",
    responses((status = 200, description = "all of them", body = Vec<Account>), Unchanged, Refused)
)]
pub(super) async fn accounts(State(site): State<Site>, visitor: Visitor) -> Result<Json<Vec<Account>>, ApiError> {
    visitor.may(Right::Administer)?;
    let store = &site.service.store;
    let open = store.open_links(now()).await?;
    let until = |id: i64| open.iter().find(|(account, _)| *account == id).map(|(_, until)| *until);
    let accounts = store.accounts().await?.into_iter();
    Ok(Json(
        accounts
            .map(|account| {
                let link_until = until(account.id);
                Account::of(account, link_until)
            })
            .collect(),
    ))
}
