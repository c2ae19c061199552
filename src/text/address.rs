//! One address for one page, however it was linked.

use url::Url;

/// The address without tracking parameters, fragments and redirects of search engines; `None` if it is no web address.
///
/// Relative addresses are resolved against `base`. The host becomes lower case, user names and default ports go; so do
/// fragments, except those of old single-page applications (`#!`). The parameters that stay keep their order.
///
/// ```
/// use stimmung::text::canonical_url;
/// let alert = "https://www.google.com/url?rct=j&sa=t&url=https://Example.org/a%3Fid%3D1%26utm_source%3Dx&ct=ga";
/// assert_eq!(canonical_url(alert, None).as_deref(), Some("https://example.org/a?id=1"));
/// ```
pub fn canonical_url(address: &str, base: Option<&Url>) -> Option<String> {
    let address = address.trim();
    if address.is_empty() {
        return None;
    }
    let mut url = Url::options().base_url(base).parse(address).ok().filter(is_web)?;
    for _ in 0..REDIRECTS_AT_MOST {
        let Some(target) = redirect_target(&url) else { break };
        url = target;
    }
    drop_tracking(&mut url);
    if !url.fragment().is_some_and(|fragment| fragment.starts_with('!')) {
        url.set_fragment(None);
    }
    // Web addresses have a host, so neither can be refused.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    Some(url.into())
}

/// A redirect may lead to the next, but not for ever.
const REDIRECTS_AT_MOST: usize = 4;

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.has_host()
}

/// Host, path and parameter of redirectors that name their target. A host also stands for those below it; `google.` for
/// every country's.
const REDIRECTORS: [(&str, &str, &[&str]); 12] = [
    ("google.", "/url", &["url", "q"]),
    ("bing.com", "/news/apiclick.aspx", &["url"]),
    ("duckduckgo.com", "/l/", &["uddg"]),
    ("youtube.com", "/redirect", &["q"]),
    ("facebook.com", "/l.php", &["u"]),
    ("instagram.com", "/", &["u"]),
    ("threads.net", "/", &["u"]),
    ("out.reddit.com", "", &["url"]),
    ("linkedin.com", "/redir/redirect", &["url"]),
    ("steamcommunity.com", "/linkfilter/", &["url", "u"]),
    ("t.umblr.com", "/redirect", &["z"]),
    ("safelinks.protection.outlook.com", "", &["url"]),
];

fn redirect_target(url: &Url) -> Option<Url> {
    let host = url.host_str()?;
    let (_, _, names) = (REDIRECTORS.iter())
        .find(|(redirector, path, _)| is_host(host, redirector) && (path.is_empty() || url.path() == *path))?;
    let value = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value);
    names.iter().filter_map(|name| Url::parse(value(name)?.trim()).ok()).find(is_web)
}

fn is_host(host: &str, redirector: &str) -> bool {
    if redirector.ends_with('.') {
        return host.strip_prefix("www.").unwrap_or(host).starts_with(redirector);
    }
    host.strip_suffix(redirector).is_some_and(|below| below.is_empty() || below.ends_with('.'))
}

/// Beginnings of parameters that only tell where a reader came from.
const TRACKING_PREFIXES: [&str; 9] =
    ["utm_", "mtm_", "matomo_", "pk_", "piwik_", "hsa_", "wt_mc", "wt_zmc", "fb_action_"];

/// Parameters that only tell where a reader came from.
const TRACKING: [&str; 42] = [
    "__hsfp",
    "__hssc",
    "__hstc",
    "__twitter_impression",
    "_branch_match_id",
    "_ga",
    "_gl",
    "_hsenc",
    "_hsmi",
    "_openstat",
    "at_campaign",
    "at_medium",
    "cmpid",
    "dclid",
    "epik",
    "fbclid",
    "fb_ref",
    "fb_source",
    "gad_source",
    "gbraid",
    "gclid",
    "gclsrc",
    "guce_referrer",
    "guce_referrer_sig",
    "guccounter",
    "hsctatracking",
    "igsh",
    "igshid",
    "li_fat_id",
    "mc_cid",
    "mc_eid",
    "mibextid",
    "mkt_tok",
    "msclkid",
    "oly_anon_id",
    "oly_enc_id",
    "srsltid",
    "ttclid",
    "twclid",
    "wbraid",
    "xtor",
    "yclid",
];

