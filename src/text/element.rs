//! What HTML elements mean for plain text.

/// What an element does to the flow of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    /// Starts and ends a line.
    Block,
    /// An item of a list: a block with a bullet.
    Item,
    /// Ends a line each time.
    Break,
    /// Keeps the line breaks of its source; also a block.
    Preformatted,
    /// Parted from its neighbour by a space.
    Cell,
    /// A picture, which may stand for an emoji.
    Picture,
    /// Its content is not for readers.
    Dropped,
    /// Goes on in the same line.
    Inline,
}

/// The flow of an element of HTML, whatever the case of its name; `None` if HTML has no such element.
pub(super) fn flow(name: &str) -> Option<Flow> {
    const LONGEST: usize = 10;
    let mut buffer = [0; LONGEST];
    let lower = buffer.get_mut(..name.len())?;
    lower.copy_from_slice(name.as_bytes());
    lower.make_ascii_lowercase();
    Some(match std::str::from_utf8(lower).ok()? {
        "address" | "article" | "aside" | "blockquote" | "body" | "caption" | "center" | "dd" | "details"
        | "dialog" | "dir" | "div" | "dl" | "dt" | "fieldset" | "figcaption" | "figure" | "footer" | "form" | "h1"
        | "h2" | "h3" | "h4" | "h5" | "h6" | "head" | "header" | "hgroup" | "hr" | "html" | "legend" | "main"
        | "menu" | "nav" | "ol" | "optgroup" | "option" | "p" | "section" | "select" | "summary" | "table"
        | "tbody" | "textarea" | "tfoot" | "thead" | "title" | "tr" | "ul" => Flow::Block,
        "li" => Flow::Item,
        "br" => Flow::Break,
        "pre" | "listing" | "xmp" => Flow::Preformatted,
        "td" | "th" => Flow::Cell,
        "img" => Flow::Picture,
        "audio" | "canvas" | "noscript" | "object" | "script" | "style" | "svg" | "template" | "video" => Flow::Dropped,
        "a" | "abbr" | "acronym" | "area" | "b" | "base" | "bdi" | "bdo" | "big" | "button" | "cite" | "code"
        | "col" | "colgroup" | "data" | "datalist" | "del" | "dfn" | "em" | "embed" | "font" | "i" | "iframe"
        | "input" | "ins" | "kbd" | "label" | "link" | "map" | "mark" | "meta" | "meter" | "nobr" | "output"
        | "param" | "picture" | "progress" | "q" | "rp" | "rt" | "ruby" | "s" | "samp" | "slot" | "small"
        | "source" | "span" | "strike" | "strong" | "sub" | "sup" | "time" | "track" | "tt" | "u" | "var" | "wbr" => {
            Flow::Inline
        }
        _ => return None,
    })
}

impl Flow {
    /// Whether line breaks are made by this element, so that those of the source mean nothing.
    pub(super) fn parts_lines(self) -> bool {
        matches!(self, Self::Block | Self::Item | Self::Break | Self::Preformatted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_in_any_case() {
        assert_eq!(flow("DIV"), Some(Flow::Block));
        assert_eq!(flow("blockquote"), Some(Flow::Block));
        assert_eq!(flow("Br"), Some(Flow::Break));
    }

    #[test]
    fn what_is_not_html_is_unknown() {
        for name in ["", "ironie", "blockquotes", "g:plusone", "ä"] {
            assert_eq!(flow(name), None, "{name}");
        }
    }
}
