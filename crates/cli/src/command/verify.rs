//! `sanda verify`: theory against simulation. Does not own the cases (`sanda_verify`).

use anyhow::anyhow;
use sanda_experiment::RunError;
use sanda_verify::{Case, Depth, FALSE_ALARM, Findings, Limits, Plan, VerifyError};

use crate::args::Verify;
use crate::command::n_threads;
use crate::progress::Meter;
use crate::talk::{self, Talk};
use crate::{bug, exit, interrupt};

/// Runs the cases in turn and prints each when it is done.
pub(crate) fn verify(arguments: &Verify, talk: Talk) -> u8 {
    let depth = if arguments.full { Depth::Full } else { Depth::Quick };
    let Some(cases) = chosen(arguments, depth) else { return exit::USAGE };
    if arguments.show {
        let texts: Vec<String> = cases.iter().map(|case| case.text(arguments.seed)).collect();
        return talk::print(&texts.join("\n"));
    }
    let Some(n_threads) = n_threads(arguments.threads) else { return exit::USAGE };
    let n_figures = cases.iter().map(|case| case.figures.len()).sum();
    let plan = Plan {
        seed: arguments.seed,
        n_threads: Some(n_threads),
        limits: Limits::together(FALSE_ALARM, n_figures),
    };
    interrupt::listen();
    let mut found: Vec<(&Case, Findings)> = Vec::new();
    if !arguments.json && talk::print(sanda_verify::heading(talk::terminal_width())) != exit::SUCCESS {
        return exit::INTERNAL;
    }
    for (place, case) in cases.iter().enumerate() {
        let name = format!("{} ({} of {})", case.id, place + 1, cases.len());
        let mut meter = Meter::new(&name, Vec::new(), case.n_replications(), 0, talk);
        let outcome = sanda_verify::run_case(case, &arguments.sets, plan, interrupt::flag(), &mut meter);
        meter.finish();
        if interrupt::is_requested() {
            talk::remark(&format!("interrupted in case {}: no verdict on it and those after it", case.id));
            return interrupt::code();
        }
        match outcome {
            Ok(findings) => {
                if !arguments.json {
                    let table = sanda_verify::table(case, &findings, talk::terminal_width());
                    let code = talk::print(&format!("\n{table}"));
                    if code != exit::SUCCESS {
                        return code;
                    }
                }
                found.push((case, findings));
            }
            Err(error) => return tell(error, arguments),
        }
    }
    let code = if arguments.json {
        match sanda_verify::to_json(&found, arguments.seed) {
            Ok(json) => talk::print(&json),
            Err(error) => {
                talk::complain(&anyhow::Error::new(error).context("cannot serialise the findings"));
                exit::INTERNAL
            }
        }
    } else {
        talk::print(&format!("\n{}", sanda_verify::summary(&found, arguments.seed)))
    };
    let agrees = found.iter().all(|(_, findings)| findings.agrees());
    match code {
        exit::SUCCESS if !agrees => exit::INVARIANT,
        _ => code,
    }
}

/// Returns the requested cases, or all if none is named. Reports a case that does not exist.
fn chosen(arguments: &Verify, depth: Depth) -> Option<Vec<Case>> {
    let all = sanda_verify::all(depth);
    let ids: Vec<&str> = all.iter().map(|case| case.id).collect();
    let unknown: Vec<&String> = arguments.cases.iter().filter(|id| !ids.contains(&id.as_str())).collect();
    if !unknown.is_empty() {
        let is_of_full = |id: &str| sanda_verify::all(Depth::Full).iter().any(|case| case.id == id);
        for id in unknown {
            let end = if is_of_full(id) { "; it is one of `--full`" } else { "" };
            talk::complain(&anyhow!("there is no case `{id}`{end}"));
        }
        talk::remark(&format!("hint: the cases are {}", ids.join(", ")));
        return None;
    }
    let is_chosen =
        |case: &Case| arguments.cases.is_empty() || arguments.cases.iter().any(|id| id == case.id);
    Some(all.into_iter().filter(is_chosen).collect())
}

/// Reports why there is no verdict and returns the exit code.
fn tell(error: VerifyError, arguments: &Verify) -> u8 {
    let (VerifyError::Scenario { case, .. } | VerifyError::Run { case, .. }) = &error;
    let case = *case;
    let code = match &error {
        VerifyError::Scenario { .. } if !arguments.sets.is_empty() => exit::USAGE,
        VerifyError::Run { error: RunError::Violation { .. }, .. } => exit::INVARIANT,
        _ => exit::INTERNAL,
    };
    talk::complain(&error.into());
    if code == exit::INVARIANT {
        let seed = arguments.seed.to_string();
        let mut line = vec!["verify", "--case", case, "--seed", &seed];
        line.extend(arguments.full.then_some("--full"));
        line.extend(arguments.sets.iter().flat_map(|set| ["--set", set]));
        talk::remark(&format!(
            "reproduce with: {}\nhint: this is a bug of sanda, please report it",
            bug::command_line(line)
        ));
    }
    code
}
