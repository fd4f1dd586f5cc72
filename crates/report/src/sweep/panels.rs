//! A metric over many parameters, or over values without order: a panel for each parameter, a mark for each point.

use sanda_results::{Sweep, SweptMetric};

use super::line::plain;
use super::words::{self, notes};
use crate::draw::canvas::{self, Canvas, Frame, MARGIN, Style, WIDTH};
use crate::draw::palette::{DEEP_BLUE, GREY, INK};
use crate::draw::picture::Picture;
use crate::figure::axis::{multiples, round_step};
use crate::figure::plane::{Plane, XTicks, YScale};
use crate::words::number;

const PANEL: f64 = 300.0;
/// Height below a panel for its marks and its title, in pixels.
const BELOW: f64 = 66.0;
/// Width left of a panel for the marks of its values, in pixels.
const BESIDE: f64 = 66.0;
/// Colour of the interval of a point.
const STROKE: plotters::style::RGBColor = plotters::style::RGBColor(0xA9, 0xC4, 0xDC);
/// Greatest number of values that are all marked. With more, the marks are round numbers.
const MOST_MARKS: usize = 10;

pub(super) fn panels(sweep: &Sweep, metric: &SweptMetric) -> Picture {
    let n = sweep.parameters.len();
    let n_columns = if n == 1 { 1 } else { 2 };
    let n_rows = n.div_ceil(n_columns);
    let mut first = vec!["竖线为95%置信区间，只反映偶然性；各点用同一组随机数。 Strokes are 95 % intervals, of chance alone; all points share one luck.".to_owned()];
    if let Some(target) = metric.target {
        let target = number::percentile_number(target);
        first.push(format!("红线为目标{target}%。 The red line is the target of {target} %."));
    }
    let first: Vec<&str> = first.iter().map(String::as_str).collect();
    let notes = notes(sweep, &first);
    let height = 140.0 + (PANEL + BELOW) * n_rows as f64 + canvas::footnotes_height(&notes);
    let mut picture = Picture {
        size: (WIDTH, height.ceil() as u32),
        title: format!("{} {}", metric.name.zh, metric.name.en),
        description: format!("{} over {n} parameters", metric.path),
        marks: Vec::new(),
    };
    let size = picture.size.1;
    let canvas = Canvas::new(&mut picture);
    let subject = words::subject(metric.measure);
    let y = canvas.heading(&metric.name) + 26.0;
    let (zh, en) = (Style::regular(15.0, INK), Style::regular(14.0, GREY));
    canvas.texts(&[(&subject.zh, zh), (&format!("  {}", subject.en), en)], (MARGIN, y));
    canvas.footnotes(&notes, size);
    let ends = metric.values.iter().flat_map(|value| {
        let estimate = value.figure.value().unwrap_or(f64::NAN);
        let (low, high) = value.figure.interval().unwrap_or((estimate, estimate));
        [estimate, low, high]
    });
    let scale = YScale::of(ends.chain(metric.target), metric.measure);
    let width = (f64::from(WIDTH) - 2.0 * MARGIN) / n_columns as f64;
    for parameter in 0..n {
        let (column, row) = (parameter % n_columns, parameter / n_columns);
        let left = MARGIN + width * column as f64 + BESIDE;
        let top = y + 22.0 + (PANEL + BELOW) * row as f64;
        let right = MARGIN + width * (column as f64 + 1.0) - 18.0;
        let frame = Frame { left, top, right, bottom: top + PANEL };
        panel(&Plane { canvas: &canvas, frame, y: scale }, sweep, metric, parameter);
    }
    drop(canvas);
    picture
}

fn panel(plane: &Plane<'_, '_>, sweep: &Sweep, metric: &SweptMetric, parameter: usize) {
    let about = &sweep.parameters[parameter];
    let (places, marks) = places(sweep, parameter);
    plane.draw_axes(&XTicks { marks, title: words::parameter(&about.path, about.unit.as_deref()) });
    if let Some(target) = metric.target {
        plane.draw_target(target, None);
    }
    for (place, value) in places.iter().zip(&metric.values) {
        if let Some(ends) = value.figure.interval() {
            plane.draw_interval(*place, ends, STROKE);
        }
    }
    for (place, value) in places.iter().zip(&metric.values) {
        let Some(estimate) = value.figure.estimate else { continue };
        plane.canvas.disc((plane.x_of(*place), plane.y_of(estimate)), 3.8, DEEP_BLUE);
    }
}

/// Returns the positions of the points between 0 and 1, and the marks below them.
fn places(sweep: &Sweep, parameter: usize) -> (Vec<f64>, Vec<(f64, String)>) {
    let numbers: Option<Vec<f64>> = sweep.points.iter().map(|point| point.numbers[parameter]).collect();
    let Some(numbers) = numbers else {
        let mut words: Vec<&str> = Vec::new();
        let at: Vec<usize> = sweep
            .points
            .iter()
            .map(|point| {
                let word = point.values[parameter].as_str();
                words.iter().position(|known| *known == word).unwrap_or_else(|| {
                    words.push(word);
                    words.len() - 1
                })
            })
            .collect();
        let place = |at: usize| (at as f64 + 0.5) / words.len() as f64;
        let marks = words.iter().enumerate().map(|(at, word)| (place(at), (*word).to_owned()));
        return (at.into_iter().map(place).collect(), marks.collect());
    };
    let (low, high) = (
        numbers.iter().copied().fold(f64::INFINITY, f64::min),
        numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max),
    );
    let place = |number: f64| if high > low { 0.04 + 0.92 * (number - low) / (high - low) } else { 0.5 };
    let mut distinct = numbers.clone();
    distinct.sort_by(f64::total_cmp);
    distinct.dedup();
    let marked = if distinct.len() <= MOST_MARKS {
        distinct
    } else {
        multiples(round_step((high - low) / 6.0), low, high)
    };
    let marks = marked.into_iter().map(|number| (place(number), plain(number)));
    (numbers.iter().map(|&number| place(number)).collect(), marks.collect())
}
