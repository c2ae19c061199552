//! What a round has heard: of each post the last word. Pure.

use std::collections::{HashMap, HashSet};

use super::event::{Event, What};
use crate::collect::Batch;
use crate::mention::{Language, Mention};
use crate::tongue::{Said, said};

pub(super) struct Heard<'a> {
    languages: &'a [Language],
    is_wanted: &'a (dyn Fn(&str) -> bool + Sync),
    latest: i64,
    newest: Option<i64>,
    count: usize,
    unread: usize,
    /// By native id, in the order in which they were met; `None`: it is not there any more.
    posts: Vec<(String, Option<Mention>)>,
    places: HashMap<String, usize>,
    gone_authors: HashSet<String>,
}

impl<'a> Heard<'a> {
    pub(super) fn new(languages: &'a [Language], is_wanted: &'a (dyn Fn(&str) -> bool + Sync), latest: i64) -> Self {
        let (posts, places, gone_authors) = (Vec::new(), HashMap::new(), HashSet::new());
        Self { languages, is_wanted, latest, newest: None, count: 0, unread: 0, posts, places, gone_authors }
    }

    pub(super) fn take(&mut self, message: &str) {
        self.count += 1;
        let Some(Event { at, what }) = Event::read(message, self.latest) else {
            self.unread += 1;
            return;
        };
        self.newest = self.newest.max(Some(at));
        match what {
            What::Other => {}
            What::Deleted(id) => self.put(id, None),
            What::AuthorGone(author) => {
                let own = format!("at://{author}/");
                self.posts.iter_mut().filter(|(id, _)| id.starts_with(&own)).for_each(|(_, post)| *post = None);
                self.gone_authors.insert(author);
            }
            What::Written { mention, languages, is_edit } => {
                let is_wanted = self.is_understood(&languages) && (self.is_wanted)(&mention.full_text());
                if is_wanted {
                    self.put(mention.native_id.clone(), Some(*mention));
                } else if is_edit || self.places.contains_key(&mention.native_id) {
                    self.put(mention.native_id, None);
                }
            }
        }
    }

    fn is_understood(&self, languages: &[Language]) -> bool {
        let has_some = |list: &[Language]| !list.is_empty();
        !has_some(self.languages) || !has_some(languages) || languages.iter().any(|it| self.languages.contains(it))
    }

    fn put(&mut self, id: String, post: Option<Mention>) {
        if let Some(&place) = self.places.get(&id) {
            self.posts[place].1 = post;
        } else {
            self.places.insert(id.clone(), self.posts.len());
            self.posts.push((id, post));
        }
    }

    /// The time of the newest event, in microseconds.
    pub(super) fn newest(&self) -> Option<i64> {
        self.newest
    }

    /// Of messages, whatever is in them.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// What to say where there was no event.
    pub(super) fn nothing(&self) -> Said {
        match self.count {
            0 => said("Der Stream sagt nichts", "the stream says nothing").into(),
            count => Said {
                german: format!("Keine von {count} Nachrichten ist ein Ereignis eines Jetstreams"),
                english: format!("none of {count} messages is an event of a Jetstream"),
            },
        }
    }

    /// Without a cursor.
    pub(super) fn batch(&mut self) -> Batch {
        let mut batch = Batch::default();
        for (id, post) in self.posts.drain(..) {
            match post {
                Some(mention) => batch.mentions.push(mention),
                None => batch.removed.push(id),
            }
        }
        self.places.clear();
        batch.removed_authors = self.gone_authors.drain().collect();
        batch.removed_authors.sort_unstable();
        if self.unread > 0 {
            batch.notes.push(format!("{} messages could not be read and are left out", self.unread));
        }
        batch
    }
}
