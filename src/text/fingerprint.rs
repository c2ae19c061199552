//! Telling texts that say the same apart from texts that say something else.
//!
//! MinHash with locality-sensitive hashing (Broder 1997; Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets",
//! chapter 3) over pairs of neighbouring words. Three minima make a band; two texts count as one if at least
//! [`BANDS_ALIKE`] of their [`BANDS`] bands are equal. By the Jaccard similarity of their word pairs, that happens with
//! probability
//!
//! | similarity | 1 | 0.9 | 0.8 | 0.7 | 0.5 | 0.3 | 0.1 |
//! |---|---|---|---|---|---|---|---|
//! | count as one | 1 | 1.00 | 0.98 | 0.91 | 0.36 | 0.03 | 0.00 |
//!
//! One changed word in forty leaves a similarity of 0.9, a cut last quarter 0.75; two people's reviews of one thing stay
//! below 0.1. The bands are all that has to be kept: an index over them finds the copies of a text without reading texts.

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
const ROWS: usize = 3;

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
    let words: Vec<u64> = folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(hash).collect();
    (words.len() >= WORDS_AT_LEAST).then(|| Fingerprint { bands: bands(&words) })
}

/// Whether two texts count as one.
pub fn near(a: Fingerprint, b: Fingerprint) -> bool {
    a.bands.iter().zip(&b.bands).filter(|(a, b)| a == b).count() >= BANDS_ALIKE
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
fn hash(word: &str) -> u64 {
    let fnv = word
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    mix(fnv)
}

/// The finaliser of MurmurHash3 (Appleby, public domain).
fn mix(mut hash: u64) -> u64 {
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = "Nach dem Ausfall eines Stellwerks bei Hellberg mussten gestern Abend Hunderte Reisende der \
        Bahn auf Busse umsteigen. Das Unternehmen rechnet damit, dass die Strecke bis zum Wochenende nur eingeschränkt \
        befahrbar ist, und bittet darum, vor der Fahrt in die Auskunft zu sehen.";

    fn alike(a: &str, b: &str) -> bool {
        near(fingerprint(a).unwrap(), fingerprint(b).unwrap())
    }

    #[test]
    fn a_text_with_one_word_changed_counts_as_the_same() {
        assert!(alike(REPORT, &REPORT.replace("gestern Abend", "am Dienstagabend")));
    }

    #[test]
    fn a_text_whose_end_is_cut_counts_as_the_same() {
        let cut = &REPORT[..REPORT.find(", und bittet").unwrap()];
        assert!(alike(REPORT, cut));
    }

    #[test]
    fn two_people_who_complain_about_the_same_are_two_voices() {
        let one = "Seit dem Update komme ich nicht mehr in die App, das Passwort wird einfach nicht angenommen.";
        let two = "Ich komme seit dem letzten Update nicht mehr rein, mein Passwort nimmt die App nicht an. Ärgerlich!";
        assert!(!alike(one, two));
    }

    #[test]
    fn the_bands_stay_the_same_from_version_to_version() {
        assert_eq!(fingerprint(REPORT).unwrap().bands[0], BAND);
    }

    /// Stored in every database: if it changes, copies of stored texts are no longer recognised.
    const BAND: u64 = 0;
}
