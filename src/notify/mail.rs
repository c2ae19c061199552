//! Mail through an SMTP server, or as `.eml` files where none is configured. The only user of lettre.

use serde::Deserialize;

/// `[mail]` in `sources.toml`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {}
