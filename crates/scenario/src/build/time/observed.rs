//! Arrivals from a CSV file: their times and, if columns give them, their sizes.
//!
//! The rows themselves are simulated. The flow also gets laws of the observed values, so that means and
//! minima are found like those of any flow. Does not own the cutting of a file into cells (`data`) nor the
//! reading of times (`when`).

use std::borrow::Cow;
use std::collections::BTreeMap;

use sanda_core::model::Window;
use sanda_network::{Epoch, Zone as CivilZone};
use sanda_units::{Duration, Mass, Teu, Time};

use super::when::Clock;
use crate::build::compile::walk::first_place;
use crate::data::{Fault, Faults, Reading, Row, Table, Wanted, is_unit_of, value};
use crate::decode::{Context, Name};
use crate::issue::Issues;
use crate::schema::{Arrivals, Column, Decimal, Flow, Law, LawSpec, LawValue, Scenario};
use crate::source::{Located, SourceMap, Span};

/// The rows of a trace, in the order of time.
#[derive(Debug, Clone)]
pub(in crate::build) struct Observed {
    /// The arrival of each shipment.
    pub times: Vec<Time>,
    /// Sizes in thousandths of TEU, if a column gives them.
    pub size: Option<Vec<i64>>,
    /// Masses in kilograms, if a column gives them.
    pub mass: Option<Vec<i64>>,
    /// Numbers of units, if a column gives them.
    pub units: Option<Vec<i64>>,
}

/// All traces, by flow.
pub(in crate::build) type Traces = BTreeMap<Name, Observed>;

/// Reads the traces of all flows. The returned scenario has laws of the observed values.
pub(in crate::build) fn observe<'s>(
    scenario: &'s Scenario,
    epoch: &Epoch,
    window: Window,
    sources: &SourceMap,
    issues: &mut Issues,
) -> (Cow<'s, Scenario>, Traces) {
    let (mut resolved, mut traces) = (Cow::Borrowed(scenario), Traces::new());
    for (name, flow) in &scenario.flows {
        if !matches!(flow.arrivals.value, Arrivals::Trace { .. }) {
            continue;
        }
        let first = || flow.stated_steps().find_map(|steps| first_place(scenario, steps));
        let begins_at = flow.from.as_ref().map(|from| &from.value).or_else(first);
        let zone = begins_at.and_then(|node| scenario.nodes.get(node)?.zone.as_ref());
        let zone = zone.and_then(|zone| CivilZone::named(zone.as_str()).ok());
        let zone = zone.unwrap_or_else(|| epoch.zone().clone());
        let mut cx = Context::new(sources, issues);
        for field in ["flows", name.as_str(), "arrivals"] {
            cx.enter_field(field);
        }
        let mut flow: Flow = flow.value.clone();
        if let Some(observed) = read(&mut flow, epoch, &zone, window, &mut cx) {
            if let Some(entry) = resolved.to_mut().flows.get_mut(name) {
                entry.value = flow;
            }
            traces.insert(name.clone(), observed);
        }
    }
    (resolved, traces)
}

