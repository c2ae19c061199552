//! The crate's requests, sent by our own client: its limits hold here, too.

use openidconnect::http::header::{AUTHORIZATION, CONTENT_TYPE};
use openidconnect::http::{Method, Response};
use openidconnect::{HttpRequest, HttpResponse};
use secrecy::SecretString;
use url::{Url, form_urlencoded};

use crate::http::{Answer, Body, FetchError, Fetcher, Header, Request};

/// The fields that a code is exchanged with.
const FIELDS: [&str; 6] = ["grant_type", "code", "redirect_uri", "code_verifier", "client_id", "client_secret"];

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum WireError {
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error("the address is none")]
    Address(#[from] url::ParseError),
    #[error("the request cannot be sent as it is")]
    Request,
    #[error("the answer cannot be read")]
    Answer(#[from] openidconnect::http::Error),
}

pub(super) async fn send(
    fetcher: Fetcher,
    request: HttpRequest,
    allow_private_network: bool,
) -> Result<HttpResponse, WireError> {
    let url = Url::parse(&request.uri().to_string())?;
    let mut ours = Request::new(url, "application/json", allow_private_network);
    if let Some(value) = request.headers().get(AUTHORIZATION) {
        let value = value.to_str().map_err(|_| WireError::Request)?;
        ours.headers.push(Header { name: "authorization".into(), value: value.into() });
    }
    if *request.method() == Method::POST {
        ours.body = Some(form(request.body())?);
    }
    match fetcher.get(&ours).await {
        Ok(Answer::Page(page)) => {
            let kind = page.content_type.unwrap_or_default();
            Ok(Response::builder().status(200).header(CONTENT_TYPE, kind).body(page.body)?)
        }
        Ok(Answer::NotModified { .. }) => Err(WireError::Request),
        // What a provider says of a code that it does not take.
        Err(FetchError::Status { status, said, .. }) if !said.is_empty() => {
            Ok(Response::builder().status(status).header(CONTENT_TYPE, "application/json").body(said)?)
        }
        Err(error) => Err(error.into()),
    }
}

fn form(body: &[u8]) -> Result<Body, WireError> {
    let field = |(name, value): (std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>)| {
        let name = FIELDS.into_iter().find(|known| *known == name).ok_or(WireError::Request)?;
        Ok::<_, WireError>((name, SecretString::from(value.into_owned())))
    };
    Ok(Body::Form(form_urlencoded::parse(body).map(field).collect::<Result<_, _>>()?))
}
