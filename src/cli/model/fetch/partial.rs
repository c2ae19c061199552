//! A file that grows beside its final place until it is whole.

use std::fs::{self, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use indicatif::ProgressBar;
use sha2::{Digest as _, Sha256};

use super::repository::File;
use super::{ModelError, Source};
use crate::http::Request;

/// `FILE.part`, and the `FILE` that it becomes.
pub(super) struct Partial {
    path: PathBuf,
    whole: PathBuf,
}

impl Partial {
    pub(super) fn of(whole: &Path) -> Self {
        let mut path = whole.as_os_str().to_owned();
        path.push(".part");
        Self { path: path.into(), whole: whole.to_owned() }
    }

    /// Whether the file is there from an earlier run. One that nothing vouches for is small, and fetched again.
    pub(super) fn is_done(&self, file: &File) -> Result<bool, ModelError> {
        let same_size = fs::metadata(&self.whole).is_ok_and(|metadata| metadata.len() == file.size);
        Ok(same_size && file.sha256.is_some() && Self::differs(&self.whole, file)?.is_none())
    }

    /// How much there is so far.
    pub(super) fn length(&self) -> u64 {
        fs::metadata(&self.path).map_or(0, |metadata| metadata.len())
    }

    /// Keeps what an earlier attempt brought, if the end will show whether both parts belong together.
    pub(super) fn begin(&self, file: &File) -> Result<u64, ModelError> {
        let length = self.length();
        if length <= file.size && file.sha256.is_some() {
            return Ok(length);
        }
        fs::write(&self.path, []).map_err(ModelError::write(&self.path))?;
        Ok(0)
    }

    /// Appends what is missing.
    pub(super) async fn download(
        &self,
        source: &Source,
        request: &Request,
        file: &File,
        progress: &ProgressBar,
    ) -> Result<(), ModelError> {
        let mut length = self.length();
        if length == file.size && length > 0 {
            return Ok(());
        }
        let mut download = source.fetcher.download(request, length).await.map_err(ModelError::ask(&file.name))?;
        // Whatever this is, it says nothing against what is here already.
        if download.size().is_some_and(|size| size != file.size) {
            return Err(damaged(file, "the server sends another size than it lists"));
        }
        length = download.start();
        let mut end = OpenOptions::new().create(true).append(true).open(&self.path).map_err(self.write())?;
        end.set_len(length).map_err(self.write())?;
        while let Some(piece) = download.piece().await.map_err(ModelError::ask(&file.name))? {
            let piece = piece.as_ref();
            length += piece.len() as u64;
            if length > file.size {
                return Err(self.unlike(file, "it is longer than the server lists"));
            }
            end.write_all(piece).map_err(self.write())?;
            progress.set_position(length);
        }
        end.sync_all().map_err(self.write())
    }

    /// Puts the file in its place, if it is what the server lists.
    pub(super) fn finish(&self, file: &File) -> Result<(), ModelError> {
        if let Some(problem) = Self::differs(&self.path, file)? {
            return Err(self.unlike(file, problem));
        }
        fs::rename(&self.path, &self.whole).map_err(ModelError::write(&self.whole))
    }

    fn differs(path: &Path, file: &File) -> Result<Option<&'static str>, ModelError> {
        let length = fs::metadata(path).map_err(ModelError::write(path))?.len();
        if length != file.size {
            return Ok(Some("it is shorter than the server lists"));
        }
        let Some(sha256) = &file.sha256 else { return Ok(None) };
        let same = digest(path).map_err(ModelError::write(path))? == *sha256;
        Ok((!same).then_some("its SHA-256 is not the one that the server lists"))
    }

    /// What is wrong from the beginning is of no use for a second attempt.
    fn unlike(&self, file: &File, problem: &str) -> ModelError {
        let _ = fs::remove_file(&self.path);
        damaged(file, problem)
    }

    fn write(&self) -> impl FnOnce(io::Error) -> ModelError {
        ModelError::write(&self.path)
    }
}

fn damaged(file: &File, problem: &str) -> ModelError {
    ModelError::Damaged { file: file.name.clone(), problem: problem.to_owned() }
}

/// The SHA-256 of a file in hexadecimal digits.
fn digest(path: &Path) -> io::Result<String> {
    let mut file = fs::File::open(path)?;
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()),
            read => digest.update(&buffer[..read]),
        }
    }
}
