//! Every claim of the page against the results it was made of, for hand-made results of many kinds: no data, one lane or several,
//! ties, shares of exactly 0 and 1, times of seconds and for ever, names that are missing, long, or hostile.

mod held;

use std::collections::BTreeMap;

use sanda_results::{
    AssumedMix, DatedDisruption, Figure, InputShares, Promise, RangeEnds, Recovery, Remark, Results, Route,
    ShareRange, Text, Verdict,
};

/// Numbers that look like chance: the same in every run.
struct Dice(u64);

impl Dice {
    fn next(&mut self, n: usize) -> usize {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((word ^ (word >> 31)) % n as u64) as usize
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.next(n) == 0
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.next(all.len())]
    }

    /// A share with or without an interval. Few values, so that there are ties.
    fn share(&mut self) -> Figure {
        let share = self.of(&[0.0, 0.000_4, 0.3, 0.5, 0.5, 0.745, 0.899_6, 0.9, 0.900_4, 0.999_6, 1.0, 1.0]);
        let half = self.of(&[0.0, 0.000_3, 0.012, 0.2]);
        match self.next(6) {
            0 => Figure::plain(share),
            1 => Figure::undefined(Remark::NoObservations),
            _ => Figure::from_parts(share, Some(((share - half).max(0.0), (share + half).min(1.0))), 40),
        }
    }

    /// A time of milliseconds to weeks, or none, or for ever.
    fn time(&mut self) -> Figure {
        let hours = self.of(&[0.0, 0.000_2, 0.004, 1.0 / 60.0, 0.4, 0.999, 3.0, 3.0, 71.96, 72.04, 340.8]);
        let half = self.of(&[0.0, 0.000_01, 0.02, 5.0]);
        match self.next(8) {
            0 => Figure::from_parts(f64::INFINITY, None, 40),
            1 => Figure::undefined(Remark::NoObservations),
            2 => Figure::plain(hours),
            _ => Figure::from_parts(hours, Some(((hours - half).max(0.0), hours + half)), 40),
        }
    }

    fn name(&mut self, what: &str, n: usize) -> Text {
        match self.next(8) {
            0 => Text::new(format!("<b>{what}</b>&\"{n}\""), format!("<i>{what}</i> & '{n}'")),
            1 => Text::new(
                format!("{}{n}号", "很长的名字".repeat(20)),
                format!("{} {n}", "a long name".repeat(20)),
            ),
            2 => Text::new(format!("מסוף {what}{n}"), format!("محطة {what} {n}")),
            3 => Text::same(format!("{what} {n}")),
            _ => Text::new(format!("{what}之{n}"), format!("{what} number {n}")),
        }
    }
}

fn judge(share: &Figure, target: f64) -> Verdict {
    held::verdict(share, target)
}

