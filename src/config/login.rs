//! `[login.oidc]`: the identity provider, and whom it lets in.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;
use toml::Spanned;
use url::Url;

use super::Problem;
use super::service::is_loopback;
use crate::account::Role;
use crate::oidc::{Rule, Settings};
use crate::secret::SecretPlace;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LoginSection {
    oidc: Spanned<OidcSection>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OidcSection {
    issuer: Spanned<String>,
    client_id: String,
    client_secret_env: Option<String>,
    client_secret_file: Option<Spanned<PathBuf>>,
    name: Option<String>,
    #[serde(default)]
    allow_private_network: bool,
    default_role: Option<Spanned<String>>,
    role_claim: Option<Spanned<String>>,
    #[serde(default)]
    roles: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    allowed_domains: Vec<Spanned<String>>,
}

/// The provider, if nothing is wrong with it.
pub(super) fn login(section: LoginSection, has_public_url: bool, problems: &mut Vec<Problem>) -> Option<Settings> {
    let span = section.oidc.span();
    let oidc = section.oidc.into_inner();
    let before = problems.len();
    if !has_public_url {
        let problem = Problem::at(span.clone(), "the identity provider cannot send anybody back");
        problems.push(problem.hint("set `public_url` under [service] to the address of this service"));
    }
    if let (Some(_), Some(file)) = (&oidc.client_secret_env, &oidc.client_secret_file) {
        let message = "both `client_secret_env` and `client_secret_file` are set";
        problems.push(Problem::at(file.span(), message).hint("keep one of them"));
    }
    let issuer = issuer(&oidc.issuer, problems);
    let default_role = oidc.default_role.as_ref().and_then(|name| role(name, problems));
    let roles = oidc.roles.iter().filter_map(|(told, name)| Some((told.clone(), role(name, problems)?))).collect();
    if oidc.role_claim.is_some() == oidc.roles.is_empty() {
        let at = oidc.role_claim.as_ref().map_or_else(|| span.clone(), Spanned::span);
        let problem = Problem::at(at, "`role_claim` and `roles` belong together");
        problems.push(problem.hint("write role_claim = \"roles\" and roles = { \"Stimmung.Admin\" = \"admin\" }"));
    }
    if oidc.default_role.is_none() && oidc.role_claim.is_none() {
        let problem = Problem::at(span, "nobody would be let in");
        problems.push(problem.hint("set `default_role`, or `role_claim` with `roles`"));
    }
    let is_open = issuer.as_ref().is_some_and(|url| url.host_str() == Some("accounts.google.com"));
    if let Some(default) = oidc.default_role.as_ref().filter(|_| is_open && oidc.allowed_domains.is_empty()) {
        let problem = Problem::at(default.span(), "everybody with an account at Google would be let in");
        problems.push(problem.hint("name your own domain: allowed_domains = [\"example.org\"]"));
    }
    for domain in oidc.allowed_domains.iter().filter(|domain| domain.get_ref().contains(['@', '/', '*', ' '])) {
        let problem = Problem::at(domain.span(), format!("`{}` is no domain", domain.get_ref()));
        problems.push(problem.hint("write one like \"example.org\""));
    }
    let issuer = issuer.filter(|_| problems.len() == before)?;
    Some(Settings {
        name: oidc.name.unwrap_or_else(|| issuer.host_str().unwrap_or_default().to_owned()),
        issuer,
        issuer_text: oidc.issuer.into_inner(),
        client_id: oidc.client_id,
        client_secret: SecretPlace {
            env: oidc.client_secret_env,
            file: oidc.client_secret_file.map(Spanned::into_inner),
        },
        allow_private_network: oidc.allow_private_network,
        rule: Rule {
            default_role,
            role_claim: oidc.role_claim.map_or_else(Vec::new, |claim| path(claim.get_ref())),
            roles,
            allowed_domains: oidc.allowed_domains.into_iter().map(Spanned::into_inner).collect(),
        },
    })
}

/// `realm_access.roles`; the name of a claim that is an address has dots of its own.
fn path(claim: &str) -> Vec<String> {
    if claim.contains("://") { vec![claim.to_owned()] } else { claim.split('.').map(str::to_owned).collect() }
}

fn issuer(written: &Spanned<String>, problems: &mut Vec<Problem>) -> Option<Url> {
    let tenants = ["common", "organizations", "consumers"];
    let mistake = match Url::parse(written.get_ref()) {
        Ok(url) if url.scheme() != "https" && !is_loopback(&url) => {
            Some(("what it says could be forged on the way", "write https://"))
        }
        Ok(url) if url.query().is_some() || url.fragment().is_some() => {
            Some(("the issuer has more than a path", "end it before the `?` or `#`"))
        }
        Ok(url)
            if url.host_str() == Some("login.microsoftonline.com")
                && url.path_segments().and_then(|mut parts| parts.next()).is_some_and(|it| tenants.contains(&it)) =>
        {
            Some((
                "everybody with an account at Microsoft would be let in",
                "name your own tenant: https://login.microsoftonline.com/TENANT/v2.0",
            ))
        }
        Ok(url) => return Some(url),
        Err(_) => Some(("the issuer is no address", "write one like \"https://keycloak.example.org/realms/NAME\"")),
    };
    if let Some((message, hint)) = mistake {
        problems.push(Problem::at(written.span(), message).hint(hint));
    }
    None
}

fn role(name: &Spanned<String>, problems: &mut Vec<Problem>) -> Option<Role> {
    let role = Role::parse(name.get_ref());
    if role.is_none() {
        let problem = Problem::at(name.span(), format!("there is no role \"{}\"", name.get_ref()));
        problems.push(problem.hint("known are \"reader\", \"agent\" and \"admin\""));
    }
    role
}

#[cfg(test)]
mod tests {
    use crate::config::Config;

    fn problems(login: &str) -> String {
        Config::parse(login, "sources.toml").map(|_| ()).unwrap_err().to_string()
    }

    #[test]
    fn a_provider_that_would_let_in_everybody_or_nobody_is_a_mistake() {
        let public = "[service]\npublic_url = \"https://a.example\"\n";
        let oidc =
            |issuer: &str, more: &str| format!("[login.oidc]\nissuer = \"{issuer}\"\nclient_id = \"a\"\n{more}\n");
        let readers = "default_role = \"reader\"";
        let google = "https://accounts.google.com";
        let wrong = [
            oidc(google, &format!("{readers}\nallowed_domains = [\"@example.org\"]")),
            public.to_owned() + &oidc(google, readers),
            public.to_owned() + &oidc("https://login.microsoftonline.com/common/v2.0", "role_claim = \"roles\""),
            public.to_owned() + &oidc("http://idp.example.org", "roles = { x = \"boss\" }"),
        ];
        let shown = wrong.map(|text| problems(&text));
        insta::assert_snapshot!(shown.join("\n----\n"));
    }

    #[test]
    fn roles_may_lie_deep_in_a_token() {
        let text = "[service]\npublic_url = \"https://a.example\"\n[login.oidc]\n\
                    issuer = \"https://keycloak.example.org/realms/main\"\nclient_id = \"stimmung\"\n\
                    role_claim = \"realm_access.roles\"\nroles = { mood = \"agent\" }\n";
        let oidc = Config::parse(text, "sources.toml").unwrap().login.unwrap();
        assert_eq!(oidc.rule.role_claim, ["realm_access", "roles"]);
        assert_eq!((oidc.name.as_str(), oidc.rule.default_role), ("keycloak.example.org", None));
    }
}
