//! The words in dates.

/// What a word contributes to a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// 1 to 12.
    Month(u32),
    /// Seconds east of Greenwich.
    Zone(i64),
    /// Whether the hour is after noon.
    Afternoon(bool),
    /// The time of a German date ends.
    Uhr,
    /// Weekdays, articles, endings of ordinals.
    Nothing,
}

/// Names in German (also of Austria) and English; any beginning of three letters or more will do.
const MONTHS: [&[&str]; 12] = [
    &["januar", "january", "jänner", "jaenner"],
    &["februar", "february", "feber"],
    &["märz", "maerz", "march", "mrz"],
    &["april"],
    &["mai", "may"],
    &["juni", "june"],
    &["juli", "july"],
    &["august"],
    &["september"],
    &["oktober", "october"],
    &["november"],
    &["dezember", "december"],
];

/// Any beginning of two letters or more will do.
const WEEKDAYS: [&str; 15] = [
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonnabend",
    "sonntag",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

const ZONES: [(&str, i64); 12] = [
    ("z", 0),
    ("utc", 0),
    ("gmt", 0),
    ("mez", 1),
    ("cet", 1),
    ("bst", 1),
    ("mesz", 2),
    ("cest", 2),
    ("est", -5),
    ("edt", -4),
    ("pst", -8),
    ("pdt", -7),
];

const FILLERS: [&str; 13] = ["am", "um", "at", "on", "of", "den", "der", "the", "t", "st", "nd", "rd", "th"];

/// What a word in lower case means, or `None` if it does not belong into a date.
///
/// `am` is English for "before noon" where a time stands before it, and German for "on" where none does.
pub(super) fn meaning(word: &str, after_clock: bool) -> Option<Word> {
    if after_clock && let "am" | "pm" = word {
        return Some(Word::Afternoon(word == "pm"));
    }
    if word == "uhr" {
        return Some(Word::Uhr);
    }
    if let Some((_, hours)) = ZONES.iter().find(|(name, _)| *name == word) {
        return Some(Word::Zone(hours * 3600));
    }
    let begins = |name: &&str, least: usize| word.chars().count() >= least && name.starts_with(word);
    if let Some((month, _)) = (1..).zip(MONTHS).find(|(_, names)| names.iter().any(|name| begins(name, 3))) {
        return Some(Word::Month(month));
    }
    (FILLERS.contains(&word) || WEEKDAYS.iter().any(|name| begins(name, 2))).then_some(Word::Nothing)
}
