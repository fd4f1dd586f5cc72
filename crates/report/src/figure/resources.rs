//! The figure of resources: the utilisation of each, and the wait for it.
//!
//! It takes a small input of its own ([`ResourcesFigure`]) and computes nothing.

use sanda_results::Text;

use crate::draw::canvas::{self, Align, Canvas, Frame, MARGIN, Style, WIDTH};
use crate::draw::palette::{BASE, BLUE, DEEP_BLUE, GREY, GRID, INK, ORANGE, PALE, RED, TRACK};
use crate::draw::picture::Picture;
use crate::figure::axis;
use crate::words::number::{self, TimeUnit};
use crate::words::phrase;

/// One resource.
#[derive(Clone, Debug, PartialEq)]
pub struct ResourceRow {
    /// Its name.
    pub name: Text,
    /// Serving time over available server time, a fraction of one; `None` when the number of servers is unlimited.
    pub utilisation: Option<f64>,
    /// Mean wait before service, hours.
    pub mean_wait: Option<f64>,
    /// The wait, in hours, that 95 % do not exceed; may be infinite.
    pub p95_wait: Option<f64>,
}

/// Input of [`resources`].
#[derive(Clone, Debug, PartialEq)]
pub struct ResourcesFigure {
    /// Name of the scenario.
    pub title: Text,
    /// Resources in any order; the busiest are shown first.
    pub resources: Vec<ResourceRow>,
    /// Further small print, one line a note.
    pub notes: Vec<String>,
}

const MOST: usize = 24;
const USE_LEFT: f64 = MARGIN + 270.0;
const USE_RIGHT: f64 = USE_LEFT + 240.0;
const WAIT_LEFT: f64 = USE_RIGHT + 110.0;
const WAIT_RIGHT: f64 = WIDTH as f64 - MARGIN - 215.0;
const MEAN_COLUMN: f64 = WIDTH as f64 - MARGIN - 110.0;
const P95_COLUMN: f64 = WIDTH as f64 - MARGIN;

/// Draws the figure, 1200 pixels wide and as high as its rows need. It shows at most 24 resources; a footnote counts the others.
pub fn resources(figure: &ResourcesFigure) -> Picture {
    let mut rows: Vec<&ResourceRow> = figure.resources.iter().collect();
    let busy = |row: &ResourceRow| row.utilisation.filter(|share| share.is_finite()).unwrap_or(-1.0);
    rows.sort_by(|a, b| busy(b).total_cmp(&busy(a)));
    let n_hidden = rows.len().saturating_sub(MOST);
    rows.truncate(MOST);
    let mut notes = vec![
        "利用率：服务时间占可用时间（开放且无故障）的比重，90%及以上用橙色表示。等待：从提出需求到首次开始服务。".to_owned(),
        "Utilisation: serving time over available time (open, not broken), orange from 90 % on. Wait: from the request to the first start of service."
            .to_owned(),
    ];
    if n_hidden > 0 {
        let (more, are) =
            (phrase::plural(n_hidden as u64, "more resource"), if n_hidden == 1 { "is" } else { "are" });
        notes.push(format!("另有{n_hidden}个资源未列出，其利用率不高于上列资源或无法计算。{more}, none of which is known to be busier, {are} not shown."));
    }

    notes.extend(figure.notes.iter().cloned());

    let row_height = (440.0 / rows.len().max(1) as f64).clamp(Canvas::ROW, 46.0);
    let mut picture = Picture { size: (WIDTH, 400), ..Picture::default() };
    let top = Canvas::new(&mut picture).heading(&figure.title) + 96.0;
    let base = top + row_height * rows.len() as f64 + 6.0;
    let height = (base + 30.0 + canvas::footnotes_height(&notes)).max(360.0).ceil() as u32;

    let mut picture = Picture {
        size: (WIDTH, height),
        title: format!("{} {}", figure.title.zh, figure.title.en),
        description: "各资源利用率与等待时间。Utilisation of each resource and the wait for it.".to_owned(),
        marks: Vec::new(),
    };
    let canvas = Canvas::new(&mut picture);
    let y = canvas.heading(&figure.title) + 30.0;
    canvas.texts(
        &[
            ("资源利用率与排队", Style::regular(16.0, GREY)),
            ("  how busy resources are and how long one waits", Style::regular(14.5, PALE)),
        ],
        (MARGIN, y),
    );
    canvas.footnotes(&notes, height);
    if rows.is_empty() {
        let middle = f64::from(height) / 2.0 + 10.0;
        canvas.text("没有资源", (f64::from(WIDTH) / 2.0, middle), Align::Centre, Style::regular(20.0, GREY));
        canvas.text(
            "no resource",
            (f64::from(WIDTH) / 2.0, middle + 26.0),
            Align::Centre,
            Style::regular(15.0, PALE),
        );
        drop(canvas);
        return picture;
    }
    draw_rows(&canvas, &rows, row_height, top, base);
    drop(canvas);
    picture
}

