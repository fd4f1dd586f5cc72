//! The categories that a shipment's time is divided into: their order and their names in metric paths.
//!
//! The simulation books every millisecond to a category and the report reads the books, so both need this one list. Which millisecond
//! belongs to which category is decided in `core`; names for readers and colours belong to `report`.

/// What a millisecond of a shipment's life is spent on. Each belongs to exactly one category.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Category {
    /// Under way on a running vehicle or on the road.
    Moving,
    /// Being worked on: handling, papers, customs, gauge change.
    Worked,
    /// Waiting for a free server of an open resource.
    Server,
    /// Waiting for a resource or gate to open.
    Hours,
    /// Waiting for the first departure it could have made by its cut-off.
    Timetable,
    /// Waiting after the first departure that was full.
    Rolled,
    /// Held by a closure, a breakdown or a cancelled departure.
    Disruption,
    /// Inside an inspection, its queue included.
    Inspection,
    /// Aboard a vehicle that neither runs nor is worked on.
    Vehicle,
    /// Waiting for other cargo: a batch, a consolidation, a parallel part.
    Cargo,
}

/// Number of categories.
pub const N_CATEGORIES: usize = 10;

impl Category {
    /// Every category in the order of its number, `category as usize`. Results list them and figures stack them in this order.
    pub const ALL: [Self; N_CATEGORIES] = [
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

    /// Returns the stable name that metric paths use.
    pub const fn name(self) -> &'static str {
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_stand_in_the_order_of_their_numbers() {
        assert_eq!(Category::ALL.map(|category| category as usize), std::array::from_fn(|number| number));
    }
}
