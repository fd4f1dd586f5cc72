//! The figure of gains and losses of an alternative: a row for each lane or promise, a dot at the difference, a line for its interval.

use sanda_results::{Alternative, Comparison, Finding, MetricDifference, Text};

use super::rows;
use super::words::Quantity;
use crate::draw::canvas::{self, Align, Canvas, Frame, MARGIN, Style, WIDTH};
use crate::draw::palette::{BASE, BLUE, GREY, GRID, INK, PALE, RED, TRACK};
use crate::draw::picture::Picture;
use crate::figure::axis;
use crate::words::number::{self, TimeUnit};
use crate::words::phrase;

/// Greatest number of rows, so that the figure fits a page. The rows left out differ least.
const MOST: usize = 24;
const LEFT: f64 = MARGIN + 330.0;
const RIGHT: f64 = WIDTH as f64 - MARGIN - 190.0;
const COLUMN: f64 = WIDTH as f64 - MARGIN;

/// A row of the figure, in days or points.
struct Row {
    name: Text,
    value: f64,
    low: f64,
    high: f64,
    /// Whether the difference is proven to be good or bad; `None` where neither is proven.
    is_better: Option<bool>,
}

/// Draws all figures of a comparison.
pub(super) fn figures(comparison: &Comparison) -> Vec<(String, Picture)> {
    let mut figures = Vec::new();
    for alternative in &comparison.alternatives {
        let name = &alternative.scenario.name;
        let lanes = rows::lanes(comparison, alternative);
        let days = lanes
            .iter()
            .filter(|lane| lane.is_moved(comparison.margins.hours))
            .filter_map(|lane| row(lane.name.clone(), lane.mean, 24.0))
            .collect();
        if let Some(picture) = draw(comparison, alternative, Quantity::Time, days) {
            figures.push((format!("days-{name}"), picture));
        }
        let promises = rows::promises(comparison, alternative);
        let points = promises
            .iter()
            .filter(|one| !one.is_alike(comparison.margins))
            .filter_map(|one| row(one.promise.name.clone(), one.share, 0.01))
            .collect();
        if let Some(picture) = draw(comparison, alternative, Quantity::Share, points) {
            figures.push((format!("points-{name}"), picture));
        }
    }
    figures
}

/// Makes the row of a difference in days or points; `None` where nothing differs or there is no interval.
fn row(name: Text, metric: &MetricDifference, unit: f64) -> Option<Row> {
    let (low, high) =
        metric.difference.interval().filter(|(low, high)| low.is_finite() && high.is_finite())?;
    let is_proven = matches!(
        metric.finding,
        Finding::Better
            | Finding::BetterOpen
            | Finding::BetterInside
            | Finding::Worse
            | Finding::WorseOpen
            | Finding::WorseInside
    );
    (metric.finding != Finding::Same).then(|| Row {
        name,
        value: metric.difference.value().unwrap_or(0.0) / unit,
        low: low / unit,
        high: high / unit,
        is_better: is_proven.then(|| metric.finding.is_better()),
    })
}

fn draw(
    comparison: &Comparison,
    alternative: &Alternative,
    quantity: Quantity,
    mut rows: Vec<Row>,
) -> Option<Picture> {
    if rows.is_empty() {
        return None;
    }
    rows.sort_by(|a, b| b.value.abs().total_cmp(&a.value.abs()));
    let n_hidden = rows.len().saturating_sub(MOST);
    rows.truncate(MOST);
    let title = &alternative.scenario.title;
    let base = &comparison.base.title;
    let (what, unit) = match quantity {
        Quantity::Share => (
            Text::new("各项承诺按时送达率的变化", "change of the share that keeps each promise"),
            Text::new("个百分点", "percentage points"),
        ),
        _ => (
            Text::new("各线路平均用时的变化", "change of the mean time of each lane"),
            Text::new("天", "days"),
        ),
    };
    let mut notes = vec![
        format!(
            "与“{}”相比，{}次重复，随机数相同；横线为95%置信区间，灰点表示未证实有差别。",
            base.zh, comparison.base.replications
        ),
        format!(
            "Compared with “{}”, {} with the same luck; lines are 95 % intervals, grey dots are not proven to differ.",
            base.en,
            phrase::plural(u64::from(comparison.base.replications), "replication")
        ),
    ];
    if n_hidden > 0 {
        notes.push(format!(
            "另有{n_hidden}行差别更小，未列出。 {} with smaller differences not shown.",
            phrase::plural(n_hidden as u64, "more row")
        ));
    }
    let row_height = 40.0;
    let mut picture = Picture { size: (WIDTH, 400), ..Picture::default() };
    let top = Canvas::new(&mut picture).heading(title) + 84.0;
    let bottom = top + row_height * rows.len() as f64 + 6.0;
    let height = (bottom + 44.0 + canvas::footnotes_height(&notes)).ceil() as u32;
    let mut picture = Picture {
        size: (WIDTH, height),
        title: format!("{} {}", title.zh, title.en),
        description: format!("{}。{}.", what.zh, phrase::capitalised(&what.en)),
        marks: Vec::new(),
    };
    let canvas = Canvas::new(&mut picture);
    let y = canvas.heading(title) + 30.0;
    canvas.texts(
        &[
            (&format!("{}（{}）", what.zh, unit.zh), Style::regular(16.0, GREY)),
            (&format!("  {}, {}", what.en, unit.en), Style::regular(14.5, PALE)),
        ],
        (MARGIN, y),
    );
    canvas.footnotes(&notes, height);
    draw_rows(&canvas, &rows, row_height, top, bottom);
    drop(canvas);
    Some(picture)
}

