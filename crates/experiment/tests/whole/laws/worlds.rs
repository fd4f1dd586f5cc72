//! Laws of random small worlds, which use whatever the language can say and the engine simulates (`shared::world`).
//!
//! Each runs without a broken invariant and conserves its shipments; its categories and its clocks add up; a wider promise
//! keeps no less. It gives the same bytes on one thread and on two, by the quicker paths and step by step, said in
//! another order, with other units and printed back, and does not feel what is added or renamed elsewhere. The worlds are the
//! same in every run: their numbers are stated here. A world that breaks a law is made as small as it can be before it is shown.
//! Does not own what the worlds exercise (`exercised`).

use std::ops::RangeInclusive;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::shared::dice::Dice;
use crate::shared::lane::Lane;
use crate::shared::shrink::{smallest, tree_of, visit};
use crate::shared::world::world;
use crate::shared::{InOrder, attempt, compiled, json, numbers_without, value, without_the_end};
use sanda_core::model::category::Category;
use sanda_core::record::Outcome;
use sanda_core::record::observer::{Observer, ServiceStart};
use sanda_core::{Prepared, replicate, replicate_observed};
use sanda_results::Results;
use sanda_scenario::build::Built;
use sanda_scenario::{Value, load_model_text, print};
use sanda_study::{Part, PieceKey, decode, encode};

/// Worlds that are sound and add up.
const SOUND: RangeInclusive<u64> = 1..=120;
/// Worlds whose quicker paths are held against the plain ones, and one thread against two.
pub(super) const PATHS: RangeInclusive<u64> = 201..=290;
/// Worlds that are said otherwise.
const SAID: RangeInclusive<u64> = 401..=450;
/// Worlds to which something is added elsewhere.
const ELSEWHERE: RangeInclusive<u64> = 601..=660;
/// Worlds whose promises are counted without times.
const COUNTED: RangeInclusive<u64> = 801..=860;
/// Worlds whose outcomes are kept as pieces.
const KEPT: RangeInclusive<u64> = 901..=960;

/// The numbers of all worlds that the laws here are held against.
pub(super) const ALL: [RangeInclusive<u64>; 6] = [SOUND, PATHS, SAID, ELSEWHERE, COUNTED, KEPT];

/// The verdict of a law on a scenario: what breaks it, if anything.
type Verdict = Result<(), String>;

/// Holds a law against the worlds of these numbers. Every world must be sound, so that no law holds of nothing.
fn hold(numbers: RangeInclusive<u64>, law: impl Fn(&str, &Built) -> Verdict) {
    // Overflow and a broken assertion of the engine break every law.
    let breaks = |text: &str| -> Option<String> {
        let judge = || law(text, &load_model_text("world.ron", text, &[]).ok()?.built).err();
        catch_unwind(AssertUnwindSafe(judge))
            .unwrap_or_else(|panic| panic.downcast_ref::<String>().cloned().or(Some("it panics".to_owned())))
    };
    for number in numbers {
        let text = world(number).text();
        if let Some(how) = breaks(&text) {
            let (text, small) = smallest(&text, breaks);
            panic!("world {number}: {how}\nas small as it gets: {small}\n{text}");
        }
        // Not in the way of the law: to read a scenario that is sound costs less than to run it.
        let _ = compiled(&text);
    }
}

fn ensure(holds: bool, how: impl FnOnce() -> String) -> Verdict {
    if holds { Ok(()) } else { Err(how()) }
}

/// A figure, if it has a value.
fn some(results: &Results, path: &str) -> Option<f64> {
    results.figure(path).and_then(|figure| figure.estimate)
}

