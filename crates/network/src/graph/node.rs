//! Nodes of the network, and modes of transport.
//!
//! Owns: what a place is and what it is called in both languages. Does not own: its resources and
//! procedures (`core`), or the links between nodes (`network`).

use std::collections::BTreeMap;
use std::fmt;

use super::distance::Position;
use crate::civil::Zone;

/// A name in both languages of the reports.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    /// 中文.
    pub zh: String,
    /// English.
    pub en: String,
}

/// Declares an enumeration with one name in a file and one in each language of the reports.
macro_rules! labelled {
    ($type:ident: $($variant:ident $text:literal $zh:literal $en:literal),+ $(,)?) => {
        impl $type {
            /// All variants in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in a scenario and in results.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The label of reports in Chinese.
            pub const fn zh(self) -> &'static str {
                match self { $(Self::$variant => $zh),+ }
            }

            /// The label of reports in English.
            pub const fn en(self) -> &'static str {
                match self { $(Self::$variant => $en),+ }
            }

            /// Finds the variant that a scenario writes in this way.
            pub fn named(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == text)
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

/// The kind of a node. It changes nothing in a simulation; reports and maps show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NodeKind {
    /// An airport.
    Airport,
    /// A railway terminal for containers.
    RailTerminal,
    /// A port on a river.
    RiverPort,
    /// A port at sea.
    SeaPort,
    /// A border crossing.
    Border,
    /// A depot, warehouse or plant.
    Depot,
    /// A pilot free-trade zone.
    FreeZone,
    /// A comprehensive bonded zone.
    BondedZone,
    /// A market: the origin or destination of cargo.
    Market,
}

labelled!(NodeKind:
    Airport "Airport" "机场" "airport",
    RailTerminal "RailTerminal" "铁路场站" "rail terminal",
    RiverPort "RiverPort" "内河港" "river port",
    SeaPort "SeaPort" "海港" "sea port",
    Border "Border" "口岸" "border crossing",
    Depot "Depot" "堆场仓库" "depot",
    FreeZone "FreeZone" "自贸区" "free-trade zone",
    BondedZone "BondedZone" "综合保税区" "bonded zone",
    Market "Market" "市场" "market",
);

/// A mode of transport.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// By aircraft.
    Air,
    /// By train.
    Rail,
    /// By sea-going ship.
    Sea,
    /// By inland ship.
    River,
    /// By lorry.
    Road,
}

labelled!(Mode:
    Air "Air" "航空" "air",
    Rail "Rail" "铁路" "rail",
    Sea "Sea" "海运" "sea",
    River "River" "内河" "river",
    Road "Road" "公路" "road",
);

/// A set of modes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Modes(u8);

impl Modes {
    /// All modes.
    pub const ALL: Self = Self(0b1_1111);
    /// The empty set.
    pub const NONE: Self = Self(0);

    /// Adds a mode.
    #[must_use]
    pub const fn with(self, mode: Mode) -> Self {
        Self(self.0 | 1 << mode as u8)
    }

    /// Whether a mode is in the set.
    #[inline]
    pub const fn contains(self, mode: Mode) -> bool {
        self.0 & (1 << mode as u8) != 0
    }

    /// The modes of the set in the order of declaration.
    pub fn iter(self) -> impl Iterator<Item = Mode> {
        Mode::ALL.iter().copied().filter(move |mode| self.contains(*mode))
    }
}

impl FromIterator<Mode> for Modes {
    fn from_iter<Items: IntoIterator<Item = Mode>>(modes: Items) -> Self {
        modes.into_iter().fold(Self::NONE, Self::with)
    }
}

/// Written "air, rail"; "any mode" for all of them, "no mode" for none.
impl fmt::Display for Modes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.iter().map(Mode::en).collect();
        match *self {
            Self::ALL => f.pad("any mode"),
            Self::NONE => f.pad("no mode"),
            _ => f.pad(&names.join(", ")),
        }
    }
}

/// A place of the network.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The id in the scenario, such as "wujiashan".
    pub id: String,
    /// The names in reports.
    pub names: Names,
    /// The position, if a map or a distance needs one.
    pub position: Option<Position>,
    /// The time zone in which timetables and opening hours of the node are stated.
    pub zone: Zone,
    /// The kind of the node, if the scenario states one.
    pub kind: Option<NodeKind>,
    /// Codes by their list, such as "unlocode" to "CNWUH" and "iata" to "WUH".
    pub codes: BTreeMap<String, String>,
}

impl Node {
    /// A node of which only the id and the zone are known. The id is also its name.
    pub fn new(id: &str, zone: Zone) -> Self {
        let names = Names { zh: id.to_owned(), en: id.to_owned() };
        Self { id: id.to_owned(), names, position: None, zone, kind: None, codes: BTreeMap::new() }
    }
}
