//! The waterfall from the ideal time to the actual one: a bar for each cause in route order, for the median and the 90th percentile.

use plotters::style::RGBColor;
use sanda_results::{Attribution, Figure, Text};

use super::{rows, words};
use crate::draw::canvas::{self, Align, Canvas, Frame, MARGIN, Style, WIDTH};
use crate::draw::palette::{BASE, BLUE, DEEP_BLUE, GREY, GRID, INK, OCHRE, ORANGE, PALE, RED};
use crate::draw::picture::Picture;
use crate::figure::axis;
use crate::words::number::{self, TimeUnit};
use crate::words::phrase;

/// Right end of the names of rows, in pixels.
const NAMES: f64 = MARGIN + 300.0;
/// Distance between the two panels, in pixels.
const GAP: f64 = 36.0;
/// Width to the right of a bar for its number, in pixels.
const NUMBER: f64 = 62.0;
const ROW: f64 = 40.0;

/// A row: a level, measured from zero, or a change from the level before it.
struct Row {
    name: Text,
    /// The median and the 90th percentile, in hours.
    values: [Option<f64>; 2],
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Ideal,
    Remainder,
    Cause,
    Actual,
    Interaction,
}

impl Kind {
    fn colour(self, value: f64) -> RGBColor {
        match self {
            Self::Actual => DEEP_BLUE,
            Self::Remainder => OCHRE,
            Self::Cause if value >= 0.0 => ORANGE,
            Self::Ideal | Self::Cause => BLUE,
            Self::Interaction => BASE,
        }
    }

    fn is_level(self) -> bool {
        matches!(self, Self::Ideal | Self::Actual)
    }
}

/// Draws the waterfall.
pub(super) fn waterfall(attribution: &Attribution) -> Picture {
    let unit = words::unit(attribution);
    let rows = all_rows(attribution);
    let title = Text::new(
        format!("用时归因：{}", attribution.subject.name.zh),
        format!("Where the hours come from: {}", attribution.subject.name.en),
    );
    let notes = notes(attribution);
    let mut picture = Picture { size: (WIDTH, 400), ..Picture::default() };
    let top = Canvas::new(&mut picture).heading(&title) + 74.0;
    let bottom = top + ROW * rows.len() as f64 + 6.0;
    let height = (bottom + 44.0 + canvas::footnotes_height(&notes)).ceil() as u32;
    let mut picture = Picture {
        size: (WIDTH, height),
        title: format!("{} {}", title.zh, title.en),
        description: "从理想用时到实际用时的瀑布图。Waterfall from the ideal time to the actual one."
            .to_owned(),
        marks: Vec::new(),
    };
    let canvas = Canvas::new(&mut picture);
    canvas.heading(&title);
    canvas.footnotes(&notes, height);
    for (number, row) in rows.iter().enumerate() {
        let top = top + ROW * number as f64 + 3.0;
        let frame = Frame { left: MARGIN, top, right: NAMES - 12.0, bottom: top + ROW };
        canvas.row_name(&row.name, frame, row.kind.is_level());
    }
    let width = (f64::from(WIDTH) - MARGIN - NAMES - GAP) / 2.0;
    let panels = [("中位数", "median"), ("90%在…内", "90 % within")];
    for (place, (zh, en)) in panels.into_iter().enumerate() {
        let left = NAMES + (width + GAP) * place as f64;
        canvas.texts(
            &[
                (&format!("{zh}（{}）", unit.zh()), Style::regular(15.0, GREY)),
                (&format!("  {en}, {}", unit.en_long()), Style::regular(13.5, PALE)),
            ],
            (left, top - 14.0),
        );
        let limit = attribution.subject.promise.as_ref().and_then(|promise| promise.limit_hours);
        panel(&canvas, &rows, place, Frame { left, top, right: left + width, bottom }, unit, limit);
    }
    drop(canvas);
    picture
}

