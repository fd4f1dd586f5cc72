//! The ten categories of a shipment's time, as the figures name and colour them. What belongs to which is decided in the simulation.

use plotters::style::RGBColor;
use sanda_results::Text;

use crate::palette::CATEGORIES;

/// What a shipment's time is spent on. Every millisecond of its life belongs to exactly one category.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Category {
    /// Under way.
    Moving,
    /// Being worked on.
    Worked,
    /// Waiting for a free server.
    Server,
    /// Waiting for opening hours.
    Hours,
    /// Waiting for the first departure it can make.
    Timetable,
    /// Waiting after a full departure.
    Rolled,
    /// Held by a disruption.
    Disruption,
    /// Held by an inspection.
    Inspection,
    /// Waiting with its vehicle.
    Vehicle,
    /// Waiting for other cargo.
    Cargo,
}

impl Category {
    /// All categories, in the order in which bars stack them.
    pub const ALL: [Self; 10] = [
        Self::Moving,
        Self::Worked,
        Self::Server,
        Self::Hours,
        Self::Timetable,
        Self::Rolled,
        Self::Disruption,
        Self::Inspection,
        Self::Vehicle,
        Self::Cargo,
    ];

    /// The id in metric paths.
    pub fn id(self) -> &'static str {
        match self {
            Self::Moving => "moving",
            Self::Worked => "worked",
            Self::Server => "server",
            Self::Hours => "hours",
            Self::Timetable => "timetable",
            Self::Rolled => "rolled",
            Self::Disruption => "disruption",
            Self::Inspection => "inspection",
            Self::Vehicle => "vehicle",
            Self::Cargo => "cargo",
        }
    }

    /// The name in both languages.
    pub fn name(self) -> Text {
        let (zh, en) = match self {
            Self::Moving => ("行驶", "moving"),
            Self::Worked => ("作业", "worked on"),
            Self::Server => ("排队", "waiting for a server"),
            Self::Hours => ("等待开放", "opening hours"),
            Self::Timetable => ("等待班次", "timetable"),
            Self::Rolled => ("甩货", "rolled over"),
            Self::Disruption => ("中断", "disruption"),
            Self::Inspection => ("查验", "inspection"),
            Self::Vehicle => ("随车等待", "with its vehicle"),
            Self::Cargo => ("等待其他货物", "other cargo"),
        };
        Text::new(zh, en)
    }

    pub(crate) fn colour(self) -> RGBColor {
        CATEGORIES[self as usize]
    }
}
