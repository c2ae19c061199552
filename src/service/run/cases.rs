//! The loops around cases: found, answered, told to other systems, and announced before they are late.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, watch};

use super::pause;
use crate::cause::chain;
use crate::service::{CaseWork, HandedOff, Published, Service, now};

/// Cases are looked for this often.
const CASES_EVERY: Duration = Duration::from_secs(10);

/// Answers, and what other systems are to be told, are looked for this often, and at once when something in the queue has changed.
const PUBLISH_EVERY: Duration = Duration::from_secs(30);

/// Whether somebody is to be answered soon is asked this often.
const WARN_EVERY: Duration = Duration::from_mins(1);

pub(super) async fn cases_loop(service: Service, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        match service.cases_once(now()).await {
            Ok(work) if work == CaseWork::default() => {}
            Ok(work) => tracing::info!(new = work.new, answered = work.answered, "cases"),
            Err(error) => {
                tracing::error!(error = chain(&error), hint = error.hint(), "the look for cases will be repeated");
            }
        }
        pause(CASES_EVERY, &mut stopped).await;
    }
}

pub(super) async fn publish_loop(service: Service, mut stopped: watch::Receiver<bool>) {
    let mut cases = service.watch_cases();
    while !*stopped.borrow() {
        match service.publish_once(now()).await {
            Ok(published) if published == Published::default() => {}
            Ok(Published { sent, postponed, failed }) => tracing::info!(sent, postponed, failed, "answers"),
            Err(error) => {
                tracing::error!(error = chain(&error), hint = error.hint(), "answers will be published again");
            }
        }
        tokio::select! {
            _ = cases.changed() => {}
            () = pause(PUBLISH_EVERY, &mut stopped) => {}
        }
    }
}

pub(super) async fn hand_off_loop(service: Service, mut stopped: watch::Receiver<bool>) {
    let mut cases = service.watch_cases();
    while !*stopped.borrow() {
        match service.hand_off_once(now()).await {
            Ok(done) if done == HandedOff::default() => {}
            Ok(HandedOff { opened, noted, changed, failed }) => {
                tracing::info!(opened, noted, changed, failed, "cases in other systems");
            }
            Err(error) => {
                tracing::error!(error = chain(&error), hint = error.hint(), "other systems will be told again");
            }
        }
        tokio::select! {
            _ = cases.changed() => {}
            () = pause(PUBLISH_EVERY, &mut stopped) => {}
        }
    }
}

pub(super) async fn warning_loop(service: Service, letters: Arc<Notify>, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        match service.warn_of_due_once(now()).await {
            Ok(written) if written.is_empty() => {}
            Ok(written) => {
                tracing::info!(written = written.len(), "answers are due soon");
                letters.notify_one();
            }
            Err(error) => {
                tracing::error!(error = chain(&error), hint = error.hint(), "warnings will be repeated");
            }
        }
        pause(WARN_EVERY, &mut stopped).await;
    }
}
