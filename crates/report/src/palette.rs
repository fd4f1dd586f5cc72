//! Colours of the figures. They decide no geometry.
//!
//! Blue against orange and dark against light: told apart with any common colour blindness and in grey print. Red is kept for limits and
//! broken promises, and always comes with words.

use plotters::style::RGBColor;

/// Titles and figures that matter.
pub(crate) const INK: RGBColor = RGBColor(0x1D, 0x23, 0x2B);
/// Secondary text.
pub(crate) const GREY: RGBColor = RGBColor(0x5C, 0x66, 0x73);
/// The text of axes and footnotes.
pub(crate) const PALE: RGBColor = RGBColor(0x72, 0x7C, 0x88);
/// Lines that help the eye.
pub(crate) const GRID: RGBColor = RGBColor(0xE2, 0xE6, 0xEB);
/// The line data stand on.
pub(crate) const BASE: RGBColor = RGBColor(0x8A, 0x94, 0xA0);
/// Within the promise; data without one.
pub(crate) const BLUE: RGBColor = RGBColor(0x4F, 0x86, 0xB5);
/// A verdict of kept, and the second shade of blue.
pub(crate) const DEEP_BLUE: RGBColor = RGBColor(0x1F, 0x5A, 0x8C);
/// Beyond the promise.
pub(crate) const ORANGE: RGBColor = RGBColor(0xE0, 0x8A, 0x3C);
/// The region beyond the promise.
pub(crate) const TINT: RGBColor = RGBColor(0xFD, 0xF4, 0xE9);
/// Limits, and a verdict of not kept.
pub(crate) const RED: RGBColor = RGBColor(0xB2, 0x38, 0x2A);
/// A verdict of uncertain.
pub(crate) const OCHRE: RGBColor = RGBColor(0x8F, 0x64, 0x0A);
/// A track that a bar runs in.
pub(crate) const TRACK: RGBColor = RGBColor(0xF0, 0xF2, 0xF5);
/// What a shipment spends its time on: blues while something happens, warm colours while it waits, purple and dark red
/// while it is held. In the order of [`crate::Category::ALL`].
pub(crate) const CATEGORIES: [RGBColor; 10] = [
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
/// The sheet.
pub(crate) const SHEET: RGBColor = RGBColor(0xFF, 0xFF, 0xFF);
