//! The README is true: its scenarios run as printed, its commands are accepted, and its samples are the program's output.

use std::fs;

use crate::world::{World, repository};

fn readme() -> String {
    fs::read_to_string(repository().join("README.md")).unwrap()
}

/// Returns the fenced blocks of a language, without the fences.
fn blocks(language: &str) -> Vec<String> {
    let readme = readme();
    let opening = format!("```{language}\n");
    let blocks = readme.split(&opening).skip(1);
    blocks.map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

#[test]
fn its_scenarios_run_as_printed() {
    let scenarios = blocks("ron");
    assert!(scenarios.len() >= 3, "the tutorial shows scenarios");
    // All in one folder, because later examples build on earlier ones.
    let world = World::new();
    for scenario in scenarios {
        let comment = scenario.lines().next().unwrap();
        let name = comment.strip_prefix("// ").unwrap_or_else(|| panic!("no file name above {scenario}"));
        world.write(name, &scenario);
        let outcome = world.succeeds(&["run", name, "--replications", "2", "--no-report"]);
        assert!(!outcome.stderr.contains("warning"), "{outcome}");
    }
}

/// The examples of the guide run as they stand, use all they describe, and are all in its table.
#[test]
fn the_examples_of_the_guide_run() {
    let folder = repository().join("scenarios/examples");
    let guide = fs::read_to_string(folder.join("README.md")).unwrap();
    let world = World::new();
    let mut n_examples = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "ron") {
            continue;
        }
        n_examples += 1;
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(guide.contains(&format!("]({name})")), "{name} is not in the guide");
        let arguments = ["run", path.to_str().unwrap(), "--replications", "2", "--no-report"];
        let outcome = world.succeeds(&arguments);
        assert!(!outcome.stderr.contains("warning"), "{outcome}");
    }
    assert!(n_examples >= 4);
}

/// The `cargo run --release -- ...` lines in the shell blocks are accepted by the program. They run with few replications, an output folder
/// of the test's own, and the tutorial's files at hand.
#[test]
fn its_commands_are_understood() {
    let mut n_commands = 0;
    let world = World::new();
    for scenario in blocks("ron") {
        world.write(scenario.lines().next().unwrap().trim_start_matches("// "), &scenario);
    }
    for line in blocks("sh").iter().flat_map(|block| block.lines()) {
        let line = line.split(" #").next().unwrap().trim();
        let Some(rest) = line.strip_prefix("cargo run --release -- ").or_else(|| line.strip_prefix("sanda "))
        else {
            continue;
        };
        let arguments: Vec<&str> =
            rest.split_whitespace().take_while(|word| !["|", "||", ">"].contains(word)).collect();
        let mut command = world.command(&arguments);
        if arguments.iter().any(|argument| argument.starts_with("scenarios/")) {
            command.current_dir(repository());
        }
        // Few replications are enough to accept a command; commands that do not simulate have no such option.
        let simulates = ["run", "compare", "sweep", "warm-up", "attribution"].contains(&arguments[0]);
        if simulates && !arguments.iter().any(|argument| ["--replications", "--precision"].contains(argument))
        {
            command.args(["--replications", "2"]);
        }
        if ["run", "compare"].contains(&arguments[0]) {
            command.args(["--inputs", "0", "--no-report"]);
        }
        if simulates {
            command.arg("--out").arg(world.path("out"));
        }
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        n_commands += 1;
    }
    assert!(n_commands >= 3);
}

/// Its sample of the main run is that of the program, with a few of its replications. Digits may move with the model, verdicts must not.
#[test]
fn its_sample_of_the_main_run_is_true() {
    let world = World::new();
    let mut command = world.command(&["run", "scenarios/wuhan-baseline-2025.ron", "--replications", "3"]);
    command.args(["--inputs", "0", "--no-report", "--out"]);
    let output = command.arg(world.path("out")).current_dir(repository()).output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let sample = blocks("text").into_iter().find(|block| block.contains("承诺")).unwrap();
    let mut n_promises = 0;
    for line in sample.lines() {
        let words: Vec<&str> = line.split("  ").map(str::trim).filter(|word| !word.is_empty()).collect();
        if let [name, .., verdict @ ("✓ 达标" | "✗ 未达标" | "? 不确定")] = words[..] {
            let row = printed.lines().find(|row| row.contains(name));
            assert!(row.is_some_and(|row| row.contains(verdict)), "{name}: {verdict} is not in\n{printed}");
            n_promises += 1;
        }
    }
    assert!(n_promises > 0);
}

/// Its sample of an error is that of the program.
#[test]
fn its_sample_of_an_error_is_true() {
    let scenario = blocks("ron").into_iter().find(|block| block.starts_with("// daily-train.ron")).unwrap();
    let world = World::with("daily-train.ron", scenario.replace("capacity", "capcity"));
    let said = world.sanda(&["run", "daily-train.ron"]).stderr;
    let sample = blocks("text").into_iter().find(|block| block.starts_with("error: ")).unwrap();
    // The list of what was expected grows with the language.
    let lines = |text: &str| -> Vec<String> {
        text.lines().map(|line| line.split(" expected ").next().unwrap().to_owned()).collect()
    };
    assert_eq!(lines(&said), lines(&sample));
}

/// Every command of the program stands in the README.
#[test]
fn it_names_every_command() {
    let readme = readme();
    let help = World::new().succeeds(&["help"]).stdout;
    let commands = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    for command in commands.lines().filter_map(|line| line.split_whitespace().next()) {
        assert!(command == "help" || readme.contains(&format!("`sanda {command}")), "{command}");
    }
}

/// Every file or folder of the repository it links to exists.
#[test]
fn its_links_lead_somewhere() {
    let readme = readme();
    let links: Vec<&str> = readme.split("](").skip(1).filter_map(|rest| rest.split(')').next()).collect();
    assert!(!links.is_empty());
    for link in links.into_iter().filter(|link| !link.contains("://") && !link.starts_with('#')) {
        assert!(repository().join(link.split('#').next().unwrap()).exists(), "{link}");
    }
}
