//! Which column of a file holds what.

use std::str::FromStr;

use csv::StringRecord;

pub(super) mod names;

use names::Meaning;

/// What a column can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// What the portal calls the review, the same in every export.
    Id,
    /// What was said.
    Text,
    /// Its headline.
    Title,
    /// Stars, points or percent.
    Rating,
    /// The most that could be given, where a column says so.
    RatingBest,
    /// A German school grade: 1 is the best, 6 the worst.
    SchoolGrade,
    /// When it was said.
    PublishedAt,
    /// The time of day, where it stands apart from the date.
    Time,
    /// When it was last changed.
    EditedAt,
    /// The shown name of who said it.
    Author,
    /// What stays the same when that name changes.
    AuthorId,
    /// Where a person can read it.
    Url,
    /// Two letters, or `Deutsch`, `English`.
    Language,
    /// Two letters, or `Deutschland`, `Austria`.
    Country,
    /// Version of the app that is reviewed.
    Version,
    /// The owner's public answer.
    Reply,
    /// When the owner answered.
    ReplyAt,
    /// The portal it comes from.
    Source,
    /// Whom it is about.
    Brand,
    /// When we first saw it; in our own export only.
    IngestedAt,
    /// Its mood; in our own export only.
    Label,
    /// Its mood from −1 to 1; in our own export only.
    Score,
}

impl Field {
    /// All of them.
    pub const ALL: [Self; 22] = [
        Self::Id,
        Self::Text,
        Self::Title,
        Self::Rating,
        Self::RatingBest,
        Self::SchoolGrade,
        Self::PublishedAt,
        Self::Time,
        Self::EditedAt,
        Self::Author,
        Self::AuthorId,
        Self::Url,
        Self::Language,
        Self::Country,
        Self::Version,
        Self::Reply,
        Self::ReplyAt,
        Self::Source,
        Self::Brand,
        Self::IngestedAt,
        Self::Label,
        Self::Score,
    ];

    /// Its name in a [`Mapping`].
    pub const fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Text => "text",
            Self::Title => "title",
            Self::Rating => "rating",
            Self::RatingBest => "rating_best",
            Self::SchoolGrade => "school_grade",
            Self::PublishedAt => "published_at",
            Self::Time => "time",
            Self::EditedAt => "edited_at",
            Self::Author => "author",
            Self::AuthorId => "author_id",
            Self::Url => "url",
            Self::Language => "language",
            Self::Country => "country",
            Self::Version => "version",
            Self::Reply => "reply",
            Self::ReplyAt => "reply_at",
            Self::Source => "source",
            Self::Brand => "brand",
            Self::IngestedAt => "ingested_at",
            Self::Label => "label",
            Self::Score => "score",
        }
    }

    /// By its own name, or by any name of a column that is known to hold it: `published_at`, `Datum`.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name).or_else(|| match names::meaning(name)? {
            Meaning::Field { field, .. } => Some(field),
            Meaning::RatingOrText => None,
        })
    }

    pub(super) const fn is_date(self) -> bool {
        matches!(self, Self::PublishedAt | Self::EditedAt | Self::ReplyAt | Self::IngestedAt)
    }
}

/// A person's own word on what a column holds: `text=Kommentar`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// What the column holds.
    pub field: Field,
    /// Its name in the header; letter case, umlauts and punctuation do not matter.
    pub column: String,
}

/// Why something is no [`Mapping`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    /// No equals sign, or nothing on one of its sides.
    #[error("`{text}` maps nothing: write FIELD=COLUMN, as in text=Kommentar")]
    Form {
        /// What was written.
        text: String,
    },
    /// A field that we do not know.
    #[error("`{field}` is no field: write one of {}", Field::ALL.map(Field::name).join(", "))]
    Field {
        /// What stands before the equals sign.
        field: String,
    },
}

impl FromStr for Mapping {
    type Err = MappingError;

    fn from_str(text: &str) -> Result<Self, MappingError> {
        match text.split_once('=').map(|(field, column)| (field.trim(), column.trim())) {
            Some((field, column)) if !field.is_empty() && !column.is_empty() => {
                let field = Field::parse(field).ok_or_else(|| MappingError::Field { field: field.to_owned() })?;
                Ok(Self { field, column: column.to_owned() })
            }
            _ => Err(MappingError::Form { text: text.to_owned() }),
        }
    }
}

/// What a header says before anything of the content is seen: for each column, in the order of the file.
pub(super) fn meanings(headers: &[String], mappings: &[Mapping]) -> Vec<Option<Meaning>> {
    let by_name = if names::are_of_our_export(headers) { names::meaning_in_our_export } else { names::meaning };
    headers.iter().map(|header| mapped(header, mappings).or_else(|| by_name(header))).collect()
}

