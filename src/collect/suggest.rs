//! From an address that somebody pastes to sources that could listen there. Pure: nothing is asked here.

use std::borrow::Cow;

use url::Url;

use super::google_places;
use crate::tongue::{Said, said};

/// A source that could listen there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// A name for it: lower-case letters, digits and hyphens.
    pub id: String,
    /// What stands in `sources.toml` after `from.`.
    pub from: String,
    /// How often to ask.
    pub every: Cow<'static, str>,
    /// What must be done before it can be tried: a key to be had. `None`: nothing.
    pub needs: Option<Said<&'static str>>,
}

/// Sources for an address, the likeliest first; never none for an address of the web, whose last are always its feed and the
/// reviews that it states for search engines.
pub fn suggest(address: &Url) -> Vec<Suggestion> {
    let host = address.host_str().unwrap_or_default().trim_start_matches("www.").to_ascii_lowercase();
    let path: Vec<&str> = address.path_segments().into_iter().flatten().filter(|part| !part.is_empty()).collect();
    let mut all = of_a_known_site(&host, &path, address);
    if all.is_empty() {
        all.extend(of_a_social_server(&host, &path, address));
        all.push(feed(&host, address.as_str()));
        let page = quoted(address.as_str());
        all.push(source(&format!("{host}-reviews"), format!("schema_org = {{ url = {page} }}"), "6h", None));
    }
    all
}

fn source(name: &str, from: String, every: &'static str, needs: Option<Said<&'static str>>) -> Suggestion {
    let mut id = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        match c {
            'a'..='z' | '0'..='9' => id.push(c),
            _ if !id.is_empty() && !id.ends_with('-') => id.push('-'),
            _ => {}
        }
    }
    id.truncate(64);
    Suggestion { id: id.trim_end_matches('-').to_owned(), from, every: every.into(), needs }
}

/// A feed that has a name already; one without letters is called by its host.
pub fn named_feed(name: &str, url: &str) -> Suggestion {
    let named = feed(name, url);
    let host =
        || Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_else(|| "feed".into());
    if named.id.is_empty() { feed(&host(), url) } else { named }
}

/// Where a suggestion names the file of a key.
const KEY_FILE: &str = "_file = \"";

impl Suggestion {
    /// Its kind, by the name in `sources.toml`.
    pub fn kind(&self) -> &str {
        self.from.split([' ', '=']).next().unwrap_or_default()
    }

    /// Whether it needs nothing but a key.
    pub fn takes_a_key(&self) -> bool {
        self.needs.is_some() && self.from.contains(KEY_FILE)
    }

    /// The same with its key in a variable of the environment; `None` where it takes none, or this names none.
    #[must_use]
    pub fn with_key_of(self, variable: &str) -> Option<Self> {
        let is_name = variable.starts_with(|c: char| c.is_ascii_uppercase() || c == '_')
            && variable.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
        // The last one is ours: what stands before it may come from the address.
        let (before, file) = self.from.rsplit_once(KEY_FILE).filter(|_| is_name && self.needs.is_some())?;
        let (_, after) = file.split_once('"')?;
        Some(Self { from: format!("{before}_env = \"{variable}\"{after}"), needs: None, ..self })
    }

    /// As it stands in `sources.toml`.
    pub fn block(&self, brand: Option<&str>, allow_private_network: bool) -> String {
        let Self { id, from, every, .. } = self;
        let brand = brand.map_or_else(String::new, |brand| format!("brand = {}\n", quoted(brand)));
        let private = if allow_private_network { "allow_private_network = true\n" } else { "" };
        format!("[[source]]\nid = \"{id}\"\nevery = \"{every}\"\n{brand}{private}from.{from}\n")
    }
}

fn feed(name: &str, url: &str) -> Suggestion {
    source(name, format!("feed = {{ url = {} }}", quoted(url)), "1h", None)
}

