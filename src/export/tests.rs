use proptest::option;
use proptest::prelude::*;

use super::*;

fn record(id: &str) -> Record {
    Record {
        id: id.to_owned(),
        brand: None,
        source: "app-store-de".to_owned(),
        native_id: None,
        published_at: None,
        ingested_at: Timestamp::from_seconds(1_750_000_000),
        edited_at: None,
        lang: None,
        author: None,
        dup_key: None,
        label: None,
        score: None,
        emotions: Vec::new(),
        intent: Vec::new(),
        topics: Vec::new(),
        urgency: None,
        contradicts: None,
        rating: None,
        rating_best: None,
        title: None,
        text: String::new(),
        url: None,
    }
}

fn full_record() -> Record {
    Record {
        brand: Some("Beispiel Bahn".to_owned()),
        native_id: Some("r-17".to_owned()),
        published_at: Some(Timestamp::from_seconds(1_749_990_000)),
        edited_at: Some(Timestamp::from_seconds(1_749_995_000)),
        lang: Some(Language::GERMAN),
        author: Some("@erika".to_owned()),
        dup_key: Some("d9".to_owned()),
        label: Some(Label::Negative),
        score: Some(-0.625),
        emotions: vec!["anger".to_owned()],
        intent: vec!["complaint".to_owned(), "leave".to_owned()],
        topics: vec!["app".to_owned(), "=Sitzplätze".to_owned()],
        urgency: Some(0.4),
        contradicts: Some(false),
        rating: Some(1.0),
        rating_best: Some(5.0),
        title: Some("Nie \"wieder\"".to_owned()),
        text: "=SUMME(A1)\nist, wie immer; falsch".to_owned(),
        url: Some("https://example.org/r/17".to_owned()),
        ..record("1")
    }
}

fn written(format: Format, records: &[Record]) -> String {
    let mut bytes = Vec::new();
    let mut writer = Writer::new(&mut bytes, format).unwrap();
    for record in records {
        writer.write(record).unwrap();
    }
    writer.finish().unwrap();
    String::from_utf8(bytes).unwrap()
}

fn read(csv: &str) -> Vec<Result<Record, String>> {
    read_scored(csv.as_bytes()).unwrap().map(|record| record.map_err(|error| error.to_string())).collect()
}

#[test]
fn csv_has_a_header_crlf_and_no_formulas() {
    insta::assert_snapshot!(written(Format::Csv, &[full_record(), record("2")]).replace("\r\n", "␍␊\n"));
}

#[test]
fn json_has_one_object_a_line_with_the_same_names() {
    let lines = written(Format::JsonLines, &[full_record(), record("2")]);
    let back: Vec<Record> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(back, [full_record(), record("2")]);
    insta::assert_snapshot!(lines);
}

#[test]
fn the_header_names_the_fields_in_their_order() {
    let fields = serde_json::to_value(record("1")).unwrap();
    assert_eq!(fields.as_object().unwrap().keys().collect::<Vec<_>>(), COLUMNS);
}

#[test]
fn a_record_is_printed_without_names_and_texts() {
    assert_eq!(format!("{:?}", full_record()), "Record { id: \"1\", source: \"app-store-de\", .. }");
}

#[test]
fn an_export_of_nothing_is_read_as_nothing() {
    assert_eq!(read(&written(Format::Csv, &[])), []);
    assert_eq!(written(Format::JsonLines, &[]), "");
}

#[test]
fn a_byte_order_mark_comes_first_and_is_no_part_of_the_first_column() {
    let mut bytes = Vec::new();
    let mut writer = Writer::with_byte_order_mark(&mut bytes, Format::Csv).unwrap();
    writer.write(&record("1")).unwrap();
    writer.finish().unwrap();
    let csv = String::from_utf8(bytes).unwrap();
    assert!(csv.starts_with("\u{feff}id,"));
    assert_eq!(read(&csv), [Ok(record("1"))]);
}

#[test]
fn columns_may_be_missing_moved_or_unknown() {
    let csv = "colour,ingested_at,source,id,label\napp,2025-06-15T15:06:40Z,app-store-de,7,negative\n";
    assert_eq!(read(csv), [Ok(Record { label: Some(Label::Negative), ..record("7") })]);
}

