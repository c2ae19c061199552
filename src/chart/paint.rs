//! From SVG to PNG, with letters of our own: the same picture on every machine.

use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::Database;
use resvg::usvg::{Options, Tree};

/// Latin letters, digits and signs of Inter; `font/OFL.txt` is their licence.
const FONTS: [&[u8]; 2] = [include_bytes!("font/regular.otf"), include_bytes!("font/semibold.otf")];

/// Pixels for each unit: two for each of the page where the picture is at its widest, for screens that have as many.
const PIXELS: f32 = 2.5;

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum PaintError {
    /// What was drawn is no SVG.
    #[error("the chart cannot be read")]
    Drawing(#[from] resvg::usvg::Error),
    /// It has no size.
    #[error("the chart has no size")]
    Size,
    /// It cannot be written as PNG.
    #[error("the chart cannot be written as PNG: {0}")]
    Encoding(String),
}

/// Paints what [`svg`](super::svg) drew.
///
/// # Errors
/// When it is no SVG.
pub fn png(svg: &str) -> Result<Vec<u8>, PaintError> {
    let mut fonts = Database::new();
    FONTS.into_iter().for_each(|font| fonts.load_font_data(font.to_vec()));
    let options = Options { fontdb: Arc::new(fonts), ..Options::default() };
    let tree = Tree::from_str(svg, &options)?;
    let size = tree.size().to_int_size().scale_by(PIXELS).ok_or(PaintError::Size)?;
    let mut canvas = Pixmap::new(size.width(), size.height()).ok_or(PaintError::Size)?;
    resvg::render(&tree, Transform::from_scale(PIXELS, PIXELS), &mut canvas.as_mut());
    canvas.encode_png().map_err(|error| PaintError::Encoding(error.to_string()))
}
