//! `stimmung queue`

use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use comfy_table::{CellAlignment, Table, presets};
use fastrand::Rng;
use serde::Serialize;

use super::{DATABASE, Place, WrongUse, print};
use crate::config::Config;
use crate::demo;
use crate::mention::Timestamp;
use crate::outreach::compare::{self, Assumptions, Case, Comparison, Gain, Order, Time, Visible};
use crate::outreach::hours::Hours;
use crate::outreach::trial::try_rules;
use crate::store::{Store, StoreError};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Lets invented people wait for a team that works by several orders, and counts whom each wins back
    ///
    /// The cases are those of the database, or of the demo where that is all there is in the folder. Nobody knows who of them
    /// would have come back: that is invented anew in each run, with all that decides it.
    Compare(Compare),
}

#[derive(Debug, Args)]
struct Compare {
    /// Invent a month of cases for each run, instead of those of the database
    #[arg(long)]
    simulated: bool,
    /// Minutes that the team has on each day on which it works; without it, several shares of the time that all answers take
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    minutes_a_day: Option<u32>,
    /// How often it is tried
    #[arg(long, value_name = "N", default_value = "200", value_parser = clap::value_parser!(u32).range(30..))]
    runs: u32,
    /// Where chance begins: the same for the same
    #[arg(long, value_name = "S", default_value = "1")]
    seed: u64,
    /// Also what comes of each assumption by itself, good or bad
    #[arg(long)]
    grid: bool,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

/// The shares of the time that all answers take, from far too little to more than enough.
const SHARES: [f64; 4] = [0.25, 0.5, 1.0, 1.5];

/// When half of the people have lost their patience.
const HALF_LIVES: [Option<f64>; 5] = [Some(12.0), Some(48.0), Some(120.0), Some(240.0), None];

/// What a comparison was made under, and what came of it.
#[derive(Serialize)]
struct Compared {
    assumptions: Assumptions,
    #[serde(flatten)]
    comparison: Comparison,
}

/// Whose cases they are.
enum World {
    Invented,
    Of(String, Vec<Case>),
}

impl World {
    fn cases(&self, random: &mut Rng) -> Vec<Case> {
        match self {
            Self::Invented => compare::month(random),
            Self::Of(_, cases) => cases.clone(),
        }
    }

