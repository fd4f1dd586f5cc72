//! A section for each promise: its figure, the times that could be promised, and its share by lane and by month.

use maud::{Markup, PreEscaped, html};
use sanda_results::{Figure, Promise, Results, ShareRange, Text};

use super::lanes::{self, Lanes};
use super::parts::{
    badge, bar, both, draws_note, draws_text, head, judged_share, nothing, paragraphs, row_head, say,
    small_badge, within_cell,
};
use super::words::{self, Count};
use crate::draw::svg;
use crate::figure::distribution;
use crate::figure::input;
use crate::words::headline::{self, Named};
use crate::words::names;
use crate::words::number::{self, Estimate};
use crate::words::phrase;

/// Number of lanes up to which the lanes of a promise are unfolded. The matrix shows more of them already.
const OPEN_LANES: usize = 12;

/// Writes a section for each promise.
pub(super) fn sections(results: &Results, lanes: &Lanes) -> Markup {
    html! {
        @if !results.promises.is_empty() {
            section #promises {
                h2 { (say("逐项承诺", "Promise by promise")) }
                @for aim in headline::aims(results) {
                    @for (id, promise) in &aim.promises { (section(results, id, promise, lanes)) }
                }
                (single_lanes(results, lanes))
            }
        }
    }
}

/// Writes the promises of single lanes, folded, since the matrix has their shares already.
fn single_lanes(results: &Results, lanes: &Lanes) -> Markup {
    let promises: Vec<Named<'_>> = headline::of_lanes(results).collect();
    html! {
        @if !promises.is_empty() {
            h3 { (say("单条线路的承诺", "Promises of single lanes")) }
            @for (id, promise) in promises {
                details .lane {
                    summary {
                        span .name { (small_badge(promise.verdict)) " " (both(&promise.name)) }
                        @if let Some(share) = Estimate::from_figure(&promise.share) {
                            span .brief { (brief(promise, &share)) }
                        }
                    }
                    (section(results, id, promise, lanes))
                }
            }
        }
    }
}

/// Writes the share of a folded promise with its interval, and separately the range over the draws.
fn brief(promise: &Promise, share: &Estimate) -> Markup {
    let (number, ends) = number::judged(share, promise.target);
    html! {
        (number) "%" @if let Some(ends) = ends { " [" (ends) "]" }
        @if let Some(inputs) = &promise.inputs {
            span .draws { (say("抽样", "draws")) " " (draws_text(promise, Some(&promise.share), inputs.share)) }
        }
    }
}

fn section(results: &Results, id: &str, promise: &Promise, lanes: &Lanes) -> Markup {
    let figure = input::promise_figure(results, id).map(|mut figure| {
        // The footer of the page identifies the run.
        figure.notes.clear();
        svg::inline(&distribution::distribution(&figure))
    });
    html! {
        section .promise id={ "promise-" (id) } {
            div .title { h3 { (both(&promise.name)) } (badge(promise.verdict)) }
            @if let Some(figure) = figure { (PreEscaped(figure)) }
            (facts(results, promise))
            (after_disruptions(results, id, promise))
            (by_lane(results, promise, lanes))
            (by_month(promise))
        }
    }
}

fn facts(results: &Results, promise: &Promise) -> Markup {
    let times = promise
        .achievable
        .iter()
        .filter_map(|entry| words::arrival_with_bound(&entry.within_hours, entry.share, results.confidence));
    let facts = times
        .map(|clause| Text::new(format!("{}。", clause.zh), format!("{}.", phrase::capitalised(&clause.en))))
        .chain(weighted(promise.by_teu.as_ref(), "按箱量（TEU）", "Weighted by TEU"))
        .chain(weighted(promise.by_tonnes.as_ref(), "按吨数", "Weighted by tonnes"))
        .chain(crate::words::amounts::kept_words(promise))
        .chain(crate::words::assumptions::input_words(promise))
        .chain(crate::words::assumptions::mix_words(promise))
        .chain(sample(results, promise));
    html! { ul .facts { @for fact in facts { li { (both(&fact)) } } } }
}

/// Writes when a promise recovered after each dated disruption, with the figure of its weeks if it felt one.
fn after_disruptions(results: &Results, id: &str, promise: &Promise) -> Markup {
    let sentences: Vec<Text> = promise
        .recovery
        .iter()
        .filter_map(|(id, recovery)| {
            Some(crate::words::assumptions::recovery_words(results.disruptions.get(id)?, recovery))
        })
        .collect();
    if sentences.is_empty() {
        return html! {};
    }
    let figure = input::weeks_figure(results, id).map(|mut figure| {
        // The section has the name, and the footer identifies the run.
        figure.notes.truncate(2);
        svg::inline(&crate::figure::weeks::weeks(&figure))
    });
    html! {
        h4 { (say("中断与恢复", "Disruptions and recovery")) }
        @for sentence in &sentences { (paragraphs(sentence)) }
        @if let Some(figure) = figure { (PreEscaped(figure)) }
    }
}

