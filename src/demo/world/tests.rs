use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::sync::LazyLock;

use chrono::Timelike;

use super::*;
use crate::demo::phrases;
use crate::demo::timeline::local;

const ENDS: Timestamp = Timestamp::from_seconds(1_790_000_000);
const DAY: i64 = 86_400;

static WORLD: LazyLock<World> = LazyLock::new(|| World::new(ENDS, 3));

fn posts(wanted: impl Fn(&Post) -> bool) -> Vec<&'static Post> {
    WORLD.posts().iter().filter(|post| wanted(post)).collect()
}

fn share(of: &[&Post], wanted: impl Fn(&Post) -> bool) -> f64 {
    of.iter().filter(|post| wanted(post)).count() as f64 / of.len() as f64
}

fn between(from: Timestamp, to: Timestamp) -> impl Fn(&Post) -> bool {
    move |post| (from..to).contains(&post.updated_at)
}

fn is_affected(source: Source) -> bool {
    !matches!(source, Source::Press | Source::Blog)
}

#[test]
fn the_same_seed_makes_the_same_world() {
    let texts = |seed| -> Vec<String> {
        World::new(ENDS, seed)
            .posts()
            .iter()
            .map(|p| format!("{} {} {}", p.updated_at, p.author.name, p.text))
            .collect()
    };
    let first = texts(3);
    assert!(first == texts(3));
    assert!(first != texts(4));
}

#[test]
fn no_text_comes_back_within_fifty_posts() {
    for seed in [1_u64, 2, 3] {
        let world = World::new(ENDS.plus_seconds(seed.cast_signed() * 40 * DAY), seed);
        let mut last_seen = HashMap::new();
        for (at, post) in world.posts().iter().enumerate() {
            let before = last_seen.insert(post.text.to_lowercase(), at);
            assert!(before.is_none_or(|before| at - before >= 50), "seed {seed}: {}", post.text);
        }
    }
}

