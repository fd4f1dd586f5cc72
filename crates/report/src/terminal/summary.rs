//! The summary of a run, for the terminal and for `summary.txt`. It words results and computes nothing but a few sums for display.

use std::fmt::Write as _;

use comfy_table::{CellAlignment, ColumnConstraint};
use sanda_results::{Figure, Remark, Results, Text, paths};

use crate::terminal::table::{self, both, finish, new_table};
use crate::words::amounts;
use crate::words::assumptions::{self, Beside};
use crate::words::costs;
use crate::words::few;
use crate::words::headline;
use crate::words::names;
use crate::words::number::{self, Estimate, TimeUnit};

/// Width of the summary in columns. Beside a column of draws it leaves about 32 for names of promises: one line of Chinese for most.
pub const SUMMARY_WIDTH: u16 = 114;
/// Number of resources and of services that are listed. The page has all of them.
const LISTED: usize = 5;
/// Number of flows up to which each has its own lines in several tables. With more, each has one line in one table.
const FEW_FLOWS: usize = 12;

/// Writes the whole summary: promises, flows, cost and CO2e, the busiest resources and services, the effect of chance, and the identity of
/// the run. It holds no colour codes.
pub fn summary_text(results: &Results) -> String {
    let title = names::title(results);
    let window = &results.scenario.window;
    let mut out =
        format!("{} {}\n", title.zh, if title.en == title.zh { "" } else { &title.en }).trim_end().to_owned()
            + "\n";
    if !window.from.is_empty() {
        let _ = writeln!(out, "统计窗口 window: {} – {}", window.from, window.until);
    }
    out.push('\n');
    out += &table::promise_table(results, SUMMARY_WIDTH);
    section(&mut out, "时限内送达的货量 cargo within the limit", &kept(results));
    section(&mut out, "中断与恢复 disruptions and recovery", &recoveries(results));
    if flow_ids(results).count() <= FEW_FLOWS {
        section(&mut out, "货流 flows", &flows(results));
        section(&mut out, "成本与碳排放 cost and CO2e", &cost_table(results));
    } else {
        section(&mut out, "逐条线路 lane by lane", &lanes(results));
    }
    section(&mut out, "最繁忙的资源 busiest resources", &resources(results));
    section(&mut out, "满载率最高的班次 fullest services", &services(results));
    out.push('\n');
    out += &luck(results);
    if let Some(basis) = &results.basis {
        let words = assumptions::basis_words(basis);
        let _ = writeln!(out, "依据 basis: {}\n  {}", words.zh, words.en);
    }
    for (name, outcome) in results.invariants.iter().filter(|(_, outcome)| outcome.violated > 0) {
        let (violated, checked) = (number::count(outcome.violated), number::count(outcome.checked));
        let _ = writeln!(out, "检验未通过 invariant violated: {name}, {violated} / {checked}");
    }
    for note in &results.notes {
        let _ = writeln!(out, "注 note: {}", both(&note.zh, &note.en).replace('\n', " "));
    }
    let _ = writeln!(
        out,
        "指纹 fingerprint {}  模型摘要 model digest {}",
        results.fingerprint.total, results.digest
    );
    out
}

fn section(out: &mut String, title: &str, body: &str) {
    if !body.is_empty() {
        let _ = write!(out, "\n{title}\n{body}");
    }
}

/// Writes how much cargo keeps each leading promise per replication.
fn kept(results: &Results) -> String {
    let mut table = new_table(SUMMARY_WIDTH);
    table.set_header(vec!["", "箱量\nTEU", "吨数\ntonnes"]);
    let carrying = headline::leading(results)
        .map(|(_, promise)| promise)
        .filter(|promise| promise.kept_teu.is_some() || promise.kept_tonnes.is_some());
    for promise in carrying {
        let amount = |figure: Option<&Figure>| {
            figure
                .and_then(Estimate::from_figure)
                .map_or_else(|| "–".to_owned(), |one| amounts::with_interval(&one))
        };
        table.add_row(vec![
            both(&promise.name.zh, &promise.name.en),
            amount(promise.kept_teu.as_ref()),
            amount(promise.kept_tonnes.as_ref()),
        ]);
    }
    if table.row_count() == 0 {
        return String::new();
    }
    right_align(&mut table);
    finish(&table)
}

