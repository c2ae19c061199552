//! The settings as they are written.

use std::path::PathBuf;

use serde::Deserialize;
use url::Url;

use super::AppStoreConnect;
use crate::collect::keys;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    app: u64,
    issuer_id: String,
    key_id: String,
    key_env: Option<String>,
    key_file: Option<PathBuf>,
    #[serde(default = "base", deserialize_with = "crate::collect::web_address")]
    base: Url,
}

fn base() -> Url {
    Url::parse("https://api.appstoreconnect.apple.com/").expect("an address")
}

impl TryFrom<Written> for AppStoreConnect {
    type Error = String;

    /// # Errors
    /// All mistakes at once.
    fn try_from(written: Written) -> Result<Self, String> {
        let Written { app, issuer_id, key_id, key_env, key_file, base } = written;
        let mut mistakes = Vec::new();
        if !is_uuid(&issuer_id) {
            mistakes.push(format!(
                "`{issuer_id}` is no issuer ID: write that of your team, as in \"57246542-96fe-1a63-e053-0824d011072a\""
            ));
        }
        if key_id.is_empty() || !key_id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            mistakes.push(format!("`{key_id}` is no key ID: write the one in the name of the file, after `AuthKey_`"));
        }
        let key = keys::place("key", key_env, key_file).unwrap_or_else(|mistake| {
            mistakes.push(mistake);
            Default::default()
        });
        if mistakes.is_empty() { Ok(Self { app, issuer_id, key_id, key, base }) } else { Err(mistakes.join("; ")) }
    }
}

fn is_uuid(written: &str) -> bool {
    let lengths: Vec<usize> = written.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && written.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}
