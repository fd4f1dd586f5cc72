//! The HTML report of one small run and of runs at the edges: well formed, complete in itself, worded in both languages, deaf to what
//! hostile names say, and the same for the same results.

use std::collections::BTreeMap;

use sanda_report::report_html;
use sanda_results::{
    Basis, BasisCount, Confidence, DatedDisruption, Figure, InputShares, RangeEnds, Recovery, Results, Route,
    ShareRange, SourcedParameter, Text,
};

fn world() -> Results {
    Results::from_json(include_str!("world.json")).expect("the test's results")
}

/// The page as XML: HTML's void elements are closed and its document type, which XML reads otherwise, is dropped.
fn as_xml(page: &str) -> String {
    let mut xml = page.strip_prefix("<!DOCTYPE html>").expect("a document type").to_owned();
    for element in ["meta", "input"] {
        let mut closed = String::new();
        for (n, part) in xml.split(&format!("<{element} ")).enumerate() {
            if n == 0 {
                closed.push_str(part);
            } else {
                closed.extend(["<", element, " ", &part.replacen('>', "/>", 1)]);
            }
        }
        xml = closed;
    }
    xml
}

/// Checks what every page must have, and returns its words as people read them, one element's text a line.
fn check(results: &Results) -> String {
    let page = report_html(results);
    assert_eq!(page, report_html(results), "the same bytes twice");
    for reference in ["http:", "https:", "//www", "url(", "@import", " src="] {
        assert!(!page.contains(reference), "the page refers to {reference}");
    }
    let xml = as_xml(&page);
    let document = roxmltree::Document::parse(&xml).unwrap_or_else(|error| panic!("{error}"));
    let mut ids = Vec::new();
    let mut links = Vec::new();
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        if let Some(id) = node.attribute("id") {
            assert!(!ids.contains(&id), "`{id}` stands twice");
            ids.push(id);
        }
        links.extend(node.attribute("href"));
        for (class, lang) in [("zh", "zh-Hans"), ("en", "en")] {
            let is_one =
                node.attribute("class").is_some_and(|names| names.split(' ').any(|name| name == class));
            assert!(!is_one || node.attribute("lang") == Some(lang), "{class} text without its language");
        }
    }
    for link in links {
        let target = link.strip_prefix('#').unwrap_or_else(|| panic!("`{link}` leads out of the page"));
        assert!(ids.contains(&target), "`{link}` leads nowhere");
    }
    let words = document.descendants().filter(|node| {
        let hidden = node.ancestors().any(|above| ["style", "script"].contains(&above.tag_name().name()));
        node.is_text() && !hidden
    });
    words.filter_map(|node| node.text()).map(|text| text.trim().to_owned() + "\n").collect()
}

fn has(words: &str, expected: &[&str]) {
    for phrase in expected {
        assert!(words.contains(phrase), "`{phrase}` is not in\n{words}");
    }
}

#[test]
fn the_verdicts_lead_in_both_languages() {
    let words = check(&world());
    has(
        &words,
        &[
            "4项承诺：达标1，未达标2，不确定1。",
            "4 promises: 1 kept, 2 not kept, 1 uncertain.",
            "86%的货物在15天内送达（95%置信区间84–87%），目标90%；90%的货物在15.3天内送达。",
            "86 % of shipments arrive within 15 days (95 % confidence interval 84–87 %); the target is 90 %. 90 % arrive within 15.3 days.",
            "99.8%的货物在次日24时前送达",
            "统计期内没有可供判定的货物；承诺为90%的货物在30天内送达。",
        ],
    );
    let verdict = words.find("86%的货物在15天内送达").expect("the verdict");
    assert!(verdict < words.find("逐项承诺").expect("the details"), "verdicts come before details");
}

