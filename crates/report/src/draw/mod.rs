//! Drawing without data: a picture as a list of marks, the sheet to draw on, fonts, colours, and the SVG and PNG that come out.
//!
//! Nothing here knows results, promises or units. Other modules draw on a [`canvas`] and hand out a [`picture`].

pub(crate) mod canvas;
pub(crate) mod palette;
pub(crate) mod picture;
mod raster;
pub(crate) mod svg;
mod typeface;
mod typeset;