fn drop_tracking(url: &mut Url) {
    let Some(query) = url.query() else { return };
    let kept: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty() && !is_tracking(pair)).collect();
    if kept.len() < query.split('&').count() {
        let kept = (!kept.is_empty()).then(|| kept.join("&"));
        url.set_query(kept.as_deref());
    }
}

fn is_tracking(pair: &str) -> bool {
    let name = pair.split('=').next().unwrap_or(pair).to_ascii_lowercase();
    TRACKING.contains(&name.as_str()) || TRACKING_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn canonical(address: &str) -> Option<String> {
        canonical_url(address, None)
    }

    #[test]
    fn tracking_goes_and_the_rest_keeps_its_order() {
        let address = "HTTPS://User:pw@WWW.Example.ORG:443/A?z=1&utm_source=rss&a=%C3%A4&fbclid=x&b&gclid=2#top";
        assert_eq!(canonical(address).unwrap(), "https://www.example.org/A?z=1&a=%C3%A4&b");
        assert_eq!(canonical("http://example.org?utm_medium=rss").unwrap(), "http://example.org/");
        assert_eq!(canonical("http://example.org:8080/#!/seite").unwrap(), "http://example.org:8080/#!/seite");
    }

    #[test]
    fn redirects_of_search_engines_and_networks_are_unwrapped() {
        let wrapped = [
            "https://www.google.com/url?rct=j&sa=t&url=https://example.org/a&ct=ga&cd=x",
            "https://google.de/url?q=https%3A%2F%2Fexample.org%2Fa&sa=U",
            "http://www.bing.com/news/apiclick.aspx?ref=FexRss&url=https%3a%2f%2fexample.org%2fa&c=1",
            "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2Fa%3Ffbclid%3D1&h=AT",
            "https://www.google.com/url?q=https://out.reddit.com/t3_x?url=https%253A%252F%252Fexample.org%252Fa",
        ];
        for address in wrapped {
            assert_eq!(canonical(address).as_deref(), Some("https://example.org/a"), "{address}");
        }
    }

    #[test]
    fn what_only_resembles_a_redirect_stays() {
        let addresses = [
            "https://news.google.com/rss/articles/CBMi?oc=5",
            "https://www.google.com/url?q=wetter",
            "https://www.google.com/url?q=javascript:alert(1)",
            "https://notfacebook.com/l.php?u=https://example.org/",
        ];
        for address in addresses {
            assert_eq!(canonical(address).as_deref(), Some(address));
        }
    }

    #[test]
    fn relative_addresses_need_a_base() {
        let base = Url::parse("https://example.org/blog/").unwrap();
        assert_eq!(canonical_url(" ../a?b#c ", Some(&base)).unwrap(), "https://example.org/a?b");
        assert_eq!(canonical_url("//cdn.example.org/a", Some(&base)).unwrap(), "https://cdn.example.org/a");
        assert_eq!(canonical("../a"), None);
    }

    #[test]
    fn only_web_addresses_are_addresses() {
        for address in
            ["", " ", "mailto:a@example.org", "javascript:alert(1)", "data:,x", "ftp://example.org/", "http://"]
        {
            assert_eq!(canonical(address), None, "{address}");
        }
    }

    proptest! {
        #[test]
        fn a_canonical_address_is_its_own(
            address in r"https?://(www\.google\.com/url|[a-zA-Z]{1,5}\.org(:443)?(/[a-z%]{0,4}){0,2})(\?((q|url|utm_x|a)=(http://a\.de/?)?&?){0,3})?(#!?[a-z]?)?"
        ) {
            if let Some(once) = canonical(&address) {
                prop_assert_eq!(canonical(&once), Some(once));
            }
        }

        #[test]
        fn any_text_is_safe(address in r"\PC{0,40}") {
            let _ = canonical(&address);
        }
    }
}
