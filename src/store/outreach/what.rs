//! What can happen to a case, as its history has it.

use serde::Serialize;

use crate::outreach::Happening;
use crate::tongue::{Said, said};

/// What can be told of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A rule fitted.
    Opened,
    /// Another mention joined it.
    Joined,
    /// The person has changed what they wrote.
    Edited,
    /// Somebody took it on.
    Claimed,
    /// Somebody gave it back.
    Released,
    /// Somebody gave it to somebody else.
    HandedOver,
    /// Somebody put it off.
    Snoozed,
    /// Somebody noted something.
    Noted,
    /// Something was promised.
    Promised,
    /// A promise was kept.
    Kept,
    /// Somebody wrote an answer that somebody else has to read.
    Submitted,
    /// Somebody has read it and agrees.
    Approved,
    /// Somebody has given it back.
    Returned,
    /// Somebody wants it to be published.
    Published,
    /// The person was answered.
    Answered,
    /// An answer stands in the source.
    ReplySeen,
    /// It was settled.
    Solved,
    /// Somebody asked whether it stayed so.
    FollowedUp,
    /// Somebody asked how satisfied the person is: by a link, or by a mail with it.
    Surveyed,
    /// The person said how satisfied they are: from 1 to 5.
    Rated,
    /// There was nothing to do.
    Dismissed,
    /// It was closed too early.
    Reopened,
    /// Another case became a part of it.
    Merged,
    /// A part of it became a case of its own.
    Split,
    /// Somebody confirmed that two authors are one person.
    Linked,
    /// It went to another system.
    PassedOn,
}

impl What {
    const ALL: [Self; 26] = [
        Self::Opened,
        Self::Joined,
        Self::Edited,
        Self::Claimed,
        Self::Released,
        Self::HandedOver,
        Self::Snoozed,
        Self::Noted,
        Self::Promised,
        Self::Kept,
        Self::Submitted,
        Self::Approved,
        Self::Returned,
        Self::Published,
        Self::Answered,
        Self::ReplySeen,
        Self::Solved,
        Self::FollowedUp,
        Self::Surveyed,
        Self::Rated,
        Self::Dismissed,
        Self::Reopened,
        Self::Merged,
        Self::Split,
        Self::Linked,
        Self::PassedOn,
    ];

    /// As the database has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Joined => "joined",
            Self::Edited => "edited",
            Self::Claimed => "claimed",
            Self::Released => "released",
            Self::HandedOver => "handed_over",
            Self::Snoozed => "snoozed",
            Self::Noted => "noted",
            Self::Promised => "promised",
            Self::Kept => "kept",
            Self::Submitted => "submitted",
            Self::Approved => "approved",
            Self::Returned => "returned",
            Self::Published => "published",
            Self::Answered => "answered",
            Self::ReplySeen => "reply_seen",
            Self::Solved => "solved",
            Self::FollowedUp => "followed_up",
            Self::Surveyed => "surveyed",
            Self::Rated => "rated",
            Self::Dismissed => "dismissed",
            Self::Reopened => "reopened",
            Self::Merged => "merged",
            Self::Split => "split",
            Self::Linked => "linked",
            Self::PassedOn => "passed_on",
        }
    }

    /// The inverse of [`What::name`].
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|what| what.name() == name)
    }

    /// As people are told, after who did it.
    pub const fn words(self) -> Said<&'static str> {
        match self {
            Self::Opened => said("wurde ein Fall", "became a case"),
            Self::Joined => said("hat sich noch einmal gemeldet", "said something more"),
            Self::Edited => said("hat den Text geändert", "changed the text"),
            Self::Claimed => said("hat den Fall übernommen", "claimed the case"),
            Self::Released => said("hat den Fall zurückgegeben", "gave the case back"),
            Self::HandedOver => said("hat den Fall übergeben", "handed the case over"),
            Self::Snoozed => said("hat den Fall zurückgestellt", "put the case off"),
            Self::Noted => said("hat notiert", "noted"),
            Self::Promised => said("hat zugesagt", "promised"),
            Self::Kept => said("hat die Zusage gehalten", "kept the promise"),
            Self::Submitted => {
                said("hat eine Antwort zur Prüfung gegeben", "wrote an answer for somebody else to check")
            }
            Self::Approved => said("hat die Antwort freigegeben", "approved the answer"),
            Self::Returned => said("hat die Antwort zurückgegeben", "gave the answer back"),
            Self::Published => said("lässt die Antwort veröffentlichen", "has the answer published"),
            Self::Answered => said("hat geantwortet", "answered"),
            Self::ReplySeen => said("die Antwort steht in der Quelle", "the answer stands in the source"),
            Self::Solved => said("hat den Fall gelöst", "solved the case"),
            Self::FollowedUp => said("hat nachgefragt", "followed up"),
            Self::Surveyed => said("hat nach der Zufriedenheit gefragt", "asked how satisfied the person is"),
            Self::Rated => said("die Person hat geantwortet", "the person has answered"),
            Self::Dismissed => said("hat den Fall geschlossen", "dismissed the case"),
            Self::Reopened => said("hat den Fall wieder geöffnet", "reopened the case"),
            Self::Merged => said("hat Fälle zusammengeführt", "merged cases"),
            Self::Split => said("hat den Fall geteilt", "split the case"),
            Self::Linked => {
                said("hat die Person in einer anderen Quelle erkannt", "recognised the person in another source")
            }
            Self::PassedOn => said("hat den Fall weitergegeben", "passed the case on"),
        }
    }
}

/// What is told of something that happens.
pub(super) const fn told(happening: Happening) -> What {
    match happening {
        Happening::Claimed => What::Claimed,
        Happening::Released => What::Released,
        Happening::Answered => What::Answered,
        Happening::SpokenAgain => What::Joined,
        Happening::Solved => What::Solved,
        Happening::FollowedUp => What::FollowedUp,
        Happening::Dismissed => What::Dismissed,
        Happening::Reopened => What::Reopened,
    }
}
