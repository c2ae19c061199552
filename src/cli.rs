//! The commands: one file each, with its arguments and what it does.
//!
//! Exit codes: 0 it worked, 1 it did not, 2 the command line or `sources.toml` is wrong. `lint-reply` speaks as linters do: 1
//! a rule spoke, 2 a line cannot be read.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::config::{Config, ConfigError};
use crate::import::ImportError;
use crate::mention::SourceId;
use crate::service::{OpenError, Service};
use crate::store::StoreError;

mod alert;
mod analyse;
mod brand;
mod case;
mod check;
mod collect;
mod copies;
mod demo;
mod digest;
mod discover;
mod erase;
mod export;
mod finding;
mod import;
mod kinds;
mod lint_reply;
mod model;
mod opml;
mod parse;
mod queue;
mod replay;
mod run;
mod source;
mod user;

/// The file in the folder of data.
const DATABASE: &str = "stimmung.db";

/// Listens to what the public says about a brand, tells its mood, and mails an alert when it shifts.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: Command,
}

/// Where configuration and data are; before or after the name of the command.
#[derive(Debug, Args)]
struct Place {
    /// The configuration
    #[arg(long, global = true, value_name = "FILE", default_value = "sources.toml")]
    config: PathBuf,
    /// Where the database and, without a mail server, the outbox are
    #[arg(long, global = true, value_name = "DIR", default_value = "data")]
    data: PathBuf,
    /// The shape of the log on standard error; its level is RUST_LOG (default "info")
    #[arg(long, global = true, value_name = "FORMAT", default_value = "text")]
    log: LogFormat,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LogFormat {
    /// For people
    Text,
    /// One JSON object a line
    Json,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Shows the main job on an invented brand, without the internet and without configuration
    Demo(demo::Arguments),
    /// Runs the service until it is stopped
    Run(run::Arguments),
    /// Checks the configuration, then tries each source
    Check(check::Arguments),
    /// Lists the kinds of sources: what each needs, what it brings, and whether the keys of yours are there
    Kinds(kinds::Arguments),
    /// Suggests sources for an address, each tried once
    Discover(discover::Arguments),
    /// Lists texts that were met more than once: where first, and where most
    Copies(copies::Arguments),
    /// Exchanges lists of feeds with feed readers
    Opml(opml::Arguments),
    /// Shows how the sources do
    Source(source::Arguments),
    /// Tries the queries of brands on texts
    Brand(brand::Arguments),
    /// Makes one round of the sources and shows what each brought
    Collect(collect::Arguments),
    /// Takes in reviews from a CSV or JSON Lines file
    Import(import::Arguments),
    /// Writes one line for each stored mention
    Export(export::Arguments),
    /// Erases what a person wrote, and every trace of it
    Erase(erase::Arguments),
    /// Lets people and programs in, and keeps them out
    User(user::Arguments),
    /// Tries whether alerts arrive, and shows whether they did
    Alert(alert::Arguments),
    /// Tells language and mood of texts on standard input
    Analyse(analyse::Arguments),
    /// Trains, adapts and measures the model of moods
    Model(model::Arguments),
    /// Lists findings, and notes what people say of them
    Finding(finding::Arguments),
    /// Shows digests, and who gets them
    Digest(digest::Arguments),
    /// Runs the detector over history and prints what it would have reported
    Replay(replay::Arguments),
    /// Tries which cases rules make
    Case(case::Arguments),
    /// Compares the order of the service team's queue with others
    Queue(queue::Arguments),
    /// Says what to look at again in replies before they are sent
    LintReply(lint_reply::Arguments),
    /// Shows what is read from feed files
    Parse(parse::Arguments),
}

/// Runs the program.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    log_to_stderr(cli.place.log);
    match execute(cli) {
        Ok(code) => code,
        Err(error) => {
            report(&error);
            let wrong_use = error.chain().any(|cause| cause.is::<ConfigError>() || cause.is::<WrongUse>());
            ExitCode::from(if wrong_use { 2 } else { 1 })
        }
    }
}

