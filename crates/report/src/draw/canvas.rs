//! A thin layer over plotters' drawing area: positions in pixels, text by baseline, and the parts that all figures share (heading,
//! footnotes, legend). It knows no data.

use std::fmt::Debug;
use std::ops::Range;

use plotters::coord::Shift;
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::types::RangedCoordf64;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::element::{Circle, PathElement, Polygon, Rectangle, Text as TextElement};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, RGBColor, ShapeStyle, TextStyle};
use sanda_results::Text;

use super::palette::{GREY, INK, PALE, SHEET};
use super::picture::{Picture, Recorder, UNIT};
use super::typeface::{self, Weight};
use super::typeset;

/// Width of every figure in pixels.
pub(crate) const WIDTH: u32 = 1200;
/// Distance of text from the sides of the sheet, in pixels.
pub(crate) const MARGIN: f64 = 48.0;
/// Width between the margins, in pixels.
pub(crate) const TEXT_WIDTH: f64 = WIDTH as f64 - 2.0 * MARGIN;

/// Which part of a text stands at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Centre,
    Right,
}

/// Size, weight and colour of a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    pub(crate) size: f64,
    pub(crate) weight: Weight,
    pub(crate) colour: RGBColor,
}

impl Style {
    pub(crate) const fn regular(size: f64, colour: RGBColor) -> Self {
        Self { size, weight: Weight::Regular, colour }
    }

    pub(crate) const fn bold(size: f64, colour: RGBColor) -> Self {
        Self { size, weight: Weight::Bold, colour }
    }

    /// Returns the width of a text in this style, in pixels.
    pub(crate) fn width(&self, text: &str) -> f64 {
        typeface::width(text, self.size, self.weight)
    }

    /// Cuts a text to a width in pixels.
    pub(crate) fn fit(&self, text: &str, width: f64) -> String {
        typeset::fit(text, self.size, self.weight, width)
    }
}

/// A rectangle on the sheet, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Frame {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
}

/// The area of a chart: plotters turns the data's coordinates into places on the sheet.
pub(crate) type Chart<'a> = DrawingArea<Recorder<'a>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// A sheet to draw on.
pub(crate) struct Canvas<'a> {
    area: DrawingArea<Recorder<'a>, Shift>,
}

/// Unwraps what plotters returns: recording into memory has no way to fail.
pub(crate) fn drawn<T, E: Debug>(outcome: Result<T, E>) -> T {
    outcome.expect("recording marks in memory cannot fail")
}

/// Converts a length in pixels to plotters' units.
pub(crate) fn units(pixels: f64) -> i32 {
    (pixels * UNIT).round() as i32
}

/// Makes the style of lines of a width in pixels.
pub(crate) fn line_style(colour: RGBColor, width: f64) -> ShapeStyle {
    colour.stroke_width(units(width) as u32)
}

impl<'a> Canvas<'a> {
    pub(crate) fn new(picture: &'a mut Picture) -> Self {
        Self { area: Recorder(picture).into_drawing_area() }
    }

