//! The lane of the tests, small enough to compute every instant of it by hand.

use sanda_core::model::ids::FlowId;
use sanda_scenario::LoadedModel;
use sanda_scenario::load_model_text;
use sanda_trace::{Facts, Lives, Trace};

/// Boxes come every two hours from 07:00 to 13:00 on a Monday: four hours on the road, half an hour at customs. The train leaves at 18:00
/// every day, takes one box and closes at 14:00. It needs ten hours. The border post behind it is closed on Thursday until noon.
///
/// Box 0 is ready at 11:30 and takes Monday's train. Box 1, ready at 13:30, is rolled over and takes Tuesday's. Box 2, ready at 15:30, misses
/// Monday's cut-off by an hour and a half, is rolled over on Tuesday, leaves on Wednesday, and finds the border closed. Box 3 is ready at
/// 17:30.
pub(crate) const LANE: &str = r#"(
    schema: 1, name: "lane",
    title: (zh: "一条线路", en: "One lane"),
    start: "2025-01-06T00:00[Asia/Shanghai]",
    run: (measure: "1d", drain: "30d", arrivals_until: At(after: "13h"), replications: 1, seed: 1),
    nodes: {
        "yangluo": (name: (zh: "阳逻", en: "Yangluo"), zone: "Asia/Shanghai"),
        "horgos": (name: (zh: "霍尔果斯", en: "Horgos"), zone: "Asia/Shanghai"),
        "shippers": (name: (zh: "货主", en: "Shippers"), zone: "Asia/Shanghai"),
        "consignee": (name: (zh: "收货人", en: "Consignee"), zone: "Asia/Shanghai"),
    },
    resources: {
        "customs": (at: "yangluo", servers: 1, name: (zh: "海关", en: "Customs")),
        "post": (at: "horgos", servers: 4, name: (zh: "口岸", en: "Border post")),
    },
    services: {
        "train": (
            name: (zh: "班列", en: "Train"), mode: Rail, stops: ["yangluo", "horgos"],
            departs: Every(period: "24h", offset: "18h"), cutoff: "4h", capacity: "1 TEU", running: ["10h"],
        ),
    },
    connections: {
        "truck": (from: "shippers", to: "yangluo", time: "4h", name: (zh: "短驳", en: "Truck")),
        "van": (from: "horgos", to: "consignee", time: "3h", name: (zh: "配送", en: "Van")),
    },
    flows: {
        "boxes": (
            name: (zh: "箱货", en: "Boxes"), size: "1 TEU",
            arrivals: Regular(every: "2h", offset: "7h"),
            steps: [
                Haul("truck"),
                Work(resource: "customs", time: "30min"),
                Ride(service: "train"),
                Work(resource: "post", time: "1h"),
                Haul("van"),
            ],
        ),
    },
    disruptions: {
        "strike": (
            name: (zh: "罢工", en: "Strike"), targets: [Resource("post")],
            when: Dated([(from: "2025-01-09T00:00", to: "2025-01-09T12:00")]), effect: Close,
        ),
    },
    promises: {
        "sixty": (name: (zh: "六十小时达", en: "Sixty hours"), flows: ["boxes"], within: "60h"),
        "soon": (name: (zh: "十八小时达", en: "Eighteen hours"), flows: ["boxes"], within: "18h"),
    },
)"#;

/// Loads a scenario that must be valid.
pub(crate) fn load(text: &str) -> LoadedModel {
    load_model_text("lane.ron", text, &[]).unwrap_or_else(|failure| panic!("{failure}"))
}

/// Returns the lives of its first replication.
pub(crate) fn lives(loaded: &LoadedModel) -> Lives<'_> {
    Lives::record(&loaded.built.model, 1, 0, &[]).expect("a sound run")
}

/// Returns the account of one shipment of its first flow.
pub(crate) fn trace(text: &str, number: u64) -> Trace {
    let loaded = load(text);
    let lives = lives(&loaded);
    let life = lives.get(FlowId::new(0), number).expect("it was released in the window");
    let facts = Facts::new(&loaded.built).expect("a start");
    Trace::new(&facts, &lives, &[life], ("digest", 1, 0))
}
