//! What portals and people call their columns, in German and English.
//!
//! A name counts without regard to case, umlauts (`ü` = `ue` = `u`), punctuation, white space and what stands in
//! brackets: `Erstellt am`, `erstellt_am` and `ERSTELLT AM (UTC)` are one name. Where several columns of a file fit a
//! field, the one whose name stands further to the front here is it.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::Field;
use crate::text::fold_umlauts;

/// A field and its names.
struct Names {
    field: Field,
    german: &'static [&'static str],
    english: &'static [&'static str],
}

/// What is known of a column before its content is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::import) enum Meaning {
    /// It holds this field.
    Field {
        /// What it holds.
        field: Field,
        /// The lower, the surer: 0 is a person's word, then come the names of the field from the best to the last.
        rank: usize,
    },
    /// A rating if it holds numbers, a text otherwise.
    RatingOrText,
}

/// How many of [`RATING_OR_TEXT`] are German; they come first.
const GERMAN_RATING_OR_TEXT: usize = 3;

const RATING_OR_TEXT: [&str; 6] =
    ["Bewertung", "Kundenbewertung", "Rezension", "Review", "Customer Review", "Feedback"];

/// Columns of our own export whose names mean something else in the files of others.
const OF_OUR_EXPORT: [(&str, Field); 3] =
    [("ingested_at", Field::IngestedAt), ("label", Field::Label), ("score", Field::Score)];

/// Columns by which our own export is known.
const MARKS_OF_OUR_EXPORT: [&str; 5] = ["id", "source", "ingested_at", "label", "score"];

#[rustfmt::skip]
const NAMES: [Names; 19] = [
    Names {
        field: Field::Id,
        german: &["Bewertungs-ID", "Bewertungsnummer", "Bewertungs-Nr", "Rezensions-ID", "Rezensionsnummer",
            "Kommentar-ID", "Beitrags-ID", "Kennung"],
        english: &["native_id", "Review ID", "Rating ID", "Comment ID", "Post ID", "Feedback ID", "ID", "UUID", "GUID"],
    },
    Names {
        field: Field::Text,
        german: &["Bewertungstext", "Rezensionstext", "Text der Bewertung", "Kommentar", "Kommentartext",
            "Kundenkommentar", "Kundenmeinung", "Meinung", "Erfahrungsbericht", "Freitext", "Beitrag", "Inhalt",
            "Nachricht"],
        english: &["Text", "Review Text", "Review Content", "Review Body", "Full Text", "Comment", "Comments", "Body",
            "Content", "Message", "Post"],
    },
    Names {
        field: Field::Title,
        german: &["Titel", "Überschrift", "Betreff", "Bewertungstitel", "Rezensionstitel", "Titel der Bewertung",
            "Schlagzeile"],
        english: &["Title", "Review Title", "Headline", "Subject", "Summary"],
    },
    Names {
        field: Field::Rating,
        german: &["Sterne", "Sternebewertung", "Anzahl Sterne", "Bewertung in Sternen", "Bewertung Sterne",
            "Gesamtbewertung", "Wertung", "Punkte", "Punktzahl", "Bewertungspunkte"],
        english: &["Rating", "Star Rating", "Stars", "Review Rating", "Review Stars", "Overall Rating", "Rating Value",
            "Score", "Points"],
    },
    Names { field: Field::SchoolGrade, german: &["Schulnote"], english: &["School Grade"] },
    Names {
        field: Field::PublishedAt,
        german: &["Bewertungsdatum", "Datum der Bewertung", "Bewertet am", "Veröffentlicht am", "Veröffentlicht",
            "Veröffentlichungsdatum", "Geschrieben am", "Verfasst am", "Abgegeben am", "Erstellt am", "Erstellt",
            "Erstelldatum", "Erstellungsdatum", "Eingegangen am", "Eingangsdatum", "Datum", "Datum und Uhrzeit",
            "Datum Uhrzeit", "Zeitpunkt", "Zeitstempel"],
        english: &["published_at", "Published", "Publish Date", "Published Date", "Publication Date", "Review Date",
            "Review Created", "Review Submit Date and Time", "Submitted At", "Submission Date", "Posted At", "Posted",
            "Post Date", "Date Posted", "Created At", "Created", "Creation Date", "Date Created", "Date", "Date Time",
            "Timestamp", "Review Submit Millis Since Epoch"],
    },
    Names { field: Field::Time, german: &["Uhrzeit", "Zeit"], english: &["Time"] },
    Names {
        field: Field::EditedAt,
        german: &["Geändert am", "Bearbeitet am", "Aktualisiert am", "Zuletzt geändert", "Zuletzt geändert am",
            "Zuletzt bearbeitet", "Letzte Änderung", "Änderungsdatum"],
        english: &["edited_at", "Edited", "Updated At", "Updated", "Modified At", "Modified", "Last Modified",
            "Last Updated", "Last Update", "Review Last Update Date and Time"],
    },
    Names {
        field: Field::Author,
        german: &["Autor", "Autorin", "Verfasser", "Rezensent", "Bewerter", "Nutzername", "Benutzername", "Nutzer",
            "Benutzer", "Kundenname", "Kunde", "Absender"],
        english: &["Author", "Author Name", "Reviewer", "Reviewer Name", "Review Username", "Display Name", "Username",
            "User", "Nickname", "Customer Name", "Customer", "Consumer", "Name"],
    },
    Names {
        field: Field::AuthorId,
        german: &["Autor-ID", "Autoren-ID", "Nutzer-ID", "Benutzer-ID", "Kunden-ID", "Kundennummer"],
        english: &["Author ID", "Reviewer ID", "User ID", "Account ID", "Consumer ID", "Review Consumer User ID",
            "Customer ID"],
    },
    Names {
        field: Field::Url,
        german: &["Bewertungslink", "Link zur Bewertung"],
        english: &["Permalink", "Review Link", "Review URL", "URL", "Link", "Href"],
    },
    Names {
        field: Field::Language,
        german: &["Sprache", "Sprachcode"],
        english: &["Language", "Lang", "Review Language", "Reviewer Language", "Language Code", "Locale"],
    },
    Names {
        field: Field::Country,
        german: &["Land", "Ländercode", "Länderkürzel"],
        english: &["Country", "Country Code", "Storefront", "Territory"],
    },
    Names {
        field: Field::Version,
        german: &["App-Version"],
        english: &["Version", "App Version Name", "Review Version"],
    },
    Names {
        field: Field::Reply,
        german: &["Antwort", "Antworttext", "Antwort des Inhabers", "Antwort vom Inhaber", "Antwort des Händlers",
            "Antwort des Unternehmens", "Händlerantwort", "Unternehmensantwort", "Stellungnahme"],
        english: &["Reply", "Reply Text", "Owner Response", "Owner Reply", "Company Reply", "Company Reply Text",
            "Developer Reply Text", "Developer Response", "Business Response", "Merchant Reply", "Response",
            "Response Text"],
    },
    Names {
        field: Field::ReplyAt,
        german: &["Antwortdatum", "Datum der Antwort", "Beantwortet am", "Antwort am"],
        english: &["reply_at", "Reply Date", "Replied At", "Owner Response Date", "Company Reply Date",
            "Developer Reply Date and Time", "Response Date"],
    },
    Names {
        field: Field::Source,
        german: &["Quelle", "Portal", "Bewertungsportal", "Plattform", "Kanal"],
        english: &["Source", "Platform", "Channel", "Network"],
    },
    Names { field: Field::Brand, german: &["Marke"], english: &["Brand"] },
    Names { field: Field::RatingBest, german: &["Höchstwert", "Maximalpunktzahl"], english: &["rating_best", "Best Rating", "Max Rating"] },
];