fn conserved(results: &Results) -> Verdict {
    for id in results.texts.flows.keys() {
        let count = |what: &str| value(results, &format!("flows.{id}.{what}"));
        let parts = count("delivered") + count("under_way") + count("lost");
        ensure((count("released") - parts).abs() < 1e-9, || format!("{id} releases what goes nowhere"))?;
        if count("released") == 0.0 || count("under_way") + count("lost") > 0.0 {
            continue;
        }
        // Everybody came through: all means are of the same shipments.
        let life = count("clocks.door-to-door.mean");
        let near = |sum: f64| (sum - life).abs() < 1e-6 * life.max(1.0);
        let sum =
            Category::ALL.iter().map(|category| count(&format!("categories.{}", category.name()))).sum();
        ensure(near(sum), || format!("{id}: {sum} h in categories, {life} h of life"))?;
        let clock = |id_of: &str| some(results, &format!("flows.{id}.clocks.{id_of}.mean"));
        if let (Some(before), Some(after)) = (clock("before"), clock("after")) {
            ensure(near(before + after), || format!("{id}: {before} h and {after} h of {life} h"))?;
        }
    }
    Ok(())
}

/// What departures and connections come to.
fn departures_add_up(results: &Results) -> Verdict {
    for id in results.texts.services.keys() {
        let figure = |rest: &str| some(results, &format!("services.{id}.{rest}"));
        let (Some(full), Some(none_left)) = (figure("full_share"), figure("none_left_share")) else {
            continue;
        };
        ensure(full >= 1.0 - none_left - 1e-9, || format!("{id} leaves something behind and is not full"))?;
        let (waiting, load, left) = (figure("waiting.mean"), figure("load.mean"), figure("left_behind.mean"));
        if let (Some(waiting), Some(load), Some(left)) = (waiting, load, left) {
            // One that is split boards and stays behind.
            let near = waiting <= load + left + 1e-9 && waiting >= load.max(left) - 1e-9;
            ensure(near, || format!("{id}: of {waiting} waiting {load} board and {left} stay"))?;
        }
    }
    for path in results.metrics.keys() {
        let Some(stage) = path.strip_suffix(".missed_share") else { continue };
        let (missed, rolled) = (some(results, path), some(results, &format!("{stage}.rollover_share")));
        ensure(missed >= rolled, || format!("{stage}: {missed:?} miss and {rolled:?} are rolled over"))?;
    }
    Ok(())
}

#[test]
fn worlds_are_sound_and_add_up() {
    hold(SOUND, |_, built| {
        let results = attempt(built, 2)?;
        conserved(&results)?;
        departures_add_up(&results)?;
        ensure(results.invariants.values().all(|outcome| outcome.violated == 0), || "violations".to_owned())?;
        for promise in results.promises.values() {
            ensure(promise.kept + promise.unfinished + promise.lost <= promise.of, || "too many".to_owned())?;
        }
        let kept = |id: &str| results.promises.get(id).map_or(0, |promise| promise.kept);
        ensure(kept("p0") <= kept("p1") && kept("p1") <= kept("p2") && kept("p3") <= kept("p4"), || {
            "a wider promise keeps less".to_owned()
        })
    });
}

#[test]
fn threads_and_quicker_paths_change_nothing() {
    hold(PATHS, |_, built| {
        let once = json(&attempt(built, 1)?);
        ensure(once == json(&attempt(built, 2)?), || "two threads differ".to_owned())?;
        let mut slower = built.clone();
        slower.model.programs.unfuse();
        ensure(once == json(&attempt(&slower, 2)?), || "step by step differs".to_owned())?;
        let quick = replicate(&built.model, built.seed, 0).map_err(|violation| format!("{violation:?}"))?;
        let plain = replicate_observed(&built.model, built.seed, 0, InOrder::default());
        let (plain, _) = plain.map_err(|violation| format!("{violation:?}"))?;
        let [quick, plain] = [quick, plain].map(|mut outcome| {
            without_the_end(&mut outcome);
            format!("{outcome:?}")
        });
        let differs = quick.split(", ").zip(plain.split(", ")).find(|(one, other)| one != other);
        ensure(quick == plain, || format!("ahead of the clock differs: {differs:?}"))
    });
}

