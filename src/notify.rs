//! Delivers what the outbox holds; one file for each channel.

use std::fmt;
use std::time::Duration;

use crate::alert::Mail;
use crate::mention::Timestamp;

pub use self::address::{Address, AddressError, address, masked};
pub use self::channel::{Channel, ChannelKind, Told};
pub use self::mail::Mailer;
pub use self::post::{Door, Poster};
pub use self::unsubscribe::MailingList;

mod address;
mod channel;
pub mod mail;
mod post;
mod slack;
mod teams;
pub mod unsubscribe;
mod webhook;

/// How long a letter is tried before it is shown as failed; five days, the usual patience of mail servers (RFC 5321, 4.5.4.1).
pub const GIVE_UP_AFTER: Duration = Duration::from_hours(5 * 24);

/// How often the text of a letter may leave without an answer. A second copy carries the same Message-ID, so that it can
/// be told from a new letter; there is no third.
pub const MOST_UNKNOWN: u32 = 2;

const FIRST_WAIT: Duration = Duration::from_mins(1);
const LONGEST_WAIT: Duration = Duration::from_hours(6);

/// What the outbox calls the way by mail; no channel may have this name.
pub const MAIL: &str = "mail";

/// A letter to one recipient, as the outbox holds it.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// Stable id of the outbox: 1 to 64 of `A–Z`, `a–z`, `0–9`, `-`, `_` and inner dots. Becomes the Message-ID.
    pub id: String,
    /// [`MAIL`], or the name of a channel.
    pub channel: String,
    /// Who gets it: `erika@example.org` or `Erika Mustermann <erika@example.org>`; or once more the name of the channel.
    pub to: String,
    /// What it says. For a channel other than mail, the text is the body of the request.
    pub mail: Mail,
    /// The id of the letter that this one continues, so that both appear as one conversation.
    pub reply_to_thread: Option<String>,
    /// The list that it is of, if people may leave one.
    pub list: Option<MailingList>,
    /// When it was written: the Date header, the same in every attempt.
    pub written_at: Timestamp,
}

/// Recipient, subject and text never reach a log, not even through `{:?}`.
impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Letter").field("id", &self.id).field("written_at", &self.written_at).finish_non_exhaustive()
    }
}

/// How one attempt to deliver a letter ended. Errors are fit for logs: addresses in them are masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// The server, or the disk, has taken it.
    Sent,
    /// It was not taken, but may be later; or as soon as somebody mends what the hint names.
    Later {
        /// What happened.
        error: String,
        /// What the operator can do about it.
        hint: Option<&'static str>,
    },
    /// It will never be taken as it is: no such recipient, unwanted content.
    Refused {
        /// What happened.
        error: String,
    },
    /// The text was sent, but the answer never came: it may have been delivered or not.
    Unknown {
        /// What happened.
        error: String,
    },
}

impl Delivery {
    /// As it is stored and printed: `sent`, `later`, `refused`, `unknown`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Later { .. } => "later",
            Self::Refused { .. } => "refused",
            Self::Unknown { .. } => "unknown",
        }
    }

    /// What happened, if it did not go.
    pub fn error(&self) -> Option<&str> {
        match self {
            Self::Sent => None,
            Self::Later { error, .. } | Self::Refused { error } | Self::Unknown { error } => Some(error),
        }
    }
}

/// One attempt, and what the other side said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// How it ended.
    pub delivery: Delivery,
    /// The code of the answer that decided, of SMTP or HTTP, where there was one.
    pub code: Option<u16>,
    /// How long the other side wants to be left alone.
    pub pause: Option<Duration>,
    /// How long it took, where somebody has measured it.
    pub took: Option<Duration>,
}

/// Where nobody answered.
impl From<Delivery> for Attempt {
    fn from(delivery: Delivery) -> Self {
        Self { delivery, code: None, pause: None, took: None }
    }
}

/// What the outbox remembers of the attempts so far, the latest included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempts {
    /// How many there were.
    pub count: u32,
    /// How many of them ended as [`Delivery::Unknown`].
    pub unknown: u32,
    /// When the first was made.
    pub since: Timestamp,
}

/// What becomes of a letter after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is done.
    Sent,
    /// It is tried again.
    Waiting {
        /// Not before then.
        until: Timestamp,
    },
    /// It will not be delivered; somebody should know.
    Failed,
    /// It may have been delivered; it is not tried again, so that nobody gets it three times.
    Unknown,
}

impl Fate {
    /// The same, but no attempt before the end of a pause that the other side has asked for.
    #[must_use]
    pub fn not_before(self, end_of_pause: Timestamp) -> Self {
        match self {
            Self::Waiting { until } => Self::Waiting { until: until.max(end_of_pause) },
            other => other,
        }
    }
}

