//! The points of a sweep: which values of which parameters are simulated together, read from the words of a command.
//!
//! Owns grids, Latin hypercubes and lists of points, and their order. Does not own what a parameter accepts (`sanda_scenario`) nor what is
//! made of the points (`sweep`).

mod value;

use std::collections::BTreeSet;

use sanda_results::{DesignKind, SweptParameter};
use sanda_scenario::ParameterPath;

use crate::argument::ArgumentIssue;
use crate::inputs::latin_hypercube;
use value::Ends;

/// Most points of a sweep: each is a model that is compiled and kept.
pub const MOST_POINTS: usize = 10_000;

/// Parameters that may not vary: they change the luck or the name, not the network.
const FIXED: [(&str, &str); 5] = [
    ("run.seed", "all points share one luck; give `--seed`"),
    ("run.replications", "give `--replications`"),
    ("run.input_points", "a sweep tries no input ranges"),
    ("name", "give `--out` to write elsewhere"),
    ("schema", "it is the version of the language"),
];

/// The points of a sweep.
#[derive(Clone, Debug, PartialEq)]
pub struct Design {
    /// How they were chosen.
    pub kind: DesignKind,
    /// What varies, in the order in which it was named.
    pub parameters: Vec<SweptParameter>,
    /// The values of each point as written, one for each parameter.
    pub points: Vec<Vec<String>>,
}

/// The values asked for of one parameter.
#[derive(Debug)]
struct Axis {
    path: String,
    values: Values,
}

#[derive(Debug)]
enum Values {
    /// As listed, or made by a step or a number.
    Listed(Vec<String>),
    /// Anything between two ends.
    Between(Ends),
}

impl Design {
    /// Every combination of the values of `PATH=a,b,c`, `PATH=min..max step S` and `PATH=min..max/N`; the last parameter varies
    /// fastest.
    ///
    /// # Errors
    /// All that is wrong with any of the words.
    pub fn grid(varied: &[String]) -> Result<Self, Vec<ArgumentIssue>> {
        let (axes, mut issues) = axes(varied);
        let mut lists: Vec<(String, Vec<String>)> = Vec::new();
        for axis in axes {
            match axis.values {
                Values::Listed(values) => lists.push((axis.path, values)),
                Values::Between(_) => issues.push(ArgumentIssue::new(
                    format!("`{}` is a range without a step", axis.path),
                    "add ` step S` or `/N` (N values), or `--latin N` for a Latin hypercube",
                )),
            }
        }
        let n_points = lists.iter().try_fold(1_usize, |n, (_, values)| n.checked_mul(values.len()));
        if n_points.is_none_or(|n| n > MOST_POINTS) {
            issues.push(ArgumentIssue::new(
                format!(
                    "the grid has {} points, more than {MOST_POINTS}",
                    n_points.map_or("too many".to_owned(), |n| n.to_string())
                ),
                "vary fewer values, or take `--latin N` over ranges",
            ));
        }
        if !issues.is_empty() {
            return Err(issues);
        }
        let mut points = vec![Vec::new()];
        for (_, values) in &lists {
            points = points
                .iter()
                .flat_map(|point: &Vec<String>| {
                    values.iter().map(|value| [point.as_slice(), std::slice::from_ref(value)].concat())
                })
                .collect();
        }
        Ok(Self::of(DesignKind::Grid, lists.into_iter().map(|(path, _)| path).collect(), points))
    }

    /// A Latin hypercube of `n` points over ranges `PATH=min..max`. Between whole ends values are whole.
    ///
    /// Determinism: a pure function of the words, the number and the seed; another parameter more changes nothing in the others.
    ///
    /// # Errors
    /// All that is wrong with any of the words.
    pub fn latin(varied: &[String], n: usize, seed: u64) -> Result<Self, Vec<ArgumentIssue>> {
        let (axes, mut issues) = axes(varied);
        let mut ranges = Vec::new();
        for axis in axes {
            match axis.values {
                Values::Between(ends) => ranges.push((axis.path, ends)),
                Values::Listed(_) => issues.push(ArgumentIssue::new(
                    format!("`{}` is a list of values, and a Latin hypercube takes ranges", axis.path),
                    format!("write `{}=min..max`, or leave `--latin` out", axis.path),
                )),
            }
        }
        if !issues.is_empty() {
            return Err(issues);
        }
        let cube = latin_hypercube(seed, n, ranges.iter().map(|(path, _)| path.as_str()));
        let points =
            cube.iter().map(|point| point.iter().zip(&ranges).map(|(u, (_, ends))| ends.at(*u)).collect());
        let points = points.collect();
        Ok(Self::of(DesignKind::Latin, ranges.into_iter().map(|(path, _)| path).collect(), points))
    }