    /// Makes a chart in a frame. Its ranges run from left to right and from bottom to top.
    pub(crate) fn chart(&self, frame: Frame, x: Range<f64>, y: Range<f64>) -> Chart<'a> {
        let pixels = (units(frame.left)..units(frame.right), units(frame.bottom)..units(frame.top));
        self.area.apply_coord_spec(Cartesian2d::new(x, y, pixels))
    }

    /// Draws a text with its baseline at `y`.
    pub(crate) fn text(&self, text: &str, (x, y): (f64, f64), align: Align, style: Style) {
        if text.is_empty() {
            return;
        }
        let weight = match style.weight {
            Weight::Regular => FontStyle::Normal,
            Weight::Bold => FontStyle::Bold,
        };
        let horizontal = match align {
            Align::Left => HPos::Left,
            Align::Centre => HPos::Center,
            Align::Right => HPos::Right,
        };
        let style = TextStyle::from(FontDesc::new(FontFamily::SansSerif, style.size * UNIT, weight))
            .color(&style.colour)
            .pos(Pos::new(horizontal, VPos::Bottom));
        drawn(self.area.draw(&TextElement::new(text.to_owned(), (units(x), units(y)), style)));
    }

    /// Draws texts of different styles one after the other from the left; returns where they end.
    pub(crate) fn texts(&self, parts: &[(&str, Style)], (mut x, y): (f64, f64)) -> f64 {
        for (text, style) in parts {
            self.text(text, (x, y), Align::Left, *style);
            x += style.width(text);
        }
        x
    }

    /// Draws texts of different styles one after the other about a centre.
    pub(crate) fn texts_centred(&self, parts: &[(&str, Style)], (centre, y): (f64, f64)) {
        let width: f64 = parts.iter().map(|(text, style)| style.width(text)).sum();
        self.texts(parts, (centre - width / 2.0, y));
    }

    /// Paints the sheet's colour under a text, so that lines below it are interrupted.
    pub(crate) fn clear_behind(&self, (x, y): (f64, f64), width: f64, size: f64) {
        let frame =
            Frame { left: x - 4.0, top: y - 0.95 * size, right: x + width + 4.0, bottom: y + 0.3 * size };
        self.rectangle(frame, SHEET);
    }

    pub(crate) fn rectangle(&self, frame: Frame, colour: RGBColor) {
        let corners = [(units(frame.left), units(frame.top)), (units(frame.right), units(frame.bottom))];
        drawn(self.area.draw(&Rectangle::new(corners, colour.filled())));
    }

    pub(crate) fn line(&self, points: &[(f64, f64)], colour: RGBColor, width: f64) {
        let points: Vec<_> = points.iter().map(|&(x, y)| (units(x), units(y))).collect();
        drawn(self.area.draw(&PathElement::new(points, line_style(colour, width))));
    }

    pub(crate) fn polygon(&self, corners: &[(f64, f64)], colour: RGBColor) {
        let corners: Vec<_> = corners.iter().map(|&(x, y)| (units(x), units(y))).collect();
        drawn(self.area.draw(&Polygon::new(corners, colour.filled())));
    }

    pub(crate) fn disc(&self, (x, y): (f64, f64), radius: f64, colour: RGBColor) {
        drawn(self.area.draw(&Circle::new((units(x), units(y)), units(radius), colour.filled())));
    }

    /// Draws the title, Chinese above English, each on at most two lines; returns the last baseline.
    pub(crate) fn heading(&self, title: &Text) -> f64 {
        let mut y = 24.0;
        let chinese = Style::bold(27.0, INK);
        for line in typeset::wrap(&title.zh, chinese.size, chinese.weight, TEXT_WIDTH, 2) {
            y += 34.0;
            self.text(&line, (MARGIN, y), Align::Left, chinese);
        }
        if title.en != title.zh {
            let english = Style::regular(18.0, GREY);
            y += 4.0;
            for line in typeset::wrap(&title.en, english.size, english.weight, TEXT_WIDTH, 2) {
                y += 24.0;
                self.text(&line, (MARGIN, y), Align::Left, english);
            }
        }
        y
    }

    /// Height in pixels of a row with room for its name in both languages, one above the other.
    pub(crate) const ROW: f64 = 36.0;

    /// Returns the width at which the name of a row is not cut. English counts in its smallest size.
    pub(crate) fn row_name_width(name: &Text) -> f64 {
        ROW_NAME.width(&name.zh).max(ROW_NAME_EN[2].width(&name.en)).ceil()
    }

    /// Draws the name of a row into its frame: Chinese above English where there is room, else beside it.
    pub(crate) fn row_name(&self, name: &Text, frame: Frame, bold: bool) {
        let zh_style = if bold { Style::bold(15.0, INK) } else { ROW_NAME };
        let en_style = ROW_NAME_EN[0];
        let (width, middle) = (frame.right - frame.left, f64::midpoint(frame.top, frame.bottom));
        let zh = zh_style.fit(&name.zh, width);
        if name.en == name.zh {
            self.text(&zh, (frame.left, middle + 5.0), Align::Left, zh_style);
        } else if frame.bottom - frame.top > Self::ROW - 0.5 {
            self.text(&zh, (frame.left, middle - 2.0), Align::Left, zh_style);
            // English takes more room than Chinese: smaller letters first, an ellipsis last.
            let fits = ROW_NAME_EN.into_iter().find(|style| style.width(&name.en) <= width);
            let en_style = fits.unwrap_or(ROW_NAME_EN[2]);
            let en = en_style.fit(&name.en, width);
            self.text(&en, (frame.left, middle + 14.0), Align::Left, en_style);
        } else {
            let end = self.texts(&[(&zh, zh_style)], (frame.left, middle + 5.0)) + 8.0;
            self.text(&en_style.fit(&name.en, frame.right - end), (end, middle + 5.0), Align::Left, en_style);
        }
    }

    /// Draws small print up from the bottom of the sheet.
    pub(crate) fn footnotes(&self, notes: &[String], height: u32) {
        let style = Style::regular(FOOTNOTE, PALE);
        let lines = footnote_lines(notes);
        let mut y = f64::from(height) - 22.0 - FOOTNOTE_LEADING * (lines.len() as f64 - 1.0);
        for line in lines {
            self.text(&line, (MARGIN, y), Align::Left, style);
            y += FOOTNOTE_LEADING;
        }
    }

    /// Draws swatches with their bilingual names, wrapping at the right margin; returns the last baseline.
    pub(crate) fn legend(&self, entries: &[(RGBColor, Text)], top: f64) -> f64 {
        let (chinese, english) = (Style::regular(14.0, INK), Style::regular(13.0, GREY));
        let mut x = MARGIN;
        let mut y = top + 16.0;
        for (colour, name) in entries {
            let width = 20.0 + chinese.width(&name.zh) + 6.0 + english.width(&name.en);
            if x > MARGIN && x + width > MARGIN + TEXT_WIDTH {
                x = MARGIN;
                y += 24.0;
            }
            self.rectangle(Frame { left: x, top: y - 11.5, right: x + 13.0, bottom: y + 1.5 }, *colour);
            let end = self.texts(&[(&name.zh, chinese)], (x + 20.0, y));
            self.texts(&[(&name.en, english)], (end + 6.0, y));
            x += width + 22.0;
        }
        y
    }
}

/// Styles of row names. English is tried in one size after the other until it fits.
const ROW_NAME: Style = Style::regular(14.5, INK);
const ROW_NAME_EN: [Style; 3] =
    [Style::regular(12.5, GREY), Style::regular(11.5, GREY), Style::regular(10.5, GREY)];

const FOOTNOTE: f64 = 13.0;
const FOOTNOTE_LEADING: f64 = 19.0;

fn footnote_lines(notes: &[String]) -> Vec<String> {
    notes.iter().flat_map(|note| typeset::wrap(note, FOOTNOTE, Weight::Regular, TEXT_WIDTH, 2)).collect()
}

/// Returns the height that footnotes take at the bottom, in pixels.
pub(crate) fn footnotes_height(notes: &[String]) -> f64 {
    30.0 + FOOTNOTE_LEADING * footnote_lines(notes).len() as f64
}
