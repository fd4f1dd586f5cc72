//! The page of a comparison: one HTML file in both languages that needs no network and no script.
//!
//! It leads with the findings on each alternative. Then follow the changed values, promises and lanes, and how to read all this. The page
//! shares the style sheet of the report.

use maud::{Markup, PreEscaped, html};
use sanda_results::{Alternative, Comparison, Finding, Lead, MetricDifference, Text};

use super::figure;
use super::rows::{self, LaneRow, PromiseRow};
use super::words::{self, Quantity};
use crate::draw::svg;
use crate::html::{both, document, head, masthead, paragraphs, row_head, say};
use crate::words::number;
use crate::words::phrase;

/// Number of changed values that are shown openly. The others are folded, so that promises stay near the top.
const OPEN_CHANGES: usize = 6;

/// Writes the page of a comparison as a whole HTML document.
///
/// The same comparison gives the same bytes.
pub fn comparison_html(comparison: &Comparison) -> String {
    let base = &comparison.base;
    let body = html! {
        header {
            (masthead("三达 · 情景比较", "sanda · comparison of scenarios"))
            h1 { (both(&Text::new(format!("与“{}”比较", base.title.zh), format!("Compared with “{}”", base.title.en)))) }
            p .run { (both(&run(comparison))) }
        }
        main {
            section #findings {
                h2 { (say("结论", "Findings")) }
                @for alternative in &comparison.alternatives { (finding(comparison, alternative)) }
                @for note in &comparison.notes { div .caution { (paragraphs(note)) } }
            }
            @for alternative in comparison.alternatives.iter().filter(|one| !one.is_same) {
                (details(comparison, alternative))
            }
            (guide(comparison))
        }
        footer { p { (both(&provenance(comparison))) } }
    };
    document(&format!("情景比较 · Comparison: {}", base.title.zh), EXTRA, &body)
}

/// Styles that the shared style sheet does not have.
const EXTRA: &str = ".compared td.better .value { color: var(--kept); } .compared td.worse .value { color: var(--broken); } \
    .compared td .value { white-space: nowrap; } .changes code { overflow-wrap: anywhere; } .compared td.words { min-width: 18rem; } \
    .figure svg { max-width: 100%; height: auto; }";

fn run(comparison: &Comparison) -> Text {
    let base = &comparison.base;
    let n = u64::from(base.replications);
    let draws = base.draws;
    let text = Text::new(
        format!("{}次重复，各情景随机数相同", number::count(n)),
        format!("{} with the same luck in every scenario", phrase::plural(n, "replication")),
    );
    if draws == 0 {
        return text;
    }
    text.and(
        &format!("；{draws}次参数抽样，各情景取值相同"),
        &format!("; {draws} draws of the inputs, the same in every scenario"),
    )
}

/// Writes what an alternative changes, in a few sentences.
fn finding(comparison: &Comparison, alternative: &Alternative) -> Markup {
    let promises = rows::promises(comparison, alternative);
    let is_gain =
        |row: &&PromiseRow<'_>| leading_metric(row).is_some_and(|metric| metric.finding.is_better());
    let is_loss = |row: &&PromiseRow<'_>| {
        leading_metric(row).is_some_and(|metric| metric.finding.is_proven() && !metric.finding.is_better())
    };
    let (n_gains, n_losses) =
        (promises.iter().filter(is_gain).count(), promises.iter().filter(is_loss).count());
    let class = match (n_gains, n_losses) {
        _ if alternative.is_same => "mixed",
        (0, 0) => "uncertain",
        (_, 0) => "kept",
        (0, _) => "broken",
        _ => "mixed",
    };
    let title = &alternative.scenario.title;
    html! {
        article class={ "card " (class) } {
            div .title { h3 { (both(title)) } }
            @if alternative.is_same {
                (paragraphs(&Text::new(
                    "完全相同：每一票货物、每一班次的每个时刻都与基准一致，所有差值恰为零。",
                    "Exactly the same: every shipment and every departure met the same milestones; all differences are exactly zero.",
                )))
            } @else {
                ul {
                    @for row in promises.iter().filter(|row| !row.is_same() && !row.is_alike(comparison.margins)) {
                        li {
                            (both(&sentence(comparison, row)))
                            @if let Some(flips) = row.flips.and_then(|flips| words::flips(flips, &comparison.flows)) {
                                p .scope { (both(&flips.and("。", "."))) }
                            }
                        }
                    }
                }
                @let n_alike = promises.iter().filter(|row| !row.is_same() && row.is_alike(comparison.margins)).count();
                @if n_alike > 0 {
                    p .scope { (both(&Text::new(
                        format!("{n_alike}项承诺无实质差别。"),
                        format!("No difference that matters in {}.", phrase::plural(n_alike as u64, "promise")),
                    ))) }
                }
                @let n_same = promises.iter().filter(|row| row.is_same()).count();
                @if n_same > 0 {
                    p .scope { (both(&Text::new(
                        format!("其余{n_same}项承诺完全不变。"),
                        format!("{} not touched at all.", phrase::capitalised(&phrase::plural(n_same as u64, "other promise"))),
                    ))) }
                }
            }
        }
    }
}

