//! How the promise is kept, in words.

use crate::alert::TrackRecord;
use crate::alert::format::{Format, Tongue};
use crate::detect::Rule;

impl Format {
    /// The promise in the user's words, and what became of the alerts.
    pub(in crate::digest) fn kept(self, record: &TrackRecord) -> String {
        format!("{} {}", self.promised(record), self.came_of(record))
    }

    /// The promise in the user's words.
    pub(crate) fn promised(self, record: &TrackRecord) -> String {
        let promise = self.promise(Rule { days: record.promise.days, ..Rule::default() });
        match self.tongue {
            Tongue::German => format!("Eingestellt ist: {promise}."),
            Tongue::English => format!("The promise is: {promise}."),
        }
    }

    /// What became of the alerts.
    pub(crate) fn came_of(self, record: &TrackRecord) -> String {
        #[expect(clippy::cast_precision_loss, reason = "at most 365")]
        let span = self.days(record.days as f64);
        let TrackRecord { told, false_alarms, incidents, .. } = *record;
        let mut sentences = vec![match self.tongue {
            Tongue::German => {
                let told = match told {
                    0 => "keinen Alarm".to_owned(),
                    1 => "einen Alarm".to_owned(),
                    _ => format!("{told} Alarme"),
                };
                format!("In den letzten {span} gab es {told}.")
            }
            Tongue::English => {
                let told = match told {
                    0 => "were no alerts".to_owned(),
                    1 => "was one alert".to_owned(),
                    _ => format!("were {told} alerts"),
                };
                format!("In the last {span} there {told}.")
            }
        }];
        sentences.extend((false_alarms + incidents > 0).then(|| match self.tongue {
            Tongue::German => format!("Davon eingestuft: {false_alarms} als Fehlalarm, {incidents} als Vorfall."),
            Tongue::English => format!("Of these, called a false alarm: {false_alarms}, an incident: {incidents}."),
        }));
        sentences.extend((!record.promise.may_be_kept()).then(|| match self.tongue {
            Tongue::German => "Das sind mehr Fehlalarme, als versprochen ist und als der Zufall erklärt.".to_owned(),
            Tongue::English => {
                "These are more false alarms than was promised, and more than chance explains.".to_owned()
            }
        }));
        sentences.extend(record.lead_hours.map(|hours| self.lead_over_incidents(hours)));
        sentences.join(" ")
    }

    /// How many false alarms there are in the span of the promise, with what chance leaves open.
    pub(crate) fn rate(self, record: &TrackRecord) -> String {
        let span = self.days(record.promise.days);
        let [rate, low, high] =
            [record.promise.rate, record.promise.low, record.promise.high].map(|rate| self.decimal(rate));
        match self.tongue {
            Tongue::German => {
                format!("Gemessen: {rate} Fehlalarme in {span} (zu 95\u{a0}% zwischen {low} und {high}).")
            }
            Tongue::English => format!("Measured: {rate} false alarms in {span} (with 95% between {low} and {high})."),
        }
    }

    fn lead_over_incidents(self, hours: f64) -> String {
        let span = format!("{:.0}", hours.abs());
        match (self.tongue, hours < 0.0) {
            (Tongue::German, false) => {
                format!("Bemerkt wurden Vorfälle im Mittel {span} Std., bevor Sie davon wussten.")
            }
            (Tongue::German, true) => {
                format!("Bemerkt wurden Vorfälle im Mittel {span} Std., nachdem Sie davon wussten.")
            }
            (Tongue::English, false) => {
                format!("In the median, incidents were found {span} h before you knew of them.")
            }
            (Tongue::English, true) => format!("In the median, incidents were found {span} h after you knew of them."),
        }
    }
}