#[test]
fn hundreds_of_phrases_make_thousands_of_texts() {
    let count = |files: &[&'static str]| files.iter().flat_map(|file| phrases::parse(file)).collect::<Vec<_>>().len();
    let german = count(&[
        include_str!("../texts/de_negative.txt"),
        include_str!("../texts/de_neutral.txt"),
        include_str!("../texts/de_positive.txt"),
        include_str!("../texts/de_short.txt"),
    ]);
    let english = count(&[
        include_str!("../texts/en_negative.txt"),
        include_str!("../texts/en_neutral.txt"),
        include_str!("../texts/en_positive.txt"),
        include_str!("../texts/en_short.txt"),
    ]);
    assert!(german >= 330 && english >= 170, "{german} {english}");
    assert!(count(&[include_str!("../texts/de_login.txt")]) >= 40);
    assert!(count(&[include_str!("../texts/en_login.txt")]) >= 20);
    assert!(WORLD.posts().iter().map(|post| post.text.to_lowercase()).collect::<HashSet<_>>().len() > 5000);
}

#[test]
fn every_phrase_is_written_once() {
    for files in [
        [
            include_str!("../texts/de_negative.txt"),
            include_str!("../texts/de_neutral.txt"),
            include_str!("../texts/de_positive.txt"),
        ],
        [
            include_str!("../texts/en_negative.txt"),
            include_str!("../texts/en_neutral.txt"),
            include_str!("../texts/en_positive.txt"),
        ],
        [
            include_str!("../texts/de_login.txt"),
            include_str!("../texts/de_short.txt"),
            include_str!("../texts/de_openings.txt"),
        ],
        [
            include_str!("../texts/en_login.txt"),
            include_str!("../texts/en_short.txt"),
            include_str!("../texts/en_openings.txt"),
        ],
    ] {
        let mut seen = HashSet::new();
        for phrase in files.iter().flat_map(|file| phrases::parse(file)) {
            assert!(seen.insert(phrase.text.to_lowercase()), "{}", phrase.text);
        }
    }
}

#[test]
fn nothing_stays_open_in_any_text() {
    for post in WORLD.posts() {
        let said = format!("{} {}", post.title.as_deref().unwrap_or_default(), post.text);
        assert!(!post.text.trim().is_empty() && !said.contains(['[', ']', '{', '}', '|', '~']), "{said}");
    }
}

/// Hashes of each three words in a row, as a fingerprint would see them.
fn shingles(post: &Post) -> HashSet<u64> {
    let said = format!("{} {}", post.title.as_deref().unwrap_or_default(), post.text).to_lowercase();
    let words: Vec<&str> = said.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.windows(3).map(|three| BuildHasherDefault::<DefaultHasher>::default().hash_one(three)).collect()
}

/// The share of shingles in common, of all shingles of the two.
fn likeness(one: &HashSet<u64>, other: &HashSet<u64>) -> f64 {
    let common = one.intersection(other).count();
    common as f64 / (one.len() + other.len() - common) as f64
}

#[test]
fn independent_people_do_not_look_like_copies() {
    let copied = Some(WORLD.story().copied_text.title.as_str());
    let all = posts(|post| post.about_brand && post.title.as_deref() != copied);
    let shingles: Vec<_> = all.iter().map(|post| shingles(post)).collect();
    let mut holders: HashMap<u64, Vec<usize>> = HashMap::new();
    let mut alike = Vec::new();
    for (at, own) in shingles.iter().enumerate().filter(|(_, own)| own.len() >= 10) {
        let mut common: HashMap<usize, usize> = HashMap::new();
        for &shingle in own {
            let others = holders.entry(shingle).or_default();
            others.iter().for_each(|&other| *common.entry(other).or_default() += 1);
            others.push(at);
        }
        let close = common.into_iter().filter(|&(other, count)| count > 6 && likeness(own, &shingles[other]) > 0.7);
        alike.extend(close.map(|(other, _)| (&all[at].text, &all[other].text)));
    }
    // A handful of thousands may meet by chance; copying is by the dozen.
    assert!(alike.len() <= 6, "{alike:#?}");
}

#[test]
fn the_copied_report_stands_in_ten_papers_within_hours() {
    let story = &WORLD.story().copied_text;
    let copies =
        posts(|post| post.title.as_ref().is_some_and(|title| title.to_lowercase().starts_with("fahrgastverband rügt")));
    let papers: HashSet<_> = copies.iter().filter_map(|post| post.publisher.as_deref()).collect();
    assert_eq!((copies.len(), papers.len()), (story.outlets, 10));
    assert!(copies.iter().all(|copy| between(story.first_at, story.first_at.plus_seconds(9 * 3600))(copy)));
    assert!(copies.iter().all(|copy| likeness(&shingles(copies[0]), &shingles(copy)) > 0.6));
    assert!(copies.iter().map(|copy| &copy.text).collect::<HashSet<_>>().len() > 5);
}

#[test]
fn only_the_furious_author_writes_more_than_twice_a_day() {
    let mut counts: HashMap<(Source, &str, i64), usize> = HashMap::new();
    for post in posts(|post| post.source != Source::Press) {
        let day = local(post.updated_at, chrono_tz::Europe::Berlin).date_naive();
        let day = i64::from(chrono::Datelike::num_days_from_ce(&day));
        *counts.entry((post.source, &post.author.key, day)).or_default() += 1;
    }
    let busy: Vec<usize> = counts.into_values().filter(|&count| count > 2).collect();
    assert_eq!(busy, [WORLD.story().furious.posts]);
}

#[test]
fn the_furious_author_writes_within_hours_and_never_the_same() {
    let furious = &WORLD.story().furious;
    let his = posts(|post| post.author.name == "Zugzwang_Norbert");
    assert_eq!(his.len(), furious.posts);
    assert!(his.iter().all(|post| between(furious.from, furious.from.plus_seconds(5 * 3600))(post)));
    assert_eq!(his.iter().map(|post| &post.text).collect::<HashSet<_>>().len(), his.len());
}

#[test]
fn before_the_update_the_mood_is_the_usual_mix() {
    let usual = posts(|post| post.about_brand && post.updated_at < WORLD.story().update_at);
    let [negative, neutral, positive] = Label::ALL.map(|mood| share(&usual, |post| post.mood == mood));
    assert!((0.26..0.35).contains(&negative), "{negative}");
    assert!((0.20..0.30).contains(&neutral), "{neutral}");
    assert!((0.40..0.49).contains(&positive), "{positive}");
    assert_eq!(share(&usual, |post| post.topic == "login"), 0.0);
}

#[test]
fn the_update_turns_the_mood_and_the_repair_mends_it_in_part() {
    let story = WORLD.story();
    let affected = |from, to| posts(move |post| is_affected(post.source) && between(from, to)(post));
    let negative = |of: &[&Post]| share(of, |post| post.mood == Label::Negative);
    let broken = affected(story.update_at.plus_seconds(2 * DAY), story.fixed_at);
    assert!((0.54..0.70).contains(&negative(&broken)), "{}", negative(&broken));
    assert!((0.32..0.52).contains(&share(&broken, |post| post.topic == "login")));
    let late = affected(story.fixed_at.plus_seconds(4 * DAY), WORLD.ends());
    assert!((0.34..0.53).contains(&negative(&late)), "{}", negative(&late));
    let others = posts(|post| !is_affected(post.source) && post.updated_at > story.update_at);
    assert!(negative(&others) < 0.3, "{}", negative(&others));
}

#[test]
fn the_weeks_before_the_update_hide_no_other_shift() {
    let weeks = (0..13).map(|week| {
        let from = WORLD.begins().plus_seconds(week * 7 * DAY);
        let week =
            posts(|post| post.author.name != "Zugzwang_Norbert" && between(from, from.plus_seconds(7 * DAY))(post));
        share(&week, |post| post.mood == Label::Negative)
    });
    let [least, most] = weeks.fold([1.0_f64, 0.0], |[least, most], share| [least.min(share), most.max(share)]);
    assert!(most - least < 0.14, "{least} {most}");
}

#[test]
fn every_day_brings_dozens_of_posts_and_nights_are_quiet() {
    let per_day = WORLD.posts().len() as f64 / 120.0;
    assert!((60.0..90.0).contains(&per_day), "{per_day}");
    let hour = |post: &Post| local(post.published_at, chrono_tz::Europe::Berlin).hour();
    let all = posts(|_| true);
    assert!(share(&all, |post| (1..5).contains(&hour(post))) < 0.06);
    assert!(share(&all, |post| (17..21).contains(&hour(post))) > 0.2);
}

#[test]
fn german_is_written_as_germans_write_it() {
    let german = posts(|post| post.language == Language::GERMAN && post.text.split(' ').count() >= 12);
    assert!(share(&german, |post| post.text.to_lowercase().contains(['ä', 'ö', 'ü', 'ß'])) > 0.8);
    let english = posts(|post| post.language == Language::ENGLISH);
    assert!(english.len() * 5 > WORLD.posts().len() && english.len() * 2 < WORLD.posts().len());
    assert!(share(&english, |post| post.text.contains('ß')) == 0.0);
}

#[test]
fn the_edited_review_is_one_review() {
    let edited = WORLD.story().edited;
    let shows = |at| WORLD.shown(edited.source, at).filter(|post| post.number == edited.number).collect::<Vec<_>>();
    let before = shows(edited.edited_at.plus_seconds(-1));
    let after = shows(edited.edited_at);
    assert_eq!((before.len(), after.len()), (1, 1));
    assert_eq!((before[0].stars, after[0].stars), (Some(edited.stars_before), Some(edited.stars_after)));
    assert_eq!((before[0].published_at, &before[0].author), (after[0].published_at, &after[0].author));
    assert_eq!(WORLD.shown(edited.source, edited.edited_at).next().map(|post| post.number), Some(edited.number));
    assert_eq!(WORLD.post(edited.number, edited.edited_at).map(|post| post.updated_at), Some(edited.edited_at));
}

#[test]
fn stars_and_mood_agree() {
    let reviews = posts(|post| post.stars.is_some());
    assert!(reviews.iter().all(|post| post.source.is_store() && post.title.is_some() && post.app_version.is_some()));
    assert!(share(&reviews, |post| post.mood == Label::Negative && post.stars > Some(2)) == 0.0);
    assert!(share(&reviews, |post| post.mood == Label::Positive && post.stars < Some(4)) == 0.0);
}

#[test]
fn the_neighbours_news_and_the_chairlift_are_not_about_the_brand() {
    let strangers = posts(|post| !post.about_brand);
    assert!(strangers.len() > 60);
    for post in strangers {
        let said = format!("{} {}", post.title.as_deref().unwrap_or_default(), post.text);
        assert!(!said.contains(BRAND) || said.contains("Sessellift"), "{said}");
    }
    for post in posts(|post| post.about_brand && matches!(post.source, Source::Press | Source::Social)) {
        let said = format!("{} {}", post.title.as_deref().unwrap_or_default(), post.text).to_lowercase();
        assert!(said.contains("lerchenbahn"), "{said}");
    }
}
