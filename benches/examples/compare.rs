//! Measures the engine against the programs written by hand, and compares the ratios with stored ones; see `compare.sh`.
//!
//! `compare FILE` compares, and fails if a ratio is much worse; `compare --save FILE` stores. Does not own the tolerance (`limits`).

use std::process::ExitCode;

use sanda_benches::contest;
use sanda_benches::limits::{self, Ratios};

/// Number of rounds of each workload: enough for the median to settle within a few per cent on a busy machine.
const N_ROUNDS: u64 = 31;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (save, file) = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--save", file] => (true, file),
        [file] if !file.starts_with('-') => (false, file),
        _ => {
            eprintln!("usage: compare [--save] FILE");
            return ExitCode::from(2);
        }
    };
    match run(save, file) {
        Ok(complaints) if complaints.is_empty() => ExitCode::SUCCESS,
        Ok(complaints) => {
            for complaint in complaints {
                eprintln!("error: {complaint}");
            }
            ExitCode::FAILURE
        }
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::from(2)
        }
    }
}

fn run(save: bool, file: &str) -> Result<Vec<String>, String> {
    // Read first: a missing file should not cost a minute.
    let stored = if save {
        Ratios::new()
    } else {
        let text = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
        limits::read(&text).map_err(|error| format!("{file}: {error}"))?
    };
    let mut now = Ratios::new();
    for (work, measured) in [("corridor", contest::corridor(N_ROUNDS)), ("mm1", contest::mm1(N_ROUNDS))] {
        println!("{measured}");
        now.extend(limits::ratios_of(work, &measured));
    }
    if save {
        std::fs::write(file, limits::write(&now)).map_err(|error| format!("{file}: {error}"))?;
        return Ok(Vec::new());
    }
    Ok(limits::complaints(&stored, &now))
}
