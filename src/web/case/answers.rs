//! What was written to the person, how far it has come, and what somebody can do about that.

use crate::store::outreach::{Answer, AnswerState};
use crate::web::Frame;

/// An answer, as the page shows it.
pub(super) struct Written {
    pub(super) id: i64,
    pub(super) text: String,
    pub(super) by: String,
    pub(super) at: String,
    /// How far it has come.
    pub(super) state: String,
    pub(super) approved_by: Option<String>,
    /// Why the source does not have it.
    pub(super) error: Option<String>,
    /// What one can do: as the form sends it, in words, and how the button looks.
    pub(super) choices: Vec<(&'static str, &'static str, &'static str)>,
}

impl Written {
    /// As somebody of this name sees it, who may work on the case or not.
    pub(super) fn of(frame: &Frame, answer: Answer, me: &str) -> Self {
        Self {
            id: answer.id,
            at: frame.format().moment(answer.written_at),
            state: state(frame, &answer),
            choices: choices(frame, &answer, me),
            error: answer.error.as_ref().map(|error| frame.tell(&error.as_str()).to_owned()),
            text: answer.text,
            by: answer.written_by,
            approved_by: answer.approved_by,
        }
    }
}

fn state(frame: &Frame, answer: &Answer) -> String {
    let since = |said: &str, at| match at {
        Some(at) => format!("{said} {}", frame.format().moment(at)),
        None => said.to_owned(),
    };
    match answer.state {
        AnswerState::Draft => frame.say("zurückgegeben", "given back").to_owned(),
        AnswerState::Checking => {
            frame.say("wartet auf ein zweites Augenpaar", "waits for a second pair of eyes").to_owned()
        }
        AnswerState::Copied => frame.say("kopiert", "copied").to_owned(),
        AnswerState::Sending if answer.error.is_some() => frame
            .say("noch nicht angekommen, wird noch einmal versucht", "not there yet, will be tried again")
            .to_owned(),
        AnswerState::Sending => frame.say("wird veröffentlicht", "is being published").to_owned(),
        AnswerState::Sent => since(frame.say("veröffentlicht", "published"), answer.sent_at),
        AnswerState::Failed => frame.say("nicht veröffentlicht", "not published").to_owned(),
        AnswerState::Seen => since(frame.say("steht in der Quelle seit", "in the source since"), answer.seen_at),
    }
}

fn choices(frame: &Frame, answer: &Answer, me: &str) -> Vec<(&'static str, &'static str, &'static str)> {
    let approve = ("approve", frame.say("Freigeben und veröffentlichen", "Approve and publish"), "primary");
    match answer.state {
        AnswerState::Checking if answer.written_by == me => {
            vec![("return", frame.say("Zurückziehen", "Withdraw"), "")]
        }
        AnswerState::Checking => vec![approve, ("return", frame.say("Zurückgeben", "Give back"), "")],
        AnswerState::Failed => vec![("retry", frame.say("Noch einmal versuchen", "Try again"), "")],
        _ => Vec::new(),
    }
}
