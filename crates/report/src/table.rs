//! The promise table of the terminal, in both languages. It words what results hold and computes nothing.

use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width, presets};
use sanda_results::{Figure, Promise, Results, Verdict};

use crate::adapter;
use crate::headline;
use crate::wording::{self, Estimate, TimeUnit};

/// From this width on there is room for all numbers on one line each.
const UNBROKEN: u16 = 84;

/// Below this width the promise table has three columns instead of six.
const NARROW: u16 = 60;

/// No table is narrower: a terminal of fewer columns breaks its lines itself.
const NARROWEST: u16 = 30;

/// Draws the leading promises of a run (not those of single lanes that another sums up) as a table no wider than `width`
/// columns of a terminal: what is promised, the share that keeps it with its interval, the time that 90 %
/// keep, and the verdict against the target.
///
/// Chinese characters count as two columns. It holds no colour codes; see [`colour_verdicts`].
pub fn promise_table(results: &Results, width: u16) -> String {
    if results.promises.is_empty() {
        return "没有声明承诺 no promise is declared\n".to_owned();
    }
    let mut table = new_table(width);
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    let is_narrow = width < NARROW;
    // Of a narrow table the name of a promise says its limit, or the report does.
    let chosen = |cells: [String; 6]| -> Vec<String> {
        let is_shown = |place: usize| !is_narrow || matches!(place, 0 | 2 | 5);
        cells.into_iter().enumerate().filter(|(place, _)| is_shown(*place)).map(|(_, cell)| cell).collect()
    };
    let header = [
        "承诺\npromise",
        "时限\nlimit",
        "守住的份额\nshare kept",
        "目标\ntarget",
        "90%在…内\n90 % within",
        "判定\nverdict",
    ];
    table.set_header(chosen(header.map(str::to_owned)));
    for (_, promise) in headline::aims(results).into_iter().flat_map(|aim| aim.promises) {
        let verdict = wording::verdict(promise.verdict);
        let target = wording::percentile_number(promise.target);
        table.add_row(chosen([
            both(&promise.name.zh, &promise.name.en),
            limit(promise),
            judged(promise),
            format!("{target}%"),
            within(promise),
            format!("{} {}\n  {}", mark(promise.verdict), verdict.zh, verdict.en),
        ]));
    }
    // Numbers are not broken while the names keep a readable width; below that every column gives way.
    if width >= UNBROKEN {
        table.set_constraints([ColumnConstraint::LowerBoundary(Width::Fixed(12))]);
        for column in table.column_iter_mut().skip(1) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    finish(&table)
}

/// Draws the promises of several scenarios one below the other: what a call with more than one scenario ends with.
pub fn scenario_table(all: &[Results], width: u16) -> String {
    let mut table = new_table(width);
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    // The range over the inputs is the first to go where there is no room.
    let chosen = |cells: [String; 5]| -> Vec<String> {
        let cells = cells.into_iter().enumerate();
        cells.filter(|(place, _)| width >= NARROW || *place != 3).map(|(_, cell)| cell).collect()
    };
    let header =
        ["情景\nscenario", "承诺\npromise", "守住的份额\nshare kept", "参数区间内\ninputs", "判定\nverdict"];
    table.set_header(chosen(header.map(str::to_owned)));
    for results in all {
        let title = adapter::title(results);
        let (mut zh, mut en) = (title.zh, title.en);
        for (_, promise) in headline::leading(results) {
            let verdict = wording::verdict(promise.verdict);
            let inputs = promise.inputs.as_ref().map_or_else(
                || "–".to_owned(),
                |inputs| format!("{}%", crate::assumptions::range_number(inputs.share)),
            );
            table.add_row(chosen([
                both(&zh, &en),
                both(&promise.name.zh, &promise.name.en),
                judged(promise),
                inputs,
                format!("{} {}\n  {}", mark(promise.verdict), verdict.zh, verdict.en),
            ]));
            // Said once.
            (zh, en) = (String::new(), String::new());
        }
    }
    finish(&table)
}

/// Colours the verdicts of a table or summary by ANSI codes: kept green, not kept red, uncertain yellow. The words stay.
pub fn colour_verdicts(text: &str) -> String {
    let mut coloured = text.to_owned();
    for (verdict, code) in [(Verdict::Kept, "32"), (Verdict::Broken, "31"), (Verdict::Uncertain, "33")] {
        let plain = format!("{} {}", mark(verdict), wording::verdict(verdict).zh);
        coloured = coloured.replace(&plain, &format!("\u{1b}[1;{code}m{plain}\u{1b}[0m"));
    }
    coloured
}

/// A table without lines that fits the width.
pub(crate) fn new_table(width: u16) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(width.max(NARROWEST));
    table
}

/// The text of a table without trailing spaces, each line ended.
pub(crate) fn finish(table: &Table) -> String {
    table.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}

/// Chinese above English, or once where both are the same.
pub(crate) fn both(zh: &str, en: &str) -> String {
    if zh == en { zh.to_owned() } else { format!("{zh}\n{en}") }
}

/// The share with its interval below.
pub(crate) fn share(figure: &Figure) -> String {
    let Some(share) = Estimate::from_figure(figure) else { return "–".to_owned() };
    let number = wording::share_number(&share);
    match wording::share_interval(&share) {
        Some(ends) => format!("{number}%\n[{ends}%]"),
        None => format!("{number}%"),
    }
}

/// The share that keeps a promise with its interval below, neither reading as the target where it is not.
pub(crate) fn judged(promise: &Promise) -> String {
    let Some(share) = Estimate::from_figure(&promise.share) else { return "–".to_owned() };
    match wording::judged(&share, promise.target) {
        (number, Some(ends)) => format!("{number}%\n[{ends}%]"),
        (number, None) => format!("{number}%"),
    }
}

/// A share in one piece, `22.8% [22.7–22.9%]`: what a run says while it goes on.
pub fn share_in_line(figure: &Figure) -> String {
    share(figure).replace('\n', " ")
}

/// The mark of a verdict, which stands before its word.
pub(crate) fn mark(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Kept => "✓",
        Verdict::Broken => "✗",
        Verdict::Uncertain => "?",
    }
}

fn limit(promise: &Promise) -> String {
    adapter::deadline(promise).map_or_else(
        || "–".to_owned(),
        |deadline| {
            let words = wording::deadline(deadline);
            both(&words.zh, &words.en)
        },
    )
}

/// The time that 90 % keep, with its one-sided bound.
fn within(promise: &Promise) -> String {
    let Some(figure) = promise.achievable_at(0.9) else { return "–".to_owned() };
    let Some(time) = Estimate::from_figure(figure) else { return "–".to_owned() };
    if !time.value.is_finite() {
        return "送达不足90%\n< 90 % arrive".to_owned();
    }
    let unit = TimeUnit::for_hours(time.value);
    let number = wording::within_number(&time, unit);
    let bound = match time.interval {
        Some((_, upper)) if upper.is_finite() => {
            let bound = wording::within_alike(&time, upper, unit);
            format!(" (≤ {bound})")
        }
        Some(_) => " (≤ ∞)".to_owned(),
        None => String::new(),
    };
    format!("{number}{}\n{number} {}{bound}", unit.zh(), unit.en())
}
