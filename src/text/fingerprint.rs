//! Which texts are one text: press reports that many outlets carry, reviews posted twice.

use super::fold::fold;

/// Two hashes of a text: equal for the same words, close for nearly the same words.
///
/// Both are kept for years, so they never change: they are built on FNV-1a over the folded words, not on a hash of the
/// standard library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    /// Equal if and (but for chance) only if the folded words are equal. Links do not count, nor do punctuation and emoji.
    pub exact: u64,
    /// A SimHash (Charikar 2002) over words and pairs of words: few bits differ where few words differ.
    pub near: u64,
}

/// Fewer words than this are anybody's: two people who both write "Super App!" are two voices.
pub const WORDS_AT_LEAST: usize = 10;

/// The most bits in which the `near` hashes of two texts differ that count as one.
///
/// Measured on German and English posts and reviews of 40 and more words: with one word exchanged, 95 % of the copies are
/// within 7 bits; with two words put in front, 97 %; with a tenth cut off the end, 80 %. Of the pairs of different texts
/// about the same brand, less than one in a million is.
pub const NEAR_BITS: u32 = 7;

/// The fingerprint, or `None` where a text is too short to be told from another person's same words.
pub fn fingerprint(text: &str) -> Option<Fingerprint> {
    let folded = fold(text);
    let words: Vec<u64> = words(&folded).map(hash).collect();
    (words.len() >= WORDS_AT_LEAST).then(|| Fingerprint {
        exact: words.iter().fold(0, |text, &word| joined(text, word)),
        near: simhash(words.iter().copied().chain(words.windows(2).map(|pair| joined(pair[0], pair[1])))),
    })
}

/// Whether two texts count as one.
pub fn near(a: Fingerprint, b: Fingerprint) -> bool {
    a.exact == b.exact || (a.near ^ b.near).count_ones() <= NEAR_BITS
}

/// A `near` hash in four parts, to be indexed.
///
/// If two hashes differ in at most [`NEAR_BITS`] bits, then one of the four parts differs in at most one bit, because
/// four parts with two each would make eight. So whoever looks up all [`neighbours`] of each part finds every near text
/// (Norouzi, Punjani and Fleet 2012, "Fast search in Hamming space with multi-index hashing"), and compares what was
/// found with [`near`].
pub fn bands(near: u64) -> [u16; 4] {
    let [a, b, c, d, e, f, g, h] = near.to_be_bytes();
    [[a, b], [c, d], [e, f], [g, h]].map(u16::from_be_bytes)
}

/// A part of a hash, and the sixteen that differ from it in one bit.
pub fn neighbours(band: u16) -> [u16; 17] {
    let mut all = [band; 17];
    for (bit, neighbour) in all.iter_mut().skip(1).enumerate() {
        *neighbour ^= 1 << bit;
    }
    all
}

fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded
        .split_whitespace()
        .filter(|run| !run.contains("://"))
        .flat_map(|run| run.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
}

/// Each bit is what the majority of the features' hashes have there.
fn simhash(features: impl Iterator<Item = u64>) -> u64 {
    let mut majorities = [0_i32; 64];
    for feature in features {
        for (bit, majority) in majorities.iter_mut().enumerate() {
            *majority += if feature >> bit & 1 == 1 { 1 } else { -1 };
        }
    }
    majorities.iter().rev().fold(0, |hash, &majority| hash << 1 | u64::from(majority > 0))
}

/// FNV-1a, mixed, because SimHash needs each bit to depend on the whole word.
fn hash(word: &str) -> u64 {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    mixed(word.bytes().fold(OFFSET, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME)))
}

/// The hash of two things in this order.
fn joined(left: u64, right: u64) -> u64 {
    mixed(left.rotate_left(23) ^ right)
}

/// The finaliser of MurmurHash3 (Appleby, public domain).
fn mixed(mut hash: u64) -> u64 {
    hash = (hash ^ hash >> 33).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ hash >> 33).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ hash >> 33
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
        let Fingerprint { exact, near } = of(REPORT);
        assert_eq!((exact, near), (4_915_822_869_435_354_903, 8_112_147_625_896_125_345));
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
            assert_ne!(of(&copy).exact, of(REPORT).exact);
            assert!(near(of(&copy), of(REPORT)), "{copy}");
        }
    }

    #[test]
    fn different_reviews_of_one_thing_are_not_near() {
        for (at, one) in REVIEWS.iter().enumerate() {
            for other in &REVIEWS[at + 1..] {
                let bits = (of(one).near ^ of(other).near).count_ones();
                assert!(bits > 2 * NEAR_BITS, "{bits} bits: {one} {other}");
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
        fn every_near_hash_is_found_by_the_neighbours_of_its_bands(
            hash: u64, flips in prop::collection::vec(0..64_u32, 0..=NEAR_BITS as usize)
        ) {
            let other = flips.iter().fold(hash, |hash, bit| hash ^ 1 << bit);
            let found = bands(hash).into_iter().zip(bands(other)).any(|(band, other)| neighbours(band).contains(&other));
            prop_assert!(found);
        }

        #[test]
        fn any_text_is_safe(text in r"\PC{0,80}") {
            let _ = fingerprint(&text);
        }
    }
}
