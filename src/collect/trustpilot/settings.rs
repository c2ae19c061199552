//! What stands in `sources.toml`.

use std::path::PathBuf;

use serde::Deserialize;
use url::Url;

use super::{Trustpilot, Unit, Writer};
use crate::collect::keys;
use crate::mention::Language;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    /// Its id at Trustpilot, or …
    business_unit: Option<String>,
    /// … its domain, as in `bahn.de`.
    domain: Option<String>,
    /// Only reviews in this one.
    language: Option<Language>,
    key_env: Option<String>,
    key_file: Option<PathBuf>,
    /// To answer: the id of the user of the company's account in whose name it is, and …
    business_user: Option<String>,
    /// … the secret that belongs to the key.
    secret_env: Option<String>,
    secret_file: Option<PathBuf>,
    /// Another server in the place of Trustpilot's; for tests and proxies.
    #[serde(default = "trustpilot", deserialize_with = "crate::collect::web_address")]
    base: Url,
}

fn trustpilot() -> Url {
    Url::parse("https://api.trustpilot.com/").expect("an address")
}

impl TryFrom<Written> for Trustpilot {
    type Error = String;

    /// # Errors
    /// All mistakes at once.
    fn try_from(written: Written) -> Result<Self, String> {
        let unit = unit(written.business_unit, written.domain);
        let key = keys::place("key", written.key_env, written.key_file);
        let writer = writer(written.business_user, written.secret_env, written.secret_file);
        match (unit, key, writer) {
            (Ok(unit), Ok(key), Ok(writer)) => {
                Ok(Self { unit, language: written.language, key, writer, base: written.base })
            }
            (unit, key, writer) => {
                let mistakes = [unit.err(), key.err(), writer.err()];
                Err(mistakes.into_iter().flatten().collect::<Vec<_>>().join("; "))
            }
        }
    }
}

/// Both, or neither.
fn writer(user: Option<String>, env: Option<String>, file: Option<PathBuf>) -> Result<Option<Writer>, String> {
    match (user, keys::place_if_any("secret", env, file)?) {
        (None, None) => Ok(None),
        (Some(business_user), Some(secret)) => {
            let is_id = !business_user.is_empty() && business_user.bytes().all(|byte| byte.is_ascii_alphanumeric());
            if !is_id {
                return Err(format!("`{business_user}` is no id of a user: write its letters and digits"));
            }
            Ok(Some(Writer { business_user, secret }))
        }
        (Some(_), None) => Err("to answer, `business_user` needs `secret_env` or `secret_file`, too".to_owned()),
        (None, Some(_)) => Err("to answer, the secret needs a `business_user` in whose name it is".to_owned()),
    }
}

fn unit(id: Option<String>, domain: Option<String>) -> Result<Unit, String> {
    match (id, domain) {
        (Some(id), None) if id.len() == 24 && id.bytes().all(|byte| byte.is_ascii_hexdigit()) => Ok(Unit::Id(id)),
        (Some(id), None) => Err(format!("`{id}` is no id of a business unit: write its 24 digits and letters a–f")),
        (None, Some(domain)) if is_domain(&domain) => Ok(Unit::Domain(domain)),
        (None, Some(domain)) => Err(format!("`{domain}` is no domain: write it as in \"bahn.de\"")),
        (Some(_), Some(_)) => Err("both `business_unit` and `domain` are set: keep one of them".to_owned()),
        (None, None) => Err("write the company's `domain`, as in \"bahn.de\", or its `business_unit`".to_owned()),
    }
}

fn is_domain(written: &str) -> bool {
    written.contains('.') && written.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'))
}
