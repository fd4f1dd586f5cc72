//! A picture as a list of marks, and the plotters back end that records it.
//!
//! plotters draws each figure once, into this list. `svg` and `raster` turn the same list into their formats, so both show the same
//! figure with text at the same places. The list knows no axes or data. plotters' own back ends are not used, because they set text
//! from system fonts and round to whole pixels. Positions here are tenths of a pixel.

use std::convert::Infallible;

use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontStyle,
    rasterizer,
};

use super::raster;
use super::svg;
use super::typeface::{self, Weight};

/// plotters' units in a pixel. plotters counts in whole units, so positions are exact to a tenth of a pixel.
pub(crate) const UNIT: f64 = 10.0;

/// A place in pixels from the top left corner.
pub(crate) type Point = (f64, f64);

/// A colour and its opacity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Paint {
    pub(crate) rgb: (u8, u8, u8),
    /// Opacity from 0 to 1.
    pub(crate) alpha: f64,
}

/// A line of text and the position of its left end on the baseline.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TextMark {
    pub(crate) text: String,
    /// Height of the em in pixels.
    pub(crate) size: f64,
    pub(crate) weight: Weight,
    pub(crate) left: f64,
    pub(crate) baseline: f64,
    /// Width in pixels.
    pub(crate) width: f64,
}

impl TextMark {
    /// Returns the box that nearly holds its ink: left, top, right, bottom.
    #[cfg(test)]
    pub(crate) fn bounds(&self) -> (f64, f64, f64, f64) {
        (
            self.left,
            self.baseline - 0.80 * self.size,
            self.left + self.width,
            self.baseline + 0.14 * self.size,
        )
    }
}

/// A shape on the sheet.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shape {
    /// A filled rectangle: two opposite corners, the upper left first.
    Rectangle(Point, Point),
    /// A filled polygon.
    Polygon(Vec<Point>),
    /// An open line and its width.
    Line(Vec<Point>, f64),
    /// A filled disc: centre and radius.
    Disc(Point, f64),
    /// A text.
    Text(TextMark),
}

/// A shape and its colour.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mark {
    pub(crate) shape: Shape,
    pub(crate) paint: Paint,
}

/// A figure as drawn: marks on a white sheet, in the order in which they are drawn.
///
/// Equal pictures give equal bytes in both formats, on every machine.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    /// Width and height in pixels.
    pub(crate) size: (u32, u32),
    /// Name of the figure for readers who cannot see it.
    pub(crate) title: String,
    /// What the figure shows, in a sentence or two.
    pub(crate) description: String,
    pub(crate) marks: Vec<Mark>,
}

impl Picture {
    /// Returns width and height in pixels.
    pub fn size(&self) -> (u32, u32) {
        self.size
    }

    /// Writes the picture as a whole SVG document.
    ///
    /// Text is drawn as outlines, so the document needs no font and looks the same everywhere. Its words are in `<title>` and `<desc>`.
    pub fn to_svg(&self) -> String {
        svg::svg(self)
    }

    /// Writes the picture as a PNG file, 8-bit RGB, of [`Picture::size`].
    pub fn to_png(&self) -> Vec<u8> {
        raster::png(self)
    }
}

#[cfg(test)]
impl Picture {
    /// Returns the texts of the picture.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &TextMark> {
        self.marks.iter().filter_map(|mark| match &mark.shape {
            Shape::Text(text) => Some(text),
            _ => None,
        })
    }

    /// Returns all its words, separated by `|`.
    pub(crate) fn words(&self) -> String {
        self.texts().map(|text| text.text.as_str()).collect::<Vec<_>>().join("|")
    }

    /// Asserts that every text lies on the sheet and that no two touch.
    pub(crate) fn check_layout(&self) {
        let (width, height) = self.size();
        let texts: Vec<_> = self.texts().map(|text| (text.bounds(), text)).collect();
        for (n, ((left, top, right, bottom), text)) in texts.iter().enumerate() {
            let inside =
                *left >= 0.0 && *top >= 0.0 && *right <= f64::from(width) && *bottom <= f64::from(height);
            assert!(inside, "off the sheet: {text:?}");
            for ((other_left, other_top, other_right, other_bottom), other) in &texts[n + 1..] {
                // Texts set one after the other are placed to a tenth of a pixel.
                let clear = |end: &f64, start: &f64| *end <= start + 0.2;
                let beside = clear(right, other_left) || clear(other_right, left);
                let apart = beside || clear(bottom, other_top) || clear(other_bottom, top);
                assert!(apart, "texts touch: {text:?} and {other:?}");
            }
        }
    }
}

