//! One look at each brand: what arrived since the last one, and whether the mood has shifted.

use sha2::{Digest, Sha256};

use super::Service;
use super::adapt::{DAY, READ_DAYS};
use crate::alert::{self, Excerpt};
use crate::config::Recipient;
use crate::detect::{Finding, Hygiene, LeftOut, Observation, Rule};
use crate::mention::Timestamp;
use crate::notify::Letter;
use crate::store::{News, StoreError};

/// How many days before its onset a shift is compared with.
const BASELINE_DAYS: i64 = 28;

impl Service {
    /// Brings the detector of every brand up to `now` and queues a letter for whatever it found.
    ///
    /// # Errors
    /// When the database refuses; then nothing of that brand is kept, and the next look comes to the same findings.
    pub async fn detect_once(&self, now: Timestamp) -> Result<Vec<News>, StoreError> {
        let mut all = Vec::new();
        for brand in &self.config.brands {
            all.extend(self.detect(&brand.name, now).await?);
        }
        Ok(all)
    }

    async fn detect(&self, brand: &str, now: Timestamp) -> Result<Vec<News>, StoreError> {
        let mut all = Vec::new();
        loop {
            let detection = self.store.detection(brand).await?;
            let turn = &detection.turn;
            let until = match turn.observations.last() {
                Some(last) if turn.more => last.arrived_at,
                _ => now,
            };
            let mut detector = detection.detector.clone();
            let findings = detector.run(self.rule(), &turn.observations, until);
            let mut news = self.explained(brand, findings, detection.quiet_until, now).await?;
            if (detector != detection.detector || turn.through > detection.seen_through)
                && !self.store.save_detection(brand, &detection, &detector, &news).await?
            {
                continue; // another model took over during this look
            }
            all.append(&mut news);
            if !turn.more {
                return Ok(all);
            }
        }
    }

    /// Findings with what is told of them. What lies before a change of the model is kept and told to nobody.
    async fn explained(
        &self,
        brand: &str,
        findings: Vec<Finding>,
        quiet_until: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Vec<News>, StoreError> {
        let mut news: Vec<News> = Vec::with_capacity(findings.len());
        for finding in findings {
            let quiet = quiet_until.is_some_and(|until| finding.at <= until);
            let just_told = || news.iter().any(|one| one.finding.kind == finding.kind && !one.letters.is_empty());
            let told = quiet || just_told() || self.has_told(brand, &finding).await?;
            let read_since = quiet_until.map(|until| until.plus_seconds(-READ_DAYS * DAY));
            news.push(self.news(brand, finding, told, read_since, now).await?);
        }
        Ok(news)
    }

    /// The promise is for the account: the brands share it.
    fn rule(&self) -> Rule {
        self.config.alert.rule.shared_among(self.config.brands.len())
    }

    /// Whether people were told of the same not long ago: the mood that moved far moves the detector again while it
    /// gets used to it, and nobody wants that mail twice.
    async fn has_told(&self, brand: &str, finding: &Finding) -> Result<bool, StoreError> {
        let cool_down = i64::try_from(self.config.alert.cool_down.as_secs()).unwrap_or(i64::MAX);
        let last = self.store.last_told(brand, finding.kind).await?;
        Ok(last.is_some_and(|at| finding.at < at.plus_seconds(cool_down)))
    }

    /// Explains a finding and, unless people know, writes to each of them. What another model read before the one that
    /// speaks is no measure for it.
    async fn news(
        &self,
        brand: &str,
        finding: Finding,
        told: bool,
        read_since: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<News, StoreError> {
        let from = finding.onset.plus_seconds(-BASELINE_DAYS * DAY);
        let from = read_since.map_or(from, |since| from.max(since));
        let heard = Heard::sort(self.store.excerpts(brand, from, finding.at).await?, finding.onset);
        let rule = self.config.alert.rule;
        let alert = alert::explain(brand, &finding, rule, &heard.before, &heard.since, heard.left_out);
        let time_zone = self.config.alert.time_zone;
        let letters = self
            .config
            .alert
            .to
            .iter()
            .filter(|_| !told)
            .map(|recipient| Letter {
                id: letter_id(brand, &finding, recipient),
                to: recipient.address.clone(),
                mail: alert::mail(&alert, recipient.language, time_zone),
                reply_to_thread: None,
                written_at: now,
            })
            .collect();
        Ok(News { finding, alert, letters })
    }
}

/// What the detector heard before and since the onset of a finding, and what it left out since then.
#[derive(Default)]
struct Heard {
    before: Vec<Excerpt>,
    since: Vec<Excerpt>,
    left_out: LeftOut,
}

impl Heard {
    fn sort(arrivals: Vec<(Observation, Excerpt)>, onset: Timestamp) -> Self {
        let (mut heard, mut hygiene) = (Self::default(), Hygiene::default());
        for (observation, excerpt) in arrivals {
            let is_since = observation.arrived_at >= onset;
            match hygiene.exclude(&observation) {
                Some(exclusion) if is_since => heard.left_out.add(exclusion),
                Some(_) => {}
                None if is_since => heard.since.push(excerpt),
                None => heard.before.push(excerpt),
            }
        }
        heard
    }
}

/// The same finding told to the same person has the same id, whenever it is computed.
fn letter_id(brand: &str, finding: &Finding, recipient: &Recipient) -> String {
    let what = format!("{brand}\n{}\n{}\n{}", finding.kind.name(), finding.at, recipient.address);
    Sha256::digest(what.as_bytes())[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}
