//! What the headers of an answer say. Pure: dates are read against the server's own `Date`, so that no clock is needed
//! and a server whose clock is wrong is still understood.

use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use reqwest::header::{
    AGE, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_RANGE, DATE, ETAG, EXPIRES, HeaderMap, HeaderName, LAST_MODIFIED,
    LINK, RETRY_AFTER,
};

use super::Validators;

/// No limit holds for so many seconds (30 years): a larger number is a moment.
const FIRST_MOMENT: u32 = 1_000_000_000;

/// A header as text; bytes that are no UTF-8 are replaced.
pub(super) fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).trim().to_owned())
}

/// What to send back for a conditional request.
pub(super) fn validators(headers: &HeaderMap) -> Validators {
    let present = |name| text(headers, name).filter(|value| !value.is_empty());
    Validators { etag: present(&ETAG), last_modified: present(&LAST_MODIFIED) }
}

/// `Retry-After` in either form: seconds, or a date (RFC 9110, 10.2.3).
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = text(headers, &RETRY_AFTER)?;
    value.parse().ok().map(Duration::from_secs).or_else(|| from_server_time(headers, &value))
}

/// How much longer the answer is fresh: `max-age` less the time it spent in caches, else `Expires` (RFC 9111, 4.2).
pub(super) fn max_age(headers: &HeaderMap) -> Option<Duration> {
    let control = text(headers, &CACHE_CONTROL).unwrap_or_default().to_ascii_lowercase();
    let directives = || control.split(',').map(str::trim);
    if directives().any(|directive| matches!(directive, "no-cache" | "no-store")) {
        return None;
    }
    let stated = directives().find_map(|directive| directive.strip_prefix("max-age="));
    match stated.and_then(|seconds| seconds.trim_matches('"').parse().ok()) {
        Some(seconds) => {
            let age = text(headers, &AGE).and_then(|age| age.parse().ok()).unwrap_or(0);
            Some(Duration::from_secs(u64::saturating_sub(seconds, age)))
        }
        None => from_server_time(headers, &text(headers, &EXPIRES)?),
    }
}

/// The address that a `Link` header gives for the next page (RFC 8288, 3): as written, perhaps relative.
pub(super) fn next(headers: &HeaderMap) -> Option<String> {
    let links = headers.get_all(LINK).iter().map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    links.collect::<Vec<_>>().iter().flat_map(|links| links.split('<').skip(1)).find_map(|link| {
        let (address, parameters) = link.split_once('>')?;
        let is_next = |parameter: &str| {
            let (name, value) = parameter.split_once('=').unwrap_or_default();
            let relations = value.trim().trim_end_matches(',').trim().trim_matches('"');
            name.trim().eq_ignore_ascii_case("rel") && relations.split(' ').any(|it| it.eq_ignore_ascii_case("next"))
        };
        parameters.split(';').any(is_next).then(|| address.trim().to_owned())
    })
}

/// What is left of a limit, under the names that are in use for it.
pub(super) fn quota_left(headers: &HeaderMap) -> Option<u64> {
    let names = ["x-ratelimit-remaining", "ratelimit-remaining", "x-rate-limit-remaining"];
    let left = names.into_iter().find_map(|name| text(headers, &HeaderName::from_static(name)))?;
    left.split(['.', ',', ';']).next()?.trim().parse().ok()
}

/// How long a limit that is used up will hold, under the names that are in use for its end: seconds from now, seconds
/// since 1970, or a date (RFC 3339).
pub(super) fn limit_holds(headers: &HeaderMap) -> Option<Duration> {
    if quota_left(headers) != Some(0) {
        return None;
    }
    let names = ["x-ratelimit-reset", "ratelimit-reset", "x-rate-limit-reset"];
    let end = names.into_iter().find_map(|name| text(headers, &HeaderName::from_static(name)))?;
    let then = match end.parse::<u32>() {
        Ok(seconds) if seconds < FIRST_MOMENT => return Some(Duration::from_secs(seconds.into())),
        Ok(seconds) => DateTime::from_timestamp(seconds.into(), 0)?.fixed_offset(),
        Err(_) => DateTime::parse_from_rfc3339(&end).ok()?,
    };
    Some(then.signed_duration_since(server_time(headers)?).to_std().unwrap_or_default())
}

/// Where a part of a file begins, and how long the whole file is, if the server knows (RFC 9110, 14.4).
pub(super) fn content_range(headers: &HeaderMap) -> Option<(u64, Option<u64>)> {
    let value = text(headers, &CONTENT_RANGE)?;
    let (range, whole) = value.strip_prefix("bytes ")?.split_once('/')?;
    let (start, _) = range.split_once('-')?;
    Some((start.trim().parse().ok()?, whole.trim().parse().ok()))
}

/// A compression that is left over after reqwest undid the ones we offer.
pub(super) fn foreign_compression(headers: &HeaderMap) -> Option<String> {
    let coding = text(headers, &CONTENT_ENCODING)?.to_ascii_lowercase();
    ["gzip", "br", "deflate", "zstd", "compress"].iter().any(|known| coding.contains(known)).then_some(coding)
}

/// How far a date lies after the server's `Date`; nothing if it has passed.
fn from_server_time(headers: &HeaderMap, date: &str) -> Option<Duration> {
    let then = DateTime::parse_from_rfc2822(date).ok()?;
    Some(then.signed_duration_since(server_time(headers)?).to_std().unwrap_or_default())
}

