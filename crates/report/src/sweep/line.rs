//! A metric over one parameter: a line through the points, a ribbon of their intervals, and a line for the target.

use sanda_results::{Sweep, SweptMetric, Verdict};

use super::words::{self, notes};
use crate::draw::canvas::{self, Align, Canvas, Frame, MARGIN, Style, WIDTH};
use crate::draw::palette::{BLUE, DEEP_BLUE, GREY, INK, OCHRE, ORANGE};
use crate::draw::picture::Picture;
use crate::figure::plane::{Line, Plane, XTicks, YScale};
use crate::words::number;

const HEIGHT: u32 = 560;
const PLOT_LEFT: f64 = MARGIN + 62.0;
/// Right end of the plot in pixels. The room beyond it is for the words of the target.
const PLOT_RIGHT: f64 = WIDTH as f64 - MARGIN - 122.0;
/// Colour of the ribbon, light enough for lines to be visible on it.
const RIBBON: plotters::style::RGBColor = plotters::style::RGBColor(0xD5, 0xE4, 0xF0);
/// Greatest number of points that have their value written beside them; more would overlap.
const MOST_WRITTEN: usize = 12;

pub(super) fn line(sweep: &Sweep, metric: &SweptMetric) -> Picture {
    let parameter = &sweep.parameters[0];
    let mut picture = Picture {
        size: (WIDTH, HEIGHT),
        title: format!("{} {}", metric.name.zh, metric.name.en),
        description: format!("{} over {}", metric.path, parameter.path),
        marks: Vec::new(),
    };
    let canvas = Canvas::new(&mut picture);
    let subject = words::subject(metric.measure);
    let y = canvas.heading(&metric.name) + 26.0;
    let (zh, en) = (Style::regular(15.0, INK), Style::regular(14.0, GREY));
    canvas.texts(&[(&subject.zh, zh), (&format!("  {}", subject.en), en)], (MARGIN, y));
    let notes = notes(
        sweep,
        &[
            "色带为95%置信区间，只反映偶然性；各点用同一组随机数。 The ribbon is the 95 % interval, of chance alone; all points share one luck.",
        ],
    );
    canvas.footnotes(&notes, HEIGHT);
    let bottom = f64::from(HEIGHT) - canvas::footnotes_height(&notes) - 58.0;
    let frame = Frame { left: PLOT_LEFT, top: y + 34.0, right: PLOT_RIGHT, bottom };

    // A list of points need not be sorted.
    let mut order: Vec<(f64, usize)> = sweep
        .points
        .iter()
        .enumerate()
        .filter_map(|(point, one)| Some((one.numbers.first().copied().flatten()?, point)))
        .collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (low, high) = (order.first().map_or(0.0, |one| one.0), order.last().map_or(1.0, |one| one.0));
    let place = |number: f64| if high > low { 0.03 + 0.94 * (number - low) / (high - low) } else { 0.5 };
    let line = Line {
        points: order
            .iter()
            .map(|&(number, point)| {
                let figure = &metric.values[point].figure;
                (place(number), figure.value().unwrap_or(f64::NAN), figure.interval())
            })
            .collect(),
    };
    let ends = line.points.iter().flat_map(|(_, value, ends)| {
        let (low, high) = ends.unwrap_or((*value, *value));
        [*value, low, high]
    });
    let scale = YScale::of(ends.chain(metric.target), metric.measure);
    let plane = Plane { canvas: &canvas, frame, y: scale };
    let ticks = XTicks {
        marks: order.iter().map(|&(number, _)| (place(number), plain(number))).collect(),
        title: words::parameter(&parameter.path, parameter.unit.as_deref()),
    };
    plane.draw_axes(&ticks);
    plane.draw_ribbon(&line, RIBBON);
    if let Some(target) = metric.target {
        let words = format!("目标 target {}%", number::percentile_number(target));
        plane.draw_target(target, Some(&words));
    }
    plane.draw_line(&line, DEEP_BLUE, 2.2);
    for (&(_, point), (place, value, ends)) in order.iter().zip(&line.points) {
        if !value.is_finite() {
            continue;
        }
        let figure = &metric.values[point].figure;
        let colour = match metric.target.map(|target| figure.verdict(target)) {
            Some(Verdict::Kept) => DEEP_BLUE,
            Some(Verdict::Broken) => ORANGE,
            Some(Verdict::Uncertain) => OCHRE,
            None => BLUE,
        };
        let (x, y) = (plane.x_of(*place), plane.y_of(*value));
        plane.canvas.disc((x, y), 5.0, colour);
        if order.len() <= MOST_WRITTEN {
            let style = Style::bold(13.5, INK);
            let text = words::figure(figure, metric.measure).0;
            let top = plane.y_of(ends.map_or(*value, |(_, high)| high));
            // The value stands above the interval, or below the point where that would be outside the plot.
            let at = if top - 24.0 > frame.top - 26.0 { top - 10.0 } else { y + 24.0 };
            let width = style.width(&text);
            plane.canvas.clear_behind((x - width / 2.0, at), width, 13.5);
            plane.canvas.text(&text, (x, at), Align::Centre, style);
        }
    }
    drop(canvas);
    picture
}

/// Writes a number without trailing zeros.
pub(super) fn plain(number: f64) -> String {
    let text = format!("{number:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
