//! From MJML to HTML that mail programs show alike: tables for Outlook, one column on a telephone, colours for the dark. Pure;
//! the only mrml user.
//!
//! A mail's template is written in MJML and filled by askama, which escapes what strangers wrote; `mjml/head.mjml` is the head
//! of them all. What is escaped stays so: MJML is read as text and elements, and text is written as it was read.

use askama::Template;
use mrml::prelude::parser::ParserOptions;
use mrml::prelude::render::RenderOptions;

/// A mail's template, filled and rendered; empty where that fails, so that the plain-text part goes alone.
pub fn render(template: &impl Template) -> String {
    template.render().ok().and_then(|mjml| html(&mjml)).unwrap_or_default()
}

/// The HTML of a mail; `None` if the text is no MJML, which only a mistake in a template makes.
///
/// Nothing in it is loaded from anywhere: mrml's list of fonts, which it would fetch from their maker, is left empty.
///
/// ```
/// let mail = "<mjml><mj-body><mj-section><mj-column><mj-text>1 &lt; 2</mj-text></mj-column></mj-section></mj-body></mjml>";
/// let html = stimmung::mjml::html(mail).expect("it is MJML");
/// assert!(html.contains("1 &lt; 2"));
/// assert_eq!(stimmung::mjml::html("<mjml><mj-body>"), None);
/// ```
pub fn html(mjml: &str) -> Option<String> {
    let options =
        RenderOptions { disable_comments: true, fonts: std::collections::HashMap::new(), ..Default::default() };
    let parsed = mrml::parse_with_options(mjml, &ParserOptions::default()).ok()?;
    parsed.element.render(&options).ok()
}
