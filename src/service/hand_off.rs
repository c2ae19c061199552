//! Cases on their way to the systems where a service department works, and what becomes of them there.

use std::time::Duration;

use url::Url;

use super::Service;
use crate::alert::format::Format;
use crate::alert::quote::{one_line, web_address};
use crate::hand_off::{Desk, DeskError, Line, Note, Person, Remote, Standing, Told, key};
use crate::mention::{Rating, Timestamp};
use crate::notify::retry_after;
use crate::outreach::Severity;
use crate::store::hand_off::{HandOff, News};
use crate::store::outreach::Case;
use crate::store::{StoreError, StoredMention};
use crate::tongue::{Said, Tongue, said};

/// How a case stands there is asked this often; what happens here is told at once.
const ASK_EVERY: Duration = Duration::from_mins(10);

/// Cases that are older do not go anywhere by themselves: whoever adds a desk does not send it the past.
const BY_ITSELF_SECONDS: i64 = 86_400;

/// After so many attempts in a row, within a day and a half, somebody has to look at it.
const MOST_ATTEMPTS: u32 = 12;

/// Where nothing could be looked for, what may have arrived is sent once more, and not again.
const MOST_UNKNOWN: u32 = 2;

/// So many characters of what was said are the title.
const TITLE: usize = 80;

/// What became of the cases that were due at other systems.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HandedOff {
    /// Cases that are there now and were not before.
    pub opened: usize,
    /// Notes that were added there.
    pub noted: usize,
    /// Cases of which something was read back.
    pub changed: usize,
    /// Attempts that failed.
    pub failed: usize,
}

impl Service {
    /// Tells other systems of the cases that go there and of what happened to them since, and asks how they stand. A system that
    /// does not answer holds up no other.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn hand_off_once(&self, now: Timestamp) -> Result<HandedOff, StoreError> {
        let mut done = HandedOff::default();
        for desk in &self.config.desks {
            self.pass_on_by_itself(desk, now).await?;
            let line = Line::new(desk, &self.fetcher);
            for hand_off in self.store.due_hand_offs(&desk.name, now).await? {
                match self.serve(desk, &hand_off, &line, now, &mut done).await? {
                    Ok(()) => {}
                    Err(error) => {
                        done.failed += 1;
                        let may_pass = error.may_pass && hand_off.attempts + 1 < MOST_ATTEMPTS;
                        let is_lost = error.may_have_arrived && !desk.has_a_case();
                        let may_pass = may_pass && !(is_lost && hand_off.attempts + 1 >= MOST_UNKNOWN);
                        let due_at = may_pass.then(|| again_at(&error, hand_off.attempts, now));
                        self.store.hand_off_failed(hand_off.id, &why(&error), due_at).await?;
                        // Whoever wants to be left alone, or is not there, is not asked for the next one either.
                        if error.may_pass {
                            break;
                        }
                    }
                }
            }
        }
        if done.opened + done.changed + done.failed > 0 {
            self.cases_changed();
        }
        Ok(done)
    }

    /// Passes a case on to a desk of this name; `false`: there is no such desk or case, or it is there already.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn pass_on(
        &self,
        case: i64,
        desk: &str,
        actor: Option<&crate::account::Actor>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        if !self.config.desks.iter().any(|one| one.name == desk) {
            return Ok(false);
        }
        let Some(first) = self.first_mention(case).await? else { return Ok(false) };
        self.store.pass_on(case, desk, &key(&first.source, &first.native_id), actor, now).await
    }

    async fn pass_on_by_itself(&self, desk: &Desk, now: Timestamp) -> Result<(), StoreError> {
        let Some(from) = desk.automatic_from else { return Ok(()) };
        for case in self.store.to_pass_on(&desk.name, from, now.plus_seconds(-BY_ITSELF_SECONDS)).await? {
            self.pass_on(case, &desk.name, None, now).await?;
        }
        Ok(())
    }

    /// Opens the case there, tells what is new, and reads back. What was done is kept at once, so that a failure repeats as little
    /// as it can.
    async fn serve(
        &self,
        desk: &Desk,
        hand_off: &HandOff,
        line: &Line<'_>,
        now: Timestamp,
        done: &mut HandedOff,
    ) -> Result<Result<(), DeskError>, StoreError> {
        let Some(told) = self.told(desk, hand_off, now).await? else {
            // Nothing is left of the case to tell of.
            self.store.hand_off_done(hand_off.id, i64::MAX, None).await?;
            return Ok(Ok(()));
        };
        let is_new = hand_off.standing.is_none();
        let asked = if is_new { desk.open(&told, line).await } else { desk.read(&hand_off.remote_id, line).await };
        let remote = match asked {
            Ok(remote) => remote,
            Err(error) => return Ok(Err(error)),
        };
        let remote = match hand_off.standing {
            // It is gone, but where it was is worth knowing.
            Some(_) if remote.standing == Standing::Gone => Remote {
                id: hand_off.remote_id.clone(),
                number: remote.number.or_else(|| hand_off.number.clone()),
                url: remote.url.or_else(|| hand_off.url.clone()),
                ..remote
            },
            _ => remote,
        };
        let after = i64::try_from(self.config.outreach.follow_up_after.as_secs()).unwrap_or(i64::MAX);
        let has_changed = self.store.read_back(hand_off, &remote, now.plus_seconds(after), now).await?;
        done.opened += usize::from(is_new);
        done.changed += usize::from(has_changed && !is_new);
        let (news, through) = self.store.news(hand_off).await?;
        if remote.standing != Standing::Open {
            self.store.hand_off_done(hand_off.id, through, None).await?;
            return Ok(Ok(()));
        }
        self.store.noted(hand_off.id, remote.noted.as_deref().unwrap_or_default()).await?;
        let noted = remote.noted.unwrap_or_default();
        for one in news.iter().filter(|one| !noted.contains(&one.key)) {
            if let Err(error) = desk.note(&remote.id, &self.note(desk, one), line).await {
                return Ok(Err(error));
            }
            self.store.noted(hand_off.id, std::slice::from_ref(&one.key)).await?;
            done.noted += 1;
        }
        let ask_at = now.plus_seconds(i64::try_from(ASK_EVERY.as_secs()).unwrap_or(i64::MAX));
        self.store.hand_off_done(hand_off.id, through, Some(ask_at)).await?;
        Ok(Ok(()))
    }

    async fn first_mention(&self, case: i64) -> Result<Option<StoredMention>, StoreError> {
        match self.store.case_mentions(case).await?.first() {
            Some(first) => self.store.mention(*first).await,
            None => Ok(None),
        }
    }

    /// A case as it is told; `None`: there is nothing left of it.
    async fn told(&self, desk: &Desk, hand_off: &HandOff, now: Timestamp) -> Result<Option<Told>, StoreError> {
        let Some(case) = self.store.case(hand_off.case).await? else { return Ok(None) };
        let Some(first) = self.first_mention(case.id).await? else { return Ok(None) };
        let person = match case.author_id {
            Some(author) => self.store.author_key(author).await?,
            None => None,
        };
        let page = self.config.public_url.as_ref();
        let page = page.and_then(|public| Url::parse(&format!("{public}/cases/{}", case.id)).ok());
        let person = person.map(|(source, own, name)| Person { key: key(&source, &own), name });
        Ok(Some(tell(self, desk, (&case, &first), person, page, now, &hand_off.key)))
    }

    fn note(&self, desk: &Desk, news: &News) -> Note {
        let tongue = Tongue::of(desk.language);
        let format = Format { tongue, zone: self.config.alert.time_zone };
        let what = match news.what {
            Some(what) => what.words(),
            None => said("hat noch etwas gesagt", "said something more"),
        };
        let who = news.who.as_deref().unwrap_or(said("Die Person", "The person").to(tongue)).to_owned();
        Note {
            key: news.key.clone(),
            title: format!("{} · {who} {}", format.moment(news.at), what.to(tongue)),
            text: news.text.clone(),
        }
    }
}

