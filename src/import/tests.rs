use std::fmt::Write;

use proptest::prelude::*;

use super::*;
use crate::export::{self, Format, Record, Writer};
use crate::mention::{Rating, Reply};

/// How a file was understood, and every row of it as a person would check it.
fn outline(bytes: &[u8], options: &Options) -> String {
    let import = match read(bytes, "reviews.csv", options) {
        Ok(import) => import,
        Err(error) => return format!("{error}\nhint: {}", error.hint()),
    };
    let mut outline = format!("{}, best {}, {:?}\n", import.encoding(), import.rating_best(), import.date_order());
    for (field, column) in import.columns() {
        writeln!(outline, "{} = {column}", field.name()).unwrap();
    }
    writeln!(outline, "unused: {:?}", import.unused_columns().collect::<Vec<_>>()).unwrap();
    for row in import.rows() {
        match row {
            Ok(row) => outline.push_str(&row_outline(&row)),
            Err(problem) => {
                writeln!(outline, "! {problem}").unwrap();
                problem.hint.iter().for_each(|hint| writeln!(outline, "  hint: {hint}").unwrap());
            }
        }
    }
    outline
}

fn row_outline(row: &Row) -> String {
    let mention = &row.mention;
    let mut outline = format!("line {}: {}", row.line, mention.native_id);
    let mut add = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            write!(outline, ", {name} {value}").unwrap();
        }
    };
    add("at", mention.published_at.map(|at| at.to_string()));
    add("by", mention.author.as_ref().map(|author| format!("{} ({})", author.name, author.key)));
    add("rated", mention.rating.map(|Rating { value, worst, best }| format!("{value} of {worst}–{best}")));
    add("title", mention.title.as_ref().map(|title| format!("{title:?}")));
    add("text", Some(format!("{:?}", mention.text)));
    add("language", mention.language_hint.map(|language| language.to_string()));
    add("country", mention.country.clone());
    add("version", mention.app_version.clone());
    add("url", mention.url.clone());
    add("edited", mention.edited_at.map(|at| at.to_string()));
    add(
        "reply",
        mention.reply.as_ref().map(|Reply { text, at }| format!("{text:?} {:?}", at.map(|at| at.to_string()))),
    );
    add("source", row.source.clone());
    add("brand", row.brand.clone());
    outline + "\n"
}

fn with(mappings: &[&str]) -> Options {
    Options { columns: mappings.iter().map(|mapping| mapping.parse().unwrap()).collect(), ..Options::default() }
}

fn rows(file: &str) -> Vec<Row> {
    read(file.as_bytes(), "reviews.csv", &Options::default()).unwrap().rows().map(Result::unwrap).collect()
}

fn problems(file: &str, options: &Options) -> Vec<String> {
    let import = read(file.as_bytes(), "reviews.csv", options).unwrap();
    import.rows().filter_map(|row| row.err().map(|problem| problem.to_string())).collect()
}

#[test]
fn a_german_portal_in_windows_1252_with_decimal_commas() {
    insta::assert_snapshot!(outline(include_bytes!("fixtures/german_portal.csv"), &Options::default()));
}

#[test]
fn an_english_portal_with_american_dates() {
    insta::assert_snapshot!(outline(include_bytes!("fixtures/english_portal.csv"), &Options::default()));
}

#[test]
fn tab_separated_utf_16_of_a_spreadsheet() {
    insta::assert_snapshot!(outline(include_bytes!("fixtures/spreadsheet_unicode.txt"), &Options::default()));
}

#[test]
fn a_file_that_excel_mangled() {
    insta::assert_snapshot!(outline(include_bytes!("fixtures/mangled_by_excel.csv"), &Options::default()));
}

#[test]
fn texts_of_several_lines_and_quotes_that_are_broken() {
    insta::assert_snapshot!(outline(include_bytes!("fixtures/broken_quotes.psv"), &Options::default()));
}

#[test]
fn json_lines() {
    insta::assert_snapshot!(outline(include_bytes!("fixtures/reviews.jsonl"), &Options::default()));
}

#[test]
fn a_json_array() {
    insta::assert_snapshot!(outline(include_bytes!("fixtures/reviews.json"), &Options::default()));
}

#[test]
fn a_header_that_says_nothing_is_shown_and_can_be_mapped() {
    let file = "Wann;Anmerkung;P\n01.07.2025;gut;4,5\n";
    insta::assert_snapshot!(outline(file.as_bytes(), &Options::default()));
    insta::assert_snapshot!(outline(file.as_bytes(), &with(&["text=anmerkung", "rating=P", "datum=Wann"])));
    insta::assert_snapshot!(outline(file.as_bytes(), &with(&["text=Notiz"])));
}

