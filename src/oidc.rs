//! Logging in by an identity provider, as OpenID Connect has it: code flow with PKCE, state and nonce, and an ID token
//! whose signature, issuer, audience and time are checked. The only user of the `openidconnect` crate.
//!
//! Differences between providers:
//!
//! - **Entra ID**: the issuer names the tenant (`https://login.microsoftonline.com/TENANT/v2.0`); `common` and
//!   `organizations` would let in everybody who has an account at Microsoft, and are refused. App roles arrive in the
//!   claim `roles`. Mail addresses are not vouched for, so that `allowed_domains` lets nobody in.
//! - **Keycloak**: the issuer is the realm (`https://keycloak.example.org/realms/NAME`). Roles of the realm are in
//!   `realm_access.roles`, if the client's mapper “realm roles” adds them to the ID token.
//! - **Google**: the issuer is `https://accounts.google.com`. There are no roles; `default_role` needs
//!   `allowed_domains`, or the whole world would be let in.

use std::collections::BTreeMap;

use secrecy::SecretString;
use serde_json::Value;
use url::Url;

use crate::account::Role;
use crate::secret::{SecretError, SecretPlace};

pub use provider::{Begun, OidcError, Provider};

mod provider;
mod wire;

/// `[login.oidc]`: which provider, and whom it lets in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// As the provider calls itself; its configuration is found below it.
    pub issuer: Url,
    /// As the issuer was written: providers are exact about a slash at the end.
    pub issuer_text: String,
    /// How the provider calls us.
    pub client_id: String,
    /// Where our password at the provider is; nowhere for a public client.
    pub client_secret: SecretPlace,
    /// What people call it; on the button.
    pub name: String,
    /// The provider may be in a private network.
    pub allow_private_network: bool,
    /// Who is let in, and as what.
    pub rule: Rule,
}

/// Who is let in, and as what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rule {
    /// The role of those whom no other rule gives one; `None`: they are not let in.
    pub default_role: Option<Role>,
    /// Where the provider says what somebody is: names of claims, one within the other.
    pub role_claim: Vec<String>,
    /// What that means here.
    pub roles: BTreeMap<String, Role>,
    /// Only those with an address there that the provider vouches for; empty: all.
    pub allowed_domains: Vec<String>,
}

/// Why somebody who is who they say they are is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The provider vouches for no address in one of the domains.
    #[error("no verified address in one of the allowed domains")]
    Domain,
    /// No rule gives them a role.
    #[error("no rule gives them a role")]
    NoRole,
    /// A first log-in, and another account has this name.
    #[error("another account has their name")]
    NameTaken,
    /// A first log-in without a name that we can use.
    #[error("the provider gives them no name")]
    NoName,
    /// The account is disabled.
    #[error("the account is disabled")]
    Disabled,
}

/// Whom the provider has recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Who vouches for them.
    pub issuer: String,
    /// How the provider knows them, for good.
    pub subject: String,
    /// What could be their name here: a mail address, or what they log in with there.
    pub names: Vec<String>,
    /// What they are called.
    pub shown_name: Option<String>,
    /// An address that the provider vouches for.
    pub verified_email: Option<String>,
    /// All other claims.
    pub claims: serde_json::Map<String, Value>,
}

/// A role, and whether the provider gave it or only our default did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Granted {
    /// Which.
    pub role: Role,
    /// The provider says so: it counts at each log-in, not only at the first.
    pub by_provider: bool,
}

impl Settings {
    /// Our password at the provider.
    ///
    /// # Errors
    /// When it is not where the settings say.
    pub fn secret(&self) -> Result<Option<SecretString>, SecretError> {
        self.client_secret.read("login.oidc.client_secret")
    }
}

impl Rule {
    /// The role of somebody; of several the greatest.
    ///
    /// # Errors
    /// Why they are not let in.
    pub fn role(&self, identity: &Identity) -> Result<Granted, Refusal> {
        if !self.allowed_domains.is_empty() {
            let domain = identity.verified_email.as_deref().and_then(|email| email.rsplit_once('@')).map(|it| it.1);
            let is_allowed = |domain: &str| self.allowed_domains.iter().any(|ours| ours.eq_ignore_ascii_case(domain));
            if !domain.is_some_and(is_allowed) {
                return Err(Refusal::Domain);
            }
        }
        let told = told(&identity.claims, &self.role_claim);
        let given = told.iter().filter_map(|name| self.roles.get(*name)).max();
        match (given, self.default_role) {
            (Some(role), _) => Ok(Granted { role: *role, by_provider: true }),
            (None, Some(role)) => Ok(Granted { role, by_provider: false }),
            (None, None) => Err(Refusal::NoRole),
        }
    }
}

/// What a claim says: a text, or a list of them.
fn told<'a>(claims: &'a serde_json::Map<String, Value>, path: &[String]) -> Vec<&'a str> {
    let Some((first, rest)) = path.split_first() else { return Vec::new() };
    let value = rest.iter().try_fold(claims.get(first), |value, name| Some(value?.get(name))).flatten();
    match value {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(email: Option<&str>, claims: Value) -> Identity {
        let Value::Object(claims) = claims else { panic!("claims are an object") };
        Identity {
            issuer: "https://idp.example.org".to_owned(),
            subject: "7".to_owned(),
            names: Vec::new(),
            shown_name: None,
            verified_email: email.map(str::to_owned),
            claims,
        }
    }

    fn rule(claim: &str) -> Rule {
        let roles = [("stimmung-admin", Role::Admin), ("stimmung", Role::Agent)];
        Rule {
            role_claim: claim.split('.').map(str::to_owned).collect(),
            roles: roles.into_iter().map(|(name, role)| (name.to_owned(), role)).collect(),
            ..Rule::default()
        }
    }

    #[test]
    fn the_greatest_role_that_the_provider_tells_counts() {
        let told = serde_json::json!({"realm_access": {"roles": ["stimmung", "stimmung-admin", "offline_access"]}});
        let granted = rule("realm_access.roles").role(&identity(None, told.clone()));
        assert_eq!(granted, Ok(Granted { role: Role::Admin, by_provider: true }));
        let one = serde_json::json!({"role": "stimmung"});
        assert_eq!(rule("role").role(&identity(None, one)).unwrap().role, Role::Agent);
        assert_eq!(rule("realm_access.other").role(&identity(None, told.clone())), Err(Refusal::NoRole));
        let default = Rule { default_role: Some(Role::Reader), ..rule("roles") };
        assert_eq!(default.role(&identity(None, told)), Ok(Granted { role: Role::Reader, by_provider: false }));
    }

    #[test]
    fn only_an_address_that_the_provider_vouches_for_opens_a_domain() {
        let domains = vec!["example.org".to_owned()];
        let rule = Rule { default_role: Some(Role::Reader), allowed_domains: domains, ..Rule::default() };
        let role = |email| rule.role(&identity(email, serde_json::json!({}))).map(|granted| granted.role);
        assert_eq!(role(Some("erika@Example.org")), Ok(Role::Reader));
        for wrong in [None, Some("erika@example.org.evil.example"), Some("erika@sub.example.org"), Some("example.org")]
        {
            assert_eq!(role(wrong), Err(Refusal::Domain), "{wrong:?}");
        }
    }
}
