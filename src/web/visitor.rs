//! Who looks at a page: in which language, in which light.

use std::convert::Infallible;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use super::{PageError, Site};
use crate::account::{Account, Actor};
use crate::alert::format::Tongue;
use crate::mention::Language;
use crate::store::Session;

/// The cookie that keeps the language somebody chose.
pub(super) const LANGUAGE: &str = "stimmung-language";
/// The cookie that keeps the scheme somebody chose.
pub(super) const SCHEME: &str = "stimmung-scheme";

/// Whether it is dark around somebody; without a choice, their system knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Scheme {
    /// As the cookie and the page have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The inverse of [`Scheme::name`].
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Light, Self::Dark].into_iter().find(|scheme| scheme.name() == name)
    }
}

pub use crate::account::Right;

/// Who asks, as far as that is known ([`session::identify`](super::session::identify) finds out).
#[derive(Clone, Debug)]
pub(crate) enum Who {
    /// There are no accounts: whoever sits at this machine.
    Anybody,
    /// Nobody whom we know.
    Stranger,
    /// Somebody at a browser.
    Person { session: Session, account: Account },
    /// A program that acts for somebody.
    Program { account: Account, scope: Right },
    /// The database does not say.
    Untold,
}

/// Who looks at a page.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// German or English.
    pub(crate) tongue: Tongue,
    /// `None`: as the system has it.
    pub scheme: Option<Scheme>,
    /// The address within this site that they asked for, with its query.
    pub address: String,
    pub(crate) who: Who,
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor
where
    Site: FromRef<S>,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let site = Site::from_ref(state);
        let chosen = cookie(&parts.headers, LANGUAGE).and_then(Language::parse);
        let language = chosen.or_else(|| accepted(&parts.headers)).unwrap_or(site.service.config.alert.language);
        Ok(Self {
            tongue: Tongue::of(language),
            scheme: cookie(&parts.headers, SCHEME).and_then(Scheme::parse),
            address: parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
            who: parts.extensions.get().cloned().unwrap_or(Who::Stranger),
        })
    }
}

impl Visitor {
    /// Whether they may do it.
    ///
    /// # Errors
    /// [`PageError`] that says what to do about it.
    pub fn may(&self, right: Right) -> Result<(), PageError> {
        let most = match &self.who {
            Who::Anybody => Right::Administer,
            Who::Person { account, .. } => account.role.right(),
            Who::Program { account, scope } => account.role.right().min(*scope),
            Who::Stranger => return Err(PageError::LogIn),
            Who::Untold => return Err(PageError::Broken),
        };
        if right <= most { Ok(()) } else { Err(PageError::NotAllowed(right)) }
    }

    /// The same for what is no matter for programs: a token could make itself a door that stays open when it is
    /// revoked.
    pub(super) fn may_in_person(&self, right: Right) -> Result<(), PageError> {
        match &self.who {
            Who::Program { .. } => Err(PageError::OnlyPeople),
            _ => self.may(right),
        }
    }

    /// Who does it, for the audit log.
    pub fn actor(&self) -> Actor {
        self.account().map_or_else(Actor::unknown, Actor::of)
    }

    /// The account of whoever looks, or of whom a program acts for.
    pub(super) fn account(&self) -> Option<&Account> {
        match &self.who {
            Who::Person { account, .. } | Who::Program { account, .. } => Some(account),
            Who::Anybody | Who::Stranger | Who::Untold => None,
        }
    }

    /// The session and the account of somebody at a browser: what concerns an account itself is no matter for programs,
    /// or a token could make itself a greater one.
    pub(super) fn person(&self) -> Result<(&Session, &Account), PageError> {
        match &self.who {
            Who::Person { session, account } => Ok((session, account)),
            Who::Anybody => Err(PageError::NotFound),
            Who::Program { .. } => Err(PageError::OnlyPeople),
            Who::Stranger => Err(PageError::LogIn),
            Who::Untold => Err(PageError::Broken),
        }
    }
}

/// The value of a cookie.
pub(super) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find_map(|(known, value)| (known == name).then_some(value))
}

/// The one of our languages that a browser likes best (RFC 9110, 12.5.4).
fn accepted(headers: &HeaderMap) -> Option<Language> {
    let accepted = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let mut best: Option<(f32, Language)> = None;
    for part in accepted.split(',') {
        let (tag, quality) = part.split_once(";q=").unwrap_or((part, "1"));
        let quality: f32 = quality.trim().parse().unwrap_or(0.0);
        let ours = Language::parse(tag).filter(|language| [Language::GERMAN, Language::ENGLISH].contains(language));
        if let Some(language) = ours.filter(|_| quality > best.map_or(0.0, |(best, _)| best)) {
            best = Some((quality, language));
        }
    }
    best.map(|(_, language)| language)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().unwrap())])
    }

    #[test]
    fn the_language_that_a_browser_likes_best_is_spoken_if_it_is_one_of_ours() {
        let language = |value| accepted(&headers(header::ACCEPT_LANGUAGE, value));
        assert_eq!(language("fr-FR, en;q=0.5, de-CH;q=0.9"), Some(Language::GERMAN));
        assert_eq!(language("en-GB,de;q=0.9"), Some(Language::ENGLISH));
        assert_eq!(language("fr, *;q=0.1"), None);
        assert_eq!(language("de;q=0"), None);
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let headers = headers(header::COOKIE, "a=1; stimmung-scheme=dark;b=");
        assert_eq!(cookie(&headers, SCHEME), Some("dark"));
        assert_eq!(cookie(&headers, "stimmung"), None);
    }
}
