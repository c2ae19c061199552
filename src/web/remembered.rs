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
/// Who asks after somebody has written, this program or another, is told what a look says now: an answer never is an old one.
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
