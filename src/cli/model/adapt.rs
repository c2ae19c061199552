//! `stimmung model adapt`: what the brand's own reviews teach the model.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use comfy_table::{CellAlignment, Table, presets};

use crate::analyse::adapt::Gain;
use crate::cli::{Place, WrongUse, print};
use crate::service::{Adapted, READ_DAYS, now};
use crate::store::Break;

mod trial;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Only try it, on labelled texts from a file and without a database: JSON Lines with `text`, `label` (negative,
    /// neutral, positive) and, optionally, `lang` and `brand_terms`
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// Learn from so many of them and measure on the rest; without it, from half
    #[arg(long, value_name = "N", requires = "from")]
    take: Option<usize>,
    /// So many times, each with others
    #[arg(long, value_name = "R", requires = "from", default_value_t = 1)]
    repeats: u64,
    /// The brand's own names, which tell no mood, beside those in the file
    #[arg(long, value_name = "TERMS", requires = "from", value_delimiter = ',')]
    brand_terms: Vec<String>,
}

pub(super) async fn execute(arguments: &Arguments, place: &Place) -> anyhow::Result<ExitCode> {
    if let Some(file) = &arguments.from {
        return trial::execute(file, arguments);
    }
    let config = place.config()?;
    if !config.adapt {
        let file = place.config.display();
        return Err(WrongUse(format!("{file} says that the model does not learn; set `adapt = true` there")).into());
    }
    let service = place.open(config).await?;
    service.settle_model(now()).await?;
    let adapted = service.adapt_once(now()).await?;
    service.store.close().await;
    tell(&adapted)?;
    Ok(ExitCode::SUCCESS)
}

fn tell(adapted: &Adapted) -> anyhow::Result<()> {
    let lessons = adapted.lessons;
    if adapted.gains.is_empty() {
        print(&format!("There are {lessons} lessons, too few in any language to learn from."))?;
    } else {
        print(&format!("{}\n", gains(&adapted.gains)))?;
    }
    match &adapted.change {
        None => print("The model stays as it is."),
        Some(change) => {
            let (to, from) = (&change.to, &change.from);
            print(&format!("The model {to} takes over from {from}. Mentions of the last {READ_DAYS} days:\n"))?;
            print(&breaks(&change.breaks).to_string())
        }
    }
}

fn gains(gains: &[Gain]) -> Table {
    let mut table = table(["language", "lessons", "macro-F1 before", "after", ""]);
    for gain in gains {
        let used = if gain.used { "used" } else { "not used" };
        let [before, after] = [gain.before, gain.after].map(|figure| format!("{figure:.3}"));
        table.add_row([gain.language.to_string(), gain.lessons.to_string(), before, after, used.to_owned()]);
    }
    right(&mut table, 1..4)
}

/// The shares of negative, neutral and positive mentions of the last weeks, by either model.
fn breaks(breaks: &[Break]) -> Table {
    let mut table = table(["brand", "mentions", "negative", "neutral", "positive", "told differently"]);
    for one in breaks {
        let shares = (0..3).map(|mood| format!("{} → {}", share(one.before, mood), share(one.after, mood)));
        let row = [one.brand.clone(), one.mentions().to_string()].into_iter().chain(shares);
        table.add_row(row.chain([one.different.to_string()]));
    }
    right(&mut table, 1..6)
}

fn share(counts: [u32; 3], mood: usize) -> String {
    let sum: u32 = counts.iter().sum();
    match sum {
        0 => "–".to_owned(),
        _ => format!("{:.0} %", 100.0 * f64::from(counts[mood]) / f64::from(sum)),
    }
}

fn table<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(header);
    table
}

fn right(table: &mut Table, columns: std::ops::Range<usize>) -> Table {
    for column in table.column_iter_mut().skip(columns.start).take(columns.len()) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table.clone()
}
