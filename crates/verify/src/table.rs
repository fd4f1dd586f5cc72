//! The output of `sanda verify`: a table in both languages, or JSON. Does not own the verdicts (`judge`).

use comfy_table::{ContentArrangement, Table, presets};
use sanda_results::Text;
use serde::Serialize;

use crate::case::{Case, Unit};
use crate::judge::{FALSE_ALARM, Row, Verdict};
use crate::run::Findings;

/// Default width of the table in columns.
const WIDTH: u16 = 132;

/// Width below which a figure takes two lines: its path, then theory, simulation and verdict.
const NARROW: u16 = 80;

/// Draws the table of one case: its title, then one line per figure, or two in a narrow terminal.
pub fn table(case: &Case, findings: &Findings, width: Option<u16>) -> String {
    let head = format!("{}  {} {}  [{}]\n", case.id, case.title.zh, case.title.en, case.source);
    if width.is_some_and(|width| width < NARROW) {
        let lines = findings.rows.iter().map(|row| {
            let (theory, simulated) = (with_unit(row.theory, row.unit), with_unit(row.simulated, row.unit));
            format!("  {}\n    {theory} | {simulated}  {}\n", row.path, words(row.verdict))
        });
        return lines.fold(head, |text, line| text + &line);
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(width.unwrap_or(WIDTH));
    for row in &findings.rows {
        table.add_row(vec![
            format!("  {}", row.path),
            with_unit(row.theory, row.unit),
            with_unit(row.simulated, row.unit),
            format!("± {}", number(row.half_width)),
            percent(row.relative_error(), true),
            percent(row.visible(), false),
            words(row.verdict).to_owned(),
        ]);
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(comfy_table::CellAlignment::Right);
    }
    let lines = table.lines().map(|line| line.trim_end().to_owned() + "\n");
    head + &lines.collect::<String>()
}

/// Returns the heading of the columns, printed above all tables.
pub fn heading(width: Option<u16>) -> &'static str {
    if width.is_some_and(|width| width < NARROW) {
        return "情形 case  [来源 source]
  指标 figure
    理论 theory | 仿真 simulated
";
    }
    "情形 case  [来源 source]
  指标 figure | 理论 theory | 仿真 simulated | ± 区间 interval | 相对误差 relative error | 可见误差 visible error | 判定 verdict
"
}

/// Returns the summary of all cases.
pub fn summary(all: &[(&Case, Findings)], seed: u64) -> String {
    let rows = || all.iter().flat_map(|(case, findings)| findings.rows.iter().map(move |row| (case, row)));
    let n_figures = rows().count();
    let wrong: Vec<_> = rows().filter(|(_, row)| row.verdict != Verdict::Agrees).collect();
    let n_shipments: u64 = all.iter().map(|(_, findings)| findings.n_shipments).sum();
    let mut lines = vec![
        format!(
            "{} 个情形 cases, {n_figures} 个指标 figures, {n_shipments} 票 shipments, 种子 seed {seed}",
            all.len()
        ),
        format!("区间同时成立，误报概率至多 intervals hold together, false alarms at most: {FALSE_ALARM}"),
    ];
    if wrong.is_empty() {
        lines.push("✓ 全部相符 all agree".to_owned());
    } else {
        lines.push(format!("✗ {} 个指标不相符 figures do not agree:", wrong.len()));
        lines.extend(
            wrong.iter().map(|(case, row)| format!("  {}: {} (z = {:.1})", case.id, row.path, row.z)),
        );
    }
    lines.join("\n") + "\n"
}

fn words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Agrees => "✓ 相符 agrees",
        Verdict::Disagrees => "✗ 不符 differs",
        Verdict::Missing => "? 缺失 missing",
    }
}

fn with_unit(value: f64, unit: Unit) -> String {
    let symbol = unit.symbol();
    if symbol.is_empty() { number(value) } else { format!("{} {symbol}", number(value)) }
}

/// Formats a number with five significant digits.
fn number(value: f64) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let size = if value == 0.0 { 0.0 } else { libm::floor(libm::log10(value.abs())) };
    let decimals = (4.0 - size).clamp(0.0, 7.0) as usize;
    format!("{value:.decimals$}")
}

fn percent(share: f64, is_signed: bool) -> String {
    if !share.is_finite() {
        return "–".to_owned();
    }
    if is_signed { format!("{:+.2}%", 100.0 * share) } else { format!("{:.2}%", 100.0 * share) }
}

/// One case in JSON.
#[derive(Serialize)]
struct CaseJson<'a> {
    case: &'a str,
    title: &'a Text,
    source: &'a str,
    agrees: bool,
    replications: u32,
    shipments: u64,
    seed: u64,
    figures: Vec<RowJson<'a>>,
}

/// One figure in JSON.
#[derive(Serialize)]
struct RowJson<'a> {
    path: &'a str,
    unit: &'static str,
    theory: f64,
    simulated: Option<f64>,
    half_width: Option<f64>,
    relative_error: Option<f64>,
    visible_error: Option<f64>,
    standard_errors: Option<f64>,
    verdict: &'static str,
}

impl<'a> RowJson<'a> {
    fn new(row: &'a Row) -> Self {
        let finite = |value: f64| value.is_finite().then_some(value);
        Self {
            path: &row.path,
            unit: match row.unit {
                Unit::Hours => "hours",
                Unit::Share => "share",
                Unit::Number => "number",
            },
            theory: row.theory,
            simulated: finite(row.simulated),
            half_width: finite(row.half_width),
            relative_error: finite(row.relative_error()),
            visible_error: finite(row.visible()),
            standard_errors: finite(row.z),
            verdict: match row.verdict {
                Verdict::Agrees => "agrees",
                Verdict::Disagrees => "differs",
                Verdict::Missing => "missing",
            },
        }
    }
}

/// Returns all cases in JSON.
///
/// # Errors
///
/// If it cannot be written, which does not happen for numbers and texts.
pub fn to_json(all: &[(&Case, Findings)], seed: u64) -> Result<String, serde_json::Error> {
    #[derive(Serialize)]
    struct All<'a> {
        agrees: bool,
        seed: u64,
        false_alarm: f64,
        cases: Vec<CaseJson<'a>>,
    }
    let cases = all.iter().map(|(case, findings)| CaseJson {
        case: case.id,
        title: &case.title,
        source: case.source,
        agrees: findings.agrees(),
        replications: findings.n_replications,
        shipments: findings.n_shipments,
        seed: case.seed(seed),
        figures: findings.rows.iter().map(RowJson::new).collect(),
    });
    let agrees = all.iter().all(|(_, findings)| findings.agrees());
    let all = All { agrees, seed, false_alarm: FALSE_ALARM, cases: cases.collect() };
    Ok(serde_json::to_string_pretty(&all)? + "\n")
}
