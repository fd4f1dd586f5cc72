//! Colours of the figures. It decides no geometry.
//!
//! Figures set blue against orange and dark against light. Readers with a common colour blindness can tell these apart, and so can
//! readers of a grey print. Red is kept for limits and broken promises, and words always say the same.

use plotters::style::RGBColor;
use sanda_units::{Category, N_CATEGORIES};

/// Titles and important numbers.
pub(crate) const INK: RGBColor = RGBColor(0x1D, 0x23, 0x2B);
/// Secondary text.
pub(crate) const GREY: RGBColor = RGBColor(0x5C, 0x66, 0x73);
/// The text of axes and footnotes.
pub(crate) const PALE: RGBColor = RGBColor(0x72, 0x7C, 0x88);
/// Grid lines.
pub(crate) const GRID: RGBColor = RGBColor(0xE2, 0xE6, 0xEB);
/// The base line of bars and axes.
pub(crate) const BASE: RGBColor = RGBColor(0x8A, 0x94, 0xA0);
/// Times within the limit of a promise, and data without a promise.
pub(crate) const BLUE: RGBColor = RGBColor(0x4F, 0x86, 0xB5);
/// The verdict "kept", and the second shade of blue.
pub(crate) const DEEP_BLUE: RGBColor = RGBColor(0x1F, 0x5A, 0x8C);
/// Times beyond the limit of a promise.
pub(crate) const ORANGE: RGBColor = RGBColor(0xE0, 0x8A, 0x3C);
/// The background beyond the limit of a promise.
pub(crate) const TINT: RGBColor = RGBColor(0xFD, 0xF4, 0xE9);
/// Limits, and the verdict "not kept".
pub(crate) const RED: RGBColor = RGBColor(0xB2, 0x38, 0x2A);
/// The verdict "uncertain".
pub(crate) const OCHRE: RGBColor = RGBColor(0x8F, 0x64, 0x0A);
/// The track behind a bar, which shows its full length.
pub(crate) const TRACK: RGBColor = RGBColor(0xF0, 0xF2, 0xF5);
/// The background of every figure.
pub(crate) const SHEET: RGBColor = RGBColor(0xFF, 0xFF, 0xFF);
/// The colours of the categories of time, in the order of [`Category::ALL`]: blues for moving and work, warm colours for waits, dark
/// red and purple for disruptions and inspections.
const CATEGORIES: [RGBColor; N_CATEGORIES] = [
    RGBColor(0x1F, 0x5A, 0x8C),
    RGBColor(0x5B, 0x9B, 0xC8),
    RGBColor(0xF0, 0xC0, 0x4A),
    RGBColor(0xF7, 0xE3, 0xAE),
    RGBColor(0xE5, 0x95, 0x3F),
    RGBColor(0xA8, 0x55, 0x1E),
    RGBColor(0x84, 0x22, 0x2C),
    RGBColor(0x80, 0x63, 0xA8),
    RGBColor(0xB9, 0xCF, 0xE2),
    RGBColor(0x9B, 0xA4, 0xAE),
];

/// Returns the colour of a category of time.
pub(crate) const fn of_category(category: Category) -> RGBColor {
    CATEGORIES[category as usize]
}
