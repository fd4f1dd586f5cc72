//! The plane that figures over parameters and over time share: a frame with two axes, lines with intervals, and marks.
//!
//! Positions on the sheet are pixels. It knows neither sweeps nor warm-ups.

use plotters::style::RGBColor;
use sanda_results::Measure;

use crate::draw::canvas::{Align, Canvas, Frame, Style};
use crate::draw::palette::{BASE, GREY, GRID, PALE, RED};
use crate::figure::axis::{multiples, round_step};
use crate::words::number::{self, TimeUnit};

/// Approximate number of marks on the vertical axis.
const N_TICKS: f64 = 5.0;

/// The vertical axis: a range and the form of its marks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct YScale {
    pub(crate) low: f64,
    pub(crate) high: f64,
    step: f64,
    /// Value of one unit of the marks, in units of the data.
    factor: f64,
    suffix: &'static str,
}

impl YScale {
    /// Makes a scale that holds all values with some room. Shares stay between 0 and 1.
    pub(crate) fn of(values: impl Iterator<Item = f64>, measure: Measure) -> Self {
        let finite = values.filter(|value| value.is_finite());
        let (least, most) = finite
            .fold((f64::INFINITY, f64::NEG_INFINITY), |ends, value| (ends.0.min(value), ends.1.max(value)));
        let (least, most) = if least <= most { (least, most) } else { (0.0, 1.0) };
        let (factor, suffix) = match measure {
            Measure::Share => (0.01, "%"),
            Measure::Hours => match TimeUnit::for_hours(most.abs()) {
                TimeUnit::Days => (24.0, " d"),
                TimeUnit::Hours => (1.0, " h"),
                TimeUnit::Minutes => (TimeUnit::Minutes.hours(), " min"),
                TimeUnit::Seconds => (TimeUnit::Seconds.hours(), " s"),
            },
            Measure::Yuan | Measure::Kilograms | Measure::Number => (1.0, ""),
        };
        let range = (most - least).max(1e-3 * most.abs()).max(1e-9 * factor);
        let step = factor * round_step(range / factor / (N_TICKS - 1.0));
        let mut low = (least / step - 0.2).floor() * step;
        let mut high = (most / step + 0.2).ceil() * step;
        if measure == Measure::Share {
            (low, high) = (low.max(0.0), high.min(1.0));
        } else if least >= 0.0 {
            low = low.max(0.0);
        }
        Self { low, high: if high > low { high } else { low + step }, step, factor, suffix }
    }

    fn marks(&self) -> Vec<(f64, String)> {
        let marks = multiples(self.step, self.low, self.high);
        marks.into_iter().map(|value| (value, self.word(value))).collect()
    }

    fn word(&self, value: f64) -> String {
        let number = value / self.factor;
        let step = self.step / self.factor;
        let decimals = (0..6_usize).find(|&n| {
            let scaled = (0..n).fold(step, |step, _| step * 10.0);
            (scaled - scaled.round()).abs() < 1e-6
        });
        let text = format!("{number:.*}", decimals.unwrap_or(6));
        let whole = text.parse::<u64>().map_or(text, number::count);
        format!("{whole}{}", self.suffix)
    }
}

/// The marks of the horizontal axis: positions between 0 and 1 with their words.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct XTicks {
    pub(crate) marks: Vec<(f64, String)>,
    /// Title below the marks.
    pub(crate) title: String,
}

/// Position between 0 and 1, value, and the ends of its interval.
pub(crate) type Place = (f64, f64, Option<(f64, f64)>);

/// Values along the horizontal axis, with their intervals where these exist.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    pub(crate) points: Vec<Place>,
}

/// A frame with its axes.
pub(crate) struct Plane<'a, 'b> {
    pub(crate) canvas: &'a Canvas<'b>,
    pub(crate) frame: Frame,
    pub(crate) y: YScale,
}

