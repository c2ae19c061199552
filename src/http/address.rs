//! Which addresses are public. A stranger's redirect or name record must not lead us into the operator's own network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use super::FetchError;
use super::error::{authority, masked};

/// Checks what the address alone tells: its scheme, and a host that is an IP address or `localhost`.
///
/// Names are checked by [`PublicResolver`] at the moment of the connection.
pub(super) fn check(url: &Url, allow_private_network: bool) -> Result<(), FetchError> {
    let host = url.host().filter(|_| matches!(url.scheme(), "http" | "https"));
    let public = match host.ok_or_else(|| FetchError::Scheme { url: masked(url) })? {
        Host::Ipv4(ip) => is_public(ip.into()),
        Host::Ipv6(ip) => is_public(ip.into()),
        Host::Domain(name) => !is_localhost(name),
    };
    if public || allow_private_network { Ok(()) } else { Err(FetchError::PrivateNetwork { host: authority(url) }) }
}

/// `localhost` and all below it are loopback by definition (RFC 6761, 6.3), whatever a proxy makes of them.
fn is_localhost(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name == "localhost" || name.ends_with(".localhost")
}

/// Whether an address belongs to the public internet, after the IANA registries of special-purpose addresses.
pub(super) fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    !match a {
        0 | 10 | 127 | 224.. => true,  // this network, private, loopback, multicast and reserved
        100 => (64..128).contains(&b), // carrier-grade NAT
        169 => b == 254,               // link-local
        172 => (16..32).contains(&b),  // private
        192 => matches!((b, c), (168, _) | (0, 0 | 2) | (88, 99)), // private, protocols, documentation, 6to4 relays
        198 => matches!((b, c), (18 | 19, _) | (51, 100)), // benchmarks, documentation
        203 => (b, c) == (0, 113),     // documentation
        _ => false,
    }
}

/// Only 2000::/3 is handed out to the public; of it, the blocks for protocols and documentation are not. An address that
/// carries an IPv4 address is as public as that one.
fn is_public_v6(ip: Ipv6Addr) -> bool {
    let embedded = |high: u16, low: u16| is_public_v4(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)));
    match ip.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] => embedded(high, low), // IPv4-mapped
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => embedded(high, low), // NAT64
        [0x2002, high, low, ..] => embedded(high, low),            // 6to4
        [0x2001, second, ..] => second >= 0x0200 && second != 0x0db8, // protocols such as Teredo, documentation
        [0x3fff, second, ..] => second >= 0x1000,                  // documentation
        [first, ..] => (0x2000..0x4000).contains(&first),
    }
}

/// Looks names up and keeps only public addresses, so that the address that was checked is the one connected to.
///
/// Behind a proxy only the proxy's own name arrives here, which may be private; what the proxy connects to is its business.
#[derive(Debug)]
pub(super) struct PublicResolver {
    proxies: Vec<String>,
}

/// Source of the connection error for a name without public addresses.
#[derive(Debug, thiserror::Error)]
#[error("the name has private addresses only")]
pub(super) struct NoPublicAddress;

impl PublicResolver {
    /// Lets the proxies through that the usual variables name.
    pub(super) fn from_environment() -> Self {
        let names = ["ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY"].map(|name| [name.to_owned(), name.to_lowercase()]);
        Self { proxies: names.iter().flatten().filter_map(|name| proxy_host(&std::env::var(name).ok()?)).collect() }
    }
}

impl Resolve for PublicResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let any = self.proxies.iter().any(|proxy| proxy == name.as_str());
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let usable: Vec<SocketAddr> = found.filter(|address| any || is_public(address.ip())).collect();
            if usable.is_empty() {
                return Err(NoPublicAddress.into());
            }
            Ok(Box::new(usable.into_iter()) as Addrs)
        })
    }
}

/// The host in a proxy variable, whose scheme may be missing: `http://proxy.example:3128`, `proxy.example:3128`.
fn proxy_host(value: &str) -> Option<String> {
    let url = if value.contains("://") { value.to_owned() } else { format!("http://{value}") };
    Url::parse(&url).ok()?.host_str().map(str::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(url: &str) -> bool {
        match check(&Url::parse(url).unwrap(), false) {
            Ok(()) => false,
            Err(FetchError::PrivateNetwork { .. }) => true,
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn every_private_block_is_refused() {
        let hosts = [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.1",
            "198.18.0.1",
            "198.19.9.9",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "[::]",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:a00:1]",
            "[::10.0.0.1]",
            "[64:ff9b::a00:1]",
            "[64:ff9b:1::1]",
            "[100::1]",
            "[2001::1]",
            "[2001:db8::1]",
            "[2002:a00:1::]",
            "[3fff::1]",
            "[fc00::1]",
            "[fd12::1]",
            "[fe80::1]",
            "[fec0::1]",
            "[ff02::1]",
            "[4000::1]",
            "localhost",
            "LOCALHOST",
            "localhost.",
            "a.localhost",
        ];
        for host in hosts {
            assert!(refused(&format!("http://{host}/")), "{host}");
        }
    }

    #[test]
    fn public_addresses_and_names_pass() {
        let hosts = [
            "9.9.9.9",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "192.169.0.1",
            "198.17.0.1",
            "223.255.255.255",
            "[2606:4700:4700::1111]",
            "[2001:4860:4860::8888]",
            "[::ffff:9.9.9.9]",
            "[64:ff9b::909:909]",
            "[2002:909:909::]",
            "[3fff:1000::1]",
            "example.org",
            "notlocalhost",
        ];
        for host in hosts {
            assert!(!refused(&format!("http://{host}/")), "{host}");
        }
    }

    #[test]
    fn a_private_address_passes_where_it_is_allowed() {
        assert!(check(&Url::parse("http://127.0.0.1/").unwrap(), true).is_ok());
    }

    #[test]
    fn only_http_and_https_are_schemes() {
        for url in ["ftp://example.org/", "file:///etc/passwd", "data:text/plain,x", "mailto:a@example.org"] {
            let outcome = check(&Url::parse(url).unwrap(), true);
            assert!(matches!(outcome, Err(FetchError::Scheme { .. })), "{url}");
        }
    }

    #[tokio::test]
    async fn a_name_with_a_private_address_is_not_resolved() {
        let resolver = PublicResolver { proxies: Vec::new() };
        let error = resolver.resolve("localhost".parse().unwrap()).await.err().unwrap();
        assert!(error.is::<NoPublicAddress>(), "{error}");
    }

    #[tokio::test]
    async fn the_name_of_the_proxy_may_be_private() {
        let resolver = PublicResolver { proxies: vec!["localhost".into()] };
        assert!(resolver.resolve("localhost".parse().unwrap()).await.unwrap().next().is_some());
    }

    #[test]
    fn the_host_of_a_proxy_is_found_in_each_way_of_writing() {
        for value in
            ["http://Proxy.example:3128", "proxy.example:3128", "http://me:secret@proxy.example", "proxy.example"]
        {
            assert_eq!(proxy_host(value).as_deref(), Some("proxy.example"), "{value}");
        }
        assert_eq!(proxy_host(""), None);
    }
}