fn weighted(figure: Option<&Figure>, zh: &str, en: &str) -> Option<Text> {
    let share = Estimate::from_figure(figure?)?;
    let number = number::share_number(&share);
    let (ends_zh, ends_en) = number::share_interval(&share)
        .map(|ends| (format!("（{ends}%）"), format!(" ({ends} %)")))
        .unwrap_or_default();
    Some(Text::new(
        format!("{zh}计，按时送达率{number}%{ends_zh}。"),
        format!("{en}, {number} % are in time{ends_en}."),
    ))
}

/// Says how many shipments there were, and to how many independent ones they amount.
fn sample(results: &Results, promise: &Promise) -> Option<Text> {
    if promise.of == 0 {
        return None;
    }
    let (of, kept) = (number::count(promise.of), number::count(promise.kept));
    let n = results.scenario.replications;
    let mut text = Text::new(
        format!("{n}次重复共{of}票货物，其中{kept}票按时送达"),
        format!(
            "{} in {}, {kept} of them in time",
            phrase::plural(promise.of, "shipment"),
            words::plural(n as usize, "replication")
        ),
    );
    let were = |n: u64| format!("{} {}", number::count(n), if n == 1 { "was" } else { "were" });
    if promise.unfinished > 0 {
        words::add(
            &mut text,
            &format!("；{}票到仿真结束仍在途，计为未按时送达", number::count(promise.unfinished)),
            &format!("; {} still under way at the end, which counts as not kept", were(promise.unfinished)),
        );
    }
    if promise.lost > 0 {
        words::add(
            &mut text,
            &format!("；{}票灭失，计为未按时送达", number::count(promise.lost)),
            &format!("; {} lost, which counts as not kept", were(promise.lost)),
        );
    }
    if let Some(effect) = promise.design_effect.filter(|effect| effect.is_finite() && *effect >= 1.5) {
        let alike = two_digits(promise.of as f64 / effect).max(1);
        let rides = promise.flows.iter().filter_map(|flow| results.routes.get(flow));
        let is_aboard =
            rides.flat_map(std::collections::BTreeMap::values).any(|way| !way.services.is_empty());
        let (why_zh, why_en) = if is_aboard {
            ("同一班次的货物同早同晚", "Shipments aboard one departure share its fate")
        } else {
            ("相继到达的货物情况相近", "Shipments that come one after the other meet much the same")
        };
        words::add(
            &mut text,
            &format!(
                "。{why_zh}，统计上只相当于约{}票相互独立的货物，区间已考虑这一点",
                number::count(alike)
            ),
            &format!(
                ". {why_en}: they tell as much as about {}, which the interval takes into account",
                phrase::plural(alike, "unrelated one")
            ),
        );
    }
    Some(words::ended(text))
}

/// Rounds a count to two significant digits.
fn two_digits(count: f64) -> u64 {
    let mut unit = 1.0;
    while count / unit >= 100.0 {
        unit *= 10.0;
    }
    ((count / unit).round() * unit) as u64
}

fn by_lane(results: &Results, promise: &Promise, lanes: &Lanes) -> Markup {
    let shown = lanes.of_promise(promise);
    if shown.len() < 2 {
        return html! {};
    }
    let unit = lanes::time_unit(promise);
    let words = lanes.count(promise).words();
    let title = Text::new(
        format!("按线路：{}条中{}", shown.len(), words.zh),
        format!("By lane: of {}, {}", shown.len(), words.en),
    );
    let table = html! {
        div .scroll {
            table .shares {
                thead {
                    tr {
                        (head("线路", "Lane"))
                        (head("按时送达率", "Share kept"))
                        @if promise.inputs.is_some() { (head("参数抽样", "Draws")) }
                        th .wide scope="col" { (both(&bar_head(promise))) }
                        th scope="col" { (both(&lanes::within_head(unit))) }
                    }
                }
                tbody {
                    @for lane in &shown {
                        @let share = lanes::lane_share(promise, lane);
                        tr {
                            th scope="row" { a href={ "#flow-" (lane) } { (both(&names::flow_name(results, lane))) } }
                            @let range = lanes::lane_draws(promise, lane);
                            (judged(promise, share))
                            @if promise.inputs.is_some() { (drawn(promise, share, range)) }
                            (barred(promise, share, range))
                            (within_cell(lanes::lane_p90(results, promise, lane), unit))
                        }
                    }
                }
            }
        }
        @if let Some(note) = draws_note(promise) { p .note { (both(&note)) } }
    };
    html! {
        @if shown.len() > OPEN_LANES {
            details { summary { (both(&title)) } (table) }
        } @else {
            h4 { (both(&title)) }
            (table)
        }
    }
}

