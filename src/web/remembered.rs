//! What was found out, and holds as long as nobody writes to the database: numbers, never anybody's name or words.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

use crate::store::{Store, StoreError};

/// So many answers are kept at most: what is asked for stands in addresses.
const MOST: usize = 256;

/// Answers to questions that take a long look; cheap to clone.
///
/// Who asks after somebody has written, this program or another, is told what a look says now.
pub(super) struct Remembered<Question, Answer>(Arc<Mutex<Known<Question, Answer>>>);

struct Known<Question, Answer> {
    /// Of the database: see [`Store::data_version`].
    version: i64,
    answers: HashMap<Question, Arc<OnceCell<Arc<Answer>>>>,
}

impl<Question, Answer> Clone for Remembered<Question, Answer> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<Question, Answer> Default for Remembered<Question, Answer> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Known { version: 0, answers: HashMap::new() })))
    }
}

impl<Question: Eq + Hash, Answer> Remembered<Question, Answer> {
    /// What is known, or what a look finds; of many who ask at once, one looks.
    ///
    /// # Errors
    /// When the database refuses; whoever asks next looks again.
    pub(super) async fn or(
        &self,
        store: &Store,
        question: Question,
        look: impl Future<Output = Result<Answer, StoreError>>,
    ) -> Result<Arc<Answer>, StoreError> {
        // Asked before the look: what is written during it makes the next one look again, and is not missed.
        let cell = self.cell(store.data_version().await?, question);
        Ok(cell.get_or_try_init(async || look.await.map(Arc::new)).await?.clone())
    }

    fn cell(&self, version: i64, question: Question) -> Arc<OnceCell<Arc<Answer>>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.version != version || known.answers.len() >= MOST {
            *known = Known { version, answers: HashMap::new() };
        }
        known.answers.entry(question).or_default().clone()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

    use super::*;
    use crate::mention::SourceId;

    /// A memory, and how often somebody has looked.
    struct Looks {
        store: Store,
        remembered: Remembered<&'static str, usize>,
        count: AtomicUsize,
    }

    impl Looks {
        async fn ask(&self, question: &'static str) -> usize {
            let look = async { Ok(self.count.fetch_add(1, SeqCst) + 1) };
            *self.remembered.or(&self.store, question, look).await.unwrap()
        }
    }

    #[tokio::test]
    async fn one_looks_for_all_until_somebody_writes_whoever_that_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.db");
        let store = Store::open(&path).await.unwrap();
        let elsewhere = Store::open(&path).await.unwrap();
        let looks = Looks { store, remembered: Remembered::default(), count: AtomicUsize::new(0) };
        assert_eq!(tokio::join!(looks.ask("a"), looks.ask("a"), looks.ask("b")), (1, 1, 2));
        assert_eq!(looks.ask("a").await, 1);
        let sources = ["forum", "press"].map(|id| SourceId::parse(id).unwrap());
        for (store, source, looked) in [(&looks.store, &sources[0], 3), (&elsewhere, &sources[1], 4)] {
            store.register([source], []).await.unwrap();
            assert_eq!((looks.ask("a").await, looks.ask("a").await), (looked, looked));
        }
    }

    #[tokio::test]
    async fn a_look_that_fails_is_not_remembered() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("test.db")).await.unwrap();
        let remembered: Remembered<(), u8> = Remembered::default();
        let fails = async { Err(StoreError::Random { source: std::io::Error::other("no") }) };
        assert!(remembered.or(&store, (), fails).await.is_err());
        assert_eq!(*remembered.or(&store, (), async { Ok(7) }).await.unwrap(), 7);
    }
}
