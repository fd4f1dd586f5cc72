//! Small pieces of the page that its sections share: text in two languages, badges, bars, and cells of tables.
//!
//! All text passes through maud's escaping; nothing here is marked as safe.

use maud::{Markup, html};
use sanda_results::{Figure, Language, Promise, RangeEnds, Remark, ShareRange, Text, Verdict};

use crate::words::assumptions::{self, Beside};
use crate::words::few;
use crate::words::number::{self, Estimate, TimeUnit};
use crate::words::phrase;

/// Writes Chinese, then English, each marked with its language. A text that is the same in both is written once.
pub(crate) fn both(text: &Text) -> Markup {
    let (zh, en) = (text.in_language(Language::Zh), text.in_language(Language::En));
    html! {
        @if zh == en { (zh) } @else {
            span .zh lang="zh-Hans" { (zh) } " " span .en lang="en" { (en) }
        }
    }
}

/// Writes two literals as [`both`] does.
pub(crate) fn say(zh: &str, en: &str) -> Markup {
    both(&Text::new(zh, en))
}

/// Writes a paragraph for each language.
pub(crate) fn paragraphs(text: &Text) -> Markup {
    let (zh, en) = (text.in_language(Language::Zh), text.in_language(Language::En));
    html! {
        @if zh == en { p { (zh) } } @else {
            p .zh lang="zh-Hans" { (zh) }
            p .en lang="en" { (en) }
        }
    }
}

/// Returns the class of a verdict in the style sheet.
pub(super) fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Kept => "kept",
        Verdict::Broken => "broken",
        Verdict::Uncertain => "uncertain",
    }
}

fn mark(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Kept => "✓",
        Verdict::Broken => "✗",
        Verdict::Uncertain => "?",
    }
}

/// Writes a verdict in words and colour.
pub(super) fn badge(verdict: Verdict) -> Markup {
    let words = phrase::verdict(verdict);
    let words = Text::new(words.zh, phrase::capitalised(&words.en));
    html! { strong class={ "verdict " (class(verdict)) } { span aria-hidden="true" { (mark(verdict)) " " } (both(&words)) } }
}

/// Writes a verdict in a narrow cell: its mark, and its words for screen readers.
pub(super) fn small_badge(verdict: Verdict) -> Markup {
    let words = phrase::verdict(verdict);
    html! {
        span class={ "mark " (class(verdict)) } aria-hidden="true" { (mark(verdict)) }
        span .unseen { (words.zh) " " (words.en) ": " }
    }
}

/// Draws a bar of a share from 0 to 100 %, with its interval as a thin line and the target as a tick.
///
/// The range over the draws is a line of its own below the bar. Words beside the bar say the same for screen readers.
pub(super) fn bar(share: &Estimate, target: Option<f64>, draws: Option<ShareRange>) -> Markup {
    let x = |share: f64| format!("{:.1}", share.clamp(0.0, 1.0) * 200.0);
    html! {
        svg .bar viewBox="0 0 200 16" preserveAspectRatio="none" aria-hidden="true" {
            rect .track x="0" y="3" width="200" height="10" {}
            rect .share x="0" y="3" width=(x(share.value)) height="10" {}
            @if let Some((low, high)) = share.interval {
                line .interval x1=(x(low)) y1="8" x2=(x(high)) y2="8" {}
            }
            @if let Some(target) = target {
                line .target x1=(x(target)) y1="0" x2=(x(target)) y2="16" {}
            }
            @if let Some(range) = draws {
                line .draws x1=(x(range.low)) y1="14.5" x2=(x(range.high)) y2="14.5" {}
            }
        }
    }
}

/// Writes the head of a column, Chinese above English.
pub(crate) fn head(zh: &str, en: &str) -> Markup {
    html! { th scope="col" { (say(zh, en)) } }
}

/// Writes the head of a row.
pub(crate) fn row_head(name: &Text) -> Markup {
    html! { th scope="row" { (both(name)) } }
}

/// Writes a cell without a value.
pub(super) fn nothing() -> Markup {
    html! { td .number { "–" } }
}

/// Writes a cell of a share in per cent, its interval below.
pub(super) fn share_cell(figure: Option<&Figure>) -> Markup {
    let Some(share) = figure.and_then(Estimate::from_figure) else { return nothing() };
    html! { td .number { (share_text(&share)) (few_mark(figure)) } }
}

/// Writes a share in per cent, its interval below, without a cell around it.
pub(super) fn share_text(share: &Estimate) -> Markup {
    html! {
        (number::share_number(share)) "%"
        @if let Some(ends) = number::share_interval(share) { span .interval { (ends) } }
    }
}

/// Writes a share that is judged against a target; see [`number::judged`].
pub(super) fn judged_share(share: &Estimate, target: f64) -> Markup {
    let (number, ends) = number::judged(share, target);
    html! { (number) "%" @if let Some(ends) = ends { span .interval { (ends) } } }
}

/// Writes the range of a share over the draws and the number of draws that reach the target.
///
/// An arrow marks a share that lies above or below the range.
pub(super) fn draws_text(promise: &Promise, share: Option<&Figure>, range: ShareRange) -> Markup {
    let points = promise.inputs.as_ref().map_or(0, |inputs| inputs.points);
    let [ends, kept] = assumptions::range_cell(range, promise.target, points);
    let beside = share.and_then(|share| Beside::of(share, range));
    html! {
        (ends) @if let Some(beside) = beside { (beside.mark()) }
        span .draws-kept { (kept) }
    }
}

