//! Digests the sources that determine what a replication returns, so that no piece outlives a change of the engine.
//!
//! The digest of the model covers the scenario. These sources alone determine what the engine makes of a model. A version number would have
//! to be raised by hand, and would be forgotten.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// The crates whose code runs within a replication, and this one, which defines the layout of pieces.
const CRATES: [&str; 4] = ["units", "network", "core", "study"];

/// Number of hexadecimal digits of the digest that are kept: 64 bits.
const DIGITS: usize = 16;

fn main() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut hash = Sha256::new();
    for name in CRATES {
        let folder = crates.join(name).join("src");
        println!("cargo::rerun-if-changed={}", folder.display());
        let mut files = Vec::new();
        collect(&folder, &mut files);
        files.sort();
        for file in files {
            let text = fs::read_to_string(&file).expect("a source file can be read");
            let place =
                file.strip_prefix(&crates).expect("collected below it").to_string_lossy().replace('\\', "/");
            // A checkout may use other line endings.
            hash.update(format!("{place}\n{}\n", text.replace("\r\n", "\n")));
        }
    }
    // Libraries called by these crates also determine the result, to the last bit of a logarithm.
    let lock = crates.join("../Cargo.lock");
    println!("cargo::rerun-if-changed={}", lock.display());
    hash.update(fs::read_to_string(&lock).unwrap_or_default().replace("\r\n", "\n"));
    let mut digest = String::new();
    for byte in hash.finalize() {
        write!(digest, "{byte:02x}").expect("a string takes any text");
    }
    println!("cargo::rustc-env=SANDA_ENGINE={}", &digest[..DIGITS]);
}

/// Collects the Rust sources under a folder.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder of a crate's sources").flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}
