//! Arrivals as a CSV file tells them: when, and where it says so how large.
//!
//! Reads the file and gives the flow the laws of what was observed, so that everything that asks for the mean or the least of
//! them finds it; what runs are the rows themselves. Does not own how a file is cut into cells (`data`).

use std::borrow::Cow;
use std::collections::BTreeMap;

use sanda_network::{CivilDate, CivilDateTime, Epoch, Zone as CivilZone};
use sanda_units::{Duration, Mass, Teu, Time};

use crate::data::{ColumnError, read_column};
use crate::decode::{Context, Name};
use crate::issue::Issues;
use crate::schema::{Arrivals, Flow, Law, LawSpec, LawValue, Scenario};
use crate::source::{Located, SourceMap};
use crate::tree::{Tree, Value};

/// The rows of a trace, in the order of time.
#[derive(Debug, Clone)]
pub(super) struct Observed {
    /// When each shipment comes.
    pub times: Vec<Time>,
    /// Thousandths of TEU, if a column says so.
    pub size: Option<Vec<i64>>,
    /// Kilograms.
    pub mass: Option<Vec<i64>>,
    /// Units.
    pub units: Option<Vec<i64>>,
}

/// All traces, by flow.
pub(super) type Traces = BTreeMap<Name, Observed>;

/// Reads the traces of all flows. The scenario that comes back has laws of what was observed.
pub(super) fn observe<'s>(
    scenario: &'s Scenario,
    epoch: &Epoch,
    sources: &SourceMap,
    issues: &mut Issues,
) -> (Cow<'s, Scenario>, Traces) {
    let (mut resolved, mut traces) = (Cow::Borrowed(scenario), Traces::new());
    for (name, flow) in &scenario.flows {
        if !matches!(flow.arrivals.value, Arrivals::Trace { .. }) {
            continue;
        }
        let zone = flow.from.as_ref().and_then(|from| scenario.nodes.get(&from.value)?.zone.as_ref());
        let zone = zone.and_then(|zone| CivilZone::named(zone.as_str()).ok());
        let zone = zone.unwrap_or_else(|| epoch.zone().clone());
        let mut cx = Context::new(sources, issues);
        for field in ["flows", name.as_str(), "arrivals"] {
            cx.enter_field(field);
        }
        let mut flow: Flow = flow.value.clone();
        if let Some(observed) = read(&mut flow, epoch, &zone, &mut cx) {
            if let Some(entry) = resolved.to_mut().flows.get_mut(name) {
                entry.value = flow;
            }
            traces.insert(name.clone(), observed);
        }
    }
    (resolved, traces)
}

/// The rows of one flow's trace; the laws of what they say go to the flow.
fn read(flow: &mut Flow, epoch: &Epoch, zone: &CivilZone, cx: &mut Context<'_>) -> Option<Observed> {
    let Arrivals::Trace { file, column, size, mass, units } = flow.arrivals.value.clone() else {
        return None;
    };
    if let (Some(mass), true) = (&mass, flow.mass.is_some() || flow.mass_per_teu.is_some()) {
        cx.error(mass.span, "the mass of shipments is given twice")
            .label("expected a column of masses, or `mass` or `mass_per_teu` of the flow");
        return None;
    }
    let path = cx.sources.resolve(file.span.file, &file.value);
    let cells = |column: Option<&Located<String>>, cx: &mut Context<'_>| {
        read_column(&path, column.map(|column| column.value.as_str()))
            .map_err(|error| {
                let span = match (&error, column) {
                    (ColumnError::NoColumn { .. }, Some(column)) => column.span,
                    _ => file.span,
                };
                cx.error(span, error.to_string()).hint(error.hint());
            })
            .ok()
    };
    let mut rows: Vec<(Time, usize)> = Vec::new();
    for (line, cell) in cells(column.as_ref(), cx)? {
        match instant(&cell, epoch, zone) {
            Ok(at) if at < Time::ZERO => {}
            Ok(at) => rows.push((at, line)),
            Err(reason) => {
                cx.error(file.span, format!("line {line} of `{}`: {reason}", path.display())).label(
                    "expected hours after the start, a duration, or a local time such as 2025-03-01T10:20",
                );
                return None;
            }
        }
    }
    // Rows of one instant keep the order of the file.
    rows.sort_by_key(|&(at, _)| at);
    if rows.is_empty() {
        cx.error(file.span, "no arrival after the start of the run").label("expected later times");
        return None;
    }
    let take = |column: Option<&Located<String>>, cx: &mut Context<'_>| match column {
        None => Some(None),
        Some(column) => {
            let mut by_line: BTreeMap<usize, String> = cells(Some(column), cx)?.into_iter().collect();
            let mut taken = Vec::with_capacity(rows.len());
            for (_, line) in &rows {
                let Some(cell) = by_line.remove(line) else {
                    let message =
                        format!("line {line} of `{}` has a time, but no `{}`", path.display(), column.value);
                    cx.error(column.span, message);
                    return None;
                };
                taken.push((*line, cell));
            }
            Some(Some((column.clone(), taken)))
        }
    };
    let (size, mass, units) = (take(size.as_ref(), cx)?, take(mass.as_ref(), cx)?, take(units.as_ref(), cx)?);
    let mut observed =
        Observed { times: rows.iter().map(|&(at, _)| at).collect(), size: None, mass: None, units: None };
    if let Some(cells) = size {
        let values: Vec<Teu> = values(&cells, "TEU", cx)?;
        observed.size = Some(in_base_units(&values));
        flow.size = law_of(values, &cells.0);
    }
    if let Some(cells) = mass {
        let values: Vec<Mass> = values(&cells, "t", cx)?;
        observed.mass = Some(in_base_units(&values));
        flow.mass = Some(law_of(values, &cells.0));
    }
    if let Some(cells) = units {
        let values: Vec<u64> = values(&cells, "", cx)?;
        observed.units = Some(in_base_units(&values));
        flow.units = law_of(values, &cells.0);
    }
    Some(observed)
}

