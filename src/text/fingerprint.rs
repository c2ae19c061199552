//! Telling texts that say the same apart from texts that say something else.
//!
//! MinHash with locality-sensitive hashing (Broder 1997; Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets",
//! chapter 3) over pairs of neighbouring words. Four minima make a band; two texts count as one if at least
//! [`BANDS_ALIKE`] of their [`BANDS`] bands are equal. By the Jaccard similarity of their word pairs, that happens with
//! probability
//!
//! | similarity | 1 | 0.9 | 0.8 | 0.7 | 0.5 | 0.3 | 0.1 |
//! |---|---|---|---|---|---|---|---|
//! | count as one | 1 | 1.00 | 0.96 | 0.73 | 0.13 | 0.003 | 0.000 |
//!
//! One changed word in forty leaves a similarity of 0.9, a cut last quarter 0.75; a sentence that two texts share 0.3; two
//! people's reviews of one thing stay below 0.1. The bands are all that has to be kept: an index over them finds the
//! copies of a text without reading texts. Where more is cut off, `opening` finds the copy.

use super::fold::fold;

/// What a text is recognised by: equal words have equal bands, nearly equal words share some.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    /// Hashes of which no two positions ever share a value, but for chance.
    pub bands: [u64; BANDS],
}

/// How many bands a fingerprint has.
pub const BANDS: usize = 10;

/// So many equal bands make two texts count as one.
pub const BANDS_ALIKE: usize = 2;

/// How many minima make a band.
const ROWS: usize = 4;

/// Fewer words than this are anybody's: two people who both write "Super App!" are two voices.
pub const WORDS_AT_LEAST: usize = 10;

/// The fingerprint, or `None` where a text is too short to be told from another person's same words.
///
/// ```
/// use stimmung::text::{fingerprint, near};
/// let one = fingerprint("Der Zug nach Köln fällt heute wegen einer Störung am Stellwerk leider aus.").unwrap();
/// let two = fingerprint("DER ZUG NACH KÖLN fällt heute, wegen einer Störung am Stellwerk, leider aus").unwrap();
/// assert!(near(one, two));
/// assert_eq!(fingerprint("Super App!"), None);
/// ```
pub fn fingerprint(text: &str) -> Option<Fingerprint> {
    let folded = fold(text);
    let words: Vec<u64> = words(&folded).map(hash).collect();
    (words.len() >= WORDS_AT_LEAST).then(|| Fingerprint { bands: bands(&words) })
}

/// Whether two texts count as one.
pub fn near(a: Fingerprint, b: Fingerprint) -> bool {
    a.bands.iter().zip(&b.bands).filter(|(a, b)| a == b).count() >= BANDS_ALIKE
}

/// Links are no words: every outlet adds its own.
pub(super) fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded
        .split_whitespace()
        .filter(|run| !run.contains("://"))
        .flat_map(|run| run.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
}

fn bands(words: &[u64]) -> [u64; BANDS] {
    let pairs: Vec<u64> = words.windows(2).map(|pair| mix(pair[0].rotate_left(23) ^ pair[1])).collect();
    std::array::from_fn(|band| {
        let first = band * ROWS;
        (first..first + ROWS).fold(band as u64, |hash, row| mix(hash.rotate_left(23) ^ minimum(&pairs, row as u64)))
    })
}

/// The least hash under the hash function with this number.
fn minimum(pairs: &[u64], number: u64) -> u64 {
    let salt = mix(number + 1);
    pairs.iter().map(|pair| mix(pair ^ salt)).min().unwrap_or(0)
}

/// FNV-1a, mixed: the same on every platform, in every version.
pub(super) fn hash(word: &str) -> u64 {
    let fnv = word
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    mix(fnv)
}

