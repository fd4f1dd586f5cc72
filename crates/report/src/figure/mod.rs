//! The figures of a run, each a pure function from a small input to a picture, and what several figures share: axes, flags, the plane.
//!
//! [`input`] fills the inputs from results, and [`files`] draws all figures and writes them into a folder. Figures take their words from
//! `words` and draw on `draw`; they estimate nothing and make no markup.

pub(crate) mod axis;
pub(crate) mod distribution;
pub(crate) mod files;
pub(crate) mod flags;
pub(crate) mod input;
pub(crate) mod plane;
pub(crate) mod resources;
pub(crate) mod stages;
pub(crate) mod weeks;
