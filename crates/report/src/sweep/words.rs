//! Figures of any measure and their differences in words, with the digits that their intervals support; footnotes of sweeps.

use sanda_results::{Figure, Measure, Sweep, SweepValue, Text};

use crate::words::costs;
use crate::words::number::{self, Estimate, TimeUnit};

/// Writes a figure with its unit, and the ends of its interval. A figure without a value is a dash.
pub(super) fn figure(figure: &Figure, measure: Measure) -> (String, Option<String>) {
    let Some(estimate) = Estimate::from_figure(figure) else { return ("–".to_owned(), None) };
    if !estimate.value.is_finite() {
        return ("∞".to_owned(), None);
    }
    match measure {
        Measure::Share => {
            let ends = number::share_interval(&estimate);
            (format!("{}%", number::share_number(&estimate)), ends.map(|ends| format!("{ends}%")))
        }
        Measure::Hours => {
            let unit = TimeUnit::for_hours(estimate.value);
            let ends = ends(&estimate, |value| number::time_alike(&estimate, value, unit));
            (format!("{} {}", number::time_number(&estimate, unit), unit.en()), ends)
        }
        Measure::Yuan | Measure::Kilograms => {
            (costs::amount(estimate.value, &estimate), costs::amount_ends(&estimate))
        }
        Measure::Number => {
            let number = |value: f64| number::number(value, estimate.uncertainty());
            (number(estimate.value), ends(&estimate, number))
        }
    }
}

fn ends(estimate: &Estimate, number: impl Fn(f64) -> String) -> Option<String> {
    let (low, high) = estimate.interval.filter(|(low, high)| low.is_finite() && low < high)?;
    Some(format!("{}–{}", number(low), number(high)))
}

/// Writes a difference to the first point with its sign, and its interval. Differences of shares are percentage points.
pub(super) fn difference(value: &SweepValue, measure: Measure) -> Option<(String, Option<String>)> {
    let figure = value.difference?;
    if value.is_same {
        return Some(("0".to_owned(), None));
    }
    let estimate = Estimate::from_figure(&figure).filter(|estimate| estimate.value.is_finite())?;
    let (scale, unit) = match measure {
        Measure::Share => (0.01, "pp".to_owned()),
        Measure::Hours => {
            let unit = TimeUnit::for_hours(estimate.value.abs());
            (unit.hours(), unit.en().to_owned())
        }
        Measure::Yuan | Measure::Kilograms | Measure::Number => (1.0, String::new()),
    };
    let uncertainty = estimate.uncertainty().map(|uncertainty| uncertainty / scale);
    let number = |value: f64| signed(value / scale, uncertainty);
    let gap = if unit.is_empty() { "" } else { " " };
    let ends = estimate.interval.filter(|(low, high)| low.is_finite() && low < high && high.is_finite());
    let ends = ends.map(|(low, high)| format!("{} … {}", number(low), number(high)));
    Some((format!("{}{gap}{unit}", number(estimate.value)), ends))
}

fn signed(value: f64, uncertainty: Option<f64>) -> String {
    let number = number::number(value.abs(), uncertainty);
    let is_nothing = number::reads_as_zero(&number) || number.starts_with('<');
    match (is_nothing, value < 0.0) {
        (true, _) => "0".to_owned(),
        (false, true) => format!("−{number}"),
        (false, false) => format!("+{number}"),
    }
}

/// Names the quantity of a metric, for the line below its name.
pub(super) fn subject(measure: Measure) -> Text {
    match measure {
        Measure::Share => Text::new("按时送达率", "share kept"),
        Measure::Hours => Text::new("时间", "time"),
        Measure::Yuan => Text::new("成本（元）", "cost (CNY)"),
        Measure::Kilograms => Text::new("碳排放（千克）", "CO2e (kg)"),
        Measure::Number => Text::new("数量", "number"),
    }
}

/// Writes the path of a parameter with its unit in brackets.
pub(super) fn parameter(path: &str, unit: Option<&str>) -> String {
    match unit.filter(|unit| !unit.is_empty()) {
        Some(unit) => format!("{path} ({unit})"),
        None => path.to_owned(),
    }
}

/// Makes the footnotes of a figure: the given ones, then the identity of the sweep.
pub(super) fn notes(sweep: &Sweep, first: &[&str]) -> Vec<String> {
    let title = &sweep.scenario.title;
    let title = if title.zh == title.en { title.zh.clone() } else { format!("{} {}", title.zh, title.en) };
    let n = sweep.scenario.replications;
    let plural = if n == 1 { "" } else { "s" };
    let mut notes: Vec<String> = first.iter().map(|&note| note.to_owned()).collect();
    notes.push(format!(
        "情景 scenario: {title} ({}); 每点{n}次重复 {n} replication{plural} a point; 种子 seed {}",
        sweep.scenario.name, sweep.scenario.seed
    ));
    notes
}
