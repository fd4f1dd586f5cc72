//! Welch's plot of each flow and the table of `sanda warm-up`, made from `warm-up.json` alone. It estimates nothing.

use std::path::{Path, PathBuf};

use comfy_table::presets;
use sanda_results::{FlowSettling, Measure, Settling, SettlingAnswer, Text};

use crate::draw::canvas::{self, Align, Canvas, Frame, MARGIN, Style, WIDTH};
use crate::draw::palette::{DEEP_BLUE, GREY, INK, ORANGE, RED};
use crate::draw::picture::Picture;
use crate::error::ReportError;
use crate::figure::axis::{multiples, round_step};
use crate::figure::files::write_pictures;
use crate::figure::plane::{Line, Plane, XTicks, YScale};
use crate::terminal::table::{both, finish, new_table};
use crate::words::number;

const HEIGHT: u32 = 500;
const PLOT_LEFT: f64 = MARGIN + 62.0;
const PLOT_RIGHT: f64 = WIDTH as f64 - MARGIN - 8.0;
/// Colour of the means of single days or weeks.
const DAYS: plotters::style::RGBColor = plotters::style::RGBColor(0xB9, 0xCF, 0xE2);

/// Draws Welch's plot of every flow with deliveries, named `warm-up-FLOW`.
pub fn settling_figures(settling: &Settling) -> Vec<(String, Picture)> {
    let flows = settling.flows.iter().filter(|flow| !flow.series.is_empty());
    flows.map(|flow| (format!("warm-up-{}", flow.flow), plot(settling, flow))).collect()
}

/// Writes the figures as SVG and PNG. A missing folder is made.
///
/// # Errors
/// [`ReportError`] names the folder or file that cannot be written.
pub fn write_settling_figures(settling: &Settling, folder: &Path) -> Result<Vec<PathBuf>, ReportError> {
    write_pictures(&settling_figures(settling), folder)
}

fn plot(settling: &Settling, flow: &FlowSettling) -> Picture {
    let mut picture = Picture {
        size: (WIDTH, HEIGHT),
        title: format!("{} {}", flow.name.zh, flow.name.en),
        description: "按发货日期的平均用时 mean time by day of release".to_owned(),
        marks: Vec::new(),
    };
    let canvas = Canvas::new(&mut picture);
    let y = canvas.heading(&flow.name) + 26.0;
    let (zh, en) = (Style::regular(15.0, INK), Style::regular(14.0, GREY));
    canvas
        .texts(&[("从发货到送达的平均用时", zh), ("  mean time from release to delivery", en)], (MARGIN, y));
    let n = settling.scenario.replications;
    let what = if flow.days_an_observation == 1 { ("逐日", "days") } else { ("逐周", "weeks") };
    let notes = [
        format!(
            "浅色为{}均值，深色为移动平均（Welch图）。 Pale: means of {}; dark: their moving average (Welch's plot).",
            what.0, what.1
        ),
        format!(
            "情景 scenario: {} ({}); {n}次重复 replications; 种子 seed {}",
            settling.scenario.title.zh, settling.scenario.name, settling.scenario.seed
        ),
    ];
    canvas.footnotes(&notes, HEIGHT);
    let bottom = f64::from(HEIGHT) - canvas::footnotes_height(&notes) - 58.0;
    let frame = Frame { left: PLOT_LEFT, top: y + 52.0, right: PLOT_RIGHT, bottom };
    let half = f64::from(flow.days_an_observation) / 2.0;
    let last = flow.series.last().map_or(1.0, |one| one[0] + half).max(settling.warm_up_days).max(1.0);
    let place = |day: f64| day / last;
    let line = |points: &[[f64; 2]]| Line {
        points: points.iter().map(|one| (place(one[0]), one[1], None)).collect(),
    };
    let plane =
        Plane { canvas: &canvas, frame, y: YScale::of(flow.series.iter().map(|one| one[1]), Measure::Hours) };
    let days = multiples(round_step(last / 10.0).max(1.0), 0.0, last);
    plane.draw_axes(&XTicks {
        marks: days.into_iter().map(|day| (place(day), format!("{day:.0}"))).collect(),
        title: "发货日期，距开始的天数 day of release after the start".to_owned(),
    });
    plane.draw_line(&line(&flow.series), DAYS, 1.4);
    plane.draw_line(&line(&flow.smoothed), DEEP_BLUE, 2.4);
    // The scenario's own warm-up stands directly above the plot, the recommended one a line higher.
    let flag = |day: f64, colour, words: &str, row: f64| {
        let x = plane.x_of(place(day));
        canvas.line(&[(x, frame.top - 4.0 - row), (x, frame.bottom)], colour, 1.6);
        let style = Style::regular(13.5, colour);
        let is_right = x + style.width(words) + 8.0 > f64::from(WIDTH) - MARGIN;
        let (x, align) = if is_right { (x - 6.0, Align::Right) } else { (x + 6.0, Align::Left) };
        canvas.text(words, (x, frame.top - 8.0 - row), align, style);
    };
    flag(
        settling.warm_up_days,
        RED,
        &format!("情景的预热期 the scenario's warm-up: {} d", day(settling.warm_up_days)),
        0.0,
    );
    if let SettlingAnswer::SteadyFrom(from) = flow.answer {
        flag(from, ORANGE, &format!("此后平稳 steady from here on: {} d", day(from)), 19.0);
    }
    drop(canvas);
    picture
}