    /// The points of a CSV text whose header names the paths.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn list(csv: &str) -> Result<Self, Vec<ArgumentIssue>> {
        let one = |issue| vec![issue];
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
        let unreadable = |error: csv::Error| {
            ArgumentIssue::new(
                format!("it is no table: {error}"),
                "the first line names the paths, each further line is a point",
            )
        };
        let header = reader.headers().map_err(unreadable).map_err(one)?.clone();
        let mut issues = Vec::new();
        let paths: Vec<String> = header.iter().map(str::to_owned).collect();
        let mut seen = BTreeSet::new();
        for path in &paths {
            issues.extend(check_path(path, &mut seen));
        }
        let mut points = Vec::new();
        for record in reader.records() {
            match record {
                Ok(record) => {
                    let line = record.position().map_or(0, csv::Position::line);
                    for (path, value) in paths.iter().zip(&record) {
                        if value.is_empty() {
                            issues.push(ArgumentIssue::new(
                                format!("line {line} has no value for `{path}`"),
                                "every point needs every value",
                            ));
                        }
                    }
                    points.push(record.iter().map(str::to_owned).collect::<Vec<_>>());
                }
                Err(error) => issues.push(unreadable(error)),
            }
        }
        if points.is_empty() && issues.is_empty() {
            issues.push(ArgumentIssue::new("it has no points", "each line below the first is a point"));
        }
        if points.len() > MOST_POINTS {
            issues.push(ArgumentIssue::new(
                format!("it has {} points, more than {MOST_POINTS}", points.len()),
                "split it into several sweeps",
            ));
        }
        if issues.is_empty() { Ok(Self::of(DesignKind::List, paths, points)) } else { Err(issues) }
    }

    fn of(kind: DesignKind, paths: Vec<String>, points: Vec<Vec<String>>) -> Self {
        let parameters = paths.into_iter().enumerate().map(|(place, path)| {
            let values: Vec<&str> = points.iter().map(|point| point[place].as_str()).collect();
            SweptParameter { path, unit: value::scale(&values).map(|(unit, _)| unit) }
        });
        Self { kind, parameters: parameters.collect(), points }
    }

    /// What a point sets, each as `PATH=VALUE`.
    ///
    /// # Panics
    /// If there is no such point.
    pub fn sets(&self, point: usize) -> Vec<String> {
        let pairs = self.parameters.iter().zip(&self.points[point]);
        pairs.map(|(parameter, value)| format!("{}={value}", parameter.path)).collect()
    }

    /// The values of all points as numbers, in the unit of each parameter; `None` for words.
    pub fn numbers(&self) -> Vec<Vec<Option<f64>>> {
        let mut numbers = vec![Vec::new(); self.points.len()];
        for place in 0..self.parameters.len() {
            let values: Vec<&str> = self.points.iter().map(|point| point[place].as_str()).collect();
            let scale = value::scale(&values);
            for (at, numbers) in numbers.iter_mut().enumerate() {
                numbers.push(scale.as_ref().map(|(_, all)| all[at]));
            }
        }
        numbers
    }
}

