use super::*;

/// A brand about which people speak in words of their own.
fn lesson(number: usize) -> Lesson {
    let (words, label) = match number % 3 {
        0 => ("Die Bimmel hat heute wieder gewobbelt", Label::Negative),
        1 => ("Die Bimmel war heute echt flubbig", Label::Positive),
        _ => ("Die Bimmel fährt um zehn", Label::Neutral),
    };
    let text = format!("{words}, Linie {}.", number / 3);
    Lesson { mention: Mention { text, ..Mention::default() }, label, by_hand: true }
}

fn label(model: &Model, text: &str) -> Label {
    let mention = Mention { text: text.to_owned(), ..Mention::default() };
    model.reader().analyse(&mention, &Mask::default()).mood.unwrap().label
}

#[test]
fn a_brand_s_own_words_are_learned() {
    let lessons: Vec<Lesson> = (0..240).map(lesson).collect();
    let (adaptation, gains) = adapt(&Model::embedded(&[]), &Mask::default(), &lessons);
    assert!(gains[0].used && gains[0].after > gains[0].before + 0.2, "{gains:?}");
    let model = Model::embedded(&[]).adapted(&adaptation);
    assert_eq!(label(&model, "Heute hat sie schlimm gewobbelt"), Label::Negative);
    assert_eq!(label(&model, "So flubbig heute"), Label::Positive);
    assert_eq!(model.version(), format!("{}+{}", Model::VERSION, adaptation.version()));
}

#[test]
fn reasons_still_sum_to_the_score() {
    let lessons: Vec<Lesson> = (0..240).map(lesson).collect();
    let (adaptation, _) = adapt(&Model::embedded(&[]), &Mask::default(), &lessons);
    let model = Model::embedded(&[]).adapted(&adaptation);
    let mention = Mention { text: "Die Bimmel hat gewobbelt, aber schön war's.".into(), ..Mention::default() };
    let mood = model.reader().analyse(&mention, &Mask::default()).mood.unwrap();
    let sum: f64 = mood.why.iter().map(|reason| reason.weight).sum();
    assert!((sum - mood.score).abs() < 1e-6, "{sum} {}", mood.score);
    assert!(mood.why.iter().any(|reason| reason.words == "gewobbelt" && reason.weight < -0.05), "{:?}", mood.why);
}

#[test]
fn what_does_not_help_is_not_used() {
    let mut chance = fastrand::Rng::with_seed(7);
    let lessons: Vec<Lesson> =
        (0..240).map(|number| Lesson { label: Label::ALL[chance.usize(0..3)], ..lesson(number) }).collect();
    let (adaptation, gains) = adapt(&Model::embedded(&[]), &Mask::default(), &lessons);
    assert!(!gains[0].used || gains[0].after >= gains[0].before + WORTH, "{gains:?}");
    assert_eq!(adaptation.languages.len(), usize::from(gains[0].used));
}

#[test]
fn few_lessons_teach_nothing() {
    let lessons: Vec<Lesson> = (0..60).map(lesson).collect();
    let (adaptation, gains) = adapt(&Model::embedded(&[]), &Mask::default(), &lessons);
    assert_eq!((adaptation.version().as_str(), gains.len()), ("", 0));
}

#[test]
fn a_correction_is_kept_byte_by_byte() {
    let lessons: Vec<Lesson> = (0..150).map(lesson).collect();
    let learn = || adapt(&Model::embedded(&[]), &Mask::default(), &lessons).0;
    let adaptation = learn();
    assert_eq!(learn(), adaptation);
    assert_eq!(Adaptation::from_bytes(&adaptation.to_bytes()), Some(adaptation));
    assert_eq!(Adaptation::from_bytes(b"what"), None);
}