fn day(days: f64) -> String {
    number::exact_time(days * 24.0, number::TimeUnit::Days)
}

/// Writes the answer for the terminal: the warm-up that each flow needs, and whether the scenario's own suffices.
pub fn settling_table(settling: &Settling, width: u16) -> String {
    let title = &settling.scenario.title;
    let title = if title.zh == title.en { title.zh.clone() } else { format!("{} {}", title.zh, title.en) };
    let mut table = new_table(width);
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(vec!["货流\nflow", "所需预热期\nwarm-up needed", "情景的预热期\nthe scenario's"]);
    for flow in &settling.flows {
        let needed = match flow.answer {
            SettlingAnswer::SteadyFrom(days) => format!("{} d", day(days)),
            SettlingAnswer::RunTooShort => "未见平稳\nnot seen to settle".to_owned(),
            SettlingAnswer::NothingDelivered => "无送达\nnothing delivered".to_owned(),
        };
        let own = match flow.answer {
            SettlingAnswer::SteadyFrom(days) if days <= settling.warm_up_days + 1e-9 => "✓ 足够\n  suffices",
            SettlingAnswer::SteadyFrom(_) => "✗ 不足\n  too short",
            SettlingAnswer::RunTooShort | SettlingAnswer::NothingDelivered => "–",
        };
        table.add_row(vec![both(&flow.name.zh, &flow.name.en), needed, own.to_owned()]);
    }
    let own = day(settling.warm_up_days);
    let verdict = match settling.recommended_days {
        Some(days) if days <= settling.warm_up_days + 1e-9 => Text::new(
            format!("情景设定的预热期{own}天足够（需要{}天）。", day(days)),
            format!("The scenario's warm-up of {own} d suffices ({} d are needed).", day(days)),
        ),
        Some(days) => Text::new(
            format!("情景设定的预热期{own}天不足，建议{0}天：run.warm_up: \"{0}d\"", day(days)),
            format!(
                "The scenario's warm-up of {own} d is too short; {0} d are recommended: run.warm_up: \"{0}d\"",
                day(days)
            ),
        ),
        None => Text::new(
            "运行时间太短，无法判断是否平稳：请延长run.measure；若用时仍持续上升，则需求超过能力。",
            "The run is too short to tell: lengthen run.measure. Where times still rise, demand exceeds capacity.",
        ),
    };
    let n = settling.scenario.replications;
    format!(
        "{title}\n{n}次重复 replications, 种子 seed {}\n\n{}\n{}\n{}\n",
        settling.scenario.seed,
        finish(&table),
        verdict.zh,
        verdict.en
    )
}

#[cfg(test)]
mod tests {
    use sanda_results::{SCHEMA, ScenarioInfo};

    use super::*;

    fn settling(answer: SettlingAnswer, warm_up_days: f64) -> Settling {
        let series: Vec<[f64; 2]> = (0..120)
            .map(|day| {
                [f64::from(day) + 0.5, if day < 20 { f64::from(day) } else { 48.0 + f64::from(day % 2) }]
            })
            .collect();
        let recommended_days = match answer {
            SettlingAnswer::SteadyFrom(days) => Some(days),
            _ => None,
        };
        Settling {
            schema: SCHEMA,
            scenario: ScenarioInfo {
                name: "lanes".to_owned(),
                title: Text::new("三条查验通道", "Three customs lanes"),
                replications: 20,
                ..ScenarioInfo::default()
            },
            warm_up_days,
            recommended_days,
            flows: vec![FlowSettling {
                flow: "boxes".to_owned(),
                name: Text::new("武汉—杜伊斯堡", "Wuhan to Duisburg"),
                days_an_observation: 1,
                smoothed: series[..113].to_vec(),
                series,
                answer,
            }],
        }
    }

    #[test]
    fn words_are_on_the_sheet_and_apart() {
        for (answer, own) in [
            (SettlingAnswer::SteadyFrom(21.0), 7.0),
            (SettlingAnswer::SteadyFrom(119.0), 119.0),
            (SettlingAnswer::RunTooShort, 0.0),
        ] {
            settling_figures(&settling(answer, own))[0].1.check_layout();
        }
    }

    #[test]
    fn every_answer_has_words() {
        insta::assert_snapshot!(settling_table(&settling(SettlingAnswer::SteadyFrom(21.0), 7.0), 100), @r#"
        三条查验通道 Three customs lanes
        20次重复 replications, 种子 seed 0

        ─────────────────────────────────────────────────────
         货流                所需预热期       情景的预热期
         flow                warm-up needed   the scenario's
        ═════════════════════════════════════════════════════
         武汉—杜伊斯堡       21 d             ✗ 不足
         Wuhan to Duisburg                      too short
        ─────────────────────────────────────────────────────

        情景设定的预热期7天不足，建议21天：run.warm_up: "21d"
        The scenario's warm-up of 7 d is too short; 21 d are recommended: run.warm_up: "21d"
        "#);
        insta::assert_snapshot!(settling_table(&settling(SettlingAnswer::SteadyFrom(21.0), 28.0), 100).lines().last().unwrap(), @"The scenario's warm-up of 28 d suffices (21 d are needed).");
        insta::assert_snapshot!(settling_table(&settling(SettlingAnswer::RunTooShort, 28.0), 100).lines().last().unwrap(), @"The run is too short to tell: lengthen run.measure. Where times still rise, demand exceeds capacity.");
    }
}