fn draw_rows(canvas: &Canvas, rows: &[&ResourceRow], row_height: f64, top: f64, base: f64) {
    // Hours of a century: a longer wait is shown as infinite.
    let finite = |hours: Option<f64>| hours.filter(|hours| (0.0..1e6).contains(hours));
    let longest = rows
        .iter()
        .flat_map(|row| [finite(row.mean_wait), finite(row.p95_wait)])
        .flatten()
        .fold(0.0, f64::max);
    let unit = TimeUnit::for_hours(longest);
    let decimals = number::common_decimals(longest, unit);
    let step = axis::label_step(longest, 5.0, unit);
    let end = (longest / step).ceil().max(1.0) * step;
    let x_of = |hours: f64| WAIT_LEFT + (hours / end).min(1.0) * (WAIT_RIGHT - WAIT_LEFT);
    let use_of = |share: f64| USE_LEFT + share.clamp(0.0, 1.0) * (USE_RIGHT - USE_LEFT);

    draw_column_heads(canvas, unit, top);
    let tick = Style::regular(12.5, PALE);
    for share in [0.0, 0.5, 1.0] {
        let x = use_of(share);
        canvas.line(&[(x, top), (x, base)], if share == 0.0 { BASE } else { GRID }, 1.0);
        canvas.text(&format!("{}%", number::percentile_number(share)), (x, base + 17.0), Align::Centre, tick);
    }
    for hours in axis::multiples(step, 0.0, end) {
        let x = x_of(hours);
        canvas.line(&[(x, top), (x, base)], if hours == 0.0 { BASE } else { GRID }, 1.0);
        canvas.text(&number::exact_time(hours, unit), (x, base + 17.0), Align::Centre, tick);
    }
    for (n, row) in rows.iter().enumerate() {
        let frame_top = top + row_height * n as f64 + 3.0;
        let frame =
            Frame { left: MARGIN, top: frame_top, right: USE_LEFT - 14.0, bottom: frame_top + row_height };
        let middle = f64::midpoint(frame.top, frame.bottom);
        canvas.row_name(&row.name, frame, false);
        let half = (row_height * 0.26).min(9.0);
        let bar = |left: f64, right: f64| Frame { left, right, top: middle - half, bottom: middle + half };

        let number = Style::regular(14.0, INK);
        if let Some(share) = row.utilisation.filter(|share| share.is_finite()) {
            canvas.rectangle(bar(USE_LEFT, USE_RIGHT), TRACK);
            // Waits grow steeply once utilisation exceeds about nine tenths.
            let colour = if share >= 0.9 { ORANGE } else { BLUE };
            canvas.rectangle(bar(USE_LEFT, use_of(share)), colour);
            let text = format!("{}%", number::percent(share.clamp(0.0, 1.0), 0));
            canvas.text(&text, (USE_RIGHT + 50.0, middle + 5.0), Align::Right, number);
        } else {
            canvas.text("–", (USE_RIGHT + 50.0, middle + 5.0), Align::Right, Style::regular(14.0, PALE));
        }
        if let Some(mean) = finite(row.mean_wait) {
            canvas.rectangle(bar(WAIT_LEFT, x_of(mean)), BLUE);
            let text = number::time_fixed(mean, unit, decimals);
            canvas.text(&text, (MEAN_COLUMN, middle + 5.0), Align::Right, number);
        }
        match row.p95_wait {
            Some(p95) if finite(Some(p95)).is_some() => {
                let from = x_of(finite(row.mean_wait).unwrap_or(0.0)).min(x_of(p95));
                canvas.line(&[(from, middle), (x_of(p95), middle)], DEEP_BLUE, 1.4);
                canvas.disc((x_of(p95), middle), 4.5, DEEP_BLUE);
                let text = number::time_fixed(p95, unit, decimals);
                canvas.text(&text, (P95_COLUMN, middle + 5.0), Align::Right, number);
            }
            Some(_) => canvas.text("∞", (P95_COLUMN, middle + 5.0), Align::Right, Style::regular(15.0, RED)),
            None => {}
        }
    }
}

