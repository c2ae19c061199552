//! What a finding says to people: what moved, since when, by how much, where, in whose words. Pure.

use serde::{Deserialize, Serialize};

use crate::detect::Finding;
use crate::mention::{Label, Language, Timestamp};

/// What an explanation needs to know of a mention.
#[derive(Clone, Debug, PartialEq)]
pub struct Excerpt {
    /// Arrival, as the detector counted it.
    pub arrived_at: Timestamp,
    /// The source's id.
    pub source: String,
    /// As analysed.
    pub language: Option<Language>,
    /// The mood.
    pub label: Label,
    /// −1…1.
    pub score: f64,
    /// Title and text.
    pub text: String,
    /// Where to read it.
    pub url: Option<String>,
}

/// A finding, explained: everything that mails and pages say of it, in numbers and quotes, in no language yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    /// Whom it is about.
    pub brand: String,
    /// What happened.
    pub finding: Finding,
}

/// A message in the recipient's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// One line.
    pub subject: String,
    /// The plain-text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
}

/// Explains a finding by the mentions that the detector counted before and since its onset.
pub fn explain(brand: &str, finding: &Finding, before: &[Excerpt], since: &[Excerpt]) -> Alert {
    let _ = (brand, finding, before, since);
    todo!()
}

/// Writes the mail. Languages other than German and English get English.
pub fn mail(alert: &Alert, language: Language) -> Mail {
    let _ = (alert, language);
    todo!()
}
