//! The labels above the plot of the distribution figure: their words and the positions of their lines. `flags` arranges them.

use plotters::style::RGBColor;

use super::input::{DistributionFigure, PromiseMark, SHOWN};
use super::view::View;
use crate::draw::canvas::Style;
use crate::draw::palette::{BASE, GREY, INK, RED};
use crate::words::number;
use crate::words::phrase;
use crate::words::phrase::Deadline;

/// A label above the plot.
pub(super) struct Label {
    pub(super) zh: String,
    pub(super) en: String,
    /// Time of its line in hours, if it has a place on the axis.
    pub(super) hours: Option<f64>,
    /// Cumulative share at which its line ends; the line of a limit goes through.
    pub(super) share: Option<f64>,
    pub(super) colour: RGBColor,
}

impl Label {
    /// Returns the styles of the Chinese and the English part.
    pub(super) fn styles(&self) -> (Style, Style) {
        if self.colour == RED {
            (Style::bold(15.0, RED), Style::regular(13.5, RED))
        } else {
            (Style::regular(15.0, INK), Style::regular(13.5, GREY))
        }
    }

    /// Returns the width of the text in pixels.
    pub(super) fn width(&self) -> f64 {
        let (zh, en) = self.styles();
        zh.width(&self.zh) + en.width(&self.en)
    }
}

/// Makes the labels from left to right: the limit, and the times within which 50, 90 and 95 % arrive.
///
/// A share that never arrives gets a label unless the plot says it elsewhere (`says_never` is false).
pub(super) fn labels(figure: &DistributionFigure, view: &View, says_never: bool) -> Vec<Label> {
    let mut labels: Vec<Label> = Vec::new();
    for share in &SHOWN {
        let Some((_, time)) = figure.percentiles.iter().find(|(stored, _)| (stored - share).abs() < 1e-6)
        else {
            continue;
        };
        let percent = number::percentile_number(*share);
        if time.value.is_finite() {
            let number = number::within_number(time, view.unit);
            labels.push(Label {
                zh: format!("{percent}%在{number}{}内送达", view.unit.zh()),
                en: format!("  {percent} % within {number} {}", view.unit.en()),
                hours: Some(time.value),
                share: Some(*share),
                colour: BASE,
            });
        } else {
            if !says_never {
                break;
            }
            // Labels of higher shares would say the same.
            labels.push(Label {
                zh: format!("送达不足{percent}%"),
                en: format!("  fewer than {percent} % arrive"),
                hours: None,
                share: None,
                colour: BASE,
            });
            break;
        }
    }
    if let Some(PromiseMark { deadline: Deadline::Within { hours }, .. }) = figure.promise {
        let limit = phrase::limit(hours);
        let arrow = if view.limit.is_none() { " →" } else { "" };
        labels.push(Label {
            zh: format!("时限{}", limit.zh),
            en: format!("  limit {}{arrow}", limit.en),
            hours: view.limit,
            share: None,
            colour: RED,
        });
    }
    labels.sort_by(|a, b| a.hours.unwrap_or(f64::MAX).total_cmp(&b.hours.unwrap_or(f64::MAX)));
    labels
}
