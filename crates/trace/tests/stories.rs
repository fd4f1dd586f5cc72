//! Stories of lives whose every instant is computed by hand: see `shared::LANE`.

mod shared;

use sanda_trace::Language;
use shared::{LANE, trace};

fn story(text: &str, number: u64, language: Language) -> String {
    trace(text, number).story(language)
}

#[test]
fn a_missed_cut_off_a_full_train_and_a_closed_border() {
    insta::assert_snapshot!(story(LANE, 2, Language::En), @r#"
    boxes/2: Boxes
    By steps, 1 TEU. From release to delivery 3 d 5 h. All times in Asia/Shanghai.

    2025-01-06 11:00  released
    2025-01-06 15:00  Truck done after 4 h: under way
    2025-01-06 15:30  Customs done after 30 min: being worked on
    2025-01-06 15:30  ready at Yangluo for Train
    2025-01-06 18:00  Train, departure 0 leaves without it: ready 1 h 30 min after the cut-off
    2025-01-07 18:00  rolled over by Train, departure 1: full, 2 left behind
    2025-01-08 18:00  leaves on Train, departure 2, after waiting 2 d 2 h 30 min
    2025-01-09 04:00  arrives at Horgos
    2025-01-09 04:00  Train done after 2 d 12 h 30 min: 10 h under way, 1 d 2 h 30 min waiting for the timetable, 1 d rolled over by full departures
    2025-01-09 12:00  served at Border post after waiting 8 h
    2025-01-09 13:00  Border post done after 9 h: 1 h being worked on, 8 h held by a closure, breakdown or cancellation (Strike, 2025-01-09 00:00 to 2025-01-09 12:00)
    2025-01-09 16:00  Van done after 3 h: under way
    2025-01-09 16:00  delivered

    "Sixty hours" (within 2 d 12 h) broken: it took 3 d 5 h, 17 h too long.
      Smallest change: ready 2 h earlier at Yangluo, it would have made Train, departure 1, of 2025-01-07 18:00, which left 1 d before its own, and kept the promise with 7 h to spare. It had not waited until then: work or the way there would have had to be quicker.
    "Eighteen hours" (within 18 h) broken: it took 3 d 5 h, 2 d 11 h too long.
      No change of waiting could have kept it: even with no wait at all it takes 18 h 30 min.

    Smallest changes are worked out from the departures that there were: work and ways after the change take as long as they did, each later ride is on the first departure it would then have made, and the fate of other shipments is not worked out anew.
    "#);
}

#[test]
fn the_same_in_chinese() {
    insta::assert_snapshot!(story(LANE, 2, Language::Zh), @r"
    boxes/2：箱货
    路径 steps，1 TEU。从发货到送达共3天5小时。时间均为 Asia/Shanghai。

    2025-01-06 11:00  发货
    2025-01-06 15:00  短驳完成，历时4小时：运行
    2025-01-06 15:30  海关完成，历时30分钟：作业
    2025-01-06 15:30  在阳逻备妥，候乘班列
    2025-01-06 18:00  未赶上班列（班次0）：备妥晚于截载1小时30分钟
    2025-01-07 18:00  被班列（班次1）甩货：满载，共甩下2票
    2025-01-08 18:00  随班列（班次2）开行，候班2天2小时30分钟
    2025-01-09 04:00  到达霍尔果斯
    2025-01-09 04:00  班列完成，历时2天12小时30分钟：运行10小时，等待班次1天2小时30分钟，满载甩货后等待1天
    2025-01-09 12:00  在“口岸”等待8小时后开始作业
    2025-01-09 13:00  口岸完成，历时9小时：作业1小时，因中断滞留8小时（罢工，2025-01-09 00:00至2025-01-09 12:00）
    2025-01-09 16:00  配送完成，历时3小时：运行
    2025-01-09 16:00  送达

    “六十小时达”（2天12小时内）超时：用时3天5小时，超出17小时。
      最小改变：若在阳逻早2小时备妥，即可赶上2025-01-07 18:00开行的班列（班次1），比实际早1天，按时且余7小时。此前它没有等待，须靠作业或运输加快。
    “十八小时达”（18小时内）超时：用时3天5小时，超出2天11小时。
      减少等待也无济于事：即使全程不等待也要18小时30分钟。

    “最小改变”按实际班次推算：此后的作业与行驶时间照旧，后续各程改乘届时赶得上的首班；其他货物的经历不重新计算。
    ");
}

#[test]
fn a_train_of_two_legs_that_waits_at_the_border() {
    let text = LANE
        .replace(r#"stops: ["yangluo", "horgos"]"#, r#"stops: ["yangluo", "shippers", "horgos"]"#)
        .replace(r#"running: ["10h"]"#, r#"running: ["10h", "5h"], dwell: ["2h"]"#);
    insta::assert_snapshot!(story(&text, 0, Language::En), @r#"
    boxes/0: Boxes
    By steps, 1 TEU. From release to delivery 1 d 8 h. All times in Asia/Shanghai.

    2025-01-06 07:00  released
    2025-01-06 11:00  Truck done after 4 h: under way
    2025-01-06 11:30  Customs done after 30 min: being worked on
    2025-01-06 11:30  ready at Yangluo for Train
    2025-01-06 18:00  leaves on Train, departure 0, after waiting 6 h 30 min
    2025-01-07 04:00  arrives at Shippers after 10 h; there for 2 h: waiting with its vehicle
    2025-01-07 11:00  arrives at Horgos after 5 h
    2025-01-07 11:00  Train done after 23 h 30 min: 15 h under way, 6 h 30 min waiting for the timetable, 2 h waiting with its vehicle
    2025-01-07 12:00  Border post done after 1 h: being worked on
    2025-01-07 15:00  Van done after 3 h: under way
    2025-01-07 15:00  delivered

    "Sixty hours" (within 2 d 12 h) kept: it took 1 d 8 h, with 1 d 4 h to spare.
    "Eighteen hours" (within 18 h) broken: it took 1 d 8 h, 14 h too long.
      No change of waiting could have kept it: even with no wait at all it takes 23 h 30 min.
    "#);
}

/// A wait set by the state of a border is no queue, neither of the vehicle nor of the shipment.
#[test]
fn a_border_whose_state_sets_the_wait() {
    const REGIMES: &str = r#"
    regimes: { "state": (persistence: 0.5, states: { "normal": "50%", "busy": "50%" }) },
    procedures: {
        "crossing": (at: "shippers", turn: Stop, steps: [
            Regime(id: "slot", regime: "state", times: { "normal": "5h", "busy": "5h" }),
        ]),
    },
    connections: {"#;
    let text = LANE
        .replace(r#"stops: ["yangluo", "horgos"]"#, r#"stops: ["yangluo", "shippers", "horgos"]"#)
        .replace(r#"running: ["10h"]"#, r#"running: ["10h", "5h"]"#)
        .replace("\n    connections: {", REGIMES)
        .replace(
            r#"Haul("van"),"#,
            r#"Haul("van"), Regime(id: "gate", regime: "state", times: { "normal": "6h", "busy": "6h" }),"#,
        );
    let told = |language| {
        let story = story(&text, 0, language);
        let is_of_border =
            |line: &&str| line.contains("5 h:") || line.contains("5小时：") || line.contains("gate");
        story.lines().filter(is_of_border).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(told(Language::En), @"
    2025-01-07 04:00  arrives at Shippers after 10 h; there for 5 h: waiting with its vehicle (the vehicle: waiting at the border)
    2025-01-08 00:00  gate done after 6 h: waiting at the border
    ");
    insta::assert_snapshot!(told(Language::Zh), @"
    2025-01-07 04:00  到达货主，本段10小时；停留5小时：随车等待（车辆：口岸等待）
    2025-01-08 00:00  gate完成，历时6小时：口岸等待
    ");
}

#[test]
fn a_cancelled_departure() {
    let text = LANE.replace(
        r"    disruptions: {",
        r#"    disruptions: {
        "blank": (
            targets: [Service("train")],
            when: Dated([(from: "2025-01-06T12:00", to: "2025-01-06T20:00")]), effect: Cancel,
        ),"#,
    );
    insta::assert_snapshot!(story(&text, 0, Language::En), @r#"
    boxes/0: Boxes
    By steps, 1 TEU. From release to delivery 2 d 1 h. All times in Asia/Shanghai.

    2025-01-06 07:00  released
    2025-01-06 11:00  Truck done after 4 h: under way
    2025-01-06 11:30  Customs done after 30 min: being worked on
    2025-01-06 11:30  ready at Yangluo for Train
    2025-01-06 18:00  Train, departure 0 is cancelled
    2025-01-07 18:00  leaves on Train, departure 1, after waiting 1 d 6 h 30 min
    2025-01-08 04:00  arrives at Horgos
    2025-01-08 04:00  Train done after 1 d 16 h 30 min: 10 h under way, 6 h 30 min waiting for the timetable, 1 d held by a closure, breakdown or cancellation (blank, 2025-01-06 12:00 to 2025-01-06 20:00)
    2025-01-08 05:00  Border post done after 1 h: being worked on
    2025-01-08 08:00  Van done after 3 h: under way
    2025-01-08 08:00  delivered

    "Sixty hours" (within 2 d 12 h) kept: it took 2 d 1 h, with 11 h to spare.
    "Eighteen hours" (within 18 h) broken: it took 2 d 1 h, 1 d 7 h too long.
      No change of waiting could have kept it: even with no wait at all it takes 18 h 30 min.
    "#);
}

#[test]
fn still_under_way_at_the_end() {
    let text = LANE.replace(r#"drain: "30d""#, r#"drain: "61h""#);
    insta::assert_snapshot!(story(&text, 3, Language::Zh), @r"
    boxes/3：箱货
    路径 steps，1 TEU。未送达。时间均为 Asia/Shanghai。

    2025-01-06 13:00  发货
    2025-01-06 17:00  短驳完成，历时4小时：运行
    2025-01-06 17:30  海关完成，历时30分钟：作业
                      仿真结束时仍在途

    “六十小时达”（2天12小时内）超时：未送达。
    “十八小时达”（18小时内）超时：未送达。
    ");
}

/// Two ways from a hub; the quicker train's border closes while the box waits for it, for one hour, with two more to go for the other.
const TWO_WAYS: &str = r#"(
    schema: 1, name: "two-ways",
    start: "2025-01-06T00:00[Asia/Shanghai]",
    run: (measure: "1d", drain: "30d", replications: 1),
    nodes: { "wuhan": (), "khorgos": (), "duisburg": () },
    services: {
        "feeder": (name: (zh: "支线班列", en: "Feeder"), mode: Rail, stops: ["wuhan", "khorgos"], departs: Every(period: "24h"), capacity: Unlimited, running: ["10h"]),
        "north": (name: (zh: "北线班列", en: "Northern train"), mode: Rail, stops: ["khorgos", "duisburg"], departs: Every(period: "24h", offset: "12h"), capacity: Unlimited, running: ["10h"]),
        "south": (name: (zh: "南线班列", en: "Southern train"), mode: Rail, stops: ["khorgos", "duisburg"], departs: Every(period: "24h", offset: "13h"), capacity: Unlimited, running: ["20h"]),
    },
    flows: { "boxes": (
        name: (zh: "箱货", en: "Boxes"), arrivals: At(times: ["1h"]), replan: WhenClosed,
        itineraries: {
            "north": (steps: [Ride(service: "feeder"), Ride(service: "north")]),
            "south": (steps: [Ride(service: "feeder"), Ride(service: "south")]),
        },
    ) },
    disruptions: { "closed": (
        targets: [Service("north")], when: Dated([(from: "2025-01-07T11:00", to: "2025-01-12T00:00")]), effect: Close,
    ) },
)"#;

#[test]
fn another_way_from_a_hub() {
    insta::assert_snapshot!(story(TWO_WAYS, 0, Language::En), @"
    boxes/0: Boxes
    By north--at-khorgos--south, 1 TEU. From release to delivery 2 d 8 h. All times in Asia/Shanghai.

    2025-01-06 01:00  released
    2025-01-06 01:00  ready at wuhan for Feeder
    2025-01-07 00:00  leaves on Feeder, departure 1, after waiting 23 h
    2025-01-07 10:00  arrives at khorgos
    2025-01-07 10:00  Feeder done after 1 d 9 h: 10 h under way, 23 h waiting for the timetable
    2025-01-07 11:00  stops waiting for Northern train after 1 h: waiting for the timetable
    2025-01-07 11:00  re-routed: north--at-khorgos--south instead of north
    2025-01-07 11:00  ready at khorgos for Southern train
    2025-01-07 13:00  leaves on Southern train, departure 1, after waiting 2 h
    2025-01-08 09:00  arrives at duisburg
    2025-01-08 09:00  Southern train done after 22 h: 20 h under way, 2 h waiting for the timetable
    2025-01-08 09:00  delivered
    ");
    insta::assert_snapshot!(story(TWO_WAYS, 0, Language::Zh), @"
    boxes/0：箱货
    路径 north--at-khorgos--south，1 TEU。从发货到送达共2天8小时。时间均为 Asia/Shanghai。

    2025-01-06 01:00  发货
    2025-01-06 01:00  在wuhan备妥，候乘支线班列
    2025-01-07 00:00  随支线班列（班次1）开行，候班23小时
    2025-01-07 10:00  到达khorgos
    2025-01-07 10:00  支线班列完成，历时1天9小时：运行10小时，等待班次23小时
    2025-01-07 11:00  不再等候北线班列，已等1小时：等待班次
    2025-01-07 11:00  途中改道：原走 north，改走 north--at-khorgos--south
    2025-01-07 11:00  在khorgos备妥，候乘南线班列
    2025-01-07 13:00  随南线班列（班次1）开行，候班2小时
    2025-01-08 09:00  到达duisburg
    2025-01-08 09:00  南线班列完成，历时22小时：运行20小时，等待班次2小时
    2025-01-08 09:00  送达
    ");
    // Closed before it comes to the hub: it waits for the southern train only.
    let earlier = TWO_WAYS.replace("2025-01-07T11:00", "2025-01-07T06:00");
    insta::assert_snapshot!(story(&earlier, 0, Language::En), @"
    boxes/0: Boxes
    By north--at-khorgos--south, 1 TEU. From release to delivery 2 d 8 h. All times in Asia/Shanghai.

    2025-01-06 01:00  released
    2025-01-06 01:00  ready at wuhan for Feeder
    2025-01-07 00:00  leaves on Feeder, departure 1, after waiting 23 h
    2025-01-07 10:00  arrives at khorgos
    2025-01-07 10:00  Feeder done after 1 d 9 h: 10 h under way, 23 h waiting for the timetable
    2025-01-07 10:00  re-routed: north--at-khorgos--south instead of north
    2025-01-07 10:00  ready at khorgos for Southern train
    2025-01-07 13:00  leaves on Southern train, departure 1, after waiting 3 h
    2025-01-08 09:00  arrives at duisburg
    2025-01-08 09:00  Southern train done after 23 h: 20 h under way, 3 h waiting for the timetable
    2025-01-08 09:00  delivered
    ");
}
