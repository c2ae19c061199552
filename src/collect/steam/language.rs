//! Steam's names of languages and ours (ISO 639-1).

use crate::mention::Language;

/// As documented at partner.steamgames.com/doc/store/localization/languages. One code may have several names.
const NAMES: [(&str, &str); 31] = [
    ("arabic", "ar"),
    ("brazilian", "pt"),
    ("bulgarian", "bg"),
    ("czech", "cs"),
    ("danish", "da"),
    ("dutch", "nl"),
    ("english", "en"),
    ("finnish", "fi"),
    ("french", "fr"),
    ("german", "de"),
    ("greek", "el"),
    ("hungarian", "hu"),
    ("indonesian", "id"),
    ("italian", "it"),
    ("japanese", "ja"),
    ("koreana", "ko"),
    ("latam", "es"),
    ("malay", "ms"),
    ("norwegian", "no"),
    ("polish", "pl"),
    ("portuguese", "pt"),
    ("romanian", "ro"),
    ("russian", "ru"),
    ("schinese", "zh"),
    ("spanish", "es"),
    ("swedish", "sv"),
    ("tchinese", "zh"),
    ("thai", "th"),
    ("turkish", "tr"),
    ("ukrainian", "uk"),
    ("vietnamese", "vi"),
];

/// What Steam calls a language.
pub(super) fn names(language: Language) -> impl Iterator<Item = &'static str> {
    NAMES.into_iter().filter(move |(_, code)| Language::parse(code) == Some(language)).map(|(name, _)| name)
}

/// The language that Steam calls by a name.
pub(super) fn code(name: &str) -> Option<Language> {
    NAMES.into_iter().find(|(known, _)| *known == name).and_then(|(_, code)| Language::parse(code))
}
