//! The figure of stages: the mean time of each, stacked by category. Each stage begins where the one before it ends.
//!
//! It takes a small input of its own ([`StagesFigure`]) and computes only sums of the means in it.

use plotters::style::RGBColor;
use sanda_results::Text;
use sanda_units::Category;

use crate::draw::canvas::{self, Align, Canvas, Frame, MARGIN, Style, WIDTH};
use crate::draw::palette::{self, BASE, GREY, GRID, INK, PALE, SHEET};
use crate::draw::picture::Picture;
use crate::figure::axis;
use crate::words::category;
use crate::words::number::{self, TimeUnit};

/// One stage of a flow.
#[derive(Clone, Debug, PartialEq)]
pub struct StageRow {
    /// Its name.
    pub name: Text,
    /// Mean hours of a shipment in this stage, by category. Anything but a positive number counts as zero.
    pub hours: Vec<(Category, f64)>,
}

/// Input of [`stages`].
#[derive(Clone, Debug, PartialEq)]
pub struct StagesFigure {
    /// Name of the flow.
    pub title: Text,
    /// Its stages in the order of the route.
    pub stages: Vec<StageRow>,
    /// Further small print, one line a note.
    pub notes: Vec<String>,
}

/// Least and greatest width of the column of names, in pixels. A longer name is cut.
const NAMES: [f64; 2] = [256.0, 400.0];
/// Right end of the longest bar, in pixels. The room beyond it is for its number.
const BARS_RIGHT: f64 = WIDTH as f64 - MARGIN - 110.0;
const TOTAL_ROW: f64 = 46.0;

/// Draws the figure, 1200 pixels wide and as high as its rows need.
pub fn stages(figure: &StagesFigure) -> Picture {
    let rows: Vec<[f64; 10]> = figure.stages.iter().map(by_category).collect();
    let totals: [f64; 10] = std::array::from_fn(|n| rows.iter().map(|row| row[n]).sum());
    let total: f64 = totals.iter().sum();
    let row_height = (430.0 / rows.len().max(1) as f64).clamp(Canvas::ROW, 50.0);

    // The heading is laid out twice: the first time only for its height.
    let mut picture = Picture { size: (WIDTH, 400), ..Picture::default() };
    let below_legend = draw_head(&Canvas::new(&mut picture), figure, &totals);
    let top = below_legend + 24.0;
    let base = top + row_height * rows.len() as f64 + TOTAL_ROW + 14.0;
    let height = (base + 58.0 + canvas::footnotes_height(&figure.notes)).max(360.0).ceil() as u32;

    let mut picture = Picture {
        size: (WIDTH, height),
        title: format!("{} {}", figure.title.zh, figure.title.en),
        description: "各阶段平均用时，按类别分解。Mean time of each stage by category.".to_owned(),
        marks: Vec::new(),
    };
    let canvas = Canvas::new(&mut picture);
    draw_head(&canvas, figure, &totals);
    canvas.footnotes(&figure.notes, height);
    if !(total > 0.0 && total.is_finite()) {
        let middle = f64::from(height) / 2.0;
        canvas.text(
            "没有各阶段用时数据",
            (f64::from(WIDTH) / 2.0, middle),
            Align::Centre,
            Style::regular(20.0, GREY),
        );
        canvas.text(
            "no time in any stage",
            (f64::from(WIDTH) / 2.0, middle + 26.0),
            Align::Centre,
            Style::regular(15.0, PALE),
        );
        drop(canvas);
        return picture;
    }

    let unit = TimeUnit::for_hours(total);
    let step = axis::label_step(total, 12.0, unit);
    let names = figure.stages.iter().map(|stage| Canvas::row_name_width(&stage.name));
    let names_right = MARGIN + names.fold(NAMES[0], f64::max).min(NAMES[1]);
    let bars_left = names_right + 14.0;
    let x_of = |hours: f64| bars_left + hours / total * (BARS_RIGHT - bars_left);
    for hours in axis::multiples(step, 0.0, total) {
        let x = x_of(hours);
        canvas.line(&[(x, top - 4.0), (x, base)], if hours == 0.0 { BASE } else { GRID }, 1.0);
        canvas.text(
            &number::exact_time(hours, unit),
            (x, base + 18.0),
            Align::Centre,
            Style::regular(13.5, GREY),
        );
    }
    draw_axis_title(&canvas, unit, f64::midpoint(bars_left, BARS_RIGHT), base + 42.0);

    let mut started = 0.0;
    for (n, (row, stage)) in rows.iter().zip(&figure.stages).enumerate() {
        let frame_top = top + row_height * n as f64;
        let frame =
            Frame { left: MARGIN, top: frame_top, right: names_right, bottom: frame_top + row_height };
        canvas.row_name(&stage.name, frame, false);
        let bar = Frame {
            left: 0.0,
            right: 0.0,
            top: frame.top + row_height * 0.17,
            bottom: frame.bottom - row_height * 0.17,
        };
        let ended = draw_bar(&canvas, row, started, bar, &x_of, false);
        draw_number(
            &canvas,
            ended - started,
            total,
            unit,
            (x_of(ended), f64::midpoint(frame.top, frame.bottom)),
            false,
        );
        if n + 1 < rows.len() {
            canvas.line(
                &[(x_of(ended), bar.bottom), (x_of(ended), bar.bottom + row_height * 0.34)],
                BASE,
                1.0,
            );
        }
        started = ended;
    }

    let rule = base - TOTAL_ROW - 7.0;
    canvas.line(&[(MARGIN, rule), (f64::from(WIDTH) - MARGIN, rule)], BASE, 1.0);
    let frame = Frame { left: MARGIN, top: rule + 4.0, right: names_right, bottom: base - 3.0 };
    canvas.row_name(&Text::new("合计", "total"), frame, true);
    let bar = Frame { left: 0.0, right: 0.0, top: frame.top + 6.0, bottom: frame.bottom - 6.0 };
    draw_bar(&canvas, &totals, 0.0, bar, &x_of, true);
    draw_number(&canvas, total, total, unit, (x_of(total), f64::midpoint(frame.top, frame.bottom)), true);
    drop(canvas);
    picture
}