/// Reads the rows of one flow's trace, and gives the flow the laws of their values.
fn read(
    flow: &mut Flow,
    epoch: &Epoch,
    zone: &CivilZone,
    window: Window,
    cx: &mut Context<'_>,
) -> Option<Observed> {
    let Arrivals::Trace { file, column, unit, size, mass, units, decimal } = flow.arrivals.value.clone()
    else {
        return None;
    };
    if let (Some(mass), true) = (&mass, flow.mass.is_some() || flow.mass_per_teu.is_some()) {
        cx.error(mass.column.span, "the mass of shipments is given twice")
            .label("expected a column of masses, or `mass` or `mass_per_teu` of the flow");
        return None;
    }
    let unit_of = |column: &Option<Column>| column.as_ref().and_then(|column| column.unit.clone());
    let (size_unit, mass_unit) = (unit_of(&size), unit_of(&mass));
    let are_units = [
        unit.as_ref().is_none_or(|unit| is_unit_of::<Duration>(unit, cx)),
        size_unit.as_ref().is_none_or(|unit| is_unit_of::<Teu>(unit, cx)),
        mass_unit.as_ref().is_none_or(|unit| is_unit_of::<Mass>(unit, cx)),
    ];
    if are_units.contains(&false) {
        return None;
    }
    let named =
        [size.as_ref().map(|size| &size.column), mass.as_ref().map(|mass| &mass.column), units.as_ref()];
    let wanted: Vec<Wanted<'_>> =
        std::iter::once(column.as_ref()).chain(named.iter().flatten().map(|column| Some(*column))).collect();
    let mut next = 1..;
    let [size_place, mass_place, units_place] = named.map(|column| column.and_then(|_| next.next()));
    let path = cx.sources.resolve(file.span.file, &file.value);
    let mut faults = Faults::default();
    let table = Table::read(&path, file.span, &wanted, decimal, &mut faults, cx)?;
    let clock = Clock { epoch, zone, unit: unit.as_ref().map(|unit| unit.value.as_str()), decimal };
    let times: Vec<Option<Time>> = table
        .rows
        .iter()
        .map(|row| match clock.time(&row.cells[0]) {
            Ok(at) => Some(at),
            Err(fault) => {
                faults.add_cell(&table, row, 0, fault);
                None
            }
        })
        .collect();
    let unit = |unit: &'_ Option<Located<String>>| unit.as_ref().map(|unit| unit.value.clone());
    let size_unit = unit(&size_unit).or_else(|| Some("TEU".to_owned()));
    let mut reader = Cells { table: &table, decimal, span: file.span, faults: &mut faults, cx };
    let sizes = size_place.map(|place| reader.read::<Teu>(place, size_unit.as_deref()));
    let masses = mass_place.map(|place| reader.read::<Mass>(place, unit(&mass_unit).as_deref()));
    let pieces = units_place.map(|place| reader.read::<u64>(place, None));
    if let (Some(place), Some(pieces)) = (units_place, &pieces) {
        for (row, pieces) in table.rows.iter().zip(pieces) {
            if *pieces == Some(0) {
                faults.add_cell(&table, row, place, no_units(&row.cells[place]));
            }
        }
    }
    if faults.report(&table.name, file.span, cx) {
        return None;
    }
    let times: Vec<Time> = times.into_iter().flatten().collect();
    let mut rows: Vec<usize> = within(&times, window, &table, file.span, epoch, cx)?;
    // Rows of the same instant keep the order of the file.
    rows.sort_by_key(|&row| times[row]);
    let mut observed =
        Observed { times: rows.iter().map(|&row| times[row]).collect(), size: None, mass: None, units: None };
    if let Some((values, column)) = chosen(sizes, &rows).zip(size.as_ref()) {
        observed.size = Some(in_base_units(&values));
        flow.size = law_of(values, column.column.span);
    }
    if let Some((values, column)) = chosen(masses, &rows).zip(mass.as_ref()) {
        observed.mass = Some(in_base_units(&values));
        flow.mass = Some(law_of(values, column.column.span));
    }
    if let Some((values, column)) = chosen(pieces, &rows).zip(units.as_ref()) {
        observed.units = Some(in_base_units(&values));
        flow.units = law_of(values, column.span);
    }
    Some(observed)
}