#[test]
fn every_part_has_its_words() {
    has(
        &check(&world()),
        &[
            "90 % arrive within 26.4 hours (without upper bound: in some replications too many never arrive).",
            "2,147 shipments in 40 replications, 1,786 of them in time; 150 were still under way at the end, which counts as not kept.",
            "跨境电商包裹",
            "The longest wait is at “Rail” (with its vehicle): 58.0 hours a shipment on average.",
            "* 均值不含未送达的货物，因此偏乐观。",
            "Used 90 % of the open time or more, where a little more work can make waits soar: Gauge-change bays, Khorgos.",
            "甩货最多的是中欧班列：24%的货物没有赶上首班；从备妥到开行平均等43小时。",
            "Some shipments had not arrived when the simulation ended.",
            "It covers chance inside the simulation only",
            "6,150 checks were made while simulating, and all of them held.",
            "货量为假设。",
            "9f86d081884c7d65",
            "00000000deadbeef",
        ],
    );
}

#[test]
fn inputs_sources_and_recovery_stand_beside_the_verdicts() {
    let mut results = world();
    let share = ShareRange { low: 0.12, high: 0.41, kept_points: 0, stated: 0.85 };
    let rail = results.promises.get_mut("rail").expect("a promise");
    rail.inputs = Some(InputShares {
        share,
        by_flow: BTreeMap::new(),
        points: 12,
        parameters: 40,
        unknowns: 40,
        ends: RangeEnds::LowestHighest,
    });
    let weeks = ["2025-W10", "2025-W11", "2025-W12"];
    rail.by_week = weeks.into_iter().map(str::to_owned).zip([0.9, 0.1, 0.88].map(Figure::plain)).collect();
    let recovery = Recovery {
        days: Figure::plain(7.0),
        backlog_days: Figure::plain(0.0),
        is_felt: true,
        undisturbed: 0.9,
        floor: 0.81,
        ceiling: 120.0,
        lowest: 0.1,
        lowest_week: "2025-W11".to_owned(),
    };
    rail.recovery.insert("closure".to_owned(), recovery);
    results.weeks = weeks.into_iter().map(str::to_owned).zip([56.0, 63.0, 70.0]).collect();
    let closure = DatedDisruption {
        name: Text::new("关闭<口岸>", "Border <closed>"),
        days: vec![[63.0, 68.0]],
        dates: Vec::new(),
    };
    results.disruptions.insert("closure".to_owned(), closure);
    let assumed = SourcedParameter {
        value: Some("\"72h\"".to_owned()),
        from: Text::new("假设", "assumed"),
        year: Some(2024),
        confidence: Confidence::Assumed,
        range: Some(["\"60h\"".to_owned(), "\"90h\"".to_owned()]),
    };
    results.basis = Some(Basis {
        count: BasisCount { assumed: 1, high: 2, without: 1, ..BasisCount::default() },
        sourced: [("services.train.running[0]".to_owned(), assumed)].into(),
        without: vec!["services.train.dwell[0]".to_owned()],
    });
    has(
        &check(&results),
        &[
            "40个取值不确定的参数在各自区间内抽样12次，不计偶然性：按时送达率最低12%，最高41%；12次抽样中无一达标。按给定取值算得的结果高于这一范围：这些参数的真实值尚不清楚，若偏离给定取值，用时大多变长。",
            "40 inputs that are not known were drawn 12 times from their ranges, chance left aside: the lowest share is 12 %, the highest 41 %; kept in none of 12 draws. The result at the stated values lies above this range: what is not known of the inputs would mostly make times longer.",
            "“Border <closed>”: the weekly share falls from a usual 90 % to 10 % at worst (week 11 of 2025); it is back 7 days after the end, what is under way does not pile up.",
            "1 of 4 parameters is assumed; of those with a source, confidence is high in 2, medium in 0, low in 0; 1 has none.",
            "4个参数中，1个为假设",
            "services.train.running[0]",
            "services.train.dwell[0]",
            "Draws of the inputs",
        ],
    );
}

