use super::*;

const ARTICLE: &str = "Nach einer Störung im Rechenzentrum konnten am Dienstagmorgen Tausende Kundinnen und Kunden \
    der Hellbahn keine Fahrkarten mehr kaufen. Erst gegen Mittag lief die App wieder. Das Unternehmen bat um \
    Entschuldigung und kündigte an, verfallene Sparpreise ohne weitere Prüfung zu erstatten. Verbraucherschützer \
    nannten den Ausfall ein Ärgernis und forderten, dass Automaten auf dem Land erhalten bleiben. Der \
    Fahrgastverband riet, Belege zu sammeln.";

const LETTER: &str = "Sehr geehrte Damen und Herren, hiermit möchte ich mich bei Ihnen über die Hellbahn beschweren, \
    mit der ich am vergangenen Wochenende mit meiner Familie gereist bin. ";

fn cut(text: &str, words: usize, ending: &str) -> String {
    text.split_whitespace().take(words).collect::<Vec<_>>().join(" ") + ending
}

fn titled(id: &str, title: &str, text: &str) -> Item {
    item(Mention { title: Some(title.to_owned()), ..mention(id, text) })
}

/// Saves these texts as mentions of their own, in one batch or one by one; their clusters, as numbers from 0 on.
async fn clusters(texts: &[&str], at_once: bool) -> Vec<usize> {
    let world = world().await;
    let items: Vec<Item> = (1..).zip(texts).map(|(id, text)| item(mention(&format!("{id}"), text))).collect();
    let batches = if at_once { items.chunks(items.len()) } else { items.chunks(1) };
    for (hour, batch) in (1..).zip(batches) {
        save(&world.store, "forum", batch, at(hour)).await;
    }
    let ids: Vec<i64> =
        sqlx::query_scalar("SELECT cluster_id FROM mention ORDER BY id").fetch_all(&world.store.reader).await.unwrap();
    let mut met = Vec::new();
    let mut number = |id: i64| {
        met.iter().position(|known| *known == id).unwrap_or_else(|| {
            met.push(id);
            met.len() - 1
        })
    };
    ids.into_iter().map(&mut number).collect()
}

#[tokio::test]
async fn a_beginning_belongs_to_its_text_whichever_came_first() {
    let teasers = [cut(ARTICLE, 18, "…"), cut(ARTICLE, 24, " Mit […]"), cut(ARTICLE, 30, " … Weiterlesen")];
    let [short, other, long] = teasers.each_ref().map(String::as_str);
    for at_once in [true, false] {
        assert_eq!(clusters(&[ARTICLE, short, long], at_once).await, [0, 0, 0]);
        assert_eq!(clusters(&[short, long, ARTICLE], at_once).await, [0, 0, 0]);
        assert_eq!(clusters(&[long, ARTICLE, short], at_once).await, [0, 0, 0]);
        assert_eq!(clusters(&[ARTICLE, other], at_once).await, [0, 1], "it goes on otherwise");
    }
}

#[tokio::test]
async fn a_copy_of_the_whole_is_found_although_its_beginning_came_first() {
    let teaser = cut(ARTICLE, 18, "…");
    let copy = format!("Berlin (dpa) - {}", ARTICLE.replace("Dienstagmorgen", "Dienstag"));
    for at_once in [true, false] {
        assert_eq!(clusters(&[&teaser, ARTICLE, &copy], at_once).await, [0, 0, 0]);
    }
}

#[tokio::test]
async fn letters_that_open_alike_and_go_on_each_for_itself_are_as_many_texts() {
    let luggage = format!("{LETTER}Unser Koffer blieb in Köln stehen, und niemand konnte uns sagen, wo er jetzt ist.");
    let heating = format!("{LETTER}Im Wagen war die Heizung ausgefallen, unsere Kinder froren von Ulm bis München.");
    let between = cut(LETTER, 24, " …");
    for at_once in [true, false] {
        assert_eq!(clusters(&[&luggage, &heating], at_once).await, [0, 1]);
        assert_eq!(clusters(&[&luggage, &heating, &between], at_once).await, [0, 1, 2], "it is nobody's");
        assert_eq!(clusters(&[&between, &luggage, &heating], at_once).await, [0, 0, 1], "it is the first one's");
        let mine = format!("{}…", &luggage[..luggage.len() - 20]);
        assert_eq!(clusters(&[&luggage, &heating, &mine], at_once).await, [0, 1, 0]);
    }
}

#[tokio::test]
async fn what_many_letters_open_with_is_looked_through_no_further() {
    let rest = |letter: usize| (0..200).map(|word| format!("w{letter}x{word} ")).collect::<String>();
    let letters: Vec<String> = (0..40).map(|letter| format!("{LETTER}{}", rest(letter))).collect();
    let letters: Vec<&str> = letters.iter().map(String::as_str).collect();
    assert_eq!(clusters(&letters, true).await, (0..40).collect::<Vec<_>>());
    let world = world().await;
    for (hour, batch) in (1..).zip(letters.chunks(10)) {
        let items: Vec<Item> = batch.iter().map(|text| item(mention(text, text))).collect();
        save(&world.store, "forum", &items, at(hour)).await;
    }
    let opening = crate::text::opening(LETTER).unwrap().cast_signed();
    let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM cluster_band WHERE band = ?1")
        .bind(opening)
        .fetch_one(&world.store.reader)
        .await
        .unwrap();
    assert_eq!(kept, 8);
}

#[tokio::test]
async fn a_beginning_and_its_text_are_one_voice_and_shown_as_copies() {
    let world = world().await;
    let store = &world.store;
    save(store, "press", &[], at(0)).await;
    save(store, "press", &[titled("1", "Hellbahn: Störung", &cut(ARTICLE, 20, " … mehr"))], at(1)).await;
    let saved = save(store, "press", &[titled("2", "Tausende ohne Fahrkarte", ARTICLE)], at(2)).await;
    assert_eq!(saved, Saved { new: 1, edited: 0, copies: 1 });
    let heard = store.arrivals(BRAND, 0).await.unwrap().observations;
    assert_eq!(heard.iter().map(|one| one.copy).collect::<Vec<_>>(), [false, true]);
    let copied = store.copies(Some(BRAND), at(0), 9).await.unwrap();
    assert_eq!(copied.iter().map(|one| one.mentions).collect::<Vec<_>>(), [2]);
}

#[tokio::test]
async fn once_the_beginning_is_erased_its_text_still_finds_copies() {
    let world = world().await;
    let store = &world.store;
    let by = |id: &str, name: &str, text: &str| {
        item(Mention { author: Some(Author { key: name.into(), name: name.into() }), ..mention(id, text) })
    };
    save(store, "forum", &[by("1", "jana", &cut(ARTICLE, 20, "…")), by("2", "tom", ARTICLE)], at(1)).await;
    assert_eq!(store.erase_author(&source("forum"), "jana").await.unwrap(), 1);
    assert_eq!(save(store, "forum", &[by("3", "lea", ARTICLE)], at(2)).await.copies, 1);
    assert_eq!(store.copies(None, at(0), 9).await.unwrap().len(), 1);
}
