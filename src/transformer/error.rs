//! Why a model cannot be used.

use std::io;
use std::path::{Path, PathBuf};

/// Why a model cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TransformerError {
    /// A file of the model cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file of the model was read, and cannot be used.
    #[error("{}: {problem}", path.display())]
    Wrong {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
        /// What to do about it.
        hint: String,
    },
    /// The model was loaded, and fails on texts.
    #[error("the model `{model}` cannot compute: {problem}")]
    Compute {
        /// Its name.
        model: String,
        /// As the library words it.
        problem: String,
    },
}

impl TransformerError {
    /// What to do about it.
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::Read { source, .. } if source.kind() == io::ErrorKind::NotFound => Some(
                "a model is a folder with config.json, tokenizer.json and model.safetensors, as \
                 `stimmung model fetch` makes it",
            ),
            Self::Read { .. } => None,
            Self::Wrong { hint, .. } => Some(hint),
            Self::Compute { .. } => Some("fetch the model again, or take another one"),
        }
    }

    pub(super) fn read(path: &Path) -> impl FnOnce(io::Error) -> Self {
        |source| Self::Read { path: path.to_owned(), source }
    }

    pub(super) fn wrong(path: &Path, problem: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Wrong { path: path.to_owned(), problem: problem.into(), hint: hint.into() }
    }

    pub(super) fn compute(model: &str, problem: impl Into<String>) -> Self {
        Self::Compute { model: model.to_owned(), problem: problem.into() }
    }
}
