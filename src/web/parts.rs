//! What several pages show of what was counted, ready to be written down; their templates are macros in `parts.html`.

use url::form_urlencoded;

use super::figures::{self, Part, Sum};
use super::summary::Voice;
use super::{Frame, wording};
use crate::alert::Share;
use crate::alert::format::Format;
use crate::mention::Label;

/// So many topics, sources and languages have a row.
const MOST_PARTS: usize = 8;

/// A source, a language or a topic.
pub(super) struct Row {
    /// As people call it.
    pub(super) name: String,
    /// As a link has it: `topic=app`.
    pub(super) query: String,
    pub(super) texts: String,
    /// The negative share, 0…100, and as it is written.
    pub(super) negative: Option<(f64, String)>,
    pub(super) net: String,
    /// By how much it moved the mood of all: whether for the worse, and in points.
    pub(super) change: Option<(bool, String)>,
}

/// The share of a mood.
pub(super) struct MoodRow {
    pub(super) label: &'static str,
    pub(super) sign: &'static str,
    pub(super) name: &'static str,
    pub(super) percent: String,
    pub(super) range: String,
    pub(super) count: String,
    /// For its bar: the share, and the lower end and the width of the interval, 0…100.
    pub(super) bar: (f64, f64, f64),
}

/// How much of what is said is said about a brand.
pub(super) struct VoiceRow {
    pub(super) brand: String,
    pub(super) count: String,
    pub(super) percent: String,
    pub(super) range: String,
    pub(super) net: String,
    pub(super) is_own: bool,
}

/// Those most spoken of.
pub(super) fn rows(parts: Vec<Part>, frame: &Frame, kind: &'static str) -> Vec<Row> {
    let format = frame.format();
    let row = |part: Part| {
        let period = part.now.period();
        Row {
            name: wording::part(frame, kind, &part.name),
            query: form_urlencoded::Serializer::new(String::new()).append_pair(kind, &part.name).finish(),
            texts: format.count(part.now.texts()),
            negative: period
                .shares
                .map(|[negative, ..]| (negative.fraction * 100.0, format.whole_percent(negative.fraction))),
            net: period.net().map_or_else(|| "–".to_owned(), |net| format.points(net)),
            change: (part.before.texts() > 0 && part.moved.abs() >= 0.0005)
                .then(|| (part.moved < 0.0, format.points(part.moved))),
        }
    };
    parts.into_iter().filter(|part| part.now.texts() > 0).take(MOST_PARTS).map(row).collect()
}

/// The three moods with their signs, so that nobody needs colours to tell them apart; empty where nothing was said.
pub(super) fn moods(frame: &Frame, sum: Sum) -> Vec<MoodRow> {
    let (format, Some(shares)) = (frame.format(), sum.period().shares) else { return Vec::new() };
    let row = |(label, share): (Label, Share)| MoodRow {
        label: label.name(),
        sign: wording::sign(label),
        name: wording::mood(frame, label),
        percent: format.percent(share.fraction),
        range: format.percent_range(share.low, share.high),
        count: format.count(share.count),
        bar: (share.fraction * 100.0, share.low * 100.0, (share.high - share.low) * 100.0),
    };
    Label::ALL.into_iter().zip(shares).map(row).collect()
}

/// The net mood with its range, as they are written; `None` where nothing was said.
pub(super) fn net(format: Format, sum: Sum) -> Option<(String, String)> {
    let period = sum.period();
    let (low, high) = period.net_range()?;
    Some((format.points(period.net()?), format!("{} … {}", format.points(low), format.points(high))))
}

/// How far the net mood moved against another span, and whether that is more than chance.
pub(super) fn change(format: Format, now: Sum, before: Sum) -> Option<(String, bool)> {
    figures::change(now, before).map(|(change, is_sure)| (format.points(change), is_sure))
}

/// The brand and those that it is compared with.
pub(super) fn voices(voices: &[Voice], format: Format) -> Vec<VoiceRow> {
    let row = |voice: &Voice| VoiceRow {
        brand: voice.brand.clone(),
        count: format.count(voice.share.count),
        percent: format.percent(voice.share.fraction),
        range: format.percent_range(voice.share.low, voice.share.high),
        net: voice.sum.period().net().map_or_else(|| "–".to_owned(), |net| format.points(net)),
        is_own: voice.is_own,
    };
    voices.iter().map(row).collect()
}
