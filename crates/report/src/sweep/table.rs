//! The table of a sweep for the terminal and `summary.txt`: a block for each leading promise, a line for each point.

use std::fmt::Write as _;

use comfy_table::{CellAlignment, presets};
use sanda_results::{DesignKind, Sweep, SweptMetric};

use super::words;
use crate::terminal::table::{both, finish, mark, new_table};
use crate::words::number;

/// Greatest number of points in a block. All of them are in the CSV file.
const MOST_POINTS: usize = 40;
/// Greatest number of metrics that are shown for a sweep without promises.
const MOST_OTHERS: usize = 4;

/// Writes the results of a sweep, no wider than `width` columns.
///
/// A line has the share of a leading promise at a point with its interval, the difference to the first point, and the mark of the verdict.
pub fn sweep_table(sweep: &Sweep, width: u16) -> String {
    let title = &sweep.scenario.title;
    let title = if title.zh == title.en { title.zh.clone() } else { format!("{} {}", title.zh, title.en) };
    let (n_points, n, seed) = (sweep.points.len(), sweep.scenario.replications, sweep.scenario.seed);
    let design = match sweep.design {
        DesignKind::Grid => "网格 grid",
        DesignKind::Latin => "拉丁超立方 Latin hypercube",
        DesignKind::List => "列表 list",
    };
    let mut out = format!(
        "{title}\n{design}: {n_points}个参数点 point{}, 每点{n}次重复 replication{} a point, 种子 seed {seed}\n",
        if n_points == 1 { "" } else { "s" },
        if n == 1 { "" } else { "s" }
    );
    let leading: Vec<&SweptMetric> = sweep.metrics.iter().filter(|metric| metric.is_leading).collect();
    let shown: Vec<&SweptMetric> =
        if leading.is_empty() { sweep.metrics.iter().take(MOST_OTHERS).collect() } else { leading };
    for metric in &shown {
        out.push('\n');
        out += &block(sweep, metric, width);
    }
    if n_points > MOST_POINTS {
        let _ = writeln!(
            out,
            "\n 以上为前{MOST_POINTS}个参数点，全部见 the first {MOST_POINTS} points, all are in sweep.csv"
        );
    }
    let _ = writeln!(
        out,
        "\n 方括号内为95%置信区间，只反映偶然性；差值为与第1点之差，各点用同一组随机数\n in brackets 95 % intervals, of chance alone; differences are to point 1, under the same luck"
    );
    for note in &sweep.notes {
        let _ = writeln!(out, "注 note: {}", both(&note.zh, &note.en).replace('\n', " "));
    }
    out
}

fn block(sweep: &Sweep, metric: &SweptMetric, width: u16) -> String {
    let name = &metric.name;
    let name = if name.zh == name.en { name.zh.clone() } else { format!("{} {}", name.zh, name.en) };
    let target = metric
        .target
        .map_or_else(String::new, |target| format!("  目标 target {}%", number::percentile_number(target)));
    let mut table = new_table(width);
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    let mut header = vec!["#".to_owned()];
    header.extend(sweep.parameters.iter().map(|parameter| parameter.path.clone()));
    let subject = words::subject(metric.measure);
    header.push(if metric.target.is_some() {
        both(&subject.zh, &subject.en)
    } else {
        "数值\nvalue".to_owned()
    });
    header.push("与第1点之差\nto point 1".to_owned());
    table.set_header(header);
    for (number, (point, value)) in sweep.points.iter().zip(&metric.values).take(MOST_POINTS).enumerate() {
        let target = metric.target.filter(|_| value.figure.interval().is_some());
        let verdict = target.map_or("", |target| mark(value.figure.verdict(target)));
        let with_ends = |(number, ends): (String, Option<String>)| match ends {
            Some(ends) => format!("{number} [{ends}]"),
            None => number,
        };
        let figure = with_ends(words::figure(&value.figure, metric.measure));
        let difference = words::difference(value, metric.measure).map_or_else(|| "–".to_owned(), with_ends);
        let mut cells = vec![(number + 1).to_string()];
        cells.extend(point.values.clone());
        cells.push(format!("{verdict} {figure}").trim().to_owned());
        cells.push(difference);
        table.add_row(cells);
    }
    for column in table.column_iter_mut() {
        column.set_cell_alignment(CellAlignment::Right);
    }
    format!("{name}{target}\n{}", without_inner_rules(&finish(&table)))
}

/// Removes the rules between rows, which rows of one line do not need.
fn without_inner_rules(table: &str) -> String {
    let is_rule = |line: &str| line.chars().all(|character| character == '─');
    let last = table.lines().count().saturating_sub(1);
    let lines = table.lines().enumerate().filter(|(at, line)| *at == 0 || *at == last || !is_rule(line));
    lines.flat_map(|(_, line)| [line, "\n"]).collect()
}
