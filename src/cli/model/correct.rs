//! `stimmung model correct`: what people say the mood of stored texts is.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;

use crate::cli::{Place, print};
use crate::import;
use crate::service::{Service, now};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// CSV or JSON Lines with `label` and either `source` and `native_id`, or the `id` of an export
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Who says so
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

/// What a file brought.
#[derive(Default)]
struct Brought {
    found: usize,
    left_out: usize,
}

pub(super) async fn execute(arguments: &Arguments, place: &Place) -> anyhow::Result<ExitCode> {
    let service = place.open(place.config()?).await?;
    let mut left_out = 0;
    for file in &arguments.files {
        let brought = correct(&service, file, arguments.by.as_deref()).await?;
        left_out += brought.left_out;
        print(&format!("{}: {} corrected, {} left out", file.display(), brought.found, brought.left_out))?;
    }
    service.store.close().await;
    Ok(if left_out > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

async fn correct(service: &Service, file: &Path, by: Option<&str>) -> anyhow::Result<Brought> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let (mut corrections, mut brought) = (Vec::new(), Brought::default());
    for row in import::corrections(&bytes, &file.display().to_string())? {
        match row {
            Ok(correction) => corrections.push(correction),
            Err(problem) => {
                brought.left_out += 1;
                tracing::error!(line = problem.line, hint = problem.hint, "left out: {problem}");
            }
        }
    }
    let found = service.store.correct(&corrections, by, now()).await?;
    for (correction, found) in corrections.iter().zip(found) {
        brought.found += usize::from(found);
        if !found {
            brought.left_out += 1;
            tracing::error!(line = correction.line, "left out: line {}: there is no such mention", correction.line);
        }
    }
    Ok(brought)
}
