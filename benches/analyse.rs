//! How many texts a second are understood on one thread: moods with reasons, emotions, intents, topics, urgency and language,
//! beside the mood alone by the `vader-sentimental` crate on the same texts.
//!
//! ```sh
//! cargo bench --bench analyse
//! ```

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on has failed")]

use std::path::Path;

use divan::Bencher;
use divan::counter::ItemsCount;
use stimmung::analyse::{Mask, Model, train};
use stimmung::mention::Mention;
use vader_sentimental::SentimentIntensityAnalyzer;

fn main() {
    divan::main();
}

/// The posts of the corpus: as long as tweets.
fn posts(language: &str) -> Vec<Mention> {
    let samples = train::samples(Path::new("model/corpus"), None).unwrap();
    let posts = samples.into_iter().filter(|it| it.language.code() == language && it.domain.ends_with("_posts"));
    posts.map(|sample| Mention { text: sample.text, ..Mention::default() }).collect()
}

#[divan::bench(args = ["de", "en"], sample_count = 10)]
fn stimmung(bencher: Bencher<'_, '_>, language: &str) {
    let (model, posts, brand) = (Model::embedded(&[]), posts(language), Mask::new(["Beispiel Bahn"]));
    let mut reader = model.reader();
    bencher
        .counter(ItemsCount::new(posts.len()))
        .bench_local(|| posts.iter().map(|post| reader.analyse(post, &brand)).filter(|it| it.mood.is_some()).count());
}

#[divan::bench(args = ["de", "en"], sample_count = 10)]
fn vader(bencher: Bencher<'_, '_>, language: &str) {
    let (analyzer, posts) = (SentimentIntensityAnalyzer::new(), posts(language));
    bencher
        .counter(ItemsCount::new(posts.len()))
        .bench_local(|| posts.iter().map(|post| analyzer.polarity_scores(&post.text).compound).sum::<f64>());
}

/// The longest text that is read: 32,000 characters.
#[divan::bench(sample_count = 10)]
fn longest(bencher: Bencher<'_, '_>) {
    let (model, posts) = (Model::embedded(&[]), posts("de"));
    let text: String = posts.iter().flat_map(|post| [post.text.as_str(), " "]).collect();
    let mention = Mention { text: text.chars().take(32_000).collect(), ..Mention::default() };
    let mut reader = model.reader();
    bencher.bench_local(|| reader.analyse(&mention, &Mask::default()));
}
