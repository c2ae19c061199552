//! The service itself: every source on its schedule, detection, delivery and the pages, until it is told to stop.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

use super::adapt::is_time;
use super::rounds::{collect_loop, plan_at_start};
use super::{Alarm, Night, Service, now};
use crate::analyse::adapt::Gain;
use crate::cause::chain;
use crate::store::StoreError;

mod cases;

/// The detector looks this often; it judges whole hours, so a minute is soon.
const DETECT_EVERY: Duration = Duration::from_mins(1);

/// What cannot wait is looked for this often.
const URGENT_EVERY: Duration = Duration::from_secs(10);

/// The outbox is looked at at least this often, and at once when something was put in.
const DELIVER_EVERY: Duration = Duration::from_secs(30);

/// Whether a brand's past is long enough is looked at this often: not at once, so that all of its sources have been asked.
const REHEARSE_EVERY: Duration = Duration::from_hours(1);
/// Whether it is time for a digest is asked this often.
const DIGEST_EVERY: Duration = Duration::from_mins(1);

/// Whether it is time to learn is asked this often.
const LEARN_EVERY: Duration = Duration::from_mins(10);

/// When the transformer has read everything, it looks again this often.
#[cfg(feature = "transformer")]
const TRANSFORM_EVERY: Duration = Duration::from_mins(1);

/// Days in which something changed are counted anew this often; meanwhile pages count them on the spot.
const ROLL_UP_EVERY: Duration = Duration::from_secs(5);

/// What the service team has come to is counted at most so often, at least so often, and in between so that counting takes
/// a hundredth of the time: few reviews are counted at once, many take seconds.
const TEAM_EVERY: (Duration, Duration) = (Duration::from_secs(10), Duration::from_mins(10));

/// Work in flight gets this long to finish when the service stops; then it is rolled back.
const GRACE: Duration = Duration::from_secs(20);

/// Runs until `shutdown` is ready. The caller binds the listener, says what is answered on it, and decides when to stop.
///
/// # Errors
/// When the database refuses at the start. Later refusals are logged and tried again: a full disk stops nothing for good.
pub async fn run(
    service: Service,
    listener: TcpListener,
    site: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), StoreError> {
    service.settle_interrupted(now()).await?;
    service.settle_model(now()).await?;
    service.resume_pauses(now()).await?;
    let plan = plan_at_start(&service, now()).await?;
    let stopped = service.stop.subscribe();
    let letters = Arc::new(Notify::new());
    let mut loops = JoinSet::new();
    loops.spawn(collect_loop(service.clone(), plan, stopped.clone()));
    loops.spawn(detect_loop(service.clone(), letters.clone(), stopped.clone()));
    if !service.config.urgent.to.is_empty() {
        loops.spawn(urgent_loop(service.clone(), letters.clone(), stopped.clone()));
    }
    loops.spawn(cases::cases_loop(service.clone(), stopped.clone()));
    loops.spawn(cases::publish_loop(service.clone(), stopped.clone()));
    if !service.config.desks.is_empty() {
        loops.spawn(cases::hand_off_loop(service.clone(), stopped.clone()));
    }
    if !service.config.outreach.warn.is_empty() {
        loops.spawn(cases::warning_loop(service.clone(), letters.clone(), stopped.clone()));
    }
    if !service.config.digests.is_empty() {
        loops.spawn(digest_loop(service.clone(), letters.clone(), stopped.clone()));
    }
    if service.config.adapt {
        loops.spawn(adapt_loop(service.clone(), stopped.clone()));
    }
    #[cfg(feature = "transformer")]
    if service.config.transformer.is_some() {
        loops.spawn(transform_loop(service.clone(), stopped.clone()));
    }
    loops.spawn(rehearse_loop(service.clone(), letters.clone(), stopped.clone()));
    loops.spawn(deliver_loop(service.clone(), letters, stopped.clone()));
    loops.spawn(roll_up_loop(service.clone(), stopped.clone()));
    loops.spawn(team_loop(service.clone(), stopped.clone()));
    loops.spawn(serve(listener, site, stopped));
    tracing::info!(sources = service.sources().len(), brands = service.config.brands.len(), "listening");
    shutdown.await;
    tracing::info!("stopping: work in flight is finished or rolled back");
    service.stop();
    if tokio::time::timeout(GRACE, async { while loops.join_next().await.is_some() {} }).await.is_err() {
        loops.shutdown().await;
    }
    service.store.close().await;
    Ok(())
}

async fn detect_loop(service: Service, letters: Arc<Notify>, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        match service.detect_once(now()).await {
            Ok(news) if news.is_empty() => {}
            Ok(news) => {
                for one in &news {
                    tracing::info!(brand = one.alert.brand, kind = one.finding.kind.name(), at = %one.finding.at, "finding");
                }
                letters.notify_one();
            }
            Err(error) => {
                tracing::error!(error = chain(&error), hint = error.hint(), "detection will be repeated");
            }
        }
        pause(DETECT_EVERY, &mut stopped).await;
    }
}

async fn urgent_loop(service: Service, letters: Arc<Notify>, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        match service.urgent_once(now()).await {
            Ok(Alarm { found: 0, letters }) if letters.is_empty() => {}
            Ok(alarm) => {
                tracing::info!(found = alarm.found, letters = alarm.letters.len(), "urgent");
                letters.notify_one();
            }
            Err(error) => {
                tracing::error!(
                    error = chain(&error),
                    hint = error.hint(),
                    "the look for urgent mentions will be repeated"
                );
            }
        }
        pause(URGENT_EVERY, &mut stopped).await;
    }
}

