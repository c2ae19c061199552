//! What stands in `sources.toml`, and everything that can be wrong with it.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use serde::Deserialize;

use super::address::Address;
use super::item::Fields;
use super::{Json, Paging};

/// As it is written; see [`Json`].
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    url: String,
    #[serde(default)]
    items: String,
    fields: WrittenFields,
    rating: Option<Scale>,
    paging: Option<String>,
    first_page: Option<u64>,
    limit: Option<u32>,
    cursor: Option<String>,
    first_cursor: Option<String>,
    most_pages: Option<usize>,
    newest_first: Option<bool>,
    time_zone: Option<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenFields {
    id: Option<String>,
    text: Option<String>,
    title: Option<String>,
    url: Option<String>,
    author: Option<String>,
    author_key: Option<String>,
    rating: Option<String>,
    published_at: Option<String>,
    edited_at: Option<String>,
    language: Option<String>,
    country: Option<String>,
    reply: Option<String>,
    reply_at: Option<String>,
    app_version: Option<String>,
    removed: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scale {
    worst: f64,
    best: f64,
}

const MOST_PAGES: usize = 50;

/// What we say ourselves, or what would make another request of it.
const OUR_HEADERS: [&str; 9] = [
    "accept-encoding",
    "connection",
    "content-length",
    "host",
    "if-modified-since",
    "if-none-match",
    "range",
    "transfer-encoding",
    "user-agent",
];

impl TryFrom<Written> for Json {
    type Error = String;

    /// # Errors
    /// All mistakes at once.
    fn try_from(written: Written) -> Result<Self, String> {
        let mut mistakes = Vec::new();
        let address = Address::new(&written.url, written.limit, &mut mistakes);
        limit_fits(&written, &mut mistakes);
        if !written.items.is_empty() {
            pointer("items", &written.items, &mut mistakes);
        }
        let paging = paging(&written, &mut mistakes);
        let fields = fields(written.fields, written.rating, &mut mistakes);
        if written.most_pages == Some(0) {
            mistakes.push("`most_pages` must be at least 1".to_owned());
        }
        let zone = written.time_zone.as_deref().unwrap_or("UTC");
        let time_zone = zone.parse::<Tz>().unwrap_or_else(|_| {
            mistakes.push(format!("`{zone}` is no time zone: write one like \"Europe/Berlin\""));
            Tz::UTC
        });
        keys_are_absent(&address, &written.headers, &mut mistakes);
        if !mistakes.is_empty() {
            return Err(mistakes.join("; "));
        }
        Ok(Self {
            address,
            items: written.items,
            fields,
            paging,
            first_page: written.first_page.unwrap_or(1),
            first_cursor: written.first_cursor.unwrap_or_default(),
            most_pages: written.most_pages.unwrap_or(MOST_PAGES),
            newest_first: written.newest_first.unwrap_or(true),
            time_zone,
            headers: written.headers.into_iter().collect(),
        })
    }
}

fn limit_fits(written: &Written, mistakes: &mut Vec<String>) {
    let mistake = match (written.url.contains("{limit}"), written.limit) {
        (true, None) => "`url` has `{limit}`, so write `limit = 100` or as many as the API gives",
        (false, Some(_)) => "`limit` needs `{limit}` in `url`",
        (true, Some(0)) => "`limit` must be at least 1",
        _ => return,
    };
    mistakes.push(mistake.to_owned());
}

/// What is said, or what the placeholders say; each way needs its own settings and takes no others.
fn paging(written: &Written, mistakes: &mut Vec<String>) -> Paging {
    let has = |placeholder: &str| written.url.contains(placeholder);
    let by_placeholder = match () {
        () if has("{page}") => "page",
        () if has("{offset}") => "offset",
        () if has("{cursor}") || written.cursor.is_some() => "cursor",
        () => "link",
    };
    let way = written.paging.as_deref().unwrap_or(by_placeholder);
    for (name, placeholder) in [("page", "{page}"), ("offset", "{offset}"), ("cursor", "{cursor}")] {
        if way != name && has(placeholder) {
            mistakes.push(format!("`{placeholder}` in `url` is for `paging = \"{name}\"`, but it is \"{way}\""));
        }
        if way == name && name != "cursor" && !has(placeholder) {
            mistakes.push(format!("`paging = \"{name}\"` needs `{placeholder}` in `url`"));
        }
    }
    let foreign = [
        ("first_page", "page", written.first_page.is_some()),
        ("cursor", "cursor", written.cursor.is_some()),
        ("first_cursor", "cursor", written.first_cursor.is_some()),
    ];
    for (setting, name, _) in foreign.into_iter().filter(|(_, name, is_written)| *is_written && way != *name) {
        mistakes.push(format!("`{setting}` is for `paging = \"{name}\"`, but it is \"{way}\""));
    }
    match way {
        "page" => Paging::Page,
        "offset" => Paging::Offset,
        "cursor" => Paging::Cursor(cursor(written.cursor.as_deref(), mistakes)),
        "link" => Paging::Link,
        "none" => Paging::None,
        other => {
            let known = "\"page\", \"offset\", \"cursor\", \"link\" or \"none\"";
            mistakes.push(format!("`{other}` is no way of paging: write {known}"));
            Paging::None
        }
    }
}

fn cursor(written: Option<&str>, mistakes: &mut Vec<String>) -> String {
    match written {
        Some(written) => pointer("cursor", written, mistakes),
        None => mistakes.push("`paging = \"cursor\"` needs `cursor`, a JSON pointer such as \"/meta/next\"".to_owned()),
    }
    written.unwrap_or_default().to_owned()
}

fn fields(written: WrittenFields, scale: Option<Scale>, mistakes: &mut Vec<String>) -> Fields {
    let mut required = |name: &str, written: Option<String>| {
        if written.is_none() {
            mistakes.push(format!("`fields` needs `{name}`, a JSON pointer such as \"/{name}\""));
        }
        written.unwrap_or_else(|| format!("/{name}"))
    };
    let (id, text) = (required("id", written.id), required("text", written.text));
    let is_scaled = scale.is_some();
    let scale = scale.map_or((1.0, 5.0), |scale| (scale.worst, scale.best));
    let WrittenFields { title, url, author, author_key, rating, published_at, edited_at, .. } = written;
    let WrittenFields { language, country, reply, reply_at, app_version, removed, .. } = written;
    let fields = Fields {
        id,
        text,
        title,
        url,
        author,
        author_key,
        rating,
        scale,
        published_at,
        edited_at,
        language,
        country,
        reply,
        reply_at,
        app_version,
        removed,
    };
    pointers(&fields, mistakes);
    if is_scaled && fields.rating.is_none() {
        mistakes.push("`rating` is the scale of `fields.rating`, which is missing".to_owned());
    }
    if !(scale.0.is_finite() && scale.1.is_finite() && scale.0 != scale.1) {
        mistakes.push("`rating` needs two different numbers: { worst = 1, best = 5 }".to_owned());
    }
    if fields.reply_at.is_some() && fields.reply.is_none() {
        mistakes.push("`fields.reply_at` needs `fields.reply`".to_owned());
    }
    fields
}

fn pointers(fields: &Fields, mistakes: &mut Vec<String>) {
    let is_address = |written: &&String| written.starts_with("https://") || written.starts_with("http://");
    if fields.url.as_ref().filter(is_address).is_some_and(|address| !address.contains("{id}")) {
        mistakes.push("`fields.url` is the same for all: write `{id}` into it, or a JSON pointer".to_owned());
    }
    let optional = [
        ("title", &fields.title),
        ("author", &fields.author),
        ("author_key", &fields.author_key),
        ("rating", &fields.rating),
        ("published_at", &fields.published_at),
        ("edited_at", &fields.edited_at),
        ("language", &fields.language),
        ("country", &fields.country),
        ("reply", &fields.reply),
        ("reply_at", &fields.reply_at),
        ("app_version", &fields.app_version),
        ("removed", &fields.removed),
    ];
    let optional = optional.into_iter().filter_map(|(name, written)| Some((name, written.as_ref()?)));
    let url = fields.url.as_ref().filter(|written| !is_address(written)).map(|written| ("url", written));
    for (name, written) in [("id", &fields.id), ("text", &fields.text)].into_iter().chain(url).chain(optional) {
        pointer(&format!("fields.{name}"), written, mistakes);
    }
}

/// A JSON pointer begins with a slash; a tilde is written `~0`, a slash in a name `~1` (RFC 6901).
fn pointer(setting: &str, written: &str, mistakes: &mut Vec<String>) {
    if !written.starts_with('/') {
        let meant = written.trim_start_matches('$').trim_start_matches('.').replace('.', "/");
        mistakes.push(format!("`{setting}` is no JSON pointer: write \"/{meant}\""));
    } else if written.split('~').skip(1).any(|rest| !rest.starts_with(['0', '1'])) {
        mistakes.push(format!("`{setting}` is no JSON pointer: write `~0` for a tilde"));
    }
}

fn keys_are_absent(address: &Address, headers: &BTreeMap<String, String>, mistakes: &mut Vec<String>) {
    const NOT_HERE: &str = "and no key may stand in this file: it will come by `*_env` or `*_file`";
    for (name, value) in headers {
        if names_a_key(name) {
            mistakes.push(format!("the header `{name}` names a key, {NOT_HERE}"));
        } else if OUR_HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
            mistakes.push(format!("the header `{name}` cannot be set"));
        } else if !is_token(name) || !value.chars().all(|c| matches!(c, ' '..='~')) {
            mistakes.push(format!(
                "the header `{name}` cannot be sent: names are letters, digits and hyphens, values ASCII"
            ));
        }
    }
    for name in address.fixed_parameters().filter(|name| names_a_key(name)) {
        mistakes.push(format!("the parameter `{name}` of `url` names a key, {NOT_HERE}"));
    }
}

fn is_token(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn names_a_key(name: &str) -> bool {
    const PARTS: [&str; 8] =
        ["authorization", "cookie", "password", "secret", "token", "apikey", "accesskey", "credential"];
    let bare: String = name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    ["key", "auth", "sig", "signature"].contains(&bare.as_str()) || PARTS.iter().any(|part| bare.contains(part))
}