/// Sums hours by category, in the order of [`Category::ALL`].
fn by_category(stage: &StageRow) -> [f64; 10] {
    let mut hours = [0.0; 10];
    for (category, mean) in &stage.hours {
        // Hours of a millennium: a larger mean is an error in the input.
        if *mean > 0.0 && *mean < 1e7 {
            hours[*category as usize] += mean;
        }
    }
    hours
}

fn draw_head(canvas: &Canvas, figure: &StagesFigure, totals: &[f64; 10]) -> f64 {
    let y = canvas.heading(&figure.title) + 30.0;
    canvas.texts(
        &[
            ("每票货物平均用时构成", Style::regular(16.0, GREY)),
            ("  where the hours go: means per shipment", Style::regular(14.5, PALE)),
        ],
        (MARGIN, y),
    );
    let shown: Vec<(RGBColor, Text)> = Category::ALL
        .into_iter()
        .filter(|category| totals[*category as usize] > 0.0)
        .map(|category| (palette::of_category(category), category::name(category)))
        .collect();
    if shown.is_empty() { y } else { canvas.legend(&shown, y + 16.0) }
}

/// Draws the parts of a bar from a start on. Returns its end, in hours.
fn draw_bar(
    canvas: &Canvas,
    hours: &[f64; 10],
    start: f64,
    bar: Frame,
    x_of: &dyn Fn(f64) -> f64,
    with_shares: bool,
) -> f64 {
    let total: f64 = hours.iter().sum();
    let mut at = start;
    for category in Category::ALL {
        let part = hours[category as usize];
        if part <= 0.0 {
            continue;
        }
        let (left, right) = (x_of(at), x_of(at + part));
        // A thin white gap separates neighbours of similar lightness.
        let inset = if right - left > 3.0 { 0.5 } else { 0.0 };
        canvas.rectangle(Frame { left, right: right - inset, ..bar }, palette::of_category(category));
        let label = format!("{}%", number::percent(part / total, 0));
        let style = Style::regular(13.0, label_colour(category));
        if with_shares && style.width(&label) + 10.0 < right - left {
            let centre = (f64::midpoint(left, right), f64::midpoint(bar.top, bar.bottom) + 4.7);
            canvas.text(&label, centre, Align::Centre, style);
        }
        at += part;
    }
    at
}

