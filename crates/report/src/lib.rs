//! Figures, tables and the report, made from results only.
//!
//! A figure is a pure function from a small input ([`DistributionFigure`], [`StagesFigure`], [`ResourcesFigure`], [`WeeksFigure`]) to a
//! [`Picture`], which writes itself as SVG or PNG. [`promise_figure`] and its siblings fill the inputs from
//! [`Results`](sanda_results::Results), and [`write_figures`] writes all figures of a run. [`promise_table`] and [`summary_text`] are what
//! the terminal shows. [`report_html`] is the report for people: one file that holds everything.
//!
//! The crate estimates nothing, and no type of plotters leaves it. Text is laid out with the fonts in `fonts/` alone and drawn as outlines,
//! so the same input gives the same bytes on every machine.
//!
//! | folder | holds | uses |
//! |---|---|---|
//! | `draw/` | canvas, fonts, colours, SVG, PNG | |
//! | `words/` | numbers, names and phrases in both languages | |
//! | `figure/` | the figures of a run | `draw`, `words` |
//! | `terminal/` | the tables and the summary of a run | `words` |
//! | `html/` | the report of a run | `draw`, `words`, `figure` |
//! | `attribution/`, `comparison/`, `settling/`, `sweep/` | figures, tables and rows of one kind of question each | all of these |

mod attribution;
mod comparison;
mod draw;
mod error;
mod figure;
mod html;
mod settling;
mod sweep;
mod terminal;
mod words;

pub use attribution::{attribution_csv, attribution_figures, attribution_text, write_attribution_figures};
pub use comparison::{
    comparison_csv, comparison_figures, comparison_html, comparison_text, write_comparison_figures,
};
pub use draw::picture::Picture;
pub use error::ReportError;
pub use figure::distribution::{DistributionFigure, PromiseMark, distribution};
pub use figure::files::{figures, write_figures};
pub use figure::input::{flow_figure, promise_figure, resources_figure, stages_figure, weeks_figure};
pub use figure::resources::{ResourceRow, ResourcesFigure, resources};
pub use figure::stages::{StageRow, StagesFigure, stages};
pub use figure::weeks::{ShadedSpan, WeekBar, WeeksFigure, weeks};
pub use html::report_html;
pub use sanda_units::Category;
pub use settling::{settling_figures, settling_table, write_settling_figures};
pub use sweep::{
    ParquetError, SweepColumn, sweep_columns, sweep_csv, sweep_figures, sweep_parquet, sweep_table,
    write_sweep_figures,
};
pub use terminal::summary::{SUMMARY_WIDTH, summary_text};
pub use terminal::table::{colour_verdicts, promise_table, scenario_table, share_in_line};
pub use words::number::Estimate;
pub use words::phrase::Deadline;
