//! One section a promise: its figure, the times that can be kept, and its share by lane and by month.

use maud::{Markup, PreEscaped, html};
use sanda_results::{Figure, Promise, Results, Text};

use super::lanes::{self, Lanes};
use super::parts::{
    badge, bar, both, head, judged_share, nothing, paragraphs, row_head, say, small_badge, time_cell,
};
use super::words::{self, Count};
use crate::svg::{self, Outlines};
use crate::wording::{self, Estimate};
use crate::{adapter, distribution};

/// Lanes of one promise that are listed openly; more are folded, for the matrix shows them already.
const OPEN_LANES: usize = 12;

/// All promises, with a section each.
pub(super) fn sections(results: &Results, lanes: &Lanes, outlines: &mut Outlines) -> Markup {
    html! {
        @if !results.promises.is_empty() {
            section #promises {
                h2 { (say("逐项承诺", "Promise by promise")) }
                @for (id, promise) in &results.promises { (section(results, id, promise, lanes, outlines)) }
            }
        }
    }
}

fn section(results: &Results, id: &str, promise: &Promise, lanes: &Lanes, outlines: &mut Outlines) -> Markup {
    let figure = adapter::promise_figure(results, id).map(|mut figure| {
        // The footer of the page says which run it is.
        figure.notes.clear();
        svg::inline(&distribution::distribution(&figure), outlines)
    });
    html! {
        section .promise id={ "promise-" (id) } {
            div .title { h3 { (both(&promise.name)) } (badge(promise.verdict)) }
            @if let Some(figure) = figure { (PreEscaped(figure)) }
            (facts(results, promise))
            (after_disruptions(results, id, promise, outlines))
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
        .map(|clause| Text::new(format!("{}。", clause.zh), format!("{}.", wording::capitalised(&clause.en))))
        .chain(weighted(promise.by_teu.as_ref(), "按箱量（TEU）", "Weighted by TEU"))
        .chain(weighted(promise.by_tonnes.as_ref(), "按吨数", "Weighted by tonnes"))
        .chain(crate::amounts::kept_words(promise))
        .chain(crate::assumptions::input_words(promise))
        .chain(sample(results, promise));
    html! { ul .facts { @for fact in facts { li { (both(&fact)) } } } }
}

/// When it was back after each dated disruption, with its weeks where one is felt.
fn after_disruptions(results: &Results, id: &str, promise: &Promise, outlines: &mut Outlines) -> Markup {
    let sentences: Vec<Text> = promise
        .recovery
        .iter()
        .filter_map(|(id, recovery)| {
            Some(crate::assumptions::recovery_words(results.disruptions.get(id)?, recovery))
        })
        .collect();
    if sentences.is_empty() {
        return html! {};
    }
    let figure = adapter::weeks_figure(results, id).map(|mut figure| {
        // The section above has the name, the footer says which run it is.
        figure.notes.truncate(2);
        svg::inline(&crate::weeks::weeks(&figure), outlines)
    });
    html! {
        h4 { (say("中断与恢复", "Disruptions and recovery")) }
        @for sentence in &sentences { (paragraphs(sentence)) }
        @if let Some(figure) = figure { (PreEscaped(figure)) }
    }
}

fn weighted(figure: Option<&Figure>, zh: &str, en: &str) -> Option<Text> {
    let share = Estimate::from_figure(figure?)?;
    let number = wording::share_number(&share);
    let (ends_zh, ends_en) = wording::share_interval(&share)
        .map(|ends| (format!("（{ends}%）"), format!(" ({ends} %)")))
        .unwrap_or_default();
    Some(Text::new(
        format!("{zh}计，{number}%守时{ends_zh}。"),
        format!("{en}, {number} % are in time{ends_en}."),
    ))
}

/// How many shipments there were, and how few of them are independent.
fn sample(results: &Results, promise: &Promise) -> Option<Text> {
    if promise.of == 0 {
        return None;
    }
    let (of, kept) = (wording::count(promise.of), wording::count(promise.kept));
    let n = results.scenario.replications;
    let mut text = Text::new(
        format!("{n}次重复共{of}票货物，其中{kept}票守时"),
        format!("{of} shipments in {}, {kept} of them in time", words::plural(n as usize, "replication")),
    );
    if promise.unfinished > 0 {
        let n = wording::count(promise.unfinished);
        words::add(
            &mut text,
            &format!("；{n}票到仿真结束仍在途，按未守住计"),
            &format!("; {n} were still under way at the end, which counts as not kept"),
        );
    }
    if promise.lost > 0 {
        let n = wording::count(promise.lost);
        words::add(
            &mut text,
            &format!("；{n}票灭失，按未守住计"),
            &format!("; {n} were lost, which counts as not kept"),
        );
    }
    if let Some(effect) = promise.design_effect.filter(|effect| effect.is_finite() && *effect >= 1.5) {
        let alike = wording::count(two_digits(promise.of as f64 / effect));
        words::add(
            &mut text,
            &format!("。同乘一班的货物命运相同，所以只相当于约{alike}票互不相干的货物，区间已据此放宽"),
            &format!(
                ". Shipments aboard one departure share its fate: they tell as much as about {alike} unrelated ones, and the interval is that much wider"
            ),
        );
    }
    Some(words::ended(text))
}

/// A count to two significant digits.
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
                        (head("守住的份额", "Share kept"))
                        th .wide scope="col" { (say("竖线为目标", "the tick is the target")) }
                        th scope="col" { (both(&lanes::within_head(unit))) }
                    }
                }
                tbody {
                    @for lane in &shown {
                        @let share = lanes::lane_share(promise, lane);
                        tr {
                            th scope="row" { a href={ "#flow-" (lane) } { (both(&adapter::flow_name(results, lane))) } }
                            (judged(share, promise.target))
                            (time_cell(lanes::lane_p90(results, promise, lane), unit))
                        }
                    }
                }
            }
        }
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

