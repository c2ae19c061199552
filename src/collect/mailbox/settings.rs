//! What stands in `sources.toml`, and everything that can be wrong with it.

use std::net::IpAddr;
use std::path::PathBuf;

use serde::Deserialize;

use super::Mailbox;
use super::rule::{Rule, WrittenRule};
use crate::collect::keys;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    server: String,
    #[serde(default = "imaps")]
    port: u16,
    user: String,
    password_env: Option<String>,
    password_file: Option<PathBuf>,
    #[serde(default = "inbox")]
    folder: String,
    from: Option<String>,
    subject: Option<String>,
    ca_file: Option<PathBuf>,
    #[serde(default)]
    rules: Vec<WrittenRule>,
}

fn imaps() -> u16 {
    993
}

fn inbox() -> String {
    "INBOX".to_owned()
}

impl TryFrom<Written> for Mailbox {
    type Error = String;

    /// # Errors
    /// All mistakes at once.
    fn try_from(written: Written) -> Result<Self, String> {
        let mut mistakes = Vec::new();
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
        let is_name = !written.server.is_empty() && written.server.chars().all(is_part);
        if !is_name && written.server.parse::<IpAddr>().is_err() {
            mistakes.push("`server` is no name: write it as in \"imap.example.org\"".to_owned());
        }
        let required = [("user", &written.user), ("folder", &written.folder)];
        for (setting, _) in required.iter().filter(|(_, value)| value.trim().is_empty()) {
            mistakes.push(format!("`{setting}` is empty"));
        }
        // They become part of a command, which is a line.
        let optional = [("from", &written.from), ("subject", &written.subject)];
        let optional = optional.iter().filter_map(|(setting, value)| Some((*setting, value.as_ref()?)));
        for (setting, _) in required.into_iter().chain(optional).filter(|(_, value)| value.contains(char::is_control)) {
            mistakes.push(format!("`{setting}` must be one line"));
        }
        if !written.folder.is_ascii() {
            mistakes.push(
                "`folder` must be ASCII: write the name as the server lists it, as in \"Entw&APw-rfe\"".to_owned(),
            );
        }
        let place = keys::place("password", written.password_env, written.password_file);
        let place = place.map_err(|mistake| mistakes.push(mistake));
        let mut rules = Vec::new();
        for (number, rule) in written.rules.into_iter().enumerate() {
            match Rule::try_from(rule) {
                Ok(rule) => rules.push(rule),
                Err(mistake) => mistakes.push(format!("rule {}: {mistake}", number + 1)),
            }
        }
        let (Ok(password), true) = (place, mistakes.is_empty()) else { return Err(mistakes.join("; ")) };
        let Written { server, port, user, folder, from, subject, ca_file, .. } = written;
        Ok(Self { server, port, user, password, folder, from, subject, ca_file, rules })
    }
}