fn draw_rows(canvas: &Canvas, rows: &[Row], row_height: f64, top: f64, bottom: f64) {
    let lowest = rows.iter().map(|row| row.low).fold(0.0, f64::min);
    let highest = rows.iter().map(|row| row.high).fold(0.0, f64::max);
    // Points are treated as days: both are plain numbers here.
    let step = axis::label_step((highest - lowest) * 24.0, 6.0, TimeUnit::Days) / 24.0;
    let from = (lowest / step).floor() * step;
    let to = (highest / step).ceil().max(from / step + 1.0) * step;
    let x_of = |value: f64| LEFT + (value - from) / (to - from) * (RIGHT - LEFT);
    let tick = Style::regular(12.5, PALE);
    let mut mark = from;
    while mark <= to + step / 2.0 {
        let is_zero = mark.abs() < step / 1e6;
        canvas.line(&[(x_of(mark), top), (x_of(mark), bottom)], if is_zero { BASE } else { GRID }, 1.0);
        canvas.text(&marked(mark, step), (x_of(mark), bottom + 18.0), Align::Centre, tick);
        mark += step;
    }
    for (n, row) in rows.iter().enumerate() {
        let frame_top = top + row_height * n as f64 + 3.0;
        let frame =
            Frame { left: MARGIN, top: frame_top, right: LEFT - 14.0, bottom: frame_top + row_height };
        let middle = f64::midpoint(frame.top, frame.bottom);
        canvas.row_name(&row.name, frame, false);
        let colour = match row.is_better {
            Some(true) => BLUE,
            Some(false) => RED,
            None => GREY,
        };
        canvas.rectangle(
            Frame {
                left: x_of(0.0).min(x_of(row.value)),
                right: x_of(0.0).max(x_of(row.value)),
                top: middle - 3.0,
                bottom: middle + 3.0,
            },
            TRACK,
        );
        canvas.line(&[(x_of(row.low), middle), (x_of(row.high), middle)], colour, 2.0);
        canvas.disc((x_of(row.value), middle), 5.0, colour);
        let half = (row.high - row.low) / 2.0;
        let decimals = number::decimals(Some(half), 2);
        let number = |value: f64| signed(value, decimals);
        let ends = format!("[{}, {}]", number(row.low), number(row.high));
        let narrow = Style::regular(12.5, GREY);
        canvas.text(
            &number(row.value),
            (COLUMN - 112.0, middle + 5.0),
            Align::Right,
            Style::regular(14.5, INK),
        );
        canvas.text(&ends, (COLUMN, middle + 5.0), Align::Right, narrow);
    }
}

/// Writes a mark of the axis with as many decimals as its step has.
fn marked(value: f64, step: f64) -> String {
    let decimals = (0..6).find(|&decimals| {
        let shown: f64 = format!("{step:.decimals$}").parse().unwrap_or(0.0);
        (shown - step).abs() < step * 1e-6
    });
    let decimals = decimals.unwrap_or(2);
    if value.abs() < step / 1e6 { "0".to_owned() } else { signed(value, decimals) }
}

/// Writes a number with its sign. A number that rounds to zero has none.
fn signed(value: f64, decimals: usize) -> String {
    let text = format!("{value:+.decimals$}");
    if number::reads_as_zero(&text) {
        return text.trim_start_matches(['+', '-']).to_owned();
    }
    text.replace('-', "−")
}
