//! HTML to plain text.

use std::borrow::Cow;

use super::element::Flow;
use super::entity::{Piece, pieces, unescape};
use super::layout::Layout;
use super::markup::{Token, attribute, tokens};

/// The most characters that [`plain`] returns; what is longer is cut.
pub const LENGTH_LIMIT: usize = 32_000;

/// Turns HTML (or text that contains entities or stray tags) into plain text of at most [`LENGTH_LIMIT`] characters.
///
/// - Blocks and `<br>` begin a line, items of lists begin with `- `. Where a document has neither, the line breaks of
///   the source are kept: it was plain text. There is never more than one empty line in a row.
/// - Comments and the content of scripts, styles and the like are dropped; so are tags. What only looks like a tag is
///   kept: `<3`, `a < b`, `<ironie>`. A picture that stands for an emoji becomes that emoji.
/// - Entities become characters. Markup that was escaped as a whole (`&lt;p&gt;…`), and entities that were escaped
///   twice, are resolved one level more.
/// - White space is collapsed; control, zero-width and bidirectional control characters are dropped; the rest is in
///   Unicode's normal form C.
///
/// Takes time in proportion to the length of the input, whatever the input is.
///
/// ```
/// use stimmung::text::plain;
/// assert_eq!(plain("<p>Nie&nbsp;wieder!<br>Die App <b>l&auml;dt</b> nicht.</p>"), "Nie wieder!\nDie App lädt nicht.");
/// ```
pub fn plain(html: &str) -> String {
    let html = once_escaped(html);
    let has_lines = tokens(&html).any(|token| token.flow().is_some_and(Flow::parts_lines));
    // No character takes more than four bytes, so this holds enough of them.
    let mut layout = Layout::new(!has_lines, 4 * LENGTH_LIMIT);
    for token in tokens(&html) {
        if layout.is_full() {
            break;
        }
        set(token, &mut layout, has_lines);
    }
    layout.finish(LENGTH_LIMIT)
}

/// Undoes the escaping of a document whose tags were all escaped.
fn once_escaped(html: &str) -> Cow<'_, str> {
    if !html.contains("&lt;") || tokens(html).any(|token| token.flow().is_some()) {
        return Cow::Borrowed(html);
    }
    let unescaped = unescape(html);
    let is_markup = tokens(&unescaped).any(|token| match token {
        Token::Close { .. } => token.flow().is_some(),
        _ => token.flow().is_some_and(|flow| flow != Flow::Inline),
    });
    if is_markup { unescaped } else { Cow::Borrowed(html) }
}

fn set(token: Token<'_>, layout: &mut Layout, has_lines: bool) {
    let Some(flow) = token.flow() else {
        if let Token::Text(text) = token {
            set_text(text, layout);
        }
        return;
    };
    let opens = matches!(token, Token::Open { .. });
    match flow {
        Flow::Item if opens => layout.item(),
        Flow::Block | Flow::Item => layout.block(),
        Flow::Break => layout.line_break(),
        Flow::Preformatted => {
            layout.block();
            layout.keeps_lines = opens || !has_lines;
        }
        Flow::Cell => layout.space(),
        Flow::Picture => set_picture(token, layout),
        Flow::Dropped | Flow::Inline => {}
    }
}

fn set_text(text: &str, layout: &mut Layout) {
    for piece in pieces(text) {
        match piece {
            Piece::Literal(literal) => layout.text(literal),
            Piece::Character(reference) => {
                layout.character(reference.first);
                reference.second.into_iter().for_each(|mark| layout.character(mark));
            }
        }
        if layout.is_full() {
            return;
        }
    }
}

/// Blogs and forums replace emoji by small pictures; their text says what the author felt.
fn set_picture(token: Token<'_>, layout: &mut Layout) {
    let Token::Open { attributes, .. } = token else { return };
    let class = attribute(attributes, "class");
    if class.contains("emoji") || class.contains("smiley") || class.contains("emoticon") {
        set_text(attribute(attributes, "alt"), layout);
    }
}

#[cfg(test)]
mod tests;