/// Two cells: a share with its mark, and its bar.
fn judged(figure: Option<&Figure>, target: f64) -> Markup {
    let share = figure.and_then(Estimate::from_figure);
    html! {
        @if let (Some(figure), Some(share)) = (figure, share) {
            td .number { (small_badge(words::judge(figure, target))) " " (judged_share(&share, target)) }
            td .wide { (bar(&share, Some(target))) }
        } @else { (nothing()) td {} }
    }
}

fn by_month(promise: &Promise) -> Markup {
    if promise.by_month.len() < 2 {
        return html! {};
    }
    let summary = months_in_words(promise);
    html! {
        h4 { (say("按放货月份", "By month of release")) }
        (paragraphs(&summary))
        div .scroll {
            table .shares {
                thead {
                    tr {
                        (head("月份", "Month"))
                        (head("守住的份额", "Share kept"))
                        th .wide scope="col" { (say("竖线为目标", "the tick is the target")) }
                    }
                }
                tbody {
                    @for (month, figure) in &promise.by_month {
                        tr { (row_head(&Text::same(month.as_str()))) (judged(Some(figure), promise.target)) }
                    }
                }
            }
        }
    }
}

fn months_in_words(promise: &Promise) -> Text {
    let count: Count = promise.by_month.values().map(|figure| words::judge(figure, promise.target)).collect();
    let words = count.words();
    let mut text = Text::new(
        format!("{}个月中{}", count.total(), words.zh),
        format!("Of {}, {}", words::plural(count.total(), "month"), words.en),
    );
    let months = || {
        promise.by_month.iter().filter_map(|(month, figure)| Some((month, Estimate::from_figure(figure)?)))
    };
    let lowest = months().min_by(|(_, a), (_, b)| a.value.total_cmp(&b.value));
    let highest = months().max_by(|(_, a), (_, b)| a.value.total_cmp(&b.value));
    if let (Some((low_month, low)), Some((high_month, high))) = (lowest, highest)
        && low.value < high.value
    {
        let (low, high) = (wording::share_number(&low), wording::share_number(&high));
        words::add(
            &mut text,
            &format!("；最低{low_month}（{low}%），最高{high_month}（{high}%）"),
            &format!("; the lowest is {low_month} ({low} %), the highest {high_month} ({high} %)"),
        );
    }
    words::ended(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_rounded_to_two_digits() {
        assert_eq!([0.0, 7.4, 99.0, 91_966.0, 104_999.0].map(two_digits), [0, 7, 99, 92_000, 100_000]);
    }
}
