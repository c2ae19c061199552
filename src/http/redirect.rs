//! The way from the address that was asked for to the one that answers.

use url::Url;

use super::FetchError;
use super::error::masked;

/// The addresses visited for one request. We follow redirects ourselves, so that every hop passes the same checks.
#[derive(Debug)]
pub(super) struct Trail {
    visited: Vec<Url>,
    here: Url,
    limit: usize,
    permanent: bool,
}

impl Trail {
    /// Starts at the address that was asked for; `limit` hops may follow.
    pub(super) fn new(start: &Url, limit: usize) -> Self {
        let mut here = start.clone();
        here.set_fragment(None);
        Self { visited: Vec::new(), here, limit, permanent: true }
    }

    /// The address to ask now.
    pub(super) fn here(&self) -> &Url {
        &self.here
    }

    /// The new address, if every redirect on the way was permanent.
    pub(super) fn moved_to(&self) -> Option<Url> {
        (self.permanent && !self.visited.is_empty()).then(|| self.here.clone())
    }

    /// Goes where `location`, the header of an answer with this `status`, points to.
    pub(super) fn follow(&mut self, status: u16, location: Option<&str>) -> Result<(), FetchError> {
        let next = self.resolve(location).ok_or_else(|| FetchError::BadRedirect { url: masked(&self.here) })?;
        if self.here.scheme() == "https" && next.scheme() == "http" && (has_password(&self.here) || has_password(&next))
        {
            return Err(FetchError::InsecureRedirect { url: masked(&next) });
        }
        self.visited.push(std::mem::replace(&mut self.here, next));
        if self.visited.contains(&self.here) {
            return Err(FetchError::RedirectLoop { url: masked(&self.here) });
        }
        if self.visited.len() > self.limit {
            return Err(FetchError::TooManyRedirects { url: masked(&self.here), limit: self.limit });
        }
        self.permanent &= matches!(status, 301 | 308);
        Ok(())
    }

    fn resolve(&self, location: Option<&str>) -> Option<Url> {
        let mut next = self.here.join(location?.trim()).ok()?;
        next.set_fragment(None);
        Some(next)
    }
}

/// Whether an answer with this status sends us elsewhere.
pub(super) fn is_redirect(status: u16) -> bool {
    matches!(status, 301 | 302 | 303 | 307 | 308)
}

fn has_password(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trail(start: &str, limit: usize) -> Trail {
        Trail::new(&Url::parse(start).unwrap(), limit)
    }

    #[test]
    fn a_permanent_chain_names_the_new_address() {
        let mut trail = trail("http://example.org/feed#top", 10);
        assert_eq!(trail.moved_to(), None);
        trail.follow(301, Some("https://example.org/feed")).unwrap();
        trail.follow(308, Some("/feed.xml#new")).unwrap();
        assert_eq!(trail.moved_to().unwrap().as_str(), "https://example.org/feed.xml");
    }

    #[test]
    fn one_temporary_hop_keeps_the_old_address() {
        let mut trail = trail("http://example.org/a", 10);
        trail.follow(301, Some("/b")).unwrap();
        trail.follow(302, Some("/c")).unwrap();
        assert_eq!((trail.here().path(), trail.moved_to()), ("/c", None));
    }

    #[test]
    fn a_loop_is_noticed_at_the_first_return() {
        let mut trail = trail("http://example.org/a", 10);
        trail.follow(302, Some("/b")).unwrap();
        assert!(matches!(trail.follow(302, Some("/a")), Err(FetchError::RedirectLoop { .. })));
    }

    #[test]
    fn as_many_hops_as_the_limit_are_followed() {
        let mut trail = trail("http://example.org/0", 2);
        trail.follow(302, Some("/1")).unwrap();
        trail.follow(302, Some("/2")).unwrap();
        assert!(matches!(trail.follow(302, Some("/3")), Err(FetchError::TooManyRedirects { limit: 2, .. })));
    }

    #[test]
    fn a_redirect_without_a_usable_address_is_an_error() {
        for location in [None, Some("http://"), Some("http://[::g]/")] {
            let outcome = trail("http://example.org/", 10).follow(302, location);
            assert!(matches!(outcome, Err(FetchError::BadRedirect { .. })), "{location:?}");
        }
    }

    #[test]
    fn leaving_https_is_allowed_only_without_a_password() {
        trail("https://example.org/", 10).follow(302, Some("http://example.org/")).unwrap();
        let ways = [
            ("https://me:secret@example.org/", "http://example.org/"),
            ("https://example.org/", "http://me@example.org/"),
        ];
        for (from, to) in ways {
            let outcome = trail(from, 10).follow(302, Some(to));
            assert!(matches!(outcome, Err(FetchError::InsecureRedirect { .. })), "{from} to {to}");
        }
    }

    #[test]
    fn a_password_does_not_travel_to_another_host() {
        let mut trail = trail("https://me:secret@example.org/a", 10);
        trail.follow(302, Some("//other.example.org/b")).unwrap();
        assert_eq!(trail.here().as_str(), "https://other.example.org/b");
    }
}