async fn digest_loop(service: Service, letters: Arc<Notify>, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        match service.digest_once(now()).await {
            Ok(written) if written.is_empty() => {}
            Ok(written) => {
                tracing::info!(written = written.len(), "digest");
                letters.notify_one();
            }
            Err(error) => {
                tracing::error!(error = chain(&error), hint = error.hint(), "digests will be repeated");
            }
        }
        pause(DIGEST_EVERY, &mut stopped).await;
    }
}

async fn deliver_loop(service: Service, letters: Arc<Notify>, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        match service.deliver_once(now()).await {
            Ok(delivered) => {
                if delivered.sent > 0 {
                    tracing::info!(sent = delivered.sent, "mail");
                }
                for error in &delivered.errors {
                    tracing::warn!(error, postponed = delivered.postponed, given_up = delivered.given_up, "mail");
                }
            }
            Err(error) => {
                tracing::error!(error = chain(&error), hint = error.hint(), "delivery will be repeated");
            }
        }
        tokio::select! {
            () = letters.notified() => {}
            () = pause(DELIVER_EVERY, &mut stopped) => {}
        }
    }
}

async fn rehearse_loop(service: Service, letters: Arc<Notify>, mut stopped: watch::Receiver<bool>) {
    pause(REHEARSE_EVERY, &mut stopped).await;
    while !*stopped.borrow() {
        match service.rehearse_once(now()).await {
            Ok(rehearsed) if rehearsed.is_empty() => {}
            Ok(rehearsed) => {
                for (brand, rehearsal) in &rehearsed {
                    tracing::info!(brand, mentions = rehearsal.mentions, "lived through the past");
                }
                letters.notify_one();
            }
            Err(error) => {
                tracing::error!(error = chain(&error), hint = error.hint(), "the past will be lived through again");
            }
        }
        pause(REHEARSE_EVERY, &mut stopped).await;
    }
}

async fn adapt_loop(service: Service, mut stopped: watch::Receiver<bool>) {
    let mut last = None;
    while !*stopped.borrow() {
        let now = now();
        if is_time(now, last, service.config.alert.time_zone) {
            last = Some(now);
            // The service stops when it is told to, learning or not: what was begun is taken up the next time.
            tokio::select! {
                night = service.adapt_by_night(now) => log_night(night),
                _ = stopped.changed() => {}
            }
        }
        pause(LEARN_EVERY, &mut stopped).await;
    }
}

/// Step after step until there is nothing left to read. A panic in one is the step's, never the service's.
#[cfg(feature = "transformer")]
async fn transform_loop(service: Service, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        let work = tokio::spawn({
            let service = service.clone();
            async move { service.transform_once(now()).await }
        });
        // As with learning: what a step had begun to read is read the next time.
        let read = tokio::select! {
            step = work => match step {
                Ok(Ok(read)) => read,
                Ok(Err(error)) => {
                    let cause = chain(&error);
                    tracing::error!(error = cause, hint = error.hint(), "the transformer will try again");
                    0
                }
                Err(panic) => {
                    tracing::error!(error = %panic, "the transformer broke off and will try again");
                    0
                }
            },
            _ = stopped.changed() => return,
        };
        if read == 0 {
            pause(TRANSFORM_EVERY, &mut stopped).await;
        } else {
            tracing::debug!(read, "transformer");
        }
    }
}

async fn roll_up_loop(service: Service, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        match service.roll_up_once().await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => {
                tracing::error!(error = chain(&error), hint = error.hint(), "days will be counted again");
            }
        }
        pause(ROLL_UP_EVERY, &mut stopped).await;
    }
}

async fn team_loop(service: Service, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        let began = Instant::now();
        if let Err(error) = service.team_once(now()).await {
            tracing::error!(error = chain(&error), hint = error.hint(), "the team will be counted again");
        }
        pause((began.elapsed() * 100).clamp(TEAM_EVERY.0, TEAM_EVERY.1), &mut stopped).await;
    }
}

/// Serves until it is told to stop; requests under way are answered.
async fn serve(listener: TcpListener, site: Router, mut stopped: watch::Receiver<bool>) {
    let stop = async move { told_to_stop(&mut stopped).await };
    let site = site.into_make_service_with_connect_info::<SocketAddr>();
    if let Err(error) = axum::serve(listener, site).with_graceful_shutdown(stop).await {
        tracing::error!(%error, "the pages are gone");
    }
}

fn log_night(night: Result<Night, StoreError>) {
    match night {
        Ok(Night::TooFewNewLessons) => tracing::info!("the model stays: there is little new to learn from"),
        Ok(Night::Learned(adapted)) => {
            if adapted.gains.is_empty() {
                tracing::info!(lessons = adapted.lessons, "too few lessons in any language to learn from");
            }
            adapted.gains.iter().for_each(log_gain);
        }
        Err(error) => {
            tracing::error!(error = chain(&error), hint = error.hint(), "learning will be repeated");
        }
    }
}

/// As in "German: 412 lessons, macro-F1 0.52 → 0.58, used".
fn log_gain(gain: &Gain) {
    let used = if gain.used { "used" } else { "not used" };
    let language = gain.language.name().unwrap_or(gain.language.code());
    tracing::info!("{language}: {} lessons, macro-F1 {:.2} → {:.2}, {used}", gain.lessons, gain.before, gain.after);
}

pub(super) async fn told_to_stop(stopped: &mut watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

/// Waits, or not at all where it is told to stop already: whoever learned of that during its work must not miss it here.
async fn pause(duration: Duration, stopped: &mut watch::Receiver<bool>) {
    tokio::select! {
        () = tokio::time::sleep(duration) => {}
        () = told_to_stop(stopped) => {}
    }
}
