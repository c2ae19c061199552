//! Digests: made of what the database knows, written once for each period and reader.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{Service, letter};
use crate::alert::{Excerpt, Mail, Quote};
use crate::brand::Brand;
use crate::config::{DigestPlan, Recipient};
use crate::digest::{self, Blind, Digest, Facts, Length, Links, Window, due};
use crate::mention::{Label, Language, Timestamp};
use crate::notify::{self, Letter, MAIL, MailingList, unsubscribe};
use crate::store::{Issue, StoreError, Unheard};

/// What the seal of unsubscribe links is made with.
const SECRET: &str = "unsubscribe";

/// One reader of one digest.
#[derive(Clone, Debug, PartialEq)]
pub struct Subscription {
    /// A day, a week or a month.
    pub length: Length,
    /// About these; `None`: about all.
    pub brands: Option<Vec<String>>,
    /// Who reads it.
    pub reader: Recipient,
    /// The end of the newest period that is done with.
    pub told_through: Option<Timestamp>,
    /// When the next one is written; `None`: the reader has unsubscribed.
    pub next: Option<Timestamp>,
}

/// What a digest says, and which mentions it quotes.
struct Made {
    digest: Digest,
    quoted: Vec<i64>,
}

impl Service {
    /// Writes every digest whose time has come to everybody who was not told of that period yet. Where there is nothing
    /// to tell, nobody gets a letter, and the period is done with. Answers the letters.
    ///
    /// # Errors
    /// When the database refuses; then nothing of that digest is kept, and the next time it is written anew.
    pub async fn digest_once(&self, now: Timestamp) -> Result<Vec<Letter>, StoreError> {
        let mut letters = Vec::new();
        let zone = self.config.alert.time_zone;
        for plan in &self.config.digests {
            let Some(window) = due(plan.length, &plan.cron, zone, now) else { continue };
            let subscriptions = self.subscriptions_of(plan, now).await?;
            let through = window.to(zone);
            let waiting = subscriptions
                .into_iter()
                .filter(|one| one.next.is_some() && one.told_through.is_none_or(|told| told < through));
            let waiting: Vec<Recipient> = waiting.map(|one| one.reader).collect();
            if !waiting.is_empty() {
                letters.extend(self.write_digest(plan, window, &waiting, now).await?);
            }
        }
        Ok(letters)
    }

    async fn write_digest(
        &self,
        plan: &DigestPlan,
        window: Window,
        readers: &[Recipient],
        now: Timestamp,
    ) -> Result<Vec<Letter>, StoreError> {
        let made = self.make_digest(window, plan.brands.as_deref()).await?;
        let secret = self.unsubscribe_secret().await?;
        let brands = plan.brands.as_deref().unwrap_or_default();
        let issue = Issue { length: plan.length, brands, through: window.to(self.config.alert.time_zone) };
        let letter = |reader: &Recipient| {
            let letter = || self.digest_letter(&made.digest, &issue, reader, &secret, now);
            (reader.key(), (!made.digest.is_empty()).then(letter).flatten())
        };
        let letters = readers.iter().map(letter).collect();
        self.store.save_digest(&issue, letters, &made.quoted).await
    }

    fn digest_letter(
        &self,
        digest: &Digest,
        issue: &Issue<'_>,
        reader: &Recipient,
        secret: &[u8],
        now: Timestamp,
    ) -> Option<Letter> {
        let page = |url: &String| format!("{url}/unsubscribe/{}", unsubscribe::token(secret, &reader.key()));
        let page = self.config.public_url.as_ref().map(page);
        let sender = notify::address(self.config.mail.sender()).ok()?; // a valid configuration names one
        let by_mail = unsubscribe::by_mail(&sender, reader.mailbox());
        let way_out = page.as_deref().unwrap_or(&by_mail);
        let links = Links { unsubscribe: Some(way_out), site: self.config.public_url.as_deref() };
        let name = match issue.length {
            Length::Day => "daily-digest",
            Length::Week => "weekly-digest",
            Length::Month => "monthly-digest",
        };
        Some(Letter {
            id: letter_id(issue, reader),
            channel: MAIL.to_owned(),
            to: reader.address.clone(),
            mail: digest::mail(digest, reader.language, self.config.alert.time_zone, links),
            reply_to_thread: None,
            list: Some(MailingList { name: name.to_owned(), unsubscribe: page }),
            written_at: now,
        })
    }

