//! A provider: its addresses and keys, the way to it, and what it says of those who come back.

use std::fmt;

use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreRevocableToken,
    CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AdditionalClaims, AuthorizationCode, Client, ClientId, ClientSecret, CsrfToken, EmptyExtraTokenFields,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, IdTokenClaims, IdTokenFields, IssuerUrl, Nonce,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, StandardErrorResponse, StandardTokenResponse,
    TokenResponse as _,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use url::Url;

use super::wire::send;
use super::{Identity, Settings};
use crate::cause::chain;
use crate::http::Fetcher;
use crate::mention::Timestamp;

/// Only what a provider signs with a key that nobody else has: our own password, or no signature at all, proves
/// nothing.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// What the standard does not name.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct OtherClaims {
    #[serde(flatten)]
    all: serde_json::Map<String, serde_json::Value>,
}

impl AdditionalClaims for OtherClaims {}

type Fields = IdTokenFields<
    OtherClaims,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;

/// The crate's client, for a provider that was discovered.
type ProviderClient = Client<
    OtherClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    StandardTokenResponse<Fields, CoreTokenType>,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Why nobody was recognised. Never says anything about a person.
#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    /// The settings cannot be used.
    #[error("the settings of the identity provider cannot be used: {0}")]
    Settings(String),
    /// The provider's configuration or its keys are not to be had.
    #[error("the identity provider cannot be discovered: {0}")]
    Discovery(String),
    /// The provider does not take the code.
    #[error("the identity provider does not take the code: {0}")]
    Exchange(String),
    /// There is no ID token, or not one that can be believed.
    #[error("the ID token cannot be believed: {0}")]
    Token(String),
}

/// Where to send somebody, and what to keep until they come back.
pub struct Begun {
    /// At the provider.
    pub url: Url,
    /// Comes back with them.
    pub state: SecretString,
    /// Comes back in the ID token.
    pub nonce: String,
    /// Shows the provider that who brings the code is who asked for it.
    pub verifier: String,
}

/// A provider that was discovered; until when that holds is for others to decide.
#[derive(Clone)]
pub struct Provider {
    client: ProviderClient,
    fetcher: Fetcher,
    allow_private_network: bool,
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider").finish_non_exhaustive()
    }
}

impl Provider {
    /// Asks the provider for its addresses and keys. `redirect` is where people come back to.
    ///
    /// # Errors
    /// When it does not answer, or is not who it should be.
    pub async fn discover(
        settings: &Settings,
        secret: Option<&SecretString>,
        redirect: &str,
        fetcher: Fetcher,
    ) -> Result<Self, OidcError> {
        let unusable = |error: url::ParseError| OidcError::Settings(error.to_string());
        let issuer = IssuerUrl::new(settings.issuer_text.clone()).map_err(unusable)?;
        let redirect = RedirectUrl::new(redirect.to_owned()).map_err(unusable)?;
        let allow_private_network = settings.allow_private_network;
        let http = |request: HttpRequest| send(fetcher.clone(), request, allow_private_network);
        let metadata = CoreProviderMetadata::discover_async(issuer, &http).await;
        let metadata = metadata.map_err(|error| OidcError::Discovery(chain(&error)))?;
        let secret = secret.map(|secret| ClientSecret::new(secret.expose_secret().to_owned()));
        let client_id = ClientId::new(settings.client_id.clone());
        let client = Client::from_provider_metadata(metadata, client_id, secret).set_redirect_uri(redirect);
        Ok(Self { client, fetcher, allow_private_network })
    }

    /// The way to the provider.
    pub fn begin(&self) -> Begun {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let request = self.client.authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            CsrfToken::new_random,
            Nonce::new_random,
        );
        let scopes = ["email", "profile"].map(|scope| Scope::new(scope.to_owned()));
        let (url, state, nonce) = request.add_scopes(scopes).set_pkce_challenge(challenge).url();
        Begun {
            url,
            state: state.into_secret().into(),
            nonce: nonce.secret().clone(),
            verifier: verifier.into_secret(),
        }
    }

    /// Who came back with this code.
    ///
    /// # Errors
    /// When the provider does not take the code, or its token cannot be believed.
    pub async fn finish(
        &self,
        code: String,
        verifier: String,
        nonce: String,
        now: Timestamp,
    ) -> Result<Identity, OidcError> {
        let request = self.client.exchange_code(AuthorizationCode::new(code));
        let request = request.map_err(|error| OidcError::Discovery(chain(&error)))?;
        let http = |request: HttpRequest| send(self.fetcher.clone(), request, self.allow_private_network);
        let answer = request.set_pkce_verifier(PkceCodeVerifier::new(verifier)).request_async(&http).await;
        let answer = answer.map_err(|error| OidcError::Exchange(chain(&error)))?;
        let token = answer.id_token().ok_or_else(|| OidcError::Token("there is none".to_owned()))?;
        let checks = self.client.id_token_verifier().set_allowed_algs(ALGORITHMS).set_time_fn(move || now.to_utc());
        let claims = token.claims(&checks, &Nonce::new(nonce)).map_err(|error| OidcError::Token(chain(&error)))?;
        Ok(identity(claims))
    }
}

fn identity(claims: &IdTokenClaims<OtherClaims, CoreGenderClaim>) -> Identity {
    let email = claims.email().map(|email| email.to_string());
    let known_there = claims.preferred_username().map(|name| name.to_string());
    let is_verified = claims.email_verified() == Some(true);
    Identity {
        issuer: claims.issuer().to_string(),
        subject: claims.subject().to_string(),
        names: email.iter().cloned().chain(known_there).collect(),
        shown_name: claims.name().and_then(|name| name.get(None)).map(|name| name.to_string()),
        verified_email: email.filter(|_| is_verified),
        claims: claims.additional_claims().all.clone(),
    }
}
