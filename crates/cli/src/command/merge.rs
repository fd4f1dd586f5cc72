//! `sanda merge INTO FROM...`. Does not own how folders are merged (`sanda_study`).

use anyhow::anyhow;
use sanda_scenario::words::printable;
use sanda_study::{Folder, Manifest, MergeError};

use crate::args::Merge;
use crate::exit;
use crate::simulation::PIECES;
use crate::talk;

/// Merges study folders into the first.
pub(crate) fn merge(arguments: &Merge) -> u8 {
    let mut entries = Vec::new();
    for from in &arguments.from {
        match Manifest::read(from) {
            Ok(other) => entries.extend(other.entries),
            Err(error) => {
                talk::complain(&anyhow!("{error}\nhint: give folders that `--study` made"));
                return exit::USAGE;
            }
        }
    }
    let others: Vec<Folder> = arguments.from.iter().map(|from| Folder::new(from.join(PIECES))).collect();
    match Folder::new(arguments.into.join(PIECES)).merge(&others) {
        Ok(merged) => {
            if let Err(error) = Manifest::update(&arguments.into, entries) {
                talk::complain(&error.into());
                return exit::INTERNAL;
            }
            talk::print(&format!("{} pieces added, {} known already\n", merged.n_added, merged.n_known))
        }
        Err(MergeError::Refused(refusals)) => {
            for refusal in &refusals {
                let path = refusal.path.to_string_lossy();
                talk::remark(&format!("error: {}: {}", printable(&path), refusal.reason));
            }
            talk::remark(
                "hint: nothing was merged; remove these pieces and make them again with `sanda shard`",
            );
            exit::USAGE
        }
        Err(error) => {
            talk::complain(&error.into());
            exit::INTERNAL
        }
    }
}