impl Plane<'_, '_> {
    pub(crate) fn x_of(&self, place: f64) -> f64 {
        self.frame.left + place * (self.frame.right - self.frame.left)
    }

    pub(crate) fn y_of(&self, value: f64) -> f64 {
        let part = (value.clamp(self.y.low, self.y.high) - self.y.low) / (self.y.high - self.y.low);
        self.frame.bottom - part * (self.frame.bottom - self.frame.top)
    }

    /// Draws the grid, the marks of both axes, and the title of the horizontal one. A mark that would touch the one before is left out.
    pub(crate) fn draw_axes(&self, ticks: &XTicks) {
        let (canvas, frame) = (self.canvas, self.frame);
        let tick = Style::regular(13.0, PALE);
        for (value, word) in self.y.marks() {
            let y = self.y_of(value);
            canvas.line(&[(frame.left, y), (frame.right, y)], GRID, 1.0);
            canvas.text(&word, (frame.left - 9.0, y + 4.5), Align::Right, tick);
        }
        canvas.line(&[(frame.left, frame.bottom), (frame.right, frame.bottom)], BASE, 1.2);
        let mut free_from = f64::NEG_INFINITY;
        for (place, word) in &ticks.marks {
            let x = self.x_of(*place);
            let half = tick.width(word) / 2.0;
            canvas.line(&[(x, frame.bottom), (x, frame.bottom + 5.0)], BASE, 1.2);
            if x - half > free_from {
                canvas.text(word, (x, frame.bottom + 20.0), Align::Centre, tick);
                free_from = x + half + 8.0;
            }
        }
        let title = Style::regular(13.5, GREY);
        let middle = f64::midpoint(frame.left, frame.right);
        let words = title.fit(&ticks.title, frame.right - frame.left + 60.0);
        canvas.text(&words, (middle, frame.bottom + 42.0), Align::Centre, title);
    }

    /// Draws the intervals of a line as a ribbon. The ribbon is interrupted where an interval is missing.
    pub(crate) fn draw_ribbon(&self, line: &Line, colour: RGBColor) {
        for run in line.points.split(|(_, value, ends)| ends.is_none() || !value.is_finite()) {
            if run.len() < 2 {
                continue;
            }
            let edge = |high: bool| {
                run.iter().filter_map(move |(place, _, ends)| {
                    let (low, top) = (*ends)?;
                    Some((self.x_of(*place), self.y_of(if high { top } else { low })))
                })
            };
            let mut corners: Vec<_> = edge(true).collect();
            let mut below: Vec<_> = edge(false).collect();
            below.reverse();
            corners.extend(below);
            self.canvas.polygon(&corners, colour);
        }
    }

    /// Draws the values of a line. The line is interrupted where a value is missing.
    pub(crate) fn draw_line(&self, line: &Line, colour: RGBColor, width: f64) {
        for run in line.points.split(|(_, value, _)| !value.is_finite()) {
            let points: Vec<_> =
                run.iter().map(|(place, value, _)| (self.x_of(*place), self.y_of(*value))).collect();
            if points.len() > 1 {
                self.canvas.line(&points, colour, width);
            }
        }
    }

    /// Draws the interval of one value as a vertical stroke.
    pub(crate) fn draw_interval(&self, place: f64, (low, high): (f64, f64), colour: RGBColor) {
        let x = self.x_of(place);
        self.canvas.line(&[(x, self.y_of(low)), (x, self.y_of(high))], colour, 1.6);
    }

    /// Draws the target across the frame, with words to the right of it if there are any.
    pub(crate) fn draw_target(&self, target: f64, words: Option<&str>) {
        if !(self.y.low..=self.y.high).contains(&target) {
            return;
        }
        let y = self.y_of(target);
        self.canvas.line(&[(self.frame.left, y), (self.frame.right, y)], RED, 1.6);
        if let Some(words) = words {
            let style = Style::regular(13.5, RED);
            self.canvas.text(words, (self.frame.right + 10.0, y + 4.5), Align::Left, style);
        }
    }
}
