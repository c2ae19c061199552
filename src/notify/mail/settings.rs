//! `[mail]` in `sources.toml`.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use crate::notify::address;

/// `[mail]`: who writes, and through which server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The sender: `stimmung@example.org` or `Stimmung <stimmung@example.org>`. Required with `smtp`, because servers
    /// refuse a sender they do not know; else `stimmung@localhost`.
    pub from: Option<String>,
    /// Without it, mails are written into `outbox/` in the data folder as `.eml`.
    pub smtp: Option<Smtp>,
}

/// `[mail.smtp]`: the server that takes the mails.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Smtp {
    /// Name of the server, as in its certificate; or an IP address.
    pub host: String,
    /// Default: 587 with `tls = "starttls"`, 465 with `"implicit"`, 25 with `"none"`.
    pub port: Option<u16>,
    /// How the conversation is encrypted.
    #[serde(default)]
    pub tls: Tls,
    /// Who logs in; without it, nobody does.
    pub username: Option<String>,
    /// The environment variable that holds the password.
    pub password_env: Option<String>,
    /// The file that holds the password.
    pub password_file: Option<PathBuf>,
    /// Certificates (PEM) to trust beside those of the system: of an authority of your own, or the server's if nobody
    /// else has signed it.
    pub ca_file: Option<PathBuf>,
    /// The longest wait for an answer of the server. The last one, which decides whether the letter has arrived, gets
    /// four times as long, because a server may scan the letter before it answers.
    #[serde(default = "default_timeout", deserialize_with = "crate::duration::deserialize")]
    pub timeout: Duration,
}

/// How the conversation with the server is encrypted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    /// Begins in clear and must switch to TLS before anything is said (RFC 3207).
    #[default]
    Starttls,
    /// TLS from the first byte (RFC 8314).
    Implicit,
    /// In clear; only to a server on this machine.
    None,
}

impl Settings {
    /// The sender, as configured or by default.
    pub fn sender(&self) -> &str {
        self.from.as_deref().unwrap_or("stimmung@localhost")
    }

    /// Everything that is wrong, each with its setting, its value and the way out; empty if all is well.
    pub fn validate(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if let Err(error) = address(self.sender()) {
            problems.push(format!("mail.from: `{}` {error}", self.sender()));
        }
        if let Some(smtp) = &self.smtp {
            if self.from.is_none() {
                problems.push("mail.from: is missing; an SMTP server wants a sender that it knows".to_owned());
            }
            smtp.validate(&mut problems);
        }
        problems
    }
}

impl Smtp {
    /// The port, as configured or by the kind of encryption.
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(match self.tls {
            Tls::Starttls => 587,
            Tls::Implicit => 465,
            Tls::None => 25,
        })
    }

    fn validate(&self, problems: &mut Vec<String>) {
        let mut problem = |text: String| problems.push(format!("mail.smtp.{text}"));
        let password = self.password_env.is_some() || self.password_file.is_some();
        if url::Host::parse(&self.host).is_err() && self.host.parse::<IpAddr>().is_err() {
            problem(format!("host: `{}` is no name of a server, as in \"mail.example.org\"", self.host));
        } else if self.tls == Tls::None && !is_loopback(&self.host) {
            let host = &self.host;
            problem(format!("tls: \"none\" is only for localhost, `{host}` needs \"starttls\" or \"implicit\""));
        }
        if self.port == Some(0) {
            problem("port: 0 is no port; leave the line out, or write the one your provider names".to_owned());
        }
        if self.timeout.is_zero() {
            problem("timeout: must be longer than 0, as in \"30s\"".to_owned());
        }
        if self.password_env.is_some() && self.password_file.is_some() {
            problem("password_env: is set beside `password_file`; keep one of them".to_owned());
        }
        if let (Some(username), false) = (&self.username, password) {
            problem(format!("username: `{username}` has no password; set `password_env` or `password_file`"));
        }
        if self.username.is_none() && password {
            problem("username: is missing, but there is a password; set it, or remove the password".to_owned());
        }
    }
}