#[test]
fn what_is_no_file_of_reviews_is_refused_with_a_reason() {
    let refusals = [
        &b"PK\x03\x04..."[..],
        b" \r\n",
        b"<html><body>Sign in</body></html>",
        b"{\"reviews\": [{\"text\": \"gut\"}]}",
        b"{\"text\":",
    ];
    let outlines: Vec<String> = refusals.iter().map(|bytes| outline(bytes, &Options::default())).collect();
    insta::assert_snapshot!(outlines.join("\n"));
}

#[test]
fn decimal_commas_do_not_make_a_file_comma_separated() {
    let file = "Sterne;Kommentar\n4,5;gut, ja\n3,5;so, so\n1,0;nein, danke\n";
    assert_eq!(rows(file)[0].mention.rating, Some(Rating::stars(4.5)));
    assert_eq!(rows(file)[2].mention.text, "nein, danke");
}

#[test]
fn one_column_of_text_is_a_file_too() {
    let texts: Vec<String> =
        rows("Text\nGut, ja\nNa ja; so\nNein\tdanke\n").into_iter().map(|row| row.mention.text).collect();
    assert_eq!(texts, ["Gut, ja", "Na ja; so", "Nein danke"]);
}

#[test]
fn bare_numbers_are_out_of_what_nearly_all_of_the_column_fit_in() {
    let bests = |ratings: &str| {
        let file =
            format!("rating,text\n{}", ratings.split(' ').map(|rating| format!("{rating},x\n")).collect::<String>());
        read(file.as_bytes(), "", &Options::default()).unwrap().rating_best()
    };
    assert_eq!([bests("1 5 3"), bests("1 8 5"), bests("90 10 55")], [5.0, 10.0, 100.0]);
    assert_eq!(bests(&format!("44 {}", ["4"; 30].join(" "))), 5.0);
}

#[test]
fn a_rating_above_the_best_is_a_problem_until_a_person_states_the_best() {
    let file = format!("rating,text\n{}8,x\n", "4,x\n".repeat(30));
    assert_eq!(problems(&file, &Options::default()), ["line 32, column `rating`: `8` is above 5, the best rating"]);
    assert_eq!(problems(&file, &Options { rating_best: Some(10.0), ..Options::default() }), [""; 0]);
}

#[test]
fn english_slashes_without_evidence_are_a_problem_until_a_person_states_the_order() {
    let file = "date,text\n07/01/2025,x\n";
    assert_eq!(
        problems(file, &Options::default()),
        ["line 2, column `date`: `07/01/2025` leaves open which number is the day"]
    );
    let stated = Options { date_order: Some(DateOrder::MonthFirst), ..Options::default() };
    assert_eq!(problems(file, &stated), [""; 0]);
}

#[test]
fn german_headers_put_the_day_first_unless_the_dates_show_otherwise() {
    let day_first = rows("Datum,Text\n07/01/2025,x\n");
    assert_eq!(day_first[0].mention.published_at, Timestamp::parse_rfc3339("2025-01-06T23:00:00Z"));
    let month_first = rows("Datum,Text\n07/01/2025,x\n12/31/2025,x\n");
    assert_eq!(month_first[0].mention.published_at, Timestamp::parse_rfc3339("2025-06-30T22:00:00Z"));
}

#[test]
fn a_header_may_state_the_zone() {
    let at = |header: &str| rows(&format!("{header},Text\n2025-07-01 10:00,x\n"))[0].mention.published_at;
    assert_eq!(at("Review Created (UTC)"), Timestamp::parse_rfc3339("2025-07-01T10:00:00Z"));
    assert_eq!(at("Review Created"), Timestamp::parse_rfc3339("2025-07-01T08:00:00Z"));
}

#[test]
fn a_file_imported_twice_and_a_later_one_that_overlaps_bring_the_same_ids() {
    let (head, old, new) =
        ("Autor;Datum;Text\n", "Kim;01.07.2025;gut\nLou;02.07.2025;naja\n", "Max;03.07.2025;schlecht\n");
    let ids = |file: String| rows(&file).into_iter().map(|row| row.mention.native_id).collect::<Vec<_>>();
    let (first, later) = (ids(format!("{head}{old}")), ids(format!("{head}{new}{old}")));
    assert_eq!(first, ids(format!("{head}{old}")));
    assert_eq!(first, later[1..]);
}

#[test]
fn zero_of_five_stars_means_not_rated_but_zero_of_ten_is_a_rating() {
    assert_eq!(rows("rating,text\n0,x\n5,y\n")[0].mention.rating, None);
    assert_eq!(rows("rating,text\n0,x\n9,y\n")[0].mention.rating, Some(Rating { value: 0.0, worst: 0.0, best: 10.0 }));
}

