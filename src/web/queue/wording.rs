//! How cases are told of, in both languages.

use crate::mention::Timestamp;
use crate::outreach::{Dismissal, Severity, State};
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
