//! Cases for the service team: found as mentions arrive, and answered when an answer stands in the source.

use super::Service;
use crate::mention::Timestamp;
use crate::store::StoreError;
use crate::store::outreach::Opened;

/// What a look for cases came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CaseWork {
    /// Cases that are new.
    pub new: usize,
    /// Cases to which an answer was found in the source.
    pub answered: usize,
}

impl Service {
    /// Looks at what has arrived since the last time: what the rules call a case becomes one, or joins the case of the same
    /// person or the same text. Then looks which cases were answered in their sources.
    ///
    /// # Errors
    /// When the database refuses; what was kept until then stays.
    pub async fn cases_once(&self, now: Timestamp) -> Result<CaseWork, StoreError> {
        let mut work = CaseWork::default();
        let outreach = &self.config.outreach;
        let brands: Vec<&str> = self.config.own_brands().map(|brand| brand.name.as_str()).collect();
        loop {
            let (arrivals, reach) = self.store.case_arrivals(&brands, now).await?;
            if reach.0 == reach.1 {
                break;
            }
            let opened: Vec<Opened<'_>> = arrivals
                .iter()
                .map(|arrived| {
                    let rule = outreach.rules.judge(&arrived.said());
                    Opened {
                        arrived,
                        rule: rule.map(|(rule, severity)| (rule.name.as_str(), severity)),
                        due_at: rule.map(|(_, severity)| outreach.due_at(severity, arrived.said_at())),
                    }
                })
                .collect();
            // Where another program has looked meanwhile, the next turn goes on behind it.
            work.new += self.store.open_cases(reach, &opened, now).await?.unwrap_or_default();
        }
        work.answered = self.store.recognise_replies(now).await?.len();
        if work != CaseWork::default() {
            self.cases_changed();
        }
        Ok(work)
    }

    /// Tells everybody who watches the queue that it is not as it was.
    pub fn cases_changed(&self) {
        self.cases.send_modify(|turn| *turn += 1);
    }

    /// Learns of every change of the queue from now on.
    pub fn watch_cases(&self) -> tokio::sync::watch::Receiver<u64> {
        self.cases.subscribe()
    }
}