/// Results of many kinds.
fn varied(seed: u64) -> Results {
    let mut results = Results::from_json(include_str!("world.json")).expect("the test's results");
    let mut dice = Dice(seed);
    let model = results.promises["rail"].clone();
    results.promises.clear();
    results.metrics.clear();
    results.stage_order.clear();
    results.distributions.clear();
    results.scenario.replications = dice.of(&[1, 2, 40]);
    let texts = &mut results.texts;
    (texts.flows, texts.resources, texts.services, texts.stages) = Default::default();
    let flows: Vec<String> = (0..dice.next(6)).map(|n| format!("lane-no-{n}")).collect();
    let stages = ["pick-up", "sea-leg.wait", "sea-leg.legs.a--b", "gate-out"];
    for (n, flow) in flows.iter().enumerate() {
        if !dice.one_in(4) {
            results.texts.flows.insert(flow.clone(), dice.name("线路", n));
        }
        let mut put =
            |rest: &str, figure: Figure| results.metrics.insert(format!("flows.{flow}.{rest}"), figure);
        let released = dice.of(&[0.0, 1.0, 0.02, 4014.2]);
        let lost = dice.of(&[0.0, 0.0, 0.01 * released]);
        put("released", Figure::plain(released));
        put("delivered", Figure::plain(released - lost));
        put("under_way", Figure::plain(0.0));
        put("lost", Figure::plain(lost));
        for statistic in ["mean", "p50", "p90", "p95"] {
            put(&format!("clocks.door-to-door.{statistic}"), dice.time());
        }
        for stage in stages {
            put(&format!("stages.{stage}.share"), Figure::plain(1.0));
            put(&format!("stages.{stage}.mean"), dice.time());
            for category in ["moving", "server", "timetable", "rolled", "inspection", "cargo"] {
                let hours = dice.of(&[0.0, 0.001, 1.0, 1.0, 2.0, 33.5, 66.5]);
                put(&format!("stages.{stage}.categories.{category}"), Figure::plain(hours));
            }
        }
        put("stages.sea-leg.missed_share", dice.share());
        put("stages.sea-leg.rollover_share", dice.share());
        let ways: Vec<String> = (0..dice.next(4)).map(|n| format!("by-way-{n}")).collect();
        if ways.len() > 1 {
            for way in &ways {
                put(&format!("itineraries.{way}.share"), dice.share());
                put(&format!("itineraries.{way}.door-to-door.mean"), dice.time());
                put(&format!("itineraries.{way}.door-to-door.p90"), dice.time());
            }
        }
        let places = ["khorgos-dry", "alashankou", "suez-canal"];
        let route = |dice: &mut Dice| Route {
            share: dice.of(&[0.0, 0.5, 1.0]),
            expected_hours: dice.of(&[0.0, 0.01, 340.0]),
            borders: places.iter().filter(|_| dice.one_in(2)).map(|place| (*place).to_owned()).collect(),
            services: vec!["train-no-1".to_owned()],
            ..Route::default()
        };
        let routes = ways.iter().map(|way| (way.clone(), route(&mut dice))).collect();
        results.routes.insert(flow.clone(), routes);
        results.stage_order.insert(flow.clone(), stages.map(str::to_owned).to_vec());
    }
    if dice.one_in(5) {
        results.background.extend(flows.first().cloned());
    }
    promises(&mut dice, &mut results, &model, &flows);
    for n in 0..dice.next(26) {
        let id = format!("desk-no-{n}");
        if !dice.one_in(4) {
            results.texts.resources.insert(id.clone(), dice.name("资源", n));
        }
        let mut put =
            |rest: &str, figure: Figure| results.metrics.insert(format!("resources.{id}.{rest}"), figure);
        if !dice.one_in(4) {
            put("utilisation", dice.share());
        }
        put("wait.mean", dice.time());
        put("wait.p95", dice.time());
        put("no_wait_share", dice.share());
        put("patience_lost", Figure::plain(dice.of(&[0.0, 0.0, 3.0])));
        put("patience_lost_share", dice.share());
        put("lost", Figure::plain(dice.of(&[0.0, 0.0, 3.0])));
    }
    let is_calm = dice.one_in(4);
    for n in 0..dice.next(5) {
        let id = format!("train-no-{n}");
        if !dice.one_in(4) {
            results.texts.services.insert(id.clone(), dice.name("班次", n));
        }
        let mut put =
            |rest: &str, figure: Figure| results.metrics.insert(format!("services.{id}.{rest}"), figure);
        let first = if is_calm { Figure::plain(dice.of(&[1.0, 1.0, 0.97])) } else { dice.share() };
        put("first_departure_share", first);
        put("departures", Figure::plain(dice.of(&[1.0, 365.0])));
        put("full_share", dice.share());
        put("wait.mean", dice.time());
        put("gap.mean", dice.time());
        put("gap.sd", dice.time());
    }
    results
}

