//! `stimmung model corpus`: how large and how varied the corpus is.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::analyse::train;
use crate::cli::print;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The corpus: a folder for each language with one file a domain
    #[arg(value_name = "DIR", default_value = "model/corpus")]
    folder: PathBuf,
}

pub(super) fn execute(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let samples = train::samples(&arguments.folder, None)?;
    let mut code = ExitCode::SUCCESS;
    for survey in train::survey(&samples) {
        let growth: Vec<_> = survey.growth.iter().map(|(texts, words)| format!("{texts}: {words}")).collect();
        print(&format!(
            "{}  {} texts, {} disputed; different words by texts read: {}",
            survey.language,
            survey.texts,
            survey.disputed,
            growth.join(", ")
        ))?;
        for [(domain, text), (other_domain, other)] in &survey.alike {
            code = ExitCode::FAILURE;
            print(&format!("  too alike: {domain}: {text}\n             {other_domain}: {other}"))?;
        }
    }
    Ok(code)
}
