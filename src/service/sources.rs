//! Where the service listens now: what `sources.toml` says, and what was added, paused or asked for on a page since.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use tokio::sync::Notify;

use super::{Service, on_a_thread};
use crate::config::{ADDED, Origin, Problems, Source};
use crate::mention::{SourceId, Timestamp};
use crate::store::StoreError;

/// How the file of added sources begins.
const HEADER: &str = "\
# Sources that were added on a page of Stimmung; sources.toml itself is never changed by it.
# You may edit this file, too: only [[source]] belongs here. It is read at the start, after sources.toml.
";

/// Where is listened, and the way to change that.
pub(super) struct Sources {
    now: RwLock<Arc<Vec<Source>>>,
    file: PathBuf,
    /// Held while the file is changed.
    writing: tokio::sync::Mutex<()>,
    /// Asked for by somebody, and not asked yet.
    asked: Mutex<BTreeSet<SourceId>>,
    changed: Notify,
}

/// Why a source was not added or removed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// The file would have mistakes, or has.
    #[error(transparent)]
    Wrong(#[from] Problems),
    /// The file cannot be read or written.
    #[error("cannot change {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Not a source that was added; those of `sources.toml` are taken out there.
    #[error("there is no added source `{0}`")]
    NotAdded(String),
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Sources {
    pub(super) fn new(sources: Vec<Source>, data: &Path) -> Self {
        Self {
            now: RwLock::new(Arc::new(sources)),
            file: data.join(ADDED),
            writing: tokio::sync::Mutex::default(),
            asked: Mutex::default(),
            changed: Notify::new(),
        }
    }

    /// Waits until a source is added, removed, or asked for.
    pub(super) async fn changed(&self) {
        self.changed.notified().await;
    }

    /// Those that somebody asked for since the last time.
    pub(super) fn take_asked(&self) -> BTreeSet<SourceId> {
        std::mem::take(&mut self.asked.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Service {
    /// Where it listens now: those of `sources.toml` in their order, then those that were added.
    pub fn sources(&self) -> Arc<Vec<Source>> {
        self.sources.now.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The source of that name.
    pub fn source(&self, id: &str) -> Option<Source> {
        self.sources().iter().find(|source| source.id.as_str() == id).cloned()
    }

    /// Has a running service ask a source at once, as far as its host allows.
    pub fn ask_at_once(&self, source: &SourceId) {
        self.sources.asked.lock().unwrap_or_else(PoisonError::into_inner).insert(source.clone());
        self.sources.changed.notify_one();
    }

    /// Does not ask a source until it is resumed.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn pause_source(&self, source: &SourceId, now: Timestamp) -> Result<(), StoreError> {
        self.store.pause_source(source, now).await
    }

    /// Asks a paused source again, and at once.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn resume_source(&self, source: &SourceId, now: Timestamp) -> Result<(), StoreError> {
        self.store.resume_source(source, now).await?;
        self.ask_at_once(source);
        Ok(())
    }

    /// Adds a source, as it would stand in `sources.toml`, and asks it at once. Nothing is added where anything is
    /// wrong.
    ///
    /// # Errors
    /// When the block has mistakes, or the file or the database refuses.
    pub async fn add_source(&self, block: &str) -> Result<(), ChangeError> {
        let _writing = self.sources.writing.lock().await;
        let mut text = self.read_added()?;
        if text.trim().is_empty() {
            HEADER.clone_into(&mut text);
        }
        let _ = write!(text, "\n{}\n", block.trim());
        self.change_added(text).await
    }

    /// Removes a source that was added; what it has said stays.
    ///
    /// # Errors
    /// When it is none of those, or the file or the database refuses.
    pub async fn remove_source(&self, id: &SourceId, now: Timestamp) -> Result<(), ChangeError> {
        let _writing = self.sources.writing.lock().await;
        let text = self.read_added()?;
        let place = self.parse_added(&text)?.iter().position(|source| source.id == *id);
        let not_added = || ChangeError::NotAdded(id.to_string());
        let rest = without_block(&text, place.ok_or_else(not_added)?);
        self.change_added(rest).await?;
        Ok(self.store.retire_source(id, now).await?)
    }

    fn parse_added(&self, text: &str) -> Result<Vec<Source>, Problems> {
        self.config.parse_added(text, &self.sources.file.display().to_string())
    }

    fn read_added(&self) -> Result<String, ChangeError> {
        match std::fs::read_to_string(&self.sources.file) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
            read => read.map_err(|source| ChangeError::File { path: self.sources.file.clone(), source }),
        }
    }

    /// Writes the file and listens by it: what somebody else has changed in it meanwhile counts from now on, too.
    async fn change_added(&self, text: String) -> Result<(), ChangeError> {
        let added = self.parse_added(&text)?;
        let ids: Vec<SourceId> = added.iter().map(|source| source.id.clone()).collect();
        self.store.register(&ids, []).await?;
        let path = self.sources.file.clone();
        let written = on_a_thread(move || replace(&path, &text)).await;
        written.transpose().map_err(|source| ChangeError::File { path: self.sources.file.clone(), source })?;
        let own = self.config.sources.iter().filter(|source| source.origin == Origin::File).cloned();
        let all = Arc::new(own.chain(added).collect());
        *self.sources.now.write().unwrap_or_else(PoisonError::into_inner) = all;
        self.sources.changed.notify_one();
        Ok(())
    }
}

/// A crash leaves the old file or the new one.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let new = path.with_extension("toml.new");
    let mut file = std::fs::File::create(&new)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(new, path)
}

/// The text without its `[[source]]` of that place, from its header to the next one; comments above a block stay.
fn without_block(text: &str, place: usize) -> String {
    let mut before = None;
    let mut rest = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        if line.split_whitespace().collect::<String>().starts_with("[[source]]") {
            before = Some(before.map_or(0, |before: usize| before + 1));
        }
        if before != Some(place) {
            rest.push_str(line);
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::detect::{Finding, FindingKind};

    const TEXT: &str = "[[brand]]\nname = \"Lerchenbahn\"\nany = [\"Lerchenbahn\"]\n\
        [[source]]\nid = \"own\"\nevery = \"1h\"\nfrom.feed = { url = \"https://example.org/own\" }\n";

    fn block(id: &str) -> String {
        format!("[[source]]\nid = \"{id}\"\nevery = \"1h\"\nfrom.feed = {{ url = \"https://example.org/{id}\" }}\n")
    }

    async fn service(data: &Path) -> Service {
        let config = Config::parse(TEXT, "sources.toml").unwrap().with_added(data).unwrap();
        Service::open_without_delivery(config, data, "test.db").await.unwrap()
    }

    fn names(service: &Service) -> Vec<String> {
        service.sources().iter().map(|source| source.id.to_string()).collect()
    }

    #[tokio::test]
    async fn what_is_added_is_listened_to_at_once_and_after_the_next_start() {
        let data = tempfile::tempdir().unwrap();
        let running = service(data.path()).await;
        running.add_source(&block("blog")).await.unwrap();
        running.add_source(&block("press")).await.unwrap();
        assert_eq!(names(&running), ["own", "blog", "press"]);
        assert_eq!(names(&service(data.path()).await), ["own", "blog", "press"]);
        let written = std::fs::read_to_string(data.path().join(ADDED)).unwrap();
        assert!(written.starts_with(HEADER) && written.contains("id = \"press\""), "{written}");
    }

    #[tokio::test]
    async fn what_is_removed_is_gone_and_the_others_stay_with_what_people_wrote_beside_them() {
        let data = tempfile::tempdir().unwrap();
        let running = service(data.path()).await;
        for id in ["blog", "press", "shop"] {
            running.add_source(&block(id)).await.unwrap();
        }
        let id = |id: &str| SourceId::parse(id).unwrap();
        running.remove_source(&id("press"), Timestamp::from_seconds(0)).await.unwrap();
        assert_eq!(names(&running), ["own", "blog", "shop"]);
        assert_eq!(names(&service(data.path()).await), ["own", "blog", "shop"]);
        let refused = running.remove_source(&id("own"), Timestamp::from_seconds(0)).await;
        assert!(matches!(refused, Err(ChangeError::NotAdded(_))), "sources.toml is the operator's");
    }

    #[tokio::test]
    async fn nobody_is_told_that_a_paused_source_is_silent() {
        let data = tempfile::tempdir().unwrap();
        let running = service(data.path()).await;
        running.add_source(&block("blog")).await.unwrap();
        let at = Timestamp::from_seconds(0);
        let silence = |place: Option<&str>| Finding {
            kind: FindingKind::Gap,
            at,
            onset: at,
            onset_earliest: at,
            onset_latest: at,
            evidence: 9.0,
            rarity_days: 400.0,
            residual: 0.0,
            place: place.map(str::to_owned),
            extent: None,
        };
        let own = ["own".to_owned()];
        assert!(running.is_wanted_silence(&silence(Some("own")), &own));
        assert!(!running.is_wanted_silence(&silence(Some("blog")), &own));
        assert!(!running.is_wanted_silence(&silence(None), &own), "the other one should speak");
        assert!(running.is_wanted_silence(&silence(None), &["own".to_owned(), "blog".to_owned()]));
        let volume = Finding { kind: FindingKind::Volume, ..silence(Some("own")) };
        assert!(!running.is_wanted_silence(&volume, &own));
    }

    #[tokio::test]
    async fn a_mistake_adds_nothing_and_names_the_file_and_the_line() {
        let data = tempfile::tempdir().unwrap();
        let running = service(data.path()).await;
        for wrong in [block("own"), block("blog").replace("1h", "1 fortnight"), "[mail]\nfrom = \"a@b\"".to_owned()] {
            let error = running.add_source(&wrong).await.unwrap_err().to_string();
            assert!(error.contains(&format!("{ADDED}:")), "{error}");
        }
        assert_eq!(names(&running), ["own"]);
        assert!(!data.path().join(ADDED).exists());
        std::fs::write(data.path().join(ADDED), block("own")).unwrap();
        let error = Config::parse(TEXT, "sources.toml").unwrap().with_added(data.path()).unwrap_err().to_string();
        assert!(error.contains("already") && error.contains(&format!("{ADDED}:2:6")), "{error}");
    }
}
