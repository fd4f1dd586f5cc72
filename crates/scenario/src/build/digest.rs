//! The digest of a compiled model.
//!
//! SHA-256 over the model's complete textual form, in which every number prints exactly. Two files that
//! mean the same model have the same digest, whatever their order, units, titles, notes and sources.

use std::fmt::{self, Write};

use sanda_core::model::Model;
use sha2::{Digest, Sha256};

/// Feeds formatted text to the hash without keeping it.
struct Feed(Sha256);

impl Write for Feed {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.update(text.as_bytes());
        Ok(())
    }
}

/// The hexadecimal SHA-256 of a model, whether it was built or edited later.
pub fn digest(model: &Model) -> String {
    let mut feed = Feed(Sha256::new());
    write!(feed, "{model:?}").expect("invariant: hashing text cannot fail");
    feed.0.finalize().iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("invariant: writing to a string cannot fail");
        text
    })
}
