//! The figure of a promise week by week: of the shipments released in each week, the share that keeps it.
//!
//! Dated disruptions are shaded, and a line shows the median share of undisturbed weeks. It takes a small input of its own
//! ([`WeeksFigure`]), which `input` fills from results, and estimates nothing.

use sanda_results::Text;

use crate::draw::canvas::{self, Align, Canvas, Frame, MARGIN, Style, TEXT_WIDTH, WIDTH};
use crate::draw::palette::{BASE, BLUE, GREY, GRID, INK, ORANGE, PALE, RED, TINT};
use crate::draw::picture::Picture;
use crate::words::number;

/// A week.
#[derive(Clone, Debug, PartialEq)]
pub struct WeekBar {
    /// ISO label, such as `2025-W01`.
    pub label: String,
    /// Its beginning, in days after the start of the scenario.
    pub from: f64,
    /// Share kept, a fraction of one.
    pub share: f64,
}

/// A disruption to shade.
#[derive(Clone, Debug, PartialEq)]
pub struct ShadedSpan {
    /// Its name.
    pub name: Text,
    /// Beginning and end, in days after the start.
    pub days: [f64; 2],
}

/// Input of [`weeks`].
#[derive(Clone, Debug, PartialEq)]
pub struct WeeksFigure {
    /// Name of the promise.
    pub title: Text,
    /// The weeks, in order.
    pub weeks: Vec<WeekBar>,
    /// The disruptions, in order.
    pub spans: Vec<ShadedSpan>,
    /// Median share of undisturbed weeks, where it is known.
    pub usual: Option<f64>,
    /// Lowest share that counts as recovered, where it is known. Bars below it have another colour.
    pub floor: Option<f64>,
    /// Further small print, one line a note.
    pub notes: Vec<String>,
}

const HEIGHT: u32 = 470;
const PLOT_LEFT: f64 = MARGIN + 48.0;
const PLOT_RIGHT: f64 = WIDTH as f64 - MARGIN - 8.0;
/// Height of a row of names above the plot, in pixels.
const ROW: f64 = 21.0;
/// Least distance between the labels of weeks, in pixels.
const LABEL_GAP: f64 = 84.0;

/// Draws the figure, 1200 by 470 pixels, and one row of names higher for each disruption beyond the first.
pub fn weeks(figure: &WeeksFigure) -> Picture {
    let height = HEIGHT + (ROW * figure.spans.len().saturating_sub(1) as f64) as u32;
    let mut picture = Picture {
        size: (WIDTH, height),
        title: format!("{} {}", figure.title.zh, figure.title.en),
        description: "各周发货的按时送达率 share kept by week of release".to_owned(),
        marks: Vec::new(),
    };
    let canvas = Canvas::new(&mut picture);
    let mut y = canvas.heading(&figure.title) + 26.0;
    let (zh, en) = (Style::regular(15.0, INK), Style::regular(14.0, GREY));
    canvas.texts(&[("各周发货的按时送达率", zh), ("  share kept, by week of release", en)], (MARGIN, y));
    canvas.footnotes(&figure.notes, height);
    let top = y + 14.0 + ROW * figure.spans.len() as f64;
    let bottom = f64::from(height) - canvas::footnotes_height(&figure.notes) - 34.0;
    let frame = Frame { left: PLOT_LEFT, top, right: PLOT_RIGHT, bottom };
    let plot = Plot::new(&canvas, figure, frame);
    plot.draw_spans(&mut y);
    plot.draw_grid();
    plot.draw_bars();
    plot.draw_usual();
    plot.draw_axis();
    drop(canvas);
    picture
}

struct Plot<'a, 'b> {
    canvas: &'a Canvas<'b>,
    figure: &'a WeeksFigure,
    frame: Frame,
    from: f64,
    to: f64,
    /// Share at the top of the plot.
    high: f64,
}

impl<'a, 'b> Plot<'a, 'b> {
    fn new(canvas: &'a Canvas<'b>, figure: &'a WeeksFigure, frame: Frame) -> Self {
        let from = figure.weeks.first().map_or(0.0, |week| week.from);
        let to = figure.weeks.last().map_or(7.0, |week| week.from + 7.0);
        let highest = figure.weeks.iter().map(|week| week.share).fold(figure.usual.unwrap_or(0.0), f64::max);
        // Small shares fill the plot as well.
        let high = (4.0 * crate::figure::axis::round_step(highest / 4.0)).min(1.0);
        Self { canvas, figure, frame, from, to, high }
    }

    fn x_of(&self, day: f64) -> f64 {
        let part = (day.clamp(self.from, self.to) - self.from) / (self.to - self.from);
        self.frame.left + part * (self.frame.right - self.frame.left)
    }

    fn y_of(&self, share: f64) -> f64 {
        self.frame.bottom - share / self.high * (self.frame.bottom - self.frame.top)
    }