/// The finaliser of MurmurHash3 (Appleby, public domain).
pub(super) fn mix(mut hash: u64) -> u64 {
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::plain;

    const REPORT: &str = "Nach einer Störung im Rechenzentrum konnten am Dienstagmorgen Tausende Kundinnen und Kunden der \
        Beispiel Bahn keine Fahrkarten mehr kaufen. Erst gegen Mittag lief die App wieder. Das Unternehmen bat um \
        Entschuldigung und kündigte an, verfallene Sparpreise ohne weitere Prüfung zu erstatten. Verbraucherschützer \
        nannten den Ausfall ein Ärgernis und forderten, dass Automaten auf dem Land erhalten bleiben.";

    const REVIEWS: [&str; 6] = [
        "Seit dem letzten Update stürzt die App beim Anmelden ab, ich komme nicht mehr an meine Fahrkarten und der Support \
         der Beispiel Bahn antwortet seit drei Tagen nicht.",
        "Seit dem letzten Update ist die App der Beispiel Bahn endlich schnell, das Anmelden klappt sofort und meine \
         Fahrkarten sind auch ohne Netz da, danke an den Support.",
        "Die App der Beispiel Bahn zeigt mir Verspätungen früher an als die Tafel am Bahnhof, nur die Fahrkarten für das \
         Fahrrad muss ich immer noch am Automaten kaufen.",
        "The app of Beispiel Bahn crashes whenever I try to log in since the last update, and nobody in support seems to \
         care about the tickets that I have already paid for.",
        "The app of Beispiel Bahn has been quick and stable since the last update, logging in works, and support refunded \
         the tickets that I had booked twice.",
        "Kann man bei der Beispiel Bahn eigentlich Fahrkarten in der App auf einen anderen Namen umbuchen, oder muss ich \
         sie erst stornieren und dann neu kaufen?",
    ];

    fn of(text: &str) -> Fingerprint {
        fingerprint(text).unwrap()
    }

    #[test]
    fn the_same_words_in_other_markup_are_equal() {
        let html =
            REPORT.to_uppercase().replace("BEISPIEL BAHN", "<b>Beispiel&nbsp;Bahn</b>").replace(". ", ".</p>\n<p>");
        assert_eq!(of(&plain(&html)), of(REPORT));
        assert_eq!(of(&format!("{REPORT} 🙂 https://example.org/a?b=c")), of(REPORT));
    }

    #[test]
    fn hashes_stay_what_they_are() {
        // They are stored in every database: other values would not find the copies of stored texts.
        assert_eq!(of(REPORT).bands[0], 6_761_076_961_586_868_434);
    }

    #[test]
    fn a_report_with_a_word_exchanged_or_an_end_cut_off_is_near() {
        let copies = [
            REPORT.replace("Dienstagmorgen", "Dienstag"),
            REPORT.replace("Tausende", "zahlreiche"),
            format!("Berlin (dpa) - {REPORT}"),
            REPORT.split_inclusive(' ').take(54).collect::<String>() + "...",
        ];
        for copy in copies {
            assert!(near(of(&copy), of(REPORT)), "{copy}");
        }
    }

    #[test]
    fn different_reviews_of_one_thing_are_not_near() {
        for (at, one) in REVIEWS.iter().enumerate() {
            for other in &REVIEWS[at + 1..] {
                assert!(of(one).bands.iter().zip(of(other).bands).all(|(a, b)| *a != b), "{one} {other}");
            }
        }
    }

    #[test]
    fn short_texts_have_no_fingerprint() {
        assert_eq!(fingerprint(""), None);
        assert_eq!(fingerprint("Super App! Läuft einwandfrei, gerne wieder, fünf Sterne."), None);
        assert_eq!(fingerprint(&"... ".repeat(20)), None);
        assert!(fingerprint("Eins zwei drei vier fünf sechs sieben acht neun zehn").is_some());
    }

    proptest! {
        #[test]
        fn any_text_is_safe(text in r"\PC{0,80}") {
            let _ = fingerprint(&text);
        }
    }
}
