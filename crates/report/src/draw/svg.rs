//! A picture as SVG. It decides nothing about the figure and writes no file.
//!
//! In a file of its own, text becomes outlines, so the figure needs no font and looks the same on every machine. The title and the
//! description hold the words for screen readers and search. Each line of text is one path in font units, written with relative
//! commands, which keeps a figure near 100 kB.
//!
//! In a page, text stays text, so it can be searched and copied. It is set in the fonts of the page and fitted to the width that the
//! figure laid out for it. Outlines would make up most of a page with a hundred figures.
//!
//! Coordinates have at most two decimals. The same picture gives the same bytes.

use std::fmt::Write as _;

use ab_glyph::OutlineCurve;

use super::picture::{Mark, Paint, Picture, Point, Shape, TextMark};
use super::typeface::{self, UNITS_PER_EM, Weight};

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

/// Writes a picture as an element of the class `figure` for an HTML page. It takes the width of its place, and its text stays text.
pub(crate) fn inline(picture: &Picture) -> String {
    let (width, height) = picture.size;
    let mut out = String::with_capacity(16 * 1024);
    let _ = write!(
        out,
        "<svg class=\"figure\" viewBox=\"0 0 {width} {height}\" role=\"img\">\n<title>{}</title>\n<desc>{}</desc>\n",
        escape(&picture.title),
        escape(&picture.description)
    );
    // Consecutive opaque rectangles of one colour, such as the bars of a histogram, become one path, which looks the same.
    for run in picture.marks.chunk_by(|a, b| is_bar(a) && is_bar(b) && a.paint == b.paint) {
        match run {
            [Mark { shape: Shape::Text(text), paint }] => write_text(&mut out, text, *paint),
            [mark] => write_mark(&mut out, mark),
            bars => write_bars(&mut out, bars),
        }
    }
    out.push_str("</svg>\n");
    out
}

fn is_bar(mark: &Mark) -> bool {
    matches!(mark.shape, Shape::Rectangle(..)) && mark.paint.alpha >= 1.0
}

fn write_bars(out: &mut String, bars: &[Mark]) {
    out.push_str("<path d=\"");
    for bar in bars {
        if let Shape::Rectangle(a, b) = bar.shape {
            let (width, height) = (number(b.0 - a.0), number(b.1 - a.1));
            let _ = write!(out, "M{} {}h{width}v{height}h-{width}z", number(a.0), number(a.1));
        }
    }
    out.push('"');
    if let Some(first) = bars.first() {
        write_paint(out, "fill", first.paint);
    }
    out.push_str("/>\n");
}

fn write_text(out: &mut String, text: &TextMark, paint: Paint) {
    if text.text.trim().is_empty() {
        return;
    }
    let (x, y, size) = (number(text.left), number(text.baseline), number(text.size));
    let _ = write!(out, "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\"");
    if text.weight == Weight::Bold {
        out.push_str(" font-weight=\"700\"");
    }
    if text.width > 0.0 {
        let _ = write!(out, " textLength=\"{}\"", number(text.width));
    }
    write_paint(out, "fill", paint);
    let _ = writeln!(out, ">{}</text>", escape(&text.text));
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

/// Writes a number with at most two decimals, without trailing zeros or negative zero.
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
            // XML 1.0 allows no other control characters, not even escaped.
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
        // A repeated command may be left out, and a minus sign separates numbers by itself.
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

/// Returns the path data of a line of text, in font units from the start of the baseline.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> TextMark {
        TextMark {
            text: text.to_owned(),
            size: 10.0,
            weight: Weight::Regular,
            left: 5.0,
            baseline: 20.0,
            width: 10.0,
        }
    }

    #[test]
    fn every_character_has_an_outline_of_its_own() {
        let box_for_missing = outline(&text("\u{10FFFF}"));
        let outlines: Vec<String> =
            "武汉鄂łźčřŁĄ→≤1".chars().map(|c| outline(&text(&c.to_string()))).collect();
        for (n, one) in outlines.iter().enumerate() {
            assert!(one.starts_with('M') && *one != box_for_missing);
            assert!(!outlines[n + 1..].contains(one));
        }
    }

    #[test]
    fn a_document_is_written_in_full() {
        let paint = |alpha| Paint { rgb: (0x12, 0xAB, 0), alpha };
        let shapes = [
            (Shape::Rectangle((1.0, 2.25), (3.5, 4.0)), 1.0),
            (Shape::Line(vec![(0.0, 0.1), (10.0, -0.001)], 1.5), 0.5),
            (Shape::Disc((3.0, 3.0), 2.0), 1.0),
            (Shape::Polygon(vec![(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)]), 1.0),
            (Shape::Text(text("-")), 1.0),
            (Shape::Text(text(" ")), 1.0),
        ];
        let marks = shapes.into_iter().map(|(shape, alpha)| Mark { shape, paint: paint(alpha) }).collect();
        let picture = Picture {
            size: (20, 10),
            title: "a<b & \u{1}\u{ffff}".to_owned(),
            description: "量".to_owned(),
            marks,
        };
        insta::assert_snapshot!(svg(&picture), @r##"
        <svg xmlns="http://www.w3.org/2000/svg" width="20" height="10" viewBox="0 0 20 10" role="img">
        <title>a&lt;b &amp;  �</title>
        <desc>量</desc>
        <path fill="#ffffff" d="M0 0h20v10h-20z"/>
        <rect x="1" y="2.25" width="2.5" height="1.75" fill="#12ab00"/>
        <path d="M0 0.1L10 0" fill="none" stroke-width="1.5" stroke-linejoin="round" stroke="#12ab00" stroke-opacity="0.5"/>
        <circle cx="3" cy="3" r="2" fill="#12ab00"/>
        <path d="M0 0L1 0L1 1z" fill="#12ab00"/>
        <path transform="translate(5 20) scale(0.01000)" d="M40-229v-78h242v78h-242" fill="#12ab00"/>
        </svg>
        "##);
        assert!(roxmltree::Document::parse(&svg(&picture)).is_ok());
    }

    #[test]
    fn in_a_page_text_stays_text_and_bars_are_one_path() {
        let bold = TextMark { weight: Weight::Bold, ..text("a<b 武汉") };
        let paint = Paint { rgb: (0, 0, 0), alpha: 1.0 };
        let rectangle = |x: f64| Shape::Rectangle((x, 1.0), (x + 2.0, 3.5));
        let shapes = [Shape::Text(text(" ")), Shape::Text(bold), rectangle(0.0), rectangle(4.0)];
        let marks = shapes.into_iter().map(|shape| Mark { shape, paint }).collect();
        let picture = Picture { size: (20, 10), marks, ..Picture::default() };
        insta::assert_snapshot!(inline(&picture), @r##"
        <svg class="figure" viewBox="0 0 20 10" role="img">
        <title></title>
        <desc></desc>
        <text x="5" y="20" font-size="10" font-weight="700" textLength="10" fill="#000000">a&lt;b 武汉</text>
        <path d="M0 1h2v2.5h-2zM4 1h2v2.5h-2z" fill="#000000"/>
        </svg>
        "##);
    }
}
