use proptest::prelude::*;

use super::*;

/// Every tag, one after the other.
fn tags(text: &str) -> String {
    let mut markup = Markup::new(text);
    let mut found = Vec::new();
    while let Some(token) = markup.token() {
        found.push(match token {
            Token::Start(tag) if tag.empty => format!("{}/", tag.name),
            Token::Start(tag) => tag.name.to_owned(),
            Token::End(name) => format!("/{name}"),
        });
    }
    found.join(" ")
}

/// The content of the first element.
fn content(text: &str) -> Content<'_> {
    let mut markup = Markup::new(text);
    let Some(Token::Start(tag)) = markup.token() else { panic!("no tag in {text}") };
    markup.content(&tag, |token| matches!(token, Token::End("item")))
}

#[test]
fn prolog_comments_sections_and_stray_signs_are_no_tags() {
    let text = "text <?xml version=\"1.0\"?><!DOCTYPE rss [<!ENTITY a \"<x>\">]><rss><!-- <a> --><b><![CDATA[<c>]]></b> 1 < 2 <3 </rss>";
    assert_eq!(tags(text), "rss b /b /rss");
}

#[test]
fn ends_that_are_missing_cost_no_tag() {
    assert_eq!(tags("<a><!-- <b/><![CDATA[<c></a"), "a b/ c /a");
    assert_eq!(tags("<a <b href='x><c title=\"y\" /> </d <e>"), "b c/ /d e");
}

#[test]
fn attributes_are_read_in_every_quoting() {
    let Some(Token::Start(tag)) =
        Markup::new("<a:link HREF = 'x?a=1&amp;b=2&copy=3' rel=self title=\"a>b\" empty='' bare/>").token()
    else {
        panic!("no tag")
    };
    assert_eq!((tag.prefix(), tag.local(), tag.empty), (Some("a"), "link", true));
    assert_eq!(tag.attribute("href").as_deref(), Some("x?a=1&b=2&copy=3"));
    assert_eq!(tag.attribute("rel").as_deref(), Some("self"));
    assert_eq!(tag.attribute("title").as_deref(), Some("a>b"));
    assert_eq!(tag.attribute("empty").as_deref(), Some(""));
    assert_eq!(tag.attribute("bare"), None);
}

#[test]
fn content_reaches_to_its_own_end_tag() {
    assert_eq!(content("<p>a<p>b</p>c</p>d"), Content { raw: "a<p>b</p>c", nested: true, ended: true });
    assert_eq!(content("<t><![CDATA[</t>]]> x</T>"), Content { raw: "<![CDATA[</t>]]> x", nested: false, ended: true });
}

#[test]
fn content_without_an_end_tag_ends_at_what_stops_it_or_with_the_text() {
    assert_eq!(content("<t>a<br></item>"), Content { raw: "a<br>", nested: true, ended: true });
    assert_eq!(content("<t>a &amp; b"), Content { raw: "a &amp; b", nested: false, ended: false });
}

#[test]
fn text_is_resolved_once() {
    assert_eq!(plain("a &amp;lt; b &#8364; &#x1F600; &quot;"), "a &lt; b € 😀 \"");
    assert_eq!(plain("x<![CDATA[ &amp; <b> ]]>y<!-- no -->z"), "x &amp; <b> yz");
    assert_eq!(plain("&auml; & &copy=2 &#xZZ; &;"), "&auml; & &copy=2 &#xZZ; &;");
}

#[test]
fn codes_that_are_none_are_forgiven() {
    assert_eq!(plain("&#150; &#55357;&#56832; &#55357; &#1114112;"), "– 😀 \u{FFFD} \u{FFFD}");
}

#[test]
fn nested_markup_stays_markup() {
    assert_eq!(inner("a <b>&lt;</b><![CDATA[<i>]]><!-- x -->."), "a <b>&lt;</b><i>.");
}

#[test]
fn a_text_full_of_beginnings_is_read_in_linear_time() {
    for beginning in ["<!--", "<![CDATA[", "<?", "<!", "<![", "<a ", "<a b=\"", "</", "<", "&", "&#", "&#55357;"] {
        let text = beginning.repeat(50_000);
        tags(&text);
        plain(&text);
        inner(&text);
    }
}

proptest! {
    #[test]
    fn no_text_panics(text in "([<>/!?&;#\"'= \\[\\]a-cäß-]|<!--|-->|<!\\[CDATA\\[|\\]\\]>|&#x?[0-9]{0,9};){0,60}") {
        tags(&text);
        plain(&text);
        inner(&text);
        content(&format!("<a>{text}"));
        if let Some(Token::Start(tag)) = Markup::new(&text).token() {
            tag.attributes().for_each(drop);
        }
    }
}
