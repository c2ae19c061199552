//! `POST /mentions/change`: corrects moods, and puts mentions aside or brings them back; one, or many at once.

use axum::extract::{RawForm, State};
use axum::response::Redirect;
use url::form_urlencoded;

use crate::account::{Action, Actor};
use crate::import::{Correction, Target};
use crate::mention::{Label, Timestamp};
use crate::service::now;
use crate::store::{Aside, Store, StoreError};
use crate::web::preferences::{at, within_site};
use crate::web::visitor::{Right, Visitor};
use crate::web::{PageError, Site};

/// More are not changed at once: nobody has looked at them all.
const MOST: usize = 1000;

/// What to do with mentions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::web) enum Change {
    /// Their mood is this.
    Correct(Label),
    /// They are put aside, or brought back.
    SetAside(Option<Aside>),
}

impl Change {
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "spam" => Self::SetAside(Some(Aside::Spam)),
            "hidden" => Self::SetAside(Some(Aside::Hidden)),
            "back" => Self::SetAside(None),
            mood => Self::Correct(Label::ALL.into_iter().find(|label| label.name() == mood)?),
        })
    }

    /// The inverse of [`Change::parse`].
    const fn name(self) -> &'static str {
        match self {
            Self::SetAside(Some(aside)) => aside.name(),
            Self::SetAside(None) => "back",
            Self::Correct(label) => label.name(),
        }
    }

    /// Does it to mentions, and writes down who did; how many it changed.
    pub(in crate::web) async fn make(
        self,
        site: &Site,
        visitor: &Visitor,
        mentions: &[i64],
    ) -> Result<u64, StoreError> {
        let changed = self.apply(&site.service.store, mentions, &visitor.actor(), now()).await?;
        let action = match self {
            Self::SetAside(_) => Action::SetAside,
            Self::Correct(_) => Action::Correct,
        };
        let subject = match mentions {
            [one] => format!("mention {one}"),
            _ => format!("{changed} mentions"),
        };
        site.record(visitor, action, subject, self.name()).await?;
        tracing::info!(mentions = changed, to = self.name(), "mentions were changed by hand");
        Ok(changed)
    }

    async fn apply(self, store: &Store, mentions: &[i64], by: &Actor, now: Timestamp) -> Result<u64, StoreError> {
        match self {
            Self::SetAside(aside) => store.set_aside(mentions, aside).await,
            Self::Correct(label) => {
                let correction = |id: &i64| Correction { line: 0, target: Target::Exported(*id), label };
                let corrections: Vec<_> = mentions.iter().map(correction).collect();
                let found = store.correct(&corrections, Some(&by.who), now).await?;
                Ok(found.into_iter().filter(|found| *found).count() as u64)
            }
        }
    }
}

/// What a form sends.
#[derive(Default)]
struct Sent {
    mentions: Vec<i64>,
    change: Option<Change>,
    back: Option<String>,
}

impl Sent {
    fn parse(form: &[u8]) -> Self {
        let mut sent = Self::default();
        for (name, value) in form_urlencoded::parse(form) {
            match name.as_ref() {
                "mention" => sent.mentions.extend(value.parse::<i64>().ok()),
                "do" => sent.change = Change::parse(&value),
                "back" => sent.back = Some(value.into_owned()),
                _ => {}
            }
        }
        sent
    }
}

pub(in crate::web) async fn change(
    State(site): State<Site>,
    visitor: Visitor,
    RawForm(form): RawForm,
) -> Result<Redirect, PageError> {
    visitor.may(Right::Change)?;
    let sent = Sent::parse(&form);
    let (Some(change), 1..=MOST) = (sent.change, sent.mentions.len()) else {
        return Err(PageError::Wrong(
            "Wählen Sie erst aus, welche Erwähnungen sich ändern sollen; höchstens 1.000 auf einmal.".to_owned(),
            "First select the mentions to change, at most 1,000 at once.".to_owned(),
        ));
    };
    let changed = change.make(&site, &visitor, &sent.mentions).await?;
    Ok(Redirect::to(&back(sent.back.as_deref(), changed)))
}

/// The page that somebody came from, told how many were changed, at the place where it says so.
pub(in crate::web) fn back(address: Option<&str>, changed: u64) -> String {
    let address = address.filter(|address| address.starts_with("/mentions")).unwrap_or("/mentions");
    let address = within_site(Some(address)).split('#').next().unwrap_or_default();
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let others = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != "changed");
    let mut query = form_urlencoded::Serializer::new(String::new());
    let query = query.extend_pairs(others).append_pair("changed", &changed.to_string()).finish();
    at(&format!("{path}?{query}"), "done")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_comes_back_to_where_one_was_and_nowhere_else() {
        assert_eq!(back(Some("/mentions?mood=negative&changed=1"), 3), "/mentions?mood=negative&changed=3#done");
        assert_eq!(back(Some("/mentions/7"), 1), "/mentions/7?changed=1#done");
        for foreign in ["https://evil.example", "//evil.example", "/mentions\r\nX: 1"] {
            assert!(back(Some(foreign), 1).starts_with(['/']) && !back(Some(foreign), 1).contains("evil"));
        }
    }
}
