use proptest::prelude::*;

use super::*;

fn read(query: &str) -> View {
    let (view, errors) = View::parse(query, &[]);
    assert_eq!(errors, []);
    view
}

#[test]
fn a_view_is_written_as_it_was_read() {
    let query = "brand=Lerchenbahn&q=zug+%22zu+sp%C3%A4t%22&source=forum%2Cpress&language=de&mood=negative%2Cunknown\
                 &emotion=anger&intent=complaint&topic=app&stars=1-2&urgent=yes&author=7&from=2026-10-01&to=2026-10-31\
                 &replied=no&state=spam";
    assert_eq!(read(query).query(), query);
    assert_eq!(View::default().query(), "");
}

#[test]
fn lists_may_be_written_in_one_part_or_in_several_as_forms_do() {
    assert_eq!(read("mood=negative&mood=neutral&mood=").query(), "mood=negative%2Cneutral");
    assert_eq!(read("mood=negative,negative").moods.len(), 1);
}

#[test]
fn what_means_nothing_is_told_and_costs_nothing_else() {
    let (view, errors) = View::parse("mood=angry&stars=7&from=gestern&colour=red&language=de&q=(&page=2", &["page"]);
    assert_eq!(view, View { languages: vec![Language::GERMAN], ..View::default() });
    let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 5);
    assert_eq!(told[0], "`mood` is one of negative, neutral, positive, unknown, not `angry`");
    assert_eq!(told[3], "there is no `colour`");
}

#[test]
fn a_day_is_one_of_the_readers_calendar() {
    let (from, to) = read("from=2026-03-29&to=2026-03-29").span(Tz::Europe__Berlin);
    assert_eq!(to.unwrap().seconds() - from.unwrap().seconds(), 23 * 3600, "clocks are put forward on that day");
}

#[test]
fn words_side_by_side_must_all_occur() {
    let search = Search::parse("zug verspätet* NOT bus").unwrap();
    let finds = |text| search.finds(text, &crate::brand::Context::default());
    assert!(finds("Der Zug kam verspaetet.") && finds("Verspätete Züge, kein Zug"));
    assert!(!finds("Der Zug kam.") && !finds("Zug verspätet, Bus auch"));
}

proptest! {
    #[test]
    fn no_address_breaks_it(query in "[a-z0-9=&,%+\\-\"() ]{0,60}") {
        let (view, _) = View::parse(&query, &[]);
        prop_assert_eq!(View::parse(&view.query(), &[]), (view, vec![]));
    }
}
