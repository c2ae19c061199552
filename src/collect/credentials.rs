//! How a source is told who asks: by name and password, or by a token for the round.

use secrecy::SecretString;
use serde::Deserialize;

use super::pages::{json, missing};
use super::{CollectError, Round};
use crate::http::{Answer, Header, Request};
use crate::tongue::Said;

/// The same request for who has this token, which stays the same; the site counts by it.
pub(super) fn with_token(request: Request, token: Option<SecretString>) -> Request {
    match token {
        Some(token) => Request { headers: vec![Header::bearer(&token)], key: Some(token), ..request },
        None => request,
    }
}

/// A token by the grant `client_credentials` (RFC 6749, 4.4), as the header that shows it.
///
/// # Errors
/// Where it cannot be had, or the answer holds none.
pub(super) async fn token(
    request: &Request,
    round: &Round<'_>,
    hint: Said<&'static str>,
) -> Result<Header, CollectError> {
    #[derive(Deserialize)]
    struct Granted {
        access_token: String,
    }
    let missing = || missing("access_token", hint);
    match round.fetcher.get(request).await? {
        Answer::NotModified { .. } => Err(missing()),
        Answer::Page(page) => {
            let granted = Granted::deserialize(json(&page, hint)?).map_err(|_| missing())?;
            Ok(Header::bearer(&granted.access_token.into()))
        }
    }
}
