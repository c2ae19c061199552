//! One request from the first check to the last byte.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytesize::ByteSize;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LOCATION};
use reqwest::{ClientBuilder, RequestBuilder, Response};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::address::{self, PublicResolver};
use super::body::{self, Limit};
use super::error::{Cause, FetchError, authority, masked};
use super::hosts::{Hosts, Turn};
use super::pace::LONGEST_REST;
use super::redirect::{self, Trail};
use super::robots::Rules;
use super::slots::Slots;
use super::{Answer, Body, Header, Page, Request, Settings, Validators, headers};

/// What a robots.txt says is believed for a day (RFC 9309, 2.4), of so many sites, …
const ROBOTS_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);
const REMEMBERED_ROBOTS: usize = 256;
/// … and so much of it is read (RFC 9309, 2.5).
const ROBOTS_LIMIT: ByteSize = ByteSize::kib(512);

/// Of what is said about a refusal.
const REFUSAL_LIMIT: ByteSize = ByteSize::kib(8);

/// The connections, and what is remembered of the hosts.
#[derive(Debug)]
pub(super) struct Client {
    settings: Settings,
    public: reqwest::Client,
    private: reqwest::Client,
    hosts: Hosts,
    robots: Slots<Robots>,
}

/// A robots.txt as it was last read; none yet, or one to be asked for again, where the time has passed.
#[derive(Debug, Default)]
struct Robots {
    rules: Rules,
    until: Option<Instant>,
}

/// One hop's outcome.
#[expect(clippy::large_enum_variant, reason = "one at a time, and taken apart at once")]
enum Step {
    Arrived(Answer),
    Redirected { status: u16, location: Option<String> },
}

impl Client {
    pub(super) fn new(settings: &Settings) -> Result<Self, FetchError> {
        let problems = settings.problems();
        if !problems.is_empty() {
            return Err(FetchError::Setup(Cause::new(problems.join("; "))));
        }
        let resolver = Arc::new(PublicResolver::from_environment());
        Ok(Self {
            public: build(|| connections(settings).dns_resolver(Arc::clone(&resolver)))?,
            private: build(|| connections(settings).no_proxy())?,
            hosts: Hosts::new(settings.gap_per_host),
            robots: Slots::new(REMEMBERED_ROBOTS),
            settings: settings.clone(),
        })
    }

    pub(super) async fn get(&self, request: &Request) -> Result<Answer, FetchError> {
        self.travel(request, Limit::Refuse(self.settings.max_body)).await
    }

    /// Follows redirects until something else comes back.
    async fn travel(&self, request: &Request, limit: Limit) -> Result<Answer, FetchError> {
        let mut trail = Trail::new(&request.url, self.settings.max_redirects);
        let mut time_left = self.settings.timeout;
        loop {
            self.permit(request, trail.here()).await?;
            match self.step(request, &trail, &mut time_left, limit).await? {
                Step::Arrived(answer) => return Ok(answer),
                Step::Redirected { status, location } => trail.follow(status, location.as_deref())?,
            }
        }
    }

    /// Whether an address may be asked at all.
    pub(super) async fn permit(&self, request: &Request, url: &Url) -> Result<(), FetchError> {
        address::check(url, request.allow_private_network)?;
        if request.obey_robots {
            self.ask_robots(url, request.allow_private_network).await?;
        }
        Ok(())
    }

    /// Asks one host, in its turn. The turn ends with the last byte of the body.
    async fn step(
        &self,
        request: &Request,
        trail: &Trail,
        time_left: &mut Duration,
        limit: Limit,
    ) -> Result<Step, FetchError> {
        let url = trail.here();
        let mut turn = self.turn(url, request.key_for(url)).await?;
        let start = Instant::now();
        let response = hear(self.message(request, url).timeout(*time_left), url, &mut turn).await?;
        let status = response.status().as_u16();
        let step = match status {
            200..=299 => Step::Arrived(Answer::Page(page(trail, response, limit).await?)),
            304 if request.validators != Validators::default() => {
                Step::Arrived(Answer::NotModified { moved_to: trail.moved_to() })
            }
            status if redirect::is_redirect(status) => {
                Step::Redirected { status, location: headers::text(response.headers(), &LOCATION) }
            }
            _ => return Err(refusal(url, response).await),
        };
        *time_left = time_left.saturating_sub(start.elapsed());
        Ok(step)
    }

    /// Waits until the host may be asked.
    pub(super) async fn turn(&self, url: &Url, key: Option<&SecretString>) -> Result<Turn, FetchError> {
        self.hosts.turn(url, key).await
    }

    pub(super) fn pauses(&self) -> Vec<(String, Duration)> {
        self.hosts.pauses()
    }

    pub(super) async fn pause(&self, name: &str, wait: Duration) {
        self.hosts.pause(name, wait).await;
    }

