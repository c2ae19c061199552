//! A text as the rules read it: sentences of words. What somebody quotes is not what they say, and is left out.

use std::ops::Range;

use crate::text::fold_umlauts;

/// A word, as it is compared.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Word {
    /// Bytes of the text.
    pub(super) place: Range<usize>,
    /// In small letters, umlauts written out. Contracted English words are two: `didn't` is `did` and `not`.
    pub(super) folded: String,
    /// It begins with a capital.
    pub(super) is_capital: bool,
    /// A comma, a colon, a dash or the like follows, or the sentence ends.
    pub(super) ends_clause: bool,
}

/// What stands between two full stops.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Sentence {
    /// Bytes of the text, from the first to the last word, quoted or not.
    pub(super) place: Range<usize>,
    /// Those that are not quoted.
    pub(super) words: Vec<Word>,
    /// It ends with a question mark.
    pub(super) is_question: bool,
}

impl Sentence {
    /// The bytes from the first to the last of these words.
    pub(super) fn span(&self, words: &Range<usize>) -> Range<usize> {
        match (self.words.get(words.start), words.end.checked_sub(1).and_then(|last| self.words.get(last))) {
            (Some(first), Some(last)) => first.place.start..last.place.end,
            _ => self.place.clone(),
        }
    }

    /// The clause that these words stand in, to the next comma on both sides.
    pub(super) fn clause(&self, words: &Range<usize>) -> &[Word] {
        let start = self.words[..words.start].iter().rposition(|word| word.ends_clause).map_or(0, |at| at + 1);
        let last = words.end.saturating_sub(1);
        let end =
            self.words[last..].iter().position(|word| word.ends_clause).map_or(self.words.len(), |at| last + at + 1);
        &self.words[start..end]
    }
}

/// Cuts a text into sentences; none is without a word.
pub(super) fn sentences(text: &str) -> Vec<Sentence> {
    let quoted = quotations(text);
    let mut sentences = Vec::new();
    let mut sentence = Sentence::default();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let next = quoted.get(quoted.partition_point(|place| place.end <= at));
        let is_quoted = next.is_some_and(|place| place.start <= at);
        let length = if c.is_alphanumeric() { word_length(&text[at..]) } else { 0 };
        if length == 0 {
            if !is_quoted {
                mark(text, at, c, &mut sentence);
                if ends_sentence(text, at, c) && !sentence.place.is_empty() {
                    sentences.push(std::mem::take(&mut sentence));
                }
            }
            at += c.len_utf8();
            continue;
        }
        let place = at..at + length;
        if sentence.place.is_empty() {
            sentence.place = place.clone();
        }
        sentence.place.end = place.end;
        if !is_quoted {
            push(&mut sentence.words, &text[place.clone()], place);
        }
        at += length;
    }
    if !sentence.place.is_empty() {
        sentences.push(sentence);
    }
    sentences
}

/// Notes what a mark says of the words before it.
fn mark(text: &str, at: usize, c: char, sentence: &mut Sentence) {
    let is_pause = match c {
        ',' | ';' | ':' | '–' | '—' | '(' | ')' | '!' | '?' | '…' | '\n' => true,
        '.' => ends_sentence(text, at, c),
        '-' => text[..at].ends_with(' ') && text[at + 1..].starts_with(' '),
        _ => false,
    };
    if let Some(last) = sentence.words.last_mut()
        && is_pause
    {
        last.ends_clause = true;
    }
    sentence.is_question |= c == '?';
}

/// Adds a word, or two where one is contracted.
fn push(words: &mut Vec<Word>, written: &str, place: Range<usize>) {
    let is_capital = written.starts_with(char::is_uppercase);
    let folded = fold_umlauts(written).replace(['’', '‘', '´', '`'], "'");
    let mut add = |folded: &str, is_capital| {
        let (place, folded) = (place.clone(), folded.to_owned());
        words.push(Word { place, folded, is_capital, ends_clause: false });
    };
    match contraction(&folded) {
        Some((first, second)) => {
            add(first, is_capital);
            add(second, false);
        }
        None => add(folded.strip_suffix("'s").unwrap_or(&folded), is_capital),
    }
}

