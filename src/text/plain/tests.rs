use proptest::prelude::*;

use super::*;

#[test]
fn blocks_begin_lines_and_items_begin_with_a_dash() {
    let html = "<h2>Störung</h2><div><p>Seit\n  heute:</p><ul><li>kein <b>Login</b></li><li> </li><li>keine Tickets\
                </ul></div>Danke.<br><br><br>Gruß<hr><table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>";
    insta::assert_snapshot!(plain(html), @r"
    Störung
    Seit heute:
    - kein Login
    - keine Tickets
    Danke.

    Gruß
    a b
    c
    ");
}

#[test]
fn line_breaks_of_plain_text_are_kept() {
    assert_eq!(plain("Super App!\r\nAber:\n\n\n\nlangsam \n & teuer"), "Super App!\nAber:\n\nlangsam\n& teuer");
    assert_eq!(plain("a\n<b>b</b>"), "a\nb");
    assert_eq!(plain("<p>a\nb</p>"), "a b");
    assert_eq!(plain("<p>a</p><pre>b\n  c</pre>d\ne"), "a\nb\nc\nd e");
}

#[test]
fn scripts_styles_and_comments_are_dropped() {
    assert_eq!(plain("a<script>alert('<p>')</script>b<style>p{}</style>c<!-- d --><svg><text>e</text></svg>f"), "abcf");
}

#[test]
fn what_people_write_with_angle_brackets_stays() {
    for text in ["I <3 it", "a < b", "1<2 und 3>2", "toll <ironie>", "x << y", "<", "</", "<!", "<a", ">_<"] {
        assert_eq!(plain(text), text);
    }
}

#[test]
fn markup_that_was_escaped_as_a_whole_is_read_as_markup() {
    assert_eq!(plain("&lt;p&gt;Gut &amp;amp; g&amp;uuml;nstig&lt;/p&gt;&lt;p&gt;ja&lt;/p&gt;"), "Gut & günstig\nja");
    assert_eq!(plain("<p>Schreib &lt;b&gt; fett &lt;/b&gt;</p>"), "Schreib <b> fett </b>");
    assert_eq!(plain("Nimm &lt;b&gt; dafür"), "Nimm <b> dafür");
    assert_eq!(plain("<![CDATA[Gut &amp; schnell]]>"), "Gut & schnell");
}

#[test]
fn invisible_characters_are_dropped_and_spaces_collapsed() {
    assert_eq!(plain("\u{feff} Bei\u{ad}spiel\u{200b}\u{a0}\u{202e}Bahn\u{0} \t\u{2003}!\u{200d} "), "Beispiel Bahn !");
    assert_eq!(plain("👩\u{200d}💻 ❤\u{fe0f}\u{200d}🔥\u{200d}x"), "👩\u{200d}💻 ❤\u{fe0f}\u{200d}🔥x");
}

#[test]
fn text_is_in_normal_form_c() {
    assert_eq!(plain("Mu\u{308}ller &#117;&#776;"), "Müller ü");
}

#[test]
fn pictures_of_emoji_become_emoji() {
    let html = r#"Toll <img class="wp-smiley" alt="🙂" src=x> <img src="photo.jpg" alt="Foto">"#;
    assert_eq!(plain(html), "Toll 🙂");
}

#[test]
fn a_text_is_cut_at_the_limit() {
    assert_eq!(plain(&"ä".repeat(LENGTH_LIMIT + 5)).chars().count(), LENGTH_LIMIT);
    assert_eq!(plain(&"a ".repeat(LENGTH_LIMIT)).chars().count(), LENGTH_LIMIT - 1);
}

#[test]
fn hostile_documents_take_linear_time() {
    const SIZE: usize = 300_000;
    let pieces = [
        "<div>",
        "<a '>' ",
        "<a =\">\" ",
        "<",
        "</",
        "<!",
        "<!--",
        "<?x",
        "&",
        "&amp;",
        "&lt;",
        "<svg/>",
        "<script",
        "<![CDATA[",
        "<a href=\"",
        "<ul><li>",
        "&#",
        "&#55357;",
        "\r",
        "a\u{308}",
        "\u{200d}",
        "<img alt===",
    ];
    for piece in pieces {
        // Quadratic time would let this test run for many minutes.
        let _ = plain(&piece.repeat(SIZE / piece.len()));
        let _ = plain(&(piece.repeat(SIZE / piece.len()) + ">"));
    }
}

proptest! {
    #[test]
    fn any_text_is_safe_and_tidy(html in r#"(<|>|/|!--|-->|&|&lt;|&gt;|amp;|p|b|br|li|script| |=|"|'|ä|\n|\r|\u{200d}|👩|[a-z0-9]|.){0,60}"#) {
        let text = plain(&html);
        prop_assert!(!text.contains("  ") && !text.contains("\n\n\n") && text.trim() == text, "{text:?}");
        prop_assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
    }

    #[test]
    fn tidy_text_without_markup_is_left_alone(text in "[a-zäöüß0-9.,!?]{1,9}( [a-zäöüß0-9.,!?]{1,9}){0,9}") {
        prop_assert_eq!(plain(&text), text);
    }

    #[test]
    fn escaped_text_comes_back(text in "[a-z<>\"' ]{0,40}") {
        let escaped = text.replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
        let tidy = text.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
        prop_assert_eq!(plain(&format!("<p>{escaped}</p>")), tidy);
    }
}
