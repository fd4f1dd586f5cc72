//! Access to the pieces of a study: a piece that is kept is read, one that is not is simulated and kept.
//!
//! Owns the look into the study folder before anything is simulated, and the remarks on damaged pieces. Does not own the folder
//! (`sanda_study`), nor which replications a question needs (`run`, `inputs`).

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use sanda_study::{Folder, PieceKey};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The pieces that a command may use. Clones share one folder and one count.
#[derive(Clone, Debug, Default)]
pub struct Pieces(Option<Arc<Shared>>);

#[derive(Debug)]
struct Shared {
    folder: Folder,
    n_found: AtomicU64,
    n_made: AtomicU64,
    troubles: Mutex<Troubles>,
}

/// Failures of reading and writing pieces. Each kind is reported once.
#[derive(Debug, Default)]
struct Troubles {
    damaged: Vec<String>,
    unwritable: Option<String>,
}

impl Pieces {
    /// No folder: everything is simulated and nothing is kept.
    pub fn none() -> Self {
        Self(None)
    }

    /// The pieces of a folder.
    pub fn of(folder: Folder) -> Self {
        Self(Some(Arc::new(Shared {
            folder,
            n_found: AtomicU64::new(0),
            n_made: AtomicU64::new(0),
            troubles: Mutex::default(),
        })))
    }

    /// The folder, if there is one.
    pub fn folder(&self) -> Option<&Folder> {
        self.0.as_ref().map(|shared| &shared.folder)
    }

    /// Pieces that were found, and pieces that had to be simulated, so far.
    pub fn counts(&self) -> (u64, u64) {
        let count = |n: &AtomicU64| n.load(Ordering::Relaxed);
        self.0.as_ref().map_or((0, 0), |shared| (count(&shared.n_found), count(&shared.n_made)))
    }

    /// Returns one remark for each damaged piece. Damaged pieces are simulated again.
    pub fn damaged(&self) -> Vec<String> {
        let mut damaged = self.troubles(|troubles| troubles.damaged.clone());
        damaged.sort();
        damaged
    }

    /// Returns why pieces could not be kept, if some could not.
    pub fn unwritable(&self) -> Option<String> {
        self.troubles(|troubles| troubles.unwritable.clone())
    }

    fn troubles<T: Default>(&self, what: impl FnOnce(&Troubles) -> T) -> T {
        let Some(shared) = &self.0 else { return T::default() };
        what(&shared.troubles.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads a piece, or simulates and keeps it.
    ///
    /// A damaged piece is simulated again and replaced. A piece that cannot be written is no reason to fail: the next run simulates it
    /// again.
    ///
    /// # Errors
    /// Those of `simulate`.
    pub(crate) fn get<T: Serialize + DeserializeOwned, E>(
        &self,
        key: &PieceKey,
        simulate: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        let Some(shared) = &self.0 else { return simulate() };
        match shared.folder.read(key) {
            Ok(Some(content)) => {
                shared.n_found.fetch_add(1, Ordering::Relaxed);
                return Ok(content);
            }
            Ok(None) => {}
            Err(damage) => {
                let place = shared.folder.place(key);
                let words = format!("the piece `{}` is not used: {damage}", place.display());
                shared.tell(|troubles| troubles.damaged.push(words));
            }
        }
        let content = simulate()?;
        shared.n_made.fetch_add(1, Ordering::Relaxed);
        if let Err(error) = shared.folder.write(key, &content) {
            let root = shared.folder.root().display();
            let words = format!("pieces cannot be kept in `{root}`: {error}");
            shared.tell(|troubles| {
                troubles.unwritable.get_or_insert(words);
            });
        }
        Ok(content)
    }
}

impl Shared {
    fn tell(&self, what: impl FnOnce(&mut Troubles)) {
        what(&mut self.troubles.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
