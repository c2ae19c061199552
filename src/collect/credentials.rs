//! How a source is told who asks: by name and password, or by a token for the round.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::pages::{json, missing};
use super::{CollectError, Round};
use crate::http::{Answer, Header, Request};
use crate::tongue::Said;

/// Name and password (RFC 7617).
pub(super) fn basic(name: &str, password: &SecretString) -> Header {
    let pair = format!("{name}:{}", password.expose_secret());
    authorization(format!("Basic {}", STANDARD.encode(pair)))
}

/// A token (RFC 6750).
pub(super) fn bearer(token: &SecretString) -> Header {
    authorization(format!("Bearer {}", token.expose_secret()))
}

/// The same request for who has this token, which stays the same; the site counts by it.
pub(super) fn with_token(request: Request, token: Option<SecretString>) -> Request {
    match token {
        Some(token) => Request { headers: vec![bearer(&token)], key: Some(token), ..request },
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
            Ok(bearer(&granted.access_token.into()))
        }
    }
}

fn authorization(value: String) -> Header {
    Header { name: "authorization".into(), value: value.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_and_password_are_sent_as_the_standard_says_and_never_shown() {
        let header = basic("Aladdin", &"open sesame".into());
        assert_eq!(header.value.expose_secret(), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert!(!format!("{header:?}").contains("QWxh"));
    }
}
