//! Lists of feeds as feed readers exchange them (OPML 2.0). Pure.

use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use quick_xml::writer::Writer;
use quick_xml::{Reader, XmlVersion};

/// A feed in such a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// What the reader calls it.
    pub title: String,
    /// Its address.
    pub url: String,
}

/// Why a text is no list of feeds.
#[derive(Debug, thiserror::Error)]
#[error("this is no OPML: {0}")]
pub struct OpmlError(String);

/// The feeds of a list, in its order, those in folders too; each address once.
///
/// # Errors
/// Where the text is no XML, or holds no `opml`.
pub fn read(text: &str) -> Result<Vec<Outline>, OpmlError> {
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let mut outlines: Vec<Outline> = Vec::new();
    let mut is_opml = false;
    loop {
        match reader.read_event().map_err(|error| OpmlError(error.to_string()))? {
            Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                "opml" => is_opml = true,
                "outline" => {
                    let found = outline(&tag).filter(|new| outlines.iter().all(|known| known.url != new.url));
                    outlines.extend(found);
                }
                _ => {}
            },
            Event::Eof if is_opml => return Ok(outlines),
            Event::Eof => return Err(OpmlError("there is no `opml` in it".to_owned())),
            _ => {}
        }
    }
}

fn outline(tag: &BytesStart<'_>) -> Option<Outline> {
    let attribute = |name: &str| {
        let mut attributes = tag.attributes();
        let mut attributes = attributes.with_checks(false).flatten();
        let found = attributes.find(|it| it.key.as_ref().eq_ignore_ascii_case(name))?;
        let value = found.normalized_value(XmlVersion::Implicit1_0).ok()?.trim().to_owned();
        (!value.is_empty()).then_some(value)
    };
    let url = attribute("xmlUrl")?;
    Some(Outline { title: attribute("title").or_else(|| attribute("text")).unwrap_or_else(|| url.clone()), url })
}

/// The list as OPML.
pub fn write(title: &str, outlines: &[Outline]) -> String {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    // Writing into memory does not fail.
    let _ = write_to(&mut writer, title, outlines);
    String::from_utf8(writer.into_inner()).unwrap_or_default() + "\n"
}

fn write_to(writer: &mut Writer<Vec<u8>>, title: &str, outlines: &[Outline]) -> std::io::Result<()> {
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    writer.write_event(Event::Start(BytesStart::new("opml").with_attributes([("version", "2.0")])))?;
    writer.write_event(Event::Start(BytesStart::new("head")))?;
    writer.write_event(Event::Start(BytesStart::new("title")))?;
    writer.write_event(Event::Text(BytesText::new(title)))?;
    writer.write_event(Event::End(BytesEnd::new("title")))?;
    writer.write_event(Event::End(BytesEnd::new("head")))?;
    writer.write_event(Event::Start(BytesStart::new("body")))?;
    for Outline { title, url } in outlines {
        let attributes = [("type", "rss"), ("text", title.as_str()), ("xmlUrl", url.as_str())];
        writer.write_event(Event::Empty(BytesStart::new("outline").with_attributes(attributes)))?;
    }
    writer.write_event(Event::End(BytesEnd::new("body")))?;
    writer.write_event(Event::End(BytesEnd::new("opml")))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn outline(title: &str, url: &str) -> Outline {
        Outline { title: title.to_owned(), url: url.to_owned() }
    }

    #[test]
    fn feeds_are_found_in_folders_and_each_once() {
        let list = r#"<?xml version="1.0"?><opml version="1.0"><head/><body>
            <outline text="Presse"><outline text="Bahn &amp; Co" xmlUrl="https://a.example/?a=1&amp;b=2" type="rss"/></outline>
            <outline title="Zwei" text="zwei" xmlurl=" https://b.example/ "/>
            <outline text="noch einmal" xmlUrl="https://b.example/"/><outline text="kein Feed" htmlUrl="https://c.example/"/>
            <outline xmlUrl="https://d.example/"/></body></opml>"#;
        let expected = [
            outline("Bahn & Co", "https://a.example/?a=1&b=2"),
            outline("Zwei", "https://b.example/"),
            outline("https://d.example/", "https://d.example/"),
        ];
        assert_eq!(read(list).unwrap(), expected);
    }

    #[test]
    fn what_is_no_list_is_told() {
        for wrong in ["", "hello", "<rss></rss>", "<opml><body></opml>"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(
            feeds in prop::collection::btree_map("https://[a-z]{3,9}\\.example/[a-z?&=\"<>]{0,9}", "[\\PC]{0,20}", 0..9),
        ) {
            let outlines: Vec<Outline> = feeds
                .into_iter()
                .map(|(url, title)| if title.trim().is_empty() { outline(&url, &url) } else { outline(title.trim(), &url) })
                .collect();
            prop_assert_eq!(read(&write("Stimmung", &outlines)).unwrap(), outlines);
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,200}") {
            let _ = read(&text);
        }
    }
}
