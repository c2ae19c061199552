//! `stimmung export`

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::pin::pin;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use futures_util::TryStreamExt as _;

use super::Place;
use crate::export::{Format, Writer};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// csv or jsonl
    #[arg(long, value_name = "FORMAT", default_value = "csv", value_parser = format)]
    format: Format,
    /// Only mentions about this brand
    #[arg(long, value_name = "NAME")]
    brand: Option<String>,
    /// Only mentions with all of these words
    #[arg(long, value_name = "WORDS")]
    search: Option<String>,
    /// Write to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Begin a CSV with the byte order mark by which Excel knows UTF-8
    #[arg(long)]
    excel: bool,
}

fn format(name: &str) -> Result<Format, String> {
    Format::parse(name).ok_or_else(|| "write `csv` or `jsonl`".to_owned())
}

pub(super) async fn execute(arguments: &Arguments, place: &Place) -> anyhow::Result<ExitCode> {
    let service = place.open(place.config()?).await?;
    let out: Box<dyn Write> = match &arguments.output {
        Some(path) => Box::new(File::create(path).with_context(|| format!("cannot write {}", path.display()))?),
        None => Box::new(io::stdout()),
    };
    let out = BufWriter::new(out);
    let mut writer = match arguments.excel {
        true => Writer::with_byte_order_mark(out, arguments.format),
        false => Writer::new(out, arguments.format),
    }?;
    let mut records = pin!(service.store.records(arguments.brand.as_deref(), arguments.search.as_deref()));
    while let Some(record) = records.try_next().await? {
        match writer.write(&record) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(ExitCode::SUCCESS),
            written => written.context("cannot write the export")?,
        }
    }
    writer.finish().context("cannot write the export")?;
    Ok(ExitCode::SUCCESS)
}
