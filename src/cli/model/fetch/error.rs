//! Why a model cannot be downloaded.

use std::path::{Path, PathBuf};

use super::repository::Id;
use crate::http::FetchError;

/// Why a model cannot be downloaded.
#[derive(Debug, thiserror::Error)]
pub(in crate::cli) enum ModelError {
    /// The address of the server cannot have paths.
    #[error("the server is no address of the kind https://example.org")]
    Address,
    /// The server does not give what was asked for.
    #[error("cannot get {what}")]
    Ask {
        /// What was asked for.
        what: String,
        /// Why.
        source: FetchError,
    },
    /// The server's list of files is none.
    #[error("the server does not list the files of `{id}`")]
    List {
        /// The repository.
        id: Id,
        /// What is wrong with its answer.
        source: serde_json::Error,
    },
    /// The repository is of another kind.
    #[error("`{id}` has no {file}")]
    Missing {
        /// The repository.
        id: Id,
        /// The file.
        file: String,
    },
    /// The file is not the one that the server lists.
    #[error("{file} is damaged: {problem}")]
    Damaged {
        /// The file.
        file: String,
        /// What differs.
        problem: String,
    },
    /// The disk does not take it.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl ModelError {
    /// What to do about it.
    pub(in crate::cli) fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Address => Some("leave --from out, or write an address that begins with https:// or http://"),
            Self::Ask { source: FetchError::Status { status: 401 | 403 | 404, .. }, .. } => {
                Some("check the spelling of the ID and the revision; models that want a login cannot be fetched")
            }
            Self::Ask { source, .. } if source.is_transient() => {
                Some("run the command again later: it goes on where it ended")
            }
            Self::Ask { .. } => Some("check the address of the server in a browser"),
            Self::List { .. } => Some("check that --from is a server in the manner of Hugging Face"),
            Self::Missing { .. } => Some(
                "only models with config.json, tokenizer.json and a single model.safetensors can be used: look for \
                 another revision, or another model",
            ),
            Self::Damaged { .. } => {
                Some("run the command again; if it ends the same way, the server has another file than it lists")
            }
            Self::Write { .. } => Some("check the disk, and whether you may write there"),
        }
    }

    /// Whether the same may succeed soon. A server that asked for a pause is not disturbed again.
    pub(super) fn is_transient(&self) -> bool {
        matches!(self, Self::Ask { source, .. } if source.is_transient() && source.retry_after().is_none())
    }

    pub(super) fn ask(what: &str) -> impl FnOnce(FetchError) -> Self {
        |source| Self::Ask { what: what.to_owned(), source }
    }

    pub(super) fn write(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        |source| Self::Write { path: path.to_owned(), source }
    }
}
