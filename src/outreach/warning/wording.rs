//! What the letter about those who are to be answered soon says, German and English side by side.

use crate::alert::format::{Format, Tongue};
use crate::mention::Timestamp;
use crate::outreach::Severity;

impl Format {
    pub(super) const fn severity(self, severity: Severity) -> &'static str {
        let (german, english) = match severity {
            Severity::Low => ("gering", "low"),
            Severity::Normal => ("mittel", "normal"),
            Severity::High => ("hoch", "high"),
            Severity::Urgent => ("dringend", "urgent"),
        };
        match self.tongue {
            Tongue::German => german,
            Tongue::English => english,
        }
    }

    pub(super) fn due_subject(self, brands: &str, count: usize) -> String {
        match (self.tongue, count) {
            (Tongue::German, 1) => format!("{brands}: eine Antwort ist bald fällig"),
            (Tongue::German, _) => format!("{brands}: {count} Antworten sind bald fällig"),
            (Tongue::English, 1) => format!("{brands}: an answer is due soon"),
            (Tongue::English, _) => format!("{brands}: {count} answers are due soon"),
        }
    }

    /// The last of them is due then.
    pub(super) fn due_headline(self, count: usize, last: Timestamp) -> String {
        let at = self.moment(last);
        match (self.tongue, count) {
            (Tongue::German, 1) => format!("Eine Antwort ist fällig: {at}"),
            (Tongue::German, _) => format!("{count} Antworten sind fällig, die letzte: {at}"),
            (Tongue::English, 1) => format!("An answer is due: {at}"),
            (Tongue::English, _) => format!("{count} answers are due, the last of them: {at}"),
        }
    }

    pub(super) fn due_times(self, due_at: Timestamp, waits_since: Timestamp) -> String {
        let (due, since) = (self.moment(due_at), self.moment(waits_since));
        match self.tongue {
            Tongue::German => format!("fällig: {due}; wartet seit: {since}"),
            Tongue::English => format!("due: {due}; waiting since: {since}"),
        }
    }

    pub(super) fn owner(self, owner: Option<&str>) -> String {
        match (self.tongue, owner) {
            (Tongue::German, Some(owner)) => format!("übernommen von {owner}"),
            (Tongue::German, None) => "noch von niemandem übernommen".to_owned(),
            (Tongue::English, Some(owner)) => format!("taken on by {owner}"),
            (Tongue::English, None) => "taken on by nobody yet".to_owned(),
        }
    }

    /// How many are not shown; `None` if all are.
    pub(super) fn more_due(self, count: usize) -> Option<String> {
        let said = match (self.tongue, count) {
            (_, 0) => return None,
            (Tongue::German, 1) => "Eine weitere ist hier nicht aufgeführt.".to_owned(),
            (Tongue::German, _) => format!("{count} weitere sind hier nicht aufgeführt."),
            (Tongue::English, 1) => "One more is not shown here.".to_owned(),
            (Tongue::English, _) => format!("{count} more are not shown here."),
        };
        Some(said)
    }

    pub(super) const fn open_case(self) -> &'static str {
        match self.tongue {
            Tongue::German => "Fall öffnen",
            Tongue::English => "Open the case",
        }
    }

    /// Why one gets it, and how to change that.
    pub(super) const fn warning_reason(self) -> &'static str {
        match self.tongue {
            Tongue::German => {
                "Sie erhalten diese Nachricht, weil Sie in sources.toml unter [outreach] bei warn eingetragen sind; dort \
                 lassen sich Empfänger, Fristen und Vorlauf ändern."
            }
            Tongue::English => {
                "You get this because sources.toml names you under [outreach] in warn; recipients, time limits and how \
                 long before are changed there."
            }
        }
    }
}
