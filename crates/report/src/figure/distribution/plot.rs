//! The plot of the distribution figure: bars, curve, limit and labels.
//!
//! `view` chooses the part of the axis and `labels` words the labels.

use plotters::element::{PathElement, Rectangle};
use plotters::style::{Color, RGBColor};

use super::input::DistributionFigure;
use super::labels::{Label, labels};
use super::view::{View, cumulative};
use crate::draw::canvas::{Align, Canvas, Frame, MARGIN, Style, WIDTH, drawn, line_style};
use crate::draw::palette::{BASE, BLUE, GREY, GRID, INK, ORANGE, PALE, RED, SHEET, TINT};
use crate::figure::axis;
use crate::figure::flags::{self, Flag};
use crate::words::number::{self, Estimate, TimeUnit};

/// Height of a row of labels, in pixels.
const ROW: f64 = 23.0;
/// Height of the row of axis titles between the labels and the plot, in pixels.
const TITLES: f64 = 37.0;

struct Plot<'a, 'b> {
    canvas: &'a Canvas<'b>,
    figure: &'a DistributionFigure,
    view: &'a View,
    frame: Frame,
    edges: Vec<f64>,
    /// Share of all shipments in each bar.
    shares: Vec<f64>,
    /// Share at the top of the left axis.
    top: f64,
}

/// Draws the plot with its labels above it, and its time axis beneath the given area.
pub(super) fn draw(canvas: &Canvas, figure: &DistributionFigure, view: &View, area: Frame) {
    let x_of = |hours: f64| view.part(hours) * (area.right - area.left) + area.left;
    let n_never = figure.n_unfinished as f64 / figure.n_shipments.max(1) as f64;
    let frame_below = |labels: &[Label]| Frame { top: area.top + ROW * labels.len() as f64 + TITLES, ..area };

    // Where the curve ends well below the top, the gap has room for the share that never arrives.
    let mut labels_above = labels(figure, view, false);
    let mut frame = frame_below(&labels_above);
    let gap = n_never * (frame.bottom - frame.top);
    let free_from = area.right - 330.0;
    let in_gap = gap >= 26.0
        && labels_above.iter().filter_map(|label| label.hours).all(|hours| x_of(hours) < free_from);
    if !in_gap {
        labels_above = labels(figure, view, true);
        frame = frame_below(&labels_above);
    }

    let total = figure.n_shipments.max(1) as f64;
    let share_until = |hours: f64| axis::count_until(&figure.bins, hours) / total;
    let edges = axis::multiples(view.bin_width, view.low, view.high);
    // The first bar includes times at its left edge.
    let before = |n: usize, edge: f64| if n == 0 { 0.0 } else { share_until(edge) };
    let shares: Vec<f64> =
        edges.windows(2).enumerate().map(|(n, pair)| share_until(pair[1]) - before(n, pair[0])).collect();
    let peak = shares.iter().copied().fold(0.0, f64::max);
    let top = 4.0 * axis::round_step(peak * 1.04 / 4.0).min(0.25);

    let plot = Plot { canvas, figure, view, frame, edges, shares, top };
    plot.draw_background();
    plot.draw_bars();
    let curve = canvas.chart(frame, view.low..view.high, 0.0..1.0);
    drawn(curve.draw(&PathElement::new(cumulative(figure, view), line_style(INK, 2.0))));
    plot.draw_time_axis();
    plot.draw_labels(&labels_above, area.top);
    plot.draw_late_share();
    if in_gap {
        plot.draw_never(n_never);
    }
}

impl Plot<'_, '_> {
    fn x_of(&self, hours: f64) -> f64 {
        self.frame.left + self.view.part(hours) * (self.frame.right - self.frame.left)
    }

    /// Returns the vertical position of a cumulative share, or of a part of the left axis.
    fn y_of(&self, share: f64) -> f64 {
        self.frame.bottom - share * (self.frame.bottom - self.frame.top)
    }