    /// What the digest of the last full period would say, whoever was told of it already.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn preview_digest(
        &self,
        length: Length,
        brands: Option<&[String]>,
        language: Language,
        now: Timestamp,
    ) -> Result<(Digest, Mail), StoreError> {
        let zone = self.config.alert.time_zone;
        let made = self.make_digest(Window::before(now, length, zone), brands).await?;
        let links = Links { unsubscribe: None, site: self.config.public_url.as_deref() };
        let mail = digest::mail(&made.digest, language, zone, links);
        Ok((made.digest, mail))
    }

    /// Who gets which digest, and when.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn subscriptions(&self, now: Timestamp) -> Result<Vec<Subscription>, StoreError> {
        let mut all = Vec::new();
        for plan in &self.config.digests {
            all.extend(self.subscriptions_of(plan, now).await?);
        }
        Ok(all)
    }

    async fn subscriptions_of(&self, plan: &DigestPlan, now: Timestamp) -> Result<Vec<Subscription>, StoreError> {
        let brands = plan.brands.as_deref().unwrap_or_default();
        let marks = self.store.digest_marks().await?.into_iter();
        let marks = marks.filter(|mark| mark.length == plan.length && mark.brands == brands);
        let told: HashMap<String, Timestamp> = marks.map(|mark| (mark.mailbox, mark.told_through)).collect();
        let unsubscribed: HashSet<String> = self.store.unsubscribed().await?;
        let subscription = |reader: &Recipient| {
            let told_through = told.get(&reader.key()).copied();
            let next = || digest::next(plan.length, &plan.cron, self.config.alert.time_zone, now, told_through);
            Subscription {
                length: plan.length,
                brands: plan.brands.clone(),
                reader: reader.clone(),
                told_through,
                next: (!unsubscribed.contains(&reader.key())).then(next),
            }
        };
        Ok(plan.to.iter().map(subscription).collect())
    }

    /// The secret of the links with which readers unsubscribe; made when it is first needed.
    pub(crate) async fn unsubscribe_secret(&self) -> Result<Vec<u8>, StoreError> {
        self.store.secret(SECRET).await
    }

    /// The sources that may speak about a brand, by their ids.
    pub(crate) fn speak_about(&self, brand: &str) -> HashSet<String> {
        let listened = self.sources();
        let sources = listened.iter().filter(|source| source.brand.as_deref().is_none_or(|it| it == brand));
        sources.map(|source| source.id.to_string()).collect()
    }

    async fn make_digest(&self, window: Window, brands: Option<&[String]>) -> Result<Made, StoreError> {
        let zone = self.config.alert.time_zone;
        let (from, to) = (window.from(zone), window.to(zone));
        let unheard = self.store.unheard(from).await?;
        let (mut facts, mut quoted) = (Vec::new(), Vec::new());
        // A competitor stands in a digest only where that names it.
        let is_wanted = |brand: &&Brand| match brands {
            Some(brands) => brands.contains(&brand.name),
            None => brand.competitor_of.is_none(),
        };
        for brand in self.config.brands.iter().filter(is_wanted) {
            let (told, ids) = self.facts(&brand.name, window, &unheard).await?;
            facts.push(told);
            quoted.extend(ids);
        }
        let promise = match window.length {
            Length::Day => None,
            Length::Week | Length::Month => self.track_record(None, to).await?.pop(),
        };
        let digest = digest::tell(window, zone, facts, promise);
        let quotes = digest.brands.iter().flat_map(|section| section.upset.iter().chain(&section.content));
        let is_quoted = |excerpt: &Excerpt| quotes.clone().any(|quote| may_be_of(quote, excerpt));
        let quoted = quoted.into_iter().filter(|(_, excerpt)| is_quoted(excerpt)).map(|(id, _)| id).collect();
        Ok(Made { digest, quoted })
    }

    /// What is known of a brand, and the mentions that may be quoted.
    async fn facts(
        &self,
        brand: &str,
        window: Window,
        unheard: &[Unheard],
    ) -> Result<(Facts, Vec<(i64, Excerpt)>), StoreError> {
        let (store, zone) = (&self.store, self.config.alert.time_zone);
        let (from, to) = (window.from(zone), window.to(zone));
        let upset = store.clearest(brand, from, to, Label::Negative).await?;
        let content = store.clearest(brand, from, to, Label::Positive).await?;
        let sources = self.speak_about(brand);
        let sources: HashSet<&str> = sources.iter().map(String::as_str).collect();
        let excerpts = |voices: &[(i64, Excerpt)]| voices.iter().map(|(_, excerpt)| excerpt.clone()).collect();
        let facts = Facts {
            brand: brand.to_owned(),
            days: store.tallies(brand, &window.midnights(zone)).await?,
            heard_since: store.heard_since(brand).await?,
            contradictions: store.contradictions(brand, from, to).await?,
            topics: store.topics(brand, from, to).await?,
            findings: store.findings_with_news(brand, from, to).await?,
            blind: blind(unheard.iter().filter(|time| sources.contains(time.source.as_str())), from, to),
            upset: excerpts(&upset),
            content: excerpts(&content),
        };
        Ok((facts, upset.into_iter().chain(content).collect()))
    }
}

/// For how long of the span each source was not heard.
pub(crate) fn blind<'a>(unheard: impl Iterator<Item = &'a Unheard>, from: Timestamp, to: Timestamp) -> Vec<Blind> {
    let mut sources: BTreeMap<&str, Blind> = BTreeMap::new();
    for time in unheard {
        let end = time.ended_at.map_or(to, |end| end.min(to));
        let seconds = end.seconds() - time.began_at.max(from).seconds();
        if seconds <= 0 {
            continue;
        }
        let none = Blind { source: time.source.clone(), seconds: 0, lasts: false };
        let blind = sources.entry(&time.source).or_insert(none);
        blind.seconds += seconds;
        blind.lasts |= time.ended_at.is_none_or(|end| end > to);
    }
    sources.into_values().collect()
}

/// Two that cannot be told apart are both taken for it: rather one letter too many is forgotten than one too few.
fn may_be_of(quote: &Quote, excerpt: &Excerpt) -> bool {
    quote.source == excerpt.source && quote.at == excerpt.arrived_at
}

/// The same digest for the same reader has the same id, whenever it is written.
fn letter_id(issue: &Issue<'_>, reader: &Recipient) -> String {
    let Issue { length, brands, through } = issue;
    letter::id("digest", &format!("{}\n{brands:?}\n{through}\n{}", length.name(), reader.key()))
}
