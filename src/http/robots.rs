//! robots.txt after RFC 9309: which paths a site forbids to programs. Pure.
//!
//! Our own reading, because the `robotstxt` crate panics on a long line that is not ASCII, needs seconds for one rule with
//! many stars, and misses matches behind a star. Where it is right it is the reference in the tests.

/// Our name in robots.txt.
const PRODUCT: &str = "stimmung";

/// How "disallow" is written in the wild.
const DISALLOW: [&str; 6] = ["disallow", "disalow", "dissallow", "dissalow", "diasllow", "disallaw"];

/// What one robots.txt says to us.
#[derive(Debug, Default)]
pub(super) struct Rules(Vec<Rule>);

#[derive(Debug)]
struct Rule {
    allow: bool,
    /// Normalised; `*` stands for anything, a final `$` for the end.
    pattern: String,
}

impl Rules {
    /// Reads the groups that name us; if there are none, those for everybody.
    pub(super) fn parse(text: &str) -> Self {
        let (mut ours, mut everybodys, mut named) = (Vec::new(), Vec::new(), false);
        let mut group = Group::default();
        for (key, value) in text.trim_start_matches('\u{feff}').split(['\n', '\r']).filter_map(record) {
            match key.as_str() {
                "user-agent" | "useragent" | "user agent" => {
                    group.add(value);
                    named |= group.ours;
                }
                key if key == "allow" || DISALLOW.contains(&key) => {
                    group.closed = true;
                    let rule = || Rule { allow: key == "allow", pattern: normalised(value) };
                    ours.extend(group.ours.then(rule));
                    everybodys.extend(group.everybodys.then(rule));
                }
                _ => {}
            }
        }
        Self(if named { ours } else { everybodys })
    }

    /// Whether we may ask for a path with its query. The longest pattern decides, at equal length the one that allows.
    pub(super) fn allow(&self, path: &str) -> bool {
        let path = normalised(path);
        let matching = self.0.iter().filter(|rule| !rule.pattern.is_empty() && matches(&rule.pattern, &path));
        matching.max_by_key(|rule| (rule.pattern.len(), rule.allow)).is_none_or(|rule| rule.allow)
    }
}

/// Whom the rules that follow are for: the agents named in a row before them.
#[derive(Default)]
struct Group {
    ours: bool,
    everybodys: bool,
    closed: bool,
}

impl Group {
    fn add(&mut self, agent: &str) {
        if self.closed {
            *self = Self::default();
        }
        let name = agent.split(|c: char| !(c.is_ascii_alphabetic() || matches!(c, '-' | '_'))).next();
        self.ours |= name.is_some_and(|name| name.eq_ignore_ascii_case(PRODUCT));
        self.everybodys |= agent.strip_prefix('*').is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']));
    }
}

/// A line without its comment as a lower-case key and a value; some forget the colon.
fn record(line: &str) -> Option<(String, &str)> {
    let line = line.split('#').next()?.trim();
    let (key, value) = line.split_once(':').or_else(|| line.split_once([' ', '\t']))?;
    Some((key.trim().to_ascii_lowercase(), value.trim()))
}

/// One spelling for each path: what is not ASCII is escaped, escapes are in upper case, needless ones undone
/// (RFC 9309, 2.2.2).
fn normalised(path: &str) -> String {
    let mut bytes = path.as_bytes().iter();
    let mut out = String::with_capacity(path.len());
    while let Some(&byte) = bytes.next() {
        let escaped = if byte == b'%' { escape(bytes.as_slice()) } else { None };
        match escaped {
            Some(byte) => {
                bytes.nth(1);
                if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                    out.push(char::from(byte));
                } else {
                    out.push_str(&format!("%{byte:02X}"));
                }
            }
            None if byte.is_ascii() => out.push(char::from(byte)),
            None => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// The byte behind two hexadecimal digits.
fn escape(digits: &[u8]) -> Option<u8> {
    let digit = |at: usize| digits.get(at).and_then(|&digit| char::from(digit).to_digit(16));
    u8::try_from(digit(0)? * 16 + digit(1)?).ok()
}

/// Whether a pattern fits the beginning of a path, or with `$` all of it. Each piece between stars takes its first fit,
/// which makes this linear: no pattern can make it slow.
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, to_the_end) = pattern.strip_suffix('$').map_or((pattern, false), |pattern| (pattern, true));
    let Some((first, starred)) = pattern.split_once('*') else {
        return if to_the_end { path == pattern } else { path.starts_with(pattern) };
    };
    let (middle, last) = starred.rsplit_once('*').unwrap_or(("", starred));
    let rest = path
        .strip_prefix(first)
        .and_then(|rest| middle.split('*').try_fold(rest, |rest, piece| Some(rest.split_once(piece)?.1)));
    rest.is_some_and(|rest| if to_the_end { rest.ends_with(last) } else { rest.contains(last) })
}

#[cfg(test)]
mod tests;
