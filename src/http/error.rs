//! Why there is no page, in words for the person who runs the service, and answers for the one who schedules.

use std::error::Error;
use std::time::Duration;

use bytesize::ByteSize;
use url::Url;

use super::address::NoPublicAddress;

mod wording;

/// Why there is no page. Addresses in it carry neither passwords nor values of the query.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The settings, or the machine's certificates, do not allow any request.
    #[error("the HTTP client cannot be set up")]
    Setup(#[source] Cause),
    /// Neither http nor https, or no host.
    #[error("`{url}` is no http or https address")]
    Scheme {
        /// The address.
        url: String,
    },
    /// On loopback, in a private network, or otherwise not on the public internet.
    #[error("`{host}` is not on the public internet")]
    PrivateNetwork {
        /// Name or address, with a port that is not the usual one.
        host: String,
    },
    /// The name has no address.
    #[error("the name of `{host}` cannot be resolved")]
    Dns {
        /// Name, with a port that is not the usual one.
        host: String,
        /// As the system words it.
        #[source]
        cause: Cause,
    },
    /// Nobody answers at the address.
    #[error("`{host}` cannot be reached")]
    Connect {
        /// Name or address, with a port that is not the usual one.
        host: String,
        /// As the system words it.
        #[source]
        cause: Cause,
    },
    /// Somebody answers, but not with an encryption or a certificate to trust.
    #[error("there is no trusted encrypted connection to `{host}`")]
    Tls {
        /// Name or address, with a port that is not the usual one.
        host: String,
        /// As the TLS library words it.
        #[source]
        cause: Cause,
    },
    /// One of the three time limits passed.
    #[error("`{host}` took too long to answer")]
    Timeout {
        /// Name or address, with a port that is not the usual one.
        host: String,
    },
    /// The connection broke before the end of the answer, or the answer cannot be unpacked.
    #[error("the answer of `{host}` is incomplete or damaged")]
    Broken {
        /// Name or address, with a port that is not the usual one.
        host: String,
        /// As the network layer words it.
        #[source]
        cause: Cause,
    },
    /// 4xx or 5xx, except 410; or another status that is no answer to our request.
    #[error("the server answered {status}")]
    Status {
        /// The HTTP status code.
        status: u16,
        /// Not before then, if the server said so.
        retry_after: Option<Duration>,
        /// The JSON that came with a 4xx, at most its first 8 KiB; else empty. A stranger's text, so it is not shown.
        said: Vec<u8>,
    },
    /// 410: removed for good.
    #[error("`{url}` is gone for good")]
    Gone {
        /// The address that answered.
        url: String,
    },
    /// More than `max_body` after decompression.
    #[error("the body of `{url}` is larger than {}", limit.display().si())]
    TooLarge {
        /// The address that answered.
        url: String,
        /// The limit.
        limit: ByteSize,
    },
    /// Further than `max_redirects` hops.
    #[error("there are more than {limit} redirects on the way to `{url}`")]
    TooManyRedirects {
        /// The address at which we gave up.
        url: String,
        /// The limit.
        limit: usize,
    },
    /// A redirect to where we have been.
    #[error("the redirects lead in a circle through `{url}`")]
    RedirectLoop {
        /// The address that was met twice.
        url: String,
    },
    /// A redirect without an address, or with one that cannot be read.
    #[error("`{url}` redirects to no usable address")]
    BadRedirect {
        /// The address that answered.
        url: String,
    },
    /// A redirect would send a password unencrypted.
    #[error("a redirect from https to `{url}` would send a password unencrypted")]
    InsecureRedirect {
        /// The address that was not asked.
        url: String,
    },
    /// The site does not want programs there.
    #[error("robots.txt forbids `{url}` to programs")]
    Robots {
        /// The address that was not asked.
        url: String,
    },
    /// The site's robots.txt cannot be had for now, so nobody knows what it forbids.
    #[error("the robots.txt of `{host}` is unavailable (the server answered {status})")]
    RobotsUnavailable {
        /// Name or address, with a port that is not the usual one.
        host: String,
        /// The HTTP status code.
        status: u16,
        /// Not before then, if the server said so.
        retry_after: Option<Duration>,
    },
    /// The host answered an earlier request, by anybody or with this key, with 429 or 503 and asked for a pause; it was
    /// not asked again.
    #[error("`{host}` has asked for a pause that is not over")]
    Waiting {
        /// Name or address, with a port that is not the usual one.
        host: String,
        /// What is left of the pause.
        retry_after: Duration,
    },
}

/// What lies at the bottom of an error, as the system or a library words it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Cause(String);

