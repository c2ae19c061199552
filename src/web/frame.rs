//! What all pages have around them: the way to the others, and the reader's language and light.

use chrono_tz::Tz;

use super::visitor::{Right, Scheme, Visitor, Who};
use super::{Site, asset};
use crate::alert::format::{Format, Tongue};
use crate::tongue::Said;

/// Which page one is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Overview,
    Mentions,
    Queue,
    Findings,
    Sources,
    Reports,
    /// None of those that the head leads to.
    Other,
}

/// Around a page.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub(super) tongue: Tongue,
    pub(super) zone: Tz,
    pub(super) scheme: Option<Scheme>,
    pub(super) section: Section,
    /// What the page is called, for the tab.
    pub(super) title: String,
    /// Where one is, to come back to.
    pub(super) address: String,
    /// The brand that one looks at; the other pages begin with it, too.
    pub(super) brand: Option<String>,
    /// Who has logged in, as they are called.
    pub(super) person: Option<String>,
    /// Nobody has an account, and whoever sits at this machine may do everything.
    pub(super) is_accountless: bool,
    /// Whether they work on cases.
    pub(super) may_answer: bool,
    /// Stands in the addresses of assets.
    pub(super) assets: &'static str,
}

impl Frame {
    pub(super) fn new(site: &Site, visitor: &Visitor, section: Section, title: impl Into<String>) -> Self {
        Self {
            tongue: visitor.tongue,
            zone: site.service.config.alert.time_zone,
            scheme: visitor.scheme,
            section,
            title: title.into(),
            address: visitor.address.clone(),
            brand: None,
            person: match &visitor.who {
                Who::Person { account, .. } => Some(account.shown_name.clone()),
                _ => None,
            },
            is_accountless: matches!(visitor.who, Who::Anybody),
            may_answer: visitor.may(Right::Change).is_ok(),
            assets: asset::VERSION.as_str(),
        }
    }

    #[must_use]
    pub(super) fn about(self, brand: Option<String>) -> Self {
        Self { brand, ..self }
    }

    /// What stands on the page: in German, or in English.
    pub(super) fn say<'a>(&self, german: &'a str, english: &'a str) -> &'a str {
        say(self.tongue, german, english)
    }

    /// The same of what is said in both languages elsewhere.
    pub(super) fn tell<'a, T: AsRef<str>>(&self, said: &'a Said<T>) -> &'a str {
        said.to(self.tongue)
    }

    /// How numbers and times are written.
    pub(super) fn format(&self) -> Format {
        Format { tongue: self.tongue, zone: self.zone }
    }

    pub(super) fn code(&self) -> &'static str {
        self.tongue.code()
    }

    /// The pages that the head leads to.
    pub(super) fn sections(&self) -> Vec<(&'static str, &'static str, bool)> {
        let entry = |path, german, english, section| (path, say(self.tongue, german, english), self.section == section);
        let mut all = vec![
            entry("/", "Überblick", "Overview", Section::Overview),
            entry("/mentions", "Erwähnungen", "Mentions", Section::Mentions),
            entry("/findings", "Befunde", "Findings", Section::Findings),
            entry("/sources", "Quellen", "Sources", Section::Sources),
            entry("/reports", "Berichte", "Reports", Section::Reports),
        ];
        // People are the service team's business.
        if self.may_answer {
            all.insert(2, entry("/queue", "Fälle", "Cases", Section::Queue));
        }
        all
    }

    /// The brand as the query of a link; empty where none was chosen.
    pub(super) fn brand_query(&self) -> String {
        let Some(brand) = &self.brand else { return String::new() };
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("brand", brand).finish();
        format!("?{query}")
    }
}

pub(super) fn say<'a>(tongue: Tongue, german: &'a str, english: &'a str) -> &'a str {
    match tongue {
        Tongue::German => german,
        Tongue::English => english,
    }
}