/// Words the note below a table that explains the ranges of [`draws_text`].
pub(super) fn draws_note(promise: &Promise) -> Option<Text> {
    let inputs = promise.inputs.as_ref()?;
    let n = inputs.points;
    let (zh, en) = match inputs.ends {
        RangeEnds::LowestHighest => ("最低—最高", "the lowest to the highest share"),
        RangeEnds::Percentiles => ("第5至第95百分位", "the 5th to the 95th percentile of the share"),
    };
    Some(Text::new(
        format!(
            "“参数抽样”为{n}次抽样的{zh}，✓后为达标次数；↑、↓表示按给定取值算得的结果高于、低于该范围。按时送达率旁的置信区间只反映偶然性，两者不合并。"
        ),
        format!(
            "“Draws” are {en} over {}, and after ✓ how many of them reach the target; ↑ and ↓ mark results at the stated values that lie above and below that range. The intervals beside the shares are of chance alone; the two are never merged.",
            phrase::plural(u64::from(n), "draw")
        ),
    ))
}

/// Writes a cell of a time in the unit of its column, its interval below. An asterisk marks a mean that leaves out unfinished shipments.
pub(super) fn time_cell(figure: Option<&Figure>, unit: TimeUnit) -> Markup {
    time_cell_by(figure, unit, number::time_number, number::time_alike)
}

/// Writes a cell of a percentile of times. As [`time_cell`], but rounded up, so that the share does arrive within the time.
pub(super) fn within_cell(figure: Option<&Figure>, unit: TimeUnit) -> Markup {
    time_cell_by(figure, unit, number::within_number, number::within_alike)
}

fn time_cell_by(
    figure: Option<&Figure>,
    unit: TimeUnit,
    number: fn(&Estimate, TimeUnit) -> String,
    alike: fn(&Estimate, f64, TimeUnit) -> String,
) -> Markup {
    let Some(time) = figure.and_then(Estimate::from_figure) else { return nothing() };
    let asterisk = figure.is_some_and(leaves_out);
    let own = cell_unit(&time, unit);
    html! {
        td .number {
            (in_its_unit(&number(&time, own), own, unit))
            @if asterisk { "*" }
            (few_mark(figure))
            @if let Some((low, high)) = time_ends(&time, own, alike) { span .interval { (low) "–" (high) } }
        }
    }
}

/// Writes a percentile of times in the unit of its column. A time too short or too long for that unit has its own unit after it.
pub(super) fn within_text(time: &Estimate, unit: TimeUnit) -> Markup {
    let own = cell_unit(time, unit);
    in_its_unit(&number::within_number(time, own), own, unit)
}

fn in_its_unit(number: &str, own: TimeUnit, of_column: TimeUnit) -> Markup {
    html! { (number) @if own != of_column { " " (own.en()) } }
}

/// Returns the unit of a cell: that of its column, unless a short time would have fewer than two digits or a long one would reach thousands.
fn cell_unit(time: &Estimate, unit: TimeUnit) -> TimeUnit {
    let own = TimeUnit::for_hours(time.value);
    let is_short = time.value > 0.0 && time.value < 0.1 * unit.hours();
    let is_long = time.value.is_finite() && time.value >= 1000.0 * unit.hours();
    if is_short && own.hours() < unit.hours() || is_long && own.hours() > unit.hours() { own } else { unit }
}

/// Writes the ends of a two-sided interval; `None` where they read the same.
fn time_ends(
    time: &Estimate,
    unit: TimeUnit,
    alike: fn(&Estimate, f64, TimeUnit) -> String,
) -> Option<(String, String)> {
    let (low, high) = time.interval.filter(|(low, high)| low.is_finite() && low < high)?;
    let ends = (number::time_alike(time, low.max(0.0), unit), alike(time, high, unit));
    (ends.0 != ends.1).then_some(ends)
}

/// Returns whether the figure is a mean that leaves out unfinished shipments.
pub(super) fn leaves_out(figure: &Figure) -> bool {
    figure.remark == Some(Remark::LeavesOutUnfinished)
}

/// Writes the mark of a figure that rests on too few replications. The guide of the page explains it.
fn few_mark(figure: Option<&Figure>) -> Markup {
    html! { @if figure.is_some_and(few::rests_on_few) { "†" } }
}

/// Explains the asterisk of [`time_cell`].
pub(super) fn asterisk_note() -> Markup {
    html! { p .note { (say("* 均值不含未送达的货物，因此偏乐观。", "* The mean leaves out what never arrived: it is too favourable.")) } }
}

/// Writes a cell of a mean number, such as the length of a queue, with the digits that its interval supports.
pub(super) fn number_cell(figure: Option<&Figure>) -> Markup {
    let Some(one) = figure.and_then(Estimate::from_figure) else { return nothing() };
    // In hours a plain number is not converted.
    let ends = time_ends(&one, TimeUnit::Hours, number::time_alike);
    html! {
        td .number {
            (number::number(one.value, one.uncertainty()))
            @if let Some((low, high)) = ends { span .interval { (low) "–" (high) } }
        }
    }
}

/// Writes a cell of a count per replication, rounded.
pub(super) fn count_cell(figure: Option<&Figure>) -> Markup {
    let Some(count) = figure.and_then(Figure::value).filter(|count| count.is_finite()) else {
        return nothing();
    };
    html! { td .number { (rounded(count)) } }
}

/// Writes a count that may be a mean over replications. It has one decimal below ten unless it is whole, and never reads as zero above
/// zero.
pub(super) fn rounded(count: f64) -> String {
    let whole = (count - count.round()).abs() < 0.05;
    if count > 0.0 && count < 0.05 {
        "<0.1".to_owned()
    } else if whole || count.abs() >= 10.0 {
        number::count(count.max(0.0).round() as u64)
    } else {
        format!("{count:.1}")
    }
}