/// By the name alone; what it resolves to is looked at when connecting.
fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn default_timeout() -> Duration {
    Duration::from_secs(30)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(toml: &str) -> Settings {
        toml::from_str(toml).unwrap()
    }

    #[test]
    fn nothing_is_required() {
        let settings = read("");
        assert_eq!(settings, Settings::default());
        assert_eq!(settings.validate(), [""; 0]);
        assert_eq!(settings.sender(), "stimmung@localhost");
    }

    #[test]
    fn a_server_is_described_in_a_few_lines() {
        let settings = read(
            r#"
            from = "Stimmung <stimmung@example.org>"
            smtp.host = "mail.example.org"
            smtp.username = "stimmung"
            smtp.password_env = "STIMMUNG_SMTP_PASSWORD"
            "#,
        );
        assert_eq!(settings.validate(), [""; 0]);
        let smtp = settings.smtp.unwrap();
        assert_eq!((smtp.port(), smtp.tls, smtp.timeout), (587, Tls::Starttls, Duration::from_secs(30)));
    }

    #[test]
    fn the_port_follows_the_encryption() {
        let port =
            |tls: &str| read(&format!("smtp = {{ host = \"localhost\", tls = \"{tls}\" }}")).smtp.unwrap().port();
        assert_eq!(["starttls", "implicit", "none"].map(port), [587, 465, 25]);
        assert_eq!(read("smtp = { host = \"localhost\", port = 2525 }").smtp.unwrap().port(), 2525);
    }

    #[test]
    fn every_problem_is_named_at_once_with_the_way_out() {
        let wrong = read(
            r#"
            from = "stimmung"
            smtp.host = "mail.example.org"
            smtp.port = 0
            smtp.tls = "none"
            smtp.username = "stimmung"
            smtp.timeout = "0s"
            "#,
        );
        let also_wrong = read(
            r#"
            smtp.host = "mail example"
            smtp.password_env = "PASSWORD"
            smtp.password_file = "password"
            "#,
        );
        let problems = [wrong.validate(), also_wrong.validate()].concat();
        insta::assert_snapshot!(problems.join("\n"), @r#"
        mail.from: `stimmung` is no mail address like `name@example.org` or `Name <name@example.org>`
        mail.smtp.tls: "none" is only for localhost, `mail.example.org` needs "starttls" or "implicit"
        mail.smtp.port: 0 is no port; leave the line out, or write the one your provider names
        mail.smtp.timeout: must be longer than 0, as in "30s"
        mail.smtp.username: `stimmung` has no password; set `password_env` or `password_file`
        mail.from: is missing; an SMTP server wants a sender that it knows
        mail.smtp.host: `mail example` is no name of a server, as in "mail.example.org"
        mail.smtp.password_env: is set beside `password_file`; keep one of them
        mail.smtp.username: is missing, but there is a password; set it, or remove the password
        "#);
    }

    #[test]
    fn only_this_machine_may_be_talked_to_in_clear() {
        let problems = |host: &str| {
            read(&format!("from = \"a@b.example\"\nsmtp = {{ host = \"{host}\", tls = \"none\" }}")).validate().len()
        };
        assert_eq!(["localhost", "127.0.0.1", "127.8.8.8", "::1"].map(problems), [0; 4]);
        assert_eq!(["mail.example.org", "192.168.0.1", "0.0.0.0", "localhost.example"].map(problems), [1; 4]);
    }

    #[test]
    fn a_mistake_is_pointed_at() {
        let errors = [
            "smtp.hots = \"a\"",
            "smtp = {}",
            "smtp = { host = \"a\", tls = \"ssl\" }",
            "smtp = { host = \"a\", timeout = \"30\" }",
        ]
        .map(|toml| toml::from_str::<Settings>(toml).unwrap_err().to_string());
        insta::assert_snapshot!(errors.join("\n"), @r#"
        TOML parse error at line 1, column 6
          |
        1 | smtp.hots = "a"
          |      ^^^^
        unknown field `hots`, expected one of `host`, `port`, `tls`, `username`, `password_env`, `password_file`, `ca_file`, `timeout`

        TOML parse error at line 1, column 8
          |
        1 | smtp = {}
          |        ^^
        missing field `host`

        TOML parse error at line 1, column 28
          |
        1 | smtp = { host = "a", tls = "ssl" }
          |                            ^^^^^
        unknown variant `ssl`, expected one of `starttls`, `implicit`, `none`

        TOML parse error at line 1, column 32
          |
        1 | smtp = { host = "a", timeout = "30" }
          |                                ^^^^
        `30` is no duration: write whole numbers with units, as in "90s", "15m", "1h 30m" or "2 days"
        "#);
    }
}