fn execute(cli: Cli) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Runtime::new().context("cannot start the runtime")?;
    let place = cli.place;
    match cli.command {
        Command::Demo(arguments) => runtime.block_on(demo::execute(&arguments, &place)),
        Command::Run(arguments) => runtime.block_on(run::execute(&arguments, &place)),
        Command::Check(arguments) => runtime.block_on(check::execute(&arguments, &place)),
        Command::Kinds(arguments) => kinds::execute(&arguments, &place),
        Command::Source(arguments) => runtime.block_on(source::execute(&arguments, &place)),
        Command::Discover(arguments) => runtime.block_on(discover::execute(&arguments, &place)),
        Command::Opml(arguments) => opml::execute(&arguments, &place),
        Command::Copies(arguments) => runtime.block_on(copies::execute(&arguments, &place)),
        Command::Brand(arguments) => brand::execute(&arguments, &place),
        Command::Collect(arguments) => runtime.block_on(collect::execute(&arguments, &place)),
        Command::Import(arguments) => runtime.block_on(import::execute(&arguments, &place)),
        Command::Export(arguments) => runtime.block_on(export::execute(&arguments, &place)),
        Command::Erase(arguments) => runtime.block_on(erase::execute(&arguments, &place)),
        Command::User(arguments) => runtime.block_on(user::execute(&arguments, &place)),
        Command::Alert(arguments) => runtime.block_on(alert::execute(&arguments, &place)),
        Command::Analyse(arguments) => analyse::execute(&arguments),
        Command::Model(arguments) => runtime.block_on(model::execute(&arguments, &place)),
        Command::Finding(arguments) => runtime.block_on(finding::execute(&arguments, &place)),
        Command::Digest(arguments) => runtime.block_on(digest::execute(&arguments, &place)),
        Command::Replay(arguments) => runtime.block_on(replay::execute(&arguments, &place)),
        Command::Case(arguments) => runtime.block_on(case::execute(&arguments, &place)),
        Command::Queue(arguments) => runtime.block_on(queue::execute(&arguments, &place)),
        Command::LintReply(arguments) => lint_reply::execute(&arguments),
        Command::Parse(arguments) => parse::execute(&arguments),
    }
}

/// For arguments that name a source.
fn source_id(id: &str) -> Result<SourceId, String> {
    SourceId::parse(id).ok_or_else(|| "1 to 64 lower-case letters, digits and hyphens, as in `portal-de`".to_owned())
}

/// Something about the command line that clap cannot know is wrong.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct WrongUse(String);

impl Place {
    fn config(&self) -> Result<Config, ConfigError> {
        Config::load(&self.config)?.with_added(&self.data)
    }

    /// For one command that sends nothing: a secret that is missing must not keep anybody from erasing. Nor must a
    /// broken folder of the transformer, which reads in the background of the running service only.
    async fn open(&self, config: Config) -> Result<Service, OpenError> {
        Service::open_without_delivery(Config { transformer: None, ..config }, &self.data, DATABASE).await
    }

    /// For one command that sends letters.
    async fn open_to_deliver(&self, config: Config) -> Result<Service, OpenError> {
        self.open_to_run(Config { transformer: None, ..config }).await
    }

    /// For the service that runs on.
    async fn open_to_run(&self, config: Config) -> Result<Service, OpenError> {
        Service::open(config, &self.data, DATABASE).await
    }
}

fn log_to_stderr(format: LogFormat) {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    match format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
}

/// `error:`, each `caused by:`, and a `hint:` where the error knows one.
#[expect(clippy::print_stderr, reason = "this is where errors reach the user")]
fn report(error: &anyhow::Error) {
    let mut causes = error.chain();
    if let Some(error) = causes.next() {
        eprintln!("error: {error}");
    }
    for cause in causes {
        eprintln!("caused by: {cause}");
    }
    if let Some(hint) = error.chain().find_map(hint) {
        eprintln!("hint: {hint}");
    }
}

fn hint(error: &(dyn std::error::Error + 'static)) -> Option<String> {
    let store = error.downcast_ref::<StoreError>().and_then(StoreError::hint).map(str::to_owned);
    let open = || error.downcast_ref::<OpenError>().and_then(OpenError::hint);
    let config = || error.downcast_ref::<ConfigError>().and_then(ConfigError::hint).map(str::to_owned);
    let import = || error.downcast_ref::<ImportError>().map(|error| error.hint().to_owned());
    let model = || error.downcast_ref::<model::ModelError>().and_then(model::ModelError::hint).map(str::to_owned);
    store.or_else(open).or_else(config).or_else(import).or_else(model)
}

/// Prints to standard output; a reader that has gone away (`| head`) is no error.
fn print(text: &str) -> anyhow::Result<()> {
    use std::io::Write as _;
    match writeln!(std::io::stdout(), "{text}") {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        written => written.context("cannot write to standard output"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        use clap::CommandFactory as _;
        Cli::command().debug_assert();
    }

    #[test]
    fn config_and_data_may_stand_before_or_after_the_command() {
        for line in [["stimmung", "--data", "d", "run"], ["stimmung", "run", "--data", "d"]] {
            assert_eq!(Cli::try_parse_from(line).unwrap().place.data, PathBuf::from("d"));
        }
    }
}