/// Writes when each promise that felt a dated disruption recovered.
fn recoveries(results: &Results) -> String {
    let mut out = String::new();
    for promise in results.promises.values() {
        let felt = promise.recovery.iter().filter(|(_, recovery)| recovery.is_felt);
        for (disruption, recovery) in felt.filter_map(|(id, one)| Some((results.disruptions.get(id)?, one))) {
            let words = assumptions::recovery_words(disruption, recovery);
            let _ = writeln!(out, " {}: {}\n   {}: {}", promise.name.zh, words.zh, promise.name.en, words.en);
        }
    }
    out
}

/// Lists the flows that are not background.
fn flow_ids(results: &Results) -> impl Iterator<Item = &str> {
    names::ids(results, paths::FLOWS).into_iter().filter(|id| !results.background.contains(*id))
}

/// Writes one line per flow: the share and time of its own promise, or else the time on its first clock; then cost and CO2e.
fn lanes(results: &Results) -> String {
    let costs = costs::rows(results);
    let has_draws = headline::of_lanes(results).any(|(_, promise)| promise.inputs.is_some());
    let mut table = new_table(SUMMARY_WIDTH);
    // Share and draws stand one above the other in one column, because names need the room.
    let kept_head = if has_draws {
        "按时送达率 share kept\n参数抽样 draws"
    } else {
        "按时送达率\nshare kept"
    };
    let mut header = vec![kept_head, "90%在…内\n90 % within"];
    if !costs.is_empty() {
        header.extend(["成本（元）\ncost (CNY)", "碳排放（千克）\nCO2e (kg)"]);
    }
    header.push("线路\nlane");
    table.set_header(header);
    let mut measures: Vec<(String, String)> = Vec::new();
    let mut is_any_beside = false;
    for id in flow_ids(results) {
        let own =
            headline::of_lanes(results).find(|(_, promise)| promise.flows.iter().any(|flow| flow == id));
        let clock = names::clocks(results, id).into_iter().next().unwrap_or("door-to-door");
        let (kept, within) = match own {
            Some((_, promise)) => {
                let share = table::judged(promise).replace('\n', " ");
                (format!("{} {share}", table::mark(promise.verdict)), promise.achievable_at(0.9))
            }
            None => ("–".to_owned(), results.metrics.get(&paths::flow_clock(id, clock, "p90"))),
        };
        let drawn = own.and_then(|(_, promise)| Some((promise, promise.inputs.as_ref()?)));
        let drawn = drawn.map(|(promise, inputs)| {
            let [range, kept] = assumptions::range_cell(inputs.share, promise.target, inputs.points);
            let beside = Beside::of(&promise.share, inputs.share);
            is_any_beside |= beside.is_some();
            format!("\n{range}{} {kept}", beside.map_or("", Beside::mark))
        });
        let mut cells = vec![kept + &drawn.unwrap_or_default(), hours_within(within)];
        if !costs.is_empty() {
            let row = costs.iter().find(|row| row.id == id);
            let measure = row.map(|row| costs::measure(row.measure));
            let shown = |estimate: Option<&Estimate>| {
                estimate.map_or_else(|| "–".to_owned(), |estimate| costs::amount(estimate.value, estimate))
            };
            let per = measure.map_or_else(String::new, |text| {
                let mark = text.zh.trim_start_matches('每').to_owned();
                if !measures.iter().any(|(known, _)| *known == mark) {
                    measures.push((mark.clone(), text.en));
                }
                format!("/{mark}")
            });
            cells.push(shown(row.and_then(|row| row.cost.as_ref())) + &per);
            cells.push(shown(row.and_then(|row| row.emission.as_ref())));
        }
        let name = names::flow_name(results, id);
        cells.push(if has_draws { both(&name.zh, &name.en) } else { one_line(&name) });
        table.add_row(cells);
    }
    for column in table.column_iter_mut() {
        column.set_constraint(ColumnConstraint::ContentWidth);
    }
    let last = table.column_count().saturating_sub(1);
    for (n, column) in table.column_iter_mut().enumerate() {
        if n == last {
            column.remove_constraint();
        } else {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let mut text = finish(&table);
    let units: Vec<String> = measures.iter().map(|(zh, en)| format!("/{zh} {en}")).collect();
    if !units.is_empty() {
        let _ = writeln!(text, " {}", units.join(", "));
    }
    if is_any_beside {
        text += " ↑、↓：按给定取值算得的结果高于、低于抽样范围\n ↑, ↓: the result at the stated values lies above, below the range of the draws\n";
    }
    text += " 有单独承诺的线路按该承诺的口径，其余按首个口径；票数与构成见 results.json\n a lane with a promise of its own by the clock of that, others by their first clock; counts and parts are in results.json\n";
    text
}

/// Writes a name in both languages on one line.
fn one_line(name: &Text) -> String {
    if name.zh == name.en { name.zh.clone() } else { format!("{} {}", name.zh, name.en) }
}

fn flows(results: &Results) -> String {
    if flow_ids(results).next().is_none() {
        return String::new();
    }
    let mut table = new_table(SUMMARY_WIDTH);
    table.set_header(vec![
        "",
        "发货\nreleased",
        "送达\ndelivered",
        "在途或灭失\nunder way, lost",
        "平均\nmean",
        "90%在此时间内\n90 % arrive within",
    ]);
    let mut left_out = false;
    for id in flow_ids(results) {
        let count =
            |name: &str| results.metrics.get(&paths::flow(id, name)).and_then(|figure| figure.estimate);
        let shown =
            |n: Option<f64>| n.map_or_else(|| "–".to_owned(), |n| number::count(n.max(0.0).round() as u64));
        let missing = match (count("under_way"), count("lost")) {
            (None, None) => None,
            (unfinished, lost) => Some(unfinished.unwrap_or(0.0) + lost.unwrap_or(0.0)),
        };
        let clock = names::clocks(results, id).into_iter().next().unwrap_or("door-to-door");
        let time = |statistic: &str| results.metrics.get(&paths::flow_clock(id, clock, statistic));
        let name = names::flow_name(results, id);
        let flagged = time("mean").is_some_and(|mean| mean.remark == Some(Remark::LeavesOutUnfinished));
        left_out |= flagged;
        table.add_row(vec![
            both(&name.zh, &name.en),
            shown(count("released")),
            shown(count("delivered")),
            shown(missing),
            hours(time("mean")) + if flagged { "*" } else { "" },
            hours_within(time("p90")),
        ]);
    }
    right_align(&mut table);
    let mut text = finish(&table);
    if left_out {
        text += " * 均值不含未送达的货物 the mean leaves out what did not arrive\n";
    }
    text
}

/// Writes cost and CO2e of each flow; nothing where the scenario states no prices.
fn cost_table(results: &Results) -> String {
    let rows = costs::rows(results);
    if rows.is_empty() {
        return String::new();
    }
    let subsidised = rows.iter().any(|row| row.without_subsidy.is_some());
    let mut table = new_table(SUMMARY_WIDTH);
    let mut header = vec!["", "单位\nper", "成本（元）\ncost (CNY)"];
    if subsidised {
        header.push("补贴前\nbefore subsidy");
    }
    header.extend([
        "运费\nfreight",
        "操作\nhandling",
        "通关\ncustoms",
        "资金\ncapital",
        "碳排放（千克）\nCO2e (kg)",
    ]);
    table.set_header(header);
    let shown = |estimate: &Option<Estimate>| {
        estimate.map_or_else(|| "–".to_owned(), |estimate| costs::amount(estimate.value, &estimate))
    };
    for row in &rows {
        let name = names::flow_name(results, row.id);
        let measure = costs::measure(row.measure);
        let mut cells = vec![both(&name.zh, &name.en), both(&measure.zh, &measure.en), shown(&row.cost)];
        if subsidised {
            cells.push(shown(&row.without_subsidy));
        }
        cells.extend(row.shares.map(costs::share));
        cells.push(shown(&row.emission));
        table.add_row(cells);
    }
    right_align(&mut table);
    finish(&table)
}

fn resources(results: &Results) -> String {
    let busy = |id: &&str| figure_value(results, &paths::resource(id, "utilisation"));
    let rows = busiest(names::ids(results, paths::RESOURCES).into_iter().collect(), busy);
    if rows.is_empty() {
        return String::new();
    }
    let mut table = new_table(SUMMARY_WIDTH);
    table.set_header(vec![
        "",
        "利用率\nutilisation",
        "平均等待\nmean wait",
        "95%的等待在此时间内\n95 % wait within",
    ]);
    for id in rows {
        let name = names::resource_name(results, id);
        table.add_row(vec![
            both(&name.zh, &name.en),
            share(results.metrics.get(&paths::resource(id, "utilisation"))),
            hours(results.metrics.get(&paths::resource_wait(id, paths::MEAN))),
            hours_within(results.metrics.get(&paths::resource_wait(id, "p95"))),
        ]);
    }
    right_align(&mut table);
    finish(&table)
}

fn services(results: &Results) -> String {
    let full = |id: &&str| figure_value(results, &paths::service(id, "load_factor"));
    let rows = busiest(names::ids(results, paths::SERVICES).into_iter().collect(), full);
    if rows.is_empty() {
        return String::new();
    }
    let mut table = new_table(SUMMARY_WIDTH);
    table.set_header(vec![
        "",
        "满载率\nload factor",
        "赶上首班\nfirst departure",
        "平均候班\nmean wait for departure",
    ]);
    for id in rows {
        let name = names::service_name(results, id);
        table.add_row(vec![
            both(&name.zh, &name.en),
            share(results.metrics.get(&paths::service(id, "load_factor"))),
            share(results.metrics.get(&paths::service(id, "first_departure_share"))),
            hours(results.metrics.get(&paths::service_wait(id, paths::MEAN))),
        ]);
    }
    right_align(&mut table);
    finish(&table)
}

/// Says how large the effect of chance inside the simulation is.
fn luck(results: &Results) -> String {
    let (n, seed) = (results.scenario.replications, results.scenario.seed);
    let plural = if n == 1 { "" } else { "s" };
    let mut out = format!("{n}次独立重复 replication{plural}, 种子 seed {seed}\n");
    let widest = results
        .promises
        .values()
        .filter_map(|promise| {
            let (low, high) = promise.share.interval()?;
            let share = promise.share.value()?;
            Some((high - share).max(share - low))
        })
        .fold(None, |widest: Option<f64>, width| Some(widest.map_or(width, |widest| widest.max(width))));
    let level = number::percentile_number(results.confidence);
    match widest {
        Some(widest) => {
            // Rounded up, because the sentence says "at most".
            let unit = if widest >= 0.01 { 10.0 } else { 100.0 };
            let points = format!("{}", (widest * 100.0 * unit - 1e-9).ceil() / unit);
            let _ = writeln!(
                out,
                "偶然性 luck: {level}%置信区间只反映仿真内部的偶然性，按时送达率的误差不超过±{points}个百分点"
            );
            let _ = writeln!(
                out,
                "  the {level} % intervals cover chance inside the simulation only; shares are known to within {points} points"
            );
        }
        None if n < 2 && !results.promises.is_empty() => {
            out += "偶然性 luck: 只有一次重复，无法给出区间 one replication gives no interval\n";
        }
        None => {}
    }
    if let Some(words) = few::words(results) {
        let _ = writeln!(out, "重复 replications: {}\n  {}", words.zh, words.en);
    }
    out
}

/// Returns the ids with the largest values first, at most [`LISTED`]. Ids without a value are left out; ties keep the order of ids.
fn busiest<'a>(ids: Vec<&'a str>, value: impl Fn(&&'a str) -> Option<f64>) -> Vec<&'a str> {
    let mut rows: Vec<(f64, &str)> = ids.into_iter().filter_map(|id| Some((value(&id)?, id))).collect();
    rows.sort_by(|a, b| b.0.total_cmp(&a.0));
    rows.into_iter().take(LISTED).map(|(_, id)| id).collect()
}

fn figure_value(results: &Results, path: &str) -> Option<f64> {
    results.metrics.get(path).and_then(Figure::value)
}

fn share(figure: Option<&Figure>) -> String {
    let estimate = figure.and_then(Estimate::from_figure);
    estimate.map_or_else(|| "–".to_owned(), |share| format!("{}%", number::share_number(&share)))
}

fn hours(figure: Option<&Figure>) -> String {
    hours_by(figure, number::time_number)
}

/// Writes a time within which some share arrives or is served.
fn hours_within(figure: Option<&Figure>) -> String {
    hours_by(figure, number::within_number)
}

fn hours_by(figure: Option<&Figure>, number: fn(&Estimate, TimeUnit) -> String) -> String {
    match figure.and_then(Estimate::from_figure) {
        None => "–".to_owned(),
        Some(time) if !time.value.is_finite() => "∞".to_owned(),
        Some(time) => {
            let unit = TimeUnit::for_hours(time.value);
            format!("{} {}", number(&time, unit), unit.en())
        }
    }
}

fn right_align(table: &mut comfy_table::Table) {
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
}
