//! Everything that is kept of a person, for the person (Art. 15 GDPR).

use serde::Serialize;

use crate::mention::Timestamp;
use crate::store::outreach::{Answer, Case, Event, Handle, Survey};
use crate::store::{Corrected, Opinion, Revision, Store, StoreError, StoredMention};

/// Everything, with what the law wants to be said beside it.
#[derive(Serialize)]
pub(super) struct Dossier {
    made_at: Timestamp,
    about: [&'static str; 2],
    handles: Vec<Handle>,
    mentions: Vec<Said>,
    cases: Vec<Worked>,
}

#[derive(Serialize)]
struct Said {
    #[serde(flatten)]
    mention: StoredMention,
    versions: Vec<Revision>,
    /// What the model thinks of it.
    opinion: Option<Opinion>,
    /// What people said of its mood.
    corrections: Vec<Corrected>,
}

#[derive(Serialize)]
struct Worked {
    #[serde(flatten)]
    case: Case,
    mentions: Vec<i64>,
    events: Vec<Event>,
    answers: Vec<Answer>,
    surveys: Vec<Survey>,
}

/// Purpose, origin and consequences, in both languages.
const ABOUT: [&str; 2] = [
    "Diese Daten stammen aus öffentlich zugänglichen Quellen; die Quelle steht bei jedem Namen und jedem Beitrag. Sie dienen \
     dazu, die öffentliche Stimmung über eine Marke zu erkennen und verärgerten Kunden zu antworten. Stimmung, Gefühle und \
     Anliegen hat ein Programm aus dem Text geschätzt; über niemanden wird automatisch entschieden.",
    "These data come from public sources; the source stands beside each name and each post. They serve to recognise the \
     public mood about a brand, and to answer upset customers. Mood, feelings and intents were estimated from the text by a \
     program; nothing is decided about anybody automatically.",
];

/// Of the author of this number, and of all who are known to be the same person; `None`: there is nobody.
pub(super) async fn dossier(store: &Store, author: i64, now: Timestamp) -> Result<Option<Dossier>, StoreError> {
    let handles = store.handles(author).await?;
    if handles.is_empty() {
        return Ok(None);
    }
    let mut mentions = Vec::new();
    for id in store.said_by(author).await? {
        if let Some(mention) = store.mention(id).await? {
            let (versions, opinion) = (store.revisions(id).await?, store.opinion(id).await?);
            mentions.push(Said { mention, versions, opinion, corrections: store.corrections(id).await? });
        }
    }
    let mut cases = Vec::new();
    for id in store.cases_of(author).await? {
        if let Some(case) = store.case(id).await? {
            let (mentions, events) = (store.case_mentions(id).await?, store.case_events(id).await?);
            let (answers, surveys) = (store.answers(id).await?, store.surveys(id).await?);
            cases.push(Worked { case, mentions, events, answers, surveys });
        }
    }
    Ok(Some(Dossier { made_at: now, about: ABOUT, handles, mentions, cases }))
}