    pub(super) fn most_redirects(&self) -> usize {
        self.settings.max_redirects
    }

    /// Those that may go to private networks, or those that cannot.
    pub(super) fn connections(&self, allow_private_network: bool) -> &reqwest::Client {
        if allow_private_network { &self.private } else { &self.public }
    }

    /// As [`Self::connections`], for web sockets: these are of HTTP/1 only. Each has a line of its own, so that nothing
    /// is kept here for the next one.
    pub(super) fn for_sockets(&self, allow_private_network: bool) -> Result<reqwest::Client, FetchError> {
        let settings = &self.settings;
        if allow_private_network {
            return build(|| connections(settings).no_proxy().http1_only());
        }
        let resolver = Arc::new(PublicResolver::from_environment());
        build(|| connections(settings).dns_resolver(Arc::clone(&resolver)).http1_only())
    }

    /// Of a body, or of what is sent through a web socket.
    pub(super) fn largest(&self) -> ByteSize {
        self.settings.max_body
    }

    /// Within what is sent.
    pub(super) fn longest_silence(&self) -> Duration {
        self.settings.read_timeout
    }

    /// For one request, from the first connection on.
    pub(super) fn timeout(&self) -> Duration {
        self.settings.timeout
    }

    /// For a name, and a connection to one of its addresses.
    pub(super) fn connect_timeout(&self) -> Duration {
        self.settings.connect_timeout
    }

    pub(super) fn message(&self, request: &Request, url: &Url) -> RequestBuilder {
        let is_asked = url.origin() == request.url.origin();
        let connections = self.connections(request.allow_private_network);
        let message = match request.body.as_ref().filter(|_| is_asked) {
            None => connections.get(url.clone()),
            Some(Body::Json(json)) => {
                let json = json.expose_secret().to_owned();
                connections.post(url.clone()).header(CONTENT_TYPE, "application/json").body(json)
            }
            Some(Body::Form(fields)) => {
                let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.expose_secret())).collect();
                connections.post(url.clone()).form(&fields)
            }
        };
        let mut message = message.header(ACCEPT, request.accept);
        let Validators { etag, last_modified } = &request.validators;
        for (name, value) in [(IF_NONE_MATCH, etag), (IF_MODIFIED_SINCE, last_modified)] {
            if let Some(value) = value.as_deref().and_then(|value| HeaderValue::from_str(value).ok()) {
                message = message.header(name, value);
            }
        }
        for Header { name, value } in request.headers.iter().filter(|_| is_asked) {
            if let Ok(mut value) = HeaderValue::from_str(value.expose_secret()) {
                value.set_sensitive(true);
                message = message.header(&**name, value);
            }
        }
        message
    }

    /// Whether robots.txt lets us ask for this address; reads it first where it is not known.
    async fn ask_robots(&self, url: &Url, allow_private_network: bool) -> Result<(), FetchError> {
        let known = |robots: &Robots| robots.until.is_some_and(|until| Instant::now() < until);
        let mut robots = self.robots.lock(&url.origin().ascii_serialization(), |robots| !known(robots)).await;
        if !known(&robots) {
            robots.rules = self.read_robots(url, allow_private_network).await?;
            robots.until = Instant::now().checked_add(ROBOTS_LIFETIME);
        }
        let path = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
        if robots.rules.allow(&path) { Ok(()) } else { Err(FetchError::Robots { url: masked(url) }) }
    }

    /// No robots.txt (4xx) forbids nothing; one that cannot be had for now forbids everything for now (RFC 9309, 2.3.1).
    async fn read_robots(&self, url: &Url, allow_private_network: bool) -> Result<Rules, FetchError> {
        let mut url = url.clone();
        url.set_path("/robots.txt");
        url.set_query(None);
        let host = authority(&url);
        let request = Request::new(url, "text/plain, */*;q=0.1", allow_private_network);
        match Box::pin(self.travel(&request, Limit::Cut(ROBOTS_LIMIT))).await {
            Ok(Answer::Page(page)) => Ok(Rules::parse(&String::from_utf8_lossy(&page.body))),
            Err(FetchError::Status { status: status @ (429 | 500..), retry_after, .. }) => {
                Err(FetchError::RobotsUnavailable { host, status, retry_after })
            }
            Ok(Answer::NotModified { .. }) | Err(FetchError::Status { .. } | FetchError::Gone { .. }) => {
                Ok(Rules::default())
            }
            Err(FetchError::TooManyRedirects { .. } | FetchError::RedirectLoop { .. }) => Ok(Rules::default()),
            Err(other) => Err(other),
        }
    }
}

