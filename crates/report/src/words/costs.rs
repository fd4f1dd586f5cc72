//! Cost and CO2e by flow, as the summary and the page show them. It reads results and estimates nothing.

use sanda_results::{Figure, Results, Text, paths};

use crate::words::names;
use crate::words::number::{self, Estimate};

/// The kinds of cost that are shown as shares, in the order of columns.
pub(crate) const KINDS: [&str; 4] = ["freight", "handling", "customs", paths::INVENTORY];

/// The figures of one flow.
pub(crate) struct CostRow<'a> {
    /// Its id.
    pub id: &'a str,
    /// Unit that its figures refer to: TEU, tonne or shipment.
    pub measure: &'static str,
    /// Cost in yuan.
    pub cost: Option<Estimate>,
    /// Cost before subsidy in yuan, if there is a subsidy.
    pub without_subsidy: Option<Estimate>,
    /// Share of each of [`KINDS`] in the cost before subsidy, a fraction of one.
    pub shares: [Option<f64>; 4],
    /// Kilograms of CO2e.
    pub emission: Option<Estimate>,
    /// The same with radiative forcing, if it differs.
    pub with_forcing: Option<Estimate>,
}

/// Lists the flows that have a cost or an emission, by id. Background flows never have one.
pub(crate) fn rows(results: &Results) -> Vec<CostRow<'_>> {
    names::ids(results, paths::FLOWS).into_iter().filter_map(|id| row(results, id)).collect()
}

fn row<'a>(results: &'a Results, id: &'a str) -> Option<CostRow<'a>> {
    let figure = |path: String| results.metrics.get(&paths::flow(id, &path));
    let estimate =
        |head: &str, measure: &str| figure(format!("{head}.{measure}")).and_then(Estimate::from_figure);
    // Figures of containers are per TEU, those of other cargo per tonne.
    let measure = [paths::PER_TEU, paths::PER_TONNE, paths::PER_SHIPMENT].into_iter().find(|measure| {
        estimate(paths::COST, measure).or_else(|| estimate(paths::EMISSION, measure)).is_some()
    })?;
    let whole = figure(format!("{}.{}", paths::COST_WITHOUT_SUBSIDY, paths::PER_SHIPMENT))
        .and_then(Figure::value)
        .filter(|whole| *whole > 0.0);
    let shares = KINDS.map(|kind| {
        let part = figure(format!("{}.by_kind.{kind}", paths::COST)).and_then(Figure::value)?;
        Some(part / whole?)
    });
    let has_subsidy = figure(format!("{}.by_kind.subsidy", paths::COST)).is_some();
    Some(CostRow {
        id,
        measure,
        cost: estimate(paths::COST, measure),
        without_subsidy: estimate(paths::COST_WITHOUT_SUBSIDY, measure).filter(|_| has_subsidy),
        shares,
        emission: estimate(paths::EMISSION, measure),
        with_forcing: estimate(paths::EMISSION_WITH_FORCING, measure),
    })
}

/// Names the unit that figures refer to.
pub(crate) fn measure(name: &str) -> Text {
    match name {
        paths::PER_TEU => Text::new("每TEU", "a TEU"),
        paths::PER_TONNE => Text::new("每吨", "a tonne"),
        _ => Text::new("每票", "a shipment"),
    }
}

/// Writes an amount with commas and only those digits that its interval supports.
///
/// Without an interval it has three significant digits, and no decimals from a hundred up.
pub(crate) fn amount(value: f64, of: &Estimate) -> String {
    let uncertainty = of.uncertainty().filter(|uncertainty| *uncertainty > 0.0);
    let mut step = 1.0;
    while uncertainty.is_some_and(|uncertainty| uncertainty >= step * 10.0) {
        step *= 10.0;
    }
    let decimals = match uncertainty {
        _ if of.value.abs() >= 100.0 => 0,
        None if of.value.abs() >= 10.0 => 1,
        uncertainty => number::decimals(uncertainty, 2),
    };
    let rounded = if step > 1.0 { (value.abs() / step).round() * step } else { value.abs() };
    let text = format!("{rounded:.decimals$}");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), number::count);
    let sign = if value < 0.0 && rounded > 0.0 { "−" } else { "" };
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// Writes an amount of the input, which has no interval.
pub(crate) fn stated_amount(value: f64) -> String {
    amount(value, &Estimate::plain(value))
}

/// Writes the ends of an interval; `None` where they read the same.
pub(crate) fn amount_ends(of: &Estimate) -> Option<String> {
    let (low, high) = of.interval.filter(|(low, high)| low.is_finite() && high.is_finite())?;
    let (low, high) = (amount(low, of), amount(high, of));
    (low != high).then(|| format!("{low}–{high}"))
}

/// Writes a share of the cost.
pub(crate) fn share(share: Option<f64>) -> String {
    share.map_or_else(
        || "–".to_owned(),
        |share| format!("{}%", number::percent(share, usize::from(share < 0.1))),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_the_digits_their_interval_supports() {
        let check = |value: f64, half: f64, expected: &str, ends: Option<&str>| {
            let interval = (half >= 0.0).then_some((value - half, value + half));
            let estimate = Estimate { value, interval };
            assert_eq!(amount(value, &estimate), expected);
            assert_eq!(amount_ends(&estimate).as_deref(), ends);
        };
        check(29_805.61, 276.0, "29,800", Some("29,500–30,100"));
        check(29_805.61, 3.0, "29,806", Some("29,803–29,809"));
        check(29_805.61, 0.0, "29,806", None);
        check(29_805.61, -1.0, "29,806", None);
        check(-2_000.0, 0.0, "−2,000", None);
        check(85.75, -1.0, "85.8", None);
        check(4.061, 0.2, "4.1", Some("3.9–4.3"));
        check(0.0, 0.0, "0.00", None);
    }
}
