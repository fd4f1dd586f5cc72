//! A picture as SVG. Text becomes outlines, so the file looks the same on every machine and needs no font; the words are in the title and
//! description for screen readers and search. It decides nothing about the figure and writes no file.
//!
//! Text is one path per line of text, in font units under a scale, written with relative commands: a figure stays near 100 kB.
//! Coordinates have at most two decimals. The same picture gives the same bytes.

use std::fmt::Write as _;

use ab_glyph::OutlineCurve;

use crate::picture::{Mark, Paint, Picture, Point, Shape, TextMark};
use crate::typeface::{self, UNITS_PER_EM};

/// Writes a picture as a whole SVG document.
pub(crate) fn svg(picture: &Picture) -> String {
    let (width, height) = picture.size;
    let mut out = String::with_capacity(64 * 1024);
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\">\n\
         <title>{}</title>\n<desc>{}</desc>\n<path fill=\"#ffffff\" d=\"M0 0h{width}v{height}h-{width}z\"/>\n",
        escape(&picture.title),
        escape(&picture.description)
    );
    for mark in &picture.marks {
        write_mark(&mut out, mark);
    }
    out.push_str("</svg>\n");
    out
}

fn write_mark(out: &mut String, Mark { shape, paint }: &Mark) {
    match shape {
        Shape::Rectangle(a, b) => {
            let (width, height) = (number(b.0 - a.0), number(b.1 - a.1));
            let (x, y) = (number(a.0), number(a.1));
            let _ = write!(out, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"");
            write_paint(out, "fill", *paint);
        }
        Shape::Polygon(corners) => {
            let _ = write!(out, "<path d=\"{}z\"", path(corners));
            write_paint(out, "fill", *paint);
        }
        Shape::Line(points, width) => {
            let _ = write!(
                out,
                "<path d=\"{}\" fill=\"none\" stroke-width=\"{}\" stroke-linejoin=\"round\"",
                path(points),
                number(*width)
            );
            write_paint(out, "stroke", *paint);
        }
        Shape::Disc(centre, radius) => {
            let (x, y) = (number(centre.0), number(centre.1));
            let _ = write!(out, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{}\"", number(*radius));
            write_paint(out, "fill", *paint);
        }
        Shape::Text(text) => {
            let outline = outline(text);
            if outline.is_empty() {
                return;
            }
            let scale = text.size / f64::from(UNITS_PER_EM);
            let (x, y) = (number(text.left), number(text.baseline));
            let _ = write!(out, "<path transform=\"translate({x} {y}) scale({scale:.5})\" d=\"{outline}\"");
            write_paint(out, "fill", *paint);
        }
    }
    out.push_str("/>\n");
}

fn write_paint(out: &mut String, attribute: &str, Paint { rgb: (red, green, blue), alpha }: Paint) {
    let _ = write!(out, " {attribute}=\"#{red:02x}{green:02x}{blue:02x}\"");
    if alpha < 1.0 {
        let _ = write!(out, " {attribute}-opacity=\"{}\"", number(alpha));
    }
}

fn path(points: &[Point]) -> String {
    let mut d = String::new();
    for (n, (x, y)) in points.iter().enumerate() {
        let command = if n == 0 { "M" } else { "L" };
        let _ = write!(d, "{command}{} {}", number(*x), number(*y));
    }
    d
}

/// At most two decimals, no trailing zeros, no negative zero.
fn number(value: f64) -> String {
    let mut text = format!("{value:.2}");
    text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    if text == "-0" { "0".to_owned() } else { text }
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // XML 1.0 knows no other control characters, not even escaped.
            c if c.is_control() && c != '\n' && c != '\t' => out.push(' '),
            '\u{FFFE}' | '\u{FFFF}' => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
    out
}

/// Collects path data with relative commands between whole font units, y downwards.
#[derive(Default)]
struct Outliner {
    d: String,
    at: (i32, i32),
    last_command: char,
}

impl Outliner {
    fn command(&mut self, command: char, numbers: &[i32]) {
        // A repeated command need not be written again; a number needs a separator only where its sign is none.
        let repeated = command == self.last_command && command != 'M';
        if !repeated {
            self.d.push(command);
        }
        for (n, value) in numbers.iter().enumerate() {
            if *value >= 0 && (n > 0 || repeated) {
                self.d.push(' ');
            }
            let _ = write!(self.d, "{value}");
        }
        self.last_command = command;
    }

    fn move_to(&mut self, to: (i32, i32)) {
        if self.at != to || self.d.is_empty() {
            self.command('M', &[to.0, to.1]);
            self.at = to;
        }
    }

    fn relative(&self, point: (i32, i32)) -> (i32, i32) {
        (point.0 - self.at.0, point.1 - self.at.1)
    }

    fn line_to(&mut self, to: (i32, i32)) {
        match self.relative(to) {
            (0, 0) => {}
            (dx, 0) => self.command('h', &[dx]),
            (0, dy) => self.command('v', &[dy]),
            (dx, dy) => self.command('l', &[dx, dy]),
        }
        self.at = to;
    }

    fn curve_to(&mut self, command: char, points: &[(i32, i32)]) {
        let numbers: Vec<i32> =
            points.iter().flat_map(|&point| <[i32; 2]>::from(self.relative(point))).collect();
        self.command(command, &numbers);
        self.at = points[points.len() - 1];
    }
}

/// The path data of a line of text, in font units with the start of the baseline as origin.
fn outline(text: &TextMark) -> String {
    let mut outliner = Outliner::default();
    for placed in typeface::set(&text.text, text.weight).glyphs {
        let whole = |point: ab_glyph::Point| ((point.x + placed.x).round() as i32, -(point.y.round() as i32));
        for curve in placed.curves() {
            match curve {
                OutlineCurve::Line(from, to) => {
                    outliner.move_to(whole(from));
                    outliner.line_to(whole(to));
                }
                OutlineCurve::Quad(from, control, to) => {
                    outliner.move_to(whole(from));
                    outliner.curve_to('q', &[whole(control), whole(to)]);
                }
                OutlineCurve::Cubic(from, first, second, to) => {
                    outliner.move_to(whole(from));
                    outliner.curve_to('c', &[whole(first), whole(second), whole(to)]);
                }
            }
        }
    }
    outliner.d
}
