//! What stands in `sources.toml`.

use std::path::PathBuf;

use serde::Deserialize;
use url::Url;

use super::{Trustpilot, Unit};
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
        match (unit, key) {
            (Ok(unit), Ok(key)) => Ok(Self { unit, language: written.language, key, base: written.base }),
            (unit, key) => Err([unit.err(), key.err()].into_iter().flatten().collect::<Vec<_>>().join("; ")),
        }
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