/// Promises on some of the flows.
fn promises(dice: &mut Dice, results: &mut Results, model: &Promise, flows: &[String]) {
    for n in 0..dice.next(5) {
        let covered: Vec<String> = flows.iter().filter(|_| !dice.one_in(3)).cloned().collect();
        let target = dice.of(&[0.9, 0.9, 0.5, 1.0]);
        let share = if covered.is_empty() { Figure::undefined(Remark::NoObservations) } else { dice.share() };
        let by_flow = |dice: &mut Dice, of: &[String]| {
            let shares = of.iter().map(|flow| (flow.clone(), dice.share()));
            let shares: Vec<(String, Figure)> = shares.collect();
            shares.into_iter().filter(|_| !dice.one_in(6)).collect()
        };
        let by_flow = if covered.len() > 1 { by_flow(dice, &covered) } else { BTreeMap::new() };
        let achievable = model.achievable.iter().map(|one| {
            let mut one = *one;
            one.within_hours = dice.time();
            one
        });
        let achievable = achievable.collect();
        let months = (0..dice.next(5)).map(|month| (format!("2025-{:02}", month + 1), dice.share()));
        let by_month = months.collect();
        let mut promise = Promise {
            name: dice.name("承诺", n),
            verdict: judge(&share, target),
            flows: covered,
            limit_hours: Some(dice.of(&[1.0 / 120.0, 0.5, 24.0, 360.0])),
            kept: 0,
            of: u64::from(share.value().is_some()) * 1000,
            unfinished: dice.of(&[0, 0, 1, 7]),
            lost: dice.of(&[0, 0, 1]),
            design_effect: Some(dice.of(&[1.0, 5.0, 900.0])),
            target,
            share,
            by_flow,
            by_month,
            achievable,
            ..model.clone()
        };
        if dice.one_in(3) {
            let points = dice.of(&[1, 2, 12, 24]);
            let range = |dice: &mut Dice| {
                let low = dice.of(&[0.0, 0.02, 0.4, 0.899_6]);
                let high: f64 = if points == 1 { low } else { low + dice.of(&[0.0, 0.05, 0.1, 0.6]) };
                let kept_points = dice.of(&[0, points / 3, points]);
                let stated = dice.of(&[0.0, 0.3, 0.95]);
                ShareRange { low, high: high.min(1.0), kept_points, stated }
            };
            let (parameters, by_flow) = (dice.of(&[1, 40, 1141]), promise.flows.clone());
            promise.inputs = Some(InputShares {
                share: range(dice),
                ends: if points < 20 { RangeEnds::LowestHighest } else { RangeEnds::Percentiles },
                by_flow: by_flow.into_iter().map(|flow| (flow, range(dice))).collect(),
                points,
                parameters,
                unknowns: parameters.min(dice.of(&[1, 7, 40])),
            });
        }
        let lanes: Vec<(&String, f64)> =
            promise.by_flow.iter().filter_map(|(flow, share)| Some((flow, share.estimate?))).collect();
        if lanes.len() > 1 && dice.one_in(2) {
            let end = |order: fn(f64, f64) -> bool| {
                lanes.iter().copied().reduce(|one, other| if order(other.1, one.1) { other } else { one })
            };
            let (lowest, low) = end(|a, b| a < b).expect("a lane");
            let (highest, high) = end(|a, b| a > b).expect("a lane");
            promise.assumed_mix = Some(AssumedMix {
                lanes: lanes.len() as u32,
                assumed: 1 + dice.next(lanes.len()) as u32,
                lowest: lowest.clone(),
                low,
                highest: highest.clone(),
                high,
            });
        }
        if dice.one_in(2) {
            let undisturbed = dice.of(&[0.9, 0.004]);
            let lowest = undisturbed * dice.of(&[0.0, 0.5, 0.95]);
            let recovery = Recovery {
                days: Figure::plain(dice.of(&[0.0, 1.0, 13.5, f64::INFINITY])),
                backlog_days: Figure::plain(dice.of(&[0.0, 1.0, f64::INFINITY])),
                is_felt: lowest < 0.9 * undisturbed,
                undisturbed,
                floor: 0.9 * undisturbed,
                ceiling: 120.0,
                lowest,
                lowest_week: "2025-W11".to_owned(),
            };
            promise.recovery.insert("closed-border".to_owned(), recovery);
            let disruption = DatedDisruption {
                name: Text::new("关闭", "Closed"),
                days: vec![[63.0, 68.0]],
                dates: Vec::new(),
            };
            results.disruptions.insert("closed-border".to_owned(), disruption);
        }
        results.promises.insert(format!("promise-no-{n}"), promise);
    }
}