#[test]
fn lanes_and_months_are_judged_one_by_one() {
    let mut results = world();
    let rail = results.promises.get_mut("rail").expect("the promise");
    let share = |share: f64| Figure::from_parts(share, Some((share - 0.02, share + 0.02)), 40);
    rail.flows = (0..30).map(|n| format!("lane-{n}")).collect();
    rail.by_flow = (0..30).map(|n| (format!("lane-{n}"), share(0.801 + 0.006 * f64::from(n)))).collect();
    rail.by_month = [("2025-01", 0.95), ("2025-02", 0.7), ("2025-03", 0.9)]
        .map(|(month, v)| (month.to_owned(), share(v)))
        .into();
    let words = check(&results);
    has(
        &words,
        &[
            "30条线路：达标10，未达标14，不确定6",
            "Of 3 months, 1 kept, 1 not kept, 1 uncertain; the lowest is February 2025 (70 %), the highest January 2025 (95 %).",
            "By lane: of 30, 10 kept, 14 not kept, 6 uncertain",
        ],
    );
    let at = |name: &str| words.find(name).unwrap_or_else(|| panic!("{name} in\n{words}"));
    assert!(
        at("lane 0\n") < at("lane 15\n") && at("lane 15\n") < at("lane 29\n"),
        "those that keep least come first"
    );
}

#[test]
fn ways_say_which_borders_and_straits_they_use() {
    let mut results = world();
    let id = results.stage_order.keys().next().expect("a flow").clone();
    let way = |borders: &[&str], share: f64, sd_hours: Option<f64>| Route {
        share,
        expected_cost: sd_hours.map(|_| 26_527.5),
        expected_hours: 336.0,
        sd_hours,
        borders: borders.iter().map(|border| (*border).to_owned()).collect(),
        services: vec!["train".to_owned()],
        ..Route::default()
    };
    let ways = [
        ("by-north".to_owned(), way(&["alashankou", "malaszewicze"], 0.625, Some(48.0))),
        ("by-south".to_owned(), way(&[], 0.375, None)),
    ];
    results.routes.insert(id.clone(), ways.into());
    results.texts.nodes.insert("alashankou".to_owned(), Text::new("阿拉山口", "Alashankou"));
    let words = check(&results);
    has(
        &words,
        &[
            "经阿拉山口、malaszewicze；占62.5%；不计排队与中断，预计14.0天（标准差2.0天）；预计每票成本26,528元（已扣除补贴，含资金占用）。",
            "via Alashankou, malaszewicze; share 62.5 %; expected without queues and disruptions: 14.0 days (standard deviation 2.0 days); expected cost a shipment 26,528 CNY (less subsidies, with capital).",
            "不经阿拉山口：不经口岸、海峡与运河；占37.5%；不计排队与中断，预计14.0天。",
            "not via Alashankou: through no border, strait or canal; share 37.5 %;",
        ],
    );
    // An only way has neither name nor share.
    results.routes.get_mut(&id).expect("ways").remove("by-south");
    let words = check(&results);
    assert!(words.contains("via Alashankou, malaszewicze; expected") && !words.contains("by north"));
}

#[test]
fn hostile_names_stay_words() {
    let hostile = "</title></style><script>alert('1')</script><img src=x onerror=alert(1)> & \"quoted\"";
    let mut results = world();
    results.scenario.title = Text::new(hostile, "English");
    results.scenario.zone = hostile.to_owned();
    results.scenario.name = hostile.to_owned();
    results.digest = hostile.to_owned();
    results.notes.push(Text::same(hostile));
    for promise in results.promises.values_mut() {
        promise.name = Text::same(hostile);
        promise.clock = hostile.to_owned();
    }
    let names = &mut results.texts;
    for map in [&mut names.flows, &mut names.resources, &mut names.services, &mut names.stages] {
        for name in map.values_mut() {
            *name = Text::same(hostile);
        }
    }
    let page = report_html(&results);
    assert_eq!(page.matches("<script").count(), 1, "the page's own script alone");
    assert!(!page.contains("<img"));
    let xml = as_xml(&page);
    let document = roxmltree::Document::parse(&xml).expect("well formed");
    let titles: Vec<_> = document.descendants().filter(|node| node.has_tag_name("h1")).collect();
    assert_eq!(titles.len(), 1);
    assert!(titles[0].descendants().any(|node| node.text() == Some(hostile)), "the title is shown as it is");
}