fn all_rows(attribution: &Attribution) -> Vec<Row> {
    let pair = |p50: &Figure, p90: &Figure| {
        [p50, p90].map(|figure| figure.value().filter(|value| value.is_finite()))
    };
    let level = |zh: &str, en: &str, times: &sanda_results::Times, kind| Row {
        name: Text::new(zh, en),
        values: pair(&times.p50, &times.p90),
        kind,
    };
    let mut all =
        vec![level("理想：等待全部为零", "ideal: every wait at zero", &attribution.ideal, Kind::Ideal)];
    all.extend(rows::steps(attribution).into_iter().map(|step| Row {
        name: step.name,
        values: pair(&step.adds[1], &step.adds[2]),
        kind: if step.is_remainder { Kind::Remainder } else { Kind::Cause },
    }));
    all.push(level("实际", "actual", &attribution.actual, Kind::Actual));
    all.push(Row {
        name: Text::new("另列：相互作用", "beside it: interaction"),
        values: pair(&attribution.interaction.p50, &attribution.interaction.p90),
        kind: Kind::Interaction,
    });
    all
}

fn notes(attribution: &Attribution) -> Vec<String> {
    let n = attribution.scenario.replications;
    let mut notes = vec![
        format!(
            "{n}次重复，随机数相同。各原因按运输顺序逐一去除；分位数不可相加：逐项单独去除的效果之和，超出一并去除效果的部分，另列为相互作用。"
        ),
        format!(
            "{} with the same luck. Causes are removed one after the other in route order; percentiles do not add, and what single removals gain beyond that stands apart.",
            phrase::plural(u64::from(n), "replication")
        ),
    ];
    if attribution.subject.promise.as_ref().is_some_and(|promise| promise.limit_hours.is_some()) {
        notes.push("红线为承诺时限。 The red line is the promise's limit.".to_owned());
    }
    notes
}

fn panel(canvas: &Canvas<'_>, rows: &[Row], place: usize, frame: Frame, unit: TimeUnit, limit: Option<f64>) {
    // Each bar begins where the one before it ends. Levels and the interaction begin at zero.
    let mut level = 0.0;
    let bars: Vec<Option<(f64, f64, f64)>> = rows
        .iter()
        .map(|row| {
            let value = row.values[place]?;
            let from = if row.kind.is_level() || row.kind == Kind::Interaction { 0.0 } else { level };
            if row.kind != Kind::Interaction {
                level = from + value;
            }
            Some((from, from + value, value))
        })
        .collect();
    let ends = || bars.iter().flatten().flat_map(|&(from, to, _)| [from, to]).chain(limit);
    let (lowest, highest) = (ends().fold(0.0, f64::min), ends().fold(1.0 / 60.0, f64::max));
    let step = axis::label_step(highest - lowest, 5.0, unit);
    let from = (lowest / step).floor() * step;
    let right = frame.right - NUMBER;
    let x_of = |hours: f64| frame.left + (hours - from) / (highest - from) * (right - frame.left);
    let mut mark = from;
    while mark <= highest + step * 1e-6 {
        let colour = if mark.abs() < step / 1e6 { BASE } else { GRID };
        canvas.line(&[(x_of(mark), frame.top), (x_of(mark), frame.bottom)], colour, 1.0);
        let text = number::exact_time(mark, unit).replace('-', "−");
        canvas.text(&text, (x_of(mark), frame.bottom + 18.0), Align::Centre, Style::regular(12.5, PALE));
        mark += step;
    }
    if let Some(limit) = limit {
        canvas.line(&[(x_of(limit), frame.top), (x_of(limit), frame.bottom)], RED, 1.5);
    }
    for (number, (row, bar)) in rows.iter().zip(&bars).enumerate() {
        let middle = frame.top + ROW * (number as f64 + 0.5) + 3.0;
        let Some((from, to, value)) = *bar else {
            canvas.text("∞", (right, middle + 5.0), Align::Left, Style::regular(14.0, GREY));
            continue;
        };
        let (left, end) = (x_of(from.min(to)), x_of(from.max(to)));
        let bar = Frame { left, right: end.max(left + 1.5), top: middle - 9.0, bottom: middle + 9.0 };
        canvas.rectangle(bar, row.kind.colour(value));
        let sign = if row.kind.is_level() || value < 0.0 { "" } else { "+" };
        let shown = format!("{:.2}", value / unit.hours());
        let shown = match shown.as_str() {
            "0.00" | "-0.00" => "0".to_owned(),
            _ => format!("{sign}{}", shown.replace('-', "−")),
        };
        let style = if row.kind.is_level() { Style::bold(13.5, INK) } else { Style::regular(13.5, INK) };
        canvas.clear_behind((end + 6.0, middle + 5.0), style.width(&shown), 13.5);
        canvas.text(&shown, (end + 6.0, middle + 5.0), Align::Left, style);
    }
}
