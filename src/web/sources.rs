//! `GET /sources`: where we listen, how each source does, and where that is written down.

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Html;
use axum::routing::{get, post};
use serde::Deserialize;

use super::visitor::{Right, Scheme, Visitor};
use super::{Frame, PageError, Section, Site, frame, wording};
use crate::alert::format::Tongue;
use crate::collect::About;
use crate::config::Origin;
use crate::mention::{Grade, Timestamp};
use crate::service::{SourceHealth, State as SourceState, now};
use crate::tongue::Said;

mod add;
pub(super) mod change;
mod look;
mod source;
#[cfg(test)]
mod tests;

/// The pages about sources.
pub(super) fn router() -> Router<Site> {
    Router::new()
        .route("/sources", get(page))
        .route("/sources/add", get(add::page).post(add::add))
        .route("/sources/{id}", get(source::page))
        .route("/sources/{id}/look", post(look::page))
        .route("/sources/{id}/run", post(change::run))
        .route("/sources/{id}/pause", post(change::pause))
        .route("/sources/{id}/resume", post(change::resume))
        .route("/sources/{id}/remove", post(change::remove))
}

/// What was just done, as the address says it after a redirect.
#[derive(Default, Deserialize)]
struct Done {
    #[serde(default)]
    done: String,
}

impl Done {
    /// In a sentence; `None` where nothing was done.
    fn said<'f>(&self, frame: &'f Frame) -> Option<&'f str> {
        Some(match self.done.as_str() {
            "asked" => frame.say(
                "Die Quelle wird jetzt gefragt. Was sie bringt, erscheint hier.",
                "The source is being asked. What it brings appears here.",
            ),
            "paused" => frame.say(
                "Die Quelle pausiert: Sie wird nicht gefragt, bis Sie sie fortsetzen.",
                "The source is paused: it is not asked until you resume it.",
            ),
            "resumed" => frame.say(
                "Die Quelle wird wieder gefragt, und zwar gleich.",
                "The source is asked again, beginning right now.",
            ),
            "added" => frame.say(
                "Die Quelle ist hinzugefügt und wird zum ersten Mal gefragt. Was sie bringt, erscheint hier.",
                "The source is added and is being asked for the first time. What it brings appears here.",
            ),
            "removed" => frame.say(
                "Die Quelle ist entfernt. Was sie gebracht hat, bleibt.",
                "The source is removed. What it has brought stays.",
            ),
            _ => return None,
        })
    }
}

/// A source as a page shows it.
struct Row {
    id: String,
    kind: &'static str,
    /// The state by its name, for its colour, then its sign and its word.
    state: &'static str,
    sign: &'static str,
    word: &'static str,
    is_paused: bool,
    paused_since: Option<String>,
    /// How many rounds in a row failed, why, and what to do about it.
    failures: Option<(String, Option<String>, Option<String>)>,
    last: String,
    next: String,
    per_day: String,
    usual: Option<String>,
    quota: Option<String>,
    grade: Option<String>,
    /// The grade of 30 days ago, if it was another one.
    grade_before: Option<String>,
    is_added: bool,
}

impl Row {
    fn new(frame: &Frame, health: &SourceHealth) -> Self {
        let format = frame.format();
        let time =
            |at: Option<Timestamp>, none: &'static str| at.map_or_else(|| none.to_owned(), |at| format.moment(at));
        let graded = health.grade.as_ref();
        let before = graded.and_then(|graded| graded.a_month_ago.filter(|before| *before != graded.grade));
        Self {
            id: health.id.clone(),
            kind: health.kind,
            state: health.state.name(),
            sign: wording::source_sign(health.state),
            word: wording::source_state(frame, health.state),
            is_paused: health.state == SourceState::Paused,
            paused_since: health.paused_at.map(|at| format.moment(at)),
            failures: (health.failures > 0).then(|| {
                let said = match health.failures {
                    1 => frame.say("eine Runde schlug fehl", "one round failed").to_owned(),
                    count => {
                        format!("{count} {}", frame.say("Runden in Folge schlugen fehl", "rounds in a row failed"))
                    }
                };
                let told = |said: &Option<Said>| said.as_ref().map(|said| frame.tell(said).to_owned());
                (said, told(&health.error), told(&health.hint))
            }),
            last: time(health.last_success_at, "–"),
            next: time(health.due_at, "–"),
            per_day: decimal(frame, health.per_day, 1),
            usual: health.usual_per_day.map(|usual| decimal(frame, usual, 1)),
            quota: health.quota_left.map(|left| format.count(left)),
            grade: graded.map(|graded| grade(frame, graded.grade)),
            grade_before: before.map(|before| grade(frame, before)),
            is_added: health.set_in == Origin::Added.file(),
        }
    }
}

/// What there is to say of a kind of source.
struct KindWords {
    listens_to: String,
    needs: Option<String>,
    brings: String,
    history: String,
}

impl KindWords {
    fn new(frame: &Frame, about: &About) -> Self {
        let tell = |said: &Said<&str>| frame.tell(said).to_owned();
        Self {
            listens_to: tell(&about.listens_to),
            needs: about.needs.as_ref().map(tell),
            brings: about.brings.iter().map(|detail| tell(&detail.name())).collect::<Vec<_>>().join(", "),
            history: tell(&about.history),
        }
    }
}

/// As in `4,62 von 5 aus 1.204 Bewertungen`.
fn grade(frame: &Frame, grade: Grade) -> String {
    let of = format!("{} {} {}", decimal(frame, grade.rating.value, 2), frame.say("von", "of"), grade.rating.best);
    let Some(reviews) = grade.reviews else { return of };
    let reviews = frame.format().count(reviews);
    format!("{of} {}", frame.say("aus {} Bewertungen", "from {} reviews").replace("{}", &reviews))
}

fn decimal(frame: &Frame, value: f64, digits: usize) -> String {
    let written = format!("{value:.digits$}");
    match frame.tongue {
        Tongue::German => written.replace('.', ","),
        Tongue::English => written,
    }
}

#[derive(Template)]
#[template(path = "web/sources.html")]
struct Page {
    frame: Frame,
    done: Option<String>,
    rows: Vec<Row>,
    summary: String,
}

async fn page(State(site): State<Site>, visitor: Visitor, Query(done): Query<Done>) -> Result<Html<String>, PageError> {
    visitor.may(Right::Read)?;
    let frame = Frame::new(&site, &visitor, Section::Sources, frame::say(visitor.tongue, "Quellen", "Sources"));
    let health = site.source_health(now()).await?;
    let page = Page {
        done: done.said(&frame).map(str::to_owned),
        rows: health.iter().map(|health| Row::new(&frame, health)).collect(),
        summary: summary(&frame, &health),
        frame,
    };
    Ok(Html(page.render()?))
}

/// How many there are, and of how many one should know.
fn summary(frame: &Frame, health: &[SourceHealth]) -> String {
    let count = health.len();
    let mut parts = vec![if count == 1 {
        frame.say("1 Quelle", "1 source").to_owned()
    } else {
        format!("{count} {}", frame.say("Quellen", "sources"))
    }];
    for state in [SourceState::Failing, SourceState::Silent, SourceState::Paused] {
        let count = health.iter().filter(|health| health.state == state).count();
        if count > 0 {
            parts.push(format!("{count} {}", wording::source_states(frame, state, count)));
        }
    }
    parts.join(" · ")
}
