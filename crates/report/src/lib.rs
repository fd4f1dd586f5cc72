//! Figures and tables from results.
//!
//! A figure is a pure function from a small input ([`DistributionFigure`]) to a [`Picture`], which writes itself as SVG or PNG.
mod axis;
mod canvas;
mod category;
mod distribution;
mod flags;
mod palette;
mod picture;
mod raster;
mod resources;
mod stages;
mod svg;
mod typeface;
mod typeset;
mod wording;

pub use category::Category;
pub use distribution::{Deadline, DistributionFigure, PromiseMark, distribution};
pub use picture::Picture;
pub use resources::{ResourceRow, ResourcesFigure, resources};
pub use stages::{StageRow, StagesFigure, stages};
pub use wording::Estimate;
