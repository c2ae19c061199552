use std::sync::{Arc, Mutex};

use futures_util::TryStreamExt as _;
use serde_json::json;
use tempfile::TempDir;

use super::*;
use crate::config::Config;
use crate::http::site::{Asked, Reply, Site, answer};

/// 2026-11-20T12:00:00Z
const NOW: Timestamp = Timestamp::from_seconds(1_795_176_000);
const JSON: &str = "Content-Type: application/json\r\n";

/// A video on YouTube with three comments, which a test changes, and the service that listens to it.
struct World {
    _folder: TempDir,
    site: Site,
    comments: Arc<Mutex<Vec<(&'static str, &'static str)>>>,
    service: Service,
}

async fn world() -> World {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("key");
    std::fs::write(&key, "AIza").unwrap();
    let comments = Arc::new(Mutex::new(vec![("c1", "Nie wieder."), ("c2", "Zu spät."), ("c3", "Pünktlich!")]));
    let shown = comments.clone();
    let site = Site::start(move |asked| reply(asked, &shown.lock().unwrap())).await;
    let written = format!(
        "[[brand]]\nname = \"Lerchenbahn\"\nany = [\"Lerchenbahn\"]\n[fetch]\ngap_per_host = \"0s\"\n\
         [[source]]\nid = \"videos\"\nevery = \"1h\"\nbrand = \"Lerchenbahn\"\nallow_private_network = true\n\
         from.youtube = {{ video = \"Lerche_-001\", key_file = {key:?}, base = \"{}\" }}\n",
        site.url("/")
    );
    let config = Config::parse(&written, "sources.toml").unwrap();
    let service = Service::open_without_delivery(config, folder.path(), "test.db").await.unwrap();
    World { _folder: folder, site, comments, service }
}

/// None at all: the quota is used up.
fn reply(asked: &Asked, comments: &[(&str, &str)]) -> Reply {
    if comments.is_empty() {
        let said = json!({ "error": { "message": "No.", "errors": [{ "reason": "quotaExceeded" }] } });
        return answer("403 Forbidden", JSON, said.to_string().as_bytes());
    }
    let by_id = asked.path.split_once("&id=").map(|(_, ids)| ids.split('&').next().unwrap_or_default().to_owned());
    let is_asked = |id: &str| by_id.as_ref().is_none_or(|ids| ids.split("%2C").any(|one| one == id));
    let thread = |(id, text): &(&str, &str)| {
        let snippet = json!({ "textOriginal": text, "publishedAt": NOW.to_string() });
        json!({ "id": id, "snippet": { "videoId": "v", "topLevelComment": { "id": id, "snippet": snippet } } })
    };
    let items: Vec<_> = comments.iter().filter(|(id, _)| is_asked(id)).map(thread).collect();
    answer("200 OK", JSON, json!({ "items": items }).to_string().as_bytes())
}

fn day(days: i64) -> Timestamp {
    NOW.plus_seconds(days * 86_400)
}

impl World {
    async fn recheck(&self, now: Timestamp) -> Rechecked {
        self.service.recheck_once(&self.service.config.sources[0], now).await.unwrap()
    }

    async fn collect(&self, now: Timestamp) -> Option<CollectError> {
        self.service.collect_once(&self.service.config.sources[0], now).await.unwrap().error
    }

    fn show(&self, comments: &[(&'static str, &'static str)]) {
        *self.comments.lock().unwrap() = comments.to_vec();
    }

    async fn texts(&self) -> Vec<String> {
        self.service.store.records(None, None).map_ok(|record| record.text).try_collect().await.unwrap()
    }
}

#[tokio::test]
async fn a_day_later_deletions_and_edits_are_seen() {
    let world = world().await;
    assert!(world.collect(day(0)).await.is_none());
    assert_eq!(world.recheck(day(0)).await.asked, 0, "a round has just shown them");
    world.show(&[("c1", "Nie wieder."), ("c3", "Pünktlich, aber kalt.")]);
    let rechecked = world.recheck(day(1)).await;
    let counts = (rechecked.asked, rechecked.there, rechecked.edited, rechecked.removed);
    assert_eq!((counts, rechecked.error.is_none()), ((3, 2, 1, 1), true));
    assert_eq!(world.texts().await, ["Nie wieder.", "Pünktlich, aber kalt."]);
    let asked = world.site.asked().len();
    assert_eq!(world.recheck(day(1).plus_seconds(3600)).await.asked, 0);
    assert_eq!(world.site.asked().len(), asked, "once a day");
    assert_eq!(world.recheck(day(2)).await.asked, 2, "what is gone is not asked for again");
}

#[tokio::test]
async fn a_refusal_deletes_nothing_is_waited_out_and_stops_no_round() {
    let world = world().await;
    assert!(world.collect(day(0)).await.is_none());
    world.show(&[]);
    let refused = world.recheck(day(1)).await;
    assert_eq!((refused.removed, refused.asked), (0, 0));
    assert_eq!(refused.error.unwrap().to_string(), "Google answered 403, quotaExceeded: No.");
    let all = [("c1", "Nie wieder."), ("c2", "Zu spät.")];
    world.show(&all);
    let asked = world.site.asked().len();
    world.recheck(day(1).plus_seconds(7 * 3600)).await;
    assert_eq!(world.site.asked().len(), asked, "the quota comes back at midnight in California, which is in 20 hours");
    assert_eq!(world.recheck(day(1).plus_seconds(20 * 3600)).await.removed, 1);
    assert!(world.collect(day(2)).await.is_none());
    assert_eq!(world.texts().await, ["Nie wieder.", "Zu spät."]);
}

#[tokio::test]
async fn a_source_that_fails_is_left_alone() {
    let world = world().await;
    assert!(world.collect(day(0)).await.is_none());
    world.show(&[]);
    assert!(world.collect(day(1)).await.is_some());
    let asked = world.site.asked().len();
    assert!(world.recheck(day(2)).await.error.is_none());
    assert_eq!(world.site.asked().len(), asked);
}

#[tokio::test]
async fn what_is_confirmed_in_time_is_kept_and_what_is_not_goes_after_30_days() {
    let world = world().await;
    assert!(world.collect(day(0)).await.is_none());
    world.show(&[("c1", "Nie wieder."), ("c3", "Pünktlich!")]);
    assert_eq!(world.recheck(day(20)).await.there, 2);
    world.show(&[("c9", "Etwas anderes.")]);
    assert!(world.collect(day(40)).await.is_none());
    assert_eq!(world.texts().await, ["Nie wieder.", "Pünktlich!"], "neither is gone, and c9 is older than 30 days");
    assert!(world.collect(day(51)).await.is_none());
    assert_eq!(world.texts().await, [""; 0]);
}
