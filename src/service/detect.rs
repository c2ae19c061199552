//! One look at each brand: what arrived since the last one, and whether the mood has shifted.

use super::adapt::{DAY, READ_DAYS};
use super::{Service, letter};
use crate::alert::{self, Alert, Heard, Hinge};
use crate::config::Target;
use crate::detect::{Detector, Development, Finding, FindingKind, Observation, Report, Rule, Stage};
use crate::mention::Timestamp;
use crate::notify::{Letter, Told};
use crate::store::{News, Reader, Sequel, StoreError};

/// A detector that knows less of the past comes to its findings a little sooner or later.
const ABOUT_THEN_DAYS: i64 = 3;

impl Service {
    /// Brings the detector of every brand of one's own up to `now` and queues a letter for whatever it found.
    ///
    /// # Errors
    /// When the database refuses; then nothing of that brand is kept, and the next look comes to the same findings.
    pub async fn detect_once(&self, now: Timestamp) -> Result<Vec<News>, StoreError> {
        let mut all = Vec::new();
        for brand in self.config.own_brands() {
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
            let reports = detector.run(self.config.rule_of_each(), &turn.observations, until);
            let paused = self.store.paused().await?;
            let (mut findings, mut developments) = (Vec::new(), Vec::new());
            for report in reports {
                match report {
                    // Whoever paused it knows why nothing comes from there.
                    Report::Found(finding) if self.is_wanted_silence(&finding, &paused) => {}
                    Report::Found(finding) => findings.push(finding),
                    Report::Developed(development) => developments.push(development),
                }
            }
            let mut news = self.explained(brand, findings, detection.quiet_until, now).await?;
            let sequels = self.sequels(brand, developments, &news, detection.quiet_until, now).await?;
            if (detector != detection.detector || turn.through > detection.seen_through)
                && !self.store.save_detection(brand, &detection, &detector, &news, &sequels).await?
            {
                continue; // another model took over during this look
            }
            all.append(&mut news);
            if !turn.more {
                return Ok(all);
            }
        }
    }

    /// Whether a source is silent because somebody wants it so; or all are.
    pub(super) fn is_wanted_silence(&self, finding: &Finding, paused: &[String]) -> bool {
        finding.kind == FindingKind::Gap
            && match &finding.place {
                Some(source) => paused.contains(source),
                None => self.sources().iter().all(|source| paused.iter().any(|id| id == source.id.as_str())),
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
            let targets = if quiet { Vec::new() } else { self.unaware(brand, &finding, &news).await? };
            let read_since = quiet_until.map(|until| until.plus_seconds(-READ_DAYS * DAY));
            news.push(self.news(brand, finding, &targets, read_since, now).await?);
        }
        Ok(news)
    }