impl FetchError {
    /// Whether the same request may succeed later without anyone changing anything.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Dns { .. } | Self::Connect { .. } | Self::Timeout { .. } | Self::Broken { .. } => true,
            Self::RobotsUnavailable { .. } | Self::Waiting { .. } => true,
            Self::Status { status, .. } => matches!(status, 408 | 425 | 429 | 500..),
            Self::Setup(_) | Self::Scheme { .. } | Self::PrivateNetwork { .. } | Self::Tls { .. } => false,
            Self::Gone { .. } | Self::TooLarge { .. } | Self::Robots { .. } => false,
            Self::TooManyRedirects { .. } | Self::RedirectLoop { .. } => false,
            Self::BadRedirect { .. } | Self::InsecureRedirect { .. } => false,
        }
    }

    /// How long the server asked to be left alone.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } | Self::RobotsUnavailable { retry_after, .. } => *retry_after,
            Self::Waiting { retry_after, .. } => Some(*retry_after),
            _ => None,
        }
    }

    /// From an error while connecting, sending and waiting for the head of the answer.
    pub(super) fn from_sending(url: &Url, error: &reqwest::Error) -> Self {
        let host = authority(url);
        let cause = Cause::of(error);
        if chain(error).any(<dyn Error + 'static>::is::<NoPublicAddress>) {
            Self::PrivateNetwork { host }
        } else if error.is_timeout() {
            Self::Timeout { host }
        } else if error.is_dns() {
            Self::Dns { host, cause }
        } else if error.is_builder() {
            Self::Scheme { url: masked(url) }
        } else if !error.is_connect() {
            Self::Broken { host, cause }
        } else if url.scheme() == "https" && !is_from_the_system(error) {
            Self::Tls { host, cause }
        } else {
            Self::Connect { host, cause }
        }
    }

    /// From an error while reading the body.
    pub(super) fn from_reading(url: &Url, error: &reqwest::Error) -> Self {
        let host = authority(url);
        if error.is_timeout() { Self::Timeout { host } } else { Self::Broken { host, cause: Cause::of(error) } }
    }
}

impl Cause {
    pub(crate) fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }

    /// The innermost source: the only one that says something to people, and the only one without the address.
    pub(super) fn of(error: &reqwest::Error) -> Self {
        Self(chain(error).last().map_or_else(|| "no reason was given".into(), ToString::to_string))
    }
}

/// The sources of an error, without the error itself.
fn chain(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(error.source(), |&link| link.source())
}

/// The operating system refused the connection; everything else that goes wrong while connecting is TLS.
fn is_from_the_system(error: &reqwest::Error) -> bool {
    chain(error).any(|link| link.downcast_ref::<std::io::Error>().is_some_and(|io| io.raw_os_error().is_some()))
}

/// Host, and port where it is not the scheme's own: how hosts are told apart and shown.
pub(super) fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default().trim_end_matches('.');
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// An address for people and logs: without user, password and fragment, and with the values of the query left out.
pub(super) fn masked(url: &Url) -> String {
    let end = if url.path().len() > LONGEST_SHOWN_PATH { "…" } else { "" };
    let path: String = url.path().chars().take(LONGEST_SHOWN_PATH).collect();
    let slashes = if url.has_authority() { "//" } else { "" };
    let query = url.query().map(|query| {
        let keys =
            query.split('&').map(|pair| pair.split_once('=').map_or("…".into(), |(key, _)| format!("{key}=…")));
        format!("?{}", keys.collect::<Vec<_>>().join("&"))
    });
    format!("{}:{slashes}{}{path}{end}{}", url.scheme(), authority(url), query.unwrap_or_default())
}

const LONGEST_SHOWN_PATH: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tongue::said;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn no_secret_of_an_address_is_shown() {
        let shown = masked(&url("https://me:secret@example.org:8443/feed?key=abc&page=2&token#frag"));
        assert_eq!(shown, "https://example.org:8443/feed?key=…&page=…&…");
        assert_eq!(masked(&url("mailto:a@example.org")), "mailto:a@example.org");
    }

    #[test]
    fn an_endless_path_is_cut() {
        assert!(masked(&url(&format!("https://example.org/{}", "a".repeat(10_000)))).len() < 300);
    }

    #[test]
    fn http_and_https_on_their_own_ports_are_one_host() {
        assert_eq!(authority(&url("http://Example.org./a")), authority(&url("https://example.org:443/b")));
        assert_ne!(authority(&url("http://example.org:8080/")), authority(&url("http://example.org/")));
    }

    #[test]
    fn every_error_says_what_happened_and_what_to_do() {
        let (host, url) = (|| "example.org".to_owned(), || "https://example.org/feed".to_owned());
        let cause = || Cause::new("…");
        let status = |status, retry_after| FetchError::Status { status, retry_after, said: b"secret".to_vec() };
        let errors = [
            FetchError::Setup(cause()),
            FetchError::Scheme { url: url() },
            FetchError::PrivateNetwork { host: host() },
            FetchError::Dns { host: host(), cause: cause() },
            FetchError::Connect { host: host(), cause: cause() },
            FetchError::Tls { host: host(), cause: cause() },
            FetchError::Timeout { host: host() },
            FetchError::Broken { host: host(), cause: cause() },
            status(404, None),
            status(403, None),
            status(429, Some(Duration::from_secs(60))),
            status(500, None),
            FetchError::Gone { url: url() },
            FetchError::TooLarge { url: url(), limit: ByteSize::mb(10) },
            FetchError::TooManyRedirects { url: url(), limit: 10 },
            FetchError::RedirectLoop { url: url() },
            FetchError::BadRedirect { url: url() },
            FetchError::InsecureRedirect { url: url() },
            FetchError::Robots { url: url() },
            FetchError::RobotsUnavailable { host: host(), status: 503, retry_after: None },
            FetchError::Waiting { host: host(), retry_after: Duration::from_secs(60) },
        ];
        insta::assert_snapshot!(errors.iter().map(told).collect::<Vec<_>>().join("\n"));
    }

    fn told(error: &FetchError) -> String {
        let kind = if error.is_transient() { "passes" } else { "stays" };
        let wait = error.retry_after().map(|wait| format!(", {wait:?}")).unwrap_or_default();
        let hint = error.hint().unwrap_or(said("-", "-"));
        format!("{error} [{kind}{wait}]\n  hint: {hint}\n{}\n  {}", error.german(), hint.german)
    }
}