#[test]
fn pages_of_many_kinds_claim_what_is_so() {
    for seed in 0..120 {
        held::hold(&varied(seed), &format!("seed {seed}"));
    }
}

#[test]
fn the_page_of_the_small_world_claims_what_is_so() {
    let results = Results::from_json(include_str!("world.json")).expect("the test's results");
    held::hold(&results, "world");
}

/// The checks see what they are for: a page that claims something else is found out.
#[test]
fn false_claims_are_seen() {
    assert!(
        held::is_percent("90", 0.899_6)
            && held::is_percent("99.96", 0.999_6)
            && held::is_percent("<0.001", 1e-9)
    );
    assert!(
        !held::is_percent("100", 0.999_6) && !held::is_percent("0", 0.000_4) && !held::is_percent("89", 0.9)
    );
    assert!(
        held::rounds_to("340", 344.0) && held::rounds_to("<0.01", 0.004) && held::rounds_to("1,234", 1233.7)
    );
    assert!(
        held::rounds_up_to("3.13", 3.125) && held::rounds_up_to("350", 344.0) && held::rounds_up_to("3", 3.0)
    );
    assert!(!held::rounds_up_to("3.12", 3.125) && !held::rounds_up_to("3.14", 3.125));
    assert!(!held::rounds_to("340", 346.0) && !held::rounds_to("0", 0.004) && !held::rounds_to("3.0", 3.1));
    assert_eq!((held::said("达标2，未达标24", "达标"), held::said("达标2，未达标24", "未达标")), (2, 24));
    assert_eq!(held::said("未达标24", "达标"), 0);
    // Another's page: the sentences are not of these results.
    let mut results = Results::from_json(include_str!("world.json")).expect("the test's results");
    let page = sanda_report::report_html(&results);
    results.promises.get_mut("rail").expect("a promise").share =
        Figure::from_parts(0.5, Some((0.4, 0.6)), 40);
    let found = held::false_claims(&page, &results, "another");
    assert!(found.iter().any(|claim| claim.contains("0.5 as 未达标。86%")), "{found:?}");
}

/// Two lanes, a sum over them that rests on an assumed mix, and a promise of one; all with draws.
fn drawn() -> Results {
    let mut results = Results::from_json(include_str!("world.json")).expect("the test's results");
    let share = |share: f64| Figure::from_parts(share, Some((share - 0.02, share + 0.02)), 36);
    let range = |low, high, kept_points, stated| ShareRange { low, high, kept_points, stated };
    let model = results.promises["rail"].clone();
    results.promises.clear();
    let near = range(0.52, 0.97, 9, 0.93);
    let inputs = |share: ShareRange, by_flow: &[(&str, ShareRange)]| InputShares {
        share,
        ends: RangeEnds::Percentiles,
        by_flow: by_flow.iter().map(|(flow, share)| ((*flow).to_owned(), *share)).collect(),
        points: 24,
        parameters: 1141,
        unknowns: 173,
    };
    let sum = Promise {
        name: Text::new("两线合计", "Both lanes"),
        flows: vec!["lane-near".to_owned(), "lane-far".to_owned()],
        share: share(0.64),
        verdict: Verdict::Broken,
        by_flow: [("lane-near", 0.95), ("lane-far", 0.33)]
            .map(|(flow, kept)| (flow.to_owned(), share(kept)))
            .into(),
        inputs: Some(inputs(
            range(0.22, 0.58, 3, 0.63),
            &[("lane-near", near), ("lane-far", range(0.04, 0.41, 0, 0.3))],
        )),
        assumed_mix: Some(AssumedMix {
            lanes: 2,
            assumed: 2,
            lowest: "lane-far".to_owned(),
            low: 0.33,
            highest: "lane-near".to_owned(),
            high: 0.95,
        }),
        ..model.clone()
    };
    let one = Promise {
        name: Text::new("近线", "Near lane"),
        flows: vec!["lane-near".to_owned()],
        share: share(0.95),
        verdict: Verdict::Kept,
        by_flow: BTreeMap::new(),
        inputs: Some(inputs(near, &[])),
        ..model
    };
    results.promises.extend([("both".to_owned(), sum), ("near".to_owned(), one)]);
    results
}

