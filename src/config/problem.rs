//! What is wrong with a configuration, shown where it stands.

use std::fmt;
use std::ops::Range;

/// One mistake in `sources.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong, in one line.
    pub message: String,
    /// The bytes of the file that it is about, if it is about a place.
    pub span: Option<Range<usize>>,
    /// How to mend it.
    pub hint: Option<String>,
}

impl Problem {
    /// A mistake at a place.
    pub fn at(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { message: message.into(), span: Some(span), hint: None }
    }

    /// The same with a way to mend it.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
}

/// All mistakes of one file, in the order in which they stand in it.
#[derive(Clone, Debug, thiserror::Error)]
pub struct Problems {
    file: String,
    text: String,
    problems: Vec<Problem>,
}

impl Problems {
    /// `text` is the content of the file called `file`.
    pub fn new(file: &str, text: &str, mut problems: Vec<Problem>) -> Self {
        problems.sort_by_key(|problem| problem.span.as_ref().map_or(usize::MAX, |span| span.start));
        Self { file: file.to_owned(), text: text.to_owned(), problems }
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.problems.iter()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                writeln!(f, "\n")?;
            }
            show(f, &self.file, &self.text, problem)?;
        }
        Ok(())
    }
}

/// Those of several files, an empty line between them.
pub(super) fn all(files: &[Problems]) -> String {
    files.iter().map(Problems::to_string).collect::<Vec<_>>().join("\n\n")
}

/// The message, the line it is about with a caret below, and the hint; like a compiler.
fn show(f: &mut fmt::Formatter<'_>, file: &str, text: &str, problem: &Problem) -> fmt::Result {
    write!(f, "{}", problem.message)?;
    if let Some(span) = &problem.span {
        let place = Place::of(text, span);
        let margin = " ".repeat(place.line_number.to_string().len());
        write!(f, "\n{margin}--> {file}:{}:{}", place.line_number, place.column)?;
        write!(f, "\n{margin} |\n{} | {}", place.line_number, place.line)?;
        write!(f, "\n{margin} | {}{}", " ".repeat(place.column - 1), "^".repeat(place.width))?;
    }
    match &problem.hint {
        Some(hint) => write!(f, "\n  hint: {hint}"),
        None => Ok(()),
    }
}

struct Place<'a> {
    line_number: usize,
    /// In characters, from 1.
    column: usize,
    line: &'a str,
    /// In characters, at least 1.
    width: usize,
}

impl<'a> Place<'a> {
    fn of(text: &'a str, span: &Range<usize>) -> Self {
        let start = text.floor_char_boundary(span.start.min(text.len()));
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let end = text.floor_char_boundary(span.end.clamp(start, line_end));
        Self {
            line_number: text[..start].matches('\n').count() + 1,
            column: text[line_start..start].chars().count() + 1,
            line: text[line_start..line_end].trim_end_matches('\r'),
            width: text[start..end].chars().count().max(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_shows_its_line_with_a_caret_and_how_to_mend_it() {
        let text = "[[source]]\nid = \"Köln\"\n";
        let start = text.find('"').unwrap();
        let problem = Problem::at(start..text.len() - 1, "`Köln` is no source id").hint("write koeln");
        insta::assert_snapshot!(Problems::new("sources.toml", text, vec![problem]), @r#"
        `Köln` is no source id
         --> sources.toml:2:6
          |
        2 | id = "Köln"
          |      ^^^^^^
          hint: write koeln
        "#);
    }

    #[test]
    fn a_place_behind_the_end_of_the_file_is_the_end_of_the_file() {
        let shown = Problems::new("f", "a", vec![Problem::at(7..9, "m")]).to_string();
        assert!(shown.contains("f:1:2"), "{shown}");
    }
}