/// As TOML has it.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn of_a_known_site(host: &str, path: &[&str], address: &Url) -> Vec<Suggestion> {
    let parameter =
        |name: &str| address.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    match (host, path) {
        ("apps.apple.com" | "itunes.apple.com", path) => app_store(path).into_iter().collect(),
        ("play.google.com", ["store", "apps", "details"]) => {
            parameter("id").map(|package| google_play(&package)).into_iter().collect()
        }
        ("store.steampowered.com", ["app", app, ..]) => numbered(app, steam),
        ("steamcommunity.com", ["app", app, ..]) => numbered(app, steam),
        ("addons.mozilla.org", [.., "addon", addon]) | ("addons.mozilla.org", [.., "addon", addon, "reviews"]) => {
            let from = format!("mozilla_addons = {{ addon = {} }}", quoted(addon));
            vec![source(&format!("addon-{addon}"), from, "6h", None)]
        }
        ("github.com", [owner, name, ..]) => github(owner, name),
        ("stackoverflow.com", ["questions", "tagged", tag, ..]) => {
            let from = format!("stack_exchange = {{ site = \"stackoverflow\", search = {} }}", quoted(tag));
            vec![source(&format!("stackoverflow-{tag}"), from, "1h", None)]
        }
        ("news.ycombinator.com", _) => {
            let from = "hacker_news = { search = \"NAME OF THE BRAND\" }".to_owned();
            vec![source(
                "hacker-news",
                from,
                "15m",
                Some(said("ein Wort, nach dem gesucht wird", "a word to search for")),
            )]
        }
        ("youtube.com" | "m.youtube.com", ["channel", channel, ..]) => {
            let url = format!("https://www.youtube.com/feeds/videos.xml?channel_id={channel}");
            vec![feed(&format!("youtube-{channel}"), &url)]
        }
        ("wordpress.org", ["support", "plugin", plugin, ..]) | ("wordpress.org", ["plugins", plugin, ..]) => {
            let url = format!("https://wordpress.org/support/plugin/{plugin}/reviews/feed/");
            vec![feed(&format!("wordpress-{plugin}"), &url)]
        }
        (host, ["review", domain, ..]) if host.ends_with("trustpilot.com") => trustpilot(domain),
        ("google.com" | "google.de" | "search.google.com" | "maps.google.com", ["maps", ..] | ["local", ..]) => {
            // Most addresses of Google Maps do not tell the id of their place.
            let named = parameter("q").and_then(|it| it.strip_prefix("place_id:").map(str::to_owned));
            let place = parameter("query_place_id").or(parameter("placeid")).or(named);
            place.map(|place| google_place(&place)).into_iter().collect()
        }
        ("reddit.com" | "old.reddit.com", ["r", name, ..]) => {
            let url = format!("https://www.reddit.com/r/{name}/new/.rss");
            vec![Suggestion { every: "30m".into(), ..feed(&format!("reddit-{name}"), &url) }]
        }
        ("bsky.app", ["profile", name, ..]) => {
            vec![feed(&format!("bluesky-{name}"), &format!("https://bsky.app/profile/{name}/rss"))]
        }
        _ => Vec::new(),
    }
}

/// `/de/app/name/id123`
fn app_store(path: &[&str]) -> Option<Suggestion> {
    let app: u64 = path.iter().rev().find_map(|part| part.strip_prefix("id")?.parse().ok())?;
    let country = path.first().filter(|part| part.len() == 2).copied().unwrap_or("us");
    let from = format!("app_store = {{ app = {app}, country = {} }}", quoted(country));
    Some(source(&format!("app-store-{country}"), from, "1h", None))
}

fn google_play(package: &str) -> Suggestion {
    let from = format!(
        "google_play = {{ package = {}, service_account_file = \"/run/secrets/google-play.json\" }}",
        quoted(package)
    );
    let needs = said(
        "ein Dienstkonto Ihrer eigenen App aus der Play Console; fremde Apps bieten keine Schnittstelle",
        "a service account of your own app in the Play Console; other people's apps offer no interface",
    );
    source(&format!("google-play-{package}"), from, "1h", Some(needs))
}

fn numbered(number: &str, suggestion: impl Fn(u64) -> Suggestion) -> Vec<Suggestion> {
    number.parse().ok().map(suggestion).into_iter().collect()
}

fn steam(app: u64) -> Suggestion {
    source(&format!("steam-{app}"), format!("steam = {{ app = {app} }}"), "1h", None)
}

fn github(owner: &str, name: &str) -> Vec<Suggestion> {
    let repository = format!("{owner}/{name}");
    let from = format!("github = {{ repository = {} }}", quoted(&repository));
    let releases = format!("https://github.com/{repository}/releases.atom");
    vec![source(&format!("github-{name}"), from, "1h", None), feed(&format!("github-{name}-releases"), &releases)]
}

