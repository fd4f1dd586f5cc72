//! A picture as pixels and as PNG. Each pixel takes as much of a colour as the exact share of it that a shape or glyph covers.
//!
//! It decides nothing about the figure and writes no file. It uses only additions, multiplications and square roots of IEEE floats, so
//! the same picture gives the same bytes on every machine.

use ab_glyph::OutlineCurve;
use ab_glyph_rasterizer::{Point as Corner, Rasterizer, point};

use super::picture::{Mark, Paint, Picture, Point, Shape, TextMark};
use super::typeface::{self, UNITS_PER_EM};

/// Draws a picture as a PNG file: 8-bit RGB, one image pixel to a pixel of the picture.
pub(crate) fn png(picture: &Picture) -> Vec<u8> {
    let sheet = draw(picture);
    let mut out = Vec::with_capacity(128 * 1024);
    let mut encoder = png::Encoder::new(&mut out, sheet.width as u32, sheet.height as u32);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    // A hub has 150 figures. Stronger compression would save a third of their size and take most of the time of writing them.
    encoder.set_compression(png::Compression::Fast);
    // 144 pixels to the inch when printed.
    encoder.set_pixel_dims(Some(png::PixelDimensions { xppu: 5669, yppu: 5669, unit: png::Unit::Meter }));
    let mut writer = encoder.write_header().expect("a header written into memory");
    writer.write_image_data(&sheet.rgb).expect("as many pixels as the header says, written into memory");
    writer.finish().expect("an end written into memory");
    out
}

/// Rows of RGB pixels, white at first.
struct Sheet {
    width: usize,
    height: usize,
    rgb: Vec<u8>,
}

fn draw(picture: &Picture) -> Sheet {
    let (width, height) = (picture.size.0 as usize, picture.size.1 as usize);
    let mut sheet = Sheet { width, height, rgb: vec![255; width * height * 3] };
    for Mark { shape, paint } in &picture.marks {
        match shape {
            Shape::Rectangle(a, b) => sheet.fill_rectangle(*a, *b, *paint),
            Shape::Polygon(corners) => sheet.fill(std::slice::from_ref(corners), *paint),
            Shape::Line(points, width) => sheet.fill(&stroke(points, *width), *paint),
            Shape::Disc(centre, radius) => sheet.fill(&[disc(*centre, *radius)], *paint),
            Shape::Text(text) => sheet.write(text, *paint),
        }
    }
    sheet
}

impl Sheet {
    fn blend(&mut self, x: usize, y: usize, coverage: f32, paint: Paint) {
        let opacity = coverage.min(1.0) * paint.alpha as f32;
        let at = (y * self.width + x) * 3;
        let Some(pixel) = self.rgb.get_mut(at..at + 3) else { return };
        let ink = <[u8; 3]>::from(paint.rgb);
        // Most pixels are covered whole.
        if opacity >= 1.0 {
            pixel.copy_from_slice(&ink);
            return;
        }
        for (channel, ink) in pixel.iter_mut().zip(ink) {
            let old = f32::from(*channel);
            // Adding a half rounds, since no value is negative. `round` would be a function call on processors without that instruction.
            *channel = (old + (f32::from(ink) - old) * opacity + 0.5) as u8;
        }
    }

    /// Fills a rectangle along the axes: each pixel by the share of it that lies inside. It needs no outline.
    fn fill_rectangle(&mut self, upper_left: Point, lower_right: Point, paint: Paint) {
        let clip = |value: f64, end: usize| value.clamp(0.0, end as f64);
        let (left, right) = (clip(upper_left.0, self.width), clip(lower_right.0, self.width));
        let (top, bottom) = (clip(upper_left.1, self.height), clip(lower_right.1, self.height));
        let overlap = |low: f64, high: f64, pixel: usize| {
            (high.min(pixel as f64 + 1.0) - low.max(pixel as f64)).max(0.0) as f32
        };
        for y in top as usize..bottom.ceil() as usize {
            let rows = overlap(top, bottom, y);
            for x in left as usize..right.ceil() as usize {
                self.blend(x, y, rows * overlap(left, right, x), paint);
            }
        }
    }

    /// Fills the union of polygons of the same orientation.
    fn fill(&mut self, polygons: &[Vec<Point>], paint: Paint) {
        let all = || polygons.iter().flatten();
        let Some(area) = self.area(all().copied()) else { return };
        let mut rasterizer = Rasterizer::new(area.width, area.height);
        for polygon in polygons {
            let next = polygon.iter().cycle().skip(1);
            for (from, to) in polygon.iter().zip(next) {
                rasterizer.draw_line(area.corner(*from), area.corner(*to));
            }
        }
        self.print(&rasterizer, &area, paint);
    }