fn tell(
    service: &Service,
    desk: &Desk,
    (case, first): (&Case, &StoredMention),
    person: Option<Person>,
    page: Option<Url>,
    now: Timestamp,
    own_key: &str,
) -> Told {
    let tongue = Tongue::of(desk.language);
    let format = Format { tongue, zone: service.config.alert.time_zone };
    let stars = first.rating.map(Rating::of_five);
    let grade = stars.map_or_else(String::new, |stars| format!(" {stars}/5"));
    let line = one_line(first.title.as_deref().unwrap_or(&first.text));
    let title: String = line.chars().take(TITLE).collect();
    let hours = (now.seconds() - case.first_word_at.seconds()).max(0) / 3600;
    let fact = |name: Said<&'static str>, value: String| (name.to(tongue).to_owned(), value);
    let mut facts = vec![
        fact(said("Marke", "Brand"), case.brand.clone()),
        fact(said("Quelle", "Source"), first.source.clone()),
        fact(said("Erstes Wort", "First word"), format.moment(case.first_word_at)),
        fact(said("Wartet seit (Stunden)", "Waiting for (hours)"), hours.to_string()),
    ];
    facts.extend(stars.map(|stars| fact(said("Sterne", "Stars"), format!("{stars}/5"))));
    let mut tags = vec!["stimmung".to_owned(), format!("source_{}", first.source.replace('-', "_"))];
    tags.extend(stars.map(|stars| format!("rating_{stars}")));
    Told {
        key: own_key.to_owned(),
        title: format!("[{}{grade}] {title}", first.source),
        text: first.full_text(),
        person,
        severity: case.severity,
        is_question: case.severity == Severity::Low && first.intents.iter().any(|intent| intent == "question"),
        facts,
        tags,
        original: first.url.as_deref().and_then(web_address).and_then(|url| Url::parse(&url).ok()),
        page,
    }
}

fn again_at(error: &DeskError, attempts: u32, now: Timestamp) -> Timestamp {
    let wait = retry_after(attempts + 1, fastrand::f64()).max(error.retry_after.unwrap_or_default());
    now.plus_seconds(i64::try_from(wait.as_secs()).unwrap_or(i64::MAX))
}

fn why(error: &DeskError) -> Said {
    match error.hint {
        Some(hint) => Said {
            german: format!("{}. {}", error.words.german, hint.german),
            english: format!("{}: {}", error.words.english, hint.english),
        },
        None => error.words.clone(),
    }
}