    fn name(&self) -> &str {
        match self {
            Self::Invented => "an invented month",
            Self::Of(name, _) => name,
        }
    }
}

pub(super) async fn execute(arguments: &Arguments, place: &Place) -> anyhow::Result<ExitCode> {
    let Command::Compare(asked) = &arguments.command;
    let (world, hours) = if asked.simulated { (World::Invented, None) } else { past(place).await? };
    let hours = match hours {
        Some(hours) => hours,
        None => Hours::parse("Mo-Fr 8-18", chrono_tz::Europe::Berlin, None).context("no hours")?,
    };
    let times: Vec<Time> = match asked.minutes_a_day {
        Some(minutes) => vec![Time::MinutesADay(f64::from(minutes))],
        None => SHARES.map(Time::Share).to_vec(),
    };
    let run = |assumptions: Assumptions| {
        let (world, hours) = (&world, &hours);
        let made = move |time: &Time| Compared {
            assumptions,
            comparison: compare::compare(
                |random| world.cases(random),
                assumptions,
                hours,
                *time,
                (asked.runs as usize, asked.seed),
            ),
        };
        times.iter().map(made).collect::<Vec<_>>()
    };
    let drawn = run(Assumptions::default());
    let grid: Vec<Compared> = if asked.grid { assumptions().flat_map(run).collect() } else { Vec::new() };
    if asked.json {
        print(&serde_json::json!({"world": world.name(), "drawn": drawn, "grid": grid}).to_string())?;
    } else {
        print(&shown(world.name(), &drawn, asked))?;
        if asked.grid {
            print(&shown_grid(&grid))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Each by itself.
fn assumptions() -> impl Iterator<Item = Assumptions> {
    [Visible::Some, Visible::Nothing, Visible::Contrary].into_iter().flat_map(|visible| {
        HALF_LIVES.into_iter().map(move |hours| Assumptions { half_life_hours: hours.map(|one| (one, one)), visible })
    })
}

/// The cases that the rules make of what was said about the brands, and the hours of the team.
async fn past(place: &Place) -> anyhow::Result<(World, Option<Hours>)> {
    let (config, database) = if place.data.join(DATABASE).is_file() {
        (place.config()?, DATABASE)
    } else if place.data.join(demo::DATABASE).is_file() {
        let address = "http://127.0.0.1"; // nobody is asked
        (Config::parse(&demo::configuration::config_toml(address), "the demo's sources.toml")?, demo::DATABASE)
    } else {
        let folder = place.data.display();
        return Err(WrongUse(format!("there is no database in {folder}: run `demo --once`, or say --simulated")).into());
    };
    let store = Store::open(&place.data.join(database)).await?;
    let cases = cases(&config, &store).await?;
    store.close().await;
    if cases.is_empty() {
        return Err(WrongUse(format!("there are no cases in {database}: say --simulated")).into());
    }
    Ok((World::Of(database.to_owned(), cases), config.outreach.hours))
}

async fn cases(config: &Config, store: &Store) -> Result<Vec<Case>, StoreError> {
    let brands: Vec<&str> = config.own_brands().map(|brand| brand.name.as_str()).collect();
    let spoken = store.spoken(&brands, Timestamp::from_seconds(0)).await?;
    let returns = store.usual_returns().await?;
    let (outreach, rules) = (&config.outreach, &config.outreach.rules);
    Ok(compare::past(
        &spoken,
        rules,
        &try_rules(&spoken, rules),
        |source| returns.of(source),
        |severity, at| outreach.due_at(severity, at),
    ))
}

fn name(order: Order) -> &'static str {
    match order {
        Order::Queue => "Stimmung's queue",
        Order::Oldest => "first in, first out",
        Order::WorstStars => "worst stars first",
        Order::Newest => "last in, first out",
        Order::Random => "at random",
        Order::Foreknown => "if one knew who comes",
    }
}

fn shown(world: &str, drawn: &[Compared], asked: &Compare) -> String {
    let cases = drawn.first().map_or(0.0, |one| one.comparison.cases);
    let mut text = format!(
        "{cases:.0} cases ({world}), {} runs from seed {}; in each, what makes people come back is drawn anew",
        asked.runs, asked.seed
    );
    for Compared { comparison, .. } in drawn {
        let mut table = table(["order", "answered", "won back", "the queue won back more (95 %)", "ahead", "behind"]);
        for tally in &comparison.orders {
            let mut row =
                vec![name(tally.order).to_owned(), format!("{:.1}", tally.answered), format!("{:.1}", tally.won)];
            if tally.order != Order::Queue {
                let gain = tally.queue_more;
                let of_100 = |part: f64| format!("{part:.0} of 100");
                row.extend([with_interval(gain), of_100(gain.ahead), of_100(gain.behind)]);
            }
            table.add_row(row);
        }
        text += &format!(
            "\n\n{:.0} minutes a day, {:.0} % of what all answers take\n{table}",
            comparison.minutes_a_day,
            100.0 * comparison.share
        );
    }
    text
}

/// The orders that somebody could work by.
const RIVALS: [Order; 4] = [Order::Oldest, Order::WorstStars, Order::Newest, Order::Random];

fn shown_grid(grid: &[Compared]) -> String {
    let names = ["half-life", "what can be seen", "time"].into_iter().chain(RIVALS.map(name));
    let mut table = table(names);
    let gain = |one: &Compared, order: Order| {
        one.comparison.orders.iter().find(|tally| tally.order == order).map(|tally| tally.queue_more)
    };
    for one in grid {
        let half_life = one.assumptions.half_life_hours.map_or("never".to_owned(), |(hours, _)| format!("{hours} h"));
        let visible = match one.assumptions.visible {
            Visible::Some => "some",
            Visible::Nothing | Visible::Alike => "nothing",
            Visible::Contrary => "the contrary",
        };
        let share = format!("{:.0} %", 100.0 * one.comparison.share);
        let gains = RIVALS.iter().filter_map(|order| gain(one, *order)).map(with_interval);
        table.add_row([half_life, visible.to_owned(), share].into_iter().chain(gains));
    }
    let mut text = format!("\nThe queue won back more than the others by (95 %):\n{table}\n");
    for order in RIVALS {
        let gains: Vec<Gain> = grid.iter().filter_map(|one| gain(one, order)).collect();
        let more = gains.iter().filter(|gain| gain.low > 0.0).count();
        let less = gains.iter().filter(|gain| gain.high < 0.0).count();
        text += &format!(
            "\nagainst {}: more in {more} of {}, fewer in {less}, as chance has it in {}; at the worst {:+.1}",
            name(order),
            gains.len(),
            gains.len() - more - less,
            gains.iter().map(|gain| gain.mean).fold(f64::INFINITY, f64::min)
        );
    }
    text
}

fn with_interval(gain: Gain) -> String {
    format!("{:+.1} ({:+.1} to {:+.1})", gain.mean, gain.low, gain.high)
}

fn table<'a>(names: impl IntoIterator<Item = &'a str>) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(names);
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}