    fn write(&mut self, text: &TextMark, paint: Paint) {
        let scale = text.size / f64::from(UNITS_PER_EM);
        for placed in typeface::set(&text.text, text.weight).glyphs {
            let curves = placed.curves();
            let place = |p: ab_glyph::Point| {
                (text.left + f64::from(p.x + placed.x) * scale, text.baseline - f64::from(p.y) * scale)
            };
            let points = curves.iter().flat_map(|curve| match curve {
                OutlineCurve::Line(a, b) => vec![*a, *b],
                OutlineCurve::Quad(a, b, c) => vec![*a, *b, *c],
                OutlineCurve::Cubic(a, b, c, d) => vec![*a, *b, *c, *d],
            });
            let Some(area) = self.area(points.map(place)) else { continue };
            let mut rasterizer = Rasterizer::new(area.width, area.height);
            let corner = |p: ab_glyph::Point| area.corner(place(p));
            for curve in &curves {
                match curve {
                    OutlineCurve::Line(a, b) => rasterizer.draw_line(corner(*a), corner(*b)),
                    OutlineCurve::Quad(a, b, c) => rasterizer.draw_quad(corner(*a), corner(*b), corner(*c)),
                    OutlineCurve::Cubic(a, b, c, d) => {
                        rasterizer.draw_cubic(corner(*a), corner(*b), corner(*c), corner(*d));
                    }
                }
            }
            self.print(&rasterizer, &area, paint);
        }
    }

    /// Returns the whole pixels that hold all points, clipped to the sheet; `None` when nothing is left.
    fn area(&self, points: impl Iterator<Item = Point>) -> Option<Area> {
        let start = (f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY);
        let (left, top, right, bottom) = points
            .filter(|(x, y)| x.is_finite() && y.is_finite())
            .fold(start, |(l, t, r, b), (x, y)| (l.min(x), t.min(y), r.max(x), b.max(y)));
        let (left, top) = (left.max(0.0).floor(), top.max(0.0).floor());
        let (right, bottom) = (right.min(self.width as f64).ceil(), bottom.min(self.height as f64).ceil());
        (left < right && top < bottom).then_some(Area {
            left: left as usize,
            top: top as usize,
            width: (right - left) as usize,
            height: (bottom - top) as usize,
        })
    }

    fn print(&mut self, rasterizer: &Rasterizer, area: &Area, paint: Paint) {
        rasterizer.for_each_pixel_2d(|x, y, coverage| {
            // The running sum of coverage leaves rounding errors far below a visible step.
            if coverage > 1e-3 {
                self.blend(area.left + x as usize, area.top + y as usize, coverage, paint);
            }
        });
    }
}

struct Area {
    left: usize,
    top: usize,
    width: usize,
    height: usize,
}

impl Area {
    /// Returns a point relative to the area. A point outside the sheet is moved onto its edge.
    fn corner(&self, (x, y): Point) -> Corner {
        point(
            (x - self.left as f64).clamp(0.0, self.width as f64) as f32,
            (y - self.top as f64).clamp(0.0, self.height as f64) as f32,
        )
    }
}

/// Cosine of the sharpest bend that is mitred. Sharper bends are rounded, because a mitre would stick out far.
const MITRED: f64 = 0.5;

/// Returns polygons of the same orientation whose union is a line of a given width.
///
/// A smooth run of segments becomes one polygon with mitred bends. Overlapping pieces would show as beads, since coverage adds up.
fn stroke(points: &[Point], width: f64) -> Vec<Vec<Point>> {
    let half = width / 2.0;
    let mut path: Vec<Point> = Vec::with_capacity(points.len());
    for &point in points {
        // The direction of a segment much shorter than a pixel is mostly rounding error.
        if path.last().is_none_or(|last| distance(*last, point) > 0.05) {
            path.push(point);
        }
    }
    let directions: Vec<Point> = path
        .windows(2)
        .map(|pair| {
            let length = distance(pair[0], pair[1]);
            ((pair[1].0 - pair[0].0) / length, (pair[1].1 - pair[0].1) / length)
        })
        .collect();
    let mut polygons = Vec::new();
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for (n, direction) in directions.iter().enumerate() {
        let (from, to) = (path[n], path[n + 1]);
        let across = (-direction.1 * half, direction.0 * half);
        if left.is_empty() {
            left.push((from.0 - across.0, from.1 - across.1));
            right.push((from.0 + across.0, from.1 + across.1));
        }
        let next = directions.get(n + 1);
        let cosine = next.map_or(-1.0, |next| next.0 * direction.0 + next.1 * direction.1);
        // Half the sum of both normals, stretched so that both edges keep their distance.
        let bend = match next {
            Some(next) if cosine > MITRED => {
                let scale = half / (1.0 + cosine);
                (-(direction.1 + next.1) * scale, (direction.0 + next.0) * scale)
            }
            _ => across,
        };
        left.push((to.0 - bend.0, to.1 - bend.1));
        right.push((to.0 + bend.0, to.1 + bend.1));
        if cosine <= MITRED {
            let mut polygon = std::mem::take(&mut left);
            polygon.extend(std::mem::take(&mut right).into_iter().rev());
            polygons.push(polygon);
            if next.is_some() && width > 1.0 {
                polygons.push(disc(to, half));
            }
        }
    }
    polygons
}

