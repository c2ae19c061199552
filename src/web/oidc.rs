//! `/login/oidc`: to the identity provider, and back.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::{AppendHeaders, IntoResponse as _, Redirect, Response};
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use tokio::sync::Mutex;

use super::preferences::within_site;
use super::{PageError, Site, login, session};
use crate::account::{Account, Act, Action, Actor, Name, Token};
use crate::cause::chain;
use crate::http::{self, Fetcher};
use crate::mention::Timestamp;
use crate::oidc::{Granted, Identity, OidcError, Provider, Refusal, Rule, Settings};
use crate::service::now;
use crate::store::{NewAccount, OnTheWay, Store};

/// What a provider says of its addresses and keys is believed for so long.
const BELIEVED_SECONDS: i64 = 3600;

/// What was last discovered, and when.
pub(super) type Discovered = Arc<Mutex<Option<(Timestamp, Provider)>>>;

#[derive(Deserialize)]
pub(super) struct Asked {
    back: Option<String>,
}

/// What the provider sends along; not for printing.
#[derive(Deserialize)]
pub(super) struct Brought {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
}

/// Sends somebody to the provider.
pub(super) async fn begin(
    State(site): State<Site>,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let now = now();
    let begun = provider(&site, now).await?.begin();
    let browser = Token::of_session().map_err(|_| PageError::Broken)?;
    let state = Token::brought(begun.state.expose_secret());
    let back = within_site(asked.back.as_deref()).to_owned();
    let kept = OnTheWay { nonce: begun.nonce, verifier: begun.verifier, back };
    site.service.store.set_out(&state, &browser, &kept, now).await?;
    let cookie = AppendHeaders(session::set_way_cookie(&site, &headers, Some(&browser)));
    Ok((cookie, Redirect::to(begun.url.as_str())).into_response())
}

/// Takes in who comes back.
pub(super) async fn come_back(
    State(site): State<Site>,
    headers: HeaderMap,
    Query(brought): Query<Brought>,
) -> Result<Response, PageError> {
    let now = now();
    let settings = site.service.config.login.as_ref().ok_or(PageError::NotFound)?;
    let (Some(state), Some(browser)) = (brought.state, session::brought_on_the_way(&site, &headers)) else {
        return Err(begin_anew());
    };
    let kept = site.service.store.come_back(&Token::brought(&state), &browser, now).await?.ok_or_else(begin_anew)?;
    let Some(code) = brought.code else {
        // One of a few words of the standard; whatever else it may be is not repeated.
        let is_declined = brought.error.as_deref() == Some("access_denied");
        tracing::warn!(is_declined, "the identity provider let nobody in");
        return Err(begin_anew());
    };
    let recognised = provider(&site, now).await?.finish(code, kept.verifier, kept.nonce, now).await;
    let identity = match recognised {
        Ok(identity) => identity,
        Err(error) => {
            // It may have new keys.
            *site.discovered.lock().await = None;
            return Err(broken(&error));
        }
    };
    let store = &site.service.store;
    match admit(store, &settings.rule, &identity, now).await? {
        Ok(account) => {
            let cookie = login::begin(&site, &headers, &account, now).await?;
            let gone = AppendHeaders(session::set_way_cookie(&site, &headers, None));
            Ok((gone, cookie, Redirect::to(within_site(Some(&kept.back)))).into_response())
        }
        Err(refusal) => {
            tracing::warn!(why = %refusal, "the identity provider knows somebody who is not let in");
            let detail = refusal.to_string();
            let act = Act { actor: Actor::unknown(), action: Action::FailLogIn, subject: String::new(), detail };
            store.audit(&act, now).await?;
            Err(explain(refusal))
        }
    }
}

