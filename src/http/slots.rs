//! One lock and one value for each key, in bounded memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

/// Values by key, each behind a lock of its own that can be held across a request; first come, first served.
#[derive(Debug)]
pub(super) struct Slots<T> {
    limit: usize,
    slots: Mutex<HashMap<String, Arc<AsyncMutex<T>>>>,
}

impl<T: Default> Slots<T> {
    /// Remembers about `limit` values, more only while more are locked.
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, slots: Mutex::default() }
    }

    /// Waits for the lock of `key`. Where room is needed, values that are `stale` are forgotten first.
    pub(super) async fn lock(&self, key: &str, stale: impl Fn(&T) -> bool) -> OwnedMutexGuard<T> {
        self.slot(key, stale).lock_owned().await
    }

    fn slot(&self, key: &str, stale: impl Fn(&T) -> bool) -> Arc<AsyncMutex<T>> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = slots.get(key) {
            return Arc::clone(slot);
        }
        if slots.len() >= self.limit {
            slots.retain(|_, slot| is_held(slot) || slot.try_lock().is_ok_and(|value| !stale(&value)));
        }
        if slots.len() >= self.limit {
            slots.retain(|_, slot| is_held(slot));
        }
        Arc::clone(slots.entry(key.to_owned()).or_default())
    }
}

/// Somebody has this slot or waits for it. Only called under the map's lock, where no new claim can arise.
fn is_held<T>(slot: &Arc<AsyncMutex<T>>) -> bool {
    Arc::strong_count(slot) > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_value_is_kept_under_its_key() {
        let slots = Slots::<u32>::new(2);
        *slots.lock("a", |_| true).await = 7;
        assert_eq!(*slots.lock("a", |_| true).await, 7);
        assert_eq!(*slots.lock("b", |_| true).await, 0);
    }

    #[tokio::test]
    async fn stale_values_make_room_first() {
        let slots = Slots::<u32>::new(2);
        *slots.lock("stale", |_| false).await = 1;
        *slots.lock("fresh", |_| false).await = 2;
        drop(slots.lock("new", |value| *value == 1).await);
        assert_eq!(*slots.lock("fresh", |_| false).await, 2);
        assert_eq!(slots.slots.lock().unwrap().len(), 2);
    }

    #[tokio::test]
    async fn memory_stays_bounded_though_nothing_is_stale() {
        let slots = Slots::<u32>::new(10);
        for key in 0..1000 {
            drop(slots.lock(&key.to_string(), |_| false).await);
        }
        assert!(slots.slots.lock().unwrap().len() <= 10);
    }

    #[tokio::test]
    async fn a_held_value_is_never_forgotten() {
        let slots = Slots::<u32>::new(1);
        let mut held = slots.lock("held", |_| true).await;
        drop(slots.lock("other", |_| true).await);
        *held = 5;
        drop(held);
        assert_eq!(*slots.lock("held", |_| false).await, 5);
    }
}
