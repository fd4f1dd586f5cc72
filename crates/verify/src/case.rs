//! A case: a small scenario, and the theoretical values of its figures.
//!
//! Does not own the formulas (`theory`), or the verdict (`judge`).

use std::fmt::Write as _;

use sanda_results::Text;

/// The depth of a verification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Loads up to 0.8; seconds in total.
    Quick,
    /// Loads up to 0.95; minutes in total.
    Full,
}

/// The unit of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Hours.
    Hours,
    /// A fraction of one.
    Share,
    /// A plain number.
    Number,
}

impl Unit {
    /// Creates the unit of the figure at a path, as `sanda_results::paths` lists them.
    fn of(path: &str) -> Self {
        let last = path.rsplit('.').next().unwrap_or_default();
        let is_share = last.ends_with("share") || last.starts_with("utilisation") || last == "load_factor";
        let counts = [".present.", ".queue.", ".left_behind.", ".waiting.", ".load.", ".busy."];
        let of_hours = [
            ".wait.",
            ".gap.",
            ".in_system.",
            ".clocks.",
            ".stages.",
            ".categories.",
            ".lateness.",
            ".work.",
        ];
        if is_share {
            Self::Share
        } else if !counts.iter().any(|part| path.contains(part))
            && of_hours.iter().any(|part| path.contains(part))
        {
            Self::Hours
        } else {
            Self::Number
        }
    }

    /// Returns the symbol after a number.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Hours => "h",
            Self::Share | Self::Number => "",
        }
    }
}

/// The theoretical value of one figure.
#[derive(Clone, Debug)]
pub struct Expected {
    /// Path of the figure in results.
    pub path: String,
    /// Its value by theory.
    pub theory: f64,
    /// The unit of theory and simulation.
    pub unit: Unit,
}

/// A case.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its name, which is that of its scenario.
    pub id: &'static str,
    /// The title.
    pub title: Text,
    /// The source of the theory: author and year. The formula in [`crate::theory`] has the full reference.
    pub source: &'static str,
    /// Its figures.
    pub figures: Vec<Expected>,
    /// Sections of the scenario.
    sections: String,
    times: Times,
}

/// The lengths of a case's run, in hours.
#[derive(Clone, Copy, Debug)]
struct Times {
    warm_up: f64,
    measure: f64,
    drain: f64,
    replications: u32,
}

impl Case {
    /// Creates a case without figures. Its warm-up is a thousand hours, and the drain at the end up to five thousand.
    pub(crate) fn new(id: &'static str, zh: &str, en: &str, source: &'static str) -> Self {
        Self {
            id,
            title: Text::new(zh, en),
            source,
            figures: Vec::new(),
            sections: String::new(),
            times: Times { warm_up: 1000.0, measure: 0.0, drain: 5000.0, replications: 40 },
        }
    }

    /// Adds sections of the scenario, in RON.
    pub(crate) fn scenario(mut self, sections: impl AsRef<str>) -> Self {
        for line in sections.as_ref().trim().lines() {
            // Writing to a string cannot fail.
            let _ = writeln!(self.sections, "    {}", line.trim_end());
        }
        self
    }

    /// Sets the lengths of the warm-up and of the window, in hours.
    pub(crate) fn hours(mut self, warm_up: f64, measure: f64) -> Self {
        self.times = Times { warm_up, measure, ..self.times };
        self
    }

    /// Sets the number of replications; the default is forty.
    pub(crate) fn replications(mut self, replications: u32) -> Self {
        self.times.replications = replications;
        self
    }

    /// Adds a figure by its path and its theoretical value.
    pub(crate) fn expect(mut self, path: impl Into<String>, theory: f64) -> Self {
        let path = path.into();
        self.figures.push(Expected { unit: Unit::of(&path), path, theory });
        self
    }

    /// Adds several figures that share the beginning of their paths.
    pub(crate) fn expect_all(mut self, beginning: &str, figures: &[(&str, f64)]) -> Self {
        for &(rest, theory) in figures {
            self = self.expect(format!("{beginning}.{rest}"), theory);
        }
        self
    }

    /// Adds several percentiles of one quantity, by its quantile function.
    pub(crate) fn percentiles(
        mut self,
        beginning: &str,
        percent: &[u32],
        quantile: impl Fn(f64) -> f64,
    ) -> Self {
        for &percent in percent {
            self = self.expect(format!("{beginning}.p{percent}"), quantile(f64::from(percent) / 100.0));
        }
        self
    }

    /// Returns the number of replications.
    pub fn n_replications(&self) -> u64 {
        u64::from(self.times.replications)
    }

    /// Returns the seed of the case. Each case has its own, so that cases with equally named parts do not share their luck.
    pub fn seed(&self, seed: u64) -> u64 {
        // FNV-1a.
        let name = self.id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        // Short enough to retype.
        seed.wrapping_add(name % 1_000_000_007)
    }

    /// Returns the whole text of the scenario, as `sanda run` accepts it.
    pub fn text(&self, seed: u64) -> String {
        let Times { warm_up, measure, drain, replications } = self.times;
        let Self { id, title, sections, .. } = self;
        let seed = self.seed(seed);
        format!(
            r#"(
    schema: 1,
    name: "{id}",
    title: (zh: "{}", en: "{}"),
    start: "2025-01-06T00:00[UTC]",
    run: (warm_up: "{warm_up}h", measure: "{measure}h", drain: "{drain}h", replications: {replications}, seed: {seed}),
{sections})
"#,
            title.zh, title.en
        )
    }
}
