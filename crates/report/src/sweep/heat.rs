//! A metric over a grid of two parameters: a table of coloured cells.

use plotters::style::RGBColor;
use sanda_results::{Sweep, SweptMetric, Verdict};

use super::words::{self, notes};
use crate::draw::canvas::{self, Align, Canvas, Frame, MARGIN, Style, WIDTH};
use crate::draw::palette::{GREY, INK, PALE, RED, SHEET};
use crate::draw::picture::Picture;
use crate::words::number;

/// Height of a row of cells in pixels, as long as the sheet has room.
const ROW: f64 = 46.0;
const LEAST_ROW: f64 = 14.0;
/// Least width in pixels of a cell that holds a number.
const WRITTEN: f64 = 52.0;
/// The ends of the colour scale, from low to high. Dark text is legible on both.
const LOW: RGBColor = RGBColor(0xF3, 0xF6, 0xFA);
const HIGH: RGBColor = RGBColor(0x86, 0xB4, 0xD8);

pub(super) fn heat(sweep: &Sweep, metric: &SweptMetric) -> Picture {
    let columns = distinct(sweep, 0);
    let rows = distinct(sweep, 1);
    let row_height = (900.0 / rows.len() as f64).clamp(LEAST_ROW, ROW);
    let target = metric.target.map(number::percentile_number);
    let first = target.map_or_else(
        || "颜色越深数值越大。 The darker, the larger.".to_owned(),
        |target| format!("颜色越深数值越大；红框内达到目标{target}%（95%置信区间全部不低于目标）。 The darker, the larger; framed in red where the target of {target} % is kept (the whole 95 % interval reaches it)."),
    );
    let notes = notes(sweep, &[&first]);
    let height = 196.0 + row_height * rows.len() as f64 + 62.0 + canvas::footnotes_height(&notes);
    let mut picture = Picture {
        size: (WIDTH, height.ceil() as u32),
        title: format!("{} {}", metric.name.zh, metric.name.en),
        description: format!(
            "{} over {} and {}",
            metric.path, sweep.parameters[0].path, sweep.parameters[1].path
        ),
        marks: Vec::new(),
    };
    let size = picture.size.1;
    let canvas = Canvas::new(&mut picture);
    let subject = words::subject(metric.measure);
    let y = canvas.heading(&metric.name) + 26.0;
    let (zh, en) = (Style::regular(15.0, INK), Style::regular(14.0, GREY));
    canvas.texts(&[(&subject.zh, zh), (&format!("  {}", subject.en), en)], (MARGIN, y));
    canvas.footnotes(&notes, size);

    let tick = Style::regular(13.0, PALE);
    let title = Style::regular(13.5, GREY);
    let widest = rows.iter().map(|word| tick.width(word)).fold(40.0, f64::max).min(260.0);
    let second = &sweep.parameters[1];
    canvas.text(
        &title.fit(&words::parameter(&second.path, second.unit.as_deref()), f64::from(WIDTH) - 2.0 * MARGIN),
        (MARGIN, y + 34.0),
        Align::Left,
        title,
    );
    let frame = Frame {
        left: MARGIN + widest + 16.0,
        top: y + 48.0,
        right: f64::from(WIDTH) - MARGIN,
        bottom: y + 48.0 + row_height * rows.len() as f64,
    };
    let width = ((frame.right - frame.left) / columns.len() as f64).min(330.0);
    let values = || metric.values.iter().filter_map(|value| value.figure.estimate);
    let (least, most) = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
    let mut kept = Vec::new();
    for (point, value) in sweep.points.iter().zip(&metric.values) {
        let place =
            |all: &[String], at: usize| all.iter().position(|word| *word == point.values[at]).unwrap_or(0);
        let (column, row) = (place(&columns, 0), place(&rows, 1));
        let left = frame.left + width * column as f64;
        let top = frame.top + row_height * row as f64;
        let cell = Frame {
            left: left + 1.0,
            top: top + 1.0,
            right: left + width - 1.0,
            bottom: top + row_height - 1.0,
        };
        let part = value
            .figure
            .value()
            .map(|value| if most > least { ((value - least) / (most - least)).clamp(0.0, 1.0) } else { 0.5 });
        canvas.rectangle(cell, part.map_or(SHEET, |part| mix(LOW, HIGH, part)));
        if width >= WRITTEN && row_height >= 22.0 {
            let style = Style::regular(14.0, INK);
            let text = style.fit(&words::figure(&value.figure, metric.measure).0, width - 8.0);
            canvas.text(&text, (left + width / 2.0, top + row_height / 2.0 + 5.0), Align::Centre, style);
        }
        if metric.target.is_some_and(|target| value.figure.verdict(target) == Verdict::Kept) {
            kept.push(cell);
        }
    }
    for cell in kept {
        let Frame { left, top, right, bottom } = cell;
        let corners = [
            (left + 1.0, top + 1.0),
            (right - 1.0, top + 1.0),
            (right - 1.0, bottom - 1.0),
            (left + 1.0, bottom - 1.0),
            (left + 1.0, top + 1.0),
        ];
        canvas.line(&corners, RED, 2.0);
    }
    for (row, word) in rows.iter().enumerate() {
        let middle = frame.top + row_height * (row as f64 + 0.5);
        canvas.text(&tick.fit(word, widest), (frame.left - 10.0, middle + 4.5), Align::Right, tick);
    }
    let mut free_from = f64::NEG_INFINITY;
    for (column, word) in columns.iter().enumerate() {
        let x = frame.left + width * (column as f64 + 0.5);
        let word = tick.fit(word, width.max(60.0));
        let half = tick.width(&word) / 2.0;
        if x - half > free_from {
            canvas.text(&word, (x, frame.bottom + 19.0), Align::Centre, tick);
            free_from = x + half + 8.0;
        }
    }
    let first = &sweep.parameters[0];
    let words = title.fit(&words::parameter(&first.path, first.unit.as_deref()), frame.right - frame.left);
    canvas.text(&words, (frame.left, frame.bottom + 42.0), Align::Left, title);
    drop(canvas);
    picture
}

/// Lists the values of a parameter, each once, in the order in which they were given.
fn distinct(sweep: &Sweep, parameter: usize) -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    for point in &sweep.points {
        if !values.contains(&point.values[parameter]) {
            values.push(point.values[parameter].clone());
        }
    }
    values
}

fn mix(low: RGBColor, high: RGBColor, part: f64) -> RGBColor {
    let channel =
        |low: u8, high: u8| (f64::from(low) + (f64::from(high) - f64::from(low)) * part).round() as u8;
    RGBColor(channel(low.0, high.0), channel(low.1, high.1), channel(low.2, high.2))
}