fn server_time(headers: &HeaderMap) -> Option<DateTime<FixedOffset>> {
    DateTime::parse_from_rfc2822(&text(headers, &DATE)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        lines.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    fn seconds(duration: Option<Duration>) -> Option<u64> {
        duration.map(|duration| duration.as_secs())
    }

    const NOW: (&str, &str) = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");

    #[test]
    fn retry_after_is_read_in_both_forms() {
        assert_eq!(seconds(retry_after(&headers(&[("retry-after", " 120 ")]))), Some(120));
        let date = ("retry-after", "Sun, 06 Nov 1994 08:51:37 GMT");
        assert_eq!(seconds(retry_after(&headers(&[NOW, date]))), Some(120));
        let past = ("retry-after", "Sun, 06 Nov 1994 08:00:00 GMT");
        assert_eq!(seconds(retry_after(&headers(&[NOW, past]))), Some(0));
    }

    #[test]
    fn an_unreadable_retry_after_is_none() {
        for value in ["", "soon", "-5", "1.5", "99999999999999999999999", "Sun, 06 Nov 1994 08:51:37 GMT"] {
            assert_eq!(retry_after(&headers(&[("retry-after", value)])), None, "{value}");
        }
    }

    #[test]
    fn freshness_is_max_age_less_the_time_in_caches() {
        let control = ("cache-control", "public, Max-Age=600");
        assert_eq!(seconds(max_age(&headers(&[control]))), Some(600));
        assert_eq!(seconds(max_age(&headers(&[control, ("age", "100")]))), Some(500));
        assert_eq!(seconds(max_age(&headers(&[control, ("age", "1000")]))), Some(0));
    }

    #[test]
    fn expires_counts_where_max_age_is_missing() {
        let expires = ("expires", "Sun, 06 Nov 1994 09:49:37 GMT");
        assert_eq!(seconds(max_age(&headers(&[NOW, expires]))), Some(3600));
        assert_eq!(seconds(max_age(&headers(&[NOW, expires, ("cache-control", "max-age=5")]))), Some(5));
        assert_eq!(max_age(&headers(&[NOW, ("expires", "0")])), None);
    }

    #[test]
    fn what_must_not_be_cached_has_no_freshness() {
        assert_eq!(max_age(&headers(&[("cache-control", "no-cache, max-age=600")])), None);
    }

    #[test]
    fn validators_are_kept_as_sent() {
        let sent = headers(&[("etag", "W/\"a b\""), ("last-modified", NOW.1)]);
        let kept = Validators { etag: Some("W/\"a b\"".into()), last_modified: Some(NOW.1.into()) };
        assert_eq!(validators(&sent), kept);
        assert_eq!(validators(&headers(&[("etag", "")])), Validators::default());
    }

    #[test]
    fn the_next_page_is_the_link_that_says_so() {
        let told = |value| next(&headers(&[("link", value)]));
        let both = r#"<https://a.example/?page=1,2>; rel="prev", </b?page=3>; title="x"; rel="next last""#;
        assert_eq!(told(both).as_deref(), Some("/b?page=3"));
        assert_eq!(told("<?max_id=7>; rel=next, <?min_id=9>; rel=prev").as_deref(), Some("?max_id=7"));
        for value in ["", "<a>; rel=\"prev\"", "a; rel=next", "<a>; rel=nextish", "<a"] {
            assert_eq!(told(value), None, "{value}");
        }
    }

    #[test]
    fn what_is_left_of_a_limit_is_read_under_its_usual_names() {
        assert_eq!(quota_left(&headers(&[("x-ratelimit-remaining", "59")])), Some(59));
        assert_eq!(quota_left(&headers(&[("ratelimit-remaining", "12.5")])), Some(12));
        assert_eq!(quota_left(&headers(&[("x-ratelimit-remaining", "many")])), None);
    }

    #[test]
    fn a_limit_that_is_used_up_holds_until_its_end() {
        let used_up = ("x-ratelimit-remaining", "0");
        for end in ["60", "1994-11-06T08:50:37Z"] {
            assert_eq!(seconds(limit_holds(&headers(&[NOW, used_up, ("x-ratelimit-reset", end)]))), Some(60), "{end}");
        }
        let today = ("date", "Mon, 21 Sep 2026 14:13:20 GMT");
        let end = ("x-ratelimit-reset", "1790000042");
        assert_eq!(seconds(limit_holds(&headers(&[today, used_up, end]))), Some(42));
        assert_eq!(limit_holds(&headers(&[today, ("x-ratelimit-remaining", "1"), end])), None);
        assert_eq!(limit_holds(&headers(&[used_up, end])), None, "without the server's clock");
        assert_eq!(limit_holds(&headers(&[today, used_up, ("x-ratelimit-reset", "soon")])), None);
    }

    #[test]
    fn a_part_says_where_it_belongs() {
        let told = |value| content_range(&headers(&[("content-range", value)]));
        assert_eq!(told("bytes 100-199/1000"), Some((100, Some(1000))));
        assert_eq!(told("bytes 0-9/*"), Some((0, None)));
        for value in ["bytes */1000", "bytes 100", "lines 1-2/3", "bytes -5/10"] {
            assert_eq!(told(value), None, "{value}");
        }
    }

    #[test]
    fn only_a_real_compression_is_foreign() {
        assert_eq!(foreign_compression(&headers(&[("content-encoding", "gzip, BR")])), Some("gzip, br".into()));
        assert_eq!(foreign_compression(&headers(&[("content-encoding", "utf-8")])), None);
    }
}
