//! Each rule by the sentences it is for.

use super::*;

#[test]
fn a_negation_takes_back_what_follows() {
    assert_labels(
        Label::Negative,
        &["Das ist nicht gut.", "Kein schönes Zimmer.", "This is not good.", "It isn't nice."],
    );
    assert_labels(Label::Positive, &["Das ist nicht schlecht.", "Ohne Probleme.", "Not bad.", "Never a problem."]);
}

#[test]
fn a_negation_at_the_end_takes_back_what_came_before() {
    assert_labels(Label::Negative, &["Das gefällt mir überhaupt nicht.", "Das Schnitzel schmeckt nicht."]);
    assert!(score("Das stört mich nicht.") > score("Das stört mich."));
}

#[test]
fn a_negation_does_not_reach_over_a_clause() {
    assert!(score("Ich komme nicht, aber gut ist es.") > 0.0);
    assert!(score("Warum nicht? Gut ist es.") > 0.0);
}

#[test]
fn what_ought_to_work_and_does_not_is_bad() {
    assert_labels(
        Label::Negative,
        &["Die App lädt nicht.", "Keine Antwort vom Support.", "The page doesn't load.", "No response at all."],
    );
}

#[test]
fn neither_nor_and_hardly_are_negations() {
    assert_labels(
        Label::Negative,
        &["Weder freundlich noch kompetent.", "Das funktioniert kaum.", "Hardly ever helpful."],
    );
}

#[test]
fn intensifiers_and_downtoners_are_heard() {
    assert!(score("Sehr gut.") > score("Gut."));
    assert!(score("Extrem schlecht.") < score("Schlecht."));
    assert!(score("Etwas schlecht.") > score("Schlecht."));
    assert!(score("So ein schlechter Service.") < score("Ein schlechter Service."));
    assert!(score("Not very good.") > score("Not good, this."));
}

#[test]
fn praise_that_stands_before_a_judgement_intensifies_it() {
    assert!(score("Super schlecht.") < 0.0);
    assert!(score("Super.") > 0.0);
    assert!(score("Furchtbar nett.") > 0.0);
    assert!(score("Furchtbar.") < 0.0);
}

#[test]
fn what_follows_but_weighs_more() {
    assert!(score("Schönes Hotel, aber schlechtes Essen.") < 0.0);
    assert!(score("Zwar schlechtes Essen, aber schönes Hotel.") > 0.0);
    assert!(score("Lovely hotel but bad food.") < score("Lovely hotel and bad food."));
}

#[test]
fn what_is_conceded_weighs_less() {
    assert!(score("Obwohl das Zimmer schlecht war, gut.") > 0.0);
    assert!(score("Trotz Verspätung war der Service gut.") > score("Verspätung. Der Service war gut."));
}

#[test]
fn exclamations_capitals_and_stretched_letters_insist() {
    assert!(score("Schlecht!!!") < score("Schlecht."));
    assert!(score("Das ist SCHLECHT hier gewesen.") < score("Das ist schlecht hier gewesen."));
    assert!(score("Das ist schleeecht.") < score("Das ist schlecht."));
    assert!(score("Das ist sooo schlecht.") < score("Das ist schlecht."));
    assert_eq!(label("toooll"), Label::Positive);
}

#[test]
fn questions_and_plain_news_are_neutral() {
    assert_labels(
        Label::Neutral,
        &[
            "Ist das Hotel gut?",
            "Wann fährt der nächste Zug nach Kassel?",
            "Wie ein Sprecher mitteilte, bleibt die Strecke nach dem Unfall bis 18 Uhr gesperrt.",
            "Is the app free?",
            "A spokesperson said the outage affected 300 customers.",
        ],
    );
}

#[test]
fn praise_followed_by_nothing_but_blame_is_irony() {
    assert_labels(
        Label::Negative,
        &["Super, schon wieder 40 Minuten Verspätung.", "Great, another crash. The app is broken."],
    );
    assert_eq!(label("Super, alles bestens."), Label::Positive);
}

#[test]
fn eyes_that_roll_turn_praise_around() {
    assert!(score("Toller Service 🙄") < 0.0);
    assert!(score("Toller Service 😍") > score("Toller Service"));
}

#[test]
fn fixed_irony_is_known() {
    assert_labels(
        Label::Negative,
        &[
            "Danke für nichts.",
            "Hauptsache, ihr habt mein Geld.",
            "Thanks for nothing.",
            "Lasts about as long as a snowball in July.",
        ],
    );
}

#[test]
fn phrases_mean_more_than_their_words() {
    assert_labels(
        Label::Positive,
        &["Kann ich nur empfehlen.", "Gerne wieder.", "Besser geht's nicht.", "Can't complain."],
    );
    assert_labels(
        Label::Negative,
        &[
            "Nie wieder.",
            "Nicht zu empfehlen.",
            "Lässt sehr zu wünschen übrig.",
            "Könnte besser sein.",
            "Waste of money.",
        ],
    );
}

#[test]
fn separable_verbs_are_put_together() {
    let why = mood("Die App stürzt bei jedem Start ab.").why;
    assert_eq!(why[0].words, "stürzt … ab");
    assert!(why[0].weight < 0.0);
    assert_labels(Label::Negative, &["Der Zug fällt schon wieder aus.", "Das regt mich auf."]);
}

#[test]
fn umlauts_may_be_written_out_and_sharp_s_the_swiss_way() {
    assert_eq!(score("Das ist schoen."), score("Das ist schön."));
    assert_eq!(score("Das ist scheußlich."), score("Das ist scheusslich."));
}

#[test]
fn dialect_is_heard() {
    assert_labels(Label::Negative, &["So a Schmarrn, de App geht ned.", "Dat is nich jut."]);
}

#[test]
fn a_written_grade_decides() {
    assert_labels(Label::Positive, &["10/10", "9,5/10, Grafik könnte besser sein", "★★★★★", "11/10 would sit again"]);
    assert_labels(Label::Negative, &["Nettes Spiel. 2/10", "★☆☆☆☆", "-10/10", "Would give 0/5"]);
    assert_labels(Label::Neutral, &["Treffen am 5/10/2023 um 9 Uhr", "Seite 3/4"]);
}

#[test]
fn greetings_and_thanks_of_custom_are_no_praise() {
    assert_labels(
        Label::Neutral,
        &["Guten Morgen", "Vielen Dank für Ihr Schreiben", "Wir freuen uns auf Ihren Besuch", "Danke im Voraus"],
    );
}

#[test]
fn what_a_game_shows_is_no_blame() {
    assert_labels(Label::Neutral, &["You kill zombies", "A horror game about the war"]);
}

#[test]
fn emoji_and_emoticons_speak_for_themselves() {
    assert_labels(Label::Positive, &["👍", "❤️", ":-)"]);
    assert_labels(Label::Negative, &["😡", ":-(", "👎🏽"]);
    assert!(score("😡😡😡") < score("😡"));
    assert!(score("😡😡😡😡😡😡😡😡") > -1.0);
}

#[test]
fn greetings_and_thanks_in_advance_are_no_praise() {
    assert_labels(Label::Neutral, &["Guten Tag, wann öffnen Sie? Danke im Voraus und liebe Grüße", "Good morning"]);
}

#[test]
fn handles_do_not_count() {
    assert_eq!(label("@super_toll ich bin am Bahnhof"), Label::Neutral);
}
