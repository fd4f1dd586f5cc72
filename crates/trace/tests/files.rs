//! The files made from lives, read back: JSON, CSV, OCEL and Parquet of the lane in `shared`.

mod shared;

use std::collections::{BTreeMap, BTreeSet};

use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::RowAccessor;
use sanda_core::replicate;
use sanda_trace::{Facts, write_deliveries, write_events, write_ocel};
use serde_json::Value;
use shared::{LANE, lives, load, trace};

#[test]
fn json_says_what_the_story_says() {
    let text = trace(LANE, 2).to_json().expect("JSON");
    let json: Value = serde_json::from_str(&text).expect("it can be read back");
    assert_eq!((&json["schema"], &json["zone"]), (&Value::from(1), &Value::from("Asia/Shanghai")));
    let life = &json["lives"][0];
    assert_eq!(life["released_at"], "2025-01-06T11:00+08:00");
    assert_eq!(life["hours"], 77.0);
    let spent = &life["spent"];
    let sum: f64 = spent.as_object().expect("a map").values().filter_map(Value::as_f64).sum();
    assert!((sum - 77.0).abs() < 1e-9, "{spent}");
    let ride = &life["stages"][2]["rides"][0];
    assert_eq!(ride["first_departure"]["departure"], 1);
    let not_taken: Vec<_> =
        ride["not_taken"].as_array().expect("a list").iter().map(|missed| &missed["because"]).collect();
    assert_eq!(not_taken, ["cut-off", "full"]);
    assert_eq!(ride["not_taken"][0]["ready_after_cut_off_hours"], 1.5);
    let sixty = &life["promises"][0];
    assert_eq!((&sixty["promise"]["id"], &sixty["kept"]), (&Value::from("sixty"), &Value::from(false)));
    assert_eq!(sixty["missed_by_hours"], 17.0);
    assert_eq!(sixty["rescue"]["how"], "ready-earlier");
    assert_eq!(sixty["rescue"]["departs_earlier_hours"], 24.0);
    assert_eq!(life["promises"][1]["rescue"]["least_hours"], 18.5);
}