#[test]
fn no_promises_no_flows_nothing_at_all() {
    let mut results = world();
    results.promises.clear();
    let words = check(&results);
    has(
        &words,
        &[
            "未设定承诺：本报告只说明用时。",
            "No promise is declared: this report shows times only.",
            "Containers, Wuhan to Duisburg",
        ],
    );
    assert!(!words.contains("Promise by promise") && !words.contains("counts in no promise"));

    results.metrics.clear();
    results.distributions.clear();
    results.stage_order.clear();
    results.invariants.clear();
    results.notes.clear();
    results.scenario = sanda_results::ScenarioInfo::default();
    let words = check(&results);
    has(&words, &["Nothing was released in the window.", "The results hold no record of checks."]);
    assert!(!words.contains("Resources") && !words.contains("Where the time goes"));
}

#[test]
fn what_never_arrives_is_said_and_not_printed_as_a_number() {
    let mut results = world();
    for promise in results.promises.values_mut() {
        for entry in &mut promise.achievable {
            entry.within_hours = Figure::with_upper_bound(f64::INFINITY, f64::INFINITY, 40);
        }
    }
    for figure in
        results.metrics.iter_mut().filter(|(path, _)| path.ends_with("p90")).map(|(_, figure)| figure)
    {
        *figure = Figure::from_parts(f64::INFINITY, None, 40);
    }
    let words = check(&results);
    has(
        &words,
        &[
            "到仿真结束送达的货物不足90%。",
            "Fewer than 90 % arrive before the simulation ends.",
            "∞: fewer than 90 % had arrived when the simulation ended.",
        ],
    );
    // Figures say that what never arrives is "infinite in percentiles".
    let numbers = words.replace("infinite in percentiles", "");
    assert!(!numbers.contains("inf") && !numbers.contains("NaN"), "{words}");
}

#[test]
fn many_remarks_are_folded() {
    let mut results = world();
    results.notes = (0..9).map(|n| Text::new(format!("提示{n}"), format!("remark {n}"))).collect();
    has(&check(&results), &["remark 0", "另有5条提示", "5 more remarks", "remark 8"]);
}

/// Intervals that rest on too few replications say so: by a mark where the number stands, and in words where the verdicts are.
#[test]
fn too_few_replications_are_said() {
    use sanda_results::Remark;
    let words = check(&world());
    assert!(!words.contains('†') && !words.contains("too few for"), "{words}");
    let mut results = world();
    results.scenario.replications = 10;
    let (_, promise) = results.promises.iter_mut().next().expect("a promise");
    promise.share.remark = Some(Remark::FewReplications);
    let name = promise.name.en.clone();
    for figure in results.metrics.values_mut() {
        figure.remark = Some(Remark::FewReplications);
    }
    let said = format!("10 replications are too few for “{name}”: the interval rests on one or two of them");
    has(&check(&results), &[&said, "10次重复过少", "†", "A figure marked †", "标有†的数值"]);
    let summary = sanda_report::summary_text(&results);
    assert!(summary.contains(&said) && summary.contains("10次重复过少"), "{summary}");
}

#[test]
fn one_replication_judges_nothing() {
    let mut results = world();
    results.scenario.replications = 1;
    for promise in results.promises.values_mut() {
        promise.share = Figure::plain(0.95);
        promise.verdict = sanda_results::Verdict::Uncertain;
    }
    has(
        &check(&results),
        &[
            "95.0%的货物在15天内送达（没有置信区间），目标90%",
            "只有一次重复，无法给出置信区间",
            "1 independent replication",
        ],
    );
}

