//! `GET /live?VIEW&since=ID`: tells a page that is open what has arrived in its view since it was made, as server-sent
//! events.
//!
//! An event `arrived` says how many mentions came and the number of the newest: `{"count":3,"newest":1207}`. Other
//! programs may save into the same database, so it is looked at every two seconds, once for all listeners and only
//! while there are any.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, StreamExt as _, stream};
use serde::Serialize;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use url::form_urlencoded;

use super::visitor::{Right, Visitor};
use super::{PageError, Site};
use crate::store::{Cut, Store, StoreError};
use crate::view::View;

/// The database is looked at this often.
const EVERY: Duration = if cfg!(test) { Duration::from_millis(20) } else { Duration::from_secs(2) };

/// A comment keeps the line open through proxies.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Then a browser connects anew, and shows once more that it may read.
const LONGEST: Duration = Duration::from_hours(1);

/// So many listen at the same time.
pub(super) const MOST_LISTENERS: usize = 200;

/// More arrivals than these are not counted: nobody waits for the exact number.
const MOST_COUNTED: usize = 100;

/// The one look at the database for all who listen; cheap to clone.
#[derive(Clone)]
pub(super) struct Live(Arc<Inner>);

struct Inner {
    /// The number of the newest arrival.
    newest: watch::Sender<i64>,
    places: Arc<Semaphore>,
    /// Whether somebody looks at the database.
    is_watched: Mutex<bool>,
}

impl Default for Live {
    fn default() -> Self {
        let places = Arc::new(Semaphore::new(MOST_LISTENERS));
        Self(Arc::new(Inner { newest: watch::Sender::new(0), places, is_watched: Mutex::default() }))
    }
}

impl Live {
    /// A place among the listeners, and what tells of arrivals; `None`: all are taken.
    fn listen(&self, store: &Store) -> Option<(OwnedSemaphorePermit, watch::Receiver<i64>)> {
        let place = self.0.places.clone().try_acquire_owned().ok()?;
        let mut is_watched = self.0.is_watched.lock().unwrap_or_else(PoisonError::into_inner);
        let arrivals = self.0.newest.subscribe();
        if !std::mem::replace(&mut is_watched, true) {
            tokio::spawn(watch_arrivals(self.clone(), store.clone()));
        }
        Some((place, arrivals))
    }
}

/// Until nobody listens any more.
async fn watch_arrivals(live: Live, store: Store) {
    loop {
        tokio::time::sleep(EVERY).await;
        {
            let mut is_watched = live.0.is_watched.lock().unwrap_or_else(PoisonError::into_inner);
            if live.0.newest.receiver_count() == 0 {
                *is_watched = false;
                return;
            }
        }
        // What cannot be read now is read the next time.
        if let Ok(newest) = store.newest_arrival().await {
            live.0.newest.send_if_modified(|known| std::mem::replace(known, newest) != newest);
        }
    }
}

/// What has arrived in a view.
#[derive(Serialize)]
struct Arrived {
    /// How many mentions; at most 100 are counted.
    count: usize,
    /// The number of the newest of them.
    newest: i64,
}

/// One page that is open.
struct Listener {
    site: Site,
    view: View,
    /// The newest arrival that the page shows.
    since: i64,
    /// How many were told so far, and the newest of them.
    told: (usize, i64),
    arrivals: watch::Receiver<i64>,
    _place: OwnedSemaphorePermit,
}

impl Listener {
    /// Waits until more has arrived; `None`: nobody will tell of it any more.
    async fn next(mut self) -> Option<(Arrived, Self)> {
        loop {
            self.arrivals.borrow_and_update();
            match self.arrived().await {
                Ok(Some(arrived)) => {
                    self.told = (arrived.count, arrived.newest);
                    return Some((arrived, self));
                }
                Ok(None) => {}
                Err(error) => tracing::warn!(error = crate::cause::chain(&error), "arrivals are not told"),
            }
            self.arrivals.changed().await.ok()?;
        }
    }

    /// What is there beyond what was told.
    async fn arrived(&self) -> Result<Option<Arrived>, StoreError> {
        let cut = Cut { arrived_after: Some(self.since), ..Cut::first(MOST_COUNTED) };
        let service = &self.site.service;
        let page = service.store.mentions(&self.view, cut, service.config.alert.time_zone).await?;
        let newest = page.mentions.iter().map(|mention| mention.id).max();
        let arrived = newest.map(|newest| Arrived { count: page.mentions.len(), newest });
        Ok(arrived.filter(|arrived| (arrived.count, arrived.newest) != self.told))
    }
}

pub(super) async fn live(
    State(site): State<Site>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    visitor.may(Right::Read)?;
    let query = query.unwrap_or_default();
    let (view, mistakes) = View::parse(&query, &["since"]);
    if let Some(mistake) = mistakes.first() {
        let told = mistake.words();
        return Err(PageError::Wrong(told.german, told.english));
    }
    let said = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "since");
    let since = match said.and_then(|(_, since)| since.parse().ok()) {
        Some(since) => since,
        None => site.service.store.newest_arrival().await?,
    };
    let Some((place, arrivals)) = site.live.listen(&site.service.store) else {
        return Ok((StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "60")]).into_response());
    };
    let stops = site.service.stops();
    let listener = Listener { site, view, since, told: (0, 0), arrivals, _place: place };
    let events = events(listener).take_until(async move {
        tokio::select! {
            () = stops => {}
            () = tokio::time::sleep(LONGEST) => {}
        }
    });
    let events = Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT));
    Ok(([("x-accel-buffering", "no")], events).into_response())
}

fn events(listener: Listener) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(listener, Listener::next).map(|arrived| {
        let data = serde_json::to_string(&arrived).unwrap_or_default();
        Ok(Event::default().event("arrived").data(data))
    })
}

#[cfg(test)]
mod tests;
