//! Tables of promises for the terminal, and the pieces of which all terminal tables are made. It words results and computes nothing.

use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width, presets};
use sanda_results::{Figure, Promise, RangeEnds, Results, Text, Verdict};

use crate::words::assumptions::{self, Beside};
use crate::words::headline;
use crate::words::names;
use crate::words::number::{self, Estimate, TimeUnit};
use crate::words::phrase;

/// Least width in columns at which no number of the promise table is broken.
const UNBROKEN: u16 = 84;
/// The same for a table with a column of draws.
const UNBROKEN_WITH_DRAWS: u16 = 98;

/// Width in columns below which the promise table has only three columns.
const NARROW: u16 = 60;

/// Least width of a table in columns. A narrower terminal breaks the lines itself.
const NARROWEST: u16 = 30;

/// Draws the leading promises of a run as a table of at most `width` columns.
///
/// A row has the limit, the share kept with its interval, the range of that share over the draws, the target, the time within which 90 %
/// arrive, and the verdict. Promises of single lanes that another sums up are left out. Remarks below the table explain the draws, the
/// shares outside their range, and assumed mixes of lanes.
///
/// Chinese characters count as two columns. The text holds no colour codes; see [`colour_verdicts`].
pub fn promise_table(results: &Results, width: u16) -> String {
    if results.promises.is_empty() {
        return "未设定承诺 no promise is declared\n".to_owned();
    }
    let mut table = new_table(width);
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    let is_narrow = width < NARROW;
    let has_draws = headline::leading(results).any(|(_, promise)| promise.inputs.is_some());
    // A narrow table leaves the limit to the name of the promise, and puts the draws below the interval.
    let chosen = |cells: [String; 7]| -> Vec<String> {
        let is_shown = |place: usize| match place {
            0 | 2 | 6 => true,
            3 => has_draws && !is_narrow,
            _ => !is_narrow,
        };
        cells.into_iter().enumerate().filter(|(place, _)| is_shown(*place)).map(|(_, cell)| cell).collect()
    };
    let header = [
        "承诺\npromise",
        "时限\nlimit",
        "按时送达率\nshare kept",
        "参数抽样\ndraws",
        "目标\ntarget",
        "90%在…内\n90 % within",
        "判定\nverdict",
    ];
    table.set_header(chosen(header.map(str::to_owned)));
    for (_, promise) in headline::aims(results).into_iter().flat_map(|aim| aim.promises) {
        let verdict = phrase::verdict(promise.verdict);
        let target = number::percentile_number(promise.target);
        let share = match draws(promise) {
            Some([range, kept]) if is_narrow => {
                format!("{}\n抽样 draws\n{range}\n{kept}", judged(promise))
            }
            _ => judged(promise),
        };
        table.add_row(chosen([
            both(&promise.name.zh, &promise.name.en),
            limit(promise),
            share,
            draws(promise).map_or_else(|| "–".to_owned(), |cell| cell.join("\n")),
            format!("{target}%"),
            within(promise),
            format!("{} {}\n  {}", mark(promise.verdict), verdict.zh, verdict.en),
        ]));
    }
    // Numbers stay whole while names keep a readable width. In a narrower table every column gives way.
    if width >= if has_draws { UNBROKEN_WITH_DRAWS } else { UNBROKEN } {
        table.set_constraints([ColumnConstraint::LowerBoundary(Width::Fixed(12))]);
        for column in table.column_iter_mut().skip(1) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    finish(&table) + &remarks(results, width)
}

/// Writes the range over the draws and the number of draws that reach the target; `None` without draws.
fn draws(promise: &Promise) -> Option<[String; 2]> {
    let inputs = promise.inputs.as_ref()?;
    Some(assumptions::range_cell(inputs.share, promise.target, inputs.points))
}

/// Writes the remarks below the table, one paragraph each in both languages, broken at the width.
fn remarks(results: &Results, width: u16) -> String {
    let texts: Vec<Text> =
        how_drawn(results).into_iter().chain(beside_ranges(results)).chain(mixes(results)).collect();
    if texts.is_empty() {
        return String::new();
    }
    let mut table = new_table(width);
    for text in &texts {
        table.add_row(vec![both(&text.zh, &text.en)]);
    }
    finish(&table)
}

/// Says what was drawn, and how to read the column of draws.
fn how_drawn(results: &Results) -> Option<Text> {
    let inputs = headline::leading(results).find_map(|(_, promise)| promise.inputs.as_ref())?;
    let drawn = assumptions::drawn(inputs);
    let (zh, en) = match inputs.ends {
        RangeEnds::LowestHighest => ("最低和最高的按时送达率", "the lowest and the highest share"),
        RangeEnds::Percentiles => {
            ("按时送达率的第5和第95百分位", "the 5th and the 95th percentile of the shares")
        }
    };
    Some(Text::new(
        format!(
            "参数抽样：{}；列出{zh}，✓后为达标次数。方括号内的置信区间只反映偶然性，两者不合并。",
            drawn.zh
        ),
        format!(
            "draws: {}; shown are {en} and, after ✓, in how many draws the promise is kept. The intervals in brackets are of chance alone; the two are never merged.",
            phrase::uncapitalised(&drawn.en)
        ),
    ))
}

/// Names the promises whose share at the stated inputs lies outside the range over the draws, by side and reason.
fn beside_ranges(results: &Results) -> Vec<Text> {
    let kind = |promise: &Promise| Beside::of(&promise.share, promise.inputs.as_ref()?.share);
    let sentence = |beside: Beside| {
        let of_kind = headline::leading(results).filter(|(_, promise)| kind(promise) == Some(beside));
        let names: Vec<&Text> = of_kind.map(|(_, promise)| &promise.name).collect();
        let (place, reason) = (beside.place(), beside.reason());
        let join = |language: fn(&Text) -> &str, mark: &str| {
            names.iter().map(|name| language(name)).collect::<Vec<_>>().join(mark)
        };
        (!names.is_empty()).then(|| {
            Text::new(
                format!(
                    "以下承诺按给定取值算得的结果{}抽样范围：{}。原因：{}。",
                    place.zh,
                    join(|name| &name.zh, "、"),
                    reason.zh
                ),
                format!(
                    "{} the range of the draws at the stated values: {}. The reason: {}.",
                    phrase::capitalised(&place.en),
                    join(|name| &name.en, "; "),
                    reason.en
                ),
            )
        })
    };
    Beside::ALL.into_iter().filter_map(sentence).collect()
}

/// Names the aims that rest on an assumed mix of lanes, with the extreme shares of their lanes on each clock.
fn mixes(results: &Results) -> Vec<Text> {
    let sentence = |aim: headline::Aim<'_>| {
        let (mut zh, mut en) = (Vec::new(), Vec::new());
        for (_, promise) in &aim.promises {
            let Some((low, high)) = assumptions::mix_ends(promise) else { continue };
            let label = if aim.promises.len() > 1 { aim.label(promise) } else { Text::default() };
            zh.push(format!("{}{low}%—{high}%", label.zh));
            en.push(format!("{} {low} to {high} %", label.en).trim().to_owned());
        }
        let clause = aim.promises.iter().find_map(|(_, promise)| assumptions::mix_clause(promise))?;
        (!zh.is_empty()).then(|| {
            Text::new(
                format!("{}：{}，分线路的按时送达率：{}。", aim.name.zh, clause.zh, zh.join("，")),
                format!(
                    "{}: {}; share kept by lane: {}.",
                    aim.name.en,
                    phrase::uncapitalised(&clause.en),
                    en.join(", ")
                ),
            )
        })
    };
    headline::aims(results).into_iter().filter_map(sentence).collect()
}

