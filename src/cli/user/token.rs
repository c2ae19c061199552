//! Tokens of programs.

use std::time::Duration;

use clap::{Args, Subcommand};
use comfy_table::{Table, presets};

use super::find;
use crate::account::{Actor, Name, Right, Token};
use crate::cli::{WrongUse, print};
use crate::mention::Timestamp;
use crate::service::now;
use crate::store::Store;

#[derive(Debug, Args)]
pub(super) struct TokenArguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// For whom the program acts; it never may more than they
    #[arg(required = true, value_parser = super::name)]
    name: Option<Name>,
    /// read, write or admin; each includes those before it
    #[arg(long, default_value = "read", value_parser = scope)]
    scope: Right,
    /// For how long it holds, as in 90d; without it, until it is revoked
    #[arg(long, value_name = "SPAN", value_parser = crate::duration::parse)]
    expires: Option<Duration>,
    /// What it is for, to know it again
    #[arg(long = "for", value_name = "WHAT", default_value = "")]
    purpose: String,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Lists the tokens, without what is secret about them
    List {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Makes a token worthless
    Revoke {
        /// Its number in the list
        id: i64,
    },
}

fn scope(text: &str) -> Result<Right, String> {
    Right::parse(text).ok_or_else(|| "read, write or admin".to_owned())
}

pub(super) async fn perform(arguments: &TokenArguments, store: &Store) -> anyhow::Result<()> {
    match (&arguments.command, &arguments.name) {
        (Some(Command::List { json }), _) => list(store, *json).await,
        (Some(Command::Revoke { id }), _) => {
            let was_there = store.revoke_token(*id, None, &Actor::command_line(), now()).await?;
            anyhow::ensure!(was_there, "there is no token {id}; `stimmung user token list` shows their numbers");
            Ok(())
        }
        (None, Some(name)) => make(store, name, arguments).await,
        (None, None) => Err(WrongUse("say for whom the token is".to_owned()).into()),
    }
}

async fn make(store: &Store, name: &Name, arguments: &TokenArguments) -> anyhow::Result<()> {
    let account = find(store, name).await?;
    if arguments.scope > account.role.right() {
        let message = format!("{} is {}: no token may more than that", name.as_str(), account.role.name());
        return Err(WrongUse(message).into());
    }
    let now = now();
    let until = |span: Duration| now.plus_seconds(i64::try_from(span.as_secs()).unwrap_or(i64::MAX));
    let (token, kind) = (Token::of_program()?, (arguments.purpose.as_str(), arguments.scope));
    store.add_token(&account, &token, kind, arguments.expires.map(until), &Actor::command_line(), now).await?;
    print(token.expose())
}

async fn list(store: &Store, json: bool) -> anyhow::Result<()> {
    let tokens = store.tokens(None).await?;
    if json {
        return tokens.iter().try_for_each(|token| {
            let line = serde_json::json!({
                "id": token.id, "prefix": token.prefix, "account": token.account, "scope": token.scope.name(),
                "for": token.name, "created_at": token.created_at, "expires_at": token.expires_at,
                "last_used_at": token.last_used_at,
            });
            print(&line.to_string())
        });
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(["", "token", "account", "scope", "for", "made", "until", "last used"]);
    let time = |at: Option<Timestamp>| at.map_or_else(String::new, |at| at.to_string());
    for token in &tokens {
        table.add_row([
            token.id.to_string(),
            format!("{}…", token.prefix),
            token.account.clone(),
            token.scope.name().to_owned(),
            token.name.clone(),
            token.created_at.to_string(),
            time(token.expires_at),
            time(token.last_used_at),
        ]);
    }
    print(&table.to_string())
}
