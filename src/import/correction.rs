//! Corrections from a file: which mention has which mood, as a person says. Pure.
//!
//! The columns are `label` and either `source` with `native_id`, or `id`, the number in our own export. So an export in which
//! somebody mended the labels is a file of corrections.

use csv::StringRecord;

use super::{Cells, ImportError, Layout, RowProblem, encoding};
use crate::mention::Label;

/// Which mention is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// By what its source calls it.
    Native {
        /// The source.
        source: String,
        /// The id in the source.
        native_id: String,
    },
    /// By its number in our own export.
    Exported(i64),
}

/// One correction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// Where it begins in the file, from 1.
    pub line: u64,
    /// Of which mention.
    pub target: Target,
    /// The mood it has.
    pub label: Label,
}

/// Where the columns are.
struct Columns {
    label: usize,
    native: Option<(usize, usize)>,
    id: Option<usize>,
}

/// Reads a file of corrections, CSV or JSON Lines; rows that are none as problems. `name` is what errors call the file.
pub fn corrections(bytes: &[u8], name: &str) -> Result<Vec<Result<Correction, RowProblem>>, ImportError> {
    let name = || name.to_owned();
    let (text, _) = encoding::decode(bytes).map_err(|what| ImportError::NoText { name: name(), what })?;
    if text.trim().is_empty() {
        return Err(ImportError::Empty { name: name() });
    }
    let layout = Layout::of(&text, &[]);
    let Some(columns) = Columns::of(layout.headers()) else {
        return Err(ImportError::NoCorrections { name: name(), headers: layout.headers().to_vec() });
    };
    Ok(layout.rows(&text).map(|row| columns.read(&row?)).collect())
}

impl Columns {
    fn of(headers: &[String]) -> Option<Self> {
        let at = |name: &str| headers.iter().position(|header| header.eq_ignore_ascii_case(name));
        let (native, id) = (at("source").zip(at("native_id")), at("id"));
        let label = at("label").filter(|_| native.is_some() || id.is_some())?;
        Some(Self { label, native, id })
    }

    fn read(&self, row: &Cells) -> Result<Correction, RowProblem> {
        let Cells { line, cells } = row;
        let cell = |at: usize| cells.get(at).unwrap_or_default().trim();
        let label = label(cell(self.label)).ok_or_else(|| {
            let message = format!("`{}` is no mood", cell(self.label).chars().take(40).collect::<String>());
            RowProblem::new(*line, Some("label"), message, "write negative, neutral or positive")
        })?;
        let target = self.target(cells).ok_or_else(|| {
            let hint = "write `source` and `native_id`, or the `id` of an export";
            RowProblem::new(*line, None, "does not say which mention it is about", hint)
        })?;
        Ok(Correction { line: *line, target, label })
    }

    fn target(&self, cells: &StringRecord) -> Option<Target> {
        let filled = |at: usize| cells.get(at).map(str::trim).filter(|cell| !cell.is_empty());
        let native = self.native.and_then(|(source, id)| filled(source).zip(filled(id)));
        let exported = || self.id.and_then(filled)?.parse().ok().map(Target::Exported);
        let native = native.map(|(source, id)| Target::Native { source: source.to_owned(), native_id: id.to_owned() });
        native.or_else(exported)
    }
}

/// In English or German.
fn label(name: &str) -> Option<Label> {
    let english = match name.to_lowercase().as_str() {
        "negativ" => "negative",
        "positiv" => "positive",
        _ => name,
    };
    Label::parse(english)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Result<Correction, String>> {
        let rows = corrections(text.as_bytes(), "f").unwrap();
        rows.into_iter().map(|row| row.map_err(|problem| problem.to_string())).collect()
    }

    fn native(line: u64, id: &str, label: Label) -> Result<Correction, String> {
        let target = Target::Native { source: "forum".to_owned(), native_id: id.to_owned() };
        Ok(Correction { line, target, label })
    }

    #[test]
    fn tables_and_objects_say_the_same() {
        let expected = [native(2, "a1", Label::Negative), native(3, "7", Label::Positive)];
        assert_eq!(read("source;native_id;label\nforum;a1;negativ\nforum;7;Positive\n"), expected);
        let objects = "\n{\"source\": \"forum\", \"native_id\": \"a1\", \"label\": \"negative\"}\n\
                       {\"label\": \"positive\", \"native_id\": 7, \"source\": \"forum\"}\n";
        assert_eq!(read(objects), expected);
    }

    #[test]
    fn an_export_is_read_by_what_the_sources_call_things_and_else_by_its_numbers() {
        let rows = read("id,source,native_id,label\n12,forum,a1,neutral\n13,forum,,neutral\n");
        let exported = Correction { line: 3, target: Target::Exported(13), label: Label::Neutral };
        assert_eq!(rows, [native(2, "a1", Label::Neutral), Ok(exported)]);
    }

    #[test]
    fn a_bad_row_is_named_by_its_line() {
        let rows = read("id,label\n1,cross\nx,neutral\n");
        let errors: Vec<String> = rows.into_iter().filter_map(Result::err).collect();
        assert_eq!(
            errors,
            ["line 2, column `label`: `cross` is no mood", "line 3: does not say which mention it is about"]
        );
    }

    #[test]
    fn a_file_without_the_columns_is_refused() {
        let error = corrections(b"native_id,label\n1,neutral\n", "f").unwrap_err();
        assert_eq!(error.to_string(), "f has no columns that tell a mention and its mood; it has `native_id`, `label`");
    }
}
