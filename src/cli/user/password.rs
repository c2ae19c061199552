//! Where a password comes from: a file, a terminal that shows nothing of it, or standard input.

use std::io::{BufRead as _, IsTerminal as _};
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use secrecy::ExposeSecret as _;

use crate::account::{Name, Password};
use crate::cli::WrongUse;
use crate::secret::SecretPlace;

#[derive(Debug, Args)]
pub(super) struct PasswordArguments {
    /// A file with the password; without one, it is asked for on the terminal, or else read from standard input
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

impl PasswordArguments {
    /// A password that this account may have.
    pub(super) fn ask(&self, name: &Name) -> anyhow::Result<Password> {
        let password = match &self.password_file {
            Some(_) => self.read_file()?,
            None if std::io::stdin().is_terminal() => from_terminal()?,
            None => from_input()?,
        };
        password
            .check(name)
            .map_err(|problem| WrongUse(format!("{problem}: take a sentence, it need not have digits")))?;
        Ok(password)
    }

    fn read_file(&self) -> anyhow::Result<Password> {
        let place = SecretPlace { env: None, file: self.password_file.clone() };
        let secret = place.read("password")?.context("no file is named")?;
        Ok(Password::new(secret.expose_secret()))
    }
}

fn from_terminal() -> anyhow::Result<Password> {
    let ask = |prompt| rpassword::prompt_password(prompt).context("cannot ask for the password");
    let password = ask("Password (at least 12 characters): ")?;
    if password != ask("The same again: ")? {
        return Err(WrongUse("the two passwords differ".to_owned()).into());
    }
    Ok(Password::new(&password))
}

/// The first line.
fn from_input() -> anyhow::Result<Password> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("cannot read the password from standard input")?;
    Ok(Password::new(line.trim_end_matches(['\n', '\r'])))
}