/// Returns the colour of a label on a part: white on dark, dark on light.
fn label_colour(category: Category) -> RGBColor {
    let RGBColor(red, green, blue) = palette::of_category(category);
    let light = 0.30 * f64::from(red) + 0.59 * f64::from(green) + 0.11 * f64::from(blue);
    if light < 130.0 { SHEET } else { INK }
}

fn draw_number(canvas: &Canvas, hours: f64, total: f64, unit: TimeUnit, (x, middle): (f64, f64), bold: bool) {
    let number = number::time_fixed(hours, unit, number::common_decimals(total, unit));
    let style = if bold { Style::bold(15.0, INK) } else { Style::regular(14.0, INK) };
    let at = (x + 8.0, middle + 5.0);
    canvas.clear_behind(at, style.width(&number) + if bold { 0.0 } else { 44.0 }, 15.0);
    let end = canvas.texts(&[(&number, style)], at);
    if !bold {
        let share = format!("{}%", number::percent(hours / total, 0));
        canvas.texts(&[(&share, Style::regular(13.0, PALE))], (end + 7.0, at.1));
    }
}

fn draw_axis_title(canvas: &Canvas, unit: TimeUnit, centre: f64, y: f64) {
    let zh = format!("自发货起的平均用时（{}）", unit.zh());
    let en = format!(" mean time since release ({})", unit.en_long());
    let (zh_style, en_style) = (Style::regular(14.5, INK), Style::regular(13.5, GREY));
    canvas.texts_centred(&[(&zh, zh_style), (&en, en_style)], (centre, y));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn figure(rows: &[&[(Category, f64)]]) -> StagesFigure {
        let stage = |(n, hours): (usize, &&[(Category, f64)])| StageRow {
            name: Text::new(format!("第{n}段：马拉舍维奇"), format!("stage {n}: Małaszewicze")),
            hours: hours.to_vec(),
        };
        let title = Text::new("武汉—罗兹", "Wuhan to Łódź");
        StagesFigure {
            title,
            stages: rows.iter().enumerate().map(stage).collect(),
            notes: vec!["注 note".to_owned()],
        }
    }

    #[test]
    fn stages_follow_one_another_and_add_up() {
        use Category::{Moving, Rolled, Server};
        let picture =
            stages(&figure(&[&[(Moving, 30.0), (Server, 10.0)], &[(Moving, 50.0)], &[(Rolled, 10.0)]]));
        picture.check_layout();
        let words = picture.words();
        for number in ["1.67", "40%", "2.08", "50%", "0.42", "10%", "4.17", "80%"] {
            assert!(words.split('|').any(|word| word == number), "{number} in {words}");
        }
        assert!(words.contains("甩货") && !words.contains("查验"), "the legend names what there is: {words}");
    }

    #[test]
    fn nothing_to_show_is_said() {
        for rows in [&[][..], &[&[][..]], &[&[(Category::Moving, f64::NAN), (Category::Server, -1.0)][..]]] {
            let picture = stages(&figure(rows));
            picture.check_layout();
            assert!(picture.words().contains("没有各阶段用时数据"));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_stages_fit_their_sheet(
            rows in prop::collection::vec(
                prop::collection::vec((prop::sample::select(Category::ALL.to_vec()), prop_oneof![0.0..1000.0_f64, any::<f64>()]), 0..12),
                0..40,
            ),
        ) {
            let rows: Vec<&[(Category, f64)]> = rows.iter().map(Vec::as_slice).collect();
            stages(&figure(&rows)).check_layout();
        }
    }
}