/// The instant that a cell says: hours after the start, a duration after it, or a local time.
fn instant(cell: &str, epoch: &Epoch, zone: &CivilZone) -> Result<Time, String> {
    if cell.contains(':') || cell.matches('-').count() > 1 {
        let local = cell
            .parse::<jiff::civil::DateTime>()
            .map_err(|_| format!("`{cell}` is no date with a time of day"))?;
        let date = CivilDate::from_ymd(local.year().into(), local.month().into(), local.day().into())
            .ok_or_else(|| format!("`{cell}` is no date"))?;
        let midnight = local.date().to_datetime(jiff::civil::Time::midnight());
        let of_day = local.duration_since(midnight).as_millis();
        let of_day = i64::try_from(of_day).map_err(|_| format!("`{cell}` is no time of day"))?;
        let local = CivilDateTime::new(date, of_day);
        return Ok(epoch.time_of(local, zone));
    }
    let is_number = !cell.contains(char::is_alphabetic);
    let text = if is_number { format!("{cell} h") } else { cell.to_owned() };
    let after = sanda_units::parse_quantity::<Duration>(&text).map_err(|error| error.to_string())?;
    Time::ZERO.checked_add(after).ok_or_else(|| format!("`{cell}` is later than time can count"))
}

/// The cells of a column as values, in a unit where they have none.
fn values<Q: LawValue>(
    (column, cells): &(Located<String>, Vec<(usize, String)>),
    unit: &str,
    cx: &mut Context<'_>,
) -> Option<Vec<Q>> {
    let mut values = Vec::with_capacity(cells.len());
    for (line, cell) in cells {
        let value = match unit {
            "" => Value::Number(cell.clone()),
            _ if cell.contains(char::is_alphabetic) => Value::Text(cell.clone()),
            _ => Value::Text(format!("{cell} {unit}")),
        };
        let mut issues = Issues::new();
        let value = Q::decode(&Tree::new(value, column.span), &mut Context::new(cx.sources, &mut issues));
        let Some(value) = value else {
            let reason = issues.iter().next().map_or("it cannot be read", |issue| &issue.message);
            cx.error(column.span, format!("line {line} of column `{}`: {reason}", column.value));
            return None;
        };
        values.push(value);
    }
    Some(values)
}

fn in_base_units<Q: LawValue>(values: &[Q]) -> Vec<i64> {
    values.iter().map(|value| value.base() as i64).collect()
}

fn law_of<Q: LawValue>(values: Vec<Q>, column: &Located<String>) -> Law<Q> {
    let spec = LawSpec::Empirical { values: Some(values), file: None, column: None, unit: None };
    Law { spec, span: column.span }
}