/// The rows whose shipments the run releases. The other rows are counted in a warning. It is an error if no
/// row is left.
fn within(
    times: &[Time],
    window: Window,
    table: &Table,
    file: Span,
    epoch: &Epoch,
    cx: &mut Context<'_>,
) -> Option<Vec<usize>> {
    let last = window.arrivals_until.min(window.end);
    let rows_where = |test: &dyn Fn(Time) -> bool| {
        (0..times.len()).filter(|&row| test(times[row])).collect::<Vec<usize>>()
    };
    let before = rows_where(&|at| at < Time::ZERO);
    let after = rows_where(&|at| at > last);
    if before.is_empty() && after.is_empty() {
        return Some((0..times.len()).collect());
    }
    let count = |rows: &[usize], where_they_lie: &str| {
        let first = rows.first().map(|&row| table.rows[row].line)?;
        Some(format!("{} {where_they_lie} (the first on line {first})", rows.len()))
    };
    let parts: Vec<String> = [count(&before, "before its start"), count(&after, "after its last arrivals")]
        .into_iter()
        .flatten()
        .collect();
    let (n_outside, n_rows, name) = (before.len() + after.len(), times.len(), &table.name);
    let is_all = n_outside == n_rows;
    let message = if is_all {
        format!("no row of `{name}` lies within the run: {}", parts.join(", "))
    } else {
        format!(
            "{n_outside} of {n_rows} rows of `{name}` lie outside the run and are left out: {}",
            parts.join(", ")
        )
    };
    let zone = epoch.zone();
    let local = |at: Time| epoch.local(at, zone).civil;
    let hint = format!(
        "the run starts at {}, and its last arrivals are at {} in {}",
        local(Time::ZERO),
        local(last),
        zone.name()
    );
    let issue = if is_all { cx.error(file, message) } else { cx.warning(file, message) };
    issue.hint(hint);
    for (rows, label) in [(&before, "before the start"), (&after, "after the last arrivals")] {
        if let Some(&row) = rows.first() {
            let at = format!("{label}: {} in {}", local(times[row]), zone.name());
            issue.quote(table.quote_cell(&table.rows[row], Some(0), at));
        }
    }
    (!is_all).then(|| rows_where(&|at| (Time::ZERO..=last).contains(&at)))
}

/// The values of the chosen rows. `None` if a value is missing, which is then reported.
fn chosen<Q: Copy>(values: Option<Vec<Option<Q>>>, rows: &[usize]) -> Option<Vec<Q>> {
    values.map(|values| rows.iter().filter_map(|&row| values[row]).collect())
}

/// The columns of a table being read, with all their faults.
struct Cells<'a, 'c> {
    table: &'a Table,
    decimal: Decimal,
    span: Span,
    faults: &'a mut Faults,
    cx: &'a Context<'c>,
}

impl Cells<'_, '_> {
    /// Reads the values of a column, row by row.
    fn read<Q: LawValue>(&mut self, place: usize, unit: Option<&str>) -> Vec<Option<Q>> {
        let how = format!("`(column: \"{}\", unit: \"kg\")`", self.table.columns[place]);
        let reading = Reading { decimal: self.decimal, unit, how: &how };
        let mut values = Vec::with_capacity(self.table.rows.len());
        for row in &self.table.rows {
            let cell = &row.cells[place];
            let read =
                if cell.is_empty() { Err(empty(row)) } else { value(cell, reading, self.span, self.cx) };
            values.push(read.map_err(|fault| self.faults.add_cell(self.table, row, place, fault)).ok());
        }
        values
    }
}

fn empty(row: &Row) -> Fault {
    let label = if row.cells[0].is_empty() { "no value" } else { "a time, but no value" }.to_owned();
    Fault {
        kind: "empty",
        what: "are empty",
        label,
        hint: Some("fill the cell, or leave the row out of the file".to_owned()),
    }
}

fn no_units(cell: &str) -> Fault {
    Fault {
        kind: "no units",
        what: "are zero",
        label: format!("`{cell}`: a shipment is one unit at least"),
        hint: None,
    }
}

fn in_base_units<Q: LawValue>(values: &[Q]) -> Vec<i64> {
    values.iter().map(|value| value.base() as i64).collect()
}

fn law_of<Q: LawValue>(values: Vec<Q>, span: Span) -> Law<Q> {
    let decimal = Decimal::Point;
    let spec = LawSpec::Empirical { values: Some(values), file: None, column: None, unit: None, decimal };
    Law { spec, span }
}