#[test]
fn an_event_a_line() {
    let loaded = load(LANE);
    let (lives, facts) = (lives(&loaded), Facts::new(&loaded.built).expect("a start"));
    let mut out = Vec::new();
    write_events(&mut out, &facts, &lives, lives.iter().filter(|life| life.number == 2)).expect("written");
    let text = String::from_utf8(out).expect("text");
    insta::assert_snapshot!(text, @r"
    case,activity,timestamp,flow,node,resource,service,departure,stage,hours,hours_moving,hours_worked,hours_server,hours_hours,hours_timetable,hours_rolled,hours_disruption,hours_inspection,hours_vehicle,hours_cargo
    boxes/2,released,2025-01-06T11:00+08:00,boxes,shippers,,,,,,,,,,,,,,,
    boxes/2,stage truck ended,2025-01-06T15:00+08:00,boxes,,,,,truck,4,4,,,,,,,,,
    boxes/2,customs requested,2025-01-06T15:00+08:00,boxes,yangluo,customs,,,,,,,,,,,,,,
    boxes/2,customs started,2025-01-06T15:00+08:00,boxes,yangluo,customs,,,,,,,,,,,,,,
    boxes/2,customs ended,2025-01-06T15:30+08:00,boxes,yangluo,customs,,,,,,,,,,,,,,
    boxes/2,stage customs ended,2025-01-06T15:30+08:00,boxes,,,,,customs,0.5,,0.5,,,,,,,,
    boxes/2,train ready,2025-01-06T15:30+08:00,boxes,yangluo,,train,,,,,,,,,,,,,
    boxes/2,train missed by cut-off,2025-01-06T18:00+08:00,boxes,yangluo,,train,0,,,,,,,,,,,,
    boxes/2,train rolled over,2025-01-07T18:00+08:00,boxes,yangluo,,train,1,,,,,,,,,,,,
    boxes/2,train departed,2025-01-08T18:00+08:00,boxes,yangluo,,train,2,,,,,,,,,,,,
    boxes/2,train arrived,2025-01-09T04:00+08:00,boxes,horgos,,train,2,,,,,,,,,,,,
    boxes/2,train unloaded,2025-01-09T04:00+08:00,boxes,horgos,,train,2,,,,,,,,,,,,
    boxes/2,stage train ended,2025-01-09T04:00+08:00,boxes,,,,,train,60.5,10,,,,26.5,24,,,,
    boxes/2,post requested,2025-01-09T04:00+08:00,boxes,horgos,post,,,,,,,,,,,,,,
    boxes/2,post started,2025-01-09T12:00+08:00,boxes,horgos,post,,,,,,,,,,,,,,
    boxes/2,post ended,2025-01-09T13:00+08:00,boxes,horgos,post,,,,,,,,,,,,,,
    boxes/2,stage post ended,2025-01-09T13:00+08:00,boxes,,,,,post,9,,1,,,,,8,,,
    boxes/2,stage van ended,2025-01-09T16:00+08:00,boxes,,,,,van,3,3,,,,,,,,,
    boxes/2,delivered,2025-01-09T16:00+08:00,boxes,,,,,,,,,,,,,,,,
    ");
}

#[test]
fn an_object_centric_log() {
    let loaded = load(LANE);
    let (lives, facts) = (lives(&loaded), Facts::new(&loaded.built).expect("a start"));
    let mut out = Vec::new();
    write_ocel(&mut out, &facts, &lives, lives.iter()).expect("written");
    let log: Value = serde_json::from_slice(&out).expect("JSON");
    let list = |key: &str| log[key].as_array().unwrap_or_else(|| panic!("no list `{key}`"));
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    // Attributes of each type. Events and objects must have these and no others.
    let types = |key: &str| -> BTreeMap<String, BTreeSet<String>> {
        let attributes = |of: &Value| {
            of["attributes"].as_array().expect("a list").iter().map(|one| text(&one["name"])).collect()
        };
        list(key).iter().map(|of| (text(&of["name"]), attributes(of))).collect()
    };
    let (event_types, object_types) = (types("eventTypes"), types("objectTypes"));
    assert_eq!(object_types.keys().collect::<Vec<_>>(), ["departure", "shipment"]);
    let objects: BTreeSet<String> = list("objects").iter().map(|object| text(&object["id"])).collect();
    assert_eq!(objects.len(), list("objects").len(), "ids of objects are distinct");
    // Four boxes, each on a train of its own.
    assert_eq!(objects.len(), 8);
    let check = |item: &Value, types: &BTreeMap<String, BTreeSet<String>>| {
        let declared = types.get(&text(&item["type"])).expect("a declared type");
        let has: BTreeSet<String> =
            item["attributes"].as_array().expect("a list").iter().map(|one| text(&one["name"])).collect();
        assert_eq!(&has, declared, "{item}");
        for relation in item["relationships"].as_array().expect("a list") {
            assert!(objects.contains(&text(&relation["objectId"])), "{relation} leads nowhere");
            assert!(!text(&relation["qualifier"]).is_empty());
        }
    };
    for object in list("objects") {
        check(object, &object_types);
        let attributes = object["attributes"].as_array().expect("a list");
        assert!(attributes.iter().all(|one| text(&one["time"]).len() == "2025-01-06T07:00:00+08:00".len()));
    }
    let mut ids = BTreeSet::new();
    for event in list("events") {
        check(event, &event_types);
        assert!(ids.insert(text(&event["id"])), "ids of events are distinct");
        assert!(text(&event["time"]).ends_with(":00+08:00"), "{event}");
        assert_eq!(event["relationships"][0]["qualifier"], "shipment");
    }
    let of_type = |name: &str| list("events").iter().filter(|event| event["type"] == name).count();
    // Box 1 by the first train; 2 and 3 by the second; 3 by the third.
    let counts = ["released", "train departed", "train rolled over", "train missed by cut-off", "delivered"];
    assert_eq!(counts.map(of_type), [4, 4, 4, 2, 4]);
}

#[test]
fn a_row_a_shipment() {
    let loaded = load(LANE);
    let (lives, facts) = (lives(&loaded), Facts::new(&loaded.built).expect("a start"));
    let mut out = Vec::new();
    write_deliveries(&mut out, &facts, lives.iter()).expect("written");
    let file = SerializedFileReader::new(bytes::Bytes::from(out)).expect("a Parquet file");
    let columns = file.metadata().file_metadata().schema_descr().columns();
    let place = |name: &str| {
        columns.iter().position(|column| column.name() == name).unwrap_or_else(|| panic!("no column {name}"))
    };
    let mut n_kept = 0;
    let mut rows = 0;
    for (number, row) in file.get_row_iter(None).expect("rows").enumerate() {
        let row = row.expect("a row");
        assert_eq!(row.get_string(place("flow")).expect("a text"), "boxes");
        assert_eq!(row.get_long(place("number")).expect("a number"), number as i64);
        let hours = row.get_double(place("hours")).expect("delivered");
        let by_category: f64 = columns
            .iter()
            .enumerate()
            .filter(|(_, column)| column.name().starts_with("hours_"))
            .map(|(place, _)| row.get_double(place).expect("hours"))
            .sum();
        assert!((hours - by_category).abs() < 1e-9, "{hours} h, but {by_category} h by category");
        let clock = row.get_double(place("clock_door_to_door")).expect("a clock");
        assert_eq!(clock.to_bits(), hours.to_bits());
        let life = row.get_timestamp_millis(place("delivered_at")).expect("delivered")
            - row.get_timestamp_millis(place("released_at")).expect("released");
        assert!((life as f64 / 3_600_000.0 - hours).abs() < 1e-9);
        n_kept += u64::from(row.get_bool(place("kept_sixty")).expect("a promise"));
        rows += 1;
    }
    // The kept promises are those that a run counts.
    let outcome = replicate(&loaded.built.model, 1, 0).expect("a sound run");
    let promise = loaded.built.model.promises.iter_enumerated().find(|(_, params)| params.name == "sixty");
    let (promise, _) = promise.expect("a promise");
    assert_eq!((rows, n_kept), (4, outcome.promises[promise][0].kept));
}
