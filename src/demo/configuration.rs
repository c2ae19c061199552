//! The `sources.toml` that listens to the invented world.

use super::site;
use super::world::{APP, BRAND, NEIGHBOUR, Source};

/// Who gets the demo's alerts.
pub const MARKETING: &str = "marketing@lerchenbahn.example";

/// Somebody who reads them in English.
pub const PRESS: &str = "press@lerchenbahn.example";

/// Who hears at once of what cannot wait.
pub const SERVICE: &str = "service@lerchenbahn.example";

/// The demo's `sources.toml` for a site at `base_url` (`http://127.0.0.1:12345`).
///
/// The feeds show their newest 50 entries and are read often enough that none is missed, however much is written.
pub fn config_toml(base_url: &str) -> String {
    let base = base_url.trim_end_matches('/');
    let sources: String = Source::ALL.into_iter().map(|source| source_toml(source, base)).collect();
    format!(
        r##"# The demo's configuration. Everything in it is invented.

[[brand]]
name = "{BRAND}"
any  = ["{BRAND}", "@lerchenbahn", "#lerchenbahn", "{APP}"]
none = ["Sessellift"]               # there is a chairlift of the same name

[[brand]]
name = "{NEIGHBOUR}"
any  = ["{NEIGHBOUR}"]
competitor_of = "{BRAND}"           # listened to, to be compared with
{sources}
[alert]
to = ["{MARKETING}", {{ address = "{PRESS}", language = "en" }}]
at_most_one_false_alarm_per = "1 year" # 90 days where nobody says otherwise

[urgent]
to = ["{SERVICE}"]

[[digest]]
period = "week"
to = ["{MARKETING}"]

[[digest]]
period = "day"
to = [{{ address = "{PRESS}", language = "en" }}]

[fetch]
gap_per_host = "0s"                 # it is our own site, on this machine
"##
    )
}

fn source_toml(source: Source, base: &str) -> String {
    let every = hours_between_visits(source);
    let brand = if is_all_about_the_brand(source) { format!("brand = \"{BRAND}\"\n") } else { String::new() };
    let from = match source.storefront() {
        Some(country) => {
            let app = site::APP_NUMBER;
            format!(r#"from.app_store = {{ app = {app}, country = "{country}", base = "{base}/" }}"#)
        }
        None => format!(r#"from.feed = {{ url = "{base}{}" }}"#, site::path(source)),
    };
    let id = source.id();
    format!("\n[[source]]\nid = \"{id}\"\nevery = \"{every}h\"\n{brand}allow_private_network = true\n{from}\n")
}

/// So that less than 50 new posts wait at each visit, even on the worst day.
const fn hours_between_visits(source: Source) -> u32 {
    match source {
        Source::AppStoreDe | Source::AppStoreGb | Source::Forum | Source::Social => 4,
        Source::Press | Source::Blog => 6,
    }
}

/// Of the others only the posts that name the brand are kept.
const fn is_all_about_the_brand(source: Source) -> bool {
    matches!(source, Source::AppStoreDe | Source::AppStoreGb | Source::Forum | Source::Blog)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::demo::world::World;
    use crate::mention::Timestamp;

    #[test]
    fn it_is_valid_and_has_every_source() {
        insta::assert_snapshot!(config_toml("http://127.0.0.1:4711/"));
        let config = Config::parse(&config_toml("http://127.0.0.1:4711"), "sources.toml").unwrap();
        assert_eq!(config.sources.len(), Source::ALL.len());
    }

    #[test]
    fn no_visit_comes_too_late_for_the_window_of_a_feed() {
        let world = World::new(Timestamp::from_seconds(1_790_000_000), 3);
        for source in Source::ALL {
            let window = i64::from(hours_between_visits(source)) * 3600;
            let times: Vec<i64> =
                world.posts().iter().filter(|post| post.source == source).map(|p| p.updated_at.seconds()).collect();
            let most = (0..times.len()).map(|at| times.partition_point(|&t| t < times[at] + window) - at).max();
            assert!(most.unwrap() <= 50, "{source:?} {most:?}");
        }
    }
}
