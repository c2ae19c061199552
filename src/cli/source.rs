//! `stimmung source`

use std::process::ExitCode;

use clap::{Args, Subcommand};
use comfy_table::{CellAlignment, Table, presets};

use super::{Place, WrongUse, print};
use crate::collect::Look;
use crate::service::{SourceHealth, now};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Shows how each source does: what it says against its usual, when it is asked next, and why it fails
    List {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Shows what a source says at this moment, where its terms let nobody keep it; nothing is stored
    Look {
        /// The id of the source
        id: String,
    },
}

pub(super) async fn execute(arguments: &Arguments, place: &Place) -> anyhow::Result<ExitCode> {
    match &arguments.command {
        Command::List { json } => list(*json, place).await,
        Command::Look { id } => look(id, place).await,
    }
}

async fn list(json: bool, place: &Place) -> anyhow::Result<ExitCode> {
    let service = place.open(place.config()?).await?;
    let health = service.source_health(now()).await;
    service.store.close().await;
    let health = health?;
    if json {
        health.iter().try_for_each(|one| print(&serde_json::to_string(one)?))?;
    } else {
        print(&table(&health))?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn look(id: &str, place: &Place) -> anyhow::Result<ExitCode> {
    let service = place.open(place.config()?).await?;
    let outcome = match service.source(id) {
        Some(source) => Ok(service.look(&source, now()).await),
        None => Err(WrongUse(format!("there is no source `{id}`: `stimmung source list` has them all"))),
    };
    service.store.close().await;
    let look = outcome?.map_err(|error| {
        let hint = error.hint().map_or_else(String::new, |hint| format!(" ({hint})"));
        anyhow::anyhow!("`{id}` shows nothing: {error}{hint}")
    })?;
    print(&told(&look))?;
    Ok(ExitCode::SUCCESS)
}

/// For eyes at a terminal: whatever a stranger wrote stays in its line, without control characters.
fn told(look: &Look) -> String {
    let plain = |text: &str| -> String { text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect() };
    let name = look.name.as_deref().map_or_else(String::new, |name| format!("{}, ", plain(name)));
    let grade = look.grade.map_or_else(String::new, |grade| format!(": {grade}"));
    let mut text = format!("{name}{}{grade}\n{}\n", look.credit, look.chosen);
    for mention in &look.mentions {
        let at = mention.published_at.map_or_else(|| "no date".to_owned(), |at| at.to_string());
        let rating = mention.rating.map_or_else(String::new, |rating| format!("  {}/{}", rating.value, rating.best));
        let author = mention.author.as_ref().map_or("no name", |author| author.name.as_str());
        text += &format!("\n{at}{rating}  {}\n", plain(author));
        for line in
            [Some(mention.text.as_str()), mention.url.as_deref()].into_iter().flatten().filter(|it| !it.is_empty())
        {
            text += &format!("  {}\n", plain(line));
        }
    }
    text.trim_end().to_owned()
}

fn table(health: &[SourceHealth]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(["source", "kind", "state", "a day", "usual", "newest", "last round", "next", "left"]);
    for one in health {
        let time = |at: Option<crate::mention::Timestamp>| at.map_or_else(String::new, |at| at.to_string());
        table.add_row([
            one.id.clone(),
            one.kind.to_owned(),
            one.state.name().to_owned(),
            format!("{:.1}", one.per_day),
            one.usual_per_day.map_or_else(String::new, |usual| format!("{usual:.1}")),
            time(one.last_mention_at),
            time(one.last_success_at),
            time(one.due_at),
            one.quota_left.map_or_else(String::new, |left| left.to_string()),
        ]);
    }
    for index in [3, 4, 8] {
        if let Some(column) = table.column_mut(index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let mut text = table.to_string();
    let grades: Vec<String> = health.iter().filter_map(grade).collect();
    if !grades.is_empty() {
        text += &format!("\n\n{}", grades.join("\n"));
    }
    for one in health.iter().filter(|one| one.failures > 0) {
        let error = one.error.as_ref().map_or("it is not known why", |error| &error.english);
        text += &format!("\n\n{}: {} rounds in a row failed: {error}", one.id, one.failures);
        text += &one.hint.as_ref().map_or_else(String::new, |hint| format!("\n  hint: {hint}"));
    }
    text
}

/// What the source says of the whole profile, since when, and what it said 30 days ago.
fn grade(one: &SourceHealth) -> Option<String> {
    let graded = one.grade.as_ref()?;
    let before = graded.a_month_ago.map_or_else(String::new, |before| format!("; 30 days ago {before}"));
    Some(format!("{}: {} since {}{before}", one.id, graded.grade, graded.since))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mention::{Grade, Rating, Timestamp};
    use crate::service::State;
    use crate::store::Graded;
    use crate::tongue::said;

    #[test]
    fn sources_are_shown_with_what_is_usual_and_why_they_fail() {
        let at = |hour: i64| Some(Timestamp::from_seconds(1_790_000_000 + hour * 3600));
        let well = SourceHealth {
            id: "forum".to_owned(),
            kind: "feed",
            state: State::Speaking,
            last_success_at: at(0),
            due_at: at(1),
            last_mention_at: at(-2),
            per_day: 12.34,
            usual_per_day: Some(11.0),
            failures: 0,
            error: None,
            hint: None,
            quota_left: Some(58),
            set_in: "sources.toml",
            paused_at: None,
            grade: Some(Graded {
                source: "forum".to_owned(),
                grade: Grade { rating: Rating::stars(4.62), reviews: Some(1204) },
                since: Timestamp::from_seconds(1_790_000_000),
                a_month_ago: Some(Grade { rating: Rating::stars(4.58), reviews: Some(1180) }),
            }),
        };
        let ill = SourceHealth {
            id: "shop".to_owned(),
            state: State::Failing,
            failures: 3,
            error: Some(said("Der Server hat mit 403 geantwortet", "the server answered 403").into()),
            hint: Some(said("Prüfen Sie den Schlüssel", "check the key").into()),
            usual_per_day: None,
            grade: None,
            ..well.clone()
        };
        insta::assert_snapshot!(serde_json::to_string_pretty(&well.grade).unwrap());
        let young = Graded { a_month_ago: None, ..well.grade.clone().unwrap() };
        let young = SourceHealth { id: "portal".to_owned(), grade: Some(young), ..well.clone() };
        let paused_at = Some(Timestamp::from_seconds(1_790_000_000));
        let resting =
            SourceHealth { id: "blog".to_owned(), state: State::Paused, paused_at, due_at: None, ..young.clone() };
        let resting = SourceHealth { grade: None, ..resting };
        insta::assert_snapshot!(table(&[well, young, ill, resting]));
    }
}
