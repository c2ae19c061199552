//! What the letter about urgent mentions says, German and English side by side.

use super::super::format::{Format, Tongue};
use crate::urgent::Cause;

impl Format {
    pub(super) const fn cause(self, cause: Cause) -> &'static str {
        let (german, english) = match cause {
            Cause::Safety => ("Sicherheit", "safety"),
            Cause::Privacy => ("Datenschutz", "data leak"),
            Cause::Legal => ("rechtliche Schritte", "legal action"),
            Cause::Press => ("Presse", "press"),
            Cause::Leave => ("Großkunde will gehen", "large account leaving"),
            Cause::Own => ("eigener Begriff", "term of your own"),
        };
        match self.tongue {
            Tongue::German => german,
            Tongue::English => english,
        }
    }

    pub(super) fn urgent_subject(self, causes: &str, brands: &str, count: usize) -> String {
        let how_many = if count > 1 { format!(" ({count})") } else { String::new() };
        match self.tongue {
            Tongue::German => format!("Dringend bei {brands}: {causes}{how_many}"),
            Tongue::English => format!("Urgent for {brands}: {causes}{how_many}"),
        }
    }

    pub(super) fn urgent_headline(self, brands: &str, count: usize) -> String {
        match (self.tongue, count) {
            (Tongue::German, 1) => format!("Eine Erwähnung von {brands} duldet keinen Aufschub"),
            (Tongue::German, _) => format!("{count} Erwähnungen von {brands} dulden keinen Aufschub"),
            (Tongue::English, 1) => format!("A mention of {brands} cannot wait"),
            (Tongue::English, _) => format!("{count} mentions of {brands} cannot wait"),
        }
    }

    /// How many are not shown; `None` if all are.
    pub(super) fn more_urgent(self, count: usize) -> Option<String> {
        let said = match (self.tongue, count) {
            (_, 0) => return None,
            (Tongue::German, 1) => "Eine weitere, weniger dringende ist hier nicht aufgeführt.".to_owned(),
            (Tongue::German, _) => format!("{count} weitere, weniger dringende sind hier nicht aufgeführt."),
            (Tongue::English, 1) => "One more, less urgent, is not shown here.".to_owned(),
            (Tongue::English, _) => format!("{count} more, less urgent, are not shown here."),
        };
        Some(said)
    }

    /// The words that decided, in quotation marks.
    pub(super) fn deciding(self, words: &[String]) -> String {
        let (label, open, close) = match self.tongue {
            Tongue::German => ("Ausschlaggebend", '„', '“'),
            Tongue::English => ("Because of", '“', '”'),
        };
        let words: Vec<String> = words.iter().map(|word| format!("{open}{word}{close}")).collect();
        format!("{label}: {}", words.join(", "))
    }

    /// Why one gets it, and how to change that.
    pub(super) const fn urgent_reason(self) -> &'static str {
        match self.tongue {
            Tongue::German => {
                "Sie erhalten diese Nachricht, weil Sie in sources.toml unter [urgent] eingetragen sind; dort lassen \
                 sich Empfänger, Anlässe und Abstand ändern. Was dringend ist, erkennt eine Software; sie kann sich irren."
            }
            Tongue::English => {
                "You get this because sources.toml names you under [urgent]; recipients, causes and intervals are \
                 changed there. Software recognises what is urgent, and it can be wrong."
            }
        }
    }
}