fn google_place(place: &str) -> Suggestion {
    let from = format!("google_places = {{ place = {}, key_file = \"/run/secrets/google-places\" }}", quoted(place));
    source("google-place", from, "1d", google_places::ABOUT.needs)
}

fn trustpilot(domain: &str) -> Vec<Suggestion> {
    let from = format!("trustpilot = {{ domain = {}, key_file = \"/run/secrets/trustpilot\" }}", quoted(domain));
    let needs = said(
        "einen Schlüssel der API von Trustpilot, der zu manchen Tarifen gehört",
        "a key of Trustpilot's API, which is part of some of its plans",
    );
    vec![source(&format!("trustpilot-{domain}"), from, "1h", Some(needs))]
}

/// Servers of Mastodon, Lemmy and Discourse stand under any name; the form of the address tells what may be there.
fn of_a_social_server(host: &str, path: &[&str], address: &Url) -> Option<Suggestion> {
    let origin = address.origin().ascii_serialization();
    match path {
        ["tags", tag] => {
            let from = format!("mastodon = {{ instance = {}, tag = {} }}", quoted(host), quoted(tag));
            Some(source(&format!("mastodon-{tag}"), from, "15m", None))
        }
        [name] if name.starts_with('@') => Some(feed(&format!("{host}-{name}"), &format!("{origin}/{name}.rss"))),
        ["c", community] if !community.contains('.') => {
            let from = format!("lemmy = {{ instance = {}, search = {} }}", quoted(host), quoted(community));
            Some(source(&format!("lemmy-{community}"), from, "30m", None))
        }
        ["t" | "c" | "latest" | "top", ..] | [] => {
            let from = format!("discourse = {{ forum = {} }}", quoted(&origin));
            Some(source(&format!("{host}-forum"), from, "15m", None))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn suggested(address: &str) -> Vec<Suggestion> {
        suggest(&Url::parse(address).unwrap())
    }

    const ADDRESSES: [&str; 24] = [
        "https://apps.apple.com/de/app/db-navigator/id343555245?l=en",
        "https://itunes.apple.com/app/id343555245",
        "https://play.google.com/store/apps/details?id=de.hafas.android.db&hl=de",
        "https://store.steampowered.com/app/730/CounterStrike_2/",
        "https://addons.mozilla.org/de/firefox/addon/ublock-origin/reviews/",
        "https://github.com/owner/name/issues",
        "https://stackoverflow.com/questions/tagged/sqlite",
        "https://news.ycombinator.com/",
        "https://www.youtube.com/channel/UCabc/videos",
        "https://wordpress.org/plugins/akismet/",
        "https://de.trustpilot.com/review/www.example.de",
        "https://www.google.com/maps/search/?api=1&query=Bahnhof&query_place_id=ChIJN1t_tDeuEmsR",
        "https://search.google.com/local/writereview?placeid=ChIJN1t_tDeuEmsR",
        "https://www.google.com/maps/place/?q=place_id:ChIJN1t_tDeuEmsR",
        "https://www.google.de/maps/place/Bahnhof/@52.5,13.3,17z",
        "https://www.reddit.com/r/bahn/",
        "https://bsky.app/profile/example.bsky.social",
        "https://mastodon.social/tags/deutschebahn",
        "https://mastodon.social/@DB_Presse",
        "https://feddit.org/c/bahn",
        "https://community.example.org/t/some-topic/12",
        "https://www.example.org/",
        "https://www.example.org/blog/about \"us\"",
        "https://xn--mller-kva.example/",
    ];

    #[test]
    fn addresses_of_many_sites_become_sources() {
        let shown = |address: &&str| {
            let lines = suggested(address).into_iter().map(|it| format!("  {} [{}] from.{}", it.id, it.every, it.from));
            format!("{address}\n{}", lines.collect::<Vec<_>>().join("\n"))
        };
        insta::assert_snapshot!(ADDRESSES.iter().map(shown).collect::<Vec<_>>().join("\n"));
    }

    #[test]
    fn what_is_suggested_is_valid_as_it_stands() {
        for one in ADDRESSES.iter().flat_map(|address| suggested(address)) {
            let Suggestion { id, from, every, .. } = &one;
            let text = format!(
                "[[brand]]\nname = \"B\"\n[[source]]\nid = \"{id}\"\nevery = \"{every}\"\nbrand = \"B\"\nfrom.{from}\n"
            );
            Config::parse(&text, "suggested").unwrap_or_else(|error| panic!("{error}"));
        }
    }
}