    fn draw_spans(&self, y: &mut f64) {
        let (zh, en) = (Style::bold(13.5, RED), Style::regular(13.0, RED));
        for span in &self.figure.spans {
            let (left, right) = (self.x_of(span.days[0]), self.x_of(span.days[1]));
            // A short disruption stays visible.
            let right = right.max(left + 2.0);
            self.canvas.rectangle(Frame { left, right, ..self.frame }, TINT);
            self.canvas.line(&[(left, self.frame.top), (left, self.frame.bottom)], ORANGE, 1.0);
            self.canvas.line(&[(right, self.frame.top), (right, self.frame.bottom)], ORANGE, 1.0);
            *y += ROW;
            let name_zh = zh.fit(&span.name.zh, TEXT_WIDTH / 2.0);
            let name_en = if span.name.zh == span.name.en {
                String::new()
            } else {
                format!("  {}", en.fit(&span.name.en, TEXT_WIDTH / 2.0 - 12.0))
            };
            let width = zh.width(&name_zh) + en.width(&name_en);
            let end = f64::from(WIDTH) - MARGIN;
            let start = (f64::midpoint(left, right) - width / 2.0).clamp(MARGIN, (end - width).max(MARGIN));
            self.canvas.texts(&[(&name_zh, zh), (&name_en, en)], (start, *y));
        }
    }

    fn draw_grid(&self) {
        let tick = Style::regular(13.0, PALE);
        for level in [0.0, 0.25, 0.5, 0.75, 1.0] {
            let y = self.y_of(level * self.high);
            if level > 0.0 {
                self.canvas.line(&[(self.frame.left, y), (self.frame.right, y)], GRID, 1.0);
            }
            let label = format!("{}%", number::percentile_number(level * self.high));
            self.canvas.text(&label, (self.frame.left - 9.0, y + 4.5), Align::Right, tick);
        }
    }

    fn draw_bars(&self) {
        for week in &self.figure.weeks {
            let (left, right) = (self.x_of(week.from) + 0.8, self.x_of(week.from + 7.0) - 0.8);
            let colour = match self.figure.floor {
                Some(floor) if week.share < floor => ORANGE,
                _ => BLUE,
            };
            let top = self.y_of(week.share.min(self.high));
            if top < self.frame.bottom && left < right {
                self.canvas.rectangle(Frame { left, top, right, bottom: self.frame.bottom }, colour);
            }
        }
        let base = self.frame.bottom;
        self.canvas.line(&[(self.frame.left, base), (self.frame.right, base)], BASE, 1.2);
    }

    fn draw_usual(&self) {
        let Some(usual) = self.figure.usual else { return };
        let y = self.y_of(usual);
        self.canvas.line(&[(self.frame.left, y), (self.frame.right, y)], INK, 1.4);
    }

    /// Draws the labels of the weeks, as many as have room.
    fn draw_axis(&self) {
        let tick = Style::regular(13.0, GREY);
        let mut free_from = f64::NEG_INFINITY;
        for week in &self.figure.weeks {
            let x = self.x_of(week.from);
            let base = self.frame.bottom;
            if x < free_from || x + tick.width(&week.label) / 2.0 > f64::from(WIDTH) - MARGIN / 2.0 {
                continue;
            }
            free_from = x + LABEL_GAP;
            self.canvas.line(&[(x, base), (x, base + 5.0)], BASE, 1.2);
            self.canvas.text(&week.label, (x, base + 20.0), Align::Centre, tick);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(n: usize, spans: usize) -> WeeksFigure {
        let share = |week: usize| if (20..24).contains(&week) { 0.1 } else { 0.9 };
        let span = |n: usize| ShadedSpan {
            name: Text::new("波白口岸关闭", "Closed border between Poland and Belarus"),
            days: [140.0 + 30.0 * n as f64, 153.5 + 30.0 * n as f64],
        };
        WeeksFigure {
            title: Text::new("国际铁路“半月达”", "International rail within half a month"),
            weeks: (0..n)
                .map(|n| WeekBar {
                    label: format!("2025-W{:02}", n + 1),
                    from: 7.0 * n as f64,
                    share: share(n),
                })
                .collect(),
            spans: (0..spans).map(span).collect(),
            usual: Some(0.9),
            floor: Some(0.81),
            notes: vec!["情景 scenario: test".to_owned()],
        }
    }

    #[test]
    fn words_are_on_the_sheet_and_apart() {
        for (n, spans) in [(1, 0), (12, 1), (53, 2), (120, 3)] {
            weeks(&figure(n, spans)).check_layout();
        }
    }

    #[test]
    fn weeks_below_the_floor_are_told_apart_and_spans_are_named() {
        let picture = weeks(&figure(53, 1));
        assert!(picture.words().contains("波白口岸关闭|  Closed border between Poland and Belarus"));
        let bars = |colour: plotters::style::RGBColor| {
            let rgb = (colour.0, colour.1, colour.2);
            let is_bar = |mark: &&crate::draw::picture::Mark| {
                matches!(mark.shape, crate::draw::picture::Shape::Rectangle(..)) && mark.paint.rgb == rgb
            };
            picture.marks.iter().filter(is_bar).count()
        };
        assert_eq!((bars(BLUE), bars(ORANGE)), (49, 4));
    }
}
