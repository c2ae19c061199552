//! What a repository of a model has, and where.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::{ModelError, Source};
use crate::http::{Answer, Request};

/// `owner/name`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Id {
    owner: String,
    name: String,
}

/// A repository as it was at one commit, so that all files are of one version of the model.
#[derive(Debug)]
pub(super) struct Repository {
    id: Id,
    pub(super) commit: String,
    files: Vec<File>,
}

/// A file as the server lists it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct File {
    pub(super) name: String,
    pub(super) size: u64,
    /// In hexadecimal digits; known of large files only.
    pub(super) sha256: Option<String>,
}

/// The server's answer, as far as it is read.
#[derive(Deserialize)]
struct Listing {
    #[serde(deserialize_with = "commit")]
    sha: String,
    siblings: Vec<Listed>,
}

#[derive(Deserialize)]
struct Listed {
    #[serde(rename = "rfilename")]
    name: String,
    size: u64,
    lfs: Option<Large>,
}

#[derive(Deserialize)]
struct Large {
    sha256: String,
}

/// It is shown, and becomes a part of addresses.
fn commit<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    let is_hash = (7..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hash { Ok(text) } else { Err(D::Error::custom("`sha` is no commit")) }
}

impl Id {
    /// The owner and the name become a folder, and must not become another one.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let fits = |part: &str| {
            (1..=96).contains(&part.len())
                && part.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
                && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))
        };
        match text.split_once('/') {
            Some((owner, name)) if fits(owner) && fits(name) => {
                Ok(Self { owner: owner.to_owned(), name: name.to_owned() })
            }
            _ => Err("write the ID as `owner/name`, of letters, digits, dots, hyphens and underscores".to_owned()),
        }
    }

    /// Two models of one name from different owners must not share a folder.
    pub(super) fn folder(&self) -> String {
        format!("{}--{}", self.owner, self.name)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.owner, self.name)
    }
}

impl Repository {
    /// Asks what there is.
    pub(super) async fn ask(source: &Source, id: &Id, revision: &str) -> Result<Self, ModelError> {
        let request =
            source.request(&["api", "models", &id.owner, &id.name, "revision", revision], Some("blobs=true"))?;
        let answer = source.fetcher.get(&request).await;
        let answer = answer.map_err(ModelError::ask(&format!("the list of files of `{id}`")))?;
        let body = match answer {
            Answer::Page(page) => page.body,
            Answer::NotModified { .. } => Vec::new(),
        };
        let listing: Listing =
            serde_json::from_slice(&body).map_err(|source| ModelError::List { id: id.clone(), source })?;
        Ok(Self { id: id.clone(), commit: listing.sha, files: listing.siblings.into_iter().map(File::from).collect() })
    }

    pub(super) fn file(&self, name: &str) -> Result<&File, ModelError> {
        let missing = || ModelError::Missing { id: self.id.clone(), file: name.to_owned() };
        self.files.iter().find(|file| file.name == name).ok_or_else(missing)
    }

    /// Where a file is.
    pub(super) fn request(&self, source: &Source, file: &str) -> Result<Request, ModelError> {
        source.request(&[&self.id.owner, &self.id.name, "resolve", &self.commit, file], None)
    }
}

impl From<Listed> for File {
    fn from(listed: Listed) -> Self {
        let sha256 = listed.lfs.map(|large| large.sha256.to_lowercase());
        Self { name: listed.name, size: listed.size, sha256 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_an_owner_and_a_name() {
        let id = Id::parse("some-owner/Model_1.5-de").unwrap();
        assert_eq!(
            (id.to_string(), id.folder()),
            ("some-owner/Model_1.5-de".into(), "some-owner--Model_1.5-de".into())
        );
        for text in ["", "name", "/name", "owner/", "owner/a/b", "../name", "owner/..", "owner/.x", "o w/n", "ö/n"] {
            assert!(Id::parse(text).is_err(), "{text}");
        }
    }
}