fn distance(a: Point, b: Point) -> f64 {
    ((b.0 - a.0) * (b.0 - a.0) + (b.1 - a.1) * (b.1 - a.1)).sqrt()
}

/// Returns a disc as a polygon with 32 corners, clockwise on the screen like the rectangles of [`stroke`].
fn disc(centre: Point, radius: f64) -> Vec<Point> {
    // Cosines for an eighth of the circle; symmetry gives the rest. No cosine of the platform is used, as these differ in the last bit.
    const ARC: [(f64, f64); 8] = [
        (1.0, 0.0),
        (0.980_785_280_403_230_4, 0.195_090_322_016_128_27),
        (0.923_879_532_511_286_7, 0.382_683_432_365_089_8),
        (0.831_469_612_302_545_2, 0.555_570_233_019_602_2),
        (std::f64::consts::FRAC_1_SQRT_2, std::f64::consts::FRAC_1_SQRT_2),
        (0.555_570_233_019_602_2, 0.831_469_612_302_545_2),
        (0.382_683_432_365_089_8, 0.923_879_532_511_286_7),
        (0.195_090_322_016_128_27, 0.980_785_280_403_230_4),
    ];
    let on_circle = |(x, y): Point| (centre.0 + radius * x, centre.1 + radius * y);
    let quarter = |turn: fn(Point) -> Point| ARC.map(turn).map(on_circle);
    [
        quarter(|(x, y)| (x, y)),
        quarter(|(x, y)| (-y, x)),
        quarter(|(x, y)| (-x, -y)),
        quarter(|(x, y)| (y, -x)),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::typeface::Weight;
    use super::*;

    const BLACK: Paint = Paint { rgb: (0, 0, 0), alpha: 1.0 };

    fn greys(marks: Vec<Shape>) -> Vec<u8> {
        let marks = marks.into_iter().map(|shape| Mark { shape, paint: BLACK }).collect();
        draw(&Picture { size: (8, 4), marks, ..Picture::default() }).rgb.into_iter().step_by(3).collect()
    }

    #[test]
    fn a_pixel_is_as_dark_as_it_is_covered() {
        let greys = greys(vec![Shape::Rectangle((1.5, 1.0), (4.0, 2.5))]);
        assert_eq!(greys[8..16], [255, 128, 0, 0, 255, 255, 255, 255]);
        assert_eq!(greys[16..24], [255, 191, 128, 128, 255, 255, 255, 255]);
    }

    #[test]
    fn a_line_does_not_depend_on_how_many_pieces_it_has() {
        let line = |n: u32| {
            (0..=n).map(|i| 1.0 + 6.0 * f64::from(i) / f64::from(n)).map(|x| (x, 0.5 + x / 4.0)).collect()
        };
        let (one, many) = (greys(vec![Shape::Line(line(1), 1.5)]), greys(vec![Shape::Line(line(40), 1.5)]));
        assert!(one.iter().zip(&many).all(|(a, b)| a.abs_diff(*b) <= 1), "{one:?} {many:?}");
    }

    #[test]
    fn what_lies_outside_the_sheet_is_not_drawn() {
        let far = f64::MAX / 4.0;
        let text = TextMark {
            text: "武".to_owned(),
            size: 3.0,
            weight: Weight::Bold,
            left: -50.0,
            baseline: 2.0,
            width: 3.0,
        };
        let shapes = vec![
            Shape::Disc((-20.0, -20.0), 3.0),
            Shape::Line(vec![(-9.0, -9.0), (-1.0, -9.0)], 2.0),
            Shape::Rectangle((far, far), (far, far)),
            Shape::Polygon(vec![(f64::NAN, 1.0), (f64::INFINITY, 2.0)]),
            Shape::Text(text),
        ];
        assert_eq!(greys(shapes), [255; 32]);
    }
}
