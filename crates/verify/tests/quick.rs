//! The quick cases of `sanda verify`, as `cargo test` runs them.
//!
//! One fixed seed; all intervals together raise a false alarm with probability 0.001 at most (Student's t on 39 degrees of freedom, Bonferroni's
//! inequality over the figures: about 5.7 standard errors each). Every figure states the smallest error that it would see, and none may
//! see less than [`LEAST_SEEN`].
//!
//! `cargo test -p sanda-verify --test quick -- --nocapture` prints the table.

use std::sync::atomic::AtomicBool;

use sanda_verify::{Depth, FALSE_ALARM, Limits, Plan, Verdict, all, run_case, summary, table};

/// The seed.
const SEED: u64 = 20200622;
/// The largest relative error that may go undetected.
const LEAST_SEEN: f64 = 0.17;

#[test]
fn simulation_agrees_with_theory() {
    let cases = all(Depth::Quick);
    let n_figures = cases.iter().map(|case| case.figures.len()).sum();
    let limits = Limits::together(FALSE_ALARM, n_figures);
    let plan = Plan { seed: SEED, n_threads: Some(2), limits };
    let mut wrong = Vec::new();
    let mut found = Vec::new();
    for case in &cases {
        let began = std::time::Instant::now();
        let findings = match run_case(case, &[], plan, &AtomicBool::new(false), &mut ()) {
            Ok(findings) => findings,
            Err(error) => {
                wrong.push(error.to_string());
                continue;
            }
        };
        println!("{}{:?}", table(case, &findings, None), began.elapsed());
        // Little's law on the path and the other invariants were checked and hold.
        for name in ["little", "conservation", "categories", "time"] {
            let invariant = findings.results.invariants.get(name).copied().unwrap_or_default();
            if invariant.violated > 0 || (invariant.checked == 0 && name != "little") {
                wrong.push(format!("{}: {name} was checked {} times", case.id, invariant.checked));
            }
        }
        for row in &findings.rows {
            if row.verdict != Verdict::Agrees {
                wrong.push(format!(
                    "{}: `{}` is {}, theory says {} (z = {:.2})",
                    case.id, row.path, row.simulated, row.theory, row.z
                ));
            }
            if row.visible() > LEAST_SEEN {
                wrong.push(format!("{}: `{}` sees no error below {:.3}", case.id, row.path, row.visible()));
            }
        }
        found.push((case, findings));
    }
    println!("{}", summary(&found, SEED));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