/// Draws the promises of several scenarios one below the other, at the end of a run of more than one scenario.
pub fn scenario_table(all: &[Results], width: u16) -> String {
    let mut table = new_table(width);
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    // A narrow table leaves out the range over the draws first.
    let chosen = |cells: [String; 5]| -> Vec<String> {
        let cells = cells.into_iter().enumerate();
        cells.filter(|(place, _)| width >= NARROW || *place != 3).map(|(_, cell)| cell).collect()
    };
    let header =
        ["情景\nscenario", "承诺\npromise", "按时送达率\nshare kept", "参数抽样\ndraws", "判定\nverdict"];
    table.set_header(chosen(header.map(str::to_owned)));
    for results in all {
        let title = names::title(results);
        let (mut zh, mut en) = (title.zh, title.en);
        for (_, promise) in headline::leading(results) {
            let verdict = phrase::verdict(promise.verdict);
            table.add_row(chosen([
                both(&zh, &en),
                both(&promise.name.zh, &promise.name.en),
                judged(promise),
                draws(promise).map_or_else(|| "–".to_owned(), |cell| cell.join("\n")),
                format!("{} {}\n  {}", mark(promise.verdict), verdict.zh, verdict.en),
            ]));
            // The title stands only in the first row of a scenario.
            (zh, en) = (String::new(), String::new());
        }
    }
    finish(&table)
}