#[test]
fn a_failed_check_is_the_word_of_the_page() {
    let mut results = world();
    for outcome in results.invariants.values_mut() {
        outcome.violated = 2;
    }
    has(
        &check(&results),
        &["结果不可信，请勿使用", "Checks failed (categories sum): these results are wrong"],
    );
}

#[test]
fn a_hub_of_sixty_lanes_stays_of_modest_size() {
    let mut results = world();
    let copied: Vec<(String, Figure)> = results
        .metrics
        .iter()
        .filter_map(|(path, figure)| Some((path.strip_prefix("flows.boxes.")?.to_owned(), *figure)))
        .collect();
    let order = results.stage_order["boxes"].clone();
    let rail = results.promises.get_mut("rail").expect("the promise");
    for n in 0..60 {
        let lane = format!("lane-{n}");
        for (rest, figure) in &copied {
            results.metrics.insert(format!("flows.{lane}.{rest}"), *figure);
        }
        results.stage_order.insert(lane.clone(), order.clone());
        rail.flows.push(lane);
    }
    let size = report_html(&results).len();
    assert!(size < 2_500_000, "{size} bytes");
    assert!(report_html(&world()).len() < 700_000);
}

/// The world with the cost and CO2e of its first flow, in TEU, with a subsidy and radiative forcing.
fn priced() -> Results {
    let mut results = world();
    let flow = results.texts.flows.keys().next().expect("a flow").clone();
    let mut set = |path: &str, value: f64, half: f64| {
        let figure = Figure::from_parts(value, Some((value - half, value + half)), 40);
        results.metrics.insert(format!("flows.{flow}.{path}"), figure);
    };
    set("cost.per_teu", 27_805.6, 276.0);
    set("cost.per_shipment", 55_611.2, 552.0);
    set("cost_without_subsidy.per_teu", 29_805.6, 276.0);
    set("cost_without_subsidy.per_shipment", 59_611.2, 552.0);
    set("cost.by_kind.freight", 53_650.0, 10.0);
    set("cost.by_kind.handling", 596.0, 1.0);
    set("cost.by_kind.subsidy", -4_000.0, 0.0);
    set("cost.by_kind.inventory", 5_365.0, 10.0);
    set("emission.per_teu", 3_490.8, 0.0);
    set("emission_with_forcing.per_teu", 5_426.2, 0.0);
    set("stages.papers.cost", 300.0, 0.0);
    set("stages.train.emission", 6_000.0, 0.0);
    set("stages.train.legs.a--b.emission", 6_000.0, 0.0);
    results
}

#[test]
fn costs_are_worded_where_there_are_prices() {
    assert!(!check(&world()).contains("CO2e"), "no prices, no section");
    has(
        &check(&priced()),
        &[
            "成本与碳排放",
            "Cost and CO2e",
            "每TEU",
            "a TEU",
            "27,800",
            "27,500–28,100",
            "Before subsidy (CNY)",
            "29,800",
            "90%",
            "1.0%",
            "9.0%",
            "3,491",
            "With radiative forcing (kg)",
            "5,426",
            "Cost and CO2e by stage, a shipment on average",
            "of it: train: legs: a – b",
            "papers",
        ],
    );
}

#[test]
fn the_summary_has_a_table_of_costs() {
    let text = sanda_report::summary_text(&priced());
    let table =
        text.split("cost and CO2e").nth(1).and_then(|rest| rest.split("\n\n").next()).expect("the table");
    insta::assert_snapshot!(table, @"

                           单位  成本（元）          补贴前     运费      操作     通关     资金  碳排放（千克）
                            per  cost (CNY)  before subsidy  freight  handling  customs  capital       CO2e (kg)
    武汉—杜伊斯堡集装箱   每TEU      27,800          29,800      90%      1.0%        –     9.0%           3,491
    Containers, Wuhan to  a TEU
    Duisburg
    ");
    assert!(!sanda_report::summary_text(&world()).contains("CO2e"));
}