/// Draws the heads of the columns, which are the legend as well.
fn draw_column_heads(canvas: &Canvas, unit: TimeUnit, top: f64) {
    let (zh, en) = (Style::regular(14.0, INK), Style::regular(12.5, GREY));
    let (upper, lower) = (top - 28.0, top - 11.0);
    canvas.text("利用率", (USE_LEFT, upper), Align::Left, zh);
    canvas.text("utilisation", (USE_LEFT, lower), Align::Left, en);
    canvas.text(&format!("等待（{}）", unit.zh()), (WAIT_LEFT, upper), Align::Left, zh);
    canvas.text(&format!("wait ({})", unit.en_long()), (WAIT_LEFT, lower), Align::Left, en);
    for (column, zh_name, en_name) in [(MEAN_COLUMN, "平均", "mean"), (P95_COLUMN, "95%以内", "95 % within")]
    {
        canvas.text(zh_name, (column, upper), Align::Right, zh);
        canvas.text(en_name, (column, lower), Align::Right, en);
    }
    let mean = MEAN_COLUMN - zh.width("平均") - 8.0;
    canvas.rectangle(Frame { left: mean - 14.0, right: mean, top: upper - 9.0, bottom: upper }, BLUE);
    let p95 = P95_COLUMN - zh.width("95%以内") - 8.0;
    canvas.disc((p95 - 5.0, upper - 4.7), 4.5, DEEP_BLUE);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn figure(rows: Vec<(Option<f64>, Option<f64>, Option<f64>)>) -> ResourcesFigure {
        let row = |(n, (utilisation, mean_wait, p95_wait)): (usize, _)| ResourceRow {
            name: Text::new(
                format!("霍尔果斯换轨线之{n}号（双向共用的站台与线路）"),
                format!("gauge-change bay number {n} at Khorgos"),
            ),
            utilisation,
            mean_wait,
            p95_wait,
        };
        let title = Text::new("基准情景", "Base case");
        ResourcesFigure {
            title,
            resources: rows.into_iter().enumerate().map(row).collect(),
            notes: Vec::new(),
        }
    }

    #[test]
    fn the_busiest_come_first_and_infinite_waits_are_marked() {
        let rows = vec![
            (Some(0.5), Some(1.0), Some(2.0)),
            (Some(0.97), Some(30.0), Some(f64::INFINITY)),
            (None, Some(0.0), None),
        ];
        let picture = resources(&figure(rows));
        picture.check_layout();
        let words = picture.words();
        let at = |name: &str| words.find(name).unwrap_or_else(|| panic!("{name} in {words}"));
        assert!(at("number 1") < at("number 0") && at("number 0") < at("number 2"), "{words}");
        assert!(words.contains('∞') && words.contains("30.0"));
    }

    #[test]
    fn what_is_left_out_is_said() {
        let picture = resources(&figure(vec![(Some(0.1), Some(1.0), Some(2.0)); 30]));
        picture.check_layout();
        assert!(
            picture.words().contains("6 more resources, none of which is known to be busier, are not shown")
        );
        assert!(resources(&figure(Vec::new())).words().contains("没有资源"));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_resources_fit_their_sheet(
            rows in prop::collection::vec(
                (prop::option::of(prop_oneof![0.0..1.0_f64, any::<f64>()]), prop::option::of(0.0..1e4_f64), prop::option::of(any::<f64>())),
                0..40,
            ),
        ) {
            resources(&figure(rows)).check_layout();
        }
    }
}
