//! `stimmung user`

use std::process::ExitCode;

use clap::{Args, Subcommand};
use comfy_table::{Table, presets};
use secrecy::SecretString;

use super::{Place, print};
use crate::account::{Account, Actor, Name, Role};
use crate::mention::Timestamp;
use crate::service::now;
use crate::store::{Changed, NewAccount, Store};
use password::PasswordArguments;
use token::TokenArguments;

mod password;
mod token;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Makes an account; asks for its password
    Add {
        /// A mail address or a handle, to log in with
        #[arg(value_parser = name)]
        name: Name,
        /// reader looks, agent judges and answers, too, admin lets people in, too; the first account is an admin,
        /// others are readers
        #[arg(long, value_parser = role)]
        role: Option<Role>,
        /// What they are called on the pages; without it, their name
        #[arg(long, value_name = "NAME")]
        shown_name: Option<String>,
        #[command(flatten)]
        password: PasswordArguments,
    },
    /// Lists the accounts
    List {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Keeps an account from logging in, and ends its sessions
    Disable {
        /// Whose
        #[arg(value_parser = name)]
        name: Name,
    },
    /// Lets an account log in again
    Enable {
        /// Whose
        #[arg(value_parser = name)]
        name: Name,
    },
    /// Gives an account another role
    Role {
        /// Whose
        #[arg(value_parser = name)]
        name: Name,
        /// reader, agent or admin
        #[arg(value_parser = role)]
        role: Role,
    },
    /// Gives an account another password, and ends its sessions
    Password {
        /// Whose
        #[arg(value_parser = name)]
        name: Name,
        #[command(flatten)]
        password: PasswordArguments,
    },
    /// Makes a token for a program, and prints it once; lists and revokes tokens
    #[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
    Token(TokenArguments),
}

fn name(text: &str) -> Result<Name, String> {
    Name::parse(text).ok_or_else(|| "letters, digits and . _ + - @, as in `erika@example.org`".to_owned())
}

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| "reader, agent or admin".to_owned())
}

pub(super) async fn execute(arguments: &Arguments, place: &Place) -> anyhow::Result<ExitCode> {
    let service = place.open(place.config()?).await?;
    let done = perform(&arguments.command, &service.store).await;
    service.store.close().await;
    done.map(|()| ExitCode::SUCCESS)
}

async fn perform(command: &Command, store: &Store) -> anyhow::Result<()> {
    match command {
        Command::Add { name, role, shown_name, password } => {
            add(store, name, *role, shown_name.as_deref(), password).await
        }
        Command::List { json } => list(store, *json).await,
        Command::Disable { name } => enable(store, name, false).await,
        Command::Enable { name } => enable(store, name, true).await,
        Command::Role { name, role } => {
            let account = find(store, name).await?;
            settle(store.change_role(account.id, *role, &Actor::command_line(), now()).await?, name)
        }
        Command::Password { name, password } => {
            let account = find(store, name).await?;
            let hash: SecretString = password.ask(name)?.hash()?;
            settle(store.change_password(account.id, &hash, &Actor::command_line(), now()).await?, name)
        }
        Command::Token(arguments) => token::perform(arguments, store).await,
    }
}

async fn add(
    store: &Store,
    name: &Name,
    role: Option<Role>,
    shown_name: Option<&str>,
    password: &PasswordArguments,
) -> anyhow::Result<()> {
    anyhow::ensure!(store.account(name).await?.is_none(), taken(name));
    let is_first = !store.has_accounts().await?;
    let role = role.unwrap_or(if is_first { Role::Admin } else { Role::Reader });
    let hash = password.ask(name)?.hash()?;
    let shown_name = shown_name.map(str::trim).filter(|shown| !shown.is_empty()).unwrap_or(name.as_str());
    let new = NewAccount { name, shown_name, role, password: Some(&hash), identity: None };
    anyhow::ensure!(store.add_account(&new, &Actor::command_line(), now()).await?.is_some(), taken(name));
    let role = role.name();
    print(&match is_first {
        true => {
            format!("{} is the first account (role {role}); from now on, the pages ask who is there", name.as_str())
        }
        false => format!("{} has an account (role {role})", name.as_str()),
    })
}

fn taken(name: &Name) -> String {
    format!("there is an account {} already; `stimmung user list` shows all of them", name.as_str())
}

async fn find(store: &Store, name: &Name) -> anyhow::Result<Account> {
    let account = store.account(name).await?.map(|(account, _)| account);
    let unknown = || anyhow::anyhow!("there is no account {}; `stimmung user list` shows them", name.as_str());
    account.ok_or_else(unknown)
}

async fn enable(store: &Store, name: &Name, is_enabled: bool) -> anyhow::Result<()> {
    let account = find(store, name).await?;
    settle(store.enable(account.id, is_enabled, &Actor::command_line(), now()).await?, name)
}

fn settle(changed: Changed, name: &Name) -> anyhow::Result<()> {
    let name = name.as_str();
    match changed {
        Changed::Done => Ok(()),
        Changed::Unknown => anyhow::bail!("there is no account {name}; `stimmung user list` shows them"),
        Changed::LastAdmin => {
            anyhow::bail!("{name} is the only admin: make another one first, by `stimmung user role NAME admin`")
        }
    }
}

async fn list(store: &Store, json: bool) -> anyhow::Result<()> {
    let accounts = store.accounts().await?;
    if json {
        return accounts.iter().try_for_each(|account| print(&line(account).to_string()));
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(["name", "shown as", "role", "logs in by", "made", "last here", "disabled"]);
    let time = |at: Option<Timestamp>| at.map_or_else(String::new, |at| at.to_string());
    for account in &accounts {
        table.add_row([
            account.name.clone(),
            account.shown_name.clone(),
            account.role.name().to_owned(),
            account.issuer.clone().unwrap_or_else(|| if account.has_password { "password" } else { "" }.to_owned()),
            account.created_at.to_string(),
            time(account.seen_at),
            time(account.disabled_at),
        ]);
    }
    print(&table.to_string())
}

fn line(account: &Account) -> serde_json::Value {
    serde_json::json!({
        "name": account.name, "shown_name": account.shown_name, "role": account.role.name(), "issuer": account.issuer,
        "created_at": account.created_at, "seen_at": account.seen_at, "disabled_at": account.disabled_at,
    })
}