/// Returns the metric of a promise that is told first.
fn leading_metric<'c>(row: &PromiseRow<'c>) -> Option<&'c MetricDifference> {
    match row.difference.lead {
        Lead::Share => Some(row.share),
        Lead::Time => row.time,
        Lead::Neither => None,
    }
}

fn sentence(comparison: &Comparison, row: &PromiseRow<'_>) -> Text {
    let words = words::leading(row.share, row.time, row.difference.lead, comparison);
    let name = &row.promise.name;
    let mut text = Text::new(format!("{}：{}", name.zh, words.zh), format!("{}: {}", name.en, words.en));
    if let Some(draws) = &row.difference.draws {
        let over = words::over_draws(draws, row.difference.lead);
        if draws.share.same + draws.time.same < 2 * draws.draws {
            text = text.and(&format!("；{}", over.zh), &format!("; {}", over.en));
        }
        if let Some(depends) = words::depends(draws, row.difference.lead) {
            text = text.and(&format!("；{}", depends.zh), &format!("; {}", depends.en));
        }
    }
    text.and("。", ".")
}

fn details(comparison: &Comparison, alternative: &Alternative) -> Markup {
    let name = &alternative.scenario.name;
    let lanes = rows::lanes(comparison, alternative);
    let moved: Vec<&LaneRow<'_>> =
        lanes.iter().filter(|lane| lane.is_moved(comparison.margins.hours)).collect();
    html! {
        section id=(name) {
            h2 { (both(&alternative.scenario.title)) }
            (changes(alternative))
            (promise_table(comparison, alternative))
            @for (_, picture) in figure::figures(&Comparison { alternatives: vec![alternative.clone()], ..comparison.clone() }) {
                div .figure { (PreEscaped(svg::inline(&picture))) }
            }
            @if !moved.is_empty() {
                h3 { (say("各线路，门到门", "Lanes, door to door")) }
                div .scroll { table .dense.compared {
                    thead { tr {
                        (head("线路", "Lane"))
                        (head("平均（天）", "Mean (d)")) (head("差值", "Difference")) (head("中位数差值", "Median")) (head("90%差值", "90 %"))
                        (head("成本（元）", "Cost (CNY)")) (head("碳排放（千克）", "CO2e (kg)"))
                    } }
                    tbody { @for lane in &moved { (lane_line(lane)) } }
                } }
            }
        }
    }
}

fn changes(alternative: &Alternative) -> Markup {
    let list = |changes: &[sanda_results::Change]| {
        html! {
            ul .changes { @for change in changes {
                li {
                    code { (words::change(change)) }
                    @if let Some(name) = &change.name { " " (both(name)) }
                }
            } }
        }
    };
    let (open, folded) = alternative.changes.split_at(alternative.changes.len().min(OPEN_CHANGES));
    html! {
        h3 { (both(&Text::new(
            format!("情景文件改动{}处", alternative.changes.len()),
            phrase::capitalised(&phrase::plural(alternative.changes.len() as u64, "changed value")),
        ))) }
        (list(open))
        @if !folded.is_empty() {
            details {
                summary { (both(&Text::new(format!("另{}处", folded.len()), format!("{} more", folded.len())))) }
                (list(folded))
            }
        }
    }
}