/// Sends a message and waits for the head of the answer, which may ask for a pause.
pub(super) async fn hear(message: RequestBuilder, url: &Url, turn: &mut Turn) -> Result<Response, FetchError> {
    let start = Instant::now();
    let response = message.send().await.map_err(|error| FetchError::from_sending(url, &error))?;
    let status = response.status().as_u16();
    tracing::debug!(url = masked(url), status, milliseconds = start.elapsed().as_millis(), "answered");
    match (status, retry_after(&response)) {
        (429, Some(wait)) => turn.limit_is_used_up(wait),
        (503, Some(wait)) => turn.host_asked_to_wait(wait),
        _ => {}
    }
    Ok(response)
}

/// What an answer means that is neither a page nor a redirect.
pub(super) async fn refusal(url: &Url, response: Response) -> FetchError {
    match response.status().as_u16() {
        410 => FetchError::Gone { url: masked(url) },
        status => {
            let retry_after = retry_after(&response);
            FetchError::Status { status, retry_after, said: said(url, response).await }
        }
    }
}

/// What an API says of a request that it refuses. Where even that cannot be read, the status has to do.
async fn said(url: &Url, response: Response) -> Vec<u8> {
    let content_type = headers::text(response.headers(), &CONTENT_TYPE).unwrap_or_default();
    if !response.status().is_client_error() || !content_type.to_ascii_lowercase().contains("json") {
        return Vec::new();
    }
    body::read(url, response, Limit::Cut(REFUSAL_LIMIT)).await.unwrap_or_default()
}

pub(super) fn retry_after(response: &Response) -> Option<Duration> {
    let told = response.headers();
    headers::retry_after(told).or_else(|| headers::limit_holds(told)).map(|wait| wait.min(LONGEST_REST))
}

async fn page(trail: &Trail, response: Response, limit: Limit) -> Result<Page, FetchError> {
    let (told, rest) = (response.headers().clone(), retry_after(&response));
    Ok(Page {
        url: without_password(trail.here().clone()),
        moved_to: trail.moved_to(),
        body: body::read(trail.here(), response, limit).await?,
        content_type: headers::text(&told, &CONTENT_TYPE),
        validators: headers::validators(&told),
        max_age: headers::max_age(&told),
        next: headers::next(&told).and_then(|next| trail.here().join(&next).ok()),
        quota_left: headers::quota_left(&told),
        rest,
    })
}

fn without_password(mut url: Url) -> Url {
    // These fail only for addresses without a host, which are never asked.
    let _ = (url.set_username(""), url.set_password(None));
    url
}

/// What both kinds of connections have in common: no redirects behind our back, no cookies, no `Referer`.
fn connections(settings: &Settings) -> ClientBuilder {
    reqwest::Client::builder()
        .user_agent(settings.user_agent())
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .connect_timeout(settings.connect_timeout)
        .read_timeout(settings.read_timeout)
        .pool_max_idle_per_host(1)
}

/// On a machine without CA certificates the client trusts nobody: http still works, https says why it does not.
fn build(builder: impl Fn() -> ClientBuilder) -> Result<reqwest::Client, FetchError> {
    let built = builder().build().or_else(|_| builder().tls_certs_only([]).build());
    built.map_err(|error| FetchError::Setup(Cause::of(&error)))
}

#[cfg(test)]
mod tests {
    use super::super::site::{Site, answer, redirect};
    use super::*;

    /// A client for which `public.example` lies on the public internet, though it is on loopback.
    fn client() -> Client {
        let settings = Settings { gap_per_host: Duration::ZERO, ..Settings::default() };
        let named = || connections(&settings).no_proxy().resolve("public.example", ([127, 0, 0, 1], 0).into());
        Client { public: build(named).unwrap(), ..Client::new(&settings).unwrap() }
    }

    fn request(site: &Site, path: &str) -> Request {
        let mut url = site.url(path);
        url.set_host(Some("public.example")).unwrap();
        Request { obey_robots: path == "/robots", ..Request::new(url, "*/*", false) }
    }

    #[tokio::test]
    async fn a_public_page_is_read_without_leave_for_private_networks() {
        let site = Site::start(|_| answer("200 OK", "", b"public")).await;
        assert!(matches!(client().get(&request(&site, "/")).await, Ok(Answer::Page(_))));
    }

    #[tokio::test]
    async fn a_redirect_into_a_private_network_is_not_followed() {
        let inside = Site::start(|_| answer("200 OK", "", b"secret")).await;
        for target in [inside.url("/"), inside.url("/robots.txt")] {
            let site = Site::start(move |_| redirect("302 Found", target.as_str())).await;
            for path in ["/", "/robots"] {
                let outcome = client().get(&request(&site, path)).await;
                assert!(matches!(outcome, Err(FetchError::PrivateNetwork { .. })), "{path}");
            }
        }
        assert_eq!(inside.asked(), [""; 0]);
    }
}
