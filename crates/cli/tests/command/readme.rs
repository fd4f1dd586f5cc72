//! The README keeps its word: its scenarios run as printed, its commands are understood, its files and codes are those of
//! the program.

use std::fs;

use crate::world::{World, repository};

fn readme() -> String {
    fs::read_to_string(repository().join("README.md")).unwrap()
}

/// The fenced blocks of a language, without the fences.
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
    // All in one folder: later ones build on earlier ones.
    let world = World::new();
    for scenario in scenarios {
        let comment = scenario.lines().next().unwrap();
        let name = comment.strip_prefix("// ").unwrap_or_else(|| panic!("no file name above {scenario}"));
        world.write(name, &scenario);
        let outcome = world.succeeds(&["run", name, "--replications", "2", "--no-report"]);
        assert!(!outcome.stderr.contains("warning"), "{outcome}");
    }
}

/// `cargo run --release -- ...` and `sanda ...` in the shell blocks are lines the program understands. Run at the root of
/// the repository, with few replications and an output folder of the test's own.
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
            rest.split_whitespace().take_while(|word| !["|", ">"].contains(word)).collect();
        let mut command = world.command(&arguments);
        if line.starts_with("cargo") {
            command.current_dir(repository());
        }
        if arguments[0] == "run" {
            command.args(["--replications", "2", "--no-report", "--out"]).arg(world.path("out"));
        }
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        n_commands += 1;
    }
    assert!(n_commands >= 4);
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

/// Whatever file or folder of the repository it points to is there.
#[test]
fn its_links_lead_somewhere() {
    let readme = readme();
    let links: Vec<&str> = readme.split("](").skip(1).filter_map(|rest| rest.split(')').next()).collect();
    assert!(!links.is_empty());
    for link in links.into_iter().filter(|link| !link.contains("://") && !link.starts_with('#')) {
        assert!(repository().join(link.split('#').next().unwrap()).exists(), "{link}");
    }
}
