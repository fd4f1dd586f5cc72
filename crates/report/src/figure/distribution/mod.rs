//! The figure of one promise or flow: a histogram of delivery times with its cumulative curve.
//!
//! It marks the limit and the times within which 50, 90 and 95 % arrive. `figure::input` fills its input from results. It estimates
//! nothing: bins are regrouped for display only, and every printed number comes with the input.

mod input;
mod labels;
mod plot;
mod view;

use std::fmt::Write as _;

use plotters::style::RGBColor;
use sanda_results::Verdict;

use crate::draw::canvas::{self, Align, Canvas, Frame, MARGIN, Style, TEXT_WIDTH, WIDTH};
use crate::draw::palette::{DEEP_BLUE, GREY, INK, OCHRE, PALE, RED};
use crate::draw::picture::Picture;
use crate::words::number::{self, Estimate};
use crate::words::phrase::{self, Deadline};
pub use input::{DistributionFigure, PromiseMark};
use view::View;

const HEIGHT: u32 = 720;
/// Height when there is nothing to plot, in pixels.
const EMPTY_HEIGHT: u32 = 400;
const PLOT_LEFT: f64 = MARGIN + 48.0;
const PLOT_RIGHT: f64 = WIDTH as f64 - MARGIN - 52.0;

/// Draws the figure, 1200 by 720 pixels; 400 high when no shipment arrived.
pub fn distribution(figure: &DistributionFigure) -> Picture {
    let view = view::choose(figure);
    let height = if view.is_some() { HEIGHT } else { EMPTY_HEIGHT };
    let headline = headline(figure);
    let sentences: Vec<String> = headline.iter().map(|(strong, rest)| format!("{strong}{rest}")).collect();
    let mut picture = Picture {
        size: (WIDTH, height),
        title: format!("{} {}", figure.title.zh, figure.title.en),
        description: sentences.join(" "),
        marks: Vec::new(),
    };
    let canvas = Canvas::new(&mut picture);

    let mut y = canvas.heading(&figure.title) + 8.0;
    let colour = figure.promise.map_or(INK, |promise| verdict_colour(promise.verdict));
    for (n, (strong, rest)) in headline.iter().enumerate() {
        let size = if n == 0 { 17.0 } else { 15.5 };
        y += 24.0;
        let (strong_style, rest_style) = (Style::bold(size, colour), Style::regular(size, GREY));
        let rest = rest_style.fit(rest, TEXT_WIDTH - strong_style.width(strong));
        canvas.texts(&[(strong, strong_style), (&rest, rest_style)], (MARGIN, y));
    }

    let notes = footnotes(figure, view.as_ref());
    canvas.footnotes(&notes, height);
    let frame = Frame {
        left: PLOT_LEFT,
        top: y + 24.0,
        right: PLOT_RIGHT,
        bottom: f64::from(height) - canvas::footnotes_height(&notes) - 54.0,
    };
    match view {
        Some(view) => plot::draw(&canvas, figure, &view, frame),
        None => draw_nothing(&canvas, figure, frame),
    }
    drop(canvas);
    picture
}

fn draw_nothing(canvas: &Canvas, figure: &DistributionFigure, frame: Frame) {
    let (zh, en) = if figure.n_shipments == 0 {
        ("统计窗口内没有发货", "no shipment was released in the window")
    } else {
        ("没有货物送达", "no shipment arrived")
    };
    let centre = f64::midpoint(frame.left, frame.right);
    let middle = f64::midpoint(frame.top, frame.bottom);
    canvas.text(zh, (centre, middle - 8.0), Align::Centre, Style::regular(22.0, GREY));
    canvas.text(en, (centre, middle + 20.0), Align::Centre, Style::regular(16.0, PALE));
}

fn verdict_colour(verdict: Verdict) -> RGBColor {
    match verdict {
        Verdict::Kept => DEEP_BLUE,
        Verdict::Broken => RED,
        Verdict::Uncertain => OCHRE,
    }
}

/// Words the lines below the title, Chinese first: the verdict in bold and the text after it. Empty without a promise.
fn headline(figure: &DistributionFigure) -> Vec<(String, String)> {
    let Some(promise) = figure.promise else { return Vec::new() };
    let words = phrase::verdict(promise.verdict);
    let target = number::percentile_number(promise.target);
    let deadline = phrase::deadline(promise.deadline);
    let (by_zh, by_en) = match promise.deadline {
        Deadline::Within { .. } => (format!("在{}内", deadline.zh), format!("within {}", deadline.en)),
        Deadline::EndOfDay(_) => (format!("在{}", deadline.zh), format!("by {}", deadline.en)),
    };
    let Some(share) = promise.share else {
        return vec![
            (words.zh, format!("  没有可供判定的货物；承诺为{target}%{by_zh}送达")),
            (
                phrase::capitalised(&words.en),
                format!("  nothing to judge by; the promise: {target} % {by_en}"),
            ),
        ];
    };
    let (number, ends) = number::judged(&share, promise.target);
    let level = number::percentile_number(figure.confidence);
    let (interval_zh, interval_en) = ends
        .map(|ends| (format!("（{level}%置信区间{ends}%）"), format!(" ({level} % interval {ends} %)")))
        .unwrap_or_default();
    vec![
        (words.zh, format!("  {number}%{by_zh}送达{interval_zh}，目标{target}%")),
        (
            phrase::capitalised(&words.en),
            format!("  {number} % arrive {by_en}{interval_en}, target {target} %"),
        ),
    ]
}

fn footnotes(figure: &DistributionFigure, view: Option<&View>) -> Vec<String> {
    if figure.n_shipments == 0 {
        return figure.notes.clone();
    }
    let n = number::count(figure.n_shipments);
    let mut zh = format!("共{n}票，{}次独立重复", figure.n_replications);
    let mut en = format!(
        "{} in {}",
        phrase::plural(figure.n_shipments, "shipment"),
        phrase::plural(u64::from(figure.n_replications), "replication")
    );
    if figure.n_unfinished > 0 {
        let unfinished = number::count(figure.n_unfinished);
        let share = number::percent(figure.n_unfinished as f64 / figure.n_shipments as f64, 1);
        // Without a promise no shipment can break one.
        let (kept_zh, kept_en) =
            if figure.promise.is_some() { ("计为未按时送达，", "not kept, ") } else { ("", "") };
        let _ =
            write!(zh, "；其中{unfinished}票（{share}%）到仿真结束仍未送达，{kept_zh}在分位数中按无穷大计");
        let _ = write!(
            en,
            "; {unfinished} of them ({share} %) had not arrived by the end: {kept_en}infinite in percentiles"
        );
    } else {
        zh += "，全部送达";
        en += if figure.n_shipments == 1 { ", which arrived" } else { ", all of which arrived" };
    }
    if let Some(view) = view.filter(|view| view.beyond > 0.0) {
        let share = number::percent(view.beyond, 1);
        let longest =
            number::time_number(&Estimate::plain(figure.bins.last().map_or(0.0, |bin| bin.to)), view.unit);
        let _ = write!(zh, "；{share}%超出图示范围（最长{longest}{}）", view.unit.zh());
        let _ = write!(en, "; {share} % lies beyond the axis (longest {longest} {})", view.unit.en());
    }
    let mut notes = vec![zh + "。", en + "."];
    notes.extend(figure.notes.iter().cloned());
    notes
}

#[cfg(test)]
mod tests;