/// The account of somebody, made now if they are here for the first time. What the provider says of a role holds anew
/// each time.
async fn admit(
    store: &Store,
    rule: &Rule,
    identity: &Identity,
    now: Timestamp,
) -> Result<Result<Account, Refusal>, PageError> {
    let Granted { role, by_provider } = match rule.role(identity) {
        Ok(granted) => granted,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let provider = Actor { account: None, who: identity.issuer.clone() };
    if let Some(known) = store.account_of(&identity.issuer, &identity.subject).await? {
        if known.disabled_at.is_some() {
            return Ok(Err(Refusal::Disabled));
        }
        if by_provider && known.role != role {
            // The last admin stays one, whatever the provider says.
            store.change_role(known.id, role, &provider, now).await?;
        }
        return Ok(Ok(known));
    }
    let Some(name) = identity.names.iter().find_map(|name| Name::parse(name)) else { return Ok(Err(Refusal::NoName)) };
    let shown_name = identity.shown_name.as_deref().unwrap_or(name.as_str());
    let identity = Some((identity.issuer.as_str(), identity.subject.as_str()));
    let new = NewAccount { name: &name, shown_name, role, password: None, identity };
    // An address alone makes nobody the owner of an account that has its own password.
    if store.add_account(&new, &provider, now).await?.is_none() {
        return Ok(Err(Refusal::NameTaken));
    }
    let (account, _) = store.account(&name).await?.ok_or(PageError::Broken)?;
    Ok(Ok(account))
}

/// The provider, as it was discovered within the hour.
async fn provider(site: &Site, now: Timestamp) -> Result<Provider, PageError> {
    let config = &site.service.config;
    let (Some(settings), Some(public_url)) = (&config.login, &config.public_url) else {
        return Err(PageError::NotFound);
    };
    let mut discovered = site.discovered.lock().await;
    if let Some((at, provider)) = discovered.as_ref()
        && now.seconds() - at.seconds() < BELIEVED_SECONDS
    {
        return Ok(provider.clone());
    }
    let provider = discover(settings, &config.fetch, &format!("{public_url}/login/oidc/callback")).await;
    let provider = provider.map_err(|error| broken(&error))?;
    *discovered = Some((now, provider.clone()));
    Ok(provider)
}

async fn discover(settings: &Settings, fetch: &http::Settings, redirect: &str) -> Result<Provider, OidcError> {
    let unusable = |error: &dyn std::error::Error| OidcError::Settings(chain(error));
    let secret = settings.secret().map_err(|error| unusable(&error))?;
    // A pause after each request is for those who did not ask for our visit.
    let fetch = http::Settings { gap_per_host: Duration::ZERO, ..fetch.clone() };
    let fetcher = Fetcher::new(&fetch).map_err(|error| unusable(&error))?;
    Provider::discover(settings, secret.as_ref(), redirect, fetcher).await
}

fn broken(error: &OidcError) -> PageError {
    tracing::error!(error = chain(error), "nobody can log in by the identity provider");
    wrong(
        "Der Anmeldedienst hat nicht so geantwortet, wie er sollte. Das Protokoll des Dienstes sagt, warum.",
        "The identity provider did not answer as it should. The service’s log says why.",
    )
}

fn begin_anew() -> PageError {
    wrong(
        "Die Anmeldung ist abgebrochen oder hat zu lange gedauert. Bitte melden Sie sich noch einmal an.",
        "The log-in was interrupted or took too long. Please log in once more.",
    )
}

fn wrong(german: &str, english: &str) -> PageError {
    PageError::Wrong(german.to_owned(), english.to_owned())
}

fn explain(refusal: Refusal) -> PageError {
    match refusal {
        Refusal::Domain | Refusal::NoRole => wrong(
            "Der Anmeldedienst kennt Sie, aber Ihr Konto dort berechtigt hier zu nichts. Wer diesen Dienst verwaltet, \
             kann das ändern.",
            "The identity provider knows you, but your account there allows nothing here. Whoever administers this \
             service can change that.",
        ),
        Refusal::NameTaken => wrong(
            "Unter Ihrem Namen gibt es hier schon ein Konto mit Passwort. Melden Sie sich damit an.",
            "There is already an account with a password under your name. Log in with that.",
        ),
        Refusal::NoName => wrong(
            "Der Anmeldedienst nennt weder eine Mailadresse noch einen Namen.",
            "The identity provider tells neither a mail address nor a name.",
        ),
        Refusal::Disabled => wrong("Ihr Konto ist gesperrt.", "Your account is disabled."),
    }
}

#[cfg(test)]
mod tests;
