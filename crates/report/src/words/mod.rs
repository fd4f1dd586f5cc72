//! Results in words: numbers with the digits they deserve, names, and phrases that tables, figures and the page share.
//!
//! Every phrase comes in Chinese and English ([`Text`](sanda_results::Text)). Nothing here draws, lays out or estimates.

pub(crate) mod amounts;
pub(crate) mod assumptions;
pub(crate) mod category;
pub(crate) mod costs;
pub(crate) mod few;
pub(crate) mod headline;
pub(crate) mod itineraries;
pub(crate) mod names;
pub(crate) mod number;
pub(crate) mod phrase;