fn promise_table(comparison: &Comparison, alternative: &Alternative) -> Markup {
    let promises = rows::promises(comparison, alternative);
    html! {
        h3 { (say("承诺", "Promises")) }
        div .scroll { table .dense.compared {
            thead { tr {
                (head("承诺", "Promise"))
                (head("基准", "Base")) (head("本情景", "This")) (head("差值（百分点）", "Points")) (head("平均用时差值（天）", "Mean time (d)"))
                th scope="col" .wide { (say("判定", "Verdict")) }
            } }
            tbody { @for row in promises.iter().filter(|row| !row.is_same()) {
                tr {
                    (row_head(&row.promise.name))
                    td .number { (words::share_level(row.share.base, row.share)) }
                    td .number { (words::share_level(row.share.alternative, row.share)) }
                    (cell(Some(row.share), Quantity::Share))
                    (cell(row.time, Quantity::Time))
                    td .words { (both(&words::leading(row.share, row.time, row.difference.lead, comparison))) }
                }
            } }
        } }
    }
}

fn lane_line(lane: &LaneRow<'_>) -> Markup {
    html! {
        tr {
            (row_head(&lane.name))
            td .number { (words::days_level(lane.mean.base, lane.mean)) " → " (words::days_level(lane.mean.alternative, lane.mean)) }
            (cell(Some(lane.mean), Quantity::Time))
            (cell(lane.p50, Quantity::Time))
            (cell(lane.p90, Quantity::Time))
            (cell(lane.cost, Quantity::Amount))
            (cell(lane.emission, Quantity::Amount))
        }
    }
}

/// Writes a difference with its interval below, in colour if it is proven.
fn cell(metric: Option<&MetricDifference>, quantity: Quantity) -> Markup {
    let Some(metric) = metric else { return html! { td .number { "–" } } };
    let text = words::signed(metric, quantity);
    let (number, ends) =
        text.split_once(" [").map_or((text.as_str(), None), |(number, ends)| (number, Some(ends)));
    let class = match metric.finding {
        Finding::Better | Finding::BetterOpen => "number better",
        Finding::Worse | Finding::WorseOpen => "number worse",
        _ => "number",
    };
    html! {
        td class=(class) {
            span .value { (number) }
            @if let Some(ends) = ends { span .interval { (ends.trim_end_matches(']')) } }
        }
    }
}

fn guide(comparison: &Comparison) -> Markup {
    let (share, days) = (comparison.margins.share * 100.0, comparison.margins.hours / 24.0);
    html! {
        section #reading {
            h2 { (say("阅读说明", "How to read this")) }
            (paragraphs(&Text::new(
                format!(
                    "同一票货物在各情景中采用相同的随机数，差值按重复逐次配对估计；区间为95%置信区间，参数取给定值，只反映仿真内部的偶然性。\
                     “参数抽样”以相同的参数取值在各情景中再作比较，每次抽样重复一次。小于{share}个百分点、{days}天的差别视为无实质影响；\
                     “无实质差别”须由两个单侧检验证实，“未定”不等于没有差别。"
                ),
                format!(
                    "The same shipment meets the same luck in every scenario, so that differences are estimated from pairs of replications; intervals are of 95 % and of chance inside the simulation alone, at the stated inputs. \
                     Draws repeat the comparison at the same values of what is not known, one replication each. Differences below {share} percentage points or {days} days do not matter; \
                     “no difference that matters” is proven by two one-sided tests, and “not decided” does not mean equal."
                ),
            )))
        }
    }
}

fn provenance(comparison: &Comparison) -> Text {
    let all =
        std::iter::once(&comparison.base).chain(comparison.alternatives.iter().map(|one| &one.scenario));
    let list: Vec<String> = all
        .map(|one| format!("{} {} ({})", one.name, one.fingerprint, &one.digest[..one.digest.len().min(16)]))
        .collect();
    Text::new(
        format!("指纹（模型摘要）：{}", list.join("；")),
        format!("fingerprints (model digests): {}", list.join("; ")),
    )
}