    fn draw_background(&self) {
        let (canvas, frame) = (self.canvas, self.frame);
        if let Some(limit) = self.view.limit {
            canvas.rectangle(Frame { left: self.x_of(limit), ..frame }, TINT);
        }
        let tick = Style::regular(13.0, PALE);
        for level in [0.0, 0.25, 0.5, 0.75, 1.0] {
            let y = self.y_of(level);
            if level > 0.0 {
                canvas.line(&[(frame.left, y), (frame.right, y)], GRID, 1.0);
            }
            let left = format!("{}%", number::percentile_number(level * self.top));
            let right = format!("{}%", number::percentile_number(level));
            canvas.text(&left, (frame.left - 9.0, y + 4.5), Align::Right, tick);
            canvas.text(&right, (frame.right + 9.0, y + 4.5), Align::Left, tick);
        }
    }

    fn draw_bars(&self) {
        let view = self.view;
        let chart = self.canvas.chart(self.frame, view.low..view.high, 0.0..self.top);
        let pixels = (self.frame.right - self.frame.left) / self.shares.len().max(1) as f64;
        let gap = view.bin_width * (1.2 / pixels).min(0.15);
        let limit = view.limit.unwrap_or(f64::INFINITY);
        for (pair, share) in self.edges.windows(2).zip(&self.shares) {
            let (from, to) = (pair[0] + gap / 2.0, pair[1] - gap / 2.0);
            let bar = |from: f64, to: f64, colour: RGBColor| {
                if *share > 0.0 && to > from {
                    drawn(chart.draw(&Rectangle::new([(from, *share), (to, 0.0)], colour.filled())));
                }
            };
            bar(from, to.min(limit), BLUE);
            bar(from.max(limit), to, ORANGE);
        }
        let base = self.frame.bottom;
        self.canvas.line(&[(self.frame.left, base), (self.frame.right, base)], BASE, 1.2);
    }

    fn draw_time_axis(&self) {
        let (view, base) = (self.view, self.frame.bottom);
        let step = axis::label_step(view.high - view.low, 14.0, view.unit).max(view.bin_width);
        let tick = Style::regular(14.0, GREY);
        for hours in axis::multiples(step, view.low, view.high) {
            let x = self.x_of(hours);
            self.canvas.line(&[(x, base), (x, base + 5.0)], BASE, 1.2);
            self.canvas.text(&number::exact_time(hours, view.unit), (x, base + 21.0), Align::Centre, tick);
        }
        let (zh_style, en_style) = (Style::regular(14.5, INK), Style::regular(13.5, GREY));
        let clock = &self.figure.clock;
        let zh = zh_style.fit(&format!("{}（{}）", clock.zh, view.unit.zh()), 440.0);
        let en = en_style.fit(&format!("{} ({})", clock.en, view.unit.en_long()), 440.0);
        let centre = f64::midpoint(self.frame.left, self.frame.right);
        self.canvas.texts_centred(&[(&zh, zh_style), (&en, en_style)], (centre, base + 46.0));
    }

    fn draw_labels(&self, labels: &[Label], top: f64) {
        let flags: Vec<Flag> = labels
            .iter()
            .map(|label| Flag {
                x: label.hours.map_or(self.frame.right, |hours| self.x_of(hours)),
                width: label.width(),
                has_line: label.hours.is_some(),
            })
            .collect();
        let slots = flags::arrange(&flags, MARGIN, f64::from(WIDTH) - MARGIN);
        let baselines = slots.iter().map(|slot| top + ROW * (slot.row as f64 + 1.0));
        let placed: Vec<_> = labels.iter().zip(&flags).zip(&slots).zip(baselines).collect();
        for (((label, flag), _), baseline) in
            placed.iter().filter(|(((label, _), _), _)| label.hours.is_some())
        {
            let end = label.share.map_or(self.frame.bottom, |share| self.y_of(share));
            let width = if label.share.is_some() { 1.0 } else { 2.0 };
            self.canvas.line(&[(flag.x, baseline - 13.0), (flag.x, end)], label.colour, width);
        }
        for (((label, flag), _), _) in &placed {
            if let (Some(_), Some(share)) = (label.hours, label.share) {
                self.canvas.disc((flag.x, self.y_of(share)), 6.5, SHEET);
                self.canvas.disc((flag.x, self.y_of(share)), 4.5, INK);
            }
        }
        // Titles are drawn after the lines, which they interrupt.
        self.draw_axis_titles();
        for (((label, flag), slot), baseline) in placed {
            let start = flag.ends(slot.to_left).0.max(MARGIN);
            let (zh, en) = label.styles();
            self.canvas.texts(&[(&label.zh, zh), (&label.en, en)], (start, baseline));
        }
    }

