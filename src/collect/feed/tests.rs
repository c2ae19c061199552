use std::fmt::Write;
use std::fs;
use std::path::Path;

use encoding_rs::WINDOWS_1252;
use proptest::prelude::*;

use super::*;

fn base() -> Url {
    Url::parse("https://feeds.example/feed.xml").unwrap()
}

fn fixture(name: &str) -> String {
    fs::read_to_string(fixtures().join(name)).unwrap()
}

fn fixtures() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/collect/feed/fixtures"))
}

fn names() -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(fixtures()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn parsed(text: &str) -> Parsed {
    parse(text.as_bytes(), None, &base()).unwrap()
}

/// Everything that was read, for people.
fn told(parsed: &Parsed) -> String {
    let mut told = format!("title: {:?}\nentries: {}\nrest: {:?}\n", parsed.title, parsed.entries, parsed.rest);
    for note in &parsed.notes {
        writeln!(told, "note: {note}").unwrap();
    }
    for mention in &parsed.mentions {
        told.push('\n');
        let fields = serde_json::to_value(mention).unwrap();
        for (name, value) in fields.as_object().unwrap().iter().filter(|(_, value)| !value.is_null()) {
            writeln!(told, "{name}: {value}").unwrap();
        }
    }
    told
}

#[test]
fn every_shape_of_feed_is_read() {
    for name in names() {
        insta::assert_snapshot!(name.replace('.', "_"), told(&parsed(&fixture(&name))));
    }
}

#[test]
fn the_encoding_makes_no_difference() {
    let text = fixture("rss_091.xml");
    let expected = parsed(&text);
    let wide = |unit: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
    for bytes in [WINDOWS_1252.encode(&text).0.into_owned(), wide(u16::to_le_bytes), wide(u16::to_be_bytes)] {
        assert_eq!(parse(&bytes, Some("text/xml; charset=utf-8"), &base()).unwrap(), expected);
    }
}

#[test]
fn what_is_no_feed_is_told_by_what_it_is() {
    let documents = [
        "",
        " \n",
        "<!DOCTYPE html><html><head><title>Startseite</title></head></html>",
        "<div><html></div>",
        "<html><body><entry>Nutzername</entry><item>1</item></body></html>",
        "<?xml version=\"1.0\"?><urlset><url/></urlset>",
        "{\"error\": \"not found\"}",
        "{\"items\": [}",
        "Wartungsarbeiten",
    ];
    let told = documents.map(|document| match parse(document.as_bytes(), None, &base()) {
        Err(error @ CollectError::Format { .. }) => crate::collect::behaviour::told(&error),
        other => panic!("{document}: {other:?}"),
    });
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn a_feed_without_entries_is_no_error() {
    assert_eq!(parsed("<rss version=\"2.0\"><channel><title>Leer</title></channel></rss>").notes, Vec::<String>::new());
    assert_eq!(parsed("{\"version\": \"https://jsonfeed.org/version/1\", \"title\": \"Leer\"}").entries, 0);
}

#[test]
fn entries_that_cannot_be_read_are_not_taken_for_silence() {
    let notes = parsed("<rss><channel><!-- <item><title>x</title></item> --></channel></rss>").notes;
    assert_eq!(notes, ["the document speaks of entries, but none could be read: that is no proof of silence"]);
}

#[test]
fn entries_without_an_id_have_the_same_one_at_every_visit() {
    let ids = |text: &str| parsed(text).mentions.into_iter().map(|mention| mention.native_id).collect::<Vec<_>>();
    let item = |title: &str| format!("<item><title>{title}</title><description>x</description></item>");
    let first = ids(&format!("<rss><channel>{}{}</channel></rss>", item("Eins"), item("Zwei")));
    let second = ids(&format!("<rss><channel>{}{}</channel></rss>", item("Null"), item("Eins")));
    assert_eq!(first[0], second[1]);
    assert_ne!(first[0], first[1]);
}

#[test]
fn one_id_for_different_pages_is_made_different_and_one_entry_twice_is_one() {
    let item = |guid: &str, link: &str, date: &str| {
        format!(
            "<item><guid isPermaLink='false'>{guid}</guid><link>http://a.example/{link}</link><title>{date}</title><pubDate>{date}</pubDate></item>"
        )
    };
    let feed = |items: &[String]| parsed(&format!("<rss><channel>{}</channel></rss>", items.concat()));
    let same_id = feed(&[item("0", "a", "2026-03-01"), item("0", "b", "2026-03-01")]);
    assert_eq!(same_id.mentions.len(), 2);
    assert_ne!(same_id.mentions[0].native_id, same_id.mentions[1].native_id);
    let versions = feed(&[item("1", "a", "2026-03-01"), item("1", "a", "2026-03-02"), item("2", "c", "2026-03-01")]);
    assert_eq!(
        versions.mentions.iter().map(|mention| mention.title.as_deref().unwrap()).collect::<Vec<_>>(),
        ["2026-03-02", "2026-03-01"]
    );
    assert_eq!(versions.entries, 3);
}

#[test]
fn json_that_breaks_off_keeps_what_came_before() {
    let text = fixture("json_feed.json");
    let end = text.find("external_url").unwrap();
    let parsed = parsed(&text[..end]);
    assert_eq!(parsed.mentions.len(), 1);
    assert_eq!(parsed.notes, ["the document breaks off in an entry, which was left out"]);
}

#[test]
fn raw_line_breaks_and_tabs_in_json_are_forgiven() {
    let parsed = parsed("{\"items\": [{\"id\": \"1\", \"content_text\": \"eins\n\tzwei \\\" drei\"}]}");
    assert_eq!(parsed.mentions[0].text, "eins\nzwei \" drei");
}

#[test]
fn deep_nesting_and_long_lists_are_harmless() {
    for piece in [
        "<a>",
        "<item>",
        "<item><title>x",
        "</item>",
        "<channel>",
        "<description><description>",
        "<media:group>",
        "&amp;",
    ] {
        let text = format!("<rss><channel><item>{}", piece.repeat(20_000));
        parsed(&text);
    }
    for piece in ["[", "{\"a\":", "{\"items\":["] {
        assert!(parse(format!("{{\"items\":{}", piece.repeat(20_000)).as_bytes(), None, &base()).is_err());
    }
}

fn is_sound(parsed: &Parsed) -> Result<(), TestCaseError> {
    let ids: std::collections::HashSet<&str> =
        parsed.mentions.iter().map(|mention| mention.native_id.as_str()).collect();
    prop_assert_eq!(ids.len(), parsed.mentions.len());
    prop_assert!(!ids.contains(""));
    prop_assert!(parsed.mentions.iter().all(entry::says_something));
    prop_assert!(parsed.mentions.len() <= parsed.entries);
    Ok(())
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(parsed) = parse(&bytes, None, &base()) {
            is_sound(&parsed)?;
        }
    }

    #[test]
    fn no_damage_to_a_feed_panics_or_makes_unsound_mentions(
        which in any::<prop::sample::Index>(),
        places in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..40, "([<>/&;\"'=a-z]|]]>|<!--|<!\\[CDATA\\[|<item>|</item>|&#[0-9]{1,7};|@|\u{201c}){0,3}"), 1..6),
    ) {
        let names = names();
        let mut damaged = fixture(which.get::<String>(&names)).into_bytes();
        for (place, cut, noise) in places {
            let at = place.index(damaged.len());
            damaged.splice(at..(at + cut).min(damaged.len()), noise.into_bytes());
        }
        if let Ok(parsed) = parse(&damaged, None, &base()) {
            is_sound(&parsed)?;
        }
    }

    #[test]
    fn a_feed_cut_anywhere_keeps_its_complete_entries(at in 0_usize..2_000) {
        let text = fixture("rss_20.xml");
        let cut = &text[..text.floor_char_boundary(at)];
        let complete = cut.matches("</item").count(); // the last bracket says nothing new
        if let Ok(parsed) = parse(cut.as_bytes(), None, &base()) {
            prop_assert_eq!(parsed.entries, complete);
        }
    }
}