/// The two words that English writes as one.
fn contraction(folded: &str) -> Option<(&str, &str)> {
    const WITH_IS: &str = " it that there what he she who here how where everything nothing nobody everyone ";
    match folded {
        "can't" | "cannot" => return Some(("can", "not")),
        "won't" => return Some(("will", "not")),
        "shan't" => return Some(("shall", "not")),
        "let's" => return Some(("let", "us")),
        _ => {}
    }
    if let Some(verb) = folded.strip_suffix("n't") {
        return Some((verb, "not"));
    }
    let (base, ending) = folded.split_once('\'')?;
    let full = match ending {
        "re" => "are",
        "ve" => "have",
        "ll" => "will",
        "m" => "am",
        // `had` or `would`: only the words behind it can tell.
        "d" => "'d",
        "s" if WITH_IS.contains(&format!(" {base} ")) => "is",
        _ => return None,
    };
    Some((base, full))
}

/// Of what has no space in it, so many characters are looked at together.
const LONGEST: usize = 300;

/// The bytes of the word that a text begins with: letters and figures with what joins them, an address as a whole.
fn word_length(rest: &str) -> usize {
    let joins = |c: char, before: char, after: char| match c {
        '\'' | '’' | '-' | '_' => after.is_alphanumeric(),
        '.' | ',' | ':' => before.is_ascii_digit() && after.is_ascii_digit(),
        _ => false,
    };
    let is_over = |(nth, (_, c)): &(usize, (usize, char))| *nth == LONGEST || c.is_whitespace();
    let end = rest.char_indices().enumerate().find(is_over).map_or(rest.len(), |(_, (at, _))| at);
    let run = &rest[..end];
    if let Some(length) = address_length(run) {
        return length;
    }
    let mut before = ' ';
    let mut chars = run.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let after = chars.peek().map_or(' ', |(_, c)| *c);
        let is_accent = matches!(c, '\u{300}'..='\u{36f}');
        if !(c.is_alphanumeric() || is_accent || before != ' ' && joins(c, before, after)) {
            return at;
        }
        before = c;
    }
    run.len()
}

/// The bytes of a mail or web address that a run begins with, without the full stop behind it.
fn address_length(run: &str) -> Option<usize> {
    let is_address = run.starts_with(char::is_alphanumeric)
        && (run.contains("://")
            || run.starts_with("www.")
            || run.split_once('@').is_some_and(|(_, host)| host.starts_with(char::is_alphanumeric)));
    let end = run.find([',', ';', ')', '"', '“', '”', '<', '>', '!', '(']).unwrap_or(run.len());
    let address = run[..end].trim_end_matches(|c: char| !c.is_alphanumeric() && c != '/');
    (is_address && (address.contains('@') || address.contains('/') || address.starts_with("www.")))
        .then_some(address.len())
}

/// Words before a full stop that ends no sentence.
const SHORT: &str = " dr mr mrs ms prof st nr no z b d h u a e g i bzw ca inkl exkl evtl ggf tel str usf vgl geb approx vs \
                     dipl ing hr fr mind max min ref art abs ff ";

/// What follows the number of a day or a floor: "12. April", "3. Stock".
const COUNTED: &str = " januar februar maerz april mai juni juli august september oktober november dezember jan feb apr jun \
                       jul aug sep sept okt nov dez stock etage og obergeschoss klasse quartal halbjahr mal tag woche \
                       monat jahr versuch geburtstag jahrestag platz reihe gang januars ";

