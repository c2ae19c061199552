//! The text that an answer begins with.

use crate::mention::{Rating, Timestamp};
use crate::outreach::Said;
use crate::outreach::draft::{Address, Draft, DraftError, Occasion};
use crate::store::StoredMention;
use crate::store::outreach::Case;
use crate::web::Site;

/// Whoever has waited longer than this is told that one knows.
const LONG_SECONDS: i64 = 3 * 86_400;

/// How many characters an answer may have in a source; `None`: as many as one likes.
pub(in crate::web) fn limit(site: &Site, source: &str) -> Option<usize> {
    site.service.source(source)?.kind.about().longest_reply
}

/// A draft for a mention of a case, unlike what was `sent` to the person before.
pub(in crate::web) fn draft(
    site: &Site,
    case: &Case,
    mention: &StoredMention,
    sent: &[String],
    now: Timestamp,
) -> Result<Draft, DraftError> {
    let (config, review) = (&site.service.config, mention.full_text());
    let stars = mention.rating.map(Rating::of_five);
    let occasion = Occasion {
        said: Said {
            source: &mention.source,
            brands: &mention.brands,
            mood: mention.label,
            stars,
            emotions: &mention.emotions,
            intents: &mention.intents,
            topics: &mention.topics,
            urgency: mention.urgency,
        },
        severity: case.severity,
        language: mention.language,
        author: mention.author.as_deref(),
        review: &review,
        reasons: &mention.why,
        address: Address::default(),
        limit: limit(site, &mention.source),
        is_public: true,
        team: config.outreach.team.as_deref(),
        brand: &case.brand,
        answer_by: case.promise.as_ref().map(|(_, by)| *by),
        time_zone: config.alert.time_zone,
        waited_long: now.seconds() - case.waits_since.unwrap_or(now).seconds() > LONG_SECONDS,
        earlier: sent,
        now,
    };
    Draft::new(site.service.templates(), &occasion)
}
