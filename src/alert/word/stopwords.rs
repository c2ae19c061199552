//! Words of German and English that are in every text and say nothing of its subject.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Folded, as [`fold`](super::fold) leaves them; those of one and two letters are no words here anyway.
const GERMAN: &str = "
    aber alle allem allen aller alles als also ander andere anderen anderer anderes auch auf aus bei beim bereits bin bis
    bisher bist bitte bzw dabei dafuer daher damit dann daran darauf darf darin darueber das dass davon dazu dein deine dem
    den denen denn der deren des deshalb dessen die dies diese diesem diesen dieser dieses doch dort drei durch eben ein eine
    einem einen einer eines einfach einige einmal erst etwas euch euer eure fast fuer ganz gar gegen gehabt geht gerade
    gerne gibt habe haben hab hallo hat hatte hatten hier hin ich ihm ihn ihnen ihr ihre ihrem ihren ihrer immer ins ist
    jede jedem jeden jeder jedes jetzt kann kein keine keinem keinen keiner koennen koennte konnte lassen machen macht mal
    man mehr mein meine meinem meinen meiner mich mir mit muss muessen musste nach nachdem naemlich neben nein nicht nichts
    noch nun nur oben ob oder ohne schon sehr sein seine seinem seinen seiner seit selbst sich sie sind sogar solche soll
    sollte somit sondern sonst soweit statt trotz ueber uns unser unsere unter viel viele vielen vom von vor waere wann war
    waren warum was wegen weil weiter welche wenn wer werde werden weshalb wie wieder will wir wird wirklich wo wohl wollen
    wollte worden wurde wurden zum zur zwar zwei zwischen";

const ENGLISH: &str = "
    about after again all also although always and another any anyone anything are arent around because been before being
    between both but can cannot cant cause could couldnt did didnt does doesnt doing done dont down each else even ever
    every everything few for from get gets getting give goes going gone got had has hasnt have havent having her here hers
    him his how however ill its itself ive just keep know let lets like made make makes many may maybe might more most much
    must myself never not nothing now off once one ones only onto other others our ours out over own per please put quite
    rather really said same say says see seem seems she should shouldnt since some someone something still such take than
    thank thanks that thats the their theirs them then there theres these they theyre thing things think this those though
    through thus too try two under until upon use used using very via want wants was wasnt way well went were werent what
    when where which while who whole whom whose why will with within without wont would wouldnt yes yet you your youre yours";

static STOPWORDS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| GERMAN.split_whitespace().chain(ENGLISH.split_whitespace()).collect());

pub(super) fn is_stopword(folded: &str) -> bool {
    STOPWORDS.contains(folded)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::word::fold;

    #[test]
    fn stopwords_are_listed_in_the_form_that_they_are_looked_up_in() {
        for word in STOPWORDS.iter() {
            assert_eq!(&fold(word), word);
        }
        assert!(is_stopword(&fold("Für")) && is_stopword(&fold("don’t")) && !is_stopword("login"));
    }
}