/// What is left out where nobody asks for times moves no count.
#[test]
fn counts_of_promises_are_the_same_without_times() {
    hold(COUNTED, |_, built| {
        for replication in 0..2 {
            let whole = replicate(&built.model, 5, replication).map_err(|broken| broken.to_string())?;
            let counted = Prepared::new(&built.model).count_promises(5, replication);
            let counted = counted.map_err(|broken| broken.to_string())?;
            let (whole, counted) = (format!("{:?}", whole.promises), format!("{counted:?}"));
            ensure(whole == counted, || format!("{counted}\ninstead of {whole}"))?;
        }
        Ok(())
    });
}

/// What is kept of a replication is all of it: the outcome that is read back is the one that was written.
#[test]
fn outcomes_survive_their_pieces() {
    hold(KEPT, |_, built| {
        let outcome = replicate(&built.model, 5, 0).map_err(|broken| broken.to_string())?;
        let key = PieceKey { model: built.digest.clone(), seed: 5, replication: 0, part: Part::Whole };
        let bytes = encode(&key, &outcome).map_err(|error| error.to_string())?;
        let read: Outcome = decode(&key, &bytes).map_err(|damage| damage.to_string())?;
        let (written, read) = (format!("{outcome:?}"), format!("{read:?}"));
        let differs = written.split(", ").zip(read.split(", ")).find(|(one, other)| one != other);
        ensure(written == read, || format!("another outcome is read: {differs:?}"))
    });
}

/// Every map and every list of fields the other way round.
fn reversed(text: &str) -> String {
    let mut tree = tree_of(text);
    visit(&mut tree, &mut |value| match value {
        Value::Struct { fields, .. } => fields.reverse(),
        Value::Map(entries) => entries.reverse(),
        _ => {}
    });
    print(&tree)
}

/// Every time in other units: minutes as days, hours, minutes, seconds and milliseconds; shares as numbers; TEU as FEU.
fn respelt(text: &str) -> String {
    let mut tree = tree_of(text);
    let mut n = 0;
    visit(&mut tree, &mut |value| {
        let Value::Text(text) = value else { return };
        let number = |unit: &str| text.strip_suffix(unit).and_then(|number| number.parse::<u64>().ok());
        n += 1;
        if let Some(minutes) = number("min") {
            *text = match n % 5 {
                0 => format!("{}ms", minutes * 60_000),
                1 => format!("{}s", minutes * 60),
                2 => format!("{}h {}min", minutes / 60, minutes % 60),
                3 => format!("{}d {}h {}min 0s", minutes / 1440, minutes / 60 % 24, minutes % 60),
                _ => format!("{}min {}s", minutes - minutes.min(1), 60 * minutes.min(1)),
            };
        } else if let Some(days) = number("d") {
            *text = format!("{}h", days * 24);
        } else if let Some(percent) = number("%") {
            *value = Value::Number(format!("{}.{:02}", percent / 100, percent % 100));
        } else if let Some(teu) = number(" TEU") {
            *text = format!("{} FEU", teu as f64 / 2.0);
        }
    });
    print(&tree)
}

