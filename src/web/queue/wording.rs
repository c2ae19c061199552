//! How cases are told of, in both languages.

use crate::mention::Timestamp;
use crate::outreach::{Dismissal, Severity, State};
use crate::store::outreach::What;
use crate::web::Frame;

pub(in crate::web) fn severity(frame: &Frame, severity: Severity) -> &'static str {
    match severity {
        Severity::Low => frame.say("gering", "low"),
        Severity::Normal => frame.say("mittel", "normal"),
        Severity::High => frame.say("hoch", "high"),
        Severity::Urgent => frame.say("dringend", "urgent"),
    }
}

pub(in crate::web) fn state(frame: &Frame, state: State) -> &'static str {
    match state {
        State::New => frame.say("neu", "new"),
        State::Claimed => frame.say("übernommen", "claimed"),
        State::Answered => frame.say("beantwortet", "answered"),
        State::Waiting => frame.say("hat sich wieder gemeldet", "has spoken again"),
        State::Solved => frame.say("gelöst", "solved"),
        State::FollowedUp => frame.say("nachgefragt", "followed up"),
        State::Dismissed => frame.say("nichts zu tun", "dismissed"),
    }
}

pub(in crate::web) fn dismissal(frame: &Frame, reason: Dismissal) -> &'static str {
    match reason {
        Dismissal::NoNeed => frame.say("will keine Antwort", "wants no answer"),
        Dismissal::NotOurs => frame.say("betrifft uns nicht", "is not about us"),
        Dismissal::Spam => frame.say("keine echte Stimme", "no honest voice"),
        Dismissal::NoWay => frame.say("dort kann niemand antworten", "nobody can answer there"),
        Dismissal::Elsewhere => frame.say("anderswo erledigt", "settled elsewhere"),
    }
}

/// Why something is a case: the usual rules in words, the brand's own by their names.
pub(in crate::web) fn rule<'a>(frame: &'a Frame, name: &'a str) -> &'a str {
    match name {
        "cannot_wait" => frame.say("kann nicht warten", "cannot wait"),
        "leaving" => frame.say("will gehen", "wants to leave"),
        "one_star" => frame.say("ein Stern", "one star"),
        "two_stars" => frame.say("zwei Sterne", "two stars"),
        "strong_feeling" => frame.say("Beschwerde mit starkem Gefühl", "complaint with strong feeling"),
        "complaint" => frame.say("Beschwerde", "complaint"),
        "upset" => frame.say("enttäuscht", "disappointed"),
        "question" => frame.say("Frage", "question"),
        own => own,
    }
}

pub(in crate::web) fn event(frame: &Frame, what: What) -> &'static str {
    match what {
        What::Opened => frame.say("wurde ein Fall", "became a case"),
        What::Joined => frame.say("hat sich noch einmal gemeldet", "said something more"),
        What::Edited => frame.say("hat den Text geändert", "changed the text"),
        What::Claimed => frame.say("hat den Fall übernommen", "claimed the case"),
        What::Released => frame.say("hat den Fall zurückgegeben", "gave the case back"),
        What::HandedOver => frame.say("hat den Fall übergeben", "handed the case over"),
        What::Snoozed => frame.say("hat den Fall zurückgestellt", "put the case off"),
        What::Noted => frame.say("hat notiert", "noted"),
        What::Promised => frame.say("hat zugesagt", "promised"),
        What::Kept => frame.say("hat die Zusage gehalten", "kept the promise"),
        What::Submitted => {
            frame.say("hat eine Antwort zur Prüfung gegeben", "wrote an answer for somebody else to check")
        }
        What::Approved => frame.say("hat die Antwort freigegeben", "approved the answer"),
        What::Returned => frame.say("hat die Antwort zurückgegeben", "gave the answer back"),
        What::Published => frame.say("lässt die Antwort veröffentlichen", "has the answer published"),
        What::Answered => frame.say("hat geantwortet", "answered"),
        What::ReplySeen => frame.say("die Antwort steht in der Quelle", "the answer stands in the source"),
        What::Solved => frame.say("hat den Fall gelöst", "solved the case"),
        What::FollowedUp => frame.say("hat nachgefragt", "followed up"),
        What::Surveyed => frame.say("hat nach der Zufriedenheit gefragt", "asked how satisfied the person is"),
        What::Rated => frame.say("die Person hat geantwortet", "the person has answered"),
        What::Dismissed => frame.say("hat den Fall geschlossen", "dismissed the case"),
        What::Reopened => frame.say("hat den Fall wieder geöffnet", "reopened the case"),
        What::Merged => frame.say("hat Fälle zusammengeführt", "merged cases"),
        What::Split => frame.say("hat den Fall geteilt", "split the case"),
        What::Linked => {
            frame.say("hat die Person in einer anderen Quelle erkannt", "recognised the person in another source")
        }
    }
}

/// A stretch of time as people say it: minutes, hours, days.
pub(in crate::web) fn span(frame: &Frame, from: Timestamp, to: Timestamp) -> String {
    let minutes = (to.seconds() - from.seconds()).max(0) / 60;
    let said = |count: i64, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
    match minutes {
        0..60 => said(minutes, frame.say("Minute", "minute"), frame.say("Minuten", "minutes")),
        60..2880 => said(minutes / 60, frame.say("Stunde", "hour"), frame.say("Stunden", "hours")),
        _ => said(minutes / 1440, frame.say("Tag", "day"), frame.say("Tagen", "days")),
    }
}

/// When somebody is to have answered: `in 2 hours`, or `overdue for 3 hours`.
pub(in crate::web) fn due(frame: &Frame, at: Timestamp, now: Timestamp) -> String {
    if at <= now {
        format!("{} {}", frame.say("überfällig seit", "overdue for"), span(frame, at, now))
    } else {
        format!("{} {}", frame.say("fällig in", "due in"), span(frame, now, at))
    }
}