/// Every name as it is compared, with what it means and whether it is German only.
static MEANINGS: LazyLock<HashMap<String, (Meaning, bool)>> = LazyLock::new(|| {
    let mut meanings = HashMap::new();
    for (place, name) in RATING_OR_TEXT.iter().enumerate() {
        meanings.insert(folded(name), (Meaning::RatingOrText, place < GERMAN_RATING_OR_TEXT));
    }
    for Names { field, german, english } in NAMES {
        for (place, name) in german.iter().chain(english).enumerate() {
            meanings.insert(folded(name), (Meaning::Field { field, rank: place + 1 }, place < german.len()));
        }
    }
    meanings
});

/// What a column of somebody else's file holds, by its name.
pub(in crate::import) fn meaning(header: &str) -> Option<Meaning> {
    MEANINGS.get(&folded(header)).map(|(meaning, _)| *meaning)
}

/// Whether a name is German and not also English.
pub(in crate::import) fn is_german(header: &str) -> bool {
    MEANINGS.get(&folded(header)).is_some_and(|(_, is_german)| *is_german)
}

/// What a column of our own export holds.
pub(in crate::import) fn meaning_in_our_export(header: &str) -> Option<Meaning> {
    let found = OF_OUR_EXPORT.iter().find(|(name, _)| *name == header);
    found.map(|(_, field)| Meaning::Field { field: *field, rank: 0 }).or_else(|| meaning(header))
}

/// Whether these are the columns of our own export, whose texts are already plain.
pub(in crate::import) fn are_of_our_export(headers: &[String]) -> bool {
    MARKS_OF_OUR_EXPORT.iter().all(|mark| headers.iter().any(|header| header == mark))
}

/// What names are compared by.
pub(super) fn folded(header: &str) -> String {
    let mut depth = 0_u32;
    let outside_brackets = |c: &char| {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => return depth == 0,
        }
        false
    };
    let letters: String = header.chars().filter(outside_brackets).collect();
    let letters: String = fold_umlauts(&letters).chars().filter(|c| c.is_alphanumeric()).collect();
    letters.replace("ae", "a").replace("oe", "o").replace("ue", "u")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_umlauts_punctuation_and_brackets_do_not_matter() {
        for name in [
            "Veröffentlicht am",
            "VEROEFFENTLICHT AM",
            "veroffentlicht_am",
            " Veröffentlicht-am (UTC) ",
            "Vero\u{308}ffentlicht am:",
        ] {
            assert!(matches!(meaning(name), Some(Meaning::Field { field: Field::PublishedAt, .. })), "{name}");
        }
    }

    #[test]
    fn no_name_means_two_things() {
        let mut all: Vec<String> = NAMES
            .iter()
            .flat_map(|names| names.german.iter().chain(names.english))
            .chain(&RATING_OR_TEXT)
            .map(|name| folded(name))
            .collect();
        let count = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), count);
    }

    #[test]
    fn every_field_is_called_by_its_own_name_too() {
        for field in Field::ALL {
            assert!(
                matches!(meaning_in_our_export(field.name()), Some(Meaning::Field { field: found, .. }) if found == field),
                "{field:?}"
            );
        }
    }

    #[test]
    fn german_is_told_from_english() {
        assert!(is_german("Datum"));
        assert!(is_german("Bewertung"));
        assert!(!is_german("Date"));
        assert!(!is_german("Text"));
        assert!(!is_german("Link"));
    }
}