    fn draw_axis_titles(&self) {
        let (zh_style, en_style) = (Style::regular(13.0, GREY), Style::regular(12.5, PALE));
        let bin_width = self.view.bin_width;
        let unit = match TimeUnit::for_hours(bin_width) {
            TimeUnit::Hours | TimeUnit::Days if bin_width >= 24.0 => TimeUnit::Days,
            unit => unit,
        };
        let number = number::exact_time(bin_width, unit);
        let (zh_number, en_number) =
            if number == "1" { (String::new(), String::new()) } else { (number.clone(), number + " ") };
        let left =
            (format!("每{zh_number}{}占比", unit.zh()), format!("  share per {en_number}{}", unit.en()));
        let right = ("累计占比".to_owned(), "  cumulative share".to_owned());
        let y = self.frame.top - 13.0;
        let width_of = |(zh, en): &(String, String)| zh_style.width(zh) + en_style.width(en);
        for (title, x) in [(&left, MARGIN), (&right, f64::from(WIDTH) - MARGIN - width_of(&right))] {
            self.canvas.clear_behind((x, y), width_of(title), 13.0);
            self.canvas.texts(&[(&title.0, zh_style), (&title.1, en_style)], (x, y));
        }
    }

    /// Writes the late share into the tinted region, above the first bars there that leave room below the curve.
    fn draw_late_share(&self) {
        let (Some(limit), Some(promise)) = (self.view.limit, self.figure.promise) else { return };
        let Some(share) = promise.share else { return };
        let late = Estimate {
            value: 1.0 - share.value,
            interval: share.interval.map(|(low, high)| (1.0 - high, 1.0 - low)),
        };
        let number = number::judged(&late, 1.0 - promise.target).0;
        let (zh, en) = (format!("{number}%未按时送达"), format!("{number} % not in time"));
        let (zh_style, en_style) = (Style::bold(15.0, RED), Style::regular(13.5, RED));
        let tallest_from = |n: usize| self.shares.iter().skip(n).copied().fold(0.0, f64::max) / self.top;
        let room = |n: &usize| self.edges[*n] >= limit && tallest_from(*n) < 0.36;
        let Some(first) = (0..self.shares.len()).find(room) else { return };
        let x = self.x_of(self.edges[first]) + 12.0;
        let fits = x + zh_style.width(&zh).max(en_style.width(&en)) < self.frame.right - 6.0;
        let curve =
            axis::count_until(&self.figure.bins, self.edges[first]) / self.figure.n_shipments.max(1) as f64;
        if late.value > 0.0 && fits && curve > 0.66 {
            let y = self.y_of(0.50);
            self.canvas.text(&zh, (x, y), Align::Left, zh_style);
            self.canvas.text(&en, (x, y + 19.0), Align::Left, en_style);
        }
    }

    /// Marks the gap between the end of the curve and 100 %.
    fn draw_never(&self, share: f64) {
        let x = self.frame.right - 7.0;
        let (top, bottom) = (self.frame.top + 1.0, self.y_of(1.0 - share) - 2.0);
        self.canvas.line(&[(x - 5.0, top), (x, top), (x, bottom), (x - 5.0, bottom)], GREY, 1.2);
        let number = number::percent(share, 1);
        let (zh, en) = (format!("{number}%始终未送达"), format!("  {number} % never arrived"));
        let (zh_style, en_style) = (Style::regular(14.0, INK), Style::regular(13.0, GREY));
        let start = x - 12.0 - zh_style.width(&zh) - en_style.width(&en);
        self.canvas.texts(&[(&zh, zh_style), (&en, en_style)], (start, f64::midpoint(top, bottom) + 5.0));
    }
}
