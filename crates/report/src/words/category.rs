//! The categories of a shipment's time in words. Their list and order are `sanda_units::Category`, their colours `draw::palette`.

use sanda_results::Text;
use sanda_units::Category;

/// Names a category in both languages.
pub(crate) fn name(category: Category) -> Text {
    let (zh, en) = match category {
        Category::Moving => ("行驶", "moving"),
        Category::Worked => ("作业", "worked on"),
        Category::Server => ("排队", "waiting for a server"),
        Category::Hours => ("等待开放", "opening hours"),
        Category::Timetable => ("等待班次", "timetable"),
        Category::Rolled => ("甩货", "rolled over"),
        Category::Disruption => ("中断", "disruption"),
        Category::Inspection => ("查验", "inspection"),
        Category::Vehicle => ("随车等待", "with its vehicle"),
        Category::Cargo => ("等待其他货物", "other cargo"),
    };
    Text::new(zh, en)
}
