use super::*;

fn repaired(text: &str) -> Repaired {
    repair(text, &Url::parse("https://feeds.example/feed.xml").unwrap()).unwrap()
}

#[test]
fn whatever_comes_in_a_clean_document_goes_out() {
    let broken = "Fehler! <rdf:RDF><item rdf:about='x'><title>A & B</item>";
    insta::assert_snapshot!(repaired(broken).document, @r#"<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><item xml:base="https://feeds.example/feed.xml"><guid><![CDATA[0]]></guid><title><![CDATA[A & B]]></title></item></channel></rss>"#);
    let atom = "<a:feed xmlns:a='http://www.w3.org/2005/Atom' xml:lang='de'><a:entry><a:title>]]> \u{1}</a:title><a:link rel='alternate' href='?a=1&b=\"'/></a:entry>";
    insta::assert_snapshot!(repaired(atom).document, @r#"<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><entry xml:base="https://feeds.example/feed.xml"><id><![CDATA[0]]></id><title><![CDATA[]]]]><![CDATA[> ]]></title><link rel="alternate" href="?a=1&amp;b=&quot;"/></entry></feed>"#);
}

#[test]
fn extensions_only_say_what_the_dialect_does_not() {
    let document = repaired(
        "<rss><item><dc:title>falsch</dc:title><title>richtig</title><dc:date>2025-01-01</dc:date></item></rss>",
    )
    .document;
    let position = |part: &str| document.find(part).unwrap();
    // feed-rs takes the last.
    assert!(position("richtig") > position("falsch"));
    assert!(document.contains("<pubDate><![CDATA[2025-01-01]]></pubDate>"));
}

#[test]
fn prefixes_mean_what_is_declared_else_what_is_usual() {
    let title = |text: &str| repaired(text).document.contains("<title><![CDATA[t]]></title>");
    assert!(title("<rss><item><dc:title>t</dc:title></item></rss>"));
    assert!(title("<rss xmlns:x='HTTP://purl.org/dc/elements/1.1'><item><x:title>t</x:title></item></rss>"));
    assert!(!title("<rss xmlns:x='urn:other'><item><x:title>t</x:title></item></rss>"));
    assert!(!title("<rss><item><media:title>t</media:title></item></rss>"));
}

#[test]
fn nobody_but_atom_inherits_the_author_of_the_feed() {
    assert_eq!(repaired("<feed><author><name>A</name></author></feed>").author.unwrap().name.unwrap(), "A");
    assert!(repaired("<rss><channel><author>A</author></channel></rss>").author.is_none());
}

#[test]
fn bases_add_up_from_outside_to_inside() {
    let document = repaired("<feed xml:base='/a/'><entry xml:base='b/'/><entry xml:base='http://['/></feed>").document;
    assert!(document.contains("<entry xml:base=\"https://feeds.example/a/b/\">"));
    assert!(document.contains("<entry xml:base=\"https://feeds.example/a/\">"));
}

#[test]
fn a_bomb_of_empty_entries_is_defused() {
    let repaired = repaired(&"<item/>".repeat(MOST_ENTRIES + 1));
    assert_eq!((repaired.asides.len(), repaired.missing), (MOST_ENTRIES, Some(Missing::TooMany)));
}

#[test]
fn an_entry_that_breaks_off_is_left_out() {
    for text in
        ["<rss><item><title>a</title></item><item><title>b", "<rss><item/><item>", "<rss><item/><item><title>b</title>"]
    {
        let repaired = repaired(text);
        assert_eq!((repaired.asides.len(), repaired.missing), (1, Some(Missing::BrokenOff)), "{text}");
        assert!(!repaired.document.contains("<![CDATA[1]]>"));
    }
}

#[test]
fn a_feed_inside_a_page_is_a_feed_but_an_entry_is_none() {
    let base = Url::parse("https://feeds.example/feed.xml").unwrap();
    assert_eq!(repaired("<html><body><feed><entry/></feed></body></html>").asides.len(), 1);
    assert!(repair("<html><body><entry>Name</entry></body></html>", &base).is_none());
}