/// Other words for readers everywhere.
fn retitled(text: &str) -> String {
    let mut tree = tree_of(text);
    let words = tree_of(r#"(title: "Another", name: (zh: "别的", en: "Other"), note: "a note")"#);
    let Value::Struct { fields: words, .. } = words.value else { unreachable!("it is an object") };
    let Value::Struct { fields, .. } = &mut tree.value else { unreachable!("a scenario is an object") };
    fields.retain(|(key, _)| key.text != "title");
    fields.push(words[0].clone());
    for (key, section) in fields {
        let Value::Map(entries) = &mut section.value else { continue };
        for (_, entry) in entries {
            let Value::Struct { fields, name: None } = &mut entry.value else { continue };
            fields.push(words[2].clone());
            if !matches!(key.text.as_str(), "calendars" | "procedures" | "clocks") {
                fields.push(words[1].clone());
            }
        }
    }
    print(&tree)
}

#[test]
fn the_same_said_otherwise_is_the_same() {
    hold(SAID, |text, built| {
        let once = json(&attempt(built, 2)?);
        let same = |what: &str, other: &str| -> Verdict {
            let built_other =
                load_model_text("other.ron", other, &[]).map_err(|issues| format!("{what}: {issues}"))?.built;
            ensure(built.digest == built_other.digest, || format!("{what}: another digest"))?;
            ensure(once == json(&attempt(&built_other, 2)?), || format!("{what}: other results"))
        };
        let printed = print(&tree_of(text));
        ensure(print(&tree_of(&printed)) == printed, || "printed twice it differs".to_owned())?;
        same("printed", &printed)?;
        same("reversed", &reversed(text))?;
        same("respelt", &respelt(text))?;
        let titled = retitled(text);
        let titled = load_model_text("titled.ron", &titled, &[]).map_err(|issues| issues.to_string())?.built;
        ensure(built.digest == titled.digest, || "words for readers change the digest".to_owned())?;
        // A promise carries its name beside its numbers.
        let numbers = |built: &Built| -> Result<_, String> {
            let mut numbers = numbers_without(&attempt(built, 2)?, &[]);
            numbers.retain(|path, _| !path.starts_with("promise."));
            Ok(numbers)
        };
        ensure(numbers(built)? == numbers(&titled)?, || "words for readers change numbers".to_owned())
    });
}

/// Things that stand alone, by section: a place with a desk that opens, breaks and is closed, a line, a road and a flow.
const ALONE: [(&str, &str, &str); 9] = [
    ("nodes", "place", r#"(zone: "Asia/Tokyo")"#),
    ("nodes", "beyond", "()"),
    ("regimes", "mood", r#"(period: "1d", persistence: 0.5, states: { "one": 0.5, "two": 0.5 })"#),
    (
        "resources",
        "desk",
        r#"(at: "?place", servers: 2, open: Daily("06:00-20:00"), at_closing: Pause, breakdowns: (up: Exponential(mean: "9h"), down: Exponential(mean: "1h")))"#,
    ),
    (
        "services",
        "line",
        r#"(mode: Sea, stops: ["?place", "?beyond"], departs: Every(period: "5h"), capacity: "9 TEU", running: [Exponential(mean: "9d")], delay: Exponential(mean: "1h"), cancelled: "20%")"#,
    ),
    ("connections", "road", r#"(from: "?beyond", to: "?place", time: Exponential(mean: "1h"))"#),
    (
        "flows",
        "solo",
        r#"(arrivals: Poisson(mean: 1, per: "2h"), size: Uniform(min: "1 TEU", max: "2 TEU"), steps: [
            Work(resource: "?desk", time: Exponential(mean: "1h"), id: "work"),
            Regime(regime: "?mood", times: { "one": "1h", "two": "5h" }, id: "wait"),
            Ride(service: "?line", id: "ride"), Haul("?road")])"#,
    ),
    ("promises", "fast", r#"(flows: ["?solo"], within: "9d")"#),
    (
        "disruptions",
        "strike",
        r#"(targets: [Resource("?desk")], when: Strikes(mean: 1, per: "2d", length: "3h"), effect: Close)"#,
    ),
];

/// A world with the lonely things, their ids made of these prefixes, in the order of [`ALONE`].
fn joined(base: &Lane, prefix: impl Fn(&str) -> String) -> Lane {
    let mut more = base.clone();
    for (section, id, body) in ALONE {
        let mut body = body.to_owned();
        for (_, id, _) in ALONE {
            body = body.replace(&format!("\"?{id}\""), &format!("\"{}{id}\"", prefix(id)));
        }
        more.add(section, &format!("{}{id}", prefix(id)), &body);
    }
    more
}

#[test]
fn what_is_added_or_renamed_elsewhere_is_not_felt() {
    for number in ELSEWHERE {
        let base = world(number);
        println!("world {number}\n{}", base.text());
        let results = |lane: &Lane| {
            attempt(&compiled(&lane.text()), 2).unwrap_or_else(|error| panic!("{number}: {error}"))
        };
        let alone = numbers_without(&results(&base), &[]);
        let prefixes = ["a", "zz"];
        // One of the things is named otherwise, and then draws otherwise.
        let (_, renamed, _) = ALONE[(number % 9) as usize];
        let mut runs = Vec::new();
        for prefix in prefixes {
            let own: Vec<String> = ALONE.iter().map(|(_, id, _)| format!("{prefix}-{id}")).collect();
            let joined = results(&joined(&base, |_| format!("{prefix}-")));
            let own: Vec<&str> = own.iter().map(String::as_str).collect();
            crate::shared::assert_same(&alone, &numbers_without(&joined, &own));
            runs.push(joined);
        }
        let mixed =
            results(&joined(&base, |id| if id == renamed { "zz-".to_owned() } else { "a-".to_owned() }));
        let own: Vec<String> =
            ALONE.iter().flat_map(|(_, id, _)| [format!("a-{id}"), format!("zz-{id}")]).collect();
        let own: Vec<&str> = own.iter().map(String::as_str).collect();
        crate::shared::assert_same(&alone, &numbers_without(&mixed, &own));
        // The luck goes by the name: that of the flow is the same unless it or what it meets has been renamed. Nodes name legs.
        let print = |results: &Results, prefix: &str| results.fingerprint.flows[&format!("{prefix}-solo")];
        let prefix = if renamed == "solo" { "zz" } else { "a" };
        let same = print(&mixed, prefix) == print(&runs[0], "a");
        let harmless = renamed == "fast";
        assert_eq!(same, harmless, "world {number}: `{renamed}` has another name");
    }
}

/// Waits at the desk, by number of the shipment.
#[derive(Default)]
struct Waits(Vec<(u64, i64)>);

impl Observer for Waits {
    fn service_started(&mut self, at: &ServiceStart) {
        self.0.push((at.number, at.started_at - at.requested_at));
    }
}

/// Arrivals and times of work are drawn by the number of the shipment, so that they are the same with any number of servers.
#[test]
fn more_servers_at_a_station_never_lengthen_a_wait() {
    let mut n_shorter = 0;
    for number in 1..=60 {
        let mut dice = Dice::new(number);
        let arrivals = dice.one(&[
            "Poisson(mean: 1, per: \"20min\")",
            "Regular(every: \"1h\", batch: Discrete([(value: 1, weight: 1), (value: 5, weight: 1)]))",
            "Renewal(gap: Gamma(mean: \"25min\", cv: 2))",
            "At([\"0h\", \"0h\", \"0h\", \"1h\", \"1h\", \"2h\", \"7h\", \"7h\", \"8h\"])",
        ]);
        let time = dice.one(&[
            "Exponential(mean: \"40min\")",
            "\"1h\"",
            "LogNormal(mean: \"50min\", cv: 2)",
            "Discrete([(value: \"0h\", weight: 1), (value: \"2h\", weight: 1)])",
        ]);
        let mut before: Option<Vec<(u64, i64)>> = None;
        for servers in 1..=5 {
            let text = format!(
                r#"(schema: 1, name: "station", start: "2025-01-06T00:00[UTC]",
                run: (measure: "5d", drain: "200d", arrivals_until: MeasureEnd, replications: 1, seed: {number}),
                nodes: {{ "gate": () }}, resources: {{ "desk": (at: "gate", servers: {servers}) }},
                flows: {{ "boxes": (arrivals: {arrivals}, steps: [Work(resource: "desk", time: {time})]) }})"#
            );
            let built = compiled(&text);
            let (_, mut waits) =
                replicate_observed(&built.model, built.seed, 0, Waits::default()).expect("a sound run");
            waits.0.sort_unstable();
            if let Some(before) = &before {
                assert_eq!(before.len(), waits.0.len(), "{text}");
                for (one, other) in before.iter().zip(&waits.0) {
                    assert!(
                        one.0 == other.0 && one.1 >= other.1,
                        "shipment {}: {} ms, then {} ms\n{text}",
                        one.0,
                        one.1,
                        other.1
                    );
                    n_shorter += u64::from(one.1 > other.1);
                }
            }
            before = Some(waits.0);
        }
    }
    assert!(n_shorter > 1000, "only {n_shorter} waits became shorter: this shows nothing");
}
