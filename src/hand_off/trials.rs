//! Each system on loopback, with every header and body checked, and with every trouble at every request: whatever happens, a
//! case is there once, and so is each note.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::*;
use crate::http::Settings;
use crate::http::site::{Asked, Reply, Site, answer};
use crate::secret::SecretPlace;

mod dynamics;
mod teams;
pub(crate) mod zendesk;

/// What goes wrong at one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The token, or what else lets us in, is no good any more.
    Unauthorized,
    /// 429 with `Retry-After`.
    TooMany,
    /// 503, before anything was done.
    Down,
    /// 500, and it was done all the same.
    BrokenAfter,
    /// No answer in time, and it was done.
    Late,
    /// The connection is lost before anything was done.
    LostBefore,
    /// The connection is lost, and it was done.
    LostAfter,
}

const TROUBLES: [Trouble; 7] = [
    Trouble::Unauthorized,
    Trouble::TooMany,
    Trouble::Down,
    Trouble::BrokenAfter,
    Trouble::Late,
    Trouble::LostBefore,
    Trouble::LostAfter,
];

/// A system on loopback: it does what it is asked, but for the troubles at the requests with these numbers.
pub(crate) struct Fake<S> {
    pub(crate) site: Site,
    state: Arc<Mutex<S>>,
}

impl<S: Default + Send + 'static> Fake<S> {
    pub(crate) async fn start(
        troubles: BTreeMap<usize, Trouble>,
        serve: impl Fn(&mut S, &Asked) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let state = Arc::new(Mutex::new(S::default()));
        let (shared, count) = (state.clone(), Mutex::new(0));
        let site = Site::start(move |asked| {
            let mut count = count.lock().unwrap();
            let trouble = troubles.get(&*count).copied();
            *count += 1;
            let mut state = shared.lock().unwrap();
            match trouble {
                None => serve(&mut state, asked),
                Some(Trouble::Unauthorized) => answer("401 Unauthorized", "", b"{}"),
                Some(Trouble::TooMany) => answer("429 Too Many Requests", "Retry-After: 7\r\n", b"{}"),
                Some(Trouble::Down) => answer("503 Service Unavailable", "", b"{}"),
                Some(Trouble::LostBefore) => Reply::Bytes(Vec::new()),
                Some(Trouble::BrokenAfter | Trouble::Late | Trouble::LostAfter) => {
                    serve(&mut state, asked);
                    match trouble {
                        Some(Trouble::BrokenAfter) => answer("500 Internal Server Error", "", b"{}"),
                        Some(Trouble::Late) => Reply::Stall(Vec::new()),
                        _ => Reply::Bytes(Vec::new()),
                    }
                }
            }
        })
        .await;
        Self { site, state }
    }

    pub(crate) fn state(&self) -> std::sync::MutexGuard<'_, S> {
        self.state.lock().unwrap()
    }
}

fn fetcher() -> Fetcher {
    let soon = Duration::from_millis(150);
    Fetcher::new(&Settings { gap_per_host: Duration::ZERO, timeout: soon, read_timeout: soon, ..Settings::default() })
        .unwrap()
}

fn desk(kind: DeskKind) -> Desk {
    Desk { name: "crm".to_owned(), language: Language::GERMAN, automatic_from: None, allow_private_network: true, kind }
}

fn told() -> Told {
    Told {
        key: key("stars", "r:1/7"),
        title: "[stars 1/5] Nie wieder \"Lerchenbahn\"".to_owned(),
        text: "Zwei Mails, keine Antwort.\n\n<b>Schluss</b> & aus!".to_owned(),
        person: Some(Person { key: key("stars", "jana"), name: "Jana O'Neill".to_owned() }),
        severity: Severity::High,
        is_question: false,
        facts: vec![("Marke".to_owned(), "Lerchenbahn".to_owned())],
        tags: vec!["stimmung".to_owned(), "rating_1".to_owned()],
        original: Url::parse("https://stars.example/r/1").ok(),
        page: Url::parse("https://stimmung.example/cases/7").ok(),
    }
}

fn notes() -> [Note; 2] {
    let note = |key: &str, text: &str| Note {
        key: key.to_owned(),
        title: "20.11.2026 12:00, erika".to_owned(),
        text: text.to_owned(),
    };
    [note("answer-3", "Guten Tag, das war zu spät."), note("event-9", "Rückruf zugesagt")]
}

/// Opens the case and adds the notes as the service does: what fails is done once more.
async fn hand_over(desk: &Desk) -> (Remote, Vec<DeskError>) {
    let fetcher = fetcher();
    let mut errors = Vec::new();
    for _ in 0..6 {
        let line = Line::new(desk, &fetcher);
        match try_all(desk, &line).await {
            Ok(remote) => return (remote, errors),
            Err(error) => errors.push(error),
        }
    }
    panic!("{errors:?}");
}

async fn try_all(desk: &Desk, line: &Line<'_>) -> Result<Remote, DeskError> {
    let remote = desk.open(&told(), line).await?;
    let remote = desk.read(&remote.id, line).await?;
    let noted = remote.noted.unwrap_or_default();
    for note in notes().iter().filter(|note| !noted.contains(&note.key)) {
        desk.note(&remote.id, note, line).await?;
    }
    desk.read(&remote.id, line).await
}

/// Each trouble at each of the first so many requests, and two of them in a row.
fn all_troubles(requests: usize) -> impl Iterator<Item = BTreeMap<usize, Trouble>> {
    (0..requests).flat_map(|at| {
        TROUBLES.into_iter().enumerate().map(move |(number, trouble)| {
            let another = TROUBLES[(at + 3 * number) % TROUBLES.len()];
            BTreeMap::from([(at, trouble), (at + 1 + number % 2, another)])
        })
    })
}
