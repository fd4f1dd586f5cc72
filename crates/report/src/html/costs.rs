//! Cost and CO2e: a table of all flows, and one for each flow by stage.

use maud::{Markup, html};
use sanda_results::{Figure, Results, Text, paths};

use super::parts::{both, head, nothing, paragraphs, row_head, say};
use crate::words::costs::{CostRow, amount, amount_ends, measure, rows, share};
use crate::words::names;
use crate::words::number::Estimate;

/// Returns whether any flow has a cost or an emission.
pub(super) fn has_costs(results: &Results) -> bool {
    !rows(results).is_empty()
}

/// Writes the section of costs; nothing where the scenario states no prices.
pub(super) fn section(results: &Results) -> Markup {
    let rows = rows(results);
    if rows.is_empty() {
        return html! {};
    }
    let subsidised = rows.iter().any(|row| row.without_subsidy.is_some());
    let forced = rows.iter().any(|row| row.with_forcing.is_some());
    html! {
        section #costs {
            h2 { (say("成本与碳排放", "Cost and CO2e")) }
            (paragraphs(&in_words(subsidised, forced)))
            div .scroll { table .dense {
                thead { tr {
                    (head("货流", "Flow"))
                    (head("单位", "Per"))
                    (head("成本（元）", "Cost (CNY)"))
                    @if subsidised { (head("补贴前（元）", "Before subsidy (CNY)")) }
                    (head("运费", "Freight")) (head("操作", "Handling")) (head("通关", "Customs")) (head("资金占用", "Capital"))
                    (head("碳排放（千克）", "CO2e (kg)"))
                    @if forced { (head("含辐射强迫（千克）", "With radiative forcing (kg)")) }
                } }
                tbody { @for row in &rows { (line(results, row, subsidised, forced)) } }
            } }
        }
    }
}

fn in_words(subsidised: bool, forced: bool) -> Text {
    let mut zh = "按情景给出的价格与因子，对送达的货物计算；区间只反映仿真内部的偶然性，不反映价格本身的不确定性。\
        运费、操作、通关与资金占用（在途货值的资金成本）均以占成本的比重列出。碳排放为“油井到车轮”口径的二氧化碳当量，\
        按ISO 14083的结构逐段运输、逐个枢纽计算。"
        .to_owned();
    let mut en = "By the prices and factors that the scenario states, of what was delivered; intervals hold chance inside the \
        simulation, not the uncertainty of prices. Freight, handling, customs and capital (the cost of capital bound in cargo under \
        way) are shares of the cost. CO2e is well to wheel, leg by leg and hub by hub in the structure of ISO 14083."
        .to_owned();
    if subsidised {
        zh += "补贴单列；比重按补贴前成本计算。";
        en += " Subsidies are shown apart; shares are of the cost before them.";
    }
    if forced {
        zh += "航空碳排放不含辐射强迫；含辐射强迫的数值仅供参考。";
        en += " Air is without radiative forcing; with it, as a note.";
    }
    Text::new(zh, en)
}

fn line(results: &Results, row: &CostRow<'_>, subsidised: bool, forced: bool) -> Markup {
    html! {
        tr {
            (row_head(&names::flow_name(results, row.id)))
            td { (both(&measure(row.measure))) }
            (cell(row.cost.as_ref()))
            @if subsidised { (cell(row.without_subsidy.as_ref())) }
            @for part in row.shares { td .number { (share(part)) } }
            (cell(row.emission.as_ref()))
            @if forced { (cell(row.with_forcing.as_ref())) }
        }
    }
}

fn cell(estimate: Option<&Estimate>) -> Markup {
    let Some(estimate) = estimate else { return nothing() };
    html! {
        td .number {
            (amount(estimate.value, estimate))
            @if let Some(ends) = amount_ends(estimate) { span .interval { (ends) } }
        }
    }
}

/// Writes the table of a flow by stage. The legs and stops of a ride stand below it, and their figures are part of the ride's.
pub(super) fn by_stage(results: &Results, id: &str) -> Markup {
    let stages = stages(results, id);
    if stages.is_empty() {
        return html! {};
    }
    let estimate = |stage: &str, figure: &str| {
        results.metrics.get(&paths::flow_stage(id, stage, figure)).and_then(Estimate::from_figure)
    };
    let inventory = results
        .metrics
        .get(&paths::flow(id, &format!("{}.by_kind.{}", paths::COST, paths::INVENTORY)))
        .and_then(Estimate::from_figure);
    let name = |stage: &str| {
        let Text { zh, en } = names::stage_name(results, stage);
        if stage.contains('.') {
            Text::new(format!("其中：{zh}"), format!("of it: {en}"))
        } else {
            Text::new(zh, en)
        }
    };
    html! {
        h4 { (say("各阶段的成本与碳排放（每票平均）", "Cost and CO2e by stage, a shipment on average")) }
        div .scroll { table .dense {
            thead { tr {
                (head("阶段", "Stage")) (head("成本（元）", "Cost (CNY)")) (head("碳排放（千克）", "CO2e (kg)"))
            } }
            tbody {
                @for stage in &stages {
                    tr {
                        (row_head(&name(stage)))
                        (cell(estimate(stage, paths::COST).as_ref()))
                        (cell(estimate(stage, paths::EMISSION).as_ref()))
                    }
                }
                @if let Some(inventory) = inventory {
                    tr { (row_head(&Text::new("资金占用", "Capital"))) (cell(Some(&inventory))) (nothing()) }
                }
            }
        } }
    }
}

/// Lists the stages with a cost or an emission in route order, each ride before its parts. Stages that take no time come last.
fn stages(results: &Results, id: &str) -> Vec<String> {
    let has = |stage: &str| {
        let figure =
            |figure| results.metrics.get(&paths::flow_stage(id, stage, figure)).and_then(Figure::value);
        figure(paths::COST).or_else(|| figure(paths::EMISSION)).is_some()
    };
    let mut found: Vec<String> = Vec::new();
    let mut add = |stage: &str| {
        if has(stage) && !found.iter().any(|other| other == stage) {
            found.push(stage.to_owned());
        }
    };
    for stage in results.stage_order.get(id).into_iter().flatten() {
        if let Some((ride, _)) = stage.split_once('.') {
            add(ride);
        }
        add(stage);
    }
    let prefix = paths::flow(id, "stages.");
    let suffixes = [format!(".{}", paths::COST), format!(".{}", paths::EMISSION)];
    for path in results.metrics.keys().filter_map(|path| path.strip_prefix(prefix.as_str())) {
        for suffix in &suffixes {
            if let Some(stage) = path.strip_suffix(suffix.as_str()) {
                add(stage);
            }
        }
    }
    found
}