/// Colours the verdicts of a table or summary with ANSI codes: kept green, not kept red, uncertain yellow. The words stay.
pub fn colour_verdicts(text: &str) -> String {
    let mut coloured = text.to_owned();
    for (verdict, code) in [(Verdict::Kept, "32"), (Verdict::Broken, "31"), (Verdict::Uncertain, "33")] {
        let plain = format!("{} {}", mark(verdict), phrase::verdict(verdict).zh);
        coloured = coloured.replace(&plain, &format!("\u{1b}[1;{code}m{plain}\u{1b}[0m"));
    }
    coloured
}

/// Makes a table without lines that fits the width.
pub(crate) fn new_table(width: u16) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(width.max(NARROWEST));
    table
}

/// Writes a table without trailing spaces, each line ended.
pub(crate) fn finish(table: &Table) -> String {
    table.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}

/// Puts Chinese above English, or writes the text once where both are the same.
pub(crate) fn both(zh: &str, en: &str) -> String {
    if zh == en { zh.to_owned() } else { format!("{zh}\n{en}") }
}

/// Writes a share with its interval below.
pub(crate) fn share(figure: &Figure) -> String {
    let Some(share) = Estimate::from_figure(figure) else { return "–".to_owned() };
    let number = number::share_number(&share);
    match number::share_interval(&share) {
        Some(ends) => format!("{number}%\n[{ends}%]"),
        None => format!("{number}%"),
    }
}

/// Writes the share that keeps a promise with its interval below. Neither reads as the target unless it is.
pub(crate) fn judged(promise: &Promise) -> String {
    let Some(share) = Estimate::from_figure(&promise.share) else { return "–".to_owned() };
    match number::judged(&share, promise.target) {
        (number, Some(ends)) => format!("{number}%\n[{ends}%]"),
        (number, None) => format!("{number}%"),
    }
}

/// Writes a share on one line, `22.8% [22.7–22.9%]`, for the progress of a run.
pub fn share_in_line(figure: &Figure) -> String {
    share(figure).replace('\n', " ")
}

/// Returns the mark of a verdict, which stands before its word.
pub(crate) fn mark(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Kept => "✓",
        Verdict::Broken => "✗",
        Verdict::Uncertain => "?",
    }
}

fn limit(promise: &Promise) -> String {
    names::deadline(promise).map_or_else(
        || "–".to_owned(),
        |deadline| {
            let words = phrase::deadline(deadline);
            both(&words.zh, &words.en)
        },
    )
}

/// Writes the time within which 90 % arrive, with its one-sided bound.
fn within(promise: &Promise) -> String {
    let Some(figure) = promise.achievable_at(0.9) else { return "–".to_owned() };
    let Some(time) = Estimate::from_figure(figure) else { return "–".to_owned() };
    if !time.value.is_finite() {
        return "送达不足90%\n< 90 % arrive".to_owned();
    }
    let unit = TimeUnit::for_hours(time.value);
    let number = number::within_number(&time, unit);
    let bound = match time.interval {
        Some((_, upper)) if upper.is_finite() => {
            let bound = number::within_alike(&time, upper, unit);
            format!(" (≤ {bound})")
        }
        Some(_) => " (≤ ∞)".to_owned(),
        None => String::new(),
    };
    format!("{number}{}\n{number} {}{bound}", unit.zh(), unit.en())
}