#[test]
fn a_header_without_times_of_arrival_is_refused_at_once() {
    let error = read_scored("id,source,label\n".as_bytes()).err().unwrap();
    assert_eq!(error.to_string(), "the header has no column `ingested_at`; needed are id, source, ingested_at");
    assert!(matches!(read_scored("".as_bytes()), Err(ReadError::Header { column: "id" })));
}

#[test]
fn a_bad_record_is_named_by_its_line_and_the_next_is_read() {
    let good = "1,s,2025-06-15T15:06:40Z,positive,0.5,\"two\nlines\"\n";
    let csv = format!(
        "id,source,ingested_at,label,score,text\n{good}2,s,yesterday,,,\n3,s,2025-06-15T15:06:40Z,cross,,\n\
         4,s\n5,s,2025-06-15T15:06:40Z,,7,\n6,s,2025-06-15T15:06:40Z,,x,\n{good}"
    );
    let errors: Vec<String> = read(&csv).into_iter().filter_map(Result::err).collect();
    insta::assert_snapshot!(errors.join("\n"), @r"
    line 4: `yesterday` is no RFC 3339 time
    line 5: unknown variant `cross`, expected one of `negative`, `neutral`, `positive`
    line 6: has 2 columns where the header has 6
    line 7: `score` lies not between -1 and 1
    line 8: `score`: invalid float literal
    ");
    assert_eq!(read(&csv).last().unwrap().as_ref().unwrap().text, "two\nlines");
}

/// Any text, with a liking for what is hard to write into a cell.
fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[\"',;=+@\t\r\n '-]{1,6}", ".{1,20}", "(?s).{1,8}"]
}

fn moment() -> impl Strategy<Value = Timestamp> {
    (0..4_000_000_000_i64).prop_map(Timestamp::from_seconds)
}

/// Names of topics as operators give them; a semicolon parts them, and no name is a number.
fn names() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("[=@+a-z][a-zäöü ]{0,8}[b-e]", 0..3)
}

prop_compose! {
    /// Everything a database can hold but for empty optional texts: an empty cell means "not known".
    pub(crate) fn any_record()(
        (id, source, text_) in (text(), text(), text()),
        (brand, native_id, author, dup_key, title, url) in
            (option::of(text()), option::of(text()), option::of(text()), option::of(text()), option::of(text()), option::of(text())),
        (published_at, ingested_at, edited_at) in (option::of(moment()), moment(), option::of(moment())),
        lang in option::of("[a-z]{2}").prop_map(|code| code.and_then(|code| Language::parse(&code))),
        label in option::of(prop::sample::select(&Label::ALL[..])),
        (score, rating) in (option::of(-1.0..=1.0_f64), option::of(0.0..=5.0_f64)),
        (emotions, intent, topics) in (names(), names(), names()),
        (urgency, contradicts) in (option::of(0.0..=1.0_f64), option::of(any::<bool>())),
    ) -> Record {
        Record {
            id, brand, source, native_id, published_at, ingested_at, edited_at, lang, author, dup_key, label, score,
            emotions, intent, topics, urgency, contradicts, rating, rating_best: rating.map(|_| 5.0), title, text: text_, url,
        }
    }
}

proptest! {
    #[test]
    fn what_is_written_as_csv_is_read_back_exactly(records in prop::collection::vec(any_record(), 0..4)) {
        let back: Vec<Record> = read_scored(written(Format::Csv, &records).as_bytes()).unwrap().map(Result::unwrap).collect();
        prop_assert_eq!(back, records);
    }

    #[test]
    fn no_cell_of_a_csv_begins_as_a_formula_does(record in any_record()) {
        let csv = written(Format::Csv, &[Record { score: None, ..record }]);
        for row in csv::Reader::from_reader(csv.as_bytes()).records() {
            prop_assert!(row.unwrap().iter().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n'])));
        }
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let with_header = [b"id,source,ingested_at\n".as_slice(), &bytes].concat();
        for bytes in [bytes.as_slice(), &with_header] {
            if let Ok(records) = read_scored(bytes) {
                prop_assert!(records.count() <= bytes.len());
            }
        }
    }
}