/// Decides after an attempt that ended at `now`; `jitter` is as in [`retry_after`].
pub fn fate(delivery: &Delivery, attempts: Attempts, now: Timestamp, jitter: f64) -> Fate {
    let waited = now.seconds().saturating_sub(attempts.since.seconds());
    let given_up = waited >= seconds(GIVE_UP_AFTER);
    let until = now.plus_seconds(seconds(retry_after(attempts.count, jitter)));
    match delivery {
        Delivery::Sent => Fate::Sent,
        Delivery::Refused { .. } => Fate::Failed,
        Delivery::Unknown { .. } if given_up || attempts.unknown >= MOST_UNKNOWN => Fate::Unknown,
        Delivery::Later { .. } if given_up && attempts.unknown > 0 => Fate::Unknown,
        Delivery::Later { .. } if given_up => Fate::Failed,
        Delivery::Later { .. } | Delivery::Unknown { .. } => Fate::Waiting { until },
    }
}

/// How long to wait after the `attempts`-th attempt: a minute, doubling up to six hours, and up to a fifth more by
/// `jitter` (0…1), so that letters that failed together do not come back together.
pub fn retry_after(attempts: u32, jitter: f64) -> Duration {
    let doublings = attempts.saturating_sub(1).min(16);
    let wait = (FIRST_WAIT * 2_u32.pow(doublings)).min(LONGEST_WAIT);
    let fifth = wait.as_secs() as f64 / 5.0;
    wait + Duration::from_secs((fifth * jitter.clamp(0.0, 1.0)) as u64)
}

fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod channel_tests;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOON: Timestamp = Timestamp::from_seconds(1_790_000_000);

    fn later() -> Delivery {
        Delivery::Later { error: "451".into(), hint: None }
    }

    fn unknown() -> Delivery {
        Delivery::Unknown { error: "no answer".into() }
    }

    fn tried(count: u32, unknown: u32) -> Attempts {
        Attempts { count, unknown, since: NOON }
    }

    #[test]
    fn the_wait_doubles_from_a_minute_to_six_hours() {
        let minutes: Vec<u64> = (0..12).map(|attempts| retry_after(attempts, 0.0).as_secs() / 60).collect();
        assert_eq!(minutes, [1, 1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]);
        assert_eq!(retry_after(u32::MAX, 0.0), LONGEST_WAIT);
    }

    #[test]
    fn jitter_adds_up_to_a_fifth() {
        assert_eq!(retry_after(1, 0.5), Duration::from_secs(66));
        assert_eq!(retry_after(1, 1.0), Duration::from_secs(72));
        assert_eq!(retry_after(1, f64::NAN), Duration::from_secs(60));
    }

    #[test]
    fn a_letter_that_was_put_off_waits() {
        let now = NOON.plus_seconds(3600);
        assert_eq!(fate(&later(), tried(3, 0), now, 0.0), Fate::Waiting { until: now.plus_seconds(4 * 60) });
    }

    #[test]
    fn a_letter_fails_after_five_days_but_not_before() {
        let end = NOON.plus_seconds(seconds(GIVE_UP_AFTER));
        assert!(matches!(fate(&later(), tried(27, 0), end.plus_seconds(-1), 0.0), Fate::Waiting { .. }));
        assert_eq!(fate(&later(), tried(28, 0), end, 0.0), Fate::Failed);
    }

    #[test]
    fn a_refused_letter_fails_at_once_and_a_sent_one_is_done() {
        assert_eq!(fate(&Delivery::Refused { error: "550".into() }, tried(1, 0), NOON, 0.0), Fate::Failed);
        assert_eq!(fate(&Delivery::Sent, tried(1, 0), NOON, 0.0), Fate::Sent);
    }

    #[test]
    fn a_letter_of_unknown_fate_is_sent_once_more_and_never_a_third_time() {
        assert!(matches!(fate(&unknown(), tried(1, 1), NOON, 0.0), Fate::Waiting { .. }));
        assert_eq!(fate(&unknown(), tried(2, 2), NOON, 0.0), Fate::Unknown);
    }

    #[test]
    fn a_letter_that_may_have_arrived_is_never_called_failed_for_lack_of_time() {
        let end = NOON.plus_seconds(seconds(GIVE_UP_AFTER));
        assert_eq!(fate(&later(), tried(9, 1), end, 0.0), Fate::Unknown);
        assert_eq!(fate(&unknown(), tried(9, 1), end, 0.0), Fate::Unknown);
    }

    #[test]
    fn a_letter_is_not_printed() {
        let mail =
            Mail { subject: "Stimmung kippt".into(), text: "Zitat".into(), html: "<p>Zitat</p>".into(), picture: None };
        let to = "erika@example.org".into();
        let letter = Letter {
            id: "7".into(),
            channel: MAIL.into(),
            to,
            mail,
            reply_to_thread: None,
            list: None,
            written_at: NOON,
        };
        insta::assert_snapshot!(format!("{letter:?}"), @r#"Letter { id: "7", written_at: Timestamp(1790000000), .. }"#);
    }

    proptest! {
        #[test]
        fn a_letter_that_waits_always_waits_at_least_a_minute(
            count: u32, unknown in 0_u32..3, since: i64, now: i64, jitter: f64,
        ) {
            let attempts = Attempts { count, unknown, since: Timestamp::from_seconds(since) };
            if let Fate::Waiting { until } = fate(&later(), attempts, Timestamp::from_seconds(now), jitter) {
                prop_assert!(until.seconds() >= now.saturating_add(60));
            }
        }
    }
}
