//! What a source says at this moment, of which its terms let nobody keep anything.

use crate::mention::{Grade, Mention};
use crate::tongue::Said;

/// What a source shows: for the eyes of whoever asked, and for nothing else.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// Whose profile it is, in the source's words.
    pub name: Option<String>,
    /// Where a person can see all of it.
    pub url: Option<String>,
    /// Of the whole profile.
    pub grade: Option<Grade>,
    /// In the order of the source. The key of an author may be the address of their profile.
    pub mentions: Vec<Mention>,
    /// So many items could not be read and are left out.
    pub unread: usize,
    /// Where it comes from, as it has to be named.
    pub credit: &'static str,
    /// How the source has chosen what it shows.
    pub chosen: Said<&'static str>,
}
