use proptest::prelude::*;
use robotstxt::DefaultMatcher;

use super::*;

fn allowed(robots: &str, path: &str) -> bool {
    Rules::parse(robots).allow(path)
}

#[test]
fn without_rules_everything_is_allowed() {
    for robots in
        ["", "User-agent: *\nDisallow:", "Disallow: /", "<html>\n<p>no such page</p>", "User-agent: other\nDisallow: /"]
    {
        assert!(allowed(robots, "/a"), "{robots}");
    }
}

#[test]
fn rules_for_everybody_hold_unless_we_are_named() {
    let everybody = "User-agent: *\nDisallow: /private";
    assert!(!allowed(everybody, "/private/page"));
    assert!(allowed(everybody, "/public"));
    assert!(allowed(&format!("{everybody}\n\nUser-agent: Stimmung\nDisallow: /tmp"), "/private/page"));
    assert!(!allowed(&format!("User-agent: STIMMUNG/0.1\nDisallow: /tmp\n{everybody}"), "/tmp"));
}

#[test]
fn agents_in_a_row_share_the_rules_that_follow() {
    let robots =
        "User-agent: other\nCrawl-delay: 5\nUser-agent: stimmung\nDisallow: /a\nUser-agent: third\nDisallow: /b";
    assert!(!allowed(robots, "/a"));
    assert!(allowed(robots, "/b"));
}

#[test]
fn the_longest_pattern_decides_and_a_tie_allows() {
    let robots = "User-agent: *\nDisallow: /shop\nAllow: /shop/reviews\nDisallow: /same\nAllow: /same";
    assert!(!allowed(robots, "/shop/cart"));
    assert!(allowed(robots, "/shop/reviews?page=2"));
    assert!(allowed(robots, "/same"));
}

#[test]
fn stars_and_the_final_dollar_are_understood() {
    let robots = "User-agent: *\nDisallow: /*.pdf$\nDisallow: /*/edit\nDisallow: *sid=\nDisallow: /exact$";
    for path in ["/a/b.pdf", "/a/b/edit/1", "/a?x=1&sid=2", "/exact"] {
        assert!(!allowed(robots, path), "{path}");
    }
    for path in ["/a/b.pdf?page=1", "/edit", "/a?x=1", "/exactly"] {
        assert!(allowed(robots, path), "{path}");
    }
}

#[test]
fn one_path_in_two_spellings_is_one() {
    let robots = "User-agent: *\nDisallow: /münchen\nDisallow: /%7euser\nDisallow: /a%2fb";
    for path in ["/m%C3%BCnchen", "/m%c3%bcnchen", "/~user", "/a%2Fb"] {
        assert!(!allowed(robots, path), "{path}");
    }
    assert!(allowed(robots, "/a/b"));
}

#[test]
fn sloppy_files_are_read_as_they_were_meant() {
    for robots in [
        "\u{feff}user-agent: *\ndisallow: /a",
        "USER-AGENT : * # all\r\nDISALLOW : /a # no",
        "User-agent: *\rDisalow: /a",
        "Useragent: *\n\nDisallow /a",
    ] {
        assert!(!allowed(robots, "/a/b"), "{robots:?}");
    }
}

#[test]
fn a_long_line_and_many_stars_do_no_harm() {
    let long = format!("User-agent: *\nDisallow: /{}\nDisallow: /b", "é".repeat(20_000));
    assert!(!allowed(&long, "/b"));
    let stars = format!("User-agent: *\nDisallow: /{}b\n", "*a".repeat(1000));
    assert!(allowed(&stars, &format!("/{}", "a".repeat(8000))));
}

/// What a pattern means, by trying everything.
fn fits(pattern: &[u8], path: &[u8]) -> bool {
    match pattern {
        [] => true,
        [b'$'] => path.is_empty(),
        [b'*', rest @ ..] => (0..=path.len()).any(|from| fits(rest, &path[from..])),
        [first, rest @ ..] => path.first() == Some(first) && fits(rest, &path[1..]),
    }
}

/// A file of groups, rules and comments over a small alphabet, so that patterns do hit paths; without stars,
/// which the reference gets wrong: to it, `/*b$` does not fit `/bb`.
fn file() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        prop_oneof!["\\*", "Stimmung", "other"].prop_map(|agent| format!("User-agent: {agent}")),
        "/?[ab]{0,5}\\$?".prop_map(|pattern| format!("Disallow: {pattern}")),
        "/?[ab]{0,5}\\$?".prop_map(|pattern| format!("Allow: {pattern}")),
        Just("# a comment".to_owned()),
    ];
    proptest::collection::vec(line, 0..12).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #[test]
    fn a_pattern_fits_what_it_says(pattern in "/?[ab*]{0,6}\\$?", path in "/[ab]{0,6}") {
        prop_assert_eq!(matches(&pattern, &path), fits(pattern.as_bytes(), path.as_bytes()));
    }

    #[test]
    fn the_verdict_is_that_of_the_reference(robots in file(), path in "/[ab]{0,6}") {
        let url = format!("https://example.org{path}");
        let expected = DefaultMatcher::default().one_agent_allowed_by_robots(&robots, "Stimmung", &url);
        prop_assert_eq!(allowed(&robots, &path), expected, "{} in {}", path, robots);
    }

    #[test]
    fn no_file_makes_it_panic(robots in "\\PC{0,200}", path in "\\PC{0,50}") {
        let _ = allowed(&format!("user-agent: *\ndisallow: {robots}\n{robots}"), &path);
    }
}