/// Whether a sentence ends at this mark.
fn ends_sentence(text: &str, at: usize, c: char) -> bool {
    let after = &text[at + c.len_utf8()..];
    let closed = after.trim_start_matches(['"', '“', '”', '»', '«', ')', '’', '.', '!', '?']);
    let is_apart = closed.is_empty() || closed.starts_with(char::is_whitespace);
    match c {
        '\n' => true,
        '!' | '?' | '…' => is_apart,
        '.' if is_apart => {
            let before = text[..at].rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
            let next: String = closed.trim_start().chars().take_while(|c| c.is_alphanumeric()).collect();
            let folded = fold_umlauts(before);
            let is_short = SHORT.contains(&format!(" {folded} ")) && !before.is_empty();
            let is_initial = before.chars().count() == 1 && before.chars().all(char::is_uppercase);
            let is_day = before.len() <= 2
                && before.bytes().all(|byte| byte.is_ascii_digit())
                && (next.starts_with(char::is_lowercase) || COUNTED.contains(&format!(" {} ", fold_umlauts(&next))));
            !(is_short || is_initial || is_day && !before.is_empty() && !next.is_empty())
        }
        _ => false,
    }
}

/// Where something is quoted, marks included; a mark that is never closed quotes nothing.
fn quotations(text: &str) -> Vec<Range<usize>> {
    let mut quotations: Vec<Range<usize>> = Vec::new();
    for (start, opening) in text.char_indices() {
        let closings: &[char] = match opening {
            '"' => &['"'],
            '„' => &['“', '”', '"'],
            '“' => &['”', '"'],
            '«' => &['»'],
            '»' => &['«'],
            '‚' => &['‘', '’'],
            _ => continue,
        };
        if quotations.last().is_some_and(|last| start < last.end) {
            continue;
        }
        let rest = &text[start + opening.len_utf8()..];
        let rest = rest.split('\n').next().unwrap_or_default();
        if let Some((length, closing)) = rest.char_indices().find(|(_, c)| closings.contains(c)) {
            quotations.push(start..start + opening.len_utf8() + length + closing.len_utf8());
        }
    }
    quotations
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        sentences(text).into_iter().map(|sentence| &text[sentence.place]).collect()
    }

    fn folded(text: &str) -> Vec<String> {
        sentences(text).into_iter().flat_map(|sentence| sentence.words).map(|word| word.folded).collect()
    }

    #[test]
    fn a_sentence_ends_at_its_mark_and_not_at_that_of_a_number_or_a_short_form() {
        assert_eq!(
            cut("Am 12. April war z. B. Dr. Falk da. Ab 5.2 läuft es! Ja?! Gut"),
            ["Am 12. April war z. B. Dr. Falk da", "Ab 5.2 läuft es", "Ja", "Gut"]
        );
        assert_eq!(cut("Liebe Frau K., danke.\nBis bald"), ["Liebe Frau K., danke", "Bis bald"]);
        assert_eq!(cut("Take no. 5. Then ask Mr. Hill."), ["Take no. 5", "Then ask Mr. Hill"]);
        assert_eq!(cut(" … !? 🙏"), [""; 0]);
    }

    #[test]
    fn what_is_quoted_is_no_word_and_an_open_mark_quotes_nothing() {
        assert_eq!(folded("Tippen Sie auf „Frag uns. Jetzt“ oder \"Help\"."), ["tippen", "sie", "auf", "oder"]);
        assert_eq!(cut("Auf „Neu. Jetzt“ tippen."), ["Auf „Neu. Jetzt“ tippen"]);
        assert_eq!(folded("ein 27\" Monitor"), ["ein", "27", "monitor"]);
    }

    #[test]
    fn contracted_words_are_two_and_addresses_are_one() {
        assert_eq!(folded("You didn’t, it's Dave's"), ["you", "did", "not", "it", "is", "dave"]);
        assert_eq!(folded("an info@laden.example, www.a.example/b."), ["an", "info@laden.example", "www.a.example/b"]);
        assert_eq!(folded("40.000 Euro, 12:30, E-Mail"), ["40.000", "euro", "12:30", "e-mail"]);
    }

    #[test]
    fn a_clause_reaches_to_the_next_comma_on_both_sides() {
        let sentence = &sentences("Gern, das geht leider nicht mehr, aber")[0];
        let clause: Vec<&str> = sentence.clause(&(2..3)).iter().map(|word| word.folded.as_str()).collect();
        assert_eq!(clause, ["das", "geht", "leider", "nicht", "mehr"]);
    }
}
