//! Figures, tables and the report, from results only.
//!
//! A figure is a pure function from a small input ([`DistributionFigure`], [`StagesFigure`], [`ResourcesFigure`], [`WeeksFigure`]) to a [`Picture`], which
//! writes itself as SVG or PNG; [`promise_figure`] and its siblings fill the inputs from [`Results`](sanda_results::Results), and
//! [`write_figures`] writes all of them. [`promise_table`] and [`summary_text`] are what the terminal shows. [`report_html`]
//! is the report for people: all of it in one file.
//!
//! It makes no estimate, and no type of plotters leaves it. Text is laid out by the fonts in `fonts/` alone, and drawn as outlines in files of
//! figures: the same input gives the same bytes on every machine.

mod adapter;
mod amounts;
mod assumptions;
mod attribution;
mod axis;
mod canvas;
mod category;
mod comparison;
mod costs;
mod distribution;
mod error;
mod few;
mod files;
mod flags;
mod headline;
mod html;
mod itineraries;
mod palette;
mod picture;
mod raster;
mod resources;
mod settling;
mod stages;
mod summary;
mod svg;
mod sweep;
mod table;
mod typeface;
mod typeset;
mod weeks;
mod wording;

pub use adapter::{flow_figure, promise_figure, resources_figure, stages_figure, weeks_figure};
pub use attribution::{attribution_csv, attribution_figures, attribution_text, write_attribution_figures};
pub use category::Category;
pub use comparison::{
    comparison_csv, comparison_figures, comparison_html, comparison_text, write_comparison_figures,
};
pub use distribution::{Deadline, DistributionFigure, PromiseMark, distribution};
pub use error::ReportError;
pub use files::{figures, write_figures};
pub use html::report_html;
pub use picture::Picture;
pub use resources::{ResourceRow, ResourcesFigure, resources};
pub use settling::{settling_figures, settling_table, write_settling_figures};
pub use stages::{StageRow, StagesFigure, stages};
pub use summary::{SUMMARY_WIDTH, summary_text};
pub use sweep::{
    ParquetError, SweepColumn, sweep_columns, sweep_csv, sweep_figures, sweep_parquet, sweep_table,
    write_sweep_figures,
};
pub use table::{colour_verdicts, promise_table, scenario_table, share_in_line};
pub use weeks::{ShadedSpan, WeekBar, WeeksFigure, weeks};
pub use wording::Estimate;