/// The plotters back end, which appends what plotters draws to a picture.
pub(crate) struct Recorder<'a>(pub(crate) &'a mut Picture);

type Outcome = Result<(), DrawingErrorKind<Infallible>>;

impl Recorder<'_> {
    #[expect(clippy::unnecessary_wraps, reason = "every caller returns what plotters wants returned")]
    fn push(&mut self, shape: Shape, colour: BackendColor) -> Outcome {
        if colour.alpha > 0.0 {
            self.0.marks.push(Mark { shape, paint: Paint { rgb: colour.rgb, alpha: colour.alpha.min(1.0) } });
        }
        Ok(())
    }
}

fn pixels((x, y): BackendCoord) -> Point {
    (f64::from(x) / UNIT, f64::from(y) / UNIT)
}

fn weight_of(style: FontStyle) -> Weight {
    match style {
        FontStyle::Bold => Weight::Bold,
        FontStyle::Normal | FontStyle::Italic | FontStyle::Oblique => Weight::Regular,
    }
}

impl DrawingBackend for Recorder<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        let (width, height) = self.0.size;
        (width * UNIT as u32, height * UNIT as u32)
    }

    fn ensure_prepared(&mut self) -> Outcome {
        Ok(())
    }

    fn present(&mut self) -> Outcome {
        Ok(())
    }

    fn draw_pixel(&mut self, point: BackendCoord, colour: BackendColor) -> Outcome {
        let (x, y) = pixels(point);
        self.push(Shape::Rectangle((x, y), (x + 1.0 / UNIT, y + 1.0 / UNIT)), colour)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Outcome {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Outcome {
        if !fill {
            let ((left, top), (right, bottom)) = (upper_left, bottom_right);
            return self
                .draw_path([(left, top), (right, top), (right, bottom), (left, bottom), (left, top)], style);
        }
        let (a, b) = (pixels(upper_left), pixels(bottom_right));
        self.push(Shape::Rectangle((a.0.min(b.0), a.1.min(b.1)), (a.0.max(b.0), a.1.max(b.1))), style.color())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Outcome {
        let mut path: Vec<Point> = path.into_iter().map(pixels).collect();
        path.dedup();
        if path.len() < 2 {
            return Ok(());
        }
        self.push(Shape::Line(path, f64::from(style.stroke_width()) / UNIT), style.color())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        centre: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Outcome {
        if fill {
            self.push(Shape::Disc(pixels(centre), f64::from(radius) / UNIT), style.color())
        } else {
            rasterizer::draw_circle(self, centre, radius, style, fill)
        }
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> Outcome {
        self.push(Shape::Polygon(corners.into_iter().map(pixels).collect()), style.color())
    }

    /// Records a line of text.
    ///
    /// The vertical anchor `Bottom` is the baseline, `Top` the top of the em, `Center` half the height of a capital. Rotation is not
    /// supported, because no figure turns its text.
    fn draw_text<T: BackendTextStyle>(&mut self, text: &str, style: &T, position: BackendCoord) -> Outcome {
        let size = style.size() / UNIT;
        let weight = weight_of(style.style());
        let width = typeface::width(text, size, weight);
        let (x, y) = pixels(position);
        let left = match style.anchor().h_pos {
            HPos::Left => x,
            HPos::Center => x - width / 2.0,
            HPos::Right => x - width,
        };
        let baseline = match style.anchor().v_pos {
            VPos::Top => y + 0.88 * size,
            VPos::Center => y + 0.36 * size,
            VPos::Bottom => y,
        };
        let mark = TextMark { text: text.to_owned(), size, weight, left, baseline, width };
        self.push(Shape::Text(mark), style.color())
    }

    fn estimate_text_size<T: BackendTextStyle>(
        &self,
        text: &str,
        style: &T,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let width = typeface::width(text, style.size(), weight_of(style.style()));
        Ok((width.ceil() as u32, style.size().ceil() as u32))
    }
}