/// Reads what is said of all parameters, and everything that is wrong with it.
fn axes(varied: &[String]) -> (Vec<Axis>, Vec<ArgumentIssue>) {
    let (mut axes, mut issues, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for text in varied {
        match axis(text, &mut seen) {
            Ok(axis) => axes.push(axis),
            Err(issue) => issues.push(issue),
        }
    }
    (axes, issues)
}

/// Whether a path may vary.
fn check_path(path: &str, seen: &mut BTreeSet<String>) -> Option<ArgumentIssue> {
    if let Err(error) = path.parse::<ParameterPath>() {
        return Some(ArgumentIssue {
            message: format!("{}; {}", error.message, error.label),
            hint: error.hint,
        });
    }
    if let Some((_, instead)) = FIXED.iter().find(|(fixed, _)| *fixed == path) {
        return Some(ArgumentIssue::new(format!("`{path}` cannot vary"), *instead));
    }
    (!seen.insert(path.to_owned())).then(|| {
        ArgumentIssue::new(format!("`{path}` is named twice"), "give all its values at once: `PATH=a,b,c`")
    })
}

fn axis(text: &str, seen: &mut BTreeSet<String>) -> Result<Axis, ArgumentIssue> {
    let example = "for example `services.train.cutoff=2h,4h,8h` or `services.train.cutoff=2h..8h step 2h`";
    let Some((path, values)) = text.split_once('=') else {
        return Err(ArgumentIssue::new(format!("`{text}` names no values; expected PATH=VALUES"), example));
    };
    let (path, values) = (path.trim(), values.trim());
    if let Some(issue) = check_path(path, seen) {
        return Err(issue);
    }
    let values = match values.split_once("..") {
        Some((low, rest)) => range(path, low.trim(), rest.trim())?,
        None => Values::Listed(listed(values)),
    };
    if let Values::Listed(list) = &values {
        if list.iter().any(String::is_empty) {
            return Err(ArgumentIssue::new(
                format!("`{text}` leaves a value out; expected PATH=a,b,c"),
                example,
            ));
        }
        if let Some(twice) =
            list.iter().enumerate().find_map(|(n, value)| list[..n].contains(value).then_some(value))
        {
            return Err(ArgumentIssue::new(
                format!("`{path}` has the value `{twice}` twice"),
                "every value counts once",
            ));
        }
    }
    Ok(Axis { path: path.to_owned(), values })
}

/// `min..max`, `min..max step S` or `min..max/N`, after the dots.
fn range(path: &str, low: &str, rest: &str) -> Result<Values, ArgumentIssue> {
    let (high, step) = match rest.split_once(" step ") {
        Some((high, step)) => (high.trim(), Some(step.trim())),
        None => (rest, None),
    };
    // A unit may hold a stroke of its own: `3250 CNY/TEU`.
    let parts = high
        .rsplit_once('/')
        .filter(|(_, n)| n.trim().bytes().all(|byte| byte.is_ascii_digit()) && step.is_none());
    let (high, n) = match parts {
        Some((high, n)) => (high.trim(), Some(n.trim())),
        None => (high, None),
    };
    let Some(ends) = Ends::read(low, high) else {
        return Err(ArgumentIssue::new(
            format!("`{low}..{high}` is no range of `{path}`; expected two numbers of one unit"),
            "for example `2h..8h`, `10..50` or `0.1..0.5`; list what is no number: `PATH=a,b`",
        ));
    };
    if ends.are_turned() {
        return Err(ArgumentIssue::new(
            format!("the range `{low}..{high}` of `{path}` is empty: its first end is not below its second"),
            format!("did you mean `{path}={high}..{low}`?"),
        ));
    }
    let values = match (step, n) {
        (Some(step), _) => ends.steps(step, MOST_POINTS).ok_or_else(|| {
            ArgumentIssue::new(
                format!(
                    "`{step}` is no step of `{path}`; expected a number above zero with the unit of the range"
                ),
                format!("for example `{path}={low}..{high} step {low}`"),
            )
        })?,
        (None, Some(n)) => match n.parse::<usize>() {
            Ok(n) if (2..=MOST_POINTS).contains(&n) => ends.evenly(n),
            _ => {
                return Err(ArgumentIssue::new(
                    format!("`/{n}` is no number of values of `{path}`; expected 2 to {MOST_POINTS}"),
                    format!("`{path}={low}..{high}/5` are five, both ends among them"),
                ));
            }
        },
        (None, None) => return Ok(Values::Between(ends)),
    };
    Ok(Values::Listed(values))
}

/// Values between commas; those within brackets and quotation marks part nothing.
fn listed(text: &str) -> Vec<String> {
    let (mut depth, mut is_quoted, mut start) = (0_i32, false, 0);
    let mut values = Vec::new();
    for (at, character) in text.char_indices() {
        match character {
            '"' => is_quoted = !is_quoted,
            '(' | '[' | '{' if !is_quoted => depth += 1,
            ')' | ']' | '}' if !is_quoted => depth -= 1,
            ',' if depth == 0 && !is_quoted => {
                values.push(text[start..at].trim().to_owned());
                start = at + 1;
            }
            _ => {}
        }
    }
    values.push(text[start..].trim().to_owned());
    values
}

#[cfg(test)]
mod tests;