#[test]
fn dashes_and_nulls_of_other_programs_are_nothing() {
    let row = &rows("id,rating,date,author,text\nNULL,-,N/A,None,ok\n")[0];
    assert_eq!((row.mention.rating, row.mention.published_at, &row.mention.author), (None, None, &None));
    assert_ne!(row.mention.native_id, "NULL");
}

#[test]
fn lines_are_counted_as_an_editor_counts_them() {
    for end in ["\n", "\r\n", "\r"] {
        let file = "sep=,\n\nrating,text\n\n5,\"a\n\nb\"\n\n\n4,c\n".replace('\n', end);
        assert_eq!(rows(&file).iter().map(|row| row.line).collect::<Vec<_>>(), [5, 10], "{end:?}");
    }
}

#[test]
fn quotes_that_are_broken_everywhere_cost_each_its_line_and_not_for_ever() {
    for line in ["a\"b;\"c\n", "\"a\n", "1;\"\"\"a\n", "\"a\"b;\"\n"] {
        let file = format!("rating;text\n{}", line.repeat(40_000));
        let import = read(file.as_bytes(), "", &Options::default()).unwrap();
        assert_eq!(import.rows().count(), 40_000, "{line:?}");
    }
}

fn exported(records: &[Record], format: Format) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = Writer::new(&mut bytes, format).unwrap();
    records.iter().for_each(|record| writer.write(record).unwrap());
    writer.finish().unwrap();
    bytes
}

prop_compose! {
    /// What a store holds: texts are not white space alone, addresses are of the web, stars begin at one.
    fn storable()(record in export::tests::any_record(), path in option_path()) -> Record {
        let visible = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        Record {
            native_id: visible(record.native_id).or(Some("n".to_owned())),
            source: visible(Some(record.source)).unwrap_or("s".to_owned()),
            text: visible(Some(record.text)).unwrap_or("t".to_owned()),
            brand: visible(record.brand),
            author: visible(record.author),
            title: visible(record.title),
            url: path,
            rating: record.rating.map(|rating| 1.0 + rating.trunc().min(4.0)),
            ..record
        }
    }
}

fn option_path() -> impl Strategy<Value = Option<String>> {
    proptest::option::of("https://example\\.org/[a-z]{0,8}")
}

proptest! {
    #[test]
    fn our_own_export_comes_back_exactly(records in prop::collection::vec(storable(), 1..4)) {
        for format in [Format::Csv, Format::JsonLines] {
            let bytes = exported(&records, format);
            let import = read(&bytes, "", &Options::default()).unwrap();
            let rows: Vec<Row> = import.rows().map(Result::unwrap).collect();
            prop_assert_eq!(rows.len(), records.len());
            for (row, record) in rows.iter().zip(&records) {
                let mention = &row.mention;
                prop_assert_eq!(Some(&mention.native_id), record.native_id.as_ref());
                prop_assert_eq!(row.source.as_ref(), Some(&record.source));
                prop_assert_eq!(&row.brand, &record.brand);
                prop_assert_eq!(mention.published_at, record.published_at);
                prop_assert_eq!(row.ingested_at, Some(record.ingested_at));
                prop_assert_eq!(mention.edited_at, record.edited_at);
                prop_assert_eq!(mention.language_hint, record.lang);
                prop_assert_eq!(mention.author.as_ref().map(|author| &author.name), record.author.as_ref());
                prop_assert_eq!(row.label, record.label);
                // JSON numbers are read to the last digit but one.
                prop_assert_eq!(row.score.is_some(), record.score.is_some());
                prop_assert!((row.score.unwrap_or_default() - record.score.unwrap_or_default()).abs() < 1e-12);
                prop_assert_eq!(mention.rating.map(|rating| (rating.value, rating.best)), record.rating.zip(record.rating_best));
                prop_assert_eq!(&mention.title, &record.title);
                prop_assert_eq!(&mention.text, &record.text);
                prop_assert_eq!(&mention.url, &record.url);
            }
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for start in ["", "text;datum;bewertung\n", "text,date,rating\n", "[", "{\"text\":\""] {
            let file = [start.as_bytes(), &bytes].concat();
            if let Ok(import) = read(&file, "", &Options::default()) {
                prop_assert!(import.rows().count() <= file.len());
            }
        }
    }

    #[test]
    fn every_row_of_a_table_is_a_row_or_a_problem(table in "(([a-z0-9\"]{0,3};){2}[a-z0-9,./\"]{0,6}\r?\n){0,12}") {
        let file = format!("text;datum;sterne\n{table}");
        let import = read(file.as_bytes(), "", &Options::default()).unwrap();
        let last = import.rows().map(|row| row.map_or_else(|problem| problem.line, |row| row.line)).last();
        prop_assert!(last.unwrap_or(1) <= 1 + table.lines().count() as u64);
    }
}