/// Words the head of the bars of lanes.
fn bar_head(promise: &Promise) -> Text {
    if promise.inputs.is_some() {
        Text::new("竖线为目标，下方棕线为抽样范围", "the tick is the target, the brown line the draws")
    } else {
        Text::new("竖线为目标", "the tick is the target")
    }
}

/// Writes a cell of a share with the mark of its verdict.
fn judged(promise: &Promise, figure: Option<&Figure>) -> Markup {
    let share = figure.and_then(Estimate::from_figure);
    html! {
        @if let (Some(figure), Some(share)) = (figure, share) {
            td .number { (small_badge(figure.verdict(promise.target))) " " (judged_share(&share, promise.target)) }
        } @else { (nothing()) }
    }
}

/// Writes a cell of the range of a share over the draws.
fn drawn(promise: &Promise, figure: Option<&Figure>, range: Option<ShareRange>) -> Markup {
    let has_share = figure.is_some_and(|figure| figure.value().is_some());
    html! {
        @match range.filter(|_| has_share) {
            Some(range) => td .number.draws { (draws_text(promise, figure, range)) },
            None => (nothing()),
        }
    }
}

/// Writes a cell with the bar of a share.
fn barred(promise: &Promise, figure: Option<&Figure>, range: Option<ShareRange>) -> Markup {
    html! {
        @match figure.and_then(Estimate::from_figure) {
            Some(share) => td .wide { (bar(&share, Some(promise.target), range)) },
            None => td {}
        }
    }
}

fn by_month(promise: &Promise) -> Markup {
    if promise.by_month.len() < 2 {
        return html! {};
    }
    let summary = months_in_words(promise);
    html! {
        h4 { (say("按发货月份", "By month of release")) }
        (paragraphs(&summary))
        div .scroll {
            table .shares {
                thead {
                    tr {
                        (head("月份", "Month"))
                        (head("按时送达率", "Share kept"))
                        th .wide scope="col" { (say("竖线为目标", "the tick is the target")) }
                    }
                }
                tbody {
                    @for (month, figure) in &promise.by_month {
                        tr { (row_head(&Text::same(month.as_str()))) (judged(promise, Some(figure))) (barred(promise, Some(figure), None)) }
                    }
                }
            }
        }
    }
}

fn months_in_words(promise: &Promise) -> Text {
    let count = Count::of_shares(promise.by_month.values().map(Some), promise.target);
    let words = count.words();
    let mut text = Text::new(
        format!("{}个月中{}", count.total(), words.zh),
        format!("Of {}, {}", words::plural(count.total(), "month"), words.en),
    );
    let months: Vec<(&str, f64, String)> = promise
        .by_month
        .iter()
        .filter_map(|(month, figure)| {
            let share = Estimate::from_figure(figure)?;
            Some((month.as_str(), share.value, number::judged(&share, promise.target).0))
        })
        .collect();
    let lowest = months.iter().min_by(|a, b| a.1.total_cmp(&b.1));
    let highest = months.iter().max_by(|a, b| a.1.total_cmp(&b.1));
    if let (Some((_, least, low)), Some((_, most, high))) = (lowest, highest)
        && low != high
    {
        let (first, last) = (having(&months, *least), having(&months, *most));
        words::add(
            &mut text,
            &format!("；最低的是{}（{low}%），最高的是{}（{high}%）", first.zh, last.zh),
            &format!("; the lowest is {} ({low} %), the highest {} ({high} %)", first.en, last.en),
        );
    }
    words::ended(text)
}

/// Names the months with a share: the first by name, the others by number.
fn having(months: &[(&str, f64, String)], share: f64) -> Text {
    let mut alike = months.iter().filter(|(_, other, _)| other.total_cmp(&share).is_eq());
    let first = alike.next().map(|(month, ..)| phrase::period(month)).unwrap_or_default();
    match alike.count() {
        0 => first,
        others => Text::new(
            format!("{}等{}个月", first.zh, others + 1),
            format!("{} and {}", first.en, words::plural(others, "other month")),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_rounded_to_two_digits() {
        assert_eq!([0.0, 7.4, 99.0, 91_966.0, 104_999.0].map(two_digits), [0, 7, 99, 92_000, 100_000]);
    }
}
