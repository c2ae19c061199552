//! `stimmung model fetch`

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use bytesize::ByteSize;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use url::Url;

use self::partial::Partial;
use self::repository::{File, Id, Repository};
use crate::cli::print;
use crate::http::{Fetcher, Request, Settings};

pub(in crate::cli) use self::error::ModelError;

mod error;
mod partial;
mod repository;

/// The weights come last: what is wrong with the small files is known before the wait.
const FILES: [&str; 3] = ["config.json", "tokenizer.json", "model.safetensors"];

/// A connection that breaks is taken up again where it ended, until so many in a row have brought nothing.
const VAIN_ATTEMPTS: usize = 3;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The repository, as in `owner/name`
    #[arg(value_parser = Id::parse)]
    id: Id,
    /// Where the model gets a folder of its own, `OWNER--NAME`
    #[arg(long, value_name = "DIR", default_value = "models")]
    into: PathBuf,
    /// Branch, tag or commit
    #[arg(long, value_name = "REVISION", default_value = "main")]
    revision: String,
    /// The server; one that is named may be in a private network, and is asked without a proxy
    #[arg(long, value_name = "URL")]
    from: Option<Url>,
}

pub(super) async fn execute(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let folder = arguments.into.join(arguments.id.folder());
    let source = Source::new(arguments.from.as_ref())?;
    let repository = Repository::ask(&source, &arguments.id, &arguments.revision).await?;
    let files = FILES.iter().map(|name| repository.file(name)).collect::<Result<Vec<_>, _>>()?;
    std::fs::create_dir_all(&folder).map_err(ModelError::write(&folder))?;
    for file in files {
        fetch(&source, &repository, file, &folder).await?;
        print(&format!("{} ({})", folder.join(&file.name).display(), ByteSize(file.size).display().si()))?;
    }
    print(&format!("the model of {}, revision {}\n", arguments.id, repository.commit))?;
    print(&format!("[analyse]\ntransformer.folder = {}", toml::Value::from(folder.display().to_string())))?;
    if cfg!(not(feature = "transformer")) {
        print("\nnote: to use it, build this program with the feature `transformer`")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// A server that has models, and how it is asked.
struct Source {
    base: Url,
    fetcher: Fetcher,
    /// It was named on the command line.
    is_private: bool,
}

impl Source {
    /// Without `from`, the one that the IDs are from.
    fn new(from: Option<&Url>) -> Result<Self, ModelError> {
        let usual = || Url::parse("https://huggingface.co");
        let base = from.map_or_else(usual, |url| Ok(url.clone())).map_err(|_| ModelError::Address)?;
        // It is made for programs: between two requests there need be no more than a breath.
        let settings = Settings { gap_per_host: Duration::from_millis(100), ..Settings::default() };
        let fetcher = Fetcher::new(&settings).map_err(ModelError::ask("anything"))?;
        Ok(Self { base, fetcher, is_private: from.is_some() })
    }

    /// The address below that of the server; each segment may have any character.
    fn request(&self, segments: &[&str], query: Option<&str>) -> Result<Request, ModelError> {
        let mut url = self.base.clone();
        url.path_segments_mut().map_err(|()| ModelError::Address)?.pop_if_empty().extend(segments);
        url.set_query(query);
        Ok(Request::new(url, "*/*", self.is_private))
    }
}

/// Fetches a file, or what is missing of it, over as many connections as it takes.
async fn fetch(source: &Source, repository: &Repository, file: &File, folder: &Path) -> Result<(), ModelError> {
    let partial = Partial::of(&folder.join(&file.name));
    if partial.is_done(file)? {
        return Ok(());
    }
    let request = repository.request(source, &file.name)?;
    let progress = bar(file);
    let mut in_vain = 0;
    loop {
        let before = partial.begin(file)?;
        let Err(error) = partial.download(source, &request, file, &progress).await else { break };
        in_vain = if partial.length() > before { 0 } else { in_vain + 1 };
        if in_vain == VAIN_ATTEMPTS || !error.is_transient() {
            return Err(error);
        }
        tracing::warn!(file = file.name, "{error}: trying again");
    }
    progress.finish_and_clear();
    partial.finish(file)
}

fn bar(file: &File) -> ProgressBar {
    let template = "{msg} {bar:30} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left";
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(file.size).with_style(style).with_message(file.name.clone())
}
