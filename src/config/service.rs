//! `[service]`: where the service answers, and how the world reaches it.

use std::net::{IpAddr, SocketAddr};

use serde::Deserialize;
use toml::Spanned;
use url::{Host, Url};

use super::Problem;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ServiceSection {
    pub(super) listen: Option<SocketAddr>,
    public_url: Option<Spanned<Url>>,
    #[serde(default)]
    metrics: bool,
    metrics_from: Option<Spanned<Vec<IpAddr>>>,
}

impl ServiceSection {
    /// Whether one is written, right or wrong.
    pub(super) fn has_public_url(&self) -> bool {
        self.public_url.is_some()
    }

    /// From where numbers may be asked for, beside this machine; `None`: from nowhere.
    pub(super) fn metrics(&self, problems: &mut Vec<Problem>) -> Option<Vec<IpAddr>> {
        if let Some(from) = self.metrics_from.as_ref().filter(|_| !self.metrics) {
            let message = "`metrics_from` has no effect: nobody is told any numbers";
            problems.push(Problem::at(from.span(), message).hint("write `metrics = true`, too"));
        }
        self.metrics.then(|| self.metrics_from.as_ref().map(|from| from.get_ref().clone()).unwrap_or_default())
    }

    /// The address in front of which a path is set: without a slash at its end.
    pub(super) fn public_url(&self, problems: &mut Vec<Problem>) -> Option<String> {
        let written = self.public_url.as_ref()?;
        let url = written.get_ref();
        let mistake = if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            Some(("the address is none of the web", "write one like \"https://stimmung.example.org\""))
        } else if !url.username().is_empty() || url.password().is_some() {
            Some(("the address holds a password", "leave it out: it would stand in every mail"))
        } else if url.query().is_some() || url.fragment().is_some() {
            Some(("the address has more than a path", "end it before the `?` or `#`"))
        } else if url.scheme() == "http" && !is_loopback(url) {
            Some(("what people do there could be read on the way", "write https:// (RFC 8058 asks for it, too)"))
        } else {
            None
        };
        if let Some((message, hint)) = mistake {
            problems.push(Problem::at(written.span(), message).hint(hint));
            return None;
        }
        Some(url.as_str().trim_end_matches('/').to_owned())
    }
}

pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}