/// A wrong number of draws, a wrong end, a wrong mix, a remark that is missing or made up: each is found out, wherever it stands.
#[test]
fn planted_claims_about_draws_and_mixes_are_seen() {
    let results = drawn();
    let (page, summary) = (sanda_report::report_html(&results), sanda_report::summary_text(&results));
    let found = |page: &str, summary: &str| held::false_claims_of(page, summary, &results, "planted");
    assert_eq!(found(&page, &summary), Vec::<String>::new());
    // What explains the words speaks of no data.
    let guide = page.find(r#"id="reading""#).expect("a guide");
    for (said, planted) in [
        ("24次抽样中3次达标", "24次抽样中无一达标"),
        ("kept in 3 of 24 draws", "kept in none of 24 draws"),
        ("抽样24次，不计偶然性：", "抽样240次，不计偶然性："),
        ("出自173个假设", "出自17个假设"),
        ("的第5至第95百分位为22%—58%", "最低22%，最高58%"),
        ("百分位为22%—58%", "百分位为22%—68%"),
        ("percentile of the shares is 22 to 58 %", "percentile of the shares is 12 to 58 %"),
        ("按给定取值算得的结果高于这一范围：", "按给定取值算得的结果在这一范围之内："),
        ("lies above this range", "lies below this range"),
        ("用时大多变长", "用时大多变短"),
        ("✓ 0/24", "✓ 1/24"),
        ("4–41%", "4–31%"),
        ("（共2条线路）", "（共3条线路）"),
        ("从33%到95%不等", "从33%到85%不等"),
        ("keep from 33 % to 95 %", "keep from 43 % to 95 %"),
    ] {
        for (n, (at, _)) in page[..guide].match_indices(said).enumerate() {
            let wrong = format!("{}{planted}{}", &page[..at], &page[at + said.len()..]);
            assert!(!found(&wrong, &summary).is_empty(), "{planted} in place {n} is not seen");
        }
        assert!(page[..guide].contains(said), "{said} is not on the page");
    }
    for (said, planted) in [
        ("✓ 3/24", "✓ 0/24"),
        ("抽样24次，不计偶然性", "抽样8次，不计偶然性"),
        ("的第5和第95百", "的最低和最高百"),
        ("结果高于抽样范围：两线合计", "结果低于抽样范围：两线合计"),
        ("结果高于抽样范围：两线合计", "结果高于抽样范围：两线合计、近线"),
        ("33%—95%", "43%—95%"),
    ] {
        assert!(summary.contains(said), "{said} is not in\n{summary}");
        let wrong = summary.replacen(said, planted, 1);
        assert!(!found(&page, &wrong).is_empty(), "{planted} is not seen");
    }
    // And the other way round: the page stays, what it speaks of does not.
    let changes: [fn(&mut Promise); 6] = [
        |promise| promise.inputs.as_mut().expect("draws").share.kept_points = 0,
        |promise| promise.inputs.as_mut().expect("draws").share.high = 0.7,
        |promise| promise.inputs.as_mut().expect("draws").points = 23,
        |promise| promise.inputs = None,
        |promise| promise.assumed_mix = None,
        |promise| promise.assumed_mix.as_mut().expect("a mix").assumed = 1,
    ];
    for (n, change) in changes.into_iter().enumerate() {
        let mut other = results.clone();
        change(other.promises.get_mut("both").expect("the sum"));
        let found = held::false_claims_of(&page, &summary, &other, "changed");
        assert!(!found.is_empty(), "change {n} is not seen");
    }
}
