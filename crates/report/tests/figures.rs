//! Figures and texts of one small run, from results to files: names, sizes, sameness, well-formed SVG, and the words of the terminal.

use std::collections::BTreeMap;
use std::io::Cursor;

use sanda_report::{colour_verdicts, figures, promise_table, scenario_table, summary_text, write_figures};
use sanda_results::{AssumedMix, Figure, InputShares, RangeEnds, Results, ShareRange};

fn world() -> Results {
    Results::from_json(include_str!("world.json")).expect("the test's results")
}

#[test]
fn every_promise_flow_stage_and_resource_has_its_figure() {
    let drawn: Vec<String> =
        figures(&world()).into_iter().map(|(name, picture)| format!("{name} {:?}", picture.size())).collect();
    insta::assert_snapshot!(drawn.join("\n"), @r#"
    promise-air (1200, 720)
    promise-next-day (1200, 720)
    promise-ocean (1200, 400)
    promise-rail (1200, 720)
    flow-boxes (1200, 720)
    flow-parcels (1200, 720)
    stages-boxes (1200, 513)
    resources (1200, 489)
    "#);
}

#[test]
fn equal_results_give_equal_files() {
    let (first, second) = (figures(&world()), figures(&world()));
    for ((name, a), (_, b)) in first.iter().zip(&second) {
        assert_eq!(a.to_svg(), b.to_svg(), "{name}");
        assert_eq!(a.to_png(), b.to_png(), "{name}");
    }
}

#[test]
fn an_svg_is_well_formed_without_text_or_fonts_and_of_modest_size() {
    for (name, picture) in figures(&world()) {
        let svg = picture.to_svg();
        let document = roxmltree::Document::parse(&svg).unwrap_or_else(|error| panic!("{name}: {error}"));
        let tags: Vec<&str> = document.descendants().map(|node| node.tag_name().name()).collect();
        assert!(!tags.contains(&"text") && !svg.contains("font"), "{name} sets text by a font");
        assert!(tags.iter().filter(|tag| **tag == "path").count() > 5, "{name} has no outlines");
        let title =
            document.descendants().find(|node| node.has_tag_name("title")).and_then(|node| node.text());
        assert!(title.is_some_and(|title| !title.is_empty()), "{name} has no title");
        assert!(svg.len() < 250_000, "{name} has {} bytes", svg.len());
    }
}

#[test]
fn a_png_decodes_to_its_size_and_shows_something() {
    for (name, picture) in figures(&world()) {
        let bytes = picture.to_png();
        assert!(bytes.len() < 250_000, "{name} has {} bytes", bytes.len());
        let mut reader = png::Decoder::new(Cursor::new(&bytes)).read_info().expect("a PNG");
        let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
        let frame = reader.next_frame(&mut pixels).expect("its pixels");
        assert_eq!((frame.width, frame.height), picture.size(), "{name}");
        let dark = pixels.chunks(3).filter(|pixel| pixel[0] < 0x40).count();
        assert!(dark > 500, "{name} has {dark} dark pixels");
    }
}

#[test]
fn files_are_written_in_pairs() {
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("figures");
    let written = write_figures(&world(), &target).expect("written");
    let names: Vec<_> = written.iter().filter_map(|path| path.file_name()?.to_str()).collect();
    assert_eq!(names[..2], ["promise-air.svg", "promise-air.png"]);
    assert_eq!(written.len(), 2 * figures(&world()).len());
    assert!(written.iter().all(|path| path.is_file()));
    let error = write_figures(&world(), &written[0]).expect_err("a file stands where the folder should be");
    assert!(error.to_string().starts_with("cannot make the folder "), "{error}");
}

#[test]
fn the_promise_table_lines_up_with_chinese() {
    insta::assert_snapshot!(promise_table(&world(), 100), @r"
    ────────────────────────────────────────────────────────────────────────────────────────────────────
     承诺                        时限             按时送达率     目标     90%在…内          判定
     promise                     limit            share kept     target   90 % within       verdict
    ════════════════════════════════════════════════════════════════════════════════════════════════════
     国际空运“一日达”            24小时           83%            90%      26.4小时          ✗ 未达标
     International air within    24 h             [82–85%]                26.4 h (≤ ∞)        not kept
     a day
    ────────────────────────────────────────────────────────────────────────────────────────────────────
     次日24时前送达              次日24时前       99.8%          90%      24.1小时          ✓ 达标
     Parcels by the end of the   next day 24:00   [99.7–99.9%]            24.1 h (≤ ∞)        kept
     next day
    ────────────────────────────────────────────────────────────────────────────────────────────────────
     远洋运输“一月达”            30天             –              90%      –                 ? 不确定
     Ocean in a month            30 d                                                         uncertain
    ────────────────────────────────────────────────────────────────────────────────────────────────────
     国际铁路运输“半月达”：武    15天             86%            90%      15.3天            ✗ 未达标
     汉—Małaszewicze—杜伊斯堡    15 d             [84–87%]                15.3 d (≤ 15.4)     not kept
     Rail in half a month:
     Wuhan to Duisburg by
     Małaszewicze
    ────────────────────────────────────────────────────────────────────────────────────────────────────
    ");
}

/// Columns that a terminal shows: Chinese characters take two.
fn columns(line: &str) -> usize {
    line.chars()
        .map(|c| if matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ff00}'..='\u{ff60}') { 2 } else { 1 })
        .sum()
}

#[test]
fn tables_fit_a_narrow_terminal() {
    for width in [40, 50, 60, 72] {
        let tables = [promise_table(&world(), width), scenario_table(&[world(), world()], width)];
        for line in tables.iter().flat_map(|table| table.lines()) {
            assert!(columns(line) <= usize::from(width), "{width}: {line}");
        }
        assert!(tables.iter().all(|table| table.contains('✗') || table.contains('✓') || table.contains('?')));
    }
}

#[test]
fn a_narrow_table_keeps_its_width() {
    let table = promise_table(&world(), 60);
    // Every rule is as wide as asked for; Chinese characters take two columns, so other lines have no more characters.
    assert!(table.lines().all(|line| line.chars().count() <= 60), "{table}");
}

#[test]
fn verdicts_are_coloured_on_request_only() {
    let table = promise_table(&world(), 100);
    assert!(!table.contains('\u{1b}'));
    let coloured = colour_verdicts(&table);
    assert!(
        coloured.contains("\u{1b}[1;31m✗ 未达标\u{1b}[0m")
            && coloured.contains("\u{1b}[1;32m✓ 达标\u{1b}[0m")
    );
}

#[test]
fn the_summary_says_it_all() {
    insta::assert_snapshot!(summary_text(&world()), @r"
    武汉枢纽：基准情景 Wuhan hub: base case
    统计窗口 window: 2025-02-05T00:00[Asia/Shanghai] – 2026-02-05T00:00[Asia/Shanghai]

    ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────
     承诺                                      时限             按时送达率     目标     90%在…内          判定
     promise                                   limit            share kept     target   90 % within       verdict
    ══════════════════════════════════════════════════════════════════════════════════════════════════════════════════
     国际空运“一日达”                          24小时           83%            90%      26.4小时          ✗ 未达标
     International air within a day            24 h             [82–85%]                26.4 h (≤ ∞)        not kept
    ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────
     次日24时前送达                            次日24时前       99.8%          90%      24.1小时          ✓ 达标
     Parcels by the end of the next day        next day 24:00   [99.7–99.9%]            24.1 h (≤ ∞)        kept
    ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────
     远洋运输“一月达”                          30天             –              90%      –                 ? 不确定
     Ocean in a month                          30 d                                                         uncertain
    ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────
     国际铁路运输“半月达”：武汉—Małaszewicze   15天             86%            90%      15.3天            ✗ 未达标
     —杜伊斯堡                                 15 d             [84–87%]                15.3 d (≤ 15.4)     not kept
     Rail in half a month: Wuhan to Duisburg
     by Małaszewicze
    ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────

    货流 flows
                                        发货       送达       在途或灭失      平均       90%在此时间内
                                    released  delivered  under way, lost      mean  90 % arrive within
     武汉—杜伊斯堡集装箱               4,014      4,002               12  13.94 d*              15.3 d
     Containers, Wuhan to Duisburg
     跨境电商包裹                      2,147      1,997              150   19.20 h              26.4 h
     Cross-border parcels
     * 均值不含未送达的货物 the mean leaves out what did not arrive

    最繁忙的资源 busiest resources
                                      利用率   平均等待  95%的等待在此时间内
                                 utilisation  mean wait     95 % wait within
     霍尔果斯换轨线                    93.4%      9.4 h                 41 h
     Gauge-change bays, Khorgos
     吴家山海关                        88.3%      6.2 h                 27 h
     Customs, Wujiashan
     马拉舍维奇起重机                  71.0%      2.1 h                9.0 h
     Cranes, Małaszewicze

    满载率最高的班次 fullest services
                              满载率         赶上首班                 平均候班
                         load factor  first departure  mean wait for departure
     中欧班列                    91%              76%                     43 h
     China-Europe train
     全货机                      62%             100%                        –
     Freighter

    40次独立重复 replications, 种子 seed 7
    偶然性 luck: 95%置信区间只反映仿真内部的偶然性，按时送达率的误差不超过±1.6个百分点
      the 95 % intervals cover chance inside the simulation only; shares are known to within 1.6 points
    注 note: 货量为假设。 Volumes are assumptions.
    指纹 fingerprint 00000000deadbeef  模型摘要 model digest 9f86d081884c7d65
    ");
}

#[test]
fn empty_results_have_a_summary_and_no_figures() {
    let mut empty = world();
    empty.promises.clear();
    empty.metrics.clear();
    empty.distributions.clear();
    empty.notes.clear();
    assert!(figures(&empty).is_empty());
    insta::assert_snapshot!(summary_text(&empty), @r"
    武汉枢纽：基准情景 Wuhan hub: base case
    统计窗口 window: 2025-02-05T00:00[Asia/Shanghai] – 2026-02-05T00:00[Asia/Shanghai]

    未设定承诺 no promise is declared

    40次独立重复 replications, 种子 seed 7
    指纹 fingerprint 00000000deadbeef  模型摘要 model digest 9f86d081884c7d65
    ");
}

/// The small world with draws of its inputs, one promise beside its range, and an assumed mix.
fn drawn_world() -> Results {
    let mut results = world();
    let inputs = |low, high, kept_points, stated| InputShares {
        share: ShareRange { low, high, kept_points, stated },
        ends: RangeEnds::Percentiles,
        by_flow: BTreeMap::new(),
        points: 24,
        parameters: 1141,
        unknowns: 173,
    };
    let rail = results.promises.get_mut("rail").expect("a promise");
    rail.inputs = Some(inputs(0.12, 0.41, 0, 0.85));
    rail.by_flow = [("far", 0.2), ("near", 0.97)]
        .map(|(flow, share)| {
            (flow.to_owned(), Figure::from_parts(share, Some((share - 0.02, share + 0.02)), 36))
        })
        .into();
    let (lowest, highest) = ("far".to_owned(), "near".to_owned());
    rail.assumed_mix = Some(AssumedMix { lanes: 2, assumed: 2, lowest, low: 0.2, highest, high: 0.97 });
    let day = results.promises.values_mut().find(|promise| promise.by_end_of_day.is_some()).expect("a day");
    day.inputs = Some(inputs(0.88, 1.0, 21, 0.998));
    results
}

#[test]
fn draws_stand_beside_the_intervals_with_what_they_are() {
    insta::assert_snapshot!(promise_table(&drawn_world(), 100), @r"
    ────────────────────────────────────────────────────────────────────────────────────────────────────
     承诺             时限             按时送达率     参数抽样   目标     90%在…内          判定
     promise          limit            share kept     draws      target   90 % within       verdict
    ════════════════════════════════════════════════════════════════════════════════════════════════════
     国际空运“一日    24小时           83%            –          90%      26.4小时          ✗ 未达标
     达”              24 h             [82–85%]                           26.4 h (≤ ∞)        not kept
     International
     air within a
     day
    ────────────────────────────────────────────────────────────────────────────────────────────────────
     次日24时前送达   次日24时前       99.8%          88–100%    90%      24.1小时          ✓ 达标
     Parcels by the   next day 24:00   [99.7–99.9%]   ✓ 21/24             24.1 h (≤ ∞)        kept
     end of the
     next day
    ────────────────────────────────────────────────────────────────────────────────────────────────────
     远洋运输“一月    30天             –              –          90%      –                 ? 不确定
     达”              30 d                                                                    uncertain
     Ocean in a
     month
    ────────────────────────────────────────────────────────────────────────────────────────────────────
     国际铁路运输“    15天             86%            12–41%     90%      15.3天            ✗ 未达标
     半月达”：武汉—   15 d             [84–87%]       ✓ 0/24              15.3 d (≤ 15.4)     not kept
     Małaszewicze—
     杜伊斯堡
     Rail in half a
     month: Wuhan
     to Duisburg by
     Małaszewicze
    ────────────────────────────────────────────────────────────────────────────────────────────────────
     参数抽样：1,141个取值不确定的参数（出自173个假设）在各自区间内抽样24次，不计偶然性；列出按时送达率
     的第5和第95百分位，✓后为达标次数。方括号内的置信区间只反映偶然性，两者不合并。
     draws: 1,141 inputs that are not known (resting on 173 assumptions) were drawn 24 times from their
     ranges, chance left aside; shown are the 5th and the 95th percentile of the shares and, after ✓,
     in how many draws the promise is kept. The intervals in brackets are of chance alone; the two are
     never merged.
     以下承诺按给定取值算得的结果高于抽样范围：国际铁路运输“半月达”：武汉—Małaszewicze—杜伊斯堡。原因：
     这些参数的真实值尚不清楚，若偏离给定取值，用时大多变长。
     Above the range of the draws at the stated values: Rail in half a month: Wuhan to Duisburg by
     Małaszewicze. The reason: what is not known of the inputs would mostly make times longer.
     国际铁路运输“半月达”：武汉—Małaszewicze—杜伊斯堡：各线路货量比例为假设（共2条线路），分线路的按时
     送达率：20%—97%。
     Rail in half a month: Wuhan to Duisburg by Małaszewicze: rests on an assumed mix of 2 lanes; share
     kept by lane: 20 to 97 %.
    ");
    insta::assert_snapshot!(promise_table(&drawn_world(), 44), @"
    ────────────────────────────────────────────
     承诺            按时送达率     判定
     promise         share kept     verdict
    ════════════════════════════════════════════
     国际空运“一日   83%            ✗ 未达标
     达”             [82–85%]         not kept
     International
     air within a
     day
    ────────────────────────────────────────────
     次日24时前送    99.8%          ✓ 达标
     达              [99.7–99.9%]     kept
     Parcels by      抽样 draws
     the end of      88–100%
     the next day    ✓ 21/24
    ────────────────────────────────────────────
     远洋运输“一月   –              ? 不确定
     达”                              uncertain
     Ocean in a
     month
    ────────────────────────────────────────────
     国际铁路运输“   86%            ✗ 未达标
     半月达”：武汉   [84–87%]         not kept
     —Małaszewicze   抽样 draws
     —杜伊斯堡       12–41%
     Rail in half    ✓ 0/24
     a month:
     Wuhan to
     Duisburg by
     Małaszewicze
    ────────────────────────────────────────────
     参数抽样：1,141个取值不确定的参数（出自173
     个假设）在各自区间内抽样24次，不计偶然性；
     列出按时送达率的第5和第95百分位，✓后为达标
     次数。方括号内的置信区间只反映偶然性，两者
     不合并。
     draws: 1,141 inputs that are not known
     (resting on 173 assumptions) were drawn 24
     times from their ranges, chance left
     aside; shown are the 5th and the 95th
     percentile of the shares and, after ✓, in
     how many draws the promise is kept. The
     intervals in brackets are of chance alone;
     the two are never merged.
     以下承诺按给定取值算得的结果高于抽样范围：
     国际铁路运输“半月达”：武汉—Małaszewicze—杜
     伊斯堡。原因：这些参数的真实值尚不清楚，若
     偏离给定取值，用时大多变长。
     Above the range of the draws at the stated
     values: Rail in half a month: Wuhan to
     Duisburg by Małaszewicze. The reason: what
     is not known of the inputs would mostly
     make times longer.
     国际铁路运输“半月达”：武汉—Małaszewicze—杜
     伊斯堡：各线路货量比例为假设（共2条线路）
     ，分线路的按时送达率：20%—97%。
     Rail in half a month: Wuhan to Duisburg by
     Małaszewicze: rests on an assumed mix of 2
     lanes; share kept by lane: 20 to 97 %.
    ");
    // Chinese takes two columns a character.
    let columns = |line: &str| line.chars().map(|c| if c >= '\u{2E80}' { 2 } else { 1 }).sum::<usize>();
    for width in [40, 44, 59, 60, 72, 84, 97, 98, 100, 120] {
        let table = promise_table(&drawn_world(), width);
        let widest = table.lines().map(columns).max();
        assert!(widest <= Some(usize::from(width)), "{width} columns:\n{table}");
        assert!(table.contains("0/24"), "{width} columns:\n{table}");
    }
}