/// A person's word counts before every name.
fn mapped(header: &str, mappings: &[Mapping]) -> Option<Meaning> {
    let is_meant = |mapping: &&Mapping| is_named(header, &mapping.column);
    mappings.iter().find(is_meant).map(|mapping| Meaning::Field { field: mapping.field, rank: 0 })
}

/// Whether a mapping means this column.
pub(super) fn is_named(header: &str, column: &str) -> bool {
    let folded = names::folded(column);
    header == column || !folded.is_empty() && names::folded(header) == folded
}

/// Where each field stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns([Option<usize>; Field::ALL.len()]);

impl Columns {
    /// Gives every field its best column. `holds_ratings` decides about names that leave open what they hold.
    pub(super) fn assign(meanings: &[Option<Meaning>], holds_ratings: impl Fn(usize) -> bool) -> Self {
        let mut best = [usize::MAX; Field::ALL.len()];
        let mut columns = Self::default();
        for (column, meaning) in meanings.iter().enumerate() {
            let (field, rank) = match *meaning {
                None => continue,
                Some(Meaning::Field { field, rank }) => (field, rank),
                Some(Meaning::RatingOrText) if holds_ratings(column) => (Field::Rating, usize::MAX - 1),
                Some(Meaning::RatingOrText) => (Field::Text, usize::MAX - 1),
            };
            if rank < best[field as usize] {
                best[field as usize] = rank;
                columns.0[field as usize] = Some(column);
            }
        }
        columns
    }

    /// The number of the column that holds a field, from 0.
    pub(super) fn at(&self, field: Field) -> Option<usize> {
        self.0[field as usize]
    }

    /// What a row has in a field; `None` where that is nothing.
    pub(super) fn cell<'r>(&self, row: &'r StringRecord, field: Field) -> Option<&'r str> {
        row.get(self.at(field)?).filter(|cell| !cell.trim().is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assigned(headers: &[&str], mappings: &[&str], numeric: &[usize]) -> Vec<(&'static str, usize)> {
        let headers: Vec<String> = headers.iter().map(|&header| header.to_owned()).collect();
        let mappings: Vec<Mapping> = mappings.iter().map(|text| text.parse().unwrap()).collect();
        let columns = Columns::assign(&meanings(&headers, &mappings), |column| numeric.contains(&column));
        Field::ALL.into_iter().filter_map(|field| Some((field.name(), columns.at(field)?))).collect()
    }

    #[test]
    fn the_better_name_wins_and_of_equals_the_first() {
        assert_eq!(assigned(&["Name", "Autor", "Text", "text"], &[], &[]), [("text", 2), ("author", 1)]);
    }

    #[test]
    fn content_decides_what_bewertung_means() {
        assert_eq!(assigned(&["Bewertung", "Bewertung"], &[], &[1]), [("text", 0), ("rating", 1)]);
        assert_eq!(assigned(&["Bewertung", "Kommentar"], &[], &[]), [("text", 1)]);
        assert_eq!(assigned(&["Bewertung", "Sterne"], &[], &[0]), [("rating", 1)]);
    }

    #[test]
    fn a_persons_word_counts_before_every_name() {
        assert_eq!(assigned(&["Text", "Anmerkung"], &["text=anmerkung"], &[]), [("text", 1)]);
        assert_eq!(assigned(&["Text", "Kommentar"], &["title=Text"], &[]), [("text", 1), ("title", 0)]);
    }

    #[test]
    fn score_and_label_are_ours_in_our_own_export_only() {
        let ours = assigned(&["id", "source", "ingested_at", "label", "score", "text"], &[], &[]);
        assert_eq!(ours, [("id", 0), ("text", 5), ("source", 1), ("ingested_at", 2), ("label", 3), ("score", 4)]);
        assert_eq!(assigned(&["score", "label", "text"], &[], &[]), [("text", 2), ("rating", 0)]);
    }

    #[test]
    fn a_mapping_names_field_and_column() {
        let mapping: Mapping = "Datum = Wann?".parse().unwrap();
        assert_eq!(mapping, Mapping { field: Field::PublishedAt, column: "Wann?".to_owned() });
        insta::assert_snapshot!("text".parse::<Mapping>().unwrap_err(), @"`text` maps nothing: write FIELD=COLUMN, as in text=Kommentar");
        insta::assert_snapshot!("mood=Laune".parse::<Mapping>().unwrap_err(), @"`mood` is no field: write one of id, text, title, rating, rating_best, school_grade, published_at, time, edited_at, author, author_id, url, language, country, version, reply, reply_at, source, brand, ingested_at, label, score");
    }
}
