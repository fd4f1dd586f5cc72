//! Running a case: its text, the model, replications, estimates, verdicts. Does not own the case (`case`).

use std::sync::atomic::AtomicBool;

use sanda_experiment::{Pieces, Progress, RunError, assemble, run};
use sanda_results::Results;
use sanda_scenario::load_model_text;

use crate::case::Case;
use crate::judge::{Limits, Row, Verdict};

/// The plan of a verification.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// The seed from which the seeds of the cases derive.
    pub seed: u64,
    /// Worker threads; `None` for one per core.
    pub n_threads: Option<usize>,
    /// The permitted distance of figures from theory.
    pub limits: Limits,
}

/// The outcome of a case.
#[derive(Clone, Debug)]
pub struct Findings {
    /// The figures, in the order of the case.
    pub rows: Vec<Row>,
    /// Number of replications merged; fewer than planned if interrupted.
    pub n_replications: u32,
    /// Number of shipments simulated.
    pub n_shipments: u64,
    /// The results.
    pub results: Results,
}

impl Findings {
    /// Returns whether every figure agrees.
    pub fn agrees(&self) -> bool {
        self.rows.iter().all(|row| row.verdict == Verdict::Agrees)
    }
}

/// Why a case has no findings.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The scenario of a case is not valid, because of an override or a bug of this crate.
    #[error("the scenario of case `{case}` is refused\n{issues}")]
    Scenario {
        /// The case.
        case: &'static str,
        /// Its issues.
        issues: String,
    },
    /// The run failed.
    #[error("case `{case}`: {error}")]
    Run {
        /// The case.
        case: &'static str,
        /// The error.
        error: RunError,
    },
}

/// Simulates a case and judges its figures. `sets` are overrides of parameters, `PATH=VALUE`. An override makes the scenario differ from
/// the theory, which shows a case fail.
///
/// Determinism: a pure function of the case, the seed and the limits, for any number of threads.
///
/// # Errors
///
/// [`VerifyError`]; a broken invariant among them.
pub fn run_case(
    case: &Case,
    sets: &[String],
    plan: Plan,
    stop: &AtomicBool,
    progress: &mut dyn Progress,
) -> Result<Findings, VerifyError> {
    let loaded = load_model_text(&format!("{}.ron", case.id), &case.text(plan.seed), sets)
        .map_err(|failure| VerifyError::Scenario { case: case.id, issues: failure.to_string() })?;
    let built = &loaded.built;
    let replications = sanda_experiment::Plan {
        seed: built.seed,
        n_replications: built.n_replications,
        n_threads: plan.n_threads,
    };
    let gathered = run(built, replications, &Pieces::none(), stop, progress)
        .map_err(|error| VerifyError::Run { case: case.id, error })?;
    let results = assemble(built, built.seed, &gathered);
    let rows = case.figures.iter().map(|expected| Row::of(expected, &results, plan.limits)).collect();
    Ok(Findings {
        rows,
        n_replications: gathered.n_replications(),
        n_shipments: gathered.n_shipments(),
        results,
    })
}