    /// What became of findings, and letters to those who were told of one that is over now: the good news comes once, in the
    /// same thread. What lies before a change of the model is told to nobody here, too.
    async fn sequels(
        &self,
        brand: &str,
        developments: Vec<Development>,
        news: &[News],
        quiet_until: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Vec<Sequel>, StoreError> {
        let mut sequels = Vec::with_capacity(developments.len());
        for development in developments {
            let mut letters = Vec::new();
            let is_new = |one: &&News| one.finding.kind == development.kind && one.finding.at == development.found_at;
            let told = match news.iter().find(is_new) {
                Some(one) => Some((
                    one.alert.clone(),
                    one.letters.iter().map(|letter| (letter.id.clone(), letter.reader())).collect(),
                )),
                None => self.store.told(brand, development.kind, development.found_at).await?,
            };
            let quiet = quiet_until.is_some_and(|until| development.at <= until);
            if let Some((alert, told)) = told.filter(|_| development.stage == Stage::Over && !quiet) {
                let recovery = |(first, reader)| self.recovery(&alert, &development, first, reader, now);
                letters.extend(told.into_iter().filter_map(recovery));
            }
            sequels.push(Sequel { development, letters });
        }
        Ok(sequels)
    }

    fn recovery(
        &self,
        alert: &Alert,
        over: &Development,
        first: String,
        reader: Reader,
        now: Timestamp,
    ) -> Option<Letter> {
        let target = letter::target(&self.config, reader);
        let over = letter::letter(&self.config, &target, Told::Over(alert, over), format!("{first}.over"), now)?;
        Some(Letter { reply_to_thread: Some(first), ..over })
    }

    /// Who is to be told of a finding and was not told of the same not long ago: the mood that moved far moves the detector
    /// again while it gets used to it, and nobody wants that mail twice.
    async fn unaware(&self, brand: &str, finding: &Finding, news: &[News]) -> Result<Vec<Target>, StoreError> {
        let mut targets = self.config.targets(brand, finding);
        let snoozed = self.store.snoozed_until(brand, finding.kind.name()).await?;
        if targets.is_empty() || snoozed.is_some_and(|until| finding.at < until) {
            return Ok(Vec::new());
        }
        let cool_down = i64::try_from(self.config.alert.cool_down.as_secs()).unwrap_or(i64::MAX);
        let mut told = self.store.told_since(brand, finding.kind, finding.at.plus_seconds(-cool_down)).await?;
        let alike = news.iter().filter(|one| one.finding.kind == finding.kind);
        told.extend(alike.flat_map(|one| one.letters.iter().map(Letter::reader)));
        targets.retain(|target| !told.contains(&letter::reader(target)));
        Ok(targets)
    }

    /// Explains a finding and writes to each who is to know. What another model read before the one that
    /// speaks is no measure for it.
    async fn news(
        &self,
        brand: &str,
        finding: Finding,
        targets: &[Target],
        read_since: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<News, StoreError> {
        let [known, compared] =
            Heard::spans(finding.onset).map(|from| read_since.map_or(from, |since| from.max(since)));
        let earlier = self.store.observations(brand, known..compared).await?;
        let arrivals = self.store.excerpts(brand, compared..finding.at).await?;
        let observations: Vec<Observation> =
            earlier.iter().chain(arrivals.iter().map(|(seen, _)| seen)).cloned().collect();
        let heard = Heard::new(finding.onset, earlier, arrivals);
        let mut alert = alert::explain(brand, &finding, self.config.alert.rule, &heard);
        alert.hinges_on = hinges(&alert, self.config.rule_of_each(), &observations);
        let write = |target: &Target| {
            let id = letter_id(brand, &finding, target);
            letter::letter(&self.config, target, Told::Found(&alert), id, now)
        };
        let letters = targets.iter().filter_map(write).collect();
        Ok(News { finding, alert, letters })
    }
}

/// The source and the topic without which a shift would not have been found: the detector is asked once more, on what it heard
/// without them.
fn hinges(alert: &Alert, rule: Rule, observations: &[Observation]) -> Vec<Hinge> {
    let finding = &alert.finding;
    let is_found = |observations: &[Observation]| {
        let reports = Detector::default().run(rule, observations, finding.at);
        let about_then = finding.at.plus_seconds(-ABOUT_THEN_DAYS * DAY);
        let mut found = reports.into_iter().filter_map(Report::finding);
        found.any(|one| one.kind == finding.kind && one.at >= about_then)
    };
    if finding.kind.direction().is_none() || !is_found(observations) {
        return Vec::new();
    }
    let without = |is_part: &dyn Fn(&Observation) -> bool| {
        let rest: Vec<Observation> = observations.iter().filter(|seen| !is_part(seen)).cloned().collect();
        !is_found(&rest)
    };
    let mut hinges = Vec::new();
    if let [most, _, ..] = &alert.sources[..]
        && without(&|seen| seen.source() == most.name)
    {
        hinges.push(Hinge::Source(most.name.clone()));
    }
    if let Some(most) = alert.topics.iter().find(|topic| !topic.name.is_empty()).filter(|_| alert.topics.len() > 1)
        && without(&|seen| seen.topics.first() == Some(&most.name))
    {
        hinges.push(Hinge::Topic(most.name.clone()));
    }
    hinges
}

/// The same finding told to the same person has the same id, whenever it is computed.
fn letter_id(brand: &str, finding: &Finding, target: &Target) -> String {
    let (kind, about) = (finding.kind.name(), finding.about());
    let what = format!("{brand}\n{kind}{about}\n{}\n{}", finding.at, target.recipient());
    letter::id("finding", &what)
}
